/* SPDX-License-Identifier: Apache-2.0
 * Look-ups in the shipped tables. */
#include "grid/grid.h"

#include "facts/facts.h"
#include "nearest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define YEARLY "electricitymaps-yearly"

static void set_text(char out[CCT_ZONE_MAX], const char *s)
{
    snprintf(out, CCT_ZONE_MAX, "%s", s);
}

/* Google publishes "average operational gross emissions"; Electricity Maps, Ember and OWID publish
 * life-cycle means; the factors of the Chinese grid companies do not say. */
static enum cct_basis basis_of(const char *source)
{
    if (!strcmp(source, "google-region-carbon-info"))
        return CCT_BASIS_DIRECT;
    return strncmp(source, "ccf-ali", 7) == 0 ? CCT_BASIS_UNKNOWN : CCT_BASIS_LIFECYCLE;
}

static int64_t year_begin_utc_ms(int year)
{
    return cct_days_from_civil(year, 1, 1) * 86400000;
}

static void fill(struct cct_grid_place *out, const char *zone, double g_per_kwh, const char *source,
                 const char *year_text)
{
    int year = (int)strtol(year_text, NULL, 10);
    *out = (struct cct_grid_place){
        .value = {.from_utc_ms = year_begin_utc_ms(year),
                  .to_utc_ms = year_begin_utc_ms(year + 1),
                  .fetched_utc_ms = CCT_NO_INSTANT,
                  .g_per_kwh = g_per_kwh,
                  .signal = CCT_SIGNAL_AVERAGE,
                  .basis = basis_of(source),
                  .quality = CCT_QUALITY_ANNUAL},
        .pue = NAN,
        .pue_source = "",
    };
    set_text(out->value.zone, zone);
    set_text(out->value.provider, source);
}

static void fill_region(struct cct_grid_place *out, const struct cct_fact_region *row)
{
    fill(out, row->zone, row->gco2e_per_kwh, row->source, row->year);
}

static bool find_in_regions(const char *zone, bool yearly, struct cct_grid_place *out)
{
    for (size_t i = 0; i < cct_fact_regions_count; i++) {
        const struct cct_fact_region *row = &cct_fact_regions[i];
        if (strcasecmp(row->zone, zone) || (yearly && strcmp(row->source, YEARLY)))
            continue;
        fill_region(out, row);
        out->name = row->zone;
        return true;
    }
    return false;
}

static bool find_country(const char *zone, struct cct_grid_place *out)
{
    for (size_t i = 0; i < cct_fact_countries_count; i++) {
        const struct cct_fact_country *row = &cct_fact_countries[i];
        if (strcasecmp(row->iso2, zone) && strcasecmp(row->iso3, zone))
            continue;
        fill(out, row->iso2, row->gco2e_per_kwh, row->source, row->year);
        out->name = row->name;
        return true;
    }
    return false;
}

/* What a stranger typed, safe to print: 40 bytes, anything but printable ASCII as `?`. */
static const char *shown(const char *s, char out[41])
{
    size_t n = 0;
    for (; s[n] && n < 40; n++)
        out[n] = s[n] >= ' ' && s[n] <= '~' ? s[n] : '?';
    out[n] = '\0';
    return out;
}

static int unknown(const char *what, const char *form, const struct cct_nearest *nearest,
                   struct cct_err *err)
{
    char name[41], names[160];
    shown(nearest->wanted, name);
    if (!nearest->count)
        return cct_fail(err, CCT_USAGE, "unknown %s `%s': give %s", what, name, form);
    cct_nearest_text(nearest, names, sizeof names);
    return cct_fail(err, CCT_USAGE, "unknown %s `%s': did you mean %s?", what, name, names);
}

int cct_grid_zone(const char *zone, struct cct_grid_place *out, struct cct_err *err)
{
    if (find_in_regions(zone, true, out) || find_country(zone, out) ||
        find_in_regions(zone, false, out))
        return 0;
    struct cct_nearest nearest = {.wanted = zone};
    for (size_t i = 0; i < cct_fact_regions_count; i++)
        cct_nearest_offer(&nearest, cct_fact_regions[i].zone, cct_fact_regions[i].zone);
    for (size_t i = 0; i < cct_fact_countries_count; i++) {
        const struct cct_fact_country *row = &cct_fact_countries[i];
        cct_nearest_offer(&nearest, row->iso2, row->iso2);
        cct_nearest_offer(&nearest, row->iso2, row->iso3);
        cct_nearest_offer(&nearest, row->iso2, row->name);
    }
    return unknown("zone",
                   "an Electricity Maps zone such as US-CAL-CISO, or a country such as KR or KOR",
                   &nearest, err);
}

/* row is text, PROVIDER/REGION? name gets it in the table's spelling. A provider may also go by the
 * name that machines of it are known by. */
static bool is_region(const struct cct_fact_region *row, const char *text, char name[CCT_ZONE_MAX])
{
    static const char *const also[][2] = {{"oci", "oracle"}, {"ncp", "naver"}};
    char other[CCT_ZONE_MAX];
    snprintf(name, CCT_ZONE_MAX, "%s/%s", row->provider, row->region);
    if (!strcasecmp(name, text))
        return true;
    for (size_t i = 0; i < CCT_LEN(also); i++) {
        snprintf(other, sizeof other, "%s/%s", also[i][1], row->region);
        if (!strcmp(row->provider, also[i][0]) && !strcasecmp(other, text))
            return true;
    }
    return false;
}

int cct_grid_region(const char *region, struct cct_grid_place *out, struct cct_err *err)
{
    struct cct_nearest nearest = {.wanted = region};
    char name[CCT_ZONE_MAX];
    for (size_t i = 0; i < cct_fact_regions_count; i++) {
        const struct cct_fact_region *row = &cct_fact_regions[i];
        if (is_region(row, region, name)) {
            fill_region(out, row);
            set_text(out->value.region, name);
            out->name = row->location;
            out->pue = row->pue;
            out->pue_source = row->pue_source;
            return 0;
        }
        cct_nearest_offer(&nearest, name, name);
    }
    return unknown("region", "PROVIDER/REGION such as aws/ap-northeast-2", &nearest, err);
}
