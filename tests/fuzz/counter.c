/* SPDX-License-Identifier: Apache-2.0
 * A counter that does whatever it wants: the first 8 bytes are its range, then 8 bytes a reading, 2
 * of time (ms) and 6 of value. No step may tell more energy than such a part can draw. */
#include "fuzz.h"

#include "sensor/counter.h"

#include <string.h>

enum { WORD = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cct_counter c = {.tdp_w = 200};
    int64_t now_ns = 0;
    if (size < WORD)
        return 0;
    memcpy(&c.max_uj, data, WORD);
    c.max_uj &= UINT64_C(0xffffffffffff);
    for (size_t i = WORD; i + WORD <= size; i += WORD) {
        uint64_t word;
        memcpy(&word, data + i, WORD);
        now_ns += (int64_t)(word & 0xffff) * 1000000;
        struct cct_step step = cct_counter_read(&c, word >> 16, now_ns);
        FUZZ_ASSERT(!step.known || (double)step.energy_uj <= 600e-3 * (double)step.span_ns + 1e9);
        FUZZ_ASSERT(!step.known || step.span_ns >= 0);
        FUZZ_ASSERT(c.base.set && c.base.mono_ns <= now_ns);
    }
    return 0;
}
