/* SPDX-License-Identifier: Apache-2.0
 * Splicing members into a record: what was not touched stays byte for byte. */
#include "check.h"

#include "record/write.h"

#include <math.h>

static struct cct_rec rec;
static struct cct_edit edit;
static struct cct_buf out;

static void begin(const char *line)
{
    struct cct_err err = {0};
    if (cct_rec_scan(&rec, line, strlen(line), &err))
        fail_msg("%s: %s", line, err.msg);
    cct_edit_reset(&edit);
    out.len = 0;
}

static void gives(const char *want)
{
    struct cct_rec again = {0};
    struct cct_err err = {0};
    cct_edit_apply(&edit, &rec, &out);
    assert_string_equal(cct_buf_str(&out), want);
    if (cct_rec_scan(&again, out.data, out.len - 1, &err))
        fail_msg("%s: %s", out.data, err.msg);
    cct_rec_free(&again);
}

static int clean(void **state cct_unused)
{
    cct_rec_free(&rec);
    cct_edit_free(&edit);
    cct_buf_free(&out);
    return 0;
}

TEST(no_edit_copies_the_record)
{
    begin("\t{ \"a\" :1.50,\"b\":[ 1 ,2]}\r ");
    gives("{ \"a\" :1.50,\"b\":[ 1 ,2]}\n");
}

TEST(a_value_is_replaced_in_its_place)
{
    begin("{\"a\":1 , \"b\":\"x\",\"c\":3}");
    cct_edit_double(&edit, "b", 2.5);
    gives("{\"a\":1 , \"b\":2.5,\"c\":3}\n");
}

TEST(first_and_last_are_replaced)
{
    begin("{\"a\":1,\"b\":2,\"c\":{\"a\":7}}");
    cct_edit_int(&edit, "c", -7);
    cct_edit_string(&edit, "a", "x");
    gives("{\"a\":\"x\",\"b\":2,\"c\":-7}\n");
}

TEST(new_members_come_at_the_end_in_order)
{
    begin("{\"a\":1 }");
    cct_edit_int(&edit, "z", 1);
    cct_edit_string(&edit, "y", "\"");
    cct_edit_double(&edit, "x", 1);
    cct_edit_raw(&edit, "w", (struct cct_span){"[1, 2]", 6});
    cct_edit_apply(&edit, &rec, &out);
    struct cct_rec again = {0};
    assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
    static const char *const keys[] = {"a", "z", "y", "x", "w"};
    assert_int_equal(again.count, CCT_LEN(keys));
    for (size_t i = 0; i < CCT_LEN(keys); i++)
        assert_span(again.members[i].key, keys[i]);
    assert_span(cct_rec_get(&again, "w").text, "[1, 2]");
    assert_true(cct_value_equals(cct_rec_get(&again, "y"), "\""));
    cct_rec_free(&again);
}

TEST(an_empty_record_gets_its_first_member)
{
    begin("{}");
    cct_edit_int(&edit, "a", 1);
    gives("{\"a\":1}\n");
    begin("{ }");
    cct_edit_int(&edit, "a", 1);
    cct_edit_int(&edit, "b", 2);
    cct_edit_apply(&edit, &rec, &out);
    struct cct_rec again = {0};
    assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
    assert_int_equal(again.count, 2);
    cct_rec_free(&again);
}

TEST(members_are_removed)
{
    static const struct {
        const char *key, *want;
    } cases[] = {
        {"a", "{\"b\":2,\"c\":3}\n"},
        {"b", "{\"a\":1,\"c\":3}\n"},
        {"c", "{\"a\":1,\"b\":2}\n"},
        {"d", "{\"a\":1,\"b\":2,\"c\":3}\n"},
    };
    for (size_t i = 0; i < CCT_LEN(cases); i++) {
        begin("{\"a\":1,\"b\":2,\"c\":3}");
        cct_edit_remove(&edit, cases[i].key);
        gives(cases[i].want);
    }
}

TEST(every_set_of_removals_leaves_json)
{
    static const char *const keys[] = {"a", "b", "c", "d"};
    for (unsigned set = 0; set < 32; set++) {
        size_t want = 4;
        begin("{ \"a\" : 1 , \"b\" : 2 , \"c\" : 3 , \"d\" : 4 }");
        for (size_t i = 0; i < CCT_LEN(keys); i++)
            if (set >> i & 1) {
                cct_edit_remove(&edit, keys[i]);
                want--;
            }
        if (set >> 4 & 1) {
            cct_edit_int(&edit, "new", 7);
            want++;
        }
        cct_edit_apply(&edit, &rec, &out);
        struct cct_rec again = {0};
        assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
        assert_int_equal(again.count, want);
        for (size_t i = 0; i < CCT_LEN(keys); i++)
            assert_int_equal(cct_rec_get(&again, keys[i]).type == CCT_ABSENT, set >> i & 1);
        cct_rec_free(&again);
    }
}

TEST(the_last_edit_of_a_key_counts)
{
    begin("{\"a\":1}");
    cct_edit_int(&edit, "a", 2);
    cct_edit_int(&edit, "a", 3);
    cct_edit_int(&edit, "b", 4);
    cct_edit_int(&edit, "b", 5);
    gives("{\"a\":3,\"b\":5}\n");
}

TEST(removing_what_was_set_removes_it)
{
    begin("{\"a\":1}");
    cct_edit_int(&edit, "a", 2);
    cct_edit_remove(&edit, "a");
    cct_edit_int(&edit, "b", 2);
    cct_edit_remove(&edit, "b");
    gives("{}\n");
}

TEST(an_escaped_key_is_the_same_key)
{
    begin("{\"\\u0061\":1,\"b\":2}");
    cct_edit_int(&edit, "a", 7);
    gives("{\"\\u0061\":7,\"b\":2}\n");
}

TEST(hostile_keys_are_escaped)
{
    begin("{}");
    cct_edit_int(&edit, "\",\"x\":1,\"\\\n\x01", 7);
    cct_edit_apply(&edit, &rec, &out);
    struct cct_rec again = {0};
    assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
    assert_int_equal(again.count, 1);
    assert_true(cct_value_number(cct_rec_get(&again, "\",\"x\":1,\"\\\n\x01")) == 7);
    cct_rec_free(&again);
}

TEST(unknown_is_no_edit)
{
    begin("{\"a\":1}");
    cct_edit_double(&edit, "a", (double)NAN);
    cct_edit_double(&edit, "b", (double)INFINITY);
    cct_edit_string(&edit, "c", NULL);
    gives("{\"a\":1}\n");
}

TEST(a_bad_string_becomes_valid)
{
    begin("{\"a\":1}");
    cct_edit_string(&edit, "a", "x\xff\x01\"\\");
    cct_edit_apply(&edit, &rec, &out);
    struct cct_rec again = {0};
    assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
    assert_true(cct_value_equals(cct_rec_get(&again, "a"), "x\xef\xbf\xbd\x01\"\\"));
    cct_rec_free(&again);
}

TEST(what_is_in_out_stays)
{
    begin("{\"a\":1}");
    cct_buf_adds(&out, "{}\n");
    cct_edit_apply(&edit, &rec, &out);
    assert_buf(out, "{}\n{\"a\":1}\n");
}

TEST(reset_forgets)
{
    begin("{\"a\":1}");
    cct_edit_int(&edit, "a", 2);
    cct_edit_reset(&edit);
    gives("{\"a\":1}\n");
}

/* Thousands of edits on one record, against what the same edits mean. */
TEST(many_edits_are_all_made)
{
    static char keys[300][8];
    begin("{\"k7\":0,\"other\":1,\"k299\":0}");
    for (int i = 0; i < 300; i++) {
        snprintf(keys[i], sizeof keys[i], "k%d", i);
        cct_edit_int(&edit, keys[i], i);
    }
    cct_edit_apply(&edit, &rec, &out);
    struct cct_rec again = {0};
    assert_int_equal(cct_rec_scan(&again, out.data, out.len - 1, NULL), 0);
    assert_int_equal(again.count, 301);
    for (int i = 0; i < 300; i++)
        assert_true(cct_value_number(cct_rec_get(&again, keys[i])) == i);
    cct_rec_free(&again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_edit_copies_the_record),
        cmocka_unit_test(a_value_is_replaced_in_its_place),
        cmocka_unit_test(first_and_last_are_replaced),
        cmocka_unit_test(new_members_come_at_the_end_in_order),
        cmocka_unit_test(an_empty_record_gets_its_first_member),
        cmocka_unit_test(members_are_removed),
        cmocka_unit_test(every_set_of_removals_leaves_json),
        cmocka_unit_test(the_last_edit_of_a_key_counts),
        cmocka_unit_test(removing_what_was_set_removes_it),
        cmocka_unit_test(an_escaped_key_is_the_same_key),
        cmocka_unit_test(hostile_keys_are_escaped),
        cmocka_unit_test(unknown_is_no_edit),
        cmocka_unit_test(a_bad_string_becomes_valid),
        cmocka_unit_test(what_is_in_out_stays),
        cmocka_unit_test(reset_forgets),
        cmocka_unit_test(many_edits_are_all_made),
    };
    return cmocka_run_group_tests(tests, NULL, clean);
}
