/* SPDX-License-Identifier: Apache-2.0
 * The place of each host of a stream. */
#include "base/alloc.h"
#include "meter.h"

#include <search.h>
#include <string.h>

struct host {
    struct cct_buf name;
    struct cct_spot spot;
};

static int by_name(const void *a, const void *b)
{
    const struct host *p = a, *q = b;
    if (p->name.len != q->name.len)
        return p->name.len < q->name.len ? -1 : 1;
    return p->name.len ? memcmp(p->name.data, q->name.data, p->name.len) : 0;
}

static bool is_last(const struct cct_hosts *hosts, struct cct_value name)
{
    return hosts->has_last && hosts->last.len == name.text.len &&
           (!name.text.len || !memcmp(hosts->last.data, name.text.p, name.text.len));
}

static struct cct_spot *remember(struct cct_hosts *hosts, struct cct_value name, struct host *host)
{
    hosts->has_last = true;
    hosts->last.len = 0;
    cct_buf_add(&hosts->last, name.text.p, name.text.len);
    return hosts->last_spot = host ? &host->spot : NULL;
}

struct cct_spot *cct_hosts_find(struct cct_hosts *hosts, struct cct_value name)
{
    if (is_last(hosts, name))
        return hosts->last_spot;
    struct host key = {0};
    cct_value_string(name, &key.name);
    struct host *const *found = tfind(&key, &hosts->tree, by_name);
    cct_buf_free(&key.name);
    return remember(hosts, name, found ? *found : NULL);
}

struct cct_spot *cct_hosts_get(struct cct_hosts *hosts, struct cct_value name)
{
    struct cct_spot *spot = cct_hosts_find(hosts, name);
    if (spot)
        return spot;
    struct host *host = cct_xcalloc(1, sizeof *host);
    cct_value_string(name, &host->name);
    if (!tsearch(host, &hosts->tree, by_name))
        cct_out_of_memory();
    return remember(hosts, name, host);
}

static void free_host(void *node)
{
    struct host *host = node;
    cct_buf_free(&host->name);
    free(host);
}

void cct_hosts_free(struct cct_hosts *hosts)
{
    tdestroy(hosts->tree, free_host);
    cct_buf_free(&hosts->last);
}
