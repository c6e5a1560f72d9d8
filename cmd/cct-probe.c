/* SPDX-License-Identifier: Apache-2.0
 * cct-probe: what is here, and what of it can be metered. */
#include "around.h"
#include "sources.h"

#include <string.h>

struct options {
    bool check;
    const char *nvml;
    struct cct_cloud_options cloud;
};

static const struct argp_option option_table[] = {
    {"check", 'c', NULL, 0,
     "say in words what can be metered here, what cannot, and what mends it; exit 1 if only "
     "estimates are possible",
     0},
    {"no-network", 'N', NULL, 0, "do not ask the metadata service of the cloud", 0},
    {"metadata-url", 'M', "URL", 0, "ask it at URL, http://HOST:PORT, not at the cloud's own place",
     0},
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
        options->cloud.network = false;
        return 0;
    case 'M':
        if (!cct_cloud_url_ok(arg))
            cct_cli_usage(state, "--metadata-url '%s': not http://HOST[:PORT]", arg);
        options->cloud.metadata_url = arg;
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

static int tell(const struct cct_cli *cli, bool check, const struct cct_host *host,
                const struct cct_sensors *sensors, const struct cct_surroundings *around,
                struct cct_err *err)
{
    struct cct_stamp stamp;
    cct_auto_buf text = {0};
    int64_t now_utc_ms = cct_clock_utc_ms(&cli->clock);
    int status = CCT_OK;
    if (cct_cli_stamp(cli, &stamp, err))
        return -1;
    if (check) {
        status = cct_advise(sensors, host, around, &text) ? CCT_OK : CCT_NO;
    } else {
        cct_host_write(host, around, &stamp, now_utc_ms, &text);
        cct_devices_write(sensors, &stamp, now_utc_ms, &text);
        cct_sources_write(sensors, &stamp, now_utc_ms, &text);
    }
    if (cct_write_all(STDOUT_FILENO, text.data, text.len))
        return cct_fail_errno(err, CCT_IOERR, "cannot write the output");
    return status;
}

static int probe(const struct cct_cli *cli, struct options *options, struct cct_err *err)
{
    struct cct_sysroot root;
    struct cct_host host;
    struct cct_cloud cloud;
    struct cct_grid_place place;
    struct cct_sensors *sensors = NULL;
    struct cct_sensor_options what = {
        .root = &root, .host = &host, .gpu = gpu_options(options->nvml), .home = cli->home};
    if (cct_sysroot_open(&root, cli->sysroot, err))
        return -1;
    cct_host_read(&root, &host);
    options->cloud.root = &root;
    cct_cloud_find(&options->cloud, &cloud, &cli->log);
    struct cct_surroundings around = surroundings(&cloud, &place);
    int status = cct_sensors_open(&sensors, &what, err);
    if (!status) {
        cct_sensors_settle(sensors);
        status = tell(cli, options->check, &host, sensors, &around, err);
    }
    cct_sensors_close(sensors);
    cct_sysroot_close(&root);
    return status;
}

int main(int argc, char **argv)
{
    struct cct_cli cli;
    struct options options = {.cloud.network = true};
    struct cct_err err;
    cct_cli_init(&cli, &program, argc, argv, &options);
    int status = probe(&cli, &options, &err);
    if (status < 0)
        status = cct_cli_fail(&cli, &err);
    cct_cli_done(&cli);
    return status;
}
