/* SPDX-License-Identifier: Apache-2.0
 * One run: making it, and counting ticks into it. */
#include "model.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct cct_run *run_new(char *name, char *lone_host)
{
    struct cct_run *run = cct_xcalloc(1, sizeof *run);
    run->name = name;
    run->lone_host = lone_host;
    run->start_utc_ms = run->end_utc_ms = run->last_utc_ms = CCT_NO_INSTANT;
    run->start_event_utc_ms = run->end_event_utc_ms = CCT_NO_INSTANT;
    run->peak_w = NAN;
    run->series.limit = CCT_MAX_BUCKETS;
    return run;
}

void cct_run_free(struct cct_run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->factor_names.count; i++) {
        free(run->factors[i].zone);
        free(run->factors[i].region);
        free(run->factors[i].provider);
        free(run->factors[i].quality);
        free(run->factors[i].year);
    }
    free(run->factors);
    free(run->source_j);
    free(run->hosts);
    free(run->start_line);
    free(run->end_line);
    cct_names_free(&run->source_names);
    cct_names_free(&run->factor_names);
    cct_names_free(&run->flag_names);
    cct_series_free(&run->series);
    cct_training_free(&run->training);
    free(run->name);
    free(run->lone_host);
    free(run);
}

/* All runs share one budget of buckets: more runs, coarser curves. */
static void share_budget(struct cct_report *report)
{
    size_t limit = CCT_MAX_BUCKETS;
    while (limit > 16 && limit * report->run_names.count > CCT_SERIES_BUDGET)
        limit /= 2;
    for (size_t i = 0; i < report->run_names.count; i++) {
        if (report->runs[i]->series.limit > limit)
            cct_series_limit(&report->runs[i]->series, limit);
    }
}

/* The key of a run: 'r' and its name, or 'h' and the host of records without run. */
static void make_key(struct cct_buf *key, struct cct_value name, struct cct_value host)
{
    key->len = 0;
    cct_buf_addc(key, 'r');
    if (cct_value_string(name, key))
        return;
    key->data[0] = 'h';
    cct_value_string(host, key);
}

static bool wanted(const struct cct_report *report)
{
    const struct cct_buf *key = &report->key;
    return !report->only_run || (key->data[0] == 'r' && key->len - 1 == strlen(report->only_run) &&
                                 memcmp(key->data + 1, report->only_run, key->len - 1) == 0);
}

struct cct_run *cct_report_run(struct cct_report *report, struct cct_value name,
                               struct cct_value host, size_t *run_no, struct cct_err *err)
{
    struct cct_buf *key = &report->key;
    make_key(key, name, host);
    if (!wanted(report))
        return NULL;
    size_t known = report->run_names.count;
    *run_no = cct_names_intern(&report->run_names, key->data, key->len, CCT_REPORT_MAX_RUNS);
    if (*run_no == CCT_NO_NAME) {
        cct_fail(err, CCT_CONFIG, "more than %d runs in one report; choose with --run",
                 CCT_REPORT_MAX_RUNS);
        return NULL;
    }
    if (*run_no < known)
        return report->runs[*run_no];
    if (*run_no == report->run_cap) {
        report->run_cap = report->run_cap ? report->run_cap * 2 : 4;
        report->runs = cct_xreallocarray(report->runs, report->run_cap, sizeof *report->runs);
    }
    char *text = key->len > 1 ? cct_xstrndup(key->data + 1, key->len - 1) : NULL;
    bool named = key->data[0] == 'r';
    report->runs[*run_no] = run_new(named ? text : NULL, named ? NULL : text);
    share_budget(report);
    return report->runs[*run_no];
}

void cct_run_add_host(struct cct_report *report, struct cct_run *run, struct cct_value host)
{
    report->key.len = 0;
    if (!cct_value_string(host, &report->key))
        return;
    size_t n = cct_names_intern(&report->hosts, report->key.data, report->key.len, CCT_MAX_HOSTS);
    for (size_t i = run->host_count; i-- > 0;) {
        if (run->hosts[i] == n)
            return;
    }
    if (n == CCT_NO_NAME)
        return;
    run->hosts = cct_xreallocarray(run->hosts, run->host_count + 1, sizeof *run->hosts);
    run->hosts[run->host_count++] = n;
}

static bool same_text(const struct cct_buf *known, struct cct_span text)
{
    return known->len == text.len && (!text.len || memcmp(known->data, text.p, text.len) == 0);
}

static void keep_text(struct cct_buf *known, struct cct_span text)
{
    known->len = 0;
    cct_buf_add(known, text.p, text.len);
}

struct cct_run *cct_report_tick_run(struct cct_report *report, const struct cct_tick *tick,
                                    size_t *run_no, struct cct_err *err)
{
    struct cct_recent *recent = &report->recent;
    struct cct_value name = tick->value[CCT_T_RUN];
    struct cct_value host = tick->value[CCT_T_HOST];
    if (recent->run && same_text(&recent->run_text, name.text) &&
        same_text(&recent->host_text, host.text)) {
        *run_no = recent->run_no;
        return recent->run;
    }
    struct cct_run *run = cct_report_run(report, name, host, run_no, err);
    recent->run = run;
    if (!run)
        return NULL;
    keep_text(&recent->run_text, name.text);
    keep_text(&recent->host_text, host.text);
    recent->run_no = *run_no;
    recent->id_text.len = 0;
    cct_run_add_host(report, run, host);
    return run;
}

static int check_word(char *known, size_t cap, struct cct_value value, const struct cct_run *run,
                      struct cct_err *err)
{
    char word[16];
    if (!cct_value_copy(value, word, sizeof word) || strcmp(word, known) == 0)
        return 0;
    if (known[0])
        return cct_fail(err, CCT_DATAERR,
                        "CO2e by %s intensity in run %s, which has %s: the two are never added up",
                        word, run->name ? run->name : "(none)", known);
    snprintf(known, cap, "%s", word);
    return 0;
}

int cct_run_check_kind(struct cct_run *run, struct cct_tick *tick, struct cct_err *err)
{
    if (!tick->counts_grams)
        return 0;
    if (check_word(run->signal, sizeof run->signal, tick->value[CCT_T_SIGNAL], run, err) ||
        check_word(run->basis, sizeof run->basis, tick->value[CCT_T_BASIS], run, err)) {
        tick->counts_grams = false;
        return -1;
    }
    return 0;
}
