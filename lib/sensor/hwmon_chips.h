/* SPDX-License-Identifier: Apache-2.0
 * What the power channels of the hwmon class measure: a chip says a number, this table says of
 * what. */
#pragma once

#include "sensor/driver.h"

struct cct_hwmon_meaning {
    const char *chip;  /* the chip's name, or its beginning before a * */
    const char *label; /* the label's beginning; "" any */
    bool skip;         /* known, and in another channel already: not even listed */
    enum cct_component component;
    unsigned covers;
    int rank;
    double tdp_w;
    bool spare;
    const char *name;   /* of the source: %d device, %n socket number in the label, %l label */
    const char *inside; /* the name of the channel that contains it, or NULL */
};

/* The row for a channel, or NULL: a chip that may measure anything. A chip without labels is asked
 * for by what the driver's documentation says of the channel's number. */
const struct cct_hwmon_meaning *cct_hwmon_find(const char *chip, const char *label);
/* The label that a channel without one has by its driver's documentation, or "". */
const char *cct_hwmon_label(const char *chip, unsigned number);
/* Expands a row's name. */
void cct_hwmon_name(const char *pattern, const char *device, const char *label, char *out,
                    size_t cap);
