/* SPDX-License-Identifier: Apache-2.0
 * NVIDIA boards by the fake library of tests/fake: what it was told to say is what is counted. */
#include "check.h"

#include "sensor/nvml_abi.h"

#include <stdlib.h>

/* The layouts of 64-bit Linux. */
_Static_assert(sizeof(struct nvml_field) == 40, "nvmlFieldValue_t");
_Static_assert(sizeof(struct nvml_sample) == 16, "nvmlSample_t");
_Static_assert(sizeof(struct nvml_memory_v2) == 40, "nvmlMemory_v2_t");
_Static_assert(sizeof(struct nvml_process) == 24, "nvmlProcessInfo_t");
_Static_assert(sizeof(struct nvml_process_v1) == 16, "nvmlProcessInfo_v1_t");
_Static_assert(sizeof(struct nvml_process_sample) == 32, "nvmlProcessUtilizationSample_t");

static char all_gpus[] = "*GPU*";
static char *globs[] = {all_gpus};

static void say(const struct machine *m, const char *script)
{
    char path[128];
    machine_file(m, "script", script);
    snprintf(path, sizeof path, "%s/script", m->dir);
    setenv("FAKE_NVML", path, 1);
}

static void begin_with(struct machine *m, const char *script, const char *file)
{
    char library[512];
    machine_make(m);
    say(m, script);
    snprintf(library, sizeof library, "%s/tests/fake/%s.so", getenv("CCT_BUILD"), file);
    struct cct_sensor_options options = {
        .root = &m->root,
        .host = &m->host,
        .globs = globs,
        .glob_count = 1,
        .gpu = {.nvml = library},
    };
    assert_int_equal(cct_sensors_open(&m->sensors, &options, NULL), 0);
    machine_read(m, 0);
}

static void begin(struct machine *m, const char *script)
{
    begin_with(m, script, "fake-nvml");
}

/* The first reading is taken to see whether there is a counter, the second is the baseline. */
static void test_energy_is_exact(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 5 7 300007 300008 650123\n");
    assert_int_equal(machine_source(&m, "nvml:GPU-a")->method, CCT_COUNTER);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 300000000);
    assert_int_equal(machine_tick(&m, 2 * S)->energy_uj, 1000);
    const struct cct_sample *sample = machine_tick(&m, 3 * S);
    assert_int_equal(sample->component_uj[CCT_GPU], 350115000);
    assert_int_equal(sample->measured_uj, sample->energy_uj);
    machine_end(&m);
}

static void eight(char *out, size_t cap)
{
    size_t n = 0;
    for (int i = 0; i < 8; i++)
        n += (size_t)snprintf(out + n, cap - n, "%d uuid GPU-%d\n%d energy 1 %d %d\n", i, i, i,
                              i * 1000, i * 1000 + 100 + i);
}

static void test_eight_boards_are_summed_once(void **state)
{
    struct machine m;
    char script[1024];
    (void)state;
    eight(script, sizeof script);
    begin(&m, script);
    assert_int_equal(cct_sensors_count(m.sensors) >= 8, 1);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_int_equal(sample->energy_uj, 828000);
    assert_int_equal(sample->gpu_count, 8);
    assert_string_equal(sample->gpus[7].device, "GPU-7");
    machine_end(&m);
}

static void test_driver_reload_is_a_reset(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1 900000 910000 20 5020\n");
    assert_int_equal(machine_tick(&m, S)->energy_uj, 10000000);
    const struct cct_sample *sample = machine_tick(&m, 2 * S);
    assert_false(sample->known);
    assert_int_equal(machine_reading(&m, "nvml:GPU-a")->flags, CCT_FLAG_RESET);
    assert_int_equal(machine_tick(&m, 3 * S)->energy_uj, 5000000);
    assert_int_equal(machine_reading(&m, "nvml:GPU-a")->flags, 0);
    machine_end(&m);
}

static void test_lost_board_is_a_gap_and_others_go_on(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1 1 2000 3000 4000\n0 lost 3\n"
              "1 uuid GPU-b\n1 energy 1 1 1001 3001 6001\n");
    assert_int_equal(machine_tick(&m, S)->energy_uj, 1999000 + 1000000);
    const struct cct_sample *sample = machine_tick(&m, 2 * S);
    assert_int_equal(sample->energy_uj, 2000000);
    assert_int_equal(machine_reading(&m, "nvml:GPU-a")->flags, CCT_FLAG_GAP);
    assert_false(machine_reading(&m, "nvml:GPU-a")->known);
    assert_int_equal(sample->gpu_count, 1);
    assert_int_equal(machine_tick(&m, 3 * S)->energy_uj, 3000000);
    machine_end(&m);
}

static void test_counter_that_was_not_renewed_is_no_news(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1 1000 1000 1500\n");
    assert_false(machine_tick(&m, 3 * S / 100)->known);
    assert_int_equal(machine_reading(&m, "nvml:GPU-a")->flags, 0);
    assert_false(machine_reading(&m, "nvml:GPU-a")->known);
    assert_int_equal(machine_tick(&m, S / 10)->energy_uj, 500000);
    assert_true(fabs(m.sample.gpus[0].power_w - 5) < 1e-9);
    assert_false(machine_tick(&m, 3 * S)->known); /* and silence is a gap, not 0 W */
    assert_int_equal(machine_reading(&m, "nvml:GPU-a")->flags, CCT_FLAG_GAP);
    machine_end(&m);
}

static void test_asked_no_more_often_than_it_is_renewed(void **state)
{
    struct machine m;
    uint64_t sum = 0;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1 1000 2000 3000 4000\n");
    for (int i = 1; i <= 60; i++) /* at 1 kHz, three calls */
        sum += machine_tick(&m, i * S / 1000)->energy_uj;
    assert_int_equal(sum, 3000000);
    machine_end(&m);
}

static double rest_w(const struct machine *m)
{
    return m->sensors->boards.items[0].idle_w;
}

static void test_rest_is_the_least_seen_but_never_above_the_table_while_busy(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 name Tesla T4\n0 limit 70000\n0 util 90\n"
              "0 energy 1 0 60000 120000 135000 195000\n");
    machine_tick(&m, S);
    assert_true(rest_w(&m) == 8); /* 60 W with work: the table's 8 W */
    say(&m, "0 uuid GPU-a\n0 util 0\n0 energy 1 0 60000 120000 135000 195000\n");
    machine_tick(&m, 2 * S);
    assert_true(rest_w(&m) == 60); /* without work: it is so */
    machine_tick(&m, 3 * S);
    assert_true(rest_w(&m) == 15);
    machine_tick(&m, 4 * S);
    assert_true(rest_w(&m) == 15);
    machine_end(&m);
}

static void test_lost_from_the_start(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1\n0 lost 0\n1 uuid GPU-b\n1 energy 1 1 1001\n");
    assert_false(machine_source(&m, "nvml:GPU-a")->readable);
    assert_int_equal(machine_tick(&m, S)->energy_uj, 1000000);
    machine_end(&m);
}

static void test_no_counter_buffer_is_drained(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 samples 1000:100000 21000:100000\n0 instant 1\n");
    assert_int_equal(machine_source(&m, "nvml:GPU-a")->method, CCT_GAUGE);
    /* 20 ms from 100 to 200 W, 40 ms of 200 W; what was seen before comes again, and is not. */
    say(&m, "0 uuid GPU-a\n0 samples 1000:100000 21000:100000 41000:200000 61000:200000 "
            "81000:200000\n");
    assert_int_equal(machine_tick(&m, S / 10)->energy_uj, 3000000 + 8000000);
    assert_int_equal(m.sample.measured_uj, m.sample.energy_uj);
    say(&m, "0 uuid GPU-a\n0 samples 81000:200000 91000:0\n");
    assert_int_equal(machine_tick(&m, S / 5)->energy_uj, 1000000);
    machine_end(&m);
}

static void test_no_counter_gauges_are_integrated(void **state)
{
    static const char *const keys[] = {"instant", "power"};
    (void)state;
    for (size_t i = 0; i < CCT_LEN(keys); i++) {
        struct machine m;
        char script[128];
        snprintf(script, sizeof script, "0 uuid GPU-a\n0 %s 1 100000 200000 -15 300000 300000\n",
                 keys[i]);
        begin(&m, script);
        assert_int_equal(machine_source(&m, "nvml:GPU-a")->method, CCT_GAUGE);
        assert_int_equal(machine_tick(&m, S)->energy_uj, 150000000);
        assert_false(machine_tick(&m, 2 * S)->known);
        assert_false(machine_tick(&m, 3 * S)->known);
        assert_int_equal(machine_tick(&m, 4 * S)->energy_uj, 300000000);
        machine_end(&m);
    }
}

static void test_no_power_at_all_is_a_labelled_estimate(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 name Tesla T4\n0 limit 70000\n0 util 50\n"
              "1 uuid GPU-b\n1 energy 1 1 1001\n");
    assert_false(machine_source(&m, "nvml:GPU-a")->readable);
    assert_non_null(strstr(machine_source(&m, "nvml:GPU-a")->reason, "Not Supported"));
    assert_true(machine_source(&m, "model:GPU-a")->counted);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_true(sample->modelled);
    assert_int_equal(sample->energy_uj, 39000000 + 1000000); /* 8 + 0.5 x 62 W; and the other */
    assert_true(sample->low_uj < sample->energy_uj && sample->energy_uj < sample->high_uj);
    assert_true(isnan(sample->gpus[0].power_w));
    machine_end(&m);
}

static void test_partitions_share_one_reading(void **state)
{
    struct machine m;
    cct_auto_buf out = {0};
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA"};
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 name NVIDIA A100\n0 memory 40000 700\n0 energy 1 1 5001\n"
              "0 mig MIG-1 20000 NVIDIA A100 MIG 3g.20gb\n0 mig MIG-2 5000 NVIDIA A100 MIG 1g.5gb\n"
              "driver 550.54\n0 util 80\n");
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_int_equal(sample->energy_uj, 5000000);
    assert_int_equal(sample->gpu_count, 1);
    assert_true(isnan(sample->gpus[0].util_pct));
    cct_devices_write(m.sensors, &stamp, 0, &out);
    const char *text = cct_buf_str(&out);
    assert_non_null(strstr(text, "\"device\":\"GPU-a\",\"vendor\":\"nvidia\",\"model\":\"NVIDIA "
                                 "A100\",\"memory_bytes\":40000,\"driver\":\"550.54\"}"));
    assert_non_null(strstr(text, "MIG 1g.5gb\",\"memory_bytes\":5000,\"driver\":\"550.54\","
                                 "\"partition\":\"MIG-2\"}"));
    machine_end(&m);
}

static void test_details_are_in_the_sample(void **state)
{
    struct machine m;
    (void)state;
    begin(&m, "0 uuid GPU-a\n0 energy 1 1 5001\n0 util 80\n0 clock 1410\n0 temperature 61\n"
              "0 memory 1000 600\n");
    const struct cct_gpu *gpu = machine_tick(&m, S)->gpus;
    assert_true(gpu->util_pct == 80 && gpu->clock_mhz == 1410 && gpu->temperature_c == 61);
    assert_true(gpu->memory_used_bytes == 600 && gpu->power_w == 5);
    assert_null(gpu->job_share_by);
    machine_end(&m);
}

static void test_no_library_or_one_that_does_not_start(void **state)
{
    static char any[] = "nvml*";
    static char *nvml[] = {any};
    struct machine m;
    char library[512];
    (void)state;
    machine_make(&m);
    struct cct_sensor_options options = {&m.root, &m.host, nvml, 1, {.nvml = "/nonexistent.so"}};
    assert_int_equal(cct_sensors_open(&m.sensors, &options, NULL), 0);
    assert_false(machine_source(&m, "nvml")->readable);
    assert_non_null(strstr(machine_source(&m, "nvml")->reason, "cannot be loaded"));
    assert_true(machine_source(&m, "nvml")->remedy[0] != '\0');
    cct_sensors_close(m.sensors);
    say(&m, "init 9\n0 uuid GPU-a\n0 energy 1\n");
    snprintf(library, sizeof library, "%s/tests/fake/fake-nvml.so", getenv("CCT_BUILD"));
    options.gpu.nvml = library;
    assert_int_equal(cct_sensors_open(&m.sensors, &options, NULL), 0);
    assert_string_equal(machine_source(&m, "nvml")->reason,
                        "does not start: Driver Not Loaded (9)");
    assert_string_equal(machine_source(&m, "nvml")->remedy, "sudo modprobe nvidia");
    assert_false(machine_tick(&m, S)->known);
    machine_end(&m);
}

/* Functions by their first names, no energy, no fields, no utilisation of processes. */
static void test_old_library(void **state)
{
    struct machine m;
    (void)state;
    begin_with(&m, "0 uuid GPU-a\n0 power 1 100000\n0 memory 9 5\n0 process 7 1 3\n",
               "fake-nvml-old");
    assert_int_equal(machine_source(&m, "nvml:GPU-a")->method, CCT_GAUGE);
    struct cct_tick tick = {.mono_ns = S, .busy = NAN, .job = true};
    cct_sensors_read(m.sensors, &tick);
    m.sample = (struct cct_sample){0};
    cct_sensors_sum(m.sensors, m.readings, &m.sample);
    assert_int_equal(m.sample.energy_uj, 100000000);
    assert_true(m.sample.gpus[0].memory_used_bytes == 5);
    const struct cct_board *board = &m.sensors->boards.items[0];
    assert_true(board->processes_known);
    assert_int_equal(board->process_count, 1);
    assert_int_equal(board->processes[0].pid, 7);
    assert_true(board->processes[0].memory_bytes == 3);
    machine_end(&m);
}

static void test_board_without_nvml_is_estimated_blind(void **state)
{
    struct machine m;
    cct_auto_buf out = {0};
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA"};
    (void)state;
    machine_make(&m);
    machine_file(&m, "proc/driver/nvidia/gpus/0000:01:00.0/information",
                 "Model: \t\t NVIDIA A100-SXM4-40GB\nIRQ: 5\nGPU UUID: \t GPU-77\n");
    machine_file(&m, "proc/driver/nvidia/gpus/0000:02:00.0/information",
                 "Model: \t\t NVIDIA Nonesuch\nGPU UUID: \t GPU-????????\n");
    machine_file(&m, "sys/module/nvidia/version", "550.54.15\n");
    machine_open(&m, NULL, 0);
    assert_true(machine_source(&m, "model:GPU-77")->counted);
    assert_false(machine_source(&m, "model:0000:02:00.0")->readable);
    machine_read(&m, 0);
    const struct cct_sample *sample = machine_tick(&m, S);
    assert_int_equal(sample->energy_uj, 223000000); /* half way from 46 to 400 W */
    assert_true(sample->low_uj <= 46000000 && sample->high_uj == 400000000);
    cct_devices_write(m.sensors, &stamp, 0, &out);
    assert_non_null(strstr(cct_buf_str(&out),
                           "\"device\":\"GPU-77\",\"vendor\":\"nvidia\",\"model\":\"NVIDIA "
                           "A100-SXM4-40GB\",\"driver\":\"550.54.15\"}"));
    machine_end(&m);
}

static void test_captured_machine_is_not_asked(void **state)
{
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, "sys/bus/pci/devices/0000:01:00.0/vendor", "0x10de\n");
    machine_file(&m, "sys/bus/pci/devices/0000:01:00.0/class", "0x030200\n");
    machine_open(&m, NULL, 0);
    assert_false(machine_source(&m, "nvml")->readable);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_energy_is_exact),
        cmocka_unit_test(test_eight_boards_are_summed_once),
        cmocka_unit_test(test_driver_reload_is_a_reset),
        cmocka_unit_test(test_lost_board_is_a_gap_and_others_go_on),
        cmocka_unit_test(test_counter_that_was_not_renewed_is_no_news),
        cmocka_unit_test(test_asked_no_more_often_than_it_is_renewed),
        cmocka_unit_test(test_rest_is_the_least_seen_but_never_above_the_table_while_busy),
        cmocka_unit_test(test_lost_from_the_start),
        cmocka_unit_test(test_no_counter_buffer_is_drained),
        cmocka_unit_test(test_no_counter_gauges_are_integrated),
        cmocka_unit_test(test_no_power_at_all_is_a_labelled_estimate),
        cmocka_unit_test(test_partitions_share_one_reading),
        cmocka_unit_test(test_details_are_in_the_sample),
        cmocka_unit_test(test_no_library_or_one_that_does_not_start),
        cmocka_unit_test(test_old_library),
        cmocka_unit_test(test_board_without_nvml_is_estimated_blind),
        cmocka_unit_test(test_captured_machine_is_not_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
