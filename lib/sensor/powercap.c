/* SPDX-License-Identifier: Apache-2.0
 * RAPL zones by the powercap class: intel-rapl (Intel and AMD) and intel-rapl-mmio.
 * Files and units: Documentation/power/powercap/powercap.rst. A zone is what its `name` file says,
 * not its index: intel-rapl:1 is psys on a laptop and package-1 on a server, and an index may be
 * hexadecimal. `enabled` tells of a power limit, not of the counter: only a psys that is not
 * enabled is left out, because boards have been seen whose psys then counts in an unknown unit. */
#include "base/alloc.h"
#include "kept.h"
#include "sensor/driver.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CLASS     "sys/class/powercap"
#define PATH_CAP  128
#define DEPTH_MAX 3

struct zone {
    char id[32];         /* intel-rapl:0:2 */
    char path[PATH_CAP]; /* its folder */
    char name[48];       /* package-0, dram, ...; "" hidden */
    struct cct_kept energy;
};

struct powercap {
    const struct cct_sysroot *root;
    struct zone *zones; /* owned */
    size_t count;
};

static bool is_mmio(const struct zone *z)
{
    return strncmp(z->id, "intel-rapl-mmio", 15) == 0;
}

static bool is_zone_id(const char *id)
{
    size_t n = strncmp(id, "intel-rapl-mmio:", 16) == 0 ? 16
               : strncmp(id, "intel-rapl:", 11) == 0    ? 11
                                                        : 0;
    return n && id[n] && id[strspn(id + n, "0123456789abcdefABCDEF:") + n] == '\0';
}

static bool known(const struct powercap *p, const char *id)
{
    for (size_t i = 0; i < p->count; i++)
        if (strcmp(p->zones[i].id, id) == 0)
            return true;
    return false;
}

static void add_zone(struct powercap *p, const char *folder, const char *id)
{
    struct zone z = {.energy = CCT_KEPT_CLOSED};
    char path[PATH_CAP + 8];
    snprintf(z.id, sizeof z.id, "%s", id);
    if (snprintf(z.path, sizeof z.path, "%s/%s", folder, id) >= PATH_CAP)
        return;
    snprintf(path, sizeof path, "%s/name", z.path);
    if (cct_sysroot_read(p->root, path, z.name, sizeof z.name) <= 0)
        z.name[0] = '\0';
    p->zones = cct_xreallocarray(p->zones, p->count + 1, sizeof *p->zones);
    p->zones[p->count++] = z;
}

/* The class holds every zone side by side; a captured tree may hold them, or the subzones alone,
 * one inside the other. */
static void scan(struct powercap *p, const char *folder, int depth, bool nested)
{
    DIR *dir = cct_sysroot_opendir(p->root, folder);
    const struct dirent *entry;
    if (!dir)
        return;
    while ((entry = readdir(dir))) {
        char path[PATH_CAP];
        bool zone = is_zone_id(entry->d_name);
        if (!zone && strcmp(entry->d_name, "intel-rapl") != 0 &&
            strcmp(entry->d_name, "intel-rapl-mmio") != 0)
            continue;
        if (zone && strlen(entry->d_name) < sizeof p->zones->id && !known(p, entry->d_name))
            add_zone(p, folder, entry->d_name);
        if (nested && depth < DEPTH_MAX &&
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path)
            scan(p, path, depth + 1, nested);
    }
    closedir(dir);
}

/* The MSR's zones first, 2 before 10, 9 before a, a zone before its subzones. */
static int by_id(const void *a, const void *b)
{
    if (is_mmio(a) != is_mmio(b))
        return is_mmio(a) - is_mmio(b);
    const char *x = ((const struct zone *)a)->id;
    const char *y = ((const struct zone *)b)->id;
    while (*x && *x == *y) {
        x++;
        y++;
    }
    size_t nx = strcspn(x, ":");
    size_t ny = strcspn(y, ":");
    if (nx != ny && *x && *y && *x != ':' && *y != ':')
        return nx < ny ? -1 : 1;
    return (unsigned char)*x - (unsigned char)*y;
}

static const struct zone *parent_of(const struct powercap *p, const struct zone *z)
{
    const char *last = strrchr(z->id, ':');
    size_t n = (size_t)(last - z->id);
    for (size_t i = 0; i < p->count; i++)
        if (strlen(p->zones[i].id) == n && memcmp(p->zones[i].id, z->id, n) == 0)
            return &p->zones[i];
    return NULL;
}

/* The number behind a package's name: "0" of package-0, "1-die-0" of package-1-die-0. */
static const char *package_number(const struct zone *z)
{
    return strncmp(z->name, "package-", 8) == 0 ? z->name + 8 : NULL;
}

/* How many zones of this name, of the same interface and without a parent, stand before z. */
static unsigned number_among(const struct powercap *p, const struct zone *z)
{
    unsigned n = 0;
    for (const struct zone *other = p->zones; other < z; other++)
        n += is_mmio(other) == is_mmio(z) && !parent_of(p, other) &&
             strcmp(other->name, z->name) == 0;
    return n;
}

/* package-0, psys, dram-0: without the interface, so that two views of one zone have one key. */
static void logical_name(const struct powercap *p, const struct zone *z, char *out, size_t cap)
{
    const struct zone *parent = parent_of(p, z);
    const char *number = parent ? package_number(parent) : NULL;
    bool part = strcmp(z->name, "dram") == 0 || strcmp(z->name, "core") == 0 ||
                strcmp(z->name, "uncore") == 0;
    if (!z->name[0])
        snprintf(out, cap, "%s", z->id);
    else if (number)
        snprintf(out, cap, "%s-%s", z->name, number);
    else if (part)
        snprintf(out, cap, "%s-%u", z->name, number_among(p, z));
    else if (parent)
        snprintf(out, cap, "%s-%s", z->name, strrchr(z->id, ':') + 1);
    else
        snprintf(out, cap, "%s", z->name);
}

/* What the known names mean; any other name is listed and not counted. */
static const struct {
    const char *name;
    bool whole; /* the whole name, not its beginning */
    enum cct_component component;
    unsigned covers;
    bool in_parent;
    double tdp_w;
} meanings[] = {
    {"package-", false, CCT_CPU, CCT_BIT(CCT_CPU), false, 500},
    {"package", true, CCT_CPU, CCT_BIT(CCT_CPU), false, 500},
    {"core", true, CCT_CPU, CCT_BIT(CCT_CPU), true, 500},
    {"uncore", true, CCT_CPU, CCT_BIT(CCT_CPU), true, 500},
    {"dram", true, CCT_DRAM, CCT_BIT(CCT_DRAM), false, 200},
    {"psys", false, CCT_BOARD, CCT_BIT(CCT_CPU) | CCT_BIT(CCT_DRAM) | CCT_BIT(CCT_BOARD), false,
     2000},
};

static bool means(const struct zone *z, size_t i)
{
    return meanings[i].whole ? strcmp(z->name, meanings[i].name) == 0
                             : strncmp(z->name, meanings[i].name, strlen(meanings[i].name)) == 0;
}

static uint64_t zone_number(const struct powercap *p, const struct zone *z, const char *file)
{
    char path[PATH_CAP + 32];
    uint64_t v = 0;
    snprintf(path, sizeof path, "%s/%s", z->path, file);
    return cct_sysroot_read_u64(p->root, path, &v) ? 0 : v;
}

static bool is_disabled(const struct powercap *p, const struct zone *z)
{
    char path[PATH_CAP + 32];
    uint64_t v = 1;
    snprintf(path, sizeof path, "%s/enabled", z->path);
    return cct_sysroot_read_u64(p->root, path, &v) == 0 && v == 0;
}

/* Container managers put an empty folder over /sys/devices/virtual/powercap, where the class points
 * to: the zones are listed, and nothing is in them. */
static void explain_unknown(const struct zone *z, struct cct_sensor *s)
{
    s->info.readable = false;
    snprintf(s->info.reason, sizeof s->info.reason, "%s",
             z->name[0] ? "a zone of unknown meaning"
                        : "its files are hidden, as container managers do");
    if (!z->name[0])
        snprintf(s->info.remedy, sizeof s->info.remedy,
                 "docker run --security-opt systempaths=unconfined ...");
}

static void describe(const struct powercap *p, const struct zone *z, struct cct_sensor *s,
                     const struct cct_host *host)
{
    size_t i = 0;
    while (i < CCT_LEN(meanings) && !means(z, i))
        i++;
    if (i == CCT_LEN(meanings)) {
        explain_unknown(z, s);
        return;
    }
    const struct zone *parent = parent_of(p, z);
    s->info.component = meanings[i].component;
    s->covers = meanings[i].covers;
    s->tdp_w = meanings[i].tdp_w;
    s->mirrorable = meanings[i].component != CCT_DRAM && !meanings[i].in_parent;
    if (meanings[i].in_parent && parent) {
        char name[CCT_SOURCE_NAME - 8];
        logical_name(p, parent, name, sizeof name);
        snprintf(s->inside, sizeof s->inside, "rapl:%s", name);
    }
    if (s->info.component == CCT_CPU) {
        double power_w = (double)zone_number(p, z, "constraint_0_max_power_uw") / 1e6;
        s->tdp_w = host->cpu.tdp_w > 0 ? host->cpu.tdp_w : power_w >= 1 ? power_w : s->tdp_w;
    }
    s->max_uj = zone_number(p, z, "max_energy_range_uj");
    if (s->info.component == CCT_BOARD && is_disabled(p, z)) {
        s->info.readable = false;
        snprintf(s->info.reason, sizeof s->info.reason,
                 "not enabled: such a counter runs in an unknown unit on some boards");
    }
}

/* The MSR's view of the zone that z shows through MMIO. */
static bool has_msr_twin(const struct powercap *p, const char *logical)
{
    for (size_t i = 0; i < p->count; i++) {
        char name[CCT_SOURCE_NAME - 16];
        if (is_mmio(&p->zones[i]))
            continue;
        logical_name(p, &p->zones[i], name, sizeof name);
        if (strcmp(name, logical) == 0)
            return true;
    }
    return false;
}

static void add_sensor(struct powercap *p, size_t index, struct cct_sensor_list *list,
                       const struct cct_host *host)
{
    const struct zone *z = &p->zones[index];
    char logical[CCT_SOURCE_NAME - 16];
    char name[CCT_SOURCE_NAME];
    logical_name(p, z, logical, sizeof logical);
    bool second = is_mmio(z) && has_msr_twin(p, logical);
    snprintf(name, sizeof name, "%s:%s", second ? "rapl-mmio" : "rapl", logical);
    struct cct_sensor *s = cct_sensor_add(list, name);
    snprintf(s->key, sizeof s->key, "rapl:%s", logical);
    s->rank = is_mmio(z) ? 12 : 11;
    s->slot = (int)index;
    describe(p, z, s, host);
}

static int list_zones(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                      struct cct_err *err)
{
    (void)err;
    struct powercap *p = cct_xcalloc(1, sizeof *p);
    p->root = machine->root;
    scan(p, CLASS, 0, false);
    scan(p, CLASS, 0, true);
    if (p->count)
        qsort(p->zones, p->count, sizeof *p->zones, by_id);
    for (size_t i = 0; i < p->count; i++)
        add_sensor(p, i, list, machine->host);
    *state = p;
    return 0;
}

static void explain(struct cct_sensor *s, const struct zone *z, int errnum)
{
    s->info.readable = false;
    if (errnum != EACCES && errnum != EPERM) {
        snprintf(s->info.reason, sizeof s->info.reason, "energy_uj cannot be read: %s",
                 strerror(errnum));
        return;
    }
    snprintf(s->info.reason, sizeof s->info.reason,
             "permission denied: energy_uj is for root alone since Linux 5.10 (CVE-2020-8694)");
    snprintf(s->info.remedy, sizeof s->info.remedy,
             "f=/%s/energy_uj; sudo chgrp \"$(id -gn)\" $f && sudo chmod g+r $f", z->path);
}

static void open_zone(void *state, struct cct_sensor *sensor)
{
    struct powercap *p = state;
    struct zone *z = &p->zones[sensor->slot];
    char path[PATH_CAP + 16];
    if (!sensor->info.readable)
        return;
    snprintf(path, sizeof path, "%s/energy_uj", z->path);
    if (cct_kept_open(&z->energy, p->root, path))
        explain(sensor, z, errno);
}

static void read_zones(void *state, struct cct_sensor *sensors, size_t count,
                       const struct cct_tick *tick)
{
    struct powercap *p = state;
    (void)tick;
    for (size_t i = 0; i < count; i++)
        if (sensors[i].active && sensors[i].state == state)
            if (cct_kept_u64(&p->zones[sensors[i].slot].energy, &sensors[i].read.energy_uj) == 0)
                sensors[i].read.kind = CCT_READ_ENERGY;
}

static void close_zones(void *state)
{
    struct powercap *p = state;
    for (size_t i = 0; i < p->count; i++)
        cct_kept_close(&p->zones[i].energy);
    free(p->zones);
    free(p);
}

const struct cct_sensor_driver cct_sensor_powercap = {
    .name = "powercap",
    .list = list_zones,
    .open = open_zone,
    .read = read_zones,
    .close = close_zones,
};
