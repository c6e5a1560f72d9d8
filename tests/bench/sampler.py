#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the sampler costs beside an empty timer loop of its rate, side by side in the same time.

sampler.py EMPTY_LOOP SYSROOT [SECONDS]: at 10 Hz with four sources at most 0.15 % of a core more
than the empty loop, at most 2.5 MB resident, and from its start to the end of a first tick of 1 ms
at most 6 ms more than what starting any program takes. Other rates are printed for information. CPU time is
the scheduler's own, in nanoseconds (/proc/PID/schedstat).
"""
import subprocess
import sys
import time


def cpu_ns(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0])


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))


def compare(loop, sysroot, hz, seconds):
    """CPU shares of a core in percent: the loop's, the sampler's, and the sampler's memory."""
    period_ns = 1_000_000_000 // hz
    commands = [
        [loop, str(period_ns)],
        ["cct-sample", "--sysroot", sysroot, "-i", f"{period_ns}ns", "-o", "/dev/null"],
    ]
    children = [subprocess.Popen(c) for c in commands]
    time.sleep(1.5)
    begin = time.monotonic_ns()
    before = [cpu_ns(c.pid) for c in children]
    time.sleep(seconds)
    after = [cpu_ns(c.pid) for c in children]
    span = time.monotonic_ns() - begin
    kb = peak_kb(children[1].pid)
    for child in children:
        child.terminate()
        child.wait()
    shares = [100 * (a - b) / span for a, b in zip(after, before)]
    return shares[0], shares[1], kb


def start_ms(command):
    """Wall time of a command, the best of thirty."""
    def once():
        begin = time.monotonic()
        subprocess.run(command, check=True)
        return 1000 * (time.monotonic() - begin)
    return min(once() for _ in range(30))


def main():
    loop, sysroot = sys.argv[1], sys.argv[2]
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 10
    failed = False
    for hz in (1, 10, 100):
        empty, ours, kb = compare(loop, sysroot, hz, seconds)
        print(f"{hz} Hz: empty loop {empty:.3f} %, cct-sample {ours:.3f} %, "
              f"more {ours - empty:.3f} % of a core, {kb} kB")
        if hz == 10:
            failed = ours - empty > 0.15 or kb > 2560
    true = start_ms(["true"])
    ours = start_ms(["cct-sample", "--sysroot", sysroot, "-i", "1ms", "-n", "1", "-o", "/dev/null"])
    print(f"start to the end of a first tick of 1 ms: {ours:.1f} ms, true {true:.1f} ms")
    return 1 if failed or ours - true > 6 else 0


if __name__ == "__main__":
    sys.exit(main())
