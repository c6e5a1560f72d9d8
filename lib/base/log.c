/* SPDX-License-Identifier: Apache-2.0 */
#include "log.h"

#include <stdarg.h>

static cct_printf(3, 0) void emit(const struct cct_log *log, enum cct_level level, const char *fmt,
                                  va_list ap)
{
    char msg[512];
    if (!log || !log->emit)
        return;
    vsnprintf(msg, sizeof msg, fmt, ap);
    log->emit(log->ctx, level, msg);
}

void cct_warn(const struct cct_log *log, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    emit(log, CCT_LOG_WARNING, fmt, ap);
    va_end(ap);
}

void cct_info(const struct cct_log *log, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    emit(log, CCT_LOG_INFO, fmt, ap);
    va_end(ap);
}
