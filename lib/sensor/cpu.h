/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sensor/sensor.h"

/* Fills cpu from proc/cpuinfo and the shipped tables. */
void cct_cpu_read(const struct cct_sysroot *root, struct cct_cpu *cpu);
/* Takes one line of /proc/cpuinfo. before: zeroed, stepping -1. */
struct cct_cpuinfo {
    struct cct_cpu *cpu;
    unsigned socket, socket_cores; /* of the block being read */
    unsigned long long sockets_seen;
    bool has_socket;
};
void cct_cpuinfo_line(struct cct_cpuinfo *info, const char *line);
/* The TDP row of the shipped table whose name begins the model's name, word by word, or NAN. */
double cct_cpu_tdp_w(const char *model);
