/* SPDX-License-Identifier: Apache-2.0
 * The ticking: an absolute timer on CLOCK_MONOTONIC (timerfd_create(2)), so that no delay adds up.
 * Where a counter could wrap twice within one interval, the timer runs faster and the counters are
 * read in between. */
#include "base/alloc.h"
#include "engine.h"
#include "usage.h"
#include "whose.h"

#include <math.h>
#include <sys/timerfd.h>

struct moment {
    int64_t mono_ns, boot_ns, utc_ms;
    struct cct_cpu_times times;
};

struct cct_sampler {
    struct cct_sensors *sensors;
    struct cct_sysroot root;
    struct cct_host host;
    struct cct_reading *readings; /* owned */
    const struct cct_clock *clock;
    struct cct_usage_files files;
    struct cct_whose whose;
    int timer_fd;
    uint64_t parts; /* timer events a tick */
    uint64_t events;
    bool late;
    int64_t interval_ns, start_mono_ns;
    struct moment last;
    double busy;                 /* the last one known */
    struct cct_cpu_times polled; /* at the last read of the sensors */
    struct cct_pids pids;        /* of the job */
};

static void take_moment(struct cct_sampler *s, struct moment *m)
{
    m->mono_ns = cct_mono_ns();
    m->boot_ns = cct_boot_ns();
    m->utc_ms = cct_clock_utc_ms(s->clock);
    cct_cpu_times_read(&s->files, m->mono_ns, &m->times);
}

/* A tick of /proc/stat may be longer than ours: then the last share known holds on. */
static double busy_share(struct cct_sampler *s, const struct cct_cpu_times *now)
{
    struct cct_cpu_times d = cct_cpu_times_since(&s->polled, now);
    uint64_t all = d.busy + d.idle + d.steal;
    if (d.known && all) {
        s->busy = (double)d.busy / (double)all;
        s->polled = *now;
    } else if (!s->polled.known) {
        s->polled = *now;
    }
    return s->busy;
}

static void read_sensors(struct cct_sampler *s, const struct moment *m)
{
    struct cct_tick tick = {
        .mono_ns = m->mono_ns, .busy = busy_share(s, &m->times), .job = s->whose.job};
    cct_sensors_read(s->sensors, &tick);
}

/* How often the counters are read within an interval. */
static uint64_t parts_needed(const struct cct_sampler *s)
{
    int64_t limit_ns = cct_sensors_limit_ns(s->sensors) / 2;
    if (limit_ns <= 0 || s->interval_ns <= limit_ns)
        return 1;
    return (uint64_t)((s->interval_ns + limit_ns - 1) / limit_ns);
}

static int arm_timer(struct cct_sampler *s)
{
    s->parts = parts_needed(s);
    s->events = 0;
    int64_t period_ns = s->interval_ns / (int64_t)s->parts;
    int64_t first_ns = s->last.mono_ns + period_ns;
    struct itimerspec spec = {
        .it_interval = {period_ns / CCT_NS_PER_S, period_ns % CCT_NS_PER_S},
        .it_value = {first_ns / CCT_NS_PER_S, first_ns % CCT_NS_PER_S},
    };
    return timerfd_settime(s->timer_fd, TFD_TIMER_ABSTIME, &spec, NULL);
}

static int start_timer(struct cct_sampler *s, struct cct_err *err)
{
    s->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (s->timer_fd < 0 || arm_timer(s))
        return cct_fail_errno(err, CCT_OSERR, "cannot start a timer");
    return 0;
}

static bool is_measured(const struct cct_sensors *sensors, enum cct_component component)
{
    for (size_t i = 0; i < cct_sensors_count(sensors); i++) {
        const struct cct_source *source = cct_sensors_at(sensors, i);
        if (source->counted && source->method != CCT_MODEL &&
            (source->component == component || source->component == CCT_BOARD ||
             component == CCT_BOARD))
            return true;
    }
    return false;
}

/* A counter that is there and may not be read is worth a word where nothing else measures the same:
 * the estimate is far worse, or there is none. */
static void warn_if_blind(const struct cct_sampler *s, const struct cct_log *log)
{
    bool counted = false;
    bool lost = false;
    const struct cct_source *shut = NULL;
    for (size_t i = 0; i < cct_sensors_count(s->sensors); i++) {
        const struct cct_source *source = cct_sensors_at(s->sensors, i);
        counted |= source->counted;
        lost |= s->sensors->list.items[i].shut;
        if (!shut && !source->readable && source->remedy[0] &&
            (s->sensors->list.items[i].shut || !is_measured(s->sensors, source->component)))
            shut = source;
    }
    if (shut)
        cct_warn(log, "%s cannot be read: %s; %s cct-probe --check tells what mends it", shut->name,
                 shut->reason,
                 lost      ? "its joules are missing from the total;"
                 : counted ? "others or a model stand in;"
                           : "");
    else if (!counted)
        cct_warn(log, "no source of energy can be read: cct-probe --check says why");
}

int cct_sampler_open(struct cct_sampler **out, const struct cct_sampler_options *options,
                     const struct cct_log *log, struct cct_err *err)
{
    struct cct_sampler *s = cct_xcalloc(1, sizeof *s);
    s->clock = options->clock;
    s->interval_ns = options->interval_ns;
    s->whose.files = &s->files;
    s->timer_fd = -1;
    s->busy = NAN;
    s->root.fd = s->files.stat_fd = s->files.meminfo_fd = -1;
    struct cct_sensor_options what = {.root = &s->root,
                                      .host = &s->host,
                                      .globs = options->globs,
                                      .glob_count = options->glob_count,
                                      .gpu = options->gpu,
                                      .home = options->home,
                                      .profile = options->profile};
    if (cct_sysroot_open(&s->root, options->sysroot, err))
        goto fail;
    cct_host_read_brief(&s->root, &s->host);
    cct_usage_open(&s->files, &s->root);
    if (cct_sensors_open(&s->sensors, &what, err))
        goto fail;
    warn_if_blind(s, log);
    take_moment(s, &s->last);
    s->start_mono_ns = s->last.mono_ns;
    read_sensors(s, &s->last);
    cct_idle_init(&s->whose.idle, options->idle_w, &s->sensors->machine.power);
    if (start_timer(s, err))
        goto fail;
    *out = s;
    return 0;
fail:
    cct_sampler_close(s);
    return -1;
}

void cct_sampler_close(struct cct_sampler *s)
{
    if (!s)
        return;
    cct_whose_close(&s->whose);
    cct_sensors_close(s->sensors);
    cct_usage_close(&s->files);
    if (s->timer_fd >= 0)
        close(s->timer_fd);
    cct_sysroot_close(&s->root);
    free(s->readings);
    free(s->pids.items);
    free(s);
}

const struct cct_sensors *cct_sampler_sensors(const struct cct_sampler *s)
{
    return s->sensors;
}

static void follow(struct cct_sampler *s, struct cct_job *job)
{
    cct_whose_follow(&s->whose, job, s->last.mono_ns);
}

int cct_sampler_follow_command(struct cct_sampler *s)
{
    struct cct_sysroot real;
    struct cct_job *job;
    /* Its processes are real ones, whatever machine the sysroot shows. */
    if (!s->root.real && cct_sysroot_open(&real, NULL, NULL) == 0) {
        cct_usage_open(&s->whose.real_files, &real);
        cct_sysroot_close(&real);
        s->whose.files = &s->whose.real_files;
        s->whose.own_files = true;
    }
    if (cct_job_open_leaf(&job, NULL))
        job = cct_job_open_children();
    follow(s, job);
    return job->cgroup_fd;
}

void cct_sampler_command_started(struct cct_sampler *s, bool in_cgroup)
{
    if (!in_cgroup && s->whose.job->cgroup_fd >= 0)
        follow(s, cct_job_open_children());
}

int cct_sampler_follow_pid(struct cct_sampler *s, pid_t pid, struct cct_err *err)
{
    struct cct_job *job;
    if (cct_job_open_pid(&job, &s->root, pid, err))
        return -1;
    follow(s, job);
    return 0;
}

int cct_sampler_follow_cgroup(struct cct_sampler *s, const char *path, struct cct_err *err)
{
    struct cct_job *job;
    if (cct_job_open_cgroup(&job, &s->root, path, err))
        return -1;
    follow(s, job);
    return 0;
}

bool cct_sampler_job_over(const struct cct_sampler *s)
{
    return s->whose.job && !s->whose.alive;
}

int64_t cct_sampler_start_mono_ns(const struct cct_sampler *s)
{
    return s->start_mono_ns;
}

int cct_sampler_fd(const struct cct_sampler *s)
{
    return s->timer_fd;
}

bool cct_sampler_due(struct cct_sampler *s)
{
    uint64_t events = 0;
    if (read(s->timer_fd, &events, sizeof events) != (ssize_t)sizeof events)
        return false;
    s->events += events;
    s->late |= events > 1;
    if (s->events >= s->parts) {
        s->events %= s->parts;
        return true;
    }
    struct moment m;
    take_moment(s, &m);
    read_sensors(s, &m);
    return false;
}

/* The wall clock against CLOCK_BOOTTIME, which runs on in suspend: slewing moves it by 500 ppm at
 * most (adjtimex(2)), a step by more. */
static unsigned clock_flags(const struct cct_sampler *s, const struct moment *now)
{
    unsigned flags = s->late ? CCT_FLAG_GAP : 0;
    int64_t mono_ns = now->mono_ns - s->last.mono_ns;
    int64_t boot_ns = now->boot_ns - s->last.boot_ns;
    int64_t wall_ns = (now->utc_ms - s->last.utc_ms) * CCT_NS_PER_MS;
    int64_t step_ns = wall_ns > boot_ns ? wall_ns - boot_ns : boot_ns - wall_ns;
    if (boot_ns - mono_ns > 100 * CCT_NS_PER_MS)
        flags |= CCT_FLAG_SUSPEND | CCT_FLAG_GAP;
    if (!(s->clock && s->clock->frozen) && step_ns > 100 * CCT_NS_PER_MS + boot_ns / 100)
        flags |= CCT_FLAG_CLOCK_STEP;
    return flags;
}

static double pct(uint64_t part, uint64_t all)
{
    return all ? 100 * (double)part / (double)all : (double)NAN;
}

static void fill_usage(struct cct_sampler *s, const struct moment *now, struct cct_sample *sample)
{
    struct cct_memory memory;
    cct_memory_read(&s->files, now->mono_ns, &memory);
    struct cct_cpu_times d = cct_cpu_times_since(&s->last.times, &now->times);
    uint64_t all = d.busy + d.idle + d.steal;
    sample->usage = (struct cct_usage){
        .cpu_pct = d.known ? pct(d.busy, all) : (double)NAN,
        .steal_pct = d.known ? pct(d.steal, all) : (double)NAN,
        .job_cpu_pct = NAN,
        .memory_used_bytes = memory.used_bytes,
        .job_memory_bytes = NAN,
    };
}

void cct_sampler_tick(struct cct_sampler *s, struct cct_sample *sample)
{
    struct moment now;
    take_moment(s, &now);
    read_sensors(s, &now);
    cct_sensors_rescan(s->sensors, now.mono_ns);
    *sample = (struct cct_sample){
        .ts_utc_ms = now.utc_ms,
        .interval_s = (double)(now.mono_ns - s->last.mono_ns) / 1e9,
    };
    s->readings =
        cct_xreallocarray(s->readings, cct_sensors_count(s->sensors) + 1, sizeof *s->readings);
    cct_sensors_sum(s->sensors, s->readings, sample);
    sample->power_w =
        sample->known ? (double)sample->energy_uj / 1e6 / sample->interval_s : (double)NAN;
    fill_usage(s, &now, sample);
    sample->flags = clock_flags(s, &now);
    if (s->whose.job) {
        struct cct_board_list *boards = &s->sensors->boards;
        cct_sensors_idle_w(s->sensors, s->whose.idle.table_w);
        cct_boards_take(boards, sample);
        s->whose.idle.taken_w = cct_boards_idle_w(boards);
        cct_whose_tick(&s->whose, now.mono_ns, sample);
        cct_job_pids(s->whose.job, boards->count, &s->pids);
        cct_boards_give(boards, &s->pids, sample);
    }
    s->last = now;
    s->late = false;
    if (s->parts != parts_needed(s))
        arm_timer(s); /* a source that came must be read more often, or one that went need not */
}
