/* SPDX-License-Identifier: Apache-2.0
 * Intervals come in any order and may overlap. What comes in order is appended; anything else is
 * resolved by one sweep over time when the series is next asked: the intervals that hold at an
 * instant lie in a heap, the strongest on top. */
#include "series.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

struct sweep {
    const struct cct_period *in; /* by from */
    size_t in_count, next;
    const struct cct_period **heap;
    size_t heap_count;
    struct cct_period *out;
    size_t out_count, out_cap;
};

/* a holds where a and b overlap: fetched later, else come later. CCT_NO_INSTANT is the least. */
static bool stronger(const struct cct_period *a, const struct cct_period *b)
{
    if (a->fetched_utc_ms != b->fetched_utc_ms)
        return a->fetched_utc_ms > b->fetched_utc_ms;
    return a->order > b->order;
}

static int by_from(const void *a, const void *b)
{
    const struct cct_period *p = a, *q = b;
    if (p->from_utc_ms != q->from_utc_ms)
        return p->from_utc_ms < q->from_utc_ms ? -1 : 1;
    return p->order < q->order ? -1 : p->order > q->order;
}

static void push(struct sweep *s, const struct cct_period *period)
{
    size_t i = s->heap_count++;
    for (; i > 0 && stronger(period, s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = period;
}

static void pop(struct sweep *s)
{
    const struct cct_period *last = s->heap[--s->heap_count];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < s->heap_count && stronger(s->heap[child + 1], s->heap[child]))
            child++;
        if (child >= s->heap_count || !stronger(s->heap[child], last))
            break;
        s->heap[i] = s->heap[child];
        i = child;
    }
    s->heap[i] = last;
}

/* [from, to) belongs to period; it may go on a piece that ends here. */
static void emit(struct sweep *s, const struct cct_period *period, int64_t from, int64_t to)
{
    struct cct_period *last = s->out_count ? &s->out[s->out_count - 1] : NULL;
    if (last && last->order == period->order && last->to_utc_ms == from) {
        last->to_utc_ms = to;
        return;
    }
    if (s->out_count == s->out_cap) {
        s->out_cap = s->out_cap * 2 + 16;
        s->out = cct_xreallocarray(s->out, s->out_cap, sizeof *s->out);
    }
    s->out[s->out_count] = *period;
    s->out[s->out_count].from_utc_ms = from;
    s->out[s->out_count++].to_utc_ms = to;
}

static int64_t take_in(struct sweep *s, int64_t now)
{
    while (s->next < s->in_count && s->in[s->next].from_utc_ms <= now)
        push(s, &s->in[s->next++]);
    return s->next < s->in_count ? s->in[s->next].from_utc_ms : INT64_MAX;
}

static void sweep(struct sweep *s)
{
    int64_t now = INT64_MIN;
    while (s->next < s->in_count || s->heap_count) {
        if (!s->heap_count)
            now = s->in[s->next].from_utc_ms;
        int64_t until = take_in(s, now);
        const struct cct_period *top = s->heap[0];
        if (top->to_utc_ms <= now) {
            pop(s);
            continue;
        }
        if (top->to_utc_ms < until)
            until = top->to_utc_ms;
        emit(s, top, now, until);
        now = until;
    }
}

void cct_series_settle(struct cct_series *series)
{
    if (series->settled)
        return;
    qsort(series->periods, series->count, sizeof *series->periods, by_from);
    struct sweep s = {
        .in = series->periods,
        .in_count = series->count,
        .heap = cct_xcalloc(series->count, sizeof(const struct cct_period *)),
    };
    sweep(&s);
    free(s.heap);
    free(series->periods);
    series->periods = s.out;
    series->count = s.out_count;
    series->cap = s.out_cap;
    series->settled = true;
    series->at = 0;
}

void cct_series_add(struct cct_series *series, const struct cct_intensity *value,
                    const char *provider)
{
    if (series->count == series->cap) {
        series->cap = series->cap * 2 + 16;
        series->periods = cct_xreallocarray(series->periods, series->cap, sizeof *series->periods);
    }
    series->settled =
        series->settled &&
        (!series->count || series->periods[series->count - 1].to_utc_ms <= value->from_utc_ms);
    series->periods[series->count++] = (struct cct_period){
        .from_utc_ms = value->from_utc_ms,
        .to_utc_ms = value->to_utc_ms,
        .fetched_utc_ms = value->fetched_utc_ms,
        .order = series->came++,
        .g_per_kwh = value->g_per_kwh,
        .provider = provider,
        .quality = value->quality,
    };
}
