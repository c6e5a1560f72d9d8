/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"

#include "sensor/sensor.h"

#include <math.h>

void cct_meter_energy(struct cct_meter *meter, uint64_t counter_uj, int64_t mono_ns)
{
    struct cct_step step = cct_counter_read(&meter->counter, counter_uj, mono_ns);
    meter->flags |= step.flags;
    if (!step.known)
        return;
    meter->known = true;
    meter->energy_uj += step.energy_uj;
    meter->span_ns += step.span_ns;
}

/* W x ns is nJ. */
static void add_power(struct cct_meter *meter, double w, int64_t span_ns)
{
    double uj = w * (double)span_ns / 1e3 + meter->rest_uj;
    double whole = floor(uj);
    meter->rest_uj = uj - whole;
    meter->energy_uj += (uint64_t)whole;
    meter->span_ns += span_ns;
    meter->known = true;
}

void cct_meter_power(struct cct_meter *meter, double w, double low_w, double high_w, bool mean,
                     int64_t mono_ns)
{
    if (!isfinite(w) || w < 0) {
        cct_meter_missing(meter);
        return;
    }
    int64_t span_ns = meter->has_power ? mono_ns - meter->last_mono_ns : 0;
    if (!mean && span_ns > CCT_GAUGE_GAP_NS) {
        meter->flags |= CCT_FLAG_GAP;
    } else if (span_ns > 0) {
        add_power(meter, mean ? w : (w + meter->last_w) / 2, span_ns);
        meter->low_uj += (isfinite(low_w) ? low_w : w) * (double)span_ns / 1e3;
        meter->high_uj += (isfinite(high_w) ? high_w : w) * (double)span_ns / 1e3;
    }
    meter->has_power = true;
    meter->last_w = w;
    meter->last_mono_ns = mono_ns;
}

void cct_meter_missing(struct cct_meter *meter)
{
    meter->flags |= CCT_FLAG_GAP;
    meter->has_power = false;
}

void cct_meter_restart(struct cct_meter *meter)
{
    *meter = (struct cct_meter){
        .counter = {.max_uj = meter->counter.max_uj, .tdp_w = meter->counter.tdp_w},
        .flags = meter->flags,
    };
}

void cct_meter_clear(struct cct_meter *meter)
{
    meter->known = false;
    meter->energy_uj = 0;
    meter->low_uj = meter->high_uj = 0;
    meter->span_ns = 0;
    meter->flags = 0;
}
