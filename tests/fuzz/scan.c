/* SPDX-License-Identifier: Apache-2.0
 * Any bytes as a line: the scanner, every getter, and walks through all that it accepts. */
#include "fuzz.h"

#include "base/clock.h"
#include "record/scan.h"

#include <math.h>

static void walk(struct cct_value value, unsigned depth, struct cct_buf *scratch)
{
    FUZZ_ASSERT(depth <= CCT_MAX_DEPTH);
    FUZZ_ASSERT(value.text.len > 0 && value.type != CCT_ABSENT);
    int64_t whole;
    double number = cct_value_number(value);
    FUZZ_ASSERT(isfinite(number) == (value.type == CCT_NUMBER));
    if (cct_value_int64(value, &whole))
        FUZZ_ASSERT(fabs((double)whole - number) <= fabs(number) * 1e-15);
    scratch->len = 0;
    FUZZ_ASSERT(cct_value_string(value, scratch) == (value.type == CCT_STRING));
    FUZZ_ASSERT(scratch->len <= value.text.len);
    (void)cct_value_instant(value);
    (void)cct_value_equals(value, "cct");
    struct cct_iter it = cct_iter(value);
    while (cct_iter_next(&it)) {
        FUZZ_ASSERT(it.value.text.p > value.text.p);
        FUZZ_ASSERT(it.value.text.p + it.value.text.len < value.text.p + value.text.len);
        walk(it.value, depth + 1, scratch);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    cct_auto_buf scratch = {0};
    char copy[16];
    if (cct_rec_scan(&rec, (const char *)data, size, &err)) {
        FUZZ_ASSERT(err.code == CCT_DATAERR && err.msg[0]);
    } else {
        struct cct_iter it = cct_iter((struct cct_value){rec.line, CCT_OBJECT});
        for (size_t i = 0; i < rec.count; i++) {
            FUZZ_ASSERT(cct_iter_next(&it));
            FUZZ_ASSERT(it.value.text.p == rec.members[i].value.text.p);
            FUZZ_ASSERT(it.value.text.len == rec.members[i].value.text.len);
            FUZZ_ASSERT(it.value.type == rec.members[i].value.type);
            walk(it.value, 2, &scratch);
            (void)cct_value_copy(it.value, copy, sizeof copy);
            scratch.len = 0;
            cct_key_string(it.key, &scratch);
            if (!memchr(cct_buf_str(&scratch), '\0', scratch.len))
                FUZZ_ASSERT(cct_rec_get(&rec, scratch.data).text.p == it.value.text.p);
        }
        FUZZ_ASSERT(!cct_iter_next(&it));
        (void)cct_rec_is(&rec, "cct.sample/1");
    }
    cct_rec_free(&rec);
    return 0;
}
