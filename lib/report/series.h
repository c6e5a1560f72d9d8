/* SPDX-License-Identifier: Apache-2.0
 * A run over time in flat memory: buckets of equal width that merge in pairs when they would be
 * more than the limit. One pass, unknown end, any order; sums stay exact, spikes stay as min and
 * max. Method: the power-of-two pyramid of streaming dashboards. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CCT_BUCKET_MS   INT64_C(125) /* the finest width */
#define CCT_MAX_BUCKETS 16384        /* of one run */

enum cct_part {
    CCT_PART_CPU,
    CCT_PART_DRAM,
    CCT_PART_GPU,
    CCT_PART_BOARD,
    CCT_PART_PSU,
    CCT_PART_OTHER,
    CCT_PART_REST, /* energy that no component claims */
    CCT_PARTS,
};

struct cct_bucket {
    double energy_j;
    double part_j[CCT_PARTS];
    double job_j;
    double covered_s; /* time that samples cover, all hosts together */
    double emission_g;
    double intensity_gs; /* g/kWh times seconds, over the seconds where it is known */
    double intensity_s;
    double min_w, max_w; /* of single ticks; min > max: none */
};

/* Zero-initialise, then set limit. */
struct cct_series {
    struct cct_bucket *buckets; /* owned */
    size_t count, cap;
    size_t limit; /* most buckets, a power of two, at least 2 */
    int64_t start_utc_ms;
    int64_t width_ms;
};

/* Spreads amount evenly over (start, end]; min_w and max_w hold for the whole of it. */
void cct_series_add(struct cct_series *series, int64_t start_utc_ms, int64_t end_utc_ms,
                    const struct cct_bucket *amount);
/* Lowers the limit, merging as needed. */
void cct_series_limit(struct cct_series *series, size_t limit);
void cct_series_free(struct cct_series *series);

/* into takes up what from has. */
void cct_bucket_merge(struct cct_bucket *into, const struct cct_bucket *from);
void cct_bucket_clear(struct cct_bucket *bucket);
/* Mean power over the part of width_s that is covered; NAN when none is. */
double cct_bucket_power_w(const struct cct_bucket *bucket, double width_s);

/* Energy (J) and emission (g) from the start of the series to an instant: sums over buckets, linear
 * inside one. Built once over a series that does not change any more. */
struct cct_cumulative {
    const struct cct_series *series; /* borrowed */
    double *energy_j, *emission_g;   /* owned, count + 1 each: at the start of each bucket */
};

void cct_cumulative_build(struct cct_cumulative *cumulative, const struct cct_series *series);
void cct_cumulative_free(struct cct_cumulative *cumulative);
double cct_cumulative_energy_j(const struct cct_cumulative *cumulative, int64_t utc_ms);
double cct_cumulative_emission_g(const struct cct_cumulative *cumulative, int64_t utc_ms);
