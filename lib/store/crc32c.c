/* SPDX-License-Identifier: Apache-2.0
 * CRC32C: reflected, started and ended with all ones (RFC 3720, section 12.1). */
#include "store/line.h"

#include "crc32c_table.h"

#include <string.h>

uint32_t cct_crc32c_portable(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint32_t crc = UINT32_MAX;
    for (; n >= 8; p += 8, n -= 8) {
        uint32_t next = 0;
        for (size_t i = 0; i < 8; i++) {
            uint32_t byte = i < 4 ? (crc >> (8 * i) & 255) ^ p[i] : p[i];
            next ^= crc32c_table[7 - i][byte];
        }
        crc = next;
    }
    for (; n; p++, n--)
        crc = crc >> 8 ^ crc32c_table[0][(crc ^ *p) & 255];
    return ~crc;
}

#if defined(__x86_64__)
static uint64_t load64(const unsigned char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
    return word;
}

/* Intel SDM, volume 2, CRC32: the same polynomial, eight bytes an instruction. */
__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t crc = UINT32_MAX;
    for (; n >= 8; p += 8, n -= 8)
        crc = __builtin_ia32_crc32di(crc, load64(p));
    uint32_t last = (uint32_t)crc;
    for (; n; p++, n--)
        last = __builtin_ia32_crc32qi(last, *p);
    return ~last;
}

uint32_t cct_crc32c(const void *bytes, size_t n)
{
    if (__builtin_cpu_supports("sse4.2"))
        return crc32c_sse42(bytes, n);
    return cct_crc32c_portable(bytes, n);
}
#else
uint32_t cct_crc32c(const void *bytes, size_t n)
{
    return cct_crc32c_portable(bytes, n);
}
#endif
