/* SPDX-License-Identifier: Apache-2.0
 * Waiting for more: inotify on the folders that may change; where the system has no more watches,
 * or the store is not there yet, a look four times a second. */
#include "store/cursor.h"
#include "store/local.h"

#include "base/alloc.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

enum {
    LOOK_MS = 250,
    LOOK_ANYWAY_MS = 5000, /* a network's file system does not tell what others write */
    NEW_NAMES = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR,
    NEW_DATA = NEW_NAMES | IN_MODIFY,
};

static void give_up_watching(struct cct_local_cursor *cursor)
{
    if (cursor->inotify_fd >= 0)
        close(cursor->inotify_fd);
    cursor->inotify_fd = -1;
}

void cct_local_unfollow(struct cct_local_cursor *cursor)
{
    give_up_watching(cursor);
}

/* path is below the store's top. Returns the watch, or -1. */
static int watch(struct cct_local_cursor *cursor, const char *path, uint32_t mask)
{
    if (cursor->inotify_fd < 0)
        return -1;
    cct_auto_free char *full = cct_xasprintf("%s/%s", cursor->address, path);
    int wd = inotify_add_watch(cursor->inotify_fd, full, mask);
    if (wd < 0 && errno != ENOENT && errno != ENOTDIR)
        give_up_watching(cursor);
    return wd;
}

static void watch_source(struct cct_local_cursor *cursor, struct cct_source *source)
{
    if (source->watch >= 0)
        return;
    cct_auto_free char *path = cct_xasprintf("%s/%s", source->folder, source->stream.writer);
    source->watch = watch(cursor, path, NEW_DATA);
    source->stirred = true;
}

/* Finds what is new; a folder is watched before it is listed, so nothing slips in between. */
static int rescan(struct cct_local_cursor *cursor, struct cct_err *err)
{
    if (cursor->home.fd < 0 && cct_home_open(&cursor->home, cursor->address, false, err))
        return errno == ENOENT ? 0 : -1;
    watch(cursor, ".", NEW_NAMES);
    watch(cursor, CCT_RUNS, NEW_NAMES);
    struct cct_names folders = {0};
    int rc = cct_local_list_folders(cursor, &folders, err);
    for (size_t i = 0; i < folders.count && !rc; i++) {
        watch(cursor, folders.names[i], NEW_NAMES);
        rc = cct_local_add_folder(cursor, folders.names[i], err);
    }
    cct_names_free(&folders);
    for (size_t i = 0; i < cursor->source_count; i++)
        watch_source(cursor, cursor->sources[i]);
    return rc;
}

static void stir(struct cct_local_cursor *cursor, int wd)
{
    for (size_t i = 0; i < cursor->source_count; i++)
        if (wd < 0 || cursor->sources[i]->watch == wd)
            cursor->sources[i]->stirred = true;
}

static int look_everywhere(struct cct_local_cursor *cursor, struct cct_err *err)
{
    stir(cursor, -1);
    return rescan(cursor, err) ? -1 : 1;
}

static int read_events(struct cct_local_cursor *cursor, struct cct_err *err)
{
    _Alignas(struct inotify_event) char block[4096];
    ssize_t n = read(cursor->inotify_fd, block, sizeof block);
    bool names = false;
    for (ssize_t at = 0; at < n;) {
        struct inotify_event event;
        memcpy(&event, block + at, sizeof event);
        at += (ssize_t)(sizeof event + event.len);
        if (event.mask & IN_Q_OVERFLOW)
            return look_everywhere(cursor, err);
        if (event.mask & IN_ISDIR)
            names = true;
        else
            stir(cursor, event.wd);
    }
    return names && rescan(cursor, err) ? -1 : 1;
}

int cct_local_wait(void *self, int stop_fd, int out_fd, struct cct_err *err)
{
    struct cct_local_cursor *cursor = self;
    cursor->to_ask = 0;
    if (!cursor->watching) {
        cursor->watching = true;
        cursor->inotify_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
        return look_everywhere(cursor, err);
    }
    struct pollfd fds[] = {
        {.fd = stop_fd, .events = POLLIN}, {.fd = out_fd}, {cursor->inotify_fd, POLLIN, 0}};
    bool blind = cursor->inotify_fd < 0 || cursor->home.fd < 0;
    int n = poll(fds, CCT_LEN(fds), blind ? LOOK_MS : LOOK_ANYWAY_MS);
    if (n < 0 && errno != EINTR)
        return cct_fail_errno(err, CCT_OSERR, "cannot wait for records");
    if (n > 0 && (fds[0].revents || fds[1].revents))
        return 0;
    if (n > 0 && fds[2].revents)
        return read_events(cursor, err);
    return look_everywhere(cursor, err);
}
