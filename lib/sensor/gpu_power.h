/* SPDX-License-Identifier: Apache-2.0
 * What an accelerator draws that nothing measures, by its utilisation and its board limit. Pure. */
#pragma once

#include "sensor/driver.h"

struct cct_gpu_power {
    double idle_w, max_w; /* NAN: unknown */
    double idle_low_w, idle_high_w;
    const char *row; /* "" or the model of the table's row. Static */
};

/* By the row of the shipped table whose match is the longest in model, and by the limit that the
 * driver enforces (NAN unknown), which goes before the table's. */
void cct_gpu_power_find(const char *vendor, const char *model, double limit_w,
                        struct cct_gpu_power *power);
/* util_pct NAN: anything between idle and limit is possible. */
struct cct_value_read cct_gpu_power_read(const struct cct_gpu_power *power, double util_pct);
