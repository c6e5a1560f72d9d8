/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sensor/gpu.h"

/* What one listing of all drivers found. */
struct cct_listing {
    struct cct_sensor_list list;
    void **states; /* owned: one a driver, in the order of the table */
};

struct cct_sensors {
    struct cct_sensor_list list; /* of all listings */
    struct cct_machine machine;
    char **globs; /* owned */
    size_t glob_count;
    void ***states; /* owned: of each listing that brought sensors */
    size_t listings;
    struct cct_board_list boards; /* of the last sum */
    unsigned reads;
    uint64_t folders; /* what rescan.c saw at the last look */
    int64_t looked_ns;
};

int cct_listing_make(struct cct_listing *listing, const struct cct_machine *machine,
                     struct cct_err *err);
/* Closes the drivers' states; the list stays the caller's. */
void cct_states_close(void **states);
/* Selects and opens the sensors from the index on. */
void cct_sensors_begin(struct cct_sensors *sensors, size_t from);
/* Decides anew what is read and counted; what is read anew begins with a new baseline. */
void cct_sensors_recontain(struct cct_sensors *sensors);
/* Notes what is plugged in, before the first listing. */
void cct_sensors_look(struct cct_sensors *sensors);
/* Where something was plugged in since: adds it. The folders of the classes are looked at once in
 * CCT_RESCAN_NS, at some 20 us a look; a sensor that is found counts from its second reading on. */
#define CCT_RESCAN_NS (2 * CCT_NS_PER_S)
void cct_sensors_rescan(struct cct_sensors *sensors, int64_t mono_ns);

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
/* What is counted draws at rest, by the models, laid on the components of the counting sources; 0
 * where nothing is known. */
void cct_sensors_idle_w(const struct cct_sensors *sensors, double idle_w[CCT_COMPONENTS]);
