/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/slice.h"

#include "record/number.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define MAX_NUMBER_BYTES 64
#define MAX_COUNT        9007199254740992.0 /* 2^53 */

size_t cct_slice_blanks(struct cct_slice *t)
{
    const char *from = t->p;
    while (t->p < t->end && cct_is_blank(*t->p))
        t->p++;
    return (size_t)(t->p - from);
}

bool cct_slice_skip(struct cct_slice *t, const char *s)
{
    size_t n = strlen(s);
    if (cct_slice_len(*t) < n || memcmp(t->p, s, n) != 0)
        return false;
    t->p += n;
    return true;
}

bool cct_slice_equals(struct cct_slice t, const char *s)
{
    return cct_slice_skip(&t, s) && t.p == t.end;
}

bool cct_slice_is(struct cct_slice t, const char *s)
{
    size_t n = strlen(s);
    return cct_slice_len(t) == n && strncasecmp(t.p, s, n) == 0;
}

bool cct_slice_in(struct cct_slice t, const char *const *words)
{
    char first = t.p < t.end ? (char)(*t.p | 0x20) : '\0';
    for (; *words; words++)
        if ((**words | 0x20) == first && cct_slice_is(t, *words))
            return true;
    return false;
}

const char *cct_slice_find(struct cct_slice t, const char *s)
{
    return memmem(t.p, cct_slice_len(t), s, strlen(s));
}

struct cct_slice cct_slice_trim(struct cct_slice t)
{
    cct_slice_blanks(&t);
    while (t.end > t.p && cct_is_blank(t.end[-1]))
        t.end--;
    return t;
}

static bool skip_digits(struct cct_slice *t)
{
    const char *from = t->p;
    while (t->p < t->end && cct_is_digit(*t->p))
        t->p++;
    return t->p > from;
}

/* Steps over "," and exactly three digits. */
static bool skip_group(struct cct_slice *t, char comma)
{
    struct cct_slice at = *t;
    if (cct_slice_peek(&at) != comma)
        return false;
    at.p++;
    const char *from = at.p;
    if (!skip_digits(&at) || at.p - from != 3)
        return false;
    *t = at;
    return true;
}

/* Copies the digits of from..to without thousands marks and reads them. */
static double read_double(const char *from, const char *to)
{
    char text[MAX_NUMBER_BYTES];
    size_t n = 0;
    if (from < to && *from == '+')
        from++;
    for (; from < to; from++) {
        if (*from == ',' || *from == '_')
            continue;
        if (n == sizeof(text))
            return NAN;
        text[n++] = *from;
    }
    double v = cct_parse_double(text, n);
    if (!isfinite(v))
        return NAN;
    return v;
}

/* What may stand behind a number. */
static bool ends_number(struct cct_slice t)
{
    char c = cct_slice_peek(&t);
    if (t.p == t.end || cct_is_blank(c) || strchr(",;|)]}>\"'*(", c))
        return c != ',' || t.p + 1 == t.end || !cct_is_digit(t.p[1]);
    bool last = t.p + 1 == t.end || cct_is_blank(t.p[1]);
    return (c == '.' || c == ':') && last; /* of a sentence, `step 3: ...` */
}

static bool unknown_word(struct cct_slice *t)
{
    static const char *const words[] = {"nan",  "inf",  "infinity", "none",      "null", "n/a",
                                        "+inf", "-inf", "-nan",     "-infinity", NULL};
    for (const char *const *w = words; *w; w++) {
        size_t n = strlen(*w);
        struct cct_slice rest = {t->p + n, t->end};
        if (cct_slice_len(*t) >= n && strncasecmp(t->p, *w, n) == 0 && ends_number(rest)) {
            *t = rest;
            return true;
        }
    }
    return false;
}

struct digits {
    bool fraction;
    int groups;      /* of thousands */
    bool first_zero; /* 0,123 is no grouping */
    bool long_first; /* nor is 1234,567 */
};

static bool skip_mantissa(struct cct_slice *t, struct digits *d)
{
    const char *from = t->p;
    bool whole = skip_digits(t);
    d->first_zero = whole && *from == '0';
    d->long_first = t->p - from > 3;
    while (whole && skip_group(t, ','))
        d->groups++;
    if (cct_slice_peek(t) == '.' && t->p + 1 < t->end && cct_is_digit(t->p[1])) {
        t->p++;
        d->fraction = skip_digits(t);
    } else if (whole && cct_slice_peek(t) == '.') {
        struct cct_slice behind = {t->p + 1, t->end}; /* "1." as in C, "3." at a sentence's end */
        if (ends_number(behind) || cct_slice_peek(&behind) == 'e')
            t->p++;
    }
    return whole || d->fraction;
}

static void skip_exponent(struct cct_slice *t)
{
    struct cct_slice at = *t;
    if (cct_slice_peek(&at) != 'e' && cct_slice_peek(&at) != 'E')
        return;
    at.p++;
    if (cct_slice_peek(&at) == '+' || cct_slice_peek(&at) == '-')
        at.p++;
    if (skip_digits(&at))
        *t = at;
}

static bool ambiguous(const struct digits *d)
{
    return d->groups && (d->first_zero || d->long_first || (d->groups == 1 && !d->fraction));
}

bool cct_slice_number(struct cct_slice *t, double *v)
{
    struct cct_slice at = *t;
    *v = NAN;
    if (unknown_word(t))
        return true;
    if (cct_slice_peek(&at) == '+' || cct_slice_peek(&at) == '-')
        at.p++;
    struct digits d = {0};
    if (!skip_mantissa(&at, &d))
        return false;
    skip_exponent(&at);
    const char *to = at.p;
    cct_slice_skip(&at, "%");
    if (!ends_number(at))
        return false;
    if (!ambiguous(&d))
        *v = read_double(t->p, to);
    *t = at;
    return true;
}

bool cct_slice_count(struct cct_slice *t, double *v)
{
    struct cct_slice at = *t;
    const char *from = at.p;
    if (!skip_digits(&at))
        return false;
    if (at.p - from <= 3 && *from != '0')
        while (skip_group(&at, ',') || skip_group(&at, '_'))
            ;
    const char *to = at.p;
    char c = cct_slice_peek(&at);
    bool fraction = c == '.' && at.p + 1 < at.end && cct_is_digit(at.p[1]);
    if (cct_is_alpha(c) || c == '_' || fraction)
        return false;
    double n = read_double(from, to);
    if (!(n < MAX_COUNT))
        return false;
    *v = n;
    *t = at;
    return true;
}

bool cct_slice_ratio(struct cct_slice *t, double *n, double *of)
{
    struct cct_slice at = *t;
    double a, b;
    if (!cct_slice_count(&at, &a))
        return false;
    cct_slice_blanks(&at);
    if (!cct_slice_skip(&at, "/"))
        return false;
    cct_slice_blanks(&at);
    if (!cct_slice_count(&at, &b))
        return false;
    *n = a;
    *of = b;
    *t = at;
    return true;
}
