#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Keeping records and giving them back, beside what only copies the same bytes in the same run:
# tee into a file with a sync at the end, and cat of the segment files.
#   store.sh [COUNT]
# Ends with 1 when cct-push takes less than 150 000 records a second, or memory grows with the run.
set -euo pipefail

count=${1:-1000000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# measure INPUT COMMAND...: wall seconds, processor seconds, peak KiB
measure() {
    local input=$1
    shift
    /usr/bin/time -o "$dir/time" -f '%e %U %S %M' "$@" <"$input" >"$dir/out"
    awk '{ printf "%.3f %.3f %d\n", $1, $2 + $3, $4 }' "$dir/time"
}

# The best of three, since other work may disturb one.
best() {
    for _ in 1 2 3; do
        rm -rf "${dir:?}/home"
        measure "$@"
    done | sort -n | head -n 1
}

again() {
    for _ in 1 2 3; do
        measure "$@"
    done | sort -n | head -n 1
}

awk -v n="$count" 'BEGIN { for (i = 0; i < n; i++)
    printf "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-%011d\",\"ts\":\"2026-11-24T%02d:%02d:%02d.000Z\",\"host\":\"node1\",\"run\":\"bench\",\"interval_s\":1.0,\"energy_j\":%.3f,\"power_w\":99.5,\"components\":{\"cpu\":50.1,\"dram\":5.2}}\n",
        i, i / 3600 % 24, i / 60 % 60, i % 60, 100 + i % 977 / 10 }' >"$dir/records"
head -n $((count / 20)) "$dir/records" >"$dir/few"
bytes=$(stat -c %s "$dir/records")
home=$dir/home

# shellcheck disable=SC2016 # $0 is for the inner shell
read -r tee_s tee_cpu _ < <(best "$dir/records" sh -c 'tee "$0" && sync -d "$0"' "$dir/copy")
rm -f "$dir/copy"
read -r _ _ few_push_kib < <(best "$dir/few" cct-push --home "$home")
read -r _ _ few_pull_kib < <(again /dev/null cct-pull --home "$home" --run bench)
read -r push_s push_cpu push_kib < <(best "$dir/records" cct-push --home "$home")
# shellcheck disable=SC2016
read -r cat_s cat_cpu _ < <(again /dev/null sh -c 'cat "$0"/runs/bench/*/*.ndjson' "$home")
read -r pull_s pull_cpu pull_kib < <(again /dev/null cct-pull --home "$home" --run bench)
cmp "$dir/out" "$dir/records"
read -r kind_s kind_cpu _ < <(again /dev/null cct-pull --home "$home" --run bench --kind sample)
cmp "$dir/out" "$dir/records"

awk -v n="$count" -v bytes="$bytes" -v few_push="$few_push_kib" -v few_pull="$few_pull_kib" \
    -v tee="$tee_s" -v teec="$tee_cpu" -v push="$push_s" -v pushc="$push_cpu" -v pushm="$push_kib" \
    -v cat="$cat_s" -v catc="$cat_cpu" -v pull="$pull_s" -v pullc="$pull_cpu" -v pullm="$pull_kib" \
    -v kind="$kind_s" -v kindc="$kind_cpu" '
function row(name, s, cpu, peer, peer_cpu) {
    s = s > 0 ? s : 0.001
    cpu = cpu > 0 ? cpu : 0.001
    printf "%-24s %8.2f %8.2f %12.0f %8.0f %8.2f %8.2f\n", name, s, cpu, n / s, bytes / s / 1e6,
        s / (peer > 0 ? peer : 0.001), cpu / (peer_cpu > 0 ? peer_cpu : 0.001)
}
BEGIN {
    printf "%d records of %.0f bytes\n", n, bytes / n
    printf "%-24s %8s %8s %12s %8s %8s %8s\n", "", "wall_s", "cpu_s", "records_s", "mb_s",
        "x_wall", "x_cpu"
    row("tee, sync", tee, teec, tee, teec)
    row("cct-push", push, pushc, tee, teec)
    row("cat", cat, catc, cat, catc)
    row("cct-pull", pull, pullc, cat, catc)
    row("cct-pull --kind sample", kind, kindc, cat, catc)
    printf "peak KiB: push %d (a twentieth: %d), pull %d (%d)\n", pushm, few_push, pullm, few_pull
    ok = n / push >= 150000 && pushm <= few_push + 4096 && pullm <= few_pull + 512
    printf "at least 150000 records a second taken, flat memory: %s\n", ok ? "ok" : "MISSED"
    exit !ok
}'
