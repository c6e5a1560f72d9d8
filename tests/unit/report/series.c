/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "report/ranges.h"
#include "report/series.h"
#include "report/sum.h"

#include <math.h>

#define T0 INT64_C(1795502254000)

static struct cct_bucket amount(double energy_j, double seconds)
{
    struct cct_bucket bucket;
    cct_bucket_clear(&bucket);
    bucket.energy_j = bucket.part_j[CCT_PART_CPU] = energy_j;
    bucket.covered_s = seconds;
    bucket.min_w = bucket.max_w = energy_j / seconds;
    return bucket;
}

static void add(struct cct_series *series, double start_s, double end_s, double energy_j)
{
    struct cct_bucket tick = amount(energy_j, end_s - start_s);
    cct_series_add(series, T0 + llround(start_s * 1000), T0 + llround(end_s * 1000), &tick);
}

static double total_j(const struct cct_series *series)
{
    double sum = 0;
    for (size_t i = 0; i < series->count; i++)
        sum += series->buckets[i].energy_j;
    return sum;
}

static double highest_w(const struct cct_series *series)
{
    double max = 0;
    for (size_t i = 0; i < series->count; i++)
        max = fmax(max, series->buckets[i].max_w);
    return max;
}

TEST(a_tick_is_spread_over_its_time)
{
    struct cct_series series = {.limit = 1024};
    add(&series, 0, 1, 80);
    assert_int_equal(series.count, 8);
    assert_true(fabs(series.buckets[3].energy_j - 10) < 1e-9);
    assert_true(fabs(cct_bucket_power_w(&series.buckets[3], 0.125) - 80) < 1e-9);
    cct_series_free(&series);
}

TEST(memory_stays_flat_and_the_sum_exact)
{
    struct cct_series series = {.limit = 64};
    for (int i = 0; i < 100000; i++)
        add(&series, i, i + 1, i == 77777 ? 5000 : 100);
    assert_true(series.count > 16 && series.count <= 64);
    assert_true(series.cap <= 64);
    assert_true(fabs(total_j(&series) - (99999 * 100.0 + 5000)) < 1e-4);
    cct_series_free(&series);
}

TEST(a_spike_of_one_sample_stays)
{
    struct cct_series series = {.limit = 64};
    for (int i = 0; i < 100000; i++)
        add(&series, i, i + 1, i == 77777 ? 5000 : 100);
    assert_true(highest_w(&series) == 5000);
    cct_series_free(&series);
}

TEST(any_order_gives_the_same_sums)
{
    struct cct_series forward = {.limit = 32};
    struct cct_series mixed = {.limit = 32};
    for (int i = 0; i < 1000; i++) {
        add(&forward, i, i + 1, i);
        int j = (i * 617) % 1000; /* a permutation: 617 and 1000 share no factor */
        add(&mixed, j, j + 1, j);
    }
    assert_int_equal(forward.count, mixed.count);
    assert_int_equal(forward.width_ms, mixed.width_ms);
    for (size_t i = 0; i < forward.count; i++)
        assert_true(fabs(forward.buckets[i].energy_j - mixed.buckets[i].energy_j) < 1e-6);
    cct_series_free(&forward);
    cct_series_free(&mixed);
}

TEST(instants_far_apart_do_not_run_away)
{
    struct cct_series series = {.limit = 64};
    struct cct_bucket tick = amount(1, 1);
    cct_series_add(&series, 0, 1000, &tick);
    cct_series_add(&series, INT64_C(253402300798000), INT64_C(253402300799000), &tick);
    assert_true(series.count <= 64);
    assert_true(fabs(total_j(&series) - 2) < 1e-9);
    cct_series_free(&series);
}

TEST(a_tick_without_length_counts)
{
    struct cct_series series = {.limit = 64};
    struct cct_bucket tick;
    cct_bucket_clear(&tick);
    tick.energy_j = 3;
    cct_series_add(&series, T0, T0, &tick);
    assert_true(fabs(total_j(&series) - 3) < 1e-12);
    assert_true(isnan(cct_bucket_power_w(&series.buckets[0], 0.125)));
    cct_series_free(&series);
}

TEST(a_lower_limit_merges)
{
    struct cct_series series = {.limit = 1024};
    for (int i = 0; i < 100; i++)
        add(&series, i, i + 1, 2);
    cct_series_limit(&series, 16);
    assert_true(series.count <= 16);
    assert_true(fabs(total_j(&series) - 200) < 1e-9);
    cct_series_free(&series);
}

TEST(energy_between_two_instants)
{
    struct cct_series series = {.limit = 1024};
    struct cct_cumulative sums;
    for (int i = 0; i < 100; i++)
        add(&series, i, i + 1, 10);
    cct_cumulative_build(&sums, &series);
    assert_true(cct_cumulative_energy_j(&sums, T0 - 5000) == 0);
    assert_true(fabs(cct_cumulative_energy_j(&sums, T0 + 50500) - 505) < 1e-6);
    assert_true(fabs(cct_cumulative_energy_j(&sums, T0 + 100000) - 1000) < 1e-6);
    assert_true(fabs(cct_cumulative_energy_j(&sums, T0 + 999999) - 1000) < 1e-6);
    assert_true(cct_cumulative_emission_g(&sums, T0 + 100000) == 0);
    cct_cumulative_free(&sums);
    cct_series_free(&series);
}

/* Buckets wider than what is covered of them: the ends are exact all the same. */
TEST(the_ends_of_a_coarse_series_are_exact)
{
    struct cct_series series = {.limit = 4};
    struct cct_cumulative sums;
    for (int i = 0; i < 100; i++)
        add(&series, i, i + 1, 10);
    cct_cumulative_build(&sums, &series);
    assert_true(fabs(cct_cumulative_energy_j(&sums, T0)) < 1e-6);
    assert_true(fabs(cct_cumulative_energy_j(&sums, T0 + 100000) - 1000) < 1e-6);
    cct_cumulative_free(&sums);
    cct_series_free(&series);
}

TEST(neumaier_keeps_what_a_plain_sum_loses)
{
    struct cct_sum sum = {0};
    cct_sum_add(&sum, 1);
    cct_sum_add(&sum, 1e100);
    cct_sum_add(&sum, 1);
    cct_sum_add(&sum, -1e100);
    assert_true(cct_sum_get(&sum) == 2);
    struct cct_sum tenth = {0};
    for (int i = 0; i < 10000000; i++)
        cct_sum_add(&tenth, 0.1);
    assert_true(fabs(cct_sum_get(&tenth) - 1e6) < 1e-9);
}

TEST(a_sum_of_nothing_known_is_unknown)
{
    struct cct_sum sum = {0};
    cct_sum_add(&sum, NAN);
    cct_sum_add(&sum, INFINITY);
    assert_true(isnan(cct_sum_get(&sum)));
    cct_sum_add(&sum, 0);
    assert_true(cct_sum_get(&sum) == 0);
}

TEST(ranges_know_what_was_there)
{
    struct cct_ranges ranges = {0};
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(cct_ranges_add(&ranges, (i * 617) % 1000));
    assert_int_equal(ranges.count, 1);
    for (uint64_t i = 0; i < 1000; i++)
        assert_false(cct_ranges_add(&ranges, i));
    assert_true(cct_ranges_add(&ranges, 1001));
    assert_int_equal(ranges.count, 2);
    assert_true(cct_ranges_add(&ranges, 1000));
    assert_int_equal(ranges.count, 1);
    cct_ranges_free(&ranges);
}

TEST(ranges_forget_the_lowest_when_they_are_many)
{
    struct cct_ranges ranges = {0};
    for (uint64_t i = 0; i < 3 * CCT_MAX_RANGES; i++)
        assert_true(cct_ranges_add(&ranges, i * 2));
    assert_int_equal(ranges.count, CCT_MAX_RANGES);
    assert_false(cct_ranges_add(&ranges, (3 * CCT_MAX_RANGES - 1) * 2));
    assert_true(cct_ranges_add(&ranges, 0));
    assert_int_equal(ranges.count, CCT_MAX_RANGES);
    cct_ranges_free(&ranges);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tick_is_spread_over_its_time),
        cmocka_unit_test(memory_stays_flat_and_the_sum_exact),
        cmocka_unit_test(a_spike_of_one_sample_stays),
        cmocka_unit_test(any_order_gives_the_same_sums),
        cmocka_unit_test(instants_far_apart_do_not_run_away),
        cmocka_unit_test(a_tick_without_length_counts),
        cmocka_unit_test(a_lower_limit_merges),
        cmocka_unit_test(energy_between_two_instants),
        cmocka_unit_test(the_ends_of_a_coarse_series_are_exact),
        cmocka_unit_test(neumaier_keeps_what_a_plain_sum_loses),
        cmocka_unit_test(a_sum_of_nothing_known_is_unknown),
        cmocka_unit_test(ranges_know_what_was_there),
        cmocka_unit_test(ranges_forget_the_lowest_when_they_are_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
