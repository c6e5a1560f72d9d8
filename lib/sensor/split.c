/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

struct cct_split cct_split_energy(uint64_t energy_uj, double idle_w, double interval_s,
                                  uint64_t job_us, uint64_t busy_us)
{
    struct cct_split split = {.idle_uj = energy_uj};
    double idle_uj = idle_w * interval_s * 1e6;
    if (idle_uj < (double)energy_uj)
        split.idle_uj = idle_uj > 0 ? (uint64_t)idle_uj : 0;
    uint64_t active_uj = energy_uj - split.idle_uj;
    uint64_t all_us = busy_us > job_us ? busy_us : job_us;
    if (all_us)
        split.job_uj = (uint64_t)((double)active_uj * ((double)job_us / (double)all_us));
    if (split.job_uj > active_uj)
        split.job_uj = active_uj;
    split.other_uj = active_uj - split.job_uj;
    return split;
}
