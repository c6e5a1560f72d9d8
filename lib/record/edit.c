/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "record/number.h"
#include "record/text.h"
#include "record/write.h"

#include <math.h>
#include <string.h>

struct cct_edit_item {
    const char *key;
    size_t start, len; /* of the value in edit->text; len 0 removes the member */
    size_t member;     /* of the record that it touches; NEW when there is none */
};

#define NEW SIZE_MAX

void cct_edit_reset(struct cct_edit *edit)
{
    edit->text.len = 0;
    edit->count = 0;
}

void cct_edit_free(struct cct_edit *edit)
{
    cct_buf_free(&edit->text);
    free(edit->items);
    *edit = (struct cct_edit){0};
}

static struct cct_edit_item *item_for(struct cct_edit *edit, const char *key)
{
    for (size_t i = 0; i < edit->count; i++)
        if (edit->items[i].key == key || strcmp(edit->items[i].key, key) == 0)
            return &edit->items[i];
    if (edit->count == edit->cap) {
        edit->cap = edit->cap ? edit->cap * 2 : 16;
        edit->items = cct_xreallocarray(edit->items, edit->cap, sizeof *edit->items);
    }
    return &edit->items[edit->count++];
}

/* The value that was appended to the text from start on is the key's; an earlier one is void. */
static void add_item(struct cct_edit *edit, const char *key, size_t start)
{
    *item_for(edit, key) = (struct cct_edit_item){key, start, edit->text.len - start, NEW};
}

void cct_edit_double(struct cct_edit *edit, const char *key, double v)
{
    size_t start = edit->text.len;
    if (!isfinite(v))
        return;
    char *to = cct_buf_reserve(&edit->text, CCT_NUMBER_MAX);
    edit->text.len += cct_format_double(to, v);
    add_item(edit, key, start);
}

void cct_edit_int(struct cct_edit *edit, const char *key, int64_t v)
{
    size_t start = edit->text.len;
    char *to = cct_buf_reserve(&edit->text, CCT_NUMBER_MAX);
    edit->text.len += cct_format_int64(to, v);
    add_item(edit, key, start);
}

void cct_edit_string(struct cct_edit *edit, const char *key, const char *s)
{
    size_t start = edit->text.len;
    if (!s)
        return;
    struct cct_json json = {.out = &edit->text};
    cct_json_string(&json, NULL, s);
    add_item(edit, key, start);
}

void cct_edit_raw(struct cct_edit *edit, const char *key, struct cct_span json)
{
    size_t start = edit->text.len;
    cct_buf_add(&edit->text, json.p, json.len);
    add_item(edit, key, start);
}

void cct_edit_remove(struct cct_edit *edit, const char *key)
{
    add_item(edit, key, edit->text.len);
}

static void put_value(const struct cct_edit *edit, const struct cct_edit_item *item,
                      struct cct_buf *out)
{
    cct_buf_add(out, edit->text.data + item->start, item->len);
}

static void put_comma(struct cct_buf *out)
{
    if (out->data[out->len - 1] != '{')
        cct_buf_addc(out, ',');
}

static void cut_blanks(struct cct_buf *out)
{
    while (cct_text_blank(out->data[out->len - 1]))
        out->len--;
}

static size_t member_index(const struct cct_rec *rec, const char *key)
{
    struct cct_value v = cct_rec_get(rec, key);
    for (size_t i = 0; v.type != CCT_ABSENT && i < rec->count; i++)
        if (rec->members[i].value.text.p == v.text.p)
            return i;
    return NEW;
}

/* Finds the member of each edit; how many touch one. */
static size_t resolve(const struct cct_edit *edit, const struct cct_rec *rec)
{
    size_t touched = 0;
    for (size_t i = 0; i < edit->count; i++) {
        edit->items[i].member = member_index(rec, edit->items[i].key);
        touched += edit->items[i].member != NEW;
    }
    return touched;
}

static const struct cct_edit_item *item_at(const struct cct_edit *edit, size_t member)
{
    for (size_t i = 0; i < edit->count; i++)
        if (edit->items[i].member == member)
            return &edit->items[i];
    return NULL;
}

/* Drops a member whose text lies in from..; returns where to go on. */
static const char *remove_member(const struct cct_member *m, const char *from, struct cct_buf *out)
{
    const char *next = m->value.text.p + m->value.text.len;
    cct_buf_add(out, from, (size_t)(m->key.p - 1 - from));
    cut_blanks(out);
    if (out->data[out->len - 1] == ',') {
        out->len--;
        return next;
    }
    while (cct_text_blank(*next)) /* it was the first: the comma behind it goes */
        next++;
    return *next == ',' ? next + 1 : next;
}

void cct_edit_apply(const struct cct_edit *edit, const struct cct_rec *rec, struct cct_buf *out)
{
    const char *from = rec->line.p;
    size_t touched = resolve(edit, rec);
    cct_buf_reserve(out, rec->line.len + edit->text.len + 64 * (edit->count + 1));
    for (size_t i = 0; touched && i < rec->count; i++) {
        const struct cct_member *m = &rec->members[i];
        const struct cct_edit_item *item = item_at(edit, i);
        if (!item)
            continue;
        touched--;
        if (!item->len) {
            from = remove_member(m, from, out);
            continue;
        }
        cct_buf_add(out, from, (size_t)(m->value.text.p - from));
        put_value(edit, item, out);
        from = m->value.text.p + m->value.text.len;
    }
    cct_buf_add(out, from, (size_t)(rec->line.p + rec->line.len - 1 - from));
    cut_blanks(out);
    for (size_t i = 0; i < edit->count; i++) {
        const struct cct_edit_item *item = &edit->items[i];
        if (!item->len || item->member != NEW)
            continue;
        put_comma(out);
        struct cct_json json = {.out = out};
        cct_json_raw(&json, item->key, (struct cct_span){edit->text.data + item->start, item->len});
    }
    cct_buf_add(out, "}\n", 2);
}
