/* SPDX-License-Identifier: Apache-2.0
 * One pass over the line. The only state is the stack of open containers, a bit each. */
#include "record/scan.h"

#include "base/alloc.h"
#include "record/lex.h"
#include "record/number.h"
#include "record/text.h"

#include <math.h>
#include <string.h>

struct scan {
    const char *end;
    const char *at, *fault; /* where it went wrong, and why */
    uint64_t objects;       /* bit d: the container at depth d is an object, not an array */
    unsigned depth;
    unsigned seen;
    struct cct_rec *rec;
    uint64_t filter[4]; /* which top-level keys may have been there: a Bloom filter */
};

/* Up to so many members a key is compared with the earlier ones as it comes; more are sorted. */
enum { FEW_KEYS = 64 };

/* The functions below take the place where they begin and return the one behind what they read, or
 * NULL after a fault: the place stays in a register, the rest of the state is seldom touched. */
static __attribute__((cold, noinline)) const char *fault(struct scan *s, const char *at,
                                                         const char *why)
{
    s->at = at;
    s->fault = why;
    return NULL;
}

static inline const char *blanks(const char *p, const char *end)
{
    while (p < end && cct_unlikely((unsigned char)*p <= ' ') && cct_text_blank(*p))
        p++;
    return p;
}

static inline bool in_object(const struct scan *s)
{
    return s->objects >> (s->depth - 1) & 1;
}

static const char *open_container(struct scan *s, const char *p, bool object)
{
    if (s->depth == CCT_MAX_DEPTH)
        return fault(s, p, "nested deeper than 64");
    uint64_t bit = UINT64_C(1) << s->depth++;
    s->objects = object ? s->objects | bit : s->objects & ~bit;
    return blanks(p + 1, s->end);
}

static const char *literal(struct scan *s, const char *p, const char *word, size_t len)
{
    if ((size_t)(s->end - p) < len || memcmp(p, word, len) != 0)
        return fault(s, p, "not a JSON value");
    return p + len;
}

/* A number out of a double's range would read back as infinity; only an exponent or very many
 * digits can make one. */
static bool overflows(const char *p, const char *end, bool exponent)
{
    bool plain = !exponent && end - p < 300;
    return !plain && !isfinite(cct_parse_double(p, (size_t)(end - p)));
}

static inline const char *number(struct scan *s, const char *p)
{
    bool exponent = false;
    const char *end = lex_number(p, s->end, &exponent);
    if (cct_unlikely(!end))
        return fault(s, p, "not a JSON number");
    if (cct_unlikely(overflows(p, end, exponent)))
        return fault(s, p, "number out of range");
    return end;
}

static inline const char *string(struct scan *s, const char *p)
{
    const char *close = lex_string(p + 1, s->end, &s->seen);
    return cct_likely(close) ? close + 1 : fault(s, p, "faulty string");
}

/* A value that is no container. */
static inline const char *scalar(struct scan *s, const char *p, enum cct_type type)
{
    if (type == CCT_NUMBER)
        return number(s, p);
    if (type == CCT_STRING)
        return string(s, p);
    if (type == CCT_TRUE)
        return literal(s, p, "true", 4);
    return type == CCT_FALSE ? literal(s, p, "false", 5) : literal(s, p, "null", 4);
}

/* An equal key among the earlier members, compared decoded. */
static bool key_again(const struct cct_rec *rec, struct cct_span key, bool escaped)
{
    cct_auto_buf decoded = {0};
    if (escaped)
        cct_text_unescape(&decoded, key.p, key.len);
    for (size_t i = 0; i + 1 < rec->count; i++) {
        struct cct_span k = rec->members[i].key;
        if (k.len == key.len && memcmp(k.p, key.p, k.len) == 0)
            return true;
        if (!escaped)
            continue;
        cct_auto_buf other = {0};
        cct_text_unescape(&other, k.p, k.len);
        if (other.len == decoded.len && memcmp(other.data, decoded.data, other.len) == 0)
            return true;
    }
    return false;
}

static uint64_t key_hash(struct cct_span key)
{
    uint64_t head = 0;
    uint64_t tail = 0;
    if (key.len >= 8) {
        memcpy(&head, key.p, 8);
        memcpy(&tail, key.p + key.len - 8, 8);
    } else {
        for (size_t i = 0; i < key.len; i++)
            head = head << 8 | (unsigned char)key.p[i];
    }
    return (head * UINT64_C(0x9e3779b97f4a7c15) ^ (tail + key.len)) * UINT64_C(0xd6e8feb86659fd93);
}

static bool key_twice(struct scan *s, struct cct_span key, bool escaped)
{
    if (s->rec->count > FEW_KEYS) { /* finish sorts them */
        s->rec->escaped_key |= escaped;
        return false;
    }
    uint64_t hash = key_hash(key);
    uint64_t *word = &s->filter[hash >> 62];
    uint64_t bit = UINT64_C(1) << (hash >> 56 & 63);
    bool maybe = *word & bit || escaped || s->rec->escaped_key;
    *word |= bit;
    s->rec->escaped_key |= escaped;
    return maybe && key_again(s->rec, key, s->rec->escaped_key);
}

static void add_member(struct cct_rec *rec, struct cct_span key)
{
    if (rec->count == rec->cap) {
        rec->cap = rec->cap ? rec->cap * 2 : 32;
        rec->members = cct_xreallocarray(rec->members, rec->cap, sizeof *rec->members);
    }
    rec->members[rec->count++] = (struct cct_member){.key = key};
}

/* A name and its colon. */
static inline const char *key(struct scan *s, const char *p)
{
    p = blanks(p, s->end);
    if (cct_unlikely(p >= s->end || *p != '"'))
        return fault(s, p, "a member needs a quoted name");
    unsigned seen = 0;
    const char *close = lex_string(p + 1, s->end, &seen);
    if (cct_unlikely(!close))
        return fault(s, p, "faulty string");
    s->seen |= seen;
    if (s->depth == 1) {
        struct cct_span name = {p + 1, (size_t)(close - p - 1)};
        add_member(s->rec, name);
        if (cct_unlikely(key_twice(s, name, seen & CCT_SEEN_ESCAPE)))
            return fault(s, p, "a key stands twice");
    }
    p = blanks(close + 1, s->end);
    if (cct_unlikely(p >= s->end || *p != ':'))
        return fault(s, p, "no colon behind a name");
    return p + 1;
}

/* A value, or the opening of a container and the blanks behind it. */
static inline const char *value(struct scan *s, const char *p, bool *opened)
{
    p = blanks(p, s->end);
    if (cct_unlikely(p >= s->end))
        return fault(s, p, "ends too soon");
    enum cct_type type = cct_text_type(*p);
    if (s->depth == 1)
        s->rec->members[s->rec->count - 1].value = (struct cct_value){{p, 0}, type};
    *opened = type == CCT_OBJECT || type == CCT_ARRAY;
    return *opened ? open_container(s, p, type == CCT_OBJECT) : scalar(s, p, type);
}

static inline void end_value(const struct scan *s, const char *p)
{
    if (s->depth == 1 && s->rec->count) {
        struct cct_span *text = &s->rec->members[s->rec->count - 1].value.text;
        text->len = (size_t)(p - text->p);
    }
}

static const char *no_comma(struct scan *s, const char *p)
{
    if (p >= s->end)
        return fault(s, p, "ends too soon");
    return fault(s, p,
                 in_object(s) ? "no comma or } behind a member" : "no comma or ] behind an item");
}

/* Behind a value: the brackets that close here, and the comma. The depth is 0 when the record has
 * ended. */
static inline const char *after(struct scan *s, const char *p)
{
    for (;;) {
        p = blanks(p, s->end);
        if (cct_unlikely(p >= s->end))
            return no_comma(s, p);
        if (*p == ',')
            return p + 1;
        if (cct_unlikely(*p != (in_object(s) ? '}' : ']')))
            return no_comma(s, p);
        p++;
        if (--s->depth == 0)
            return p;
        end_value(s, p);
    }
}

/* From the opening bracket of the record to the byte behind its end. */
static const char *walk(struct scan *s, const char *p)
{
    p = open_container(s, p, true);
    bool opened = true;
    while (s->depth) {
        bool empty = opened && p < s->end && *p == (in_object(s) ? '}' : ']');
        if (!empty) {
            if (in_object(s) && !(p = key(s, p)))
                return NULL;
            if (!(p = value(s, p, &opened)))
                return NULL;
            if (opened)
                continue;
            end_value(s, p);
        }
        if (!(p = after(s, p)))
            return NULL;
        opened = false;
    }
    return p;
}

/* What is left to check when the object has ended, at p. */
static const char *finish(struct scan *s, const char *p)
{
    if (p != s->end)
        return fault(s, p, "something stands behind the object");
    const char *bad = s->rec->count > FEW_KEYS ? cct_keys_twice(s->rec) : NULL;
    if (bad)
        return fault(s, bad, "a key stands twice");
    bad = s->seen & CCT_SEEN_HIGH ? cct_text_utf8(s->rec->line.p, s->end) : NULL;
    return bad ? fault(s, bad, "not UTF-8") : p;
}

int cct_rec_scan(struct cct_rec *rec, const char *line, size_t len, struct cct_err *err)
{
    const char *end = line + len;
    while (end > line && cct_text_blank(end[-1]))
        end--;
    const char *p = blanks(line, end);
    struct scan s = {.end = end, .rec = rec};
    rec->count = 0;
    rec->escaped_key = false;
    rec->line = (struct cct_span){p, (size_t)(end - p)};
    if (p < end && *p == '{')
        p = walk(&s, p);
    else
        p = fault(&s, p, "a record is one JSON object");
    if (p && finish(&s, p))
        return 0;
    return cct_fail(err, CCT_DATAERR, "byte %zu: %s", (size_t)(s.at - line) + 1, s.fault);
}

void cct_rec_free(struct cct_rec *rec)
{
    free(rec->members);
    *rec = (struct cct_rec){0};
}
