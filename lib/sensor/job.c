/* SPDX-License-Identifier: Apache-2.0 */
#include "job.h"

#include <math.h>

void cct_job_read(struct cct_job *job, struct cct_job_reading *reading)
{
    *reading = (struct cct_job_reading){.memory_bytes = NAN};
    job->kind->read(job, reading);
}

void cct_job_close(struct cct_job *job)
{
    if (job)
        job->kind->close(job);
}
