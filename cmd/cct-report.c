/* SPDX-License-Identifier: Apache-2.0
 * cct-report: tells what a run drew and emitted. */
#include "cli/cli.h"
#include "cli/output.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

struct options {
    const char *output; /* NULL: standard output */
    const struct cct_report_format *format;
    char **files;
    size_t file_count;
};

struct job {
    const struct cct_cli *cli;
    struct cct_report *report;
    struct cct_report_env env;
    struct cct_buf text; /* of the report, not yet written */
    bool ended;          /* the report was written to its end */
};

static const struct argp_option options[] = {
    {"output", 'o', "FILE", 0, "write there, whole or not at all [standard output]", 0},
    {"format", 'f', "NAME", 0,
     "html, text, csv or json [by the name of FILE; text on a terminal, else html]", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *opts = state->input;
    switch (key) {
    case 'o':
        opts->output = strcmp(arg, "-") == 0 ? NULL : arg;
        return 0;
    case 'f':
        opts->format = cct_report_format_find(arg);
        if (!opts->format)
            cct_cli_usage(state, "--format: '%s' is none of html, text, csv, json", arg);
        return 0;
    case ARGP_KEY_ARGS:
        opts->files = state->argv + state->next;
        opts->file_count = (size_t)(state->argc - state->next);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *const kinds[] = {"cct.summary/1", NULL};
static const struct cct_program program = {
    .name = "cct-report",
    .doc = "Tell what a run drew from the socket and what it emitted: a page, a text, a table.\v"
           "Reads records of cct-carbon (or cct-sample), cct-progress, cct-probe and cct-run in "
           "any order. With --run, of that run alone.",
    .args_doc = "[FILE...]",
    .options = options,
    .parse = parse,
    .kinds = kinds,
};

static const struct cct_report_format *choose_format(const struct options *opts)
{
    const struct cct_report_format *by_name =
        opts->output ? cct_report_format_of_file(opts->output) : NULL;
    if (opts->format || by_name)
        return opts->format ? opts->format : by_name;
    bool terminal = !opts->output && isatty(STDOUT_FILENO);
    return terminal ? cct_report_format_find("text") : cct_report_formats[0];
}

static int write_text(struct job *job, struct cct_writer *out, struct cct_err *err)
{
    int rc = cct_writer_add(out, job->text.data, job->text.len, err);
    job->text.len = 0;
    return rc;
}

static int record(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    struct job *job = ctx;
    if (cct_report_add(job->report, rec, &job->text, err))
        return -1;
    return job->text.len ? write_text(job, out, err) : 0;
}

static int end(void *ctx, struct cct_writer *out, struct cct_err *err)
{
    struct job *job = ctx;
    cct_report_end(job->report, &job->env, &job->text);
    job->ended = true;
    return write_text(job, out, err);
}

static void fit_terminal(struct cct_report_env *env, bool terminal)
{
    struct winsize size;
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (!terminal)
        return;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        env->columns = size.ws_col;
    env->colour = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

/* Runs the filter; the report takes its name when it was written to its end. */
static int make_report(struct job *job, const struct options *opts)
{
    struct cct_output output;
    struct cct_err err;
    const struct cct_cli *cli = job->cli;
    if (cct_output_open(&output, opts->output, &err))
        return cct_cli_fail(cli, &err);
    fit_terminal(&job->env, !opts->output && isatty(output.fd));
    const struct cct_filter filter = {.record = record, .end = end, .ctx = job};
    int status = cct_filter_files(cli, &filter, opts->files, opts->file_count, output.fd);
    bool whole = job->ended && (status == CCT_OK || status == CCT_DATAERR);
    if (cct_output_close(&output, whole, &err))
        status = cct_cli_fail(cli, &err);
    return status;
}

int main(int argc, char **argv)
{
    struct options opts = {0};
    struct cct_cli cli;
    struct cct_stamp stamp;
    struct cct_err err;
    cct_cli_init(&cli, &program, argc, argv, &opts);
    if (cct_cli_stamp(&cli, &stamp, &err))
        return cct_cli_fail(&cli, &err);
    struct job job = {.cli = &cli};
    job.env = (struct cct_report_env){
        .now_utc_ms = cct_clock_utc_ms(&cli.clock), .stamp = &stamp, .version = CCT_VERSION};
    /* cct_cli takes the run from the environment too; only a run that was asked for is a choice */
    const char *only = cli.run == getenv("CCT_RUN") ? NULL : cli.run;
    job.report = cct_report_open(choose_format(&opts), only, &job.text);
    int status = make_report(&job, &opts);
    cct_report_close(job.report);
    cct_buf_free(&job.text);
    cct_cli_done(&cli);
    return status;
}
