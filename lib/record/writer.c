/* SPDX-License-Identifier: Apache-2.0 */
#include "record/io.h"

#include <errno.h>
#include <poll.h>

enum { FULL = 64 * 1024 };

void cct_writer_init(struct cct_writer *writer, int fd)
{
    *writer = (struct cct_writer){.fd = fd};
}

void cct_writer_done(struct cct_writer *writer)
{
    cct_buf_free(&writer->buf);
}

int cct_write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        ssize_t put = write(fd, p, n);
        if (put < 0 && errno == EAGAIN) { /* somebody made the pipe non-blocking */
            struct pollfd wait = {.fd = fd, .events = POLLOUT};
            poll(&wait, 1, -1);
            continue;
        }
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        p += put;
        n -= (size_t)put;
    }
    return 0;
}

int cct_writer_flush(struct cct_writer *writer, struct cct_err *err)
{
    size_t n = writer->buf.len;
    writer->buf.len = 0;
    if (n && cct_write_all(writer->fd, writer->buf.data, n))
        return cct_fail_errno(err, CCT_IOERR, "cannot write the output");
    return 0;
}

int cct_writer_add(struct cct_writer *writer, const void *bytes, size_t n, struct cct_err *err)
{
    cct_buf_add(&writer->buf, bytes, n);
    return writer->buf.len >= FULL ? cct_writer_flush(writer, err) : 0;
}
