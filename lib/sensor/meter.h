/* SPDX-License-Identifier: Apache-2.0
 * Adds up one source's energy between two ticks, whatever it was read from: a counter's steps, a
 * gauge by the trapezoid rule, a model by its mean power. Pure. */
#pragma once

#include "sensor/counter.h"

#include <stdbool.h>
#include <stdint.h>

struct cct_meter {
    struct cct_counter counter;
    /* Since the last take. */
    bool known;
    uint64_t energy_uj;
    double low_uj, high_uj;
    int64_t span_ns;
    unsigned flags;
    /* Powers. */
    bool has_power;
    double last_w;
    int64_t last_mono_ns;
    double rest_uj; /* what rounding to whole microjoules has left over */
};

void cct_meter_energy(struct cct_meter *meter, uint64_t counter_uj, int64_t mono_ns);
/* Between two readings of a gauge further apart than this anything may have happened: refused. */
#define CCT_GAUGE_GAP_NS (INT64_C(10) * 1000000000)
/* w is the mean since the last call (mean true) or the power now. NAN bounds: none. */
void cct_meter_power(struct cct_meter *meter, double w, double low_w, double high_w, bool mean,
                     int64_t mono_ns);
/* There was no reading. A counter keeps its baseline, a gauge loses the interval. */
void cct_meter_missing(struct cct_meter *meter);
/* Forgets every reading, keeps what is known of the counter: the next reading is the baseline. */
void cct_meter_restart(struct cct_meter *meter);
/* Begins the next tick. */
void cct_meter_clear(struct cct_meter *meter);
