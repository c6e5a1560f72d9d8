/* SPDX-License-Identifier: Apache-2.0
 * cct.intensity/1 read and written. */
#include "record/intensity.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int read_text(const char *line, struct cct_intensity *out, struct cct_err *err)
{
    struct cct_rec rec = {0};
    assert_int_equal(cct_rec_scan(&rec, line, strlen(line), err), 0);
    int result = cct_intensity_read(&rec, out, err);
    cct_rec_free(&rec);
    return result;
}

#define HEAD  "{\"schema\":\"cct.intensity/1\",\"zone\":\"KR\","
#define TIMES "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T01:00:00.000Z\","

static void test_reads_and_writes_back(void **state)
{
    (void)state;
    static const char line[] =
        "{\"zone\":\"KR\",\"region\":\"aws/ap-northeast-2\",\"from\":\"2026-01-01T00:00:00.000Z\","
        "\"to\":\"2026-01-01T01:00:00.000Z\",\"intensity_g_per_kwh\":12.5,\"signal\":\"marginal\","
        "\"basis\":\"direct\",\"quality\":\"forecast\",\"provider\":\"watttime\","
        "\"fetched\":\"2025-12-31T00:00:00.000Z\"}";
    struct cct_intensity value;
    struct cct_err err;
    assert_int_equal(read_text(line, &value, &err), 0);
    assert_true(value.g_per_kwh == 12.5 && value.signal == CCT_SIGNAL_MARGINAL);
    assert_true(value.basis == CCT_BASIS_DIRECT && value.quality == CCT_QUALITY_FORECAST);
    assert_true(value.to_utc_ms - value.from_utc_ms == 3600000);
    cct_auto_buf out = {0};
    struct cct_json json = {.out = &out};
    cct_json_open(&json, NULL, '{');
    cct_intensity_add(&json, &value);
    cct_json_close(&json, '}');
    assert_string_equal(cct_buf_str(&out), line);
}

static void test_unknown_is_absent(void **state)
{
    (void)state;
    struct cct_intensity value;
    struct cct_err err;
    assert_int_equal(
        read_text(HEAD TIMES "\"intensity_g_per_kwh\":0,\"signal\":null}", &value, &err), 0);
    assert_true(value.signal == CCT_SIGNAL_UNKNOWN && value.basis == CCT_BASIS_UNKNOWN);
    assert_true(value.fetched_utc_ms == CCT_NO_INSTANT && value.g_per_kwh == 0);
    cct_auto_buf out = {0};
    struct cct_json json = {.out = &out};
    cct_intensity_add(&json, &value);
    assert_null(strstr(cct_buf_str(&out), "signal"));
    assert_null(strstr(cct_buf_str(&out), "fetched"));
    assert_null(strstr(cct_buf_str(&out), "region"));
}

static void test_bad_ones_say_why(void **state)
{
    (void)state;
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"{" TIMES "\"intensity_g_per_kwh\":1}", "without zone"},
        {HEAD "\"from\":\"2026-01-01T00:00:00Z\",\"intensity_g_per_kwh\":1}", "instants"},
        {HEAD "\"from\":\"2026-01-01T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"}", "not after"},
        {HEAD TIMES "\"x\":1}", "not a number"},
        {HEAD TIMES "\"intensity_g_per_kwh\":\"1\"}", "not a number"},
        {HEAD TIMES "\"intensity_g_per_kwh\":-1}", "negative"},
        {HEAD TIMES "\"intensity_g_per_kwh\":1,\"signal\":\"residual\"}", "signal is not"},
        {HEAD TIMES "\"intensity_g_per_kwh\":1,\"basis\":3}", "basis is not"},
        {"{\"zone\":\"K\\nR\"," TIMES "\"intensity_g_per_kwh\":1}", "control character"},
        {"{\"zone\":\"K\\u0000R\"," TIMES "\"intensity_g_per_kwh\":1}", "zone"},
        {"{\"zone\":"
         "\"0123456789012345678901234567890123456789012345678901234567890123\"," TIMES
         "\"intensity_g_per_kwh\":1}",
         "at most 63 bytes"},
        {"{\"zone\":[1]," TIMES "\"intensity_g_per_kwh\":1}", "zone is not"},
    };
    for (size_t i = 0; i < CCT_LEN(cases); i++) {
        struct cct_intensity value;
        struct cct_err err = {0};
        assert_int_equal(read_text(cases[i].line, &value, &err), -1);
        assert_int_equal(err.code, CCT_DATAERR);
        assert_non_null(strstr(err.msg, cases[i].why));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_and_writes_back),
        cmocka_unit_test(test_unknown_is_absent),
        cmocka_unit_test(test_bad_ones_say_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
