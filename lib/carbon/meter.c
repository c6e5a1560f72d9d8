/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"
#include "series.h"

#include "base/alloc.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct cct_meter {
    struct cct_meter_options options;
    struct cct_hosts hosts;
    struct cct_spot fixed, other;
    struct cct_splice splice;
    enum cct_signal signal; /* of the sum so far */
    enum cct_basis basis;
    uint64_t refused;  /* records left out so that nothing was mixed */
    char refusal[256]; /* the two that were not mixed; as long as an error is */
    bool placed, warned;
};

static void settle_spot(const struct cct_meter *meter, struct cct_spot *spot,
                        const struct cct_place *place)
{
    *spot = (struct cct_spot){.place = *place, .known = true};
    spot->pue = isnan(meter->options.pue) ? place->pue : meter->options.pue;
    if (isnan(spot->pue))
        spot->pue = 1.0;
}

struct cct_meter *cct_meter_open(const struct cct_meter_options *options)
{
    struct cct_meter *meter = cct_xcalloc(1, sizeof *meter);
    meter->options = *options;
    if (options->fixed)
        settle_spot(meter, &meter->fixed, options->fixed);
    if (options->other)
        settle_spot(meter, &meter->other, options->other);
    return meter;
}

void cct_meter_close(struct cct_meter *meter)
{
    if (!meter)
        return;
    cct_hosts_free(&meter->hosts);
    cct_splice_free(&meter->splice);
    free(meter);
}

/* provider/region of a cct.host/1's cloud, "" when it has none. */
static void read_region(const struct cct_rec *rec, char out[2 * CCT_ZONE_MAX])
{
    char provider[CCT_ZONE_MAX], region[CCT_ZONE_MAX];
    struct cct_value cloud = cct_rec_get(rec, "cloud");
    bool known = cct_value_copy(cct_value_get(cloud, "provider"), provider, sizeof provider) &&
                 cct_value_copy(cct_value_get(cloud, "region"), region, sizeof region) && *region;
    out[0] = '\0';
    if (known)
        snprintf(out, 2 * CCT_ZONE_MAX, "%s/%s", provider, region);
}

static void learn_host(struct cct_meter *meter, const struct cct_rec *rec)
{
    char zone[CCT_ZONE_MAX], region[2 * CCT_ZONE_MAX];
    struct cct_place place;
    struct cct_err err;
    if (meter->options.fixed)
        return;
    cct_value_copy(cct_rec_get(rec, "grid_zone"), zone, sizeof zone);
    read_region(rec, region);
    if (!*zone && !*region)
        return;
    if (cct_place_of(meter->options.book, &meter->options.finder, zone, region, &place, &err)) {
        cct_warn(meter->options.log, "the place that cct.host/1 names: %s", err.msg);
        return;
    }
    settle_spot(meter, cct_hosts_get(&meter->hosts, cct_rec_get(rec, "host")), &place);
    meter->placed = true;
    meter->splice.spot = NULL; /* the tail may be of this host at its old place */
}

/* What may not be summed is left out. With err: it must end here. */
static int refuse(struct cct_meter *meter, const char *what, struct cct_err *err)
{
    snprintf(meter->refusal, sizeof meter->refusal, "%s", what);
    if (meter->options.strict)
        return cct_fail(err, CCT_DATAERR, "%s", meter->refusal);
    if (!meter->refused++)
        cct_warn(meter->options.log, "%s: going on without", meter->refusal);
    return 0;
}

static int learn_intensity(struct cct_meter *meter, const struct cct_rec *rec, struct cct_err *err)
{
    struct cct_err why = {0};
    const struct cct_meter_options *o = &meter->options;
    const char *only = o->fixed ? o->fixed->zone : NULL;
    if (!cct_book_read(o->book, rec, only, &o->finder, &why))
        return 0;
    return why.code == CCT_CONFIG ? refuse(meter, why.msg, err)
                                  : cct_fail(err, CCT_DATAERR, "%s", why.msg);
}

/* Where the record's host stands, or NULL. */
static struct cct_spot *spot_of(struct cct_meter *meter, const struct cct_wanted *wanted)
{
    if (meter->options.fixed)
        return &meter->fixed;
    struct cct_spot *spot = cct_hosts_find(&meter->hosts, wanted->host);
    if (spot && spot->known)
        return spot;
    return meter->options.other ? &meter->other : NULL;
}

static int no_place(struct cct_meter *meter, struct cct_err *err)
{
    if (meter->options.must_choose)
        return cct_fail(err, CCT_USAGE, "%s", meter->options.must_choose);
    if (!meter->warned)
        cct_warn(meter->options.log,
                 "no place is known, so no emission: give --zone or --region, or put cct-probe's "
                 "record before the samples");
    meter->warned = true;
    return 0;
}

/* The annual value that may stand in: the first that agrees with the series and the sum so far. */
static const struct cct_intensity *annual_of(const struct cct_meter *meter,
                                             const struct cct_spot *spot)
{
    const struct cct_place *place = &spot->place;
    for (size_t i = 0; i < place->annual_count; i++) {
        const struct cct_intensity *a = &place->annual[i];
        if (cct_labels_agree(meter->signal, meter->basis, a) &&
            (!spot->series || cct_labels_agree(spot->series->signal, spot->series->basis, a)))
            return a;
    }
    return place->annual_count ? &place->annual[0] : NULL;
}

/* Looks again only when a new zone has come. */
static struct cct_series *series_of(const struct cct_meter *meter, struct cct_spot *spot)
{
    size_t count = cct_book_count(meter->options.book);
    if (!spot->series && spot->looked != count)
        spot->series = cct_book_series(meter->options.book, spot->place.zone);
    spot->looked = count;
    return spot->series;
}

/* The labels of the sum so far and of a charge that differ, or false. */
static bool is_mixed(const struct cct_meter *meter, const struct cct_charge *charge,
                     const char **had, const char **has)
{
    if (meter->signal && charge->signal && meter->signal != charge->signal) {
        *had = cct_signal_name(meter->signal);
        *has = cct_signal_name(charge->signal);
        return true;
    }
    *had = cct_basis_name(meter->basis);
    *has = cct_basis_name(charge->basis);
    return *had && *has && meter->basis != charge->basis;
}

static int refuse_charge(struct cct_meter *meter, const char *zone, const char *had,
                         const char *has, struct cct_err *err)
{
    char what[160];
    snprintf(what, sizeof what,
             "%s intensities in zone %s after %s ones: one sum must not mix them", has, zone, had);
    return refuse(meter, what, err);
}

/* The span of a sample. False with err: it has none. */
static int read_span(const struct cct_wanted *wanted, int64_t *ts_utc_ms, double *interval_s,
                     struct cct_err *err)
{
    *ts_utc_ms = cct_value_instant(wanted->ts);
    if (*ts_utc_ms == CCT_NO_INSTANT)
        return cct_fail(err, CCT_DATAERR, "a sample whose ts is not an RFC 3339 instant");
    *interval_s = cct_value_number(wanted->interval_s);
    if (isnan(*interval_s))
        *interval_s = 0;
    if (*interval_s < 0)
        return cct_fail(err, CCT_DATAERR, "a sample whose interval_s is negative");
    return 0;
}

/* 1: charged, 0: not known, -1: a fault. */
static int charge_of(struct cct_meter *meter, const struct cct_wanted *wanted,
                     struct cct_spot *spot, struct cct_charge *charge, struct cct_err *err)
{
    struct cct_series *series = series_of(meter, spot);
    const struct cct_intensity *annual = annual_of(meter, spot);
    const char *had, *has;
    int64_t ts_utc_ms = 0;
    double interval_s = 0;
    if (series && read_span(wanted, &ts_utc_ms, &interval_s, err))
        return -1;
    if (!cct_series_charge(series, annual, ts_utc_ms, interval_s, charge))
        return 0;
    if (is_mixed(meter, charge, &had, &has))
        return refuse_charge(meter, spot->place.zone, had, has, err);
    meter->signal = charge->signal ? charge->signal : meter->signal;
    meter->basis = charge->basis ? charge->basis : meter->basis;
    return 1;
}

static int charge_record(struct cct_meter *meter, const struct cct_rec *rec,
                         const struct cct_wanted *wanted, struct cct_buf *out, struct cct_err *err)
{
    struct cct_charge charge;
    struct cct_spot *spot = spot_of(meter, wanted);
    if (cct_value_number(wanted->energy_j) < 0)
        return cct_fail(err, CCT_DATAERR, "a sample whose energy_j is negative");
    int known = spot ? charge_of(meter, wanted, spot, &charge, err) : no_place(meter, err);
    if (known < 0)
        return -1;
    meter->placed |= spot != NULL;
    cct_splice_record(&meter->splice, rec, wanted, spot, known ? &charge : NULL, out);
    return 0;
}

static int pass(const struct cct_rec *rec, struct cct_buf *out)
{
    cct_buf_add(out, rec->line.p, rec->line.len);
    cct_buf_addc(out, '\n');
    return 0;
}

int cct_meter_record(struct cct_meter *meter, const struct cct_rec *rec, struct cct_buf *out,
                     struct cct_err *err)
{
    struct cct_wanted wanted;
    cct_wanted_pick(rec, &wanted);
    if (cct_value_equals(wanted.schema, "cct.sample/1"))
        return charge_record(meter, rec, &wanted, out, err);
    if (cct_value_equals(wanted.schema, "cct.emission/1") && wanted.emission_g.type != CCT_NUMBER)
        return charge_record(meter, rec, &wanted, out, err);
    if (cct_value_equals(wanted.schema, "cct.intensity/1") && learn_intensity(meter, rec, err))
        return -1;
    if (cct_value_equals(wanted.schema, "cct.host/1"))
        learn_host(meter, rec);
    return pass(rec, out);
}

int cct_meter_end(const struct cct_meter *meter, struct cct_err *err)
{
    if (meter->refused)
        return cct_fail(err, CCT_DATAERR, "%" PRIu64 " records were not used: %s", meter->refused,
                        meter->refusal);
    if (meter->options.must_choose && !meter->placed)
        return cct_fail(err, CCT_USAGE, "%s", meter->options.must_choose);
    return 0;
}
