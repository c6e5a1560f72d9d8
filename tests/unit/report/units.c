/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"
#include "report/units.h"

#include <math.h>

/* The text that put writes for v. */
#define SAID(put, v, want)                                                                         \
    do {                                                                                           \
        cct_auto_buf said = {0};                                                                   \
        put(&said, v);                                                                             \
        assert_buf(said, want);                                                                    \
    } while (0)

TEST(energy_takes_the_unit_that_reads_best)
{
    SAID(cct_put_energy, 0.000412, "0.412 Wh");
    SAID(cct_put_energy, 0.00031, "0.310 Wh");
    SAID(cct_put_energy, 0.062, "62.0 Wh");
    SAID(cct_put_energy, 0.9, "900 Wh");
    SAID(cct_put_energy, 1.0, "1.00 kWh");
    SAID(cct_put_energy, 12345.0, "12.3 MWh");
    SAID(cct_put_energy, 2e-5, "20.0 mWh");
    SAID(cct_put_energy, 2e-8, "20.0 µWh");
    SAID(cct_put_energy, 0.0, "0 Wh");
    SAID(cct_put_energy, (double)NAN, "unknown");
}

TEST(a_value_that_rounds_up_takes_the_next_unit)
{
    SAID(cct_put_energy, 0.9996, "1.00 kWh");
    SAID(cct_put_power, 999.7, "1.00 kW");
    SAID(cct_put_mass, 999.4, "999 g");
}

TEST(mass_and_power)
{
    SAID(cct_put_mass, 0.17, "0.170 g");
    SAID(cct_put_mass, 0.0172, "17.2 mg");
    SAID(cct_put_mass, 1.7e-5, "17.0 µg");
    SAID(cct_put_mass, 1234.0, "1.23 kg");
    SAID(cct_put_mass, 2.5e6, "2.50 t");
    SAID(cct_put_power, 382.2, "382 W");
    SAID(cct_put_power, 0.02, "20.0 mW");
    SAID(cct_put_power, 4.2e6, "4.20 MW");
}

TEST(numbers_have_three_digits_and_no_exponent)
{
    SAID(cct_put_number, 0.0, "0");
    SAID(cct_put_number, 9.996, "10.0");
    SAID(cct_put_number, 0.00123, "0.00123");
    SAID(cct_put_number, -1.5, "\u22121.50");
    SAID(cct_put_number, 1234.0, "1234");
    SAID(cct_put_number, 1234567.0, "1\u202f234\u202f567");
    SAID(cct_put_number, INFINITY, "unknown");
}

TEST(huge_numbers_do_not_break_the_page)
{
    SAID(cct_put_number, 1e300, "1.00e+300");
    SAID(cct_put_number, 1e-300, "0.000000000");
}

TEST(durations)
{
    SAID(cct_put_duration, 0.25, "0.250 s");
    SAID(cct_put_duration, 12.34, "12.3 s");
    SAID(cct_put_duration, 59.97, "1 min 00 s");
    SAID(cct_put_duration, 245.0, "4 min 05 s");
    SAID(cct_put_duration, 7380.0, "2 h 03 min");
    SAID(cct_put_duration, 273600.0, "3 d 04 h");
    SAID(cct_put_duration, (double)NAN, "unknown");
}

TEST(shares)
{
    SAID(cct_put_share, 1.0, "100 %");
    SAID(cct_put_share, 0.731, "73.1 %");
    SAID(cct_put_share, 0.5, "50 %");
    SAID(cct_put_share, 0.9999, "100 %");
    SAID(cct_put_share, 0.0, "0 %");
}

static void bounds(double v, double low, double high, const char *want)
{
    cct_auto_buf said = {0};
    cct_put_bounds(&said, v, low, high);
    assert_buf(said, want);
}

TEST(bounds_are_told_as_percent)
{
    bounds(10, 5, 15, "±50 %");
    bounds(10, 8, 18, "\u221220/+80 %");
    bounds(10, 10, 10, "");
    bounds(10, 9.95, 10.05, "±0.5 %");
    bounds(10, NAN, 15, "");
    bounds(0, 0, 0, "");
}

TEST(axis_ticks_are_1_2_or_5)
{
    struct cct_axis axis = cct_axis_make(0, 484, 4, true);
    assert_true(axis.step == 200 && axis.lo == 0 && axis.hi == 600);
    assert_int_equal(axis.count, 4);
    assert_int_equal(axis.decimals, 0);
    axis = cct_axis_make(0, 0.0123, 4, true);
    assert_true(fabs(axis.step - 0.005) < 1e-12);
    assert_int_equal(axis.decimals, 3);
    assert_true(axis.hi >= 0.0123);
}

TEST(every_axis_covers_its_values)
{
    uint64_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        double lo = ((double)(test_random(&seed) % 2000) - 1000) * pow(10, (int)(i % 13) - 6);
        double hi = lo + (double)(test_random(&seed) % 1000 + 1) * pow(10, (int)(i % 11) - 5);
        struct cct_axis axis = cct_axis_make(lo, hi, 4, true);
        double part = axis.step / pow(10, floor(log10(axis.step) + 1e-9));
        double slack = axis.step * 1e-6 + fabs(lo) * 1e-12;
        assert_true(axis.lo <= lo + slack && axis.hi >= hi - slack);
        assert_true(axis.count >= 2 && axis.count <= 8);
        assert_true(fabs(part - 1) < 1e-6 || fabs(part - 2) < 1e-6 || fabs(part - 5) < 1e-6);
    }
}

TEST(an_axis_of_one_value_has_room)
{
    struct cct_axis axis = cct_axis_make(3, 3, 4, true);
    assert_true(axis.lo < axis.hi && axis.lo <= 3 && axis.hi >= 3);
    axis = cct_axis_make(0, 0, 4, true);
    assert_true(axis.lo == 0 && axis.hi == 1);
    axis = cct_axis_make(-2, -2, 4, true);
    assert_true(axis.lo < -2 && axis.hi > -2);
}

TEST(zero_is_written_as_zero)
{
    struct cct_axis axis = cct_axis_make(-0.3, 0.3, 6, true);
    for (int i = 0; i < axis.count; i++)
        assert_true(cct_axis_tick(&axis, i) == 0 || fabs(cct_axis_tick(&axis, i)) > 0.01);
}

static void time_ticks(int64_t span_ms, int64_t want_step_ms)
{
    int64_t t0 = INT64_C(1795502254123);
    struct cct_time_axis axis = cct_time_axis_make(t0, t0 + span_ms, 6);
    assert_int_equal(axis.step_ms, want_step_ms);
    assert_true(axis.first_utc_ms >= t0 && axis.first_utc_ms < t0 + axis.step_ms);
    assert_true(axis.count <= 7);
    assert_int_equal(axis.first_utc_ms % axis.step_ms, 0);
    assert_true(axis.first_utc_ms + (axis.count - 1) * axis.step_ms <= t0 + span_ms);
}

TEST(time_ticks_stand_where_a_clock_is_read)
{
    time_ticks(300, 50);
    time_ticks(12300, 2000);
    time_ticks(600000, 120000);
    time_ticks(INT64_C(3600000) * 5, 3600000);
    time_ticks(INT64_C(86400000) * 3, INT64_C(43200000));
    time_ticks(INT64_C(86400000) * 365 * 100, INT64_C(86400000) * 365 * 16);
}

static void tick_says(int64_t step_ms, const char *want)
{
    cct_auto_buf said = {0};
    cct_put_time_tick(&said, INT64_C(1795502254125), step_ms); /* 2026-11-24T06:37:34.125Z */
    assert_buf(said, want);
}

TEST(time_labels_say_no_more_than_the_step_needs)
{
    tick_says(25, "37:34.125");
    tick_says(200, "37:34.1");
    tick_says(1000, "06:37:34");
    tick_says(60000, "06:37");
    tick_says(86400000, "24 Nov");
    tick_says(INT64_C(86400000) * 365, "Nov 2026");
}

TEST(an_unknown_instant_is_said_to_be)
{
    SAID(cct_put_instant, CCT_NO_INSTANT, "unknown");
    SAID(cct_put_instant, INT64_C(1795502254125), "2026-11-24 06:37:34");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_takes_the_unit_that_reads_best),
        cmocka_unit_test(a_value_that_rounds_up_takes_the_next_unit),
        cmocka_unit_test(mass_and_power),
        cmocka_unit_test(numbers_have_three_digits_and_no_exponent),
        cmocka_unit_test(huge_numbers_do_not_break_the_page),
        cmocka_unit_test(durations),
        cmocka_unit_test(shares),
        cmocka_unit_test(bounds_are_told_as_percent),
        cmocka_unit_test(axis_ticks_are_1_2_or_5),
        cmocka_unit_test(every_axis_covers_its_values),
        cmocka_unit_test(an_axis_of_one_value_has_room),
        cmocka_unit_test(zero_is_written_as_zero),
        cmocka_unit_test(time_ticks_stand_where_a_clock_is_read),
        cmocka_unit_test(time_labels_say_no_more_than_the_step_needs),
        cmocka_unit_test(an_unknown_instant_is_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
