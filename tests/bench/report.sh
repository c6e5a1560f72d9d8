#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Records a second and peak memory of cct-report over a generated stream, beside wc -l, our own
# reader passing records on, and jq reading one number, over the same file in the same run.
#   report.sh GEN_SAMPLES BENCH_FILTER [COUNT]       COUNT: $CCT_BENCH_RECORDS, else 1000000
# Ends with 1 when cct-report needs more than 64 MiB, or its memory grows with the records.
set -euo pipefail

gen=$1
filter=$2
count=${3:-${CCT_BENCH_RECORDS:-1000000}}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Runs a command over a file; prints its seconds (user + system) and its peak memory in KiB.
measure() {
    local input=$1
    shift
    /usr/bin/time -o "$dir/time" -f '%U %S %M' "$@" <"$input" >"$dir/out"
    awk '{ printf "%.3f %d\n", $1 + $2, $3 }' "$dir/time"
}

"$gen" "$count" >"$dir/records"
head -n $((count / 20)) "$dir/records" >"$dir/few"
read -r _ few_kib < <(measure "$dir/few" cct-report --format html)

row() {
    local name=$1 seconds kib
    shift
    read -r seconds kib < <(measure "$dir/records" "$@")
    awk -v name="$name" -v n="$count" -v s="$seconds" -v kib="$kib" \
        'BEGIN { printf "%-22s %9.2f %12.0f %10d\n", name, s, n / (s + 1e-9), kib }'
    last_kib=$kib
}

printf '%d records of %d bytes\n' "$count" "$(($(stat -c %s "$dir/records") / count))"
printf '%-22s %9s %12s %10s\n' program cpu_s records_s peak_kib
row 'wc -l' wc -l
row 'our reader, passing on' "$filter" pass
row 'jq, one number' jq -n '[inputs.energy_j] | length'
for format in json csv text html; do
    row "cct-report, $format" cct-report --format "$format"
done
printf 'peak of a twentieth of the records: %d KiB\n' "$few_kib"
[ "$last_kib" -le 65536 ] && [ "$last_kib" -le $((few_kib + 4096)) ]
