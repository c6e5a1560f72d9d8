/* SPDX-License-Identifier: Apache-2.0
 * cct-probe: what is here, and what of it can be metered. */
#include "sources.h"

#include <string.h>

struct options {
    bool check;
    const char *nvml;
};

static const struct argp_option option_table[] = {
    {"check", 'c', NULL, 0,
     "say in words what can be metered here, what cannot, and what mends it; exit 1 if only "
     "estimates are possible",
     0},
    {"no-network", 'N', NULL, 0, "ask nothing of the network (nothing is asked at present)", 0},
    NVML_OPTION,
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'c':
        options->check = true;
        return 0;
    case 'N':
        return 0;
    case NVML_KEY:
        options->nvml = arg;
        return 0;
    case ARGP_KEY_ARG:
        cct_cli_usage(state, "'%s': no argument is taken", arg);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *const kinds[] = {"cct.host/1", "cct.device/1", "cct.sensor/1", NULL};

static const struct cct_program program = {
    .name = "cct-probe",
    .doc = "Tell what this machine is and where its power can be read, as records.",
    .options = option_table,
    .parse = parse,
    .kinds = kinds,
};

static int put(const struct cct_buf *text, struct cct_err *err)
{
    if (cct_write_all(STDOUT_FILENO, text->data, text->len))
        return cct_fail_errno(err, CCT_IOERR, "cannot write the output");
    return 0;
}

static int print_records(const struct cct_cli *cli, const struct cct_host *host,
                         const struct cct_sensors *sensors, struct cct_err *err)
{
    struct cct_surroundings around = {
        .slurm_job_id = getenv("SLURM_JOB_ID"),
        .slurm_node = getenv("SLURMD_NODENAME"),
        .grid_zone = getenv("CCT_ZONE"),
    };
    struct cct_stamp stamp;
    cct_auto_buf text = {0};
    int64_t now_utc_ms = cct_clock_utc_ms(&cli->clock);
    if (cct_cli_stamp(cli, &stamp, err))
        return -1;
    cct_host_write(host, &around, &stamp, now_utc_ms, &text);
    cct_devices_write(sensors, &stamp, now_utc_ms, &text);
    cct_sources_write(sensors, &stamp, now_utc_ms, &text);
    return put(&text, err);
}

static int print_advice(const struct cct_host *host, const struct cct_sensors *sensors, bool *yes,
                        struct cct_err *err)
{
    cct_auto_buf text = {0};
    *yes = cct_advise(sensors, host, &text);
    return put(&text, err);
}

static int probe(const struct cct_cli *cli, const struct options *options, struct cct_err *err)
{
    struct cct_sysroot root;
    struct cct_host host;
    struct cct_sensors *sensors = NULL;
    struct cct_sensor_options what = {
        .root = &root, .host = &host, .gpu = gpu_options(options->nvml)};
    bool yes = true;
    if (cct_sysroot_open(&root, cli->sysroot, err))
        return -1;
    cct_host_read(&root, &host);
    if (cct_sensors_open(&sensors, &what, err)) {
        cct_sysroot_close(&root);
        return -1;
    }
    cct_sensors_settle(sensors);
    int failed = options->check ? print_advice(&host, sensors, &yes, err)
                                : print_records(cli, &host, sensors, err);
    cct_sensors_close(sensors);
    cct_sysroot_close(&root);
    return failed ? -1 : yes ? CCT_OK : CCT_NO;
}

int main(int argc, char **argv)
{
    struct cct_cli cli;
    struct options options = {0};
    struct cct_err err;
    cct_cli_init(&cli, &program, argc, argv, &options);
    int status = probe(&cli, &options, &err);
    if (status < 0)
        status = cct_cli_fail(&cli, &err);
    cct_cli_done(&cli);
    return status;
}
