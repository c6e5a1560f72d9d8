/* SPDX-License-Identifier: Apache-2.0
 * A reply as it comes in, and its headers. */
#include "transfer.h"

#include <strings.h>

#define MAX_HEADER_BYTES 65536

/* Less than count ends the transfer. */
static size_t take(struct cct_http_transfer *t, struct cct_buf *out, size_t max, const char *bytes,
                   size_t count)
{
    if (count > max || out->len > max - count) {
        t->too_large = true;
        return count ? 0 : 1;
    }
    cct_buf_add(out, bytes, count);
    return count;
}

size_t cct_http_on_body(char *bytes, size_t size, size_t count, void *ctx)
{
    struct cct_http_transfer *t = ctx;
    return take(t, &t->reply->body, t->max_bytes, bytes, size * count);
}

size_t cct_http_on_header(char *bytes, size_t size, size_t count, void *ctx)
{
    struct cct_http_transfer *t = ctx;
    size_t n = size * count;
    if (n >= 5 && memcmp(bytes, "HTTP/", 5) == 0)
        t->reply->headers.len = 0; /* that was a proxy's, or 100 Continue */
    return take(t, &t->reply->headers, MAX_HEADER_BYTES, bytes, n);
}

static const char *value_of(const char *line, const char *end, const char *name)
{
    size_t n = strlen(name);
    if ((size_t)(end - line) <= n || strncasecmp(line, name, n) != 0 || line[n] != ':')
        return NULL;
    line += n + 1;
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    return line;
}

bool cct_http_header(const struct cct_http_reply *reply, const char *name, char *out, size_t cap)
{
    out[0] = '\0';
    if (!reply->headers.len)
        return false;
    const char *end = reply->headers.data + reply->headers.len;
    for (const char *line = reply->headers.data; line < end;) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        next = next ? next : end;
        const char *value = value_of(line, next, name);
        if (value) {
            size_t n = (size_t)(next - value);
            while (n && (value[n - 1] == '\r' || value[n - 1] == ' ' || value[n - 1] == '\t'))
                n--;
            if (n >= cap || memchr(value, '\0', n))
                return false;
            memcpy(out, value, n);
            out[n] = '\0';
            return true;
        }
        line = next + 1;
    }
    return false;
}

void cct_http_reply_free(struct cct_http_reply *reply)
{
    cct_buf_free(&reply->headers);
    cct_buf_free(&reply->body);
}
