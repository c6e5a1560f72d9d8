/* SPDX-License-Identifier: Apache-2.0
 * The loop of a program that makes records as time passes: it ticks, it writes, and it ends with
 * its count, its time, a signal, what it follows, or the command that it runs. A command is never
 * held up or ended by what becomes of the records. */
#pragma once

#include "cli/child.h"
#include "cli/cli.h"
#include "cli/outlet.h"

/* What such a program is told on its command line. */
struct cct_feed_options {
    int64_t interval_ns, duration_ns; /* duration 0: no end */
    uint64_t count;                   /* records, 0: no limit */
    const char *output;               /* a file, or NULL */
    int fd;                           /* a descriptor, or -1 */
    char **command;                   /* NULL: none. Borrowed from argv */
};

#define CCT_FEED_DEFAULTS                                                                          \
    {                                                                                              \
        .interval_ns = CCT_NS_PER_S, .fd = -1                                                      \
    }

/* Rows for the program's option table. */
#define CCT_FEED_OPTIONS                                                                           \
    {"interval", 'i', "DURATION", 0, "time between records [1s]", 0},                              \
        {"count", 'n', "COUNT", 0, "end after COUNT records", 0},                                  \
        {"duration", 'd', "DURATION", 0, "end after DURATION; the last record may be shorter", 0}, \
        {"output", 'o', "FILE", 0, "write records to FILE, which is emptied (mode 0600)", 0},      \
    {                                                                                              \
        "fd", 'f', "N", 0, "write records to descriptor N", 0                                      \
    }

/* Takes those options and the words of the command; ARGP_ERR_UNKNOWN for any other. */
error_t cct_feed_parse(int key, char *arg, struct argp_state *state,
                       struct cct_feed_options *options);

struct cct_feed {
    /* Set by open. */
    const struct cct_cli *cli;
    const struct cct_feed_options *options;
    struct cct_child child;
    struct cct_outlet outlet;
    /* Set by the program before run. */
    int64_t start_mono_ns;                           /* the duration counts from here */
    int event_fd;                                    /* readable: call due. Borrowed */
    bool (*due)(void *ctx);                          /* takes the event; whether a tick is due */
    void (*record)(void *ctx, struct cct_buf *line); /* one record of the time until now */
    bool (*over)(void *ctx);                         /* what is followed has ended; or NULL */
    void *ctx;
};

#define CCT_FEED_CLOSED                                                                            \
    {                                                                                              \
        .child = {.signal_fd = -1}, .outlet = {.fd = -1 }                                          \
    }

/* Blocks and watches the signals, opens the output. With a command an output that cannot be opened
 * is only a warning. */
int cct_feed_open(struct cct_feed *feed, const struct cct_cli *cli,
                  const struct cct_feed_options *options, struct cct_err *err) cct_must_check;
/* Starts the command, if there is one: as cct_child_start. */
int cct_feed_start(struct cct_feed *feed, int cgroup_fd, struct cct_err *err) cct_must_check;
/* Runs to the end; a last record of a shorter time is made where it ends between two ticks.
 * Returns the exit status: the command's, or 0, or 74. */
int cct_feed_run(struct cct_feed *feed);
/* Instead of running: writes records, and waits until they are out. -1: CCT_IOERR. */
int cct_feed_put(struct cct_feed *feed, struct cct_buf *records,
                 struct cct_err *err) cct_must_check;
void cct_feed_close(struct cct_feed *feed);
