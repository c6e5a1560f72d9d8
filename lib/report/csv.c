/* SPDX-License-Identifier: Apache-2.0
 * Format csv: a row a tick, as it is read (RFC 4180, CRLF). epoch and loss are those of the latest
 * progress record before it. A cell from outside that a spreadsheet would take for a formula gets
 * an apostrophe in front. */
#include "model.h"

#include "record/number.h"

#include <math.h>

static void csv_begin(struct cct_buf *out)
{
    cct_buf_adds(out, "ts,host,run,interval_s,power_w,energy_j,job_energy_j,idle_energy_j,"
                      "other_energy_j,cpu_j,dram_j,gpu_j,board_j,psu_j,other_j,zone,"
                      "intensity_g_per_kwh,pue,emission_g,epoch,loss\r\n");
}

static void put_text(struct cct_buf *out, struct cct_value value)
{
    cct_auto_buf s = {0};
    if (!cct_value_string(value, &s) || !s.len)
        return;
    if (strchr("=+-@\t\r\n", s.data[0])) {
        cct_buf_adds(out, "\"'");
    } else if (!memchr(s.data, ',', s.len) && !memchr(s.data, '"', s.len) &&
               !memchr(s.data, '\n', s.len) && !memchr(s.data, '\r', s.len)) {
        cct_buf_add(out, s.data, s.len);
        return;
    } else {
        cct_buf_addc(out, '"');
    }
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '"')
            cct_buf_addc(out, '"');
        cct_buf_addc(out, s.data[i]);
    }
    cct_buf_addc(out, '"');
}

static void put_double(struct cct_buf *out, double v)
{
    cct_buf_addc(out, ',');
    if (isfinite(v))
        out->len += cct_format_double(cct_buf_reserve(out, CCT_NUMBER_MAX), v);
}

/* A component that the record does not name is an empty cell, not 0. */
static void put_part(struct cct_buf *out, const struct cct_tick *tick, enum cct_part part)
{
    put_double(out, tick->part_j[part] > 0 ? tick->part_j[part] : (double)NAN);
}

static void csv_tick(const struct cct_run *run, const struct cct_tick *tick, struct cct_buf *out)
{
    char ts[CCT_INSTANT_LEN + 1];
    if (!tick->counts_energy)
        return;
    cct_instant_format(ts, tick->end_utc_ms);
    cct_buf_add(out, ts, CCT_INSTANT_LEN);
    cct_buf_addc(out, ',');
    put_text(out, tick->value[CCT_T_HOST]);
    cct_buf_addc(out, ',');
    put_text(out, tick->value[CCT_T_RUN]);
    put_double(out, tick->interval_s);
    put_double(out, tick->power_w);
    put_double(out, tick->energy_j);
    put_double(out, tick->job_j);
    put_double(out, tick->idle_j);
    put_double(out, tick->other_j);
    for (int part = 0; part < CCT_PART_REST; part++)
        put_part(out, tick, (enum cct_part)part);
    cct_buf_addc(out, ',');
    put_text(out, tick->value[CCT_T_ZONE]);
    put_double(out, tick->intensity_g_per_kwh);
    put_double(out, tick->pue);
    put_double(out, tick->emission_g);
    put_double(out, run->training.reports ? run->training.epoch_now : (double)NAN);
    put_double(out, run->training.reports ? run->training.loss_now : (double)NAN);
    cct_buf_adds(out, "\r\n");
}

extern const struct cct_report_format cct_report_csv;
const struct cct_report_format cct_report_csv = {
    .name = "csv",
    .extension = ".csv",
    .begin = csv_begin,
    .tick = csv_tick,
};
