/* SPDX-License-Identifier: Apache-2.0
 * Counting a tick into its run: exact sums first, then the series for the charts. */
#include "model.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double known_or(double v, double other)
{
    return isnan(v) ? other : v;
}

static void count_time(struct cct_run *run, const struct cct_tick *tick)
{
    if (run->start_utc_ms == CCT_NO_INSTANT || tick->start_utc_ms < run->start_utc_ms)
        run->start_utc_ms = tick->start_utc_ms;
    if (run->end_utc_ms == CCT_NO_INSTANT || tick->end_utc_ms > run->end_utc_ms)
        run->end_utc_ms = tick->end_utc_ms;
    if (tick->interval_s > run->longest_interval_s)
        run->longest_interval_s = tick->interval_s;
}

/* cct_sum_add skips what is unknown, so that a total that nobody measured stays unknown. */
static void count_joules(struct cct_run *run, const struct cct_tick *tick)
{
    double energy_j = tick->energy_j;
    cct_sum_add(&run->energy_j, energy_j);
    cct_sum_add(&run->job_j, tick->job_j);
    cct_sum_add(&run->idle_j, tick->idle_j);
    cct_sum_add(&run->other_j, tick->other_j);
    cct_sum_add(&run->covered_s, tick->interval_s);
    for (size_t i = 0; i < CCT_PARTS; i++) {
        if (tick->part_j[i] > 0)
            cct_sum_add(&run->part_j[i], tick->part_j[i]);
    }
    cct_sum_add(&run->low_j, known_or(tick->low_j, energy_j));
    cct_sum_add(&run->high_j, known_or(tick->high_j, energy_j));
    cct_sum_add(&run->measured_j, energy_j * tick->measured_share);
    cct_sum_add(&run->modelled_j, energy_j * (1 - tick->measured_share));
    if (tick->power_w <= 1e300)
        run->peak_w = fmax(known_or(run->peak_w, 0), tick->power_w);
}

/* The sum that belongs to a source; the key of the tick before in this place is tried first. */
static void count_sources(struct cct_run *run, const struct cct_tick *tick)
{
    cct_auto_buf name = {0};
    size_t place = 0;
    struct cct_iter it = cct_iter(tick->value[CCT_T_SOURCES]);
    for (; cct_iter_next(&it); place++) {
        size_t n = place;
        if (n >= run->source_names.count || run->source_names.items[n].len != it.key.len ||
            memcmp(run->source_names.items[n].s, it.key.p, it.key.len) != 0) {
            name.len = 0;
            cct_key_string(it.key, &name);
            size_t known = run->source_names.count;
            n = cct_names_intern(&run->source_names, cct_buf_str(&name), name.len, CCT_MAX_SOURCES);
            if (n == CCT_NO_NAME)
                continue;
            if (n == known) {
                run->source_j = cct_xreallocarray(run->source_j, n + 1, sizeof *run->source_j);
                run->source_j[n] = (struct cct_sum){0};
            }
        }
        cct_sum_add(&run->source_j[n], cct_value_number(it.value));
    }
}

static void count_flag(struct cct_run *run, struct cct_value flag, struct cct_buf *name)
{
    name->len = 0;
    if (!cct_value_string(flag, name))
        return;
    size_t known = run->flag_names.count;
    size_t n = cct_names_intern(&run->flag_names, cct_buf_str(name), name->len, CCT_MAX_FLAGS);
    if (n == CCT_NO_NAME)
        return;
    if (n == known)
        run->flags[n] = 0;
    run->flags[n]++;
}

/* A tick counts as a gap once, however many of its sources had one. */
static void count_flags(struct cct_run *run, const struct cct_tick *tick)
{
    cct_auto_buf name = {0};
    bool gap = false;
    bool step = false;
    struct cct_iter it = cct_iter(tick->value[CCT_T_FLAGS]);
    while (cct_iter_next(&it)) {
        struct cct_iter flags = cct_iter(it.value);
        while (cct_iter_next(&flags)) {
            count_flag(run, flags.value, &name);
            gap = gap || cct_value_equals(flags.value, "gap");
            step = step || cct_value_equals(flags.value, "clock_step");
        }
    }
    run->flagged_gaps += gap ? 1 : 0;
    run->clock_steps += step ? 1 : 0;
}

static char *string_of(struct cct_value value)
{
    cct_auto_buf s = {0};
    if (value.type == CCT_NUMBER)
        cct_buf_add(&s, value.text.p, value.text.len);
    else
        cct_value_string(value, &s);
    return cct_xstrdup(cct_buf_str(&s));
}

static struct cct_factor *factor_of(struct cct_run *run, const struct cct_tick *tick)
{
    static const enum cct_tick_field fields[] = {CCT_T_ZONE, CCT_T_REGION, CCT_T_PROVIDER,
                                                 CCT_T_QUALITY, CCT_T_YEAR};
    char key[1280];
    size_t len = 0;
    for (size_t i = 0; i < CCT_LEN(fields); i++) {
        struct cct_span text = tick->value[fields[i]].text;
        size_t n = text.len < 250 ? text.len : 250;
        if (n)
            memcpy(key + len, text.p, n);
        len += n;
        key[len++] = '\n';
    }
    size_t known = run->factor_names.count;
    size_t n = cct_names_intern(&run->factor_names, key, len, CCT_MAX_FACTORS);
    if (n == CCT_NO_NAME)
        return NULL;
    if (n == known) {
        run->factors = cct_xreallocarray(run->factors, n + 1, sizeof *run->factors);
        run->factors[n] = (struct cct_factor){
            .zone = string_of(tick->value[CCT_T_ZONE]),
            .region = string_of(tick->value[CCT_T_REGION]),
            .provider = string_of(tick->value[CCT_T_PROVIDER]),
            .quality = string_of(tick->value[CCT_T_QUALITY]),
            .year = string_of(tick->value[CCT_T_YEAR]),
            .min_g_per_kwh = INFINITY,
            .max_g_per_kwh = -INFINITY,
            .min_pue = INFINITY,
            .max_pue = -INFINITY,
        };
    }
    return &run->factors[n];
}

static void count_factor(struct cct_run *run, const struct cct_tick *tick)
{
    struct cct_factor *factor = factor_of(run, tick);
    if (!factor)
        return;
    cct_sum_add(&factor->energy_j, tick->energy_j);
    cct_sum_add(&factor->emission_g, tick->emission_g);
    cct_sum_add(&factor->weighted, tick->intensity_g_per_kwh * tick->energy_j);
    factor->min_g_per_kwh = fmin(factor->min_g_per_kwh, tick->intensity_g_per_kwh);
    factor->max_g_per_kwh = fmax(factor->max_g_per_kwh, tick->intensity_g_per_kwh);
    factor->min_pue = fmin(factor->min_pue, tick->pue);
    factor->max_pue = fmax(factor->max_pue, tick->pue);
}

/* Bounds of an emission that gives none are those of its energy. */
static void count_grams(struct cct_run *run, const struct cct_tick *tick)
{
    double g = tick->emission_g;
    cct_sum_add(&run->embodied_g, tick->embodied_g);
    cct_sum_add(&run->water_l, tick->water_l);
    if (isnan(g))
        return;
    double per_j = tick->energy_j > 0 ? g / tick->energy_j : 0;
    cct_sum_add(&run->emission_g, g);
    cct_sum_add(&run->low_g, known_or(tick->low_g, known_or(tick->low_j * per_j, g)));
    cct_sum_add(&run->high_g, known_or(tick->high_g, known_or(tick->high_j * per_j, g)));
    cct_sum_add(&run->emission_j, tick->energy_j);
    if (!isnan(tick->intensity_g_per_kwh)) {
        cct_sum_add(&run->weighted_intensity, tick->intensity_g_per_kwh * tick->energy_j);
        cct_sum_add(&run->intensity_j, tick->energy_j);
    }
    if (!isnan(tick->pue)) {
        cct_sum_add(&run->weighted_pue, tick->pue * tick->energy_j);
        cct_sum_add(&run->pue_j, tick->energy_j);
    }
    count_factor(run, tick);
}

static void count_series(struct cct_run *run, const struct cct_tick *tick)
{
    struct cct_bucket amount;
    cct_bucket_clear(&amount);
    if (tick->counts_energy && !isnan(tick->energy_j)) {
        amount.energy_j = tick->energy_j;
        memcpy(amount.part_j, tick->part_j, sizeof amount.part_j);
        amount.job_j = known_or(tick->job_j, 0);
        amount.covered_s = known_or(tick->interval_s, 0);
        if (!isnan(tick->power_w))
            amount.min_w = amount.max_w = tick->power_w;
    }
    if (tick->counts_grams) {
        amount.emission_g = known_or(tick->emission_g, 0);
        if (!isnan(tick->intensity_g_per_kwh)) {
            amount.intensity_s = known_or(tick->interval_s, 0);
            amount.intensity_gs = tick->intensity_g_per_kwh * amount.intensity_s;
        }
    }
    cct_series_add(&run->series, tick->start_utc_ms, tick->end_utc_ms, &amount);
}

void cct_run_count(struct cct_run *run, const struct cct_tick *tick, bool series)
{
    if (tick->counts_energy) {
        run->ticks++;
        run->dark_ticks += isnan(tick->energy_j) ? 1 : 0;
        count_time(run, tick);
        count_joules(run, tick);
        count_sources(run, tick);
        if (tick->value[CCT_T_FLAGS].type == CCT_OBJECT)
            count_flags(run, tick);
    }
    if (tick->counts_grams)
        count_grams(run, tick);
    if (series && (tick->counts_energy || tick->counts_grams))
        count_series(run, tick);
}
