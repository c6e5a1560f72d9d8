/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/signals.h"

#include <stdbool.h>
#include <sys/signalfd.h>

static bool ignored(int signo)
{
    struct sigaction action;
    return sigaction(signo, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int cct_signals_open(const int *signals, size_t count, sigset_t *saved, struct cct_err *err)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++)
        if (!ignored(signals[i]))
            sigaddset(&set, signals[i]);
    if (sigprocmask(SIG_BLOCK, &set, saved))
        return cct_fail_errno(err, CCT_OSERR, "cannot block signals");
    int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return fd >= 0 ? fd : cct_fail_errno(err, CCT_OSERR, "cannot watch signals");
}

void cct_signals_release(const int *signals, size_t count)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < count; i++)
        sigaddset(&set, signals[i]);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

void cct_signals_heed_int(void)
{
    if (ignored(SIGINT))
        signal(SIGINT, SIG_DFL);
}
