/* SPDX-License-Identifier: Apache-2.0
 * Machines of RAPL zones whose counters are rewritten between ticks. */
#include "check.h"

static const uint64_t RANGE = UINT64_C(262143328850);
static char rapl[] = "rapl*";
static char *all_rapl[] = {rapl};

static void server(struct machine *m)
{
    machine_make(m);
    machine_zone(m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_zone(m, "intel-rapl:0:0", "core", 600000, RANGE);
    machine_zone(m, "intel-rapl:0:1", "dram", 70000000, RANGE);
    machine_zone(m, "intel-rapl:1", "package-1", 900000000, RANGE);
    machine_zone(m, "intel-rapl:1:0", "dram", 5000000, RANGE);
    machine_open(m, all_rapl, 1);
    machine_read(m, 0);
}

static void every_joule_is_counted_once(void **state)
{
    struct machine m;
    (void)state;
    server(&m);
    machine_uj(&m, "intel-rapl:0", 1000000 + 100000001);
    machine_uj(&m, "intel-rapl:0:0", 600000 + 80000000);
    machine_uj(&m, "intel-rapl:0:1", 70000000 + 20000002);
    machine_uj(&m, "intel-rapl:1", 900000000 + 90000003);
    machine_uj(&m, "intel-rapl:1:0", 5000000 + 10000004);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_true(sample->known);
    assert_int_equal(sample->energy_uj, 100000001 + 20000002 + 90000003 + 10000004);
    assert_int_equal(sample->measured_uj, sample->energy_uj);
    assert_int_equal(sample->component_uj[CCT_CPU], 190000004);
    assert_int_equal(sample->component_uj[CCT_DRAM], 30000006);
    assert_false(sample->modelled);
    assert_int_equal(sample->reading_count, 5);
    assert_int_equal(machine_reading(&m, "rapl:core-0")->energy_uj, 80000000);
    assert_int_equal(machine_reading(&m, "rapl:dram-1")->energy_uj, 10000004);
    machine_end(&m);
}

static void sums_over_wraps_equal_the_truth(void **state)
{
    struct machine m;
    (void)state;
    server(&m);
    uint64_t at[2] = {1000000, 900000000};
    uint64_t truth = 0;
    uint64_t sum = 0;
    unsigned wraps = 0;
    for (int i = 1; i <= 3000; i++) {
        const char *const ids[] = {"intel-rapl:0", "intel-rapl:1"};
        for (int z = 0; z < 2; z++) {
            uint64_t uj = UINT64_C(350000000) + (uint64_t)(i * 7919 + z) % 1000;
            truth += uj;
            at[z] = at[z] + uj > RANGE ? at[z] + uj - RANGE : at[z] + uj;
            machine_uj(&m, ids[z], at[z]);
        }
        const struct cct_sample *sample = machine_tick(&m, i * S);
        sum += sample->energy_uj;
        wraps += machine_reading(&m, "rapl:package-0")->flags == CCT_FLAG_WRAP;
    }
    assert_int_equal(wraps, 4);
    assert_int_equal(sum, truth);
    machine_end(&m);
}

static void an_unreadable_moment_is_a_gap_and_its_energy_comes_later(void **state)
{
    static const char *const broken[] = {"", "abc\n", "12345678901234567890123\n", "-5\n",
                                         "12 34\n"};
    struct machine m;
    (void)state;
    server(&m);
    uint64_t at = 1000000;
    int64_t now = 0;
    for (size_t i = 0; i < CCT_LEN(broken); i++) {
        machine_energy(&m, "intel-rapl:0", broken[i]);
        const struct cct_sample *sample = machine_tick(&m, now += S);
        assert_false(machine_reading(&m, "rapl:package-0")->known);
        assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_GAP);
        assert_int_equal(sample->energy_uj, 0); /* the other zones stand still */
        machine_uj(&m, "intel-rapl:0", at += 150000000);
        sample = machine_tick(&m, now += S);
        assert_int_equal(sample->energy_uj, 150000000);
        assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, 0);
    }
    machine_end(&m);
}

static void a_counter_that_vanishes_and_returns_loses_nothing(void **state)
{
    struct machine m;
    char path[128];
    (void)state;
    server(&m);
    snprintf(path, sizeof path, "%s/" ZONE "intel-rapl:1/energy_uj", m.dir);
    assert_int_equal(unlink(path), 0);
    for (int i = 1; i <= 3; i++) {
        machine_tick(&m, i * S);
        assert_false(machine_reading(&m, "rapl:package-1")->known);
        assert_int_equal(machine_reading(&m, "rapl:package-1")->flags, CCT_FLAG_GAP);
    }
    machine_uj(&m, "intel-rapl:1", 900000000 + 444000000);
    assert_int_equal(machine_tick(&m, 4 * S)->energy_uj, 444000000);
    machine_end(&m);
}

static void a_replaced_file_is_read_anew(void **state)
{
    struct machine m;
    char from[128];
    char to[128];
    (void)state;
    server(&m);
    machine_file(&m, "new", "1500000\n");
    snprintf(from, sizeof from, "%s/new", m.dir);
    snprintf(to, sizeof to, "%s/" ZONE "intel-rapl:0/energy_uj", m.dir);
    assert_int_equal(rename(from, to), 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 500000);
    /* the folder goes away, and another one comes */
    snprintf(from, sizeof from, "%s/" ZONE "intel-rapl:0", m.dir);
    snprintf(to, sizeof to, "%s/gone", m.dir);
    assert_int_equal(rename(from, to), 0);
    machine_tick(&m, 2 * S);
    assert_int_equal(machine_reading(&m, "rapl:package-0")->flags, CCT_FLAG_GAP);
    machine_uj(&m, "intel-rapl:0", 1700000);
    assert_int_equal(machine_tick(&m, 3 * S)->energy_uj, 200000);
    machine_end(&m);
}

static void a_counter_that_was_reset_is_a_new_baseline(void **state)
{
    struct machine m;
    (void)state;
    server(&m);
    machine_uj(&m, "intel-rapl:1", 3000);
    machine_tick(&m, S);
    assert_false(machine_reading(&m, "rapl:package-1")->known);
    assert_int_equal(machine_reading(&m, "rapl:package-1")->flags, CCT_FLAG_RESET);
    machine_uj(&m, "intel-rapl:1", 50003000);
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 50000000);
    machine_end(&m);
}

static void mirrored_dies_are_one(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0-die-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "package-0-die-1", 5000000, RANGE);
    machine_open(&m, all_rapl, 1);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 65000000);
    machine_uj(&m, "intel-rapl:1", 65000061); /* one update later */
    assert_int_equal(machine_tick(&m, S)->energy_uj, 60000000);
    assert_string_equal(machine_source(&m, "rapl:package-0-die-1")->part_of,
                        "rapl:package-0-die-0");
    assert_null(machine_reading(&m, "rapl:package-0-die-1")->name);
    machine_end(&m);
}

static void dies_of_their_own_are_two(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:1", "package-1", 5000000, RANGE);
    machine_open(&m, all_rapl, 1);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 65000000);
    machine_uj(&m, "intel-rapl:1", 55000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 110000000);
    machine_end(&m);
}

static void msr_and_mmio_are_one(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl-mmio:0", "package-0", 5000000, RANGE);
    machine_open(&m, all_rapl, 1);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 45000000);
    machine_uj(&m, "intel-rapl-mmio:0", 49000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 40000000);
    assert_int_equal(m.sample.reading_count, 1);
    assert_string_equal(machine_source(&m, "rapl-mmio:package-0")->part_of, "rapl:package-0");
    machine_end(&m);
}

static void mmio_alone_has_the_plain_name(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl-mmio:0", "package-0", 5000000, RANGE);
    machine_open(&m, all_rapl, 1);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    machine_end(&m);
}

static void psys_contains_all(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1, RANGE);
    machine_zone(&m, "intel-rapl:0:0", "core", 1, RANGE);
    machine_zone(&m, "intel-rapl:0:1", "dram", 1, RANGE);
    machine_zone(&m, "intel-rapl:1", "psys", 1, RANGE);
    m.host.memory_bytes = 16e9;
    m.host.cpu.threads = 4;
    machine_open(&m, NULL, 0);
    assert_true(machine_source(&m, "rapl:psys")->counted);
    assert_string_equal(machine_source(&m, "rapl:package-0")->part_of, "rapl:psys");
    assert_string_equal(machine_source(&m, "rapl:dram-0")->part_of, "rapl:psys");
    assert_false(machine_source(&m, "model:cpu")->counted);
    assert_false(machine_source(&m, "model:memory")->counted);
    assert_string_equal(machine_source(&m, "model:memory")->reason,
                        "not needed: rapl:psys measures it");
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 30000001);
    machine_uj(&m, "intel-rapl:0:1", 10000001);
    machine_uj(&m, "intel-rapl:1", 70000001);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 70000000);
    assert_int_equal(m.sample.component_uj[CCT_BOARD], 70000000);
    assert_false(m.sample.component_known[CCT_CPU]);
    assert_int_equal(m.sample.reading_count, 4);
    machine_end(&m);
}

static void a_psys_that_is_not_enabled_is_left_out(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1, RANGE);
    machine_zone(&m, "intel-rapl:1", "psys", 1, RANGE);
    machine_file(&m, ZONE "intel-rapl:0/enabled", "0\n");
    machine_file(&m, ZONE "intel-rapl:1/enabled", "0\n");
    machine_open(&m, all_rapl, 1);
    assert_false(machine_source(&m, "rapl:psys")->readable);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    machine_end(&m);
}

static void globs_choose_what_is_summed(void **state)
{
    struct machine m;
    char core[] = "rapl:core*";
    char dram[] = "rapl:dram-0";
    char *chosen[] = {core, dram};
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 0, RANGE);
    machine_zone(&m, "intel-rapl:0:0", "core", 0, RANGE);
    machine_zone(&m, "intel-rapl:0:1", "dram", 0, RANGE);
    machine_open(&m, chosen, 2);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 900);
    machine_uj(&m, "intel-rapl:0:0", 300);
    machine_uj(&m, "intel-rapl:0:1", 40);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 340);
    machine_end(&m);
}

static void a_guest_whose_counter_stands_still_is_estimated(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 0, RANGE);
    m.host.cpu.hypervisor = true;
    m.host.cpu.threads = 2;
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_true(sample->known && sample->modelled);
    assert_int_equal(sample->measured_uj, 0);
    assert_null(machine_reading(&m, "rapl:package-0")->name);
    machine_uj(&m, "intel-rapl:0", 7000000);
    sample = machine_tick(&m, 2 * S);
    assert_int_equal(sample->measured_uj, 7000000);
    assert_int_equal(sample->energy_uj, 7000000);
    assert_null(machine_reading(&m, "model:cpu")->name);
    machine_end(&m);
}

static void nested_and_hexadecimal_zones_are_found(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl/intel-rapl:2", "package-2", 5, RANGE);
    machine_zone(&m, "intel-rapl/intel-rapl:a", "package-10", 5, RANGE);
    machine_zone(&m, "intel-rapl/intel-rapl:a/intel-rapl:a:0", "dram", 5, RANGE);
    machine_zone(&m, "intel-rapl/intel-rapl:10", "package-16", 5, RANGE);
    machine_open(&m, all_rapl, 1);
    assert_int_equal(cct_sensors_count(m.sensors), 6); /* and the models */
    assert_string_equal(cct_sensors_at(m.sensors, 0)->name, "rapl:package-2");
    assert_string_equal(cct_sensors_at(m.sensors, 2)->name, "rapl:dram-10");
    assert_string_equal(cct_sensors_at(m.sensors, 3)->name, "rapl:package-16");
    machine_end(&m);
}

static void subzones_that_lie_only_in_their_zone_are_found(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, RANGE);
    machine_zone(&m, "intel-rapl:0/intel-rapl:0:0", "dram", 5000000, RANGE);
    machine_open(&m, all_rapl, 1);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:0", 15000000);
    machine_uj(&m, "intel-rapl:0/intel-rapl:0:0", 8000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 13000000);
    assert_true(machine_source(&m, "rapl:dram-0")->counted);
    machine_end(&m);
}

static void no_sys_is_no_error(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_false(machine_tick(&m, S)->known);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_joule_is_counted_once),
        cmocka_unit_test(sums_over_wraps_equal_the_truth),
        cmocka_unit_test(an_unreadable_moment_is_a_gap_and_its_energy_comes_later),
        cmocka_unit_test(a_counter_that_vanishes_and_returns_loses_nothing),
        cmocka_unit_test(a_replaced_file_is_read_anew),
        cmocka_unit_test(a_counter_that_was_reset_is_a_new_baseline),
        cmocka_unit_test(mirrored_dies_are_one),
        cmocka_unit_test(dies_of_their_own_are_two),
        cmocka_unit_test(msr_and_mmio_are_one),
        cmocka_unit_test(mmio_alone_has_the_plain_name),
        cmocka_unit_test(psys_contains_all),
        cmocka_unit_test(a_psys_that_is_not_enabled_is_left_out),
        cmocka_unit_test(globs_choose_what_is_summed),
        cmocka_unit_test(a_guest_whose_counter_stands_still_is_estimated),
        cmocka_unit_test(nested_and_hexadecimal_zones_are_found),
        cmocka_unit_test(subzones_that_lie_only_in_their_zone_are_found),
        cmocka_unit_test(no_sys_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
