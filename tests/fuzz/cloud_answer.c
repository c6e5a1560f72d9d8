/* SPDX-License-Identifier: Apache-2.0
 * Answers of a metadata service, from anybody. The first byte chooses the cloud. */
#include "fuzz.h"

#include "cloud/driver.h"

#include <string.h>

static void check(const struct cct_cloud_fact *fact)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:";
    FUZZ_ASSERT(memchr(fact->text, '\0', sizeof fact->text));
    FUZZ_ASSERT(fact->text[strspn(fact->text, allowed)] == '\0');
    FUZZ_ASSERT(!fact->text[0] == (fact->from == CCT_CLOUD_UNKNOWN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_cloud cloud = {0};
    struct cct_err err;
    char token[64];
    if (!size)
        return 0;
    const struct cct_fact_cloud *row = &cct_fact_clouds[data[0] % cct_fact_clouds_count];
    const char *body = (const char *)data + 1;
    size_t len = size - 1;
    (void)!cct_cloud_document(row, body, len, &cloud, &err);
    check(&cloud.region);
    check(&cloud.zone);
    check(&cloud.instance_type);
    struct cct_cloud_fact zone = {0};
    (void)!cct_cloud_text(body, len, row->zone_like, &zone, &err);
    check(&zone);
    cct_cloud_region_of_zone(row, &cloud);
    check(&cloud.region);
    if (cct_cloud_token(body, len, token, sizeof token))
        FUZZ_ASSERT(token[0] && !strpbrk(token, " \r\n<"));
    return 0;
}
