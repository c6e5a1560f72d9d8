/* SPDX-License-Identifier: Apache-2.0
 * Series by zone, found by a binary tree (tsearch), named in the order of coming. */
#include "base/alloc.h"
#include "series.h"

#include <search.h>
#include <string.h>

struct cct_book {
    void *tree; /* struct cct_series by zone */
    struct cct_series **list;
    size_t count, cap;
    void *providers; /* char * by text */
};

static int by_zone(const void *a, const void *b)
{
    const struct cct_series *p = a, *q = b;
    return strcmp(p->zone, q->zone);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

struct cct_book *cct_book_open(void)
{
    return cct_xcalloc(1, sizeof(struct cct_book));
}

static void keep(void *node)
{
    (void)node;
}

void cct_book_close(struct cct_book *book)
{
    if (!book)
        return;
    tdestroy(book->tree, keep);
    tdestroy(book->providers, free);
    for (size_t i = 0; i < book->count; i++) {
        free(book->list[i]->periods);
        free(book->list[i]);
    }
    free(book->list);
    free(book);
}

struct cct_series *cct_book_series(const struct cct_book *book, const char *zone)
{
    struct cct_series key;
    size_t n = strlen(zone);
    if (n >= sizeof key.zone)
        return NULL;
    memcpy(key.zone, zone, n + 1);
    struct cct_series *const *found = tfind(&key, &book->tree, by_zone);
    return found ? *found : NULL;
}

static struct cct_series *new_series(struct cct_book *book, const struct cct_intensity *value)
{
    struct cct_series *series = cct_xcalloc(1, sizeof *series);
    memcpy(series->zone, value->zone, sizeof series->zone);
    series->settled = true;
    if (!tsearch(series, &book->tree, by_zone))
        cct_out_of_memory();
    if (book->count == book->cap) {
        book->cap = book->cap * 2 + 8;
        book->list = cct_xreallocarray(book->list, book->cap, sizeof *book->list);
    }
    book->list[book->count++] = series;
    return series;
}

static const char *intern(struct cct_book *book, const char *provider)
{
    char *const *found = tfind(provider, &book->providers, by_text);
    if (found)
        return *found;
    char *copy = cct_xstrdup(provider);
    if (!tsearch(copy, &book->providers, by_text))
        cct_out_of_memory();
    return copy;
}

static int mixed(const struct cct_series *series, const char *had, const char *has,
                 struct cct_err *err)
{
    return cct_fail(err, CCT_CONFIG,
                    "zone %s has both %s and %s intensities, which one sum must not mix",
                    series->zone, had, has);
}

/* A label that was unknown becomes the first one known. */
static int match_labels(struct cct_series *series, const struct cct_intensity *value,
                        struct cct_err *err)
{
    if (!cct_labels_agree(series->signal, CCT_BASIS_UNKNOWN, value))
        return mixed(series, cct_signal_name(series->signal), cct_signal_name(value->signal), err);
    if (!cct_labels_agree(CCT_SIGNAL_UNKNOWN, series->basis, value))
        return mixed(series, cct_basis_name(series->basis), cct_basis_name(value->basis), err);
    series->signal = value->signal ? value->signal : series->signal;
    series->basis = value->basis ? value->basis : series->basis;
    return 0;
}

int cct_book_add(struct cct_book *book, const struct cct_intensity *value, struct cct_err *err)
{
    struct cct_series *series = cct_book_series(book, value->zone);
    if (!series)
        series = new_series(book, value);
    if (match_labels(series, value, err))
        return -1;
    cct_series_add(series, value, intern(book, value->provider));
    return 0;
}

size_t cct_book_count(const struct cct_book *book)
{
    return book->count;
}

const char *cct_book_zone(const struct cct_book *book, size_t i)
{
    return book->list[i]->zone;
}

int cct_book_read(struct cct_book *book, const struct cct_rec *rec, const char *only,
                  const struct cct_finder *finder, struct cct_err *err)
{
    struct cct_intensity value;
    struct cct_place place;
    if (cct_intensity_read(rec, &value, err))
        return -1;
    if (!value.zone[0]) {
        if (finder->find(finder->ctx, NULL, value.region, &place, err))
            return cct_fail(err, CCT_DATAERR, "no zone is given, and the region is not known");
        memcpy(value.zone, place.zone, sizeof value.zone);
    }
    if (only && strcmp(value.zone, only) != 0)
        return 0;
    return cct_book_add(book, &value, err);
}
