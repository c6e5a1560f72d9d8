/* SPDX-License-Identifier: Apache-2.0
 * What of NVIDIA's management library is used, declared by hand from its public reference (NVML API
 * Reference Guide: "Device Queries", "Field Value Queries", "Multi Instance GPU Management"; names,
 * numbers and layouts only). The library is loaded at run time, if it is there: nothing links it.
 */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* nvmlReturn_t, the values that are told apart. */
enum {
    NVML_OK = 0,
    NVML_NOT_SUPPORTED = 3,
    NVML_NO_PERMISSION = 4,
    NVML_NOT_FOUND = 6,
    NVML_INSUFFICIENT_SIZE = 7,
    NVML_DRIVER_NOT_LOADED = 9,
    NVML_FUNCTION_NOT_FOUND = 13,
    NVML_GPU_IS_LOST = 15,
    NVML_LIB_RM_VERSION_MISMATCH = 18,
};

typedef void *nvml_device; /* nvmlDevice_t */

#define NVML_FI_POWER_INSTANT 186 /* mW; scope 0 is the GPU */
#define NVML_TOTAL_POWER      0   /* nvmlSamplingType_t: mW */
#define NVML_CLOCK_SM         1
#define NVML_TEMPERATURE_GPU  0
#define NVML_TEXT             96 /* the longest name and UUID */

/* nvmlValueType_t */
enum { NVML_DOUBLE = 0, NVML_UINT, NVML_ULONG, NVML_ULONGLONG, NVML_LONGLONG, NVML_INT };

union nvml_value {
    double d;
    unsigned ui;
    unsigned long ul;
    unsigned long long ull;
    long long sll;
    int si;
};

struct nvml_field {
    unsigned id, scope;
    long long time_us, latency_us;
    int type, result;
    union nvml_value value;
};

struct nvml_sample {
    unsigned long long time_us;
    union nvml_value value;
};

struct nvml_memory {
    unsigned long long total, free, used;
};

/* version: its size, and 2 in the highest byte. */
struct nvml_memory_v2 {
    unsigned version;
    unsigned long long total, reserved, free, used;
};

struct nvml_utilization {
    unsigned gpu, memory; /* percent of the time */
};

struct nvml_process_v1 {
    unsigned pid;
    unsigned long long used_bytes; /* all ones: unknown */
};

struct nvml_process {
    unsigned pid;
    unsigned long long used_bytes;
    unsigned gpu_instance, compute_instance;
};

struct nvml_process_sample {
    unsigned pid;
    unsigned long long time_us;
    unsigned sm_pct, memory_pct, encoder_pct, decoder_pct;
};

/* A function that the library lacks is NULL. */
struct cct_nvml {
    void *library; /* owned */
    int (*init)(void);
    int (*shutdown)(void);
    const char *(*error_text)(int result);
    int (*driver_version)(char *out, unsigned size);
    int (*count)(unsigned *out);
    int (*by_index)(unsigned index, nvml_device *out);
    int (*uuid)(nvml_device device, char *out, unsigned size);
    int (*name)(nvml_device device, char *out, unsigned size);
    int (*energy_mj)(nvml_device device, unsigned long long *out);
    int (*power_mw)(nvml_device device, unsigned *out);
    int (*limit_mw)(nvml_device device, unsigned *out);
    int (*fields)(nvml_device device, int count, struct nvml_field *fields);
    int (*samples)(nvml_device device, int type, unsigned long long after_us, int *value_type,
                   unsigned *count, struct nvml_sample *samples);
    int (*utilization)(nvml_device device, struct nvml_utilization *out);
    int (*memory)(nvml_device device, struct nvml_memory *out);
    int (*memory_v2)(nvml_device device, struct nvml_memory_v2 *out);
    int (*clock_mhz)(nvml_device device, int type, unsigned *out);
    int (*temperature_c)(nvml_device device, int sensor, unsigned *out);
    int (*processes)(nvml_device device, unsigned *count, struct nvml_process *out);
    int (*processes_v1)(nvml_device device, unsigned *count, struct nvml_process_v1 *out);
    int (*process_samples)(nvml_device device, struct nvml_process_sample *out, unsigned *count,
                           unsigned long long after_us);
    int (*mig_mode)(nvml_device device, unsigned *now, unsigned *pending);
    int (*mig_count)(nvml_device device, unsigned *out);
    int (*mig_by_index)(nvml_device device, unsigned index, nvml_device *out);
};

/* Loads library (NULL: the usual names) and starts it. *result: what its start returned, or
 * NVML_OK. err names what failed. */
int cct_nvml_open(struct cct_nvml *nvml, const char *library, int *result,
                  struct cct_err *err) cct_must_check;
void cct_nvml_close(struct cct_nvml *nvml);
