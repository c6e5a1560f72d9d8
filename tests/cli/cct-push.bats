#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2314 # bats: tests are subshells, run sets these
# cct-push keeps what it takes, whatever fails.

bats_require_minimum_version 1.5.0

load store.bash

setup() {
    export CCT_HOME=$BATS_TEST_TMPDIR/home
    unset CCT_RUN
    cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
    umount "$BATS_TEST_TMPDIR/mount" 2>/dev/null || true
}

@test "records come back byte for byte, in order" {
    printf '%s\n' '{"run":"r1","a":1.50,"b":"é\u00e9"}' '{ "run" : "r1" , "x":[1, 2] }' \
        '{"run":"r1","e":{}}' >in
    run --separate-stderr cct-push <in
    [ "$status" -eq 0 ]
    [ -z "$output" ]
    [ -z "$stderr" ]
    cct-pull --run r1 | cmp - in
}

@test "the layout: sealed segment, private modes, FORMAT, crc last" {
    records 2 | cct-push
    [ "$(cat "$CCT_HOME/FORMAT")" = "cct-store 1" ]
    [ "$(stat -c %a "$CCT_HOME" "$CCT_HOME/runs" "$CCT_HOME/runs/r1" | sort -u)" = 700 ]
    [ -z "$(find "$CCT_HOME" -type f ! -perm 600)" ]
    [ "$(segments | grep -cE '/runs/r1/[A-Z2-7]{16}/0000000000\.ndjson$')" -eq 1 ]
    [ "$(grep -cE ',"crc":"[0-9a-f]{8}"\}$' "$(segments)")" -eq 2 ]
    jq -e '.schema == "cct.sample/1"' "$(segments)" >/dev/null
    [ -z "$(ls "$CCT_HOME/open")" ]
}

@test "a new home is made, with its parents" {
    records 1 | cct-push --home a/b/c
    [ "$(stat -c %a a a/b a/b/c | sort -u)" = 700 ]
    [ "$(cct-pull --home a/b/c | wc -l)" -eq 1 ]
}

@test "a home with spaces and quotes" {
    export CCT_HOME="$BATS_TEST_TMPDIR/it's a \"home\" \$(x)"
    records 3 | cct-push
    [ "$(cct-pull --run r1 | wc -l)" -eq 3 ]
}

@test "no home known: 78" {
    run env -u CCT_HOME -u XDG_STATE_HOME -u HOME cct-push </dev/null
    [ "$status" -eq 78 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *CCT_HOME* ]]
}

@test "a home that cannot be a folder: 78" {
    touch file
    run cct-push --home file/x </dev/null
    [ "$status" -eq 78 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a read-only home: 74 and one line" {
    small_mount 1m
    mount -o remount,ro mount
    run cct-push --home mount/home <<<'{"run":"r1"}'
    [ "$status" -eq 74 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == cct-push:*Read-only* ]]
}

@test "a home without permission: 77 and one line" {
    mkdir -m 555 closed
    as=(env)
    if [ "$(id -u)" -eq 0 ]; then
        as=(setpriv --bounding-set=-all --inh-caps=-all) # root like anybody
    fi
    run "${as[@]}" cct-push --home closed/home <<<'{"run":"r1"}'
    [ "$status" -eq 77 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == cct-push:*"Permission denied"* ]]
    records 1 | cct-push
    chmod 500 "$CCT_HOME/runs/r1" "$CCT_HOME/open"
    run "${as[@]}" cct-push <<<'{"run":"r1"}'
    [ "$status" -eq 77 ]
    chmod 000 "$CCT_HOME"
    run "${as[@]}" cct-pull
    [ "$status" -eq 77 ]
    chmod 700 "$CCT_HOME"
    chmod 700 "$CCT_HOME/runs/r1" "$CCT_HOME/open"
}

@test "a store of a newer format is not touched: 78" {
    mkdir -p "$CCT_HOME"
    echo "cct-store 2" >"$CCT_HOME/FORMAT"
    run cct-push <<<'{"run":"r1"}'
    [ "$status" -eq 78 ]
    [ "$(ls "$CCT_HOME")" = FORMAT ]
    run cct-pull
    [ "$status" -eq 78 ]
}

@test "hostile run names stay inside the home" {
    long=$(printf 'x%.0s' $(seq 300))
    printf '%s\n' '{"run":"../x"}' '{"run":""}' '{"run":"a/b"}' '{"run":"a\nb"}' '{"run":"."}' \
        '{"run":".."}' '{"run":"-rf"}' '{"run":"a%2Fb"}' '{"run":"~"}' "{\"run\":\"$long\"}" \
        "{\"run\":\"${long}y\"}" '{"run":"$(touch owned)"}' >in
    mkdir inside
    cct-push --home inside/home <in
    [ "$(ls inside)" = home ]
    [ "$(ls inside/home)" = $'FORMAT\nopen\nruns' ]
    [ "$(find inside/home/runs -mindepth 1 -maxdepth 1 | wc -l)" -eq 12 ]
    [ "$(find inside/home/runs -mindepth 1 -maxdepth 1 -printf '%f\n' | LC_ALL=C grep -c '^[A-Za-z0-9%][A-Za-z0-9._%~-]*$')" -eq 12 ]
    for name in ../x a/b . .. -rf 'a%2Fb' '~' "$long" "${long}y" '$(touch owned)'; do
        [ "$(cct-pull --home inside/home --run="$name" | wc -l)" -eq 1 ]
    done
    cct-pull --home inside/home | sort >out
    sort in | cmp - out
}

@test "one run spelt in two ways is one run" {
    printf '%s\n' '{"run":"ab"}' '{"run":"\u0061b"}' '{"run":"ab"}' >in
    cct-push <in
    [ "$(segments | wc -l)" -eq 1 ]
    cct-pull --run ab | cmp - in
}

@test "--run goes into records that have none, and only those" {
    printf '%s\n' '{"a":1}' '{}' '{"run":"r2"}' '{"run":null}' | cct-push --run 'q"1'
    [ "$(cct-pull --run 'q"1')" = $'{"a":1,"run":"q\\"1"}\n{"run":"q\\"1"}' ]
    [ "$(cct-pull --run r2)" = '{"run":"r2"}' ]
    [ "$(cct-pull | tail -n 1)" = '{"run":null}' ]
}

@test "records without a run are kept apart" {
    unset CCT_RUN
    printf '%s\n' '{"a":1}' '{"run":5}' | cct-push
    [ "$(ls "$CCT_HOME")" = $'FORMAT\nnorun\nopen' ]
    [ "$(cct-pull)" = $'{"a":1}\n{"run":5}' ]
}

@test "somebody else's schema and a record with its own crc are kept" {
    printf '%s\n' '{"schema":"acme.thing/7","run":"r1","x":[{}]}' '{"run":"r1","crc":"mine"}' \
        '{"crc":"00000000","run":"r1"}' >in
    cct-push <in
    cct-pull --run r1 | cmp - in
}

@test "stored lines pushed again are the same records" {
    records 3 >in
    cct-push <in
    cct-push --home second "$(segments)"
    cct-pull --home second | cmp - in
    cmp "$(segments)" "$(find second -name '*.ndjson')"
}

@test "bad lines are reported, counted and skipped: 65" {
    {
        records 1
        echo 'no json'
        printf '{"run":"r1","a":"\000"}\n'
        head -c 2097152 /dev/zero | tr '\0' x
        echo
        printf '\377\n'
        records 1 r1 2
    } >in
    run --separate-stderr cct-push <in
    [ "$status" -eq 65 ]
    [ "${#stderr_lines[@]}" -eq 5 ]
    [[ ${stderr_lines[0]} == *"line 2"* ]]
    [[ ${stderr_lines[2]} == *"line 4"* ]]
    [ "$(cct-pull --run r1 | jq .n)" = $'1\n2' ]
    run cct-push --strict <in
    [ "$status" -eq 65 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a line of one mebibyte is kept" {
    {
        printf '{"run":"r1","a":"'
        head -c $((1048576 - 19)) /dev/zero | tr '\0' x
        echo '"}'
    } >in
    [ "$(head -n 1 in | wc -c)" -eq $((1048576 + 1)) ]
    cct-push <in
    cct-pull --run r1 | cmp - in
}

@test "the last line without a newline is kept" {
    printf '{"run":"r1","n":1}\n{"run":"r1","n":2}' | cct-push
    [ "$(cct-pull --run r1 | wc -l)" -eq 2 ]
}

@test "several files, and one that is not there: 66" {
    records 1 >a
    records 1 r1 2 >b
    cct-push a b - < <(records 1 r1 3)
    [ "$(cct-pull --run r1 | jq .n | paste -sd' ')" = "1 2 3" ]
    run cct-push nothing
    [ "$status" -eq 66 ]
}

@test "a record is in the file as soon as it was read" {
    mkfifo fifo
    cct-push <fifo &
    exec 7>fifo
    records 1 >&7
    until_true open_lines_are 1
    printf '{"run":"r1","half' >&7
    records 0 >&7
    [ "$(cct-pull --run r1 | wc -l)" -eq 1 ]
    printf '":1}\n' >&7
    until_true open_lines_are 2
    exec 7>&-
    wait $!
    open_lines_are 0
}

@test "two pushers on one run: two writers, nothing lost" {
    fast_records 20000 >a
    fast_records 20000 | sed 's/W-/X-/' >b
    cct-push <a &
    first=$!
    cct-push <b
    wait "$first"
    [ "$(find "$CCT_HOME/runs/r1" -mindepth 1 -maxdepth 1 | wc -l)" -eq 2 ]
    cct-pull --run r1 | sort | cmp - <(sort a b)
}

@test "a living writer's segment is left alone" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    records 2 >&7
    until_true open_lines_are 2
    cct-push </dev/null
    open_lines_are 2
    records 1 r1 3 >&7
    exec 7>&-
    wait "$pid"
    [ "$(cct-pull --run r1 | wc -l)" -eq 3 ]
}

@test "more runs in one stream than descriptors" {
    for round in 1 2; do
        for i in $(seq 40); do echo "{\"run\":\"r$i\",\"round\":$round}"; done
    done >in
    (ulimit -n 44 && cct-push <in)
    [ "$(find "$CCT_HOME/runs" -mindepth 1 -maxdepth 1 | wc -l)" -eq 40 ]
    [ "$(cct-pull --run r7 | jq .round | paste -sd' ')" = "1 2" ]
    cct-pull | sort | cmp - <(sort in)
    open_lines_are 0
}

@test "a segment is sealed at 16 MiB" {
    fast_records 250000 >in
    cct-push <in
    [ "$(segments | wc -l)" -eq 2 ]
    [ "$(stat -c %s "$(segments | head -n 1)")" -ge 16777216 ]
    [ "$(stat -c %s "$(segments | head -n 1)")" -lt 18000000 ]
    cct-pull --run r1 | cmp - in
}

@test "SIGTERM: what is in the pipe is kept, then sealed" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    records 2 >&7
    until_true open_lines_are 2
    kill -TERM "$pid"
    records 1 r1 3 >&7
    exec 7>&-
    wait "$pid"
    open_lines_are 0
    [ "$(cct-pull --run r1 | wc -l)" -eq 3 ]
}

@test "SIGTERM with an input that is silent but open ends it, too" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    records 1 >&7
    until_true open_lines_are 1
    kill -TERM "$pid"
    wait "$pid"
    exec 7>&-
    open_lines_are 0
}

@test "SIGTERM twice ends at once, with an input that stays open" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    records 1 >&7
    until_true open_lines_are 1
    kill -TERM "$pid"
    sleep 0.1
    kill -TERM "$pid"
    wait "$pid"
    exec 7>&-
    open_lines_are 0
}

@test "--schema, --help and a wrong option" {
    [ -z "$(cct-push --schema)" ]
    cct-push --help | grep -q -- --run
    run cct-push --nonsense
    [ "$status" -eq 64 ]
}

@test "closed standard descriptors never become a segment" {
    fast_records 100 >in
    echo bad >>in
    run sh -c 'cct-push <in 2>&-'
    [ "$status" -eq 65 ]
    cct-pull --run r1 | cmp - <(head -n 100 in)
    run sh -c 'cct-push <&-'
    [ "$status" -ne 0 ]
    run sh -c 'cct-pull --run r1 >&-'
    [ "$status" -eq 74 ]
}
