/* SPDX-License-Identifier: Apache-2.0
 * What a page, a text and a table say, and that hostile strings do nothing there. */
#include "make.h"

static const char *const empty[] = {NULL};

TEST(nothing_at_all_gives_a_sensible_page)
{
    struct made made = {0};
    make(&made, "html", NULL, empty);
    HAS(made, "<h1>No run</h1>");
    HAS(made, "</html>");
    make(&made, "text", NULL, empty);
    HAS(made, "no run");
    make(&made, "json", NULL, empty);
    assert_int_equal(made.out.len, 0);
    make(&made, "csv", NULL, empty);
    assert_memory_equal(made.out.data, "ts,host,run,", 12);
    cct_buf_free(&made.out);
}

#define START                                                                                      \
    "{\"schema\":\"cct.run/1\",\"ts\":\"2026-11-24T06:37:00Z\",\"host\":\"h\",\"run\":\"r\","      \
    "\"event\":\"start\",\"command\":[\"a\",\"b c\"]}"

TEST(a_run_without_samples_gives_a_sensible_page)
{
    struct made made = {0};
    MAKE(&made, "html", START);
    HAS(made, "No sample tells the power");
    HAS(made, "interrupted");
    NOT(made, "nan");
    MAKE(&made, "text", START);
    HAS(made, "run r: unknown, energy unknown: no sample was recorded");
    cct_buf_free(&made.out);
}

TEST(a_run_of_one_tick_gives_a_sensible_page)
{
    struct made made = {0};
    MAKE(&made, "html", EMISSION("1", "01", "3600", "0.6"));
    HAS(made, "Power by component");
    HAS(made, "Cumulative CO2e");
    HAS(made, "400&nbsp;g/kWh, annual mean 2025");
    HAS(made, "The training reported no progress");
    NOT(made, "nan");
    NOT(made, "inf\"");
    cct_buf_free(&made.out);
}

TEST(a_run_that_goes_on_says_so)
{
    struct made made = {0};
    MAKE(&made, "html",
         "{\"schema\":\"cct.run/1\",\"ts\":\"2026-11-24T08:46:00Z\",\"run\":\"r\","
         "\"event\":\"start\"}",
         "{\"schema\":\"cct.sample/1\",\"ts\":\"2026-11-24T08:46:30Z\",\"run\":\"r\","
         "\"interval_s\":1,\"energy_j\":1}");
    HAS(made, "still running");
    cct_buf_free(&made.out);
}

TEST(a_run_that_ended_says_how)
{
    struct made made = {0};
    MAKE(&made, "html", START, SAMPLE("1", "01", "1"),
         "{\"schema\":\"cct.run/1\",\"ts\":\"2026-11-24T06:37:02Z\",\"run\":\"r\","
         "\"event\":\"end\",\"exit_status\":143,\"signal\":\"SIGTERM\"}");
    HAS(made, "ended, by signal SIGTERM");
    HAS(made, "status bad");
    cct_buf_free(&made.out);
}

TEST(epochs_have_their_energy)
{
    struct made made = {0};
    MAKE(&made, "html", SAMPLE("1", "01", "3600"), SAMPLE("2", "02", "3600"),
         SAMPLE("3", "03", "3600"), SAMPLE("4", "04", "3600"),
         "{\"schema\":\"cct.progress/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"host\":\"h\","
         "\"run\":\"r\",\"epoch\":1,\"loss\":2}",
         "{\"schema\":\"cct.progress/1\",\"ts\":\"2026-11-24T06:37:04Z\",\"host\":\"h\","
         "\"run\":\"r\",\"epoch\":2,\"loss\":1}");
    HAS(made, "epoch 1: 1.00 Wh, 1.00 s");
    HAS(made, "epoch 2: 3.00 Wh, 3.00 s");
    cct_buf_free(&made.out);
}

#define EVIL "<script>alert(1)</script>\\\"'&\\u0007"

TEST(no_outside_string_reaches_the_page_as_markup)
{
    struct made made = {0};
    MAKE(&made, "html",
         "{\"schema\":\"cct.run/1\",\"ts\":\"2026-11-24T06:37:00Z\",\"host\":\"" EVIL "\","
         "\"run\":\"" EVIL "\",\"event\":\"start\",\"command\":[\"" EVIL "\"],\"cwd\":\"" EVIL
         "\",\"git\":\"" EVIL "\"}",
         "{\"schema\":\"cct.host/1\",\"host\":\"" EVIL "\",\"os\":\"" EVIL "\",\"kernel\":\"" EVIL
         "\",\"virtualization\":\"" EVIL "\",\"container\":\"" EVIL "\",\"cpu\":{\"model\":\"" EVIL
         "\"}}",
         "{\"schema\":\"cct.device/1\",\"host\":\"" EVIL "\",\"device\":\"" EVIL
         "\",\"model\":\"" EVIL "\"}",
         "{\"schema\":\"cct.sensor/1\",\"host\":\"" EVIL "\",\"source\":\"" EVIL
         "\",\"method\":\"" EVIL "\",\"component\":\"" EVIL
         "\",\"readable\":false,\"reason\":\"" EVIL "\",\"remedy\":\"" EVIL
         "\",\"counted\":false,\"part_of\":\"" EVIL "\"}",
         "{\"schema\":\"cct.progress/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"run\":\"" EVIL
         "\",\"epoch\":1,\"loss\":1,\"metrics\":{\"" EVIL "\":1,\"val_" EVIL "\":2}}",
         "{\"schema\":\"cct.emission/1\",\"id\":\"" EVIL "1\",\"ts\":\"2026-11-24T06:37:01Z\","
         "\"host\":\"" EVIL "\",\"run\":\"" EVIL
         "\",\"interval_s\":1,\"energy_j\":1,\"components\":"
         "{\"" EVIL "\":1},\"sources\":{\"" EVIL "\":1},\"flags\":{\"" EVIL "\":[\"" EVIL "\"]},"
         "\"zone\":\"" EVIL "\",\"region\":\"" EVIL "\",\"intensity_g_per_kwh\":1,"
         "\"intensity_provider\":\"" EVIL "\",\"intensity_quality\":\"" EVIL "\",\"emission_g\":1}",
         "{\"schema\":\"cct.run/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"run\":\"" EVIL
         "\",\"event\":\"end\",\"signal\":\"" EVIL "\"}");
    assert_int_equal(made.refused, 0);
    NOT(made, "<script");
    NOT(made, "\x07");
    HAS(made, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\xef\xbf\xbd");
    cct_buf_free(&made.out);
}

TEST(the_page_asks_nothing_of_anybody)
{
    struct made made = {0};
    MAKE(&made, "html", EMISSION("1", "01", "3600", "0.6"));
    NOT(made, "http://");
    NOT(made, "https://");
    NOT(made, "url(");
    NOT(made, "@import");
    NOT(made, " style=");
    NOT(made, "<link");
    NOT(made, " src=");
    HAS(made, "default-src 'none'; style-src 'sha256-");
    cct_buf_free(&made.out);
}

TEST(a_terminal_is_not_rewritten)
{
    struct made made = {0};
    MAKE(&made, "text",
         "{\"schema\":\"cct.sample/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"run\":\"a\\u001b[2Jb"
         "\\u009b1mc\\u202ed\\ne\",\"interval_s\":1,\"energy_j\":1}");
    HAS(made, "run a?[2Jb?1mc?d?e: ");
    cct_buf_free(&made.out);
}

TEST(csv_cells_are_no_formulas)
{
    struct made made = {0};
    MAKE(&made, "csv",
         "{\"schema\":\"cct.sample/1\",\"id\":\"A-1\",\"ts\":\"2026-11-24T06:37:01Z\",\"host\":"
         "\"=cmd|' /C calc'!A0\",\"run\":\"a,\\\"b\\\"\",\"interval_s\":1,\"energy_j\":2.5,"
         "\"components\":{\"cpu\":2.5}}");
    HAS(made, "2026-11-24T06:37:01.000Z,\"'=cmd|' /C calc'!A0\",\"a,\"\"b\"\"\",1.0,2.5,2.5,,,,2.5,"
              ",,,,,,,,,,\r\n");
    cct_buf_free(&made.out);
}

TEST(csv_rows_carry_the_latest_epoch)
{
    struct made made = {0};
    MAKE(&made, "csv",
         "{\"schema\":\"cct.progress/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"run\":\"r\",\"epoch\":3,"
         "\"loss\":0.25}",
         EMISSION("1", "01", "3600", "0.6"));
    HAS(made, ",KR,400.0,1.5,0.6,3.0,0.25\r\n");
    cct_buf_free(&made.out);
}

TEST(formats_are_found)
{
    assert_string_equal(cct_report_formats[0]->name, "html");
    assert_null(cct_report_format_find("pdf"));
    assert_ptr_equal(cct_report_format_of_file("a/b.csv"), cct_report_format_find("csv"));
    assert_ptr_equal(cct_report_format_of_file("x.html"), cct_report_format_find("html"));
    assert_null(cct_report_format_of_file(".html"));
    assert_null(cct_report_format_of_file("html"));
}

TEST(text_fits_the_terminal)
{
    struct made made = {.columns = 40};
    MAKE(&made, "text",
         "{\"schema\":\"cct.sample/1\",\"ts\":\"2026-11-24T06:37:01Z\",\"host\":"
         "\"\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\","
         "\"run\":\"r\",\"interval_s\":1,\"energy_j\":1}");
    HAS(made, "  host        "
              "\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u6f22\u5b57\u2026\n");
    HAS(made, "  time        2026-11-24 06:37:00 to 20\u2026\n");
    cct_buf_free(&made.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_at_all_gives_a_sensible_page),
        cmocka_unit_test(a_run_without_samples_gives_a_sensible_page),
        cmocka_unit_test(a_run_of_one_tick_gives_a_sensible_page),
        cmocka_unit_test(a_run_that_goes_on_says_so),
        cmocka_unit_test(a_run_that_ended_says_how),
        cmocka_unit_test(epochs_have_their_energy),
        cmocka_unit_test(no_outside_string_reaches_the_page_as_markup),
        cmocka_unit_test(the_page_asks_nothing_of_anybody),
        cmocka_unit_test(a_terminal_is_not_rewritten),
        cmocka_unit_test(csv_cells_are_no_formulas),
        cmocka_unit_test(csv_rows_carry_the_latest_epoch),
        cmocka_unit_test(formats_are_found),
        cmocka_unit_test(text_fits_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
