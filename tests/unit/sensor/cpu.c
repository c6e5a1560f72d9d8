/* SPDX-License-Identifier: Apache-2.0
 * Who the CPU is, and how far the estimate is off on machines that were measured. */
#include "sensor/cpu.h"
#include "load_rows.h"

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
    assert_string_equal(power.basis, "sku");
    assert_float_equal(cct_cpu_power_w(&power, 0), 8, 1e-9);
    assert_float_equal(cct_cpu_power_w(&power, 1), 50, 1e-9);
    assert_true(cct_cpu_power_w(&power, 0.5) > 30 && cct_cpu_power_w(&power, 0.5) < 40);
    cpu.hypervisor = true; /* its threads are a part of the socket */
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "uarch");
    assert_float_equal(power.idle_w, 6.903, 1e-9);
    assert_float_equal(power.max_w, 40.632, 1e-9);
    assert_float_equal(cct_cpu_power_w(&power, 0.5), (6.903 + 40.632) / 2, 1e-9);
    cpu.uarch = NULL;
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "default");
    assert_float_equal(power.max_w, 35, 1e-9);
    cpu.uarch = "EPYC 5th Gen"; /* its row is marked as suspect */
    cct_cpu_power_find(&cpu, &power);
    assert_string_equal(power.basis, "default");
}

/* Which rows a machine would have to do without, to come to the next basis. */
static void within_bounds(const struct cct_cpu *cpu, const char *basis, const struct load_row *p,
                          double *error)
{
    struct cct_cpu_power power;
    cct_cpu_power_find(cpu, &power);
    assert_string_equal(power.basis, basis);
    double w = cct_cpu_power_w(&power, p->load_pct / 100);
    assert_true(p->w >= power.low * w);
    assert_true(p->w <= power.high * w);
    *error += fabs(w / p->w - 1) / (double)CCT_LEN(load_rows);
}

static void measured_machines_lie_within_the_bounds(void **state)
{
    double by_uarch = 0;
    double by_sku = 0;
    double by_default = 0;
    (void)state;
    for (size_t i = 0; i < CCT_LEN(load_rows); i++) {
        const struct load_run *m = &load_machines[load_rows[i].machine];
        struct cct_cpu cpu = {.threads = m->threads, .sockets = m->sockets, .uarch = m->uarch};
        cpu.tdp_w = cct_cpu_tdp_w(m->model);
        assert_float_equal(cpu.tdp_w, m->tdp_w, 0);
        within_bounds(&cpu, "sku", &load_rows[i], &by_sku);
        cpu.tdp_w = NAN;
        within_bounds(&cpu, "uarch", &load_rows[i], &by_uarch);
        cpu.uarch = NULL;
        within_bounds(&cpu, "default", &load_rows[i], &by_default);
    }
    print_message("# mean error: TDP %.1f %%, row %.0f %%, mean of all %.0f %%\n", 100 * by_sku,
                  100 * by_uarch, 100 * by_default);
    assert_true(by_sku < 0.25 && by_uarch < 0.48 && by_default < 0.26);
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
