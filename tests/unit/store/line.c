/* SPDX-License-Identifier: Apache-2.0 */
#include "store/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 3720, appendix B.4, and the check value of the catalogue of parametrised CRC algorithms. */
static void vectors_of_rfc_3720(void **state)
{
    (void)state;
    unsigned char bytes[32];
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(cct_crc32c(bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(cct_crc32c(bytes, 32), 0x62a8ab43);
    for (unsigned i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(cct_crc32c(bytes, 32), 0x46dd794e);
    for (unsigned i = 0; i < 32; i++)
        bytes[i] = (unsigned char)(31 - i);
    assert_int_equal(cct_crc32c(bytes, 32), 0x113fdb5c);
    assert_int_equal(cct_crc32c("123456789", 9), 0xe3069283);
    assert_int_equal(cct_crc32c("", 0), 0);
}

static void both_ways_agree(void **state)
{
    (void)state;
    unsigned char bytes[300];
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((seed = seed * 1664525u + 1013904223u) >> 24);
    for (size_t from = 0; from < 9; from++)
        for (size_t n = 0; n + from < sizeof bytes; n++)
            assert_int_equal(cct_crc32c(bytes + from, n), cct_crc32c_portable(bytes + from, n));
}

static void store(struct cct_buf *out, const char *record, const char *member)
{
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    out->len = 0;
    assert_int_equal(cct_rec_scan(&rec, record, strlen(record), &err), 0);
    cct_line_add(out, &rec, (struct cct_span){member, strlen(member)});
    cct_rec_free(&rec);
}

/* Takes a stored line apart as a reader does. */
static void give_back(struct cct_buf *line)
{
    size_t len;
    assert_int_equal(line->data[line->len - 1], '\n');
    assert_true(cct_line_check(line->data, line->len - 1, &len));
    line->data[len - 1] = '}';
    line->len = len;
}

static void records_come_back(void **state)
{
    (void)state;
    static const char *const records[] = {
        "{}",
        "{ }",
        "{\"a\":1}",
        "{\"a\":1 }",
        "{\"crc\":\"00000000\"}",
        "{\"a\":{\"crc\":\"00000000\"}}",
        "{\"a\":\"\\\"crc\\\":\\\"00000000\"}",
        "{\"a\":[],\"b\":\"}\"}",
    };
    cct_auto_buf line = {0};
    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        store(&line, records[i], "");
        give_back(&line);
        assert_string_equal(cct_buf_str(&line), records[i]);
    }
}

static void a_stored_line_is_one_object_with_crc_last(void **state)
{
    (void)state;
    cct_auto_buf line = {0};
    store(&line, "{\"a\":1}", "");
    assert_string_equal(cct_buf_str(&line), "{\"a\":1,\"crc\":\"149cdbb2\"}\n");
    store(&line, "{}", "");
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    assert_int_equal(cct_rec_scan(&rec, line.data, line.len - 1, &err), 0);
    assert_int_equal(rec.count, 1);
    cct_rec_free(&rec);
}

static void a_member_is_added(void **state)
{
    (void)state;
    cct_auto_buf line = {0};
    store(&line, "{\"a\":1}", "\"run\":\"r\"");
    give_back(&line);
    assert_string_equal(cct_buf_str(&line), "{\"a\":1,\"run\":\"r\"}");
    store(&line, "{ }", "\"run\":\"r\"");
    give_back(&line);
    assert_string_equal(cct_buf_str(&line), "{ \"run\":\"r\"}");
}

static void a_right_crc_is_not_doubled(void **state)
{
    (void)state;
    cct_auto_buf once = {0};
    cct_auto_buf twice = {0};
    store(&once, "{\"a\":1}", "");
    once.data[once.len - 1] = '\0';
    store(&twice, once.data, "");
    once.data[once.len - 1] = '\n';
    assert_string_equal(cct_buf_str(&twice), cct_buf_str(&once));
}

/* Every flipped bit and every cut is seen. */
static void damage_is_seen(void **state)
{
    (void)state;
    cct_auto_buf line = {0};
    size_t len;
    store(&line, "{\"schema\":\"cct.sample/1\",\"energy_j\":12.5}", "");
    size_t n = line.len - 1;
    for (size_t i = 0; i < n * 8; i++) {
        line.data[i / 8] = (char)(line.data[i / 8] ^ 1 << i % 8);
        assert_false(cct_line_check(line.data, n, &len));
        line.data[i / 8] = (char)(line.data[i / 8] ^ 1 << i % 8);
    }
    for (size_t i = 0; i < n; i++)
        assert_false(cct_line_check(line.data, i, &len));
    assert_true(cct_line_check(line.data, n, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_rfc_3720),
        cmocka_unit_test(both_ways_agree),
        cmocka_unit_test(records_come_back),
        cmocka_unit_test(a_stored_line_is_one_object_with_crc_last),
        cmocka_unit_test(a_member_is_added),
        cmocka_unit_test(a_right_crc_is_not_doubled),
        cmocka_unit_test(damage_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
