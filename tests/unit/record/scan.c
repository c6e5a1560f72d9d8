/* SPDX-License-Identifier: Apache-2.0
 * Scanning, getting and walking. What is refused is in conform.c. */
#include "check.h"

#include "base/clock.h"
#include "record/scan.h"

#include <math.h>

static struct cct_rec rec;

static void scan(const char *line)
{
    struct cct_err err = {0};
    if (cct_rec_scan(&rec, line, strlen(line), &err))
        fail_msg("%s: %s", line, err.msg);
}

static struct cct_value member(const char *line)
{
    scan(line);
    return cct_rec_get(&rec, "a");
}

static int free_rec(void **state cct_unused)
{
    cct_rec_free(&rec);
    return 0;
}

TEST(members_are_spans_of_the_line)
{
    const char *line = " {\"a\" : 1.50 ,\"b\":\"x\\n\", \"c\":[1, 2],\"d\":{ } ,\"e\":true,"
                       "\"f\":false,\"g\":null}\r";
    static const struct {
        const char *key, *text;
        enum cct_type type;
    } want[] = {
        {"a", "1.50", CCT_NUMBER}, {"b", "\"x\\n\"", CCT_STRING}, {"c", "[1, 2]", CCT_ARRAY},
        {"d", "{ }", CCT_OBJECT},  {"e", "true", CCT_TRUE},       {"f", "false", CCT_FALSE},
        {"g", "null", CCT_NULL},
    };
    scan(line);
    assert_ptr_equal(rec.line.p, line + 1);
    assert_int_equal(rec.line.len, strlen(line) - 2);
    assert_int_equal(rec.count, CCT_LEN(want));
    for (size_t i = 0; i < CCT_LEN(want); i++) {
        struct cct_value v = cct_rec_get(&rec, want[i].key);
        assert_span(rec.members[i].key, want[i].key);
        assert_span(v.text, want[i].text);
        assert_int_equal(v.type, want[i].type);
        assert_true(v.text.p >= line && v.text.p < line + strlen(line));
    }
}

TEST(an_empty_object_has_no_members)
{
    scan("{}");
    assert_int_equal(rec.count, 0);
    assert_int_equal(cct_rec_get(&rec, "a").type, CCT_ABSENT);
    assert_false(cct_rec_is(&rec, "cct.sample/1"));
}

TEST(a_key_is_found_by_its_meaning)
{
    scan("{\"\\u0061\":1,\"ab\":2,\"\":3,\"k\\u00fc\":4,\"\\ud83c\\udf31\":5,\"a\\/b\":6}");
    assert_true(cct_value_number(cct_rec_get(&rec, "a")) == 1);
    assert_true(cct_value_number(cct_rec_get(&rec, "ab")) == 2);
    assert_true(cct_value_number(cct_rec_get(&rec, "")) == 3);
    assert_true(cct_value_number(cct_rec_get(&rec, "k\xc3\xbc")) == 4);
    assert_true(cct_value_number(cct_rec_get(&rec, "\xf0\x9f\x8c\xb1")) == 5);
    assert_true(cct_value_number(cct_rec_get(&rec, "a/b")) == 6);
    assert_int_equal(cct_rec_get(&rec, "\\u0061").type, CCT_ABSENT);
    assert_int_equal(cct_rec_get(&rec, "abc").type, CCT_ABSENT);
}

TEST(a_nested_key_is_not_a_member)
{
    scan("{\"o\":{\"a\":1,\"schema\":\"cct.sample/1\"},\"b\":\"\\\"a\\\":2\"}");
    assert_int_equal(cct_rec_get(&rec, "a").type, CCT_ABSENT);
    assert_false(cct_rec_is(&rec, "cct.sample/1"));
}

TEST(the_schema_is_compared_whole)
{
    scan("{\"schema\":\"cct.sample/1\"}");
    assert_true(cct_rec_is(&rec, "cct.sample/1"));
    assert_false(cct_rec_is(&rec, "cct.sample/10"));
    assert_false(cct_rec_is(&rec, "cct.sample/"));
    scan("{\"a\":1,\"schema\":\"cct\\u002esample\\/1\"}");
    assert_true(cct_rec_is(&rec, "cct.sample/1"));
    scan("{\"schema\":1}");
    assert_false(cct_rec_is(&rec, "1"));
}

TEST(many_members_are_all_found)
{
    cct_auto_buf line = {0};
    char key[16];
    cct_buf_addc(&line, '{');
    for (int i = 0; i < 5000; i++)
        cct_buf_addf(&line, "%s\"k%d\":%d", i ? "," : "", i, i);
    cct_buf_addc(&line, '}');
    scan(cct_buf_str(&line));
    assert_int_equal(rec.count, 5000);
    for (int i = 0; i < 5000; i += 37) {
        snprintf(key, sizeof key, "k%d", i);
        assert_true(cct_value_number(cct_rec_get(&rec, key)) == i);
    }
}

/* Many members must not cost the square of their number: a hostile line would hang a filter. */
TEST(a_hundred_thousand_keys_are_quick)
{
    cct_auto_buf line = {0};
    cct_buf_addc(&line, '{');
    for (int i = 0; i < 100000; i++)
        cct_buf_addf(&line, "%s\"%d\":0", i ? "," : "", i);
    cct_buf_addc(&line, '}');
    scan(cct_buf_str(&line));
    assert_int_equal(rec.count, 100000);
    line.len--;
    cct_buf_adds(&line, ",\"4711\":1}");
    assert_int_equal(cct_rec_scan(&rec, line.data, line.len, NULL), -1);
}

/* The same with keys that must be decoded to be compared; the record is still read by them. */
TEST(many_escaped_keys_are_quick)
{
    cct_auto_buf line = {0};
    cct_buf_addc(&line, '{');
    for (int i = 0; i < 60000; i++)
        cct_buf_addf(&line, "%s\"\\u006b%d\":%d", i ? "," : "", i, i);
    cct_buf_addc(&line, '}');
    scan(cct_buf_str(&line));
    assert_int_equal(rec.count, 60000);
    assert_true(cct_value_number(cct_rec_get(&rec, "k59999")) == 59999);
    line.len--;
    cct_buf_adds(&line, ",\"k47\\u0031\":1,\"x\":0,\"x\":0}");
    struct cct_err err = {0};
    assert_int_equal(cct_rec_scan(&rec, line.data, line.len, &err), -1);
    assert_non_null(strstr(err.msg, "twice"));
}

/* Around the number of members where the way of comparing changes. */
TEST(duplicates_are_found_at_any_count)
{
    for (int count = 1; count < 200; count++) {
        cct_auto_buf line = {0};
        cct_buf_addc(&line, '{');
        for (int i = 0; i < count; i++)
            cct_buf_addf(&line, "\"k%d\":0,", i);
        size_t len = line.len;
        for (int twice = 0; twice <= count; twice += 3) {
            line.len = len;
            cct_buf_addf(&line, twice % 2 ? "\"\\u006b%d\":0}" : "\"k%d\":0}", twice);
            int want = twice < count ? -1 : 0;
            assert_int_equal(cct_rec_scan(&rec, line.data, line.len, NULL), want);
        }
    }
}

TEST(numbers_are_read)
{
    assert_true(cct_value_number(member("{\"a\":-12.5e1}")) == -125);
    assert_true(cct_value_number(member("{\"a\":0}")) == 0);
    assert_true(signbit(cct_value_number(member("{\"a\":-0.0}"))));
    assert_true(isnan(cct_value_number(member("{\"a\":\"1\"}"))));
    assert_true(isnan(cct_value_number(member("{\"a\":null}"))));
    assert_true(isnan(cct_value_number(member("{\"b\":1}"))));
}

static const struct {
    const char *line;
    bool ok;
    int64_t v;
} integers[] = {
    {"{\"a\":0}", true, 0},
    {"{\"a\":-0}", true, 0},
    {"{\"a\":7}", true, 7},
    {"{\"a\":-7}", true, -7},
    {"{\"a\":1.0}", true, 1},
    {"{\"a\":1e3}", true, 1000},
    {"{\"a\":1.5e1}", true, 15},
    {"{\"a\":9007199254740993}", true, INT64_C(9007199254740993)},
    {"{\"a\":9223372036854775807}", true, INT64_MAX},
    {"{\"a\":-9223372036854775808}", true, INT64_MIN},
    {"{\"a\":9223372036854775808}", false, 0},
    {"{\"a\":-9223372036854775809}", false, 0},
    {"{\"a\":18446744073709551617}", false, 0},
    {"{\"a\":1e19}", false, 0},
    {"{\"a\":1.5}", false, 0},
    {"{\"a\":1e-1}", false, 0},
    {"{\"a\":\"7\"}", false, 0},
    {"{\"a\":true}", false, 0},
    {"{\"a\":null}", false, 0},
    {"{\"b\":7}", false, 0},
};

TEST(integers_are_exact_or_refused)
{
    for (size_t i = 0; i < CCT_LEN(integers); i++) {
        int64_t v = 0;
        if (cct_value_int64(member(integers[i].line), &v) != integers[i].ok)
            fail_msg("%s", integers[i].line);
        if (integers[i].ok)
            assert_int_equal(v, integers[i].v);
    }
}

TEST(instants_are_read)
{
    assert_int_equal(cct_value_instant(member("{\"a\":\"1970-01-01T00:00:01.5Z\"}")), 1500);
    assert_int_equal(cct_value_instant(member("{\"a\":\"1970-01-01T00:00:01\\u005a\"}")), 1000);
    assert_true(cct_value_instant(member("{\"a\":\"now\"}")) == CCT_NO_INSTANT);
    assert_true(cct_value_instant(member("{\"a\":1}")) == CCT_NO_INSTANT);
    assert_true(cct_value_instant(member("{\"b\":1}")) == CCT_NO_INSTANT);
}

TEST(strings_are_decoded)
{
    cct_auto_buf out = {0};
    cct_buf_adds(&out, "<");
    assert_true(cct_value_string(
        member("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\tk\\u00fc\\u20a9\\uD83C\\uDF31\xc3\xbc\"}"),
        &out));
    assert_buf(out, "<\"\\/\b\f\n\r\tk\xc3\xbc\xe2\x82\xa9\xf0\x9f\x8c\xb1\xc3\xbc");
    assert_false(cct_value_string(member("{\"a\":1}"), &out));
    assert_false(cct_value_string(member("{\"b\":1}"), &out));
    assert_true(cct_value_string(member("{\"a\":\"\"}"), &out));
    assert_int_equal(out.len, 21);
}

TEST(every_utf16_escape_is_decoded)
{
    char line[32];
    cct_auto_buf out = {0};
    for (unsigned c = 1; c < 0xd800; c += 61) {
        snprintf(line, sizeof line, "{\"a\":\"\\u%04X\"}", c);
        out.len = 0;
        assert_true(cct_value_string(member(line), &out));
        assert_int_equal(out.len, c < 0x80 ? 1 : c < 0x800 ? 2 : 3);
        snprintf(line, sizeof line, "{\"a\":\"%s\"}", cct_buf_str(&out));
        if (c >= 0x20 && c != '"' && c != '\\')
            scan(line);
    }
}

TEST(copying_a_string_needs_room)
{
    char out[6] = "xxxxx";
    assert_true(cct_value_copy(member("{\"a\":\"abcde\"}"), out, sizeof out));
    assert_string_equal(out, "abcde");
    assert_false(cct_value_copy(member("{\"a\":\"abcdef\"}"), out, sizeof out));
    assert_string_equal(out, "");
    assert_true(cct_value_copy(member("{\"a\":\"\\u0061\\u0062\\u0063\"}"), out, sizeof out));
    assert_string_equal(out, "abc");
    assert_false(cct_value_copy(member("{\"a\":7}"), out, sizeof out));
    assert_string_equal(out, "");
    assert_false(cct_value_copy(member("{\"b\":7}"), out, sizeof out));
    assert_true(cct_value_copy(member("{\"a\":\"\"}"), out, 1));
}

TEST(strings_are_compared_decoded)
{
    assert_true(cct_value_equals(member("{\"a\":\"wrap\"}"), "wrap"));
    assert_true(cct_value_equals(member("{\"a\":\"wr\\u0061p\"}"), "wrap"));
    assert_false(cct_value_equals(member("{\"a\":\"wrap\"}"), "wra"));
    assert_false(cct_value_equals(member("{\"a\":\"wrap\"}"), "wraps"));
    assert_false(cct_value_equals(member("{\"a\":\"wrap\\u0000\"}"), "wrap"));
    assert_false(cct_value_equals(member("{\"a\":7}"), "7"));
    assert_true(cct_value_equals(member("{\"a\":\"\"}"), ""));
}

TEST(an_array_is_walked)
{
    struct cct_iter it = cct_iter(member("{\"a\":[ 1 ,\"]\" , [2,{}],{\"k\":[]},true,null]}"));
    static const char *const want[] = {"1", "\"]\"", "[2,{}]", "{\"k\":[]}", "true", "null"};
    size_t n = 0;
    for (; cct_iter_next(&it); n++) {
        assert_int_equal(it.key.len, 0);
        assert_span(it.value.text, want[n]);
    }
    assert_int_equal(n, CCT_LEN(want));
    assert_false(cct_iter_next(&it));
}

TEST(an_object_is_walked)
{
    struct cct_iter it =
        cct_iter(member("{\"a\":{ \"x\\\"}\" : -1.5e3 , \"y\":\"}\" ,\"z\":{\"q\":0}}}"));
    assert_true(cct_iter_next(&it));
    assert_span(it.key, "x\\\"}");
    assert_true(cct_key_equals(it.key, "x\"}"));
    assert_true(cct_value_number(it.value) == -1500);
    assert_int_equal(it.value.type, CCT_NUMBER);
    assert_true(cct_iter_next(&it));
    assert_span(it.value.text, "\"}\"");
    assert_true(cct_iter_next(&it));
    assert_span(it.value.text, "{\"q\":0}");
    assert_int_equal(it.value.type, CCT_OBJECT);
    assert_false(cct_iter_next(&it));
}

TEST(empty_ones_have_nothing_to_walk)
{
    static const char *const lines[] = {
        "{\"a\":[]}",      "{\"a\":[ ]}", "{\"a\":{}}",   "{\"a\":{ }}",
        "{\"a\":\"[1]\"}", "{\"a\":7}",   "{\"a\":null}", "{\"b\":[1]}",
    };
    for (size_t i = 0; i < CCT_LEN(lines); i++) {
        struct cct_iter it = cct_iter(member(lines[i]));
        assert_false(cct_iter_next(&it));
    }
}

TEST(nested_values_are_got)
{
    struct cct_value usage = member("{\"a\":{\"cpu_pct\":12.5,\"\\u0062\":{\"c\":7}}}");
    assert_true(cct_value_number(cct_value_get(usage, "cpu_pct")) == 12.5);
    assert_true(cct_value_number(cct_value_get(cct_value_get(usage, "b"), "c")) == 7);
    assert_int_equal(cct_value_get(usage, "cpu").type, CCT_ABSENT);
    assert_int_equal(cct_value_get(member("{\"a\":[1]}"), "cpu_pct").type, CCT_ABSENT);
    assert_int_equal(cct_value_get(member("{\"b\":1}"), "cpu_pct").type, CCT_ABSENT);
}

TEST(keys_are_decoded)
{
    cct_auto_buf out = {0};
    struct cct_iter it = cct_iter(member("{\"a\":{\"x\\u00fc\\n\":1}}"));
    assert_true(cct_iter_next(&it));
    cct_key_string(it.key, &out);
    assert_buf(out, "x\xc3\xbc\n");
}

/* A walk over the top level sees what the scan indexed. */
TEST(walk_and_index_agree)
{
    scan("{\"a\": [1,{\"b\":2}], \"c\\\\\":\"x,\\\"y\" ,\"d\":{\"e\":[[]]},\"f\":1e5}");
    struct cct_iter it = cct_iter((struct cct_value){rec.line, CCT_OBJECT});
    size_t n = 0;
    for (; cct_iter_next(&it); n++) {
        assert_ptr_equal(it.key.p, rec.members[n].key.p);
        assert_ptr_equal(it.value.text.p, rec.members[n].value.text.p);
        assert_int_equal(it.value.text.len, rec.members[n].value.text.len);
        assert_int_equal(it.value.type, rec.members[n].value.type);
    }
    assert_int_equal(n, rec.count);
}

TEST(the_message_names_the_place)
{
    struct cct_err err = {0};
    assert_int_equal(cct_rec_scan(&rec, "{\"a\":1,}", 8, &err), -1);
    assert_int_equal(err.code, CCT_DATAERR);
    assert_non_null(strpbrk(err.msg, "0123456789"));
    assert_int_equal(cct_rec_scan(&rec, "{\"a\":1,}", 8, NULL), -1);
}

/* A hostile line must not reach a terminal through the message. */
TEST(the_message_is_printable)
{
    static const char *const lines[] = {"\x1b[31m", "{\"\x1b[31m\":1}", "{\"a\":\x1b}",
                                        "{\"a\x7f\":1,\"a\x7f\":2}",
                                        "{\"\\u001b[31m\":1,\"\\u001b[31m\":1}"};
    for (size_t i = 0; i < CCT_LEN(lines); i++) {
        struct cct_err err = {0};
        assert_int_equal(cct_rec_scan(&rec, lines[i], strlen(lines[i]), &err), -1);
        for (const char *p = err.msg; *p; p++)
            assert_true(*p >= 0x20 && *p < 0x7f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_spans_of_the_line),
        cmocka_unit_test(an_empty_object_has_no_members),
        cmocka_unit_test(a_key_is_found_by_its_meaning),
        cmocka_unit_test(a_nested_key_is_not_a_member),
        cmocka_unit_test(the_schema_is_compared_whole),
        cmocka_unit_test(many_members_are_all_found),
        cmocka_unit_test(a_hundred_thousand_keys_are_quick),
        cmocka_unit_test(many_escaped_keys_are_quick),
        cmocka_unit_test(duplicates_are_found_at_any_count),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(strings_are_decoded),
        cmocka_unit_test(every_utf16_escape_is_decoded),
        cmocka_unit_test(copying_a_string_needs_room),
        cmocka_unit_test(strings_are_compared_decoded),
        cmocka_unit_test(an_array_is_walked),
        cmocka_unit_test(an_object_is_walked),
        cmocka_unit_test(empty_ones_have_nothing_to_walk),
        cmocka_unit_test(nested_values_are_got),
        cmocka_unit_test(keys_are_decoded),
        cmocka_unit_test(walk_and_index_agree),
        cmocka_unit_test(the_message_names_the_place),
        cmocka_unit_test(the_message_is_printable),
    };
    return cmocka_run_group_tests(tests, NULL, free_rec);
}
