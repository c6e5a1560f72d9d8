/* SPDX-License-Identifier: Apache-2.0
 * How the library tells a person something without printing: through a sink that the program
 * gives. A NULL log is silent. */
#pragma once

#include "attr.h"

enum cct_level { CCT_LOG_WARNING, CCT_LOG_INFO };

struct cct_log {
    void (*emit)(void *ctx, enum cct_level level, const char *msg); /* msg: one line */
    void *ctx;
};

void cct_warn(const struct cct_log *log, const char *fmt, ...) cct_printf(2, 3);
void cct_info(const struct cct_log *log, const char *fmt, ...) cct_printf(2, 3);
