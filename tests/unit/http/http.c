/* SPDX-License-Identifier: Apache-2.0
 * The http room against a server in a process of its own, which answers every connection with the
 * bytes that a test gave and keeps what it was sent. */
#include "run.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "http/http.h"
#include "http/url.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

#define PLENTY 100000

/* Stands before the C library's for libcurl too: a resolver that is slow to say no. */
int getaddrinfo(const char *name cct_unused, const char *service cct_unused,
                const struct addrinfo *hints cct_unused, struct addrinfo **out)
{
    *out = NULL;
    sleep(20);
    return EAI_NONAME;
}

/* Answers may name this server's own port as @PORT@ and another one of it as @OTHER@. */
struct server {
    int port, other, seen_fd;
    pid_t pids[2];
    struct cct_http *http;
    struct cct_http_reply reply;
    struct cct_err err;
};

static int listener(int *port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    struct sockaddr *addr = (struct sockaddr *)(void *)&at;
    assert_int_equal(bind(fd, addr, len), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, addr, &len), 0);
    *port = ntohs(at.sin_port);
    return fd;
}

/* Reads to the end of the headers (and of a body of "BODY"). */
static void read_request(int fd, int seen_fd)
{
    char bytes[4096];
    size_t n = 0;
    while (n < sizeof bytes) {
        ssize_t got = read(fd, bytes + n, sizeof bytes - n);
        if (got <= 0)
            break;
        n += (size_t)got;
        if (bytes[0] == 0x16) /* a TLS handshake */
            break;
        bool post = memmem(bytes, n, "Content-Length: 4\r\n", 19) != NULL;
        if (memmem(bytes, n, post ? "\r\n\r\nBODY" : "\r\n\r\n", post ? 8 : 4))
            break;
    }
    assert_int_equal(cct_write_all(seen_fd, bytes, n), 0);
}

static void serve_one(int fd, int seen_fd, const char *answer, size_t len)
{
    if (fd < 0)
        return;
    read_request(fd, seen_fd);
    if (len)
        (void)!cct_write_all(fd, answer, len);
    else
        pause(); /* accepts and never answers */
    close(fd);
}

static void expand(struct cct_buf *out, const char *answer, int port, int other)
{
    for (const char *p = answer; *p; p++) {
        if (strncmp(p, "@PORT@", 6) == 0 || strncmp(p, "@OTHER@", 7) == 0) {
            bool own = p[1] == 'P';
            cct_buf_addf(out, "%d", own ? port : other);
            p += own ? 5 : 6;
        } else {
            cct_buf_addc(out, *p);
        }
    }
}

/* first is the answer on the first port, second that on the other. "": none. */
static void serve(struct server *s, const char *first, const char *second)
{
    *s = (struct server){.seen_fd = test_memfd("", 0), .http = cct_http_new()};
    int a = listener(&s->port);
    int b = listener(&s->other);
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < 2; i++) {
        s->pids[i] = fork();
        assert_true(s->pids[i] >= 0);
        if (s->pids[i])
            continue;
        struct cct_buf answer = {0};
        expand(&answer, i ? second : first, s->port, s->other);
        for (;;)
            serve_one(accept(i ? b : a, NULL, NULL), s->seen_fd, answer.data, answer.len);
    }
    close(a);
    close(b);
}

static void done(struct server *s, struct cct_buf *seen)
{
    cct_http_free(s->http);
    cct_http_reply_free(&s->reply);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kill(s->pids[i], SIGKILL), 0);
        assert_int_equal(waitpid(s->pids[i], NULL, 0), s->pids[i]);
    }
    test_slurp(s->seen_fd, seen);
    close(s->seen_fd);
}

static int get(struct server *s, struct cct_http_request request, const char *path)
{
    char url[256];
    snprintf(url, sizeof url, "http://user:hidden@127.0.0.1:%d%s", s->port, path);
    request.url = url;
    request.direct = true;
    request.timeout_ms = request.timeout_ms ? request.timeout_ms : 5000;
    return cct_http_send(s->http, &request, &s->reply, &s->err);
}

#define OK "HTTP/1.1 200 OK\r\nConnection: close\r\n"

TEST(a_reply_has_status_headers_and_body)
{
    struct server s;
    cct_auto_buf seen = {0};
    char value[16];
    static const char *const headers[] = {"X-Key: secret", NULL};
    serve(&s, OK "X-One:  1 \r\nx-two: 2\r\nContent-Length: 2\r\n\r\nhi", "");
    struct cct_http_request request = {
        .method = "PUT", .headers = headers, .body = "BODY", .body_len = 4};
    assert_int_equal(get(&s, request, "/a?b=c"), 0);
    assert_int_equal(s.reply.status, 200);
    assert_buf(s.reply.body, "hi");
    assert_true(cct_http_header(&s.reply, "x-ONE", value, sizeof value));
    assert_string_equal(value, "1");
    assert_true(cct_http_header(&s.reply, "X-Two", value, sizeof value));
    assert_false(cct_http_header(&s.reply, "X-T", value, sizeof value));
    assert_false(cct_http_header(&s.reply, "Connection", value, 3));
    request = (struct cct_http_request){0};
    assert_int_equal(get(&s, request, "/again"), 0);
    request.method = "HEAD";
    assert_int_equal(get(&s, request, "/head"), 0);
    assert_int_equal(s.reply.body.len, 0);
    done(&s, &seen);
    assert_non_null(strstr(seen.data, "PUT /a?b=c HTTP/1.1\r\n"));
    assert_non_null(strstr(seen.data, "X-Key: secret\r\n"));
    assert_non_null(strstr(seen.data, "User-Agent: cct/"));
    assert_non_null(strstr(seen.data, "GET /again HTTP/1.1\r\n"));
    assert_non_null(strstr(seen.data, "HEAD /head HTTP/1.1\r\n"));
    assert_null(strstr(seen.data, "Expect"));
    assert_null(strstr(seen.data, "Content-Type"));
}

/* What a person may read holds no secret. */
TEST(messages_hold_no_secret)
{
    struct server s;
    cct_auto_buf seen = {0};
    static const char *const headers[] = {"auth-token: sesame", NULL};
    serve(&s, "", "");
    struct cct_http_request request = {.headers = headers, .timeout_ms = 100};
    assert_int_equal(get(&s, request, "/v3/x?api_key=sesame"), -1);
    assert_int_equal(s.reply.fault, CCT_HTTP_TIMEOUT);
    assert_int_equal(s.err.code, CCT_UNAVAILABLE);
    assert_non_null(strstr(s.err.msg, "/v3/x: no answer in time"));
    assert_null(strstr(s.err.msg, "sesame"));
    assert_null(strstr(s.err.msg, "hidden"));
    done(&s, &seen);
}

static enum cct_http_fault fault_of(const char *answer, size_t max_bytes)
{
    struct server s;
    cct_auto_buf seen = {0};
    serve(&s, answer, "");
    struct cct_http_request request = {.max_bytes = max_bytes, .timeout_ms = 2000};
    assert_int_equal(get(&s, request, "/"), -1);
    assert_int_equal(s.reply.status, 0);
    assert_int_equal(s.reply.body.len, 0);
    enum cct_http_fault fault = s.reply.fault;
    done(&s, &seen);
    return fault;
}

TEST(faults_are_told_apart)
{
    cct_auto_buf big = {0};
    assert_int_equal(fault_of(OK "Content-Length: 100\r\n\r\nhi", 10), CCT_HTTP_TOO_LARGE);
    assert_int_equal(fault_of(OK "\r\n0123456789abcdef", 10), CCT_HTTP_TOO_LARGE);
    assert_int_equal(fault_of(OK "Content-Length: 100\r\n\r\nhi", 1000), CCT_HTTP_GARBLED);
    assert_int_equal(fault_of("SSH-2.0-OpenSSH\r\n", 10), CCT_HTTP_GARBLED);
    cct_buf_adds(&big, OK "X: ");
    for (int i = 0; i < PLENTY; i++)
        cct_buf_addc(&big, 'x');
    cct_buf_adds(&big, "\r\n\r\n");
    assert_int_equal(fault_of(cct_buf_str(&big), 10), CCT_HTTP_TOO_LARGE);
}

TEST(a_closed_port_is_unreachable)
{
    struct cct_http *http = cct_http_new();
    cct_auto_http_reply reply = {0};
    struct cct_err err;
    struct cct_http_request request = {.url = "http://127.0.0.1:1/x", .direct = true};
    assert_int_equal(cct_http_send(http, &request, &reply, &err), -1);
    assert_int_equal(reply.fault, CCT_HTTP_UNREACHABLE);
    assert_int_equal(err.code, CCT_UNAVAILABLE);
    cct_http_free(http);
}

TEST(a_name_that_is_looked_up_for_ever_ends_in_time)
{
    struct cct_http *http = cct_http_new();
    cct_auto_http_reply reply = {0};
    struct cct_err err;
    struct cct_http_request request = {
        .url = "http://metadata.example/", .direct = true, .connect_timeout_ms = 200};
    int64_t begin_mono_ns = cct_mono_ns();
    assert_int_equal(cct_http_send(http, &request, &reply, &err), -1);
    cct_http_free(http);
    assert_true(cct_mono_ns() - begin_mono_ns < 10 * CCT_NS_PER_S);
    assert_int_equal(reply.fault, CCT_HTTP_TIMEOUT);
}

TEST(no_trust_is_a_fault_of_its_own)
{
    struct server s;
    cct_auto_buf seen = {0};
    char url[64];
    serve(&s, "HTTP/1.1 400 Bad Request\r\n\r\n", "");
    snprintf(url, sizeof url, "https://127.0.0.1:%d/", s.port);
    struct cct_http_request request = {.url = url, .direct = true, .timeout_ms = 3000};
    assert_int_equal(cct_http_send(s.http, &request, &s.reply, &s.err), -1);
    assert_int_equal(s.reply.fault, CCT_HTTP_TLS);
    done(&s, &seen);
}

TEST(what_may_not_be_sent)
{
    static const char *const urls[] = {
        "file:///etc/passwd", "ftp://h/",          "gopher://h/1", "h:80", "", "http://",
        "http://a b/",        "http://h/\r\nX: y", "http://h/\xff"};
    static const char *const split[] = {"X: a\r\nY: b", NULL};
    static const char *const no_name[] = {"X", NULL};
    struct cct_http *http = cct_http_new();
    cct_auto_http_reply reply = {0};
    struct cct_err err;
    for (size_t i = 0; i < CCT_LEN(urls) + 2; i++) {
        struct cct_http_request request = {.url = "http://127.0.0.1:1/", .direct = true};
        if (i < CCT_LEN(urls))
            request.url = urls[i];
        else
            request.headers = i == CCT_LEN(urls) ? split : no_name;
        assert_int_equal(cct_http_send(http, &request, &reply, &err), -1);
        assert_int_equal(reply.fault, CCT_HTTP_REFUSED);
        assert_int_equal(err.code, CCT_CONFIG);
        assert_null(strpbrk(err.msg, "\r\n\xff"));
    }
    cct_http_free(http);
}

#define TO(where)                                                                                  \
    "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: " where "\r\n\r\n"

TEST(a_redirect_is_followed_only_when_asked_and_without_headers_to_others)
{
    struct server s;
    cct_auto_buf seen = {0};
    static const char *const headers[] = {"auth-token: sesame", NULL};
    struct cct_http_request request = {.headers = headers};
    serve(&s, TO("http://127.0.0.1:@OTHER@/there"), OK "Content-Length: 2\r\n\r\nhi");
    assert_int_equal(get(&s, request, "/here"), 0);
    assert_int_equal(s.reply.status, 302);
    request.redirects = true;
    assert_int_equal(get(&s, request, "/here"), 0);
    assert_int_equal(s.reply.status, 200);
    assert_buf(s.reply.body, "hi");
    done(&s, &seen);
    const char *there = strstr(seen.data, "GET /there");
    assert_non_null(there);
    assert_null(strstr(there, "sesame"));
    assert_non_null(strstr(seen.data, "auth-token: sesame"));
}

TEST(redirects_that_are_not_followed)
{
    struct cct_http_request request = {.redirects = true};
    static const char *const to[] = {TO("http://127.0.0.1:@PORT@/"), TO("file:///etc/passwd"),
                                     TO("gopher://127.0.0.1:@OTHER@/")};
    for (size_t i = 0; i < CCT_LEN(to); i++) {
        struct server s;
        cct_auto_buf seen = {0};
        serve(&s, to[i], OK "\r\n");
        assert_int_equal(get(&s, request, "/"), -1);
        assert_int_equal(s.reply.fault, CCT_HTTP_GARBLED);
        done(&s, &seen);
    }
}

TEST(origins)
{
    char shown[128];
    assert_true(cct_http_same_origin("http://h/a", "http://H:80/b"));
    assert_false(cct_http_same_origin("http://h/", "https://h/"));
    assert_false(cct_http_same_origin("http://h/", "http://h:81/"));
    assert_false(cct_http_same_origin("http://h/", "http://h.evil/"));
    assert_false(cct_http_same_origin("http://h/", "http://h@evil/"));
    assert_true(cct_http_downgrades("https://h/", "http://h/"));
    assert_false(cct_http_downgrades("http://h/", "http://h/"));
    cct_http_url_shown("https://u:p@h:444/a/b?k=v#f", shown, sizeof shown);
    assert_string_equal(shown, "https://h:444/a/b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_has_status_headers_and_body),
        cmocka_unit_test(messages_hold_no_secret),
        cmocka_unit_test(faults_are_told_apart),
        cmocka_unit_test(a_closed_port_is_unreachable),
        cmocka_unit_test(a_name_that_is_looked_up_for_ever_ends_in_time),
        cmocka_unit_test(no_trust_is_a_fault_of_its_own),
        cmocka_unit_test(what_may_not_be_sent),
        cmocka_unit_test(a_redirect_is_followed_only_when_asked_and_without_headers_to_others),
        cmocka_unit_test(redirects_that_are_not_followed),
        cmocka_unit_test(origins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
