/* SPDX-License-Identifier: Apache-2.0
 * The strict line scanner: one line is one JSON object. It validates the whole line (RFC 8259,
 * UTF-8 as of RFC 3629, no NUL, no NaN or Infinity, nothing behind the object, depth at most
 * CCT_MAX_DEPTH, no top-level key twice) and indexes the top-level members as spans into the line.
 * No tree, no copy; memory is reused from line to line. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCT_MAX_DEPTH 64

enum cct_type {
    CCT_ABSENT = 0,
    CCT_STRING,
    CCT_NUMBER,
    CCT_OBJECT,
    CCT_ARRAY,
    CCT_TRUE,
    CCT_FALSE,
    CCT_NULL,
};

/* Bytes that somebody else owns. A value's span is its JSON text: a string's has its quotes. */
struct cct_span {
    const char *p;
    size_t len;
};

struct cct_value {
    struct cct_span text;
    enum cct_type type;
};

struct cct_member {
    struct cct_span key; /* without quotes, escapes not decoded */
    struct cct_value value;
};

/* A scanned line. Zero-initialise; every span points into line and lives as long as it does. */
struct cct_rec {
    struct cct_span line;       /* from `{` to `}`: white space around it cut */
    struct cct_member *members; /* owned */
    size_t count;
    size_t cap;
    bool escaped_key; /* a top-level key holds a backslash: it may be equal to one without */
};

/* Scans line (len bytes, no final newline; CR and blanks at its ends are allowed). Returns 0, or
 * -1 with CCT_DATAERR and the byte offset of the fault in the message. */
int cct_rec_scan(struct cct_rec *rec, const char *line, size_t len,
                 struct cct_err *err) cct_must_check;
void cct_rec_free(struct cct_rec *rec);

/* The value of a top-level member; type CCT_ABSENT when it is not there. */
struct cct_value cct_rec_get(const struct cct_rec *rec, const char *key);
/* The schema is exactly name: cct_rec_is(rec, "cct.sample/1"). */
bool cct_rec_is(const struct cct_rec *rec, const char *schema);

/* Getters on a value. A number that is absent or not a number reads as NAN. */
double cct_value_number(struct cct_value value);
/* An integer in int64 range (1.0 and 1e3 count): true. */
bool cct_value_int64(struct cct_value value, int64_t *out);
/* An RFC 3339 string: UTC milliseconds, else CCT_NO_INSTANT. */
int64_t cct_value_instant(struct cct_value value);
/* Appends the decoded string to out; false (and nothing appended) when it is not a string. */
bool cct_value_string(struct cct_value value, struct cct_buf *out);
/* Copies the decoded string into out, NUL-terminated; false when it is not a string or does not
 * fit in cap bytes (out is then ""). */
bool cct_value_copy(struct cct_value value, char *out, size_t cap);
/* The value is a string equal to s. */
bool cct_value_equals(struct cct_value value, const char *s);

/* Walks the members of an object or the items of an array that a scan has validated:
 *     struct cct_iter it = cct_iter(value);
 *     while (cct_iter_next(&it)) use(it.key, it.value);
 * key is empty for arrays. Any other value has no members. */
struct cct_iter {
    struct cct_span key; /* without quotes, escapes not decoded */
    struct cct_value value;
    const char *next; /* private: where the next item may begin; NULL: no more */
    const char *end;  /* private: the closing bracket */
    bool object;      /* private */
};

struct cct_iter cct_iter(struct cct_value value);
bool cct_iter_next(struct cct_iter *it);
/* A member of an object value by its key (a linear walk). */
struct cct_value cct_value_get(struct cct_value object, const char *key);
/* key (escapes decoded) equals s. */
bool cct_key_equals(struct cct_span key, const char *s);
/* Appends the decoded key. */
void cct_key_string(struct cct_span key, struct cct_buf *out);
