/* SPDX-License-Identifier: Apache-2.0
 * The perf driver, on events of the test's own. */
#include "check.h"
#include "sensor/io.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/mman.h>

#define PMU "sys/bus/event_source/devices/power/"

struct fake_perf {
    int fds[4];        /* of the leaders, by CPU; each holds readings one behind the other */
    int members[4];    /* of each group */
    unsigned refused;  /* configs that fail to open: bits */
    int refused_errno; /* what they fail with */
    unsigned opened;
};

static int fake_perf_open(void *ctx, struct perf_event_attr *attr, int cpu, int group_fd)
{
    struct fake_perf *f = ctx;
    assert_int_equal(attr->type, 23);
    assert_int_equal(attr->read_format, PERF_FORMAT_GROUP);
    if (f->refused & (1U << attr->config)) {
        errno = f->refused_errno;
        return -1;
    }
    f->opened++;
    f->members[cpu]++;
    if (group_fd >= 0) {
        assert_int_equal(group_fd, f->fds[cpu]);
        return memfd_create("member", MFD_CLOEXEC);
    }
    return f->fds[cpu] = memfd_create("leader", MFD_CLOEXEC);
}

static void perf_event(const struct machine *m, const char *name, const char *config)
{
    char path[128];
    snprintf(path, sizeof path, PMU "events/%s", name);
    machine_file(m, path, config);
    snprintf(path, sizeof path, PMU "events/%s.scale", name);
    machine_file(m, path, "2.3283064365386962890625e-10\n");
    snprintf(path, sizeof path, PMU "events/%s.unit", name);
    machine_file(m, path, "Joules\n");
}

/* Two packages, CPUs 0 and 2, pkg and ram. */
static void perf_machine(struct machine *m, const struct cct_io *io)
{
    machine_make(m);
    m->io = io;
    machine_file(m, PMU "type", "23\n");
    machine_file(m, PMU "cpumask", "0,2\n");
    perf_event(m, "energy-pkg", "event=0x02\n");
    perf_event(m, "energy-ram", "event=0x03\n");
    machine_file(m, "sys/devices/system/cpu/cpu0/topology/physical_package_id", "0\n");
    machine_file(m, "sys/devices/system/cpu/cpu2/topology/physical_package_id", "1\n");
}

/* The next reading of a group: counts of 2^-32 J. */
static void perf_next(const struct fake_perf *f, int cpu, uint64_t a, uint64_t b)
{
    uint64_t values[] = {2, a, b};
    off_t at = lseek(f->fds[cpu], 0, SEEK_CUR);
    assert_int_equal(pwrite(f->fds[cpu], values, sizeof values, at), sizeof values);
}

static const uint64_t JOULE = UINT64_C(1) << 32;

static void perf_reads_one_group_a_package_and_is_exact(void **state)
{
    struct fake_perf f = {0};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    (void)state;
    perf_machine(&m, &io);
    machine_open(&m, NULL, 0);
    assert_int_equal(f.opened, 4);
    perf_next(&f, 0, 0, 0);
    perf_next(&f, 2, 0, 0);
    machine_read(&m, 0);
    uint64_t sum = 0;
    for (int i = 1; i <= 1000; i++) { /* 123.456789 J and 7.25 J a second */
        perf_next(&f, 0, (uint64_t)(123.456789 * i * (double)JOULE), 29 * JOULE / 4 * (uint64_t)i);
        perf_next(&f, 2, JOULE * (uint64_t)i, 0);
        sum += machine_tick(&m, i * S)->energy_uj;
        assert_int_equal(m.sample.reading_count, 4);
    }
    assert_in_range(sum, UINT64_C(131706789000) - 2, UINT64_C(131706789000) + 2);
    assert_true(machine_source(&m, "rapl:dram-1")->counted);
    machine_end(&m);
}

static void perf_is_preferred_to_powercap(void **state)
{
    struct fake_perf f = {0};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    char rapl[] = "rapl:*";
    char *globs[] = {rapl};
    (void)state;
    perf_machine(&m, &io);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, 262143328850);
    machine_zone(&m, "intel-rapl:0:0", "core", 5000000, 262143328850);
    machine_open(&m, globs, 1);
    perf_next(&f, 0, 0, 0);
    perf_next(&f, 2, 0, 0);
    machine_read(&m, 0);
    perf_next(&f, 0, 10 * JOULE, 2 * JOULE);
    perf_next(&f, 2, 5 * JOULE, JOULE);
    machine_uj(&m, "intel-rapl:0", 15000000);
    machine_uj(&m, "intel-rapl:0:0", 9000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 18000000);
    assert_string_equal(machine_source(&m, "powercap:package-0")->part_of, "rapl:package-0");
    assert_string_equal(machine_source(&m, "rapl:core-0")->part_of, "rapl:package-0");
    assert_int_equal(machine_reading(&m, "rapl:package-0")->energy_uj, 10000000);
    assert_null(machine_reading(&m, "powercap:package-0")->name);
    machine_end(&m);
}

/* Likewise of a group of one. */
static void perf_next_one(const struct fake_perf *f, int cpu, uint64_t a)
{
    uint64_t values[] = {1, a};
    off_t at = lseek(f->fds[cpu], 0, SEEK_CUR);
    assert_int_equal(pwrite(f->fds[cpu], values, sizeof values, at), sizeof values);
}

static void trap_mirrored_dies_read_across_an_update_of_their_register(void **state)
{
    struct fake_perf f = {.refused = 1U << 3, .refused_errno = ENOENT};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    char rapl[] = "rapl:*";
    char *globs[] = {rapl};
    (void)state;
    perf_machine(&m, &io);
    machine_open(&m, globs, 1);
    perf_next_one(&f, 0, 10 * JOULE);
    perf_next_one(&f, 2, 10 * JOULE);
    machine_read(&m, 0);
    /* six words a read: as many as a group can have */
    const uint64_t late[8] = {1, 20 * JOULE, [6] = 1, [7] = 21 * JOULE};
    off_t at = lseek(f.fds[0], 0, SEEK_CUR);
    assert_int_equal(pwrite(f.fds[0], late, sizeof late, at), sizeof late);
    const uint64_t early[8] = {1, 21 * JOULE, [6] = 1, [7] = 21 * JOULE};
    at = lseek(f.fds[2], 0, SEEK_CUR);
    assert_int_equal(pwrite(f.fds[2], early, sizeof early, at), sizeof early);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 11000000);
    assert_string_equal(machine_source(&m, "rapl:package-1")->part_of, "rapl:package-0");
    machine_end(&m);
}

static void perf_that_is_not_allowed_leaves_it_to_powercap(void **state)
{
    struct fake_perf f = {.refused = ~0U, .refused_errno = EACCES};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    (void)state;
    perf_machine(&m, &io);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, 262143328850);
    machine_open(&m, NULL, 0);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    assert_false(machine_source(&m, "perf:package-0")->readable);
    assert_non_null(strstr(machine_source(&m, "perf:package-0")->reason, "perf_event_paranoid"));
    assert_non_null(strstr(machine_source(&m, "perf:package-0")->remedy, "cap_perfmon"));
    machine_end(&m);
}

static void trap_perf_and_powercap_show_different_domains(void **state)
{
    struct fake_perf f = {.refused = 1U << 3, .refused_errno = ENOENT};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    char rapl[] = "rapl:*";
    char *globs[] = {rapl};
    (void)state;
    perf_machine(&m, &io);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, 262143328850);
    machine_zone(&m, "intel-rapl:0:0", "dram", 5000000, 65712999613);
    machine_open(&m, globs, 1);
    for (int cpu = 0; cpu <= 2; cpu += 2)
        perf_next_one(&f, cpu, 0);
    machine_read(&m, 0);
    perf_next_one(&f, 0, 10 * JOULE);
    perf_next_one(&f, 2, 5 * JOULE);
    machine_uj(&m, "intel-rapl:0", 15000000);
    machine_uj(&m, "intel-rapl:0:0", 8000000);
    assert_int_equal(machine_tick(&m, S)->component_uj[CCT_CPU], 15000000);
    assert_int_equal(m.sample.component_uj[CCT_DRAM], 3000000);
    machine_end(&m);
}

/* Kernels before 5.17 list energy-ram on AMD processors that have none. */
static void trap_events_that_exist_only_in_sysfs_are_left_to_powercap(void **state)
{
    struct fake_perf f = {.refused = 1U << 3, .refused_errno = EINVAL};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    (void)state;
    perf_machine(&m, &io);
    machine_zone(&m, "intel-rapl:0", "package-0", 5000000, 262143328850);
    machine_zone(&m, "intel-rapl:0:0", "dram", 5000000, 65712999613);
    machine_open(&m, NULL, 0);
    assert_int_equal(f.members[0], 1);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    assert_string_equal(machine_source(&m, "powercap:package-0")->part_of, "rapl:package-0");
    assert_true(machine_source(&m, "rapl:dram-0")->counted);
    assert_false(machine_source(&m, "perf:dram-0")->readable);
    machine_end(&m);
}

static void trap_dies_of_a_package_and_one_platform(void **state)
{
    struct fake_perf f = {0};
    struct cct_io io = {.ctx = &f, .perf_open = fake_perf_open};
    struct machine m;
    (void)state;
    perf_machine(&m, &io);
    perf_event(&m, "energy-psys", "event=0x05\n");
    machine_file(&m, "sys/devices/system/cpu/cpu2/topology/physical_package_id", "0\n");
    machine_file(&m, "sys/devices/system/cpu/cpu0/topology/die_id", "0\n");
    machine_file(&m, "sys/devices/system/cpu/cpu2/topology/die_id", "1\n");
    machine_open(&m, NULL, 0);
    assert_string_equal(machine_source(&m, "rapl:package-0-die-0")->part_of, "rapl:psys");
    assert_string_equal(machine_source(&m, "rapl:package-0-die-1")->part_of, "rapl:psys");
    assert_true(machine_source(&m, "rapl:psys")->counted);
    assert_int_equal(f.opened, 5);
    machine_end(&m);
}

static void perf_of_a_captured_machine_is_not_opened(void **state)
{
    struct machine m;
    (void)state;
    perf_machine(&m, NULL);
    machine_open(&m, NULL, 0);
    assert_false(machine_source(&m, "rapl:package-0")->readable);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(perf_reads_one_group_a_package_and_is_exact),
        cmocka_unit_test(perf_is_preferred_to_powercap),
        cmocka_unit_test(trap_mirrored_dies_read_across_an_update_of_their_register),
        cmocka_unit_test(perf_that_is_not_allowed_leaves_it_to_powercap),
        cmocka_unit_test(trap_perf_and_powercap_show_different_domains),
        cmocka_unit_test(trap_events_that_exist_only_in_sysfs_are_left_to_powercap),
        cmocka_unit_test(trap_dies_of_a_package_and_one_platform),
        cmocka_unit_test(perf_of_a_captured_machine_is_not_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
