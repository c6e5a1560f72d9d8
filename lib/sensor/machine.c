/* SPDX-License-Identifier: Apache-2.0
 * Virtualisation and cloud from DMI strings, as the providers document them for guests and as
 * canonical/cloud-init tells them apart. No network. */
#include "place.h"

#include <string.h>

enum dmi { SYS_VENDOR, PRODUCT_NAME, CHASSIS_ASSET_TAG, BIOS_VENDOR, DMI_COUNT };

static const char *const dmi_files[DMI_COUNT] = {
    [SYS_VENDOR] = "sys/class/dmi/id/sys_vendor",
    [PRODUCT_NAME] = "sys/class/dmi/id/product_name",
    [CHASSIS_ASSET_TAG] = "sys/class/dmi/id/chassis_asset_tag",
    [BIOS_VENDOR] = "sys/class/dmi/id/bios_vendor",
};

struct mark {
    enum dmi file;
    const char *begins, *name;
};

static const struct mark clouds[] = {
    {SYS_VENDOR, "Amazon EC2", "aws"},
    {PRODUCT_NAME, "Google Compute Engine", "gcp"},
    {CHASSIS_ASSET_TAG, "7783-7084-3265-9085-8269-3286-77", "azure"},
    {CHASSIS_ASSET_TAG, "OracleCloud.com", "oracle"},
    {PRODUCT_NAME, "Alibaba Cloud ECS", "alibaba"},
    {SYS_VENDOR, "DigitalOcean", "digitalocean"},
    {SYS_VENDOR, "Hetzner", "hetzner"},
    {SYS_VENDOR, "Vultr", "vultr"},
    {SYS_VENDOR, "Linode", "akamai"},
    {SYS_VENDOR, "Akamai", "akamai"},
    {SYS_VENDOR, "Scaleway", "scaleway"},
    {SYS_VENDOR, "Tencent Cloud", "tencent"},
    {CHASSIS_ASSET_TAG, "HUAWEICLOUD", "huawei"},
    {SYS_VENDOR, "UpCloud", "upcloud"},
    {PRODUCT_NAME, "Exoscale", "exoscale"},
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

static bool is_metal(const char *instance_type)
{
    return strstr(instance_type, ".metal") != NULL;
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
    const char *cloud = match(clouds, CCT_LEN(clouds), dmi);
    if (!cloud)
        return;
    snprintf(host->cloud_provider, sizeof host->cloud_provider, "%s", cloud);
    if (strcmp(cloud, "aws") == 0)
        snprintf(host->cloud_instance_type, sizeof host->cloud_instance_type, "%.60s",
                 dmi[PRODUCT_NAME]);
    if (is_metal(host->cloud_instance_type))
        snprintf(host->virtualization, sizeof host->virtualization, "none");
}
