/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cli.h"

#include "base/alloc.h"
#include "record/schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/utsname.h>

enum option_key {
    OPT_RUN = 0x1000,
    OPT_HOST,
    OPT_NOW,
    OPT_SYSROOT,
    OPT_HOME,
    OPT_BUFFERED,
    OPT_STRICT,
    OPT_SCHEMA,
};

static const struct argp_option common_options[] = {
    {"run", OPT_RUN, "ID", 0, "the training that new records belong to [$CCT_RUN]", 0},
    {"host", OPT_HOST, "NAME", 0, "name of this machine in new records", 0},
    {"now", OPT_NOW, "INSTANT", 0, "freeze the wall clock (RFC 3339), for tests", 0},
    {"sysroot", OPT_SYSROOT, "DIR", 0, "read DIR/sys and DIR/proc instead of / ", 0},
    {"home", OPT_HOME, "DIR", 0,
     "where records are kept [$CCT_HOME, $XDG_STATE_HOME/cct, ~/.local/state/cct]", 0},
    {"buffered", OPT_BUFFERED, NULL, 0, "write output in large pieces, not as records come", 0},
    {"strict", OPT_STRICT, NULL, 0, "stop at the first bad record", 0},
    {"quiet", 'q', NULL, 0, "no warnings", 0},
    {"verbose", 'v', NULL, 0, "say more", 0},
    {"schema", OPT_SCHEMA, NULL, 0, "print the fields of the records that are written", -1},
    {"h", 'h', NULL, OPTION_HIDDEN, NULL, -1},
    {0},
};

void cct_cli_usage(const struct argp_state *state, const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "%s: ", state->name);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, " (see %s --help)\n", state->name);
    exit(CCT_USAGE);
}

int64_t cct_cli_duration(const struct argp_state *state, const char *option, const char *arg,
                         int64_t least_ns)
{
    int64_t ns = 0;
    if (cct_duration_parse(arg, &ns) || ns < least_ns)
        cct_cli_usage(state, "--%s: '%s' is no duration like 500ms, 10s or 2h", option, arg);
    return ns < INT64_MAX / 4 ? ns : INT64_MAX / 4; /* sums with instants do not overflow */
}

int64_t cct_cli_count(const struct argp_state *state, const char *option, const char *arg,
                      int64_t least, int64_t most)
{
    uint64_t v = 0;
    if (cct_parse_u64(arg, &v) || v > INT64_MAX || (int64_t)v < least || (int64_t)v > most)
        cct_cli_usage(state, "--%s: '%s' is no whole number from %lld on", option, arg,
                      (long long)least);
    return (int64_t)v;
}

double cct_cli_number(const struct argp_state *state, const char *option, const char *arg,
                      double least)
{
    char *end = NULL;
    double v = strtod(arg, &end);
    if (end == arg || *end || !(v >= least && v <= 1e15))
        cct_cli_usage(state, "--%s: '%s' is no number from %g on", option, arg, least);
    return v;
}

static cct_noreturn void print_schema(const struct cct_program *program)
{
    cct_auto_buf text = {0};
    for (size_t i = 0; program->kinds && program->kinds[i]; i++)
        cct_kind_print(cct_kind_find(program->kinds[i]), &text);
    if (text.len)
        fwrite(text.data, 1, text.len, stdout);
    exit(CCT_OK);
}

static void parse_now(struct cct_cli *cli, const char *arg, const struct argp_state *state)
{
    if (strcmp(arg, "now") == 0) {
        cli->clock.frozen_utc_ms = cct_clock_utc_ms(NULL);
    } else if (cct_instant_parse(arg, strlen(arg), &cli->clock.frozen_utc_ms)) {
        cct_cli_usage(state, "--now: '%s' is no RFC 3339 instant like 2026-11-24T06:37:34Z", arg);
    }
    cli->clock.frozen = true;
}

static void set_text(const char **field, const char *name, const char *arg,
                     const struct argp_state *state)
{
    if (!*arg)
        cct_cli_usage(state, "--%s: an empty value", name);
    *field = arg;
}

static error_t parse_common(int key, char *arg, struct argp_state *state)
{
    struct cct_cli *cli = state->input;
    switch (key) {
    case OPT_RUN:
        set_text(&cli->run, "run", arg, state);
        cli->runs = cct_xreallocarray(cli->runs, cli->run_count + 1, sizeof *cli->runs);
        cli->runs[cli->run_count++] = arg;
        break;
    case OPT_HOST:
        set_text(&cli->host, "host", arg, state);
        break;
    case OPT_SYSROOT:
        set_text(&cli->sysroot, "sysroot", arg, state);
        break;
    case OPT_HOME:
        if (!*arg)
            cct_cli_usage(state, "--home: an empty value");
        free(cli->home);
        cli->home = cct_xstrdup(arg);
        break;
    case OPT_NOW:
        parse_now(cli, arg, state);
        break;
    case OPT_BUFFERED:
        cli->buffered = true;
        break;
    case OPT_STRICT:
        cli->strict = true;
        break;
    case 'q':
        cli->quiet = true;
        break;
    case 'v':
        cli->verbose++;
        break;
    case OPT_SCHEMA:
        print_schema(cli->program);
    case 'h':
        argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

struct inputs {
    struct cct_cli *cli;
    void *ctx;
};

static error_t parse_top(int key, char *arg, struct argp_state *state)
{
    const struct inputs *inputs = state->input;
    (void)arg;
    if (key != ARGP_KEY_INIT)
        return ARGP_ERR_UNKNOWN;
    state->child_inputs[0] = inputs->cli;
    if (inputs->cli->program->parse)
        state->child_inputs[1] = inputs->ctx;
    return 0;
}

static void emit(void *ctx, enum cct_level level, const char *msg)
{
    const struct cct_cli *cli = ctx;
    if (cli->quiet || (level == CCT_LOG_INFO && !cli->verbose))
        return;
    fprintf(stderr, "%s: %s%s\n", cli->program->name, level == CCT_LOG_WARNING ? "warning: " : "",
            msg);
}

/* Output that could not be written must not end in success (util-linux's closestream). */
static void close_stdout(void)
{
    if (ferror(stdout) | (fclose(stdout) != 0) && errno != EBADF)
        _exit(CCT_IOERR);
}

static char *default_home(void)
{
    static const struct {
        const char *variable, *suffix;
    } places[] = {{"CCT_HOME", ""}, {"XDG_STATE_HOME", "/cct"}, {"HOME", "/.local/state/cct"}};
    for (size_t i = 0; i < CCT_LEN(places); i++) {
        const char *v = getenv(places[i].variable);
        if (v && *v)
            return cct_xasprintf("%s%s", v, places[i].suffix);
    }
    return NULL;
}

static void set_defaults(struct cct_cli *cli, const struct cct_program *program)
{
    struct utsname names;
    const char *run = getenv("CCT_RUN");
    *cli = (struct cct_cli){.program = program, .run = run && *run ? run : NULL};
    cli->log = (struct cct_log){emit, cli};
    cli->home = default_home();
    if (uname(&names) == 0)
        snprintf(cli->node, sizeof cli->node, "%s", names.nodename);
    cli->host = cli->node[0] ? cli->node : "unknown";
}

/* What we open must never become standard input, output or error: where one of them is closed, a
 * descriptor takes its place on which every read or write fails. A command does not inherit it. */
static void hold_standard_fds(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        while (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
            if (open("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC) < 0)
                return;
}

void cct_cli_init(struct cct_cli *cli, const struct cct_program *program, int argc, char **argv,
                  void *ctx)
{
    char version[64];
    struct argp common = {.options = common_options, .parser = parse_common};
    struct argp own = {.options = program->options, .parser = program->parse};
    struct argp_child children[] = {
        {&common, 0, "Common options:", 10},
        {program->parse ? &own : NULL, 0, NULL, 0},
        {0},
    };
    struct argp top = {.parser = parse_top,
                       .args_doc = program->args_doc,
                       .doc = program->doc,
                       .children = children};
    struct inputs inputs = {cli, ctx};

    hold_standard_fds();
    snprintf(version, sizeof version, "%s %s", program->name, CCT_VERSION);
    argp_program_version = version;
    atexit(close_stdout);
    set_defaults(cli, program);
    snprintf(cli->name, sizeof cli->name, "%s", program->name);
    if (argc > 0)
        argv[0] = cli->name; /* argp's messages begin with it */
    argp_parse(&top, argc, argv, program->runs_command ? ARGP_IN_ORDER : 0, NULL, &inputs);
    argp_program_version = NULL;
}

int cct_cli_fail(const struct cct_cli *cli, const struct cct_err *err)
{
    fprintf(stderr, "%s: %s\n", cli->program->name, err->msg);
    return err->code;
}

void cct_cli_done(struct cct_cli *cli)
{
    free(cli->home);
    cli->home = NULL;
    free(cli->runs);
    cli->runs = NULL;
    cli->run_count = 0;
}

int cct_cli_stamp(const struct cct_cli *cli, struct cct_stamp *stamp, struct cct_err *err)
{
    if (cct_stamp_init(stamp, err))
        return -1;
    stamp->host = cli->host;
    stamp->run = cli->run;
    return 0;
}

int cct_cli_open_input(const char *name, struct cct_err *err)
{
    bool standard = strcmp(name, "-") == 0;
    int fd = standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                      : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return cct_fail_errno(err, errno == EBADF ? CCT_NOINPUT : 0, "cannot open %s",
                              standard ? "standard input" : name);
    return fd;
}
