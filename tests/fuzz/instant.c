/* SPDX-License-Identifier: Apache-2.0
 * Any text as an instant and as a duration; what was read is written and read back. */
#include "fuzz.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/sysroot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int64_t utc_ms, again, ns;
    uint64_t number;
    char text[CCT_INSTANT_LEN + 1];
    cct_auto_buf copy = {0};
    if (cct_instant_parse((const char *)data, size, &utc_ms) == 0) {
        cct_instant_format(text, utc_ms);
        FUZZ_ASSERT(cct_instant_parse(text, CCT_INSTANT_LEN, &again) == 0 && again == utc_ms);
    }
    cct_buf_add(&copy, data, size);
    if (cct_duration_parse(cct_buf_str(&copy), &ns) == 0)
        FUZZ_ASSERT(ns >= 0);
    (void)cct_parse_u64(copy.data, &number);
    return 0;
}
