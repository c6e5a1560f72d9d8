/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>

void cct_job_read(struct cct_job *job, struct cct_job_reading *reading)
{
    *reading = (struct cct_job_reading){.memory_bytes = NAN};
    job->kind->read(job, reading);
}

int cct_job_cgroup_fd(const struct cct_job *job)
{
    return job->cgroup_fd;
}

void cct_job_close(struct cct_job *job)
{
    if (job)
        job->kind->close(job);
}
