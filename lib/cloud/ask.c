/* SPDX-License-Identifier: Apache-2.0
 * One call of a metadata service, as its row says. */
#include "base/clock.h"
#include "driver.h"

#include <string.h>

#define CONNECT_MS 200
#define MAX_BYTES  262144

/* 0: status 200. */
static int request(struct cct_cloud_call *call, const char *method, const char *path,
                   const char *const *headers, struct cct_err *err)
{
    char url[512];
    int64_t left_ms = (call->deadline_mono_ns - cct_mono_ns()) / CCT_NS_PER_MS;
    struct cct_http_request request = {
        .method = method,
        .url = url,
        .headers = headers,
        .connect_timeout_ms = CONNECT_MS,
        .timeout_ms = left_ms,
        .max_bytes = MAX_BYTES,
        .direct = true,
    };
    if (snprintf(url, sizeof url, "%s%s", call->base, path) >= (int)sizeof url)
        return cct_fail(err, CCT_CONFIG, "its URL is too long");
    if (left_ms <= 0)
        return cct_fail(err, CCT_UNAVAILABLE, "no answer in time");
    if (cct_http_send(call->http, &request, &call->reply, err))
        return -1;
    if (call->reply.status != 200)
        return cct_fail(err, CCT_UNAVAILABLE, "%s answers %d", path, call->reply.status);
    return 0;
}

/* A service that has no tokens is asked without; one that cannot be reached is not asked again. */
static int fetch_token(struct cct_cloud_call *call, struct cct_err *err)
{
    const struct cct_fact_cloud *row = call->row;
    const char *const headers[] = {row->token_ttl, NULL};
    char token[1024];
    if (!row->token_path[0] || call->token[0])
        return 0;
    if (request(call, "PUT", row->token_path, headers, err))
        return call->reply.status ? 0 : -1;
    if (!cct_cloud_token(call->reply.body.data, call->reply.body.len, token, sizeof token))
        return cct_fail(err, CCT_DATAERR, "its token is nonsense");
    snprintf(call->token, sizeof call->token, "%s: %s", row->token_header, token);
    return 0;
}

/* Whoever answers must say who he is, where the row knows how. */
static int check_sender(const struct cct_cloud_call *call, struct cct_err *err)
{
    char name[64], value[64];
    const char *wanted = call->row->reply_header;
    size_t n = strcspn(wanted, ":");
    if (!*wanted)
        return 0;
    snprintf(name, sizeof name, "%.*s", (int)n, wanted);
    if (cct_http_header(&call->reply, name, value, sizeof value) && !strcmp(value, wanted + n + 2))
        return 0;
    return cct_fail(err, CCT_DATAERR, "its answer lacks the header %s", wanted);
}

static int get(struct cct_cloud_call *call, const char *path, struct cct_err *err)
{
    const char *const all[] = {call->row->header, call->token};
    const char *headers[3] = {0};
    size_t n = 0;
    for (size_t i = 0; i < CCT_LEN(all); i++)
        if (all[i][0])
            headers[n++] = all[i];
    return request(call, NULL, path, headers, err) ? -1 : check_sender(call, err);
}

/* What single paths told. */
struct texts {
    bool gone;     /* it makes no sense to ask on */
    bool nonsense; /* whoever answers is no metadata service */
};

static int get_text(struct cct_cloud_call *call, const char *path, const char *like,
                    struct cct_cloud_fact *fact, struct texts *texts, struct cct_err *err)
{
    if (*path != '/' || texts->gone)
        return 0;
    if (get(call, path, err)) {
        texts->gone = call->reply.status != 404;
        texts->nonsense |= call->reply.status == 200;
        return -1;
    }
    if (!cct_cloud_text(call->reply.body.data, call->reply.body.len, like, fact, err))
        return 0;
    texts->gone = texts->nonsense = true;
    return -1;
}

static bool same(const struct cct_cloud_fact *a, const struct cct_cloud_fact *b)
{
    return a->text[0] && strcmp(a->text, b->text) == 0;
}

static void forget(struct cct_cloud_fact *fact)
{
    if (fact->from == CCT_CLOUD_METADATA)
        *fact = (struct cct_cloud_fact){0};
}

/* A captive portal gives one answer to everything: then nothing of it is kept. */
static int get_texts(struct cct_cloud_call *call, struct cct_cloud *out, struct cct_err *err)
{
    const struct cct_fact_cloud *row = call->row;
    struct texts texts = {0};
    int failed = get_text(call, row->region, row->region_like, &out->region, &texts, err);
    failed |= get_text(call, row->zone, row->zone_like, &out->zone, &texts, err);
    failed |= get_text(call, row->instance_type, row->type_like, &out->instance_type, &texts, err);
    bool portal = same(&out->region, &out->zone) || same(&out->zone, &out->instance_type);
    if (!portal && !texts.nonsense)
        return failed;
    forget(&out->region);
    forget(&out->zone);
    forget(&out->instance_type);
    return portal ? cct_fail(err, CCT_DATAERR, "it answers everything alike") : failed;
}

int cct_cloud_ask(struct cct_cloud_call *call, struct cct_cloud *out, struct cct_err *err)
{
    const struct cct_fact_cloud *row = call->row;
    int failed = 0;
    if (fetch_token(call, err))
        return -1;
    if (!row->document[0]) {
        failed = get_texts(call, out, err);
    } else {
        if (get(call, row->document, err))
            return -1;
        failed = cct_cloud_document(row, call->reply.body.data, call->reply.body.len, out, err);
    }
    cct_cloud_region_of_zone(row, out);
    return failed;
}
