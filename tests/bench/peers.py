#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One tracker around a process that only sleeps: peers.py codecarbon|carbontracker SECONDS.

Each as fast as it goes: both are asked for a thousand samples a second. Prints the processor seconds of the measured time, its start
and end left out, and how many samples were taken in it.
"""
import os
import sys
import tempfile
import time


def wait(seconds, count):
    """Processor seconds and samples of so many seconds, after one second to settle."""
    time.sleep(1)
    before, cpu = count(), time.process_time()
    time.sleep(seconds)
    return time.process_time() - cpu, count() - before


def codecarbon(seconds):
    from codecarbon import OfflineEmissionsTracker

    class Counted(OfflineEmissionsTracker):
        samples = 0

        def _measure_power_and_energy(self):
            type(self).samples += 1
            super()._measure_power_and_energy()

    tracker = Counted(country_iso_code="KOR", measure_power_secs=0.001, save_to_file=False,
                      log_level="critical", allow_multiple_runs=True)
    tracker.start()
    result = wait(seconds, lambda: Counted.samples)
    tracker.stop()
    return result


def carbontracker(seconds):
    from carbontracker import tracker as module

    samples = [0]
    collect = module.CarbonTrackerThread._collect_measurements

    def counted(self):
        samples[0] += 1
        collect(self)

    module.CarbonTrackerThread._collect_measurements = counted
    tracker = module.CarbonTracker(epochs=1, monitor_epochs=1, update_interval=0.001, verbose=0,
                                   ignore_errors=True, components="cpu",
                                   log_dir=tempfile.mkdtemp(dir=os.getcwd()))
    tracker.epoch_start()
    result = wait(seconds, lambda: samples[0])
    tracker.stop()
    return result


if __name__ == "__main__":
    kinds = {"codecarbon": codecarbon, "carbontracker": carbontracker}
    cpu_s, count = kinds[sys.argv[1]](float(sys.argv[2]))
    print(f"{cpu_s:.6f} {count}")
