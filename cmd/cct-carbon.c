/* SPDX-License-Identifier: Apache-2.0
 * Turns samples into emissions: a filter over carbon/, with the places of grid/. */
#include "base/alloc.h"
#include "carbon/carbon.h"
#include "cli/cli.h"
#include "grid/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct carbon {
    struct cct_cli cli;
    struct cct_choice choice;
    const char *pue_text;
    double pue;
    struct cct_book *book;
    struct cct_meter *meter;
};

enum { ZONE = 1, REGION, INTENSITY, PUE };

static const struct argp_option options[] = {
    {"zone", ZONE, "ZONE", 0, "Grid zone (US-CAL-CISO) or country (KR, KOR) of every host", 0},
    {"region", REGION, "PROVIDER/REGION", 0, "Cloud region of every host, with its PUE", 0},
    {"intensity", INTENSITY, "FILE", 0, "Charge by the cct.intensity/1 records of FILE", 0},
    {"pue", PUE, "X", 0, "Power usage effectiveness (else the region's, else 1)", 0},
    {0}};

static void check(struct carbon *c, const struct argp_state *state)
{
    char *end = NULL;
    c->pue = c->pue_text ? strtod(c->pue_text, &end) : (double)NAN;
    if (end && (*end || !(c->pue >= 1 && c->pue <= 10)))
        cct_cli_usage(state, "--pue must be a number from 1 to 10");
    if (c->choice.zone && c->choice.region)
        cct_cli_usage(state, "give --zone or --region, not both");
    if (c->choice.file && !strcmp(c->choice.file, "-"))
        cct_cli_usage(state, "--intensity - is not possible: the samples are on standard input");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
    struct carbon *c = state->input;
    const char **const texts[] = {&c->choice.zone, &c->choice.region, &c->choice.file,
                                  &c->pue_text};
    if (key >= ZONE && key <= PUE)
        *texts[key - ZONE] = arg;
    else if (key == ARGP_KEY_ARG && strcmp(arg, "-") != 0)
        cct_cli_usage(state, "no argument is taken: records come on standard input");
    else if (key == ARGP_KEY_END)
        check(c, state);
    else
        return key == ARGP_KEY_ARG ? 0 : ARGP_ERR_UNKNOWN;
    return 0;
}

static const struct cct_program program = {
    .name = "cct-carbon",
    .doc = "Add to each cct.sample/1 of standard input the CO2e that it emitted.",
    .options = options,
    .parse = parse,
    .kinds = (const char *const[]){"cct.emission/1", NULL}};

static void set_zone(struct cct_place *out, const struct cct_grid_place *found)
{
    memcpy(out->zone, found->value.zone, sizeof out->zone);
    out->annual[out->annual_count++] = found->value;
}

/* A zone that is given is the place's, though its region lies in another. */
static int find_place(cct_unused void *ctx, const char *zone, const char *region,
                      struct cct_place *out, struct cct_err *err)
{
    struct cct_grid_place found;
    bool given = zone && (*zone || !region);
    *out = (struct cct_place){.pue = NAN};
    if (region && *region && !cct_grid_region(region, &found, given ? NULL : err)) {
        memcpy(out->region, found.value.region, sizeof out->region);
        out->pue = found.pue;
        if (!given)
            set_zone(out, &found);
    }
    if (!given && !out->annual_count)
        return -1;
    if (!cct_grid_zone(given ? zone : out->zone, &found, given ? err : NULL))
        set_zone(out, &found);
    return out->annual_count ? 0 : -1;
}

static const struct cct_finder finder = {.find = find_place};

static int load_record(void *ctx, struct cct_rec *rec, cct_unused struct cct_writer *out,
                       struct cct_err *err)
{
    if (!cct_rec_is(rec, "cct.intensity/1"))
        return 0;
    return cct_book_read(ctx, rec, NULL, &finder, err);
}

/* Reads the file of intensities: a status. A mixture ends it with CCT_CONFIG. */
static int load(struct carbon *c)
{
    const struct cct_filter filter = {.record = load_record, .ctx = c->book};
    cct_auto_free char *file = cct_xstrdup(c->choice.file);
    return cct_filter_files(&c->cli, &filter, &file, 1, STDOUT_FILENO);
}

static int record(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    int failed = cct_meter_record(ctx, rec, &out->buf, err);
    return failed ? failed : cct_writer_add(out, NULL, 0, err); /* writes when it is full */
}

static int end(void *ctx, cct_unused struct cct_writer *out, struct cct_err *err)
{
    return cct_meter_end(ctx, err);
}

static int run(struct carbon *c)
{
    struct cct_meter_options o = {.book = c->book, .pue = c->pue, .finder = finder};
    struct cct_place place;
    struct cct_err err;
    o.strict = c->cli.strict;
    o.log = &c->cli.log;
    int loaded = c->choice.file ? load(c) : 0;
    if (loaded == CCT_CONFIG)
        return CCT_DATAERR;
    if (loaded && (loaded != CCT_DATAERR || c->cli.strict))
        return loaded;
    if (cct_meter_choose(&o, &c->choice, &place, &err))
        return cct_cli_fail(&c->cli, &err);
    c->meter = cct_meter_open(&o);
    const struct cct_filter filter = {.record = record, .end = end, .ctx = c->meter};
    int status = cct_filter_run(&c->cli, &filter, STDIN_FILENO, STDOUT_FILENO);
    return status ? status : loaded;
}

int main(int argc, char **argv)
{
    struct carbon c = {0};
    cct_cli_init(&c.cli, &program, argc, argv, &c);
    c.book = cct_book_open();
    int status = run(&c);
    cct_meter_close(c.meter);
    cct_book_close(c.book);
    cct_cli_done(&c.cli);
    return status;
}
