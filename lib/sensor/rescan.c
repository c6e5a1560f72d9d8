/* SPDX-License-Identifier: Apache-2.0
 * Zones and boards that appear while we run. sysfs tells no change by a folder's times, so the
 * names in the class folders are compared. */
#include "base/alloc.h"
#include "engine.h"

#include <string.h>

static const char *const folders[] = {
    "sys/class/powercap",
    "sys/class/hwmon",
    "sys/class/power_supply",
    "sys/bus/event_source/devices/power/events",
};

/* FNV-1a (draft-eastlake-fnv); names are added up, for their order may change. */
static uint64_t hash(const char *s)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
    return h;
}

static uint64_t look(const struct cct_sysroot *root)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < CCT_LEN(folders); i++) {
        DIR *dir = cct_sysroot_opendir(root, folders[i]);
        const struct dirent *entry;
        while (dir && (entry = readdir(dir)))
            sum += hash(entry->d_name) * (i + 1);
        if (dir)
            closedir(dir);
    }
    return sum;
}

static bool is_known(const struct cct_sensors *sensors, const struct cct_sensor *s)
{
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *k = &sensors->list.items[i];
        if (k->driver == s->driver && k->rank == s->rank && strcmp(k->key, s->key) == 0)
            return true;
    }
    return false;
}

static bool adopt(struct cct_sensors *sensors, const struct cct_listing *listing)
{
    size_t from = sensors->list.count;
    for (size_t i = 0; i < listing->list.count; i++) {
        const struct cct_sensor *s = &listing->list.items[i];
        if (is_known(sensors, s))
            continue;
        *cct_sensor_add(&sensors->list, s->info.name) = *s;
        sensors->list.items[sensors->list.count - 1].gone = true; /* until it has a baseline */
    }
    if (sensors->list.count == from)
        return false;
    sensors->states =
        cct_xreallocarray(sensors->states, sensors->listings + 1, sizeof *sensors->states);
    sensors->states[sensors->listings++] = listing->states;
    cct_sensors_begin(sensors, from);
    return true;
}

void cct_sensors_look(struct cct_sensors *sensors)
{
    sensors->folders = look(sensors->machine.root);
}

void cct_sensors_rescan(struct cct_sensors *sensors, int64_t mono_ns)
{
    struct cct_listing listing = {0};
    if (sensors->looked_ns && mono_ns - sensors->looked_ns < CCT_RESCAN_NS)
        return;
    uint64_t now = look(sensors->machine.root);
    bool changed = now != sensors->folders;
    sensors->looked_ns = mono_ns;
    sensors->folders = now;
    if (!changed)
        return;
    if (cct_listing_make(&listing, &sensors->machine, NULL) || !adopt(sensors, &listing))
        cct_states_close(listing.states);
    free(listing.list.items);
}
