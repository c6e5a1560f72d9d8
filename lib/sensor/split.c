/* SPDX-License-Identifier: Apache-2.0 */
#include "split.h"

#include <math.h>

double cct_cpu_share(uint64_t job_us, uint64_t busy_us)
{
    uint64_t all_us = busy_us > job_us ? busy_us : job_us;
    return all_us ? (double)job_us / (double)all_us : 0;
}

static uint64_t whole_uj(double uj, uint64_t most_uj)
{
    if (!(uj > 0))
        return 0;
    return uj < (double)most_uj ? (uint64_t)uj : most_uj;
}

static double share_of(const struct cct_shares *shares, enum cct_component component)
{
    double share = component == CCT_DRAM  ? shares->memory
                   : component == CCT_GPU ? shares->gpu
                                          : shares->cpu;
    return fmin(isnan(share) ? shares->cpu : share, 1);
}

struct cct_split cct_split_energy(const struct cct_sample *sample, const struct cct_idle *idle,
                                  double span_s, const struct cct_shares *shares)
{
    struct cct_split split = {0};
    bool given = !isnan(idle->given_w);
    uint64_t all_uj = sample->energy_uj;
    double given_uj =
        given ? (double)whole_uj((idle->given_w - idle->taken_w) * span_s * 1e6, all_uj) : 0;
    double job_uj = 0;
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        uint64_t uj = sample->component_uj[c];
        if (!uj)
            continue;
        double rest_uj = given ? given_uj * (double)uj / (double)all_uj
                               : cct_idle_component_w(idle, (enum cct_component)c) * span_s * 1e6;
        rest_uj = given ? rest_uj : (double)whole_uj(rest_uj, uj);
        split.idle_uj += given ? 0 : (uint64_t)rest_uj;
        job_uj += fmax((double)uj - rest_uj, 0) * share_of(shares, (enum cct_component)c);
    }
    if (given)
        split.idle_uj = (uint64_t)given_uj;
    split.idle_uj = split.idle_uj < all_uj ? split.idle_uj : all_uj;
    split.job_uj = whole_uj(job_uj, all_uj - split.idle_uj);
    split.other_uj = all_uj - split.idle_uj - split.job_uj;
    return split;
}
