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

/* A sample of these joules of CPU and memory, each known when above 0. */
static struct cct_sample sample_of(uint64_t cpu_uj, uint64_t dram_uj)
{
    struct cct_sample s = {.known = true, .energy_uj = cpu_uj + dram_uj};
    s.measured_uj = s.energy_uj;
    s.component_known[CCT_CPU] = cpu_uj > 0;
    s.component_known[CCT_DRAM] = dram_uj > 0;
    s.component_uj[CCT_CPU] = cpu_uj;
    s.component_uj[CCT_DRAM] = dram_uj;
    return s;
}

static struct cct_idle idle_of(double given_w, double cpu_w, double dram_w)
{
    struct cct_idle idle;
    cct_idle_init(&idle, given_w, NULL);
    idle.table_w[CCT_CPU] = cpu_w;
    idle.table_w[CCT_DRAM] = dram_w;
    return idle;
}

static double random_share(void)
{
    return random() % 5 ? (double)(random() % 1200) / 1000 : (double)NAN; /* over 1, too */
}

static void the_parts_add_up(void **state)
{
    (void)state;
    srandom(3);
    for (int i = 0; i < 100000; i++) {
        struct cct_sample s = {.known = true};
        struct cct_idle idle = idle_of(random() % 2 ? (double)NAN : (double)(random() % 200), 0, 0);
        for (int c = 0; c < CCT_COMPONENTS; c++) {
            s.component_uj[c] = random() % 3 ? (uint64_t)random() << (random() % 20) : 0;
            s.energy_uj += s.component_uj[c];
            idle.table_w[c] = (double)(random() % 2000) / 7;
            idle.quiet_w[c] = random() % 2 ? (double)NAN : (double)(random() % 2000) / 13;
        }
        struct cct_shares shares = {(double)(random() % 1001) / 1000, random_share(),
                                    random_share()};
        struct cct_split split =
            cct_split_energy(&s, &idle, (double)(random() % 3000) / 1e3, &shares);
        assert_int_equal(split.job_uj + split.idle_uj + split.other_uj, s.energy_uj);
        assert_true(split.job_uj <= s.energy_uj && split.idle_uj <= s.energy_uj);
    }
}

static void idle_is_a_constant_capped_by_the_energy(void **state)
{
    (void)state;
    struct cct_sample s = sample_of(50000000, 0);
    struct cct_idle idle = idle_of(NAN, 20, 0);
    struct cct_shares shares = {.cpu = 0.25, .memory = NAN, .gpu = NAN};
    struct cct_split split = cct_split_energy(&s, &idle, 1, &shares);
    assert_int_equal(split.idle_uj, 20000000);
    assert_int_equal(split.job_uj, 7500000);
    assert_int_equal(split.other_uj, 22500000);
    idle.table_w[CCT_CPU] = 80;
    split = cct_split_energy(&s, &idle, 1, &shares);
    assert_int_equal(split.idle_uj, 50000000);
    assert_int_equal(split.job_uj, 0);
    idle.given_w = 10; /* before the table */
    split = cct_split_energy(&s, &idle, 2, &shares);
    assert_int_equal(split.idle_uj, 20000000);
    assert_int_equal(split.job_uj, 7500000);
}

static void memory_goes_by_memory_where_it_is_known(void **state)
{
    (void)state;
    struct cct_sample s = sample_of(50000000, 10000000);
    struct cct_idle idle = idle_of(NAN, 10, 2);
    struct cct_shares shares = {.cpu = 0.25, .memory = 0.5, .gpu = NAN};
    assert_int_equal(cct_split_energy(&s, &idle, 1, &shares).job_uj, 14000000);
    shares.memory = NAN;
    assert_int_equal(cct_split_energy(&s, &idle, 1, &shares).job_uj, 12000000);
}

static void a_job_never_exceeds_the_machine(void **state)
{
    (void)state;
    assert_float_equal(cct_cpu_share(30000, 20000), 1, 0);
    assert_float_equal(cct_cpu_share(0, 0), 0, 0);
    assert_float_equal(cct_cpu_share(30000, 120000), 0.25, 1e-12);
}

/* Ten ticks of 0.25 s. */
static void run_for(struct cct_idle *idle, double cpu_w, uint64_t busy_ticks, double job_s)
{
    struct cct_idle_tick tick = {
        .span_s = 0.25, .busy_ticks = busy_ticks, .all_ticks = 100, .job_s = job_s};
    for (int i = 0; i < 10; i++) {
        struct cct_sample s = sample_of((uint64_t)(cpu_w * 0.25e6), 0);
        cct_idle_learn(idle, &s, &tick);
    }
}

static void idle_is_learned_when_the_machine_is_quiet(void **state)
{
    (void)state;
    struct cct_idle idle = idle_of(NAN, 20, 0);
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_TABLE);
    run_for(&idle, 90, 80, 0.2);
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_TABLE);
    assert_float_equal(cct_idle_component_w(&idle, CCT_CPU), 20, 1e-9);
    run_for(&idle, 33, 1, 0);
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_LEARNED);
    assert_float_equal(cct_idle_component_w(&idle, CCT_CPU), 33, 1e-6);
    run_for(&idle, 31, 1, 0); /* the lowest holds */
    run_for(&idle, 35, 1, 0);
    assert_float_equal(cct_idle_component_w(&idle, CCT_CPU), 31, 1e-6);
    idle.given_w = 7;
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_OPTION);
}

/* One thread of 128 is less than 2 % of the machine, and may drive all its GPUs. */
static void a_job_of_one_thread_is_not_quiet(void **state)
{
    (void)state;
    struct cct_idle idle = idle_of(NAN, 20, 0);
    run_for(&idle, 60, 1, 0.25);
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_TABLE);
}

/* The known fault: a table above what the machine draws left the job nothing. */
static void a_table_above_the_machine_is_cut_down(void **state)
{
    (void)state;
    struct cct_cpu_power power = {.idle_w = 40, .max_w = 120, .basis = "uarch"};
    struct cct_idle idle = idle_of(NAN, 40, 0);
    struct cct_shares shares = {.cpu = 1, .memory = NAN, .gpu = NAN};
    idle.power = &power;
    run_for(&idle, 15, 100, 0.25); /* full load, where the model says that a third is idle */
    assert_float_equal(cct_idle_component_w(&idle, CCT_CPU), 5, 1e-6);
    struct cct_sample s = sample_of(15000000, 0);
    assert_int_equal(cct_split_energy(&s, &idle, 1, &shares).job_uj, 10000000);
}

static void a_counter_that_stands_still_teaches_nothing(void **state)
{
    (void)state;
    struct cct_idle idle = idle_of(NAN, 40, 0);
    run_for(&idle, 0, 0, 0);
    assert_int_equal(cct_idle_source(&idle), CCT_IDLE_TABLE);
    assert_float_equal(cct_idle_component_w(&idle, CCT_CPU), 40, 0);
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
        cmocka_unit_test(memory_goes_by_memory_where_it_is_known),
        cmocka_unit_test(idle_is_learned_when_the_machine_is_quiet),
        cmocka_unit_test(a_job_of_one_thread_is_not_quiet),
        cmocka_unit_test(a_table_above_the_machine_is_cut_down),
        cmocka_unit_test(a_counter_that_stands_still_teaches_nothing),
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
