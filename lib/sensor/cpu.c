/* SPDX-License-Identifier: Apache-2.0
 * The processor's identity from /proc/cpuinfo: arch/x86/kernel/cpu/proc.c and
 * arch/arm64/kernel/cpuinfo.c write it. */
#include "cpu.h"

#include "facts/facts.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static unsigned number(const char *s)
{
    unsigned long v = strtoul(s, NULL, 0);
    return v > 0xffffff ? 0 : (unsigned)v;
}

static void set_text(char *out, size_t cap, const char *value)
{
    if (!out[0])
        snprintf(out, cap, "%s", value);
}

static void on_vendor(struct cct_cpuinfo *info, const char *value)
{
    set_text(info->cpu->vendor, sizeof info->cpu->vendor, value);
}

static void on_model_name(struct cct_cpuinfo *info, const char *value)
{
    set_text(info->cpu->model, sizeof info->cpu->model, value);
}

static void on_family(struct cct_cpuinfo *info, const char *value)
{
    info->cpu->family = number(value);
}

static void on_model(struct cct_cpuinfo *info, const char *value)
{
    info->cpu->model_id = number(value);
}

static void on_stepping(struct cct_cpuinfo *info, const char *value)
{
    info->cpu->stepping = (int)number(value);
}

static void on_implementer(struct cct_cpuinfo *info, const char *value)
{
    on_vendor(info, "ARM");
    on_family(info, value);
}

static void on_processor(struct cct_cpuinfo *info, const char *value)
{
    (void)value;
    info->cpu->threads++;
    info->socket = 0;
}

static void on_socket(struct cct_cpuinfo *info, const char *value)
{
    info->socket = number(value) % 64;
    info->has_socket = true;
}

/* Comes after "physical id" in a block: a socket is new when it is seen first. */
static void on_cores(struct cct_cpuinfo *info, const char *value)
{
    unsigned long long bit = 1ULL << info->socket;
    if (!info->has_socket || (info->sockets_seen & bit))
        return;
    info->sockets_seen |= bit;
    info->cpu->sockets++;
    info->cpu->cores += number(value);
}

static void on_flags(struct cct_cpuinfo *info, const char *value)
{
    const char *at = info->cpu->hypervisor ? NULL : strstr(value, " hypervisor");
    if (at && (at[11] == ' ' || at[11] == '\0'))
        info->cpu->hypervisor = true;
}

static const struct {
    const char *key;
    void (*take)(struct cct_cpuinfo *info, const char *value);
} lines[] = {
    {"processor", on_processor},         {"vendor_id", on_vendor}, {"model name", on_model_name},
    {"cpu family", on_family},           {"model", on_model},      {"stepping", on_stepping},
    {"physical id", on_socket},          {"cpu cores", on_cores},  {"flags", on_flags},
    {"CPU implementer", on_implementer}, {"CPU part", on_model},
};

void cct_cpuinfo_line(struct cct_cpuinfo *info, const char *line)
{
    const char *colon = strchr(line, ':');
    size_t n = colon ? (size_t)(colon - line) : 0;
    while (n && (line[n - 1] == ' ' || line[n - 1] == '\t'))
        n--;
    for (size_t i = 0; n && i < CCT_LEN(lines); i++) {
        if (strlen(lines[i].key) != n || memcmp(lines[i].key, line, n) != 0)
            continue;
        const char *value = colon + 1;
        lines[i].take(info, value + (*value == ' ' && lines[i].take != on_flags));
    }
}

/* Feeds whole lines; a line longer than the buffer is cut. */
static void read_lines(int fd, struct cct_cpuinfo *info)
{
    char buf[6144];
    size_t have = 0;
    ssize_t got;
    while ((got = read(fd, buf + have, sizeof buf - 1 - have)) > 0 || (got < 0 && errno == EINTR)) {
        have += got > 0 ? (size_t)got : 0;
        char *line = buf;
        char *end;
        buf[have] = '\0';
        while ((end = memchr(line, '\n', have - (size_t)(line - buf)))) {
            *end = '\0';
            cct_cpuinfo_line(info, line);
            line = end + 1;
        }
        have -= (size_t)(line - buf);
        memmove(buf, line, have);
        if (have == sizeof buf - 1)
            have = 0;
    }
}

static const char *fact_vendor(const char *vendor)
{
    static const struct {
        const char *kernel, *fact;
    } names[] = {{"GenuineIntel", "intel"}, {"AuthenticAMD", "amd"}, {"ARM", "arm"}};
    for (size_t i = 0; i < CCT_LEN(names); i++)
        if (strcmp(vendor, names[i].kernel) == 0)
            return names[i].fact;
    return "";
}

static const char *find_uarch(const struct cct_cpu *cpu)
{
    const char *vendor = fact_vendor(cpu->vendor);
    for (size_t i = 0; i < cct_fact_uarchs_count; i++) {
        const struct cct_fact_uarch *u = &cct_fact_uarchs[i];
        if (strcmp(u->vendor, vendor) != 0 || u->family_or_implementer != cpu->family ||
            u->model_or_part != cpu->model_id)
            continue;
        if (u->stepping_min >= 0 && (cpu->stepping < u->stepping_min || cpu->stepping < 0))
            continue;
        if (u->stepping_max >= 0 && cpu->stepping > u->stepping_max)
            continue;
        return u->uarch;
    }
    return NULL;
}

static double max_mhz(const struct cct_sysroot *root, const char *model)
{
    uint64_t khz;
    if (cct_sysroot_read_u64(root, "sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", &khz) ==
        0)
        return (double)khz / 1e3;
    const char *at = strstr(model, "@ ");
    char *end = NULL;
    double ghz = at ? strtod(at + 2, &end) : 0;
    return ghz > 0 && strncmp(end, "GHz", 3) == 0 ? ghz * 1e3 : (double)NAN;
}

void cct_cpu_read(const struct cct_sysroot *root, struct cct_cpu *cpu)
{
    struct cct_cpuinfo info = {.cpu = cpu};
    *cpu = (struct cct_cpu){.stepping = -1};
    cct_auto_close int fd = cct_sysroot_open_file(root, "proc/cpuinfo");
    if (fd >= 0)
        read_lines(fd, &info);
    cpu->uarch = find_uarch(cpu);
    cpu->tdp_w = cct_cpu_tdp_w(cpu->model);
    cpu->max_mhz = max_mhz(root, cpu->model);
}
