/* SPDX-License-Identifier: Apache-2.0
 * What a kWh emits at a place. Here: the shipped tables (grid/table.c), which need no network and
 * no clock. A provider of live values is a file grid/NAME.c of its own behind a row cct_grid_NAME
 * (electricitymaps, watttime, csv, file, ...), listed in lib/meson.build. */
#pragma once

#include "record/intensity.h"

/* What the tables know of a place: the yearly mean of its grid. */
struct cct_grid_place {
    struct cct_intensity value; /* quality annual, from and to of its year; zone as it is spelled */
    const char *name;           /* for people: South Korea, Asia Pacific (Seoul) */
    double pue;                 /* of a region's data centres; NAN: nothing is published */
    const char *pue_source;     /* "" when there is none */
};

/* Looks a zone up, case aside: an Electricity Maps zone with a yearly mean of its own, else a
 * country by ISO code of two or three letters, else a zone that only another source has. PUE is
 * NAN. -1: CCT_USAGE, the nearest names in the message. */
int cct_grid_zone(const char *zone, struct cct_grid_place *out, struct cct_err *err) cct_must_check;
/* Looks PROVIDER/REGION up: the row of that region, with its own value, source and PUE. */
int cct_grid_region(const char *region, struct cct_grid_place *out,
                    struct cct_err *err) cct_must_check;
