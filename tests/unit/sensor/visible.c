/* SPDX-License-Identifier: Apache-2.0
 * Which boards CUDA_VISIBLE_DEVICES and NVIDIA_VISIBLE_DEVICES mean. */
#include "check.h"

#include "sensor/visible.h"

static const char *const parts[] = {"MIG-1111aaaa-0000", "MIG-1111bbbb-0000"};

/* The marks of three boards as letters: o open, j job, n not. */
static const char *marks(const char *cuda, const char *nvidia)
{
    static char out[4];
    struct cct_visible boards[3] = {
        {.uuid = "GPU-1a2b3c4d-0001"},
        {.uuid = "GPU-1a2bffff-0002", .partitions = parts, .partition_count = 2},
        {.uuid = "GPU-99887766-0003"},
    };
    cct_visible_mark(cuda, nvidia, boards, 3);
    for (int i = 0; i < 3; i++)
        out[i] = "ojn"[boards[i].owner];
    return out;
}

static void test_nothing_said_is_open(void **state)
{
    (void)state;
    assert_string_equal(marks(NULL, NULL), "ooo");
    assert_string_equal(marks(NULL, "all"), "ooo");
    assert_string_equal(marks(NULL, "void"), "ooo");
    assert_string_equal(marks(NULL, ""), "ooo");
}

static void test_by_index(void **state)
{
    (void)state;
    assert_string_equal(marks("0,2", NULL), "jnj");
    assert_string_equal(marks(" 1 , 0 ", NULL), "jjn");
    assert_string_equal(marks("2", "0"), "nnj");
}

static void test_by_uuid_and_its_unique_beginning(void **state)
{
    (void)state;
    assert_string_equal(marks("GPU-99887766-0003", NULL), "nnj");
    assert_string_equal(marks("GPU-1a2bf,GPU-9", NULL), "njj");
    assert_string_equal(marks("998", NULL), "nnn"); /* a number is an index */
    assert_string_equal(marks("9988", NULL), "nnj");
    assert_string_equal(marks("1a2b3c", NULL), "jnn");
    assert_string_equal(marks("GPU-1a2b", NULL), "nnn"); /* could be two */
    assert_string_equal(marks("GPU-1A2BF", NULL), "njn");
}

static void test_by_partition(void **state)
{
    (void)state;
    assert_string_equal(marks("MIG-1111bbbb-0000", NULL), "njn");
    assert_string_equal(marks("MIG-1111a", NULL), "njn");
    assert_string_equal(marks("MIG-GPU-1a2bffff-0002/3/0", NULL), "njn");
    assert_string_equal(marks("MIG-9", NULL), "nnn");
}

/* As the CUDA documentation has it: what comes after a word that names no board is not there. */
static void test_ends_at_the_first_wrong_word(void **state)
{
    (void)state;
    assert_string_equal(marks("", NULL), "nnn");
    assert_string_equal(marks("-1", NULL), "nnn");
    assert_string_equal(marks("0,-1,1", NULL), "jnn");
    assert_string_equal(marks("0,7,1", NULL), "jnn");
    assert_string_equal(marks("NoDevFiles", NULL), "nnn");
    assert_string_equal(marks("0,,1", NULL), "jnn");
}

static void test_container_numbers_anew(void **state)
{
    (void)state;
    assert_string_equal(marks(NULL, "4,5,6"), "ooo");
    assert_string_equal(marks(NULL, "GPU-1a2b3c4d-0001,GPU-99887766-0003"), "jnj");
    assert_string_equal(marks(NULL, "1"), "njn");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_said_is_open),
        cmocka_unit_test(test_by_index),
        cmocka_unit_test(test_by_uuid_and_its_unique_beginning),
        cmocka_unit_test(test_by_partition),
        cmocka_unit_test(test_ends_at_the_first_wrong_word),
        cmocka_unit_test(test_container_numbers_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
