/* SPDX-License-Identifier: Apache-2.0 */
#include "names.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a, 64 bits (Fowler, Noll, Vo), with a last mix so that the low bits can be a slot. */
static uint64_t hash_of(const char *s, size_t len)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)s[i]) * UINT64_C(0x100000001b3);
    return h ^ (h >> 32);
}

static size_t slot_of(const struct cct_names *names, const char *s, size_t len, uint64_t hash)
{
    size_t mask = names->slot_count - 1;
    size_t i = (size_t)hash & mask;
    while (names->slots[i]) {
        const struct cct_name *item = &names->items[names->slots[i] - 1];
        if (item->hash == hash && item->len == len && memcmp(item->s, s, len) == 0)
            break;
        i = (i + 1) & mask;
    }
    return i;
}

static void grow(struct cct_names *names)
{
    free(names->slots);
    names->slot_count = names->slot_count ? names->slot_count * 2 : 16;
    names->slots = cct_xcalloc(names->slot_count, sizeof *names->slots);
    for (size_t n = 0; n < names->count; n++) {
        const struct cct_name *item = &names->items[n];
        names->slots[slot_of(names, item->s, item->len, item->hash)] = (uint32_t)n + 1;
    }
}

size_t cct_names_find(const struct cct_names *names, const char *s, size_t len)
{
    if (!names->count)
        return CCT_NO_NAME;
    uint32_t slot = names->slots[slot_of(names, s, len, hash_of(s, len))];
    return slot ? slot - 1 : CCT_NO_NAME;
}

size_t cct_names_intern(struct cct_names *names, const char *s, size_t len, size_t limit)
{
    if (names->count * 2 >= names->slot_count)
        grow(names);
    uint64_t hash = hash_of(s, len);
    size_t i = slot_of(names, s, len, hash);
    if (names->slots[i])
        return names->slots[i] - 1;
    if (names->count >= limit)
        return CCT_NO_NAME;
    if (names->count == names->cap) {
        names->cap = names->cap ? names->cap * 2 : 8;
        names->items = cct_xreallocarray(names->items, names->cap, sizeof *names->items);
    }
    names->items[names->count] = (struct cct_name){cct_xstrndup(s, len), len, hash};
    names->slots[i] = (uint32_t)names->count + 1;
    return names->count++;
}

void cct_names_free(struct cct_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i].s);
    free(names->items);
    free(names->slots);
    *names = (struct cct_names){0};
}
