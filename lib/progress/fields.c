/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/fields.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define MAX_EXACT 9007199254740992.0 /* 2^53 */
#define MAX_EPOCH 1e7                /* above it "epoch" is a Unix time */

void cct_progress_fields_init(struct cct_progress_fields *f)
{
    memset(f, 0, offsetof(struct cct_progress_fields, metrics));
    f->epoch = f->epochs = f->step = f->steps = f->loss = NAN;
}

void cct_progress_put_metric(struct cct_progress_fields *f, struct cct_slice name, double value)
{
    size_t len = cct_slice_len(name);
    if (!isfinite(value) || len == 0 || len > CCT_PROGRESS_MAX_NAME_BYTES)
        return;
    size_t i = 0;
    while (i < f->count && !(cct_slice_len(f->metrics[i].name) == len &&
                             memcmp(f->metrics[i].name.p, name.p, len) == 0))
        i++;
    if (i == CCT_PROGRESS_MAX_METRICS)
        return;
    f->metrics[i] = (struct cct_progress_metric){name, value};
    if (i == f->count)
        f->count++;
}

enum field { EPOCH, EPOCHS, STEP, STEPS, LOSS };

struct known {
    const char *name; /* lower case, parts joined by _ */
    enum field field;
    int rank; /* of a loss: the lowest goes first */
};

static const struct known known_names[] = {
    {"epoch", EPOCH, 0},
    {"current_epoch", EPOCH, 0},
    {"epochs", EPOCHS, 0},
    {"num_epochs", EPOCHS, 0},
    {"max_epochs", EPOCHS, 0},
    {"total_epochs", EPOCHS, 0},
    {"num_train_epochs", EPOCHS, 0},
    {"global_step", STEP, 0},
    {"step", STEP, 0},
    {"iteration", STEP, 0},
    {"iter", STEP, 0},
    {"steps", STEPS, 0},
    {"total_steps", STEPS, 0},
    {"max_steps", STEPS, 0},
    {"num_steps", STEPS, 0},
    {"loss", LOSS, 1},
    {"train_loss", LOSS, 2},
    {"training_loss", LOSS, 2},
    {"loss_train", LOSS, 2},
    {"trn_loss", LOSS, 2},
    {"tr_loss", LOSS, 2},
    {"train_loss_step", LOSS, 3},
    {"train_avg_loss", LOSS, 3},
    {"avg_train_loss", LOSS, 3},
    {"average_loss", LOSS, 4},
    {"avg_loss", LOSS, 4},
    {"avg._loss", LOSS, 4},
    {"mean_loss", LOSS, 4},
    {"running_loss", LOSS, 4},
    {"total_loss", LOSS, 4},
    {"batch_loss", LOSS, 4},
    {"lm_loss", LOSS, 4},
};

/* name equals known, where any of blank, - and / stands for _ */
static bool same_name(struct cct_slice name, const char *known)
{
    for (; name.p < name.end && *known; name.p++, known++) {
        char c = *name.p;
        if (c == ' ' || c == '-' || c == '/')
            c = '_';
        if (strncasecmp(&c, known, 1) != 0)
            return false;
    }
    return name.p == name.end && !*known;
}

static const struct known *find_known(struct cct_slice name)
{
    for (size_t i = 0; i < CCT_LEN(known_names); i++)
        if (same_name(name, known_names[i].name))
            return &known_names[i];
    return NULL;
}

static void put_loss(struct cct_progress_fields *f, struct cct_slice name, double value, int rank)
{
    if (f->loss_rank && f->loss_rank <= rank) {
        cct_progress_put_metric(f, name, value);
        return;
    }
    if (f->loss_rank)
        cct_progress_put_metric(f, f->loss_name, f->loss);
    f->loss = value;
    f->loss_name = name;
    f->loss_rank = rank;
}

void cct_progress_put(struct cct_progress_fields *f, struct cct_slice name, double value)
{
    const struct known *known = find_known(name);
    if (!known) {
        cct_progress_put_metric(f, name, value);
        return;
    }
    if (known->rank) {
        put_loss(f, name, value, known->rank);
        return;
    }
    double *const fields[] = {&f->epoch, &f->epochs, &f->step, &f->steps};
    double *field = fields[known->field];
    bool of_epochs = known->field == EPOCH || known->field == EPOCHS;
    if (value < 0 || (of_epochs && value > MAX_EPOCH))
        return;
    if (isnan(*field))
        *field = value;
    else if (*field != value)
        cct_progress_put_metric(f, name, value);
}

bool cct_progress_fields_any(const struct cct_progress_fields *f)
{
    return !isnan(f->epoch) || !isnan(f->step) || !isnan(f->loss) || f->count || f->checkpoint.p;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_text(struct cct_slice a, struct cct_slice b)
{
    size_t n = cct_slice_len(a);
    return n == cct_slice_len(b) && (n == 0 || memcmp(a.p, b.p, n) == 0);
}

bool cct_progress_fields_equal(const struct cct_progress_fields *a,
                               const struct cct_progress_fields *b)
{
    if (!same_number(a->epoch, b->epoch) || !same_number(a->epochs, b->epochs) ||
        !same_number(a->step, b->step) || !same_number(a->steps, b->steps) ||
        !same_number(a->loss, b->loss) || !same_text(a->checkpoint, b->checkpoint) ||
        a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!same_number(a->metrics[i].value, b->metrics[i].value) ||
            !same_text(a->metrics[i].name, b->metrics[i].name))
            return false;
    return true;
}

static size_t text_bytes(const struct cct_progress_fields *f)
{
    size_t n = cct_slice_len(f->checkpoint);
    for (size_t i = 0; i < f->count; i++)
        n += cct_slice_len(f->metrics[i].name);
    return n;
}

/* store has the room already: spans into it stay valid */
static struct cct_slice keep(struct cct_buf *store, struct cct_slice t, bool name)
{
    char *to = store->data + store->len;
    size_t n = cct_slice_len(t);
    cct_buf_add(store, t.p, n);
    for (size_t i = 0; name && i < n; i++)
        if (cct_is_blank(to[i]))
            to[i] = '_';
    return cct_slice_of(to, n);
}

void cct_progress_fields_copy(struct cct_progress_fields *to,
                              const struct cct_progress_fields *from, struct cct_buf *store)
{
    memcpy(to, from, offsetof(struct cct_progress_fields, metrics));
    store->len = 0;
    cct_buf_reserve(store, text_bytes(from) + 1);
    if (from->checkpoint.p)
        to->checkpoint = keep(store, from->checkpoint, false);
    for (size_t i = 0; i < from->count; i++) {
        to->metrics[i].name = keep(store, from->metrics[i].name, true);
        to->metrics[i].value = from->metrics[i].value;
    }
}

static void write_count(struct cct_json *json, const char *key, double v)
{
    if (v == floor(v) && fabs(v) < MAX_EXACT)
        cct_json_int(json, key, (int64_t)v);
}

void cct_progress_fields_write(const struct cct_progress_fields *f, struct cct_json *json)
{
    cct_json_double(json, "epoch", f->epoch);
    cct_json_double(json, "epochs", f->epochs);
    write_count(json, "step", f->step);
    write_count(json, "steps", f->steps);
    cct_json_double(json, "loss", f->loss);
    if (f->count) {
        cct_json_open(json, "metrics", '{');
        for (size_t i = 0; i < f->count; i++) {
            char name[CCT_PROGRESS_MAX_NAME_BYTES + 1];
            size_t n = cct_slice_len(f->metrics[i].name);
            memcpy(name, f->metrics[i].name.p, n);
            name[n] = '\0';
            cct_json_double(json, name, f->metrics[i].value);
        }
        cct_json_close(json, '}');
    }
    if (f->checkpoint.p)
        cct_json_bytes(json, "checkpoint", f->checkpoint.p, cct_slice_len(f->checkpoint));
}
