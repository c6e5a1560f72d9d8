/* SPDX-License-Identifier: Apache-2.0
 * How busy the machine is: /proc/stat and /proc/meminfo, kept open. */
#pragma once

#include "base/sysroot.h"

#include <stdint.h>

/* The first line of /proc/stat in its own unit (USER_HZ). Guest time is already inside user and
 * nice (Documentation/filesystems/proc.rst, 1.7), so it is not added again. Steal is neither busy
 * nor idle: others had the CPU. */
struct cct_cpu_times {
    uint64_t busy, idle, steal; /* ticks; idle with iowait */
    bool known;
};

struct cct_usage_files {
    int stat_fd, meminfo_fd; /* owned, -1: not there */
};

void cct_usage_open(struct cct_usage_files *files, const struct cct_sysroot *root);
void cct_usage_close(struct cct_usage_files *files);
void cct_cpu_times_read(const struct cct_usage_files *files, struct cct_cpu_times *times);
/* The line "cpu  1 2 3 ..."; false when it is not one. */
bool cct_cpu_times_parse(const char *line, struct cct_cpu_times *times);
/* Differences of now and before; a field that went back (iowait may) counts 0. */
struct cct_cpu_times cct_cpu_times_since(const struct cct_cpu_times *before,
                                         const struct cct_cpu_times *now);
/* Bytes not available to a new program (MemTotal - MemAvailable), or NAN. */
double cct_memory_used_bytes(const struct cct_usage_files *files);
/* A line of a /proc/meminfo text in bytes, or NAN. */
double cct_meminfo_bytes(const char *text, const char *key);
