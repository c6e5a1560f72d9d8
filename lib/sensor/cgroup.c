/* SPDX-License-Identifier: Apache-2.0
 * A job by its cgroup, of version 2 or, where the CPU is accounted there, of version 1. cpu.stat is
 * there without any controller (Documentation/admin-guide/ cgroup-v2.rst, "CPU Interface Files"),
 * counts ended processes, and costs one pread. A leaf of our own is made only where the hierarchy
 * is ours: under systemd in a delegated subtree (systemd.io/CGROUP_DELEGATION), without systemd
 * wherever the folder may be written. */
#include "base/alloc.h"
#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#define PATH_CAP 1024

struct cgroup {
    struct cct_job job;
    int stat_fd, memory_fd; /* owned; -1: not there */
    int dir_fd;             /* of the folder. Owned */
    char *path;             /* of a leaf that we made, to be removed; or NULL. Owned */
    uint64_t base_us;
};

/* cpu.stat, where usage_usec comes first; or cpuacct.usage, which is one number of nanoseconds. */
static bool usage_us(int fd, uint64_t *out)
{
    char text[64];
    uint64_t ns;
    if (fd < 0 || cct_pread_text(fd, text, sizeof text) <= 0)
        return false;
    if (strncmp(text, "usage_usec ", 11) == 0) {
        *out = strtoull(text + 11, NULL, 10);
        return true;
    }
    if (cct_parse_u64(text, &ns))
        return false;
    *out = ns / 1000;
    return true;
}

static void read_cgroup(struct cct_job *job, struct cct_job_reading *reading, int64_t mono_ns)
{
    struct cgroup *cg = (struct cgroup *)job;
    uint64_t memory;
    uint64_t now_us;
    (void)mono_ns;
    reading->with_cache = true;
    reading->known = reading->alive = usage_us(cg->stat_fd, &now_us);
    if (reading->known)
        reading->cpu_us = now_us > cg->base_us ? now_us - cg->base_us : 0;
    if (cg->memory_fd >= 0 && cct_pread_u64(cg->memory_fd, &memory) == 0)
        reading->memory_bytes = (double)memory;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void close_cgroup(struct cct_job *job)
{
    struct cgroup *cg = (struct cgroup *)job;
    close_fd(cg->stat_fd);
    close_fd(cg->memory_fd);
    close_fd(cg->dir_fd);
    close_fd(cg->job.cgroup_fd);
    if (cg->path)
        rmdir(cg->path); /* fails while a daemon lives in it, and that is right */
    free(cg->path);
    free(cg);
}

static void add_pids(int dir, struct cct_pids *pids)
{
    char line[32];
    int fd = openat(dir, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    cct_auto_fclose FILE *procs = fd < 0 ? NULL : fdopen(fd, "r");
    if (fd >= 0 && !procs)
        close(fd);
    while (procs && fgets(line, sizeof line, procs)) {
        uint64_t pid;
        if (cct_parse_u64(line, &pid) == 0 && pid <= INT32_MAX)
            cct_pids_add(pids, (pid_t)pid);
    }
}

/* A cgroup and those below it. */
static void walk(int parent, const char *name, unsigned depth, struct cct_pids *pids)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    if (!dir) {
        close_fd(fd);
        return;
    }
    add_pids(fd, pids);
    while (depth && (entry = readdir(dir)))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            walk(fd, entry->d_name, depth - 1, pids);
    closedir(dir);
}

static void cgroup_pids(struct cct_job *job, struct cct_pids *pids)
{
    walk(((struct cgroup *)job)->dir_fd, ".", 8, pids);
}

static const struct cct_job_kind cgroup_kind = {
    .read = read_cgroup, .pids = cgroup_pids, .close = close_cgroup};

static int open_any(int dir, const char *name, const char *other)
{
    int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
    return fd >= 0 ? fd : openat(dir, other, O_RDONLY | O_CLOEXEC);
}

/* dir: the cgroup's folder, of version 2 or of version 1's controller cpuacct. */
static struct cgroup *cgroup_new(int dir)
{
    struct cgroup *cg = cct_xcalloc(1, sizeof *cg);
    cg->job = (struct cct_job){.kind = &cgroup_kind, .cgroup_fd = -1};
    cg->stat_fd = open_any(dir, "cpuacct.usage", "cpu.stat");
    cg->dir_fd = fcntl(dir, F_DUPFD_CLOEXEC, 0);
    cg->memory_fd = open_any(dir, "memory.current", "memory.usage_in_bytes");
    if (!usage_us(cg->stat_fd, &cg->base_us)) {
        close_cgroup(&cg->job);
        return NULL;
    }
    return cg;
}

static bool has_option(const char *options, const char *option)
{
    size_t n = strlen(option);
    for (const char *p = options; p; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, option, n) == 0 && (p[n] == ',' || p[n] == '\0'))
            return true;
    }
    return false;
}

/* Where a controller of version 1 is mounted, by /proc/self/mounts; NULL: where cgroup2 is. */
static bool find_mount(const struct cct_sysroot *root, const char *controller, char *out,
                       size_t cap)
{
    char line[512];
    int fd = cct_sysroot_open_file(root, "proc/self/mounts");
    cct_auto_fclose FILE *mounts = fd < 0 ? NULL : fdopen(fd, "r");
    if (fd >= 0 && !mounts)
        close(fd);
    while (mounts && fgets(line, sizeof line, mounts)) {
        char *save = NULL;
        const char *what = strtok_r(line, " ", &save);
        const char *where = what ? strtok_r(NULL, " ", &save) : NULL;
        const char *type = where ? strtok_r(NULL, " ", &save) : NULL;
        const char *options = type ? strtok_r(NULL, " ", &save) : NULL;
        if (options && strcmp(type, controller ? "cgroup" : "cgroup2") == 0 &&
            (!controller || has_option(options, controller)) && strlen(where) < cap) {
            snprintf(out, cap, "%s", where);
            return true;
        }
    }
    return false;
}

/* Our own path in the v2 hierarchy: the line "0::/..." of /proc/self/cgroup. */
static bool own_path(const struct cct_sysroot *root, char *out, size_t cap)
{
    char text[2048];
    if (cct_sysroot_read(root, "proc/self/cgroup", text, sizeof text) <= 0)
        return false;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "0::/", 4) == 0) {
            int n = (int)strcspn(line + 3, "\n");
            return snprintf(out, cap, "%.*s", n, line + 3) < (int)cap;
        }
    }
    return false;
}

static bool says_yes(const char *path, const char *name)
{
    char value[2] = "";
    return getxattr(path, name, value, sizeof value) == 1 && value[0] == '1';
}

/* Whether systemd gave this cgroup, or one above it, away. */
static bool is_delegated(const char *mount, const char *path)
{
    char at[PATH_CAP];
    snprintf(at, sizeof at, "%s", path);
    while (strlen(at) > strlen(mount)) {
        if (says_yes(at, "user.delegate") || says_yes(at, "trusted.delegate"))
            return true;
        char *slash = strrchr(at, '/');
        if (!slash)
            return false;
        *slash = '\0';
    }
    return false;
}

static bool make_folder(struct cgroup **out, const char *own, struct cct_err *err)
{
    char path[PATH_CAP];
    if (snprintf(path, sizeof path, "%s/cct-%d", own, (int)getpid()) >= (int)sizeof path)
        return false;
    rmdir(path); /* of a killed process that had our number */
    if (mkdir(path, 0755)) {
        cct_fail_errno(err, CCT_NOPERM, "cannot make %s", path);
        return false;
    }
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct cgroup *cg = dir < 0 ? NULL : cgroup_new(dir);
    if (!cg) {
        close_fd(dir);
        rmdir(path);
        cct_fail(err, CCT_IOERR, "%s has no cpu.stat", path);
        return false;
    }
    cg->job.cgroup_fd = dir;
    cg->path = cct_xstrdup(path);
    *out = cg;
    return true;
}

int cct_job_open_leaf(struct cct_job **out, struct cct_err *err)
{
    struct cct_sysroot root;
    char mount[256];
    char path[768];
    char own[PATH_CAP];
    struct cgroup *cg = NULL;
    if (cct_sysroot_open(&root, NULL, err))
        return -1;
    bool there = find_mount(&root, NULL, mount, sizeof mount) && own_path(&root, path, sizeof path);
    cct_sysroot_close(&root);
    if (!there)
        return cct_fail(err, CCT_UNAVAILABLE, "no cgroup v2 here");
    snprintf(own, sizeof own, "%s%s", mount, strcmp(path, "/") == 0 ? "" : path);
    if (access("/run/systemd/system", F_OK) == 0 && !is_delegated(mount, own))
        return cct_fail(err, CCT_NOPERM, "systemd has not delegated %.150s", own);
    if (!make_folder(&cg, own, err))
        return -1;
    *out = &cg->job;
    return 0;
}

/* The first of the places where such a path may lie. */
static int open_folder(const struct cct_sysroot *root, const char *path)
{
    static const char *const usual[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
    char mount[256] = "";
    char full[PATH_CAP];
    const char *at = path;
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    for (size_t i = 0; i < CCT_LEN(usual) + 2; i++) {
        if (i == 1 && !find_mount(root, NULL, mount, sizeof mount))
            continue;
        if (i) {
            snprintf(full, sizeof full, "%s/%s", i == 1 ? mount : usual[i - 2], path);
            at = full;
        } else if (strncmp(path, "/sys/", 5) != 0) {
            continue;
        }
        int fd = openat(root->fd, at + strspn(at, "/"), flags);
        if (fd >= 0)
            return fd;
    }
    errno = ENOENT;
    return -1;
}

/* The folder of a controller of version 1, or -1 with errno. */
static int open_v1(const struct cct_sysroot *root, const char *controller, const char *path)
{
    char mount[256];
    char full[PATH_CAP];
    errno = ENOENT;
    if (!find_mount(root, controller, mount, sizeof mount) ||
        snprintf(full, sizeof full, "%s/%s", mount, path) >= (int)sizeof full)
        return -1;
    return openat(root->fd, full + strspn(full, "/"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Version 1 (Documentation/admin-guide/cgroup-v1/cpuacct.rst): the job's name is the same under
 * each controller. */
static struct cgroup *open_cpuacct(const struct cct_sysroot *root, const char *path)
{
    cct_auto_close int dir = open_v1(root, "cpuacct", path);
    struct cgroup *cg = dir < 0 ? NULL : cgroup_new(dir);
    if (!cg || cg->memory_fd >= 0)
        return cg;
    cct_auto_close int memory = open_v1(root, "memory", path);
    if (memory >= 0)
        cg->memory_fd = openat(memory, "memory.usage_in_bytes", O_RDONLY | O_CLOEXEC);
    return cg;
}

int cct_job_open_cgroup(struct cct_job **out, const struct cct_sysroot *root, const char *path,
                        struct cct_err *err)
{
    cct_auto_close int dir = open_folder(root, path);
    int missing = errno;
    struct cgroup *cg = dir < 0 ? NULL : cgroup_new(dir);
    if (!cg)
        cg = open_cpuacct(root, path);
    errno = missing;
    if (!cg && dir < 0)
        return cct_fail_errno(err, CCT_NOINPUT, "--cgroup %s", path);
    if (!cg)
        return cct_fail(err, CCT_NOINPUT,
                        "--cgroup %s: no cgroup with a cpu.stat or a cpuacct.usage", path);
    *out = &cg->job;
    return 0;
}
