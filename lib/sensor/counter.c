/* SPDX-License-Identifier: Apache-2.0 */
#include "counter.h"

#include "sensor/sensor.h"

/* Laptops run for minutes at four times the TDP that they name. */
static double power_cap_w(const struct cct_counter *c)
{
    return c->tdp_w > 100 ? c->tdp_w : 100;
}

int64_t cct_counter_limit_ns(const struct cct_counter *c)
{
    if (!c->max_uj)
        return 0;
    double limit_s = 0.9 * (double)c->max_uj / 1e6 / (1.5 * power_cap_w(c));
    return (int64_t)(limit_s * 1e9);
}

/* At most 3 x TDP, and 1 kJ that short intervals may be off by: far below any spike that torn,
 * restarted or misunderstood counters have caused (10 kW and more over a second). */
static bool plausible(const struct cct_counter *c, uint64_t energy_uj, int64_t span_ns)
{
    double span_s = span_ns > 0 ? (double)span_ns / 1e9 : 0;
    return (double)energy_uj <= 3 * power_cap_w(c) * span_s * 1e6 + 1e9;
}

/* Energy from an anchor to a reading; known only if it can be true. */
static struct cct_step step_from(const struct cct_counter *c, const struct cct_anchor *from,
                                 uint64_t uj, int64_t mono_ns)
{
    struct cct_step step = {.span_ns = mono_ns - from->mono_ns};
    if (!from->set)
        return step;
    if (uj >= from->uj) {
        step.energy_uj = uj - from->uj;
    } else if (c->max_uj >= from->uj) {
        step.energy_uj = uj + (c->max_uj - from->uj);
        step.flags = CCT_FLAG_WRAP;
    } else {
        return step;
    }
    step.known = plausible(c, step.energy_uj, step.span_ns);
    return step;
}

/* A jump that nothing explains. Forward, the reading may be torn: keep counting from the old base
 * and see; beyond the range it surely is, however often it comes. Backward, the counter was most
 * likely restarted: count from here, but remember. */
static struct cct_step jump(struct cct_counter *c, uint64_t uj, int64_t mono_ns)
{
    struct cct_anchor here = {.set = true, .uj = uj, .mono_ns = mono_ns};
    if (c->max_uj && uj > c->max_uj && uj >= c->base.uj)
        return (struct cct_step){.flags = CCT_FLAG_GAP | CCT_FLAG_IMPLAUSIBLE};
    c->jumped_to_other = uj >= c->base.uj;
    if (c->jumped_to_other) {
        c->other = here;
        return (struct cct_step){.flags = CCT_FLAG_GAP | CCT_FLAG_IMPLAUSIBLE};
    }
    c->other = c->base;
    c->base = here;
    return (struct cct_step){.flags = CCT_FLAG_RESET};
}

struct cct_step cct_counter_read(struct cct_counter *c, uint64_t uj, int64_t mono_ns)
{
    struct cct_anchor here = {.set = true, .uj = uj, .mono_ns = mono_ns};
    if (!c->base.set) {
        c->base = here;
        return (struct cct_step){0};
    }
    int64_t limit_ns = cct_counter_limit_ns(c);
    if (limit_ns && mono_ns - c->base.mono_ns > limit_ns) {
        c->base = here;
        c->other = (struct cct_anchor){0};
        return (struct cct_step){.flags = CCT_FLAG_GAP};
    }
    struct cct_step step = step_from(c, &c->base, uj, mono_ns);
    if (!step.known) {
        step = step_from(c, &c->other, uj, mono_ns);
        if (!step.known)
            return jump(c, uj, mono_ns);
        if (c->jumped_to_other)
            step.flags |= CCT_FLAG_RESET;
    }
    c->base = here;
    c->other = (struct cct_anchor){0};
    return step;
}
