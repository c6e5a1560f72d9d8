/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sensor/gpu.h"

struct cct_sensors {
    struct cct_sensor_list list;
    struct cct_machine machine;
    void **states;                /* owned: one a driver, in the order of the table */
    struct cct_board_list boards; /* of the last sum */
    unsigned reads;
};

/* Reads every active sensor into its meter, and keeps what is counted in step with it. */
void cct_sensors_read(struct cct_sensors *sensors, const struct cct_tick *tick);
/* The shortest time within which every counter must be read again, or 0 for no limit. */
int64_t cct_sensors_limit_ns(const struct cct_sensors *sensors);
/* Sums the meters into sample (energy, components, readings) and clears them. readings: room for
 * one of each sensor. */
void cct_sensors_sum(struct cct_sensors *sensors, struct cct_reading *readings,
                     struct cct_sample *sample);
/* Gathers the boards and their readings of this tick, before the meters are cleared. */
void cct_boards_gather(struct cct_sensors *sensors);
/* What the components that are counted draw at rest, by the models; 0 when nothing is known. */
double cct_sensors_idle_w(const struct cct_sensors *sensors);
