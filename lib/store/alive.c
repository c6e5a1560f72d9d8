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

static int enter(const struct cct_home *home, const char *path)
{
    for (;;) {
        int fd = openat(home->fd, path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            return -1;
        /* where there are no locks, nobody takes us for dead: recovery wants the lock, too */
        bool locked = lock(fd, LOCK_EX) == 0;
        if (!locked || is_linked(fd))
            return fd;
        close(fd); /* recovery took it for a dead writer's before it was locked */
    }
}

int cct_home_enter(struct cct_home *home, const char *writer, struct cct_err *err)
{
    char path[64];
    entry_path(path, writer);
    if (!mkdirat(home->fd, "open", 0700) || errno == EEXIST)
        home->alive_fd = enter(home, path);
    return home->alive_fd < 0 ? cct_fail_errno(err, 0, "cannot write in the store %s", home->path)
                              : 0;
}

void cct_home_leave(struct cct_home *home, const char *writer, bool all_sealed)
{
    if (home->alive_fd < 0)
        return;
    char path[64];
    entry_path(path, writer);
    if (all_sealed)
        unlinkat(home->fd, path, 0); /* a failure costs the next writer one look */
    close(home->alive_fd);
    home->alive_fd = -1;
}

/* A line of an entry that can be ours: it never leads out of the store. */
static bool is_folder(const char *path)
{
    if (!strcmp(path, CCT_NORUN))
        return true;
    size_t top = strlen(CCT_RUNS "/");
    return !strncmp(path, CCT_RUNS "/", top) && path[top] != '.' && !strchr(path + top, '/');
}

/* Mends each folder that the entry names; the entry goes when nothing stays open. */
static void recover_entry(const struct cct_home *home, const char *writer, int fd)
{
    FILE *f = fdopen(fd, "r");
    if (!f) {
        close(fd);
        return;
    }
    bool all = true;
    cct_auto_free char *folder = NULL;
    size_t cap = 0;
    while (getline(&folder, &cap, f) > 0) {
        folder[strcspn(folder, "\n")] = '\0';
        if (is_folder(folder))
            all = cct_home_recover_writer(home, folder, writer) == 0 && all;
    }
    char path[64];
    entry_path(path, writer);
    if (all && !ferror(f))
        unlinkat(home->fd, path, 0); /* a failure costs the next writer one look */
    fclose(f);
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
