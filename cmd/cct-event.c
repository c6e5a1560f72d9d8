/* SPDX-License-Identifier: Apache-2.0
 * cct-event: writes one cct.run/1 record, the start, a new segment, or the end of a run. */
#include "base/alloc.h"
#include "cli/cli.h"

#include <signal.h>

struct options {
    const char *event;
    const char *git;
    char *const *command; /* NULL-terminated, borrowed from argv; NULL: none */
    int64_t status;       /* 0..255, or -1 */
    int signal;           /* 1..64, or 0 */
};

enum { KEY_STATUS = 0x100, KEY_SIGNAL, KEY_GIT };

static const struct argp_option option_table[] = {
    {"status", KEY_STATUS, "N", 0, "The exit status with which the command ended, 0 to 255", 0},
    {"signal", KEY_SIGNAL, "NAME|N", 0, "The signal that ended the command: TERM, SIGTERM or 15",
     0},
    {"git", KEY_GIT, "COMMIT", 0, "The commit of the source tree that the command runs from", 0},
    {0},
};

/* 0 when s names no signal. */
static int signal_number(const char *s)
{
    uint64_t n;

    if (cct_parse_u64(s, &n) == 0)
        return n >= 1 && n < NSIG ? (int)n : 0;
    if (strncmp(s, "SIG", 3) == 0)
        s += 3;
    for (int sig = 1; sig < NSIG; sig++) {
        const char *name = sigabbrev_np(sig);
        if (name && strcmp(name, s) == 0)
            return sig;
    }
    return 0;
}

static void set_event(struct options *options, const char *arg, const struct argp_state *state)
{
    if (options->event)
        cct_cli_usage(state, "%s: one event at a time; the command comes after --", arg);
    if (strcmp(arg, "start") != 0 && strcmp(arg, "segment") != 0 && strcmp(arg, "end") != 0)
        cct_cli_usage(state, "%s: no such event, give start, segment or end", arg);
    options->event = arg;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    uint64_t n;

    switch (key) {
    case KEY_STATUS:
        if (cct_parse_u64(arg, &n) != 0 || n > 255)
            cct_cli_usage(state, "--status %s: not a number from 0 to 255", arg);
        options->status = (int64_t)n;
        return 0;
    case KEY_SIGNAL:
        options->signal = signal_number(arg);
        if (!options->signal)
            cct_cli_usage(state, "--signal %s: no such signal", arg);
        return 0;
    case KEY_GIT:
        options->git = arg;
        return 0;
    case ARGP_KEY_ARG:
        /* argp moves words before -- behind it: the first one is the event */
        if (options->event && state->quoted) {
            options->command = state->argv + state->next - 1;
            state->next = state->argc;
        } else {
            set_event(options, arg, state);
        }
        return 0;
    case ARGP_KEY_END:
        if (!options->event)
            cct_cli_usage(state, "no event: give start, segment or end");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void add_members(struct cct_json *json, const struct options *options)
{
    cct_auto_free char *cwd = getcwd(NULL, 0);

    cct_json_string(json, "event", options->event);
    if (options->command) {
        cct_json_open(json, "command", '[');
        for (char *const *arg = options->command; *arg; arg++)
            cct_json_string(json, NULL, *arg);
        cct_json_close(json, ']');
    }
    cct_json_string(json, "cwd", cwd);
    cct_json_string(json, "git", options->git);
    if (options->status >= 0)
        cct_json_int(json, "exit_status", options->status);
    if (options->signal) {
        const char *abbrev = sigabbrev_np(options->signal); /* NULL: a real-time signal */
        cct_auto_free char *name =
            abbrev ? cct_xasprintf("SIG%s", abbrev) : cct_xasprintf("%d", options->signal);
        cct_json_string(json, "signal", name);
    }
}

static int write_event(const struct cct_cli *cli, const struct options *options,
                       struct cct_err *err)
{
    struct cct_stamp stamp;
    cct_auto_buf out = {0};

    if (cct_cli_stamp(cli, &stamp, err) != 0)
        return -1;
    struct cct_json json =
        cct_record_begin(&out, &stamp, "cct.run/1", cct_clock_utc_ms(&cli->clock));
    add_members(&json, options);
    cct_record_end(&json);
    if (cct_write_all(STDOUT_FILENO, out.data, out.len) != 0)
        return cct_fail_errno(err, CCT_IOERR, "standard output");
    return 0;
}

static const char *const kinds[] = {"cct.run/1", NULL};

static const struct cct_program program = {
    .name = "cct-event",
    .doc = "Writes the cct.run/1 record of a run's start, segment or end.",
    .args_doc = "start|segment|end [-- COMMAND [ARG...]]",
    .options = option_table,
    .parse = parse,
    .kinds = kinds,
};

int main(int argc, char **argv)
{
    struct options options = {.status = -1};
    struct cct_cli cli;
    struct cct_err err;

    cct_cli_init(&cli, &program, argc, argv, &options);
    int code = write_event(&cli, &options, &err) == 0 ? 0 : cct_cli_fail(&cli, &err);
    cct_cli_done(&cli);
    return code;
}
