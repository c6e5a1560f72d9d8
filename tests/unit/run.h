/* SPDX-License-Identifier: Apache-2.0
 * Runs a function in a process of its own, with files for stdin, stdout and stderr, and gathers
 * what it said and how it ended. */
#pragma once

#include "check.h"

#include "record/io.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>

struct ran {
    struct cct_buf out, err;
    int status; /* exit status, or 128 + signal */
};

static inline int test_memfd(const void *bytes, size_t n)
{
    int fd = memfd_create("test", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(cct_write_all(fd, bytes, n), 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static inline void test_slurp(int fd, struct cct_buf *out)
{
    ssize_t n;
    out->len = 0;
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    while ((n = read(fd, cct_buf_reserve(out, 65536), 65536)) > 0)
        out->len += (size_t)n;
    (void)cct_buf_str(out);
}

static inline int test_status(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static inline void ran_free(struct ran *ran)
{
    cct_buf_free(&ran->out);
    cct_buf_free(&ran->err);
}

/* out_path NULL: stdout is gathered; else it is that file. The function's value is the status. */
static inline void test_run(struct ran *ran, int (*function)(void *), void *ctx, const char *input,
                            size_t input_len, const char *out_path)
{
    cct_auto_close int in_fd = test_memfd(input, input_len);
    cct_auto_close int out_fd = out_path ? open(out_path, O_WRONLY | O_CLOEXEC) : test_memfd("", 0);
    cct_auto_close int err_fd = test_memfd("", 0);
    assert_true(out_fd >= 0);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(in_fd, STDIN_FILENO);
        dup2(out_fd, STDOUT_FILENO);
        dup2(err_fd, STDERR_FILENO);
        exit(function(ctx));
    }
    assert_true(pid > 0);
    ran->status = test_status(pid);
    ran->out.len = 0;
    if (!out_path)
        test_slurp(out_fd, &ran->out);
    test_slurp(err_fd, &ran->err);
}

#define auto_ran __attribute__((cleanup(ran_free))) struct ran
