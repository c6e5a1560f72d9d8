/* SPDX-License-Identifier: Apache-2.0
 * Records to a file or a descriptor whose reader may be slow, go away or have a full disk: the
 * program is not held up. Whole records wait in memory; the newest are dropped and counted when too
 * many wait. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_OUTLET_MAX_BYTES (1024 * 1024)

struct cct_outlet {
    int fd;
    bool owned;        /* close it at the end */
    size_t keep_bytes; /* write only when more wait, except at the end (--buffered) */
    struct cct_buf queue;
    uint64_t dropped; /* records */
    int failed_errno; /* of the first write that failed: nothing is written after it */
};

/* file: created or emptied, mode 0600 (a FIFO is written to); NULL: fd, which is not left to
 * children. -1: code by errno. */
int cct_outlet_open(struct cct_outlet *outlet, const char *file, int fd,
                    struct cct_err *err) cct_must_check;
/* Takes the whole records out of records, which is emptied, and writes what can be written now. */
void cct_outlet_add(struct cct_outlet *outlet, struct cct_buf *records);
/* Writes what the reader takes now. */
void cct_outlet_push(struct cct_outlet *outlet);
/* Writes the rest. Each time the reader may take wait_ms to take some of it (-1: any time); what is
 * left after that is dropped. */
void cct_outlet_finish(struct cct_outlet *outlet, int wait_ms);
/* Something waits for the reader: poll the descriptor for POLLOUT. */
bool cct_outlet_waits(const struct cct_outlet *outlet);
void cct_outlet_close(struct cct_outlet *outlet);
