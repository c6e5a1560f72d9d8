#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2314 # bats: tests are subshells, run sets these
# cct-pull gives back what cct-push kept, and says what it cannot.

bats_require_minimum_version 1.5.0

load store.bash
load sanitized.bash

setup() {
    export CCT_HOME=$BATS_TEST_TMPDIR/home
    unset CCT_RUN
    cd "$BATS_TEST_TMPDIR" || return
}

# record SECOND RUN N [KIND]
record() {
    printf '{"schema":"cct.%s/1","ts":"2026-11-24T06:00:%02d.000Z","run":"%s","n":%s}\n' \
        "${4:-sample}" "$1" "$2" "$3"
}

numbers() {
    jq -r .n | paste -sd' '
}

lines_are() {
    [ "$(wc -l <"$1")" -eq "$2" ]
}

@test "writers of a run are merged by time, each keeping its own order" {
    {
        record 1 r1 1
        record 4 r1 4
        record 3 r1 5 # a clock that was set back
        record 6 r1 6
    } | cct-push
    {
        record 2 r1 2
        echo '{"run":"r1","n":2.5}' # no time: behind the record before it
        record 5 r1 5.5
    } | cct-push
    [ "$(cct-pull --run r1 | numbers)" = "1 2 2.5 4 5 5.5 6" ]
}

@test "equal times keep one order, again and again" {
    for i in 1 2 3 4 5; do record 1 r1 "$i" | cct-push; done
    first=$(cct-pull --run r1)
    [ "$(wc -l <<<"$first")" -eq 5 ]
    [ "$(cct-pull --run r1)" = "$first" ]
}

@test "many writers, many records: all of them, in time" {
    for w in 1 2 3 4 5 6 7; do
        for i in $(seq "$w" 7 59); do record "$i" r1 "$i"; done | cct-push
    done
    [ "$(cct-pull --run r1 | numbers)" = "$(seq 1 59 | paste -sd' ')" ]
}

@test "--run, more than one, and all without it" {
    for r in b a c; do record 1 "$r" 1; done | cct-push
    echo '{"n":9}' | cct-push
    [ "$(cct-pull --run c --run a --run c | jq -r .run | paste -sd' ')" = "c a" ]
    [ "$(cct-pull | jq -r .run | paste -sd' ')" = "a b c null" ]
}

@test "an unknown run: 1, and the near ones" {
    for r in train-1 train-2 other; do record 1 "$r" 1; done | cct-push
    run cct-pull --run train-3
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "cct-pull: no such run: train-3;"*train-1*train-2*other ]]
    run cct-pull --run $'a\nb'
    [ "$status" -eq 1 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "no store at all: 66, an asked run: 1" {
    run cct-pull
    [ "$status" -eq 66 ]
    [ "${#lines[@]}" -eq 1 ]
    run cct-pull --run r1
    [ "$status" -eq 1 ]
    [ ! -e "$CCT_HOME" ]
    run env -u CCT_HOME -u XDG_STATE_HOME -u HOME cct-pull
    [ "$status" -eq 78 ]
}

@test "an empty store gives nothing" {
    cct-push </dev/null
    run cct-pull
    [ "$status" -eq 0 ]
    [ -z "$output" ]
}

@test "--kind takes sample, cct.sample, cct.sample/1 and foreign schemas" {
    {
        record 1 r1 1
        record 2 r1 2 run
        record 3 r1 3 samples
        echo '{"schema":"cct.sample/2","run":"r1","n":4}'
        echo '{"schema":"acme.x/1","run":"r1","n":5}'
        echo '{"run":"r1","n":6}'
    } | cct-push
    [ "$(cct-pull --kind sample | numbers)" = "1 4" ]
    [ "$(cct-pull --kind cct.sample | numbers)" = "1 4" ]
    [ "$(cct-pull --kind cct.sample/1 | numbers)" = "1" ]
    [ "$(cct-pull --kind sample/2 --kind run | numbers)" = "2" ]
    [ "$(cct-pull --kind acme.x | numbers)" = "5" ]
    [ -z "$(cct-pull --kind nothing)" ]
}

@test "--since is inclusive, --until is not" {
    {
        for i in 1 2 3 4; do record "$i" r1 "$i"; done
        echo '{"run":"r1","n":5}'
    } | cct-push
    [ "$(cct-pull --since 2026-11-24T06:00:02Z | numbers)" = "2 3 4" ]
    [ "$(cct-pull --until 2026-11-24T15:00:03+09:00 | numbers)" = "1 2" ]
    [ "$(cct-pull --since 2026-11-24T06:00:02Z --until 2026-11-24T06:00:03Z | numbers)" = "2" ]
    [ "$(cct-pull --until now --now 2026-11-24T06:00:02Z | numbers)" = "1" ]
    run cct-pull --since yesterday
    [ "$status" -eq 64 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a flipped bit: that line is named and left out, the rest comes, 65" {
    for i in 1 2 3 4; do record "$i" r1 "$i"; done | cct-push
    sed -i '3s/"n":3/"n":7/' "$(segments)"
    run --separate-stderr cct-pull --run r1
    [ "$status" -eq 65 ]
    [ "$(numbers <<<"$output")" = "1 2 4" ]
    [ "${#stderr_lines[@]}" -eq 1 ]
    [[ $stderr == *runs/r1/*/0000000000.ndjson:\ line\ 3:* ]]
    run cct-pull --strict --run r1
    [ "$status" -eq 65 ]
    [ "$(grep -c '^{' <<<"$output")" -eq 2 ]
}

@test "a segment of zeros, one cut off, a line too long to be one" {
    for i in 1 2; do record "$i" r1 "$i"; done | cct-push
    one=$(segments)
    head -c 5000 /dev/zero >"$(dirname "$one")/0000000001.ndjson"
    head -c 30 "$one" >"$(dirname "$one")/0000000002.ndjson"
    {
        head -c 5000000 /dev/zero | tr '\0' x
        echo
        cat "$one"
    } >"$(dirname "$one")/0000000003.ndjson"
    run --separate-stderr cct-pull --run r1
    [ "$status" -eq 65 ]
    [ "$(numbers <<<"$output")" = "1 2 1 2" ]
    [ "${#stderr_lines[@]}" -eq 4 ]
    [[ ${stderr_lines[2]} == *0000000003.ndjson:\ line\ 1:*long* ]]
}

@test "a folder or a fifo where a segment should be" {
    record 1 r1 1 | cct-push
    mkfifo "$(dirname "$(segments)")/0000000001.ndjson"
    mkdir -p "$CCT_HOME/runs/r1/checkpoint" "$CCT_HOME/runs/.hidden"
    touch "$CCT_HOME/runs/r1/progress.ndjson" "$CCT_HOME/runs/r1/AAAAAAAAAAAAAAAA"
    run --separate-stderr timeout 5 cct-pull --run r1
    [ "$status" -eq 0 ]
    [ "$(numbers <<<"$output")" = 1 ]
}

@test "the unfinished line of a living writer is no error" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    record 1 r1 1 >&7
    until_true cct-pull --run r1
    printf '{"half' >>"$(segments)"
    run --separate-stderr cct-pull --run r1
    [ "$status" -eq 0 ]
    [ -z "$stderr" ]
    [ "$(numbers <<<"$output")" = 1 ]
    exec 7>&-
    wait "$pid"
}

@test "a closed pipe ends it quietly" {
    awk 'BEGIN { for (i = 0; i < 100000; i++) print "{\"run\":\"r1\",\"n\":" i "}" }' | cct-push
    set +o pipefail
    cct-pull --run r1 2>err | head -n 1 >out
    [ "${PIPESTATUS[0]}" -eq 141 ]
    [ ! -s err ]
    lines_are out 1
}

@test "/dev/full: 74 and one line" {
    record 1 r1 1 | cct-push
    run sh -c 'cct-pull --run r1 >/dev/full'
    [ "$status" -eq 74 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a read-only store can be read" {
    record 1 r1 1 | cct-push
    chmod -R a-w "$CCT_HOME"
    as=(env)
    [ "$(id -u)" -ne 0 ] || as=(setpriv --bounding-set=-all --inh-caps=-all)
    [ "$("${as[@]}" cct-pull --run r1 | numbers)" = 1 ]
    chmod -R u+w "$CCT_HOME"
}

@test "--follow: new lines, segments, writers; SIGTERM ends it with 0" {
    record 1 r1 1 | cct-push
    cct-pull --follow --run r1 >out 2>err &
    pid=$!
    until_true lines_are out 1
    mkfifo fifo
    cct-push <fifo &
    push=$!
    exec 7>fifo
    record 2 r1 2 >&7
    until_true lines_are out 2
    record 3 r1 3 >&7
    until_true lines_are out 3
    record 4 r2 4 >&7 # another run
    record 5 r1 5 >&7
    exec 7>&-
    wait "$push"
    until_true lines_are out 4
    record 6 r1 6 | cct-push
    until_true lines_are out 5
    kill -TERM "$pid"
    wait "$pid"
    [ "$(numbers <out)" = "1 2 3 5 6" ]
    [ ! -s err ]
}

@test "--follow of everything, from before the store is there" {
    cct-pull --follow >out 2>err &
    pid=$!
    sleep 0.3
    record 1 r1 1 | cct-push
    until_true lines_are out 1
    record 2 r2 2 | cct-push
    echo '{"n":3}' | cct-push
    until_true lines_are out 3
    kill -TERM "$pid"
    wait "$pid"
}

@test "--follow of a run that is not there yet says so and waits" {
    record 1 r1 1 | cct-push
    cct-pull --follow --run r2 >out 2>err &
    pid=$!
    until_true test -s err
    record 2 r2 2 | cct-push
    until_true lines_are out 1
    kill -INT "$pid" || true
    kill -TERM "$pid" || true
    wait "$pid"
    grep -q "no such run: r2.*waiting" err
}

@test "--follow without inotify" {
    can_inject
    record 1 r1 1 | cct-push
    strace -D -o trace -e trace=inotify_init1 -e inject=inotify_init1:error=EMFILE cct-pull --follow --run r1 >out &
    pid=$!
    until_true lines_are out 1
    record 2 r1 2 | cct-push
    until_true lines_are out 2
    kill -TERM "$pid"
    wait "$pid"
    grep -q INJECTED trace
}

@test "--follow ends when its reader is gone" {
    record 1 r1 1 | cct-push
    timeout 5 sh -c 'cct-pull --follow --run r1 | head -n 1' >out
    lines_are out 1
}

@test "flat memory over a long run" {
    if sanitized; then skip "a sanitizer wants its own memory"; fi
    awk 'BEGIN { for (i = 0; i < 300000; i++)
        print "{\"schema\":\"cct.sample/1\",\"ts\":\"2026-11-24T06:00:00.000Z\",\"run\":\"r1\",\"x\":\"0123456789012345678901234567890123456789\",\"n\":" i "}" }' >in
    cct-push <in
    sh -c 'ulimit -v 20000; cct-pull --kind sample --run r1' | cmp - in
}

@test "--schema, --help and a wrong option" {
    [ -z "$(cct-pull --schema)" ]
    cct-pull --help | grep -q -- --follow
    run cct-pull --nonsense
    [ "$status" -eq 64 ]
}

@test "a thousand writers in one run" {
    limits="ulimit -v 30000; ulimit -n 30"
    if sanitized; then limits="ulimit -n 30"; fi
    record 1 r1 1 | cct-push
    one=$(dirname "$(segments)")
    for i in $(seq 999); do cp -r "$one" "$(printf '%s/%016d' "$(dirname "$one")" "$i")"; done
    sh -c "$limits; cct-pull --run r1" >out
    lines_are out 1000
}

@test "every system call fails once: all is given, or it is said" {
    can_inject
    for i in 1 2 3; do record "$i" r1 "$i" | cct-push; done
    record 4 r2 4 | cct-push
    cct-pull >in
    strace -o trace cct-pull >out
    failed=0
    while read -r call n; do
        status=0
        strace -o once -e inject="$call":error=EIO:when="$n" cct-pull >out 2>err || status=$?
        sed -n '/FORMAT/,$p' once | grep -q INJECTED || continue
        failed=$((failed + 1))
        if [ "$status" -eq 0 ]; then
            cmp out in
        else
            [ "$status" -eq 74 ]
            [ "$(wc -l <err)" -eq 1 ]
        fi
    done < <(calls_of trace)
    [ "$failed" -gt 20 ]
}

@test "records without a time come in the order of the writers' births" {
    for k in 1 2 3 4 5 6; do echo "{\"run\":\"p\",\"n\":$k}" | cct-push; done
    [ "$(stat -c %W "$CCT_HOME"/runs/p/* | sort -u)" != 0 ] || skip 'this file system tells no birth times'
    [ "$(cct-pull --run p | jq -c .n | tr '\n' ' ')" = '1 2 3 4 5 6 ' ]
}
