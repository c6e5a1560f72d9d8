/* SPDX-License-Identifier: Apache-2.0
 * cct-sample: the joules of this machine, one record a tick. */
#include "cli/feed.h"
#include "estimate.h"
#include "sources.h"

#include <math.h>

struct options {
    struct cct_feed_options feed;
    struct source_options sources;
    struct estimate_options estimate;
    bool list;
    pid_t pid;
    const char *cgroup;
};

static const struct argp_option option_table[] = {
    CCT_FEED_OPTIONS,
    SOURCE_OPTIONS,
    {"list", 'l', NULL, 0, "print the sources as records, and end", 0},
    {"pid", 'p', "PID", 0, "tell the share of a process and its descendants", 0},
    {"cgroup", 'g', "PATH", 0, "tell the share of a cgroup", 0},
    ESTIMATE_OPTIONS,
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct options *o = state->input;
    switch (key) {
    case 'l':
        o->list = true;
        return 0;
    case 'p':
        o->pid = (pid_t)cct_cli_count(state, "pid", arg, 1, INT32_MAX);
        return 0;
    case 'g':
        o->cgroup = arg;
        return 0;
    case ARGP_KEY_END:
        if (!!o->pid + !!o->cgroup + !!o->feed.command > 1)
            cct_cli_usage(state, "only one of --pid, --cgroup and a command can be followed");
    }
    bool taken =
        source_option(key, arg, &o->sources) || estimate_option(key, arg, state, &o->estimate);
    return taken ? 0 : cct_feed_parse(key, arg, state, &o->feed);
}

static const struct cct_program program = {
    .name = "cct-sample",
    .doc = "Measure what this machine draws, one record a tick.",
    .args_doc = "[-- COMMAND [ARG...]]",
    .options = option_table,
    .parse = parse,
    .kinds = (const char *const[]){"cct.sample/1", "cct.sensor/1", "cct.calibration/1", NULL},
    .runs_command = true,
};

struct sampling {
    struct cct_sampler *sampler;
    struct cct_stamp stamp;
};

static bool due(void *ctx)
{
    return cct_sampler_due(((struct sampling *)ctx)->sampler);
}

static bool over(void *ctx)
{
    return cct_sampler_job_over(((struct sampling *)ctx)->sampler);
}

static void record(void *ctx, struct cct_buf *line)
{
    struct cct_sample sample;
    cct_sampler_tick(((struct sampling *)ctx)->sampler, &sample);
    cct_sample_write(&sample, &((struct sampling *)ctx)->stamp, line);
}

/* Finds the job, or starts it. */
static int start(const struct options *o, struct cct_sampler *sampler, struct cct_feed *feed,
                 struct cct_err *err)
{
    if ((o->pid && cct_sampler_follow_pid(sampler, o->pid, err)) ||
        (o->cgroup && cct_sampler_follow_cgroup(sampler, o->cgroup, err)))
        return -1;
    if (!o->feed.command)
        return 0;
    if (cct_feed_start(feed, cct_sampler_follow_command(sampler), err))
        return -1;
    cct_sampler_command_started(sampler, feed->child.cgroup_fd >= 0);
    return 0;
}

static int run(const struct options *o, const struct cct_cli *cli, struct sampling *sampling,
               struct cct_feed *feed, struct cct_err *err)
{
    struct cct_sampler_options options = {.sysroot = cli->sysroot,
                                          .globs = o->sources.globs,
                                          .glob_count = o->sources.glob_count,
                                          .gpu = gpu_options(o->sources.nvml),
                                          .clock = &cli->clock,
                                          .interval_ns = o->feed.interval_ns,
                                          .home = cli->home,
                                          .profile = o->estimate.profile,
                                          .idle_w = o->estimate.idle_w};
    if (cct_cli_stamp(cli, &sampling->stamp, err) || cct_feed_open(feed, cli, &o->feed, err) ||
        cct_sampler_open(&sampling->sampler, &options, &cli->log, err))
        return -1;
    if (o->list) {
        cct_auto_buf text = {0};
        cct_sources_write(cct_sampler_sensors(sampling->sampler), &sampling->stamp,
                          cct_clock_utc_ms(&cli->clock), &text);
        return cct_feed_put(feed, &text, err);
    }
    if (start(o, sampling->sampler, feed, err))
        return -1;
    feed->event_fd = cct_sampler_fd(sampling->sampler);
    feed->start_mono_ns = cct_sampler_start_mono_ns(sampling->sampler);
    feed->due = due;
    feed->record = record;
    feed->over = over;
    feed->ctx = sampling;
    return cct_feed_run(feed);
}

int main(int argc, char **argv)
{
    struct cct_cli cli;
    struct options o = {.feed = CCT_FEED_DEFAULTS, .estimate.idle_w = NAN};
    struct sampling sampling = {0};
    struct cct_feed feed = CCT_FEED_CLOSED;
    struct cct_err err;
    cct_cli_init(&cli, &program, argc, argv, &o);
    int status = o.estimate.calibrate ? calibrate(&o.estimate, &cli, o.feed.duration_ns, &err)
                                      : run(&o, &cli, &sampling, &feed, &err);
    if (status < 0)
        status = cct_cli_fail(&cli, &err);
    cct_sampler_close(sampling.sampler);
    cct_feed_close(&feed);
    free(o.sources.globs);
    cct_cli_done(&cli);
    return status;
}
