/* SPDX-License-Identifier: Apache-2.0
 * Reading values of a line that a scan has validated: nothing is checked twice. */
#include "base/clock.h"
#include "record/number.h"
#include "record/text.h"

#include <math.h>
#include <string.h>

static struct cct_span content(struct cct_value v)
{
    return (struct cct_span){v.text.p + 1, v.text.len - 2};
}

/* The bytes of a key are those of s, and mean themselves: a backslash would begin an escape. */
static bool equal_as_it_is(struct cct_span key, const char *s, size_t n)
{
    return key.len == n && memcmp(key.p, s, n) == 0 && !memchr(s, '\\', n);
}

bool cct_key_equals(struct cct_span key, const char *s)
{
    size_t n = strlen(s);
    if (equal_as_it_is(key, s, n))
        return true;
    if (key.len < n || !memchr(key.p, '\\', key.len))
        return false;
    cct_auto_buf decoded = {0};
    cct_text_unescape(&decoded, key.p, key.len);
    return decoded.len == n && memcmp(decoded.data, s, n) == 0;
}

void cct_key_string(struct cct_span key, struct cct_buf *out)
{
    cct_text_unescape(out, key.p, key.len);
}

struct cct_value cct_rec_get(const struct cct_rec *rec, const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < rec->count; i++) {
        const struct cct_member *m = &rec->members[i];
        if (equal_as_it_is(m->key, key, n))
            return m->value;
    }
    for (size_t i = 0; rec->escaped_key && i < rec->count; i++)
        if (rec->members[i].key.len > n && cct_key_equals(rec->members[i].key, key))
            return rec->members[i].value;
    return (struct cct_value){.type = CCT_ABSENT};
}

bool cct_rec_is(const struct cct_rec *rec, const char *schema)
{
    return cct_value_equals(cct_rec_get(rec, "schema"), schema);
}

double cct_value_number(struct cct_value value)
{
    return value.type == CCT_NUMBER ? cct_parse_double(value.text.p, value.text.len) : (double)NAN;
}

/* The plain form, digits with an optional sign; false when it has another form or is too large. */
static bool plain_int64(struct cct_span text, int64_t *out)
{
    bool negative = text.p[0] == '-';
    uint64_t v = 0;
    for (size_t i = negative; i < text.len; i++) {
        char c = text.p[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(v, UINT64_C(10), &v) ||
            __builtin_add_overflow(v, (uint64_t)(c - '0'), &v))
            return false;
    }
    if (v > (uint64_t)INT64_MAX + negative)
        return false;
    *out = negative ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

bool cct_value_int64(struct cct_value value, int64_t *out)
{
    if (value.type != CCT_NUMBER)
        return false;
    if (plain_int64(value.text, out))
        return true;
    double v = cct_value_number(value);
    const double limit = 9223372036854775808.0; /* 2^63 */
    bool whole = v >= -limit && v < limit && trunc(v) == v;
    bool digits_only = !memchr(value.text.p, '.', value.text.len) &&
                       !memchr(value.text.p, 'e', value.text.len) &&
                       !memchr(value.text.p, 'E', value.text.len);
    if (!whole || digits_only) /* plain digits that did not fit must not come back rounded */
        return false;
    *out = (int64_t)v;
    return true;
}

int64_t cct_value_instant(struct cct_value value)
{
    int64_t ms;
    if (value.type != CCT_STRING)
        return CCT_NO_INSTANT;
    struct cct_span s = content(value);
    if (cct_instant_parse(s.p, s.len, &ms) == 0)
        return ms;
    char decoded[64];
    bool again = memchr(s.p, '\\', s.len) && cct_value_copy(value, decoded, sizeof decoded);
    return again && !cct_instant_parse(decoded, strlen(decoded), &ms) ? ms : CCT_NO_INSTANT;
}

bool cct_value_string(struct cct_value value, struct cct_buf *out)
{
    if (value.type != CCT_STRING)
        return false;
    struct cct_span s = content(value);
    cct_text_unescape(out, s.p, s.len);
    return true;
}

bool cct_value_copy(struct cct_value value, char *out, size_t cap)
{
    cct_auto_buf decoded = {0};
    bool fits = cct_value_string(value, &decoded) && decoded.len < cap &&
                (!decoded.len || !memchr(decoded.data, '\0', decoded.len));
    size_t n = fits ? decoded.len : 0;
    if (n)
        memcpy(out, decoded.data, n);
    if (cap)
        out[n] = '\0';
    return fits;
}

bool cct_value_equals(struct cct_value value, const char *s)
{
    return value.type == CCT_STRING && cct_key_equals(content(value), s);
}

static const char *skip_blanks(const char *p)
{
    while (cct_text_blank(*p))
        p++;
    return p;
}

/* The byte behind the value at p. */
static const char *skip_value(const char *p, const char *end)
{
    unsigned depth = 0;
    for (; p < end; p++) {
        char c = *p;
        if (c == '"')
            p = cct_text_string_end(p + 1);
        else if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        else if (!depth && (c == ',' || cct_text_blank(c)))
            return p;
    }
    return p;
}

struct cct_iter cct_iter(struct cct_value value)
{
    struct cct_iter it = {.object = value.type == CCT_OBJECT};
    if (it.object || value.type == CCT_ARRAY) {
        it.next = value.text.p + 1;
        it.end = value.text.p + value.text.len - 1;
    }
    return it;
}

bool cct_iter_next(struct cct_iter *it)
{
    if (!it->next)
        return false;
    const char *p = skip_blanks(it->next);
    if (p >= it->end) {
        it->next = NULL;
        return false;
    }
    if (it->object) {
        const char *close = cct_text_string_end(p + 1);
        it->key = (struct cct_span){p + 1, (size_t)(close - p - 1)};
        p = skip_blanks(close + 1); /* to the colon */
        p = skip_blanks(p + 1);
    }
    const char *end = skip_value(p, it->end);
    it->value = (struct cct_value){{p, (size_t)(end - p)}, cct_text_type(*p)};
    p = skip_blanks(end);
    it->next = p < it->end ? p + 1 : NULL; /* over the comma */
    return true;
}

struct cct_value cct_value_get(struct cct_value object, const char *key)
{
    if (object.type != CCT_OBJECT)
        return (struct cct_value){.type = CCT_ABSENT};
    struct cct_iter it = cct_iter(object);
    while (cct_iter_next(&it))
        if (cct_key_equals(it.key, key))
            return it.value;
    return (struct cct_value){.type = CCT_ABSENT};
}
