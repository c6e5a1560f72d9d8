/* SPDX-License-Identifier: Apache-2.0 */
#include "training.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void merge_points(struct cct_point *into, const struct cct_point *from)
{
    into->x = from->x;
    into->y = from->y;
    into->min = fmin(into->min, from->min);
    into->max = fmax(into->max, from->max);
}

static void thin_out(struct cct_curve *curve)
{
    size_t half = curve->count / 2;
    for (size_t i = 0; i < half; i++) {
        curve->points[i] = curve->points[2 * i];
        merge_points(&curve->points[i], &curve->points[2 * i + 1]);
    }
    curve->count = half;
    curve->stride *= 2;
    curve->fill = curve->stride;
}

static void curve_add(struct cct_curve *curve, double x, double y)
{
    struct cct_point point = {x, y, y, y};
    struct cct_point *last = curve->count ? &curve->points[curve->count - 1] : NULL;
    curve->last = y;
    if (last && last->x == x) {
        *last = point;
        return;
    }
    if (!curve->stride)
        curve->stride = 1;
    if (last && curve->fill < curve->stride) {
        merge_points(last, &point);
        curve->fill++;
        return;
    }
    if (curve->count == CCT_MAX_POINTS)
        thin_out(curve);
    if (curve->count == curve->cap) {
        curve->cap = curve->cap ? curve->cap * 2 : 16;
        curve->points = cct_xreallocarray(curve->points, curve->cap, sizeof *curve->points);
    }
    curve->points[curve->count++] = point;
    curve->fill = 1;
}

static void value_add(struct cct_training *training, const char *name, size_t len, double x,
                      double y)
{
    if (!isfinite(y))
        return;
    size_t i = cct_names_intern(&training->names, name, len, CCT_MAX_CURVES);
    if (i == CCT_NO_NAME) {
        training->curves_cut = true;
        return;
    }
    if (i >= training->curve_cap) {
        size_t cap = training->curve_cap ? training->curve_cap * 2 : 4;
        training->curves = cct_xreallocarray(training->curves, cap, sizeof *training->curves);
        memset(training->curves + training->curve_cap, 0,
               (cap - training->curve_cap) * sizeof *training->curves);
        training->curve_cap = cap;
    }
    curve_add(&training->curves[i], x, y);
}

/* Entries that stand for the same epochs at twice the width become one, with the later end. */
static void widen_epochs(struct cct_training *training)
{
    size_t count = 0;
    int64_t wide = training->epochs_an_entry * 2;
    for (size_t i = 0; i < training->epoch_count; i++) {
        struct cct_epoch epoch = training->epochs[i];
        struct cct_epoch *last = count ? &training->epochs[count - 1] : NULL;
        if (last && (last->number - 1) / wide == (epoch.number - 1) / wide) {
            last->number = epoch.number;
            if (epoch.end_utc_ms > last->end_utc_ms)
                last->end_utc_ms = epoch.end_utc_ms;
        } else {
            training->epochs[count++] = epoch;
        }
    }
    training->epoch_count = count;
    training->epochs_an_entry = wide;
}

static size_t epoch_place(const struct cct_training *training, int64_t group)
{
    size_t at = training->epoch_count;
    while (at && (training->epochs[at - 1].number - 1) / training->epochs_an_entry >= group)
        at--;
    return at;
}

static void epoch_add(struct cct_training *training, int64_t number, int64_t ts_utc_ms)
{
    if (!training->epoch_count) {
        training->epochs_an_entry = 1;
        training->epoch_first = training->epoch_last = number;
    }
    training->epoch_first = number < training->epoch_first ? number : training->epoch_first;
    training->epoch_last = number > training->epoch_last ? number : training->epoch_last;
    int64_t group = (number - 1) / training->epochs_an_entry;
    size_t at = epoch_place(training, group);
    struct cct_epoch *here = &training->epochs[at];
    if (at < training->epoch_count && (here->number - 1) / training->epochs_an_entry == group) {
        here->number = number > here->number ? number : here->number;
        here->end_utc_ms = ts_utc_ms > here->end_utc_ms ? ts_utc_ms : here->end_utc_ms;
        return;
    }
    if (training->epoch_count == CCT_MAX_EPOCHS) {
        widen_epochs(training);
        epoch_add(training, number, ts_utc_ms);
        return;
    }
    if (training->epoch_count == training->epoch_cap) {
        training->epoch_cap = training->epoch_cap ? training->epoch_cap * 2 : 16;
        training->epochs =
            cct_xreallocarray(training->epochs, training->epoch_cap, sizeof *training->epochs);
    }
    memmove(training->epochs + at + 1, training->epochs + at,
            (training->epoch_count - at) * sizeof *training->epochs);
    training->epochs[at] = (struct cct_epoch){number, ts_utc_ms};
    training->epoch_count++;
}

/* Epochs are counted from 0 or 1 and may be fractions (Hugging Face's Trainer says 0.5 in the
 * middle of the first): the number of an epoch is the next whole number. */
static bool epoch_number(double epoch, int64_t *number)
{
    if (!(epoch >= 0 && epoch < 9e15))
        return false;
    *number = (int64_t)ceil(epoch);
    return true;
}

static double x_of(struct cct_training *training, double epoch, double step)
{
    if (isfinite(epoch)) {
        training->axis = CCT_BY_EPOCH;
        return epoch;
    }
    if (training->reports == 1)
        training->axis = isfinite(step) ? CCT_BY_STEP : CCT_BY_REPORT;
    if (training->axis == CCT_BY_EPOCH)
        return training->epoch_now;
    return training->axis == CCT_BY_STEP && isfinite(step) ? step : (double)training->reports;
}

static double known_or(double v, double before)
{
    return isfinite(v) ? v : before;
}

static void metrics_add(struct cct_training *training, struct cct_value metrics, double x)
{
    cct_auto_buf name = {0};
    struct cct_iter it = cct_iter(metrics);
    while (cct_iter_next(&it)) {
        name.len = 0;
        cct_key_string(it.key, &name);
        value_add(training, name.data ? name.data : "", name.len, x, cct_value_number(it.value));
    }
}

void cct_training_add(struct cct_training *training, const struct cct_rec *rec, int64_t ts_utc_ms)
{
    double epoch = cct_value_number(cct_rec_get(rec, "epoch"));
    double step = cct_value_number(cct_rec_get(rec, "step"));
    double loss = cct_value_number(cct_rec_get(rec, "loss"));
    if (!training->reports++) {
        training->epoch_planned = training->step_planned = NAN;
        training->step_last = training->epoch_now = training->loss_now = NAN;
    }
    training->epoch_planned =
        known_or(cct_value_number(cct_rec_get(rec, "epochs")), training->epoch_planned);
    training->step_planned =
        known_or(cct_value_number(cct_rec_get(rec, "steps")), training->step_planned);
    training->step_last = known_or(step, training->step_last);
    training->epoch_now = known_or(epoch, training->epoch_now);
    training->loss_now = known_or(loss, training->loss_now);
    int64_t number = 0;
    if (epoch_number(epoch, &number))
        epoch_add(training, number, ts_utc_ms);
    double x = x_of(training, epoch, step);
    value_add(training, "loss", 4, x, loss);
    metrics_add(training, cct_rec_get(rec, "metrics"), x);
}

int64_t cct_training_epochs(const struct cct_training *training)
{
    return training->epoch_count ? training->epoch_last - training->epoch_first + 1 : 0;
}

const struct cct_curve *cct_training_curve(const struct cct_training *training, const char *name)
{
    size_t i = cct_names_find(&training->names, name, strlen(name));
    return i == CCT_NO_NAME ? NULL : &training->curves[i];
}

void cct_training_free(struct cct_training *training)
{
    for (size_t i = 0; i < training->names.count; i++)
        free(training->curves[i].points);
    free(training->curves);
    free(training->epochs);
    cct_names_free(&training->names);
    *training = (struct cct_training){0};
}
