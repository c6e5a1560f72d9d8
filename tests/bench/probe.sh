#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# probe.sh RUSAGE: what cct-probe costs on machines whose metadata service is not asked: wall clock
# and processor time of the quickest of several rounds, and the largest resident set.
set -euo pipefail

rusage=$1
rounds=15
status=0
printf '%-20s %9s %9s %9s\n' 'cct-probe' 'wall ms' 'cpu ms' 'kB'
for machine in cloud-none cloud-aws-nitro intel-2s-dram; do
    probe=(cct-probe --sysroot "$CCT_SOURCE/tests/sysroot/$machine")
    wall=1000000 cpu=1000000 kb=0
    for ((i = 0; i < rounds; i++)); do
        begin=${EPOCHREALTIME//[^0-9]/}
        "${probe[@]}" >/dev/null
        took=$((${EPOCHREALTIME//[^0-9]/} - begin))
        wall=$((took < wall ? took : wall))
        read -r ms size < <("$rusage" "${probe[@]}")
        us=$(printf '%.0f' "${ms}e3")
        cpu=$((us < cpu ? us : cpu)) kb=$((size > kb ? size : kb))
    done
    printf '%-20s %6d.%02d %6d.%02d %9d\n' "$machine" $((wall / 1000)) $((wall % 1000 / 10)) \
        $((cpu / 1000)) $((cpu % 1000 / 10)) "$kb"
    ((wall <= 30000 && kb <= 12288)) || status=1
done
((!status)) || echo 'wanted: at most 30 ms and 12288 kB'
exit "$status"
