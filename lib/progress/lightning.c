/* SPDX-License-Identifier: Apache-2.0
 * PyTorch Lightning: `Epoch 3: 100%|###| 10/10 [.., train_loss=0.1]` of its TQDMProgressBar, and
 * `Epoch 3/9 ━━━ 10/10 0:00:01 • 0:00:00 52.1it/s train_loss: 0.1` of its RichProgressBar, whose
 * second number is the last epoch's, counted from 0 as the first. */
#include "progress/bar.h"
#include "progress/format.h"
#include "progress/words.h"

#include <math.h>

static bool is_rule(struct cct_slice *t)
{
    return cct_slice_skip(t, "━") || cct_slice_skip(t, "╸") || cct_slice_skip(t, "╺");
}

static enum cct_progress_found rich(struct cct_slice t, struct cct_progress_fields *f)
{
    struct cct_progress_words words;
    double epoch, last, n, of;
    bool training = cct_slice_skip(&t, "Epoch ") && cct_slice_ratio(&t, &epoch, &last);
    while (t.p < t.end && !training && (cct_is_alpha(*t.p) || *t.p == ' '))
        t.p++;
    cct_slice_blanks(&t);
    if (!is_rule(&t))
        return CCT_PROGRESS_NONE;
    while (is_rule(&t))
        ;
    cct_slice_blanks(&t);
    if (!cct_slice_ratio(&t, &n, &of) || !cct_slice_find(t, "•"))
        return CCT_PROGRESS_NONE;
    if (!training)
        return CCT_PROGRESS_MINE;
    const char *rate = cct_slice_find(t, "it/s");
    t.p = rate ? rate + 4 : t.end;
    f->bar = true;
    cct_progress_words_read(t, f, &words);
    f->epoch = epoch;
    f->epochs = last + 1;
    f->step = n;
    f->steps = of;
    return CCT_PROGRESS_FOUND;
}

/* "Epoch 0, global step 14: 'val_loss' reached 1.46 (best 1.46), saving model to 'PATH' as top 1"
 */
static bool checkpoint(struct cct_slice t, struct cct_progress_fields *f)
{
    if (!cct_slice_skip(&t, "Epoch ") || !cct_slice_count(&t, &f->epoch) ||
        !cct_slice_skip(&t, ", global step ") || !cct_slice_count(&t, &f->step))
        return false;
    static const char saving[] = "saving model to '";
    const char *path = cct_slice_find(t, saving);
    if (!path)
        return true;
    t.p = path + sizeof(saving) - 1;
    const char *end = cct_slice_find(t, "' as top");
    if (end && end > t.p)
        f->checkpoint = (struct cct_slice){t.p, end};
    return true;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    static const char *const phases[] = {"sanity", "validation", "testing", "predicting", NULL};
    struct cct_progress_bar bar;
    (void)state;
    if (checkpoint(line->text, f))
        return f->checkpoint.p ? CCT_PROGRESS_FOUND : CCT_PROGRESS_MINE;
    if (!cct_progress_bar_read(line->text, &bar)) {
        cct_progress_fields_init(f);
        return rich(line->text, f);
    }
    struct cct_slice label = bar.label;
    double epoch;
    if (cct_slice_skip(&label, "Epoch ") && cct_slice_count(&label, &epoch) &&
        label.p == label.end) {
        cct_progress_bar_fields(&bar, f);
        f->epoch = epoch;
        return CCT_PROGRESS_FOUND;
    }
    bool phase = cct_progress_bar_says(&bar, phases) && cct_slice_find(bar.label, "DataLoader");
    return phase ? CCT_PROGRESS_MINE : CCT_PROGRESS_NONE;
}

const struct cct_progress_format cct_progress_lightning = {.name = "lightning", .parse = parse};
