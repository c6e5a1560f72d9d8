/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: the user's own pattern (PCRE2), its named groups the fields. */
#pragma once

#include "base/err.h"
#include "base/log.h"
#include "progress/fields.h"

struct cct_progress_pattern;

/* NULL with CCT_USAGE and the offset of the fault; also when no group is named. */
struct cct_progress_pattern *
cct_progress_pattern_open(const char *pattern, const struct cct_log *log, struct cct_err *err);
void cct_progress_pattern_close(struct cct_progress_pattern *pattern);
/* Fills f from the first match. */
bool cct_progress_pattern_match(struct cct_progress_pattern *pattern, struct cct_slice line,
                                struct cct_progress_fields *f);
