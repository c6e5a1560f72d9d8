/* SPDX-License-Identifier: Apache-2.0
 * RAPL through the perf PMU `power`: 64-bit counters that the kernel keeps from wrapping, all
 * domains of a package in one read. Files: Documentation/ABI/testing/
 * sysfs-bus-event_source-devices-events and -format; one event a domain is opened for all processes
 * on the one CPU of each package that `cpumask` names (perf_event_open(2), PERF_FORMAT_GROUP). What
 * powercap shows too bears the same key and a better rank. Kernels before 5.17 list events that AMD
 * processors do not have: those fail to open and are left to powercap. */
#include "base/alloc.h"
#include "io.h"
#include "sensor/driver.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <math.h>
#include <string.h>
#include <sys/syscall.h>

#define PMU        "sys/bus/event_source/devices/power"
#define CPU        "sys/devices/system/cpu/cpu"
#define PATH_CAP   128
#define GROUPS_MAX 1024

static const struct domain {
    const char *event, *name;
    enum cct_component component;
    unsigned covers;
    bool inside; /* the package */
    double tdp_w;
} domains[] = {
    {"energy-pkg", "package", CCT_CPU, CCT_BIT(CCT_CPU), false, 500},
    {"energy-cores", "core", CCT_CPU, CCT_BIT(CCT_CPU), true, 500},
    {"energy-gpu", "uncore", CCT_CPU, CCT_BIT(CCT_CPU), true, 500},
    {"energy-ram", "dram", CCT_DRAM, CCT_BIT(CCT_DRAM), false, 200},
    {"energy-psys", "psys", CCT_BOARD, CCT_BIT(CCT_CPU) | CCT_BIT(CCT_DRAM) | CCT_BIT(CCT_BOARD),
     false, 2000},
};
#define DOMAINS CCT_LEN(domains)

struct event {
    int fd;       /* owned, -1 not open */
    int position; /* within the group's reading */
    uint64_t config;
    double uj; /* of one count */
};

struct group {
    int cpu, leader; /* leader: index into events, -1 none */
    int members;
    char number[24]; /* 0, or 1-die-0 */
    struct event events[DOMAINS];
};

struct perf {
    const struct cct_io *io;
    bool reachable;
    uint32_t type;
    struct group *groups; /* owned */
    size_t count;
};

static int kernel_open(void *ctx, struct perf_event_attr *attr, int cpu, int group_fd)
{
    (void)ctx;
    return (int)syscall(SYS_perf_event_open, attr, -1, cpu, group_fd, PERF_FLAG_FD_CLOEXEC);
}

static const struct cct_io kernel = {.perf_open = kernel_open};

/* ---- what is there ---- */

/* "event=0x02" or "event=0x2,umask=0x0"; the PMU's format puts event into bits 0 to 7. */
static bool event_config(const struct cct_sysroot *root, const struct domain *d, uint64_t *config)
{
    char path[PATH_CAP];
    char text[64];
    char *end;
    snprintf(path, sizeof path, PMU "/events/%s", d->event);
    if (cct_sysroot_read(root, path, text, sizeof text) <= 0 || strncmp(text, "event=", 6) != 0)
        return false;
    *config = strtoull(text + 6, &end, 16);
    return end > text + 6;
}

/* A plain decimal, read without the locale: 2.3283064365386962890625e-10. */
static double parse_scale(const char *s)
{
    double v = 0;
    double exponent = 0;
    bool point = false;
    for (; (*s >= '0' && *s <= '9') || (*s == '.' && !point); s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        v = v * 10 + (*s - '0');
        exponent -= point;
    }
    if (*s == 'e' || *s == 'E')
        exponent += (double)strtol(s + 1, NULL, 10);
    return v * pow(10, exponent);
}

/* uJ a count. The unit of every kernel is 2^-32 J: taken exactly where the file is near it. */
static double event_scale(const struct cct_sysroot *root, const struct domain *d)
{
    const double usual = 1e6 / 4294967296.0;
    char path[PATH_CAP];
    char text[64];
    snprintf(path, sizeof path, PMU "/events/%s.unit", d->event);
    if (cct_sysroot_read(root, path, text, sizeof text) > 0 && strcmp(text, "Joules") != 0)
        return NAN;
    snprintf(path, sizeof path, PMU "/events/%s.scale", d->event);
    if (cct_sysroot_read(root, path, text, sizeof text) <= 0)
        return usual;
    double uj = parse_scale(text) * 1e6;
    return fabs(uj / usual - 1) < 1e-9 ? usual : uj > 0 ? uj : (double)NAN;
}

static long cpu_number(const struct cct_sysroot *root, int cpu, const char *what)
{
    char path[PATH_CAP];
    uint64_t v = 0;
    snprintf(path, sizeof path, CPU "%d/topology/%s", cpu, what);
    return cct_sysroot_read_u64(root, path, &v) || v > INT32_MAX ? -1 : (long)v;
}

static void add_group(struct perf *p, const struct cct_sysroot *root, int cpu)
{
    struct group g = {.cpu = cpu, .leader = -1};
    long package = cpu_number(root, cpu, "physical_package_id");
    snprintf(g.number, sizeof g.number, "%ld", package < 0 ? (long)p->count : package);
    for (size_t i = 0; i < DOMAINS; i++)
        g.events[i].fd = -1;
    p->groups = cct_xreallocarray(p->groups, p->count + 1, sizeof *p->groups);
    p->groups[p->count++] = g;
}

/* Where packages have dies with counters of their own, powercap names them package-0-die-1. */
static void number_dies(struct perf *p, const struct cct_sysroot *root)
{
    bool dies = false;
    for (size_t i = 1; i < p->count; i++)
        for (size_t k = 0; k < i; k++)
            dies |= strcmp(p->groups[i].number, p->groups[k].number) == 0;
    for (size_t i = 0; dies && i < p->count; i++) {
        struct group *g = &p->groups[i];
        size_t n = strlen(g->number);
        long die = cpu_number(root, g->cpu, "die_id");
        snprintf(g->number + n, sizeof g->number - n, "-die-%ld", die < 0 ? (long)i : die);
    }
}

/* "0,18" or "0-1". */
static void list_groups(struct perf *p, const struct cct_sysroot *root)
{
    char text[1024];
    if (cct_sysroot_read(root, PMU "/cpumask", text, sizeof text) <= 0)
        return;
    for (char *s = text; *s >= '0' && *s <= '9';) {
        long first = strtol(s, &s, 10);
        long last = *s == '-' ? strtol(s + 1, &s, 10) : first;
        for (long cpu = first; cpu <= last && last < 65536 && p->count < GROUPS_MAX; cpu++)
            add_group(p, root, (int)cpu);
        s += *s == ',';
    }
    number_dies(p, root);
}

static void add_sensor(struct perf *p, size_t group, size_t domain, struct cct_sensor_list *list,
                       const struct cct_machine *machine)
{
    const struct domain *d = &domains[domain];
    const struct group *g = &p->groups[group];
    char name[CCT_SOURCE_NAME];
    bool psys = d->component == CCT_BOARD;
    if (psys && group > 0)
        return; /* one platform, whichever package tells it */
    snprintf(name, sizeof name, psys ? "rapl:%s" : "rapl:%s-%s", d->name, g->number);
    struct cct_sensor *s = cct_sensor_add(list, name);
    s->slot = (int)(group * DOMAINS + domain);
    s->info.component = d->component;
    s->covers = d->covers;
    s->rank = 10;
    s->mirrorable = domain == 0;
    s->tdp_w = d->component == CCT_CPU && machine->host->cpu.tdp_w > 0 ? machine->host->cpu.tdp_w
                                                                       : d->tdp_w;
    if (d->inside)
        snprintf(s->inside, sizeof s->inside, "rapl:package-%s", g->number);
}

static int list_events(const struct cct_machine *machine, struct cct_sensor_list *list,
                       void **state, struct cct_err *err)
{
    uint64_t type = 0;
    (void)err;
    if (cct_sysroot_read_u64(machine->root, PMU "/type", &type))
        return 0;
    struct perf *p = cct_xcalloc(1, sizeof *p);
    bool fake = machine->io && machine->io->perf_open;
    p->io = fake ? machine->io : &kernel;
    p->reachable = machine->root->real || fake;
    p->type = (uint32_t)type;
    list_groups(p, machine->root);
    for (size_t g = 0; g < p->count; g++) {
        for (size_t d = 0; d < DOMAINS; d++) {
            struct event *e = &p->groups[g].events[d];
            e->uj = event_scale(machine->root, &domains[d]);
            if (event_config(machine->root, &domains[d], &e->config) && isfinite(e->uj))
                add_sensor(p, g, d, list, machine);
        }
    }
    *state = p;
    return 0;
}

/* ---- reading ---- */

static int open_event(const struct perf *p, struct group *g, size_t domain)
{
    struct event *e = &g->events[domain];
    struct perf_event_attr attr = {
        .size = sizeof attr,
        .type = p->type,
        .config = e->config,
        .read_format = PERF_FORMAT_GROUP,
    };
    int leader_fd = g->leader < 0 ? -1 : g->events[g->leader].fd;
    e->fd = p->io->perf_open(p->io->ctx, &attr, g->cpu, leader_fd);
    if (e->fd < 0)
        return -1;
    if (g->leader < 0)
        g->leader = (int)domain;
    e->position = g->members++;
    return 0;
}

static void refuse(struct cct_sensor *s, int errnum)
{
    s->info.readable = false;
    if (errnum != EACCES && errnum != EPERM) {
        snprintf(s->info.reason, sizeof s->info.reason, "perf_event_open: %s", strerror(errnum));
        return;
    }
    snprintf(s->info.reason, sizeof s->info.reason,
             "perf_event_open: permission denied: kernel.perf_event_paranoid is over 0");
    snprintf(s->info.remedy, sizeof s->info.remedy,
             "sudo setcap cap_perfmon=ep \"$(command -v cct-sample)\"");
}

static void open_sensor(void *state, struct cct_sensor *s)
{
    struct perf *p = state;
    struct group *g = &p->groups[(size_t)s->slot / DOMAINS];
    if (!p->reachable) {
        s->info.readable = false;
        snprintf(s->info.reason, sizeof s->info.reason,
                 "perf events of another machine cannot be opened");
    } else if (open_event(p, g, (size_t)s->slot % DOMAINS)) {
        refuse(s, errno);
    }
}

/* nr, then a value for each member in the order of opening. */
static bool read_group(const struct group *g, uint64_t values[1 + DOMAINS])
{
    if (g->leader < 0)
        return false;
    size_t need = (size_t)(1 + g->members) * sizeof *values;
    ssize_t n = read(g->events[g->leader].fd, values, (1 + DOMAINS) * sizeof *values);
    return n >= (ssize_t)need && values[0] == (uint64_t)g->members;
}

static void read_events(void *state, struct cct_sensor *sensors, size_t count,
                        const struct cct_tick *tick)
{
    struct perf *p = state;
    uint64_t values[1 + DOMAINS] = {0};
    size_t read_of = SIZE_MAX; /* sensors of one group follow each other */
    bool good = false;
    (void)tick;
    for (size_t i = 0; i < count; i++) {
        struct cct_sensor *s = &sensors[i];
        if (!p || !s->active || s->state != state)
            continue;
        size_t group = (size_t)s->slot / DOMAINS;
        const struct event *e = &p->groups[group].events[(size_t)s->slot % DOMAINS];
        if (group != read_of)
            good = read_group(&p->groups[group], values);
        read_of = group;
        double uj = good ? (double)values[1 + e->position] * e->uj : (double)NAN;
        if (uj < (double)INT64_MAX)
            s->read = (struct cct_value_read){.kind = CCT_READ_ENERGY, .energy_uj = (uint64_t)uj};
    }
}

static void close_events(void *state)
{
    struct perf *p = state;
    for (size_t g = 0; g < p->count; g++)
        for (size_t d = 0; d < DOMAINS; d++)
            if (p->groups[g].events[d].fd >= 0)
                close(p->groups[g].events[d].fd);
    free(p->groups);
    free(p);
}

const struct cct_sensor_driver cct_sensor_perf = {
    .name = "perf",
    .list = list_events,
    .open = open_sensor,
    .read = read_events,
    .close = close_events,
};
