/* SPDX-License-Identifier: Apache-2.0
 * Whether this is a container, and whose: the files that the managers leave, PID 1's environment,
 * the names in its cgroup path. The order follows systemd's description of the container interface
 * (systemd.io/CONTAINER_INTERFACE) and then what the managers do. */
#include "place.h"

#include <string.h>

static bool exists(const struct cct_sysroot *root, const char *path)
{
    cct_auto_close int fd = cct_sysroot_open_file(root, path);
    return fd >= 0;
}

static const struct {
    const char *path, *name;
} marks[] = {
    {"var/run/secrets/kubernetes.io", "kubernetes"},
    {"run/secrets/kubernetes.io", "kubernetes"},
    {"run/.containerenv", "podman"},
    {".dockerenv", "docker"},
    {".singularity.d", "apptainer"},
};

/* Parts of cgroup paths; the first that is found names the manager. */
static const struct {
    const char *part, *name;
} cgroups[] = {
    {"kubepods", "kubernetes"},   {"libpod", "podman"}, {"docker", "docker"},
    {"containerd", "containerd"}, {"lxc", "lxc"},       {"machine.slice", "systemd-nspawn"},
};

/* container=NAME among the NUL-separated variables of PID 1. */
static bool by_environ(const struct cct_sysroot *root, char *out, size_t cap)
{
    char text[4096];
    cct_auto_close int fd = cct_sysroot_open_file(root, "proc/1/environ");
    ssize_t n = fd < 0 ? -1 : cct_pread_text(fd, text, sizeof text);
    for (const char *p = text; n > 0 && p < text + n; p += strlen(p) + 1) {
        if (strncmp(p, "container=", 10) == 0 && p[10]) {
            snprintf(out, cap, "%s", p + 10);
            return true;
        }
    }
    return false;
}

static bool by_cgroup(const struct cct_sysroot *root, char *out, size_t cap)
{
    char text[2048];
    if (cct_sysroot_read(root, "proc/1/cgroup", text, sizeof text) <= 0)
        return false;
    for (size_t i = 0; i < CCT_LEN(cgroups); i++) {
        if (strstr(text, cgroups[i].part)) {
            snprintf(out, cap, "%s", cgroups[i].name);
            return true;
        }
    }
    return false;
}

void cct_container_find(const struct cct_sysroot *root, char *out, size_t cap)
{
    out[0] = '\0';
    for (size_t i = 0; i < CCT_LEN(marks); i++) {
        if (exists(root, marks[i].path)) {
            snprintf(out, cap, "%s", marks[i].name);
            return;
        }
    }
    if (by_environ(root, out, cap) || by_cgroup(root, out, cap))
        return;
    if (cct_sysroot_read(root, "run/systemd/container", out, cap) < 0)
        out[0] = '\0';
}
