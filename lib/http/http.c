/* SPDX-License-Identifier: Apache-2.0
 * Requests by libcurl's easy interface. */
#include "http/http.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "transfer.h"
#include "url.h"

#include <curl/curl.h>

#define MAX_REDIRECTS 5

struct cct_http {
    CURL *curl; /* NULL before the first request */
    char message[CURL_ERROR_SIZE];
};

/* One request on its way. */
struct job {
    const struct cct_http_request *request;
    struct cct_http_transfer transfer;
    const char *url;
    bool with_headers;
    int64_t deadline_mono_ns;
};

struct cct_http *cct_http_new(void)
{
    return cct_xcalloc(1, sizeof(struct cct_http));
}

void cct_http_free(struct cct_http *http)
{
    if (http && http->curl) {
        curl_easy_cleanup(http->curl);
        curl_global_cleanup();
    }
    free(http);
}

static int ready(struct cct_http *http, struct cct_err *err)
{
    if (http->curl) {
        curl_easy_reset(http->curl); /* connections stay */
        return 0;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return cct_fail(err, CCT_OSERR, "libcurl does not start");
    http->curl = curl_easy_init();
    if (http->curl)
        return 0;
    curl_global_cleanup();
    return cct_fail(err, CCT_OSERR, "libcurl does not start");
}

/* A header that holds a line break would be two. */
static bool header_ok(const char *header)
{
    for (const char *p = header; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            return false;
    return strchr(header, ':') != NULL;
}

static bool may_send(const struct cct_http_request *request)
{
    for (const char *const *h = request->headers; h && *h; h++)
        if (!header_ok(*h))
            return false;
    return cct_http_url_ok(request->url);
}

/* What libcurl would add by itself and nobody asked for is left out. */
static struct curl_slist *header_list(const struct job *job)
{
    const char *const *own = job->with_headers ? job->request->headers : NULL;
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    bool typed = false;
    for (; own && *own; own++) {
        typed |= strncasecmp(*own, "Content-Type:", 13) == 0;
        list = curl_slist_append(list, *own);
    }
    return typed ? list : curl_slist_append(list, "Content-Type:");
}

static int64_t left_ms(const struct job *job)
{
    int64_t ms = (job->deadline_mono_ns - cct_mono_ns()) / CCT_NS_PER_MS;
    return ms > 1 ? ms : 1;
}

static CURLcode only_http(CURL *curl)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    return curl_easy_setopt(curl, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

static void set_what(CURL *curl, const struct job *job)
{
    const struct cct_http_request *request = job->request;
    curl_easy_setopt(curl, CURLOPT_URL, job->url);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "cct/" CCT_VERSION);
    bool plain = !request->method || strcmp(request->method, "GET") == 0 ||
                 strcmp(request->method, "HEAD") == 0;
    if (!plain || request->body_len) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body_len ? request->body : "");
    }
    if (request->method && strcmp(request->method, "HEAD") == 0)
        curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    else if (request->method)
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static void set_limits(CURL *curl, const struct job *job)
{
    const struct cct_http_request *request = job->request;
    int64_t left = left_ms(job);
    int64_t connect = request->connect_timeout_ms ? request->connect_timeout_ms : 5000;
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)(connect < left ? connect : left));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)left);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)job->transfer.max_bytes);
    if (request->direct)
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
#if LIBCURL_VERSION_NUM >= 0x075700
    /* A name look-up that hangs is left behind, not waited for. */
    curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static void set_receivers(struct cct_http *http, struct job *job)
{
    http->message[0] = '\0';
    curl_easy_setopt(http->curl, CURLOPT_ERRORBUFFER, http->message);
    curl_easy_setopt(http->curl, CURLOPT_WRITEFUNCTION, cct_http_on_body);
    curl_easy_setopt(http->curl, CURLOPT_WRITEDATA, &job->transfer);
    curl_easy_setopt(http->curl, CURLOPT_HEADERFUNCTION, cct_http_on_header);
    curl_easy_setopt(http->curl, CURLOPT_HEADERDATA, &job->transfer);
}

static enum cct_http_fault classify(CURLcode code, const struct job *job)
{
    static const struct {
        CURLcode code;
        enum cct_http_fault fault;
    } faults[] = {
        {CURLE_OPERATION_TIMEDOUT, CCT_HTTP_TIMEOUT},
        {CURLE_FILESIZE_EXCEEDED, CCT_HTTP_TOO_LARGE},
        {CURLE_SSL_CONNECT_ERROR, CCT_HTTP_TLS},
        {CURLE_PEER_FAILED_VERIFICATION, CCT_HTTP_TLS},
        {CURLE_SSL_CERTPROBLEM, CCT_HTTP_TLS},
        {CURLE_SSL_CIPHER, CCT_HTTP_TLS},
        {CURLE_SSL_CACERT_BADFILE, CCT_HTTP_TLS},
        {CURLE_SSL_ISSUER_ERROR, CCT_HTTP_TLS},
        {CURLE_UNSUPPORTED_PROTOCOL, CCT_HTTP_GARBLED},
        {CURLE_WEIRD_SERVER_REPLY, CCT_HTTP_GARBLED},
        {CURLE_PARTIAL_FILE, CCT_HTTP_GARBLED},
        {CURLE_RECV_ERROR, CCT_HTTP_UNREACHABLE},
        {CURLE_BAD_CONTENT_ENCODING, CCT_HTTP_GARBLED},
        {CURLE_HTTP2, CCT_HTTP_GARBLED},
        {CURLE_HTTP2_STREAM, CCT_HTTP_GARBLED},
    };
    if (job->transfer.too_large)
        return CCT_HTTP_TOO_LARGE;
    for (size_t i = 0; i < CCT_LEN(faults); i++)
        if (faults[i].code == code)
            return faults[i].fault;
    return CCT_HTTP_UNREACHABLE;
}

static int code_of(enum cct_http_fault fault)
{
    if (fault == CCT_HTTP_REFUSED)
        return CCT_CONFIG;
    return fault == CCT_HTTP_TOO_LARGE || fault == CCT_HTTP_GARBLED ? CCT_DATAERR : CCT_UNAVAILABLE;
}

static int failed(struct job *job, enum cct_http_fault fault, const char *why, struct cct_err *err)
{
    struct cct_http_reply *reply = job->transfer.reply;
    char url[160], text[96];
    size_t n = 0;
    for (; why[n] && n < sizeof text - 1; n++)
        text[n] = why[n] >= ' ' && why[n] <= '~' ? why[n] : '?';
    text[n] = '\0';
    cct_http_url_shown(job->url, url, sizeof url);
    reply->fault = fault;
    reply->status = 0;
    reply->body.len = reply->headers.len = 0;
    return cct_fail(err, code_of(fault), "%s: %s", url, text);
}

static int transfer_failed(const struct cct_http *http, struct job *job, CURLcode code,
                           struct cct_err *err)
{
    enum cct_http_fault fault = classify(code, job);
    if (fault == CCT_HTTP_TIMEOUT)
        return failed(job, fault, "no answer in time", err);
    if (fault == CCT_HTTP_TOO_LARGE)
        return failed(job, fault, "the answer is too large", err);
    return failed(job, fault, http->message[0] ? http->message : curl_easy_strerror(code), err);
}

/* One exchange with job->url. No SIGALRM is needed where libcurl looks names up in a thread, and
 * with its signal handling left on it ignores SIGPIPE while it writes. */
static int exchange(struct cct_http *http, struct job *job, struct cct_err *err)
{
    struct cct_http_reply *reply = job->transfer.reply;
    struct curl_slist *headers = header_list(job);
    reply->body.len = reply->headers.len = 0;
    if (ready(http, err)) {
        reply->fault = CCT_HTTP_UNREACHABLE;
        curl_slist_free_all(headers);
        return -1;
    }
    set_what(http->curl, job);
    set_limits(http->curl, job);
    set_receivers(http, job);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode code = only_http(http->curl);
    if (!code)
        code = curl_easy_perform(http->curl);
    long status = 0;
    curl_easy_getinfo(http->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_setopt(http->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (code)
        return transfer_failed(http, job, code, err);
    reply->status = (int)status;
    return 0;
}

/* Where the reply sends us, or NULL. Owned by the caller */
static char *target(const struct cct_http *http, const struct job *job)
{
    const char *method = job->request->method;
    char *to = NULL;
    if (!job->request->redirects || job->request->body_len ||
        (method && strcmp(method, "GET") != 0))
        return NULL;
    curl_easy_getinfo(http->curl, CURLINFO_REDIRECT_URL, &to);
    return to ? cct_xstrdup(to) : NULL;
}

static int follow(struct cct_http *http, struct job *job, struct cct_err *err)
{
    cct_auto_free char *at = cct_xstrdup(job->url);
    for (int hops = 0;; hops++) {
        char *to = target(http, job);
        if (!to)
            return 0;
        bool bad = cct_http_downgrades(at, to);
        job->with_headers &= cct_http_same_origin(at, to);
        free(at);
        job->url = at = to;
        if (hops == MAX_REDIRECTS || bad)
            return failed(job, CCT_HTTP_GARBLED,
                          bad ? "redirected from https to less" : "redirected again and again",
                          err);
        if (exchange(http, job, err))
            return -1;
    }
}

int cct_http_send(struct cct_http *http, const struct cct_http_request *request,
                  struct cct_http_reply *reply, struct cct_err *err)
{
    int64_t timeout_ms = request->timeout_ms ? request->timeout_ms : 30000;
    struct job job = {
        .request = request,
        .transfer = {.reply = reply,
                     .max_bytes = request->max_bytes ? request->max_bytes : 1048576},
        .url = request->url,
        .with_headers = true,
        .deadline_mono_ns = cct_mono_ns() + timeout_ms * CCT_NS_PER_MS,
    };
    reply->fault = CCT_HTTP_NONE;
    reply->status = 0;
    if (!may_send(request))
        return failed(&job, CCT_HTTP_REFUSED, "such a request is not sent", err);
    if (exchange(http, &job, err))
        return -1;
    return follow(http, &job, err);
}
