/* SPDX-License-Identifier: Apache-2.0
 * Following a job: a kind knows how to read the CPU time of its processes, ended ones included. */
#pragma once

#include "sensor/sensor.h"

struct cct_job_reading {
    bool known; /* cpu_us is */
    bool alive; /* a process of the job is left */
    uint64_t cpu_us;     /* since the job was opened, never going back */
    double memory_bytes; /* NAN unknown */
};

struct cct_job_kind {
    void (*read)(struct cct_job *job, struct cct_job_reading *reading);
    void (*close)(struct cct_job *job); /* frees it */
};

struct cct_job {
    const struct cct_job_kind *kind;
    int cgroup_fd; /* of a leaf that commands are born into, or -1 */
};

void cct_job_read(struct cct_job *job, struct cct_job_reading *reading);
