/* SPDX-License-Identifier: Apache-2.0
 * XGBoost's rounds: `[12]<TAB>train-logloss:0.3<TAB>eval-auc:0.9`; cross-validation adds `+0.01`, a
 * standard deviation, to each mean. The round is the step, counted from 0. */
#include "progress/format.h"

/* Up to the next tab or blank. */
static struct cct_slice next_part(struct cct_slice *t)
{
    cct_slice_blanks(t);
    struct cct_slice part = {t->p, t->p};
    while (t->p < t->end && !cct_is_blank(*t->p))
        t->p++;
    part.end = t->p;
    return part;
}

static bool read_metric(struct cct_slice part, struct cct_progress_fields *f)
{
    const char *colon = cct_slice_find(part, ":");
    struct cct_slice name = {part.p, colon};
    if (!colon || !cct_slice_find(name, "-"))
        return false;
    struct cct_slice value = {colon + 1, part.end};
    const char *deviation = cct_slice_find(value, "+");
    double v;
    if (deviation && deviation > value.p && deviation[-1] != 'e')
        value.end = deviation;
    if (!cct_slice_number(&value, &v) || value.p != value.end)
        return false;
    cct_progress_put_metric(f, name, v);
    return true;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct cct_slice t = line->text;
    (void)state;
    if (!cct_slice_skip(&t, "[") || !cct_slice_count(&t, &f->step) || !cct_slice_skip(&t, "]") ||
        !cct_slice_blanks(&t))
        return CCT_PROGRESS_NONE;
    while (t.p < t.end)
        if (!read_metric(next_part(&t), f))
            return CCT_PROGRESS_NONE;
    return CCT_PROGRESS_FOUND;
}

const struct cct_progress_format cct_progress_xgboost = {.name = "xgboost", .parse = parse};
