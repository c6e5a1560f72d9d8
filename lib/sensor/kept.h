/* SPDX-License-Identifier: Apache-2.0
 * A file of one number that is read again and again: kept open, opened anew when it went away. */
#pragma once

#include "base/sysroot.h"

#define CCT_KEPT_PATH 160

struct cct_kept {
    const struct cct_sysroot *root; /* borrowed */
    char path[CCT_KEPT_PATH];
    int fd;       /* owned, -1 closed */
    dev_t device; /* which file was opened */
    ino_t inode;
};

#define CCT_KEPT_CLOSED                                                                            \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* Opens, and reads once to know whether it can be. 0, or -1 with errno, then closed. */
int cct_kept_open(struct cct_kept *kept, const struct cct_sysroot *root, const char *path);
/* The file as it stands: 0, or -1 with errno. */
int cct_kept_text(struct cct_kept *kept, char *out, size_t cap);
/* The number in it, as cct_pread_u64. */
int cct_kept_u64(struct cct_kept *kept, uint64_t *out);
void cct_kept_close(struct cct_kept *kept);
