/* SPDX-License-Identifier: Apache-2.0
 * Real time and real processes: the timer, the guard against double wraps, jobs. */
#include "check.h"
#include "sensor/job.h"

#include <poll.h>
#include <sys/wait.h>
#include <time.h>

static char rapl_glob[] = "rapl*";

static void wait_event(const struct cct_sampler *s)
{
    struct pollfd p = {.fd = cct_sampler_fd(s), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 10000), 1);
}

static struct cct_sampler *sampler(const struct machine *m, int64_t interval_ns)
{
    char *globs[] = {rapl_glob};
    struct cct_sampler_options options = {.sysroot = m->dir,
                                          .globs = globs,
                                          .glob_count = 1,
                                          .interval_ns = interval_ns,
                                          .idle_w = NAN};
    struct cct_sampler *s = NULL;
    assert_int_equal(cct_sampler_open(&s, &options, NULL, NULL), 0);
    return s;
}

/* A range of 800 J at 500 W is safe for 0.96 s: an interval of 1.2 s is cut into three. */
static void counters_are_read_before_they_can_wrap_twice(void **state)
{
    struct machine m;
    struct cct_sample sample;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 100000000, 800000000);
    struct cct_sampler *s = sampler(&m, 1200 * CCT_NS_PER_MS);
    uint64_t at = 100000000;
    int reads = 0;
    for (bool due = false; !due; reads++) {
        wait_event(s);
        at = (at + 500000000) % 800000000;
        machine_uj(&m, "intel-rapl:0", at);
        due = cct_sampler_due(s);
    }
    cct_sampler_tick(s, &sample);
    assert_int_equal(reads, 3);
    assert_int_equal(sample.energy_uj, 1500000000);
    assert_int_equal(sample.readings[0].flags, CCT_FLAG_WRAP);
    assert_true(sample.interval_s > 1.1 && sample.interval_s < 2);
    cct_sampler_close(s);
    machine_end(&m);
}

static void a_late_tick_is_flagged_and_covers_its_time(void **state)
{
    struct machine m;
    struct cct_sample sample;
    const struct timespec nap = {.tv_nsec = 100 * CCT_NS_PER_MS};
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, 0);
    struct cct_sampler *s = sampler(&m, 20 * CCT_NS_PER_MS);
    nanosleep(&nap, NULL);
    machine_uj(&m, "intel-rapl:0", 3000000);
    assert_true(cct_sampler_due(s));
    cct_sampler_tick(s, &sample);
    assert_true(sample.flags & CCT_FLAG_GAP);
    assert_true(sample.interval_s >= 0.1);
    assert_int_equal(sample.energy_uj, 2000000);
    cct_sampler_close(s);
    machine_end(&m);
}

static void burn(int64_t cpu_ns)
{
    struct timespec ts;
    do
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
    while (ts.tv_sec * S + ts.tv_nsec < cpu_ns);
}

static void burn_in_children(int count, int64_t cpu_ns)
{
    for (int i = 0; i < count; i++) {
        pid_t pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            burn(cpu_ns);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
}

static void children_that_ended_are_counted_exactly(void **state)
{
    struct cct_job_reading r;
    (void)state;
    burn_in_children(1, 30000000); /* before: not counted */
    struct cct_job *job = cct_job_open_children();
    burn_in_children(50, 2000000);
    cct_job_read(job, &r, cct_mono_ns());
    assert_true(r.known);
    assert_in_range(r.cpu_us, 99000, 200000);
    cct_job_close(job);
}

static void a_living_child_is_counted_and_alive(void **state)
{
    struct cct_job_reading r;
    int ready[2];
    char byte = 0;
    (void)state;
    assert_int_equal(pipe(ready), 0);
    struct cct_job *job = cct_job_open_children();
    pid_t pid = fork();
    if (pid == 0) {
        burn(100000000);
        assert_int_equal(write(ready[1], &byte, 1), 1);
        pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    cct_job_read(job, &r, cct_mono_ns());
    assert_true(r.alive);
    assert_in_range(r.cpu_us, 80000, 200000);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    cct_job_read(job, &r, cct_mono_ns());
    assert_false(r.alive);
    assert_in_range(r.cpu_us, 99000, 200000);
    cct_job_close(job);
    close(ready[0]);
    close(ready[1]);
}

static void a_pid_that_is_not_there_is_an_error(void **state)
{
    struct cct_sysroot root;
    struct cct_job *job;
    struct cct_err err;
    (void)state;
    assert_int_equal(cct_sysroot_open(&root, NULL, &err), 0);
    assert_int_equal(cct_job_open_pid(&job, &root, 999999999, &err), -1);
    assert_int_equal(err.code, CCT_NOINPUT);
    assert_int_equal(cct_job_open_cgroup(&job, &root, "/no/such/cgroup", &err), -1);
    assert_int_equal(err.code, CCT_NOINPUT);
    cct_sysroot_close(&root);
}

static void a_leaf_is_made_and_removed(void **state)
{
    struct cct_job_reading r;
    struct cct_job *job;
    struct cct_err err;
    struct stat st;
    (void)state;
    if (cct_job_open_leaf(&job, &err)) {
        print_message("# no leaf here: %s\n", err.msg);
        return;
    }
    cct_job_read(job, &r, cct_mono_ns());
    assert_true(r.known);
    assert_int_equal(r.cpu_us, 0);
    int fd = dup(job->cgroup_fd);
    cct_job_close(job);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(openat(fd, "cpu.stat", O_RDONLY), -1); /* the folder is gone */
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_are_read_before_they_can_wrap_twice),
        cmocka_unit_test(a_late_tick_is_flagged_and_covers_its_time),
        cmocka_unit_test(children_that_ended_are_counted_exactly),
        cmocka_unit_test(a_living_child_is_counted_and_alive),
        cmocka_unit_test(a_pid_that_is_not_there_is_an_error),
        cmocka_unit_test(a_leaf_is_made_and_removed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
