/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sensor/sensor.h"

/* The container that PID 1 of the sysroot lives in: docker, podman, lxc, ...; "" for no sign. */
void cct_container_find(const struct cct_sysroot *root, char *out, size_t cap);
/* Virtualisation, product and cloud of the machine, from the hypervisor flag (already in
 * host->cpu), DMI strings and /sys/hypervisor. Asks no network. */
void cct_machine_find(const struct cct_sysroot *root, struct cct_host *host);
