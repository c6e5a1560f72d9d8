/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>

void cct_job_read(struct cct_job *job, struct cct_job_reading *reading, int64_t mono_ns)
{
    *reading = (struct cct_job_reading){.memory_bytes = NAN};
    job->kind->read(job, reading, mono_ns);
}

void cct_job_pids(struct cct_job *job, size_t boards, struct cct_pids *pids)
{
    cct_pids_drop(pids, pids->before);
    pids->before = pids->count;
    if (boards)
        job->kind->pids(job, pids);
}

void cct_job_close(struct cct_job *job)
{
    if (job)
        job->kind->close(job);
}
