/* SPDX-License-Identifier: Apache-2.0
 * Drivers of devices that are no plain files, on devices of the test's own; and sensors that come
 * and go. */
#include "check.h"
#include "sensor/io.h"

#include <errno.h>
#include <sys/mman.h>

#define HW  "sys/class/hwmon/"
#define PMU "sys/bus/event_source/devices/power/"

/* ---- IPMI ---- */

struct fake_bmc {
    unsigned watts, sent;
    bool mute, idle;
    long id;
    bool waiting;
};

static int bmc_open(void *ctx)
{
    (void)ctx;
    return memfd_create("bmc", MFD_CLOEXEC);
}

static int bmc_send(void *ctx, int fd, long id)
{
    struct fake_bmc *b = ctx;
    (void)fd;
    b->sent++;
    b->id = id;
    b->waiting = !b->mute;
    return 0;
}

static int bmc_receive(void *ctx, int fd, int wait_ms, uint8_t *reply, size_t cap, long *id)
{
    struct fake_bmc *b = ctx;
    (void)fd;
    (void)wait_ms;
    if (!b->waiting)
        return 0;
    b->waiting = false;
    assert_true(cap >= 19);
    memset(reply, 0, 19);
    reply[1] = 0xdc;
    reply[2] = (uint8_t)(b->watts & 0xff);
    reply[3] = (uint8_t)(b->watts >> 8);
    reply[18] = b->idle ? 0 : 0x40;
    *id = b->id;
    return 19;
}

static void bmc_machine(struct machine *m, const struct cct_io *io)
{
    machine_make(m);
    m->io = io;
    machine_zone(m, "intel-rapl:0", "package-0", 5000000, 262143328850);
    machine_open(m, NULL, 0);
}

static void the_bmc_tells_the_whole_node_once_a_second_at_most(void **state)
{
    struct fake_bmc b = {.watts = 700};
    struct cct_io io = {
        .ctx = &b, .ipmi_open = bmc_open, .ipmi_send = bmc_send, .ipmi_receive = bmc_receive};
    struct machine m;
    (void)state;
    bmc_machine(&m, &io);
    assert_true(machine_source(&m, "ipmi:dcmi")->counted);
    assert_string_equal(machine_source(&m, "rapl:package-0")->part_of, "ipmi:dcmi");
    assert_int_equal(b.sent, 1);
    machine_read(&m, S);
    uint64_t sum = 0;
    for (int i = 1; i <= 100; i++)
        sum += machine_tick(&m, S + i * S / 10)->energy_uj;
    assert_int_equal(sum, 7000000000);
    assert_in_range(b.sent, 10, 12);
    machine_end(&m);
}

static void a_bmc_that_falls_silent_is_a_gap_not_its_last_word_for_ever(void **state)
{
    struct fake_bmc b = {.watts = 700};
    struct cct_io io = {
        .ctx = &b, .ipmi_open = bmc_open, .ipmi_send = bmc_send, .ipmi_receive = bmc_receive};
    struct machine m;
    (void)state;
    bmc_machine(&m, &io);
    machine_read(&m, S);
    machine_tick(&m, 2 * S);
    b.mute = true;
    for (int i = 3; i < 10; i++)
        machine_tick(&m, i * S);
    assert_false(machine_reading(&m, "ipmi:dcmi")->known);
    assert_int_equal(machine_reading(&m, "ipmi:dcmi")->flags, CCT_FLAG_GAP);
    machine_end(&m);
}

static void a_bmc_without_power_is_not_used(void **state)
{
    struct fake_bmc b = {.watts = 0, .idle = true};
    struct cct_io io = {
        .ctx = &b, .ipmi_open = bmc_open, .ipmi_send = bmc_send, .ipmi_receive = bmc_receive};
    struct machine m;
    (void)state;
    bmc_machine(&m, &io);
    assert_false(machine_source(&m, "ipmi:dcmi")->readable);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    machine_end(&m);
}

/* ---- coming and going ---- */

static void a_zone_added_while_running_counts_from_its_second_reading(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    m.host.cpu.threads = 4;
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, 262143328850);
    machine_open(&m, NULL, 0);
    uint64_t sum = 0;
    for (int i = 0; i <= 20; i++) {
        if (i == 8)
            machine_zone(&m, "intel-rapl:1", "package-1", 77000000, 262143328850);
        machine_uj(&m, "intel-rapl:0", 1000000 + (uint64_t)i * 10000000);
        if (i >= 8)
            machine_uj(&m, "intel-rapl:1", 77000000 + (uint64_t)i * 5000000);
        machine_tick(&m, (1 + i) * S);
        sum += machine_reading(&m, "rapl:package-1")->energy_uj;
        cct_sensors_rescan(m.sensors, (1 + i) * S);
    }
    assert_true(machine_source(&m, "rapl:package-1")->counted);
    assert_int_equal(m.sample.energy_uj, 15000000);
    assert_true(sum > 0 && sum <= 12 * 5000000);
    machine_end(&m);
}

static void a_model_takes_over_from_a_counter_that_is_gone_and_hands_back(void **state)
{
    struct machine m;
    char path[128];
    (void)state;
    machine_make(&m);
    m.host.cpu.threads = 4;
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, 262143328850);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_tick(&m, S);
    snprintf(path, sizeof path, "%s/" ZONE "intel-rapl:0/energy_uj", m.dir);
    assert_int_equal(unlink(path), 0);
    for (int i = 2; i < 60; i++) {
        machine_tick(&m, i * S);
        assert_false(m.sample.component_known[CCT_CPU]);
    }
    for (int i = 60; i < 65; i++)
        machine_tick(&m, i * S);
    assert_true(m.sample.component_known[CCT_CPU] && m.sample.modelled);
    assert_false(machine_source(&m, "rapl:package-0")->counted);
    assert_non_null(strstr(machine_source(&m, "rapl:package-0")->reason, "gone"));
    machine_uj(&m, "intel-rapl:0", 900000000); /* what was used meanwhile is in the model */
    machine_tick(&m, 65 * S);
    assert_true(m.sample.modelled);
    machine_uj(&m, "intel-rapl:0", 912000000);
    machine_tick(&m, 66 * S);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    assert_int_equal(m.sample.component_uj[CCT_CPU], 12000000);
    machine_end(&m);
}

#define BAT "sys/class/power_supply/BAT0/"

static void a_battery_counts_while_it_discharges_and_psys_on_mains(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:1", "psys", 1000000, 262143328850);
    machine_file(&m, BAT "type", "Battery\n");
    machine_file(&m, BAT "status", "Full\n");
    machine_file(&m, BAT "power_now", "0\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_uj(&m, "intel-rapl:1", 9000000);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 8000000);
    assert_false(machine_source(&m, "battery:BAT0")->counted);
    machine_file(&m, BAT "status", "Discharging\n");
    machine_file(&m, BAT "power_now", "-12000000\n");
    machine_uj(&m, "intel-rapl:1", 19000000);
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 10000000); /* its baseline */
    machine_uj(&m, "intel-rapl:1", 29000000);
    assert_int_equal(machine_tick(&m, 3 * S)->energy_uj, 12000000);
    assert_string_equal(machine_source(&m, "rapl:psys")->part_of, "battery:BAT0");
    machine_file(&m, BAT "status", "Charging\n");
    machine_uj(&m, "intel-rapl:1", 36000000);
    assert_int_equal(machine_tick(&m, 4 * S)->energy_uj, 7000000);
    assert_int_equal(machine_reading(&m, "battery:BAT0")->flags, 0);
    machine_end(&m);
}

/* ---- what nobody vouches for ---- */

static const char *const hostile_files[] = {
    HW "hwmon0/name",
    HW "hwmon0/power1_average",
    HW "hwmon0/power1_label",
    HW "hwmon0/energy2_input",
    HW "hwmon0/energy2_label",
    HW "hwmon0/in1_input",
    HW "hwmon0/curr1_input",
    HW "hwmon0/in1_label",
    HW "hwmon0/device/power3_average",
    HW "hwmon0/device/power3_oem_info",
    PMU "type",
    PMU "cpumask",
    PMU "events/energy-pkg",
    PMU "events/energy-pkg.scale",
    BAT "type",
    BAT "status",
    BAT "power_now",
    BAT "energy_now",
    "recording",
};

static const char *const hostile_words[] = {
    "amdgpu",
    "xe",
    "ina3221",
    "power_meter",
    "amd_energy",
    "Battery",
    "Discharging",
    "VDD_IN",
    "Esocket9",
    "event=0x02",
    "0-65535",
    "2.3e-10",
    "1e999999999",
    "-1",
    "99999999999",
    "1e-999999999",
    "\xff\xfe",
    "%s%n",
    "0,0,0,0",
    "Joules\n",
    "23",
    "\n",
    "",
    "18446744073709551615",
    "{\"schema\":\"cct.sample/1\",\"host\":\"a\",\"interval_s\":1e-10,\"energy_j\":1e300}\n",
    "{\"schema\":\"cct.sample/"
    "1\",\"host\":\"a\",\"interval_s\":1e6,\"components\":{\"cpu\":1e9}}\n"};

static void files_that_nobody_vouches_for_break_nothing(void **state)
{
    (void)state;
    srandom(11);
    for (int round = 0; round < 150; round++) {
        struct machine m;
        char text[1024];
        char replay[128];
        char any[] = "*";
        char *globs[] = {any, replay};
        struct cct_err err;
        machine_make(&m);
        for (size_t i = 0; i < CCT_LEN(hostile_files); i++) {
            size_t n = (size_t)random() % 3;
            text[0] = '\0';
            for (size_t k = 0; k < n; k++)
                snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
                         hostile_words[(size_t)random() % CCT_LEN(hostile_words)]);
            machine_file(&m, hostile_files[i], text);
        }
        snprintf(replay, sizeof replay, "replay:%s/recording", m.dir);
        struct cct_sensor_options options = {
            .root = &m.root, .host = &m.host, .globs = globs, .glob_count = 2};
        if (cct_sensors_open(&m.sensors, &options, &err) == 0)
            for (int i = 0; i < 4; i++)
                machine_tick(&m, i * S);
        else
            m.sensors = NULL;
        machine_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bmc_tells_the_whole_node_once_a_second_at_most),
        cmocka_unit_test(a_bmc_that_falls_silent_is_a_gap_not_its_last_word_for_ever),
        cmocka_unit_test(a_bmc_without_power_is_not_used),
        cmocka_unit_test(a_zone_added_while_running_counts_from_its_second_reading),
        cmocka_unit_test(a_model_takes_over_from_a_counter_that_is_gone_and_hands_back),
        cmocka_unit_test(files_that_nobody_vouches_for_break_nothing),
        cmocka_unit_test(a_battery_counts_while_it_discharges_and_psys_on_mains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
