/* SPDX-License-Identifier: Apache-2.0
 * An output file that is there whole or not at all. */
#pragma once

#include "base/err.h"

#include <stdbool.h>

struct cct_output {
    int fd;           /* write there */
    const char *path; /* borrowed; NULL: standard output */
    char *temp;       /* private: the file beside path that becomes it */
};

/* path NULL: standard output. A regular file, or one that is not there yet, is written under
 * another name beside it, readable for its owner alone; a pipe or a device is written to directly.
 * -1: CCT_IOERR. */
int cct_output_open(struct cct_output *output, const char *path,
                    struct cct_err *err) cct_must_check;
/* whole: the file takes its name, in place of an older one; else it is removed. Standard output is
 * left open. -1: CCT_IOERR, nothing is left behind. */
int cct_output_close(struct cct_output *output, bool whole, struct cct_err *err) cct_must_check;
