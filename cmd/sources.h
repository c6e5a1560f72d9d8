/* SPDX-License-Identifier: Apache-2.0
 * What the programs that read sensors have in common on their command lines. */
#pragma once

#include "base/alloc.h"
#include "cli/cli.h"
#include "sensor/sensor.h"

struct source_options {
    char **globs; /* owned */
    size_t glob_count;
    const char *nvml;
};

#define NVML_KEY 0x100

#define NVML_OPTION                                                                                \
    {                                                                                              \
        "nvml", NVML_KEY, "LIB", 0, "NVIDIA's management library [libnvidia-ml.so.1]", 0           \
    }

#define SOURCE_OPTIONS                                                                             \
    {"source", 's', "GLOB", 0, "read and add only sources with such names; may be repeated", 0},   \
        NVML_OPTION

/* Takes one of those options; false for another. */
static inline bool source_option(int key, char *arg, struct source_options *options)
{
    if (key == NVML_KEY) {
        options->nvml = arg;
    } else if (key == 's') {
        options->globs =
            cct_xreallocarray(options->globs, options->glob_count + 1, sizeof *options->globs);
        options->globs[options->glob_count++] = arg;
    } else {
        return false;
    }
    return true;
}

/* nvml: the option's value, or NULL. */
static inline struct cct_gpu_options gpu_options(const char *nvml)
{
    return (struct cct_gpu_options){
        .nvml = nvml,
        .cuda_visible = getenv("CUDA_VISIBLE_DEVICES"),
        .nvidia_visible = getenv("NVIDIA_VISIBLE_DEVICES"),
    };
}
