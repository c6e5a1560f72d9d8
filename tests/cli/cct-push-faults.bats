#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2016,SC2030,SC2031,SC2154,SC2314 # bats: tests are subshells, run sets these
# cct-push on a disk that is full or fails, and killed anywhere: no record is lost unsaid.

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
    killed=0
    while read -r call n; do
        rm -rf "$CCT_HOME"
        strace -o /dev/null -e inject="$call":signal=SIGKILL:when="$n" cct-push <in 2>/dev/null &&
            continue
        killed=$((killed + 1))
        cct-push </dev/null
        cct-pull >out
        head -n "$(wc -l <out)" in | cmp - out
        [ -z "$(find "$CCT_HOME" -name '*.open' -o -name '*.tmp')" ]
        [ -z "$(ls "$CCT_HOME/open")" ]
    done < <(calls_of trace)
    [ "$killed" -gt 40 ]
}

@test "recovery killed, or failing, at every system call: the next one ends it" {
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
    count=0
    for fault in signal=SIGKILL error=EIO; do
        while read -r call n; do
            rm -rf "$CCT_HOME"
            cp -r dead "$CCT_HOME"
            strace -o once -e inject="$call:$fault:when=$n" cct-push </dev/null 2>/dev/null || true
            sed -n '/FORMAT/,$p' once | grep -qE 'INJECTED|killed by' || continue
            count=$((count + 1))
            cct-pull --run r1 | cmp - in
            cct-push </dev/null
            cct-pull --run r1 | cmp - in
            open_lines_are 0
            [ "$(sort -u "$CCT_HOME"/quarantine/*)" = '{"torn' ]
        done < <(calls_of trace)
    done
    [ "$count" -gt 80 ]
}

@test "every system call fails once: all is kept, or it is said" {
    can_inject
    records 3 >in
    strace -o trace cct-push --home count <in
    failed=0
    while read -r call n; do
        rm -rf "$CCT_HOME"
        status=0
        strace -o once -e inject="$call":error=EIO:when="$n" cct-push <in 2>err || status=$?
        sed -n '/FORMAT/,$p' once | grep -q INJECTED || continue
        failed=$((failed + 1))
        cct-push </dev/null
        cct-pull >out
        [ -z "$(find "$CCT_HOME" -name '*.open' -o -name '*.tmp')" ]
        if [ "$status" -eq 0 ]; then
            cmp out in
        else
            [ "$status" -eq 74 ]
            [ -s err ]
            [ -z "$(comm -13 <(sort in) <(sort -u out))" ]
        fi
    done < <(calls_of trace)
    [ "$failed" -gt 30 ]
}
