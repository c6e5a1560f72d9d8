/* SPDX-License-Identifier: Apache-2.0
 * Traps of the kernel's interfaces that have cost other trackers wrong joules: one test each, named
 * after the trap. These are of hwmon and of batteries. */
#include "check.h"

static const uint64_t RANGE = UINT64_C(262143328850);

#define HW "sys/class/hwmon/"

static void link_device(const struct machine *m, const char *hwmon, const char *device)
{
    char path[256];
    char target[128];
    snprintf(path, sizeof path, "%s/" HW "%s/device", m->dir, hwmon);
    snprintf(target, sizeof target, "../../../%s", device);
    assert_int_equal(symlink(target, path), 0);
}

/* ---- hwmon ---- */

static void trap_hwmon_numbers_change_from_boot_to_boot(void **state)
{
    static const char *const numbers[] = {"hwmon2", "hwmon7"};
    (void)state;
    for (size_t i = 0; i < CCT_LEN(numbers); i++) {
        struct machine m;
        char path[64];
        machine_make(&m);
        snprintf(path, sizeof path, HW "%s/name", numbers[i]);
        machine_file(&m, path, "amdgpu\n");
        snprintf(path, sizeof path, HW "%s/power1_average", numbers[i]);
        machine_file(&m, path, "30000000\n");
        snprintf(path, sizeof path, HW "%s/power1_cap", numbers[i]);
        machine_file(&m, path, "220000000\n");
        link_device(&m, numbers[i], "0000:03:00.0");
        machine_open(&m, NULL, 0);
        assert_true(machine_source(&m, "amdgpu:0000:03:00.0")->counted);
        machine_end(&m);
    }
}

static double amdgpu_w(const char *file, const char *text)
{
    struct machine m;
    char path[64];
    machine_make(&m);
    machine_file(&m, HW "hwmon3/name", "amdgpu\n");
    machine_file(&m, HW "hwmon3/power1_cap", "220000000\n");
    snprintf(path, sizeof path, HW "hwmon3/%s", file);
    machine_file(&m, path, text);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_tick(&m, S);
    double w = m.sample.component_known[CCT_GPU] ? (double)m.sample.energy_uj / 1e6 : (double)NAN;
    machine_end(&m);
    return w;
}

static void trap_amdgpu_has_the_average_or_the_input(void **state)
{
    (void)state;
    assert_true(fabs(amdgpu_w("power1_average", "85000000\n") - 85) < 1e-6);
    assert_true(fabs(amdgpu_w("power1_input", "112000000\n") - 112) < 1e-6);
}

static void trap_an_absent_value_of_ffff_is_no_power(void **state)
{
    (void)state;
    assert_true(isnan(amdgpu_w("power1_input", "65535000000\n")));
    assert_true(isnan(amdgpu_w("power1_input", "-1\n")));
    assert_true(isnan(amdgpu_w("power1_input", "\n")));
}

static void trap_an_apu_reports_the_package_as_its_graphics(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_file(&m, HW "hwmon3/name", "amdgpu\n");
    machine_file(&m, HW "hwmon3/power1_input", "20000000\n");
    machine_open(&m, NULL, 0);
    assert_string_equal(machine_source(&m, "amdgpu:hwmon3")->part_of, "rapl:package-0");
    machine_end(&m);
}

static void trap_amd_energy_sockets_once_and_no_cores(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon0/name", "amd_energy\n");
    machine_file(&m, HW "hwmon0/energy1_label", "Ecore000\n");
    machine_file(&m, HW "hwmon0/energy1_input", "1000000\n");
    machine_file(&m, HW "hwmon0/energy2_label", "Esocket0\n");
    machine_file(&m, HW "hwmon0/energy2_input", "5000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_file(&m, HW "hwmon0/energy1_input", "91000000\n");
    machine_file(&m, HW "hwmon0/energy2_input", "155000000\n");
    assert_int_equal(machine_tick(&m, S)->component_uj[CCT_CPU], 150000000);
    machine_end(&m);
    /* beside RAPL it is a second view of the same */
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_file(&m, HW "hwmon0/name", "amd_energy\n");
    machine_file(&m, HW "hwmon0/energy2_label", "Esocket0\n");
    machine_file(&m, HW "hwmon0/energy2_input", "5000000\n");
    machine_open(&m, NULL, 0);
    assert_string_equal(machine_source(&m, "amd_energy:socket-0")->part_of, "rapl:package-0");
    machine_end(&m);
}

static void trap_xe_energy_beyond_32_bits_card_holds_chip(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon1/name", "xe\n");
    machine_file(&m, HW "hwmon1/energy1_input", "710000000000000\n");
    machine_file(&m, HW "hwmon1/energy2_input", "610000000000000\n");
    machine_file(&m, HW "hwmon1/power1_crit", "400000000\n");
    link_device(&m, "hwmon1", "0000:03:00.0");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_file(&m, HW "hwmon1/energy1_input", "710000070000001\n");
    machine_file(&m, HW "hwmon1/energy2_input", "610000050000000\n");
    assert_int_equal(machine_tick(&m, S)->component_uj[CCT_GPU], 70000001);
    assert_string_equal(machine_source(&m, "xe:0000:03:00.0:pkg")->part_of, "xe:0000:03:00.0:card");
    machine_end(&m);
}

static void trap_a_gpu_counter_that_was_not_renewed_is_not_at_rest(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon1/name", "i915\n");
    machine_file(&m, HW "hwmon1/energy1_input", "1000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    const int64_t step_ns = 20 * CCT_NS_PER_MS;
    for (int i = 1; i <= 3; i++) {
        assert_false(machine_tick(&m, i * step_ns)->component_known[CCT_GPU]);
        assert_int_equal(machine_reading(&m, "i915:hwmon1")->flags, 0);
    }
    machine_file(&m, HW "hwmon1/energy1_input", "9000000\n");
    assert_int_equal(machine_tick(&m, 4 * step_ns)->component_uj[CCT_GPU], 8000000);
    machine_end(&m);
}

static void trap_vdd_in_holds_the_rails_and_shunts_are_no_power(void **state)
{
    static const char *const labels[] = {"", "VDD_IN\n", "VDD_CPU_GPU_CV\n", "VDD_SOC\n"};
    struct machine m;
    char path[64];
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon4/name", "ina3221\n");
    for (int i = 1; i <= 7; i++) {
        snprintf(path, sizeof path, HW "hwmon4/in%d_input", i);
        machine_file(&m, path, "5000\n");
        snprintf(path, sizeof path, HW "hwmon4/curr%d_input", i);
        machine_file(&m, path, i == 1 ? "2000\n" : "500\n");
        snprintf(path, sizeof path, HW "hwmon4/in%d_label", i);
        if (i <= 3)
            machine_file(&m, path, labels[i]);
    }
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 10000000);
    assert_int_equal(m.sample.reading_count, 3);
    machine_end(&m);
}

static void trap_a_jetson_that_shows_its_rails_under_the_driver_alone(void **state)
{
    static const char I2C[] = "sys/bus/i2c/drivers/";
    struct machine m;
    char path[128];
    (void)state;
    machine_make(&m);
    snprintf(path, sizeof path, "%sina3221/1-0040/hwmon/hwmon3/name", I2C);
    machine_file(&m, path, "ina3221\n");
    snprintf(path, sizeof path, "%sina3221/1-0040/hwmon/hwmon3/in1_label", I2C);
    machine_file(&m, path, "VDD_IN\n");
    snprintf(path, sizeof path, "%sina3221/1-0040/hwmon/hwmon3/in1_input", I2C);
    machine_file(&m, path, "5000\n");
    snprintf(path, sizeof path, "%sina3221/1-0040/hwmon/hwmon3/curr1_input", I2C);
    machine_file(&m, path, "1000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 5000000);
    machine_end(&m);
    /* L4T before 35: milliwatts */
    machine_make(&m);
    snprintf(path, sizeof path, "%sina3221x/6-0040/iio:device0/rail_name_0", I2C);
    machine_file(&m, path, "POM_5V_IN\n");
    snprintf(path, sizeof path, "%sina3221x/6-0040/iio:device0/in_power0_input", I2C);
    machine_file(&m, path, "3300\n");
    snprintf(path, sizeof path, "%sina3221x/6-0040/iio:device0/rail_name_1", I2C);
    machine_file(&m, path, "POM_5V_GPU\n");
    snprintf(path, sizeof path, "%sina3221x/6-0040/iio:device0/in_power1_input", I2C);
    machine_file(&m, path, "900\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 3300000);
    assert_string_equal(machine_source(&m, "ina3221:POM_5V_GPU")->part_of, "ina3221:POM_5V_IN");
    machine_end(&m);
}

static void trap_a_channel_that_is_switched_off(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon4/name", "ina3221\n");
    machine_file(&m, HW "hwmon4/in1_label", "VDD_IN\n");
    machine_file(&m, HW "hwmon4/in1_input", "0\n");
    machine_file(&m, HW "hwmon4/curr1_input", "0\n");
    machine_file(&m, HW "hwmon4/in1_enable", "0\n");
    machine_open(&m, NULL, 0);
    assert_false(machine_source(&m, "ina3221:VDD_IN")->readable);
    assert_non_null(strstr(machine_source(&m, "ina3221:VDD_IN")->reason, "switched off"));
    machine_end(&m);
}

static void grace_meter(const struct machine *m, int n, const char *what, const char *uw)
{
    char path[64];
    snprintf(path, sizeof path, HW "hwmon%d/device/name", n);
    machine_file(m, path, "power_meter\n");
    snprintf(path, sizeof path, HW "hwmon%d/device/power1_average", n);
    machine_file(m, path, uw);
    snprintf(path, sizeof path, HW "hwmon%d/device/power1_oem_info", n);
    machine_file(m, path, what);
}

static void trap_grace_meters_lie_inside_each_other(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    grace_meter(&m, 0, "Grace Power Socket 0\n", "200000000\n");
    grace_meter(&m, 1, "CPU Power Socket 0\n", "150000000\n");
    grace_meter(&m, 2, "SysIO Power Socket 0\n", "10000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 200000000);
    machine_end(&m);
    machine_make(&m);
    grace_meter(&m, 0, "Grace Power Socket 0\n", "200000000\n");
    grace_meter(&m, 1, "Module Power Socket 0\n", "300000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 300000000);
    machine_end(&m);
}

static void trap_a_chip_that_measures_anything_is_not_added(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon0/name", "pmbus\n");
    machine_file(&m, HW "hwmon0/power1_input", "205000000\n");
    machine_file(&m, HW "hwmon0/power1_label", "pout1\n");
    machine_open(&m, NULL, 0);
    assert_non_null(strstr(machine_source(&m, "hwmon:pmbus:hwmon0:power1")->reason, "not known"));
    machine_end(&m);
}

static void trap_a_meter_of_the_board_that_tells_nothing(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
    machine_file(&m, HW "hwmon0/name", "power_meter\n");
    machine_file(&m, HW "hwmon0/power1_average", "0\n");
    machine_open(&m, NULL, 0);
    assert_false(machine_source(&m, "power_meter:hwmon0")->readable);
    assert_true(machine_source(&m, "rapl:package-0")->counted);
    machine_end(&m);
}

static void trap_a_gauge_across_a_long_silence_is_refused(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, HW "hwmon0/name", "power_meter\n");
    machine_file(&m, HW "hwmon0/power1_average", "400000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_false(machine_tick(&m, 300 * S)->known);
    assert_int_equal(machine_tick(&m, 301 * S)->energy_uj, 400000000);
    machine_end(&m);
}

/* ---- batteries ---- */

#define BAT "sys/class/power_supply/BAT0/"

static double battery_w(const char *const files[][2], size_t count)
{
    struct machine m;
    machine_make(&m);
    machine_file(&m, BAT "type", "Battery\n");
    machine_file(&m, BAT "status", "Discharging\n");
    for (size_t i = 0; i < count; i++) {
        char path[64];
        snprintf(path, sizeof path, BAT "%s", files[i][0]);
        machine_file(&m, path, files[i][1]);
    }
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_tick(&m, S);
    double w = m.sample.component_known[CCT_BOARD] ? (double)m.sample.energy_uj / 1e6 : (double)NAN;
    machine_end(&m);
    return w;
}

static void trap_a_battery_tells_a_negative_power(void **state)
{
    static const char *const files[][2] = {{"power_now", "-9500000\n"}};
    (void)state;
    assert_true(fabs(battery_w(files, 1) - 9.5) < 1e-6);
}

static void trap_a_battery_without_power_now(void **state)
{
    static const char *const files[][2] = {{"current_now", "-800000\n"},
                                           {"voltage_now", "12000000\n"}};
    (void)state;
    assert_true(fabs(battery_w(files, 2) - 9.6) < 1e-6);
}

static void trap_a_battery_whose_reading_fails_is_a_gap(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, BAT "type", "Battery\n");
    machine_file(&m, BAT "status", "Discharging\n");
    machine_file(&m, BAT "power_now", "9500000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    machine_file(&m, BAT "power_now", "");
    assert_false(machine_tick(&m, S)->component_known[CCT_BOARD]);
    assert_int_equal(machine_reading(&m, "battery:BAT0")->flags, CCT_FLAG_GAP);
    machine_file(&m, BAT "power_now", "9500000\n");
    machine_tick(&m, 2 * S);
    assert_int_equal(machine_tick(&m, 3 * S)->component_uj[CCT_BOARD], 9500000);
    machine_end(&m);
}

static void trap_a_battery_that_knows_only_what_is_left(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, BAT "type", "Battery\n");
    machine_file(&m, BAT "status", "Discharging\n");
    machine_file(&m, BAT "energy_now", "40000000\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    assert_false(machine_tick(&m, S)->known); /* not renewed yet: no 0 W */
    machine_file(&m, BAT "energy_now", "39990000\n");
    assert_int_equal(machine_tick(&m, 10 * S)->energy_uj, UINT64_C(36000000));
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_hwmon_numbers_change_from_boot_to_boot),
        cmocka_unit_test(trap_amdgpu_has_the_average_or_the_input),
        cmocka_unit_test(trap_an_absent_value_of_ffff_is_no_power),
        cmocka_unit_test(trap_an_apu_reports_the_package_as_its_graphics),
        cmocka_unit_test(trap_amd_energy_sockets_once_and_no_cores),
        cmocka_unit_test(trap_xe_energy_beyond_32_bits_card_holds_chip),
        cmocka_unit_test(trap_a_gpu_counter_that_was_not_renewed_is_not_at_rest),
        cmocka_unit_test(trap_vdd_in_holds_the_rails_and_shunts_are_no_power),
        cmocka_unit_test(trap_a_jetson_that_shows_its_rails_under_the_driver_alone),
        cmocka_unit_test(trap_a_channel_that_is_switched_off),
        cmocka_unit_test(trap_grace_meters_lie_inside_each_other),
        cmocka_unit_test(trap_a_chip_that_measures_anything_is_not_added),
        cmocka_unit_test(trap_a_meter_of_the_board_that_tells_nothing),
        cmocka_unit_test(trap_a_gauge_across_a_long_silence_is_refused),
        cmocka_unit_test(trap_a_battery_tells_a_negative_power),
        cmocka_unit_test(trap_a_battery_without_power_now),
        cmocka_unit_test(trap_a_battery_whose_reading_fails_is_a_gap),
        cmocka_unit_test(trap_a_battery_that_knows_only_what_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
