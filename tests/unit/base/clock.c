/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/clock.h"

#include <time.h>

static int64_t instant(const char *s)
{
    int64_t utc_ms = -7;
    assert_int_equal(cct_instant_parse(s, strlen(s), &utc_ms), 0);
    return utc_ms;
}

static const struct {
    const char *text;
    int64_t utc_ms;
} good_instants[] = {
    {"1970-01-01T00:00:00Z", 0},
    {"1970-01-01T00:00:00.001Z", 1},
    {"2026-11-24T06:37:34.123Z", 1795502254123},
    {"2026-11-24t06:37:34.123z", 1795502254123},
    {"2026-11-24 06:37:34.123Z", 1795502254123},
    {"2026-11-24T15:37:34.123+09:00", 1795502254123},
    {"2026-11-24T15:37:34.123+0900", 1795502254123},
    {"2026-11-24T00:07:34.123-06:30", 1795502254123},
    {"2026-11-24T06:37:34.123-00:00", 1795502254123},
    {"2026-11-24T06:37:34.1239999999Z", 1795502254123},
    {"2026-11-24T06:37:34.1Z", 1795502254100},
    {"2026-11-24T06:37Z", 1795502220000},
    {"2000-02-29T00:00:00Z", 951782400000},
    {"2024-02-29T23:59:59.999Z", 1709251199999},
    {"2024-03-01T00:00:00Z", 1709251200000},
    {"2016-12-31T23:59:60Z", 1483228799999},
    {"2016-12-31T23:59:60.700Z", 1483228799999},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
    {"1970-01-01T09:00:00+09:00", 0},
};

static const char *const bad_instants[] = {
    "",
    "now",
    "2026",
    "2026-11-24",
    "2026-11-24T",
    "2026-11-24T06",
    "2026-11-24T06:37",
    "2026-11-24T06:37:34",
    "2026-11-24T06:37:34.Z",
    "2026-11-24T06:37:34,5Z",
    "2026-11-24T06:37.5Z",
    "2026-11-24T06:37:34ZZ",
    "2026-11-24T06:37:34Z ",
    " 2026-11-24T06:37:34Z",
    "2026-11-24_06:37:34Z",
    "2026-11-24T24:00:00Z",
    "2026-11-24T23:60:00Z",
    "2026-11-24T23:59:61Z",
    "2026-00-24T00:00:00Z",
    "2026-13-24T00:00:00Z",
    "2026-11-00T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "1970-01-01T00:00:00+00:01",
    "9999-12-31T23:59:59-00:01",
    "10000-01-01T00:00:00Z",
    "+2026-11-24T06:37:34Z",
    "2026-11-24T06:37:34+24:00",
    "2026-11-24T06:37:34+09",
    "2026-11-24T06:37:34+9:00",
    "2026-11-24T06:37:34+09:60",
    "2026-11-24T06:37:34+",
    "2026-1-24T06:37:34Z",
    "2026-11-24T6:37:34Z",
    "2026/11/24T06:37:34Z",
};

TEST(instants_are_read)
{
    for (size_t i = 0; i < CCT_LEN(good_instants); i++)
        assert_int_equal(instant(good_instants[i].text), good_instants[i].utc_ms);
}

TEST(what_is_no_instant_is_refused)
{
    for (size_t i = 0; i < CCT_LEN(bad_instants); i++) {
        int64_t utc_ms = -7;
        if (cct_instant_parse(bad_instants[i], strlen(bad_instants[i]), &utc_ms) != -1)
            fail_msg("accepted: %s", bad_instants[i]);
        assert_int_equal(utc_ms, -7);
    }
}

TEST(length_and_not_nul_ends_an_instant)
{
    int64_t utc_ms;
    const char *s = "2026-11-24T06:37:34ZZ";
    assert_int_equal(cct_instant_parse(s, 20, &utc_ms), 0);
    assert_int_equal(cct_instant_parse(s, 19, &utc_ms), -1);
    assert_int_equal(cct_instant_parse("2026-11-24T06:37:34\0Z", 21, &utc_ms), -1);
}

/* Every day of the calendar, against the C library's timegm. */
TEST(days_agree_with_the_c_library)
{
    for (int64_t day = 0; day < 2932897; day += 13) {
        int year, month, dom;
        cct_civil_from_days(day, &year, &month, &dom);
        struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = dom};
        assert_int_equal(timegm(&tm), day * 86400);
        assert_int_equal(cct_days_from_civil(year, month, dom), day);
    }
}

TEST(instants_survive_writing_and_reading)
{
    uint64_t seed = 7;
    for (int i = 0; i < 20000; i++) {
        char text[CCT_INSTANT_LEN + 1];
        int64_t utc_ms = (int64_t)(test_random(&seed) % UINT64_C(253402300800000));
        cct_instant_format(text, utc_ms);
        assert_int_equal(strlen(text), CCT_INSTANT_LEN);
        assert_int_equal(instant(text), utc_ms);
    }
}

TEST(an_instant_before_1970_is_written)
{
    char text[CCT_INSTANT_LEN + 1];
    cct_instant_format(text, -1);
    assert_string_equal(text, "1969-12-31T23:59:59.999Z");
    cct_instant_format(text, 0);
    assert_string_equal(text, "1970-01-01T00:00:00.000Z");
}

static const struct {
    const char *text;
    int64_t ns;
} good_durations[] = {
    {"0", 0},
    {"10", 10 * CCT_NS_PER_S},
    {"1.5", 1500 * CCT_NS_PER_MS},
    {".5", 500 * CCT_NS_PER_MS},
    {"1ns", 1},
    {"1us", 1000},
    {"500ms", 500 * CCT_NS_PER_MS},
    {"10s", 10 * CCT_NS_PER_S},
    {"5m", 300 * CCT_NS_PER_S},
    {"2h", 7200 * CCT_NS_PER_S},
    {"1.5h", 5400 * CCT_NS_PER_S},
    {"1h30m", 5400 * CCT_NS_PER_S},
    {"1m30s500ms", 90500 * CCT_NS_PER_MS},
    {"7d", 604800 * CCT_NS_PER_S},
    {"1w", 604800 * CCT_NS_PER_S},
    {"0.0000001ms", 0},
};

static const char *const bad_durations[] = {
    "",      "s",    "-1s", "+1s",  "1x",    "1mo",   "1h30", "1 s",         " 1s",    "1s ",
    "1s,",   "inf",  "nan", "0x10", "0x10s", "1e400", "400y", "1000000w",    "1.2.3s", "1..s",
    "1h-1m", "infs", "1s1", "1S",   "1H",    ".",     ".s",   "9300000000s",
};

TEST(durations_are_read)
{
    for (size_t i = 0; i < CCT_LEN(good_durations); i++) {
        int64_t ns = -7;
        if (cct_duration_parse(good_durations[i].text, &ns))
            fail_msg("refused: %s", good_durations[i].text);
        assert_int_equal(ns, good_durations[i].ns);
    }
}

TEST(what_is_no_duration_is_refused)
{
    for (size_t i = 0; i < CCT_LEN(bad_durations); i++) {
        int64_t ns = -7;
        if (cct_duration_parse(bad_durations[i], &ns) != -1)
            fail_msg("accepted: %s", bad_durations[i]);
    }
}

TEST(a_frozen_clock_stands)
{
    struct cct_clock clock = {.frozen = true, .frozen_utc_ms = 1234};
    assert_int_equal(cct_clock_utc_ms(&clock), 1234);
    clock.frozen = false;
    int64_t lately = INT64_C(1577836800000); /* 2020-01-01 */
    assert_true(cct_clock_utc_ms(&clock) > lately);
    assert_true(cct_clock_utc_ms(NULL) > lately);
}

TEST(monotonic_clocks_go_on)
{
    int64_t mono = cct_mono_ns();
    int64_t boot = cct_boot_ns();
    assert_true(mono > 0 && boot > 0);
    assert_true(cct_mono_ns() >= mono);
    assert_true(cct_boot_ns() >= boot);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(length_and_not_nul_ends_an_instant),
        cmocka_unit_test(days_agree_with_the_c_library),
        cmocka_unit_test(instants_survive_writing_and_reading),
        cmocka_unit_test(an_instant_before_1970_is_written),
        cmocka_unit_test(durations_are_read),
        cmocka_unit_test(what_is_no_duration_is_refused),
        cmocka_unit_test(a_frozen_clock_stands),
        cmocka_unit_test(monotonic_clocks_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
