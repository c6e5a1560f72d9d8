/* SPDX-License-Identifier: Apache-2.0
 * Records in: which kind goes where. */
#include "report.h"

#include "base/alloc.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

const struct cct_report_format *cct_report_format_find(const char *name)
{
    for (size_t i = 0; cct_report_formats[i]; i++) {
        if (strcmp(cct_report_formats[i]->name, name) == 0)
            return cct_report_formats[i];
    }
    return NULL;
}

const struct cct_report_format *cct_report_format_of_file(const char *path)
{
    size_t len = strlen(path);
    for (size_t i = 0; cct_report_formats[i]; i++) {
        const char *extension = cct_report_formats[i]->extension;
        size_t n = strlen(extension);
        if (len > n && strcmp(path + len - n, extension) == 0)
            return cct_report_formats[i];
    }
    return NULL;
}

struct cct_report *cct_report_open(const struct cct_report_format *format, const char *only_run,
                                   struct cct_buf *out)
{
    struct cct_report *report = cct_xcalloc(1, sizeof *report);
    report->format = format;
    report->only_run = only_run;
    if (format->begin)
        format->begin(out);
    return report;
}

void cct_report_close(struct cct_report *report)
{
    if (!report)
        return;
    for (size_t i = 0; i < report->run_names.count; i++)
        cct_run_free(report->runs[i]);
    for (size_t i = 0; i < report->writer_names.count; i++) {
        cct_ranges_free(&report->writers[i].energy);
        cct_ranges_free(&report->writers[i].grams);
    }
    for (size_t i = 0; i < report->kept_names.count; i++)
        free(report->kept[i]);
    cct_names_free(&report->run_names);
    cct_names_free(&report->hosts);
    cct_names_free(&report->writer_names);
    cct_names_free(&report->kept_names);
    cct_buf_free(&report->key);
    cct_buf_free(&report->recent.run_text);
    cct_buf_free(&report->recent.host_text);
    cct_buf_free(&report->recent.id_text);
    free(report->runs);
    free(report->order);
    free(report->writers);
    free(report->kept);
    free(report);
}

void cct_report_keep_line(struct cct_report *report, char **place, struct cct_span line)
{
    size_t old = *place ? strlen(*place) : 0;
    if (report->kept_bytes - old + line.len > CCT_MAX_KEPT_BYTES)
        return;
    report->kept_bytes += line.len - old;
    free(*place);
    *place = cct_xstrndup(line.p, line.len);
}

static void kept_key(struct cct_buf *key, const char *schema, const char *host, const char *part)
{
    key->len = 0;
    cct_buf_adds(key, schema);
    cct_buf_addc(key, '\n');
    cct_buf_adds(key, host);
    cct_buf_addc(key, '\n');
    cct_buf_adds(key, part);
}

const char *cct_report_kept(const struct cct_report *report, const char *schema, const char *host,
                            const char *part)
{
    cct_auto_buf key = {0};
    kept_key(&key, schema, host, part);
    size_t n = cct_names_find(&report->kept_names, key.data, key.len);
    return n == CCT_NO_NAME ? NULL : report->kept[n];
}

/* A record's instant; the run's last one follows. */
static int64_t instant_of(struct cct_run *run, const struct cct_rec *rec)
{
    int64_t ts = cct_value_instant(cct_rec_get(rec, "ts"));
    if (ts != CCT_NO_INSTANT && (run->last_utc_ms == CCT_NO_INSTANT || ts > run->last_utc_ms))
        run->last_utc_ms = ts;
    return ts;
}

static int add_tick(struct cct_report *report, const struct cct_rec *rec, bool is_emission,
                    struct cct_buf *out, struct cct_err *err)
{
    struct cct_tick *tick = &report->tick;
    size_t run_no = 0;
    if (!cct_tick_read(tick, &report->layout[is_emission], rec))
        return cct_fail(err, CCT_DATAERR, "a sample without ts: not counted");
    tick->is_emission = is_emission;
    struct cct_err why = {0};
    struct cct_run *run = cct_report_tick_run(report, tick, &run_no, &why);
    if (!run)
        return why.code ? cct_fail(err, why.code, "%s", why.msg) : 0;
    cct_tick_dedup(report, run_no, run, tick);
    if (!tick->counts_energy && !tick->counts_grams)
        return 0;
    if (tick->end_utc_ms > run->last_utc_ms || run->last_utc_ms == CCT_NO_INSTANT)
        run->last_utc_ms = tick->end_utc_ms;
    int rc = cct_run_check_kind(run, tick, err);
    cct_run_count(run, tick, report->format->series);
    if (report->format->tick)
        report->format->tick(run, tick, out);
    return rc;
}

/* The kinds that are rare. run is NULL for kinds that belong to a host. */
typedef void rare_fn(struct cct_report *report, struct cct_run *run, const struct cct_rec *rec);

static void add_progress(struct cct_report *report, struct cct_run *run, const struct cct_rec *rec)
{
    (void)report;
    int64_t ts = instant_of(run, rec);
    if (ts != CCT_NO_INSTANT)
        cct_training_add(&run->training, rec, ts);
}

static void add_run(struct cct_report *report, struct cct_run *run, const struct cct_rec *rec)
{
    int64_t ts = instant_of(run, rec);
    struct cct_value event = cct_rec_get(rec, "event");
    cct_run_add_host(report, run, cct_rec_get(rec, "host"));
    if (cct_value_equals(event, "start")) {
        if (run->start_event_utc_ms != CCT_NO_INSTANT && ts >= run->start_event_utc_ms)
            return;
        run->start_event_utc_ms = ts;
        cct_report_keep_line(report, &run->start_line, rec->line);
    } else if (cct_value_equals(event, "end")) {
        if (ts < run->end_event_utc_ms)
            return;
        run->end_event_utc_ms = ts;
        cct_report_keep_line(report, &run->end_line, rec->line);
    }
}

static void add_kept(struct cct_report *report, struct cct_run *run, const struct cct_rec *rec)
{
    cct_auto_buf host = {0};
    cct_auto_buf part = {0};
    cct_auto_buf schema = {0};
    (void)run;
    cct_value_string(cct_rec_get(rec, "schema"), &schema);
    cct_value_string(cct_rec_get(rec, "host"), &host);
    if (!cct_value_string(cct_rec_get(rec, "source"), &part))
        cct_value_string(cct_rec_get(rec, "device"), &part);
    kept_key(&report->key, cct_buf_str(&schema), cct_buf_str(&host), cct_buf_str(&part));
    size_t known = report->kept_names.count;
    size_t n = cct_names_intern(&report->kept_names, report->key.data, report->key.len, 16384);
    if (n == CCT_NO_NAME)
        return;
    if (n == known) {
        if (n == report->kept_cap) {
            report->kept_cap = report->kept_cap ? report->kept_cap * 2 : 8;
            report->kept = cct_xreallocarray(report->kept, report->kept_cap, sizeof *report->kept);
        }
        report->kept[n] = NULL;
    }
    cct_report_keep_line(report, &report->kept[n], rec->line);
}

static const struct {
    const char *schema;
    rare_fn *add;
    bool of_run;
} rare_kinds[] = {
    {"cct.progress/1", add_progress, true}, {"cct.run/1", add_run, true},
    {"cct.host/1", add_kept, false},        {"cct.device/1", add_kept, false},
    {"cct.sensor/1", add_kept, false},
};

static int add_rare(struct cct_report *report, const struct cct_rec *rec, struct cct_err *err)
{
    size_t run_no = 0;
    for (size_t i = 0; i < CCT_LEN(rare_kinds); i++) {
        if (!cct_rec_is(rec, rare_kinds[i].schema))
            continue;
        struct cct_run *run = NULL;
        struct cct_err why = {0};
        if (rare_kinds[i].of_run) {
            run = cct_report_run(report, cct_rec_get(rec, "run"), cct_rec_get(rec, "host"), &run_no,
                                 &why);
            if (!run)
                return why.code ? cct_fail(err, why.code, "%s", why.msg) : 0;
        }
        rare_kinds[i].add(report, run, rec);
        return 0;
    }
    return 0;
}

int cct_report_add(struct cct_report *report, const struct cct_rec *rec, struct cct_buf *out,
                   struct cct_err *err)
{
    report->records++;
    if (cct_rec_is(rec, "cct.emission/1"))
        return add_tick(report, rec, true, out, err);
    if (cct_rec_is(rec, "cct.sample/1"))
        return add_tick(report, rec, false, out, err);
    return add_rare(report, rec, err);
}

static int64_t first_instant(const struct cct_run *run)
{
    int64_t start = run->start_event_utc_ms;
    if (start == CCT_NO_INSTANT ||
        (run->start_utc_ms != CCT_NO_INSTANT && run->start_utc_ms < start))
        start = run->start_utc_ms;
    return start == CCT_NO_INSTANT ? run->last_utc_ms : start;
}

static int by_start(const void *a, const void *b, void *ctx)
{
    const struct cct_report *report = ctx;
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    int64_t tx = first_instant(report->runs[x]);
    int64_t ty = first_instant(report->runs[y]);
    return tx != ty ? (tx > ty) - (tx < ty) : (x > y) - (x < y);
}

void cct_report_end(struct cct_report *report, const struct cct_report_env *env,
                    struct cct_buf *out)
{
    size_t count = report->run_names.count;
    report->order = cct_xreallocarray(report->order, count, sizeof *report->order);
    for (size_t i = 0; i < count; i++)
        report->order[i] = i;
    qsort_r(report->order, count, sizeof *report->order, by_start, report);
    if (report->format->end)
        report->format->end(report, env, out);
}
