/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/feed.h"

#include "cli/signals.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <time.h>

#define DRAIN_MS 2000

struct state {
    struct cct_feed *feed;
    struct cct_buf line;
    uint64_t made;
    int64_t end_mono_ns; /* 0: none */
    bool quiet;          /* all records are made; only the command is waited for */
    bool told;           /* that the output failed */
    bool done;
    int status;
};

static error_t check(const struct argp_state *state, const struct cct_feed_options *options)
{
    if (options->output && options->fd >= 0)
        cct_cli_usage(state, "only one of -o and --fd can be given");
    if (options->command && !options->output && options->fd < 0)
        cct_cli_usage(state, "the command owns standard output: give -o FILE or --fd N");
    return 0;
}

error_t cct_feed_parse(int key, char *arg, struct argp_state *state,
                       struct cct_feed_options *options)
{
    switch (key) {
    case 'i':
        options->interval_ns = cct_cli_duration(state, "interval", arg, 100000);
        break;
    case 'n':
        options->count = (uint64_t)cct_cli_count(state, "count", arg, 1, INT64_MAX);
        break;
    case 'd':
        options->duration_ns = cct_cli_duration(state, "duration", arg, 1);
        break;
    case 'o':
        options->output = arg;
        break;
    case 'f':
        options->fd = (int)cct_cli_count(state, "fd", arg, 0, INT32_MAX);
        break;
    case ARGP_KEY_ARGS:
        options->command = state->argv + state->next;
        state->next = state->argc;
        break;
    case ARGP_KEY_END:
        return check(state, options);
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int cct_feed_open(struct cct_feed *feed, const struct cct_cli *cli,
                  const struct cct_feed_options *options, struct cct_err *err)
{
    *feed = (struct cct_feed){.cli = cli, .options = options, .child = {.signal_fd = -1}};
    if (cct_outlet_open(&feed->outlet, options->output,
                        options->fd >= 0 ? options->fd : STDOUT_FILENO, err)) {
        if (!options->command || err->code == CCT_USAGE)
            return -1;
        cct_warn(&cli->log, "%s; the command runs without records", err->msg);
        feed->outlet.failed_errno = EBADF; /* nothing is written */
    }
    if (!options->command)
        cct_signals_heed_int();
    return cct_child_init(&feed->child, err);
}

int cct_feed_start(struct cct_feed *feed, int cgroup_fd, struct cct_err *err)
{
    if (!feed->options->command)
        return 0;
    return cct_child_start(&feed->child, feed->options->command, cgroup_fd, err);
}

int cct_feed_put(struct cct_feed *feed, struct cct_buf *records, struct cct_err *err)
{
    cct_outlet_add(&feed->outlet, records);
    cct_outlet_finish(&feed->outlet, -1);
    errno = feed->outlet.failed_errno;
    return errno ? cct_fail_errno(err, CCT_IOERR, "cannot write records") : 0;
}

void cct_feed_close(struct cct_feed *feed)
{
    cct_child_done(&feed->child);
    cct_outlet_close(&feed->outlet);
}

/* A failed write is told once; with a command it changes nothing else. */
static void check_output(struct state *s)
{
    const struct cct_cli *cli = s->feed->cli;
    struct cct_err err;
    if (!s->feed->outlet.failed_errno || s->told)
        return;
    s->told = true;
    errno = s->feed->outlet.failed_errno;
    cct_fail_errno(&err, CCT_IOERR, "cannot write records");
    if (s->feed->child.pid) {
        cct_warn(&cli->log, "%s; the command goes on without records", err.msg);
        s->quiet = true;
        return;
    }
    s->status = cct_cli_output_failed(cli, &err);
    s->done = true;
}

static void make(struct state *s)
{
    s->feed->record(s->feed->ctx, &s->line);
    s->made++;
    cct_outlet_add(&s->feed->outlet, &s->line);
    check_output(s);
}

/* The tick that falls on the end is the last: no record of nothing follows it. */
static bool near_end(const struct state *s)
{
    return s->end_mono_ns && cct_mono_ns() >= s->end_mono_ns - s->feed->options->interval_ns / 100;
}

/* All that was asked for is there. */
static void complete(struct state *s)
{
    s->quiet = true;
    if (!s->feed->child.pid)
        s->done = true;
}

static void on_tick(struct state *s)
{
    const struct cct_feed *feed = s->feed;
    if (!feed->due(feed->ctx))
        return;
    make(s);
    if (feed->options->count && s->made >= feed->options->count)
        complete(s);
    else if (near_end(s) || (!feed->child.pid && feed->over && feed->over(feed->ctx)))
        complete(s);
}

static void on_signal(struct state *s)
{
    struct cct_child *child = &s->feed->child;
    cct_child_signals(child);
    if (child->pid ? !child->ended : !child->stop)
        return;
    if (!s->quiet)
        make(s);
    s->done = true;
    if (child->pid)
        s->status = child->status;
}

static void wait_for(const struct state *s, struct pollfd fds[3])
{
    const struct cct_feed *feed = s->feed;
    const struct cct_outlet *outlet = &feed->outlet;
    struct timespec ts = {0};
    int64_t left_ns = s->end_mono_ns - cct_mono_ns();
    bool timed = s->end_mono_ns && !s->quiet;
    if (left_ns > 0)
        ts = (struct timespec){left_ns / CCT_NS_PER_S, left_ns % CCT_NS_PER_S};
    fds[0] = (struct pollfd){.fd = feed->child.signal_fd, .events = POLLIN};
    fds[1] = (struct pollfd){.fd = s->quiet ? -1 : feed->event_fd, .events = POLLIN};
    fds[2] = (struct pollfd){.fd = cct_outlet_waits(outlet) ? outlet->fd : -1, .events = POLLOUT};
    if (ppoll(fds, 3, timed ? &ts : NULL, NULL) < 0)
        fds[0].revents = fds[1].revents = fds[2].revents = 0;
}

static void turn(struct state *s)
{
    struct pollfd fds[3];
    wait_for(s, fds);
    if (fds[2].revents)
        cct_outlet_push(&s->feed->outlet);
    check_output(s);
    if (fds[0].revents)
        on_signal(s);
    if (!s->done && !s->quiet && fds[1].revents)
        on_tick(s);
    if (!s->done && !s->quiet && s->end_mono_ns && cct_mono_ns() >= s->end_mono_ns) {
        make(s);
        complete(s);
    }
}

int cct_feed_run(struct cct_feed *feed)
{
    bool closed = feed->outlet.failed_errno;
    struct state s = {.feed = feed, .quiet = closed, .told = closed};
    if (feed->options->duration_ns)
        s.end_mono_ns = feed->start_mono_ns + feed->options->duration_ns;
    while (!s.done)
        turn(&s);
    cct_outlet_finish(&feed->outlet, DRAIN_MS);
    check_output(&s);
    if (feed->outlet.dropped)
        cct_warn(&feed->cli->log, "%" PRIu64 " records were dropped: their reader was too slow",
                 feed->outlet.dropped);
    cct_buf_free(&s.line);
    return s.status;
}
