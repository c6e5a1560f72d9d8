/* SPDX-License-Identifier: Apache-2.0
 * Format json: one cct.summary/1 a run. */
#include "totals.h"

#include <math.h>

static void put_identity(struct cct_json *json, const struct cct_report *report,
                         const struct cct_run *run)
{
    if (run->host_count < 2)
        return;
    cct_json_open(json, "hosts", '[');
    for (size_t i = 0; i < run->host_count; i++)
        cct_json_string(json, NULL, report->hosts.items[run->hosts[i]].s);
    cct_json_close(json, ']');
}

static void put_energy(struct cct_json *json, const struct cct_totals *totals)
{
    double below, above;
    cct_json_double(json, "energy_kwh", totals->energy_kwh);
    if (cct_bounds(totals->energy_kwh, totals->energy_low_kwh, totals->energy_high_kwh, &below,
                   &above)) {
        cct_json_double(json, "energy_low_kwh", totals->energy_low_kwh);
        cct_json_double(json, "energy_high_kwh", totals->energy_high_kwh);
    }
    cct_json_double(json, "job_energy_kwh", totals->job_kwh);
    cct_json_double(json, "idle_energy_kwh", totals->idle_kwh);
    cct_json_double(json, "other_energy_kwh", totals->other_kwh);
    cct_json_double(json, "power_mean_w", totals->mean_w);
    cct_json_double(json, "power_peak_w", totals->peak_w);
}

static void put_emission(struct cct_json *json, const struct cct_totals *totals)
{
    double below, above;
    cct_json_double(json, "emission_g", totals->emission_g);
    if (cct_bounds(totals->emission_g, totals->emission_low_g, totals->emission_high_g, &below,
                   &above)) {
        cct_json_double(json, "emission_low_g", totals->emission_low_g);
        cct_json_double(json, "emission_high_g", totals->emission_high_g);
    }
    cct_json_double(json, "emission_share", totals->emission_share);
    cct_json_double(json, "embodied_g", totals->embodied_g);
    cct_json_double(json, "water_l", totals->water_l);
    cct_json_double(json, "intensity_g_per_kwh", totals->intensity_g_per_kwh);
    cct_json_double(json, "pue", totals->pue);
}

static void put_parts(struct cct_json *json, const struct cct_totals *totals)
{
    cct_json_open(json, "by_component", '{');
    for (size_t i = 0; i < CCT_PART_REST; i++)
        cct_json_double(json, cct_part_labels[i], totals->part_kwh[i]);
    cct_json_close(json, '}');
}

/* Factors of one zone are told as one. */
static void put_zones(struct cct_json *json, const struct cct_run *run)
{
    cct_json_open(json, "by_zone", '{');
    for (size_t i = 0; i < run->factor_names.count; i++) {
        struct cct_sum sum = {0};
        bool first = true;
        for (size_t j = 0; j < run->factor_names.count; j++) {
            if (strcmp(run->factors[i].zone, run->factors[j].zone) != 0)
                continue;
            first = first && j >= i;
            cct_sum_add(&sum, cct_sum_get(&run->factors[j].emission_g));
        }
        if (first && run->factors[i].zone[0])
            cct_json_double(json, run->factors[i].zone, cct_sum_get(&sum));
    }
    cct_json_close(json, '}');
}

static void put_methods(struct cct_json *json, const struct cct_totals *totals)
{
    cct_json_open(json, "method_share", '{');
    for (size_t i = 0; i < CCT_METHODS; i++)
        cct_json_double(json, cct_method_labels[i], totals->method_share[i]);
    cct_json_close(json, '}');
}

static void put_training(struct cct_json *json, const struct cct_run *run,
                         const struct cct_totals *totals)
{
    if (!run->training.reports)
        return;
    if (totals->epochs_done)
        cct_json_int(json, "epochs", totals->epochs_done);
    if (totals->epochs_planned >= 0 && totals->epochs_planned < 9e15)
        cct_json_int(json, "epochs_planned", (int64_t)totals->epochs_planned);
    cct_json_double(json, "loss_last", totals->loss_last);
}

static void put_run(const struct cct_report *report, const struct cct_report_env *env,
                    const struct cct_run *run, struct cct_buf *out)
{
    static const char *const states[] = {
        [CCT_RUN_ENDED] = "ended",     [CCT_RUN_GOES_ON] = "running", [CCT_RUN_CUT] = "interrupted",
        [CCT_RUN_SAMPLES] = "samples", [CCT_RUN_EMPTY] = "empty",
    };
    cct_auto_buf line = {0};
    struct cct_totals totals;
    cct_totals_make(&totals, report, run, env->now_utc_ms);
    int64_t ts = totals.end_utc_ms != CCT_NO_INSTANT ? totals.end_utc_ms : env->now_utc_ms;
    env->stamp->run = run->name;
    env->stamp->host = run->host_count ? report->hosts.items[run->hosts[0]].s : run->lone_host;
    struct cct_json json = cct_record_begin(&line, env->stamp, "cct.summary/1", ts);
    put_identity(&json, report, run);
    cct_json_instant(&json, "start", totals.start_utc_ms);
    cct_json_double(&json, "duration_s", totals.duration_s);
    cct_json_string(&json, "state", states[totals.state]);
    if (totals.has_exit_status)
        cct_json_int(&json, "exit_status", totals.exit_status);
    cct_json_string(&json, "signal", totals.signal[0] ? totals.signal : NULL);
    put_energy(&json, &totals);
    put_emission(&json, &totals);
    put_parts(&json, &totals);
    put_zones(&json, run);
    put_methods(&json, &totals);
    cct_json_int(&json, "samples", (int64_t)run->ticks);
    cct_json_int(&json, "gaps", (int64_t)totals.gaps);
    put_training(&json, run, &totals);
    cct_record_end(&json);
    cct_buf_add(out, line.data, line.len);
}

static void json_end(const struct cct_report *report, const struct cct_report_env *env,
                     struct cct_buf *out)
{
    for (size_t i = 0; i < report->run_names.count; i++)
        put_run(report, env, report->runs[report->order[i]], out);
}

extern const struct cct_report_format cct_report_json;
const struct cct_report_format cct_report_json = {
    .name = "json",
    .extension = ".json",
    .end = json_end,
};
