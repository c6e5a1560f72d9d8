/* SPDX-License-Identifier: Apache-2.0
 * URLs, taken apart by libcurl, so that nobody reads them differently than it does. */
#include "url.h"

#include "http/http.h"

#include <curl/curl.h>
#include <string.h>

struct parts {
    char scheme[8], host[256], port[8], path[128];
};

static void part(CURLU *url, CURLUPart which, char *out, size_t cap)
{
    char *text = NULL;
    out[0] = '\0';
    if (!curl_url_get(url, which, &text, CURLU_DEFAULT_PORT))
        snprintf(out, cap, "%s", text);
    curl_free(text);
}

static bool split(const char *text, struct parts *parts)
{
    CURLU *url = curl_url();
    bool good = url && !curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);
    if (good) {
        part(url, CURLUPART_SCHEME, parts->scheme, sizeof parts->scheme);
        part(url, CURLUPART_HOST, parts->host, sizeof parts->host);
        part(url, CURLUPART_PORT, parts->port, sizeof parts->port);
        part(url, CURLUPART_PATH, parts->path, sizeof parts->path);
        good =
            parts->host[0] && (!strcmp(parts->scheme, "http") || !strcmp(parts->scheme, "https"));
    }
    curl_url_cleanup(url);
    return good;
}

bool cct_http_url_ok(const char *url)
{
    struct parts parts;
    for (const char *p = url; *p; p++)
        if (*p <= ' ' || *p > '~')
            return false;
    return split(url, &parts);
}

static bool has_own_port(const struct parts *parts)
{
    return strcmp(parts->port, strcmp(parts->scheme, "http") ? "443" : "80") != 0;
}

void cct_http_url_shown(const char *url, char *out, size_t cap)
{
    struct parts parts;
    if (!cct_http_url_ok(url) || !split(url, &parts))
        snprintf(out, cap, "(not a URL of http or https)");
    else
        snprintf(out, cap, "%s://%.80s%s%s%s", parts.scheme, parts.host,
                 has_own_port(&parts) ? ":" : "", has_own_port(&parts) ? parts.port : "",
                 parts.path);
}

bool cct_http_same_origin(const char *a, const char *b)
{
    struct parts p, q;
    return split(a, &p) && split(b, &q) && !strcmp(p.scheme, q.scheme) &&
           !strcasecmp(p.host, q.host) && !strcmp(p.port, q.port);
}

bool cct_http_downgrades(const char *a, const char *b)
{
    struct parts p, q;
    return !split(a, &p) || !split(b, &q) ||
           (!strcmp(p.scheme, "https") && strcmp(q.scheme, "https") != 0);
}
