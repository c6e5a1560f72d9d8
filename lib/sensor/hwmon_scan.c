/* SPDX-License-Identifier: Apache-2.0 */
#include "hwmon_scan.h"

#include "base/alloc.h"
#include "hwmon_chips.h"

#include <fcntl.h>
#include <string.h>

#define CLASS "sys/class/hwmon"

const char *const cct_hwmon_prefixes[] = {
    [CCT_HWMON_ENERGY] = "energy",
    [CCT_HWMON_POWER] = "power",
    [CCT_HWMON_RAIL] = "in",
    [CCT_HWMON_IIO] = "in_power",
};

/* "power12_average": the number behind the prefix, the rest in *rest. */
static bool split(const char *file, const char *prefix, unsigned *number, const char **rest)
{
    char *end;
    size_t n = strlen(prefix);
    if (strncmp(file, prefix, n) != 0 || file[n] < '0' || file[n] > '9')
        return false;
    *number = (unsigned)strtoul(file + n, &end, 10);
    *rest = end;
    return true;
}

static bool is_channel(const char *file, const char *chip, enum cct_hwmon_kind *kind,
                       unsigned *number)
{
    const char *rest;
    if (split(file, "energy", number, &rest) && strcmp(rest, "_input") == 0)
        *kind = CCT_HWMON_ENERGY;
    else if (split(file, "power", number, &rest) &&
             (strcmp(rest, "_average") == 0 || strcmp(rest, "_input") == 0))
        *kind = CCT_HWMON_POWER;
    /* 4 to 6 are the shunts of the three rails, 7 their sum */
    else if (strcmp(chip, "ina3221") == 0 && split(file, "in", number, &rest) &&
             strcmp(rest, "_input") == 0 && *number >= 1 && *number <= 3)
        *kind = CCT_HWMON_RAIL;
    else if (split(file, "in_power", number, &rest) && strcmp(rest, "_input") == 0)
        *kind = CCT_HWMON_IIO;
    else
        return false;
    return true;
}

bool cct_hwmon_text(const struct cct_sysroot *root, const struct cct_hwmon_channel *c,
                    const char *what, char *out, size_t cap)
{
    char path[CCT_KEPT_PATH];
    snprintf(path, sizeof path, "%s/%s%u_%s", c->folder, cct_hwmon_prefixes[c->kind], c->number,
             what);
    if (cct_sysroot_read(root, path, out, cap) > 0)
        return true;
    out[0] = '\0';
    return false;
}

/* The chip's name stands in its folder, with old drivers in the device's. */
static bool find_chip(const struct cct_sysroot *root, const char *folder,
                      struct cct_hwmon_channel *c)
{
    static const char *const places[] = {"", "/device"};
    for (size_t i = 0; i < CCT_LEN(places); i++) {
        char path[CCT_KEPT_PATH];
        snprintf(path, sizeof path, "%s%s/name", folder, places[i]);
        if (cct_sysroot_read(root, path, c->chip, sizeof c->chip) > 0)
            return true;
    }
    return false;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && slash[1] ? slash + 1 : path;
}

static void find_device(const struct cct_sysroot *root, const char *folder,
                        struct cct_hwmon_channel *c)
{
    char path[CCT_KEPT_PATH];
    char target[256];
    snprintf(path, sizeof path, "%s/device", folder);
    ssize_t n = readlinkat(root->fd, path, target, sizeof target - 1);
    target[n > 0 ? n : 0] = '\0';
    snprintf(c->device, sizeof c->device, "%.39s", last_part(n > 0 ? target : folder));
}

static bool known(const struct cct_hwmon_channels *h, const struct cct_hwmon_channel *c)
{
    for (size_t i = 0; i < h->count; i++)
        if (h->items[i].kind == c->kind && h->items[i].number == c->number &&
            strcmp(h->items[i].folder, c->folder) == 0)
            return true;
    return false;
}

static void find_label(const struct cct_sysroot *root, struct cct_hwmon_channel *c)
{
    char path[CCT_KEPT_PATH];
    if (c->kind == CCT_HWMON_IIO)
        snprintf(path, sizeof path, "%s/rail_name_%u", c->folder, c->number);
    else
        snprintf(path, sizeof path, "%s/device/power%u_oem_info", c->folder, c->number);
    if (cct_hwmon_text(root, c, "label", c->label, sizeof c->label) ||
        cct_hwmon_text(root, c, "oem_info", c->label, sizeof c->label) ||
        cct_sysroot_read(root, path, c->label, sizeof c->label) > 0)
        return;
    snprintf(c->label, sizeof c->label, "%s", cct_hwmon_label(c->chip, c->number));
}

static void add_channel(struct cct_hwmon_channels *h, struct cct_hwmon_channel *c)
{
    c->value.fd = c->amps.fd = -1;
    if (known(h, c))
        return;
    find_label(h->root, c);
    h->items = cct_xreallocarray(h->items, h->count + 1, sizeof *h->items);
    h->items[h->count++] = *c;
}

static void scan_folder(struct cct_hwmon_channels *h, const struct cct_hwmon_channel *chip,
                        const char *folder)
{
    DIR *dir = cct_sysroot_opendir(h->root, folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        struct cct_hwmon_channel c = *chip;
        snprintf(c.folder, sizeof c.folder, "%s", folder);
        if (is_channel(entry->d_name, c.chip, &c.kind, &c.number))
            add_channel(h, &c);
    }
    if (dir)
        closedir(dir);
}

static void scan_chip(struct cct_hwmon_channels *h, const char *folder)
{
    struct cct_hwmon_channel chip = {0};
    char device[sizeof chip.folder];
    size_t before = h->count;
    if (!find_chip(h->root, folder, &chip))
        return;
    find_device(h->root, folder, &chip);
    scan_folder(h, &chip, folder);
    if (h->count == before && snprintf(device, sizeof device, "%s/device", folder) > 0)
        scan_folder(h, &chip, device);
}

typedef void each(struct cct_hwmon_channels *h, const char *path, const char *name);

/* Calls with "folder/name" for every entry that begins so. */
static void for_each(struct cct_hwmon_channels *h, const char *folder, const char *begins,
                     each *call)
{
    DIR *dir = cct_sysroot_opendir(h->root, folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        char path[sizeof h->items->folder];
        if (entry->d_name[0] != '.' && strncmp(entry->d_name, begins, strlen(begins)) == 0 &&
            snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < (int)sizeof path - 8)
            call(h, path, entry->d_name);
    }
    if (dir)
        closedir(dir);
}

static void in_class(struct cct_hwmon_channels *h, const char *path, const char *name)
{
    (void)name;
    scan_chip(h, path);
}

/* Under its driver: only where the class does not show it. */
static void in_driver(struct cct_hwmon_channels *h, const char *path, const char *name)
{
    char class_path[64];
    snprintf(class_path, sizeof class_path, CLASS "/%.20s", name);
    if (faccessat(h->root->fd, class_path, F_OK, 0))
        scan_chip(h, path);
}

static void iio_device(struct cct_hwmon_channels *h, const char *path, const char *name)
{
    struct cct_hwmon_channel chip = {.chip = "ina3221"};
    (void)name;
    find_device(h->root, path, &chip);
    scan_folder(h, &chip, path);
}

static void i2c_device(struct cct_hwmon_channels *h, const char *path, const char *name)
{
    char below[sizeof h->items->folder];
    (void)name;
    snprintf(below, sizeof below, "%s/hwmon", path);
    for_each(h, below, "hwmon", in_driver);
    for_each(h, path, "iio:device", iio_device);
}

static int by_device(const void *a, const void *b)
{
    const struct cct_hwmon_channel *x = a;
    const struct cct_hwmon_channel *y = b;
    int order = strcmp(x->chip, y->chip);
    order = order ? order : strcmp(x->device, y->device);
    order = order ? order : (int)x->kind - (int)y->kind;
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

void cct_hwmon_scan(struct cct_hwmon_channels *h, const struct cct_sysroot *root)
{
    h->root = root;
    for_each(h, CLASS, "hwmon", in_class);
    for_each(h, "sys/bus/i2c/drivers/ina3221", "", i2c_device);
    for_each(h, "sys/bus/i2c/drivers/ina3221x", "", i2c_device);
    if (h->count)
        qsort(h->items, h->count, sizeof *h->items, by_device);
}
