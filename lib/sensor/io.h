/* SPDX-License-Identifier: Apache-2.0
 * The devices that are no plain files. A test hands in its own. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct perf_event_attr;

struct cct_io {
    void *ctx;
    /* perf_event_open(2) for all processes of one CPU; group_fd -1: a new group. Returns a
     * descriptor, or -1 with errno. */
    int (*perf_open)(void *ctx, struct perf_event_attr *attr, int cpu, int group_fd);
    /* The BMC's driver: a descriptor, or -1 with errno. */
    int (*ipmi_open)(void *ctx);
    /* Sends "DCMI Get Power Reading". 0, or -1 with errno. */
    int (*ipmi_send)(void *ctx, int fd, long id);
    /* Takes a reply that has come: its length and its id, 0 when there is none, -1 with errno.
     * Waits up to wait_ms for one. */
    int (*ipmi_receive)(void *ctx, int fd, int wait_ms, uint8_t *reply, size_t cap, long *id);
};
