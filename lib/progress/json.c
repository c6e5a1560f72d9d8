/* SPDX-License-Identifier: Apache-2.0
 * One JSON object a line: epoch, step, loss and the like by their usual names, every other number a
 * metric. Python's json writes NaN and Infinity, which are no JSON: they are read as null. */
#include "progress/format.h"
#include "record/scan.h"

#include <math.h>
#include <string.h>

#define MAX_KEYS 512 /* more is no line of a training's log */

/* Copies the line with NaN, Infinity and -Infinity outside of strings made null. */
static void nulls_for_nan(struct cct_slice line, struct cct_buf *out)
{
    static const char *const words[] = {"NaN", "-Infinity", "Infinity"};
    bool string = false;
    while (line.p < line.end) {
        bool replaced = false;
        for (size_t i = 0; i < CCT_LEN(words) && !string && !replaced; i++)
            replaced = cct_slice_skip(&line, words[i]);
        if (replaced) {
            cct_buf_adds(out, "null");
            continue;
        }
        if (string && *line.p == '\\' && line.p + 1 < line.end)
            cct_buf_addc(out, *line.p++);
        else if (*line.p == '"')
            string = !string;
        cct_buf_addc(out, *line.p++);
    }
}

static struct cct_slice key_text(struct cct_span key)
{
    return cct_slice_of(key.p, key.len);
}

static void take_metrics(struct cct_value object, struct cct_progress_fields *f)
{
    struct cct_iter it = cct_iter(object);
    while (cct_iter_next(&it))
        if (it.value.type == CCT_NUMBER && !memchr(it.key.p, '\\', it.key.len))
            cct_progress_put_metric(f, key_text(it.key), cct_value_number(it.value));
}

static void take_checkpoint(struct cct_value value, struct cct_buf *path,
                            struct cct_progress_fields *f)
{
    path->len = 0;
    if (cct_value_string(value, path) && path->len)
        f->checkpoint = cct_slice_of(path->data, path->len);
}

static void take_members(const struct cct_rec *rec, struct cct_buf *path,
                         struct cct_progress_fields *f)
{
    for (size_t i = 0; i < rec->count; i++) {
        struct cct_slice key = key_text(rec->members[i].key);
        struct cct_value value = rec->members[i].value;
        if (memchr(key.p, '\\', cct_slice_len(key))) /* no name that a person gave */
            continue;
        if (value.type == CCT_NUMBER)
            cct_progress_put(f, key, cct_value_number(value));
        else if (value.type == CCT_NULL) /* a loss that is not known is there all the same */
            cct_progress_put(f, key, NAN);
        else if (value.type == CCT_OBJECT && cct_slice_is(key, "metrics"))
            take_metrics(value, f);
        else if (value.type == CCT_STRING && cct_slice_is(key, "checkpoint"))
            take_checkpoint(value, path, f);
    }
}

/* With a named format any of the usual names will do. */
static bool convinces(const struct cct_progress_fields *f, bool sure)
{
    bool more = f->loss_rank || !isnan(f->epochs) || f->count || f->checkpoint.p;
    if (sure)
        return cct_progress_fields_any(f);
    if (!isnan(f->epoch))
        return more || !isnan(f->step);
    return !isnan(f->loss) || (!isnan(f->step) && f->count > 0);
}

/* What is kept from line to line: memory. */
struct state {
    struct cct_rec rec;
    struct cct_buf text, path;
};

static int scan(struct state *s, struct cct_slice line)
{
    struct cct_err err;
    if (cct_rec_scan(&s->rec, line.p, cct_slice_len(line), &err) == 0)
        return 0;
    if (!cct_slice_find(line, "NaN") && !cct_slice_find(line, "Infinity"))
        return -1;
    s->text.len = 0;
    nulls_for_nan(line, &s->text);
    return cct_rec_scan(&s->rec, s->text.data, s->text.len, &err);
}

static enum cct_progress_found parse(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *f)
{
    struct state *s = state;
    const char *brace = cct_slice_find(line->text, "{\"");
    if (!brace || *line->text.p != '{' || scan(s, line->text) || s->rec.count > MAX_KEYS)
        return CCT_PROGRESS_NONE;
    struct cct_value schema = cct_rec_get(&s->rec, "schema");
    if (schema.type == CCT_STRING && schema.text.len > 5 && memcmp(schema.text.p, "\"cct.", 5) == 0)
        return CCT_PROGRESS_MINE; /* another record of cct's */
    take_members(&s->rec, &s->path, f);
    return convinces(f, line->sure) ? CCT_PROGRESS_FOUND : CCT_PROGRESS_MINE;
}

static void done(void *state)
{
    struct state *s = state;
    cct_rec_free(&s->rec);
    cct_buf_free(&s->text);
    cct_buf_free(&s->path);
}

const struct cct_progress_format cct_progress_json = {
    .name = "json",
    .state_size = sizeof(struct state),
    .parse = parse,
    .done = done,
};
