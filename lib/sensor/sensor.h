/* SPDX-License-Identifier: Apache-2.0
 * What this machine draws: where power can be read, how much was used since the last tick, and
 * whose it was. Everything is read through a sysroot, so that a captured tree can stand for any
 * machine. Sources are drivers (driver.h); nothing outside the room knows one of them. */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/sysroot.h"
#include "record/write.h"
#include "sensor/curve.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum cct_component {
    CCT_CPU,
    CCT_DRAM,
    CCT_GPU,
    CCT_BOARD,
    CCT_PSU,
    CCT_OTHER,
    CCT_COMPONENTS,
};

enum cct_method { CCT_COUNTER, CCT_GAUGE, CCT_MODEL };

const char *cct_component_name(enum cct_component component); /* cpu, dram, ... */
const char *cct_method_name(enum cct_method method);          /* counter, gauge, model */

/* What happened to a reading, or to the whole tick; bits, named by cct_flag_name. */
enum cct_flag {
    CCT_FLAG_WRAP = 1,         /* the counter passed its range; corrected */
    CCT_FLAG_GAP = 2,          /* no reading, or energy that no reading tells */
    CCT_FLAG_RESET = 4,        /* the counter went back without wrapping: a new baseline */
    CCT_FLAG_CLOCK_STEP = 8,   /* the wall clock was set */
    CCT_FLAG_SUSPEND = 16,     /* the machine slept within the interval */
    CCT_FLAG_IMPLAUSIBLE = 32, /* a reading that no such part can reach; not counted */
};
#define CCT_FLAG_COUNT 6

const char *cct_flag_name(unsigned index); /* of bit 1 << index */

/* ---- the machine ---- */

/* The processor, from /proc/cpuinfo. Unknown texts are "", numbers 0, rates NAN. */
struct cct_cpu {
    char vendor[32]; /* as the kernel writes it: GenuineIntel; ARM for a MIDR machine */
    char model[128];
    unsigned family, model_id; /* or implementer and part on ARM */
    int stepping;              /* -1 unknown */
    unsigned sockets, cores, threads;
    const char *uarch; /* from the shipped table, or NULL. Static */
    double tdp_w;      /* of one socket, from the shipped table */
    double max_mhz;
    bool hypervisor; /* the flag that guests see */
};

/* What the CPU draws by its calibration or by the shipped table, for the whole machine. */
struct cct_cpu_power {
    double idle_w, max_w;
    double bend;                      /* of the curve between them (curve.h); 0: a line */
    double curve_w[CCT_CURVE_POINTS]; /* of basis "calibrated" alone */
    double low, high;  /* the truth lies between estimate x low and estimate x high */
    const char *basis; /* "calibrated", "sku", "uarch", "default": where from. Static */
};

struct cct_host {
    struct cct_cpu cpu;
    double memory_bytes;
    char os[128], kernel[128];
    char virtualization[32]; /* kvm, vmware, ...; vm for another; none; "" unknown */
    char container[32];      /* docker, podman, kubernetes, ...; "" when there is no sign of one */
    char product[128];
    /* Of the cgroup that we are in; NAN, "" where there is none. */
    double limit_cpus, limit_memory_bytes;
    char slurm_job_id[24], pod_uid[40], pod_namespace[64];
};

/* Reads what there is; nothing is an error, unknown stays unknown. */
void cct_host_read(const struct cct_sysroot *root, struct cct_host *host);
/* Only the processor and memory_bytes: what a sampler needs. */
void cct_host_read_brief(const struct cct_sysroot *root, struct cct_host *host);
/* The table's answer for a CPU. Order: the model's TDP (bare metal only), the microarchitecture's
 * row (W per thread, so that a guest gets the share of its threads), the mean of all. Curve and
 * bounds: cpu_power.c says where they come from. */
void cct_cpu_power_find(const struct cct_cpu *cpu, struct cct_cpu_power *power);
/* The mean power while this share of all threads is busy (0 to 1). */
double cct_cpu_power_w(const struct cct_cpu_power *power, double busy);

struct cct_told {
    const char *text, *source; /* what is so, and who says it; NULL: unknown */
};

/* Facts that only the environment and other rooms know; the program fills them. NULL: unknown. */
struct cct_surroundings {
    const char *slurm_job_id, *slurm_node;
    const char *pod_namespace, *pod, *pod_node;
    struct cct_told provider, region, zone, instance_type; /* of the cloud */
    struct cct_told grid_zone;
};

/* One cct.host/1 into out (emptied first). */
void cct_host_write(const struct cct_host *host, const struct cct_surroundings *around,
                    struct cct_stamp *stamp, int64_t ts_utc_ms, struct cct_buf *out);

/* ---- the places to read ---- */

#define CCT_SOURCE_NAME 64

struct cct_source {
    char name[CCT_SOURCE_NAME]; /* rapl:package-0, model:cpu */
    enum cct_component component;
    enum cct_method method;
    bool readable;
    bool counted;                  /* its joules enter the total */
    char part_of[CCT_SOURCE_NAME]; /* the source that its joules are already in, or "" */
    char reason[144];              /* why not readable, or not counted; "" */
    char remedy[256];              /* the command that mends it; "" */
};

/* What a job's environment says of accelerators, and the library that reads NVIDIA's. NULL: not
 * said. The program fills it; borrowed while the sensors are open. */
struct cct_gpu_options {
    const char *nvml; /* the library's file; NULL: the usual one, and none under a sysroot */
    const char *cuda_visible, *nvidia_visible; /* CUDA_VISIBLE_DEVICES, NVIDIA_VISIBLE_DEVICES */
};

struct cct_sensors; /* opaque: every source of one machine, open */

struct cct_sensor_options {
    const struct cct_sysroot *root; /* borrowed until close */
    const struct cct_host *host;    /* borrowed until close */
    char *const *globs;             /* which sources, by fnmatch(3); count 0: all. replay:FILE
                                       is a recording. Borrowed until open returns */
    size_t glob_count;
    struct cct_gpu_options gpu;
    const struct cct_io *io;    /* NULL, but in tests (io.h). Borrowed until close */
    const char *home, *profile; /* as in cct_sampler_options */
};

/* Lists and opens; takes two readings in turn, so that duplicates are known. */
int cct_sensors_open(struct cct_sensors **out, const struct cct_sensor_options *options,
                     struct cct_err *err) cct_must_check;
void cct_sensors_close(struct cct_sensors *sensors);
size_t cct_sensors_count(const struct cct_sensors *sensors);
const struct cct_source *cct_sensors_at(const struct cct_sensors *sensors, size_t index);
/* Reads once more (for a look at the machine, not for sampling): zones that stand still in a guest
 * are then known to be absent. */
void cct_sensors_settle(struct cct_sensors *sensors);

/* Appends one cct.sensor/1 a source to out. */
void cct_sources_write(const struct cct_sensors *sensors, struct cct_stamp *stamp,
                       int64_t ts_utc_ms, struct cct_buf *out);
/* Appends one cct.device/1 an accelerator, and one for each partition of a shared one. */
void cct_devices_write(const struct cct_sensors *sensors, struct cct_stamp *stamp,
                       int64_t ts_utc_ms, struct cct_buf *out);
/* What can be metered here, what cannot and why, and what mends it, in words for a person. Returns
 * whether anything is measured, not only estimated. */
bool cct_advise(const struct cct_sensors *sensors, const struct cct_host *host,
                const struct cct_surroundings *around, struct cct_buf *out);

/* ---- sampling ---- */

struct cct_reading {
    const char *name; /* borrowed from the source */
    bool known;       /* false: no energy can be told for this interval */
    uint64_t energy_uj;
    unsigned flags;
};

/* An accelerator in one tick. Unknown numbers are NAN. */
struct cct_gpu {
    const char *device; /* UUID, or what stands for it. Borrowed until close */
    double util_pct, memory_used_bytes, clock_mhz, temperature_c, power_w;
    double job_share;         /* of what the board drew above rest, 0 to 1 */
    const char *job_share_by; /* how that is known: processes, exclusive, memory, count, device,
                                 cpu_time; NULL. Static */
};

struct cct_usage {
    double cpu_pct, job_cpu_pct, steal_pct; /* of all threads of the machine together */
    double memory_used_bytes, job_memory_bytes;
};

/* Where the power at rest was taken from. */
enum cct_idle_source { CCT_IDLE_TABLE, CCT_IDLE_LEARNED, CCT_IDLE_OPTION };

const char *cct_idle_source_name(enum cct_idle_source source); /* table, learned, option */

/* One tick. Energies are whole microjoules, so that parts add up exactly. */
struct cct_sample {
    int64_t ts_utc_ms;
    double interval_s;
    bool known; /* energy_uj and what follows from it */
    uint64_t energy_uj, measured_uj;
    bool modelled; /* low_uj and high_uj are known */
    uint64_t low_uj, high_uj;
    double power_w; /* over the time that each source's reading spans */
    bool split;     /* the next four are known */
    uint64_t job_uj, idle_uj, other_uj;
    enum cct_idle_source idle_source;
    bool component_known[CCT_COMPONENTS];
    uint64_t component_uj[CCT_COMPONENTS];
    const struct cct_reading *readings; /* borrowed until the next tick */
    size_t reading_count;
    const struct cct_gpu *gpus; /* borrowed until the next tick */
    size_t gpu_count;
    struct cct_usage usage;
    unsigned flags; /* of the whole tick */
};

struct cct_sampler; /* opaque */

struct cct_sampler_options {
    const char *sysroot; /* NULL: this machine */
    char *const *globs;  /* which sources, as in cct_sensor_options. Borrowed until open returns */
    size_t glob_count;
    struct cct_gpu_options gpu;
    const struct cct_clock *clock; /* for ts; borrowed */
    int64_t interval_ns;
    /* The calibration of the CPU model: this file, which must fit; else that of this CPU below
     * home, where there is one. Both may be NULL. Borrowed until open returns */
    const char *home, *profile;
    double idle_w; /* of the whole machine; NAN: learned, or by the table */
};

/* Opens the sources and takes the baseline; the timer starts now. That nothing can be read is a
 * warning: time and usage are sampled all the same. */
int cct_sampler_open(struct cct_sampler **out, const struct cct_sampler_options *options,
                     const struct cct_log *log, struct cct_err *err) cct_must_check;
void cct_sampler_close(struct cct_sampler *sampler);
const struct cct_sensors *cct_sampler_sensors(const struct cct_sampler *sampler);
/* The job whose share is told apart from now on; the CPU time that it used before is not counted.
 * - The command that we are about to start: a fresh leaf of our own cgroup v2 where one can be
 * made, else our children, the ended ones by what was reaped. Returns the leaf's descriptor
 * (borrowed) for the command to be born in, or -1; after the start say whether it was. */
int cct_sampler_follow_command(struct cct_sampler *sampler);
void cct_sampler_command_started(struct cct_sampler *sampler, bool in_cgroup);
/* - A process and its descendants in the sysroot's /proc; those that daemonise stay in. */
int cct_sampler_follow_pid(struct cct_sampler *sampler, pid_t pid, struct cct_err *err);
/* - A cgroup v2 by its path, as /proc/PID/cgroup has it or under the mount. */
int cct_sampler_follow_cgroup(struct cct_sampler *sampler, const char *path, struct cct_err *err);
/* Whether the job has ended: no process of it is left, or it cannot be read any more. */
bool cct_sampler_job_over(const struct cct_sampler *sampler);
int64_t cct_sampler_start_mono_ns(const struct cct_sampler *sampler); /* of the baseline */
/* Readable when there is something to do: call cct_sampler_due. Borrowed */
int cct_sampler_fd(const struct cct_sampler *sampler);
/* Takes the timer's event, reads counters that might wrap before the tick, and says whether a tick
 * is due. */
bool cct_sampler_due(struct cct_sampler *sampler);
/* Reads everything: the time since the last tick, or since the baseline. */
void cct_sampler_tick(struct cct_sampler *sampler, struct cct_sample *sample);

/* One cct.sample/1 into out (emptied first). */
void cct_sample_write(const struct cct_sample *sample, struct cct_stamp *stamp,
                      struct cct_buf *out);

/* ---- calibration ---- */

struct cct_calibrate_options {
    const char *sysroot;           /* NULL: this machine. Another one is not loaded, only watched */
    const char *file;              /* where the profile goes; NULL: to its place below home */
    const char *home;              /* may be NULL when file is not */
    int64_t duration_ns;           /* of all load steps together */
    const struct cct_clock *clock; /* for ts */
    struct cct_stamp *stamp;
};

/* Measures the load curve of the CPU by its counter: loads all threads of this machine in ten steps
 * from none to all, fits the curve (curve.h), and leaves it as one cct.calibration/1 in the file
 * and in record. CCT_UNAVAILABLE: there is no counter. */
int cct_calibrate(const struct cct_calibrate_options *options, struct cct_buf *record,
                  struct cct_err *err) cct_must_check;
/* Appends HOME/calibration/MODEL.ndjson. */
void cct_profile_path(const char *home, const struct cct_cpu *cpu, struct cct_buf *out);
