/* SPDX-License-Identifier: Apache-2.0
 * What a writer that died has left open: everything up to the last whole line is kept, what is
 * behind it goes to quarantine/, then the segment is sealed. A damaged line in the middle stays
 * where it is: whoever reads it is told. Doing it twice, or by two processes, changes nothing. */
#include "store/home.h"

#include "base/alloc.h"
#include "record/io.h"
#include "store/chunk.h"
#include "store/line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct leftover {
    const struct cct_home *home;
    const char *folder, *writer;
    uint64_t number;
    int dir_fd; /* borrowed */
};

/* The end of the last line that is whole; -1 with errno. */
static int64_t good_bytes(int fd)
{
    struct cct_chunk chunk = {0};
    int64_t good = 0;
    ssize_t n;
    do {
        n = cct_chunk_fill(&chunk, fd);
        char *line;
        size_t len, record;
        for (enum cct_take t; (t = cct_chunk_take(&chunk, &line, &len)) != CCT_TAKE_NONE;)
            if (t == CCT_TAKE_LINE && cct_line_check(line, len, &record))
                good = (int64_t)chunk.offset;
    } while (n > 0);
    cct_chunk_free(&chunk);
    return n < 0 ? -1 : good;
}

static int copy_tail(int from, int to, off_t at)
{
    char block[4096];
    for (;;) {
        ssize_t n = pread(from, block, sizeof block, at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n < 0 ? -1 : fsync(to);
        if (cct_write_all(to, block, (size_t)n))
            return -1;
        at += n;
    }
}

/* Opens a new file quarantine/WRITER-NUMBER-OFFSET; name gets its path. */
static int open_quarantine(const struct leftover *left, int64_t at, char name[96])
{
    if (mkdirat(left->home->fd, "quarantine", 0700) && errno != EEXIST)
        return -1;
    for (int try = 1; try < 100; try++) {
        int n = snprintf(name, 96, "quarantine/%s-%010llu-%lld", left->writer,
                         (unsigned long long)left->number, (long long)at);
        if (try > 1)
            snprintf(name + n, 96 - (size_t)n, "-%d", try);
        int fd = openat(left->home->fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                        0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
    }
    return -1;
}

static int move_tail(const struct leftover *left, int fd, int64_t good, int64_t size)
{
    char name[96];
    cct_auto_close int to = open_quarantine(left, good, name);
    if (to < 0)
        return -1;
    if (copy_tail(fd, to, good)) {
        unlinkat(left->home->fd, name, 0);
        return -1;
    }
    cct_auto_close int dir = openat(left->home->fd, "quarantine", O_RDONLY | O_CLOEXEC);
    if (dir < 0 || (fsync(dir) && errno != EINVAL) || ftruncate(fd, good))
        return -1;
    cct_warn(left->home->log,
             "a writer that died left %lld bytes of an unfinished record in %s: moved to %s",
             (long long)(size - good), left->folder, name);
    return 0;
}

static int seal(const struct leftover *left, int fd, bool empty)
{
    char from[CCT_SEGMENT_NAME], to[CCT_SEGMENT_NAME];
    cct_segment_name(from, left->number, true);
    cct_segment_name(to, left->number, false);
    int rc = fdatasync(fd);
    if (!rc)
        rc = empty ? unlinkat(left->dir_fd, from, 0)
                   : renameat(left->dir_fd, from, left->dir_fd, to);
    if (rc)
        return errno == ENOENT ? 0 : -1; /* somebody else has just done it */
    return fsync(left->dir_fd) && errno != EINVAL ? -1 : 0;
}

static int recover_segment(const struct leftover *left)
{
    char name[CCT_SEGMENT_NAME];
    cct_segment_name(name, left->number, true);
    cct_auto_close int fd =
        openat(left->dir_fd, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    struct stat st;
    int64_t good = good_bytes(fd);
    if (good < 0 || fstat(fd, &st))
        return -1;
    if (st.st_size > good && move_tail(left, fd, good, st.st_size))
        return -1;
    return seal(left, fd, good == 0);
}

int cct_home_recover_writer(const struct cct_home *home, const char *folder, const char *writer)
{
    cct_auto_close int dir_fd = cct_home_open_writer(home, folder, writer);
    if (dir_fd < 0)
        return errno == ENOENT ? 0 : -1;
    struct leftover left = {home, folder, writer, 0, dir_fd};
    int rc = 0, found;
    bool open;
    for (uint64_t from = 0; (found = cct_segment_from(dir_fd, from, &left.number, &open)) > 0;
         from = left.number + 1) {
        if (!open || !recover_segment(&left))
            continue;
        cct_warn(home->log, "cannot mend %s/%s, left as it is: %s", folder, writer,
                 strerror(errno));
        rc = -1;
    }
    return found < 0 ? -1 : rc;
}
