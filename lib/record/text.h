/* SPDX-License-Identifier: Apache-2.0
 * Private to the record room: the lexical pieces of JSON that scanner and getters share. */
#pragma once

#include "record/scan.h"

/* CCT_PLAIN_C leaves the vectors out, so that a test can take the other processors' path here. */
#if defined __SSE2__ && !defined CCT_PLAIN_C
#define CCT_SSE2
#include <emmintrin.h>
#endif

/* The byte behind a JSON number that starts at p, or NULL when it is none (RFC 8259, section 6).
 * *exponent becomes true when it has one. */
const char *cct_text_number(const char *p, const char *end, bool *exponent);
/* From the byte behind an opening quote: the closing quote, or NULL when the string is faulty
 * (control character, bad escape, lone surrogate, no end). *seen |= what it holds. */
const char *cct_text_string(const char *p, const char *end, unsigned *seen);
enum { CCT_SEEN_ESCAPE = 1, CCT_SEEN_HIGH = 2 }; /* a backslash; a byte over 0x7f */
/* Of a string known to be valid: the closing quote. */
const char *cct_text_string_end(const char *p);
/* The bytes are UTF-8 (RFC 3629: no overlong form, no surrogate, at most U+10FFFF). Returns NULL,
 * or the first byte at fault. */
const char *cct_text_utf8(const char *p, const char *end);
/* Appends code point cp as UTF-8. */
void cct_text_put_utf8(struct cct_buf *out, unsigned cp);
/* Appends the decoded content of a valid string, quotes not included. */
void cct_text_unescape(struct cct_buf *out, const char *p, size_t len);

/* Where the key stands (its first byte) that equals an earlier one of the record, or NULL. */
const char *cct_keys_twice(const struct cct_rec *rec);

static inline bool cct_text_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The type of the value that begins with c. */
static inline enum cct_type cct_text_type(char c)
{
    switch (c) {
    case '"':
        return CCT_STRING;
    case '{':
        return CCT_OBJECT;
    case '[':
        return CCT_ARRAY;
    case 't':
        return CCT_TRUE;
    case 'f':
        return CCT_FALSE;
    case 'n':
        return CCT_NULL;
    default:
        return CCT_NUMBER;
    }
}
