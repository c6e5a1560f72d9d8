/* SPDX-License-Identifier: Apache-2.0
 * A set of record numbers, kept as ranges: a stream in order is one range, however long. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCT_MAX_RANGES 4096 /* beyond, the lowest range is forgotten */

struct cct_range {
    uint64_t first, last;
};

/* Zero-initialise. */
struct cct_ranges {
    struct cct_range *items; /* owned, ascending, never touching */
    size_t count, cap;
};

/* Adds n; false when it was there already. */
bool cct_ranges_add(struct cct_ranges *ranges, uint64_t n);
void cct_ranges_free(struct cct_ranges *ranges);
