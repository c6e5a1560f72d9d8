/* SPDX-License-Identifier: Apache-2.0 */
#include "record/io.h"

#include <errno.h>
#include <string.h>

enum { CHUNK = 128 * 1024 };

void cct_reader_init(struct cct_reader *reader, int fd)
{
    *reader = (struct cct_reader){.fd = fd, .max_line = CCT_MAX_LINE_BYTES};
}

void cct_reader_done(struct cct_reader *reader)
{
    cct_buf_free(&reader->buf);
}

/* The end of the line that begins at next, if it is in memory. */
static const char *newline(const struct cct_reader *r)
{
    size_t from = r->next > r->searched ? r->next : r->searched;
    if (from >= r->buf.len)
        return NULL;
    return memchr(r->buf.data + from, '\n', r->buf.len - from);
}

bool cct_reader_ready(const struct cct_reader *reader)
{
    return reader->eof || newline(reader);
}

/* No newline is left in memory: moves what is there to the front and reads more behind it. -1 with
 * errno. */
static int fill(struct cct_reader *r)
{
    size_t left = r->buf.len - r->next;
    if (r->next && left)
        memmove(r->buf.data, r->buf.data + r->next, left);
    r->buf.len = left;
    r->next = 0;
    r->searched =
        left; /* a long line that comes in drops is not searched from its begin each time */
    if (r->wait && !r->wait(r->wait_ctx, r->fd)) {
        r->eof = true;
        return 0;
    }
    char *to = cct_buf_reserve(&r->buf, CHUNK);
    ssize_t got;
    do
        got = read(r->fd, to, CHUNK);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -1;
    r->buf.len += (size_t)got;
    r->eof = got == 0;
    return 0;
}

static bool blank(const char *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

static enum cct_read too_long(const struct cct_reader *r, struct cct_err *err)
{
    cct_fail(err, CCT_DATAERR, "longer than %zu bytes", r->max_line);
    return CCT_READ_BAD;
}

/* Takes the line of len bytes at next, behind which `behind` bytes end it (0 at the end). */
static enum cct_read take(struct cct_reader *r, size_t len, size_t behind, const char **line,
                          size_t *out_len, struct cct_err *err)
{
    const char *p = r->buf.data + r->next;
    r->next += len + behind;
    if (r->skipping) { /* the tail of a line that was reported when it grew too long */
        r->skipping = false;
        return CCT_READ_END;
    }
    r->lineno++;
    if (r->lineno == 1 && len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        p += 3;
        len -= 3;
    }
    if (len > r->max_line)
        return too_long(r, err);
    if (blank(p, len))
        return CCT_READ_END;
    *line = p;
    *out_len = len;
    return CCT_READ_LINE;
}

/* No newline in memory: reads on. What came in of a line that is too long is dropped; the line is
 * reported now and its tail skipped. */
static enum cct_read more(struct cct_reader *r, struct cct_err *err)
{
    size_t held = r->buf.len - r->next;
    if (held <= r->max_line + 3) {
        if (fill(r) == 0)
            return CCT_READ_END;
        cct_fail_errno(err, CCT_IOERR, "cannot read");
        return CCT_READ_FAILED;
    }
    r->next = r->buf.len;
    if (r->skipping)
        return CCT_READ_END;
    r->skipping = true;
    r->lineno++;
    return too_long(r, err);
}

enum cct_read cct_reader_next(struct cct_reader *reader, const char **line, size_t *len,
                              struct cct_err *err)
{
    for (;;) {
        const char *nl = newline(reader);
        enum cct_read got;
        if (nl) {
            size_t n = (size_t)(nl - reader->buf.data) - reader->next;
            got = take(reader, n, 1, line, len, err);
        } else if (!reader->eof) {
            got = more(reader, err);
        } else if (reader->next < reader->buf.len || reader->skipping) {
            got = take(reader, reader->buf.len - reader->next, 0, line, len, err);
        } else {
            return CCT_READ_END;
        }
        if (got != CCT_READ_END)
            return got;
    }
}
