/* SPDX-License-Identifier: Apache-2.0 */
#include "store/name.h"
#include "store/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void folder(struct cct_buf *out, const char *run, size_t len)
{
    out->len = 0;
    cct_run_folder(out, run, len);
    cct_buf_str(out);
}

static void plain_and_encoded(void **state)
{
    (void)state;
    static const struct {
        const char *run, *folder;
    } cases[] = {
        {"r1", "r1"},
        {"2026-11-24T06.00_x", "2026-11-24T06.00_x"},
        {"", "%"},
        {"..", "%2E."},
        {"../x", "%2E.%2Fx"},
        {"a/b", "a%2Fb"},
        {"a\nb", "a%0Ab"},
        {"-rf", "%2Drf"},
        {"a%2Fb", "a%252Fb"},
        {"%", "%25"},
        {"한", "%ED%95%9C"},
        {"it's \"x\"", "it%27s%20%22x%22"},
        {"norun", "norun"},
        {"_", "%5F"},
    };
    cct_auto_buf out = {0};
    cct_auto_buf back = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        folder(&out, cases[i].run, strlen(cases[i].run));
        assert_string_equal(out.data, cases[i].folder);
        assert_false(cct_run_folder_is_cut(out.data));
        back.len = 0;
        cct_run_of_folder(&back, out.data);
        assert_string_equal(cct_buf_str(&back), cases[i].run);
    }
}

static void every_byte_stays_in_the_folder(void **state)
{
    (void)state;
    cct_auto_buf out = {0};
    for (int a = 0; a < 256; a++) {
        for (int b = 0; b < 256; b += 5) {
            char run[2] = {(char)a, (char)b};
            folder(&out, run, 2);
            assert_null(memchr(out.data, '/', out.len));
            assert_int_not_equal(out.data[0], '.');
            assert_int_equal(strspn(out.data, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                              "0123456789._-%"),
                             out.len);
        }
    }
}

static void long_names_are_cut_and_told_apart(void **state)
{
    (void)state;
    char run[5000];
    memset(run, 'x', sizeof run);
    cct_auto_buf one = {0};
    cct_auto_buf two = {0};
    folder(&one, run, 200);
    assert_false(cct_run_folder_is_cut(one.data));
    folder(&one, run, 201);
    folder(&two, run, 202);
    assert_true(cct_run_folder_is_cut(one.data));
    assert_string_not_equal(one.data, two.data);
    memset(run, '/', sizeof run);
    folder(&one, run, sizeof run);
    assert_true(one.len < 200);
    assert_non_null(strstr(one.data, "2F%~"));
    assert_true(cct_run_folder_is_cut(one.data));
}

static void writers_and_segments(void **state)
{
    (void)state;
    assert_true(cct_is_writer("ABCDEFGHIJKLMN27"));
    assert_false(cct_is_writer("checkpoint"));
    assert_false(cct_is_writer("ABCDEFGHIJKLMN2"));
    assert_false(cct_is_writer("ABCDEFGHIJKLMN271"));
    assert_false(cct_is_writer("ABCDEFGH/JKLMN27"));
    char name[CCT_SEGMENT_NAME];
    uint64_t number = 0;
    bool open = false;
    cct_segment_name(name, 42, true);
    assert_string_equal(name, "0000000042.ndjson.open");
    assert_true(cct_segment_parse(name, &number, &open));
    assert_int_equal(number, 42);
    assert_true(open);
    cct_segment_name(name, UINT64_C(9999999999), false);
    assert_true(cct_segment_parse(name, &number, &open));
    assert_true(number == UINT64_C(9999999999));
    assert_false(open);
    static const char *const wrong[] = {"42.ndjson",          "0000000042.ndjson.tmp", "0000000042",
                                        "00000000042.ndjson", "progress.ndjson",       ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(cct_segment_parse(wrong[i], &number, &open));
}

static void kinds(void **state)
{
    (void)state;
    assert_true(cct_kind_matches("sample", "cct.sample/1"));
    assert_true(cct_kind_matches("cct.sample", "cct.sample/12"));
    assert_true(cct_kind_matches("cct.sample/1", "cct.sample/1"));
    assert_true(cct_kind_matches("acme.x", "acme.x"));
    assert_false(cct_kind_matches("cct.sample/1", "cct.sample/12"));
    assert_false(cct_kind_matches("cct.sample/1", "cct.sample/1/2"));
    assert_false(cct_kind_matches("sample", "cct.samples/1"));
    assert_false(cct_kind_matches("sample", "acme.sample/1"));
    assert_false(cct_kind_matches("sam", "cct.sample/1"));
    assert_false(cct_kind_matches("", "cct.sample/1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_encoded),
        cmocka_unit_test(every_byte_stays_in_the_folder),
        cmocka_unit_test(long_names_are_cut_and_told_apart),
        cmocka_unit_test(writers_and_segments),
        cmocka_unit_test(kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
