# SPDX-License-Identifier: Apache-2.0
"""Streams of records for the browser test: one function a page, each yields records."""
import datetime
import math
import random

START = datetime.datetime(2026, 11, 24, 6, 37, 34, tzinfo=datetime.timezone.utc)
HOSTILE = [
    "<script>window.hacked=1</script>", "\"><img src=x onerror=window.hacked=1>",
    "'><svg onload=window.hacked=1>", "</title><script>window.hacked=1</script>",
    "</style><script>window.hacked=1</script>", "javascript:window.hacked=1",
    "<!--", "]]>", "&lt;b&gt;", "\u202eevil\u202c", "a\u0000b".replace("\0", "\u0001"),
    "{{constructor.constructor('window.hacked=1')()}}", "x" * 400, "\u0080\u009f", "",
]


def instant(second):
    moment = START + datetime.timedelta(milliseconds=round(second * 1000))
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Stream:
    def __init__(self, run, host="gpu-box-1"):
        self.run, self.host, self.number, self.records = run, host, 0, []

    def add(self, kind, second, **members):
        self.number += 1
        self.records.append({"schema": f"cct.{kind}/1", "id": f"WRITER-{kind}-{self.number}",
                             "ts": instant(second), "host": self.host, "run": self.run, **members})

    def tick(self, second, watts, **members):
        joules = round(sum(watts.values()), 3)
        self.add("emission", second, interval_s=1, energy_j=joules, power_w=joules, components=watts,
                 **members)


def full(run="demo-1", seconds=600, epochs=12, end=True):
    """Counters, a model, a gap, a spike, a grid that changes, loss and metrics."""
    noise = random.Random(4)
    s = Stream(run)
    s.add("run", 0, event="start", command=["python3", "train.py", "--name", "my model"],
          cwd="/home/me/digits", git="3f2c9a1")
    s.add("host", 0, os="Debian GNU/Linux 12", kernel="6.1.0-18-amd64", memory_bytes=270000000000,
          cpu={"model": "Intel(R) Xeon(R) Gold 6348 CPU @ 2.60GHz", "threads": 56}, version="0.1.0")
    s.add("device", 0, device="GPU-1a2b3c4d", vendor="nvidia", model="NVIDIA A100-PCIE-40GB")
    for source, component, method, part_of in (
            ("rapl:package-0", "cpu", "counter", None),
            ("rapl:core-0", "cpu", "counter", "rapl:package-0"),
            ("nvml:GPU-1a2b3c4d", "gpu", "counter", None), ("model:board", "board", "model", None)):
        s.add("sensor", 0, source=source, component=component, method=method, readable=True,
              counted=not part_of, **({"part_of": part_of} if part_of else {}))
    s.add("sensor", 0, source="rapl:psys", component="other", method="counter", readable=False,
          reason="only root may read energy_uj", remedy="sudo chmod o+r energy_uj", counted=False)
    length = seconds / epochs
    for i in range(1, seconds + 1):
        if seconds * 0.33 < i < seconds * 0.36:
            continue
        busy = 1 if i % length < length * 0.88 else 0.25
        watts = {"cpu": round(70 + 30 * busy + noise.gauss(0, 4), 3), "dram": 8 + 3 * busy,
                 "gpu": round(55 + 210 * busy + noise.gauss(0, 9) + 90 * (i == 333), 3), "board": 28}
        grid = 15 * math.floor((430 + 60 * math.sin(5 * i / seconds)) / 15)
        total = sum(watts.values())
        s.tick(i, watts, job_energy_j=total * .7, idle_energy_j=total * .2, other_energy_j=total * .1,
               sources={"rapl:package-0": watts["cpu"], "rapl:core-0": watts["cpu"] * .7,
                        "nvml:GPU-1a2b3c4d": watts["gpu"], "model:board": 28},
               measured_share=round(1 - 28 / total, 4), low_j=total - 14, high_j=total + 14,
               zone="KR", intensity_g_per_kwh=grid, intensity_provider="csv:kr-2026.csv",
               intensity_quality="measured", pue=1.12, emission_g=total / 3.6e6 * 1.12 * grid)
        if i % round(length) == 0:
            n = i // round(length)
            loss = 2.3 * math.exp(-n / 4) + .12 + noise.random() * .05
            s.add("progress", i - .2, epoch=n, epochs=epochs, loss=loss,
                  metrics={"val_loss": loss * 1.1, "accuracy": 1 - loss / 3,
                           "val_accuracy": .97 - loss / 2.9, "learning_rate": .1 * .7 ** n})
    if end:
        s.add("run", seconds + .4, event="end", exit_status=0)
    return s.records


def one_tick():
    s = Stream("one-tick")
    s.add("sample", 1, interval_s=1, energy_j=31.5, components={"cpu": 31.5}, measured_share=0,
          low_j=15, high_j=50, sources={"model:cpu": 31.5})
    return s.records


def no_samples():
    s = Stream("no-samples")
    s.add("run", 0, event="start", command=["false"])
    s.add("run", 1, event="end", exit_status=1)
    return s.records


def many_runs():
    records = []
    for i in range(30):
        records += full(f"sweep-{i:02d} lr={10 ** -(i % 5)}", 40 + 3 * i, 4)
    return records


def hostile():
    records = []
    for i, text in enumerate(HOSTILE):
        s = Stream(text + str(i), text)
        s.add("run", 0, event="start", command=[text, text], cwd=text, git=text)
        s.add("host", 0, os=text, kernel=text, virtualization=text, container=text,
              cpu={"model": text})
        s.add("device", 0, device=text, model=text)
        s.add("sensor", 0, source=text, component=text, method=text, readable=False, reason=text,
              remedy=text, counted=False, part_of=text)
        for n in (1, 2):
            s.tick(n, {text or "cpu": 10}, sources={text: 10}, zone=text, region=text, pue=1,
                   intensity_g_per_kwh=100 * n, intensity_provider=text, intensity_quality=text,
                   emission_g=1, flags={text: [text]})
            s.add("progress", n, epoch=n, loss=-n, metrics={text: n, "val_" + text: -n})
        s.add("run", 3, event="end", signal=text)
        records += s.records
    return records


PAGES = {"full": full, "one_tick": one_tick, "no_samples": no_samples, "nothing": list,
         "many_runs": many_runs, "hostile": hostile,
         "going_on": lambda: full("going-on", 120, 6, end=False)}
