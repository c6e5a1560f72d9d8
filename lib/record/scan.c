/* SPDX-License-Identifier: Apache-2.0
 * One pass over the line. The only state is the stack of open containers, a bit each. */
#include "record/scan.h"

#include "base/alloc.h"
#include "record/number.h"
#include "record/text.h"

#include <math.h>
#include <string.h>

struct scan {
    const char *p, *end;
    const char *fault; /* why, when p is where it went wrong */
    uint64_t objects;  /* bit d: the container at depth d is an object, not an array */
    unsigned depth;
    unsigned seen;
    struct cct_rec *rec;
    uint64_t filter[4]; /* which top-level keys may have been there: a Bloom filter */
};

/* Up to so many members a key is compared with the earlier ones as it comes; more are sorted. */
enum { FEW_KEYS = 64 };

enum step { STEP_VALUE, STEP_KEY, STEP_AFTER, STEP_DONE, STEP_FAULT };

static enum step fault(struct scan *s, const char *at, const char *why)
{
    s->p = at;
    s->fault = why;
    return STEP_FAULT;
}

static inline void blanks(struct scan *s)
{
    while (s->p < s->end && cct_unlikely((unsigned char)*s->p <= ' ') && cct_text_blank(*s->p))
        s->p++;
}

static inline bool in_object(const struct scan *s)
{
    return s->objects >> (s->depth - 1) & 1;
}

static enum step open_container(struct scan *s, bool object)
{
    if (s->depth == CCT_MAX_DEPTH)
        return fault(s, s->p, "nested deeper than 64");
    uint64_t bit = UINT64_C(1) << s->depth++;
    s->objects = object ? s->objects | bit : s->objects & ~bit;
    s->p++;
    blanks(s);
    if (s->p < s->end && *s->p == (object ? '}' : ']'))
        return STEP_AFTER;
    return object ? STEP_KEY : STEP_VALUE;
}

static enum step literal(struct scan *s, const char *word, size_t len)
{
    if ((size_t)(s->end - s->p) < len || memcmp(s->p, word, len) != 0)
        return fault(s, s->p, "not a JSON value");
    s->p += len;
    return STEP_AFTER;
}

/* A number out of a double's range would read back as infinity; only an exponent or very many
 * digits can make one. */
static bool overflows(const char *p, const char *end, bool exponent)
{
    bool plain = !exponent && end - p < 300;
    return !plain && !isfinite(cct_parse_double(p, (size_t)(end - p)));
}

static inline enum step number(struct scan *s)
{
    bool exponent = false;
    const char *end = cct_text_number(s->p, s->end, &exponent);
    if (!end)
        return fault(s, s->p, "not a JSON number");
    if (cct_unlikely(overflows(s->p, end, exponent)))
        return fault(s, s->p, "number out of range");
    s->p = end;
    return STEP_AFTER;
}

static enum step string(struct scan *s)
{
    const char *close = cct_text_string(s->p + 1, s->end, &s->seen);
    if (!close)
        return fault(s, s->p, "faulty string");
    s->p = close + 1;
    return STEP_AFTER;
}

static enum step value(struct scan *s)
{
    blanks(s);
    if (s->p >= s->end)
        return fault(s, s->p, "ends too soon");
    enum cct_type type = cct_text_type(*s->p);
    if (s->depth == 1) {
        struct cct_member *m = &s->rec->members[s->rec->count - 1];
        m->value = (struct cct_value){{s->p, 0}, type};
    }
    switch (type) {
    case CCT_STRING:
        return string(s);
    case CCT_OBJECT:
        return open_container(s, true);
    case CCT_ARRAY:
        return open_container(s, false);
    case CCT_TRUE:
        return literal(s, "true", 4);
    case CCT_FALSE:
        return literal(s, "false", 5);
    case CCT_NULL:
        return literal(s, "null", 4);
    case CCT_NUMBER:
    case CCT_ABSENT:
        break;
    }
    return number(s);
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

static enum step key(struct scan *s)
{
    blanks(s);
    if (s->p >= s->end || *s->p != '"')
        return fault(s, s->p, "a member needs a quoted name");
    const char *open = s->p;
    unsigned seen = 0;
    const char *close = cct_text_string(open + 1, s->end, &seen);
    if (!close)
        return fault(s, open, "faulty string");
    s->seen |= seen;
    if (s->depth == 1) {
        struct cct_span name = {open + 1, (size_t)(close - open - 1)};
        add_member(s->rec, name);
        if (key_twice(s, name, seen & CCT_SEEN_ESCAPE))
            return fault(s, open, "a key stands twice");
    }
    s->p = close + 1;
    blanks(s);
    if (s->p >= s->end || *s->p != ':')
        return fault(s, s->p, "no colon behind a name");
    s->p++;
    return STEP_VALUE;
}

/* A value has ended (or a container that opened is empty): s->p is behind it. */
static enum step after(struct scan *s)
{
    if (s->depth == 1 && s->rec->count) {
        struct cct_value *v = &s->rec->members[s->rec->count - 1].value;
        if (!v->text.len)
            v->text.len = (size_t)(s->p - v->text.p);
    }
    blanks(s);
    if (s->p >= s->end)
        return fault(s, s->p, "ends too soon");
    bool object = in_object(s);
    char c = *s->p;
    if (c == ',') {
        s->p++;
        return object ? STEP_KEY : STEP_VALUE;
    }
    if (c != (object ? '}' : ']'))
        return fault(s, s->p,
                     object ? "no comma or } behind a member" : "no comma or ] behind an item");
    s->p++;
    return --s->depth ? STEP_AFTER : STEP_DONE;
}

static int report(const struct scan *s, const char *line, struct cct_err *err)
{
    return cct_fail(err, CCT_DATAERR, "byte %zu: %s", (size_t)(s->p - line) + 1, s->fault);
}

/* What is left to check when the object has ended. */
static enum step finish(struct scan *s)
{
    if (s->p != s->end)
        return fault(s, s->p, "something stands behind the object");
    const char *bad = s->rec->count > FEW_KEYS ? cct_keys_twice(s->rec) : NULL;
    if (bad)
        return fault(s, bad, "a key stands twice");
    bad = s->seen & CCT_SEEN_HIGH ? cct_text_utf8(s->rec->line.p, s->end) : NULL;
    return bad ? fault(s, bad, "not UTF-8") : STEP_DONE;
}

int cct_rec_scan(struct cct_rec *rec, const char *line, size_t len, struct cct_err *err)
{
    struct scan s = {.p = line, .end = line + len, .rec = rec};
    rec->count = 0;
    rec->escaped_key = false;
    while (s.end > s.p && cct_text_blank(s.end[-1]))
        s.end--;
    blanks(&s);
    rec->line = (struct cct_span){s.p, (size_t)(s.end - s.p)};
    enum step step;
    if (s.p < s.end && *s.p == '{')
        step = open_container(&s, true);
    else
        step = fault(&s, s.p, "a record is one JSON object");
    while (step < STEP_DONE) {
        if (step == STEP_KEY)
            step = key(&s);
        else if (step == STEP_VALUE)
            step = value(&s);
        else
            step = after(&s);
    }
    if (step == STEP_DONE)
        step = finish(&s);
    return step == STEP_DONE ? 0 : report(&s, line, err);
}

void cct_rec_free(struct cct_rec *rec)
{
    free(rec->members);
    *rec = (struct cct_rec){0};
}
