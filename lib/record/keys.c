/* SPDX-License-Identifier: Apache-2.0
 * Records with many members: their keys are sorted to see whether one stands twice. A hash would
 * be quicker on friendly keys, but its collisions can be chosen by whoever sends the line. */
#include "base/alloc.h"
#include "record/text.h"

#include <string.h>

struct key {
    const char *p; /* decoded */
    size_t len;
    const char *at; /* in the line */
};

static int compare(const void *a, const void *b)
{
    const struct key *x = a;
    const struct key *y = b;
    if (x->len != y->len)
        return x->len < y->len ? -1 : 1;
    int order = memcmp(x->p, y->p, x->len);
    if (order)
        return order;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* Decodes into text where there is an escape; text has room, since no key grows by decoding. */
static struct key decode(struct cct_span span, struct cct_buf *text)
{
    if (!memchr(span.p, '\\', span.len))
        return (struct key){span.p, span.len, span.p};
    size_t start = text->len;
    cct_text_unescape(text, span.p, span.len);
    return (struct key){text->data + start, text->len - start, span.p};
}

const char *cct_keys_twice(const struct cct_rec *rec)
{
    cct_auto_buf text = {0};
    cct_auto_free struct key *keys = cct_xreallocarray(NULL, rec->count, sizeof *keys);
    const char *first = NULL;
    cct_buf_reserve(&text, rec->line.len);
    for (size_t i = 0; i < rec->count; i++)
        keys[i] = decode(rec->members[i].key, &text);
    qsort(keys, rec->count, sizeof *keys, compare);
    for (size_t i = 1; i < rec->count; i++) {
        bool equal =
            keys[i].len == keys[i - 1].len && memcmp(keys[i].p, keys[i - 1].p, keys[i].len) == 0;
        if (equal && (!first || keys[i].at < first))
            first = keys[i].at;
    }
    return first;
}
