/* SPDX-License-Identifier: Apache-2.0
 * A wrapping energy counter, read at irregular times, turned into energy that was surely used.
 * Pure. The range and its meaning: Documentation/power/powercap/powercap.rst, max_energy_range_uj;
 * what goes wrong with such counters in the field is told at each rule in counter.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cct_anchor {
    bool set;
    uint64_t uj;
    int64_t mono_ns;
};

struct cct_counter {
    uint64_t max_uj; /* range; 0: unknown, nothing is corrected */
    double tdp_w;
    struct cct_anchor base;  /* energy is counted from here */
    struct cct_anchor other; /* where the counter stood before a jump that nothing explains, or
                                whither it jumped: the next reading tells which was true */
    bool jumped_to_other;    /* the latter */
};

/* What one reading told. */
struct cct_step {
    bool known; /* energy_uj and span_ns are */
    uint64_t energy_uj;
    int64_t span_ns;
    unsigned flags; /* enum cct_flag */
};

/* Takes the counter's value at an instant. The first one is the baseline and tells nothing. */
struct cct_step cct_counter_read(struct cct_counter *counter, uint64_t uj, int64_t mono_ns);

/* The longest time between two readings after which a wrap can still be told from two: beyond
 * 0.9 x range / (1.5 x TDP) the reading is refused. 0: no limit. */
int64_t cct_counter_limit_ns(const struct cct_counter *counter);
