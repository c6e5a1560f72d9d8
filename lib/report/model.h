/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: what the report knows of each run, and one tick as it is read. */
#pragma once

#include "names.h"
#include "ranges.h"
#include "report.h"
#include "series.h"
#include "sum.h"
#include "training.h"

#define CCT_MAX_HOSTS      4096
#define CCT_MAX_WRITERS    65536
#define CCT_MAX_SOURCES    256               /* of one run */
#define CCT_MAX_FACTORS    256               /* of one run: zone, region, provider, quality */
#define CCT_MAX_FLAGS      16                /* names of flags of one run */
#define CCT_MAX_KEPT_BYTES (4 * 1024 * 1024) /* of host, device, sensor and run lines */
#define CCT_SERIES_BUDGET  131072            /* buckets of all runs together */

/* The members of a sample or an emission that a report reads. */
enum cct_tick_field {
    CCT_T_SCHEMA,
    CCT_T_ID,
    CCT_T_TS,
    CCT_T_HOST,
    CCT_T_RUN,
    CCT_T_INTERVAL,
    CCT_T_ENERGY,
    CCT_T_POWER,
    CCT_T_JOB,
    CCT_T_IDLE,
    CCT_T_OTHER,
    CCT_T_COMPONENTS,
    CCT_T_SOURCES,
    CCT_T_MEASURED,
    CCT_T_LOW_J,
    CCT_T_HIGH_J,
    CCT_T_FLAGS,
    CCT_T_ZONE,
    CCT_T_REGION,
    CCT_T_INTENSITY,
    CCT_T_PROVIDER,
    CCT_T_QUALITY,
    CCT_T_YEAR,
    CCT_T_SIGNAL,
    CCT_T_BASIS,
    CCT_T_PUE,
    CCT_T_EMISSION,
    CCT_T_EMBODIED,
    CCT_T_WATER,
    CCT_T_LOW_G,
    CCT_T_HIGH_G,
    CCT_TICK_FIELDS,
};

/* Where each member was in the record before: the next one most often has the same order. */
#define CCT_LAYOUT_MEMBERS 64
struct cct_layout {
    uint8_t field[CCT_LAYOUT_MEMBERS];    /* field + 1; 0: not seen yet */
    char foreign[CCT_LAYOUT_MEMBERS][24]; /* a key that is none of ours, NUL-terminated */
};

/* One sample or emission. Unknown numbers are NAN; spans live as long as the record. */
struct cct_tick {
    struct cct_value value[CCT_TICK_FIELDS];
    bool is_emission;                 /* cct.emission/1 */
    bool counts_energy, counts_grams; /* not counted before: see dedup.c */
    int64_t start_utc_ms, end_utc_ms;
    double interval_s, energy_j, power_w;
    double job_j, idle_j, other_j;
    double part_j[CCT_PARTS]; /* 0: not named */
    double measured_share, low_j, high_j;
    double emission_g, low_g, high_g, embodied_g, water_l;
    double intensity_g_per_kwh, pue;
};

/* Where a carbon intensity came from; energy and grams charged with it. */
struct cct_factor {
    char *zone, *region, *provider, *quality, *year; /* owned; "": not said */
    struct cct_sum energy_j, emission_g;
    struct cct_sum weighted; /* g/kWh times J */
    double min_g_per_kwh, max_g_per_kwh, min_pue, max_pue;
};

struct cct_run {
    char *name;      /* NULL: records without run */
    char *lone_host; /* the host of records without run; NULL: not said */
    size_t *hosts;   /* numbers in report->hosts; owned */
    size_t host_count;

    int64_t start_utc_ms, end_utc_ms;             /* of the ticks; CCT_NO_INSTANT: none */
    int64_t start_event_utc_ms, end_event_utc_ms; /* of cct.run/1 */
    int64_t last_utc_ms;                          /* of any record */
    char *start_line, *end_line;                  /* the cct.run/1 records; owned, or NULL */

    uint64_t ticks, dark_ticks; /* dark: without energy_j */
    uint64_t holes, flagged_gaps, clock_steps;
    double longest_interval_s, peak_w;

    struct cct_sum energy_j, job_j, idle_j, other_j, covered_s, part_j[CCT_PARTS];
    struct cct_sum low_j, high_j;          /* energy_j where there are no bounds */
    struct cct_sum measured_j, modelled_j; /* by measured_share */
    struct cct_sum emission_g, low_g, high_g;
    struct cct_sum embodied_g, water_l;
    struct cct_sum emission_j;                      /* energy whose grams are known */
    struct cct_sum weighted_intensity, intensity_j; /* g/kWh times J, over J */
    struct cct_sum weighted_pue, pue_j;

    char signal[16], basis[16]; /* of the intensities, "": not said yet: never mixed */
    struct cct_names source_names, factor_names, flag_names;
    struct cct_sum *source_j;      /* by number in source_names; owned */
    struct cct_factor *factors;    /* by number in factor_names; owned */
    uint64_t flags[CCT_MAX_FLAGS]; /* ticks, by number in flag_names */

    struct cct_series series;
    struct cct_training training;
};

/* One process that wrote ticks: which it wrote, and up to when. */
struct cct_tick_writer {
    struct cct_ranges energy, grams;
    int64_t end_utc_ms;
};

/* Whose tick came last: the next one is most often of the same run, host and writer, and their
 * names need no look-up. Spans as they stand in the record. */
struct cct_recent {
    struct cct_buf run_text, host_text, id_text;
    struct cct_run *run; /* NULL: none yet */
    size_t run_no, writer;
};

struct cct_report {
    const struct cct_report_format *format;
    const char *only_run; /* borrowed, or NULL */
    struct cct_names run_names, hosts, writer_names, kept_names;
    struct cct_run **runs; /* by number in run_names; owned */
    size_t *order;         /* runs by their start; owned, made at the end */
    struct cct_tick_writer *writers;
    char **kept; /* host, device and sensor lines by number in kept_names; owned */
    size_t run_cap, writer_cap, kept_cap, kept_bytes;
    uint64_t records;
    struct cct_layout layout[2]; /* sample, emission */
    struct cct_tick tick;
    struct cct_buf key;
    struct cct_recent recent;
};

/* Reads the members of a sample or emission into tick. False: no ts. */
bool cct_tick_read(struct cct_tick *tick, struct cct_layout *layout, const struct cct_rec *rec);

/* The run of a tick; its host is remembered. As cct_report_run. */
struct cct_run *cct_report_tick_run(struct cct_report *report, const struct cct_tick *tick,
                                    size_t *run_no, struct cct_err *err);

/* Sets counts_energy and counts_grams, and tells of a hole since the writer's tick before. */
void cct_tick_dedup(struct cct_report *report, size_t run_no, struct cct_run *run,
                    struct cct_tick *tick);

/* Average and marginal, lifecycle and direct are never added up: grams of another kind than those
 * of the run before are not counted. -1 with CCT_DATAERR then. */
int cct_run_check_kind(struct cct_run *run, struct cct_tick *tick, struct cct_err *err);

/* Adds the tick to the totals, and to the series if the format wants it. */
void cct_run_count(struct cct_run *run, const struct cct_tick *tick, bool series);

/* A run by name (or, without one, by host); made when it is new. NULL with err: too many, or
 * CCT_OK in err->code: not wanted. */
struct cct_run *cct_report_run(struct cct_report *report, struct cct_value name,
                               struct cct_value host, size_t *run_no, struct cct_err *err);
void cct_run_free(struct cct_run *run);
/* Remembers that the run used this host. */
void cct_run_add_host(struct cct_report *report, struct cct_run *run, struct cct_value host);

/* Copies of lines that are told at the end, within CCT_MAX_KEPT_BYTES. */
void cct_report_keep_line(struct cct_report *report, char **place, struct cct_span line);
/* The kept line of a host: schema and part (a source or a device, "" for the host itself). */
const char *cct_report_kept(const struct cct_report *report, const char *schema, const char *host,
                            const char *part);
