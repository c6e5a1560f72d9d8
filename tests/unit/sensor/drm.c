/* SPDX-License-Identifier: Apache-2.0
 * AMD and Intel cards as files. */
#include "check.h"

#define CARD "sys/class/drm/card0/"

static void amd(const struct machine *m)
{
    machine_file(m, CARD "device/uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0\n");
    machine_file(m, CARD "device/unique_id", "5b1f9c30aa\n");
    machine_file(m, CARD "device/product_name", "AMD Instinct MI210\n");
    machine_file(m, CARD "device/gpu_busy_percent", "50\n");
    machine_file(m, CARD "device/mem_info_vram_total", "68702699520\n");
    machine_file(m, CARD "device/mem_info_vram_used", "11000000\n");
    machine_file(m, CARD "device/hwmon/hwmon3/temp1_input", "41000\n");
    machine_file(m, CARD "device/hwmon/hwmon3/freq1_input", "1700000000\n");
    machine_file(m, CARD "device/hwmon/hwmon3/power1_cap", "300000000\n");
    machine_file(m, "sys/class/drm/card0-DP-1/device/uevent", "DRIVER=amdgpu\n");
    machine_file(m, "sys/class/drm/renderD128/device/uevent", "DRIVER=amdgpu\n");
}

static void test_amd_card_tells_its_state(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    amd(&m);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_int_equal(sample->gpu_count, 1);
    const struct cct_gpu *gpu = sample->gpus;
    assert_string_equal(gpu->device, "5b1f9c30aa");
    assert_true(gpu->util_pct == 50 && gpu->memory_used_bytes == 11000000);
    assert_true(gpu->temperature_c == 41 && gpu->clock_mhz == 1700);
    machine_end(&m);
}

static void test_inventory(void **state)
{
    struct machine m;
    cct_auto_buf out = {0};
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA"};
    (void)state;
    machine_make(&m);
    amd(&m);
    machine_file(&m, "sys/module/amdgpu/version", "6.7.0\n");
    machine_file(&m, "sys/class/drm/card1/device/uevent",
                 "DRIVER=xe\nPCI_SLOT_NAME=0000:04:00.0\n");
    machine_file(&m, "sys/class/drm/card1/device/hwmon/hwmon4/power1_max", "190000000\n");
    machine_file(&m, "sys/class/drm/card2/device/uevent", "DRIVER=ast\n");
    /* a partition of the first */
    machine_file(&m, "sys/class/drm/card3/device/uevent", "MODALIAS=platform:amdgpu_xcp\n");
    machine_open(&m, NULL, 0);
    cct_devices_write(m.sensors, &stamp, 0, &out);
    const char *text = cct_buf_str(&out);
    assert_non_null(strstr(text, "\"device\":\"5b1f9c30aa\",\"vendor\":\"amd\",\"model\":\"AMD "
                                 "Instinct MI210\",\"memory_bytes\":68702699520,"
                                 "\"power_limit_w\":300.0,\"driver\":\"amdgpu 6.7.0\"}"));
    assert_non_null(strstr(text, "\"device\":\"0000:04:00.0\",\"vendor\":\"intel\","
                                 "\"power_limit_w\":190.0,\"driver\":\"xe\"}"));
    assert_null(strstr(text, "ast"));
    assert_null(strstr(text, "card3"));
    machine_end(&m);
}

static void test_card_without_power_is_estimated(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    amd(&m);
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    const struct cct_source *source = machine_source(&m, "model:5b1f9c30aa");
    assert_true(source->counted && source->method == CCT_MODEL);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_int_equal(sample->energy_uj, 34500000 + 132750000); /* 0.115 x 300, and half the rest */
    assert_true(sample->low_uj < sample->energy_uj && sample->high_uj <= 300000000);
    machine_end(&m);
}

static void test_card_with_power_is_not_estimated(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    amd(&m);
    machine_file(&m, CARD "device/hwmon/hwmon3/power1_average", "100000000\n");
    machine_open(&m, NULL, 0);
    assert_string_equal(machine_source(&m, "model:5b1f9c30aa")->name, "");
    machine_end(&m);
}

#define KFD "sys/class/kfd/kfd/"

static void test_processes_by_the_compute_driver(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    amd(&m);
    machine_file(&m, KFD "topology/nodes/0/properties", "cpu_cores_count 64\nlocation_id 0\n");
    machine_file(&m, KFD "topology/nodes/0/gpu_id", "0\n");
    machine_file(&m, KFD "topology/nodes/1/properties", "location_id 768\ndomain 0\n");
    machine_file(&m, KFD "topology/nodes/1/gpu_id", "4711\n");
    machine_file(&m, KFD "topology/nodes/2/properties", "location_id 1024\ndomain 0\n");
    machine_file(&m, KFD "topology/nodes/2/gpu_id", "4712\n");
    machine_file(&m, KFD "proc/40/vram_4711", "3000\n");
    machine_file(&m, KFD "proc/40/stats_4711/cu_occupancy", "78\n");
    machine_file(&m, KFD "proc/41/vram_4711", "1000\n");
    machine_file(&m, KFD "proc/42/vram_4711", "0\n");
    machine_file(&m, KFD "proc/42/vram_4712", "900\n");
    machine_open(&m, NULL, 0);
    machine_read(&m, 0);
    struct cct_tick tick = {.mono_ns = S, .busy = NAN, .job = true};
    cct_sensors_read(m.sensors, &tick);
    m.sample = (struct cct_sample){0};
    cct_sensors_sum(m.sensors, m.readings, &m.sample);
    const struct cct_board *board = &m.sensors->boards.items[0];
    assert_true(board->processes_known && board->counted);
    assert_int_equal(board->process_count, 2);
    size_t first = board->processes[0].pid == 40 ? 0 : 1;
    assert_true(board->processes[first].memory_bytes == 3000);
    assert_true(board->processes[first].busy == 78);
    assert_int_equal(board->processes[1 - first].pid, 41);
    assert_true(isnan(board->processes[1 - first].busy));
    machine_end(&m);
}

static void test_broken_files_are_unknown(void **state)
{
    static const char *const broken[] = {"", "abc\n", "-1\n", "65535 \n9\n"};
    (void)state;
    for (size_t i = 0; i < CCT_LEN(broken); i++) {
        struct machine m;
        machine_make(&m);
        amd(&m);
        machine_file(&m, CARD "device/gpu_busy_percent", broken[i]);
        machine_file(&m, CARD "device/hwmon/hwmon3/power1_cap", broken[i]);
        machine_open(&m, NULL, 0);
        machine_read(&m, 0);
        const struct cct_sample *sample = machine_tick(&m, S);
        assert_true(isnan(sample->gpus[0].util_pct));
        assert_true(sample->energy_uj == 167250000); /* the table's limit, and no utilisation */
        machine_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amd_card_tells_its_state),
        cmocka_unit_test(test_inventory),
        cmocka_unit_test(test_card_without_power_is_estimated),
        cmocka_unit_test(test_card_with_power_is_not_estimated),
        cmocka_unit_test(test_processes_by_the_compute_driver),
        cmocka_unit_test(test_broken_files_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
