/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: a cursor over a line, and numbers as logs write them. ASCII only, never the
 * locale. A function that fails leaves the cursor where it was. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct cct_slice {
    const char *p, *end;
};

static inline struct cct_slice cct_slice_of(const char *s, size_t len)
{
    return (struct cct_slice){s, s + len};
}

static inline size_t cct_slice_len(struct cct_slice t)
{
    return (size_t)(t.end - t.p);
}

static inline bool cct_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool cct_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool cct_is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The byte at the cursor, or NUL at the end. */
static inline char cct_slice_peek(const struct cct_slice *t)
{
    return t->p < t->end ? *t->p : '\0';
}

/* Steps over blanks; returns how many. */
size_t cct_slice_blanks(struct cct_slice *t);
/* Steps over the literal s. */
bool cct_slice_skip(struct cct_slice *t, const char *s);
bool cct_slice_equals(struct cct_slice t, const char *s);
/* The same in any case of ASCII letters. */
bool cct_slice_is(struct cct_slice t, const char *s);
/* One of the words of a NULL-terminated list, in any case. */
bool cct_slice_in(struct cct_slice t, const char *const *words);
/* Where s begins, or NULL. */
const char *cct_slice_find(struct cct_slice t, const char *s);
struct cct_slice cct_slice_trim(struct cct_slice t);

/* A number: sign, digits, fraction, exponent, a percent sign behind it (stepped over). What stands
 * behind it must end it: no letter (a unit), no digit after `.`, `:`, `-` or `/` (a version, a
 * time, a date, a ratio). Thousands (1,234,567 or 1,234.5) are read; 1,234 and 0,5 could mean two
 * things and are unknown. nan, inf, None, null, n/a and what overflows are unknown: true, *v NAN.
 */
bool cct_slice_number(struct cct_slice *t, double *v);
/* A whole number from 0 with or without thousands (1234, 1,234, 1_234), below 2^53; any byte that
 * is not a letter, a digit or a decimal fraction may follow. */
bool cct_slice_count(struct cct_slice *t, double *v);
/* count / count, blanks around the slash allowed. */
bool cct_slice_ratio(struct cct_slice *t, double *n, double *of);
