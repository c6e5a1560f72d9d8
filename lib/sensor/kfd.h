/* SPDX-License-Identifier: Apache-2.0
 * Whose work is on an AMD board: the compute driver's view of processes (amdkfd: kfd_topology.c,
 * kfd_process.c of the kernel), in /sys/class/kfd/kfd. */
#pragma once

#include "sensor/gpu.h"

#define CCT_KFD_NODES 16

/* The nodes that a board at a PCI address is to the compute driver: one, or one a partition.
 * Returns how many were found. */
size_t cct_kfd_nodes(const struct cct_sysroot *root, const char *slot,
                     unsigned gpu_ids[CCT_KFD_NODES]);

struct cct_gpu_processes {
    struct cct_gpu_process *items; /* owned */
    size_t count, cap;
};

/* Those that have memory on one of the nodes, anew. busy is the number of compute units that they
 * occupy, NAN where the board does not tell. false: nothing is told of processes here. */
bool cct_kfd_processes(const struct cct_sysroot *root, const unsigned *gpu_ids, size_t node_count,
                       struct cct_gpu_processes *out);
