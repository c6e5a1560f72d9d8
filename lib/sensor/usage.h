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

struct cct_memory {
    double used_bytes;  /* MemTotal - MemAvailable: not to be had by a new program. NAN unknown */
    double taken_bytes; /* MemTotal - MemFree: the page cache too */
};

struct cct_usage_files {
    int stat_fd, meminfo_fd; /* owned, -1: not there */
    /* What was read last, and when: a file is not read more often than it has news. */
    struct cct_cpu_times times;
    struct cct_memory memory;
    int64_t times_mono_ns, memory_mono_ns;
};

void cct_usage_open(struct cct_usage_files *files, const struct cct_sysroot *root);
void cct_usage_close(struct cct_usage_files *files);
/* At most every 9 ms: the kernel counts in ticks of 10 ms. */
void cct_cpu_times_read(struct cct_usage_files *files, int64_t mono_ns,
                        struct cct_cpu_times *times);
/* The line "cpu  1 2 3 ..."; false when it is not one. */
bool cct_cpu_times_parse(const char *line, struct cct_cpu_times *times);
/* Differences of now and before; a field that went back (iowait may) counts 0. */
struct cct_cpu_times cct_cpu_times_since(const struct cct_cpu_times *before,
                                         const struct cct_cpu_times *now);
/* At most every 0.9 s. */
void cct_memory_read(struct cct_usage_files *files, int64_t mono_ns, struct cct_memory *memory);
/* A line of a /proc/meminfo text in bytes, or NAN. */
double cct_meminfo_bytes(const char *text, const char *key);
