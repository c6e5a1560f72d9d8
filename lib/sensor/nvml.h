/* SPDX-License-Identifier: Apache-2.0
 * One NVIDIA board as NVML shows it. */
#pragma once

#include "sensor/gpu.h"
#include "sensor/gpu_power.h"
#include "sensor/nvml_abi.h"

/* How a board's energy is read, best first. */
enum nvml_way {
    NVML_WAY_COUNTER, /* nvmlDeviceGetTotalEnergyConsumption */
    NVML_WAY_BUFFER,  /* the driver's buffer of power samples, integrated by its time stamps */
    NVML_WAY_INSTANT, /* field 186 */
    NVML_WAY_USAGE,   /* nvmlDeviceGetPowerUsage: a mean over 1 s on most boards from Ampere on */
    NVML_WAY_NONE,
};

struct nvml_partition {
    char uuid[NVML_TEXT], name[NVML_TEXT];
    double memory_bytes;
};

/* What the buffer of samples has brought. */
struct nvml_buffer {
    struct nvml_sample *room; /* owned */
    unsigned cap;
    bool begun;
    unsigned long long last_us;
    double last_w, rest_uj;
    uint64_t uj; /* since it began */
};

struct nvml_board {
    nvml_device handle;
    char uuid[NVML_TEXT], name[NVML_TEXT];
    char source[CCT_SOURCE_NAME];      /* its own, or that of its model */
    double memory_bytes, limit_w;      /* NAN unknown */
    struct nvml_partition *partitions; /* owned */
    size_t partition_count;
    bool mig;
    enum cct_owner owner;
    enum nvml_way way;
    int why; /* what the last call that failed to read its power returned */
    struct cct_gpu_power model;
    /* Of its counter. */
    bool given;
    uint64_t last_uj;
    int64_t moved_mono_ns;
    struct nvml_buffer buffer;
    /* Of this tick. */
    bool asked;
    int64_t asked_mono_ns; /* when its power was asked for */
    bool lost;
    struct cct_gpu detail;
    bool detailed, told_processes;
    int64_t detail_mono_ns, process_mono_ns;
    struct cct_gpu_process *processes; /* owned */
    size_t process_count, process_cap;
    bool processes_known;
    unsigned long long process_us; /* the last sample of a process's utilisation */
    unsigned missing;              /* what this board has not: bits of enum nvml_detail */
};

/* nvml_device.c: what does not change. Partitions, names, limits; how to read its energy. */
void cct_nvml_board_open(const struct cct_nvml *nvml, struct nvml_board *board, unsigned index);
void cct_nvml_board_close(struct nvml_board *board);
/* nvml_power.c */
enum nvml_way cct_nvml_find_way(const struct cct_nvml *nvml, struct nvml_board *board);
struct cct_value_read cct_nvml_read(const struct cct_nvml *nvml, struct nvml_board *board,
                                    int64_t mono_ns);
/* nvml_detail.c: utilisation, memory, clock, temperature; and who used it. */
void cct_nvml_read_detail(const struct cct_nvml *nvml, struct nvml_board *board, int64_t mono_ns);
void cct_nvml_read_processes(const struct cct_nvml *nvml, struct nvml_board *board,
                             int64_t mono_ns);
