/* SPDX-License-Identifier: Apache-2.0 */
#include "totals.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

#define J_PER_KWH 3.6e6

const char *const cct_part_labels[CCT_PARTS] = {
    [CCT_PART_CPU] = "cpu",
    [CCT_PART_DRAM] = "dram",
    [CCT_PART_GPU] = "gpu",
    [CCT_PART_BOARD] = "board",
    [CCT_PART_PSU] = "psu",
    [CCT_PART_OTHER] = "other",
    [CCT_PART_REST] = "not broken down",
};

const char *const cct_method_labels[CCT_METHODS] = {
    [CCT_METHOD_COUNTER] = "counter",
    [CCT_METHOD_GAUGE] = "gauge",
    [CCT_METHOD_MODEL] = "model",
};

static double kwh(const struct cct_sum *joules)
{
    return cct_sum_get(joules) / J_PER_KWH;
}

static double ratio(const struct cct_sum *a, const struct cct_sum *b)
{
    double below = cct_sum_get(b);
    return below > 0 ? cct_sum_get(a) / below : (double)NAN;
}

bool cct_bounds(double v, double low, double high, double *below, double *above)
{
    if (!(v > 0) || isnan(low) || isnan(high))
        return false;
    *below = fmax(0, (v - low) / v);
    *above = fmax(0, (high - v) / v);
    return *below > 5e-4 || *above > 5e-4;
}

const char *cct_source_line(const struct cct_report *report, const struct cct_run *run,
                            const char *source)
{
    for (size_t i = 0; i < run->host_count; i++) {
        const char *host = report->hosts.items[run->hosts[i]].s;
        const char *line = cct_report_kept(report, "cct.sensor/1", host, source);
        if (line)
            return line;
    }
    return NULL;
}

static bool method_of_line(const char *line, enum cct_method *method)
{
    struct cct_rec rec = {0};
    bool found = false;
    if (cct_rec_scan(&rec, line, strlen(line), NULL) == 0) {
        struct cct_value value = cct_rec_get(&rec, "method");
        for (size_t i = 0; i < CCT_METHODS; i++) {
            if (cct_value_equals(value, cct_method_labels[i])) {
                *method = (enum cct_method)i;
                found = true;
            }
        }
    }
    cct_rec_free(&rec);
    return found;
}

enum cct_method cct_source_method(const struct cct_report *report, const struct cct_run *run,
                                  const char *source)
{
    enum cct_method method = CCT_METHOD_COUNTER;
    const char *line = cct_source_line(report, run, source);
    if (line && method_of_line(line, &method))
        return method;
    if (strncmp(source, "model:", 6) == 0)
        return CCT_METHOD_MODEL;
    if (strncmp(source, "hwmon:", 6) == 0)
        return CCT_METHOD_GAUGE;
    return CCT_METHOD_COUNTER;
}

/* measured_share says what was measured; which of it by counters and which by gauges, the energy of
 * the sources says. Without measured_share the sources alone say it. */
static void method_shares(struct cct_totals *totals, const struct cct_report *report,
                          const struct cct_run *run)
{
    double by_source_j[CCT_METHODS] = {0};
    for (size_t i = 0; i < run->source_names.count; i++) {
        double j = cct_sum_get(&run->source_j[i]);
        if (j > 0)
            by_source_j[cct_source_method(report, run, run->source_names.items[i].s)] += j;
    }
    double measured_j = by_source_j[CCT_METHOD_COUNTER] + by_source_j[CCT_METHOD_GAUGE];
    double gauge_part = measured_j > 0 ? by_source_j[CCT_METHOD_GAUGE] / measured_j : 0;
    double known_j = cct_sum_get(&run->measured_j) + cct_sum_get(&run->modelled_j);
    double model = cct_sum_get(&run->modelled_j) / known_j;
    if (!(known_j > 0)) {
        double all_j = measured_j + by_source_j[CCT_METHOD_MODEL];
        model = all_j > 0 ? by_source_j[CCT_METHOD_MODEL] / all_j : (double)NAN;
    }
    totals->method_share[CCT_METHOD_COUNTER] = (1 - model) * (1 - gauge_part);
    totals->method_share[CCT_METHOD_GAUGE] = (1 - model) * gauge_part;
    totals->method_share[CCT_METHOD_MODEL] = model;
}

static void energies(struct cct_totals *totals, const struct cct_run *run)
{
    totals->energy_kwh = kwh(&run->energy_j);
    totals->energy_low_kwh = kwh(&run->low_j);
    totals->energy_high_kwh = kwh(&run->high_j);
    totals->job_kwh = kwh(&run->job_j);
    totals->idle_kwh = kwh(&run->idle_j);
    totals->other_kwh = kwh(&run->other_j);
    for (size_t i = 0; i < CCT_PARTS; i++)
        totals->part_kwh[i] = kwh(&run->part_j[i]);
    totals->peak_w = run->peak_w;
}

static void grams(struct cct_totals *totals, const struct cct_run *run)
{
    totals->emission_g = cct_sum_get(&run->emission_g);
    totals->emission_low_g = cct_sum_get(&run->low_g);
    totals->emission_high_g = cct_sum_get(&run->high_g);
    totals->embodied_g = cct_sum_get(&run->embodied_g);
    totals->water_l = cct_sum_get(&run->water_l);
    totals->emission_share = ratio(&run->emission_j, &run->energy_j);
    totals->intensity_g_per_kwh = ratio(&run->weighted_intensity, &run->intensity_j);
    totals->pue = ratio(&run->weighted_pue, &run->pue_j);
}

static int64_t earlier(int64_t a, int64_t b)
{
    if (a == CCT_NO_INSTANT || b == CCT_NO_INSTANT)
        return a == CCT_NO_INSTANT ? b : a;
    return a < b ? a : b;
}

static void times(struct cct_totals *totals, const struct cct_run *run)
{
    totals->start_utc_ms = earlier(run->start_event_utc_ms, run->start_utc_ms);
    totals->end_utc_ms =
        run->end_event_utc_ms > run->end_utc_ms ? run->end_event_utc_ms : run->end_utc_ms;
    totals->covered_s = cct_sum_get(&run->covered_s);
    totals->duration_s = NAN;
    if (totals->start_utc_ms != CCT_NO_INSTANT && totals->end_utc_ms != CCT_NO_INSTANT)
        totals->duration_s = (double)(totals->end_utc_ms - totals->start_utc_ms) / 1000;
    double span_s = (double)(run->end_utc_ms - run->start_utc_ms) / 1000;
    if (run->clock_steps && run->host_count <= 1)
        totals->duration_s = span_s = totals->covered_s;
    totals->mean_w =
        span_s > 0 ? cct_sum_get(&run->energy_j) / fmin(span_s, totals->covered_s) : (double)NAN;
    totals->gap_s = run->ticks ? fmax(0, span_s - totals->covered_s) : (double)NAN;
    totals->gaps = run->flagged_gaps + run->dark_ticks;
    if (run->host_count > 1 || totals->gap_s > 0.001 * span_s || totals->gap_s > 1)
        totals->gaps += run->holes;
}

static void read_end(struct cct_totals *totals, const struct cct_run *run)
{
    struct cct_rec rec = {0};
    if (!run->end_line || cct_rec_scan(&rec, run->end_line, strlen(run->end_line), NULL))
        return;
    totals->has_exit_status =
        cct_value_int64(cct_rec_get(&rec, "exit_status"), &totals->exit_status);
    struct cct_value signal = cct_rec_get(&rec, "signal");
    int64_t number = 0;
    if (cct_value_int64(signal, &number) && number > 0)
        snprintf(totals->signal, sizeof totals->signal, "%d", (int)number);
    else
        cct_value_copy(signal, totals->signal, sizeof totals->signal);
    cct_rec_free(&rec);
}

/* A run is silent when nothing came for a minute or ten ticks. */
static enum cct_state state_of(const struct cct_run *run, int64_t now_utc_ms)
{
    if (run->end_event_utc_ms != CCT_NO_INSTANT)
        return CCT_RUN_ENDED;
    double silence_ms = fmax(60e3, 10e3 * run->longest_interval_s);
    if (run->last_utc_ms != CCT_NO_INSTANT && now_utc_ms != CCT_NO_INSTANT &&
        (double)(now_utc_ms - run->last_utc_ms) < silence_ms)
        return CCT_RUN_GOES_ON;
    if (run->start_event_utc_ms != CCT_NO_INSTANT)
        return CCT_RUN_CUT;
    return run->ticks ? CCT_RUN_SAMPLES : CCT_RUN_EMPTY;
}

void cct_totals_make(struct cct_totals *totals, const struct cct_report *report,
                     const struct cct_run *run, int64_t now_utc_ms)
{
    *totals = (struct cct_totals){.loss_last = NAN, .epochs_planned = NAN};
    totals->state = state_of(run, now_utc_ms);
    energies(totals, run);
    times(totals, run);
    grams(totals, run);
    method_shares(totals, report, run);
    read_end(totals, run);
    totals->epochs_done = cct_training_epochs(&run->training);
    if (run->training.reports) {
        totals->epochs_planned = run->training.epoch_planned;
        totals->loss_last = run->training.loss_now;
    }
}

void cct_state_words(const struct cct_totals *totals, struct cct_buf *out)
{
    static const char *const words[] = {
        [CCT_RUN_ENDED] = "ended",
        [CCT_RUN_GOES_ON] = "still running",
        [CCT_RUN_CUT] = "interrupted: no end was recorded",
        [CCT_RUN_SAMPLES] = "samples only: no start or end was recorded",
        [CCT_RUN_EMPTY] = "no samples",
    };
    cct_buf_adds(out, words[totals->state]);
    if (totals->state != CCT_RUN_ENDED)
        return;
    if (totals->signal[0])
        cct_buf_addf(out, ", by signal %s", totals->signal);
    else if (totals->has_exit_status)
        cct_buf_addf(out, ", exit status %lld", (long long)totals->exit_status);
}
