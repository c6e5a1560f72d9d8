/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What of a URL may be told to a person: scheme, host, port and path. The rest may hold keys. */
void cct_http_url_shown(const char *url, char *out, size_t cap);
/* Both lead to the same scheme, host and port. */
bool cct_http_same_origin(const char *a, const char *b);
/* b would be sent in the clear where a was not. */
bool cct_http_downgrades(const char *a, const char *b);
