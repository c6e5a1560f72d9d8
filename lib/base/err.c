/* SPDX-License-Identifier: Apache-2.0 */
#include "err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

int cct_fail(struct cct_err *err, int code, const char *fmt, ...)
{
    if (!err)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    err->code = code;
    return -1;
}

static int code_of_errno(int errnum)
{
    switch (errnum) {
    case ENOENT:
    case ENOTDIR:
        return CCT_NOINPUT;
    case EACCES:
    case EPERM:
        return CCT_NOPERM;
    case ENOMEM:
        return CCT_OSERR;
    default:
        return CCT_IOERR;
    }
}

int cct_fail_errno(struct cct_err *err, int code, const char *fmt, ...)
{
    int errnum = errno;
    if (!err)
        return -1;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    size_t len = strlen(err->msg);
    snprintf(err->msg + len, sizeof err->msg - len, ": %s", strerror(errnum));
    err->code = code ? code : code_of_errno(errnum);
    return -1;
}
