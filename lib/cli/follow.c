/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/follow.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLL_MS    200  /* without inotify */
#define RECHECK_MS 2000 /* with it */

static void watch_file(struct cct_follow *follow)
{
    if (follow->inotify_fd < 0)
        return;
    if (follow->file_watch >= 0)
        inotify_rm_watch(follow->inotify_fd, follow->file_watch);
    follow->file_watch =
        inotify_add_watch(follow->inotify_fd, follow->path,
                          IN_MODIFY | IN_ATTRIB | IN_MOVE_SELF | IN_DELETE_SELF | IN_CLOSE_WRITE);
}

/* The folder tells when a file of the name comes. */
static bool watch_folder(const struct cct_follow *follow)
{
    const char *slash = strrchr(follow->path, '/');
    cct_auto_free char *folder =
        !slash ? cct_xstrdup(".")
               : cct_xstrndup(follow->path,
                              slash == follow->path ? 1 : (size_t)(slash - follow->path));
    return inotify_add_watch(follow->inotify_fd, folder, IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) >= 0;
}

/* 0 also when the file is not there. The watch comes first, so that nothing is missed between. */
static int open_file(struct cct_follow *follow, struct cct_err *err)
{
    struct stat st;
    if (stat(follow->path, &st)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return 0;
        return cct_fail_errno(err, 0, "cannot follow %s", follow->path);
    }
    watch_file(follow);
    follow->fifo = S_ISFIFO(st.st_mode);
    /* A FIFO opened for both never ends and never blocks the open (fifo(7)). */
    int flags = follow->fifo ? O_RDWR | O_NONBLOCK : O_RDONLY;
    follow->fd = open(follow->path, flags | O_CLOEXEC | O_NOCTTY);
    if (follow->fd < 0 && errno != ENOENT)
        return cct_fail_errno(err, 0, "cannot follow %s", follow->path);
    return 0;
}

int cct_follow_open(struct cct_follow *follow, const char *path, struct cct_err *err)
{
    *follow = (struct cct_follow){.path = path, .fd = -1, .file_watch = -1};
    follow->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (follow->inotify_fd >= 0)
        follow->watched = watch_folder(follow);
    if (open_file(follow, err) == 0)
        return 0;
    cct_follow_close(follow);
    return -1;
}

void cct_follow_close(struct cct_follow *follow)
{
    if (follow->fd >= 0)
        close(follow->fd);
    if (follow->inotify_fd >= 0)
        close(follow->inotify_fd);
    follow->fd = follow->inotify_fd = -1;
}

static void drain_events(const struct cct_follow *follow)
{
    char events[4096];
    while (follow->inotify_fd >= 0 && read(follow->inotify_fd, events, sizeof(events)) > 0)
        ;
}

/* At the end of what there is: was the file cut, or is another one there now? */
static bool begins_anew(struct cct_follow *follow, struct cct_err *err, int *failed)
{
    struct stat mine, named;
    *failed = 0;
    if (follow->fifo || fstat(follow->fd, &mine))
        return false;
    if (mine.st_size < lseek(follow->fd, 0, SEEK_CUR)) {
        lseek(follow->fd, 0, SEEK_SET);
        return true;
    }
    if (stat(follow->path, &named) || (named.st_ino == mine.st_ino && named.st_dev == mine.st_dev))
        return false;
    close(follow->fd);
    follow->fd = -1;
    *failed = open_file(follow, err);
    return true;
}

ssize_t cct_follow_read(struct cct_follow *follow, char *bytes, size_t cap, bool *begun,
                        struct cct_err *err)
{
    *begun = false;
    drain_events(follow);
    for (int tries = 0; tries < 2; tries++) {
        int failed;
        if (follow->fd < 0 && open_file(follow, err))
            return -1;
        if (follow->fd < 0)
            return 0;
        ssize_t n = read(follow->fd, bytes, cap);
        if (n > 0 || (n < 0 && errno == EAGAIN))
            return n > 0 ? n : 0;
        if (n < 0 && errno != EINTR)
            return cct_fail_errno(err, 0, "cannot read %s", follow->path);
        if (!begins_anew(follow, err, &failed))
            return 0;
        if (failed)
            return -1;
        *begun = true;
    }
    return 0;
}

int cct_follow_poll_fd(const struct cct_follow *follow)
{
    return follow->fifo ? follow->fd : follow->inotify_fd;
}

int cct_follow_wait_ms(const struct cct_follow *follow)
{
    bool told = follow->fd < 0 ? follow->watched : follow->file_watch >= 0;
    return follow->inotify_fd >= 0 && told ? RECHECK_MS : POLL_MS;
}
