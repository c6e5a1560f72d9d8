/* SPDX-License-Identifier: Apache-2.0
 * Records to a descriptor whose reader may be slow: the writer is not held up, whole records wait
 * in memory, and the newest are dropped and counted when too many wait. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_OUTLET_MAX_BYTES (1024 * 1024)

struct cct_outlet {
    int fd;            /* borrowed */
    size_t keep_bytes; /* write only when more wait, except at the end (--buffered) */
    struct cct_buf queue;
    uint64_t dropped; /* records */
    int failed_errno; /* of the first write that failed: nothing is written after it */
};

/* Takes the whole records out of records, which is emptied, and writes what can be written now. */
void cct_outlet_add(struct cct_outlet *outlet, struct cct_buf *records);
/* Writes what can be written without waiting; with wait, everything. */
void cct_outlet_push(struct cct_outlet *outlet, bool wait);
/* Something waits for the reader: poll the descriptor for POLLOUT. */
bool cct_outlet_waits(const struct cct_outlet *outlet);
void cct_outlet_done(struct cct_outlet *outlet);
