/* SPDX-License-Identifier: Apache-2.0
 * Lines that people print: `epoch=3 loss=0.12`, `Epoch 3/10 - loss: 0.12`, `step 100: train loss
 * 1.2`. A line must speak of a training, or else every date and every `a=1` would be progress. */
#include "progress/format.h"
#include "progress/words.h"

/* `Step 3/12 : RUN pip install a==1.2`, of docker build */
static bool is_docker(struct cct_slice t)
{
    double n, of;
    return cct_slice_skip(&t, "Step ") && cct_slice_ratio(&t, &n, &of) && cct_slice_skip(&t, " : ");
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct cct_progress_words words;
    (void)state;
    cct_progress_words_read(line->text, f, &words);
    f->in_epoch = true;
    if ((words.epoch || words.step || words.loss) && line->sure)
        return CCT_PROGRESS_FOUND;
    if (words.epoch && (words.loss || words.step || f->count))
        return CCT_PROGRESS_FOUND;
    if (words.step && (words.loss || words.judged) && !is_docker(line->text))
        return CCT_PROGRESS_FOUND;
    if (words.loss_first)
        return CCT_PROGRESS_FOUND;
    if (words.headline) {
        f->header = true;
        return CCT_PROGRESS_FOUND;
    }
    return CCT_PROGRESS_NONE;
}

const struct cct_progress_format cct_progress_kv = {.name = "kv", .generic = true, .parse = parse};
