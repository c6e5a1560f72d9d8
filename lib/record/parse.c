/* SPDX-License-Identifier: Apache-2.0
 * Decimal text to the nearest double. Most numbers take an exact product or quotient (W. D.
 * Clinger, "How to read floating point numbers accurately", 1990); longer ones the 128-bit product
 * of D. Lemire, "Number parsing at a gigabyte per second" (2021), section 5; what that cannot
 * decide, strtod does: cct never sets LC_NUMERIC, so its point is a point. */
#include "base/alloc.h"
#include "record/number.h"
#include "record/pow10.h"

#include <math.h>
#include <string.h>

static const double small_pow10[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct decimal {
    uint64_t digits; /* the first 19 significant ones */
    int exponent;    /* value = digits * 10^exponent */
    bool negative;
    bool cut; /* more digits followed, not all of them zero */
};

static void take_digit(struct decimal *d, int *count, char c, bool fraction)
{
    if (*count >= 19) {
        d->cut |= c != '0';
        d->exponent += !fraction;
        return;
    }
    d->digits = d->digits * 10 + (uint64_t)(c - '0');
    *count += d->digits != 0;
    d->exponent -= fraction;
}

/* The value of eight digits (D. Lemire, "Quickly parsing eight digits", 2018), or -1 when one of
 * the bytes is no digit, or this machine is big endian. */
static int64_t eight_digits(const char *p)
{
    uint64_t v;
    if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__)
        return -1;
    memcpy(&v, p, sizeof v);
    uint64_t high = v & UINT64_C(0xf0f0f0f0f0f0f0f0);
    uint64_t over = (v + UINT64_C(0x0606060606060606)) & UINT64_C(0xf0f0f0f0f0f0f0f0);
    if ((high | over) != UINT64_C(0x3030303030303030))
        return -1;
    v -= UINT64_C(0x3030303030303030);
    v = v * 10 + (v >> 8);
    v = ((v & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
         (v >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
        32;
    return (int64_t)v;
}

/* Takes the digits from p on, eight at a time where they are many; the byte behind them. */
static const char *take_digits(struct decimal *d, int *count, const char *p, const char *end,
                               bool fraction)
{
    while (end - p >= 8 && *count + 8 <= 19 && d->digits) {
        int64_t eight = eight_digits(p);
        if (eight < 0)
            break;
        d->digits = d->digits * 100000000 + (uint64_t)eight;
        *count += 8;
        d->exponent -= fraction ? 8 : 0;
        p += 8;
    }
    for (; p < end && *p >= '0' && *p <= '9'; p++)
        take_digit(d, count, *p, fraction);
    return p;
}

static int read_exponent(const char *p, const char *end)
{
    bool negative = *p == '-';
    int v = 0;
    for (p += negative || *p == '+'; p < end; p++)
        v = v < 100000 ? v * 10 + (*p - '0') : v;
    return negative ? -v : v;
}

static struct decimal read_decimal(const char *p, const char *end)
{
    struct decimal d = {.negative = *p == '-'};
    int count = 0;
    p = take_digits(&d, &count, p + d.negative, end, false);
    if (p < end && *p == '.')
        p = take_digits(&d, &count, p + 1, end, true);
    if (p < end)
        d.exponent += read_exponent(p + 1, end);
    return d;
}

/* Lemire's algorithm for digits != 0; NAN when the 128-bit product cannot decide the rounding, or
 * the result is subnormal or out of range. */
static double eisel_lemire(uint64_t digits, int exponent)
{
    if (exponent < CCT_POW10_LOW || exponent > 308)
        return NAN;
    int zeros = __builtin_clzll(digits);
    uint64_t w = digits << zeros;
    const uint64_t *power = cct_pow10[exponent - CCT_POW10_LOW];
    __uint128_t product = (__uint128_t)w * power[0];
    if ((uint64_t)(product >> 64 & 0x1ff) == 0x1ff) {
        /* The reciprocals that are exact to within the product are rounded up (section 5.2). */
        bool up = exponent < 0 && exponent >= -27;
        __uint128_t low = (__uint128_t)w * (power[1] + up);
        __uint128_t sum = product + (low >> 64);
        product = sum;
        if ((uint64_t)product == UINT64_MAX)
            return NAN;
    }
    uint64_t high = (uint64_t)(product >> 64);
    uint64_t low = (uint64_t)product;
    unsigned top = (unsigned)(high >> 63);
    uint64_t mantissa = high >> (top + 9);
    /* Binary exponent of the leading bit: floor(log2(10^exponent)) + 63 - zeros + top. */
    int binary = ((exponent * 217706) >> 16) + 63 - zeros + (int)top;
    if (binary < -1022 || binary > 1023)
        return NAN;
    bool half = (mantissa & 1) && (high & ((UINT64_C(1) << (top + 9)) - 1)) == 0 && low <= 1;
    if (half && (mantissa & 3) == 1) /* exactly between two doubles, or not to be told apart */
        return NAN;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    if (mantissa >> 53) {
        mantissa >>= 1;
        if (++binary > 1023)
            return NAN;
    }
    uint64_t bits = (mantissa & ((UINT64_C(1) << 52) - 1)) | (uint64_t)(binary + 1023) << 52;
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static double slow(const char *s, size_t len)
{
    char small[64];
    cct_auto_free char *large = NULL;
    char *text = small;
    if (len >= sizeof small)
        text = large = cct_xmalloc(len + 1);
    memcpy(text, s, len);
    text[len] = '\0';
    return strtod(text, NULL);
}

double cct_parse_double(const char *s, size_t len)
{
    struct decimal d = read_decimal(s, s + len);
    double v;
    if (!d.digits && !d.cut)
        return d.negative ? -0.0 : 0.0;
    if (d.cut)
        return slow(s, len);
    if (d.digits <= UINT64_C(1) << 53 && d.exponent >= -22 && d.exponent <= 22)
        v = d.exponent < 0 ? (double)d.digits / small_pow10[-d.exponent]
                           : (double)d.digits * small_pow10[d.exponent];
    else
        v = eisel_lemire(d.digits, d.exponent);
    if (isnan(v))
        return slow(s, len);
    return d.negative ? -v : v;
}
