/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/outlet.h"

#include "record/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>

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

static int fail(struct cct_outlet *outlet, struct cct_err *err)
{
    outlet->broken = true;
    outlet->kept.len = 0;
    return cct_fail_errno(err, CCT_IOERR, "cannot write records");
}

static bool takes(const struct cct_outlet *outlet, int wait_ms)
{
    struct pollfd p = {.fd = outlet->fd, .events = POLLOUT};
    return poll(&p, 1, wait_ms) > 0;
}

/* A pipe that polls writable takes PIPE_BUF bytes without blocking (pipe(7)). */
static int write_some(struct cct_outlet *outlet, int wait_ms, struct cct_err *err)
{
    struct cct_buf *kept = &outlet->kept;
    size_t done = 0;
    while (done < kept->len && takes(outlet, wait_ms)) {
        size_t n = kept->len - done < PIPE_BUF ? kept->len - done : PIPE_BUF;
        if (cct_write_all(outlet->fd, kept->data + done, n))
            return fail(outlet, err);
        done += n;
    }
    memmove(kept->data, kept->data + done, kept->len - done);
    kept->len -= done;
    return 0;
}

int cct_outlet_put(struct cct_outlet *outlet, const struct cct_buf *lines, struct cct_err *err)
{
    if (outlet->broken)
        return 0;
    if (outlet->kept.len + lines->len > CCT_OUTLET_MAX_BYTES) {
        errno = ETIMEDOUT;
        return fail(outlet, err);
    }
    cct_buf_add(&outlet->kept, lines->data, lines->len);
    return write_some(outlet, 0, err);
}

int cct_outlet_drain(struct cct_outlet *outlet, int wait_ms, struct cct_err *err)
{
    if (outlet->broken || !outlet->kept.len)
        return 0;
    if (write_some(outlet, wait_ms, err))
        return -1;
    if (!outlet->kept.len || !wait_ms)
        return 0;
    errno = ETIMEDOUT;
    return fail(outlet, err);
}

void cct_outlet_close(struct cct_outlet *outlet)
{
    if (outlet->owned)
        close(outlet->fd);
    cct_buf_free(&outlet->kept);
}
