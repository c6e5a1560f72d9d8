/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outlet.h"

#include "record/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    const char *end = p + n;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        p++;
        lines++;
    }
    return lines;
}

/* Whole records, at most PIPE_BUF bytes: such a write is atomic, and does not block on a pipe that
 * poll called writable (pipe(7)). A longer record goes as it is. */
static size_t piece(const char *p, size_t len)
{
    const char *last = memrchr(p, '\n', len < PIPE_BUF ? len : PIPE_BUF);
    if (!last)
        last = memchr(p, '\n', len);
    return last ? (size_t)(last - p) + 1 : len;
}

static bool writable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, 0) != 0;
}

void cct_outlet_push(struct cct_outlet *outlet, bool wait)
{
    struct cct_buf *queue = &outlet->queue;
    if (!wait && queue->len <= outlet->keep_bytes)
        return;
    size_t sent = 0;
    while (sent < queue->len && !outlet->failed_errno && (wait || writable(outlet->fd))) {
        size_t n = piece(queue->data + sent, queue->len - sent);
        if (cct_write_all(outlet->fd, queue->data + sent, n))
            outlet->failed_errno = errno;
        sent += n;
    }
    if (outlet->failed_errno)
        sent = queue->len;
    queue->len -= sent;
    if (queue->len && sent)
        memmove(queue->data, queue->data + sent, queue->len);
}

void cct_outlet_add(struct cct_outlet *outlet, struct cct_buf *records)
{
    if (outlet->queue.len + records->len <= CCT_OUTLET_MAX_BYTES)
        cct_buf_add(&outlet->queue, records->data, records->len);
    else
        outlet->dropped += count_lines(records->data, records->len);
    records->len = 0;
    cct_outlet_push(outlet, false);
}

bool cct_outlet_waits(const struct cct_outlet *outlet)
{
    return outlet->queue.len > outlet->keep_bytes;
}

void cct_outlet_done(struct cct_outlet *outlet)
{
    cct_buf_free(&outlet->queue);
}
