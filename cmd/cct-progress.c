/* SPDX-License-Identifier: Apache-2.0
 * cct-progress: how far a training is, read from its log. */
#include "cli/tap.h"
#include "progress/progress.h"

#include <math.h>
#include <string.h>

struct options {
    const char *format, *pattern, *follow;
    double epochs;
    bool tee;
};

enum { OPT_FORMAT = 'f', OPT_PATTERN = 'p', OPT_EPOCHS = 'e', OPT_TEE = 't', OPT_FOLLOW = 'F' };

static const struct argp_option option_table[] = {
    {"format", OPT_FORMAT, "NAME", 0,
     "auto (default), json, hf, lightning, tqdm, keras, xgboost, lightgbm, sklearn or kv", 0},
    {"pattern", OPT_PATTERN, "REGEX", 0,
     "a PCRE2 pattern with named groups: (?<epoch>\\d+), (?<loss>\\S+), ...", 0},
    {"epochs", OPT_EPOCHS, "N", 0, "how many epochs there will be, where the log does not say it",
     0},
    {"tee", OPT_TEE, NULL, 0, "copy the log to standard error as it comes", 0},
    {"follow", OPT_FOLLOW, "FILE", 0, "read a file that grows, until SIGTERM or SIGINT", 0},
    {0},
};

static double parse_epochs(const char *arg, const struct argp_state *state)
{
    size_t n = strspn(arg, "0123456789");
    if (!n || arg[n] || n > 7 || strspn(arg, "0") == n)
        cct_cli_usage(state, "--epochs: '%s' is no whole number from 1 to 9999999", arg);
    return strtod(arg, NULL);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case OPT_FORMAT:
        o->format = strcmp(arg, "auto") == 0 ? NULL : arg;
        break;
    case OPT_PATTERN:
        o->pattern = arg;
        break;
    case OPT_EPOCHS:
        o->epochs = parse_epochs(arg, state);
        break;
    case OPT_TEE:
        o->tee = true;
        break;
    case OPT_FOLLOW:
        o->follow = arg;
        break;
    case ARGP_KEY_ARG:
        if (strcmp(arg, "-") != 0)
            cct_cli_usage(state,
                          "unexpected argument '%s'; the log comes on standard input, or "
                          "by --follow FILE",
                          arg);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct cct_program program = {
    .name = "cct-progress",
    .doc = "Reads the log of a training on standard input and writes its epoch, step, loss and "
           "metrics as cct.progress/1 records.",
    .options = option_table,
    .parse = parse,
    .kinds = (const char *const[]){"cct.progress/1", NULL},
};

struct context {
    struct cct_progress *progress;
    const struct cct_clock *clock;
};

static struct cct_progress_time now(const struct context *c)
{
    return (struct cct_progress_time){cct_clock_utc_ms(c->clock),
                                      c->clock->frozen ? -1 : cct_mono_ns()};
}

static void take_bytes(void *ctx, const char *bytes, size_t n, struct cct_buf *out)
{
    struct context *c = ctx;
    cct_progress_feed(c->progress, bytes, n, now(c), out);
}

static void take_end(void *ctx, struct cct_buf *out)
{
    struct context *c = ctx;
    cct_progress_end(c->progress, now(c), out);
}

static int wait_ms(void *ctx)
{
    struct context *c = ctx;
    return cct_progress_wait_ms(c->progress, now(c));
}

static void tick(void *ctx, struct cct_buf *out)
{
    struct context *c = ctx;
    cct_progress_tick(c->progress, now(c), out);
}

static int run(const struct cct_cli *cli, const struct options *o)
{
    struct cct_stamp stamp;
    struct cct_err err;
    if (cct_cli_stamp(cli, &stamp, &err))
        return cct_cli_fail(cli, &err);
    /* Between the lines of a log that is copied there is no place for warnings. */
    struct cct_progress_options options = {o->format, o->pattern, o->epochs, &stamp,
                                           o->tee ? NULL : &cli->log};
    struct context c = {cct_progress_open(&options, &err), &cli->clock};
    if (!c.progress)
        return cct_cli_fail(cli, &err);
    struct cct_tap tap = {
        .bytes = take_bytes,
        .end = take_end,
        .wait_ms = wait_ms,
        .tick = tick,
        .ctx = &c,
        .follow = o->follow,
        .in_fd = STDIN_FILENO,
        .copy_fd = o->tee ? STDERR_FILENO : -1,
        .out_fd = STDOUT_FILENO,
    };
    int status = cct_tap_run(cli, &tap);
    cct_progress_close(c.progress);
    return status;
}

int main(int argc, char **argv)
{
    struct options o = {.epochs = NAN};
    struct cct_cli cli;
    cct_cli_init(&cli, &program, argc, argv, &o);
    int status = run(&cli, &o);
    cct_cli_done(&cli);
    return status;
}
