/* SPDX-License-Identifier: Apache-2.0
 * Lines in and lines out. */
#include "check.h"

#include "record/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>

/* A socket of packets: each read of the reader sees one chunk of at most chunk bytes. */
static int chunked(const char *bytes, size_t len, size_t chunk)
{
    int pair[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
    for (size_t at = 0; at < len; at += chunk) {
        size_t n = len - at < chunk ? len - at : chunk;
        assert_int_equal(send(pair[1], bytes + at, n, 0), n);
    }
    close(pair[1]);
    return pair[0];
}

static int file_of(const char *bytes, size_t len)
{
    int fd = memfd_create("lines", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(cct_write_all(fd, bytes, len), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static void strip_cr(const char *line, size_t *len)
{
    while (*len && line[*len - 1] == '\r')
        (*len)--;
}

/* Reads all of fd and tells it as "1:text|3:text!|" (! a bad line). */
static void tell(int fd, size_t max_line, struct cct_buf *out)
{
    struct cct_reader reader;
    struct cct_err err = {0};
    const char *line = NULL;
    size_t len = 0;
    enum cct_read got;
    cct_reader_init(&reader, fd);
    if (max_line)
        reader.max_line = max_line;
    while ((got = cct_reader_next(&reader, &line, &len, &err)) > 0) {
        cct_buf_addf(out, "%d:", (int)reader.lineno);
        if (got == CCT_READ_LINE) {
            strip_cr(line, &len);
            cct_buf_add(out, line, len);
        } else {
            assert_int_equal(err.code, CCT_DATAERR);
            cct_buf_addc(out, '!');
        }
        cct_buf_addc(out, '|');
    }
    assert_int_equal(got, CCT_READ_END);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_END);
    cct_reader_done(&reader);
    close(fd);
}

static const struct {
    const char *bytes;
    size_t max_line;
    const char *told;
} streams[] = {
    {"", 0, ""},
    {"\n", 0, ""},
    {"\n\n\n", 0, ""},
    {"a\n", 0, "1:a|"},
    {"a", 0, "1:a|"},
    {"a\nbc\ndef\n", 0, "1:a|2:bc|3:def|"},
    {"a\n\n\nb", 0, "1:a|4:b|"},
    {"\r\na\r\n\r\nb\r\n", 0, "2:a|4:b|"},
    {"\xef\xbb\xbf{}\n{}\n", 0, "1:{}|2:{}|"},
    {"\xef\xbb\xbf", 0, ""},
    {"\xef\xbb\xbf\na\n", 0, "2:a|"},
    {"\xef\xbb", 0, "1:\xef\xbb|"},
    {"\xef\xbb\xbf\xef\xbb\xbf{}\n", 0, "1:\xef\xbb\xbf{}|"},
    {"a\n\xef\xbb\xbf{}\n", 0, "1:a|2:\xef\xbb\xbf{}|"},
    {"12345\n123456\n12345\n", 5, "1:12345|2:!|3:12345|"},
    {"12345", 5, "1:12345|"},
    {"123456", 5, "1:!|"},
    {"1234567890123456789012345678901234567890\n1\n", 5, "1:!|2:1|"},
    {"123456\n1234567\n\n12345678\n1", 5, "1:!|2:!|4:!|5:1|"},
};

TEST(every_chunk_size_gives_the_same_lines)
{
    for (size_t i = 0; i < CCT_LEN(streams); i++) {
        size_t len = strlen(streams[i].bytes);
        for (size_t chunk = 1; chunk <= len + 1; chunk++) {
            cct_auto_buf told = {0};
            tell(chunked(streams[i].bytes, len, chunk), streams[i].max_line, &told);
            if (strcmp(cct_buf_str(&told), streams[i].told) != 0)
                fail_msg("stream %zu by %zu: %s", i, chunk, told.data);
        }
    }
}

TEST(a_nul_stays_in_its_line)
{
    for (size_t chunk = 1; chunk < 8; chunk++) {
        cct_auto_buf told = {0};
        tell(chunked("a\0b\nc\n", 6, chunk), 0, &told);
        assert_int_equal(told.len, 10);
        assert_memory_equal(told.data, "1:a\0b|2:c|", 10);
    }
}

static size_t fill_lines(struct cct_buf *bytes, size_t count)
{
    size_t total = 0;
    uint64_t seed = 1;
    for (size_t i = 0; i < count; i++) {
        size_t n = test_random(&seed) % (i % 100 ? 300 : 200000) + 1;
        memset(cct_buf_reserve(bytes, n), 'a' + (int)(i % 26), n);
        bytes->len += n;
        cct_buf_addc(bytes, '\n');
        total += n;
    }
    return total;
}

/* Many lines of many lengths, over a file and over a pipe. */
static void count_lines(int fd, size_t want_lines, size_t want_bytes)
{
    struct cct_reader reader;
    struct cct_err err;
    const char *line;
    size_t len;
    size_t lines = 0;
    size_t bytes = 0;
    cct_reader_init(&reader, fd);
    while (cct_reader_next(&reader, &line, &len, &err) == CCT_READ_LINE) {
        assert_int_equal(line[0], 'a' + (int)(lines % 26));
        assert_int_equal(line[len - 1], line[0]);
        lines++;
        bytes += len;
        assert_int_equal(reader.lineno, lines);
    }
    assert_int_equal(lines, want_lines);
    assert_int_equal(bytes, want_bytes);
    cct_reader_done(&reader);
    close(fd);
}

TEST(many_lines_of_a_file)
{
    cct_auto_buf bytes = {0};
    size_t total = fill_lines(&bytes, 3000);
    count_lines(file_of(bytes.data, bytes.len), 3000, total);
}

TEST(many_lines_of_a_pipe)
{
    cct_auto_buf bytes = {0};
    size_t total = fill_lines(&bytes, 3000);
    int pipefd[2];
    assert_int_equal(pipe(pipefd), 0);
    pid_t pid = fork();
    if (pid == 0) {
        close(pipefd[0]);
        _exit(cct_write_all(pipefd[1], bytes.data, bytes.len) ? 1 : 0);
    }
    close(pipefd[1]);
    count_lines(pipefd[0], 3000, total);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void long_line(size_t n, const char *want)
{
    cct_auto_buf bytes = {0};
    cct_auto_buf told = {0};
    cct_buf_adds(&bytes, "a\n");
    memset(cct_buf_reserve(&bytes, n), 'x', n);
    bytes.len += n;
    cct_buf_adds(&bytes, "\nb\n");
    tell(file_of(bytes.data, bytes.len), 0, &told);
    if (want)
        assert_buf(told, want);
    else
        assert_int_equal(told.len, n + 11);
}

TEST(a_2_mib_line_is_bad_and_the_next_is_not)
{
    long_line((size_t)2 << 20, "1:a|2:!|3:b|");
    long_line((size_t)40 << 20, "1:a|2:!|3:b|");
}

TEST(the_longest_line_is_1_mib)
{
    long_line(CCT_MAX_LINE_BYTES, NULL);
    long_line(CCT_MAX_LINE_BYTES + 1, "1:a|2:!|3:b|");
}

/* The memory of a reader does not follow the length of a line that it skips. */
TEST(a_skipped_line_is_not_kept)
{
    struct cct_reader reader;
    struct cct_err err;
    const char *line;
    size_t len;
    cct_auto_buf bytes = {0};
    size_t n = (size_t)64 << 20;
    memset(cct_buf_reserve(&bytes, n), 'x', n);
    bytes.len = n;
    int fd = file_of(bytes.data, bytes.len);
    cct_reader_init(&reader, fd);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_BAD);
    assert_true(reader.buf.cap <= (size_t)4 << 20);
    cct_reader_done(&reader);
    close(fd);
}

TEST(ready_tells_whether_a_line_is_there)
{
    struct cct_reader reader;
    struct cct_err err;
    const char *line;
    size_t len;
    int pipefd[2];
    assert_int_equal(pipe(pipefd), 0);
    cct_reader_init(&reader, pipefd[0]);
    assert_false(cct_reader_ready(&reader));
    assert_int_equal(cct_write_all(pipefd[1], "a\nb\nc", 5), 0);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_LINE);
    assert_true(cct_reader_ready(&reader));
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_LINE);
    assert_bytes(line, len, "b");
    assert_false(cct_reader_ready(&reader));
    close(pipefd[1]);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_LINE);
    assert_bytes(line, len, "c");
    assert_true(reader.eof);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_END);
    cct_reader_done(&reader);
    close(pipefd[0]);
}

TEST(a_failed_read_is_told)
{
    struct cct_reader reader;
    struct cct_err err = {0};
    const char *line;
    size_t len;
    cct_auto_close int fd = open("/", O_RDONLY | O_DIRECTORY);
    cct_reader_init(&reader, fd);
    assert_int_equal(cct_reader_next(&reader, &line, &len, &err), CCT_READ_FAILED);
    assert_int_equal(err.code, CCT_IOERR);
    cct_reader_done(&reader);
}

TEST(a_writer_holds_back_until_flushed)
{
    struct cct_writer writer;
    struct cct_err err;
    char got[16];
    int pipefd[2];
    assert_int_equal(pipe2(pipefd, O_NONBLOCK), 0);
    cct_writer_init(&writer, pipefd[1]);
    assert_int_equal(cct_writer_flush(&writer, &err), 0);
    assert_int_equal(cct_writer_add(&writer, "a\n", 2, &err), 0);
    assert_int_equal(read(pipefd[0], got, sizeof got), -1);
    assert_int_equal(cct_writer_add(&writer, "b\n", 2, &err), 0);
    assert_int_equal(cct_writer_flush(&writer, &err), 0);
    assert_int_equal(read(pipefd[0], got, sizeof got), 4);
    assert_memory_equal(got, "a\nb\n", 4);
    cct_writer_done(&writer);
    close(pipefd[0]);
    close(pipefd[1]);
}

static void nothing(int sig cct_unused)
{
}

/* A reader in a child that is slow and reads odd amounts; a timer interrupts our writes, so that
 * they come back short. The child says by its status whether every byte arrived in order. */
static pid_t slow_reader(const int pipefd[2])
{
    pid_t pid = fork();
    if (pid)
        return pid;
    static char bytes[3001];
    uint64_t at = 0;
    ssize_t n;
    close(pipefd[1]);
    while ((n = read(pipefd[0], bytes, sizeof bytes)) > 0) {
        for (ssize_t i = 0; i < n; i++, at++)
            if (bytes[i] != (char)(at % 251))
                _exit(1);
        if (at % 7 == 0)
            usleep(300);
    }
    _exit(at == 4000000 ? 0 : 2);
}

TEST(short_writes_are_gone_on_from)
{
    static char bytes[40000];
    struct cct_writer writer;
    struct cct_err err;
    int pipefd[2];
    struct sigaction action = {.sa_handler = nothing};
    struct itimerval often = {{0, 500}, {0, 500}};
    struct itimerval never = {{0, 0}, {0, 0}};
    assert_int_equal(pipe(pipefd), 0);
    assert_true(fcntl(pipefd[1], F_SETPIPE_SZ, 4096) > 0);
    pid_t pid = slow_reader(pipefd);
    close(pipefd[0]);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    cct_writer_init(&writer, pipefd[1]);
    for (uint64_t at = 0; at < 4000000; at += sizeof bytes) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)((at + i) % 251);
        assert_int_equal(cct_writer_add(&writer, bytes, sizeof bytes, &err), 0);
    }
    assert_int_equal(cct_writer_flush(&writer, &err), 0);
    setitimer(ITIMER_REAL, &never, NULL);
    cct_writer_done(&writer);
    close(pipefd[1]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

/* Somebody else made the pipe non-blocking, as a parent that shares it can at any time. */
TEST(a_non_blocking_pipe_loses_nothing)
{
    static char bytes[40000];
    int pipefd[2];
    assert_int_equal(pipe(pipefd), 0);
    assert_true(fcntl(pipefd[1], F_SETPIPE_SZ, 4096) > 0);
    assert_int_equal(fcntl(pipefd[1], F_SETFL, O_NONBLOCK), 0);
    pid_t pid = slow_reader(pipefd);
    close(pipefd[0]);
    for (uint64_t at = 0; at < 4000000; at += sizeof bytes) {
        for (size_t i = 0; i < sizeof bytes; i++)
            bytes[i] = (char)((at + i) % 251);
        assert_int_equal(cct_write_all(pipefd[1], bytes, sizeof bytes), 0);
    }
    close(pipefd[1]);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

TEST(a_full_device_is_an_io_error)
{
    struct cct_writer writer;
    struct cct_err err = {0};
    cct_auto_close int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    cct_writer_init(&writer, fd);
    assert_int_equal(cct_writer_add(&writer, "a\n", 2, &err), 0);
    assert_int_equal(cct_writer_flush(&writer, &err), -1);
    assert_int_equal(err.code, CCT_IOERR);
    cct_writer_done(&writer);
    errno = 0;
    assert_int_equal(cct_write_all(fd, "a", 1), -1);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(cct_write_all(fd, "", 0), 0);
}

TEST(a_closed_pipe_is_an_error_when_sigpipe_is_ignored)
{
    int pipefd[2];
    assert_int_equal(pipe(pipefd), 0);
    close(pipefd[0]);
    signal(SIGPIPE, SIG_IGN);
    errno = 0;
    assert_int_equal(cct_write_all(pipefd[1], "a", 1), -1);
    assert_int_equal(errno, EPIPE);
    signal(SIGPIPE, SIG_DFL);
    close(pipefd[1]);
}

TEST(memory_of_a_writer_is_bounded)
{
    struct cct_writer writer;
    struct cct_err err;
    static char line[1000];
    cct_auto_close int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    cct_writer_init(&writer, fd);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(cct_writer_add(&writer, line, sizeof line, &err), 0);
    assert_true(writer.buf.cap <= (size_t)1 << 20);
    cct_writer_done(&writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_chunk_size_gives_the_same_lines),
        cmocka_unit_test(a_nul_stays_in_its_line),
        cmocka_unit_test(many_lines_of_a_file),
        cmocka_unit_test(many_lines_of_a_pipe),
        cmocka_unit_test(a_2_mib_line_is_bad_and_the_next_is_not),
        cmocka_unit_test(the_longest_line_is_1_mib),
        cmocka_unit_test(a_skipped_line_is_not_kept),
        cmocka_unit_test(ready_tells_whether_a_line_is_there),
        cmocka_unit_test(a_failed_read_is_told),
        cmocka_unit_test(a_writer_holds_back_until_flushed),
        cmocka_unit_test(short_writes_are_gone_on_from),
        cmocka_unit_test(a_non_blocking_pipe_loses_nothing),
        cmocka_unit_test(a_full_device_is_an_io_error),
        cmocka_unit_test(a_closed_pipe_is_an_error_when_sigpipe_is_ignored),
        cmocka_unit_test(memory_of_a_writer_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
