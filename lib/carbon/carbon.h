/* SPDX-License-Identifier: Apache-2.0
 * Energy to grams. Pure: intensities and records in, charged records out; no file, no clock.
 *     emission_g = energy_j / 3.6e6 x PUE x intensity_g_per_kwh
 * as in the Software Carbon Intensity specification (ISO/IEC 21031:2024, operational emissions),
 * with PUE of ISO/IEC 30134-2. Average and marginal, life-cycle and direct are never mixed. */
#pragma once

#include "base/log.h"
#include "record/intensity.h"

/* The intensities of one zone over time, one value at any instant. */
struct cct_series;
/* The series of many zones. */
struct cct_book;

/* Where a host stands. */
struct cct_place {
    char zone[CCT_ZONE_MAX];
    char region[CCT_ZONE_MAX];      /* provider/region, or "" */
    double pue;                     /* NAN: not known */
    struct cct_intensity annual[2]; /* means to fall back on, the better one first */
    size_t annual_count;
};

/* Who knows places. */
struct cct_finder {
    /* Fills out from a zone, a region, or both (NULL or "": not known). -1: it knows neither. */
    int (*find)(void *ctx, const char *zone, const char *region, struct cct_place *out,
                struct cct_err *err);
    void *ctx;
};

struct cct_book *cct_book_open(void);
void cct_book_close(struct cct_book *book);
/* Adds an interval to the series of its zone; the order does not matter. Where two overlap, the
 * one fetched later holds, else the one added later. -1 with CCT_CONFIG when its signal or basis
 * is not that of the series: the message names both, and nothing is added. */
int cct_book_add(struct cct_book *book, const struct cct_intensity *value,
                 struct cct_err *err) cct_must_check;
/* Adds a scanned cct.intensity/1. One that names only a region is added to the zone that finder
 * knows it in; only, unless it is NULL, is the one zone that is wanted. -1: CCT_DATAERR, the
 * record is bad; CCT_CONFIG as for cct_book_add. */
int cct_book_read(struct cct_book *book, const struct cct_rec *rec, const char *only,
                  const struct cct_finder *finder, struct cct_err *err) cct_must_check;
/* The series of a zone, or NULL; lives as long as the book. */
struct cct_series *cct_book_series(const struct cct_book *book, const char *zone);
size_t cct_book_count(const struct cct_book *book);
/* The zones in the order in which they came. */
const char *cct_book_zone(const struct cct_book *book, size_t i);

/* What a span of time was charged by. */
struct cct_charge {
    double g_per_kwh;         /* the mean over the span, weighted by time */
    double age_s;             /* the greatest age of a past value that stood in; 0: none did */
    enum cct_quality quality; /* the most doubtful part's */
    const char *provider;     /* of that part; borrowed from the book or the annual value */
    int year;                 /* of an annual value that stood in; 0: none did */
    enum cct_signal signal;
    enum cct_basis basis;
};

/* The mean over (ts - interval_s, ts] (interval_s 0: the value at ts). Holes take the last value
 * known before them, and where there is none annual, when it has the signal and basis of the
 * series. series and annual may be NULL. False: a part of the span is not known. */
bool cct_series_charge(struct cct_series *series, const struct cct_intensity *annual,
                       int64_t ts_utc_ms, double interval_s, struct cct_charge *out);

/* Grams of energy_j joules; the factor is g_per_kwh x PUE. */
double cct_emission_g(double energy_j, double g_per_kwh, double pue);

struct cct_meter_options {
    struct cct_book *book;         /* borrowed; intensities of the stream are added to it */
    const struct cct_place *fixed; /* every host stands here; NULL: as its cct.host/1 says */
    const struct cct_place *other; /* of a host of which nothing is known; NULL: none */
    const char *must_choose;       /* such a host ends the work with this message; or NULL */
    double pue;                    /* overrides the place's; NAN: does not */
    bool strict;                   /* the first sample that cannot be charged is an error */
    struct cct_finder finder;
    const struct cct_log *log;
};

/* What the command line says about the place; NULL: nothing. */
struct cct_choice {
    const char *zone, *region; /* one of them at most */
    const char *file;          /* that the book was read from */
    char must_choose[240];     /* written here */
};

/* Fills fixed, other and must_choose of the options, whose book has been read and whose finder is
 * set; place and choice must live as long as they do. A place that was given is everybody's; one
 * zone in the file is that of hosts of which nothing is known; of several one must be chosen.
 * -1: what find says of the place; CCT_NOINPUT: the file has nothing of it. */
int cct_meter_choose(struct cct_meter_options *options, struct cct_choice *choice,
                     struct cct_place *place, struct cct_err *err) cct_must_check;

/* Charges the records of a stream, in its order. */
struct cct_meter;

struct cct_meter *cct_meter_open(const struct cct_meter_options *options);
void cct_meter_close(struct cct_meter *meter);
/* Appends the record to out, with a newline. cct.sample/1, and a cct.emission/1 without emission_g,
 * become cct.emission/1; everything else stays as it is. cct.host/1 and cct.intensity/1 are read on
 * the way. -1, and nothing appended: CCT_DATAERR, the record is bad; CCT_USAGE, must_choose. */
int cct_meter_record(struct cct_meter *meter, const struct cct_rec *rec, struct cct_buf *out,
                     struct cct_err *err) cct_must_check;
/* At the end of the stream. -1: something was not used, because two signals or bases would have
 * been mixed (CCT_DATAERR), or no host had a place where one must be chosen (CCT_USAGE). */
int cct_meter_end(const struct cct_meter *meter, struct cct_err *err) cct_must_check;
