/* SPDX-License-Identifier: Apache-2.0
 * Which boards a job may use, by CUDA_VISIBLE_DEVICES and NVIDIA_VISIBLE_DEVICES. Pure. After the
 * CUDA C++ Programming Guide ("CUDA Environment Variables") and the NVIDIA Container Toolkit's
 * documentation. */
#pragma once

#include <stddef.h>

enum cct_owner {
    CCT_OWNER_OPEN, /* nothing says whose it is */
    CCT_OWNER_JOB,  /* named for the job */
    CCT_OWNER_NOT,  /* left out: none of it is the job's */
};

struct cct_visible {
    const char *uuid;              /* GPU-... Borrowed */
    const char *const *partitions; /* MIG-..., partition_count of them. Borrowed */
    size_t partition_count;
    enum cct_owner owner; /* the answer */
};

/* The variables as they stand in the environment, NULL where they do not. A list holds indices (in
 * the order of the PCI bus, as with CUDA_DEVICE_ORDER=PCI_BUS_ID), UUIDs, or the unique beginning
 * of one; it ends at the first word that names no board. */
void cct_visible_mark(const char *cuda, const char *nvidia, struct cct_visible *boards,
                      size_t count);
