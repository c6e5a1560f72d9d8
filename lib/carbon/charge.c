/* SPDX-License-Identifier: Apache-2.0
 * Charging a span of time. Lengths are milliseconds in double: those of whole periods are exact,
 * and the one that begins with the span is computed from the span's end, so that its fraction of
 * a millisecond is kept. The sum is A. Neumaier's (ZAMM 54, 1974). */
#include "series.h"

#include <math.h>

struct sum {
    double value, rest;
};

struct work {
    int64_t end_utc_ms;
    double span_ms;
    struct sum weighted;
    double first_g;
    size_t parts;
    bool varies; /* the parts have not all one value, which would then be the mean itself */
    struct cct_charge *out;
};

static int year_of(const struct cct_intensity *annual)
{
    int year, month, day;
    cct_civil_from_days(annual->from_utc_ms / 86400000, &year, &month, &day);
    return year;
}

static void sum_add(struct sum *sum, double v)
{
    double total = sum->value + v;
    if (fabs(sum->value) >= fabs(v))
        sum->rest += (sum->value - total) + v;
    else
        sum->rest += (v - total) + sum->value;
    sum->value = total;
}

static void part(struct work *w, double length_ms, double g_per_kwh, enum cct_quality quality,
                 const char *provider)
{
    if (!w->parts++)
        w->first_g = g_per_kwh;
    w->varies |= g_per_kwh != w->first_g;
    sum_add(&w->weighted, length_ms * g_per_kwh);
    if (!w->out->provider || quality > w->out->quality) {
        w->out->quality = quality;
        w->out->provider = provider;
    }
}

/* The first period that ends after the span's begin (at its instant: not before it). */
static bool ends_in_time(const struct cct_period *p, const struct work *w)
{
    double after_ms = (double)(p->to_utc_ms - w->end_utc_ms);
    return w->span_ms > 0 ? after_ms > -w->span_ms : after_ms >= 0;
}

static size_t search(const struct cct_series *s, const struct work *w)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ends_in_time(&s->periods[middle], w))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Samples mostly come in order: the place of the last one, or the next, is looked at first. */
static size_t first_period(struct cct_series *s, const struct work *w)
{
    for (size_t i = s->at; i < s->count && i < s->at + 2; i++)
        if (ends_in_time(&s->periods[i], w) && (i == 0 || !ends_in_time(&s->periods[i - 1], w)))
            return s->at = i;
    return s->at = search(s, w);
}

/* A hole of the span behind period `before` (NULL: none), length_ms long, that ends at end. */
static bool hole(struct work *w, const struct cct_period *before,
                 const struct cct_intensity *annual, double length_ms, int64_t end_utc_ms)
{
    if (before) {
        double age_s = (double)(end_utc_ms - before->to_utc_ms) / 1000.0;
        if (age_s > w->out->age_s)
            w->out->age_s = age_s;
        part(w, length_ms, before->g_per_kwh, before->quality, before->provider);
        return true;
    }
    if (!annual)
        return false;
    w->out->year = year_of(annual);
    part(w, length_ms, annual->g_per_kwh, annual->quality, annual->provider);
    return true;
}

static double min(double a, double b)
{
    return a < b ? a : b;
}

/* Walks the span from its begin. left_ms: what is not yet charged; it ends at w->end_utc_ms. */
static bool walk(struct work *w, const struct cct_series *s, size_t at,
                 const struct cct_intensity *annual)
{
    double left_ms = w->span_ms;
    bool instant = left_ms == 0;
    for (size_t i = at;; i++) {
        const struct cct_period *before = i > 0 ? &s->periods[i - 1] : NULL;
        const struct cct_period *p = i < s->count ? &s->periods[i] : NULL;
        bool reached = p && p->from_utc_ms < w->end_utc_ms;
        double gap_ms = reached ? left_ms - (double)(w->end_utc_ms - p->from_utc_ms) : left_ms;
        bool needs_hole = instant ? !reached : gap_ms > 0;
        if (needs_hole &&
            !hole(w, before, annual, gap_ms, reached ? p->from_utc_ms : w->end_utc_ms))
            return false;
        if (!reached)
            return true;
        left_ms = min(left_ms, (double)(w->end_utc_ms - p->from_utc_ms));
        double after_ms = (double)(w->end_utc_ms - p->to_utc_ms);
        part(w, after_ms > 0 ? left_ms - after_ms : left_ms, p->g_per_kwh, p->quality, p->provider);
        if (after_ms <= 0)
            return true;
        left_ms = after_ms;
    }
}

bool cct_labels_agree(enum cct_signal signal, enum cct_basis basis,
                      const struct cct_intensity *value)
{
    return (!signal || !value->signal || signal == value->signal) &&
           (!basis || !value->basis || basis == value->basis);
}

bool cct_series_charge(struct cct_series *series, const struct cct_intensity *annual,
                       int64_t ts_utc_ms, double interval_s, struct cct_charge *out)
{
    *out = (struct cct_charge){0};
    if (!series) {
        if (!annual)
            return false;
        *out = (struct cct_charge){
            .g_per_kwh = annual->g_per_kwh,
            .quality = annual->quality,
            .provider = annual->provider,
            .year = year_of(annual),
            .signal = annual->signal,
            .basis = annual->basis,
        };
        return true;
    }
    cct_series_settle(series);
    struct work w = {.end_utc_ms = ts_utc_ms, .span_ms = interval_s * 1000.0, .out = out};
    if (annual && !cct_labels_agree(series->signal, series->basis, annual))
        annual = NULL;
    if (!walk(&w, series, first_period(series, &w), annual))
        return false;
    out->g_per_kwh = w.varies ? (w.weighted.value + w.weighted.rest) / w.span_ms : w.first_g;
    if (!out->year) /* it was not needed */
        annual = NULL;
    out->signal = series->signal ? series->signal : annual ? annual->signal : CCT_SIGNAL_UNKNOWN;
    out->basis = series->basis ? series->basis : annual ? annual->basis : CCT_BASIS_UNKNOWN;
    return isfinite(out->g_per_kwh); /* a span beyond all reason is not known */
}

double cct_emission_g(double energy_j, double g_per_kwh, double pue)
{
    return energy_j / 3.6e6 * pue * g_per_kwh;
}
