/* SPDX-License-Identifier: Apache-2.0 */
#include "idle.h"

#include <math.h>

const char *cct_idle_source_name(enum cct_idle_source source)
{
    static const char *const names[] = {"table", "learned", "option"};
    return names[source];
}

void cct_idle_init(struct cct_idle *idle, double given_w, const struct cct_cpu_power *power)
{
    *idle = (struct cct_idle){.given_w = given_w, .power = power};
    for (int c = 0; c < CCT_COMPONENTS; c++)
        idle->quiet_w[c] = idle->least_w[c] = NAN;
}

void cct_idle_break(struct cct_idle *idle)
{
    idle->window = (struct cct_idle_window){0};
}

static bool learnable(enum cct_component component)
{
    return component != CCT_GPU;
}

/* Which part of a CPU's power at this load is idle, by the model. */
static double rest_part(const struct cct_idle *idle, double busy)
{
    double w = idle->power && !isnan(busy) ? cct_cpu_power_w(idle->power, busy) : 0;
    return w > 0 ? idle->power->idle_w / w : 1;
}

/* A component that stood still for a second has a counter that does not move, and tells nothing. */
static void close_window(struct cct_idle *idle)
{
    const struct cct_idle_window *w = &idle->window;
    double busy = w->all_ticks ? (double)w->busy_ticks / (double)w->all_ticks : (double)NAN;
    bool quiet = busy < CCT_QUIET_BUSY && w->job_s < CCT_QUIET_JOB * w->span_s;
    double rest = quiet ? 1 : rest_part(idle, busy);
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        if (!w->known[c] || !w->uj[c])
            continue;
        double mean_w = (double)w->uj[c] / 1e6 / w->span_s;
        idle->least_w[c] = fmin(idle->least_w[c], mean_w * (c == CCT_CPU ? rest : 1));
        if (quiet && learnable((enum cct_component)c))
            idle->quiet_w[c] = fmin(idle->quiet_w[c], mean_w);
    }
    cct_idle_break(idle);
}

void cct_idle_learn(struct cct_idle *idle, const struct cct_sample *sample,
                    const struct cct_idle_tick *tick)
{
    struct cct_idle_window *w = &idle->window;
    w->span_s += tick->span_s;
    w->busy_ticks += tick->busy_ticks;
    w->all_ticks += tick->all_ticks;
    w->job_s += tick->job_s;
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        w->known[c] |= sample->component_known[c];
        w->uj[c] += sample->component_uj[c];
    }
    if (w->span_s >= CCT_IDLE_WINDOW_S)
        close_window(idle);
}

double cct_idle_component_w(const struct cct_idle *idle, enum cct_component component)
{
    double quiet_w = idle->quiet_w[component];
    return fmin(isnan(quiet_w) ? idle->table_w[component] : quiet_w, idle->least_w[component]);
}

enum cct_idle_source cct_idle_source(const struct cct_idle *idle)
{
    if (!isnan(idle->given_w))
        return CCT_IDLE_OPTION;
    for (int c = 0; c < CCT_COMPONENTS; c++)
        if (!isnan(idle->quiet_w[c]))
            return CCT_IDLE_LEARNED;
    return CCT_IDLE_TABLE;
}
