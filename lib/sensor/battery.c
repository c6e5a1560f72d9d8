/* SPDX-License-Identifier: Apache-2.0
 * A laptop's battery while it discharges: the power of all that it feeds. On mains it tells
 * nothing. Files and units: Documentation/power/power_supply_class.rst: power_now uW, current_now
 * uA, voltage_now uV, energy_now uWh. Some drivers give a negative power while discharging; some
 * have no power, some no current. */
#include "base/alloc.h"
#include "kept.h"
#include "sensor/driver.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define CLASS "sys/class/power_supply"
/* Firmware renews its numbers every 1 to 30 s. */
#define REFRESH_NS (60 * CCT_NS_PER_S)

enum way { POWER, CURRENT, ENERGY, NONE };

struct battery {
    char name[40];
    enum way way;
    struct cct_kept status, power, current, voltage, energy;
};

struct batteries {
    const struct cct_sysroot *root;
    struct battery *items; /* owned */
    size_t count;
};

static bool file_is(const struct cct_sysroot *root, const char *name, const char *file,
                    const char *text)
{
    char path[CCT_KEPT_PATH];
    char have[32];
    snprintf(path, sizeof path, CLASS "/%.39s/%s", name, file);
    return cct_sysroot_read(root, path, have, sizeof have) > 0 && strcmp(have, text) == 0;
}

static void add_battery(struct batteries *b, const char *name)
{
    struct battery battery = {.way = NONE};
    battery.status.fd = battery.power.fd = battery.current.fd = battery.voltage.fd =
        battery.energy.fd = -1;
    snprintf(battery.name, sizeof battery.name, "%.39s", name);
    b->items = cct_xreallocarray(b->items, b->count + 1, sizeof *b->items);
    b->items[b->count++] = battery;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct battery *)a)->name, ((const struct battery *)b)->name);
}

/* A mouse has a battery too; its scope is Device. */
static int list_batteries(const struct cct_machine *machine, struct cct_sensor_list *list,
                          void **state, struct cct_err *err)
{
    (void)err;
    struct batteries *b = cct_xcalloc(1, sizeof *b);
    DIR *dir = cct_sysroot_opendir(machine->root, CLASS);
    const struct dirent *entry;
    b->root = machine->root;
    while (dir && (entry = readdir(dir)))
        if (entry->d_name[0] != '.' && file_is(b->root, entry->d_name, "type", "Battery") &&
            !file_is(b->root, entry->d_name, "scope", "Device"))
            add_battery(b, entry->d_name);
    if (dir)
        closedir(dir);
    if (b->count)
        qsort(b->items, b->count, sizeof *b->items, by_name);
    for (size_t i = 0; i < b->count; i++) {
        char name[CCT_SOURCE_NAME];
        snprintf(name, sizeof name, "battery:%s", b->items[i].name);
        struct cct_sensor *s = cct_sensor_add(list, name);
        s->slot = (int)i;
        s->info.component = CCT_BOARD;
        s->info.method = CCT_GAUGE;
        s->covers = ~0U;
        s->rank = 8;
        s->tdp_w = 300;
    }
    *state = b;
    return 0;
}

static bool open_file(const struct batteries *b, const struct battery *battery, const char *file,
                      struct cct_kept *kept)
{
    char path[CCT_KEPT_PATH];
    snprintf(path, sizeof path, CLASS "/%s/%s", battery->name, file);
    return cct_kept_open(kept, b->root, path) == 0;
}

static void open_battery(void *state, struct cct_sensor *sensor)
{
    struct batteries *b = state;
    struct battery *battery = &b->items[sensor->slot];
    bool status = open_file(b, battery, "status", &battery->status);
    if (open_file(b, battery, "power_now", &battery->power))
        battery->way = POWER;
    else if (open_file(b, battery, "current_now", &battery->current) &&
             open_file(b, battery, "voltage_now", &battery->voltage))
        battery->way = CURRENT;
    else if (open_file(b, battery, "energy_now", &battery->energy))
        battery->way = ENERGY;
    if (status && battery->way != NONE) {
        sensor->info.method = battery->way == ENERGY ? CCT_COUNTER : CCT_GAUGE;
        sensor->refresh_ns = battery->way == ENERGY ? REFRESH_NS : 0;
        return;
    }
    sensor->info.readable = false;
    snprintf(sensor->info.reason, sizeof sensor->info.reason,
             "the battery tells neither power nor energy");
}

/* Without its sign. */
static bool magnitude(struct cct_kept *kept, double *out)
{
    char text[32];
    uint64_t v = 0;
    if (cct_kept_text(kept, text, sizeof text) || cct_parse_u64(text + (text[0] == '-'), &v))
        return false;
    *out = (double)v;
    return true;
}

static void read_power(struct battery *b, struct cct_value_read *out)
{
    double a = NAN;
    double v = 1e6;
    if (b->way == POWER ? !magnitude(&b->power, &a)
                        : !magnitude(&b->current, &a) || !magnitude(&b->voltage, &v))
        return;
    *out = (struct cct_value_read){
        .kind = CCT_READ_POWER, .w = a / 1e6 * v / 1e6, .low_w = NAN, .high_w = NAN};
}

/* What is left falls as energy is used; counted from a level that no battery has. 1 uWh is 3600 uJ.
 */
static void read_energy(struct battery *b, struct cct_value_read *out)
{
    const uint64_t level_uwh = UINT64_C(1000000000000);
    uint64_t left_uwh = 0;
    if (cct_kept_u64(&b->energy, &left_uwh) || left_uwh > level_uwh)
        return;
    *out = (struct cct_value_read){.kind = CCT_READ_ENERGY,
                                   .energy_uj = (level_uwh - left_uwh) * 3600};
}

static void read_battery(struct battery *b, struct cct_sensor *s)
{
    char status[32];
    if (cct_kept_text(&b->status, status, sizeof status))
        return;
    if (strcmp(status, "Discharging") != 0) {
        s->read.kind = CCT_READ_AWAY;
        snprintf(s->info.reason, sizeof s->info.reason,
                 "measures only while discharging; now: %.32s", status);
    } else if (b->way == ENERGY) {
        read_energy(b, &s->read);
    } else {
        read_power(b, &s->read);
    }
}

static void read_batteries(void *state, struct cct_sensor *sensors, size_t count,
                           const struct cct_tick *tick)
{
    struct batteries *b = state;
    (void)tick;
    for (size_t i = 0; i < count; i++)
        if (sensors[i].active && sensors[i].state == state)
            read_battery(&b->items[sensors[i].slot], &sensors[i]);
}

static void close_batteries(void *state)
{
    struct batteries *b = state;
    for (size_t i = 0; i < b->count; i++) {
        struct battery *battery = &b->items[i];
        cct_kept_close(&battery->status);
        cct_kept_close(&battery->power);
        cct_kept_close(&battery->current);
        cct_kept_close(&battery->voltage);
        cct_kept_close(&battery->energy);
    }
    free(b->items);
    free(b);
}

const struct cct_sensor_driver cct_sensor_battery = {
    .name = "battery",
    .list = list_batteries,
    .open = open_battery,
    .read = read_batteries,
    .close = close_batteries,
};
