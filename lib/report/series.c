/* SPDX-License-Identifier: Apache-2.0 */
#include "series.h"

#include "base/alloc.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void cct_bucket_clear(struct cct_bucket *bucket)
{
    *bucket = (struct cct_bucket){.min_w = INFINITY, .max_w = -INFINITY};
}

static void add_scaled(struct cct_bucket *into, const struct cct_bucket *from, double share)
{
    into->energy_j += from->energy_j * share;
    for (int i = 0; i < CCT_PARTS; i++)
        into->part_j[i] += from->part_j[i] * share;
    into->job_j += from->job_j * share;
    into->covered_s += from->covered_s * share;
    into->emission_g += from->emission_g * share;
    into->intensity_gs += from->intensity_gs * share;
    into->intensity_s += from->intensity_s * share;
    into->min_w = from->min_w < into->min_w ? from->min_w : into->min_w;
    into->max_w = from->max_w > into->max_w ? from->max_w : into->max_w;
}

void cct_bucket_merge(struct cct_bucket *into, const struct cct_bucket *from)
{
    add_scaled(into, from, 1);
}

double cct_bucket_power_w(const struct cct_bucket *bucket, double width_s)
{
    double seconds = fmin(bucket->covered_s, width_s);
    return seconds > 0 ? bucket->energy_j / seconds : (double)NAN;
}

static int64_t floor_to(int64_t t, int64_t width)
{
    int64_t rest = t % width;
    return t - rest - (rest < 0 ? width : 0);
}

/* Twice the width: pairs become one. Bucket edges stay multiples of the width. */
static void coarsen(struct cct_series *series)
{
    int64_t wide = series->width_ms * 2;
    int64_t start = floor_to(series->start_utc_ms, wide);
    size_t shift = start < series->start_utc_ms ? 1 : 0;
    size_t count = 0;
    for (size_t i = 0; i < series->count; i++) {
        size_t to = (i + shift) / 2;
        if (to >= count) {
            series->buckets[to] = series->buckets[i];
            count = to + 1;
        } else {
            cct_bucket_merge(&series->buckets[to], &series->buckets[i]);
        }
    }
    series->count = count;
    series->start_utc_ms = start;
    series->width_ms = wide;
}

static void make_room(struct cct_series *series, size_t count)
{
    if (count <= series->cap)
        return;
    size_t cap = series->cap ? series->cap : 16;
    while (cap < count)
        cap *= 2;
    series->buckets = cct_xreallocarray(series->buckets, cap, sizeof *series->buckets);
    series->cap = cap;
}

/* Puts before empty buckets in front and extends to count in all. */
static void extend(struct cct_series *series, size_t before, size_t count)
{
    make_room(series, count);
    if (before) {
        memmove(series->buckets + before, series->buckets, series->count * sizeof *series->buckets);
        for (size_t i = 0; i < before; i++)
            cct_bucket_clear(&series->buckets[i]);
        series->count += before;
    }
    for (; series->count < count; series->count++)
        cct_bucket_clear(&series->buckets[series->count]);
}

static void cover(struct cct_series *series, int64_t start, int64_t end)
{
    if (!series->width_ms)
        series->width_ms = CCT_BUCKET_MS;
    for (;;) {
        int64_t width = series->width_ms;
        int64_t first = floor_to(start, width);
        int64_t last = floor_to(end - 1, width) + width;
        if (series->count) {
            int64_t until = series->start_utc_ms + (int64_t)series->count * width;
            first = first < series->start_utc_ms ? first : series->start_utc_ms;
            last = last > until ? last : until;
        } else {
            series->start_utc_ms = first;
        }
        if ((uint64_t)((last - first) / width) <= series->limit) {
            size_t before = (size_t)((series->start_utc_ms - first) / width);
            extend(series, before, (size_t)((last - first) / width));
            series->start_utc_ms = first;
            return;
        }
        coarsen(series);
    }
}

void cct_series_add(struct cct_series *series, int64_t start_utc_ms, int64_t end_utc_ms,
                    const struct cct_bucket *amount)
{
    int64_t start = start_utc_ms < end_utc_ms ? start_utc_ms : end_utc_ms - 1;
    int64_t until = series->start_utc_ms + (int64_t)series->count * series->width_ms;
    if (!series->count || start < series->start_utc_ms || end_utc_ms > until)
        cover(series, start, end_utc_ms);
    int64_t width = series->width_ms;
    size_t i = (size_t)((start - series->start_utc_ms) / width);
    for (int64_t at = start; at < end_utc_ms; i++) {
        int64_t edge = series->start_utc_ms + (int64_t)(i + 1) * width;
        int64_t to = edge < end_utc_ms ? edge : end_utc_ms;
        add_scaled(&series->buckets[i], amount, (double)(to - at) / (double)(end_utc_ms - start));
        at = to;
    }
}

void cct_series_limit(struct cct_series *series, size_t limit)
{
    series->limit = limit;
    while (series->count > limit)
        coarsen(series);
    if (series->cap > limit * 2) {
        size_t keep = series->count > 16 ? series->count : 16;
        series->buckets = cct_xreallocarray(series->buckets, keep, sizeof *series->buckets);
        series->cap = keep;
    }
}

void cct_series_free(struct cct_series *series)
{
    free(series->buckets);
    *series = (struct cct_series){0};
}

void cct_cumulative_build(struct cct_cumulative *cumulative, const struct cct_series *series)
{
    size_t n = series->count;
    cumulative->series = series;
    cumulative->energy_j = cct_xcalloc(n + 1, sizeof(double));
    cumulative->emission_g = cct_xcalloc(n + 1, sizeof(double));
    for (size_t i = 0; i < n; i++) {
        const struct cct_bucket *bucket = &series->buckets[i];
        cumulative->energy_j[i + 1] = cumulative->energy_j[i] + bucket->energy_j;
        cumulative->emission_g[i + 1] = cumulative->emission_g[i] + bucket->emission_g;
    }
}

void cct_cumulative_free(struct cct_cumulative *cumulative)
{
    free(cumulative->energy_j);
    free(cumulative->emission_g);
    *cumulative = (struct cct_cumulative){0};
}

/* The part of bucket i before a place inside it (0 to 1): the first bucket is covered at its end,
 * the last at its beginning. */
static double part_before(const struct cct_series *series, size_t i, double place)
{
    double covered = series->buckets[i].covered_s / ((double)series->width_ms / 1000);
    if (!(covered > 0 && covered < 1))
        return place;
    if (i + 1 == series->count)
        return fmin(1, place / covered);
    if (i == 0)
        return fmax(0, 1 - (1 - place) / covered);
    return place;
}

static double at_instant(const struct cct_series *series, const double *sums, int64_t utc_ms)
{
    if (utc_ms <= series->start_utc_ms || !series->count)
        return 0;
    double place = (double)(utc_ms - series->start_utc_ms) / (double)series->width_ms;
    if (place >= (double)series->count)
        return sums[series->count];
    size_t i = (size_t)place;
    return sums[i] + (sums[i + 1] - sums[i]) * part_before(series, i, place - (double)i);
}

double cct_cumulative_energy_j(const struct cct_cumulative *cumulative, int64_t utc_ms)
{
    return at_instant(cumulative->series, cumulative->energy_j, utc_ms);
}

double cct_cumulative_emission_g(const struct cct_cumulative *cumulative, int64_t utc_ms)
{
    return at_instant(cumulative->series, cumulative->emission_g, utc_ms);
}
