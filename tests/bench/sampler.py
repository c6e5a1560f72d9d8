#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the sampler costs: processor time above that of an empty timer loop of its rate, side by side.

sampler.py EMPTY_LOOP [SECONDS [PYTHON RUSAGE]]: in a mount namespace of its own, a tree of files stands for
/sys/class/powercap: two packages with core, uncore and DRAM, eight sources, rewritten ten times a
second, so that every tool finds them at the usual place. PYTHON: an interpreter that has codecarbon
and carbontracker; each then runs as fast as it goes, and cct-sample at its rate, below RUSAGE.
CPU time is the scheduler's own, in nanoseconds (/proc/PID/schedstat).
"""
import json
import os
import subprocess
import sys
import tempfile
import time

LIMITS = {1: 0.01, 10: 0.1, 100: 1, 1000: 4}  # % of a core
MAX_KB = 3072
TIMES_LESS = 50
WINDOWS = 3
CLASS = "/sys/class/powercap"


def enter():
    """Runs this program again where /sys/class may be covered."""
    user = [] if os.geteuid() == 0 else ["-r"]
    os.environ["CCT_BENCH_INSIDE"] = "1"
    os.execvp("unshare", ["unshare", "-m", *user, sys.executable, *sys.argv])


def make_tree():
    subprocess.run(["mount", "-t", "tmpfs", "none", "/sys/class"], check=True)
    files = []
    for package in range(2):
        for sub, name in (("", f"package-{package}"), (":0", "core"), (":1", "uncore"), (":2", "dram")):
            folder = f"{CLASS}/intel-rapl:{package}{sub}"
            os.makedirs(folder)
            for file, text in (("name", name), ("max_energy_range_uj", "262143328850"),
                               ("enabled", "1"), ("energy_uj", "100000000")):
                with open(f"{folder}/{file}", "w", encoding="ascii") as f:
                    f.write(text + "\n")
            files.append(os.open(f"{folder}/energy_uj", os.O_WRONLY))
    os.mkdir(f"{CLASS}/intel-rapl")
    os.symlink("..", f"{CLASS}/intel-rapl/subsystem")
    return files


def write_on(files):
    """Counters that run: a child of its own, which ends with us."""
    pid = os.fork()
    if pid:
        return pid
    ticks, parent = 0, os.getppid()
    while os.getppid() == parent:
        ticks += 1
        for i, file in enumerate(files): # no two alike: they would be taken for one
            os.pwrite(file, b"%d\n" % (100_000_000 + 7 * i + ticks * (3_000_000 + 1000 * i)), 0)
        time.sleep(0.1)
    os._exit(0)


def cpu_ns(pid):
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as f:
        return int(f.read().split()[0])


def peak_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        return next(int(line.split()[1]) for line in f if line.startswith("VmHWM"))


def window(children, seconds):
    """The share of a core, in percent, that each took."""
    begin = time.monotonic_ns()
    before = [cpu_ns(c.pid) for c in children]
    time.sleep(seconds)
    after = [cpu_ns(c.pid) for c in children]
    span = time.monotonic_ns() - begin
    return [100 * (a - b) / span for a, b in zip(after, before)]


def compare(loop, hz, seconds):
    """CPU shares of a core in percent: the loop's, the sampler's; its memory; both missed ticks.

    Other work on the machine makes both dearer: the quietest window counts."""
    period_ns = round(1e9 / hz)
    output = f"{os.environ.get('TMPDIR', '/tmp')}/cct-bench.{os.getpid()}"
    children = [
        subprocess.Popen([loop, str(period_ns)], stdout=subprocess.PIPE),
        subprocess.Popen(["cct-sample", "-i", f"{period_ns}ns", "-o", output]),
    ]
    time.sleep(1.5)
    shares = min((window(children, seconds) for _ in range(WINDOWS)), key=lambda s: s[1] - s[0])
    kb = peak_kb(children[1].pid)
    for child in children:
        child.terminate()
    empty_missed = int(children[0].communicate()[0] or 0)
    children[1].wait()
    with open(output, encoding="utf-8") as f:
        records = [json.loads(line) for line in f]
    os.unlink(output)
    if not records or len(records[-1].get("sources", {})) < 8:
        sys.exit("cct-sample did not read the eight sources")
    missed = sum("gap" in r.get("flags", {}).get("host", []) for r in records)
    return shares[0], shares[1], kb, empty_missed, missed


def first_tick_ms(rounds=20):
    """From start to the end of the first tick of 1 ms, which is what a short command waits for."""
    def best(command):
        took = []
        for _ in range(rounds):
            begin = time.monotonic()
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            took.append(time.monotonic() - begin)
        return 1000 * min(took)
    return best(["cct-sample", "-i", "1ms", "-n", "1"]), best(["true"])


def rates(loop, seconds):
    problems = []
    for hz, limit in LIMITS.items():
        empty, ours, kb, empty_missed, missed = compare(loop, hz, 2 * seconds if hz == 1 else seconds)
        print(f"{hz:>5} Hz: empty loop {empty:.3f} %, cct-sample {ours:.3f} %, more {ours - empty:.4f} % "
              f"of a core (at most {limit} %), {kb} kB, missed {missed} (empty loop {empty_missed})",
              flush=True)
        if ours - empty > limit:
            problems.append(f"{hz} Hz takes more than {limit} % of a core")
        if kb > MAX_KB:
            problems.append(f"{kb} kB are more than {MAX_KB}")
        if hz == 100 and missed > empty_missed:
            problems.append("ticks were missed at 100 Hz")
    return problems


def commands(python, rusage, seconds):
    """Whole commands around a sleep, each tracker as fast as its command goes: once a second."""
    folder = os.path.dirname(python)
    sleep = ["sleep", str(seconds)]
    trackers = {
        "cct-sample": ["cct-sample", "-i", "1s", "-o", "/dev/null", "--", *sleep],
        "codecarbon": [f"{folder}/codecarbon", "monitor", "--offline", "--country-iso-code", "KOR",
                       "--no-api", "--measure-power-secs", "1", "--", *sleep],
        "carbontracker": [f"{folder}/carbontracker", *sleep],
    }
    problems, ms = [], {}
    for name, command in trackers.items():
        run = subprocess.run([rusage, *command], capture_output=True, text=True, check=True)
        ms[name], kb = map(float, run.stdout.split())
        print(f"{name} around {' '.join(sleep)}, once a second: {ms[name]:.1f} ms, largest process "
              f"{kb:.0f} kB, {ms[name] / ms['cct-sample']:.0f} times cct-sample", flush=True)
        if name != "cct-sample" and ms[name] < TIMES_LESS * ms["cct-sample"]:
            problems.append(f"{name} takes less than {TIMES_LESS} times the processor time")
    return problems


def threads(loop, python, seconds):
    """For information: a tracker as a thread of a training that runs already, its start left out."""
    script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peers.py")
    for name in ("codecarbon", "carbontracker"):
        run = subprocess.run([python, script, name, str(seconds)], capture_output=True, text=True,
                             check=True)
        cpu_s, count = run.stdout.split()[-2:]
        hz = float(count) / seconds
        empty, ours, *_ = compare(loop, hz, seconds)
        theirs = 100 * float(cpu_s) / seconds
        print(f"{name} as a thread, start left out: {hz:.1f} samples a second, {theirs:.3f} % of a "
              f"core; cct-sample at this rate {ours:.3f} %, empty loop {empty:.3f} %", flush=True)


def main():
    loop = os.path.abspath(sys.argv[1])
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 5
    if "CCT_BENCH_INSIDE" not in os.environ:
        enter()
    write_on(make_tree())
    with tempfile.TemporaryDirectory() as scratch:
        return measure(loop, seconds, scratch)


def measure(loop, seconds, scratch):
    problems = rates(loop, seconds)
    print("start to the end of a first tick of 1 ms: {:.1f} ms, true {:.1f} ms".format(*first_tick_ms()))
    if len(sys.argv) > 4:
        os.environ["HOME"] = scratch
        os.chdir(scratch)
        problems += commands(sys.argv[3], sys.argv[4], 10)
        threads(loop, sys.argv[3], seconds)
    for problem in problems:
        print(f"not as promised: {problem}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
