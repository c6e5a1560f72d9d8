/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/bar.h"

#include "progress/words.h"

#include <math.h>

/* Cuts the label's final colon. */
static struct cct_slice label_of(const char *from, const char *to)
{
    struct cct_slice t = cct_slice_trim((struct cct_slice){from, to});
    if (t.p < t.end && t.end[-1] == ':')
        t.end--;
    return cct_slice_trim(t);
}

/* Cuts what stands before ", " off t. */
static struct cct_slice next_part(struct cct_slice *t)
{
    const char *comma = cct_slice_find(*t, ", ");
    struct cct_slice part = {t->p, comma ? comma : t->end};
    t->p = comma ? comma + 2 : t->end;
    return part;
}

/* `[00:01<00:02, 29.1it/s, loss=0.1]` */
static bool read_meter(struct cct_slice t, struct cct_progress_bar *bar)
{
    cct_slice_blanks(&t);
    if (!cct_slice_skip(&t, "[") || t.p == t.end || !cct_is_digit(*t.p))
        return false;
    const char *close = cct_slice_find(t, "]");
    if (!close)
        return false;
    t.end = close;
    struct cct_slice elapsed = next_part(&t);
    if (!cct_slice_find(elapsed, ":"))
        return false;
    bar->rate = cct_slice_trim(next_part(&t));
    bar->postfix = t;
    return true;
}

/* `|####   | 3/10 [`, where the percentage, if any, stands before */
static bool read_drawn(struct cct_slice line, struct cct_progress_bar *bar)
{
    const char *left = cct_slice_find(line, "|");
    if (!left)
        return false;
    struct cct_slice behind = {left + 1, line.end};
    const char *right = cct_slice_find(behind, "| ");
    if (!right)
        return false;
    struct cct_slice t = {right + 1, line.end};
    cct_slice_blanks(&t);
    if (!cct_slice_ratio(&t, &bar->n, &bar->total)) {
        const char *meter = cct_slice_find(t, " [");
        if (!meter || !cct_slice_find((struct cct_slice){t.p, meter}, "/"))
            return false;
        t.p = meter; /* 1.2k/10.0k, 0/? */
    }
    const char *label_end = left;
    if (label_end > line.p && label_end[-1] == '%')
        label_end--;
    while (label_end > line.p && cct_is_digit(label_end[-1]))
        label_end--;
    bar->label = label_of(line.p, label_end);
    return read_meter(t, bar);
}

/* `train: 3it [00:00, 28.7it/s]`: no total, no bar */
static bool read_counted(struct cct_slice line, struct cct_progress_bar *bar)
{
    const char *meter = cct_slice_find(line, " [");
    if (!meter)
        return false;
    const char *p = meter;
    while (p > line.p && (cct_is_alpha(p[-1]) || p[-1] == ' '))
        p--;
    struct cct_slice unit = cct_slice_trim((struct cct_slice){p, meter});
    const char *digits = p;
    while (digits > line.p && cct_is_digit(digits[-1]))
        digits--;
    bool apart = digits == line.p || digits[-1] == ' ';
    struct cct_slice count = {digits, p};
    if (!apart || !cct_slice_len(unit) || !cct_slice_count(&count, &bar->n))
        return false;
    bar->label = label_of(line.p, digits);
    return read_meter((struct cct_slice){meter, line.end}, bar) && cct_slice_find(bar->rate, "/");
}

bool cct_progress_bar_read(struct cct_slice line, struct cct_progress_bar *bar)
{
    *bar = (struct cct_progress_bar){.n = NAN, .total = NAN};
    return read_drawn(line, bar) || read_counted(line, bar);
}

bool cct_progress_bar_says(const struct cct_progress_bar *bar, const char *const *words)
{
    struct cct_slice word = {bar->label.p, bar->label.p};
    for (; word.end <= bar->label.end; word.end++) {
        if (word.end < bar->label.end && cct_is_alpha(*word.end))
            continue;
        if (cct_slice_in(word, words))
            return true;
        word.p = word.end + 1;
    }
    return false;
}

bool cct_progress_bar_evaluates(const struct cct_progress_bar *bar)
{
    static const char *const words[] = {
        "val",        "valid",      "validation", "validating", "validate", "eval",
        "evaluating", "evaluation", "test",       "testing",    "predict",  "predicting",
        "prediction", "sanity",     "inference",  "dev",        NULL};
    return cct_progress_bar_says(bar, words);
}

void cct_progress_bar_fields(const struct cct_progress_bar *bar, struct cct_progress_fields *f)
{
    struct cct_progress_words words;
    f->bar = true;
    f->step = bar->n;
    f->steps = bar->total;
    cct_progress_words_read(bar->postfix, f, &words);
    f->step = bar->n;
    f->steps = bar->total;
}
