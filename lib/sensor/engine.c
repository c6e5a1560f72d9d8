/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "base/alloc.h"
#include "contain.h"
#include "presence.h"
#include "profile.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* replay:FILE is no glob: that driver lists what is in FILE. */
static bool wanted(const struct cct_sensors *sensors, const char *name)
{
    for (size_t i = 0; i < sensors->glob_count; i++)
        if (fnmatch(sensors->globs[i], name, 0) == 0)
            return true;
    return sensors->glob_count == 0;
}

static size_t driver_count(void)
{
    size_t n = 0;
    while (cct_sensor_drivers[n])
        n++;
    return n;
}

int cct_listing_make(struct cct_listing *listing, const struct cct_machine *machine,
                     struct cct_err *err)
{
    struct cct_sensor_list *list = &listing->list;
    listing->states = cct_xcalloc(driver_count() + 1, sizeof *listing->states);
    for (size_t d = 0; cct_sensor_drivers[d]; d++) {
        size_t from = list->count;
        if (cct_sensor_drivers[d]->list(machine, list, &listing->states[d], err))
            return -1;
        for (size_t i = from; i < list->count; i++) {
            list->items[i].driver = cct_sensor_drivers[d];
            list->items[i].state = listing->states[d];
        }
    }
    return 0;
}

void cct_states_close(void **states)
{
    for (size_t d = 0; states && cct_sensor_drivers[d]; d++)
        if (cct_sensor_drivers[d]->close && states[d])
            cct_sensor_drivers[d]->close(states[d]);
    free(states);
}

static struct cct_sensor *find_twin_of(struct cct_sensors *sensors, size_t index)
{
    for (size_t k = 0; k < index; k++)
        if (strcmp(sensors->list.items[k].info.name, sensors->list.items[index].info.name) == 0)
            return &sensors->list.items[k];
    return NULL;
}

static bool is_open(const struct cct_sensor *s)
{
    return s->selected && s->info.readable;
}

/* perf and powercap name their sources alike. The name goes to the one that is read, to powercap
 * where none is; the other is told apart by its driver: perf:package-0. */
static void name_twins(struct cct_sensors *sensors)
{
    for (size_t i = 0; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        struct cct_sensor *twin = find_twin_of(sensors, i);
        if (!twin)
            continue;
        bool keeps =
            is_open(s) == is_open(twin) ? (s->rank < twin->rank) == is_open(s) : is_open(s);
        struct cct_sensor *loser = keeps ? twin : s;
        char *colon = strchr(loser->info.name, ':');
        char rest[CCT_SOURCE_NAME];
        snprintf(rest, sizeof rest, "%s", colon ? colon + 1 : loser->info.name);
        snprintf(loser->info.name, sizeof loser->info.name, "%.15s:%.40s", loser->driver->name,
                 rest);
    }
}

void cct_sensors_begin(struct cct_sensors *sensors, size_t from)
{
    for (size_t i = from; i < sensors->list.count; i++) {
        struct cct_sensor *s = &sensors->list.items[i];
        s->selected = s->selected || wanted(sensors, s->info.name);
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
    name_twins(sensors);
    cct_sensors_recontain(sensors);
}

static void keep_globs(struct cct_sensors *sensors, const struct cct_sensor_options *options)
{
    sensors->globs = cct_xcalloc(options->glob_count + 1, sizeof *sensors->globs);
    sensors->glob_count = options->glob_count;
    for (size_t i = 0; i < options->glob_count; i++) {
        sensors->globs[i] = cct_xstrdup(options->globs[i]);
        if (strncmp(sensors->globs[i], "replay:", 7) == 0)
            sensors->machine.replay = sensors->globs[i] + 7;
    }
}

int cct_sensors_open(struct cct_sensors **out, const struct cct_sensor_options *options,
                     struct cct_err *err)
{
    struct cct_sensors *sensors = cct_xcalloc(1, sizeof *sensors);
    struct cct_listing listing = {0};
    sensors->machine = (struct cct_machine){
        .root = options->root, .host = options->host, .gpu = options->gpu, .io = options->io};
    keep_globs(sensors, options);
    cct_sensors_look(sensors);
    int failed = cct_profile_choose(options->profile, options->home, &options->host->cpu,
                                    &sensors->machine.power, err) ||
                 cct_listing_make(&listing, &sensors->machine, err);
    sensors->list = listing.list;
    sensors->states = cct_xcalloc(1, sizeof *sensors->states);
    sensors->states[sensors->listings++] = listing.states;
    if (failed) {
        cct_sensors_close(sensors);
        return -1;
    }
    cct_sensors_begin(sensors, 0);
    *out = sensors;
    return 0;
}

void cct_sensors_close(struct cct_sensors *sensors)
{
    if (!sensors)
        return;
    for (size_t i = 0; i < sensors->listings; i++)
        cct_states_close(sensors->states[i]);
    for (size_t i = 0; i < sensors->glob_count; i++)
        free(sensors->globs[i]);
    free(sensors->globs);
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

/* A counter that its maker renews now and then, and that has not been since: no news, not 0 J. */
static bool is_stale(const struct cct_sensor *s, int64_t mono_ns)
{
    const struct cct_anchor *base = &s->meter.counter.base;
    return base->set && base->uj == s->read.energy_uj && mono_ns - base->mono_ns < s->refresh_ns;
}

/* The gate of counters (counter.c) for gauges: 3 x what the part is built for. */
static bool is_plausible(const struct cct_sensor *s)
{
    double cap_w = s->tdp_w > 100 ? s->tdp_w : 100;
    return s->info.method == CCT_MODEL || s->tdp_w <= 0 ||
           (s->read.w >= 0 && s->read.w <= 3 * cap_w);
}

static void meter_power(struct cct_sensor *s, int64_t mono_ns)
{
    if (is_plausible(s)) {
        cct_meter_power(&s->meter, s->read.w, s->read.low_w, s->read.high_w,
                        s->info.method == CCT_MODEL, mono_ns);
        return;
    }
    cct_meter_missing(&s->meter);
    s->meter.flags |= CCT_FLAG_IMPLAUSIBLE;
    s->read.kind = CCT_READ_MISSING;
}

/* Returns whether it matters to what is counted: a guest's counter moved for the first time, or a
 * sensor went or came back. */
static bool measure(struct cct_sensor *s, int64_t mono_ns)
{
    const struct cct_anchor base = s->meter.counter.base;
    switch (s->read.kind) {
    case CCT_READ_ENERGY:
        s->start_uj = s->started ? s->start_uj : s->read.energy_uj;
        s->started = true;
        s->moved |= s->read.energy_uj != s->start_uj;
        s->stale = is_stale(s, mono_ns);
        if (!s->stale)
            cct_meter_energy(&s->meter, s->read.energy_uj, mono_ns);
        break;
    case CCT_READ_STALE:
        s->stale = true;
        break;
    case CCT_READ_POWER:
        meter_power(s, mono_ns);
        break;
    case CCT_READ_AWAY:
    case CCT_READ_MISSING:
    default:
        cct_meter_missing(&s->meter);
    }
    bool moved =
        s->still && s->read.kind == CCT_READ_ENERGY && base.set && base.uj != s->read.energy_uj;
    s->still = s->still && !moved;
    return cct_presence(s, mono_ns) || moved;
}

/* More than the unit of any counter: 1 J is that of psys on some servers. */
#define STUCK_UJ UINT64_C(1500000)

/* There are boards whose psys is there and never counts: what lies in it moves, and is counted. */
static bool find_stuck(struct cct_sensor *items, size_t count)
{
    bool found = false;
    for (struct cct_sensor *s = items; s < items + count; s++) {
        bool doubtful = s->active && s->info.counted && s->info.component == CCT_BOARD &&
                        s->started && !s->moved;
        for (struct cct_sensor *k = items; doubtful && k < items + count; k++) {
            if (!k->moved || k->read.kind != CCT_READ_ENERGY ||
                k->read.energy_uj - k->start_uj < STUCK_UJ ||
                strcmp(k->info.part_of, s->info.name) != 0)
                continue;
            s->still = found = true;
            doubtful = false;
        }
    }
    return found;
}

/* What was not read until now, or has not told what it counted since it last was not counted,
 * begins anew: that time's joules are in what was counted then. */
void cct_sensors_recontain(struct cct_sensors *sensors)
{
    struct cct_sensor *items = sensors->list.items;
    size_t count = sensors->list.count;
    enum { ACTIVE = 1, COUNTED = 2 };
    cct_auto_free unsigned char *was = cct_xcalloc(count + 1, 1);
    for (size_t i = 0; i < count; i++)
        was[i] =
            (unsigned char)((items[i].active ? ACTIVE : 0) | (items[i].info.counted ? COUNTED : 0));
    cct_contain(items, count);
    for (size_t i = 0; i < count; i++)
        if ((items[i].active && !(was[i] & ACTIVE)) ||
            (items[i].info.counted && !(was[i] & COUNTED) && !items[i].stale &&
             items[i].read.kind == CCT_READ_MISSING))
            cct_meter_restart(&items[i].meter);
}

/* One read on either side of an update of the one register behind both must not part mirrors. */
static void read_mirrors_again(struct cct_sensors *sensors, const struct cct_tick *tick)
{
    const struct timespec pause = {.tv_nsec = CCT_NS_PER_MS};
    struct cct_sensor *items = sensors->list.items;
    size_t count = sensors->list.count;
    for (int i = 0; i < 5; i++) {
        const struct cct_sensor *s = cct_mirrors_doubtful(items, count, sensors->reads > 0);
        if (!s)
            return;
        if (i)
            nanosleep(&pause, NULL);
        s->driver->read(s->state, items, count, tick);
    }
}

void cct_sensors_read(struct cct_sensors *sensors, const struct cct_tick *tick)
{
    struct cct_sensor *items = sensors->list.items;
    size_t count = sensors->list.count;
    bool changed = false;
    for (size_t i = 0; i < count; i++)
        items[i].read = (struct cct_value_read){0};
    for (size_t l = 0; l < sensors->listings; l++)
        for (size_t d = 0; cct_sensor_drivers[d]; d++)
            cct_sensor_drivers[d]->read(sensors->states[l][d], items, count, tick);
    read_mirrors_again(sensors, tick);
    for (size_t i = 0; i < count; i++)
        if (items[i].active && measure(&items[i], tick->mono_ns))
            changed = true;
    changed |= find_stuck(items, count);
    changed |= cct_mirrors(items, count, sensors->reads > 0);
    if (changed || sensors->reads == 1)
        cct_sensors_recontain(sensors);
    sensors->reads++;
}

/* A gauge is read twice within this time at least, or its mean would be a matter of luck. */
#define GAUGE_LIMIT_NS (2 * CCT_NS_PER_S)

static int64_t limit_ns(const struct cct_sensor *s)
{
    if (!s->active || s->info.method == CCT_MODEL)
        return 0;
    return s->info.method == CCT_GAUGE ? GAUGE_LIMIT_NS : cct_counter_limit_ns(&s->meter.counter);
}

int64_t cct_sensors_limit_ns(const struct cct_sensors *sensors)
{
    int64_t least = 0;
    for (size_t i = 0; i < sensors->list.count; i++) {
        int64_t limit = limit_ns(&sensors->list.items[i]);
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
        if (s->shut || (s->active && !s->still && !s->gone && s->mirror_of < 0)) {
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

/* The component under which the joules of this one are counted, or -1. */
static int counted_as(const struct cct_sensors *sensors, enum cct_component component)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (sensors->list.items[i].info.counted &&
            (sensors->list.items[i].covers & CCT_BIT(component)))
            return (int)sensors->list.items[i].info.component;
    return -1;
}

void cct_sensors_idle_w(const struct cct_sensors *sensors, double idle_w[CCT_COMPONENTS])
{
    for (int c = 0; c < CCT_COMPONENTS; c++)
        idle_w[c] = 0;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *s = &sensors->list.items[i];
        int component = s->idle_w > 0 ? counted_as(sensors, s->info.component) : -1;
        if (component >= 0)
            idle_w[component] += s->idle_w;
    }
}
