/* SPDX-License-Identifier: Apache-2.0
 * scikit-learn with verbose: `Iteration 3, loss = 0.4` of the multi-layer perceptrons, `-- Epoch 3`
 * and the line below of stochastic gradient descent, the table of gradient boosting,
 * `[1/10] 10 trees, ..., train loss: 0.9` of its histogram kind, `building tree 1 of 100` of
 * forests, `Iteration 0, inertia 12.3` of k-means. */
#include "progress/format.h"

#include <math.h>

struct state {
    double iteration; /* the perceptron's last, for the line of its validation score */
    bool has_iteration;
    int columns;  /* of the gradient boosting table that is being printed, or 0 */
    bool improve; /* it has the column OOB Improve */
};

#define NAME(s) cct_slice_of(s, sizeof(s) - 1)

static void put_value(struct cct_progress_fields *f, struct cct_slice name, struct cct_slice value)
{
    double v;
    if (cct_slice_number(&value, &v))
        cct_progress_put(f, name, v);
}

/* `, loss = 0.4` or `, inertia 12.3` behind `Iteration N` */
static enum cct_progress_found iteration(struct state *s, struct cct_slice t,
                                         struct cct_progress_fields *f)
{
    if (!cct_slice_count(&t, &f->step) || !cct_slice_skip(&t, ", "))
        return CCT_PROGRESS_NONE;
    if (cct_slice_skip(&t, "loss = ")) {
        put_value(f, NAME("loss"), t);
        s->iteration = f->step;
        s->has_iteration = true;
        return CCT_PROGRESS_FOUND;
    }
    if (!cct_slice_skip(&t, "inertia "))
        return CCT_PROGRESS_NONE;
    put_value(f, NAME("inertia"), t);
    return CCT_PROGRESS_FOUND;
}

static enum cct_progress_found score(struct state *s, struct cct_slice t,
                                     struct cct_progress_fields *f)
{
    put_value(f, NAME("validation_score"), t);
    if (s->has_iteration)
        f->step = s->iteration;
    return f->count ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
}

/* `N`, and for the sag solver `N, change: 0.2` */
static enum cct_progress_found epoch(struct cct_slice t, struct cct_progress_fields *f, bool sgd)
{
    if (!cct_slice_count(&t, &f->epoch))
        return CCT_PROGRESS_NONE;
    if (sgd) {
        f->header = true;
        return t.p == t.end ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
    }
    if (!cct_slice_skip(&t, ", change: "))
        return CCT_PROGRESS_NONE;
    put_value(f, NAME("change"), t);
    return CCT_PROGRESS_FOUND;
}

/* `name: number, name: number`, whole line */
static bool read_list(struct cct_slice t, struct cct_progress_fields *f)
{
    while (t.p < t.end) {
        const char *comma = cct_slice_find(t, ", ");
        struct cct_slice part = {t.p, comma ? comma : t.end};
        const char *colon = cct_slice_find(part, ": ");
        if (!colon)
            return false;
        put_value(f, (struct cct_slice){part.p, colon}, (struct cct_slice){colon + 2, part.end});
        t.p = comma ? comma + 2 : t.end;
    }
    return true;
}

static enum cct_progress_found descent(struct cct_slice t, struct cct_progress_fields *f)
{
    f->in_epoch = true;
    return cct_slice_find(t, "NNZs: ") && read_list(t, f) ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
}

/* `[1/10] 10 trees, 310 leaves (31 on avg), max depth = 8, train loss: 1.05, val loss: 1.1, in
 * 0.02s` */
static enum cct_progress_found histogram(struct cct_slice t, struct cct_progress_fields *f)
{
    static const struct {
        const char *text, *name;
    } parts[] = {{"train loss: ", "train_loss"},
                 {"val loss: ", "val_loss"},
                 {"train score: ", "train_score"},
                 {"val score: ", "val_score"}};
    double trees;
    if (!cct_slice_ratio(&t, &f->step, &f->steps) || !cct_slice_skip(&t, "] ") ||
        !cct_slice_count(&t, &trees) || !cct_slice_skip(&t, " tree"))
        return CCT_PROGRESS_NONE;
    for (size_t i = 0; i < CCT_LEN(parts); i++) {
        const char *at = cct_slice_find(t, parts[i].text);
        struct cct_slice name = cct_slice_of(parts[i].name, 0), value = t;
        while (*name.end)
            name.end++;
        value.p = at;
        if (at && cct_slice_skip(&value, parts[i].text))
            put_value(f, name, value);
    }
    return CCT_PROGRESS_FOUND;
}

static enum cct_progress_found tree(struct cct_slice t, struct cct_progress_fields *f)
{
    bool read = cct_slice_count(&t, &f->step) && cct_slice_skip(&t, " of ") &&
                cct_slice_count(&t, &f->steps) && t.p == t.end;
    return read ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
}

static enum cct_progress_found table_head(struct state *s, struct cct_slice t)
{
    if (!cct_slice_find(t, "Remaining Time"))
        return CCT_PROGRESS_NONE;
    s->improve = cct_slice_find(t, "OOB Improve") != NULL;
    s->columns = s->improve ? 4 : 3;
    return CCT_PROGRESS_MINE;
}

/* `3  1.2005  0.5721  0.44s` below the head */
static enum cct_progress_found table_row(struct state *s, struct cct_slice t,
                                         struct cct_progress_fields *f)
{
    double loss, improve = NAN;
    int columns = s->columns;
    s->columns = 0;
    if (!cct_slice_count(&t, &f->step) || !cct_slice_blanks(&t) || !cct_slice_number(&t, &loss) ||
        !cct_slice_blanks(&t))
        return CCT_PROGRESS_NONE;
    if (s->improve && (!cct_slice_number(&t, &improve) || !cct_slice_blanks(&t)))
        return CCT_PROGRESS_NONE;
    if (t.p == t.end || !cct_is_digit(*t.p) || !cct_is_alpha(t.end[-1]) || cct_slice_find(t, " "))
        return CCT_PROGRESS_NONE;
    s->columns = columns;
    cct_progress_put(f, NAME("train_loss"), loss);
    cct_progress_put_metric(f, NAME("oob_improve"), improve);
    return CCT_PROGRESS_FOUND;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct state *s = state;
    struct cct_slice t = line->text;
    if (s->columns) {
        enum cct_progress_found row = table_row(s, t, f);
        if (row)
            return row;
        cct_progress_fields_init(f);
    }
    if (cct_slice_skip(&t, "Iteration "))
        return iteration(s, t, f);
    if (cct_slice_skip(&t, "Validation score: "))
        return score(s, t, f);
    if (cct_slice_skip(&t, "-- Epoch "))
        return epoch(t, f, true);
    if (cct_slice_skip(&t, "Epoch "))
        return epoch(t, f, false);
    if (cct_slice_skip(&t, "Norm: "))
        return descent(line->text, f);
    if (cct_slice_skip(&t, "["))
        return histogram(t, f);
    if (cct_slice_skip(&t, "building tree "))
        return tree(t, f);
    if (cct_slice_skip(&t, "Iter "))
        return table_head(s, t);
    return CCT_PROGRESS_NONE;
}

const struct cct_progress_format cct_progress_sklearn = {
    .name = "sklearn", .state_size = sizeof(struct state), .parse = parse};
