# SPDX-License-Identifier: Apache-2.0

bats_require_minimum_version 1.5.0

setup() {
    cd "$BATS_TEST_TMPDIR"
    unset CCT_RUN
}

field() { jq -c "$1" <<<"$output"; }

@test "start holds the words of the command, the folder and the commit" {
    run --separate-stderr cct-event start --run r-1 --host h --now 2026-01-02T03:04:05.678Z --git abc123 -- python3 'a b.py' --status 9
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(field .schema)" = '"cct.run/1"' ]
    [ "$(field .event)" = '"start"' ]
    [ "$(field .command)" = '["python3","a b.py","--status","9"]' ]
    [ "$(field .ts)" = '"2026-01-02T03:04:05.678Z"' ]
    [ "$(field '[.run,.host,.git]')" = '["r-1","h","abc123"]' ]
    [ "$(field .cwd)" = "\"$PWD\"" ]
    [ "$(field .exit_status)" = null ]
    [[ $(field .id) =~ ^\"[A-Z2-7]{16}-[0-9]{11}\"$ ]]
}

@test "schema is the first member, and one record is one line" {
    run cct-event start -- $'a\nb'
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == '{"schema":"cct.run/1",'* ]]
    [ "$(field .command)" = '["a\nb"]' ]
}

@test "end holds the status and the signal by its name" {
    run cct-event end --status 143 --signal 15
    [ "$(field '[.event,.exit_status,.signal]')" = '["end",143,"SIGTERM"]' ]
    run cct-event --signal SIGKILL end
    [ "$(field .signal)" = '"SIGKILL"' ]
    run cct-event --signal USR1 --status 0 segment
    [ "$(field '[.event,.exit_status,.signal]')" = '["segment",0,"SIGUSR1"]' ]
    run cct-event --signal 40 end
    [ "$(field .signal)" = '"40"' ]
}

@test "the run comes from CCT_RUN when not given" {
    CCT_RUN=from-env run cct-event start
    [ "$(field .run)" = '"from-env"' ]
    run cct-event start
    [ "$(field 'has("run")')" = false ]
}

@test "words that are not UTF-8 become valid JSON" {
    run cct-event start -- $'\xff\xfe' $'ok \xc3\xa9' $'\x01"\\' ''
    [ "$status" -eq 0 ]
    [ "$(field '.command[0]')" = '"��"' ]
    [ "$(field '.command[1:]')" = '["ok é","\u0001\"\\",""]' ]
}

@test "a folder that is gone is an absent cwd" {
    mkdir gone
    cd gone
    rmdir ../gone
    run cct-event start
    [ "$status" -eq 0 ]
    [ "$(field 'has("cwd")')" = false ]
}

@test "two records have two identities" {
    [ "$(cct-event start | jq .id)" != "$(cct-event start | jq .id)" ]
}

@test "wrong uses are 64 and one line that says why" {
    for words in '' stop 'start end' 'end --status 256' 'end --status -1' 'end --status x' 'end --signal FOO' \
        'end --signal 0' 'end --signal 65' 'end --nothing'; do
        # shellcheck disable=SC2086
        run --separate-stderr cct-event $words
        [ "$status" -eq 64 ] || { echo "$words: $status" && false; }
        [ -z "$output" ]
        [[ $stderr == 'cct-event: '* ]]
    done
}

@test "a full disk is noticed: /dev/full is 74" {
    run --separate-stderr bash -c 'cct-event start >/dev/full'
    [ "$status" -eq 74 ]
    [[ $stderr == 'cct-event: '*'No space left'* ]]
}

@test "a reader that is gone ends it quietly" {
    run --separate-stderr bash -c 'cct-event start | true; echo "${PIPESTATUS[0]}"'
    [[ $output == 0 || $output == 141 ]]
    [ -z "$stderr" ]
}

@test "--schema, --help, --version" {
    run cct-event --schema
    [ "$status" -eq 0 ]
    jq -es 'all(.kind == "cct.run/1") and any(.key == "command")' <<<"$output"
    run cct-event --help
    [ "$status" -eq 0 ]
    run cct-event --version
    [[ $output == 'cct-event '[0-9]* ]]
}

@test "the same bytes in a locale with a decimal comma" {
    args=(end --now 2026-01-02T03:04:05.678Z --host h --status 1)
    [ "$(LC_ALL=de_DE.UTF-8 cct-event "${args[@]}" | jq -c 'del(.id)')" = "$(LC_ALL=C cct-event "${args[@]}" | jq -c 'del(.id)')" ]
}
