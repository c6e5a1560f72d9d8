/* SPDX-License-Identifier: Apache-2.0
 * A load for a calibration: as many threads as the machine has, some busy all the time, one a part
 * of it. */
#pragma once

#include "base/err.h"

struct cct_load;

/* Starts the threads, at rest. */
int cct_load_open(struct cct_load **out, struct cct_err *err) cct_must_check;
/* The share of the machine's threads that is to be busy, 0 to 1. */
void cct_load_set(struct cct_load *load, double share);
/* Ends them; NULL is fine. */
void cct_load_close(struct cct_load *load);
