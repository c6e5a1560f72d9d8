/* SPDX-License-Identifier: Apache-2.0
 * rusage COMMAND ARG...: runs it with its output thrown away, waits for all that it leaves behind,
 * and prints the processor time of all those processes and the largest resident set of one:
 * "MILLISECONDS KILOBYTES". */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ms(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
    if (argc < 2 || prctl(PR_SET_CHILD_SUBREAPER, 1))
        return 64;
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0)
            return 125;
        execvp(argv[1], argv + 1);
        return 127;
    }
    int status, first = 0;
    pid_t ended;
    while ((ended = wait(&status)) > 0)
        if (ended == pid)
            first = status;
    struct rusage use;
    if (pid < 0 || getrusage(RUSAGE_CHILDREN, &use))
        return 71;
    printf("%.1f %ld\n", ms(use.ru_utime) + ms(use.ru_stime), use.ru_maxrss);
    return WIFEXITED(first) && WEXITSTATUS(first) == 0 ? 0 : 1;
}
