/* SPDX-License-Identifier: Apache-2.0
 * A job by its process tree: /proc/PID/stat of all processes, and for our own children what wait(2)
 * has brought, which is exact. A look costs about 8 us a process. */
#include "base/alloc.h"
#include "job.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>

struct process_job {
    struct cct_job job;
    struct cct_sysroot root; /* owned: a descriptor of its own */
    bool children;           /* our own: the tree's root is this process */
    struct cct_tree tree;
    struct cct_proc *procs; /* owned, reused */
    size_t cap;
    uint64_t total_us;
    unsigned ticks_per_s;
    int64_t looked_mono_ns;
    uint64_t waited_us; /* at the last look */
};

/* Looks closer together tell little more and cost as much; but the end of a command is seen. */
#define LOOK_NS (40 * CCT_NS_PER_MS)

static int by_pid(const void *a, const void *b)
{
    pid_t x = ((const struct cct_proc *)a)->pid;
    pid_t y = ((const struct cct_proc *)b)->pid;
    return (x > y) - (x < y);
}

static bool read_stat(const struct process_job *pj, int proc_fd, const char *name,
                      struct cct_proc *out)
{
    char path[32];
    char text[512];
    if (snprintf(path, sizeof path, "%.16s/stat", name) >= (int)sizeof path)
        return false;
    cct_auto_close int fd = openat(proc_fd, path, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && cct_pread_text(fd, text, sizeof text) > 0 &&
           cct_proc_parse(text, pj->ticks_per_s, out);
}

/* What our own ended children used, theirs included, to the microsecond. */
static uint64_t waited_us(void)
{
    struct rusage ru;
    getrusage(RUSAGE_CHILDREN, &ru);
    int64_t s = (int64_t)ru.ru_utime.tv_sec + ru.ru_stime.tv_sec;
    return (uint64_t)(s * 1000000 + ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
}

static struct cct_proc *room(struct process_job *pj, size_t n)
{
    if (n == pj->cap) {
        pj->cap = pj->cap ? pj->cap * 2 : 64;
        pj->procs = cct_xreallocarray(pj->procs, pj->cap, sizeof *pj->procs);
    }
    return &pj->procs[n];
}

/* In the order of /proc, which is by pid: parents before most of their children. */
static size_t read_all(struct process_job *pj)
{
    size_t n = 0;
    const struct dirent *entry;
    DIR *dir = cct_sysroot_opendir(&pj->root, "proc");
    while (dir && (entry = readdir(dir))) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
            continue;
        struct cct_proc *p = room(pj, n);
        n += read_stat(pj, dirfd(dir), entry->d_name, p);
    }
    if (dir)
        closedir(dir);
    return n;
}

/* Sets the time that we waited for ourselves; adds ourselves where /proc does not show us. */
static size_t set_waited(struct process_job *pj, size_t n, uint64_t waited)
{
    size_t i = 0;
    while (i < n && pj->procs[i].pid != pj->tree.root)
        i++;
    if (i == n)
        *room(pj, n++) = (struct cct_proc){.pid = pj->tree.root};
    pj->procs[i].waited_us = waited;
    return n;
}

static void look(struct process_job *pj)
{
    uint64_t waited = pj->waited_us = waited_us(); /* before the children are read */
    size_t n = read_all(pj);
    if (pj->children)
        n = set_waited(pj, n, waited);
    if (n)
        qsort(pj->procs, n, sizeof *pj->procs, by_pid);
    pj->total_us += cct_tree_look(&pj->tree, pj->procs, n);
}

static void read_tree(struct cct_job *job, struct cct_job_reading *reading, int64_t mono_ns)
{
    struct process_job *pj = (struct process_job *)job;
    uint64_t pages = 0;
    if (mono_ns - pj->looked_mono_ns >= LOOK_NS || (pj->children && waited_us() != pj->waited_us)) {
        look(pj);
        pj->looked_mono_ns = mono_ns;
    }
    reading->known = true;
    reading->alive = cct_tree_alive(&pj->tree) > 0;
    reading->cpu_us = pj->total_us;
    for (size_t i = 0; i < pj->tree.count; i++)
        if (pj->tree.count_root || pj->tree.before[i].pid != pj->tree.root)
            pages += pj->tree.before[i].rss_pages;
    reading->memory_bytes = (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void tree_pids(struct cct_job *job, struct cct_pids *pids)
{
    const struct process_job *pj = (const struct process_job *)job;
    for (size_t i = 0; i < pj->tree.count; i++)
        if (pj->tree.count_root || pj->tree.before[i].pid != pj->tree.root)
            cct_pids_add(pids, pj->tree.before[i].pid);
}

static void close_tree(struct cct_job *job)
{
    struct process_job *pj = (struct process_job *)job;
    cct_tree_free(&pj->tree);
    cct_sysroot_close(&pj->root);
    free(pj->procs);
    free(pj);
}

static const struct cct_job_kind tree_kind = {
    .read = read_tree, .pids = tree_pids, .close = close_tree};

static struct process_job *tree_new(pid_t pid, bool children)
{
    struct process_job *pj = cct_xcalloc(1, sizeof *pj);
    pj->job = (struct cct_job){.kind = &tree_kind, .cgroup_fd = -1};
    pj->children = children;
    pj->tree = (struct cct_tree){.root = pid, .count_root = !children};
    pj->ticks_per_s = (unsigned)sysconf(_SC_CLK_TCK);
    return pj;
}

struct cct_job *cct_job_open_children(void)
{
    struct process_job *pj = tree_new(getpid(), true);
    pj->root.real = true;
    pj->root.fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    look(pj);
    return &pj->job;
}

int cct_job_open_pid(struct cct_job **out, const struct cct_sysroot *root, pid_t pid,
                     struct cct_err *err)
{
    struct process_job *pj = tree_new(pid, false);
    pj->root.real = root->real;
    pj->root.fd = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
    look(pj);
    if (!cct_tree_alive(&pj->tree)) {
        close_tree(&pj->job);
        return cct_fail(err, CCT_NOINPUT, "--pid %d: there is no such process", (int)pid);
    }
    *out = &pj->job;
    return 0;
}
