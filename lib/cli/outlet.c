/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outlet.h"

#include "record/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>

int cct_outlet_open(struct cct_outlet *outlet, const char *file, int fd, struct cct_err *err)
{
    *outlet = (struct cct_outlet){.fd = fd};
    if (!file) {
        if (fd > STDERR_FILENO && fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
            return cct_fail_errno(err, CCT_USAGE, "--fd %d", fd);
        return 0;
    }
    outlet->fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
    if (outlet->fd < 0)
        return cct_fail_errno(err, 0, "%s", file);
    outlet->owned = true;
    return 0;
}

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

/* Whole records, at most PIPE_BUF bytes: such a write is atomic, and does not block on a pipe that
 * poll called writable (pipe(7)). A longer record goes as it is. */
static size_t piece(const char *queue, size_t len)
{
    const char *last = memrchr(queue, '\n', len < PIPE_BUF ? len : PIPE_BUF);
    if (!last)
        last = memchr(queue, '\n', len);
    return last ? (size_t)(last - queue) + 1 : len;
}

/* The reader takes some within wait_ms. */
static bool takes(const struct cct_outlet *outlet, int wait_ms)
{
    struct pollfd p = {.fd = outlet->fd, .events = POLLOUT};
    return poll(&p, 1, wait_ms) != 0;
}

static void write_queue(struct cct_outlet *outlet, int wait_ms)
{
    struct cct_buf *queue = &outlet->queue;
    size_t done = 0;
    while (done < queue->len && !outlet->failed_errno && takes(outlet, wait_ms)) {
        size_t n = piece(queue->data + done, queue->len - done);
        if (cct_write_all(outlet->fd, queue->data + done, n))
            outlet->failed_errno = errno;
        done += n;
    }
    if (outlet->failed_errno)
        done = queue->len;
    queue->len -= done;
    if (done && queue->len)
        memmove(queue->data, queue->data + done, queue->len);
}

void cct_outlet_push(struct cct_outlet *outlet)
{
    if (cct_outlet_waits(outlet))
        write_queue(outlet, 0);
}

void cct_outlet_finish(struct cct_outlet *outlet, int wait_ms)
{
    write_queue(outlet, wait_ms);
    outlet->dropped += count_lines(outlet->queue.data, outlet->queue.len);
    outlet->queue.len = 0;
}

void cct_outlet_add(struct cct_outlet *outlet, struct cct_buf *records)
{
    if (outlet->queue.len + records->len <= CCT_OUTLET_MAX_BYTES)
        cct_buf_add(&outlet->queue, records->data, records->len);
    else
        outlet->dropped += count_lines(records->data, records->len);
    records->len = 0;
    cct_outlet_push(outlet);
}

bool cct_outlet_waits(const struct cct_outlet *outlet)
{
    return outlet->queue.len > outlet->keep_bytes;
}

void cct_outlet_close(struct cct_outlet *outlet)
{
    if (outlet->owned)
        close(outlet->fd);
    cct_buf_free(&outlet->queue);
}
