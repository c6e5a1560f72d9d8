/* SPDX-License-Identifier: Apache-2.0
 * The shortest decimal that reads back as the same double: R. Giulietti, "The Schubfach way to
 * render doubles" (2020), figure 7 and section 9. */
#include "record/number.h"
#include "record/pow10.h"

#include <string.h>

struct decimal {
    uint64_t digits;
    int exponent; /* value = digits * 10^exponent */
};

/* floor(log10(2^e)), floor(log10(3/4 * 2^e)), floor(log2(10^e)): exact for the exponents of
 * doubles (Giulietti, section 9.6). */
static int floor_log10_pow2(int e)
{
    return (int)((e * INT64_C(661971961083)) >> 41);
}

static int floor_log10_three_quarters_pow2(int e)
{
    return (int)((e * INT64_C(661971961083) - INT64_C(274743187321)) >> 41);
}

static int floor_log2_pow10(int e)
{
    return (int)((e * INT64_C(913124641741)) >> 38);
}

/* The upper 64 bits of g * cp, the rest folded into the lowest bit (round to odd). g is 128 bits.
 */
static uint64_t round_to_odd(uint64_t g_high, uint64_t g_low, uint64_t cp)
{
    __uint128_t x = (__uint128_t)g_low * cp;
    __uint128_t y = (__uint128_t)g_high * cp + (uint64_t)(x >> 64);
    return (uint64_t)(y >> 64) | ((uint64_t)y > 1);
}

static struct decimal shortest(uint64_t fraction, unsigned biased)
{
    bool irregular = !fraction && biased > 1; /* the neighbour below is nearer */
    uint64_t c = biased ? fraction | UINT64_C(1) << 52 : fraction;
    int q = (int)(biased ? biased : 1) - 1075;
    bool even = !(c & 1);
    int k = irregular ? floor_log10_three_quarters_pow2(q) : floor_log10_pow2(q);
    int h = q + floor_log2_pow10(-k) + 1;
    const uint64_t *power = cct_pow10[-k - CCT_POW10_LOW];
    /* g is floor + 1 of the scaled power */
    uint64_t g_low = power[1] + 1;
    uint64_t g_high = power[0] + !g_low;
    uint64_t lower = round_to_odd(g_high, g_low, (4 * c - 2 + irregular) << h) + !even;
    uint64_t middle = round_to_odd(g_high, g_low, (4 * c) << h);
    uint64_t upper = round_to_odd(g_high, g_low, (4 * c + 2) << h) - !even;
    uint64_t s = middle / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens;
        bool up = 40 * tens + 40 <= upper;
        if (down != up)
            return (struct decimal){tens + up, k + 1};
    }
    bool down = lower <= 4 * s;
    bool up = 4 * s + 4 <= upper;
    if (down != up)
        return (struct decimal){s + up, k};
    uint64_t half = 4 * s + 2;
    bool round = middle > half || (middle == half && (s & 1));
    return (struct decimal){s + round, k};
}

/* Writes v in decimal; the number of digits. */
static size_t put_u64(char *out, uint64_t v)
{
    char text[20];
    size_t n = sizeof text;
    do {
        text[--n] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    memcpy(out, text + n, sizeof text - n);
    return sizeof text - n;
}

static size_t put_exponent(char *out, int e)
{
    size_t n = 0;
    out[n++] = 'e';
    if (e < 0)
        out[n++] = '-';
    return n + put_u64(out + n, (uint64_t)(e < 0 ? -e : e));
}

/* digits (n of them) with the point at place: digits[0:place] . digits[place:] */
static size_t put_positional(char *out, const char *digits, int n, int place)
{
    size_t at = 0;
    if (place <= 0) {
        out[at++] = '0';
        out[at++] = '.';
        for (; place < 0; place++)
            out[at++] = '0';
        memcpy(out + at, digits, (size_t)n);
        return at + (size_t)n;
    }
    int whole = place < n ? place : n;
    memcpy(out, digits, (size_t)whole);
    at = (size_t)whole;
    for (; whole < place; whole++)
        out[at++] = '0';
    out[at++] = '.';
    if (place >= n) {
        out[at++] = '0';
        return at;
    }
    memcpy(out + at, digits + place, (size_t)(n - place));
    return at + (size_t)(n - place);
}

size_t cct_format_double(char *out, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    size_t at = 0;
    if (bits >> 63)
        out[at++] = '-';
    uint64_t fraction = bits & ((UINT64_C(1) << 52) - 1);
    unsigned biased = bits >> 52 & 0x7ff;
    if (!fraction && !biased) {
        memcpy(out + at, "0.0", 3);
        return at + 3;
    }
    struct decimal d = shortest(fraction, biased);
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    char digits[20];
    int n = (int)put_u64(digits, d.digits);
    int place = n + d.exponent; /* of the decimal point, from the first digit */
    if (place > -6 && place <= 17)
        return at + put_positional(out + at, digits, n, place);
    out[at++] = digits[0];
    if (n > 1) {
        out[at++] = '.';
        memcpy(out + at, digits + 1, (size_t)n - 1);
        at += (size_t)n - 1;
    }
    return at + put_exponent(out + at, place - 1);
}

size_t cct_format_int64(char *out, int64_t v)
{
    if (v >= 0)
        return put_u64(out, (uint64_t)v);
    out[0] = '-';
    return 1 + put_u64(out + 1, 0 - (uint64_t)v);
}
