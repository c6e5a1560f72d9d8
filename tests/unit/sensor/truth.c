/* SPDX-License-Identifier: Apache-2.0
 * Scripted machines whose true energy is known: what is told equals it to the microjoule. */
#include "check.h"

static const uint64_t RANGE = UINT64_C(262143328850);
static const uint64_t DRAM_RANGE = UINT64_C(65712999613);

struct scripted {
    const char *id, *source;
    uint64_t max_uj, at_uj, truth_uj, told_uj;
};

static void use(const struct machine *m, struct scripted *z, uint64_t uj, bool shown)
{
    z->truth_uj += uj;
    z->at_uj += uj;
    if (z->at_uj > z->max_uj)
        z->at_uj -= z->max_uj;
    if (shown)
        machine_uj(m, z->id, z->at_uj);
}

static void hide(const struct machine *m, const struct scripted *z)
{
    char path[160];
    snprintf(path, sizeof path, "%s/" ZONE "%s/energy_uj", m->dir, z->id);
    unlink(path);
}

/* Two sockets with memory for 12000 s at 60 s a tick: package 1 unreadable for a while, dram 1 gone
 * for good after 6000 s, package 0 wrapping alone. */
static void energy_equals_the_truth_over_any_number_of_wraps(void **state)
{
    struct scripted zones[] = {
        {"intel-rapl:0", "rapl:package-0", RANGE, RANGE - 5, 0, 0},
        {"intel-rapl:1", "rapl:package-1", RANGE, 17, 0, 0},
        {"intel-rapl:0:0", "rapl:dram-0", DRAM_RANGE, 123456789, 0, 0},
        {"intel-rapl:1:0", "rapl:dram-1", DRAM_RANGE, 987654321, 0, 0},
    };
    static const char *const names[] = {"package-0", "package-1", "dram", "dram"};
    char rapl[] = "rapl:*";
    char *globs[] = {rapl};
    struct machine m;
    unsigned wraps = 0;
    uint64_t total = 0;
    uint64_t at_loss_uj = 0;
    (void)state;
    machine_make(&m);
    m.host.cpu.tdp_w = 700;
    for (size_t z = 0; z < CCT_LEN(zones); z++)
        machine_zone(&m, zones[z].id, names[z], zones[z].at_uj, zones[z].max_uj);
    machine_open(&m, globs, 1);
    machine_read(&m, 0);
    for (int i = 1; i <= 200; i++) {
        bool blind = i >= 50 && i < 52;
        bool lost = i > 100;
        use(&m, &zones[0], UINT64_C(41999999999) + (uint64_t)i, true); /* 700 W */
        use(&m, &zones[1], UINT64_C(3000000001), !blind);
        use(&m, &zones[2], UINT64_C(600000003), true);
        use(&m, &zones[3], UINT64_C(600000007), !lost);
        if (blind)
            machine_energy(&m, zones[1].id, i % 2 ? "" : "abc\n");
        if (lost)
            hide(&m, &zones[3]);
        else
            at_loss_uj = zones[3].truth_uj;
        machine_tick(&m, i * 60 * S);
        total += m.sample.energy_uj;
        for (size_t z = 0; z < CCT_LEN(zones); z++)
            zones[z].told_uj += machine_reading(&m, zones[z].source)->energy_uj;
        wraps += (machine_reading(&m, "rapl:package-0")->flags & CCT_FLAG_WRAP) != 0;
    }
    assert_in_range(wraps, 30, 33);
    for (size_t z = 0; z < 3; z++)
        assert_int_equal(zones[z].told_uj, zones[z].truth_uj);
    assert_int_equal(zones[3].told_uj, at_loss_uj);
    assert_int_equal(total, zones[0].truth_uj + zones[1].truth_uj + zones[2].truth_uj + at_loss_uj);
    machine_end(&m);
}

/* 100 W for 0.5 s of every 2 s, sampled once a second, whatever the phase: 25 W on average. */
static void a_square_wave_is_told_within_a_thousandth(void **state)
{
    (void)state;
    for (int phase = 0; phase < 10; phase++) {
        struct machine m;
        machine_make(&m);
        machine_zone(&m, "intel-rapl:0", "package-0", 1000000, RANGE);
        machine_open(&m, NULL, 0);
        uint64_t sum = 0;
        uint64_t first_uj = 0;
        uint64_t uj = 0;
        for (int i = 0; i <= 200; i++) {
            int64_t ms = (int64_t)i * 1000 + (int64_t)phase * 200;
            int64_t into = ms % 2000;
            uj = (uint64_t)(ms / 2000) * 50000000 + (uint64_t)(into < 500 ? into : 500) * 100000;
            machine_uj(&m, "intel-rapl:0", 1000000 + uj);
            first_uj = i ? first_uj : uj;
            sum += machine_tick(&m, (1 + i) * S)->component_uj[CCT_CPU];
        }
        assert_int_equal(sum, uj - first_uj);
        assert_true(fabs((double)sum - 5e9) < 5e6);
        machine_end(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(energy_equals_the_truth_over_any_number_of_wraps),
        cmocka_unit_test(a_square_wave_is_told_within_a_thousandth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
