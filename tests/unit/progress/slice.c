/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/slice.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define REFUSED (-12345.0)

/* The number at the begin of s, REFUSED if there is none. */
static double number(const char *s)
{
    struct cct_slice t = cct_slice_of(s, strlen(s));
    double v;
    return cct_slice_number(&t, &v) ? v : REFUSED;
}

static double count(const char *s)
{
    struct cct_slice t = cct_slice_of(s, strlen(s));
    double v;
    return cct_slice_count(&t, &v) ? v : REFUSED;
}

static void reads_numbers(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0.12", 0.12},      {"1.2e-05", 1.2e-05},
        {"1.2E+3,", 1200},   {"-3", -3},
        {"+3.5)", 3.5},      {".5", 0.5},
        {"98.4%", 98.4},     {"98.4% ok", 98.4},
        {"1,234.5", 1234.5}, {"1,234,567", 1234567},
        {"0.4.", 0.4},       {"7", 7},
        {"1.", 1},           {"2.3071e+00 (2.3)", 2.3071},
        {"0.1, lr=3", 0.1},  {"5|", 5},
        {"1e5", 1e5},        {"0.12\t3", 0.12},
        {"00012", 12},       {"3: x", 3},
    };
    (void)state;
    for (size_t i = 0; i < CCT_LEN(cases); i++)
        if (number(cases[i].text) != cases[i].value)
            fail_msg("%s: %g", cases[i].text, number(cases[i].text));
}

static void refuses_what_is_no_number_alone(void **state)
{
    static const char *const cases[] = {
        "3s",  "12ms",  "1.2k", "5MB",   "12:30:00", "2026-11-24", "1.2.3",   "3/10",   "0x1f",
        "abc", "",      "-",    ".",     "e5",       "1e",         "nano",    "infant", "1_000x",
        "3-4", "1,5,9", "v3",   "12abc", "1..2",     "3:4",        "0.1+0.2",
    };
    (void)state;
    for (size_t i = 0; i < CCT_LEN(cases); i++)
        if (number(cases[i]) != REFUSED)
            fail_msg("%s: %g", cases[i], number(cases[i]));
}

static void knows_what_is_unknown(void **state)
{
    static const char *const cases[] = {"nan",   "NaN",   "inf",  "-inf",  "Infinity",
                                        "None",  "null",  "n/a",  "1e999", "-1e999",
                                        "1,234", "0,123", "nan,", "inf)"};
    (void)state;
    for (size_t i = 0; i < CCT_LEN(cases); i++)
        if (!isnan(number(cases[i])))
            fail_msg("%s: %g", cases[i], number(cases[i]));
}

static void survives_huge_numbers(void **state)
{
    char text[5000];
    (void)state;
    memset(text, '9', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_true(isnan(number(text)));
    assert_true(count(text) == REFUSED);
    assert_true(count("9007199254740991") == 9007199254740991.0);
    assert_true(count("9007199254740992") == REFUSED);
}

static void counts(void **state)
{
    (void)state;
    assert_true(count("12/31") == 12);
    assert_true(count("1,234/") == 1234);
    assert_true(count("1_234]") == 1234);
    assert_true(count("001:") == 1);
    assert_true(count("1.5") == REFUSED);
    assert_true(count("1.20k") == REFUSED);
    assert_true(count("3s") == REFUSED);
    assert_true(count("-3") == REFUSED);
}

static void reads_ratios(void **state)
{
    const char *s = "10 / 100]";
    struct cct_slice t = cct_slice_of(s, strlen(s));
    double n, of;
    (void)state;
    assert_true(cct_slice_ratio(&t, &n, &of));
    assert_true(n == 10 && of == 100);
    assert_string_equal(t.p, "]");
    t = cct_slice_of("1.2k/3", 6);
    assert_false(cct_slice_ratio(&t, &n, &of));
    t = cct_slice_of("3/?", 3);
    assert_false(cct_slice_ratio(&t, &n, &of));
}

static void a_failure_leaves_the_cursor(void **state)
{
    const char *s = "12ms";
    struct cct_slice t = cct_slice_of(s, 4);
    double v;
    (void)state;
    assert_false(cct_slice_number(&t, &v));
    assert_ptr_equal(t.p, s);
    assert_false(cct_slice_count(&t, &v));
    assert_ptr_equal(t.p, s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_numbers),
        cmocka_unit_test(refuses_what_is_no_number_alone),
        cmocka_unit_test(knows_what_is_unknown),
        cmocka_unit_test(survives_huge_numbers),
        cmocka_unit_test(counts),
        cmocka_unit_test(reads_ratios),
        cmocka_unit_test(a_failure_leaves_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
