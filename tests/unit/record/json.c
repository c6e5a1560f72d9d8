/* SPDX-License-Identifier: Apache-2.0
 * The JSON writer and the stamp. */
#include "check.h"

#include "record/number.h"
#include "record/write.h"

#include <math.h>

static struct cct_buf out;
static struct cct_json json;

static void begin(void)
{
    out.len = 0;
    json = (struct cct_json){.out = &out};
    cct_json_open(&json, NULL, '{');
}

static void gives(const char *want)
{
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    cct_json_close(&json, '}');
    assert_string_equal(cct_buf_str(&out), want);
    if (cct_rec_scan(&rec, out.data, out.len, &err))
        fail_msg("%s: %s", out.data, err.msg);
    cct_rec_free(&rec);
}

static int clean(void **state cct_unused)
{
    cct_buf_free(&out);
    return 0;
}

TEST(an_empty_object)
{
    begin();
    gives("{}");
}

TEST(every_type)
{
    begin();
    cct_json_string(&json, "s", "x");
    cct_json_double(&json, "d", 1.5);
    cct_json_double(&json, "w", 100);
    cct_json_int(&json, "i", INT64_MIN);
    cct_json_bool(&json, "t", true);
    cct_json_bool(&json, "f", false);
    cct_json_instant(&json, "at", 1500);
    cct_json_raw(&json, "r", (struct cct_span){"[ 1]", 4});
    gives("{\"s\":\"x\",\"d\":1.5,\"w\":100.0,\"i\":-9223372036854775808,\"t\":true,\"f\":false,"
          "\"at\":\"1970-01-01T00:00:01.500Z\",\"r\":[ 1]}");
}

TEST(nesting_keeps_commas)
{
    begin();
    cct_json_open(&json, "a", '[');
    cct_json_int(&json, NULL, 1);
    cct_json_open(&json, NULL, '[');
    cct_json_close(&json, ']');
    cct_json_open(&json, NULL, '{');
    cct_json_int(&json, "x", 1);
    cct_json_close(&json, '}');
    cct_json_string(&json, NULL, "y");
    cct_json_close(&json, ']');
    cct_json_open(&json, "b", '{');
    cct_json_close(&json, '}');
    cct_json_int(&json, "c", 2);
    gives("{\"a\":[1,[],{\"x\":1},\"y\"],\"b\":{},\"c\":2}");
}

TEST(unknown_is_absent)
{
    begin();
    cct_json_double(&json, "a", (double)NAN);
    cct_json_double(&json, "b", (double)INFINITY);
    cct_json_double(&json, "c", -(double)INFINITY);
    cct_json_string(&json, "d", NULL);
    cct_json_instant(&json, "e", CCT_NO_INSTANT);
    cct_json_int(&json, "f", 1);
    cct_json_double(&json, "g", (double)NAN);
    gives("{\"f\":1}");
}

/* Every byte but NUL, and every control character, survives as itself. */
TEST(control_characters_are_escaped)
{
    char text[130] = {0};
    char back[130];
    struct cct_rec rec = {0};
    for (int i = 1; i < 128; i++)
        text[i - 1] = (char)i;
    begin();
    cct_json_string(&json, "a", text);
    cct_json_close(&json, '}');
    for (size_t i = 0; i < out.len; i++)
        assert_true((unsigned char)out.data[i] >= 0x20);
    assert_int_equal(cct_rec_scan(&rec, out.data, out.len, NULL), 0);
    assert_true(cct_value_copy(cct_rec_get(&rec, "a"), back, sizeof back));
    assert_string_equal(back, text);
    cct_rec_free(&rec);
}

static const struct {
    const char *bytes;
    size_t len;
    const char *want;
} utf8[] = {
    {"\xc3\xbc", 2, "\xc3\xbc"},
    {"\xf0\x9f\x8c\xb1", 4, "\xf0\x9f\x8c\xb1"},
    {"\xed\x95\x9c", 3, "\xed\x95\x9c"},
    {"a\xff"
     "b",
     3,
     "a\xef\xbf\xbd"
     "b"},
    {"\x80", 1, "\xef\xbf\xbd"},
    {"a\xc3", 2, "a\xef\xbf\xbd"},
    {"\xc3(", 2, "\xef\xbf\xbd("},
};

TEST(what_is_not_utf8_is_replaced)
{
    char back[64];
    struct cct_rec rec = {0};
    for (size_t i = 0; i < CCT_LEN(utf8); i++) {
        begin();
        cct_json_bytes(&json, "a", utf8[i].bytes, utf8[i].len);
        cct_json_close(&json, '}');
        assert_int_equal(cct_rec_scan(&rec, out.data, out.len, NULL), 0);
        assert_true(cct_value_copy(cct_rec_get(&rec, "a"), back, sizeof back));
        assert_string_equal(back, utf8[i].want);
    }
    cct_rec_free(&rec);
}

TEST(any_bytes_make_a_valid_record)
{
    uint64_t seed = 11;
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    char bytes[40];
    char key[12];
    for (int i = 0; i < 20000; i++) {
        size_t len = test_random(&seed) % sizeof bytes;
        for (size_t k = 0; k < len; k++)
            bytes[k] = (char)test_random(&seed);
        for (size_t k = 0; k < sizeof key - 1; k++)
            key[k] = (char)(test_random(&seed) % 255 + 1);
        key[sizeof key - 1] = '\0';
        begin();
        cct_json_bytes(&json, key, bytes, len);
        cct_json_close(&json, '}');
        if (memchr(bytes, '\0', len) == NULL && cct_rec_scan(&rec, out.data, out.len, &err))
            fail_msg("%s: %s", cct_buf_str(&out), err.msg);
        assert_null(memchr(out.data, '\n', out.len));
        assert_null(memchr(out.data, '\0', out.len));
    }
    cct_rec_free(&rec);
}

TEST(a_stamp_names_its_writer)
{
    struct cct_stamp a, b;
    struct cct_err err = {0};
    assert_int_equal(cct_stamp_init(&a, &err), 0);
    assert_int_equal(cct_stamp_init(&b, &err), 0);
    assert_int_equal(strlen(a.writer), 16);
    assert_string_not_equal(a.writer, b.writer);
    for (const char *p = a.writer; *p; p++)
        assert_non_null(
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", *p));
    assert_null(a.host);
    assert_null(a.run);
}

TEST(a_record_begins_with_its_stamp)
{
    struct cct_stamp stamp = {.writer = "abcdefghijklmnop", .seq = 7, .host = "h\"1", .run = "r1"};
    cct_buf_adds(&out, "left over");
    json = cct_record_begin(&out, &stamp, "cct.run/1", 1500);
    cct_json_int(&json, "x", 1);
    cct_record_end(&json);
    assert_string_equal(cct_buf_str(&out),
                        "{\"schema\":\"cct.run/1\",\"id\":\"abcdefghijklmnop-00000000007\","
                        "\"ts\":\"1970-01-01T00:00:01.500Z\",\"host\":\"h\\\"1\",\"run\":\"r1\","
                        "\"x\":1}\n");
    assert_int_equal(stamp.seq, 8);
}

TEST(a_record_without_host_and_run)
{
    struct cct_stamp stamp = {.writer = "abcdefghijklmnop", .seq = 99999999999};
    json = cct_record_begin(&out, &stamp, "cct.run/1", 0);
    cct_record_end(&json);
    assert_string_equal(cct_buf_str(&out),
                        "{\"schema\":\"cct.run/1\",\"id\":\"abcdefghijklmnop-99999999999\","
                        "\"ts\":\"1970-01-01T00:00:00.000Z\"}\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_object),
        cmocka_unit_test(every_type),
        cmocka_unit_test(nesting_keeps_commas),
        cmocka_unit_test(unknown_is_absent),
        cmocka_unit_test(control_characters_are_escaped),
        cmocka_unit_test(what_is_not_utf8_is_replaced),
        cmocka_unit_test(any_bytes_make_a_valid_record),
        cmocka_unit_test(a_stamp_names_its_writer),
        cmocka_unit_test(a_record_begins_with_its_stamp),
        cmocka_unit_test(a_record_without_host_and_run),
    };
    return cmocka_run_group_tests(tests, NULL, clean);
}
