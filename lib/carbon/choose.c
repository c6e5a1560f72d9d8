/* SPDX-License-Identifier: Apache-2.0
 * What the command line and a file of intensities say about the place. */
#include "series.h"

#include <math.h>
#include <string.h>

int cct_place_of(const struct cct_book *book, const struct cct_finder *finder, const char *zone,
                 const char *region, struct cct_place *out, struct cct_err *err)
{
    if (!finder->find(finder->ctx, zone, region, out, err))
        return 0;
    if (!zone || !*zone || !cct_book_series(book, zone))
        return -1;
    *out = (struct cct_place){.pue = NAN};
    snprintf(out->zone, sizeof out->zone, "%s", zone);
    return 0;
}

/* "KR US-CAL-CISO", cut to fit. */
static void name_zones(const struct cct_book *book, char *out, size_t cap)
{
    out[0] = '\0';
    for (size_t i = 0, len = 0; i < cct_book_count(book) && len < cap; i++)
        len += (size_t)snprintf(out + len, cap - len, "%s%s", i ? " " : "", cct_book_zone(book, i));
}

static int choose_given(struct cct_meter_options *o, const struct cct_choice *choice,
                        struct cct_place *place, struct cct_err *err)
{
    char zones[120];
    if (cct_place_of(o->book, &o->finder, choice->zone, choice->region, place, err))
        return -1;
    o->fixed = place;
    if (!choice->file || cct_book_series(o->book, place->zone))
        return 0;
    name_zones(o->book, zones, sizeof zones);
    return cct_fail(err, CCT_NOINPUT, "%s has no intensity of zone %s, it has: %s", choice->file,
                    place->zone, zones);
}

int cct_meter_choose(struct cct_meter_options *o, struct cct_choice *choice,
                     struct cct_place *place, struct cct_err *err)
{
    char zones[120];
    size_t count = cct_book_count(o->book);
    if (choice->file && !count)
        return cct_fail(err, CCT_NOINPUT, "%s holds no cct.intensity/1 records", choice->file);
    if (choice->zone || choice->region)
        return choose_given(o, choice, place, err);
    if (count == 1) {
        o->other = place;
        return cct_place_of(o->book, &o->finder, cct_book_zone(o->book, 0), NULL, place, err);
    }
    if (count > 1) {
        name_zones(o->book, zones, sizeof zones);
        snprintf(choice->must_choose, sizeof choice->must_choose,
                 "%s has several zones, choose one with --zone: %s", choice->file, zones);
        o->must_choose = choice->must_choose;
    }
    return 0;
}
