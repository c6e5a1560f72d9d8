/* SPDX-License-Identifier: Apache-2.0 */
#include "whose.h"

#include "split.h"

#include <math.h>
#include <unistd.h>

#define TRAIL_NS (CCT_NS_PER_S / 10)

static bool read_point(struct cct_whose *w, struct cct_job_reading *reading,
                       struct cct_job_point *point)
{
    cct_cpu_times_read(w->files, point->mono_ns, &point->times);
    cct_job_read(w->job, reading, point->mono_ns);
    point->job_us = reading->cpu_us;
    return reading->known;
}

void cct_whose_follow(struct cct_whose *w, struct cct_job *job, int64_t mono_ns)
{
    struct cct_job_reading reading;
    cct_job_close(w->job);
    w->job = job;
    w->alive = true;
    w->last = (struct cct_job_point){.mono_ns = mono_ns};
    read_point(w, &reading, &w->last);
    w->split = w->load = w->trail[0] = w->trail[1] = w->last;
}

void cct_whose_close(struct cct_whose *w)
{
    cct_job_close(w->job);
    if (w->own_files)
        cct_usage_close(&w->real_files);
}

static uint64_t ticks_us(uint64_t ticks)
{
    return ticks * (1000000 / (uint64_t)sysconf(_SC_CLK_TCK));
}

static uint64_t job_us_since(const struct cct_job_point *before, const struct cct_job_point *now)
{
    return now->job_us > before->job_us ? now->job_us - before->job_us : 0;
}

/* /proc/stat counts in ticks of 10 ms: within a short tick the share would be nearly all or
 * nothing. There it is taken over the last tenth of a second or more. */
static const struct cct_job_point *share_since(struct cct_whose *w, const struct cct_job_point *now)
{
    const struct cct_job_point *since = &w->split;
    if (now->mono_ns - w->trail[1].mono_ns >= TRAIL_NS) {
        w->trail[0] = w->trail[1];
        w->trail[1] = *now;
    }
    return w->trail[0].mono_ns < since->mono_ns ? &w->trail[0] : since;
}

static double share_of_cpu(const struct cct_job_point *before, const struct cct_job_point *now)
{
    struct cct_cpu_times d = cct_cpu_times_since(&before->times, &now->times);
    return cct_cpu_share(job_us_since(before, now), ticks_us(d.busy));
}

/* A cgroup's memory holds its page cache: so must what it is a share of. */
static double share_of_memory(struct cct_whose *w, const struct cct_job_reading *reading,
                              int64_t mono_ns)
{
    struct cct_memory memory;
    cct_memory_read(w->files, mono_ns, &memory);
    double all = reading->with_cache ? memory.taken_bytes : memory.used_bytes;
    return reading->memory_bytes > 0 && all > 0 ? fmin(reading->memory_bytes / all, 1)
                                                : (double)NAN;
}

static bool all_good(const struct cct_sample *sample)
{
    for (size_t i = 0; i < sample->reading_count; i++)
        if (!sample->readings[i].known || sample->readings[i].flags & ~(unsigned)CCT_FLAG_WRAP)
            return false;
    return sample->known && sample->measured_uj && !(sample->flags & CCT_FLAG_SUSPEND);
}

static void learn_idle(struct cct_whose *w, const struct cct_job_point *now,
                       const struct cct_sample *sample)
{
    struct cct_cpu_times d = cct_cpu_times_since(&w->last.times, &now->times);
    if (!all_good(sample)) {
        cct_idle_break(&w->idle);
        return;
    }
    struct cct_idle_tick tick = {
        .span_s = sample->interval_s,
        .busy_ticks = d.busy,
        .all_ticks = d.busy + d.idle + d.steal,
        .job_s = (double)job_us_since(&w->last, now) / 1e6,
    };
    cct_idle_learn(&w->idle, sample, &tick);
}

/* Energy that came late was used since the last tick that knew any. */
static void split_energy(struct cct_whose *w, const struct cct_job_point *now,
                         const struct cct_job_reading *reading, struct cct_sample *sample)
{
    double span_s = (double)(now->mono_ns - w->split.mono_ns) / 1e9;
    struct cct_shares shares = {
        .cpu = share_of_cpu(share_since(w, now), now),
        .memory = share_of_memory(w, reading, now->mono_ns),
        .gpu = NAN,
    };
    struct cct_split split = cct_split_energy(sample, &w->idle, span_s, &shares);
    sample->split = true;
    sample->job_uj = split.job_uj;
    sample->idle_uj = split.idle_uj;
    sample->other_uj = split.other_uj;
    sample->idle_source = cct_idle_source(&w->idle);
    w->split = *now;
}

static void tell_load(struct cct_whose *w, const struct cct_job_point *now,
                      struct cct_sample *sample)
{
    struct cct_cpu_times d = cct_cpu_times_since(&w->load.times, &now->times);
    double all_us = (double)ticks_us(d.busy + d.idle + d.steal);
    if (!d.known || !(all_us > 0)) {
        w->load = d.known ? w->load : *now;
        return;
    }
    sample->usage.job_cpu_pct = fmin(100, 100 * (double)job_us_since(&w->load, now) / all_us);
    w->load = *now;
}

void cct_whose_tick(struct cct_whose *w, int64_t mono_ns, struct cct_sample *sample)
{
    struct cct_job_point now = {.mono_ns = mono_ns};
    struct cct_job_reading reading;
    bool known = read_point(w, &reading, &now);
    w->alive = reading.alive;
    sample->usage.job_memory_bytes = reading.memory_bytes;
    if (!known) {
        sample->flags |= CCT_FLAG_GAP;
        cct_idle_break(&w->idle);
        return;
    }
    tell_load(w, &now, sample);
    learn_idle(w, &now, sample);
    if (sample->known)
        split_energy(w, &now, &reading, sample);
    w->last = now;
}
