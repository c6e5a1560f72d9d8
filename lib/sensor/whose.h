/* SPDX-License-Identifier: Apache-2.0
 * The job beside its machine: how far both have come, tick by tick, and what follows from it. */
#pragma once

#include "sensor/idle.h"
#include "sensor/job.h"
#include "sensor/usage.h"

/* How far the job and its machine had come. */
struct cct_job_point {
    int64_t mono_ns;
    uint64_t job_us;
    struct cct_cpu_times times;
};

struct cct_whose {
    struct cct_job *job; /* owned; NULL: none is followed */
    bool alive;
    struct cct_usage_files *files;     /* of the machine that the job runs on. Borrowed */
    struct cct_usage_files real_files; /* of this machine, under a sysroot */
    bool own_files;
    struct cct_job_point last;     /* at the last tick */
    struct cct_job_point load;     /* when the machine's time last moved */
    struct cct_job_point split;    /* at the last tick whose energy was known */
    struct cct_job_point trail[2]; /* the older and the newer of two, a tenth of a second apart */
    struct cct_idle idle;
};

/* From now on; takes the job over. */
void cct_whose_follow(struct cct_whose *whose, struct cct_job *job, int64_t mono_ns);
/* Fills the job's part of sample. */
void cct_whose_tick(struct cct_whose *whose, int64_t mono_ns, struct cct_sample *sample);
void cct_whose_close(struct cct_whose *whose);
