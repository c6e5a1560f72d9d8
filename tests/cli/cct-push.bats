#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2314 # bats: tests are subshells, run sets these
# cct-push keeps what it takes, whatever fails.

bats_require_minimum_version 1.5.0

setup() {
    export CCT_HOME=$BATS_TEST_TMPDIR/home
    unset CCT_RUN
    cd "$BATS_TEST_TMPDIR" || return
}

teardown() {
    umount "$BATS_TEST_TMPDIR/mount" 2>/dev/null || true
}

# records COUNT [RUN] [FROM]
records() {
    seq "${3:-1}" $((${3:-1} + $1 - 1)) | while read -r i; do
        printf '{"schema":"cct.sample/1","id":"W-%06d","ts":"2026-11-24T06:00:%02d.000Z","run":"%s","n":%d}\n' \
            "$i" $((i % 60)) "${2:-r1}" "$i"
    done
}

fast_records() {
    awk -v n="$1" -v run="${2:-r1}" 'BEGIN { for (i = 1; i <= n; i++)
        printf "{\"schema\":\"cct.sample/1\",\"id\":\"W-%06d\",\"run\":\"%s\",\"n\":%d}\n", i, run, i }'
}

segments() {
    find "$CCT_HOME" -name '*.ndjson*' | sort
}

small_mount() {
    mkdir -p mount
    mount -t tmpfs -o "size=$1" tmpfs mount 2>/dev/null || skip "cannot mount a small tmpfs here"
}

can_inject() {
    strace -e inject=getpid:error=EIO true 2>/dev/null || skip "strace cannot inject faults here"
    export ASAN_OPTIONS=detect_leaks=0 # it does not work under strace
}

# until_true COMMAND...: for at most five seconds
until_true() {
    for _ in $(seq 100); do
        if "$@"; then return 0; fi
        sleep 0.05
    done
    return 1
}

open_lines_are() {
    [ "$(cat "$CCT_HOME"/runs/r1/*/*.open 2>/dev/null | wc -l)" -eq "$1" ]
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

@test "killed in mid-stream: every acknowledged line is there, and the next one seals it" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    fast_records 500 >&7
    until_true open_lines_are 500
    kill -9 "$pid"
    wait "$pid" || true
    exec 7>&-
    [ "$(cct-pull --run r1 | wc -l)" -eq 500 ]
    [ "$(find "$CCT_HOME/open" -type f | wc -l)" -eq 1 ]
    records 1 r1 501 | cct-push
    [ -z "$(ls "$CCT_HOME/open")" ]
    open_lines_are 0
    [ "$(cct-pull --run r1 | jq .n | sort -n)" = "$(seq 501)" ]
}

@test "a torn tail goes to quarantine, the rest is kept" {
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    records 3 >&7
    until_true open_lines_are 3
    kill -9 "$pid"
    wait "$pid" || true
    exec 7>&-
    printf '{"schema":"cct.sample/1","half' >>"$(segments)"
    [ "$(cct-pull --run r1 | wc -l)" -eq 3 ]
    run cct-push </dev/null
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"30 bytes"*quarantine/* ]]
    [ "$(cat "$CCT_HOME"/quarantine/*)" = '{"schema":"cct.sample/1","half' ]
    cct-pull --run r1 >out
    [ "$(wc -l <out)" -eq 3 ]
    [[ $(segments) == *.ndjson ]]
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

@test "a full disk: one warning, the input is drained, 74 with the count" {
    small_mount 64k
    fast_records 100000 >in
    run --separate-stderr cct-push --home "mount/home" <in
    [ "$status" -eq 74 ]
    [ "${#stderr_lines[@]}" -eq 2 ]
    [[ ${stderr_lines[0]} == *"No space left"* ]]
    [[ ${stderr_lines[1]} =~ ([0-9]+)\ of\ 100000\ records\ lost ]]
    kept=$((100000 - BASH_REMATCH[1]))
    [ "$kept" -gt 300 ]
    cct-pull --home mount/home >out
    [ "$(wc -l <out)" -eq "$kept" ]
    head -n "$kept" in | cmp - out
}

@test "a full disk that gets room again loses nothing" {
    small_mount 64k
    fast_records 1000 >in
    mkfifo fifo
    cct-push --home mount/home <fifo 2>err &
    pid=$!
    exec 7>fifo
    cat in >&7
    until_true grep -q "No space" err
    mount -o remount,size=1m mount
    exec 7>&-
    wait "$pid"
    [ "$(wc -l <err)" -eq 1 ]
    cct-pull --home mount/home | cmp - in
}

@test "a full disk where the half line cannot be cut off again: it is set aside later" {
    can_inject
    small_mount 64k
    fast_records 1000 >in
    run --separate-stderr strace -o trace -e trace=ftruncate -e inject=ftruncate:error=EIO \
        cct-push --home mount/home <in
    [ "$status" -eq 74 ]
    grep -q INJECTED trace
    [[ $stderr =~ ([0-9]+)\ of\ 1000\ records\ lost ]]
    kept=$((1000 - BASH_REMATCH[1]))
    cct-pull --home mount/home >out
    head -n "$kept" in | cmp - out
    mount -o remount,size=1m mount
    cct-push --home mount/home </dev/null
    cct-pull --home mount/home | cmp - out
    [ "$(find mount/home/quarantine -type f | wc -l)" -eq 1 ]
    [ -z "$(find mount/home -name '*.open')" ]
}

@test "a limit of the file size: more segments, nothing lost" {
    fast_records 3000 >in
    prlimit --fsize=50000 cct-push <in
    [ "$(segments | wc -l)" -ge 4 ]
    open_lines_are 0
    cct-pull --run r1 | cmp - in
    run prlimit --fsize=30 cct-push --home tiny <in
    [ "$status" -eq 74 ]
    [[ ${lines[-1]} == *"3000 of 3000 records lost"* ]]
}

@test "a disk that is full from the start does not stop the input" {
    small_mount 4k
    head -c 4096 /dev/zero >mount/ballast || true
    fast_records 1000 | {
        status=0
        cct-push --home mount/home 2>err || status=$?
        [ "$status" -eq 74 ]
    }
    grep -q "1000 of 1000 records lost" err
}

@test "a write of the segment fails: no half line, nothing lost" {
    can_inject
    fast_records 3000 >in
    for n in 3 4; do # the first two are FORMAT and open/WRITER
        rm -rf "$CCT_HOME"
        mkfifo fifo
        strace -o trace -e trace=write -e inject=write:error=ENOSPC:when="$n" cct-push <fifo 2>err &
        pid=$!
        exec 7>fifo
        cat in >&7
        until_true grep -q "No space" err
        exec 7>&-
        wait "$pid"
        grep -q '{.*INJECTED' trace
        cct-pull --run r1 | cmp - in
        rm fifo
    done
}

@test "fdatasync fails once: the segment is left at what is known, the lines are written again" {
    can_inject
    fast_records 100 >in
    strace -o trace -e trace=fdatasync -e inject=fdatasync:error=EIO:when=1 cct-push <in
    grep -q INJECTED trace
    cct-pull --run r1 | cmp - in
    [ "$(segments | grep -c '/0000000001\.ndjson$')" -eq 1 ]
}

@test "fdatasync always fails: 74, and nothing that was written is thrown away" {
    can_inject
    fast_records 100 >in
    run --separate-stderr strace -o trace -e trace=fdatasync -e inject=fdatasync:error=EIO cct-push <in
    [ "$status" -eq 74 ]
    [[ $stderr == *"Input/output error"* ]]
    cct-pull --run r1 | sort -u | cmp - <(sort in)
}

@test "a rename that fails leaves the segment readable; the next push seals it" {
    can_inject
    fast_records 100 >in
    run --separate-stderr strace -o trace -e trace=renameat -e inject=renameat:error=EIO:when=2+ cct-push <in
    [ "$status" -eq 74 ]
    grep -q INJECTED trace
    cct-pull --run r1 | cmp - in
    open_lines_are 100
    cct-push </dev/null
    open_lines_are 0
    cct-pull --run r1 | cmp - in
}

@test "killed at every system call: the store is sound and holds a prefix" {
    can_inject
    records 3 >in
    strace -o trace cct-push --home count <in
    calls=$(sed -n '/sysinfo\|getrandom\|FORMAT/,$p' trace | sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' | sort -u)
    killed=0
    for call in $calls; do
        for n in $(seq "$(grep -c "^$call(" trace)"); do
            rm -rf "$CCT_HOME"
            strace -o /dev/null -e inject="$call":signal=SIGKILL:when="$n" cct-push <in 2>/dev/null &&
                continue
            killed=$((killed + 1))
            cct-push </dev/null
            cct-pull >out
            head -n "$(wc -l <out)" in | cmp - out
            [ -z "$(find "$CCT_HOME" -name '*.open' -o -name '*.tmp')" ]
            [ -z "$(ls "$CCT_HOME/open")" ]
        done
    done
    [ "$killed" -gt 40 ]
}

@test "recovery killed at every system call: the next one ends it" {
    can_inject
    records 3 >in
    mkfifo fifo
    cct-push <fifo &
    pid=$!
    exec 7>fifo
    cat in >&7
    until_true open_lines_are 3
    kill -9 "$pid"
    wait "$pid" || true
    exec 7>&-
    printf '{"torn' >>"$(segments)"
    cp -r "$CCT_HOME" dead
    strace -o trace cct-push </dev/null
    calls=$(sed -n '/FORMAT/,$p' trace | sed -n 's/^\([a-z0-9_]*\)(.*/\1/p' | sort -u)
    killed=0
    for call in $calls; do
        for n in $(seq "$(grep -c "^$call(" trace)"); do
            rm -rf "$CCT_HOME"
            cp -r dead "$CCT_HOME"
            strace -o /dev/null -e inject="$call":signal=SIGKILL:when="$n" cct-push </dev/null 2>/dev/null &&
                continue
            killed=$((killed + 1))
            cct-pull --run r1 | cmp - in
            cct-push </dev/null
            cct-pull --run r1 | cmp - in
            open_lines_are 0
            [ "$(sort -u "$CCT_HOME"/quarantine/*)" = '{"torn' ]
        done
    done
    [ "$killed" -gt 40 ]
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
