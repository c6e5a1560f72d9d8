/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: what a line said. */
#pragma once

#include "progress/slice.h"
#include "record/write.h"

#include <stdbool.h>
#include <stddef.h>

#define CCT_PROGRESS_MAX_METRICS    64
#define CCT_PROGRESS_MAX_NAME_BYTES 128

struct cct_progress_metric {
    struct cct_slice name; /* as the log says it; blanks become _ when it is written */
    double value;
};

/* Numbers are NAN where the line did not say them. Spans point into the line. */
struct cct_progress_fields {
    double epoch, epochs, step, steps, loss;
    struct cct_slice loss_name; /* what the log calls it */
    int loss_rank;              /* 0: no loss yet; see cct_progress_put */
    struct cct_slice checkpoint;
    bool header;        /* an epoch's headline: what follows belongs to it */
    bool in_epoch;      /* belongs to the epoch of the last headline, where it names none */
    bool bar;           /* a progress bar's state */
    bool counts_epochs; /* a bar whose count is of whole epochs */
    size_t count;
    struct cct_progress_metric metrics[CCT_PROGRESS_MAX_METRICS]; /* the last member */
};

void cct_progress_fields_init(struct cct_progress_fields *f);

/* Sorts a named number in: epoch, epochs, step, steps and loss by the names that trainings give
 * them, anything else as a metric. Where several losses stand in a line, `loss` goes before
 * train_loss before total_loss, and the others become metrics. NAN values are dropped. */
void cct_progress_put(struct cct_progress_fields *f, struct cct_slice name, double value);
/* A metric, whatever its name. A second one of a name replaces the first. */
void cct_progress_put_metric(struct cct_progress_fields *f, struct cct_slice name, double value);

/* The line told at least one of the things that a record says. */
bool cct_progress_fields_any(const struct cct_progress_fields *f);
/* They would write the same record. */
bool cct_progress_fields_equal(const struct cct_progress_fields *a,
                               const struct cct_progress_fields *b);
/* Copies from into to; names and checkpoint go to store (emptied before). */
void cct_progress_fields_copy(struct cct_progress_fields *to,
                              const struct cct_progress_fields *from, struct cct_buf *store);
/* Writes the members of cct.progress/1. */
void cct_progress_fields_write(const struct cct_progress_fields *f, struct cct_json *json);
