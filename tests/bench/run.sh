#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh RUSAGE: what it costs to track a command that does nothing, cct-run beside codecarbon, the
# tracker that most people use: processor time of all processes together and the largest process.
# codecarbon is installed from PyPI into a folder of the build tree.
set -euo pipefail

rusage=$(realpath "$1")
rounds=5
venv=$CCT_BUILD/tests/bench/codecarbon
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export CCT_HOME=$folder/home HOME=$folder

[[ -x $venv/bin/codecarbon ]] || {
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check codecarbon==3.3.0
}

median() { sort -g | sed -n "$(((rounds + 1) / 2))p"; }

ours=(cct-run --zone KR -- true)
theirs=("$venv/bin/codecarbon" monitor --offline --country-iso-code KOR --no-api -- true)
"$rusage" "${theirs[@]}" >/dev/null # compiles its modules
for ((i = 0; i < rounds; i++)); do
    "$rusage" "${ours[@]}" >>ours
    "$rusage" "${theirs[@]}" >>theirs
done

cct_ms=$(cut -d' ' -f1 ours | median) cct_kb=$(cut -d' ' -f2 ours | sort -n | tail -n 1)
cc_ms=$(cut -d' ' -f1 theirs | median) cc_kb=$(cut -d' ' -f2 theirs | sort -n | tail -n 1)
printf '%-22s %10s %14s\n' 'wrapping true' 'cpu ms' 'largest kB'
printf '%-22s %10s %14s\n' 'cct-run' "$cct_ms" "$cct_kb" 'codecarbon monitor' "$cc_ms" "$cc_kb"
awk -v a="$cct_ms" -v b="$cc_ms" -v kb="$cct_kb" 'BEGIN {
    printf "codecarbon takes %.1f times the processor time\n", b / a
    exit !(a <= 80 && b / a >= 8 && kb <= 12288)
}' || {
    echo 'wanted: at most 80 ms, at least 8 times less, at most 12288 kB'
    exit 1
}
