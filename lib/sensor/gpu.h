/* SPDX-License-Identifier: Apache-2.0
 * Accelerators beside their joules: what they are, how busy they were, and whose their energy was.
 * A driver that knows boards lists them anew after each read; the engine joins each with its
 * source. */
#pragma once

#include "sensor/driver.h"
#include "sensor/visible.h"

struct cct_gpu_process {
    pid_t pid;
    double busy;         /* its share of the board's time, in any unit; NAN unknown */
    double memory_bytes; /* NAN unknown */
};

struct cct_board {
    struct cct_gpu detail;
    const char *source; /* the name of the source that holds its joules. Borrowed */
    double rest_w;      /* what such a board draws at rest, by the table; NAN unknown */
    enum cct_owner owner;
    bool processes_known;
    const struct cct_gpu_process *processes; /* borrowed until the driver's next read */
    size_t process_count;
    /* The engine's: of this tick. */
    bool counted; /* its energy is in the sum */
    uint64_t energy_uj;
    double span_s, idle_w;
    bool taken;            /* out of the sample, for now */
    struct cct_rest *rest; /* of its source, NULL: none */
};

struct cct_board_list {
    struct cct_board *items; /* owned */
    struct cct_gpu *details; /* owned: what becomes of them in the record */
    size_t count, cap, details_cap;
};

/* One for the inventory. Texts that are unknown are "", numbers NAN. */
struct cct_device {
    char device[96], vendor[16], model[128], driver[96];
    char partition[96]; /* of the device: its own UUID */
    double memory_bytes, power_limit_w;
};

struct cct_device_list {
    struct cct_device *items; /* owned */
    size_t count, cap;
};

/* The gpus member of cct.sample/1; nothing where there is none. */
void cct_gpus_write(struct cct_json *json, const struct cct_sample *sample);

/* A new item with unknown values; borrowed until the next call. */
struct cct_board *cct_board_add(struct cct_board_list *list, const char *device);
struct cct_device *cct_device_add(struct cct_device_list *list, const char *device);

/* A detail without any value, of a device. */
struct cct_gpu cct_gpu_unknown(const char *device);

struct cct_pids {
    pid_t *items; /* owned */
    size_t count, cap;
    size_t before; /* how many of them are of an earlier look */
};

void cct_pids_add(struct cct_pids *pids, pid_t pid);
/* Drops the first count of them. */
void cct_pids_drop(struct cct_pids *pids, size_t count);

/* Whose the energy of a counted board was: what it draws at rest is idle; of what is above it the
 * job gets, in this order,
 *   nothing, where the board was left out for it;
 *   its processes' share of the board's time, where the driver tells that;
 *   all, where its processes are the only ones;
 *   their share of the memory in use, where others are there too;
 *   what it had in the last tick, where all processes have ended since;
 *   all, where no process is seen and the board was named for the job;
 *   nothing, where none of its processes is there;
 * and where the driver tells no processes, what it gets of the other components, by processor time.
 *
 * Takes the boards of which more is known out of the sample's energy, so that the rest can be
 * split. Pure, as the next two. */
void cct_boards_take(struct cct_board_list *boards, struct cct_sample *sample);
/* Puts it back, with the parts of each board added to the sample's, exactly; sets job_share and
 * job_share_by of the details. Where the rest was not split, only the energy comes back. */
void cct_boards_give(struct cct_board_list *boards, const struct cct_pids *job,
                     struct cct_sample *sample);
/* What the boards that were taken out draw at rest. */
double cct_boards_idle_w(const struct cct_board_list *boards);
