/* SPDX-License-Identifier: Apache-2.0
 * A growable byte buffer. Zero-initialise it; free it, or declare it with cct_auto_buf. */
#pragma once

#include "attr.h"

#include <stddef.h>
#include <string.h>

struct cct_buf {
    char *data; /* owned; not NUL-terminated unless cct_buf_str was called */
    size_t len;
    size_t cap;
};

void cct_buf_grow(struct cct_buf *buf, size_t extra);
void cct_buf_addf(struct cct_buf *buf, const char *fmt, ...) cct_printf(2, 3);
void cct_buf_free(struct cct_buf *buf);
/* Terminates the content with NUL (not counted in len) and returns it; borrowed until the next
 * call on buf. */
const char *cct_buf_str(struct cct_buf *buf);

/* Room for extra bytes behind len; returns where they go. */
static inline char *cct_buf_reserve(struct cct_buf *buf, size_t extra)
{
    if (cct_unlikely(buf->cap - buf->len < extra))
        cct_buf_grow(buf, extra);
    return buf->data + buf->len;
}

static inline void cct_buf_add(struct cct_buf *buf, const void *bytes, size_t n)
{
    if (n) {
        memcpy(cct_buf_reserve(buf, n), bytes, n);
        buf->len += n;
    }
}

static inline void cct_buf_adds(struct cct_buf *buf, const char *s)
{
    cct_buf_add(buf, s, strlen(s));
}

static inline void cct_buf_addc(struct cct_buf *buf, char c)
{
    *cct_buf_reserve(buf, 1) = c;
    buf->len++;
}

#define cct_auto_buf __attribute__((cleanup(cct_buf_free))) struct cct_buf
