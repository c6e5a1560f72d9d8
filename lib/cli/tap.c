/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/tap.h"

#include "base/alloc.h"
#include "cli/follow.h"
#include "cli/outlet.h"
#include "cli/signals.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#define CHUNK_BYTES (64 * 1024)
#define BUFFERED    (64 * 1024)

struct run {
    const struct cct_cli *cli;
    const struct cct_tap *tap;
    struct cct_follow follow;
    struct cct_outlet outlet;
    struct cct_buf records;
    char *chunk;
    int copy_fd, signal_fd;
    int interrupts;
    bool stop, told_failure;
    int status;
};

static void give_out(struct run *run)
{
    cct_outlet_add(&run->outlet, &run->records);
}

/* After each write: is the reader gone, the disk full? */
static void check_output(struct run *run, bool ended)
{
    if (!run->outlet.failed_errno)
        return;
    bool gone = run->outlet.failed_errno == EPIPE;
    if (run->told_failure || (gone && !ended && run->copy_fd >= 0))
        return;
    struct cct_err err;
    errno = run->outlet.failed_errno;
    cct_fail_errno(&err, CCT_IOERR, "cannot write records, reading on without");
    errno = run->outlet.failed_errno;
    run->status = cct_cli_output_failed(run->cli, &err);
    run->told_failure = true;
}

/* More than 0: bytes were read; 0: the end, or nothing now in a followed file; -1: failed. */
static ssize_t read_chunk(struct run *run)
{
    struct cct_err err;
    bool begun = false;
    ssize_t n;
    if (run->tap->follow) {
        n = cct_follow_read(&run->follow, run->chunk, CHUNK_BYTES, &begun, &err);
    } else {
        do
            n = read(run->tap->in_fd, run->chunk, CHUNK_BYTES);
        while (n < 0 && errno == EINTR);
        if (n < 0)
            cct_fail_errno(&err, CCT_IOERR, "cannot read standard input");
    }
    if (n < 0)
        run->status = cct_cli_fail(run->cli, &err);
    if (begun) {
        run->tap->end(run->tap->ctx, &run->records);
        give_out(run);
    }
    if (n > 0 && run->copy_fd >= 0 && cct_write_all(run->copy_fd, run->chunk, (size_t)n))
        run->copy_fd = -1;
    if (n > 0)
        run->tap->bytes(run->tap->ctx, run->chunk, (size_t)n, &run->records);
    give_out(run);
    check_output(run, false);
    return n;
}

static void read_signals(struct run *run)
{
    struct signalfd_siginfo info;
    while (read(run->signal_fd, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
        if (info.ssi_signo == SIGINT)
            run->interrupts++;
        bool waits = run->tap->copy_fd >= 0 && !run->tap->follow && run->interrupts < 2;
        if (info.ssi_signo == SIGTERM || !waits)
            run->stop = true;
    }
}

static int shorter(int a, int b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* Waits for bytes, a signal, room in the output, or the time of a tick. True: bytes may be there.
 */
static bool wait_for(struct run *run)
{
    const struct cct_tap *tap = run->tap;
    int tick_ms = tap->wait_ms(tap->ctx);
    int wait_ms = tap->follow ? cct_follow_wait_ms(&run->follow) : -1;
    struct pollfd fds[] = {
        {.fd = run->signal_fd, .events = POLLIN},
        {.fd = tap->follow ? cct_follow_poll_fd(&run->follow) : tap->in_fd, .events = POLLIN},
        {.fd = cct_outlet_waits(&run->outlet) ? run->outlet.fd : -1, .events = POLLOUT},
    };
    int n = poll(fds, CCT_LEN(fds), shorter(tick_ms, wait_ms));
    if (n < 0)
        return false;
    if (fds[0].revents)
        read_signals(run);
    if (fds[2].revents)
        cct_outlet_push(&run->outlet);
    if (!fds[1].revents && tick_ms >= 0 && n == 0)
        tap->tick(tap->ctx, &run->records);
    give_out(run);
    check_output(run, false);
    return fds[1].revents || (n == 0 && tap->follow);
}

static void loop_follow(struct run *run)
{
    while (!run->stop) {
        ssize_t n = read_chunk(run);
        if (n < 0)
            return;
        if (n == 0)
            wait_for(run);
        else
            read_signals(run);
    }
    while (read_chunk(run) > 0)
        ;
}

/* After a signal only what can be read at once. */
static void loop_input(struct run *run)
{
    for (;;) {
        struct pollfd now = {.fd = run->tap->in_fd, .events = POLLIN};
        bool there = run->stop ? poll(&now, 1, 0) > 0 : wait_for(run);
        if (there ? read_chunk(run) <= 0 : run->stop)
            return;
    }
}

static const int signals[] = {SIGINT, SIGTERM};

static void finish(struct run *run)
{
    run->tap->end(run->tap->ctx, &run->records);
    give_out(run);
    /* From here on a signal ends us as it ends any program: a reader that stands still could hold
     * the last write for ever. Those that have come already are done with. */
    read_signals(run);
    cct_signals_release(signals, CCT_LEN(signals));
    cct_outlet_finish(&run->outlet, -1);
    check_output(run, true);
    if (run->outlet.dropped)
        cct_warn(&run->cli->log, "%" PRIu64 " records were dropped: their reader was too slow",
                 run->outlet.dropped);
}

int cct_tap_run(const struct cct_cli *cli, const struct cct_tap *tap)
{
    struct run run = {.cli = cli, .tap = tap, .copy_fd = tap->copy_fd};
    struct cct_err err;
    run.outlet.fd = tap->out_fd;
    run.outlet.keep_bytes = cli->buffered ? BUFFERED : 0;
    run.signal_fd = cct_signals_open(signals, CCT_LEN(signals), NULL, &err);
    if (run.signal_fd < 0)
        return cct_cli_fail(cli, &err);
    signal(SIGPIPE, SIG_IGN);
    if (tap->follow && cct_follow_open(&run.follow, tap->follow, &err))
        return cct_cli_fail(cli, &err);
    run.chunk = cct_xmalloc(CHUNK_BYTES);
    if (tap->follow)
        loop_follow(&run);
    else
        loop_input(&run);
    finish(&run);
    if (tap->follow)
        cct_follow_close(&run.follow);
    close(run.signal_fd);
    free(run.chunk);
    cct_outlet_close(&run.outlet);
    cct_buf_free(&run.records);
    return run.status;
}
