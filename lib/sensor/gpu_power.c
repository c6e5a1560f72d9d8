/* SPDX-License-Identifier: Apache-2.0
 * The estimate for an accelerator without any power reading: W = idle + utilisation x (limit -
 * idle). Utilisation is the share of the time in which a kernel ran, not how much of the board it
 * used, so the truth under load lies anywhere from a fifth of the difference to three times the
 * estimate's, and never above the limit.
 * At rest: 0.115 of the limit (the ratio of cloud-carbon-footprint's constants). The readings at 0
 * % utilisation in the shipped table lie between 0.25 and 3.3 times that (Radeon RX 6700 XT, T4 in
 * P0), and these are the bounds, a little widened. */
#include "gpu_power.h"

#include "facts/facts.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define REST      0.115
#define REST_LOW  0.25
#define REST_HIGH 3.5
#define LOAD_LOW  0.2
#define LOAD_HIGH 3.0

/* match as whole words of model: A10 is no A100, A2 no RTX A2000. */
static bool has(const char *model, const char *match)
{
    size_t n = strlen(match);
    for (const char *at = model; (at = strcasestr(at, match)); at++)
        if ((at == model || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[n]))
            return true;
    return false;
}

static const struct cct_fact_gpu *find_row(const char *vendor, const char *model)
{
    const struct cct_fact_gpu *best = NULL;
    for (size_t i = 0; i < cct_fact_gpus_count; i++) {
        const struct cct_fact_gpu *row = &cct_fact_gpus[i];
        if (strcmp(row->vendor, vendor) == 0 && has(model, row->match) &&
            (!best || strlen(row->match) > strlen(best->match)))
            best = row;
    }
    return best;
}

static double first_known(double a, double b)
{
    return isnan(a) ? b : a;
}

void cct_gpu_power_find(const char *vendor, const char *model, double limit_w,
                        struct cct_gpu_power *power)
{
    const struct cct_fact_gpu *row = find_row(vendor, model);
    double table_w = row ? first_known(row->max_w, row->tdp_w) : (double)NAN;
    *power = (struct cct_gpu_power){.row = row ? row->model : ""};
    power->max_w = first_known(limit_w, table_w);
    double rest_w = REST * power->max_w;
    power->idle_w = fmin(first_known(row ? row->idle_w : (double)NAN, rest_w), power->max_w);
    power->idle_low_w = fmin(power->idle_w, REST_LOW * rest_w);
    power->idle_high_w = fmin(fmax(power->idle_w, REST_HIGH * rest_w), power->max_w);
}

struct cct_value_read cct_gpu_power_read(const struct cct_gpu_power *power, double util_pct)
{
    bool blind = isnan(util_pct);
    double busy = blind ? 0.5 : fmin(fmax(util_pct, 0), 100) / 100;
    double swing_w = power->max_w - power->idle_w;
    return (struct cct_value_read){
        .kind = CCT_READ_POWER,
        .w = power->idle_w + busy * swing_w,
        .low_w = power->idle_low_w + (blind ? 0 : LOAD_LOW * busy * swing_w),
        .high_w = blind ? power->max_w
                        : fmin(power->max_w, power->idle_high_w + LOAD_HIGH * busy * swing_w),
    };
}
