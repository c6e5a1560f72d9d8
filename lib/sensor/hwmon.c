/* SPDX-License-Identifier: Apache-2.0
 * Power and energy by the hwmon class (hwmon_scan.h). What a channel measures is known by its
 * chip's name and its label (hwmon_chips.c). */
#include "base/alloc.h"
#include "hwmon_chips.h"
#include "hwmon_scan.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define PATH_CAP CCT_KEPT_PATH

/* An Accelerated Processing Unit reports the whole package as its graphics power; it has no power
 * cap of its own (amdgpu_pm.c, hwmon_attributes_visible). */
static void refine_amdgpu(const struct cct_hwmon_channels *h, const struct cct_hwmon_channel *c,
                          struct cct_sensor *s)
{
    char path[PATH_CAP];
    uint64_t cap_uw = 0;
    snprintf(path, sizeof path, "%s/power1_cap", c->folder);
    if (cct_sysroot_read_u64(h->root, path, &cap_uw) == 0) {
        s->tdp_w = cap_uw ? (double)cap_uw / 1e6 : s->tdp_w;
        return;
    }
    s->info.component = CCT_CPU;
    s->covers = CCT_BIT(CCT_CPU) | CCT_BIT(CCT_GPU);
    s->spare = true;
    s->rank = 23;
}

/* Modules whose power includes a graphics processor: PCI numbers of GH200 and GB200 (pci.ids). */
static bool has_superchip(const struct cct_sysroot *root)
{
    static const char *const ids[] = {"0x2342", "0x2343", "0x2345", "0x2348", "0x2941", "0x31c2"};
    bool found = false;
    DIR *dir = cct_sysroot_opendir(root, "sys/bus/pci/devices");
    const struct dirent *entry;
    while (dir && !found && (entry = readdir(dir))) {
        char path[PATH_CAP];
        char text[16] = "";
        snprintf(path, sizeof path, "sys/bus/pci/devices/%.40s/vendor", entry->d_name);
        if (cct_sysroot_read(root, path, text, sizeof text) <= 0 || strcmp(text, "0x10de") != 0)
            continue;
        snprintf(path, sizeof path, "sys/bus/pci/devices/%.40s/device", entry->d_name);
        if (cct_sysroot_read(root, path, text, sizeof text) <= 0)
            continue;
        for (size_t i = 0; i < CCT_LEN(ids); i++)
            found |= strcmp(text, ids[i]) == 0;
    }
    if (dir)
        closedir(dir);
    return found;
}

static void explain_unknown(const struct cct_hwmon_channel *c, struct cct_sensor_list *list)
{
    char name[CCT_SOURCE_NAME];
    snprintf(name, sizeof name, "hwmon:%.15s:%.24s:%s%u", c->chip, c->device,
             cct_hwmon_prefixes[c->kind], c->number);
    struct cct_sensor *s = cct_sensor_add(list, name);
    s->info.method = c->kind == CCT_HWMON_ENERGY ? CCT_COUNTER : CCT_GAUGE;
    s->info.readable = false;
    s->slot = -1;
    snprintf(s->info.reason, sizeof s->info.reason, "what %s measures is not known%s%.48s", c->chip,
             c->label[0] ? ": labelled " : "", c->label);
}

static void add_sensor(const struct cct_hwmon_channels *h, size_t index,
                       struct cct_sensor_list *list)
{
    const struct cct_hwmon_channel *c = &h->items[index];
    const struct cct_hwmon_meaning *m = cct_hwmon_find(c->chip, c->label);
    char name[CCT_SOURCE_NAME];
    if (!m) {
        explain_unknown(c, list);
        return;
    }
    if (m->skip)
        return;
    cct_hwmon_name(m->name, c->device, c->label, name, sizeof name);
    struct cct_sensor *s = cct_sensor_add(list, name);
    s->slot = (int)index;
    s->info.component = m->component;
    s->info.method = c->kind == CCT_HWMON_ENERGY ? CCT_COUNTER : CCT_GAUGE;
    s->covers = m->covers;
    s->rank = c->kind == CCT_HWMON_ENERGY ? m->rank : m->rank + (m->component != CCT_BOARD);
    s->tdp_w = m->tdp_w;
    s->spare = m->spare;
    if (m->component == CCT_GPU) {
        s->direct = true;
        s->refresh_ns = 100 * CCT_NS_PER_MS;
    }
    if (m->inside)
        cct_hwmon_name(m->inside, c->device, c->label, s->inside, sizeof s->inside);
    if (strcmp(c->chip, "amdgpu") == 0)
        refine_amdgpu(h, c, s);
    if (strncmp(c->label, "Module", 6) == 0 && has_superchip(h->root))
        s->covers |= CCT_BIT(CCT_GPU);
}

static void close_hwmon(void *state)
{
    struct cct_hwmon_channels *h = state;
    for (size_t i = 0; i < h->count; i++) {
        cct_kept_close(&h->items[i].value);
        cct_kept_close(&h->items[i].amps);
    }
    free(h->items);
    free(h);
}

static int list_channels(const struct cct_machine *machine, struct cct_sensor_list *list,
                         void **state, struct cct_err *err)
{
    (void)err;
    struct cct_hwmon_channels *h = cct_xcalloc(1, sizeof *h);
    cct_hwmon_scan(h, machine->root);
    for (size_t i = 0; i < h->count; i++)
        add_sensor(h, i, list);
    *state = h;
    return 0;
}

static bool open_file(const struct cct_hwmon_channels *h, const struct cct_hwmon_channel *c,
                      struct cct_kept *kept, const char *prefix, const char *what)
{
    char path[CCT_KEPT_PATH];
    snprintf(path, sizeof path, "%s/%s%u_%s", c->folder, prefix, c->number, what);
    /* A card that sleeps answers EPERM; a file without the right to read is EACCES. */
    return cct_kept_open(kept, h->root, path) == 0 || errno == EPERM;
}

/* Radeons have the average, newer ones and APUs only the present power. */
static bool open_channel(const struct cct_hwmon_channels *h, struct cct_hwmon_channel *c)
{
    if (c->kind == CCT_HWMON_POWER && open_file(h, c, &c->value, "power", "average"))
        return true;
    if (!open_file(h, c, &c->value, cct_hwmon_prefixes[c->kind], "input"))
        return false;
    return c->kind != CCT_HWMON_RAIL || open_file(h, c, &c->amps, "curr", "input");
}

static void explain(const struct cct_hwmon_channel *c, struct cct_sensor *s, int errnum)
{
    s->info.readable = false;
    snprintf(s->info.reason, sizeof s->info.reason, "%s%u cannot be read: %s",
             cct_hwmon_prefixes[c->kind], c->number, strerror(errnum));
    if (errnum == EACCES)
        snprintf(s->info.remedy, sizeof s->info.remedy,
                 "f=/%s/%s%u_input; sudo chgrp \"$(id -gn)\" $f && sudo chmod g+r $f", c->folder,
                 cct_hwmon_prefixes[c->kind], c->number);
}

/* Meters that firmware lists and does not have. */
static bool tells_nothing(struct cct_hwmon_channel *c, const struct cct_sensor *s)
{
    uint64_t v = 0;
    return s->info.component == CCT_BOARD && c->kind == CCT_HWMON_POWER &&
           cct_kept_u64(&c->value, &v) == 0 && v == 0;
}

static void open_sensor(void *state, struct cct_sensor *sensor)
{
    struct cct_hwmon_channels *h = state;
    char text[32];
    if (sensor->slot < 0)
        return;
    struct cct_hwmon_channel *c = &h->items[sensor->slot];
    if (cct_hwmon_text(h->root, c, "enable", text, sizeof text) && strcmp(text, "0") == 0) {
        sensor->info.readable = false;
        snprintf(sensor->info.reason, sizeof sensor->info.reason,
                 "this channel is switched off (%s%u_enable is 0)", cct_hwmon_prefixes[c->kind],
                 c->number);
        return;
    }
    if (!open_channel(h, c)) {
        explain(c, sensor, errno);
    } else if (tells_nothing(c, sensor)) {
        sensor->info.readable = false;
        snprintf(sensor->info.reason, sizeof sensor->info.reason,
                 "it tells 0 W while the machine runs");
    }
}

static void read_channel(struct cct_hwmon_channel *c, struct cct_value_read *out)
{
    uint64_t a = 0;
    uint64_t b = 0;
    if (cct_kept_u64(&c->value, &a) || (c->kind == CCT_HWMON_RAIL && cct_kept_u64(&c->amps, &b)))
        return;
    if (c->kind == CCT_HWMON_ENERGY) {
        *out = (struct cct_value_read){.kind = CCT_READ_ENERGY, .energy_uj = a};
        return;
    }
    double uw = c->kind == CCT_HWMON_RAIL  ? (double)a * (double)b
                : c->kind == CCT_HWMON_IIO ? (double)a * 1e3
                                           : (double)a;
    *out =
        (struct cct_value_read){.kind = CCT_READ_POWER, .w = uw / 1e6, .low_w = NAN, .high_w = NAN};
}

static void read_sensors(void *state, struct cct_sensor *sensors, size_t count,
                         const struct cct_tick *tick)
{
    struct cct_hwmon_channels *h = state;
    (void)tick;
    for (size_t i = 0; i < count; i++)
        if (sensors[i].active && sensors[i].state == state)
            read_channel(&h->items[sensors[i].slot], &sensors[i].read);
}

const struct cct_sensor_driver cct_sensor_hwmon = {
    .name = "hwmon",
    .list = list_channels,
    .open = open_sensor,
    .read = read_sensors,
    .close = close_hwmon,
};
