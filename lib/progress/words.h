/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: named numbers in running text, `Epoch 3/10 - loss: 0.12`, `step=100`,
 * `train loss 1.2`, wherever they stand in a line. */
#pragma once

#include "progress/fields.h"

#include <stdbool.h>

/* What speaks for it that the line is about a training. */
struct cct_progress_words {
    bool epoch, step, loss; /* named with a number, even if an unknown one (nan) */
    bool judged;            /* some metric whose name only a training has: accuracy, lr, bleu */
    bool loss_first;        /* the line begins with the loss */
    bool headline;          /* the epoch stands at the begin and little else in the line */
};

void cct_progress_words_read(struct cct_slice line, struct cct_progress_fields *f,
                             struct cct_progress_words *words);
