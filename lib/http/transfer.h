/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "http/http.h"

/* What libcurl hands over while a reply comes in. */
struct cct_http_transfer {
    struct cct_http_reply *reply;
    size_t max_bytes;
    bool too_large;
};

/* libcurl's callbacks for the body and the header lines; ctx is a cct_http_transfer. */
size_t cct_http_on_body(char *bytes, size_t size, size_t count, void *ctx);
size_t cct_http_on_header(char *bytes, size_t size, size_t count, void *ctx);
