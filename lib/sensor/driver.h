/* SPDX-License-Identifier: Apache-2.0
 * What a driver of the sensor room is. A driver is one file with one row, cct_sensor_NAME, in the
 * list of lib/meson.build. It lists what is there, opens what is asked for, and once a tick reads
 * all of its open sensors in one call. Which of them are summed is not its business: it says what a
 * sensor covers and what it lies inside, contain.c decides. */
#pragma once

#include "sensor/meter.h"
#include "sensor/sensor.h"

#define CCT_BIT(component) (1U << (component))

/* What a read brought. Zeroed by the engine before each read: missing. */
struct cct_value_read {
    enum {
        CCT_READ_MISSING = 0,
        CCT_READ_ENERGY,
        CCT_READ_POWER,
        CCT_READ_STALE, /* the counter was not renewed yet: no news, which is neither 0 W nor a gap
                         */
        CCT_READ_AWAY,  /* nothing to read now, and no fault: a battery that is not discharging; the
                           driver says why in info.reason */
    } kind;
    uint64_t energy_uj;      /* ENERGY: the counter as it stands */
    double w, low_w, high_w; /* POWER: now (gauge), or the mean since the last read (model); the
                                bounds are those of a model */
};

/* What a board was seen to draw at rest, and whose it was last. */
struct cct_rest {
    double window_uj, window_s; /* the time being looked at */
    bool busy;                  /* it had work within that time, or may have had */
    double least_w;             /* the lowest mean of such a time; 0: none yet */
    bool seen;                  /* one of them was without work */
    double share;               /* the job's in the last tick; NAN, or 0 with share_by NULL */
    const char *share_by;
};

struct cct_sensor {
    struct cct_source info; /* the driver fills all but counted and part_of */
    int slot;               /* the driver's own number for it */
    /* For containment. Two sensors of one key are two views of one thing: the lower rank is read.
     */
    char key[CCT_SOURCE_NAME];
    char inside[CCT_SOURCE_NAME]; /* the key of the sensor that contains it, or "" */
    unsigned covers;              /* the components whose joules it holds: bits */
    int rank;
    bool mirrorable; /* may repeat another sensor's counter digit for digit */
    bool direct;     /* of a device of its own: a guest sees it as the machine below does */
    bool single;     /* of one of several devices: what measures another does not replace it */
    bool spare;      /* counts only where no other driver measures its component */
    double idle_w;   /* of a model: what its component draws at rest; 0 unknown */
    /* For the meter of a counter. */
    uint64_t max_uj; /* the range; 0 unknown: a step back is then a reset */
    double tdp_w;    /* what the part is built for; a guess on the high side will do */
    /* A counter that stood still for less than this has no news (CCT_READ_STALE); 0: it has. */
    int64_t refresh_ns;
    /* The engine's. */
    const struct cct_sensor_driver *driver;
    void *state;
    bool selected; /* a driver may set it in list: asked for by name */
    bool active;   /* to be read */
    bool shut;     /* it may not be read, and its joules are counted nowhere else */
    bool stale;    /* it had no news at the last reading */
    bool still;    /* not seen to move yet: a guest's, or a psys whose package does */
    bool gone;     /* it was read once, and is not any more (presence.h) */
    bool seen;
    int64_t seen_ns;      /* of the last reading */
    unsigned missed;      /* readings since then */
    struct cct_rest rest; /* of a board */
    bool started, moved;  /* a counter: start_uj is set, and is no more what it reads */
    uint64_t start_uj;
    int mirror_of; /* index, or -1 */
    struct cct_value_read read;
    struct cct_meter meter;
};

struct cct_sensor_list {
    struct cct_sensor *items; /* owned */
    size_t count, cap;
};

/* A new sensor with empty texts, CCT_COUNTER, readable; borrowed until the next call. */
struct cct_sensor *cct_sensor_add(struct cct_sensor_list *list, const char *name);

/* The machine as drivers see it. Borrowed until close. */
struct cct_machine {
    const struct cct_sysroot *root;
    const struct cct_host *host;
    struct cct_cpu_power power;
    struct cct_gpu_options gpu;
    const struct cct_io *io; /* how devices are reached; NULL: by the kernel (io.h) */
    const char *replay;      /* a recording to play, or NULL */
};

/* What a read may use beside its own files. */
struct cct_tick {
    int64_t mono_ns;
    double busy; /* mean share of all threads that was busy since the last read, 0 to 1, or NAN */
    bool job;    /* a job is followed: whose processes use a device matters */
};

struct cct_board_list;
struct cct_device_list;

struct cct_sensor_driver {
    const char *name;
    /* Adds what is there to list. *state is the driver's own and may stay NULL. A machine without
     * any such sensor is not an error. */
    int (*list)(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                struct cct_err *err);
    /* Makes one sensor ready to read, or sets readable false, reason and remedy. */
    void (*open)(void *state, struct cct_sensor *sensor);
    /* Fills read of every sensor that is active. */
    void (*read)(void *state, struct cct_sensor *sensors, size_t count,
                 const struct cct_tick *tick);
    void (*close)(void *state); /* may be NULL when state is */
    /* Of drivers of accelerators (gpu.h), else NULL: adds each board as it was read last, and each
     * for the inventory. */
    void (*boards)(void *state, struct cct_board_list *list);
    void (*devices)(void *state, struct cct_device_list *list);
};

/* Made by meson, NULL-terminated. */
extern const struct cct_sensor_driver *const cct_sensor_drivers[];
