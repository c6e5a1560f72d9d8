/* SPDX-License-Identifier: Apache-2.0
 * What a cgroup's path and files tell. */
#include "check.h"

#include "sensor/place.h"

static const char *slurm(const char *text)
{
    static char out[24];
    cct_context_slurm(text, out, sizeof out);
    return out;
}

static const char *pod(const char *text)
{
    static char out[40];
    cct_context_pod(text, out, sizeof out);
    return out;
}

static void slurm_paths(void **state)
{
    (void)state;
    assert_string_equal(slurm("0::/system.slice/slurmstepd.scope/job_12/step_0\n"), "12");
    assert_string_equal(slurm("4:memory:/slurm/uid_1000/job_7\n"), "7");
    assert_string_equal(slurm("0::/user.slice/job_7\n"), "");
    assert_string_equal(slurm("0::/slurm/job_\n"), "");
    assert_string_equal(slurm("0::/slurm/job_123456789012345678901234\n"), "");
    assert_string_equal(slurm(""), "");
}

static void pod_paths(void **state)
{
    (void)state;
    assert_string_equal(pod("0::/kubepods/besteffort/pod0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f/ab"),
                        "0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f");
    assert_string_equal(
        pod("0::/kubepods.slice/kubepods-pod0a1b2c3d_0001_0002_0003_0a1b2c3d4e5f.slice"),
        "0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f");
    assert_string_equal(pod("0::/kubepods/pod0a1b2c3d-0001-0002-0003-0a1b2c3d4e5"), "");
    assert_string_equal(pod("0::/tripod0a1b2c3d-0001-0002-0003-0a1b2c3d4e5f"), "");
    assert_string_equal(pod("pod"), "");
}

static void cpu_max(void **state)
{
    (void)state;
    assert_true(cct_cpu_max_cpus("250000 100000") == 2.5);
    static const char *const none[] = {
        "max 100000", "100000", "1 0", "-1 100000", "", "1  2", "99999999999999999999999 1",
        "1e5 100000"};
    for (size_t i = 0; i < CCT_LEN(none); i++)
        assert_true(isnan(cct_cpu_max_cpus(none[i])));
}

static void cpu_lists(void **state)
{
    (void)state;
    assert_true(cct_cpu_list_cpus("0") == 1);
    assert_true(cct_cpu_list_cpus("0-3,8") == 5);
    assert_true(cct_cpu_list_cpus("0-1023") == 1024);
    static const char *const none[] = {"", "-1", "3-1", "0-", "a", "0,a", "0 1", "0-99999999999"};
    for (size_t i = 0; i < CCT_LEN(none); i++)
        assert_true(isnan(cct_cpu_list_cpus(none[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slurm_paths),
        cmocka_unit_test(pod_paths),
        cmocka_unit_test(cpu_max),
        cmocka_unit_test(cpu_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
