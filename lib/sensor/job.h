/* SPDX-License-Identifier: Apache-2.0
 * Following a job: a kind knows how to read the CPU time of its processes, ended ones included. */
#pragma once

#include "sensor/gpu.h"

struct cct_job;

struct cct_job_reading {
    bool known;          /* cpu_us is */
    bool alive;          /* a process of the job is left */
    uint64_t cpu_us;     /* since the job was opened, never going back */
    double memory_bytes; /* NAN unknown */
    bool with_cache;     /* memory_bytes holds the page cache that the job filled */
};

struct cct_job_kind {
    /* mono_ns: now. What costs much may be as old as a twentieth of a second. */
    void (*read)(struct cct_job *job, struct cct_job_reading *reading, int64_t mono_ns);
    /* Adds the processes that it has now, as the last read or look found them. */
    void (*pids)(struct cct_job *job, struct cct_pids *pids);
    void (*close)(struct cct_job *job); /* frees it */
};

struct cct_job {
    const struct cct_job_kind *kind;
    int cgroup_fd; /* of a leaf that commands are born into, or -1 */
};

/* A fresh leaf in our own cgroup v2, where one can be made and is ours to make; the command is to
 * be born there (cgroup_fd). */
int cct_job_open_leaf(struct cct_job **out, struct cct_err *err) cct_must_check;
/* Our own children and all that descends from them, ended ones by what was reaped. */
struct cct_job *cct_job_open_children(void);
int cct_job_open_pid(struct cct_job **out, const struct cct_sysroot *root, pid_t pid,
                     struct cct_err *err) cct_must_check;
int cct_job_open_cgroup(struct cct_job **out, const struct cct_sysroot *root, const char *path,
                        struct cct_err *err) cct_must_check;
/* Removes a leaf that is empty; one where a daemon lives on stays. NULL is fine. */
void cct_job_close(struct cct_job *job);
void cct_job_read(struct cct_job *job, struct cct_job_reading *reading, int64_t mono_ns);
/* Its processes, and those of the call before, which may have ended since. Nothing where there are
 * no boards. */
void cct_job_pids(struct cct_job *job, size_t boards, struct cct_pids *pids);
