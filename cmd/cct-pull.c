/* SPDX-License-Identifier: Apache-2.0
 * cct-pull: gives records back from the local store. */
#include "base/alloc.h"
#include "cli/child.h"
#include "cli/cli.h"
#include "cli/signals.h"
#include "store/store.h"

#include <string.h>

enum { KEY_KIND = 1, KEY_SINCE, KEY_UNTIL, KEY_FOLLOW, REPORTED_MAX = 100 };
#define NOW (CCT_NO_INSTANT + 1) /* until --now is known */

struct pull {
    struct cct_cli cli;
    struct cct_query query;
    const char **kinds;
    struct cct_child signals;
    unsigned long bad;
};

static bool asked_to_end(struct pull *pull)
{
    cct_child_signals(&pull->signals);
    return pull->signals.stop;
}

static int deliver_present(struct pull *pull, struct cct_cursor *cursor, struct cct_writer *out)
{
    struct cct_err err;
    struct cct_span record;
    int status = 0;
    bool more = true;
    for (uint64_t n = 1; more && !status; n++) {
        switch (cct_cursor_next(cursor, &record, &err)) {
        case CCT_READ_LINE:
            if (cct_writer_add(out, record.p, record.len, &err))
                return cct_cli_output_failed(&pull->cli, &err);
            break;
        case CCT_READ_BAD:
            if (++pull->bad <= REPORTED_MAX)
                cct_cli_fail(&pull->cli, &err);
            status = pull->cli.strict ? CCT_DATAERR : 0;
            break;
        case CCT_READ_FAILED:
            return cct_cli_fail(&pull->cli, &err);
        case CCT_READ_END:
            more = false;
        }
        more = more && !(pull->query.follow && n % 1024 == 0 && asked_to_end(pull));
    }
    return cct_writer_flush(out, &err) ? cct_cli_output_failed(&pull->cli, &err) : status;
}

static int give(struct pull *pull, struct cct_cursor *cursor)
{
    struct cct_err err;
    struct cct_writer out;
    int more = 1;
    cct_writer_init(&out, STDOUT_FILENO);
    int status = deliver_present(pull, cursor, &out);
    while (!status && pull->query.follow && !asked_to_end(pull) && more > 0) {
        more = cct_cursor_wait(cursor, pull->signals.signal_fd, STDOUT_FILENO, &err);
        status = more < 0 ? cct_cli_fail(&pull->cli, &err) : deliver_present(pull, cursor, &out);
    }
    cct_writer_done(&out);
    if (pull->bad > 1)
        fprintf(stderr, "cct-pull: %lu damaged lines\n", pull->bad);
    return !status && pull->bad ? CCT_DATAERR : status;
}

static int run(struct pull *pull)
{
    int64_t now = cct_clock_utc_ms(&pull->cli.clock);
    struct cct_cursor *cursor;
    struct cct_err err;
    if (pull->query.since_utc_ms == NOW)
        pull->query.since_utc_ms = now;
    if (pull->query.until_utc_ms == NOW)
        pull->query.until_utc_ms = now;
    pull->query.log = &pull->cli.log;
    pull->query.runs = pull->cli.runs;
    pull->query.run_count = pull->cli.run_count;
    if ((pull->query.follow && cct_child_init(&pull->signals, &err)) ||
        cct_cursor_open(&cursor, pull->cli.home, &pull->query, &err))
        return cct_cli_fail(&pull->cli, &err);
    int status = give(pull, cursor);
    cct_cursor_close(cursor);
    return status;
}

static void set_instant(int64_t *utc_ms, const char *arg, const struct argp_state *state)
{
    if (!strcmp(arg, "now"))
        *utc_ms = NOW;
    else if (cct_instant_parse(arg, strlen(arg), utc_ms))
        cct_cli_usage(state, "'%s' is no RFC 3339 instant like 2026-11-24T06:37:34Z", arg);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct pull *pull = state->input;
    switch (key) {
    case KEY_KIND:
        pull->kinds = cct_xreallocarray(pull->kinds, pull->query.kind_count + 1, sizeof arg);
        pull->kinds[pull->query.kind_count++] = arg;
        pull->query.kinds = pull->kinds;
        break;
    case KEY_SINCE:
        set_instant(&pull->query.since_utc_ms, arg, state);
        break;
    case KEY_UNTIL:
        set_instant(&pull->query.until_utc_ms, arg, state);
        break;
    case KEY_FOLLOW:
        pull->query.follow = true;
        cct_signals_heed_int();
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static const struct argp_option options[] = {
    {"kind", KEY_KIND, "KIND", 0, "only records of this kind: sample, cct.sample, cct.sample/1", 0},
    {"since", KEY_SINCE, "INSTANT", 0, "only records whose ts is INSTANT or later", 0},
    {"until", KEY_UNTIL, "INSTANT", 0, "only records whose ts is before INSTANT", 0},
    {"follow", KEY_FOLLOW, NULL, 0, "wait for more, until SIGINT or SIGTERM", 0},
    {0},
};

static const struct cct_program program = {
    .name = "cct-pull",
    .doc = "Give records back from the local store.\vWithout --run, every run is given.",
    .options = options,
    .parse = parse,
};

int main(int argc, char **argv)
{
    struct pull pull = {.query = {.since_utc_ms = CCT_NO_INSTANT, .until_utc_ms = CCT_NO_INSTANT},
                        .signals = {.signal_fd = -1}};
    cct_cli_init(&pull.cli, &program, argc, argv, &pull);
    int status = run(&pull);
    cct_child_done(&pull.signals);
    free(pull.kinds);
    cct_cli_done(&pull.cli);
    return status;
}
