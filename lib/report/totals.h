/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: the figures of a run that every format tells, derived once so that they
 * agree to the last digit. */
#pragma once

#include "model.h"

enum cct_state {
    CCT_RUN_ENDED,   /* an end record is there */
    CCT_RUN_GOES_ON, /* records are recent */
    CCT_RUN_CUT,     /* started, no end, and silent for long */
    CCT_RUN_SAMPLES, /* samples without a cct.run/1 record, silent for long */
    CCT_RUN_EMPTY,   /* no sample */
};

enum cct_method { CCT_METHOD_COUNTER, CCT_METHOD_GAUGE, CCT_METHOD_MODEL, CCT_METHODS };

/* Unknown is NAN. */
struct cct_totals {
    enum cct_state state;
    int64_t start_utc_ms, end_utc_ms; /* CCT_NO_INSTANT: unknown */
    double duration_s;                /* from start to end; where the clock stepped, the time that
                                         samples cover */
    double covered_s;                 /* time that samples cover, all hosts together */
    uint64_t gaps; /* holes between ticks, and ticks with a gap flag or no energy */
    double gap_s;  /* of one host: time no sample covers */
    double energy_kwh, energy_low_kwh, energy_high_kwh;
    double job_kwh, idle_kwh, other_kwh;
    double part_kwh[CCT_PARTS];
    double method_share[CCT_METHODS]; /* 0 to 1 */
    double mean_w, peak_w;
    double emission_g, emission_low_g, emission_high_g, embodied_g, water_l;
    double emission_share; /* of the energy, the part whose emission is known */
    double intensity_g_per_kwh, pue;
    double loss_last;
    int64_t epochs_done; /* 0: none */
    double epochs_planned;
    bool has_exit_status;
    int64_t exit_status;
    char signal[32]; /* name or number that ended the run; "": none */
};

void cct_totals_make(struct cct_totals *totals, const struct cct_report *report,
                     const struct cct_run *run, int64_t now_utc_ms);

/* "cpu", "dram", ...; the last is "not broken down". */
extern const char *const cct_part_labels[CCT_PARTS];
extern const char *const cct_method_labels[CCT_METHODS];

/* By how much the bounds lie off, as parts of v (0.5: 50 %); false when there are no bounds, or
 * they do not differ from v. */
bool cct_bounds(double v, double low, double high, double *below, double *above);

/* The method of a source: what cct.sensor/1 says, else by its name. */
enum cct_method cct_source_method(const struct cct_report *report, const struct cct_run *run,
                                  const char *source);
/* The cct.sensor/1 record of a source on one of the run's hosts, or NULL. */
const char *cct_source_line(const struct cct_report *report, const struct cct_run *run,
                            const char *source);
/* The word for a state, for a person. */
void cct_state_words(const struct cct_totals *totals, struct cct_buf *out);
