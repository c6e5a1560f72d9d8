/* SPDX-License-Identifier: Apache-2.0
 * Who the CPU is, and how far the estimate is off on machines that were measured. */
#include "sensor/cpu.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void read_text(struct cct_cpu *cpu, const char *const *lines)
{
    struct cct_cpuinfo info = {.cpu = cpu};
    *cpu = (struct cct_cpu){.stepping = -1};
    for (; *lines; lines++)
        cct_cpuinfo_line(&info, *lines);
}

static void x86_lines_are_read(void **state)
{
    static const char *const lines[] = {"processor\t: 0",
                                        "vendor_id\t: GenuineIntel",
                                        "cpu family\t: 6",
                                        "model\t\t: 85",
                                        "model name\t: Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz",
                                        "stepping\t: 7",
                                        "physical id\t: 0",
                                        "cpu cores\t: 20",
                                        "flags\t\t: fpu hypervisor_not sse",
                                        "",
                                        "processor\t: 1",
                                        "physical id\t: 1",
                                        "cpu cores\t: 20",
                                        "flags\t\t: fpu hypervisor",
                                        "",
                                        "processor\t: 2",
                                        "physical id\t: 1",
                                        "cpu cores\t: 20",
                                        "nonsense",
                                        ": x",
                                        NULL};
    struct cct_cpu cpu;
    (void)state;
    read_text(&cpu, lines);
    assert_string_equal(cpu.vendor, "GenuineIntel");
    assert_int_equal(cpu.family, 6);
    assert_int_equal(cpu.model_id, 85);
    assert_int_equal(cpu.stepping, 7);
    assert_int_equal(cpu.threads, 3);
    assert_int_equal(cpu.sockets, 2);
    assert_int_equal(cpu.cores, 40);
    assert_true(cpu.hypervisor);
}

static void arm_lines_are_read(void **state)
{
    static const char *const lines[] = {"processor\t: 0", "CPU implementer\t: 0x41",
                                        "CPU part\t: 0xd0c", NULL};
    struct cct_cpu cpu;
    (void)state;
    read_text(&cpu, lines);
    assert_string_equal(cpu.vendor, "ARM");
    assert_int_equal(cpu.family, 0x41);
    assert_int_equal(cpu.model_id, 0xd0c);
    assert_int_equal(cpu.threads, 1);
}

static void a_model_name_finds_its_own_tdp(void **state)
{
    (void)state;
    assert_float_equal(cct_cpu_tdp_w("Intel(R) Xeon(R) Gold 6248 CPU @ 2.50GHz"), 150, 0);
    assert_float_equal(cct_cpu_tdp_w("Intel(R) Xeon(R) Gold 6248R CPU @ 3.00GHz"), 205, 0);
    assert_float_equal(cct_cpu_tdp_w("Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz"), 85, 0);
    assert_float_equal(cct_cpu_tdp_w("AMD EPYC 7742 64-Core Processor"), 225, 0);
    assert_float_equal(cct_cpu_tdp_w("AMD Ryzen Threadripper 1950X 16-Core Processor"), 180, 0);
    assert_true(isnan(cct_cpu_tdp_w("AMD EPYC")));
    assert_true(isnan(cct_cpu_tdp_w("AMD EPYC 77420 64-Core Processor")));
    assert_true(isnan(cct_cpu_tdp_w("Intel(R) Xeon(R) Processor")));
    assert_true(isnan(cct_cpu_tdp_w("")));
}

static void the_power_comes_from_the_best_row(void **state)
{
    struct cct_cpu cpu = {.threads = 10, .sockets = 1, .uarch = "Cascade Lake", .tdp_w = 100};
    struct cct_cpu_power power;
    (void)state;
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "uarch");
    assert_float_equal(power.idle_w, 6.903, 1e-9);
    assert_float_equal(power.max_w, 40.632, 1e-9);
    cpu.uarch = NULL;
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "sku");
    assert_float_equal(power.max_w, 70, 1e-9);
    cpu.hypervisor = true; /* its threads are a part of the socket */
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "default");
    assert_float_equal(power.max_w, 35, 1e-9);
    cpu.uarch = "EPYC 5th Gen"; /* its row is marked as suspect */
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "default");
}

/* RAPL watts against load (percent), from codecarbon's cpu_load_profiling (MIT); the Threadripper's
 * two mirrored dies halved to one. */
static const struct point {
    int machine;
    double load_pct, w;
} points[] = {
    {0, 10.0, 18.61}, {0, 20.0, 29.50}, {0, 30.0, 38.67},  {0, 40.3, 41.75},  {0, 50.0, 43.22},
    {0, 64.6, 47.60}, {0, 70.2, 48.71}, {0, 80.0, 49.29},  {0, 89.4, 50.72},  {0, 100.0, 46.08},
    {0, 6.8, 18.32},  {0, 18.6, 37.68}, {0, 24.8, 41.65},  {0, 37.3, 43.58},  {0, 50.3, 47.22},
    {0, 56.2, 49.35}, {0, 71.6, 49.93}, {0, 78.1, 51.11},  {0, 87.5, 45.60},  {0, 100.0, 46.51},
    {1, 13.9, 21.65}, {1, 23.2, 31.27}, {1, 36.4, 39.59},  {1, 44.8, 53.16},  {1, 53.1, 64.06},
    {1, 66.0, 72.08}, {1, 72.1, 86.22}, {1, 83.1, 85.16},  {1, 91.7, 84.59},  {1, 99.7, 83.44},
    {1, 12.2, 22.69}, {1, 22.9, 38.12}, {1, 32.2, 46.66},  {1, 41.4, 61.51},  {1, 52.0, 73.70},
    {1, 64.0, 87.39}, {1, 73.1, 86.66}, {1, 80.1, 84.72},  {1, 92.5, 83.71},  {1, 100.0, 83.02},
    {2, 10.0, 16.39}, {2, 20.0, 30.98}, {2, 30.0, 38.41},  {2, 40.5, 45.28},  {2, 50.2, 62.16},
    {2, 60.0, 61.95}, {2, 69.9, 76.92}, {2, 80.8, 111.88}, {2, 89.7, 115.81}, {2, 99.6, 117.02},
    {2, 8.7, 16.31},  {2, 17.0, 34.77}, {2, 29.0, 39.83},  {2, 37.9, 49.54},  {2, 50.0, 50.49},
    {2, 58.7, 67.13}, {2, 66.7, 71.55}, {2, 79.2, 72.03},  {2, 87.5, 75.75},  {2, 100.0, 79.61},
};

static const struct cct_cpu machines[] = {
    {.threads = 16, .sockets = 1, .uarch = "EPYC 4th Gen", .tdp_w = 90},
    {.threads = 32, .sockets = 1, .uarch = "EPYC 1st Gen", .tdp_w = 180},
    {.threads = 24, .sockets = 2, .uarch = "Haswell", .tdp_w = 85},
};

/* Which rows a machine would have to do without, to come to the next basis. */
static void within_bounds(struct cct_cpu cpu, const char *basis, const struct point *p,
                          double *error)
{
    struct cct_cpu_power power;
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, basis);
    double w = power.idle_w + p->load_pct / 100 * (power.max_w - power.idle_w);
    assert_true(p->w >= power.low * w);
    assert_true(p->w <= power.high * w);
    *error += fabs(w / p->w - 1) / (double)CCT_LEN(points);
}

static void measured_machines_lie_within_the_bounds(void **state)
{
    double by_uarch = 0;
    double by_sku = 0;
    double by_default = 0;
    (void)state;
    for (size_t i = 0; i < CCT_LEN(points); i++) {
        struct cct_cpu cpu = machines[points[i].machine];
        within_bounds(cpu, "uarch", &points[i], &by_uarch);
        cpu.uarch = NULL;
        within_bounds(cpu, "sku", &points[i], &by_sku);
        cpu.tdp_w = NAN;
        within_bounds(cpu, "default", &points[i], &by_default);
    }
    print_message("# mean error: row %.0f %%, TDP %.0f %%, mean of all %.0f %%\n", 100 * by_uarch,
                  100 * by_sku, 100 * by_default);
    assert_true(by_uarch < 0.48 && by_sku < 0.26 && by_default < 0.26);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(x86_lines_are_read),
        cmocka_unit_test(arm_lines_are_read),
        cmocka_unit_test(a_model_name_finds_its_own_tdp),
        cmocka_unit_test(the_power_comes_from_the_best_row),
        cmocka_unit_test(measured_machines_lie_within_the_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
