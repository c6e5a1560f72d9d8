#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# sampler.sh EMPTY_LOOP RUSAGE: sampler.py, with the trackers that people use beside it, installed from
# PyPI into a folder of the build tree. Without a network only cct-sample is measured.
set -euo pipefail

venv=$CCT_BUILD/tests/bench/peers
if [[ ! -x $venv/bin/carbontracker ]]; then
    /usr/bin/python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check codecarbon==3.3.0 \
        carbontracker==2.4.3 || rm -rf "$venv"
fi
peers=()
[[ ! -x $venv/bin/carbontracker ]] || peers=("$venv/bin/python" "$2")
exec /usr/bin/python3 "$(dirname "$0")/sampler.py" "$1" 5 "${peers[@]}"
