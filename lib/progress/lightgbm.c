/* SPDX-License-Identifier: Apache-2.0
 * LightGBM's rounds: `[20]<TAB>valid_0's l2: 0.2<TAB>...` from Python (cross-validation adds `+
 * 0.01`),
 * `[LightGBM] [Info] Iteration:20, valid_0 l2 : 0.2` from its program. A metric is named
 * valid_0-l2, as XGBoost would. */
#include "progress/format.h"

#include <string.h>

struct state {
    bool repeats; /* the next round is the best one, told again */
    char names[CCT_PROGRESS_MAX_METRICS][CCT_PROGRESS_MAX_NAME_BYTES];
};

static void put(struct state *s, struct cct_progress_fields *f, struct cct_slice set,
                struct cct_slice metric, double v)
{
    size_t a = cct_slice_len(set), b = cct_slice_len(metric);
    if (f->count == CCT_PROGRESS_MAX_METRICS || a + 1 + b > CCT_PROGRESS_MAX_NAME_BYTES)
        return;
    char *name = s->names[f->count];
    memcpy(name, set.p, a);
    name[a] = '-';
    memcpy(name + a + 1, metric.p, b);
    cct_progress_put_metric(f, cct_slice_of(name, a + 1 + b), v);
}

/* `valid_0's l2: 0.2` or, in cross-validation, `valid's l2: 0.2 + 0.01` */
static bool read_metric(struct state *s, struct cct_slice part, struct cct_progress_fields *f)
{
    const char *owner = cct_slice_find(part, "'s ");
    const char *colon = cct_slice_find(part, ": ");
    double v;
    if (!owner || !colon || colon < owner + 3)
        return false;
    struct cct_slice value = {colon + 2, part.end};
    if (!cct_slice_number(&value, &v))
        return false;
    put(s, f, (struct cct_slice){part.p, owner}, (struct cct_slice){owner + 3, colon}, v);
    return true;
}

static enum cct_progress_found python(struct state *s, struct cct_slice t,
                                      struct cct_progress_fields *f)
{
    if (!cct_slice_skip(&t, "[") || !cct_slice_count(&t, &f->step) || !cct_slice_skip(&t, "]\t"))
        return CCT_PROGRESS_NONE;
    while (t.p < t.end) {
        const char *tab = cct_slice_find(t, "\t");
        struct cct_slice part = {t.p, tab ? tab : t.end};
        if (!read_metric(s, part, f))
            return CCT_PROGRESS_NONE;
        t.p = tab ? tab + 1 : t.end;
    }
    bool repeated = s->repeats;
    s->repeats = false;
    return repeated ? CCT_PROGRESS_MINE : CCT_PROGRESS_FOUND;
}

/* `Iteration:20, valid_0 l2 : 0.2` */
static enum cct_progress_found program(struct state *s, struct cct_slice t,
                                       struct cct_progress_fields *f)
{
    double v;
    if (!cct_slice_skip(&t, "[Info] Iteration:") || !cct_slice_count(&t, &f->step) ||
        !cct_slice_skip(&t, ", "))
        return CCT_PROGRESS_MINE;
    const char *blank = cct_slice_find(t, " ");
    const char *colon = cct_slice_find(t, " : ");
    if (!blank || !colon || colon <= blank)
        return CCT_PROGRESS_MINE;
    struct cct_slice value = {colon + 3, t.end};
    if (!cct_slice_number(&value, &v))
        return CCT_PROGRESS_MINE;
    put(s, f, (struct cct_slice){t.p, blank}, (struct cct_slice){blank + 1, colon}, v);
    return CCT_PROGRESS_FOUND;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct state *s = state;
    struct cct_slice t = line->text;
    if (cct_slice_skip(&t, "[LightGBM] "))
        return program(s, t, f);
    if (cct_slice_find(t, "est iteration is:")) {
        s->repeats = true;
        return CCT_PROGRESS_MINE;
    }
    return python(s, t, f);
}

const struct cct_progress_format cct_progress_lightgbm = {
    .name = "lightgbm", .state_size = sizeof(struct state), .parse = parse};
