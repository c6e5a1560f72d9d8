/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lane.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

enum { ROLL_BYTES = 16 * 1024 * 1024, ROLL_S = 3600 };

void cct_lane_init(struct cct_lane *lane, const struct cct_home *home, const char *writer,
                   const char *folder)
{
    *lane = (struct cct_lane){
        .home = home, .writer = writer, .folder = cct_xstrdup(folder), .dir_fd = -1, .fd = -1};
}

size_t cct_lane_pending(const struct cct_lane *lane)
{
    return lane->lines.len - lane->written;
}

uint64_t cct_lane_pending_lines(const struct cct_lane *lane)
{
    uint64_t count = 0;
    for (size_t i = lane->written; i < lane->lines.len; i++)
        count += lane->lines.data[i] == '\n';
    return count;
}

/* The writer's own folder; after it was closed for want of descriptors, numbers go on. */
static int open_folder(struct cct_lane *lane, struct cct_err *err)
{
    int fd = cct_home_make_writer(lane->home, lane->folder, lane->writer, err);
    if (fd < 0)
        return -1;
    uint64_t number;
    bool open;
    int found;
    while ((found = cct_segment_from(fd, lane->number, &number, &open)) > 0)
        lane->number = number + 1;
    if (found < 0) {
        cct_fail_errno(err, 0, "cannot list %s/%s", lane->home->path, lane->folder);
        close(fd);
        return -1;
    }
    lane->dir_fd = fd;
    return 0;
}

static int open_segment(struct cct_lane *lane, struct cct_err *err)
{
    if (lane->dir_fd < 0 && open_folder(lane, err))
        return -1;
    char name[CCT_SEGMENT_NAME];
    cct_segment_name(name, lane->number, true);
    lane->fd = openat(lane->dir_fd, name,
                      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lane->fd < 0)
        return cct_fail_errno(err, 0, "cannot write %s/%s/%s/%s", lane->home->path, lane->folder,
                              lane->writer, name);
    lane->length = 0;
    lane->written = 0;
    lane->born_mono_ns = cct_mono_ns();
    lane->new_name = true;
    return 0;
}

static void next_segment(struct cct_lane *lane)
{
    close(lane->fd);
    lane->fd = -1;
    lane->number++;
    lane->length = 0;
    lane->written = 0;
}

/* Leaves the open segment as it is, for recovery to cut and seal. The lines in it that are still in
 * memory from the byte keep on go into the next one. */
static void abandon(struct cct_lane *lane, size_t keep)
{
    size_t rest = lane->lines.len - keep;
    if (rest)
        memmove(lane->lines.data, lane->lines.data + keep, rest);
    lane->lines.len = rest;
    lane->left_open = true;
    next_segment(lane);
}

static int data_sync(int fd)
{
    int rc;
    do
        rc = fdatasync(fd);
    while (rc && errno == EINTR);
    return rc;
}

/* After a write that stopped in the middle: the file ends with a whole line again. */
static void cut_back(struct cct_lane *lane, size_t written)
{
    const char *from = lane->lines.data + lane->written;
    const char *newline = memrchr(from, '\n', written - lane->written);
    size_t whole = newline ? (size_t)(newline + 1 - from) : 0;
    lane->written += whole;
    lane->length += whole;
    if (lane->written == written)
        return;
    int errnum = errno;
    if (ftruncate(lane->fd, (off_t)lane->length))
        abandon(lane, data_sync(lane->fd) ? 0 : lane->written);
    errno = errnum;
}

static int write_segment(struct cct_lane *lane, struct cct_err *err)
{
    if (lane->fd < 0 && open_segment(lane, err))
        return -1;
    size_t at = lane->written;
    while (at < lane->lines.len) {
        ssize_t n = write(lane->fd, lane->lines.data + at, lane->lines.len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            cut_back(lane, at);
            return cct_fail_errno(err, 0, "cannot write in the store %s", lane->home->path);
        }
        at += (size_t)n;
    }
    lane->length += at - lane->written;
    lane->written = at;
    return 0;
}

static void forget_written(struct cct_lane *lane)
{
    size_t rest = cct_lane_pending(lane);
    if (rest)
        memmove(lane->lines.data, lane->lines.data + lane->written, rest);
    lane->lines.len = rest;
    lane->written = 0;
}

/* Gives the segment, which is on the disk, its final name. */
static int rename_sealed(struct cct_lane *lane, struct cct_err *err)
{
    char from[CCT_SEGMENT_NAME], to[CCT_SEGMENT_NAME];
    cct_segment_name(from, lane->number, true);
    cct_segment_name(to, lane->number, false);
    int rc = lane->length ? renameat(lane->dir_fd, from, lane->dir_fd, to)
                          : unlinkat(lane->dir_fd, from, 0);
    if (!rc && fsync(lane->dir_fd) && errno != EINVAL)
        rc = -1;
    if (rc) {
        cct_fail_errno(err, CCT_IOERR, "cannot seal %s/%s/%s, the next cct-push will", lane->folder,
                       lane->writer, from);
        lane->left_open = true;
    }
    next_segment(lane);
    return rc;
}

int cct_lane_write(struct cct_lane *lane, struct cct_err *err)
{
    while (cct_lane_pending(lane)) {
        if (write_segment(lane, err) == 0)
            return 0;
        if (errno != EFBIG || lane->fd < 0 || lane->length == 0 || lane->doubtful)
            return -1;
        /* a limit of the file's size (ulimit -f): on in the next segment */
        if (data_sync(lane->fd)) {
            lane->doubtful = true;
            return -1;
        }
        forget_written(lane);
        if (rename_sealed(lane, err))
            return -1;
    }
    return 0;
}

/* The disk failed: everything written since the last good sync is in doubt. */
static int start_over(struct cct_lane *lane, struct cct_err *err)
{
    uint64_t good = lane->length - lane->written;
    lane->doubtful = true;
    if (ftruncate(lane->fd, (off_t)good)) {
        abandon(lane, 0);
    } else {
        lane->length = good;
        if (rename_sealed(lane, err))
            return -1;
    }
    if (cct_lane_write(lane, err))
        return -1;
    if (lane->fd >= 0 && data_sync(lane->fd))
        return cct_fail_errno(err, CCT_IOERR, "cannot put the records on the disk of %s",
                              lane->home->path);
    lane->doubtful = false;
    return 0;
}

static int sync_names(struct cct_lane *lane, struct cct_err *err)
{
    bool above = !lane->known_folder;
    if ((fsync(lane->dir_fd) && errno != EINVAL) ||
        (above && cct_home_sync_parents(lane->home, lane->folder)))
        return cct_fail_errno(err, CCT_IOERR, "cannot put the folders on the disk of %s",
                              lane->home->path);
    lane->new_name = false;
    lane->known_folder = true;
    return 0;
}

int cct_lane_sync(struct cct_lane *lane, struct cct_err *err)
{
    int rc = cct_lane_write(lane, err);
    if (lane->written == 0)
        return rc;
    if ((lane->doubtful || data_sync(lane->fd)) && start_over(lane, err))
        return -1;
    forget_written(lane);
    if (lane->new_name && sync_names(lane, err))
        return -1;
    return rc;
}

int cct_lane_seal(struct cct_lane *lane, struct cct_err *err)
{
    if (cct_lane_sync(lane, err))
        return -1;
    return lane->fd < 0 ? 0 : rename_sealed(lane, err);
}

int cct_lane_roll(struct cct_lane *lane, int64_t now_mono_ns, struct cct_err *err)
{
    if (lane->fd < 0 ||
        (lane->length < ROLL_BYTES && now_mono_ns - lane->born_mono_ns < ROLL_S * CCT_NS_PER_S))
        return 0;
    return cct_lane_seal(lane, err);
}

void cct_lane_done(struct cct_lane *lane)
{
    if (lane->fd >= 0)
        close(lane->fd);
    if (lane->dir_fd >= 0)
        close(lane->dir_fd);
    cct_buf_free(&lane->lines);
    free(lane->folder);
}
