/* SPDX-License-Identifier: Apache-2.0
 * Listens to what another program writes, without ever holding it up: its bytes come from a
 * descriptor or from a file that grows, are copied on at once where that is wanted, and then read;
 * what is learned goes out as records. */
#pragma once

#include "cli/cli.h"

struct cct_tap {
    /* All may add whole records to out. */
    void (*bytes)(void *ctx, const char *bytes, size_t n, struct cct_buf *out);
    void (*end)(void *ctx, struct cct_buf *out); /* of the input, or of a file that was replaced */
    int (*wait_ms)(void *ctx);                   /* until tick; -1: for ever */
    void (*tick)(void *ctx, struct cct_buf *out);
    void *ctx;
    const char *follow; /* a file that grows, or NULL: in_fd until its end */
    int in_fd;
    int copy_fd; /* where the bytes are copied to, or -1 */
    int out_fd;
};

/* Returns an exit status. SIGTERM, and SIGINT unless the input is copied (it then goes on as long
 * as its writer, who got the same Ctrl-C; a second SIGINT ends it), end it after what can be read
 * at once and the last records were taken by their reader; another signal does not wait for that. A
 * copy that fails is given up silently. When the reader of out_fd is gone it ends
 * quietly by SIGPIPE, with a copy only after the input's end; any other failure to write is told
 * once, and the input is read to its end: 74. */
int cct_tap_run(const struct cct_cli *cli, const struct cct_tap *tap);
