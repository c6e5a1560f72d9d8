/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "sensor/sensor.h"

/* The container that PID 1 of the sysroot lives in: docker, podman, lxc, ...; "" for no sign. */
void cct_container_find(const struct cct_sysroot *root, char *out, size_t cap);
/* Virtualisation and product of the machine, from the hypervisor flag (already in
 * host->cpu), DMI strings and /sys/hypervisor. Asks no network. */
void cct_machine_find(const struct cct_sysroot *root, struct cct_host *host);
/* The Slurm job, the Kubernetes pod and the limits of the cgroup that we are in. */
void cct_context_find(const struct cct_sysroot *root, struct cct_host *host);
/* The number in `/job_N` of a cgroup path of slurmstepd, the UID in the `podUID` of one of a
 * kubelet; "" when there is none. text: /proc/PID/cgroup. */
void cct_context_slurm(const char *text, char *out, size_t cap);
void cct_context_pod(const char *text, char *out, size_t cap);
/* CPUs by a line of cpu.max ("QUOTA PERIOD" in us; "max": NAN). */
double cct_cpu_max_cpus(const char *text);
/* How many a list such as 0-3,8 names; NAN for what is none. */
double cct_cpu_list_cpus(const char *text);
/* cct.host/1 and words: what is around the machine. */
void cct_around_write(const struct cct_host *host, const struct cct_surroundings *around,
                      struct cct_json *json);
void cct_around_tell(const struct cct_host *host, const struct cct_surroundings *around,
                     struct cct_buf *out);
