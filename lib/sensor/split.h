/* SPDX-License-Identifier: Apache-2.0
 * Whose energy it was. Pure. Idle power is a constant that the machine draws with or without work;
 * what is above it belongs to those who kept the CPU busy, by CPU time. */
#pragma once

#include <stdint.h>

struct cct_split {
    uint64_t job_uj, idle_uj, other_uj; /* add up to energy_uj, to the microjoule */
};

/* idle_w: what the machine draws at rest; at most the whole energy is idle. job_us, busy_us: CPU
 * time of the job and of the whole machine within the interval. The machine's may come from a
 * coarser clock (10 ms ticks) and be the smaller: then everything above idle is the job's. */
struct cct_split cct_split_energy(uint64_t energy_uj, double idle_w, double interval_s,
                                  uint64_t job_us, uint64_t busy_us);
