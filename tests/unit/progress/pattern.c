/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/helper.h"

#include <stdlib.h>

static void expect(const char *pattern, const char *format, const char *log, const char *bodies)
{
    struct cct_progress *p = helper_open(format, pattern);
    cct_auto_buf out = {0};
    cct_progress_feed(p, log, strlen(log), STILL, &out);
    cct_progress_end(p, STILL, &out);
    cct_progress_close(p);
    helper_bodies(&out);
    assert_string_equal(cct_buf_str(&out), bodies);
}

static void groups_are_fields(void **state)
{
    (void)state;
    expect("E(?<epoch>\\d+)/(?<epochs>\\d+) S(?P<step>\\d+) L(?P<loss>\\S+) A(?<acc>\\S+)", NULL,
           "x E3/9 S12 L0.5 A90% y\nother\nE4/9 S1 Lnan Aabc\n",
           "\"epoch\":3.0,\"epochs\":9.0,\"step\":12,\"loss\":0.5,\"metrics\":{\"acc\":90.0}\n"
           "\"epoch\":4.0,\"epochs\":9.0,\"step\":1\n");
    expect("saved (?<checkpoint>\\S+)(?: at (?<epoch>\\d+))?", NULL, "saved a/b\n",
           "\"checkpoint\":\"a/b\"\n");
}

static void formats_are_tried_only_when_named(void **state)
{
    (void)state;
    expect("E(?<epoch>\\d+)", NULL, "E1\nepoch=2 loss=1\n", "\"epoch\":1.0\n");
    expect("E(?<epoch>\\d+)", "kv", "E1\nepoch=2 loss=1\n",
           "\"epoch\":1.0\n\"epoch\":2.0,\"loss\":1.0\n");
}

static void wrong_patterns_are_told_with_their_offset(void **state)
{
    struct cct_err err;
    struct cct_progress_options options = {.pattern = "a(?<epoch>\\d+", .epochs = NAN};
    (void)state;
    assert_null(cct_progress_open(&options, &err));
    assert_int_equal(err.code, CCT_USAGE);
    assert_non_null(strstr(err.msg, "offset 13"));
    options.pattern = "(\\d+)";
    assert_null(cct_progress_open(&options, &err));
    assert_non_null(strstr(err.msg, "no named group"));
}

static void warned(void *ctx, enum cct_level level, const char *msg)
{
    (void)level;
    (void)msg;
    ++*(int *)ctx;
}

static void endless_backtracking_is_cut_off(void **state)
{
    struct cct_err err;
    int warnings = 0;
    struct cct_log log = {warned, &warnings};
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA"};
    struct cct_progress_options options = {
        .pattern = "(?<epoch>(a+)+)$", .epochs = NAN, .stamp = &stamp, .log = &log};
    struct cct_progress *p = cct_progress_open(&options, &err);
    cct_auto_buf out = {0};
    (void)state;
    assert_non_null(p);
    for (int i = 0; i < 3; i++) {
        static const char line[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n";
        cct_progress_feed(p, line, sizeof(line) - 1, STILL, &out);
    }
    assert_int_equal(warnings, 1);
    cct_progress_close(p);
}

static void bytes_that_are_no_utf8_are_survived(void **state)
{
    (void)state;
    expect("E(?<epoch>\\d+)", NULL, "\xff\xfe E5 \xc3\n", "\"epoch\":5.0\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_fields),
        cmocka_unit_test(formats_are_tried_only_when_named),
        cmocka_unit_test(wrong_patterns_are_told_with_their_offset),
        cmocka_unit_test(endless_backtracking_is_cut_off),
        cmocka_unit_test(bytes_that_are_no_utf8_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
