/* SPDX-License-Identifier: Apache-2.0
 * tqdm's bars. Many programs draw some that are no training (downloads, data sets): a bar counts
 * when its label is empty or speaks of training, or when its postfix has a loss. */
#include "progress/bar.h"
#include "progress/format.h"
#include "progress/words.h"

#include <math.h>

/* The bar without a label that was seen first: while it is not full, others without a label are of
 * something else (Hugging Face's evaluation, a data loader inside). */
struct state {
    double total;
    bool full;
};

static bool belongs(struct state *s, const struct cct_progress_bar *bar, bool nested)
{
    bool same = s->total == bar->total;
    if (!same && s->total > 0 && (!s->full || nested))
        return false;
    if (!same)
        s->total = bar->total;
    s->full = bar->n >= bar->total;
    return true;
}

/* Bytes are not what trainings count. */
static bool counts_bytes(const struct cct_progress_bar *bar)
{
    struct cct_slice rate = bar->rate;
    return cct_slice_len(rate) > 3 &&
           (cct_slice_equals((struct cct_slice){rate.end - 3, rate.end}, "B/s") ||
            cct_slice_equals((struct cct_slice){rate.end - 3, rate.end}, "s/B"));
}

/* A validation's own numbers, without its steps and its `loss`, which is not the training's. */
static enum cct_progress_found evaluation(struct cct_progress_fields *f)
{
    f->step = f->steps = f->loss = NAN;
    f->loss_rank = 0;
    return f->count ? CCT_PROGRESS_FOUND : CCT_PROGRESS_MINE;
}

static bool speaks_of_training(const struct cct_progress_bar *bar,
                               const struct cct_progress_words *label,
                               const struct cct_progress_fields *f)
{
    static const char *const words[] = {"train",     "training",   "step",  "steps",   "iter",
                                        "iteration", "iterations", "batch", "batches", "fit",
                                        "fitting",   "learning",   "epoch", "epochs",  NULL};
    static const char *const others[] = {
        "downloading", "fetching", "loading", "reading",       "saving", "writing",   "generating",
        "split",       "map",      "mapping", "tokenizing",    "filter", "filtering", "extracting",
        "processing",  "caching",  "shards",  "preprocessing", NULL};
    if (f->loss_rank)
        return true;
    return !cct_progress_bar_says(bar, others) &&
           (label->epoch || label->step || cct_progress_bar_says(bar, words));
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    static const char *const epochs[] = {"epoch", "epochs", NULL};
    struct cct_progress_bar bar;
    struct cct_progress_words label;
    if (!cct_progress_bar_read(line->text, &bar))
        return CCT_PROGRESS_NONE;
    if (counts_bytes(&bar))
        return CCT_PROGRESS_MINE;
    cct_progress_words_read(bar.label, f, &label);
    cct_progress_bar_fields(&bar, f);
    f->in_epoch = true;
    if (cct_progress_bar_evaluates(&bar))
        return evaluation(f);
    if (bar.label.p == bar.label.end && !belongs(state, &bar, line->nested))
        return CCT_PROGRESS_MINE;
    bool unlabelled = bar.label.p == bar.label.end;
    if (!unlabelled && !line->sure && !speaks_of_training(&bar, &label, f))
        return CCT_PROGRESS_MINE;
    if (!label.epoch && cct_progress_bar_says(&bar, epochs)) { /* Epochs: 3/10, whole ones */
        f->epoch = f->step;
        f->epochs = f->steps;
        f->step = f->steps = NAN;
        f->counts_epochs = true;
    }
    return CCT_PROGRESS_FOUND;
}

const struct cct_progress_format cct_progress_tqdm = {
    .name = "tqdm", .state_size = sizeof(struct state), .parse = parse};
