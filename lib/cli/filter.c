/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>

enum { REPORTED_MAX = 100 };

struct run {
    const struct cct_cli *cli;
    const struct cct_filter *filter;
    struct cct_reader reader;
    struct cct_writer writer;
    struct cct_rec rec;
    const char *input; /* named in messages, or NULL */
    uint64_t bad;
};

/* A reader of our output that went away is no error: end as a default SIGPIPE would. */
static void die_of_sigpipe(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int cct_cli_output_failed(const struct cct_cli *cli, const struct cct_err *err)
{
    if (errno == EPIPE)
        die_of_sigpipe();
    return cct_cli_fail(cli, err);
}

/* One line to the user; -1 when the filter must stop. */
static int bad_line(struct run *run, const struct cct_err *err)
{
    const char *name = run->cli->program->name;
    const char *input = run->input ? run->input : "";
    const char *after = run->cli->strict ? "" : ", skipped";
    if (++run->bad <= REPORTED_MAX)
        fprintf(stderr, "%s: %s%sline %" PRIu64 ": %s%s\n", name, input, *input ? ": " : "",
                run->reader.lineno, err->msg, after);
    else if (run->bad == REPORTED_MAX + 1)
        fprintf(stderr, "%s: more bad lines are counted, not shown\n", name);
    return run->cli->strict ? -1 : 0;
}

/* What is said of a faulty last line that has no newline. */
static void note_cut_off(struct cct_err *err)
{
    size_t used = strlen(err->msg);
    snprintf(err->msg + used, sizeof err->msg - used, " (no newline behind it: cut off?)");
}

/* 0, or the status that ends the filter. */
static int one_line(struct run *run, const char *line, size_t len)
{
    struct cct_err err;
    if (cct_rec_scan(&run->rec, line, len, &err)) {
        if (run->reader.eof)
            note_cut_off(&err);
        return bad_line(run, &err) ? CCT_DATAERR : 0;
    }
    errno = 0;
    if (run->filter->record(run->filter->ctx, &run->rec, &run->writer, &err) == 0)
        return 0;
    if (err.code == CCT_DATAERR)
        return bad_line(run, &err) ? CCT_DATAERR : 0;
    return cct_cli_output_failed(run->cli, &err);
}

static int flush(struct run *run)
{
    struct cct_err err;
    return cct_writer_flush(&run->writer, &err) ? cct_cli_output_failed(run->cli, &err) : 0;
}

static int one_input(struct run *run, int fd)
{
    cct_reader_done(&run->reader);
    cct_reader_init(&run->reader, fd);
    run->reader.wait = run->filter->wait;
    run->reader.wait_ctx = run->filter->ctx;
    for (;;) {
        struct cct_err err;
        const char *line;
        size_t len;
        int status = 0;
        if (!run->cli->buffered && !cct_reader_ready(&run->reader))
            status = flush(run);
        if (status)
            return status;
        switch (cct_reader_next(&run->reader, &line, &len, &err)) {
        case CCT_READ_LINE:
            status = one_line(run, line, len);
            break;
        case CCT_READ_BAD:
            status = bad_line(run, &err) ? CCT_DATAERR : 0;
            break;
        case CCT_READ_FAILED:
            return cct_cli_fail(run->cli, &err);
        case CCT_READ_END:
            return 0;
        }
        if (status)
            return status;
    }
}

static int finish(struct run *run, int status)
{
    struct cct_err err;
    if (!status && run->filter->end && run->filter->end(run->filter->ctx, &run->writer, &err))
        status = cct_cli_output_failed(run->cli, &err);
    int flushed = flush(run);
    if (run->bad > 1)
        fprintf(stderr, "%s: %" PRIu64 " bad lines\n", run->cli->program->name, run->bad);
    cct_reader_done(&run->reader);
    cct_writer_done(&run->writer);
    cct_rec_free(&run->rec);
    if (!status)
        status = flushed;
    return status || !run->bad ? status : CCT_DATAERR;
}

int cct_filter_run(const struct cct_cli *cli, const struct cct_filter *filter, int in_fd,
                   int out_fd)
{
    struct run run = {.cli = cli, .filter = filter};
    cct_writer_init(&run.writer, out_fd);
    return finish(&run, one_input(&run, in_fd));
}

int cct_filter_files(const struct cct_cli *cli, const struct cct_filter *filter, char *const *files,
                     size_t count, int out_fd)
{
    struct run run = {.cli = cli, .filter = filter};
    int status = 0;
    cct_writer_init(&run.writer, out_fd);
    if (!count)
        status = one_input(&run, STDIN_FILENO);
    for (size_t i = 0; i < count && !status; i++) {
        struct cct_err err;
        cct_auto_close int fd = cct_cli_open_input(files[i], &err);
        run.input = count > 1 ? files[i] : NULL;
        status = fd < 0 ? cct_cli_fail(cli, &err) : one_input(&run, fd);
    }
    return finish(&run, status);
}
