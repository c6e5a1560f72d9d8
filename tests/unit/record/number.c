/* SPDX-License-Identifier: Apache-2.0
 * Numbers and their text, against the C library: strtod for reading, the shortest of %.1g to %.17g
 * that reads back for writing. CCT_TEST_NUMBERS=N sets how many random doubles (2000000). */
#include "check.h"

#include "record/number.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

static uint64_t bits_of(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double of_bits(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof v);
    return v;
}

static int random_count(void)
{
    const char *s = getenv("CCT_TEST_NUMBERS");
    return s ? atoi(s) : 2000000; /* NOLINT(cert-err34-c) */
}

/* The significant digits of a number text, without zeros at either end. */
static size_t significant(const char *s, size_t len, char digits[40])
{
    size_t n = 0;
    for (size_t i = 0; i < len && s[i] != 'e'; i++)
        if (isdigit((unsigned char)s[i]) && (n || s[i] != '0') && n < 39)
            digits[n++] = s[i];
    while (n && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return n;
}

static bool reads_back(const char *s, double v)
{
    return bits_of(strtod(s, NULL)) == bits_of(v);
}

/* A JSON number, that stays a double: a point or an exponent is in it. */
static void is_a_json_double(const char *s, size_t len)
{
    const char *p = s + (*s == '-');
    assert_true(len > 0 && len <= CCT_NUMBER_MAX);
    assert_true(isdigit((unsigned char)*p));
    assert_true(*p != '0' || p[1] == '.' || p[1] == 'e');
    assert_non_null(strpbrk(p, ".e"));
    assert_null(strchr(s, '+'));
    p += strspn(p, "0123456789");
    if (*p == '.') {
        assert_true(isdigit((unsigned char)p[1]));
        p += 1 + strspn(p + 1, "0123456789");
    }
    if (*p == 'e') {
        p += 1 + (p[1] == '-');
        assert_true(isdigit((unsigned char)*p));
        p += strspn(p, "0123456789");
    }
    assert_ptr_equal(p, s + len);
}

/* Reads back; no shorter text does; of the shortest ones it is the nearest. The second and third
 * need two looks only: n - 1 digits fail, and n digits are those of the correctly rounded text.
 * A power of two has a lopsided interval, where %g may need a digit more, or differ in the last. */
static void check_double(double v)
{
    char text[CCT_NUMBER_MAX + 1];
    char digits[40];
    char other[40];
    char other_digits[40];
    size_t len = cct_format_double(text, v);
    assert_true(len <= CCT_NUMBER_MAX);
    text[len] = '\0';
    if (!reads_back(text, v))
        fail_msg("%.17g written as %s", v, text);
    if (bits_of(cct_parse_double(text, len)) != bits_of(v))
        fail_msg("%s read as %.17g", text, cct_parse_double(text, len));
    int n = (int)significant(text, len, digits);
    bool lopsided = !(bits_of(v) & ((UINT64_C(1) << 52) - 1));
    if (n > 1) {
        snprintf(other, sizeof other, "%.*e", n - 2, v);
        if (reads_back(other, v))
            fail_msg("%s written as %s", other, text);
    }
    if (n && !lopsided) {
        snprintf(other, sizeof other, "%.*e", n - 1, v);
        significant(other, strlen(other), other_digits);
        assert_string_equal(digits, other_digits);
    }
}

TEST(random_bit_patterns)
{
    uint64_t seed = 1;
    int count = random_count();
    for (int i = 0; i < count; i++) {
        double v = of_bits(test_random(&seed));
        if (isfinite(v))
            check_double(v);
    }
}

/* Values as meters give them: few decimals, moderate size. */
TEST(random_short_decimals)
{
    uint64_t seed = 2;
    int count = random_count() / 4;
    for (int i = 0; i < count; i++) {
        uint64_t r = test_random(&seed);
        static const double scales[] = {1, 10, 100, 1000, 1e6, 1e9};
        check_double((double)(int64_t)(r >> 24) / scales[r % CCT_LEN(scales)]);
    }
}

TEST(powers_of_two_and_their_neighbours)
{
    for (int e = -1074; e <= 1023; e++) {
        double v = ldexp(1, e);
        check_double(v);
        check_double(-v);
        check_double(nextafter(v, 0));
        if (e < 1023)
            check_double(nextafter(v, (double)INFINITY));
    }
}

TEST(powers_of_ten_and_their_neighbours)
{
    char text[16];
    for (int e = -323; e <= 308; e++) {
        for (int m = 1; m <= 9; m++) {
            snprintf(text, sizeof text, "%de%d", m, e);
            double v = strtod(text, NULL);
            if (!isfinite(v))
                continue;
            check_double(v);
            check_double(nextafter(v, 0));
            if (isfinite(nextafter(v, (double)INFINITY)))
                check_double(nextafter(v, (double)INFINITY));
        }
    }
}

TEST(subnormals)
{
    uint64_t seed = 3;
    for (uint64_t bits = 1; bits < 3000; bits++)
        check_double(of_bits(bits));
    for (int i = 0; i < 20000; i++)
        check_double(of_bits(test_random(&seed) >> 12 >> test_random(&seed) % 50));
    check_double(of_bits((UINT64_C(1) << 52) - 1));
    check_double(of_bits(UINT64_C(1) << 52));
}

TEST(integers)
{
    for (int i = 0; i < 20000; i++)
        check_double(i);
    for (int e = 50; e < 64; e++)
        for (int d = -3; d <= 3; d++)
            check_double(ldexp(1, e) + d);
}

static const struct {
    double v;
    const char *text;
} shown[] = {
    {0, "0.0"},
    {-0.0, "-0.0"},
    {1, "1.0"},
    {-1, "-1.0"},
    {100, "100.0"},
    {87.2, "87.2"},
    {0.1, "0.1"},
    {0.3, "0.3"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3, "0.3333333333333333"},
    {5e-324, "5e-324"},
    {1e300, "1e300"},
    {1.7976931348623157e308, "1.7976931348623157e308"},
    {123456789.125, "123456789.125"},
    {9007199254740993.0, "9007199254740992.0"},
};

TEST(known_texts)
{
    for (size_t i = 0; i < CCT_LEN(shown); i++) {
        char text[CCT_NUMBER_MAX];
        size_t len = cct_format_double(text, shown[i].v);
        assert_bytes(text, len, shown[i].text);
    }
}

TEST(the_form_is_json)
{
    uint64_t seed = 4;
    for (int i = 0; i < 50000; i++) {
        char text[CCT_NUMBER_MAX + 1];
        double v = of_bits(test_random(&seed));
        if (i % 2)
            v = ldexp((double)(int64_t)test_random(&seed), -(int)(test_random(&seed) % 80));
        if (!isfinite(v))
            continue;
        size_t len = cct_format_double(text, v);
        text[len] = '\0';
        is_a_json_double(text, len);
    }
}

TEST(integers_are_written_exactly)
{
    static const int64_t values[] = {
        0,         1, -1, 9, 10, 99, 100, -100, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1,
        1000000007};
    uint64_t seed = 5;
    for (int i = 0; i < 100000; i++) {
        char text[CCT_NUMBER_MAX];
        char want[32];
        int64_t v = (size_t)i < CCT_LEN(values)
                        ? values[i]
                        : (int64_t)test_random(&seed) >> test_random(&seed) % 64;
        snprintf(want, sizeof want, "%lld", (long long)v);
        assert_bytes(text, cct_format_int64(text, v), want);
    }
}

static void same_as_strtod(const char *s)
{
    double want = strtod(s, NULL);
    double got = cct_parse_double(s, strlen(s));
    if (bits_of(got) != bits_of(want))
        fail_msg("%s read as %.17g, strtod %.17g", s, got, want);
}

static void random_digits(uint64_t *seed, char *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (char)('0' + test_random(seed) % 10);
    if (out[0] == '0')
        out[0] = '1';
}

TEST(random_decimals_read_as_strtod_reads_them)
{
    uint64_t seed = 6;
    int count = random_count() / 4;
    for (int i = 0; i < count; i++) {
        char s[128] = "";
        size_t n = test_random(&seed) % 25 + 1;
        size_t at = 0;
        if (test_random(&seed) & 1)
            s[at++] = '-';
        random_digits(&seed, s + at, n);
        at += n;
        if (test_random(&seed) % 4) {
            s[at++] = '.';
            n = test_random(&seed) % 25 + 1;
            random_digits(&seed, s + at, n);
            at += n;
        }
        if (test_random(&seed) & 1)
            snprintf(s + at, sizeof s - at, "%c%+d", "eE"[i % 2],
                     (int)(test_random(&seed) % (i % 3 ? 60 : 700)) - (i % 3 ? 30 : 350));
        same_as_strtod(s);
    }
}

TEST(long_mantissas)
{
    uint64_t seed = 7;
    static char s[2000];
    for (int i = 0; i < 3000; i++) {
        size_t n = test_random(&seed) % 1500 + 1;
        random_digits(&seed, s, n);
        if (i % 2)
            s[test_random(&seed) % n] = '.';
        if (s[0] == '.')
            s[0] = '1';
        if (s[n - 1] == '.')
            s[n - 1] = '5';
        snprintf(s + n, sizeof s - n, "e%d", (int)(test_random(&seed) % 2200) - 1800);
        same_as_strtod(s);
    }
}

/* Writes the exact decimal expansion of the point halfway between v and the double above. */
static void halfway(double v, char *out, size_t cap)
{
    long double mid = ((long double)v + (long double)nextafter(v, (double)INFINITY)) / 2;
    snprintf(out, cap, "%.1100Lf", mid);
}

TEST(halfway_points)
{
    static char s[1600];
    uint64_t seed = 8;
    for (int i = 0; i < 2000; i++) {
        int e = (int)(test_random(&seed) % 1000) - 900;
        double v = ldexp(1 + (double)(test_random(&seed) >> 12) * 0x1p-52, e % 400);
        halfway(v, s, sizeof s);
        same_as_strtod(s);
        size_t n = strlen(s);
        s[n] = '1'; /* just above */
        s[n + 1] = '\0';
        same_as_strtod(s);
        for (char *p = s + n - 1; p >= s; p--) { /* just below */
            if (*p > '0' && *p <= '9') {
                (*p)--;
                break;
            }
            if (*p == '0')
                *p = '9';
        }
        same_as_strtod(s);
    }
}

static const char *const hard[] = {
    "0",
    "-0",
    "0.0",
    "-0.0e5",
    "0e999999999999",
    "0.0000000000000000000000e-99999",
    "9007199254740993",
    "9007199254740992.9999999999999999999",
    "9007199254740993.00000000000000000000000001",
    "18014398509481985",
    "2.2250738585072011e-308",
    "2.2250738585072012e-308",
    "2.2250738585072014e-308",
    "4.9406564584124654e-324",
    "2.4703282292062327e-324",
    "2.4703282292062328e-324",
    "3e-324",
    "1e-400",
    "1e-323",
    "1.7976931348623157e308",
    "1.7976931348623158e308",
    "1.7976931348623159e308",
    "179769313486231580793e289",
    "1e309",
    "-1e400",
    "1e22",
    "1e23",
    "8.5e22",
    "9.5367431640625e-7",
    "6929495644600919.5",
    "7.0420557077594588669468784357561207e17",
    "3.7455744005952583e15",
    "123456789012345678901234567890",
    "1e-999999999999999999999",
    "1e99999999999999999999",
    "0.00000000000000000000000000000000000000000000000000001e53",
    "10000000000000000000000000000000000000000e-40",
    "1448997445238699",
    "5e-1",
    "0.5e+1",
    "2.00000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "1.00000000000000011102230246251565404236316680908203125",
    "1.00000000000000011102230246251565404236316680908203124",
    "1.00000000000000011102230246251565404236316680908203126",
    "6.631236846766476e-316",
    "3.237883913302901e-319",
    "0.000e0",
};

TEST(hard_cases)
{
    for (size_t i = 0; i < CCT_LEN(hard); i++)
        same_as_strtod(hard[i]);
}

/* A span is not NUL-terminated: what stands behind it must not be read. */
TEST(length_ends_a_number)
{
    assert_true(cct_parse_double("123456", 3) == 123);
    assert_true(cct_parse_double("1.5e99", 3) == 1.5);
    assert_true(cct_parse_double("1.5", 1) == 1);
    assert_true(cct_parse_double("12345678901234567890", 8) == 12345678);
}

TEST(eight_digit_groups)
{
    char s[64];
    uint64_t seed = 9;
    for (int i = 0; i < 100000; i++) {
        size_t n = test_random(&seed) % 40 + 1;
        random_digits(&seed, s, n);
        s[n] = '\0';
        same_as_strtod(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bit_patterns),
        cmocka_unit_test(random_short_decimals),
        cmocka_unit_test(powers_of_two_and_their_neighbours),
        cmocka_unit_test(powers_of_ten_and_their_neighbours),
        cmocka_unit_test(subnormals),
        cmocka_unit_test(integers),
        cmocka_unit_test(known_texts),
        cmocka_unit_test(the_form_is_json),
        cmocka_unit_test(integers_are_written_exactly),
        cmocka_unit_test(random_decimals_read_as_strtod_reads_them),
        cmocka_unit_test(long_mantissas),
        cmocka_unit_test(halfway_points),
        cmocka_unit_test(hard_cases),
        cmocka_unit_test(length_ends_a_number),
        cmocka_unit_test(eight_digit_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
