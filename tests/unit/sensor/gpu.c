/* SPDX-License-Identifier: Apache-2.0
 * Whose a board's energy was, and what one draws that nothing measures. */
#include "check.h"

#include "sensor/gpu_power.h"
#include "sensor/job.h"

#include <unistd.h>

static pid_t pids[] = {10, 11};
static const struct cct_pids job = {.items = pids, .count = 2};

static struct cct_gpu_process processes[3];

struct result {
    struct cct_sample sample;
    struct cct_gpu detail;
};

/* Of a machine that drew 7 J beside the board, all of them at rest. */
static struct result split(struct cct_board board)
{
    struct result r = {.detail = cct_gpu_unknown("GPU-x")};
    struct cct_sample *sample = &r.sample;
    board.counted = true;
    board.processes = processes;
    struct cct_board_list list = {.items = &board, .details = &r.detail, .count = 1};
    sample->energy_uj = board.energy_uj + 7000000;
    sample->component_uj[CCT_GPU] = board.energy_uj;
    cct_boards_take(&list, sample);
    sample->split = true;
    sample->idle_uj = sample->energy_uj;
    cct_boards_give(&list, &job, sample);
    assert_int_equal(sample->energy_uj, board.energy_uj + 7000000);
    assert_int_equal(sample->component_uj[CCT_GPU], board.energy_uj);
    assert_int_equal(sample->job_uj + sample->idle_uj + sample->other_uj, sample->energy_uj);
    sample->idle_uj -= 7000000;
    return r;
}

/* 300 J in a second, 60 J of them at rest. */
#define BOARD .energy_uj = 300000001, .span_s = 1, .idle_w = 60

static void test_by_share_of_the_time(void **state)
{
    (void)state;
    processes[0] = (struct cct_gpu_process){.pid = 10, .busy = 45, .memory_bytes = 1};
    processes[1] = (struct cct_gpu_process){.pid = 77, .busy = 15, .memory_bytes = 9};
    struct result r = split((struct cct_board){BOARD, .processes_known = true, .process_count = 2});
    assert_string_equal(r.detail.job_share_by, "processes");
    assert_int_equal(r.sample.job_uj, 180000000);
    assert_int_equal(r.sample.idle_uj, 60000000);
    assert_int_equal(r.sample.other_uj, 60000001);
}

static void test_all_of_it_when_nobody_else_is_there(void **state)
{
    (void)state;
    processes[0] = (struct cct_gpu_process){.pid = 10, .busy = NAN, .memory_bytes = NAN};
    processes[1] = (struct cct_gpu_process){.pid = 11, .busy = NAN, .memory_bytes = NAN};
    struct result r = split((struct cct_board){BOARD, .processes_known = true, .process_count = 2});
    assert_string_equal(r.detail.job_share_by, "exclusive");
    assert_int_equal(r.sample.job_uj, 240000001);
    assert_int_equal(r.sample.other_uj, 0);
}

static void test_by_memory_where_no_time_is_told(void **state)
{
    (void)state;
    processes[0] = (struct cct_gpu_process){.pid = 10, .busy = NAN, .memory_bytes = 3e9};
    processes[1] = (struct cct_gpu_process){.pid = 77, .busy = NAN, .memory_bytes = 1e9};
    struct result r = split((struct cct_board){BOARD, .processes_known = true, .process_count = 2});
    assert_string_equal(r.detail.job_share_by, "memory");
    assert_int_equal(r.sample.job_uj, 180000000);
    processes[1].memory_bytes = NAN;
    r = split((struct cct_board){BOARD, .processes_known = true, .process_count = 2});
    assert_string_equal(r.detail.job_share_by, "count");
    assert_int_equal(r.sample.job_uj, 120000000);
}

static void test_nothing_of_boards_that_are_not_the_jobs(void **state)
{
    (void)state;
    processes[0] = (struct cct_gpu_process){.pid = 10, .busy = 99, .memory_bytes = 1};
    struct result r = split((struct cct_board){BOARD, .owner = CCT_OWNER_NOT,
                                               .processes_known = true, .process_count = 1});
    assert_int_equal(r.sample.job_uj, 0);
    assert_int_equal(r.sample.other_uj, 240000001);
    processes[0].pid = 77;
    r = split((struct cct_board){BOARD, .processes_known = true, .process_count = 1});
    assert_int_equal(r.sample.job_uj, 0);
}

static void test_named_for_the_job_where_no_process_is_seen(void **state)
{
    (void)state;
    struct result r = split((struct cct_board){BOARD, .owner = CCT_OWNER_JOB});
    assert_string_equal(r.detail.job_share_by, "device");
    assert_int_equal(r.sample.job_uj, 240000001);
    r = split((struct cct_board){BOARD}); /* stays with what is shared by processor time */
    assert_string_equal(r.detail.job_share_by, "cpu_time");
    assert_int_equal(r.sample.job_uj, 0);
    assert_int_equal(r.sample.idle_uj, 300000001);
}

static void test_all_processes_ended_within_the_tick(void **state)
{
    (void)state;
    struct cct_rest rest = {.share = 0.75, .share_by = "processes"};
    struct cct_board board = {BOARD, .processes_known = true, .rest = &rest};
    assert_int_equal(split(board).sample.job_uj, 180000000);
    assert_int_equal(split(board).sample.job_uj, 0); /* and not for ever */
}

static void test_board_in_another_source_is_not_split(void **state)
{
    (void)state;
    struct cct_gpu detail = cct_gpu_unknown("GPU-x");
    struct cct_board board = {BOARD, .processes_known = true};
    struct cct_board_list list = {.items = &board, .details = &detail, .count = 1};
    struct cct_sample sample = {.energy_uj = 5};
    cct_boards_take(&list, &sample);
    assert_int_equal(sample.energy_uj, 5);
}

static void test_processes_of_a_cgroup_and_those_below(void **state)
{
    struct machine m;
    struct cct_job *followed;
    struct cct_pids found = {0};
    (void)state;
    machine_make(&m);
    machine_file(&m, "sys/fs/cgroup/job/cpu.stat", "usage_usec 5\n");
    machine_file(&m, "sys/fs/cgroup/job/cgroup.procs", "5\nx\n7\n99999999999\n");
    machine_file(&m, "sys/fs/cgroup/job/a/b/cgroup.procs", "9\n");
    assert_int_equal(cct_job_open_cgroup(&followed, &m.root, "/job", NULL), 0);
    followed->kind->pids(followed, &found);
    assert_int_equal(found.count, 3);
    assert_int_equal(found.items[0], 5);
    assert_int_equal(found.items[2], 9);
    found.before = 2;
    cct_job_pids(followed, 1, &found); /* 9 is kept for once */
    assert_int_equal(found.count, 4);
    assert_int_equal(found.items[0], 9);
    cct_job_pids(followed, 0, &found);
    assert_int_equal(found.count, 3);
    cct_job_close(followed);
    free(found.items);
    machine_end(&m);
}

static void test_processes_of_a_tree(void **state)
{
    struct machine m;
    struct cct_job *followed;
    struct cct_pids found = {0};
    (void)state;
    machine_make(&m);
    machine_file(&m, "proc/40/stat", "40 (a) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 100 0 1\n");
    machine_file(&m, "proc/41/stat", "41 (b) S 40 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 100 0 1\n");
    machine_file(&m, "proc/50/stat", "50 (c) S 1 1 1 0 -1 0 0 0 0 0 1 1 0 0 20 0 1 0 100 0 1\n");
    assert_int_equal(cct_job_open_pid(&followed, &m.root, 40, NULL), 0);
    followed->kind->pids(followed, &found);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.items[0], 40);
    assert_int_equal(found.items[1], 41);
    cct_job_close(followed);
    free(found.items);
    machine_end(&m);
}

static void test_model_knows_the_longest_name(void **state)
{
    struct cct_gpu_power p;
    (void)state;
    cct_gpu_power_find("nvidia", "NVIDIA A100-SXM4-40GB", NAN, &p);
    assert_string_equal(p.row, "A100 SXM4 40GB");
    assert_true(p.max_w == 400 && p.idle_w == 0.115 * 400);
    cct_gpu_power_find("nvidia", "NVIDIA A10", NAN, &p);
    assert_string_equal(p.row, "A10");
    cct_gpu_power_find("nvidia", "Tesla T4", 60, &p);
    assert_true(p.max_w == 60 && p.idle_w == 8);
    cct_gpu_power_find("nvidia", "NVIDIA Nonesuch 9", NAN, &p);
    assert_true(isnan(p.max_w));
}

static void test_model_lies_within_its_bounds(void **state)
{
    struct cct_gpu_power p;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        cct_gpu_power_find("nvidia", "Tesla T4", i ? 70 : (double)NAN, &p);
        for (int util = -1; util <= 100; util++) {
            struct cct_value_read r = cct_gpu_power_read(&p, util < 0 ? (double)NAN : util);
            assert_true(r.low_w > 0 && r.low_w <= r.w && r.w <= r.high_w && r.high_w <= 71);
        }
    }
    assert_true(cct_gpu_power_read(&p, 0).high_w >= 26.78); /* one at rest in P0 */
    assert_true(cct_gpu_power_read(&p, 100).w == 70);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_share_of_the_time),
        cmocka_unit_test(test_all_of_it_when_nobody_else_is_there),
        cmocka_unit_test(test_by_memory_where_no_time_is_told),
        cmocka_unit_test(test_nothing_of_boards_that_are_not_the_jobs),
        cmocka_unit_test(test_named_for_the_job_where_no_process_is_seen),
        cmocka_unit_test(test_all_processes_ended_within_the_tick),
        cmocka_unit_test(test_board_in_another_source_is_not_split),
        cmocka_unit_test(test_processes_of_a_cgroup_and_those_below),
        cmocka_unit_test(test_processes_of_a_tree),
        cmocka_unit_test(test_model_knows_the_longest_name),
        cmocka_unit_test(test_model_lies_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
