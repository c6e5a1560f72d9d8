/* SPDX-License-Identifier: Apache-2.0
 * clone3 with CLONE_INTO_CGROUP puts the command into its cgroup before its first instruction
 * (clone3(2), Linux 5.7); without a cgroup it is a plain fork. */
#include "cli/child.h"

#include "base/clock.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static const int watched[] = {SIGINT,  SIGTERM, SIGHUP,   SIGQUIT, SIGUSR1,
                              SIGUSR2, SIGCONT, SIGWINCH, SIGCHLD};

int cct_child_init(struct cct_child *child, struct cct_err *err)
{
    *child = (struct cct_child){.signal_fd = -1, .cgroup_fd = -1, .tty_int_mono_ns = -1};
    signal(SIGCHLD, SIG_DFL); /* ignored, children would vanish without a status */
    child->signal_fd = cct_signals_open(watched, CCT_LEN(watched), &child->saved, err);
    if (child->signal_fd >= 0)
        return 0;
    err->code = CCT_CHILD_FAILED;
    return -1;
}

static pid_t fork_into(int cgroup_fd)
{
    if (cgroup_fd < 0)
        return fork();
    struct clone_args args = {
        .flags = CLONE_INTO_CGROUP,
        .exit_signal = SIGCHLD,
        .cgroup = (unsigned)cgroup_fd,
    };
    return (pid_t)syscall(SYS_clone3, &args, sizeof args);
}

/* In the new process: becomes the command, or tells why not. */
static cct_noreturn void become(const struct cct_child *child, char *const argv[], int tell,
                                void (*pipe_handler)(int))
{
    signal(SIGPIPE, pipe_handler);
    sigprocmask(SIG_SETMASK, &child->saved, NULL);
    execvp(argv[0], argv);
    int why = errno;
    ssize_t ignored = write(tell, &why, sizeof why);
    (void)ignored;
    _exit(why == ENOENT ? CCT_CHILD_NOTFOUND : CCT_CHILD_NOEXEC);
}

/* 0 when the command runs; else its errno. */
static int exec_errno(int fd)
{
    int why = 0;
    ssize_t got;
    do
        got = read(fd, &why, sizeof why);
    while (got < 0 && errno == EINTR);
    return got == (ssize_t)sizeof why ? why : 0;
}

int cct_child_start(struct cct_child *child, char *const argv[], int cgroup_fd, struct cct_err *err)
{
    int tell[2];
    if (pipe2(tell, O_CLOEXEC))
        return cct_fail_errno(err, CCT_CHILD_FAILED, "cannot make a pipe");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    void (*pipe_handler)(int) = signal(SIGPIPE, SIG_IGN);
    pid_t pid = fork_into(cgroup_fd);
    if (pid < 0 && cgroup_fd >= 0) {
        cgroup_fd = -1; /* an old kernel, or not allowed: without the cgroup */
        pid = fork();
    }
    if (pid == 0)
        become(child, argv, tell[1], pipe_handler);
    close(tell[1]);
    int why = pid < 0 ? errno : exec_errno(tell[0]);
    close(tell[0]);
    if (pid < 0) {
        errno = why;
        return cct_fail_errno(err, CCT_CHILD_FAILED, "cannot start a process");
    }
    if (why) {
        waitpid(pid, NULL, 0);
        errno = why;
        return cct_fail_errno(err, why == ENOENT ? CCT_CHILD_NOTFOUND : CCT_CHILD_NOEXEC,
                              "cannot run '%s'", argv[0]);
    }
    child->pid = pid;
    child->cgroup_fd = cgroup_fd;
    return 0;
}

static void reap(struct cct_child *child)
{
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (pid != child->pid)
            continue;
        child->ended = true;
        child->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        child->status = child->signal ? 128 + child->signal : WEXITSTATUS(status);
    }
}

/* The terminal sends its signals to the whole process group, the command included: only what a
 * process sent is handed on. A wrapper that hands the terminal's Ctrl-C on to us as well must not
 * make it two. */
static bool to_forward(struct cct_child *child, const struct signalfd_siginfo *info)
{
    bool from_terminal = info->ssi_code == SI_KERNEL;
    bool keyboard = info->ssi_signo == SIGINT || info->ssi_signo == SIGQUIT;
    if (keyboard && from_terminal)
        child->tty_int_mono_ns = cct_mono_ns();
    if (keyboard && child->tty_int_mono_ns >= 0 &&
        cct_mono_ns() - child->tty_int_mono_ns < CCT_NS_PER_S)
        return false;
    return !from_terminal;
}

void cct_child_signals(struct cct_child *child)
{
    struct signalfd_siginfo info;
    while (read(child->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        int signo = (int)info.ssi_signo;
        if (signo == SIGCHLD)
            reap(child);
        else if (!child->pid)
            child->stop |= signo != SIGCONT && signo != SIGWINCH;
        else if (!child->ended && to_forward(child, &info))
            kill(child->pid, signo);
    }
}

void cct_child_done(struct cct_child *child)
{
    if (child && child->signal_fd >= 0)
        close(child->signal_fd);
    if (child)
        child->signal_fd = -1;
}
