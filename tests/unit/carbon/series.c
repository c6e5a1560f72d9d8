/* SPDX-License-Identifier: Apache-2.0
 * The series against a reference that knows no trick: for each millisecond the strongest interval
 * is looked for among all, and lengths are added as integers of microseconds. */
#include "carbon/carbon.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define T0 INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

static struct cct_intensity interval(int64_t from, int64_t to, double g)
{
    return (struct cct_intensity){
        .zone = "KR",
        .provider = "test",
        .from_utc_ms = T0 + from,
        .to_utc_ms = T0 + to,
        .fetched_utc_ms = CCT_NO_INSTANT,
        .g_per_kwh = g,
        .signal = CCT_SIGNAL_AVERAGE,
        .basis = CCT_BASIS_LIFECYCLE,
        .quality = CCT_QUALITY_MEASURED,
    };
}

static void add(struct cct_book *book, struct cct_intensity value)
{
    struct cct_err err;
    assert_int_equal(cct_book_add(book, &value, &err), 0);
}

static double mean(struct cct_book *book, const struct cct_intensity *annual, int64_t ts,
                   double interval_s, struct cct_charge *out)
{
    struct cct_charge charge;
    struct cct_series *series = cct_book_series(book, "KR");
    bool known = cct_series_charge(series, annual, T0 + ts, interval_s, out ? out : &charge);
    return known ? (out ? out : &charge)->g_per_kwh : (double)NAN;
}

static const struct cct_intensity annual_2025 = {
    .zone = "KR",
    .provider = "table",
    .from_utc_ms = INT64_C(1735689600000),
    .g_per_kwh = 423,
    .signal = CCT_SIGNAL_AVERAGE,
    .basis = CCT_BASIS_LIFECYCLE,
    .quality = CCT_QUALITY_ANNUAL,
};

static uint64_t seed;

static uint64_t draw(uint64_t below) /* xorshift64*, G. Marsaglia and S. Vigna */
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (seed * UINT64_C(2685821657736338717) >> 11) % below;
}

enum { COUNT = 12, RANGE_MS = 60 };

/* The value at the millisecond (ms, ms + 1] of the random intervals; -1 where none holds. */
static double value_at(const struct cct_intensity *all, size_t count, int64_t ms)
{
    const struct cct_intensity *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (all[i].from_utc_ms <= T0 + ms && T0 + ms < all[i].to_utc_ms &&
            (!best || all[i].fetched_utc_ms >= best->fetched_utc_ms))
            best = &all[i];
    return best ? best->g_per_kwh : -1;
}

/* Sum of microseconds x grams over (end_us - span_us, end_us], over the span: holes take the last
 * value, and 423 before the first. */
static void reference(const struct cct_intensity *all, size_t count, int64_t end_us,
                      int64_t span_us, long double *out)
{
    int64_t sum = 0;
    double known = 423;
    for (int64_t ms = 0; ms * 1000 < end_us; ms++) {
        double g = value_at(all, count, ms);
        if (g >= 0)
            known = g;
        int64_t from_us = ms * 1000 > end_us - span_us ? ms * 1000 : end_us - span_us;
        int64_t to_us = (ms + 1) * 1000 < end_us ? (ms + 1) * 1000 : end_us;
        if (to_us > from_us)
            sum += (to_us - from_us) * (int64_t)known;
    }
    *out = (long double)sum / (long double)span_us;
}

static void random_round(void)
{
    struct cct_intensity all[COUNT];
    struct cct_book *book = cct_book_open();
    size_t count = 1 + draw(COUNT);
    for (size_t i = 0; i < count; i++) {
        int64_t from = (int64_t)draw(RANGE_MS);
        all[i] = interval(from, from + 1 + (int64_t)draw(RANGE_MS / 3), (double)draw(1000));
        if (draw(2))
            all[i].fetched_utc_ms = T0 + (int64_t)draw(4);
        add(book, all[i]);
        if (draw(4) == 0) /* a look-up between two additions */
            mean(book, NULL, RANGE_MS, 0.001, NULL);
    }
    for (int i = 0; i < 20; i++) {
        long double expected;
        int64_t ts = 1 + (int64_t)draw(RANGE_MS + 20);
        int64_t span_us = 1 + (int64_t)draw((uint64_t)ts * 1000);
        reference(all, count, ts * 1000, span_us, &expected);
        double got = mean(book, &annual_2025, ts, (double)span_us / 1e6, NULL);
        assert_true(fabsl((long double)got - expected) <= 1e-11L * (1 + expected));
    }
    cct_book_close(book);
}

static void test_random_against_reference(void **state)
{
    (void)state;
    seed = 20260101;
    for (int round = 0; round < 3000; round++)
        random_round();
}

/* A year of half hours, charged in unequal pieces: the pieces add up to the whole. */
static void test_pieces_add_up(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    const int64_t half_hour = 1800000, year = half_hour * 17520;
    long double expected = 0, sum = 0;
    seed = 7;
    for (int64_t t = 0; t < year; t += half_hour) {
        double g = (double)draw(80000) / 97;
        add(book, interval(t, t + half_hour, g));
        expected += (long double)g * half_hour;
    }
    for (int64_t t = 0; t < year;) {
        int64_t next = t + 1 + (int64_t)draw(9000000);
        next = next > year ? year : next;
        sum += (long double)mean(book, NULL, next, (double)(next - t) / 1000, NULL) * (next - t);
        t = next;
    }
    assert_true(fabsl(sum - expected) <= 1e-14L * expected);
    assert_true(fabsl((long double)mean(book, NULL, year, (double)year / 1000, NULL) * year -
                      expected) <= 4e-16L * expected);
    cct_book_close(book);
}

/* (ts - interval, ts]: a sample that ends where a period ends belongs to it alone. */
static void test_millisecond_boundaries(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    add(book, interval(0, 1000, 100));
    add(book, interval(1000, 2000, 300));
    struct cct_charge charge;
    struct cct_intensity forecast = interval(2000, 3000, 500);
    forecast.quality = CCT_QUALITY_FORECAST;
    add(book, forecast);
    assert_true(mean(book, NULL, 1000, 1.0, NULL) == 100);
    assert_true(mean(book, NULL, 2000, 1.0, &charge) == 300);
    assert_int_equal(charge.quality, CCT_QUALITY_MEASURED);
    add(book, interval(3000, 4000, 300));
    assert_true(mean(book, NULL, 4000, 1.0, &charge) == 300);
    assert_int_equal(charge.quality, CCT_QUALITY_MEASURED);
    assert_true(mean(book, NULL, 1001, 0.002, NULL) == 200);
    assert_true(mean(book, NULL, 1500, 1.0, NULL) == 200);
    assert_true(mean(book, NULL, 1000, 0, NULL) == 100);
    assert_true(mean(book, NULL, 1001, 0, NULL) == 300);
    assert_true(mean(book, NULL, 1500, 0.5000005, NULL) > 299.999);
    assert_true(mean(book, NULL, 1500, 0.5000005, NULL) < 300);
    assert_true(mean(book, NULL, 1500, 0.4999995, NULL) == 300);
    cct_book_close(book);
}

/* The order of coming must not matter where nothing overlaps. */
static void test_unsorted_and_duplicate(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    const int order[] = {5, 2, 9, 0, 7, 1, 8, 3, 6, 4, 2, 9};
    for (size_t i = 0; i < CCT_LEN(order); i++)
        add(book, interval(order[i] * 1000, order[i] * 1000 + 1000, order[i] * 10));
    for (int i = 0; i < 10; i++)
        assert_true(mean(book, NULL, i * 1000 + 1000, 1.0, NULL) == i * 10);
    assert_true(mean(book, NULL, 10000, 10.0, NULL) == 45);
    cct_book_close(book);
}

static void test_later_fetched_wins(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    struct cct_intensity fresh = interval(0, 4000, 100), stale = interval(0, 4000, 900);
    struct cct_intensity patch = interval(1000, 2000, 500);
    fresh.fetched_utc_ms = T0 + 20;
    stale.fetched_utc_ms = T0 + 10;
    patch.fetched_utc_ms = T0 + 20;
    add(book, fresh);
    add(book, stale);
    assert_true(mean(book, NULL, 4000, 4.0, NULL) == 100);
    add(book, patch); /* fetched at the same time: the later in the file */
    assert_true(mean(book, NULL, 4000, 4.0, NULL) == 200);
    cct_book_close(book);
}

static void test_hole_takes_last_known(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    struct cct_charge charge;
    add(book, interval(0, 1000, 100));
    add(book, interval(5000, 6000, 300));
    assert_true(mean(book, &annual_2025, 4000, 1.0, &charge) == 100);
    assert_true(charge.age_s == 3.0);
    assert_int_equal(charge.quality, CCT_QUALITY_MEASURED);
    assert_true(mean(book, &annual_2025, 6000, 2.0, &charge) == 200);
    assert_true(charge.age_s == 4.0);
    assert_true(mean(book, &annual_2025, 96000, 1.0, &charge) == 300);
    assert_true(charge.age_s == 90.0);
    assert_true(mean(book, &annual_2025, 6000, 1.0, &charge) == 300);
    assert_true(charge.age_s == 0);
    add(book, interval(6500, 7000, 300)); /* of two holes, the age of the longer one */
    assert_true(mean(book, &annual_2025, 7000, 5.0, &charge) == 180);
    assert_true(charge.age_s == 4.0);
    cct_book_close(book);
}

static void test_nothing_before_takes_annual(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    struct cct_charge charge;
    add(book, interval(1000, 2000, 100));
    assert_true(mean(book, &annual_2025, 1000, 1.0, &charge) == 423);
    assert_int_equal(charge.quality, CCT_QUALITY_ANNUAL);
    assert_string_equal(charge.provider, "table");
    assert_int_equal(charge.year, 2025);
    assert_true(mean(book, &annual_2025, 2000, 2.0, &charge) == 261.5);
    assert_int_equal(charge.quality, CCT_QUALITY_ANNUAL);
    assert_true(isnan(mean(book, NULL, 2000, 2.0, &charge)));
    assert_true(mean(book, NULL, 2000, 1.0, &charge) == 100);
    assert_int_equal(charge.year, 0);
    cct_book_close(book);
}

/* An annual average must not fill the hole of a marginal series. */
static void test_annual_of_another_signal_is_not_used(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    struct cct_intensity marginal = interval(1000, 2000, 700);
    marginal.signal = CCT_SIGNAL_MARGINAL;
    add(book, marginal);
    assert_true(isnan(mean(book, &annual_2025, 1000, 1.0, NULL)));
    assert_true(mean(book, &annual_2025, 2000, 1.0, NULL) == 700);
    cct_book_close(book);
}

static void assert_refused(struct cct_book *book, struct cct_intensity value, const char *message)
{
    struct cct_err err = {0};
    assert_int_equal(cct_book_add(book, &value, &err), -1);
    assert_int_equal(err.code, CCT_CONFIG);
    assert_string_equal(err.msg, message);
}

static void test_mixture_is_refused(void **state)
{
    (void)state;
    struct cct_book *book = cct_book_open();
    struct cct_intensity value = interval(0, 1000, 100);
    value.basis = CCT_BASIS_UNKNOWN;
    add(book, value);
    value.signal = CCT_SIGNAL_MARGINAL;
    assert_refused(book, value,
                   "zone KR has both average and marginal intensities, which one sum must not mix");
    value.signal = CCT_SIGNAL_AVERAGE;
    value.basis = CCT_BASIS_DIRECT; /* the first known basis becomes the series' */
    add(book, value);
    value.basis = CCT_BASIS_LIFECYCLE;
    assert_refused(book, value,
                   "zone KR has both direct and lifecycle intensities, which one sum must not mix");
    strcpy(value.zone, "DE");
    add(book, value);
    assert_int_equal(cct_book_count(book), 2);
    assert_string_equal(cct_book_zone(book, 1), "DE");
    assert_null(cct_book_series(book, "FR"));
    cct_book_close(book);
}

/* Local time jumps twice a year; instants do not: the nights of the change have 23 and 25 hours,
 * and each hour of UTC is charged once. */
static void test_daylight_saving_does_not_matter(void **state)
{
    (void)state;
    int64_t march, october;
    const char *first = "2026-03-29T00:00:00+01:00", *second = "2026-10-25T00:00:00+02:00";
    assert_int_equal(cct_instant_parse(first, strlen(first), &march), 0);
    assert_int_equal(cct_instant_parse(second, strlen(second), &october), 0);
    struct cct_book *book = cct_book_open();
    for (int i = 0; i < 26; i++) {
        add(book, interval(march - T0 + i * 3600000, march - T0 + (i + 1) * 3600000, i));
        add(book, interval(october - T0 + i * 3600000, october - T0 + (i + 1) * 3600000, i));
    }
    assert_true(mean(book, NULL, march - T0 + 23 * 3600000, 23 * 3600, NULL) == 11);
    assert_true(mean(book, NULL, october - T0 + 25 * 3600000, 25 * 3600, NULL) == 12);
    cct_book_close(book);
}

static void test_nothing_known(void **state)
{
    (void)state;
    char zone[100];
    struct cct_charge charge;
    struct cct_book *book = cct_book_open();
    assert_false(cct_series_charge(NULL, NULL, T0, 1, &charge));
    assert_true(cct_series_charge(NULL, &annual_2025, CCT_NO_INSTANT, 1, &charge));
    assert_true(charge.g_per_kwh == 423 && charge.year == 2025);
    memset(zone, 'Z', sizeof zone);
    zone[sizeof zone - 1] = '\0';
    assert_null(cct_book_series(book, zone));
    cct_book_close(book);
    cct_book_close(NULL);
    cct_meter_close(NULL);
}

static void test_formula(void **state)
{
    (void)state;
    assert_true(cct_emission_g(3.6e6, 423, 1) == 423);
    assert_true(cct_emission_g(1.8e6, 400, 1.5) == 300);
    assert_true(isnan(cct_emission_g(NAN, 400, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_against_reference),
        cmocka_unit_test(test_pieces_add_up),
        cmocka_unit_test(test_millisecond_boundaries),
        cmocka_unit_test(test_unsorted_and_duplicate),
        cmocka_unit_test(test_later_fetched_wins),
        cmocka_unit_test(test_hole_takes_last_known),
        cmocka_unit_test(test_nothing_before_takes_annual),
        cmocka_unit_test(test_annual_of_another_signal_is_not_used),
        cmocka_unit_test(test_mixture_is_refused),
        cmocka_unit_test(test_daylight_saving_does_not_matter),
        cmocka_unit_test(test_nothing_known),
        cmocka_unit_test(test_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
