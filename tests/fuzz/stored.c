/* SPDX-License-Identifier: Apache-2.0
 * Any bytes, once as a segment file, whose lines must be those of a plain split, and line by line
 * as records, which must come back from their stored form byte for byte. */
#include "fuzz.h"

#include "store/chunk.h"
#include "store/line.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void store_and_give_back(const char *line, size_t len)
{
    struct cct_rec rec = {0};
    struct cct_err err;
    cct_auto_buf out = {0};
    size_t record_len, already;
    if (cct_rec_scan(&rec, line, len, &err) == 0) {
        bool stored = cct_line_check(rec.line.p, rec.line.len, &already);
        cct_line_add(&out, &rec, (struct cct_span){0});
        FUZZ_ASSERT(cct_line_check(out.data, out.len - 1, &record_len));
        FUZZ_ASSERT(record_len == (stored ? already : rec.line.len));
        FUZZ_ASSERT(!memcmp(out.data, rec.line.p, record_len - 1));
    }
    cct_rec_free(&rec);
}

static void compare(struct cct_chunk *chunk, int fd, const char *p, size_t n)
{
    ssize_t got;
    do {
        char *line;
        size_t len, record_len;
        got = cct_chunk_fill(chunk, fd);
        FUZZ_ASSERT(got >= 0);
        while (cct_chunk_take(chunk, &line, &len) == CCT_TAKE_LINE) {
            FUZZ_ASSERT(len < n && !memcmp(p, line, len + 1) && !memchr(line, '\n', len));
            if (cct_line_check(line, len, &record_len))
                FUZZ_ASSERT(record_len > 1 && record_len < len);
            store_and_give_back(line, len);
            p += len + 1;
            n -= len + 1;
        }
    } while (got > 0);
    FUZZ_ASSERT(cct_chunk_rest(chunk) == n && !memchr(p, '\n', n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_chunk chunk = {.read_bytes = 16};
    int fd = memfd_create("segment", MFD_CLOEXEC);
    if (fd < 0)
        return 0;
    if (write(fd, data, size) == (ssize_t)size)
        compare(&chunk, fd, (const char *)data, size);
    cct_chunk_free(&chunk);
    close(fd);
    return 0;
}
