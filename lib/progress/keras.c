/* SPDX-License-Identifier: Apache-2.0
 * Keras 2 and 3: a headline `Epoch 3/10`, then `57/57 ━━━ 1s 2ms/step - loss: 0.1 - val_loss: 0.2`,
 * `57/57 [====] - 1s 2ms/step - loss: 0.1` or, with verbose=2, `57/57 - 1s - 24ms/step - loss:
 * 0.1`. A bar that begins anew without a headline is of evaluate() or predict() and tells nothing.
 */
#include "progress/format.h"

#include <math.h>

struct state {
    bool open; /* a headline came, and its bar has not been followed by another */
    double step, steps;
};

static enum cct_progress_found headline(struct state *s, struct cct_slice t,
                                        struct cct_progress_fields *f)
{
    if (!cct_slice_ratio(&t, &f->epoch, &f->epochs) || t.p != t.end)
        return CCT_PROGRESS_NONE;
    *s = (struct state){.open = true};
    f->header = true;
    return CCT_PROGRESS_FOUND;
}

/* "Epoch 1: val_loss improved from inf to 2.2, saving model to PATH" of ModelCheckpoint */
static enum cct_progress_found message(struct cct_slice t, struct cct_progress_fields *f)
{
    static const char saving[] = "saving model to ";
    double epoch;
    if (!cct_slice_count(&t, &epoch) || !cct_slice_skip(&t, ": "))
        return CCT_PROGRESS_NONE;
    const char *path = cct_slice_find(t, saving);
    if (!path)
        return CCT_PROGRESS_NONE;
    f->epoch = epoch;
    f->checkpoint = (struct cct_slice){path + sizeof(saving) - 1, t.end};
    return f->checkpoint.p < f->checkpoint.end ? CCT_PROGRESS_FOUND : CCT_PROGRESS_MINE;
}

/* `14/14` or `14/Unknown` */
static bool read_steps(struct cct_slice *t, struct cct_progress_fields *f)
{
    struct cct_slice at = *t;
    if (cct_slice_ratio(t, &f->step, &f->steps))
        return true;
    if (!cct_slice_count(&at, &f->step) || !cct_slice_skip(&at, "/Unknown"))
        return false;
    *t = at;
    return true;
}

/* What must stand behind the steps: a drawn bar, or ` - 12s`. */
static bool looks_right(struct cct_slice t)
{
    double seconds;
    bool blank = cct_slice_blanks(&t) > 0;
    if (cct_slice_skip(&t, "━") || cct_slice_skip(&t, "[=") || cct_slice_skip(&t, "[>") ||
        cct_slice_skip(&t, "[.."))
        return blank;
    if (!cct_slice_skip(&t, "- "))
        return false;
    struct cct_slice digits = {t.p, t.p};
    while (digits.end < t.end && cct_is_digit(*digits.end))
        digits.end++;
    return cct_slice_count(&digits, &seconds) && digits.p < t.end && *digits.p == 's';
}

/* ` - name: number` as often as it stands there */
static void read_metrics(struct cct_slice t, struct cct_progress_fields *f)
{
    const char *dash;
    while ((dash = cct_slice_find(t, " - "))) {
        t.p = dash + 3;
        const char *next = cct_slice_find(t, " - ");
        struct cct_slice part = {t.p, next ? next : t.end};
        const char *colon = cct_slice_find(part, ": ");
        double v;
        if (!colon)
            continue;
        struct cct_slice name = {part.p, colon}, value = {colon + 2, part.end};
        cct_slice_blanks(&value);
        if (cct_slice_number(&value, &v) && !cct_slice_is(name, "eta"))
            cct_progress_put(f, name, v);
    }
}

static enum cct_progress_found steps(struct state *s, struct cct_slice t,
                                     struct cct_progress_fields *f)
{
    struct cct_progress_fields read;
    cct_progress_fields_init(&read);
    if (!read_steps(&t, &read) || !looks_right(t))
        return CCT_PROGRESS_NONE;
    double step = read.step, total = read.steps;
    bool again = step < s->step || (s->step > 0 && total != s->steps && !isnan(total));
    if (again)
        s->open = false;
    if (!s->open)
        return CCT_PROGRESS_MINE;
    s->step = step;
    s->steps = total;
    f->step = step;
    f->steps = total;
    f->bar = f->in_epoch = true;
    read_metrics(t, f);
    return CCT_PROGRESS_FOUND;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct cct_slice t = line->text;
    if (!cct_slice_skip(&t, "Epoch "))
        return steps(state, t, f);
    enum cct_progress_found found = headline(state, t, f);
    if (found)
        return found;
    cct_progress_fields_init(f);
    return message(t, f);
}

const struct cct_progress_format cct_progress_keras = {
    .name = "keras", .state_size = sizeof(struct state), .parse = parse};
