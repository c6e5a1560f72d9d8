/* SPDX-License-Identifier: Apache-2.0
 * What the machine draws at rest, component by component. Pure. Three answers, the first one known:
 * what the user says (--idle, for all components together); what was learned: the lowest mean of a
 * window of a second or more in which the machine was quiet; the table, cut down to what the lowest
 * window seen allows, so that a table that exceeds the machine leaves the job its share. */
#pragma once

#include "sensor/sensor.h"

#define CCT_IDLE_WINDOW_S 1.0
#define CCT_QUIET_BUSY    0.02 /* of all threads */
#define CCT_QUIET_JOB     0.05 /* of one thread */

struct cct_idle_window {
    double span_s, job_s;
    uint64_t busy_ticks, all_ticks; /* of /proc/stat */
    uint64_t uj[CCT_COMPONENTS];
    bool known[CCT_COMPONENTS];
};

struct cct_idle {
    double given_w;                 /* NAN: not given */
    double taken_w;                 /* part of it that is split elsewhere (gpu.h) */
    double table_w[CCT_COMPONENTS]; /* 0: unknown */
    double quiet_w[CCT_COMPONENTS], least_w[CCT_COMPONENTS]; /* NAN: none yet */
    const struct cct_cpu_power *power; /* the model, for the load of a window. Borrowed; or NULL */
    struct cct_idle_window window;
};

/* One tick whose readings were all good. */
struct cct_idle_tick {
    double span_s;
    uint64_t busy_ticks, all_ticks; /* of the machine; 0 of 0: not told in this tick */
    double job_s;                   /* CPU time of the job */
};

/* The table is filled, and filled anew when other sources come to count, by the caller. */
void cct_idle_init(struct cct_idle *idle, double given_w, const struct cct_cpu_power *power);
/* Learns from a tick; sample has its energies. */
void cct_idle_learn(struct cct_idle *idle, const struct cct_sample *sample,
                    const struct cct_idle_tick *tick);
/* A tick with a reading missing: the window begins anew. */
void cct_idle_break(struct cct_idle *idle);
/* Of a component, W; nothing was given. A GPU's is never learned from a quiet CPU. */
double cct_idle_component_w(const struct cct_idle *idle, enum cct_component component);
enum cct_idle_source cct_idle_source(const struct cct_idle *idle);
