/* SPDX-License-Identifier: Apache-2.0
 * Signals as events of a descriptor. */
#pragma once

#include "base/err.h"

#include <signal.h>

/* Blocks the signals and gives a descriptor (non-blocking, close-on-exec) that delivers
 * signalfd_siginfo for each. Those that were ignored when we started stay ignored: a blocked signal
 * would be delivered even so. *saved (may be NULL) becomes the mask from before. -1: CCT_OSERR. */
int cct_signals_open(const int *signals, size_t count, sigset_t *saved,
                     struct cct_err *err) cct_must_check;
/* For a program that SIGINT ends by agreement: a shell without job control starts its background
 * jobs with SIGINT ignored, and whoever sends it there means it. Call before cct_signals_open. */
void cct_signals_heed_int(void);
/* Unblocks them: from now on they do what they do to any program. */
void cct_signals_release(const int *signals, size_t count);
