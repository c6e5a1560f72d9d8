/* SPDX-License-Identifier: Apache-2.0
 * Hugging Face Trainer: Python dicts, {'loss': 0.4, 'grad_norm': 1.2, 'epoch': 1.0}, since
 * transformers 5 with quoted numbers; its summary ('train_runtime') has the mean loss of the whole
 * training, which is no loss of a step. */
#include "progress/format.h"

#include <math.h>
#include <string.h>

/* Steps over a Python literal: a quoted string, or anything up to a comma or the end that stands
 * outside of brackets and quotes. */
static struct cct_slice next_value(struct cct_slice *t)
{
    struct cct_slice value = {t->p, t->p};
    int depth = 0;
    char quote = '\0';
    for (; t->p < t->end; t->p++) {
        char c = *t->p;
        if (quote && c == '\\' && t->p + 1 < t->end)
            t->p++;
        else if (quote)
            quote = c == quote ? '\0' : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else if (strchr("([{", c))
            depth++;
        else if (depth && strchr(")]}", c))
            depth--;
        else if (!depth && (c == ',' || c == '}'))
            break;
    }
    value.end = t->p;
    return cct_slice_trim(value);
}

static bool unquote(struct cct_slice *t)
{
    size_t n = cct_slice_len(*t);
    if (n < 2 || (*t->p != '\'' && *t->p != '"') || t->end[-1] != *t->p)
        return false;
    t->p++;
    t->end--;
    return true;
}

/* A number that fills the value, quoted or not. */
static bool read_number(struct cct_slice value, double *v)
{
    unquote(&value);
    return cct_slice_number(&value, v) && value.p == value.end;
}

static bool read_dict(struct cct_slice t, struct cct_progress_fields *f)
{
    bool summary = cct_slice_find(t, "'train_runtime'") != NULL;
    while (t.p < t.end) {
        cct_slice_blanks(&t);
        if (!cct_slice_skip(&t, "'"))
            return false;
        const char *colon = cct_slice_find(t, "': ");
        if (!colon)
            return false;
        struct cct_slice key = {t.p, colon};
        t.p = colon + 3;
        struct cct_slice value = next_value(&t);
        double v;
        if (memchr(key.p, '\'', cct_slice_len(key)))
            return false;
        if (read_number(value, &v) && summary && cct_slice_equals(key, "train_loss"))
            cct_progress_put_metric(f, key, v);
        else if (read_number(value, &v))
            cct_progress_put(f, key, v);
        if (cct_slice_skip(&t, "}"))
            return true;
        if (!cct_slice_skip(&t, ","))
            return false;
    }
    return false;
}

static bool convinces(const struct cct_progress_fields *f)
{
    return f->loss_rank || (!isnan(f->epoch) && f->count);
}

static enum cct_progress_found message(struct cct_slice t, struct cct_progress_fields *f)
{
    static const char saving[] = "Saving model checkpoint to ";
    static const char epochs[] = "Num Epochs = ";
    const char *at = cct_slice_find(t, saving);
    if (at) {
        f->checkpoint = (struct cct_slice){at + sizeof(saving) - 1, t.end};
        return f->checkpoint.p < f->checkpoint.end ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
    }
    at = cct_slice_find(t, epochs);
    if (!at)
        return CCT_PROGRESS_NONE;
    t.p = at + sizeof(epochs) - 1;
    f->header = true; /* tells nothing by itself: later records get it */
    return cct_slice_count(&t, &f->epochs) && t.p == t.end ? CCT_PROGRESS_FOUND : CCT_PROGRESS_NONE;
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct cct_slice t = line->text;
    const char *brace = cct_slice_find(t, "{'");
    (void)state;
    if (!brace)
        return message(t, f);
    t.p = brace + 1;
    if (read_dict(t, f) && convinces(f))
        return CCT_PROGRESS_FOUND;
    return CCT_PROGRESS_NONE;
}

const struct cct_progress_format cct_progress_hf = {.name = "hf", .parse = parse};
