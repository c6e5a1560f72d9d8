/* SPDX-License-Identifier: Apache-2.0
 * The shared value of cct.intensity/1: what a kWh in a zone emits, from one instant to another.
 * Providers make it, cct-carbon charges by it, cct-plan plans with it. */
#pragma once

#include "record/scan.h"
#include "record/write.h"

enum cct_signal { CCT_SIGNAL_UNKNOWN, CCT_SIGNAL_AVERAGE, CCT_SIGNAL_MARGINAL };
enum cct_basis { CCT_BASIS_UNKNOWN, CCT_BASIS_LIFECYCLE, CCT_BASIS_DIRECT };
/* In the order of rising doubt: of two, the greater is the one to confess. */
enum cct_quality {
    CCT_QUALITY_UNKNOWN,
    CCT_QUALITY_MEASURED,
    CCT_QUALITY_ESTIMATED,
    CCT_QUALITY_FORECAST,
    CCT_QUALITY_ANNUAL,
};

#define CCT_ZONE_MAX 64 /* bytes with the NUL: of a zone, a region and a provider's name */

/* Values only: copied freely, nothing owned. */
struct cct_intensity {
    char zone[CCT_ZONE_MAX];   /* Electricity Maps key; "" when only the region is known */
    char region[CCT_ZONE_MAX]; /* provider/region, or "" */
    char provider[CCT_ZONE_MAX];
    int64_t from_utc_ms, to_utc_ms; /* [from, to): an annual value's year */
    int64_t fetched_utc_ms;         /* CCT_NO_INSTANT: not said */
    double g_per_kwh;               /* CO2e */
    enum cct_signal signal;
    enum cct_basis basis;
    enum cct_quality quality;
};

/* The word on the wire, or NULL for unknown. */
const char *cct_signal_name(enum cct_signal signal);
const char *cct_basis_name(enum cct_basis basis);
const char *cct_quality_name(enum cct_quality quality);

/* Reads a scanned cct.intensity/1. -1 with CCT_DATAERR when the place or an instant is missing, the
 * interval is empty, the number is not one or negative, a label is not one of the words above, or
 * a name is too long or holds a control character. */
int cct_intensity_read(const struct cct_rec *rec, struct cct_intensity *out,
                       struct cct_err *err) cct_must_check;
/* Adds the members to a record that cct_record_begin began; what is unknown stays absent. */
void cct_intensity_add(struct cct_json *json, const struct cct_intensity *value);
