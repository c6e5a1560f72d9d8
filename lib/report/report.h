/* SPDX-License-Identifier: Apache-2.0
 * The report: records go in one by one, totals and a page come out. Pure: no file, no clock, no
 * network. Memory does not grow with the number of records: each run keeps exact totals
 * (Neumaier sums) and a pyramid of time buckets that halves its resolution when it is full. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "record/scan.h"
#include "record/write.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_REPORT_MAX_RUNS 4096

struct cct_report; /* opaque */

/* What the writer of a report cannot know by itself. */
struct cct_report_env {
    int64_t now_utc_ms;      /* tells a run that still goes on from one that was cut off */
    struct cct_stamp *stamp; /* gives cct.summary/1 its id; borrowed */
    const char *version;     /* of cct */
    unsigned columns;        /* of the terminal; 0: do not fit */
    bool colour;             /* escape sequences are welcome */
};

/* A format: one file lib/report/NAME.c that defines cct_report_NAME, one name in lib/meson.build.
 */
struct cct_tick;
struct cct_run;
struct cct_report_format {
    const char *name;      /* as --format takes it */
    const char *extension; /* of an output file that means this format: ".html" */
    bool series;           /* needs the time series, not the totals alone */
    /* Called once before the first record; NULL: nothing to say yet. */
    void (*begin)(struct cct_buf *out);
    /* Called for every tick that was counted; NULL: the end is enough. */
    void (*tick)(const struct cct_run *run, const struct cct_tick *tick, struct cct_buf *out);
    /* Called once after the last record; NULL: all was said. */
    void (*end)(const struct cct_report *report, const struct cct_report_env *env,
                struct cct_buf *out);
};

/* The formats, NULL-terminated, the default first. */
extern const struct cct_report_format *const cct_report_formats[];

/* By name, or NULL. */
const struct cct_report_format *cct_report_format_find(const char *name);
/* By the end of a file name, or NULL. */
const struct cct_report_format *cct_report_format_of_file(const char *path);

/* only_run: count this run alone; NULL: all. Borrowed. The format's begin() is called here; what it
 * and the later calls write is added to out. */
struct cct_report *cct_report_open(const struct cct_report_format *format, const char *only_run,
                                   struct cct_buf *out);
void cct_report_close(struct cct_report *report);

/* Counts one record. Kinds that it does not know are passed over. A tick that comes as cct.sample/1
 * and again as cct.emission/1 (the same id) is counted once, whatever the order. Returns 0, or -1
 * with CCT_DATAERR when the record cannot be counted (a sample without ts), or CCT_CONFIG when
 * there are more runs than CCT_REPORT_MAX_RUNS. */
int cct_report_add(struct cct_report *report, const struct cct_rec *rec, struct cct_buf *out,
                   struct cct_err *err) cct_must_check;

/* Writes what the format says at the end. */
void cct_report_end(struct cct_report *report, const struct cct_report_env *env,
                    struct cct_buf *out);
