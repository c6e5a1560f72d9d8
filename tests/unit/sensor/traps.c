/* SPDX-License-Identifier: Apache-2.0
 * Traps of the kernel's interfaces that have cost other trackers wrong joules: one test each, named
 * after the trap. These are of powercap; those of zones, wraps and dies are in zones.c, those of
 * perf in perf.c. */
#include "check.h"

static const uint64_t RANGE = UINT64_C(262143328850);
static const uint64_t DRAM_RANGE = UINT64_C(65712999613);

/* ---- powercap ---- */

static void trap_the_zone_index_is_not_the_socket_number(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "psys", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "package-1", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:2", "package-0", 5000000, RANGE);
    machine_open(&m, NULL, 0);
    assert_true(machine_source(&m, "rapl:psys")->counted);
    assert_string_equal(machine_source(&m, "rapl:package-0")->part_of, "rapl:psys");
    machine_end(&m);
}

static void trap_dram_as_a_zone_of_its_own_at_the_top(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "dram", 5000000, DRAM_RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 15000000);
    machine_uj(&m, "intel-rapl:1", 9000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 14000000);
    assert_int_equal(m.sample.component_uj[CCT_DRAM], 4000000);
    machine_end(&m);
}

static void trap_each_zone_wraps_at_its_own_range(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", RANGE - 1000000, RANGE);
    machine_zone(&m, "intel-rapl:0:0", "dram", DRAM_RANGE - 2000000, DRAM_RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 500000);
    machine_uj(&m, "intel-rapl:0:0", 700000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 1500000 + 2700000);
    machine_end(&m);
}

static void trap_a_range_that_reads_zero_or_is_missing_corrects_nothing(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 90000000, 0);
    machine_file(&m, ZONE "intel-rapl:0/max_energy_range_uj", "0\n");
    machine_zone(&m, "intel-rapl:1", "package-1", 80000000, 0);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 1000000);
    machine_uj(&m, "intel-rapl:1", 1000000);
    assert_false(machine_tick(&m, S)->component_known[CCT_CPU]);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_RESET);
    machine_uj(&m, "intel-rapl:0", 4000000);
    machine_uj(&m, "intel-rapl:1", 6000000);
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 8000000);
    machine_end(&m);
}

static void trap_several_wraps_in_a_long_silence_are_refused(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 2000000);
    assert_false(machine_tick(&m, 3600 * S)->component_known[CCT_CPU]);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_GAP);
    machine_uj(&m, "intel-rapl:0", 5000000);
    assert_int_equal(machine_tick(&m, 3601 * S)->energy_uj, 3000000);
    machine_end(&m);
}

static void trap_a_psys_in_an_unknown_unit(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "psys", UINT64_C(60293987000000), RANGE);
    machine_file(&m, ZONE "intel-rapl:1/enabled", "0\n");
    machine_open(&m, NULL, 0);
    assert_false(machine_source(&m, "rapl:psys")->readable);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    machine_end(&m);
}

/* 1 kW of a part of 65 W, 500 MJ in a second: more than any part draws. */
static void trap_a_psys_that_never_counts(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "psys", 0, RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 25000000);
    assert_int_equal(machine_tick(&m, S)->component_uj[CCT_CPU], 20000000);
    assert_false(m.sample.component_known[CCT_BOARD]);
    assert_null(machine_reading(&m, "rapl:psys")->name);
    machine_uj(&m, "intel-rapl:0", 30000000);
    machine_uj(&m, "intel-rapl:1", 9000000); /* it does, after all */
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 9000000);
    machine_end(&m);
}

static void trap_other_control_types_are_no_counters(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "dtpm:0", "package-1", 5000000, RANGE);
    machine_open(&m, NULL, 0);
    assert_int_equal(machine_source(&m, "rapl:package-1")->name[0], '\0');
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 15000000);
    machine_uj(&m, "dtpm:0", 95000000);
    assert_int_equal(machine_tick(&m, S)->component_uj[CCT_CPU], 10000000);
    machine_end(&m);
}

static void trap_an_implausible_reading_is_not_counted(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    m.host.cpu.tdp_w = 65;
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, 0);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", UINT64_C(500000001000000));
    assert_false(machine_tick(&m, S)->component_known[CCT_CPU]);
    assert_true(machine_reading(&m, "rapl:package-0")->flags & CCT_FLAG_IMPLAUSIBLE);
    machine_uj(&m, "intel-rapl:0", 31000000); /* it was torn: back on its way */
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 30000000);
    machine_end(&m);
}

static void trap_an_empty_read_is_no_zero(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", UINT64_C(200000000000), RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_energy(&m, "intel-rapl:0", "");
    machine_tick(&m, S);
    assert_false(machine_reading(&m, "rapl:package-0")->known);
    machine_uj(&m, "intel-rapl:0", UINT64_C(200090000000));
    machine_tick(&m, 2 * S);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->energy_uj, 90000000);
    machine_end(&m);
}

static void trap_reads_that_fail_with_an_error(void **state)
{
    struct machine m;
    char path[160];
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    snprintf(path, sizeof path, "%s/" ZONE "intel-rapl:0/energy_uj", m.dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0); /* EISDIR */
    machine_tick(&m, S);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_GAP);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0); /* ESPIPE, and would block */
    machine_tick(&m, 2 * S);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_GAP);
    assert_int_equal(unlink(path), 0);
    machine_uj(&m, "intel-rapl:0", 4000000);
    assert_int_equal(machine_tick(&m, 3 * S)->component_uj[CCT_CPU], 3000000);
    machine_end(&m);
}

static void trap_no_change_at_a_thousand_hertz_is_normal(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    uint64_t sum = 0;
    for (int i = 1; i <= 1000; i++) {
        if (i % 3 == 0)
            machine_uj(&m, "intel-rapl:0", 1000000 + (uint64_t)i * 100000);
        sum += machine_tick(&m, i * CCT_NS_PER_MS)->energy_uj;
    }
    assert_int_equal(sum, 999 * 100000);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_the_zone_index_is_not_the_socket_number),
        cmocka_unit_test(trap_dram_as_a_zone_of_its_own_at_the_top),
        cmocka_unit_test(trap_each_zone_wraps_at_its_own_range),
        cmocka_unit_test(trap_a_range_that_reads_zero_or_is_missing_corrects_nothing),
        cmocka_unit_test(trap_several_wraps_in_a_long_silence_are_refused),
        cmocka_unit_test(trap_a_psys_in_an_unknown_unit),
        cmocka_unit_test(trap_a_psys_that_never_counts),
        cmocka_unit_test(trap_other_control_types_are_no_counters),
        cmocka_unit_test(trap_an_implausible_reading_is_not_counted),
        cmocka_unit_test(trap_an_empty_read_is_no_zero),
        cmocka_unit_test(trap_reads_that_fail_with_an_error),
        cmocka_unit_test(trap_no_change_at_a_thousand_hertz_is_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
