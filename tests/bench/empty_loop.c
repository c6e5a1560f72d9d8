/* SPDX-License-Identifier: Apache-2.0
 * The peer of the sampler's benchmark: a timer loop of the same rate that does nothing.
 * empty_loop PERIOD_NS: until SIGTERM; prints how many ticks it came too late for. */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ended;

static void end(int sig)
{
    (void)sig;
    ended = 1;
}

int main(int argc, char **argv)
{
    const int64_t s = 1000000000;
    int64_t period_ns = argc > 1 ? strtoll(argv[1], NULL, 10) : s;
    struct timespec now;
    uint64_t events;
    uint64_t missed = 0;
    struct sigaction action = {.sa_handler = end};
    clock_gettime(CLOCK_MONOTONIC, &now);
    struct itimerspec spec = {
        .it_interval = {period_ns / s, period_ns % s},
        .it_value = {now.tv_sec + 1, now.tv_nsec},
    };
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (fd < 0 || timerfd_settime(fd, TFD_TIMER_ABSTIME, &spec, NULL) ||
        sigaction(SIGTERM, &action, NULL))
        return 71;
    while (!ended && read(fd, &events, sizeof events) == (ssize_t)sizeof events)
        missed += events > 1;
    printf("%llu\n", (unsigned long long)missed);
    return ended ? 0 : 74;
}
