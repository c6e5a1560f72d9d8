/* SPDX-License-Identifier: Apache-2.0 */
#include "record/text.h"

#include <string.h>

static inline bool digit(char c)
{
    return (unsigned char)(c - '0') <= 9;
}

/* The byte behind a run of digits that may be empty. */
static inline const char *digits_end(const char *p, const char *end)
{
#ifdef CCT_SSE2
    const __m128i zero = _mm_set1_epi8('0');
    const __m128i nine = _mm_set1_epi8(9);
    for (; end - p >= 16; p += 16) {
        __m128i v;
        memcpy(&v, p, sizeof v);
        v = _mm_sub_epi8(v, zero);
        unsigned others =
            0xffff ^ (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(v, nine), v));
        if (others)
            return p + __builtin_ctz(others);
    }
#endif
    while (p < end && digit(*p))
        p++;
    return p;
}

/* The same for a run of one digit at least; NULL when there is none. */
static inline const char *digits(const char *p, const char *end)
{
    const char *behind = digits_end(p, end);
    return behind > p ? behind : NULL;
}

const char *cct_text_number(const char *p, const char *end, bool *exponent)
{
    if (p < end && *p == '-')
        p++;
    if (p < end && *p == '0')
        p++;
    else if (!(p = digits(p, end)))
        return NULL;
    if (p < end && *p == '.' && !(p = digits(p + 1, end)))
        return NULL;
    if (p < end && (*p | 0x20) == 'e') {
        *exponent = true;
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        p = digits(p, end);
    }
    return p;
}

/* The first byte that ends a plain stretch of a string: a quote, a backslash or a control
 * character; end when there is none. */
static const char *plain_end(const char *p, const char *end, unsigned *seen)
{
#ifdef CCT_SSE2
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);
    for (; end - p >= 16; p += 16) {
        __m128i v;
        memcpy(&v, p, sizeof v);
        __m128i stop = _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, backslash));
        stop = _mm_or_si128(stop, _mm_cmpeq_epi8(_mm_min_epu8(v, control), v));
        unsigned stops = (unsigned)_mm_movemask_epi8(stop);
        unsigned high = (unsigned)_mm_movemask_epi8(v);
        if (stops) {
            unsigned at = (unsigned)__builtin_ctz(stops);
            if (high & ((1u << at) - 1))
                *seen |= CCT_SEEN_HIGH;
            return p + at;
        }
        if (high)
            *seen |= CCT_SEEN_HIGH;
    }
#endif
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\' || c < 0x20)
            return p;
        if (c & 0x80)
            *seen |= CCT_SEEN_HIGH;
    }
    return end;
}

static int hex4(const char *p, const char *end)
{
    int v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        char lower = (char)(c | 0x20);
        if (digit(c))
            v = v * 16 + (c - '0');
        else if (lower >= 'a' && lower <= 'f')
            v = v * 16 + (lower - 'a' + 10);
        else
            return -1;
    }
    return v;
}

/* p is behind `\u`. The code point; *next behind the escape (or the pair of them). -1: faulty. */
static int unicode_escape(const char *p, const char *end, const char **next)
{
    int cp = hex4(p, end);
    *next = p + 4;
    if (cp < 0xd800 || cp > 0xdfff)
        return cp;
    if (cp > 0xdbff || end - p < 10 || p[4] != '\\' || p[5] != 'u')
        return -1;
    int low = hex4(p + 6, end);
    if (low < 0xdc00 || low > 0xdfff)
        return -1;
    *next = p + 10;
    return 0x10000 + ((cp - 0xd800) << 10) + (low - 0xdc00);
}

/* p is at a backslash; behind the escape, or NULL. */
static const char *escape_end(const char *p, const char *end)
{
    if (end - p < 2)
        return NULL;
    if (p[1] == 'u') {
        const char *next;
        return unicode_escape(p + 2, end, &next) < 0 ? NULL : next;
    }
    return p[1] && strchr("\"\\/bfnrt", p[1]) ? p + 2 : NULL;
}

const char *cct_text_string(const char *p, const char *end, unsigned *seen)
{
    for (;;) {
        p = plain_end(p, end, seen);
        if (p >= end)
            return NULL;
        if (*p == '"')
            return p;
        if (*p != '\\')
            return NULL;
        *seen |= CCT_SEEN_ESCAPE;
        if (!(p = escape_end(p, end)))
            return NULL;
    }
}

const char *cct_text_string_end(const char *p)
{
    while (*p != '"')
        p += *p == '\\' ? 2 : 1;
    return p;
}

/* Bytes that follow a lead byte, and the range of the first of them (Unicode 15, table 3-7). */
static int utf8_lead(unsigned char c, unsigned char *low, unsigned char *high)
{
    *low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    *high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (c >= 0xc2 && c <= 0xdf)
        return 1;
    if (c >= 0xe0 && c <= 0xef)
        return 2;
    return c >= 0xf0 && c <= 0xf4 ? 3 : -1;
}

const char *cct_text_utf8(const char *p, const char *end)
{
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            p++;
            continue;
        }
        unsigned char low, high;
        int follow = utf8_lead(c, &low, &high);
        if (follow < 0 || end - p <= follow)
            return p;
        unsigned char first = (unsigned char)p[1];
        if (first < low || first > high)
            return p;
        for (int i = 2; i <= follow; i++)
            if (((unsigned char)p[i] & 0xc0) != 0x80)
                return p;
        p += follow + 1;
    }
    return NULL;
}

void cct_text_put_utf8(struct cct_buf *out, unsigned cp)
{
    if (cp < 0x80) {
        cct_buf_addc(out, (char)cp);
        return;
    }
    int follow = cp < 0x800 ? 1 : cp < 0x10000 ? 2 : 3;
    static const unsigned lead[] = {0, 0xc0, 0xe0, 0xf0};
    cct_buf_addc(out, (char)(lead[follow] | cp >> (6 * follow)));
    while (follow--)
        cct_buf_addc(out, (char)(0x80 | (cp >> (6 * follow) & 0x3f)));
}

void cct_text_unescape(struct cct_buf *out, const char *p, size_t len)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *end = p + len;
    while (p < end) {
        const char *escape = memchr(p, '\\', (size_t)(end - p));
        if (!escape)
            break;
        cct_buf_add(out, p, (size_t)(escape - p));
        if (escape[1] == 'u') {
            cct_text_put_utf8(out, (unsigned)unicode_escape(escape + 2, end, &p));
        } else {
            cct_buf_addc(out, to[strchr(from, escape[1]) - from]);
            p = escape + 2;
        }
    }
    cct_buf_add(out, p, (size_t)(end - p));
}
