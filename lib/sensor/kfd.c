/* SPDX-License-Identifier: Apache-2.0 */
#include "kfd.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

#define KFD "sys/class/kfd/kfd"

static bool is_number(const char *name)
{
    return name[0] && strspn(name, "0123456789") == strlen(name) && strlen(name) < 10;
}

static bool read_number(const struct cct_sysroot *root, const char *path, uint64_t *out)
{
    return cct_sysroot_read_u64(root, path, out) == 0;
}

/* The number on a line "KEY NUMBER" of a node's properties. */
static uint64_t property(const char *text, const char *key)
{
    size_t n = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) == 0 && line[n] == ' ')
            return strtoull(line + n, NULL, 10);
    }
    return 0;
}

/* location_id is the bus, device and function of the PCI address (PCI Local Bus Specification,
 * 3.2.2.3.2). */
static bool is_at(const char *text, const char *slot)
{
    char at[24];
    uint64_t id = property(text, "location_id");
    snprintf(at, sizeof at, "%04x:%02x:%02x.%x", (unsigned)property(text, "domain") & 0xffffU,
             (unsigned)(id >> 8) & 0xffU, (unsigned)(id >> 3) & 0x1fU, (unsigned)id & 7U);
    /* The partitions of a board are functions in its address. */
    return id && strncmp(at, slot, strlen("0000:00:00")) == 0;
}

size_t cct_kfd_nodes(const struct cct_sysroot *root, const char *slot,
                     unsigned gpu_ids[CCT_KFD_NODES])
{
    size_t count = 0;
    const struct dirent *entry;
    DIR *dir = cct_sysroot_opendir(root, KFD "/topology/nodes");
    while (dir && count < CCT_KFD_NODES && (entry = readdir(dir))) {
        char path[96];
        char text[2048];
        uint64_t id;
        if (!is_number(entry->d_name))
            continue;
        snprintf(path, sizeof path, KFD "/topology/nodes/%.10s/properties", entry->d_name);
        if (cct_sysroot_read(root, path, text, sizeof text) <= 0 || !is_at(text, slot))
            continue;
        snprintf(path, sizeof path, KFD "/topology/nodes/%.10s/gpu_id", entry->d_name);
        if (read_number(root, path, &id) && id && id <= UINT32_MAX)
            gpu_ids[count++] = (unsigned)id;
    }
    if (dir)
        closedir(dir);
    return count;
}

static void read_process(const struct cct_sysroot *root, const char *name, const unsigned *gpu_ids,
                         size_t node_count, struct cct_gpu_processes *out)
{
    struct cct_gpu_process p = {.busy = NAN};
    char path[96];
    uint64_t n;
    cct_parse_u64(name, &n);
    p.pid = (pid_t)n;
    for (size_t i = 0; i < node_count; i++) {
        snprintf(path, sizeof path, KFD "/proc/%.10s/vram_%u", name, gpu_ids[i]);
        if (read_number(root, path, &n))
            p.memory_bytes += (double)n;
        snprintf(path, sizeof path, KFD "/proc/%.10s/stats_%u/cu_occupancy", name, gpu_ids[i]);
        if (read_number(root, path, &n) && n < 65536)
            p.busy = (isnan(p.busy) ? 0 : p.busy) + (double)n;
    }
    if (p.memory_bytes <= 0)
        return;
    if (out->count == out->cap) {
        out->cap = out->cap ? out->cap * 2 : 8;
        out->items = cct_xreallocarray(out->items, out->cap, sizeof *out->items);
    }
    out->items[out->count++] = p;
}

bool cct_kfd_processes(const struct cct_sysroot *root, const unsigned *gpu_ids, size_t node_count,
                       struct cct_gpu_processes *out)
{
    const struct dirent *entry;
    DIR *dir = node_count ? cct_sysroot_opendir(root, KFD "/proc") : NULL;
    out->count = 0;
    if (!dir)
        return false;
    while ((entry = readdir(dir)))
        if (is_number(entry->d_name))
            read_process(root, entry->d_name, gpu_ids, node_count, out);
    closedir(dir);
    return true;
}
