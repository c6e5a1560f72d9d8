/* SPDX-License-Identifier: Apache-2.0
 * Whose energy it was: the split, process trees, /proc lines. */
#include "sensor/split.h"
#include "sensor/tree.h"
#include "sensor/usage.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_parts_add_up(void **state)
{
    (void)state;
    srandom(3);
    for (int i = 0; i < 100000; i++) {
        uint64_t energy = (uint64_t)random() << (random() % 20);
        uint64_t job = (uint64_t)random() % 3000000;
        uint64_t busy = (uint64_t)random() % 3000000;
        struct cct_split s = cct_split_energy(energy, (double)(random() % 200), 1.0, job, busy);
        assert_int_equal(s.job_uj + s.idle_uj + s.other_uj, energy);
        assert_true(s.job_uj <= energy);
    }
}

static void idle_is_a_constant_capped_by_the_energy(void **state)
{
    (void)state;
    struct cct_split s = cct_split_energy(50000000, 20, 1, 250000, 1000000);
    assert_int_equal(s.idle_uj, 20000000);
    assert_int_equal(s.job_uj, 7500000);
    assert_int_equal(s.other_uj, 22500000);
    s = cct_split_energy(50000000, 80, 1, 1000000, 1000000);
    assert_int_equal(s.idle_uj, 50000000);
    assert_int_equal(s.job_uj, 0);
}

static void a_job_never_exceeds_the_machine(void **state)
{
    (void)state;
    struct cct_split s = cct_split_energy(50000000, 0, 1, 30000, 20000);
    assert_int_equal(s.job_uj, 50000000);
    s = cct_split_energy(50000000, 0, 1, 0, 0);
    assert_int_equal(s.other_uj, 50000000);
}

static struct cct_proc proc(pid_t pid, pid_t ppid, uint64_t own, uint64_t waited)
{
    return (struct cct_proc){
        .pid = pid, .ppid = ppid, .start = (uint64_t)pid, .own_us = own, .waited_us = waited};
}

#define LOOK(tree, ...)                                                                            \
    cct_tree_look(tree, (struct cct_proc[]){__VA_ARGS__},                                          \
                  sizeof((struct cct_proc[]){__VA_ARGS__}) / sizeof(struct cct_proc))

static void a_tree_counts_the_living_and_the_waited_for(void **state)
{
    (void)state;
    struct cct_tree t = {.root = 10, .count_root = true};
    assert_int_equal(LOOK(&t, proc(1, 0, 500, 0), proc(10, 1, 100, 0)), 0);
    assert_int_equal(LOOK(&t, proc(1, 0, 900, 0), proc(10, 1, 150, 0), proc(11, 10, 30, 5)), 85);
    /* 11 has ended after 20 more; 12 came and went between the looks with 7 */
    assert_int_equal(LOOK(&t, proc(1, 0, 900, 0), proc(10, 1, 150, 30 + 5 + 20 + 7)), 27);
    assert_int_equal(cct_tree_alive(&t), 1);
    cct_tree_free(&t);
}

static void two_generations_that_ended_count_once(void **state)
{
    (void)state;
    struct cct_tree t = {.root = 10, .count_root = true};
    (void)LOOK(&t, proc(10, 1, 0, 0));
    assert_int_equal(LOOK(&t, proc(10, 1, 0, 0), proc(11, 10, 40, 0), proc(12, 11, 60, 0)), 100);
    assert_int_equal(LOOK(&t, proc(10, 1, 0, 120)), 20);
    cct_tree_free(&t);
}

static void a_daemon_stays_in_the_tree(void **state)
{
    (void)state;
    struct cct_tree t = {.root = 10, .count_root = true};
    (void)LOOK(&t, proc(10, 1, 0, 0));
    assert_int_equal(LOOK(&t, proc(10, 1, 0, 0), proc(11, 10, 40, 0)), 40);
    assert_int_equal(LOOK(&t, proc(1, 0, 9, 9), proc(11, 1, 70, 0)), 30);
    assert_int_equal(cct_tree_alive(&t), 1);
    cct_tree_free(&t);
}

static void a_number_used_again_is_another_process(void **state)
{
    (void)state;
    struct cct_tree t = {.root = 10, .count_root = true};
    (void)LOOK(&t, proc(10, 1, 0, 0), proc(11, 10, 40, 0));
    struct cct_proc again = proc(11, 1, 9000, 0);
    again.start = 777;
    assert_int_equal(LOOK(&t, proc(1, 0, 0, 0), proc(10, 1, 0, 45), again), 5);
    cct_tree_free(&t);
}

static void our_own_time_is_not_the_childrens(void **state)
{
    (void)state;
    struct cct_tree t = {.root = 10};
    (void)LOOK(&t, proc(10, 1, 100, 3));
    assert_int_equal(LOOK(&t, proc(10, 1, 999, 8), proc(11, 10, 50, 0)), 55);
    assert_int_equal(cct_tree_alive(&t), 1);
    cct_tree_free(&t);
}

static void stat_lines_are_read_whatever_the_name(void **state)
{
    (void)state;
    struct cct_proc p;
    assert_true(cct_proc_parse("42 (a) b (c)) Z 7 1 1 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 3 0 "
                               "12345 1000 77 18446744073709551615",
                               100, &p));
    assert_int_equal(p.pid, 42);
    assert_int_equal(p.ppid, 7);
    assert_true(p.zombie);
    assert_int_equal(p.own_us, 300000);
    assert_int_equal(p.waited_us, 700000);
    assert_int_equal(p.start, 12345);
    assert_int_equal(p.rss_pages, 77);
    assert_false(cct_proc_parse("", 100, &p));
    assert_false(cct_proc_parse("42 (x", 100, &p));
    assert_false(cct_proc_parse("42 (x) R 1 2", 100, &p));
}

static void guest_time_is_in_user_already(void **state)
{
    (void)state;
    struct cct_cpu_times t;
    assert_true(cct_cpu_times_parse("cpu  100 10 50 1000 40 3 2 7 90 5\ncpu0 1 2", &t));
    assert_int_equal(t.busy, 165);
    assert_int_equal(t.idle, 1040);
    assert_int_equal(t.steal, 7);
    assert_false(cct_cpu_times_parse("cpu0 100 10 50 1000", &t));
    assert_false(cct_cpu_times_parse("cpu  1 2", &t));
    assert_true(cct_cpu_times_parse("cpu  1 2 3 4", &t)); /* Linux 2.4 */
}

static void idle_time_may_go_back(void **state)
{
    (void)state;
    struct cct_cpu_times a = {.busy = 10, .idle = 100, .known = true};
    struct cct_cpu_times b = {.busy = 15, .idle = 90, .known = true};
    struct cct_cpu_times d = cct_cpu_times_since(&a, &b);
    assert_int_equal(d.busy, 5);
    assert_int_equal(d.idle, 0);
}

static void meminfo_is_in_kib(void **state)
{
    (void)state;
    assert_float_equal(cct_meminfo_bytes("MemTotal:  8 kB\nMemFree: 2 kB\n", "MemFree"), 2048, 0);
    assert_true(isnan(cct_meminfo_bytes("MemTotal:  8 kB\n", "MemAvailable")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parts_add_up),
        cmocka_unit_test(idle_is_a_constant_capped_by_the_energy),
        cmocka_unit_test(a_job_never_exceeds_the_machine),
        cmocka_unit_test(a_tree_counts_the_living_and_the_waited_for),
        cmocka_unit_test(two_generations_that_ended_count_once),
        cmocka_unit_test(a_daemon_stays_in_the_tree),
        cmocka_unit_test(a_number_used_again_is_another_process),
        cmocka_unit_test(our_own_time_is_not_the_childrens),
        cmocka_unit_test(stat_lines_are_read_whatever_the_name),
        cmocka_unit_test(guest_time_is_in_user_already),
        cmocka_unit_test(idle_time_may_go_back),
        cmocka_unit_test(meminfo_is_in_kib),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
