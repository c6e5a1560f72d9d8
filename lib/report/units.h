/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: numbers as people read them, and axes with round ticks. Pure. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A unit that a value is told in: v / factor NAME. */
struct cct_unit {
    const char *name;
    double factor;
};

/* The unit in which v reads best: from 0.1 to 1000 where there is one. */
struct cct_unit cct_unit_energy(double kwh); /* uWh mWh Wh kWh MWh; factor in kWh */
struct cct_unit cct_unit_mass(double g);     /* ug mg g kg t; factor in g */
struct cct_unit cct_unit_power(double w);    /* mW W kW MW; factor in W */

/* Three significant digits, never an exponent: 0.00123, 1.23, 12.3, 123, 1 234. NAN is "unknown".
 */
void cct_put_number(struct cct_buf *out, double v);
void cct_put_decimals(struct cct_buf *out, double v, int decimals); /* thin: groups of three */
/* "412 mWh"; NAN is "unknown". */
void cct_put_energy(struct cct_buf *out, double kwh);
void cct_put_mass(struct cct_buf *out, double g);
void cct_put_power(struct cct_buf *out, double w);
/* 0.25 s, 12.3 s, 4 min 05 s, 2 h 03 min, 3 d 04 h. */
void cct_put_duration(struct cct_buf *out, double s);
/* 73.1 %; a share of 0 to 1. */
void cct_put_share(struct cct_buf *out, double share);
/* "+-50 %" or "-20/+80 %" with the real signs; nothing when there are no bounds. */
void cct_put_bounds(struct cct_buf *out, double v, double low, double high);
/* 2026-11-24 06:37:34 (UTC is said by the caller). */
void cct_put_instant(struct cct_buf *out, int64_t utc_ms);

/* Ticks at 1, 2 or 5 times a power of ten, from the first at or above lo to the last at or below
 * hi, about want of them (P. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). */
struct cct_axis {
    double lo, hi; /* what the axis shows: widened to ticks when asked */
    double first, step;
    int count;
    int decimals; /* that the labels need */
};

struct cct_axis cct_axis_make(double lo, double hi, int want, bool widen);
double cct_axis_tick(const struct cct_axis *axis, int i);

/* The same for time: steps of 1 ms to a year at which a clock is read. */
struct cct_time_axis {
    int64_t first_utc_ms, step_ms;
    int count;
};

struct cct_time_axis cct_time_axis_make(int64_t lo_utc_ms, int64_t hi_utc_ms, int want);
/* What a tick says at this step: 14:35, 14:35:20, 20.125 s, 24 Nov. */
void cct_put_time_tick(struct cct_buf *out, int64_t utc_ms, int64_t step_ms);
