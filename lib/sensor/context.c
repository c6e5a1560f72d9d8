/* SPDX-License-Identifier: Apache-2.0
 * The Slurm job, the Kubernetes pod and the limits, by the cgroup that we are in: kernel
 * Documentation/admin-guide/cgroup-v2.rst (cpu.max, cpuset.cpus.effective, memory.max),
 * cgroup-v1/memory.rst and scheduler/sched-bwc.rst (cpu.cfs_quota_us); paths as slurmstepd and the
 * kubelet make them. */
#include "place.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define PATH_CAP       1024
#define NAMESPACE_FILE "var/run/secrets/kubernetes.io/serviceaccount/namespace"

void cct_context_slurm(const char *text, char *out, size_t cap)
{
    const char *slurm = strstr(text, "slurm");
    const char *job = slurm ? strstr(slurm, "/job_") : NULL;
    size_t n = job ? strspn(job + 5, "0123456789") : 0;
    out[0] = '\0';
    if (n && n < cap)
        snprintf(out, cap, "%.*s", (int)n, job + 5);
}

/* 8-4-4-4-12 hexadecimal digits; systemd's slices have _ for -. */
static bool is_uid(const char *s)
{
    for (int i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? s[i] != '-' && s[i] != '_' : !isxdigit((unsigned char)s[i]))
            return false;
    }
    return true;
}

void cct_context_pod(const char *text, char *out, size_t cap)
{
    out[0] = '\0';
    for (const char *p = text; (p = strstr(p, "pod")); p += 3) {
        if (p == text || (p[-1] != '/' && p[-1] != '-') || !is_uid(p + 3))
            continue;
        snprintf(out, cap, "%.36s", p + 3);
        for (char *c = out; *c; c++)
            *c = *c == '_' ? '-' : *c;
        return;
    }
}

double cct_cpu_max_cpus(const char *text)
{
    char quota_text[24];
    uint64_t quota, period;
    size_t n = strcspn(text, " ");
    if (text[n] != ' ' || n >= sizeof quota_text)
        return NAN;
    snprintf(quota_text, sizeof quota_text, "%.*s", (int)n, text);
    if (cct_parse_u64(quota_text, &quota) || cct_parse_u64(text + n + 1, &period) || !period)
        return NAN;
    return (double)quota / (double)period;
}

double cct_cpu_list_cpus(const char *text)
{
    double count = 0;
    for (const char *p = text; *p; p += *p == ',') {
        char *end = NULL;
        if (!isdigit((unsigned char)*p))
            return NAN;
        long first = strtol(p, &end, 10), last = first;
        if (*end == '-' && isdigit((unsigned char)end[1]))
            last = strtol(end + 1, &end, 10);
        if (last < first || last > 1000000 || (*end && *end != ','))
            return NAN;
        count += (double)(last - first + 1);
        p = end;
    }
    return count > 0 ? count : (double)NAN;
}

static double less(double a, double b)
{
    return !(b > 0) || a <= b ? a : b;
}

/* A number in a file of a folder below /sys/fs/cgroup; NAN for "max", -1 and what is not there. */
static double number(const struct cct_sysroot *root, const char *dir, const char *file)
{
    char path[PATH_CAP + 64];
    uint64_t v;
    snprintf(path, sizeof path, "sys/fs/cgroup%s/%s", dir, file);
    return cct_sysroot_read_u64(root, path, &v) ? (double)NAN : (double)v;
}

static ssize_t text_of(const struct cct_sysroot *root, const char *dir, const char *file, char *out,
                       size_t cap)
{
    char path[PATH_CAP + 64];
    snprintf(path, sizeof path, "sys/fs/cgroup%s/%s", dir, file);
    return cct_sysroot_read(root, path, out, cap);
}

static double quota_cpus(const struct cct_sysroot *root, const char *dir)
{
    char text[64];
    if (text_of(root, dir, "cpu.max", text, sizeof text) > 0)
        return cct_cpu_max_cpus(text);
    double quota_us = number(root, dir, "cpu.cfs_quota_us");
    return quota_us / number(root, dir, "cpu.cfs_period_us");
}

/* Batch systems hand out processors, not time. */
static double set_cpus(const struct cct_sysroot *root, const char *dir)
{
    char text[1024];
    if (text_of(root, dir, "cpuset.cpus.effective", text, sizeof text) > 0 ||
        text_of(root, dir, "cpuset.effective_cpus", text, sizeof text) > 0)
        return cct_cpu_list_cpus(text);
    return NAN;
}

/* The least of what a cgroup and those above it allow. mount is "" or /cpu, /memory of cgroup v1;
 * in a container the path may be that of the host: then only the mount is there. */
static void walk(const struct cct_sysroot *root, const char *mount, const char *path, int len,
                 struct cct_host *host)
{
    char dir[PATH_CAP];
    size_t least = strlen(mount);
    int n = snprintf(dir, sizeof dir, "%s%.*s", mount, len, path);
    if (n >= (int)sizeof dir || strstr(dir, "/.."))
        snprintf(dir, sizeof dir, "%s", mount);
    for (;;) {
        host->limit_cpus = less(host->limit_cpus, quota_cpus(root, dir));
        host->limit_cpus = less(host->limit_cpus, set_cpus(root, dir));
        host->limit_memory_bytes = less(host->limit_memory_bytes, number(root, dir, "memory.max"));
        host->limit_memory_bytes =
            less(host->limit_memory_bytes, number(root, dir, "memory.limit_in_bytes"));
        char *slash = strrchr(dir, '/');
        if (!slash || strlen(dir) <= least)
            return;
        *slash = '\0';
    }
}

/* Lines of /proc/self/cgroup: "0::/path", "4:cpu,cpuacct:/path", "7:memory:/path". */
static void read_limits(const struct cct_sysroot *root, const char *text, struct cct_host *host)
{
    static const struct {
        const char *controller, *mount;
    } mounts[] = {{"::", ""},
                  {":memory:", "/memory"},
                  {":cpuset:", "/cpuset"},
                  {"cpu,", "/cpu,cpuacct"},
                  {"cpu,", "/cpu"},
                  {":cpu:", "/cpu"}};
    host->limit_cpus = host->limit_memory_bytes = INFINITY;
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *path = strstr(line, ":/");
        int n = path ? (int)strcspn(path + 1, "\n") : 0;
        for (size_t i = 0; path && i < CCT_LEN(mounts); i++) {
            const char *at = strstr(line, mounts[i].controller);
            if (at && at <= path)
                walk(root, mounts[i].mount, path + 1, n, host);
        }
    }
    if (host->limit_cpus >= host->cpu.threads)
        host->limit_cpus = NAN;
    if (!(host->limit_memory_bytes < host->memory_bytes))
        host->limit_memory_bytes = NAN;
}

static void read_namespace(const struct cct_sysroot *root, char *out, size_t cap)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    if (cct_sysroot_read(root, NAMESPACE_FILE, out, cap) <= 0 || out[strspn(out, allowed)])
        out[0] = '\0';
}

void cct_context_find(const struct cct_sysroot *root, struct cct_host *host)
{
    char text[4096];
    cct_auto_close int fd = cct_sysroot_open_file(root, "proc/self/cgroup");
    if (fd < 0 || cct_pread_text(fd, text, sizeof text) < 0)
        text[0] = '\0';
    cct_context_slurm(text, host->slurm_job_id, sizeof host->slurm_job_id);
    cct_context_pod(text, host->pod_uid, sizeof host->pod_uid);
    read_limits(root, text, host);
    read_namespace(root, host->pod_namespace, sizeof host->pod_namespace);
}
