/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/err.h"
#include "base/log.h"

#include <errno.h>

TEST(fail_fills_and_returns_minus_one)
{
    struct cct_err err = {0};
    assert_int_equal(cct_fail(&err, CCT_CONFIG, "%s, %d", "sites.ndjson", 7), -1);
    assert_int_equal(err.code, CCT_CONFIG);
    assert_string_equal(err.msg, "sites.ndjson, 7");
}

TEST(no_error_object_is_allowed)
{
    errno = ENOENT;
    assert_int_equal(cct_fail(NULL, CCT_CONFIG, "x"), -1);
    assert_int_equal(cct_fail_errno(NULL, 0, "x"), -1);
}

TEST(a_long_message_is_cut)
{
    struct cct_err err = {0};
    assert_int_equal(cct_fail(&err, CCT_DATAERR, "%1000d", 7), -1);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
    errno = ENOENT;
    assert_int_equal(cct_fail_errno(&err, 0, "%1000d", 7), -1);
    assert_int_equal(strlen(err.msg), sizeof err.msg - 1);
}

static const struct {
    int errnum, asked, code;
} codes[] = {
    {ENOENT, 0, CCT_NOINPUT}, {ENOTDIR, 0, CCT_NOINPUT},        {EACCES, 0, CCT_NOPERM},
    {EPERM, 0, CCT_NOPERM},   {ENOMEM, 0, CCT_OSERR},           {EIO, 0, CCT_IOERR},
    {ENOSPC, 0, CCT_IOERR},   {ENOENT, CCT_CONFIG, CCT_CONFIG},
};

TEST(errno_chooses_the_code)
{
    for (size_t i = 0; i < CCT_LEN(codes); i++) {
        struct cct_err err = {0};
        errno = codes[i].errnum;
        assert_int_equal(cct_fail_errno(&err, codes[i].asked, "f"), -1);
        assert_int_equal(err.code, codes[i].code);
    }
}

TEST(errno_is_told)
{
    struct cct_err err = {0};
    errno = ENOENT;
    assert_int_equal(cct_fail_errno(&err, 0, "%s", "a file"), -1);
    assert_string_equal(err.msg, "a file: No such file or directory");
}

struct heard {
    char text[600];
    enum cct_level level;
    int count;
};

static void hear(void *ctx, enum cct_level level, const char *msg)
{
    struct heard *heard = ctx;
    snprintf(heard->text, sizeof heard->text, "%s", msg);
    heard->level = level;
    heard->count++;
}

TEST(a_log_hears_its_sink)
{
    static struct heard heard;
    const struct cct_log log = {hear, &heard};
    cct_warn(&log, "%s lost", "zone");
    assert_string_equal(heard.text, "zone lost");
    assert_int_equal(heard.level, CCT_LOG_WARNING);
    cct_info(&log, "%2000d", 7);
    assert_int_equal(heard.level, CCT_LOG_INFO);
    assert_int_equal(heard.count, 2);
    assert_true(strlen(heard.text) > 100);
}

TEST(no_log_is_silent)
{
    const struct cct_log log = {0};
    cct_warn(NULL, "x");
    cct_info(&log, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fail_fills_and_returns_minus_one),
        cmocka_unit_test(no_error_object_is_allowed),
        cmocka_unit_test(a_long_message_is_cut),
        cmocka_unit_test(errno_chooses_the_code),
        cmocka_unit_test(errno_is_told),
        cmocka_unit_test(a_log_hears_its_sink),
        cmocka_unit_test(no_log_is_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
