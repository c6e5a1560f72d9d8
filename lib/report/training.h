/* SPDX-License-Identifier: Apache-2.0
 * What a training said of itself: curves of loss and metrics, and when each epoch ended. Flat in
 * memory: neighbours merge in pairs when there are too many. */
#pragma once

#include "names.h"
#include "record/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCT_MAX_POINTS 2048 /* of one curve */
#define CCT_MAX_EPOCHS 2048 /* entries */
#define CCT_MAX_CURVES 64

struct cct_point {
    double x; /* epoch, or step, or the number of the report: see cct_axis_kind */
    double y; /* the last value at x */
    double min, max;
};

struct cct_curve {
    struct cct_point *points; /* owned, ascending in x where the training went forward */
    size_t count, cap;
    size_t stride; /* values a point stands for when it is full */
    size_t fill;   /* values in the last point */
    double last;
};

/* Epochs up to this number ended at this instant (the latest report that named them). */
struct cct_epoch {
    int64_t number;
    int64_t end_utc_ms;
};

enum cct_axis_kind { CCT_BY_EPOCH, CCT_BY_STEP, CCT_BY_REPORT };

/* Zero-initialise. */
struct cct_training {
    struct cct_names names; /* of the curves: "loss", then the metrics */
    struct cct_curve *curves;
    size_t curve_cap;
    bool curves_cut; /* there were more than CCT_MAX_CURVES */
    enum cct_axis_kind axis;
    struct cct_epoch *epochs; /* ascending by number */
    size_t epoch_count, epoch_cap;
    int64_t epochs_an_entry; /* a power of two */
    int64_t epoch_first, epoch_last;
    double epoch_planned, step_last, step_planned;
    double epoch_now, loss_now; /* of the latest report, for csv */
    uint64_t reports;
};

/* Counts a cct.progress/1. */
void cct_training_add(struct cct_training *training, const struct cct_rec *rec, int64_t ts_utc_ms);
void cct_training_free(struct cct_training *training);
/* How many epochs were reported, from the first to the last number; 0 when none was. */
int64_t cct_training_epochs(const struct cct_training *training);
/* A curve by its name, or NULL. */
const struct cct_curve *cct_training_curve(const struct cct_training *training, const char *name);
