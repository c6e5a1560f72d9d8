/* SPDX-License-Identifier: Apache-2.0
 * Which cloud this machine is of, where it stands in it, and what type it is: by the machine's own
 * DMI strings first, and only where these name a cloud by one call of its metadata service. What
 * differs from cloud to cloud is a row of facts/cloud_detect.csv, and where a row does not do, a
 * file cloud/NAME.c listed in lib/meson.build. */
#pragma once

#include "base/log.h"
#include "base/sysroot.h"

#include <stdbool.h>

enum cct_cloud_from { CCT_CLOUD_UNKNOWN, CCT_CLOUD_DMI, CCT_CLOUD_METADATA };

/* "dmi", "metadata", or NULL for what is not known. */
const char *cct_cloud_from_name(enum cct_cloud_from from);

/* One thing known, and from where. */
struct cct_cloud_fact {
    char text[64]; /* letters, digits and - . _ : only; "" when not known */
    enum cct_cloud_from from;
};

struct cct_cloud {
    struct cct_cloud_fact provider, region, zone, instance_type;
};

struct cct_cloud_options {
    const struct cct_sysroot *root;
    /* May ask the metadata service. Of a captured machine it is asked only at metadata_url: that of
     * this machine knows nothing of it. */
    bool network;
    const char *metadata_url; /* http://HOST:PORT instead of the cloud's own; NULL: the cloud's */
};

/* Fills out; nothing is an error, unknown stays unknown. A metadata service that is silent for
 * 200 ms (connecting) or a second (in all), or answers nonsense, is one warning. */
void cct_cloud_find(const struct cct_cloud_options *options, struct cct_cloud *out,
                    const struct cct_log *log);
/* Whether text may be metadata_url. */
bool cct_cloud_url_ok(const char *text);
