/* SPDX-License-Identifier: Apache-2.0
 * Virtualisation from DMI strings, as the hypervisors document them for guests. */
#include "place.h"

#include <string.h>

enum dmi { SYS_VENDOR, PRODUCT_NAME, BIOS_VENDOR, DMI_COUNT };

static const char *const dmi_files[DMI_COUNT] = {
    [SYS_VENDOR] = "sys/class/dmi/id/sys_vendor",
    [PRODUCT_NAME] = "sys/class/dmi/id/product_name",
    [BIOS_VENDOR] = "sys/class/dmi/id/bios_vendor",
};

struct mark {
    enum dmi file;
    const char *begins, *name;
};

static const struct mark hypervisors[] = {
    {SYS_VENDOR, "QEMU", "kvm"},
    {SYS_VENDOR, "Amazon EC2", "kvm"},
    {SYS_VENDOR, "Google", "kvm"},
    {PRODUCT_NAME, "KVM", "kvm"},
    {PRODUCT_NAME, "OpenStack", "kvm"},
    {SYS_VENDOR, "VMware", "vmware"},
    {SYS_VENDOR, "Microsoft Corporation", "microsoft"},
    {SYS_VENDOR, "innotek GmbH", "oracle"},
    {PRODUCT_NAME, "VirtualBox", "oracle"},
    {SYS_VENDOR, "Xen", "xen"},
    {PRODUCT_NAME, "HVM domU", "xen"},
    {SYS_VENDOR, "Parallels", "parallels"},
    {BIOS_VENDOR, "BHYVE", "bhyve"},
    {SYS_VENDOR, "Apple Virtualization", "apple"},
};

typedef char dmi_text[96];

static const char *match(const struct mark *marks, size_t count, dmi_text *dmi)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(dmi[marks[i].file], marks[i].begins, strlen(marks[i].begins)) == 0)
            return marks[i].name;
    return NULL;
}

static void find_virtualization(const struct cct_sysroot *root, dmi_text *dmi,
                                struct cct_host *host)
{
    char *out = host->virtualization;
    size_t cap = sizeof host->virtualization;
    const char *name = match(hypervisors, CCT_LEN(hypervisors), dmi);
    bool x86 = host->cpu.vendor[0] && strcmp(host->cpu.vendor, "ARM") != 0;
    if (cct_sysroot_read(root, "sys/hypervisor/type", out, cap) > 0)
        return;
    out[0] = '\0';
    if (!host->cpu.hypervisor && x86)
        snprintf(out, cap, "none"); /* a metal machine of a cloud has its DMI strings too */
    else if (name)
        snprintf(out, cap, "%s", name);
    else if (host->cpu.hypervisor)
        snprintf(out, cap, "vm");
}

/* A metal machine of EC2 that is no x86: its type is its product name, a1.metal. */
static bool is_metal(dmi_text *dmi)
{
    return strcmp(dmi[SYS_VENDOR], "Amazon EC2") == 0 && strstr(dmi[PRODUCT_NAME], ".metal");
}

void cct_machine_find(const struct cct_sysroot *root, struct cct_host *host)
{
    dmi_text dmi[DMI_COUNT];
    for (int i = 0; i < DMI_COUNT; i++)
        if (cct_sysroot_read(root, dmi_files[i], dmi[i], sizeof dmi[i]) < 0)
            dmi[i][0] = '\0';
    find_virtualization(root, dmi, host);
    if (dmi[SYS_VENDOR][0] || dmi[PRODUCT_NAME][0])
        snprintf(host->product, sizeof host->product, "%.60s %.60s", dmi[SYS_VENDOR],
                 dmi[PRODUCT_NAME]);
    if (is_metal(dmi))
        snprintf(host->virtualization, sizeof host->virtualization, "none");
}
