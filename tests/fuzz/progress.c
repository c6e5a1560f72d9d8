/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a training's log: the first byte chooses the format and the size of the pieces. The
 * records must be strict JSON of the right kind, and the same as when the log comes whole. */
#include "fuzz.h"

#include "progress/progress.h"
#include "record/scan.h"

#include <math.h>
#include <string.h>

static const char *const formats[] = {NULL,    "json",    "hf",       "lightning", "tqdm",
                                      "keras", "xgboost", "lightgbm", "sklearn",   "kv"};

static void read_log(const char *format, const char *pattern, const char *log, size_t n,
                     size_t piece, struct cct_buf *out)
{
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA", .host = "h"};
    struct cct_progress_options options = {
        .format = format, .pattern = pattern, .epochs = NAN, .stamp = &stamp};
    struct cct_progress_time still = {.utc_ms = 0, .mono_ns = -1};
    struct cct_err err;
    struct cct_progress *p = cct_progress_open(&options, &err);
    FUZZ_ASSERT(p);
    for (size_t at = 0; at < n; at += piece) {
        cct_progress_feed(p, log + at, n - at < piece ? n - at : piece, still, out);
        cct_progress_tick(p, still, out);
    }
    cct_progress_end(p, still, out);
    cct_progress_close(p);
}

static void check_records(const struct cct_buf *out)
{
    struct cct_rec rec = {0};
    struct cct_err err;
    const char *p = out->data, *end = out->data + out->len;
    while (p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        FUZZ_ASSERT(nl && cct_rec_scan(&rec, p, (size_t)(nl - p), &err) == 0);
        FUZZ_ASSERT(cct_rec_is(&rec, "cct.progress/1"));
        p = nl + 1;
    }
    cct_rec_free(&rec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cct_auto_buf pieces = {0};
    cct_auto_buf whole = {0};
    if (size < 2)
        return 0;
    const char *format = formats[data[0] % CCT_LEN(formats)];
    const char *pattern = data[0] & 128 ? "(?<epoch>\\d+)\\D(?<loss>\\S+)" : NULL;
    const char *log = (const char *)data + 1;
    read_log(format, pattern, log, size - 1, (size_t)(data[0] >> 4 & 7) + 1, &pieces);
    read_log(format, pattern, log, size - 1, size, &whole);
    FUZZ_ASSERT(pieces.len == whole.len);
    FUZZ_ASSERT(!whole.len || memcmp(pieces.data, whole.data, whole.len) == 0);
    check_records(&whole);
    return 0;
}
