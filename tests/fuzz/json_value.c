/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as the key and the strings of a new record: what the writer makes must scan, and valid
 * UTF-8 must come back as it was. */
#include "fuzz.h"

#include "base/alloc.h"
#include "record/write.h"

#include <math.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    cct_auto_buf out = {0};
    cct_auto_buf back = {0};
    const char *bytes = (const char *)data;
    cct_auto_free char *text = cct_xstrndup(bytes ? bytes : "", size);
    double v = 0;
    if (size)
        memcpy(&v, data, size < sizeof v ? size : sizeof v);
    struct cct_json json = {.out = &out};
    cct_json_open(&json, NULL, '{');
    cct_json_open(&json, "o", '{');
    cct_json_string(&json, text, text);
    cct_json_close(&json, '}');
    cct_json_bytes(&json, "bytes", bytes ? bytes : "", size);
    cct_json_string(&json, "text", text);
    cct_json_double(&json, "number", v);
    cct_json_int(&json, "whole", (int64_t)size);
    cct_json_close(&json, '}');
    if (cct_rec_scan(&rec, out.data, out.len, &err)) {
        fprintf(stderr, "%s\n%s\n", cct_buf_str(&out), err.msg);
        abort();
    }
    FUZZ_ASSERT(rec.count == (isfinite(v) ? 5 : 4));
    FUZZ_ASSERT(cct_value_string(cct_rec_get(&rec, "bytes"), &back));
    FUZZ_ASSERT(back.len >= size);
    if (back.len == size && size)
        FUZZ_ASSERT(memcmp(back.data, bytes, size) == 0 || memchr(bytes, '\xef', size));
    cct_rec_free(&rec);
    return 0;
}
