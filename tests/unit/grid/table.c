/* SPDX-License-Identifier: Apache-2.0
 * Look-ups of zones, countries and regions, and what is offered for an unknown one. */
#include "grid/grid.h"

#include "facts/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct cct_grid_place zone(const char *name)
{
    struct cct_grid_place place;
    struct cct_err err;
    assert_int_equal(cct_grid_zone(name, &place, &err), 0);
    return place;
}

static void assert_unknown(int (*find)(const char *, struct cct_grid_place *, struct cct_err *),
                           const char *name, const char *message)
{
    struct cct_grid_place place;
    struct cct_err err = {0};
    assert_int_equal(find(name, &place, &err), -1);
    assert_int_equal(err.code, CCT_USAGE);
    assert_string_equal(err.msg, message);
}

static void test_zone_of_electricity_maps(void **state)
{
    (void)state;
    struct cct_grid_place p = zone("US-CAL-CISO");
    assert_string_equal(p.value.zone, "US-CAL-CISO");
    assert_true(p.value.g_per_kwh == 208.0 && isnan(p.pue));
    assert_int_equal(p.value.signal, CCT_SIGNAL_AVERAGE);
    assert_int_equal(p.value.basis, CCT_BASIS_LIFECYCLE);
    assert_int_equal(p.value.quality, CCT_QUALITY_ANNUAL);
    assert_string_equal(p.value.provider, "electricitymaps-yearly");
    assert_true(p.value.from_utc_ms == INT64_C(1735689600000)); /* 2025-01-01 */
    assert_true(p.value.to_utc_ms == INT64_C(1767225600000));   /* 2026-01-01 */
    assert_string_equal(p.value.region, "");
}

/* KR is a zone and a country: the zone's own yearly mean comes first. */
static void test_zone_before_country(void **state)
{
    (void)state;
    struct cct_grid_place p = zone("KR"), by_iso3 = zone("kor");
    assert_true(p.value.g_per_kwh == 423.0);
    assert_string_equal(by_iso3.value.zone, "KR");
    assert_string_equal(by_iso3.value.provider, "Ember");
    assert_string_equal(by_iso3.name, "South Korea");
}

static void test_case_does_not_matter(void **state)
{
    (void)state;
    assert_string_equal(zone("us-cal-ciso").value.zone, "US-CAL-CISO");
    assert_string_equal(zone("de").value.zone, "DE");
    struct cct_grid_place p;
    assert_int_equal(cct_grid_region("AWS/AP-Northeast-2", &p, NULL), 0);
    assert_string_equal(p.value.region, "aws/ap-northeast-2");
}

static void test_region_has_its_own_value_and_pue(void **state)
{
    (void)state;
    struct cct_grid_place p;
    assert_int_equal(cct_grid_region("gcp/europe-west3", &p, NULL), 0);
    assert_string_equal(p.value.zone, "DE");
    assert_string_equal(p.value.provider, "google-region-carbon-info");
    assert_int_equal(p.value.basis, CCT_BASIS_DIRECT);
    assert_true(p.pue >= 1 && p.value.g_per_kwh != zone("DE").value.g_per_kwh);
    assert_int_equal(cct_grid_region("ncp/KR", &p, NULL), 0);
    assert_true(isnan(p.pue));
    assert_int_equal(cct_grid_region("alibaba/cn-beijing", &p, NULL), 0);
    assert_int_equal(p.value.basis, CCT_BASIS_UNKNOWN);
}

static void test_every_row_is_found(void **state)
{
    (void)state;
    char name[CCT_ZONE_MAX];
    struct cct_grid_place p;
    for (size_t i = 0; i < cct_fact_regions_count; i++) {
        const struct cct_fact_region *r = &cct_fact_regions[i];
        snprintf(name, sizeof name, "%s/%s", r->provider, r->region);
        assert_int_equal(cct_grid_region(name, &p, NULL), 0);
        assert_true(p.value.g_per_kwh == r->gco2e_per_kwh);
        assert_string_equal(zone(r->zone).value.zone, r->zone);
    }
    for (size_t i = 0; i < cct_fact_countries_count; i++) {
        const struct cct_fact_country *c = &cct_fact_countries[i];
        assert_string_equal(zone(c->iso2).value.zone, c->iso2);
        assert_string_equal(zone(c->iso3).value.zone, c->iso2);
        assert_true(zone(c->iso3).value.g_per_kwh == c->gco2e_per_kwh);
    }
}

static void test_unknown_offers_nearest(void **state)
{
    (void)state;
    assert_unknown(cct_grid_zone, "US-CAL-CISOO",
                   "unknown zone `US-CAL-CISOO': did you mean US-CAL-CISO or US?");
    assert_unknown(cct_grid_zone, "Switzerland", "unknown zone `Switzerland': did you mean CH?");
    assert_unknown(cct_grid_zone, "Germny", "unknown zone `Germny': did you mean DE?");
    assert_unknown(cct_grid_region, "aws/eu-centrl-1",
                   "unknown region `aws/eu-centrl-1': did you mean aws/eu-central-1, "
                   "aws/eu-central-2 or aws/ca-central-1?");
    assert_unknown(cct_grid_region, "eu-central-2",
                   "unknown region `eu-central-2': did you mean aws/eu-central-2?");
}

static void test_unknown_and_nothing_near(void **state)
{
    (void)state;
    assert_unknown(
        cct_grid_zone, "<script>alert(1)</script>",
        "unknown zone `<script>alert(1)</script>': give an Electricity Maps zone such as "
        "US-CAL-CISO, or a country such as KR or KOR");
    assert_unknown(cct_grid_region, "\x1b[31m\n",
                   "unknown region `?[31m?': give PROVIDER/REGION such as aws/ap-northeast-2");
    assert_unknown(cct_grid_zone, "",
                   "unknown zone `': give an Electricity Maps zone such as US-CAL-CISO, or a "
                   "country such as KR or KOR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zone_of_electricity_maps),
        cmocka_unit_test(test_zone_before_country),
        cmocka_unit_test(test_case_does_not_matter),
        cmocka_unit_test(test_region_has_its_own_value_and_pue),
        cmocka_unit_test(test_every_row_is_found),
        cmocka_unit_test(test_unknown_offers_nearest),
        cmocka_unit_test(test_unknown_and_nothing_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
