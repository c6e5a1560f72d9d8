/* SPDX-License-Identifier: Apache-2.0
 * What is counted, and what is not. */
#include "make.h"

TEST(totals_of_a_run)
{
    struct made made = {0};
    MAKE(&made, "json", EMISSION("1", "01", "3600", "0.6"), EMISSION("2", "02", "7200", "1.2"));
    near(number(&made, NULL, "energy_kwh"), 0.003);
    near(number(&made, NULL, "emission_g"), 1.8);
    near(number(&made, NULL, "duration_s"), 2);
    near(number(&made, "by_component", "cpu"), 0.003);
    near(number(&made, "by_zone", "KR"), 1.8);
    near(number(&made, "method_share", "counter"), 1);
    near(number(&made, "method_share", "model"), 0);
    near(number(&made, NULL, "intensity_g_per_kwh"), 400);
    near(number(&made, NULL, "pue"), 1.5);
    near(number(&made, NULL, "power_mean_w"), 5400);
    near(number(&made, NULL, "power_peak_w"), 7200);
    near(number(&made, NULL, "samples"), 2);
    near(number(&made, NULL, "gaps"), 0);
    HAS(made, "\"run\":\"r\"");
    HAS(made, "\"host\":\"h\"");
    HAS(made, "\"ts\":\"2026-11-24T06:37:02.000Z\"");
    cct_buf_free(&made.out);
}

TEST(a_sample_and_its_emission_count_once_in_any_order)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "3600"), EMISSION("1", "01", "3600", "0.6"),
         SAMPLE("2", "02", "3600"), EMISSION("2", "02", "3600", "0.6"));
    near(number(&made, NULL, "energy_kwh"), 0.002);
    near(number(&made, NULL, "emission_g"), 1.2);
    near(number(&made, NULL, "samples"), 2);
    MAKE(&made, "json", EMISSION("2", "02", "3600", "0.6"), EMISSION("1", "01", "3600", "0.6"),
         SAMPLE("1", "01", "3600"), SAMPLE("2", "02", "3600"), EMISSION("1", "01", "3600", "0.6"));
    near(number(&made, NULL, "energy_kwh"), 0.002);
    near(number(&made, NULL, "emission_g"), 1.2);
    near(number(&made, NULL, "samples"), 2);
    /* charged later: first without a place */
    MAKE(&made, "json", EMISSION("1", "01", "3600", "null"), EMISSION("1", "01", "3600", "0.6"));
    near(number(&made, NULL, "energy_kwh"), 0.001);
    near(number(&made, NULL, "emission_g"), 0.6);
    cct_buf_free(&made.out);
}

TEST(records_out_of_order_give_the_same_totals)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("3", "03", "3"), SAMPLE("1", "01", "1"), SAMPLE("2", "02", "2"));
    near(number(&made, NULL, "energy_kwh"), 6 / 3.6e6);
    near(number(&made, NULL, "duration_s"), 3);
    near(number(&made, NULL, "gaps"), 0);
    cct_buf_free(&made.out);
}

TEST(holes_and_flags_are_gaps)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "1"), SAMPLE("2", "09", "1"));
    near(number(&made, NULL, "gaps"), 1);
    near(number(&made, NULL, "duration_s"), 9);
    near(number(&made, NULL, "power_mean_w"), 1);
    MAKE(&made, "json",
         "{\"schema\":\"cct.sample/1\",\"id\":\"A-1\",\"ts\":\"2026-11-24T06:37:01Z\",\"host\":"
         "\"h\",\"interval_s\":1,\"energy_j\":1,\"flags\":{\"a\":[\"gap\"],\"b\":[\"gap\",\"wrap\"]"
         "}}",
         "{\"schema\":\"cct.sample/1\",\"id\":\"A-2\",\"ts\":\"2026-11-24T06:37:02Z\",\"host\":"
         "\"h\",\"interval_s\":1}");
    near(number(&made, NULL, "gaps"), 2);
    cct_buf_free(&made.out);
}

/* The clock went back an hour in the middle: time is what the samples cover. */
TEST(a_clock_set_back_does_not_stretch_the_run)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "1"), SAMPLE("2", "02", "1"),
         "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-00000000003\",\"ts\":"
         "\"2026-11-24T05:37:03.000Z\",\"host\":\"h\",\"run\":\"r\",\"interval_s\":1,"
         "\"energy_j\":1,\"flags\":{\"clock\":[\"clock_step\"]}}");
    near(number(&made, NULL, "duration_s"), 3);
    near(number(&made, NULL, "gaps"), 0);
    cct_buf_free(&made.out);
}

TEST(unknown_stays_absent)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "1"));
    assert_true(isnan(number(&made, NULL, "emission_g")));
    assert_true(isnan(number(&made, NULL, "job_energy_kwh")));
    assert_true(isnan(number(&made, NULL, "epochs")));
    assert_true(isnan(number(&made, "by_component", "gpu")));
    NOT(made, "null");
    MAKE(&made, "text", SAMPLE("1", "01", "1"));
    HAS(made, "CO2e unknown: no grid zone (say --zone)");
    cct_buf_free(&made.out);
}

TEST(average_and_marginal_are_never_added_up)
{
    struct made made = {0};
    MAKE(&made, "json", EMISSION("1", "01", "3600", "1,\"intensity_signal\":\"average\""),
         EMISSION("2", "02", "3600", "5,\"intensity_signal\":\"marginal\""));
    assert_int_equal(made.refused, 1);
    assert_int_equal(made.code, CCT_DATAERR);
    near(number(&made, NULL, "emission_g"), 1);
    near(number(&made, NULL, "energy_kwh"), 0.002);
    near(number(&made, NULL, "emission_share"), 0.5);
    cct_buf_free(&made.out);
}

TEST(half_known_emission_is_said_to_be)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "1"), EMISSION("2", "02", "3", "0.1"));
    near(number(&made, NULL, "emission_share"), 0.75);
    MAKE(&made, "text", SAMPLE("1", "01", "1"), EMISSION("2", "02", "3", "0.1"));
    HAS(made, "known for 75 % of the energy");
    cct_buf_free(&made.out);
}

TEST(bounds_and_methods_of_a_model)
{
    struct made made = {0};
    const char *tick = "{\"schema\":\"cct.emission/1\",\"id\":\"A-1\",\"ts\":"
                       "\"2026-11-24T06:37:01Z\",\"host\":\"h\",\"run\":\"demo-1\",\"interval_s\":"
                       "1,\"energy_j\":3600,\"job_energy_j\":1800,\"measured_share\":0,\"low_j\":"
                       "1800,\"high_j\":5400,\"sources\":{\"model:cpu\":3600},\"zone\":\"KR\","
                       "\"intensity_g_per_kwh\":423,\"intensity_quality\":\"annual\",\"pue\":1,"
                       "\"emission_g\":0.423}";
    MAKE(&made, "json", tick);
    near(number(&made, NULL, "energy_low_kwh"), 0.0005);
    near(number(&made, NULL, "energy_high_kwh"), 0.0015);
    near(number(&made, NULL, "emission_low_g"), 0.2115);
    near(number(&made, "method_share", "model"), 1);
    MAKE(&made, "text", tick);
    const char *want = "run demo-1: 1.00 s, 1.00 Wh (job 0.500 Wh), 0.423 g CO2e (KR, 423 g/kWh, "
                       "annual mean), 100 % model ±50 %\n";
    assert_memory_equal(made.out.data, want, strlen(want));
    cct_buf_free(&made.out);
}

TEST(a_sensor_record_says_what_is_a_gauge)
{
    struct made made = {0};
    MAKE(&made, "json",
         "{\"schema\":\"cct.sensor/1\",\"host\":\"h\",\"source\":\"rapl:package-0\","
         "\"method\":\"gauge\"}",
         SAMPLE("1", "01", "1"));
    near(number(&made, "method_share", "gauge"), 1);
    cct_buf_free(&made.out);
}

TEST(runs_and_hosts_are_kept_apart)
{
    struct made made = {0};
    const char *const lines[] = {
        SAMPLE("1", "01", "3.6"),
        "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-00000000001\",\"ts\":"
        "\"2026-11-24T06:37:01Z\",\"host\":\"h\",\"run\":\"q\",\"interval_s\":1,\"energy_j\":7.2}",
        "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-00000000001\",\"ts\":"
        "\"2026-11-24T06:37:01Z\",\"host\":\"g\",\"run\":\"r\",\"interval_s\":1,\"energy_j\":7.2}",
        "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-00000000001\",\"ts\":"
        "\"2026-11-24T06:37:01Z\",\"host\":\"h\",\"interval_s\":1,\"energy_j\":1}",
        NULL};
    make(&made, "json", NULL, lines);
    int count = 0;
    for (size_t i = 0; i < made.out.len; i++)
        count += made.out.data[i] == '\n';
    assert_int_equal(count, 3);
    HAS(made, "\"hosts\":[\"h\",\"g\"]");
    make(&made, "json", "q", lines);
    near(number(&made, NULL, "energy_kwh"), 2e-6);
    make(&made, "json", "none", lines);
    assert_int_equal(made.out.len, 0);
    cct_buf_free(&made.out);
}

TEST(too_many_runs_are_refused_with_advice)
{
    struct made made = {0};
    static char text[CCT_REPORT_MAX_RUNS + 5][160];
    static const char *lines[CCT_REPORT_MAX_RUNS + 6];
    for (int i = 0; i < CCT_REPORT_MAX_RUNS + 5; i++) {
        snprintf(text[i], sizeof text[i],
                 "{\"schema\":\"cct.sample/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"run\":\"r%d\","
                 "\"interval_s\":1,\"energy_j\":1}",
                 i);
        lines[i] = text[i];
    }
    make(&made, "html", NULL, lines);
    assert_int_equal(made.refused, 5);
    assert_int_equal(made.code, CCT_CONFIG);
    HAS(made, "4096 runs");
    cct_buf_free(&made.out);
}

TEST(a_sample_without_ts_is_refused)
{
    struct made made = {0};
    MAKE(&made, "json", "{\"schema\":\"cct.sample/1\",\"energy_j\":1}");
    assert_int_equal(made.refused, 1);
    assert_int_equal(made.code, CCT_DATAERR);
    cct_buf_free(&made.out);
}

TEST(senseless_numbers_do_not_reach_a_total)
{
    struct made made = {0};
    MAKE(&made, "json", SAMPLE("1", "01", "1e308"), SAMPLE("2", "02", "-5"),
         SAMPLE("3", "03", "\"NaN\""), SAMPLE("4", "04", "3.6"));
    near(number(&made, NULL, "energy_kwh"), 1e-6);
    near(number(&made, NULL, "gaps"), 3);
    cct_buf_free(&made.out);
}

TEST(foreign_records_are_passed_over)
{
    struct made made = {0};
    MAKE(&made, "json", "{\"a\":1}", "{\"schema\":\"acme.thing/7\",\"energy_j\":5}",
         "{\"schema\":\"cct.sample/2\",\"ts\":\"2026-11-24T06:37:01Z\"}");
    assert_int_equal(made.out.len, 0);
    assert_int_equal(made.refused, 0);
    cct_buf_free(&made.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_of_a_run),
        cmocka_unit_test(a_sample_and_its_emission_count_once_in_any_order),
        cmocka_unit_test(records_out_of_order_give_the_same_totals),
        cmocka_unit_test(holes_and_flags_are_gaps),
        cmocka_unit_test(a_clock_set_back_does_not_stretch_the_run),
        cmocka_unit_test(unknown_stays_absent),
        cmocka_unit_test(average_and_marginal_are_never_added_up),
        cmocka_unit_test(half_known_emission_is_said_to_be),
        cmocka_unit_test(bounds_and_methods_of_a_model),
        cmocka_unit_test(a_sensor_record_says_what_is_a_gauge),
        cmocka_unit_test(runs_and_hosts_are_kept_apart),
        cmocka_unit_test(too_many_runs_are_refused_with_advice),
        cmocka_unit_test(a_sample_without_ts_is_refused),
        cmocka_unit_test(senseless_numbers_do_not_reach_a_total),
        cmocka_unit_test(foreign_records_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
