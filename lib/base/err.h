/* SPDX-License-Identifier: Apache-2.0
 * Errors: a value on the caller's stack, its message already formatted, its code an exit status.
 * The protocol (0, -1 with err filled, untouched on success) follows crun's error_handling.md. */
#pragma once

#include "attr.h"

/* Exit statuses of every program; 64 to 78 are those of <sysexits.h>. */
enum cct_code {
    CCT_OK = 0,
    CCT_NO = 1,           /* ran well; the answer is "no" */
    CCT_USAGE = 64,       /* the command line is wrong */
    CCT_DATAERR = 65,     /* a record is wrong */
    CCT_NOINPUT = 66,     /* an input is not there */
    CCT_UNAVAILABLE = 69, /* a service is down */
    CCT_SOFTWARE = 70,    /* a fault of cct itself */
    CCT_OSERR = 71,       /* the system refused: out of memory, no process */
    CCT_IOERR = 74,       /* reading or writing failed */
    CCT_TEMPFAIL = 75,    /* try again later, nothing is lost */
    CCT_NOPERM = 77,      /* not allowed */
    CCT_CONFIG = 78,      /* a configuration is wrong */
};

struct cct_err {
    int code;      /* enum cct_code */
    char msg[256]; /* one line, no final newline; cut to fit */
};

/* Fills err (which may be NULL) and returns -1. */
int cct_fail(struct cct_err *err, int code, const char *fmt, ...) cct_printf(3, 4);

/* The same, with ": " and the text of errno at the end. A code of 0 is chosen from errno:
 * ENOENT 66, EACCES and EPERM 77, ENOMEM 71, else 74. */
int cct_fail_errno(struct cct_err *err, int code, const char *fmt, ...) cct_printf(3, 4);
