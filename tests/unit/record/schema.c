/* SPDX-License-Identifier: Apache-2.0
 * The field tables of the record kinds.
 *   schema               the tests
 *   schema --print KIND  the fields of a kind as --schema prints them; 1 when there is none */
#include "check.h"

#include "record/schema.h"
#include "record/write.h"

static const char *const names[] = {
    "cct.host/1",     "cct.device/1",    "cct.sensor/1", "cct.sample/1",  "cct.emission/1",
    "cct.progress/1", "cct.intensity/1", "cct.run/1",    "cct.summary/1",
};

TEST(every_kind_is_found)
{
    for (size_t i = 0; i < CCT_LEN(names); i++) {
        const struct cct_kind *kind = cct_kind_find(names[i]);
        assert_non_null(kind);
        assert_string_equal(kind->schema, names[i]);
        assert_true(kind->count > 0);
    }
}

TEST(what_is_no_kind_is_not)
{
    static const char *const others[] = {"",       "cct.sample/2",  "cct.sample",
                                         "sample", "cct.sample/1 ", "else.sample/1"};
    for (size_t i = 0; i < CCT_LEN(others); i++)
        assert_null(cct_kind_find(others[i]));
}

static bool one_of(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(s, *list) == 0)
            return true;
    return false;
}

/* The unit that the suffix of a key promises. */
static const struct {
    const char *suffix, *unit;
} suffixes[] = {
    {"_g_per_kwh", "g/kWh"},
    {"_kwh", "kWh"},
    {"_bytes", "bytes"},
    {"_pct", "pct"},
    {"_mhz", "MHz"},
    {"_j", "J"},
    {"_w", "W"},
    {"_s", "s"},
    {"_g", "g"},
    {"_l", "l"},
};

static const char *promised_unit(const char *key)
{
    size_t n = strlen(key);
    for (size_t i = 0; i < CCT_LEN(suffixes); i++) {
        size_t m = strlen(suffixes[i].suffix);
        if (n > m && strcmp(key + n - m, suffixes[i].suffix) == 0)
            return suffixes[i].unit;
    }
    return NULL;
}

static void check_field(const struct cct_field *field)
{
    static const char *const types[] = {"string",  "double", "integer", "boolean",
                                        "instant", "object", "array",   NULL};
    static const char *const counted[] = {"double", "integer", NULL};
    const char *unit = promised_unit(field->key);
    assert_true(one_of(field->type, types));
    assert_true(field->meaning && field->meaning[0]);
    assert_null(strchr(field->meaning, '\n'));
    if (unit && strcmp(field->unit, unit) != 0)
        fail_msg("%s: unit %s, its suffix says %s", field->key, field->unit, unit);
    if (field->unit[0])
        assert_true(one_of(field->type, counted));
}

TEST(fields_keep_the_rules)
{
    static const char *const common[] = {"schema", "id", "ts", "host", "run", NULL};
    for (size_t i = 0; i < CCT_LEN(names); i++) {
        const struct cct_kind *kind = cct_kind_find(names[i]);
        for (size_t f = 0; f < kind->count; f++) {
            check_field(&kind->fields[f]);
            assert_false(one_of(kind->fields[f].key, common));
            for (size_t g = 0; g < f; g++)
                assert_string_not_equal(kind->fields[g].key, kind->fields[f].key);
        }
    }
}

/* A member of an object stands behind the object itself, and is not required without it. */
TEST(members_follow_their_object)
{
    for (size_t i = 0; i < CCT_LEN(names); i++) {
        const struct cct_kind *kind = cct_kind_find(names[i]);
        const struct cct_field *parent = NULL;
        for (size_t f = 0; f < kind->count; f++) {
            const struct cct_field *field = &kind->fields[f];
            size_t n = strcspn(field->key, ".[");
            if (!field->key[n]) {
                parent = field;
                continue;
            }
            assert_non_null(parent);
            assert_bytes(field->key, n, parent->key);
            assert_string_equal(parent->type, field->key[n] == '.' ? "object" : "array");
            assert_true(parent->required || !field->required);
        }
    }
}

/* An emission is a sample with more members: every field of the one is one of the other. */
TEST(an_emission_is_a_sample)
{
    const struct cct_kind *sample = cct_kind_find("cct.sample/1");
    const struct cct_kind *emission = cct_kind_find("cct.emission/1");
    assert_true(emission->count > sample->count);
    for (size_t f = 0; f < sample->count; f++) {
        assert_string_equal(emission->fields[f].key, sample->fields[f].key);
        assert_string_equal(emission->fields[f].type, sample->fields[f].type);
    }
}

TEST(each_line_of_the_print_is_a_record)
{
    static const char *const keys[] = {"kind", "key", "type", "unit", "required", "meaning"};
    cct_auto_buf text = {0};
    struct cct_rec rec = {0};
    const struct cct_kind *kind = cct_kind_find("cct.sample/1");
    cct_kind_print(kind, &text);
    size_t lines = 0;
    for (char *p = text.data; p < text.data + text.len; lines++) {
        char *nl = memchr(p, '\n', (size_t)(text.data + text.len - p));
        assert_non_null(nl);
        assert_int_equal(cct_rec_scan(&rec, p, (size_t)(nl - p), NULL), 0);
        assert_int_equal(rec.count, CCT_LEN(keys));
        for (size_t k = 0; k < CCT_LEN(keys); k++)
            assert_span(rec.members[k].key, keys[k]);
        assert_true(cct_value_equals(rec.members[0].value, "cct.sample/1"));
        p = nl + 1;
    }
    assert_int_equal(lines, kind->count + 5);
    cct_rec_free(&rec);
}

static int print_kind(const char *name)
{
    cct_auto_buf text = {0};
    const struct cct_kind *kind = cct_kind_find(name);
    if (!kind)
        return CCT_NO;
    cct_kind_print(kind, &text);
    return fwrite(text.data, 1, text.len, stdout) == text.len ? 0 : CCT_IOERR;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_found),
        cmocka_unit_test(what_is_no_kind_is_not),
        cmocka_unit_test(fields_keep_the_rules),
        cmocka_unit_test(members_follow_their_object),
        cmocka_unit_test(an_emission_is_a_sample),
        cmocka_unit_test(each_line_of_the_print_is_a_record),
    };
    if (argc == 3 && strcmp(argv[1], "--print") == 0)
        return print_kind(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
