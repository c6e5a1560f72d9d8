/* SPDX-License-Identifier: Apache-2.0
 * The filter loop, each time as a process of its own. */
#include "run.h"

#include "cli/cli.h"

#include <poll.h>
#include <signal.h>
#include <string.h>

enum trouble { NONE, BAD_RECORD, NO_PERMISSION, AT_END };

struct setup {
    const char *option; /* --strict, --buffered or NULL */
    enum trouble trouble;
    char *files[4];
    size_t file_count;
    bool by_files;
};

static int pass(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    const struct setup *setup = ctx;
    if (setup->trouble == BAD_RECORD && cct_rec_get(rec, "bad").type != CCT_ABSENT)
        return cct_fail(err, CCT_DATAERR, "bad is there");
    if (setup->trouble == NO_PERMISSION)
        return cct_fail(err, CCT_NOPERM, "not allowed");
    if (cct_writer_add(out, rec->line.p, rec->line.len, err))
        return -1;
    return cct_writer_add(out, "\n", 1, err);
}

static int end(void *ctx, struct cct_writer *out, struct cct_err *err)
{
    const struct setup *setup = ctx;
    if (setup->trouble == AT_END)
        return cct_fail(err, CCT_CONFIG, "no zone");
    return cct_writer_add(out, "{\"end\":true}\n", 13, err);
}

static int run_filter(void *ctx)
{
    static const struct cct_program program = {.name = "cct-test"};
    struct setup *setup = ctx;
    struct cct_cli cli;
    char name[] = "cct-test";
    char option[32];
    char *argv[] = {name, option, NULL};
    snprintf(option, sizeof option, "%s", setup->option ? setup->option : "");
    cct_cli_init(&cli, &program, setup->option ? 2 : 1, argv, NULL);
    struct cct_filter filter = {pass, end, setup};
    int status = setup->by_files ? cct_filter_files(&cli, &filter, setup->files, setup->file_count,
                                                    STDOUT_FILENO)
                                 : cct_filter_run(&cli, &filter, STDIN_FILENO, STDOUT_FILENO);
    cct_cli_done(&cli);
    return status;
}

static void run(struct ran *ran, struct setup setup, const char *input)
{
    test_run(ran, run_filter, &setup, input, strlen(input), NULL);
}

static size_t lines_of(const struct cct_buf *buf)
{
    size_t n = 0;
    for (size_t i = 0; i < buf->len; i++)
        n += buf->data[i] == '\n';
    return n;
}

TEST(records_pass_byte_for_byte)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){0},
        "{ \"schema\" : \"other.thing/9\",\"x\":1.500}\n\n{\"\\u0061\":[ 1 ]}\r\n");
    assert_int_equal(ran.status, 0);
    assert_buf(ran.out, "{ \"schema\" : \"other.thing/9\",\"x\":1.500}\n{\"\\u0061\":[ 1 ]}\n"
                        "{\"end\":true}\n");
    assert_buf(ran.err, "");
}

TEST(no_input_is_no_error)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){0}, "");
    assert_int_equal(ran.status, 0);
    assert_buf(ran.out, "{\"end\":true}\n");
}

TEST(a_bad_line_is_told_with_its_number_and_skipped)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){0}, "{}\n\n{nope\n{\"a\":1}\n");
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_buf(ran.out, "{}\n{\"a\":1}\n{\"end\":true}\n");
    assert_int_equal(lines_of(&ran.err), 1);
    assert_ptr_equal(strstr(ran.err.data, "cct-test: "), ran.err.data);
    assert_non_null(strstr(ran.err.data, "line 3"));
}

TEST(strict_stops_at_the_first_bad_line)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.option = "--strict"}, "{}\n[1]\n{\"a\":1}\n");
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_null(strstr(ran.out.data, "\"a\""));
    assert_ptr_equal(strstr(ran.out.data, "{}\n"), ran.out.data);
    assert_non_null(strstr(ran.err.data, "line 2"));
}

TEST(many_bad_lines_are_counted)
{
    auto_ran ran = {0};
    cct_auto_buf input = {0};
    for (int i = 0; i < 5000; i++)
        cct_buf_adds(&input, "nope\n");
    cct_buf_adds(&input, "{\"a\":1}\n");
    run(&ran, (struct setup){0}, cct_buf_str(&input));
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_non_null(strstr(ran.out.data, "{\"a\":1}\n"));
    assert_non_null(strstr(ran.err.data, "5000"));
    assert_true(lines_of(&ran.err) < 200);
}

TEST(a_record_that_the_filter_refuses_is_a_bad_line)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.trouble = BAD_RECORD}, "{\"a\":1}\n{\"bad\":1}\n{\"a\":2}\n");
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_buf(ran.out, "{\"a\":1}\n{\"a\":2}\n{\"end\":true}\n");
    assert_non_null(strstr(ran.err.data, "line 2"));
    assert_non_null(strstr(ran.err.data, "bad is there"));
}

TEST(another_failure_ends_the_filter_with_its_code)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.trouble = NO_PERMISSION}, "{\"a\":1}\n{\"a\":2}\n");
    assert_int_equal(ran.status, CCT_NOPERM);
    assert_buf(ran.err, "cct-test: not allowed\n");
}

TEST(a_failure_at_the_end_is_told)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.trouble = AT_END}, "{\"a\":1}\n");
    assert_int_equal(ran.status, CCT_CONFIG);
    assert_buf(ran.out, "{\"a\":1}\n");
    assert_buf(ran.err, "cct-test: no zone\n");
}

TEST(a_last_line_without_newline)
{
    auto_ran whole = {0};
    auto_ran cut = {0};
    run(&whole, (struct setup){0}, "{\"a\":1}\n{\"a\":2}");
    assert_int_equal(whole.status, 0);
    assert_buf(whole.out, "{\"a\":1}\n{\"a\":2}\n{\"end\":true}\n");
    run(&cut, (struct setup){0}, "{\"a\":1}\n{\"a\":");
    assert_int_equal(cut.status, CCT_DATAERR);
    assert_int_equal(lines_of(&cut.err), 1);
    assert_non_null(strstr(cut.err.data, "line 2"));
}

TEST(a_2_mib_line_is_skipped)
{
    auto_ran ran = {0};
    cct_auto_buf input = {0};
    cct_buf_adds(&input, "{\"a\":1}\n{\"b\":\"");
    memset(cct_buf_reserve(&input, 2 << 20), 'x', 2 << 20);
    input.len += 2 << 20;
    cct_buf_adds(&input, "\"}\nnope\n{\"c\":1}\n");
    run(&ran, (struct setup){0}, cct_buf_str(&input));
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_buf(ran.out, "{\"a\":1}\n{\"c\":1}\n{\"end\":true}\n");
    assert_non_null(strstr(ran.err.data, "line 2"));
    assert_non_null(strstr(ran.err.data, "line 3"));
}

TEST(a_nul_is_a_bad_line)
{
    auto_ran ran = {0};
    struct setup setup = {0};
    test_run(&ran, run_filter, &setup, "{\"a\":1}\0\n{\"a\":\"\0\"}\n{\"b\":1}\n", 28, NULL);
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_buf(ran.out, "{\"b\":1}\n{\"end\":true}\n");
    assert_non_null(strstr(ran.err.data, "line 1"));
    assert_non_null(strstr(ran.err.data, "line 2"));
}

TEST(a_byte_order_mark_is_cut)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){0}, "\xef\xbb\xbf{\"a\":1}\n");
    assert_int_equal(ran.status, 0);
    assert_buf(ran.out, "{\"a\":1}\n{\"end\":true}\n");
}

TEST(a_full_device_is_74)
{
    auto_ran ran = {0};
    struct setup setup = {0};
    test_run(&ran, run_filter, &setup, "{\"a\":1}\n", 8, "/dev/full");
    assert_int_equal(ran.status, CCT_IOERR);
    assert_int_equal(lines_of(&ran.err), 1);
    setup.option = "--buffered";
    test_run(&ran, run_filter, &setup, "{\"a\":1}\n", 8, "/dev/full");
    assert_int_equal(ran.status, CCT_IOERR);
}

/* /dev/full wins over a bad line: what was lost is worse than what was skipped. */
TEST(a_full_device_and_a_bad_line_is_74)
{
    auto_ran ran = {0};
    struct setup setup = {0};
    test_run(&ran, run_filter, &setup, "nope\n{\"a\":1}\n", 13, "/dev/full");
    assert_int_equal(ran.status, CCT_IOERR);
}

TEST(an_input_that_cannot_be_read_is_74)
{
    auto_ran ran = {0};
    char dir[] = "/";
    run(&ran, (struct setup){.by_files = true, .files = {dir}, .file_count = 1}, "");
    assert_int_equal(ran.status, CCT_IOERR);
}

static char *temp_file(char *name, const char *text)
{
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    assert_int_equal(cct_write_all(fd, text, strlen(text)), 0);
    close(fd);
    return name;
}

TEST(files_are_read_in_turn)
{
    auto_ran ran = {0};
    char a[] = "/tmp/cct-filter-XXXXXX";
    char b[] = "/tmp/cct-filter-XXXXXX";
    char dash[] = "-";
    struct setup setup = {.by_files = true, .file_count = 3};
    setup.files[0] = temp_file(a, "{\"a\":1}\n{\"a\":2}"); /* no newline at its end */
    setup.files[1] = dash;
    setup.files[2] = temp_file(b, "\xef\xbb\xbf{\"c\":1}\nnope\n");
    run(&ran, setup, "{\"b\":1}\n");
    unlink(a);
    unlink(b);
    assert_int_equal(ran.status, CCT_DATAERR);
    assert_buf(ran.out, "{\"a\":1}\n{\"a\":2}\n{\"b\":1}\n{\"c\":1}\n{\"end\":true}\n");
    assert_non_null(strstr(ran.err.data, b));
    assert_non_null(strstr(ran.err.data, "line 2"));
}

TEST(a_missing_file_is_66)
{
    auto_ran ran = {0};
    char none[] = "/no/such/file";
    run(&ran, (struct setup){.by_files = true, .files = {none}, .file_count = 1}, "");
    assert_int_equal(ran.status, CCT_NOINPUT);
    assert_non_null(strstr(ran.err.data, "/no/such/file"));
    run(&ran, (struct setup){.by_files = true}, "{\"a\":1}\n");
    assert_int_equal(ran.status, 0);
    assert_buf(ran.out, "{\"a\":1}\n{\"end\":true}\n");
}

/* A process that filters from one pipe into another. */
static pid_t start_piped(struct setup *setup, int *to, int *from)
{
    int in[2], out[2];
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        exit(run_filter(setup));
    }
    close(in[0]);
    close(out[1]);
    *to = in[1];
    *from = out[0];
    return pid;
}

static bool readable(int fd, int ms)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    return poll(&poll_fd, 1, ms) == 1;
}

TEST(each_record_comes_out_before_the_next_is_awaited)
{
    struct setup setup = {0};
    int to, from;
    char got[64];
    pid_t pid = start_piped(&setup, &to, &from);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(cct_write_all(to, "{\"a\":1}\n{\"a\"", 12), 0);
        assert_true(readable(from, 5000));
        assert_int_equal(read(from, got, sizeof got), 8);
        assert_int_equal(cct_write_all(to, ":2}\n", 4), 0);
        assert_true(readable(from, 5000));
        assert_int_equal(read(from, got, sizeof got), 8);
    }
    close(to);
    assert_int_equal(test_status(pid), 0);
    close(from);
}

TEST(buffered_holds_back)
{
    struct setup setup = {.option = "--buffered"};
    int to, from;
    pid_t pid = start_piped(&setup, &to, &from);
    assert_int_equal(cct_write_all(to, "{\"a\":1}\n", 8), 0);
    assert_false(readable(from, 100));
    close(to);
    assert_int_equal(test_status(pid), 0);
    assert_true(readable(from, 0));
    close(from);
}

TEST(a_closed_pipe_ends_quietly_by_sigpipe)
{
    for (int ignored = 0; ignored < 2; ignored++) {
        struct setup setup = {0};
        int to, from;
        signal(SIGPIPE, ignored ? SIG_IGN : SIG_DFL);
        pid_t pid = start_piped(&setup, &to, &from);
        close(from);
        signal(SIGPIPE, SIG_IGN);
        (void)cct_write_all(to, "{\"a\":1}\n", 8);
        assert_int_equal(test_status(pid), 128 + SIGPIPE);
        close(to);
        signal(SIGPIPE, SIG_DFL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_pass_byte_for_byte),
        cmocka_unit_test(no_input_is_no_error),
        cmocka_unit_test(a_bad_line_is_told_with_its_number_and_skipped),
        cmocka_unit_test(strict_stops_at_the_first_bad_line),
        cmocka_unit_test(many_bad_lines_are_counted),
        cmocka_unit_test(a_record_that_the_filter_refuses_is_a_bad_line),
        cmocka_unit_test(another_failure_ends_the_filter_with_its_code),
        cmocka_unit_test(a_failure_at_the_end_is_told),
        cmocka_unit_test(a_last_line_without_newline),
        cmocka_unit_test(a_2_mib_line_is_skipped),
        cmocka_unit_test(a_nul_is_a_bad_line),
        cmocka_unit_test(a_byte_order_mark_is_cut),
        cmocka_unit_test(a_full_device_is_74),
        cmocka_unit_test(a_full_device_and_a_bad_line_is_74),
        cmocka_unit_test(an_input_that_cannot_be_read_is_74),
        cmocka_unit_test(files_are_read_in_turn),
        cmocka_unit_test(a_missing_file_is_66),
        cmocka_unit_test(each_record_comes_out_before_the_next_is_awaited),
        cmocka_unit_test(buffered_holds_back),
        cmocka_unit_test(a_closed_pipe_ends_quietly_by_sigpipe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
