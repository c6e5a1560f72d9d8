#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A machine whose true energy is known, beside a running cct-sample: scripted-truth.py MACHINE.

MACHINE is a copy of the sysroot intel-2s-dram. Every domain draws 100 W for 0.5 s of every 2 s. The
first package wraps after 120 J, its memory cannot be read for a while, that of the other package
vanishes. Prints what is wrong to the microjoule, and exits 1 if anything is."""
import json
import os
import signal
import subprocess
import sys
import time

SECONDS = 6.3
RANGE_UJ = {"intel-rapl:0": 120_000_000}
NAMES = {"intel-rapl:0": "rapl:package-0", "intel-rapl:1": "rapl:package-1",
         "intel-rapl:0:0": "rapl:dram-0", "intel-rapl:1:0": "rapl:dram-1"}


def path(machine, zone, file="energy_uj"):
    return os.path.join(machine, "sys/class/powercap", zone, file)


def put(machine, zone, text, file="energy_uj"):
    """By rename: never half a number."""
    new = path(machine, zone, "new")
    with open(new, "w", encoding="ascii") as f:
        f.write(text)
    os.rename(new, path(machine, zone, file))


def wave_uj(t):
    return int((t // 2) * 50e6 + min(t % 2, 0.5) * 100e6)


def play(machine, at, truth):
    begin = time.monotonic()
    last = 0
    while (t := time.monotonic() - begin) < SECONDS:
        step, last = wave_uj(t) - last, wave_uj(t)
        for zone in at:
            if zone == "intel-rapl:1:0" and t > 3:
                if os.path.exists(path(machine, zone)):
                    os.unlink(path(machine, zone))
                continue
            at[zone] += step
            truth[zone] += step
            if at[zone] > RANGE_UJ.get(zone, at[zone]):
                at[zone] -= RANGE_UJ[zone]
            hidden = zone == "intel-rapl:0:0" and 2.2 < t < 4.5
            put(machine, zone, "" if hidden else f"{at[zone]}\n")
        time.sleep(0.01)


def main():
    machine = sys.argv[1]
    at = {zone: 1_000_000 * (i + 1) for i, zone in enumerate(NAMES)}
    truth = dict.fromkeys(NAMES, 0)
    for zone in NAMES:
        put(machine, zone, f"{at[zone]}\n")
    for zone, uj in RANGE_UJ.items():
        put(machine, zone, f"{uj}\n", "max_energy_range_uj")
    child = subprocess.Popen(["cct-sample", "--sysroot", machine, "-s", "rapl:*", "-o", "truth.out"])
    time.sleep(0.3)
    play(machine, at, truth)
    time.sleep(0.2)
    child.send_signal(signal.SIGTERM)
    child.wait()
    told = dict.fromkeys(NAMES.values(), 0)
    total = 0
    with open("truth.out", encoding="utf-8") as f:
        for line in f:
            record = json.loads(line)
            total += round(record.get("energy_j", 0) * 1e6)
            for name, joules in record["sources"].items():
                told[name] += round(joules * 1e6)
    wrong = [f"{name}: {told[name]} uJ told, {truth[zone]} uJ true" for zone, name in NAMES.items()
             if told[name] != truth[zone]]
    if total != sum(truth.values()):
        wrong.append(f"in all: {total} uJ told, {sum(truth.values())} uJ true")
    print("\n".join(wrong) or f"{total} uJ told, and true")
    sys.exit(1 if wrong else 0)


main()
