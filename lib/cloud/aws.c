/* SPDX-License-Identifier: Apache-2.0
 * Amazon EC2. Nitro machines carry their type as DMI product name ("Identify EC2 Linux instances",
 * EC2 user guide); those on Xen are known by the UUID of the hypervisor or the DMI version. */
#include "driver.h"

#include <string.h>
#include <strings.h>

static bool recognise(const struct cct_sysroot *root)
{
    char text[128];
    if (cct_sysroot_read(root, "sys/hypervisor/uuid", text, sizeof text) > 0 &&
        strncasecmp(text, "ec2", 3) == 0)
        return true;
    cct_cloud_dmi(root, "product_version", text, sizeof text);
    size_t n = strlen(text);
    return n > 7 && strcmp(text + n - 7, ".amazon") == 0;
}

static void look(const struct cct_sysroot *root, struct cct_cloud *out)
{
    char text[128];
    cct_cloud_dmi(root, "product_name", text, sizeof text);
    cct_cloud_keep(&out->instance_type, text, strlen(text), "[a-z]*[0-9a-z].*", CCT_CLOUD_DMI);
}

const struct cct_cloud_driver cct_cloud_aws = {
    .provider = "aws",
    .recognise = recognise,
    .look = look,
};
