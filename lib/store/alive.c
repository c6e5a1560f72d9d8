/* SPDX-License-Identifier: Apache-2.0
 * Which writers live: a writer holds a lock on open/WRITER, so that the kernel tells of its death
 * and no process number is ever trusted. */
#include "store/home.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

static int lock(int fd, int how)
{
    int rc;
    do
        rc = flock(fd, how);
    while (rc && errno == EINTR);
    return rc;
}

static bool is_linked(int fd)
{
    struct stat st;
    return !fstat(fd, &st) && st.st_nlink > 0;
}

static void entry_path(char out[64], const char *writer)
{
    snprintf(out, 64, "open/%s", writer);
}

int cct_home_enter(const struct cct_home *home, const char *writer, struct cct_err *err)
{
    char path[64];
    entry_path(path, writer);
    if (mkdirat(home->fd, "open", 0700) && errno != EEXIST)
        return cct_fail_errno(err, 0, "cannot write in the store's folder");
    for (;;) {
        int fd = openat(home->fd, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return cct_fail_errno(err, 0, "cannot write in the store's folder open");
        if (lock(fd, LOCK_EX)) {
            cct_fail_errno(err, 0, "cannot lock in the store's folder open");
            close(fd);
            return -1;
        }
        if (is_linked(fd))
            return fd;
        close(fd); /* recovery took it for a dead writer's before it was locked */
    }
}

bool cct_home_lives(const struct cct_home *home, const char *writer)
{
    char path[64];
    entry_path(path, writer);
    cct_auto_close int fd = openat(home->fd, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd >= 0 && lock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
}

/* A line of an entry that can be ours: it never leads out of the store. */
static bool is_folder(const char *path)
{
    if (!strcmp(path, CCT_NORUN))
        return true;
    size_t top = strlen(CCT_RUNS "/");
    return !strncmp(path, CCT_RUNS "/", top) && path[top] != '.' && !strchr(path + top, '/');
}

/* Mends each folder that the entry names; true when nothing stays open. */
static bool recover_entry(const struct cct_home *home, const char *writer, int fd)
{
    FILE *f = fdopen(fd, "r");
    if (!f)
        return false;
    bool all = true;
    cct_auto_free char *folder = NULL;
    size_t cap = 0;
    for (ssize_t n; (n = getline(&folder, &cap, f)) > 0;) {
        folder[strcspn(folder, "\n")] = '\0';
        if (is_folder(folder))
            all = cct_home_recover_writer(home, folder, writer) == 0 && all;
    }
    char path[64];
    entry_path(path, writer);
    if (all && unlinkat(home->fd, path, 0))
        all = false;
    fclose(f);
    return all;
}

void cct_home_recover(const struct cct_home *home)
{
    struct cct_names writers = {0};
    if (cct_home_list(home, "open", cct_is_writer, &writers))
        cct_warn(home->log, "cannot look for segments to mend: %s", strerror(errno));
    for (size_t i = 0; i < writers.count; i++) {
        char path[64];
        entry_path(path, writers.names[i]);
        int fd = openat(home->fd, path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
        if (fd < 0)
            continue;
        if (lock(fd, LOCK_EX | LOCK_NB) || !is_linked(fd)) {
            close(fd);
            continue;
        }
        recover_entry(home, writers.names[i], fd);
    }
    cct_names_free(&writers);
}

void cct_home_recover_folder(const struct cct_home *home, const char *folder)
{
    struct cct_names writers = {0};
    if (cct_home_list(home, folder, cct_is_writer, &writers))
        cct_warn(home->log, "cannot look for segments to mend: %s", strerror(errno));
    for (size_t i = 0; i < writers.count; i++)
        if (!cct_home_lives(home, writers.names[i]))
            cct_home_recover_writer(home, folder, writers.names[i]);
    cct_names_free(&writers);
}
