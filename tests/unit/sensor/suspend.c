/* SPDX-License-Identifier: Apache-2.0
 * A machine that slept within an interval: CLOCK_BOOTTIME ran on, CLOCK_MONOTONIC stood still. The
 * linker puts the test's clock in the place of the room's (--wrap). */
#include "check.h"

#include <poll.h>

int64_t __real_cct_boot_ns(void);
int64_t __wrap_cct_boot_ns(void);

static int64_t slept_ns;

int64_t __wrap_cct_boot_ns(void)
{
    return __real_cct_boot_ns() + slept_ns;
}

static void tick(struct cct_sampler *s, struct cct_sample *sample)
{
    struct pollfd p = {.fd = cct_sampler_fd(s), .events = POLLIN};
    do
        assert_int_equal(poll(&p, 1, 10000), 1);
    while (!cct_sampler_due(s));
    cct_sampler_tick(s, sample);
}

/* A gauge of 400 W: the hours asleep are not multiplied by it. */
static void trap_sleep_is_noticed_and_not_multiplied_by_a_power(void **state)
{
    struct cct_sampler_options options = {.interval_ns = 100 * CCT_NS_PER_MS, .idle_w = NAN};
    struct cct_sampler *s = NULL;
    struct cct_sample sample;
    struct machine m;
    (void)state;
    machine_make(&m);
    machine_file(&m, "sys/class/hwmon/hwmon0/name", "power_meter\n");
    machine_file(&m, "sys/class/hwmon/hwmon0/power1_average", "400000000\n");
    options.sysroot = m.dir;
    assert_int_equal(cct_sampler_open(&s, &options, NULL, NULL), 0);
    tick(s, &sample);
    assert_false(sample.flags & CCT_FLAG_SUSPEND);
    slept_ns = 8 * 3600 * S;
    tick(s, &sample);
    assert_true(sample.flags & CCT_FLAG_SUSPEND);
    assert_true(sample.flags & CCT_FLAG_GAP);
    assert_true(sample.energy_uj < UINT64_C(4000000000));
    tick(s, &sample);
    assert_false(sample.flags & CCT_FLAG_SUSPEND);
    cct_sampler_close(s);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trap_sleep_is_noticed_and_not_multiplied_by_a_power),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
