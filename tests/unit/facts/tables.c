/* SPDX-License-Identifier: Apache-2.0
 * The shipped tables: that what was embedded is what the CSV files say, and that it is plausible.
 */
#include "facts/facts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct cct_fact_region *region(const char *provider, const char *name)
{
    for (size_t i = 0; i < cct_fact_regions_count; i++)
        if (!strcmp(cct_fact_regions[i].provider, provider) &&
            !strcmp(cct_fact_regions[i].region, name))
            return &cct_fact_regions[i];
    return NULL;
}

static void test_region_row(void **state)
{
    (void)state;
    const struct cct_fact_region *r = region("aws", "ap-northeast-2");
    assert_non_null(r);
    assert_string_equal(r->zone, "KR");
    assert_string_equal(r->country_iso2, "KR");
    assert_true(r->gco2e_per_kwh == 423.0 && r->pue == 1.135);
    assert_true(r->latitude_deg == 37.5503 && r->longitude_deg == 126.9971);
    assert_string_equal(r->source, "electricitymaps-yearly");
    assert_string_equal(r->year, "2025");
}

static void test_empty_cell_is_unknown(void **state)
{
    (void)state;
    const struct cct_fact_region *r = region("ncp", "KR");
    assert_non_null(r);
    assert_true(isnan(r->pue));
    assert_string_equal(r->pue_source, "");
}

static void test_regions_are_plausible_and_unique(void **state)
{
    (void)state;
    assert_int_equal(cct_fact_regions_count, 213);
    for (size_t i = 0; i < cct_fact_regions_count; i++) {
        const struct cct_fact_region *r = &cct_fact_regions[i];
        assert_true(r->gco2e_per_kwh > 0 && r->gco2e_per_kwh < 1300);
        assert_true(isnan(r->pue) || (r->pue >= 1 && r->pue < 2));
        assert_true(fabs(r->latitude_deg) <= 90 && fabs(r->longitude_deg) <= 180);
        assert_ptr_equal(region(r->provider, r->region), r);
    }
}

/* One zone has one yearly value, so that a zone may be looked up without a region. */
static void test_zone_has_one_yearly_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < cct_fact_regions_count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct cct_fact_region *a = &cct_fact_regions[i], *b = &cct_fact_regions[j];
            if (!strcmp(a->source, "electricitymaps-yearly") && !strcmp(a->source, b->source) &&
                !strcmp(a->zone, b->zone))
                assert_true(a->gco2e_per_kwh == b->gco2e_per_kwh);
        }
}

static void test_countries(void **state)
{
    (void)state;
    assert_int_equal(cct_fact_countries_count, 213);
    for (size_t i = 0; i < cct_fact_countries_count; i++) {
        const struct cct_fact_country *c = &cct_fact_countries[i];
        assert_int_equal(strlen(c->iso2), 2);
        assert_int_equal(strlen(c->iso3), 3);
        assert_true(c->gco2e_per_kwh > 0 && c->gco2e_per_kwh < 1400);
        for (size_t j = 0; j < i; j++)
            assert_true(strcmp(c->iso2, cct_fact_countries[j].iso2) != 0 &&
                        strcmp(c->iso3, cct_fact_countries[j].iso3) != 0);
    }
}

/* Only the sources whose licence lets them ship. */
static void test_cpu_power_sources(void **state)
{
    (void)state;
    assert_int_equal(cct_fact_cpus_count, 1091);
    for (size_t i = 0; i < cct_fact_cpus_count; i++) {
        const struct cct_fact_cpu *c = &cct_fact_cpus[i];
        bool uarch = !strcmp(c->source, "ccf") && !strcmp(c->kind, "uarch");
        bool sku = !strcmp(c->source, "codecarbon") && !strcmp(c->kind, "sku");
        assert_true(uarch || sku);
        if (uarch)
            assert_true(c->idle_w_per_vcpu > 0 && c->max_w_per_vcpu > c->idle_w_per_vcpu);
        else
            assert_true(c->tdp_w > 0 && c->tdp_w < 1000);
    }
}

static bool has_uarch_power(const char *uarch)
{
    for (size_t i = 0; i < cct_fact_cpus_count; i++)
        if (!strcmp(cct_fact_cpus[i].kind, "uarch") && !strcmp(cct_fact_cpus[i].name, uarch))
            return true;
    return false;
}

/* Two rows never claim one CPU, and a name that no power row has says so in its note. */
static void test_uarch_ids(void **state)
{
    (void)state;
    for (size_t i = 0; i < cct_fact_uarchs_count; i++) {
        const struct cct_fact_uarch *a = &cct_fact_uarchs[i];
        assert_true(a->stepping_min <= a->stepping_max);
        assert_true(has_uarch_power(a->uarch) || strstr(a->note, "no CCF row"));
        for (size_t j = 0; j < i; j++) {
            const struct cct_fact_uarch *b = &cct_fact_uarchs[j];
            if (!strcmp(a->vendor, b->vendor) && a->model_or_part == b->model_or_part &&
                a->family_or_implementer == b->family_or_implementer)
                assert_true(a->stepping_min > b->stepping_max || b->stepping_min > a->stepping_max);
        }
    }
}

static void test_gpu_rows(void **state)
{
    (void)state;
    assert_int_equal(cct_fact_gpus_count, 107);
    for (size_t i = 0; i < cct_fact_gpus_count; i++) {
        const struct cct_fact_gpu *g = &cct_fact_gpus[i];
        assert_true(g->tdp_w >= 30 && g->tdp_w <= 1500);
        assert_true(isnan(g->idle_w) || (g->idle_w > 0 && g->idle_w < 0.5 * g->tdp_w));
        assert_true(isnan(g->max_w) || g->max_w > g->idle_w);
        if (!strcmp(g->source, "vendor-spec"))
            assert_string_equal(g->note, "unverified");
    }
}

static void test_coefficients_are_permissive(void **state)
{
    (void)state;
    assert_true(cct_fact_coefficients_count > 0);
    for (size_t i = 0; i < cct_fact_coefficients_count; i++) {
        const char *licence = cct_fact_coefficients[i].licence;
        assert_true(!strcmp(licence, "Apache-2.0") || !strcmp(licence, "MIT") ||
                    !strcmp(licence, "CC-BY-4.0"));
    }
}

static void test_pues(void **state)
{
    (void)state;
    assert_int_equal(cct_fact_pues_count, 26);
    for (size_t i = 0; i < cct_fact_pues_count; i++)
        assert_true(cct_fact_pues[i].pue >= 1 && cct_fact_pues[i].pue < 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_region_row),
        cmocka_unit_test(test_empty_cell_is_unknown),
        cmocka_unit_test(test_regions_are_plausible_and_unique),
        cmocka_unit_test(test_zone_has_one_yearly_value),
        cmocka_unit_test(test_countries),
        cmocka_unit_test(test_cpu_power_sources),
        cmocka_unit_test(test_uarch_ids),
        cmocka_unit_test(test_gpu_rows),
        cmocka_unit_test(test_coefficients_are_permissive),
        cmocka_unit_test(test_pues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
