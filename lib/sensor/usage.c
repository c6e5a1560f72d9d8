/* SPDX-License-Identifier: Apache-2.0 */
#include "usage.h"

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

void cct_cpu_times_read(const struct cct_usage_files *files, struct cct_cpu_times *times)
{
    char text[256];
    *times = (struct cct_cpu_times){0};
    if (files->stat_fd >= 0 && cct_pread_text(files->stat_fd, text, sizeof text) > 0)
        cct_cpu_times_parse(text, times);
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

double cct_memory_used_bytes(const struct cct_usage_files *files)
{
    char text[256]; /* MemTotal, MemFree and MemAvailable come first */
    if (files->meminfo_fd < 0 || cct_pread_text(files->meminfo_fd, text, sizeof text) <= 0)
        return NAN;
    double used = cct_meminfo_bytes(text, "MemTotal") - cct_meminfo_bytes(text, "MemAvailable");
    return used >= 0 ? used : (double)NAN;
}
