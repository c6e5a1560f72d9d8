/* SPDX-License-Identifier: Apache-2.0 */
#include "store/home.h"

#include "base/alloc.h"
#include "base/sysroot.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#define FORMAT_TEXT "cct-store 1\n"

enum { FOLDER_FLAGS = O_RDONLY | O_DIRECTORY | O_CLOEXEC };

/* mkdir -p, each 0700. */
static int make_path(const char *path)
{
    if (!*path) {
        errno = ENOENT;
        return -1;
    }
    cct_auto_free char *copy = cct_xstrdup(path);
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = '\0';
        if (mkdir(copy, 0700) && errno != EEXIST)
            return -1;
        *p = '/';
    }
    return mkdir(copy, 0700) && errno != EEXIST ? -1 : 0;
}

/* 1: this program's format, 0: none, -1. */
static int check_format(const struct cct_home *home, struct cct_err *err)
{
    cct_auto_close int fd = openat(home->fd, "FORMAT", O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT)
        return 0;
    if (fd < 0)
        return cct_fail_errno(err, 0, "cannot read %s/FORMAT", home->path);
    char text[64];
    ssize_t n = cct_pread_text(fd, text, sizeof text);
    if (n < 0)
        return cct_fail_errno(err, 0, "cannot read %s/FORMAT", home->path);
    if (n == 0) /* a crash before it was on the disk */
        return 0;
    if (strncmp(text, FORMAT_TEXT, strlen(FORMAT_TEXT) - 1) != 0 ||
        n != (ssize_t)strlen(FORMAT_TEXT) - 1)
        return cct_fail(err, CCT_CONFIG,
                        "%s/FORMAT is not one that this version knows: use the "
                        "cct that wrote it, or another --home",
                        home->path);
    return 1;
}

/* Several may do it at once: they write the same, and one rename is enough. */
static int write_format(const struct cct_home *home, struct cct_err *err)
{
    const char *name = "FORMAT.tmp";
    cct_auto_close int fd =
        openat(home->fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return cct_fail_errno(err, 0, "cannot write in the store %s", home->path);
    ssize_t len = (ssize_t)strlen(FORMAT_TEXT);
    int rc = write(fd, FORMAT_TEXT, (size_t)len) != len || fsync(fd);
    if (!rc && renameat(home->fd, name, home->fd, "FORMAT") && errno != ENOENT)
        rc = -1;
    if (rc) {
        cct_fail_errno(err, 0, "cannot write %s/FORMAT", home->path);
        unlinkat(home->fd, name, 0);
        return -1;
    }
    return 0;
}

int cct_home_open(struct cct_home *home, const char *path, bool create, struct cct_err *err)
{
    if (create && make_path(path))
        return cct_fail_errno(err, errno == ENOTDIR ? CCT_CONFIG : 0, "cannot make the store %s",
                              path);
    home->path = path;
    home->alive_fd = -1;
    home->fd = open(path, FOLDER_FLAGS);
    if (home->fd < 0)
        return cct_fail_errno(err, 0, "cannot open the store %s", path);
    int rc = check_format(home, err);
    if (rc == 0 && create)
        rc = write_format(home, err);
    if (rc < 0) {
        cct_home_close(home);
        return -1;
    }
    return 0;
}

void cct_home_close(struct cct_home *home)
{
    if (home->fd >= 0)
        close(home->fd);
    home->fd = -1;
}

static int make_folder(int fd, const char *path)
{
    return mkdirat(fd, path, 0700) && errno != EEXIST ? -1 : 0;
}

int cct_home_make_writer(const struct cct_home *home, const char *folder, const char *writer,
                         struct cct_err *err)
{
    cct_auto_free char *path = cct_xasprintf("%s/%s", folder, writer);
    if ((strchr(folder, '/') && make_folder(home->fd, CCT_RUNS)) || make_folder(home->fd, folder) ||
        make_folder(home->fd, path))
        return cct_fail_errno(err, 0, "cannot make %s/%s", home->path, path);
    int fd = openat(home->fd, path, FOLDER_FLAGS);
    if (fd < 0)
        return cct_fail_errno(err, 0, "cannot open %s/%s", home->path, path);
    if (home->alive_fd >= 0)
        dprintf(home->alive_fd, "%s\n", folder); /* without it, it is still readable */
    return fd;
}

int cct_home_open_writer(const struct cct_home *home, const char *folder, const char *writer)
{
    cct_auto_free char *path = cct_xasprintf("%s/%s", folder, writer);
    return openat(home->fd, path, FOLDER_FLAGS);
}

static int sync_folder(const struct cct_home *home, const char *path)
{
    cct_auto_close int fd = openat(home->fd, path, FOLDER_FLAGS);
    if (fd < 0)
        return -1;
    /* a file system that has no such thing says EINVAL */
    return fsync(fd) && errno != EINVAL ? -1 : 0;
}

int cct_home_sync_parents(const struct cct_home *home, const char *folder)
{
    if (sync_folder(home, folder) || (strchr(folder, '/') && sync_folder(home, CCT_RUNS)))
        return -1;
    return sync_folder(home, ".");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void cct_names_add(struct cct_names *names, const char *name)
{
    if (names->count == names->cap) {
        names->cap = names->cap ? 2 * names->cap : 16;
        names->names = cct_xreallocarray(names->names, names->cap, sizeof *names->names);
    }
    names->names[names->count++] = cct_xstrdup(name);
}

static const struct dirent *next_entry(DIR *dir)
{
    errno = 0;
    return readdir(dir);
}

/* After next_entry gave NULL: closes; -1 with errno when that was no end but an error. */
static int end_of_folder(DIR *dir)
{
    int errnum = errno;
    closedir(dir);
    errno = errnum;
    return errnum ? -1 : 0;
}

int cct_home_list(const struct cct_home *home, const char *path, bool (*keep)(const char *name),
                  struct cct_names *names)
{
    int fd = openat(home->fd, path, FOLDER_FLAGS);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return -1;
    }
    size_t first = names->count;
    for (const struct dirent *entry; (entry = next_entry(dir));)
        if (keep(entry->d_name))
            cct_names_add(names, entry->d_name);
    int rc = end_of_folder(dir);
    if (names->count > first)
        qsort(names->names + first, names->count - first, sizeof *names->names, by_name);
    return rc;
}

void cct_names_free(struct cct_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
    *names = (struct cct_names){0};
}

/* A run's folder never begins with a dot. */
static bool is_run(const char *name)
{
    return name[0] != '.';
}

int cct_home_folders(const struct cct_home *home, struct cct_names *names, struct cct_err *err)
{
    struct cct_names runs = {0};
    int rc = cct_home_list(home, CCT_RUNS, is_run, &runs);
    if (rc)
        cct_fail_errno(err, 0, "cannot list %s/%s", home->path, CCT_RUNS);
    for (size_t i = 0; i < runs.count; i++) {
        cct_auto_free char *path = cct_xasprintf("%s/%s", CCT_RUNS, runs.names[i]);
        cct_names_add(names, path);
    }
    cct_names_free(&runs);
    cct_names_add(names, CCT_NORUN);
    return rc;
}

int cct_segment_from(int writer_fd, uint64_t from, uint64_t *number, bool *open)
{
    int fd = openat(writer_fd, ".", FOLDER_FLAGS);
    if (fd < 0)
        return -1;
    DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return -1;
    }
    int found = 0;
    for (const struct dirent *entry; (entry = next_entry(dir));) {
        uint64_t n;
        bool is_open;
        if (!cct_segment_parse(entry->d_name, &n, &is_open) || n < from || (found && n >= *number))
            continue;
        *number = n;
        *open = is_open;
        found = 1;
    }
    return end_of_folder(dir) ? -1 : found;
}
