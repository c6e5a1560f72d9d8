/* SPDX-License-Identifier: Apache-2.0
 * Edits on a record: the first line of the input is the record, each line behind it one edit: a
 * letter for what to do, the rest of the line the key. The result must be a record again, in which
 * every edit shows and every other member is as it was. */
#include "fuzz.h"

#include "base/alloc.h"
#include "record/write.h"

#include <string.h>

enum { MOST_EDITS = 20 };

struct fuzz {
    struct cct_rec before, after;
    struct cct_edit edit;
    char *keys[MOST_EDITS];
    bool removes[MOST_EDITS];
    size_t count;
};

static void add_edit(struct fuzz *f, const char *p, size_t n)
{
    if (!n || f->count == MOST_EDITS || memchr(p, '\0', n))
        return;
    char *key = cct_xstrndup(p + 1, n - 1);
    f->keys[f->count] = key;
    f->removes[f->count] = *p == 'r';
    f->count++;
    if (*p == 'r')
        cct_edit_remove(&f->edit, key);
    else if (*p == 'd')
        cct_edit_double(&f->edit, key, 1.5);
    else if (*p == 's')
        cct_edit_string(&f->edit, key, key);
    else
        cct_edit_raw(&f->edit, key, (struct cct_span){"[0]", 3});
}

static bool edited(const struct fuzz *f, struct cct_span key)
{
    for (size_t i = 0; i < f->count; i++)
        if (cct_key_equals(key, f->keys[i]))
            return true;
    return false;
}

/* A key that is not UTF-8 is written as another: nothing can be said of it then. */
static bool plain(const char *key)
{
    for (; *key; key++)
        if ((unsigned char)*key >= 0x80)
            return false;
    return true;
}

static void check(const struct fuzz *f)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->before.count; i++) {
        const struct cct_member *m = &f->before.members[i];
        if (edited(f, m->key))
            continue;
        while (kept < f->after.count && edited(f, f->after.members[kept].key))
            kept++;
        FUZZ_ASSERT(kept < f->after.count);
        const struct cct_member *k = &f->after.members[kept++];
        FUZZ_ASSERT(k->key.len == m->key.len && memcmp(k->key.p, m->key.p, m->key.len) == 0);
        FUZZ_ASSERT(k->value.text.len == m->value.text.len);
        FUZZ_ASSERT(memcmp(k->value.text.p, m->value.text.p, m->value.text.len) == 0);
    }
    for (size_t i = 0; i < f->count; i++) {
        bool last = true;
        for (size_t j = i + 1; j < f->count; j++)
            last &= strcmp(f->keys[i], f->keys[j]) != 0;
        bool there = cct_rec_get(&f->after, f->keys[i]).type != CCT_ABSENT;
        FUZZ_ASSERT(!last || !plain(f->keys[i]) || there == !f->removes[i]);
    }
}

/* Two keys that are not UTF-8 may become one in writing: such an input says nothing. */
static bool all_plain(const struct fuzz *f)
{
    for (size_t i = 0; i < f->count; i++)
        if (!plain(f->keys[i]))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz f = {0};
    cct_auto_buf out = {0};
    const char *p = (const char *)data;
    const char *end = p + size;
    const char *nl = size ? memchr(p, '\n', size) : NULL;
    if (nl && cct_rec_scan(&f.before, p, (size_t)(nl - p), NULL) == 0) {
        while (nl && nl < end) {
            p = nl + 1;
            nl = memchr(p, '\n', (size_t)(end - p));
            add_edit(&f, p, (size_t)((nl ? nl : end) - p));
        }
        cct_edit_apply(&f.edit, &f.before, &out);
        FUZZ_ASSERT(out.data[out.len - 1] == '\n');
        if (all_plain(&f)) {
            FUZZ_ASSERT(cct_rec_scan(&f.after, out.data, out.len - 1, NULL) == 0);
            check(&f);
        }
    }
    for (size_t i = 0; i < f.count; i++)
        free(f.keys[i]);
    cct_rec_free(&f.before);
    cct_rec_free(&f.after);
    cct_edit_free(&f.edit);
    return 0;
}
