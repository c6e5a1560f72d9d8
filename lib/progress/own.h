/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: cct.progress/1 records that the training wrote by itself. */
#pragma once

#include "base/log.h"
#include "progress/slice.h"
#include "record/scan.h"
#include "record/write.h"

#include <stdbool.h>
#include <stdint.h>

struct cct_progress_own {
    struct cct_rec rec;
    struct cct_edit edit;
    const struct cct_log *log; /* borrowed */
    bool warned;               /* of a broken one */
};

/* The line is one: it is scanned into own. A line that only begins like one is told of once. */
bool cct_progress_own_is(struct cct_progress_own *own, struct cct_slice line);
/* Adds the record to out with the id, ts, host and run that it lacks; the rest byte for byte. */
void cct_progress_own_complete(struct cct_progress_own *own, struct cct_stamp *stamp,
                               int64_t utc_ms, struct cct_buf *out);
void cct_progress_own_free(struct cct_progress_own *own);
