/* SPDX-License-Identifier: Apache-2.0
 * Private to the scanner: the common shapes of strings and numbers, decided from one look at 16 or
 * 32 bytes. Anything else (the end is near, an escape, an exponent, a fault) goes to record/text.c,
 * so both give the same answer. */
#pragma once

#include "record/text.h"

#include <string.h>

/* As cct_text_string. */
static inline const char *lex_string(const char *p, const char *end, unsigned *seen)
{
#ifdef CCT_SSE2
    if (cct_likely(end - p >= 16)) {
        __m128i v;
        memcpy(&v, p, sizeof v);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1f)), v));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        unsigned before = (stops - 1) & ~stops; /* the bytes before the first stop */
        unsigned high = (unsigned)_mm_movemask_epi8(v) & before;
        if (cct_likely(stops && !high)) {
            const char *at = p + __builtin_ctz(stops);
            if (cct_likely(*at == '"'))
                return at;
        }
    }
#endif
    return cct_text_string(p, end, seen);
}

#ifdef CCT_SSE2
/* Bit i: byte i is no digit. */
static inline unsigned lex_others16(const char *p)
{
    __m128i v;
    memcpy(&v, p, sizeof v);
    v = _mm_sub_epi8(v, _mm_set1_epi8('0'));
    __m128i digits = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(9)), v);
    return 0xffff ^ (unsigned)_mm_movemask_epi8(digits);
}
#endif

/* As cct_text_number. */
static inline const char *lex_number(const char *p, const char *end, bool *exponent)
{
#ifdef CCT_SSE2
    if (cct_likely(end - p > 32)) {
        const char *first = p + (*p == '-');
        unsigned others = lex_others16(first) | lex_others16(first + 16) << 16;
        if (cct_unlikely(!others || others & 1)) /* more than 32 digits, or none */
            return cct_text_number(p, end, exponent);
        const char *behind = first + __builtin_ctz(others);
        if (cct_unlikely(*first == '0' && behind > first + 1))
            return NULL;
        if (*behind == '.') {
            const char *point = behind;
            others &= others - 1;
            behind = first + (others ? __builtin_ctz(others) : 0);
            if (cct_unlikely(behind <= point + 1))
                return cct_text_number(p, end, exponent);
        }
        if (cct_likely((*behind | 0x20) != 'e'))
            return behind;
    }
#endif
    return cct_text_number(p, end, exponent);
}
