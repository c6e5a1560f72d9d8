/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "base/sysroot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static char dir[] = "sysroot-XXXXXX";
static struct cct_sysroot root;

static void put(const char *path, const char *text, size_t len)
{
    char name[128];
    snprintf(name, sizeof name, "%s/%s", dir, path);
    cct_auto_fclose FILE *f = fopen(name, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
}

static void puts_to(const char *path, const char *text)
{
    put(path, text, strlen(text));
}

static int make_tree(void **state cct_unused)
{
    char sub[64];
    struct cct_err err;
    if (chdir("/tmp") || !mkdtemp(dir))
        return -1;
    snprintf(sub, sizeof sub, "%s/sys", dir);
    if (mkdir(sub, 0700))
        return -1;
    return cct_sysroot_open(&root, dir, &err);
}

static int remove_tree(void **state cct_unused)
{
    char command[64];
    cct_sysroot_close(&root);
    snprintf(command, sizeof command, "rm -rf ./%s", dir);
    return system(command); /* NOLINT(cert-env33-c): a fixed name in a test */
}

TEST(the_real_root_says_so)
{
    struct cct_sysroot real;
    struct cct_err err;
    assert_int_equal(cct_sysroot_open(&real, NULL, &err), 0);
    assert_true(real.real);
    cct_sysroot_close(&real);
    assert_int_equal(cct_sysroot_open(&real, "/", &err), 0);
    assert_true(real.real);
    cct_sysroot_close(&real);
    cct_sysroot_close(&real);
    cct_sysroot_close(NULL);
    assert_false(root.real);
}

TEST(a_missing_root_is_no_input)
{
    struct cct_sysroot none;
    struct cct_err err = {0};
    assert_int_equal(cct_sysroot_open(&none, "/no/such/folder", &err), -1);
    assert_int_equal(err.code, CCT_NOINPUT);
    assert_non_null(strstr(err.msg, "/no/such/folder"));
}

TEST(a_file_is_read_and_trimmed)
{
    char out[16];
    puts_to("sys/name", "intel-rapl\n \t\r\n");
    assert_int_equal(cct_sysroot_read(&root, "sys/name", out, sizeof out), 10);
    assert_string_equal(out, "intel-rapl");
    assert_int_equal(cct_sysroot_read(&root, "/sys/name", out, sizeof out), 10);
}

TEST(an_empty_file_is_an_empty_string)
{
    char out[4] = "xyz";
    puts_to("sys/empty", "");
    assert_int_equal(cct_sysroot_read(&root, "sys/empty", out, sizeof out), 0);
    assert_string_equal(out, "");
}

TEST(a_file_that_does_not_fit_is_efbig)
{
    char out[8];
    puts_to("sys/seven", "1234567");
    puts_to("sys/eight", "12345678");
    assert_int_equal(cct_sysroot_read(&root, "sys/seven", out, sizeof out), 7);
    assert_int_equal(cct_sysroot_read(&root, "sys/eight", out, sizeof out), -1);
    assert_int_equal(errno, EFBIG);
}

TEST(a_missing_file_is_enoent)
{
    char out[8];
    uint64_t v = 7;
    assert_int_equal(cct_sysroot_read(&root, "sys/none", out, sizeof out), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(cct_sysroot_read_u64(&root, "sys/none", &v), -1);
    assert_int_equal(errno, ENOENT);
    assert_int_equal(v, 7);
    assert_null(cct_sysroot_opendir(&root, "sys/none"));
}

static const struct {
    const char *text;
    int errnum; /* 0: good */
    uint64_t v;
} numbers[] = {
    {"0\n", 0, 0},
    {"262143328850\n", 0, UINT64_C(262143328850)},
    {"007", 0, 7},
    {"18446744073709551615\n", 0, UINT64_MAX},
    {"18446744073709551616\n", ERANGE, 0},
    {"99999999999999999999999\n", ERANGE, 0},
    {"", EINVAL, 0},
    {"\n", EINVAL, 0},
    {"-1\n", EINVAL, 0},
    {"+1\n", EINVAL, 0},
    {" 1\n", EINVAL, 0},
    {"1 2\n", EINVAL, 0},
    {"1.5\n", EINVAL, 0},
    {"0x10\n", EINVAL, 0},
    {"<not supported>\n", EINVAL, 0},
};

TEST(numbers_are_whole_files)
{
    for (size_t i = 0; i < CCT_LEN(numbers); i++) {
        uint64_t v = 7;
        puts_to("sys/energy_uj", numbers[i].text);
        int rc = cct_sysroot_read_u64(&root, "sys/energy_uj", &v);
        int errnum = rc ? errno : 0;
        assert_int_equal(errnum, numbers[i].errnum);
        assert_int_equal(v, rc ? 7 : numbers[i].v);
    }
}

TEST(a_kept_descriptor_reads_anew)
{
    uint64_t v = 0;
    char text[8];
    puts_to("sys/energy_uj", "41\n");
    cct_auto_close int fd = cct_sysroot_open_file(&root, "sys/energy_uj");
    assert_true(fd >= 0);
    assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(cct_pread_u64(fd, &v), 0);
    assert_int_equal(v, 41);
    puts_to("sys/energy_uj", "42\n");
    assert_int_equal(cct_pread_u64(fd, &v), 0);
    assert_int_equal(v, 42);
    assert_int_equal(cct_pread_text(fd, text, sizeof text), 2);
    assert_int_equal(cct_pread_text(-1, text, sizeof text), -1);
    assert_int_equal(cct_pread_u64(-1, &v), -1);
}

TEST(a_nul_in_a_number_is_not_a_number)
{
    uint64_t v = 7;
    put("sys/odd", "4\0002\n", 4);
    int rc = cct_sysroot_read_u64(&root, "sys/odd", &v);
    assert_true(rc == -1 || v == 4);
}

TEST(a_folder_is_listed)
{
    DIR *d = cct_sysroot_opendir(&root, "sys");
    assert_non_null(d);
    int count = 0;
    while (readdir(d))
        count++;
    closedir(d);
    assert_true(count > 2);
}

/* A fifo in a captured tree must not hang the program. */
TEST(a_fifo_does_not_block)
{
    char name[64];
    char out[8];
    snprintf(name, sizeof name, "%s/sys/fifo", dir);
    assert_int_equal(mkfifo(name, 0600), 0);
    assert_int_equal(cct_sysroot_read(&root, "sys/fifo", out, sizeof out), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_real_root_says_so),
        cmocka_unit_test(a_missing_root_is_no_input),
        cmocka_unit_test(a_file_is_read_and_trimmed),
        cmocka_unit_test(an_empty_file_is_an_empty_string),
        cmocka_unit_test(a_file_that_does_not_fit_is_efbig),
        cmocka_unit_test(a_missing_file_is_enoent),
        cmocka_unit_test(numbers_are_whole_files),
        cmocka_unit_test(a_kept_descriptor_reads_anew),
        cmocka_unit_test(a_nul_in_a_number_is_not_a_number),
        cmocka_unit_test(a_folder_is_listed),
        cmocka_unit_test(a_fifo_does_not_block),
    };
    return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
