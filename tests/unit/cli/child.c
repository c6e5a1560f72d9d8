/* SPDX-License-Identifier: Apache-2.0
 * The child runner, each time in a process of its own, since it changes masks and reapers. */
#include "run.h"

#include "cli/child.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

struct setup {
    const char *command; /* for sh -c, or NULL */
    char *argv[3];       /* without a command: this */
    int send;            /* a signal that we get while it runs */
    bool report;         /* prints status and signal */
};

static bool wait_signal(struct cct_child *child, int ms)
{
    struct pollfd poll_fd = {.fd = child->signal_fd, .events = POLLIN};
    if (poll(&poll_fd, 1, ms) <= 0)
        return false;
    cct_child_signals(child);
    return true;
}

/* The command says by a file that it is ready for our signal. */
static void wait_ready(const char *name)
{
    while (access(name, F_OK))
        usleep(1000);
    unlink(name);
}

static char ready_name[] = "/tmp/cct-child-XXXXXX";

static int run_child(void *ctx)
{
    const struct setup *setup = ctx;
    struct cct_child child;
    struct cct_err err = {0};
    char sh[] = "sh";
    char c[] = "-c";
    char command[512];
    snprintf(command, sizeof command, "%s", setup->command ? setup->command : "");
    char *by_shell[] = {sh, c, command, NULL};
    alarm(20);
    if (cct_child_init(&child, &err))
        return err.code;
    setenv("READY", ready_name, 1);
    if (cct_child_start(&child, setup->command ? by_shell : setup->argv, -1, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        cct_child_done(&child);
        return err.code;
    }
    if (setup->send) {
        wait_ready(ready_name);
        kill(getpid(), setup->send);
    }
    while (!child.ended)
        wait_signal(&child, -1);
    if (setup->report)
        printf("status %d signal %d\n", child.status, child.signal);
    cct_child_done(&child);
    cct_child_done(NULL);
    return child.status;
}

static void run(struct ran *ran, struct setup setup)
{
    test_run(ran, run_child, &setup, "input\n", 6, NULL);
}

static void gives(const char *command, int status)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.command = command});
    assert_int_equal(ran.status, status);
}

TEST(the_status_is_the_commands_own)
{
    gives("exit 0", 0);
    gives("exit 1", 1);
    gives("exit 75", 75);
    gives("exit 255", 255);
}

TEST(a_signal_is_128_more)
{
    gives("kill -TERM $$", 128 + SIGTERM);
    gives("kill -KILL $$", 128 + SIGKILL);
    gives("kill -SEGV $$", 128 + SIGSEGV);
}

TEST(status_and_signal_are_told_apart)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.command = "exit 143", .report = true});
    assert_buf(ran.out, "status 143 signal 0\n");
    run(&ran, (struct setup){.command = "kill -TERM $$", .report = true});
    assert_buf(ran.out, "status 143 signal 15\n");
}

TEST(an_unknown_command_is_127)
{
    auto_ran ran = {0};
    char name[] = "no-such-command-anywhere";
    char path[] = "/no/such/command";
    run(&ran, (struct setup){.argv = {name}});
    assert_int_equal(ran.status, CCT_CHILD_NOTFOUND);
    assert_non_null(strstr(ran.err.data, name));
    run(&ran, (struct setup){.argv = {path}});
    assert_int_equal(ran.status, CCT_CHILD_NOTFOUND);
}

TEST(what_cannot_be_executed_is_126)
{
    auto_ran ran = {0};
    char file[] = "/etc/passwd";
    char dir[] = "/etc";
    run(&ran, (struct setup){.argv = {file}});
    assert_int_equal(ran.status, CCT_CHILD_NOEXEC);
    assert_non_null(strstr(ran.err.data, file));
    run(&ran, (struct setup){.argv = {dir}});
    assert_int_equal(ran.status, CCT_CHILD_NOEXEC);
}

TEST(the_command_owns_the_streams)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.command = "cat; echo told >&2"});
    assert_buf(ran.out, "input\n");
    assert_buf(ran.err, "told\n");
    assert_int_equal(ran.status, 0);
}

/* The command sees the masks and dispositions that we were started with. */
TEST(masks_and_dispositions_are_given_back)
{
    auto_ran ran = {0};
    struct sigaction action = {.sa_handler = SIG_IGN};
    struct sigaction old;
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, &before);
    sigaction(SIGHUP, &action, &old);
    char cat[] = "cat"; /* no shell: some clear the mask */
    char file[] = "/proc/self/status";
    run(&ran, (struct setup){.argv = {cat, file}});
    sigaction(SIGHUP, &old, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    unsigned long long blocked = 0;
    unsigned long long ignored = 0;
    const char *blk = strstr(ran.out.data, "SigBlk:");
    const char *ign = strstr(ran.out.data, "SigIgn:");
    assert_non_null(blk);
    assert_non_null(ign);
    blocked = strtoull(blk + 7, NULL, 16);
    ignored = strtoull(ign + 7, NULL, 16);
    assert_int_equal(blocked, 1ULL << (SIGUSR2 - 1));
    assert_int_equal(ignored & 1ULL << (SIGHUP - 1), 1ULL << (SIGHUP - 1));
    assert_int_equal(ignored & 1ULL << (SIGPIPE - 1), 0);
}

TEST(no_descriptor_leaks_into_the_command)
{
    auto_ran ran = {0};
    run(&ran, (struct setup){.command = "ls -l /proc/self/fd | grep -c -E 'signalfd|eventfd'"});
    assert_buf(ran.out, "0\n");
}

static const int forwarded[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT, SIGINT};

TEST(signals_are_forwarded)
{
    for (size_t i = 0; i < CCT_LEN(forwarded); i++) {
        auto_ran ran = {0};
        char command[200];
        snprintf(command, sizeof command,
                 "trap 'echo got; exit 7' %d; : >\"$READY\"; while :; do sleep 0.01; done",
                 forwarded[i]);
        run(&ran, (struct setup){.command = command, .send = forwarded[i]});
        assert_buf(ran.out, "got\n");
        assert_int_equal(ran.status, 7);
    }
}

TEST(a_command_that_dies_of_a_forwarded_signal)
{
    auto_ran ran = {0};
    run(&ran,
        (struct setup){.command = ": >\"$READY\"; exec sleep 10", .send = SIGTERM, .report = true});
    assert_buf(ran.out, "status 143 signal 15\n");
}

/* We outlive 200 children a second and a daemon that the command left behind; its end is reaped. */
static int reap_orphans(void *ctx cct_unused)
{
    struct cct_child child;
    struct cct_err err;
    char sh[] = "sh";
    char c[] = "-c";
    char command[] = "i=0; while [ $i -lt 200 ]; do (exit 3) & i=$((i+1)); done;"
                     "(sleep 0.2; exit 5) & exit 4";
    char *argv[] = {sh, c, command, NULL};
    alarm(20);
    if (cct_child_init(&child, &err) || cct_child_start(&child, argv, -1, &err))
        return 125;
    while (!child.ended)
        wait_signal(&child, -1);
    if (child.status != 4)
        return 1;
    for (int i = 0; i < 50 && wait_signal(&child, 500); i++)
        ;
    errno = 0;
    bool none_left = waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD;
    cct_child_done(&child);
    return none_left && child.status == 4 ? 0 : 2;
}

TEST(orphans_are_reaped_and_do_not_change_the_status)
{
    auto_ran ran = {0};
    test_run(&ran, reap_orphans, NULL, "", 0, NULL);
    assert_int_equal(ran.status, 0);
}

static int stop_without_command(void *ctx)
{
    struct cct_child child;
    struct cct_err err;
    const int *signo = ctx;
    alarm(20);
    if (cct_child_init(&child, &err))
        return err.code;
    if (child.stop || child.pid)
        return 1;
    kill(getpid(), SIGWINCH);
    kill(getpid(), *signo);
    while (!child.stop)
        wait_signal(&child, -1);
    cct_child_done(&child);
    return 0;
}

TEST(without_a_command_int_and_term_stop)
{
    static const int stops[] = {SIGINT, SIGTERM};
    for (size_t i = 0; i < CCT_LEN(stops); i++) {
        auto_ran ran = {0};
        int signo = stops[i];
        test_run(&ran, stop_without_command, &signo, "", 0, NULL);
        assert_int_equal(ran.status, 0);
    }
}

static int ignored_int(void *ctx cct_unused)
{
    struct cct_child child;
    struct cct_err err;
    alarm(20);
    signal(SIGINT, SIG_IGN); /* as nohup and a shell's background job start us */
    if (cct_child_init(&child, &err))
        return err.code;
    kill(getpid(), SIGINT);
    bool came = wait_signal(&child, 100) && child.stop;
    cct_child_done(&child);
    return came;
}

TEST(an_ignored_int_stays_ignored)
{
    auto_ran ran = {0};
    test_run(&ran, ignored_int, NULL, "", 0, NULL);
    assert_int_equal(ran.status, 0);
}

/* With SIGCHLD ignored, children would vanish without a status. */
static int ignored_chld(void *ctx)
{
    signal(SIGCHLD, SIG_IGN);
    return run_child(ctx);
}

TEST(a_parent_that_ignored_sigchld)
{
    auto_ran ran = {0};
    struct setup setup = {.command = "exit 6"};
    test_run(&ran, ignored_chld, &setup, "", 0, NULL);
    assert_int_equal(ran.status, 6);
}

/* Not a cgroup: the command runs all the same, outside of one, and the caller can see that. */
static int odd_cgroup(void *ctx cct_unused)
{
    struct cct_child child;
    struct cct_err err;
    char name[] = "true";
    char *argv[] = {name, NULL};
    alarm(20);
    cct_auto_close int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (cct_child_init(&child, &err) || cct_child_start(&child, argv, fd, &err))
        return err.code;
    while (!child.ended)
        wait_signal(&child, -1);
    int status = child.status ? child.status : child.cgroup_fd != -1;
    cct_child_done(&child);
    return status;
}

TEST(no_cgroup_is_no_hindrance)
{
    auto_ran ran = {0};
    test_run(&ran, odd_cgroup, NULL, "", 0, NULL);
    assert_int_equal(ran.status, 0);
}

/* run_child in a session of its own with a terminal, whose other side is *master. */
static pid_t start_on_terminal(struct setup *setup, int *master)
{
    *master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (*master < 0 || grantpt(*master) || unlockpt(*master))
        return -1;
    const char *name = ptsname(*master);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        int slave = open(name, O_RDWR); /* becomes the controlling terminal */
        for (int fd = 0; fd < 3; fd++)
            dup2(slave, fd);
        exit(run_child(setup));
    }
    return pid;
}

/* Counts the interrupts that it gets in about a second, and says 40 more. */
static const char counting[] =
    "n=0; trap 'n=$((n+1))' INT; : >\"$READY\"; i=0;"
    "while [ $i -lt 80 ]; do sleep 0.01; i=$((i+1)); done; exit $((40+n))";

static void interrupts(int from_terminal, int from_process)
{
    struct setup setup = {.command = counting};
    int master;
    pid_t pid = start_on_terminal(&setup, &master);
    if (pid < 0)
        skip();
    wait_ready(ready_name);
    for (int i = 0; i < from_terminal; i++) {
        usleep(120000);
        assert_int_equal(write(master, "\x03", 1), 1);
    }
    usleep(120000);
    for (int i = 0; i < from_process; i++)
        kill(pid, SIGINT);
    assert_int_equal(test_status(pid), 40 + (from_terminal ? from_terminal : from_process));
    close(master);
}

TEST(ctrl_c_reaches_the_command_once)
{
    interrupts(1, 0);
}

TEST(ctrl_c_twice_reaches_it_twice)
{
    interrupts(2, 0);
}

TEST(an_int_of_a_process_reaches_it_once)
{
    interrupts(0, 1);
}

/* A wrapper that hands its own Ctrl-C on to us must not make it two. */
TEST(ctrl_c_that_a_wrapper_repeats_reaches_it_once)
{
    interrupts(1, 1);
}

static int make_name(void **state cct_unused)
{
    int fd = mkstemp(ready_name);
    if (fd < 0)
        return -1;
    close(fd);
    return unlink(ready_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_status_is_the_commands_own),
        cmocka_unit_test(a_signal_is_128_more),
        cmocka_unit_test(status_and_signal_are_told_apart),
        cmocka_unit_test(an_unknown_command_is_127),
        cmocka_unit_test(what_cannot_be_executed_is_126),
        cmocka_unit_test(the_command_owns_the_streams),
        cmocka_unit_test(masks_and_dispositions_are_given_back),
        cmocka_unit_test(no_descriptor_leaks_into_the_command),
        cmocka_unit_test(signals_are_forwarded),
        cmocka_unit_test(a_command_that_dies_of_a_forwarded_signal),
        cmocka_unit_test(orphans_are_reaped_and_do_not_change_the_status),
        cmocka_unit_test(without_a_command_int_and_term_stop),
        cmocka_unit_test(an_ignored_int_stays_ignored),
        cmocka_unit_test(a_parent_that_ignored_sigchld),
        cmocka_unit_test(no_cgroup_is_no_hindrance),
        cmocka_unit_test(ctrl_c_reaches_the_command_once),
        cmocka_unit_test(ctrl_c_twice_reaches_it_twice),
        cmocka_unit_test(an_int_of_a_process_reaches_it_once),
        cmocka_unit_test(ctrl_c_that_a_wrapper_repeats_reaches_it_once),
    };
    return cmocka_run_group_tests(tests, make_name, NULL);
}
