/* SPDX-License-Identifier: Apache-2.0 */
#include "buf.h"

#include "alloc.h"

#include <stdarg.h>

void cct_buf_grow(struct cct_buf *buf, size_t extra)
{
    size_t want = buf->len + extra;
    size_t cap = buf->cap ? buf->cap : 128;
    while (cap < want)
        cap *= 2;
    buf->data = cct_xreallocarray(buf->data, cap, 1);
    buf->cap = cap;
}

void cct_buf_addf(struct cct_buf *buf, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n > 0) {
        vsnprintf(cct_buf_reserve(buf, (size_t)n + 1), (size_t)n + 1, fmt, again);
        buf->len += (size_t)n;
    }
    va_end(again);
}

const char *cct_buf_str(struct cct_buf *buf)
{
    *cct_buf_reserve(buf, 1) = '\0';
    return buf->data;
}

void cct_buf_free(struct cct_buf *buf)
{
    free(buf->data);
    *buf = (struct cct_buf){0};
}
