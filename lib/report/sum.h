/* SPDX-License-Identifier: Apache-2.0
 * Sums of many small numbers (A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation
 * endlicher Summen", ZAMM 54, 1974, algorithm IV): the error does not grow with the count. */
#pragma once

#include <math.h>
#include <stdint.h>

struct cct_sum {
    double total, lost;
    uint64_t count; /* of known values */
};

/* Adds v; an unknown (not finite) v is left out. */
static inline void cct_sum_add(struct cct_sum *sum, double v)
{
    if (!isfinite(v))
        return;
    double next = sum->total + v;
    if (fabs(sum->total) >= fabs(v))
        sum->lost += (sum->total - next) + v;
    else
        sum->lost += (v - next) + sum->total;
    sum->total = next;
    sum->count++;
}

/* The sum, or NAN when no value was known. */
static inline double cct_sum_get(const struct cct_sum *sum)
{
    return sum->count ? sum->total + sum->lost : (double)NAN;
}
