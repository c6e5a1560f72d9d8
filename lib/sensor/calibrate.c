/* SPDX-License-Identifier: Apache-2.0
 * The load curve of this machine, measured: where its CPU has a counter, the load goes up in steps,
 * and each step gives two points of load and power. */
#include "base/alloc.h"
#include "engine.h"
#include "load.h"
#include "profile.h"
#include "usage.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* Close together where curves bend. */
static const double levels[] = {0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85, 1};

#define LEVELS  CCT_LEN(levels)
#define WINDOWS 2

struct calibration {
    struct cct_sysroot root;
    struct cct_host host;
    struct cct_usage_files files;
    struct cct_sensors *sensors;
    struct cct_load *load; /* NULL: the machine is not this one */
    struct cct_cpu_times times;
    struct cct_load_point points[LEVELS * WINDOWS];
    size_t count;
};

static bool is_of_cpu(const struct cct_sensors *sensors, const char *name)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (strcmp(sensors->list.items[i].info.name, name) == 0)
            return sensors->list.items[i].info.component == CCT_CPU;
    return false;
}

/* A counter of a whole CPU: its core and uncore are inside. */
static bool is_whole_cpu(const struct cct_sensors *sensors, const struct cct_sensor *s)
{
    return s->active && !s->still && s->mirror_of < 0 && s->info.component == CCT_CPU &&
           s->info.method == CCT_COUNTER && !is_of_cpu(sensors, s->info.part_of);
}

/* Mean power of the CPUs since the last call, NAN where a reading is missing; begins anew. */
static double take_w(struct cct_sensors *sensors)
{
    double w = 0;
    for (size_t i = 0; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        const struct cct_meter *m = &s->meter;
        if (is_whole_cpu(sensors, s))
            w += m->known && m->span_ns > 0 && !(m->flags & ~(unsigned)CCT_FLAG_WRAP)
                     ? (double)m->energy_uj * 1e3 / (double)m->span_ns
                     : (double)NAN;
        cct_meter_clear(&s->meter);
    }
    return w;
}

static void look(struct calibration *c, struct cct_cpu_times *times)
{
    struct cct_tick tick = {.mono_ns = cct_mono_ns(), .busy = NAN};
    cct_cpu_times_read(&c->files, tick.mono_ns, times);
    cct_sensors_read(c->sensors, &tick);
}

static void wait_ns(int64_t ns)
{
    struct timespec t = {ns / CCT_NS_PER_S, ns % CCT_NS_PER_S};
    while (nanosleep(&t, &t))
        continue;
}

static void measure(struct calibration *c, int64_t window_ns)
{
    struct cct_cpu_times now;
    wait_ns(window_ns);
    look(c, &now);
    struct cct_cpu_times d = cct_cpu_times_since(&c->times, &now);
    uint64_t all = d.busy + d.idle + d.steal;
    double w = take_w(c->sensors);
    if (d.known && all && w > 0)
        c->points[c->count++] = (struct cct_load_point){(double)d.busy / (double)all, w};
    c->times = now;
}

static void step(struct calibration *c, double level, int64_t step_ns)
{
    if (c->load)
        cct_load_set(c->load, level);
    wait_ns(step_ns / 4); /* until clocks and the counter have settled */
    look(c, &c->times);
    (void)take_w(c->sensors);
    for (int i = 0; i < WINDOWS; i++)
        measure(c, step_ns * 3 / (4 * WINDOWS));
}

static bool has_counter(const struct cct_sensors *sensors)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (is_whole_cpu(sensors, &sensors->list.items[i]))
            return true;
    return false;
}

static int open_all(struct calibration *c, const struct cct_calibrate_options *options,
                    struct cct_err *err)
{
    struct cct_sensor_options what = {.root = &c->root, .host = &c->host};
    struct cct_cpu_times unused;
    c->root.fd = c->files.stat_fd = c->files.meminfo_fd = -1;
    if (cct_sysroot_open(&c->root, options->sysroot, err))
        return -1;
    cct_host_read_brief(&c->root, &c->host);
    cct_usage_open(&c->files, &c->root);
    if (cct_sensors_open(&c->sensors, &what, err))
        return -1;
    look(c, &unused);
    if (c->host.cpu.hypervisor)
        cct_sensors_settle(c->sensors);
    if (!has_counter(c->sensors))
        return cct_fail(err, CCT_UNAVAILABLE,
                        "no energy counter of the CPU can be read here, so there is nothing to "
                        "calibrate by: cct-probe --check says why");
    return c->root.real ? cct_load_open(&c->load, err) : 0;
}

static void close_all(struct calibration *c)
{
    cct_load_close(c->load);
    cct_sensors_close(c->sensors);
    cct_usage_close(&c->files);
    cct_sysroot_close(&c->root);
}

static int fit(const struct calibration *c, struct cct_profile *profile, struct cct_err *err)
{
    const struct cct_cpu *cpu = &c->host.cpu;
    *profile = (struct cct_profile){.sockets = cpu->sockets, .threads = cpu->threads};
    snprintf(profile->model, sizeof profile->model, "%s", cpu->model);
    return cct_curve_fit(c->points, c->count, profile->curve_w, &profile->low, &profile->high, err);
}

int cct_calibrate(const struct cct_calibrate_options *options, struct cct_buf *record,
                  struct cct_err *err)
{
    struct calibration c = {0};
    struct cct_profile profile;
    cct_auto_buf path = {0};
    if (open_all(&c, options, err)) {
        close_all(&c);
        return -1;
    }
    for (size_t i = 0; i < LEVELS; i++)
        step(&c, levels[i], options->duration_ns / (int64_t)LEVELS);
    if (options->file)
        cct_buf_adds(&path, options->file);
    else
        cct_profile_path(options->home, &c.host.cpu, &path);
    int failed = fit(&c, &profile, err);
    if (!failed)
        cct_profile_write(&profile, c.points, c.count, options->stamp,
                          cct_clock_utc_ms(options->clock), record);
    close_all(&c);
    return failed ? -1 : cct_profile_store(cct_buf_str(&path), record, err);
}
