/* SPDX-License-Identifier: Apache-2.0
 * One request, one reply, over http or https and nothing else. The only room that knows libcurl.
 * Nothing of libcurl is initialised before the first request, so a program that makes none pays
 * for its loading alone. One handle serves one thread and keeps connections open between requests
 * to one place. Proxies are those of libcurl's variables (https_proxy, no_proxy, ...), certificates
 * those of the system. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why there is no reply. */
enum cct_http_fault {
    CCT_HTTP_NONE,        /* there is one, whatever its status */
    CCT_HTTP_REFUSED,     /* not sent: the URL or a header is not one that may be sent */
    CCT_HTTP_UNREACHABLE, /* no such name, no route, refused, closed before the reply */
    CCT_HTTP_TIMEOUT,
    CCT_HTTP_TLS, /* no trust in who answered */
    CCT_HTTP_TOO_LARGE,
    CCT_HTTP_GARBLED, /* not HTTP, cut short, or redirected in a circle */
};

struct cct_http_request {
    const char *method;         /* NULL: GET, or POST with a body */
    const char *url;            /* http:// or https:// */
    const char *const *headers; /* "Name: value", NULL-terminated; NULL: none */
    const void *body;
    size_t body_len;
    int64_t connect_timeout_ms; /* name look-up included; 0: 5 s */
    int64_t timeout_ms;         /* of everything; 0: 30 s */
    size_t max_bytes;           /* of the body; 0: 1 MiB */
    /* Follow up to five redirects of a GET; never from https to http, and no header of the
     * request goes to another host than the first. */
    bool redirects;
    bool direct; /* ask no proxy, whatever the environment says */
};

/* Zero-initialise it; it may be used again. */
struct cct_http_reply {
    int status; /* 200, 404, ...; 0 when there is no reply */
    enum cct_http_fault fault;
    struct cct_buf headers; /* private: the lines of the last reply */
    struct cct_buf body;    /* empty unless there is a reply */
};

struct cct_http; /* opaque */

struct cct_http *cct_http_new(void);
void cct_http_free(struct cct_http *http);
/* 0: there is a reply, look at its status. -1: reply->fault says of what kind, err in words: the
 * method, scheme, host and path are named, never the query, a header or a password; the code is
 * CCT_UNAVAILABLE, CCT_DATAERR (too large, garbled) or CCT_CONFIG (refused). */
int cct_http_send(struct cct_http *http, const struct cct_http_request *request,
                  struct cct_http_reply *reply, struct cct_err *err) cct_must_check;
/* The value of a header, case of the name aside, the first if there are several; false when it is
 * not there or does not fit. */
bool cct_http_header(const struct cct_http_reply *reply, const char *name, char *out, size_t cap);
void cct_http_reply_free(struct cct_http_reply *reply);
/* Whether url is http or https with a host, and printable ASCII: what a request may name. */
bool cct_http_url_ok(const char *url);

#define cct_auto_http_reply __attribute__((cleanup(cct_http_reply_free))) struct cct_http_reply
