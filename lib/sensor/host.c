/* SPDX-License-Identifier: Apache-2.0
 * The facts about a machine that do not change while it runs. */
#include "cpu.h"
#include "place.h"
#include "usage.h"

#include <math.h>
#include <string.h>

static double memory_bytes(const struct cct_sysroot *root)
{
    char text[256];
    cct_auto_close int fd = cct_sysroot_open_file(root, "proc/meminfo");
    if (fd < 0 || cct_pread_text(fd, text, sizeof text) <= 0)
        return NAN;
    return cct_meminfo_bytes(text, "MemTotal");
}

void cct_host_read_brief(const struct cct_sysroot *root, struct cct_host *host)
{
    *host = (struct cct_host){
        .memory_bytes = memory_bytes(root), .limit_cpus = NAN, .limit_memory_bytes = NAN};
    cct_cpu_read(root, &host->cpu);
}

/* The value of KEY=value or KEY="value" in the os-release text. */
static void pretty_name(const char *text, char *out, size_t cap)
{
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "PRETTY_NAME=", 12) != 0)
            continue;
        line += 12;
        char quote = *line == '"' || *line == '\'' ? *line++ : '\n';
        const char *end = strchrnul(line, quote);
        snprintf(out, cap, "%.*s", (int)(end - line), line);
        return;
    }
}

static void read_os(const struct cct_sysroot *root, struct cct_host *host)
{
    char text[2048];
    if (cct_sysroot_read(root, "etc/os-release", text, sizeof text) > 0 ||
        cct_sysroot_read(root, "usr/lib/os-release", text, sizeof text) > 0)
        pretty_name(text, host->os, sizeof host->os);
    if (cct_sysroot_read(root, "proc/sys/kernel/osrelease", host->kernel, sizeof host->kernel) < 0)
        host->kernel[0] = '\0';
}

void cct_host_read(const struct cct_sysroot *root, struct cct_host *host)
{
    cct_host_read_brief(root, host);
    read_os(root, host);
    cct_container_find(root, host->container, sizeof host->container);
    cct_machine_find(root, host);
    cct_context_find(root, host);
}
