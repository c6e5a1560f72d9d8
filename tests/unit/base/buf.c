/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/alloc.h"
#include "base/err.h"

#include <sys/wait.h>

TEST(empty_buffer_is_a_string)
{
    cct_auto_buf buf = {0};
    assert_string_equal(cct_buf_str(&buf), "");
    assert_int_equal(buf.len, 0);
}

TEST(adds_in_order)
{
    cct_auto_buf buf = {0};
    cct_buf_adds(&buf, "ab");
    cct_buf_addc(&buf, 'c');
    cct_buf_add(&buf, "\0d", 2);
    cct_buf_add(&buf, NULL, 0);
    cct_buf_addf(&buf, "%d-%s", 7, "e");
    assert_int_equal(buf.len, 8);
    assert_memory_equal(cct_buf_str(&buf), "abc\0d7-e", 9);
    assert_int_equal(buf.len, 8);
}

TEST(grows_by_doubling)
{
    cct_auto_buf buf = {0};
    for (int i = 0; i < 100000; i++)
        cct_buf_addc(&buf, (char)i);
    assert_int_equal(buf.len, 100000);
    assert_true(buf.cap >= 100000 && buf.cap <= 262144);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(buf.data[i], (char)i);
}

TEST(formats_longer_than_the_room_left)
{
    cct_auto_buf buf = {0};
    cct_buf_addf(&buf, "%500d", 7);
    assert_int_equal(buf.len, 500);
    assert_int_equal(buf.data[499], '7');
}

TEST(free_leaves_an_empty_one)
{
    struct cct_buf buf = {0};
    cct_buf_adds(&buf, "x");
    cct_buf_free(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.len + buf.cap, 0);
    cct_buf_free(&buf);
}

TEST(steal_takes_the_value_out)
{
    char *p = cct_xstrdup("abc");
    cct_auto_free char *q = cct_steal(p);
    assert_null(p);
    assert_string_equal(q, "abc");
}

TEST(copies_strings)
{
    cct_auto_free char *a = cct_xstrndup("abcdef", 3);
    cct_auto_free char *b = cct_xasprintf("%s/%d", a, 7);
    assert_string_equal(a, "abc");
    assert_string_equal(b, "abc/7");
}

TEST(size_zero_gives_a_pointer)
{
    cct_auto_free void *a = cct_xmalloc(0);
    cct_auto_free void *b = cct_xcalloc(0, 8);
    assert_non_null(a);
    assert_non_null(b);
}

/* The multiplication would wrap: the process must end with 71, not allocate 8 bytes. */
TEST(overflow_is_out_of_memory)
{
    pid_t pid = fork();
    if (pid == 0) {
        volatile size_t count = SIZE_MAX / 4;
        close(STDERR_FILENO);
        free(cct_xreallocarray(NULL, count, 8));
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), CCT_OSERR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_buffer_is_a_string),
        cmocka_unit_test(adds_in_order),
        cmocka_unit_test(grows_by_doubling),
        cmocka_unit_test(formats_longer_than_the_room_left),
        cmocka_unit_test(free_leaves_an_empty_one),
        cmocka_unit_test(steal_takes_the_value_out),
        cmocka_unit_test(copies_strings),
        cmocka_unit_test(size_zero_gives_a_pointer),
        cmocka_unit_test(overflow_is_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
