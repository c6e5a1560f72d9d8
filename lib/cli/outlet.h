/* SPDX-License-Identifier: Apache-2.0
 * Where a source puts its records while somebody's command runs: a reader that stalls, goes away or
 * has a full disk must never hold up what else the program does. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>

#define CCT_OUTLET_MAX_BYTES (4 * 1024 * 1024)

struct cct_outlet {
    int fd;
    bool owned;          /* close it at the end */
    bool broken;         /* a write failed: nothing more is tried */
    struct cct_buf kept; /* for a reader that is slow, up to CCT_OUTLET_MAX_BYTES */
};

/* file: created or emptied, mode 0600 (a FIFO is written to); NULL: fd, which is not left to
 * children. -1: code by errno. */
int cct_outlet_open(struct cct_outlet *outlet, const char *file, int fd,
                    struct cct_err *err) cct_must_check;
/* Adds whole lines and writes what the reader takes. -1 once, with CCT_IOERR: the outlet is then
 * broken and later calls return 0 and do nothing. */
int cct_outlet_put(struct cct_outlet *outlet, const struct cct_buf *lines,
                   struct cct_err *err) cct_must_check;
/* Tries the rest. wait_ms 0: what the reader takes now; else waits for it that long, and what is
 * left is lost. -1 as above. */
int cct_outlet_drain(struct cct_outlet *outlet, int wait_ms, struct cct_err *err) cct_must_check;
void cct_outlet_close(struct cct_outlet *outlet);
