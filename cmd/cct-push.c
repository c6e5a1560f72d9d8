/* SPDX-License-Identifier: Apache-2.0
 * cct-push: keeps records in the local store. */
#include "cli/child.h"
#include "cli/cli.h"
#include "store/store.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>

/* After SIGINT or SIGTERM the writers of our pipe still say their last word. */
enum { IDLE_END_MS = 3000 };

struct push {
    struct cct_cli cli;
    struct cct_store *store;
    struct cct_child signals;
    int stops;             /* SIGINT and SIGTERM so far */
    int64_t input_mono_ns; /* since the first of them: when input came last */
    char **files;
    size_t file_count;
};

static int keep(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    struct push *push = ctx;
    (void)out;
    (void)err;
    cct_store_put(push->store, rec);
    return 0;
}

/* Milliseconds to wait for input: until the store has work, or the end after a signal. */
static int wait_ms(const struct push *push, int64_t store_ns)
{
    int64_t ns = store_ns;
    if (push->stops) {
        int64_t left = push->input_mono_ns + IDLE_END_MS * CCT_NS_PER_MS - cct_mono_ns();
        if (left < 0)
            left = 0;
        ns = ns < 0 || left < ns ? left : ns;
    }
    return ns < 0 ? -1 : (int)(ns / CCT_NS_PER_MS) + 1;
}

/* True: read fd now; false: the end. */
static bool wait_input(void *ctx, int fd)
{
    struct push *push = ctx;
    struct pollfd fds[] = {{.fd = push->signals.signal_fd, .events = POLLIN},
                           {.fd = fd, .events = POLLIN}};
    for (;;) {
        int64_t store_ns = cct_store_work(push->store);
        int n = poll(fds, CCT_LEN(fds), wait_ms(push, store_ns));
        if (n < 0 && errno != EINTR)
            return true; /* the read will tell */
        if (n > 0 && fds[0].revents)
            cct_child_signals(&push->signals);
        if (push->signals.stop) {
            push->signals.stop = false;
            push->input_mono_ns = cct_mono_ns();
            if (++push->stops > 1)
                return false;
        }
        if (n > 0 && fds[1].revents) {
            push->input_mono_ns = push->stops ? cct_mono_ns() : 0;
            return true;
        }
        if (push->stops && cct_mono_ns() - push->input_mono_ns >= IDLE_END_MS * CCT_NS_PER_MS)
            return false;
    }
}

static int run(struct push *push)
{
    struct cct_err err;
    struct cct_store_config config = {.run = push->cli.run, .log = &push->cli.log};
    struct cct_filter filter = {.record = keep, .wait = wait_input, .ctx = push};
    struct cct_store_count count;

    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is the store's matter */
    if (cct_child_init(&push->signals, &err) ||
        cct_store_open(&push->store, push->cli.home, &config, &err))
        return cct_cli_fail(&push->cli, &err);
    int status =
        cct_filter_files(&push->cli, &filter, push->files, push->file_count, STDOUT_FILENO);
    if (cct_store_close(push->store, &count, &err))
        status = cct_cli_fail(&push->cli, &err);
    cct_info(&push->cli.log, "%" PRIu64 " records kept in %s", count.kept, push->cli.home);
    return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct push *push = state->input;
    (void)arg;
    if (key != ARGP_KEY_ARGS)
        return ARGP_ERR_UNKNOWN;
    push->files = state->argv + state->next;
    push->file_count = (size_t)(state->argc - state->next);
    return 0;
}

static const struct cct_program program = {
    .name = "cct-push",
    .doc = "Keep records in the local store.\v"
           "Reads records from the FILEs or standard input; cct-pull gives them back. A full disk "
           "does not stop the input: what cannot be kept is counted, and the exit status is 74.",
    .args_doc = "[FILE...]",
    .parse = parse,
};

int main(int argc, char **argv)
{
    struct push push = {.signals = {.signal_fd = -1}};
    cct_cli_init(&push.cli, &program, argc, argv, &push);
    int status = run(&push);
    cct_child_done(&push.signals);
    cct_cli_done(&push.cli);
    return status;
}
