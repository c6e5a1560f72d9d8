/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: the parts of a bar that tqdm drew (tqdm, std.py, tqdm.format_meter). */
#pragma once

#include "progress/fields.h"

#include <stdbool.h>

struct cct_progress_bar {
    struct cct_slice label;   /* "Epoch 3" of "Epoch 3: 50%|" */
    double n, total;          /* NAN: not known, or rounded (1.2k) */
    struct cct_slice rate;    /* "29.1it/s" */
    struct cct_slice postfix; /* "loss=0.1, lr=0.001" */
};

bool cct_progress_bar_read(struct cct_slice line, struct cct_progress_bar *bar);
/* One of the words stands in the label. */
bool cct_progress_bar_says(const struct cct_progress_bar *bar, const char *const *words);
/* It runs over validation, test or prediction. */
bool cct_progress_bar_evaluates(const struct cct_progress_bar *bar);
/* Fills what every bar of a training says: step, steps, and the postfix's numbers. */
void cct_progress_bar_fields(const struct cct_progress_bar *bar, struct cct_progress_fields *f);
