/* SPDX-License-Identifier: Apache-2.0 */
#include "ranges.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* The first range that ends at n or behind it. */
static size_t place_of(const struct cct_ranges *ranges, uint64_t n)
{
    size_t lo = 0;
    size_t hi = ranges->count;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (ranges->items[mid].last < n)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void remove_at(struct cct_ranges *ranges, size_t at)
{
    ranges->count--;
    memmove(ranges->items + at, ranges->items + at + 1,
            (ranges->count - at) * sizeof *ranges->items);
}

static void insert_at(struct cct_ranges *ranges, size_t at, uint64_t n)
{
    if (ranges->count == CCT_MAX_RANGES) {
        if (at == 0)
            return;
        remove_at(ranges, 0);
        at--;
    }
    if (ranges->count == ranges->cap) {
        ranges->cap = ranges->cap ? ranges->cap * 2 : 4;
        ranges->items = cct_xreallocarray(ranges->items, ranges->cap, sizeof *ranges->items);
    }
    memmove(ranges->items + at + 1, ranges->items + at,
            (ranges->count - at) * sizeof *ranges->items);
    ranges->items[at] = (struct cct_range){n, n};
    ranges->count++;
}

bool cct_ranges_add(struct cct_ranges *ranges, uint64_t n)
{
    size_t at = place_of(ranges, n);
    struct cct_range *here = at < ranges->count ? &ranges->items[at] : NULL;
    if (here && here->first <= n)
        return false;
    struct cct_range *before = at ? &ranges->items[at - 1] : NULL;
    bool joins_before = before && before->last + 1 == n;
    bool joins_here = here && n + 1 == here->first;
    if (joins_before && joins_here) {
        before->last = here->last;
        remove_at(ranges, at);
    } else if (joins_before) {
        before->last = n;
    } else if (joins_here) {
        here->first = n;
    } else {
        insert_at(ranges, at, n);
    }
    return true;
}

void cct_ranges_free(struct cct_ranges *ranges)
{
    free(ranges->items);
    *ranges = (struct cct_ranges){0};
}
