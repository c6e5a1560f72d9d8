# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the tests of the store share.

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

# calls_of TRACE: each system call from the first look at the store on, as "name number"
calls_of() {
    awk -F'(' '/^[a-z0-9_]+\(/ {
        n[$1]++
        if (/FORMAT/) on = 1
        if (on && $1 !~ /^(close|exit_group|brk|mmap|munmap)$/) print $1, n[$1]
    }' "$1"
}
