/* SPDX-License-Identifier: Apache-2.0
 * What every program has in common: the shared options, messages to a person, exit statuses, and
 * the filter loop. */
#pragma once

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/sysroot.h"
#include "record/io.h"
#include "record/scan.h"
#include "record/write.h"

#include <argp.h>
#include <stdbool.h>

/* Described once by each program, const. */
struct cct_program {
    const char *name;                  /* cct-sample */
    const char *doc;                   /* argp's doc: one line, then more after \v */
    const char *args_doc;              /* "[FILE...]", "-- COMMAND [ARG...]" or NULL */
    const struct argp_option *options; /* the program's own, or NULL */
    /* argp's parser for own options, ARGP_KEY_ARG and ARGP_KEY_END; input is ctx. NULL: none. */
    error_t (*parse)(int key, char *arg, struct argp_state *state);
    const char *const *kinds; /* the schemas it writes, NULL-terminated, for --schema */
    bool runs_command;        /* options end at the first word that is not one */
};

/* The shared options, filled by cct_cli_init. Strings are borrowed from argv or the environment. */
struct cct_cli {
    const struct cct_program *program;
    const char *run;   /* --run, else $CCT_RUN, else NULL */
    const char **runs; /* every --run of the command line, in order; run_count of them. Owned */
    size_t run_count;
    const char *host;    /* --host, else the machine's node name */
    char *home;          /* --home, else $CCT_HOME, $XDG_STATE_HOME/cct, ~/.local/state/cct;
                            NULL when nothing is known. Owned */
    const char *sysroot; /* --sysroot or NULL */
    bool buffered, strict, quiet;
    int verbose;
    struct cct_clock clock;  /* frozen by --now */
    struct cct_log log;      /* prints "NAME: warning: ..." on stderr */
    char name[32], node[65]; /* private */
};

/* Parses the command line; --help, --version, --usage, --schema print and exit 0, a wrong one exits
 * 64 with one line. ctx is the program's own option structure: state->input in its parser. */
void cct_cli_init(struct cct_cli *cli, const struct cct_program *program, int argc, char **argv,
                  void *ctx);
/* In a program's parser: a wrong use, reported as one line; does not return. */
void cct_cli_usage(const struct argp_state *state, const char *fmt, ...)
    cct_printf(2, 3) cct_noreturn;
/* In a program's parser: the value of an option, or a usage error. A duration of at least least_ns
 * and at most 73 years; a number of at least least. */
int64_t cct_cli_duration(const struct argp_state *state, const char *option, const char *arg,
                         int64_t least_ns);
double cct_cli_number(const struct argp_state *state, const char *option, const char *arg,
                      double least);
/* A whole number from least to most. */
int64_t cct_cli_count(const struct argp_state *state, const char *option, const char *arg,
                      int64_t least, int64_t most);

/* Prints "NAME: message" and returns err->code: return cct_cli_fail(&cli, &err). */
int cct_cli_fail(const struct cct_cli *cli, const struct cct_err *err);
/* The same right after a failed write of the output; where its reader is gone (EPIPE), the program
 * ends quietly by SIGPIPE. */
int cct_cli_output_failed(const struct cct_cli *cli, const struct cct_err *err);
/* Frees what init made. */
void cct_cli_done(struct cct_cli *cli);

/* The stamp of a process that creates records, with host and run of the options. */
int cct_cli_stamp(const struct cct_cli *cli, struct cct_stamp *stamp,
                  struct cct_err *err) cct_must_check;

/* Opens an input named on the command line: "-" is (a duplicate of) standard input. The caller
 * closes it. -1: 66 or 77. */
int cct_cli_open_input(const char *name, struct cct_err *err) cct_must_check;

/* A filter: reads records from fd, hands each to record(), which adds what it wants to out (the
 * record itself with cct_writer_add if it passes it on). Bad lines are reported once with their
 * number, counted and skipped; the last line of stderr then gives the count. Output is flushed
 * before the filter waits for input (or only when full: --buffered).
 * Returns an exit status: 0, 65 after bad lines, 74, or what record() failed with. A reader of our
 * output that is gone ends it quietly by SIGPIPE. */
struct cct_filter {
    /* 0, or -1 with err: CCT_DATAERR counts the line as bad and goes on (unless --strict), any
     * other code ends the filter. */
    int (*record)(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err);
    /* Called at the end of input, before the last flush; may be NULL. */
    int (*end)(void *ctx, struct cct_writer *out, struct cct_err *err);
    void *ctx;
    /* Called before every read of fd, which may block; false ends the input. May be NULL. */
    bool (*wait)(void *ctx, int fd);
};

int cct_filter_run(const struct cct_cli *cli, const struct cct_filter *filter, int in_fd,
                   int out_fd);
/* The same over several files in turn ("-" or no file: standard input). */
int cct_filter_files(const struct cct_cli *cli, const struct cct_filter *filter, char *const *files,
                     size_t count, int out_fd);
