/* SPDX-License-Identifier: Apache-2.0
 * Calibrations: written, read, and used where they fit. */
#include "sensor/profile.h"
#include "check.h"

static const struct cct_load_point points[] = {{0, 30}, {0.2, 60}, {0.5, 90}, {1, 120}};

static struct cct_profile made(void)
{
    struct cct_profile p = {.model = "A CPU \"7\"", .sockets = 1, .threads = 8};
    assert_int_equal(cct_curve_fit(points, CCT_LEN(points), p.curve_w, &p.low, &p.high, NULL), 0);
    return p;
}

static void write_file(const struct machine *m, const char *name, const char *text)
{
    machine_file(m, name, text);
}

static void a_profile_is_read_as_it_was_written(void **state)
{
    struct machine m;
    struct stat st;
    struct cct_stamp stamp = {.writer = "0123456789ABCDEF"};
    struct cct_profile p = made();
    struct cct_profile q;
    struct cct_cpu_power power;
    struct cct_cpu cpu = {.model = "A CPU \"7\"", .threads = 8};
    cct_auto_buf record = {0};
    cct_auto_buf path = {0};
    (void)state;
    machine_make(&m);
    cct_profile_path(m.dir, &cpu, &path);
    assert_non_null(strstr(cct_buf_str(&path), "/calibration/A-CPU-7-.ndjson"));
    cct_profile_write(&p, points, CCT_LEN(points), &stamp, 0, &record);
    for (int i = 0; i < 2; i++) /* the second replaces the first */
        assert_int_equal(cct_profile_store(cct_buf_str(&path), &record, NULL), 0);
    assert_int_equal(stat(cct_buf_str(&path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(cct_profile_read(cct_buf_str(&path), &q, NULL), 0);
    assert_memory_equal(p.curve_w, q.curve_w, sizeof p.curve_w);
    assert_string_equal(q.model, p.model);
    assert_int_equal(cct_profile_choose(NULL, m.dir, &cpu, &power, NULL), 0);
    assert_string_equal(power.basis, "calibrated");
    assert_float_equal(cct_cpu_power_w(&power, 1), p.curve_w[CCT_CURVE_POINTS - 1], 1e-9);
    machine_end(&m);
}

static void a_profile_of_another_cpu_is_not_used(void **state)
{
    struct cct_profile p = made();
    struct cct_cpu_power power = {.basis = "default"};
    struct cct_cpu cpu = {.model = "Another CPU", .threads = 8};
    (void)state;
    assert_false(cct_profile_apply(&p, &cpu, &power));
    snprintf(cpu.model, sizeof cpu.model, "%s", p.model);
    cpu.threads = 4; /* a desktop with half of its threads off is another machine */
    assert_false(cct_profile_apply(&p, &cpu, &power));
    assert_string_equal(power.basis, "default");
}

static void a_guest_gets_the_share_of_its_threads(void **state)
{
    struct cct_profile p = made();
    struct cct_cpu_power power;
    struct cct_cpu cpu = {.model = "A CPU \"7\"", .threads = 2, .hypervisor = true};
    (void)state;
    assert_true(cct_profile_apply(&p, &cpu, &power));
    assert_float_equal(cct_cpu_power_w(&power, 0.3), cct_curve_w(p.curve_w, 0.3) / 4, 1e-9);
    assert_true(power.low <= 0.6 && power.high >= 1.6);
    cpu.threads = 16; /* more than the machine that was calibrated */
    assert_false(cct_profile_apply(&p, &cpu, &power));
}

/* Without what it says of the thing at fault the line is a good one. */
#define LINE(curve, rest)                                                                          \
    "{\"schema\":\"cct.calibration/1\",\"model\":\"X\",\"threads\":2,\"curve_w\":" curve           \
    ",\"low\":0.8,\"high\":1.2" rest "}\n"
#define TEN "1,2,3,4,5,6,7,8,9,10"

static void a_broken_profile_is_refused_or_left_aside(void **state)
{
    static const char *const broken[] = {
        "",
        "\n",
        "not json\n",
        "{\"schema\":\"cct.sample/1\"}\n",
        LINE("[" TEN "]", ""),
        LINE("[" TEN ",-1]", ""),
        LINE("[" TEN ",\"11\"]", ""),
        LINE("[0,0,0,0,0,0,0,0,0,0,0]", ""),
        LINE("11", ""),
        LINE("[" TEN ",11]", ",\"low\":0.8"),
        LINE("[" TEN ",1e300]", ""),
    };
    struct machine m;
    char path[128];
    struct cct_profile p;
    struct cct_cpu_power power;
    struct cct_cpu cpu = {.model = "X", .threads = 2};
    struct cct_err err;
    (void)state;
    machine_make(&m);
    snprintf(path, sizeof path, "%s/calibration/X.ndjson", m.dir);
    write_file(&m, "calibration/X.ndjson", LINE("[" TEN ",11]", ""));
    assert_int_equal(cct_profile_read(path, &p, NULL), 0);
    for (size_t i = 0; i < CCT_LEN(broken); i++) {
        write_file(&m, "calibration/X.ndjson", broken[i]);
        assert_int_equal(cct_profile_choose(path, NULL, &cpu, &power, &err), -1);
        assert_int_equal(err.code, CCT_DATAERR);
        assert_int_equal(cct_profile_choose(NULL, m.dir, &cpu, &power, NULL), 0);
        assert_string_equal(power.basis, "default");
    }
    assert_int_equal(cct_profile_choose("/no/such/file", NULL, &cpu, &power, &err), -1);
    assert_int_equal(err.code, CCT_NOINPUT);
    machine_end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_is_read_as_it_was_written),
        cmocka_unit_test(a_profile_of_another_cpu_is_not_used),
        cmocka_unit_test(a_guest_gets_the_share_of_its_threads),
        cmocka_unit_test(a_broken_profile_is_refused_or_left_aside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
