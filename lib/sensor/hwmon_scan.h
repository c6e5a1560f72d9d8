/* SPDX-License-Identifier: Apache-2.0
 * The channels of the hwmon class, and of the drivers of Jetson boards. Files and units:
 * Documentation/hwmon/sysfs-interface.rst: energyN_input uJ, powerN_average and powerN_input uW,
 * inN_input mV, currN_input mA; of the older Jetson driver in_powerN_input mW, rail_name_N. */
#pragma once

#include "kept.h"

enum cct_hwmon_kind {
    CCT_HWMON_ENERGY,
    CCT_HWMON_POWER,
    CCT_HWMON_RAIL, /* a voltage times a current */
    CCT_HWMON_IIO,  /* a rail that tells its power */
};

struct cct_hwmon_channel {
    enum cct_hwmon_kind kind;
    unsigned number;
    char folder[96];
    char chip[32], device[40], label[48];
    struct cct_kept value, amps; /* the second of a rail */
};

struct cct_hwmon_channels {
    const struct cct_sysroot *root;
    struct cct_hwmon_channel *items; /* owned */
    size_t count;
};

extern const char *const cct_hwmon_prefixes[]; /* energy, power, in, in_power */

/* Finds all, sorted by chip, device, kind and number. The number of an hwmon folder changes from
 * boot to boot; the device that the chip belongs to does not. */
void cct_hwmon_scan(struct cct_hwmon_channels *channels, const struct cct_sysroot *root);
/* Reads the file "energy1_WHAT" of a channel; out is "" where there is none. */
bool cct_hwmon_text(const struct cct_sysroot *root, const struct cct_hwmon_channel *channel,
                    const char *what, char *out, size_t cap);
