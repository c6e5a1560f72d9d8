/* SPDX-License-Identifier: Apache-2.0
 * What cct-sample is told of estimates: power at rest, and the calibration of this CPU, which is
 * made once, in the place of samples. */
#pragma once

#include "cli/cli.h"
#include "sensor/sensor.h"

#include <stdio.h>

struct estimate_options {
    double idle_w;       /* NAN: not given */
    const char *profile; /* which calibration is used, or NULL */
    bool calibrate;
    const char *file; /* where the calibration goes, or NULL */
};

#define CALIBRATE_KEY 0x200
#define PROFILE_KEY   0x201

#define ESTIMATE_OPTIONS                                                                           \
    {"idle", 'I', "WATTS", 0, "what this machine draws at rest [learned, or by the table]", 0},    \
        {"calibrate",                                                                              \
         CALIBRATE_KEY,                                                                            \
         "FILE",                                                                                   \
         OPTION_ARG_OPTIONAL,                                                                      \
         "load this machine in steps for a minute (-d) and keep the curve of load and power "      \
         "[below the home folder]",                                                                \
         0},                                                                                       \
    {                                                                                              \
        "profile", PROFILE_KEY, "FILE", 0, "estimate by this calibration", 0                       \
    }

/* Takes one of those options; false for another. */
static inline bool estimate_option(int key, char *arg, struct argp_state *state,
                                   struct estimate_options *options)
{
    if (key == 'I') {
        options->idle_w = cct_cli_number(state, "idle", arg, 0);
    } else if (key == PROFILE_KEY) {
        options->profile = arg;
    } else if (key == CALIBRATE_KEY) {
        options->calibrate = true;
        options->file = arg;
    } else {
        return false;
    }
    return true;
}

/* duration_ns 0: a minute. Prints the record, too. */
static inline int calibrate(const struct estimate_options *options, const struct cct_cli *cli,
                            int64_t duration_ns, struct cct_err *err)
{
    struct cct_stamp stamp;
    cct_auto_buf record = {0};
    struct cct_calibrate_options what = {.sysroot = cli->sysroot,
                                         .file = options->file,
                                         .home = cli->home,
                                         .duration_ns =
                                             duration_ns ? duration_ns : 60 * CCT_NS_PER_S,
                                         .clock = &cli->clock,
                                         .stamp = &stamp};
    if (!what.file && !what.home)
        return cct_fail(err, CCT_CONFIG,
                        "--calibrate: no home folder is known; give FILE or --home");
    if (!cli->quiet)
        fprintf(stderr, "cct-sample: calibrating for %.0f s: %s\n", (double)what.duration_ns / 1e9,
                cli->sysroot ? "watching the load of the machine under the sysroot"
                             : "all threads of this machine are loaded in ten steps");
    if (cct_cli_stamp(cli, &stamp, err) || cct_calibrate(&what, &record, err))
        return -1;
    if (cct_write_all(STDOUT_FILENO, record.data, record.len))
        return cct_fail_errno(err, CCT_IOERR, "cannot write the output");
    return 0;
}
