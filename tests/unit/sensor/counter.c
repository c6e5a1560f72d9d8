/* SPDX-License-Identifier: Apache-2.0 */
#include "sensor/counter.h"

#include "sensor/sensor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define S INT64_C(1000000000)

static const uint64_t RANGE = UINT64_C(262143328850);

static struct cct_counter started(uint64_t max_uj, uint64_t uj)
{
    struct cct_counter c = {.max_uj = max_uj, .tdp_w = 200};
    struct cct_step step = cct_counter_read(&c, uj, 0);
    assert_false(step.known);
    assert_int_equal(step.flags, 0);
    return c;
}

static void the_difference_is_the_energy(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 1000);
    struct cct_step step = cct_counter_read(&c, 51001000, S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 51000000);
    assert_int_equal(step.span_ns, S);
    assert_int_equal(step.flags, 0);
    step = cct_counter_read(&c, 51001000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 0);
}

static void a_wrap_is_corrected_by_the_range(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, RANGE - 10000000);
    struct cct_step step = cct_counter_read(&c, 20000000, S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 30000000);
    assert_int_equal(step.flags, CCT_FLAG_WRAP);
}

/* 20 digits that fit into 64 bits, twice in turn. */
static void beyond_the_range_nothing_is_believed(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 5000000);
    for (int i = 1; i <= 2; i++) {
        struct cct_step step = cct_counter_read(&c, UINT64_MAX, i * S);
        assert_false(step.known);
        assert_int_equal(step.flags, CCT_FLAG_GAP | CCT_FLAG_IMPLAUSIBLE);
    }
    struct cct_step step = cct_counter_read(&c, 35000000, 3 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 30000000);
    assert_int_equal(step.span_ns, 3 * S);
    assert_int_equal(step.flags, 0);
}

static void many_wraps_add_up_to_the_truth(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, RANGE / 2);
    uint64_t truth = 0;
    uint64_t sum = 0;
    uint64_t at = RANGE / 2;
    unsigned wraps = 0;
    srandom(7);
    for (int i = 1; i <= 20000; i++) {
        uint64_t uj = (uint64_t)random() % 180000000;
        truth += uj;
        at += uj;
        if (at > RANGE)
            at -= RANGE;
        struct cct_step step = cct_counter_read(&c, at, i * S);
        assert_true(step.known);
        sum += step.energy_uj;
        wraps += step.flags == CCT_FLAG_WRAP;
    }
    assert_true(wraps >= 6);
    assert_int_equal(sum, truth);
}

static void without_a_range_a_step_back_is_a_reset(void **state)
{
    (void)state;
    struct cct_counter c = started(0, 900000000);
    struct cct_step step = cct_counter_read(&c, 1000, S);
    assert_false(step.known);
    assert_int_equal(step.flags, CCT_FLAG_RESET);
    step = cct_counter_read(&c, 50001000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 50000000);
    assert_int_equal(step.flags, 0);
}

static void a_restarted_counter_is_not_a_wrap(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, RANGE / 2);
    struct cct_step step = cct_counter_read(&c, 5000000, S);
    assert_false(step.known);
    assert_int_equal(step.flags, CCT_FLAG_RESET);
    step = cct_counter_read(&c, 105000000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 100000000);
}

static void too_long_a_gap_is_refused(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 0);
    int64_t limit = cct_counter_limit_ns(&c);
    assert_in_range(limit / S, 786, 787); /* 0.9 x 262 kJ / 300 W */
    struct cct_step step = cct_counter_read(&c, 200000000000, limit + S);
    assert_false(step.known);
    assert_int_equal(step.flags, CCT_FLAG_GAP);
    step = cct_counter_read(&c, 200000000000 + 7, limit + 2 * S);
    assert_int_equal(step.energy_uj, 7);
}

static void just_within_the_limit_is_counted(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, RANGE - 1);
    struct cct_step step = cct_counter_read(&c, 150000000000, cct_counter_limit_ns(&c) - 1);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 150000000001);
}

static void a_torn_reading_upward_is_left_out(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 1000000);
    struct cct_step step = cct_counter_read(&c, 90000000000, S);
    assert_false(step.known);
    assert_int_equal(step.flags, CCT_FLAG_GAP | CCT_FLAG_IMPLAUSIBLE);
    step = cct_counter_read(&c, 101000000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 100000000);
    assert_int_equal(step.span_ns, 2 * S);
    assert_int_equal(step.flags, 0);
}

static void a_torn_reading_downward_costs_nothing(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 90000000000);
    struct cct_step step = cct_counter_read(&c, 9, S);
    assert_false(step.known);
    step = cct_counter_read(&c, 90150000000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 150000000);
}

static void a_jump_that_stays_is_a_new_baseline(void **state)
{
    (void)state;
    struct cct_counter c = started(RANGE, 1000000);
    (void)cct_counter_read(&c, 90000000000, S);
    struct cct_step step = cct_counter_read(&c, 90020000000, 2 * S);
    assert_true(step.known);
    assert_int_equal(step.energy_uj, 20000000);
    assert_int_equal(step.flags, CCT_FLAG_RESET);
}

static void a_value_beyond_the_range_is_not_wrapped(void **state)
{
    (void)state;
    struct cct_counter c = started(1000, 5000000);
    c.max_uj = 1000;
    c.tdp_w = 100;
    struct cct_step step = cct_counter_read(&c, 10, 1000);
    assert_false(step.known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_difference_is_the_energy),
        cmocka_unit_test(a_wrap_is_corrected_by_the_range),
        cmocka_unit_test(beyond_the_range_nothing_is_believed),
        cmocka_unit_test(many_wraps_add_up_to_the_truth),
        cmocka_unit_test(without_a_range_a_step_back_is_a_reset),
        cmocka_unit_test(a_restarted_counter_is_not_a_wrap),
        cmocka_unit_test(too_long_a_gap_is_refused),
        cmocka_unit_test(just_within_the_limit_is_counted),
        cmocka_unit_test(a_torn_reading_upward_is_left_out),
        cmocka_unit_test(a_torn_reading_downward_costs_nothing),
        cmocka_unit_test(a_jump_that_stays_is_a_new_baseline),
        cmocka_unit_test(a_value_beyond_the_range_is_not_wrapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
