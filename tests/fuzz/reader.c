/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a stream. The first byte chooses the longest line and the size of the pieces in
 * which the rest arrives; lines and numbers must be those of a plain split. */
#include "fuzz.h"

#include "record/io.h"

#include <string.h>
#include <sys/socket.h>

enum { MOST_PACKETS = 150 };

struct expected {
    const char *p, *end;
    uint64_t lineno;
    size_t max_line;
};

static bool blank(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != ' ' && p[i] != '\t' && p[i] != '\r')
            return false;
    return true;
}

/* The next line of a plain split that is not blank; false at the end. */
static bool next_expected(struct expected *e, const char **line, size_t *len)
{
    while (e->p < e->end) {
        const char *nl = memchr(e->p, '\n', (size_t)(e->end - e->p));
        *line = e->p;
        *len = (size_t)((nl ? nl : e->end) - e->p);
        e->p = nl ? nl + 1 : e->end;
        if (++e->lineno == 1 && *len >= 3 && memcmp(*line, "\xef\xbb\xbf", 3) == 0) {
            *line += 3;
            *len -= 3;
        }
        if (*len > e->max_line || !blank(*line, *len))
            return true;
    }
    return false;
}

static void compare(struct cct_reader *reader, struct expected *want)
{
    const char *line, *want_line;
    size_t len, want_len;
    struct cct_err err;
    enum cct_read got;
    while ((got = cct_reader_next(reader, &line, &len, &err)) != CCT_READ_END) {
        FUZZ_ASSERT(got != CCT_READ_FAILED && next_expected(want, &want_line, &want_len));
        FUZZ_ASSERT(reader->lineno == want->lineno);
        FUZZ_ASSERT((got == CCT_READ_BAD) == (want_len > want->max_line));
        if (got == CCT_READ_LINE)
            FUZZ_ASSERT(len == want_len && memcmp(line, want_line, len) == 0);
    }
    FUZZ_ASSERT(!next_expected(want, &want_line, &want_len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_reader reader;
    int pair[2];
    if (size < 2)
        return 0;
    size_t max_line = (size_t)(data[0] & 15) * 3 + 1;
    const char *p = (const char *)data + 1;
    size_t n = size - 1;
    size_t chunk = (size_t)(data[0] >> 4) + 1;
    if (n / chunk > MOST_PACKETS)
        chunk = n / MOST_PACKETS + 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair))
        return 0;
    for (size_t at = 0; at < n; at += chunk)
        FUZZ_ASSERT(send(pair[1], p + at, n - at < chunk ? n - at : chunk, MSG_DONTWAIT) > 0);
    close(pair[1]);
    cct_reader_init(&reader, pair[0]);
    reader.max_line = max_line;
    struct expected want = {.p = p, .end = p + n, .max_line = max_line};
    compare(&reader, &want);
    cct_reader_done(&reader);
    close(pair[0]);
    return 0;
}
