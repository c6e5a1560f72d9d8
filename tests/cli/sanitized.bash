# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The programs were built with sanitizers: they take memory and time of their own, and want to be
# the first library that is loaded.
sanitized() {
    grep -q __asan_init "$(command -v cct-sample)"
}
