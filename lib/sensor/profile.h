/* SPDX-License-Identifier: Apache-2.0
 * The profile that a calibration leaves: one cct.calibration/1 a file. */
#pragma once

#include "sensor/sensor.h"

struct cct_profile {
    char model[128]; /* of the CPU, as the kernel names it */
    unsigned sockets, threads;
    double curve_w[CCT_CURVE_POINTS]; /* of all sockets */
    double low, high;
};

void cct_profile_write(const struct cct_profile *profile, const struct cct_load_point *points,
                       size_t count, struct cct_stamp *stamp, int64_t ts_utc_ms,
                       struct cct_buf *out);
/* Replaces the file by rename, mode 0600; its folder is made where it is missing, mode 0700. */
int cct_profile_store(const char *path, const struct cct_buf *record,
                      struct cct_err *err) cct_must_check;
/* -1: CCT_NOINPUT when there is no file, CCT_DATAERR when it holds no profile. */
int cct_profile_read(const char *path, struct cct_profile *profile, struct cct_err *err);
/* Sets power by the profile; false when it is another CPU's. A guest with fewer threads than the
 * machine that was calibrated gets their share; its neighbours are unknown, so its bounds are 0.6
 * and 1.6 at least. */
bool cct_profile_apply(const struct cct_profile *profile, const struct cct_cpu *cpu,
                       struct cct_cpu_power *power);
/* What cct_cpu_power_find says, or the profile that file names (it must fit: CCT_DATAERR else), or
 * that of this CPU below home, where there is one. Both may be NULL. */
int cct_profile_choose(const char *file, const char *home, const struct cct_cpu *cpu,
                       struct cct_cpu_power *power, struct cct_err *err) cct_must_check;
