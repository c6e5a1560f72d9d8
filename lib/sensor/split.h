/* SPDX-License-Identifier: Apache-2.0
 * Whose energy it was. Pure. Idle power is a constant that the machine draws with or without work;
 * what is above it belongs to those who used the component: the CPU and the board by CPU time, the
 * memory by memory where that is known. */
#pragma once

#include "sensor/idle.h"

#include <stdint.h>

struct cct_split {
    uint64_t job_uj, idle_uj, other_uj; /* add up to energy_uj, to the microjoule */
};

struct cct_shares {
    double cpu, memory, gpu; /* the job's, 0 to 1; NAN: as the CPU's */
};

/* The job's share of the CPU time: job_us of busy_us. The machine's time may come from a coarser
 * clock (10 ms ticks) and be the smaller: then all is the job's. */
double cct_cpu_share(uint64_t job_us, uint64_t busy_us);
/* Splits what sample tells of span_s seconds. At most the whole energy is idle. An idle power that
 * was given for all components together is laid on them by their energy. */
struct cct_split cct_split_energy(const struct cct_sample *sample, const struct cct_idle *idle,
                                  double span_s, const struct cct_shares *shares);
