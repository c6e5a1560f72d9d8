/* SPDX-License-Identifier: Apache-2.0
 * Running somebody's command as env, nice and timeout do: it owns stdin, stdout and stderr, gets
 * the signals, and its end is ours (125 own failure, 126 not executable, 127 not found, 128+N). */
#pragma once

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

enum { CCT_CHILD_FAILED = 125, CCT_CHILD_NOEXEC = 126, CCT_CHILD_NOTFOUND = 127 };

struct cct_child {
    pid_t pid;     /* 0 when there is none */
    int signal_fd; /* readable when a signal has come: call cct_child_signals. Owned */
    int cgroup_fd; /* the command was born there, or -1. Borrowed */
    bool ended;
    int status;              /* exit status as a shell gives it: 0..255, 128+N */
    int signal;              /* that ended it, or 0 */
    bool stop;               /* without a command: SIGINT or SIGTERM came */
    sigset_t saved;          /* private: the mask to give back before exec */
    int64_t tty_int_mono_ns; /* private: when the terminal's Ctrl-C was seen */
};

/* Blocks the signals that are forwarded or watched and opens signal_fd. Signals that were
 * ignored when we started stay ignored (nohup, a shell's background job). Call once, before the
 * first thread or child. */
int cct_child_init(struct cct_child *child, struct cct_err *err) cct_must_check;
/* Starts argv (NULL-terminated) with the mask and dispositions we were started with, in the cgroup
 * cgroup_fd where that is >= 0 (clone3, CLONE_INTO_CGROUP). We become the reaper of its orphans.
 * Returns 0, or -1 with err->code 125, 126 or 127. */
int cct_child_start(struct cct_child *child, char *const argv[], int cgroup_fd,
                    struct cct_err *err) cct_must_check;
/* Reads what has come: forwards TERM, HUP, USR1, USR2, QUIT, WINCH, CONT to the command, INT when
 * a process sent it (a terminal's Ctrl-C reaches the command by itself), and reaps every child
 * that ended, orphans too. */
void cct_child_signals(struct cct_child *child);
void cct_child_done(struct cct_child *child);
