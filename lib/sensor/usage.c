/* SPDX-License-Identifier: Apache-2.0 */
#include "usage.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

void cct_usage_open(struct cct_usage_files *files, const struct cct_sysroot *root)
{
    files->stat_fd = cct_sysroot_open_file(root, "proc/stat");
    files->meminfo_fd = cct_sysroot_open_file(root, "proc/meminfo");
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void cct_usage_close(struct cct_usage_files *files)
{
    close_fd(&files->stat_fd);
    close_fd(&files->meminfo_fd);
}

bool cct_cpu_times_parse(const char *line, struct cct_cpu_times *times)
{
    enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIELDS };
    uint64_t v[FIELDS] = {0};
    *times = (struct cct_cpu_times){0};
    if (strncmp(line, "cpu ", 4) != 0)
        return false;
    const char *p = line + 4;
    int n = 0;
    for (; n < FIELDS; n++) {
        char *end;
        p += strspn(p, " ");
        v[n] = *p >= '0' && *p <= '9' ? strtoull(p, &end, 10) : 0;
        if (*p < '0' || *p > '9')
            break;
        p = end;
    }
    if (n <= IDLE)
        return false;
    times->busy = v[USER] + v[NICE] + v[SYSTEM] + v[IRQ] + v[SOFTIRQ];
    times->idle = v[IDLE] + v[IOWAIT];
    times->steal = v[STEAL];
    times->known = true;
    return true;
}

/* 0: never. */
static bool is_due(int64_t *last_mono_ns, int64_t mono_ns, int64_t period_ns)
{
    if (*last_mono_ns && mono_ns - *last_mono_ns < period_ns)
        return false;
    *last_mono_ns = mono_ns;
    return true;
}

void cct_cpu_times_read(struct cct_usage_files *files, int64_t mono_ns, struct cct_cpu_times *times)
{
    char text[256];
    if (is_due(&files->times_mono_ns, mono_ns, 9 * CCT_NS_PER_MS)) {
        files->times = (struct cct_cpu_times){0};
        if (files->stat_fd >= 0 && cct_pread_text(files->stat_fd, text, sizeof text) > 0)
            cct_cpu_times_parse(text, &files->times);
    }
    *times = files->times;
}

static uint64_t forward(uint64_t before, uint64_t now)
{
    return now > before ? now - before : 0;
}

struct cct_cpu_times cct_cpu_times_since(const struct cct_cpu_times *before,
                                         const struct cct_cpu_times *now)
{
    return (struct cct_cpu_times){
        .busy = forward(before->busy, now->busy),
        .idle = forward(before->idle, now->idle),
        .steal = forward(before->steal, now->steal),
        .known = before->known && now->known,
    };
}

double cct_meminfo_bytes(const char *text, const char *key)
{
    size_t n = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) == 0 && line[n] == ':')
            return (double)strtoull(line + n + 1, NULL, 10) * 1024;
    }
    return NAN;
}

static double difference(double all, double part)
{
    return all >= part ? all - part : (double)NAN;
}

void cct_memory_read(struct cct_usage_files *files, int64_t mono_ns, struct cct_memory *memory)
{
    char text[256]; /* MemTotal, MemFree and MemAvailable come first */
    if (is_due(&files->memory_mono_ns, mono_ns, 900 * CCT_NS_PER_MS)) {
        files->memory = (struct cct_memory){NAN, NAN};
        if (files->meminfo_fd >= 0 && cct_pread_text(files->meminfo_fd, text, sizeof text) > 0) {
            double all = cct_meminfo_bytes(text, "MemTotal");
            files->memory.used_bytes = difference(all, cct_meminfo_bytes(text, "MemAvailable"));
            files->memory.taken_bytes = difference(all, cct_meminfo_bytes(text, "MemFree"));
        }
    }
    *memory = files->memory;
}
