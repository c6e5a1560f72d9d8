#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The conformance cases through a filter that passes records on.

  through.py FILTER [ARG...]

Every refused line is counted and none comes out; every accepted line comes out byte for byte
(white space around the object cut), in order.
"""
import io
import re
import subprocess
import sys

import cases


def lines_of(want):
    out = io.BytesIO()
    cases.write_lines(out, want)
    return out.getvalue().split(b"\n")[:-1]


def feed(command, lines):
    return subprocess.run(command, input=b"\n".join(lines) + b"\n", capture_output=True, check=False)


def main(command):
    good, bad = lines_of(True), lines_of(False)

    ran = feed(command, good)
    assert ran.returncode == 0, (ran.returncode, ran.stderr)
    assert ran.stdout.split(b"\n")[:-1] == [line.strip(b" \t\r") for line in good]

    ran = feed(command, bad)
    assert ran.returncode == 65, (ran.returncode, ran.stderr)
    assert ran.stdout == b"", ran.stdout[:500]
    assert re.search(rb"\b%d bad lines$" % len(bad), ran.stderr.strip()), ran.stderr[-200:]

    mixed = [line for pair in zip(good, bad) for line in pair]
    ran = feed(command, mixed)
    assert ran.returncode == 65
    assert ran.stdout.split(b"\n")[:-1] == [line.strip(b" \t\r") for line in good[:len(bad)]]

    for line in bad[::25]:
        ran = feed([*command, "--strict"], [b"{}", line, b"{}"])
        assert ran.returncode == 65 and ran.stdout == b"{}\n", line
    print(f"{len(good)} lines accepted, {len(bad)} refused")


if __name__ == "__main__":
    main(sys.argv[1:])
