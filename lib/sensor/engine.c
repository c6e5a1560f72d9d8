/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "base/alloc.h"
#include "contain.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>
#include <time.h>

static bool wanted(const struct cct_sensor_options *options, const char *name)
{
    for (size_t i = 0; i < options->glob_count; i++)
        if (fnmatch(options->globs[i], name, 0) == 0)
            return true;
    return options->glob_count == 0;
}

static int list_all(struct cct_sensors *sensors, struct cct_err *err)
{
    struct cct_sensor_list *list = &sensors->list;
    for (size_t d = 0; cct_sensor_drivers[d]; d++) {
        size_t from = list->count;
        if (cct_sensor_drivers[d]->list(&sensors->machine, list, &sensors->states[d], err))
            return -1;
        for (size_t i = from; i < list->count; i++) {
            list->items[i].driver = cct_sensor_drivers[d];
            list->items[i].state = sensors->states[d];
        }
    }
    return 0;
}

static void open_all(struct cct_sensors *sensors, const struct cct_sensor_options *options)
{
    for (size_t i = 0; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        s->selected = wanted(options, s->info.name);
        if (!s->selected)
            snprintf(s->info.reason, sizeof s->info.reason, "not asked for");
        else
            s->driver->open(s->state, s);
        s->meter.counter.max_uj = s->max_uj;
        s->meter.counter.tdp_w = s->tdp_w;
        /* A guest's counter that was never seen to move is absent, not at rest. */
        s->still =
            s->info.method == CCT_COUNTER && sensors->machine.host->cpu.hypervisor && !s->direct;
    }
    cct_contain(sensors->list.items, sensors->list.count);
}

static size_t driver_count(void)
{
    size_t n = 0;
    while (cct_sensor_drivers[n])
        n++;
    return n;
}

int cct_sensors_open(struct cct_sensors **out, const struct cct_sensor_options *options,
                     struct cct_err *err)
{
    struct cct_sensors *sensors = cct_xcalloc(1, sizeof *sensors);
    sensors->machine =
        (struct cct_machine){.root = options->root, .host = options->host, .gpu = options->gpu};
    cct_cpu_power_find(&options->host->cpu, &sensors->machine.power);
    sensors->states = cct_xcalloc(driver_count() + 1, sizeof *sensors->states);
    if (list_all(sensors, err)) {
        cct_sensors_close(sensors);
        return -1;
    }
    open_all(sensors, options);
    *out = sensors;
    return 0;
}

void cct_sensors_close(struct cct_sensors *sensors)
{
    if (!sensors)
        return;
    for (size_t d = 0; cct_sensor_drivers[d]; d++)
        if (cct_sensor_drivers[d]->close && sensors->states[d])
            cct_sensor_drivers[d]->close(sensors->states[d]);
    free(sensors->states);
    free(sensors->list.items);
    free(sensors->boards.items);
    free(sensors->boards.details);
    free(sensors);
}

size_t cct_sensors_count(const struct cct_sensors *sensors)
{
    return sensors->list.count;
}

const struct cct_source *cct_sensors_at(const struct cct_sensors *sensors, size_t index)
{
    return &sensors->list.items[index].info;
}

/* Returns whether a counter of a guest was seen to move for the first time. */
static bool measure(struct cct_sensor *s, int64_t mono_ns)
{
    const struct cct_anchor base = s->meter.counter.base;
    switch (s->read.kind) {
    case CCT_READ_ENERGY:
        cct_meter_energy(&s->meter, s->read.energy_uj, mono_ns);
        break;
    case CCT_READ_POWER:
        cct_meter_power(&s->meter, s->read.w, s->read.low_w, s->read.high_w,
                        s->info.method == CCT_MODEL, mono_ns);
        break;
    case CCT_READ_STALE:
        s->stale = true;
        break;
    case CCT_READ_MISSING:
    default:
        cct_meter_missing(&s->meter);
    }
    bool moved =
        s->still && s->read.kind == CCT_READ_ENERGY && base.set && base.uj != s->read.energy_uj;
    s->still = s->still && !moved;
    return moved;
}

void cct_sensors_read(struct cct_sensors *sensors, const struct cct_tick *tick)
{
    struct cct_sensor *items = sensors->list.items;
    size_t count = sensors->list.count;
    bool changed = false;
    for (size_t i = 0; i < count; i++)
        items[i].read = (struct cct_value_read){0};
    for (size_t d = 0; cct_sensor_drivers[d]; d++)
        cct_sensor_drivers[d]->read(sensors->states[d], items, count, tick);
    for (size_t i = 0; i < count; i++)
        if (items[i].active && measure(&items[i], tick->mono_ns))
            changed = true;
    changed |= cct_mirrors(items, count, sensors->reads > 0);
    if (changed || sensors->reads == 1)
        cct_contain(items, count);
    sensors->reads++;
}

int64_t cct_sensors_limit_ns(const struct cct_sensors *sensors)
{
    int64_t least = 0;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *s = &sensors->list.items[i];
        int64_t limit = s->active ? cct_counter_limit_ns(&s->meter.counter) : 0;
        if (limit && (!least || limit < least))
            least = limit;
    }
    return least;
}

static bool any_still(const struct cct_sensors *sensors)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (sensors->list.items[i].active && sensors->list.items[i].still)
            return true;
    return false;
}

/* A hypervisor that hands energy on does so about once a second. */
void cct_sensors_settle(struct cct_sensors *sensors)
{
    const struct timespec pause = {.tv_nsec = 300 * CCT_NS_PER_MS};
    for (int i = 0; i < 5; i++) {
        struct cct_tick tick = {.mono_ns = cct_mono_ns(), .busy = NAN};
        cct_sensors_read(sensors, &tick);
        if (i && !any_still(sensors))
            return;
        if (i)
            nanosleep(&pause, NULL);
    }
    for (size_t i = 0; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        if (!s->active || !s->still)
            continue;
        s->info.readable = false;
        snprintf(s->info.reason, sizeof s->info.reason,
                 "stands still: the hypervisor hands no energy on to this guest");
    }
}

/* ---- a tick's sum ---- */

static void add_counted(struct cct_sample *sample, const struct cct_sensor *s)
{
    const struct cct_meter *m = &s->meter;
    bool model = s->info.method == CCT_MODEL;
    sample->known = true;
    sample->energy_uj += m->energy_uj;
    sample->component_known[s->info.component] = true;
    sample->component_uj[s->info.component] += m->energy_uj;
    sample->measured_uj += model ? 0 : m->energy_uj;
    sample->low_uj += model ? (uint64_t)m->low_uj : m->energy_uj;
    sample->high_uj += model ? (uint64_t)ceil(m->high_uj) : m->energy_uj;
    sample->modelled |= model;
}

void cct_sensors_sum(struct cct_sensors *sensors, struct cct_reading *readings,
                     struct cct_sample *sample)
{
    cct_boards_gather(sensors);
    sample->gpus = sensors->boards.details;
    sample->gpu_count = sensors->boards.count;
    sample->readings = readings;
    for (size_t i = 0; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        struct cct_meter *m = &s->meter;
        if (s->active && !s->still && s->mirror_of < 0) {
            unsigned flags = m->flags | (m->known || m->flags || s->stale ? 0 : CCT_FLAG_GAP);
            readings[sample->reading_count++] = (struct cct_reading){
                .name = s->info.name,
                .known = m->known,
                .energy_uj = m->energy_uj,
                .flags = flags,
            };
            if (m->known && s->info.counted)
                add_counted(sample, s);
        }
        cct_meter_clear(m);
        s->stale = false;
    }
}

static bool is_covered(const struct cct_sensors *sensors, enum cct_component component)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (sensors->list.items[i].info.counted &&
            (sensors->list.items[i].covers & CCT_BIT(component)))
            return true;
    return false;
}

double cct_sensors_idle_w(const struct cct_sensors *sensors)
{
    double idle_w = 0;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *s = &sensors->list.items[i];
        if (s->idle_w > 0 && is_covered(sensors, s->info.component))
            idle_w += s->idle_w;
    }
    return idle_w;
}
