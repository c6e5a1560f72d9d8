/* SPDX-License-Identifier: Apache-2.0
 * The inside of a series. Private to the room. */
#pragma once

#include "carbon/carbon.h"

struct cct_period {
    int64_t from_utc_ms, to_utc_ms; /* [from, to) */
    int64_t fetched_utc_ms;
    uint64_t order; /* of coming */
    double g_per_kwh;
    const char *provider; /* owned by the book */
    enum cct_quality quality;
};

struct cct_series {
    char zone[CCT_ZONE_MAX];
    enum cct_signal signal;
    enum cct_basis basis;
    struct cct_period *periods; /* disjoint and rising, once settled */
    size_t count, cap;
    bool settled;
    uint64_t came; /* how many have come */
    size_t at;     /* where the last look-up ended */
};

/* Value may be summed with what has this signal and basis; unknown goes with everything. */
bool cct_labels_agree(enum cct_signal signal, enum cct_basis basis,
                      const struct cct_intensity *value);

void cct_series_add(struct cct_series *series, const struct cct_intensity *value,
                    const char *provider);
/* Resolves what overlaps. Cheap when nothing was added since. */
void cct_series_settle(struct cct_series *series);

/* What the finder knows of a place; a zone that it does not know but the book has is a place too.
 */
int cct_place_of(const struct cct_book *book, const struct cct_finder *finder, const char *zone,
                 const char *region, struct cct_place *out, struct cct_err *err) cct_must_check;
