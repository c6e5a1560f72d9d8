/* SPDX-License-Identifier: Apache-2.0
 * OpenStack, of anybody. Naver Cloud's machines cannot be told from it by a documented DMI string:
 * they lack the EC2-like names and answer to regionCode. */
#include "driver.h"

static int ask(struct cct_cloud_call *call, struct cct_cloud *out, struct cct_err *err)
{
    struct cct_cloud naver = {0};
    int status = call->reply.status;
    bool refused = status == 401 || status == 403 || status == 404;
    if (!refused || out->zone.text[0] || out->instance_type.text[0])
        return -1;
    call->row = cct_cloud_row("naver");
    int failed = cct_cloud_ask(call, &naver, err);
    if (!naver.region.text[0])
        return -1;
    snprintf(naver.provider.text, sizeof naver.provider.text, "naver");
    naver.provider.from = CCT_CLOUD_METADATA;
    *out = naver;
    return failed;
}

const struct cct_cloud_driver cct_cloud_openstack = {.provider = "openstack", .ask = ask};
