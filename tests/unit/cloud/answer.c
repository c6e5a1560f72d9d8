/* SPDX-License-Identifier: Apache-2.0
 * What is taken from a metadata service's answer, and what is not. */
#include "check.h"

#include "cloud/driver.h"

static int document(const char *provider, const char *body, struct cct_cloud *out)
{
    struct cct_err err = {0};
    *out = (struct cct_cloud){0};
    int failed = cct_cloud_document(cct_cloud_row(provider), body, strlen(body), out, &err);
    assert_int_equal(failed ? CCT_DATAERR : 0, err.code);
    return failed;
}

TEST(a_document_is_read)
{
    struct cct_cloud cloud;
    assert_int_equal(
        document("aws",
                 "{\n \"region\" : \"eu-west-1\",\n \"availabilityZone\":\"eu-west-1b\","
                 "\"instanceType\":\"m5.large\", \"kernelId\":null}\n",
                 &cloud),
        0);
    assert_string_equal(cloud.region.text, "eu-west-1");
    assert_int_equal(cloud.region.from, CCT_CLOUD_METADATA);
    assert_string_equal(cloud.zone.text, "eu-west-1b");
    assert_string_equal(cloud.instance_type.text, "m5.large");
    assert_int_equal(document("azure",
                              "{\"compute\":{\"location\":\"westeurope\",\"zone\":\"\","
                              "\"vmSize\":\"Standard_B1s\"}}",
                              &cloud),
                     0);
    assert_string_equal(cloud.region.text, "westeurope");
    assert_string_equal(cloud.zone.text, "");
    assert_int_equal(cloud.zone.from, CCT_CLOUD_UNKNOWN);
}

TEST(only_the_region_must_be_there)
{
    struct cct_cloud cloud;
    assert_int_equal(
        document("azure", "{\"compute\":{\"location\":\"westeurope\",\"zone\":null}}", &cloud), 0);
    assert_string_equal(cloud.region.text, "westeurope");
    assert_int_equal(document("azure", "{\"compute\":{\"zone\":\"1\",\"vmSize\":\"A_1\"}}", &cloud),
                     -1);
    assert_string_equal(cloud.zone.text, "1");
    assert_int_equal(
        document("azure", "{\"compute\":{\"location\":\"westeurope\",\"zone\":2}}", &cloud), -1);
    assert_string_equal(cloud.region.text, "westeurope");
    assert_int_equal(document("scaleway", "{\"commercial_type\":\"GP1-S\"}", &cloud), -1);
}

TEST(lines_are_read)
{
    struct cct_cloud cloud;
    assert_int_equal(
        document("hetzner",
                 "availability-zone: fsn1-dc14\npublic-region: x-y\nregion: 'eu-central'", &cloud),
        0);
    assert_string_equal(cloud.region.text, "eu-central");
    assert_string_equal(cloud.zone.text, "fsn1-dc14");
}

TEST(what_is_known_already_stays)
{
    struct cct_cloud cloud = {.instance_type = {"p4d.24xlarge", CCT_CLOUD_DMI}};
    const char *body = "{\"region\":\"eu-west-1\",\"availabilityZone\":\"eu-west-1b\","
                       "\"instanceType\":\"m5.large\"}";
    assert_int_equal(cct_cloud_document(cct_cloud_row("aws"), body, strlen(body), &cloud, NULL), 0);
    assert_string_equal(cloud.instance_type.text, "p4d.24xlarge");
    assert_int_equal(cloud.instance_type.from, CCT_CLOUD_DMI);
}

TEST(nonsense_is_not_taken)
{
    static const char *const regions[] = {
        "7",
        "null",
        "[\"eu-west-1\"]",
        "{\"x\":\"eu-west-1\"}",
        "\"EU-WEST-1\"",
        "\"eu west 1\"",
        "\"eu-west-1\\u0000\"",
        "\"eu-west-1\\n\"",
        "\"eu-<b>-1\"",
        "\"eu-west-1\\\"\"",
        "\"\\ud55c\\uad6d-a-1\"",
        "\"a-b-1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        "\"../../etc-a-1\"",
        "\"$(id)-a-1\"",
    };
    char body[256];
    struct cct_cloud cloud;
    for (size_t i = 0; i < CCT_LEN(regions); i++) {
        snprintf(body, sizeof body,
                 "{\"region\":%s,\"availabilityZone\":\"eu-west-1b\",\"instanceType\":\"a.b\"}",
                 regions[i]);
        assert_int_equal(document("aws", body, &cloud), -1);
        assert_string_equal(cloud.region.text, "");
        assert_string_equal(cloud.zone.text, "eu-west-1b");
    }
    static const char *const bodies[] = {"",
                                         " ",
                                         "{",
                                         "{}",
                                         "[]",
                                         "<html>",
                                         "null",
                                         "{} {}",
                                         "{\"region\":\"eu-west-1\"",
                                         "{\"region\":\"\xff\"}"};
    for (size_t i = 0; i < CCT_LEN(bodies); i++) {
        assert_int_equal(document("aws", bodies[i], &cloud), -1);
        assert_string_equal(cloud.region.text, "");
    }
}

static const char *text(const char *like, const char *body)
{
    static struct cct_cloud_fact fact;
    fact = (struct cct_cloud_fact){0};
    return cct_cloud_text(body, strlen(body), like, &fact, NULL) ? NULL : fact.text;
}

TEST(plain_text)
{
    const char *zone = cct_cloud_row("gcp")->zone_like;
    assert_string_equal(text(zone, "projects/1/zones/europe-west4-a"), "europe-west4-a");
    assert_null(text(zone, "europe-west4-a"));
    assert_null(text(zone, "projects/1/zones/"));
    assert_null(text(zone, "projects/1/zones/a-b c"));
    assert_string_equal(text("[A-Z]*", "KR\r\n"), "KR");
    assert_null(text("[A-Z]*", "K\nR"));
    assert_null(text("*", ""));
    assert_null(text("*", "<html>"));
}

TEST(region_of_a_zone)
{
    struct cct_cloud cloud = {.zone = {"europe-west4-a", CCT_CLOUD_METADATA}};
    cct_cloud_region_of_zone(cct_cloud_row("gcp"), &cloud);
    assert_string_equal(cloud.region.text, "europe-west4");
    assert_int_equal(cloud.region.from, CCT_CLOUD_METADATA);
    struct cct_cloud other = {.zone = {"europe", CCT_CLOUD_METADATA}};
    cct_cloud_region_of_zone(cct_cloud_row("gcp"), &other);
    assert_string_equal(other.region.text, "");
}

TEST(tokens)
{
    char out[16];
    assert_true(cct_cloud_token("abc==\n", 6, out, sizeof out));
    assert_string_equal(out, "abc==");
    assert_false(cct_cloud_token("a b", 3, out, sizeof out));
    assert_false(cct_cloud_token("a\r\nX: b", 7, out, sizeof out));
    assert_false(cct_cloud_token("<html>", 6, out, sizeof out));
    assert_false(cct_cloud_token("", 0, out, sizeof out));
    assert_false(cct_cloud_token("0123456789abcdef", 16, out, sizeof out));
    assert_false(cct_cloud_token("a\xff", 2, out, sizeof out));
}

/* What a row names it also says the look of; its addresses are whole. */
TEST(rows_are_complete)
{
    assert_true(cct_fact_clouds_count > 20);
    for (size_t i = 0; i < cct_fact_clouds_count; i++) {
        const struct cct_fact_cloud *row = &cct_fact_clouds[i];
        assert_true(cct_http_url_ok(row->base));
        assert_true(!row->region[0] == !row->region_like[0]);
        assert_true(!row->zone[0] == !row->zone_like[0]);
        assert_true(!row->instance_type[0] == !row->type_like[0]);
        assert_true(!row->token_path[0] == !row->token_ttl[0]);
        assert_true(!row->token_path[0] == !row->token_header[0]);
        assert_true(!row->document[0] || row->document[0] == '/');
        assert_true(row->document[0] || row->zone[0] == '/' || row->region[0] == '/');
        assert_true(!row->reply_header[0] || strstr(row->reply_header, ": "));
    }
    for (size_t i = 0; cct_cloud_drivers[i]; i++)
        assert_non_null(cct_cloud_row(cct_cloud_drivers[i]->provider));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read),
        cmocka_unit_test(lines_are_read),
        cmocka_unit_test(only_the_region_must_be_there),
        cmocka_unit_test(nonsense_is_not_taken),
        cmocka_unit_test(what_is_known_already_stays),
        cmocka_unit_test(plain_text),
        cmocka_unit_test(region_of_a_zone),
        cmocka_unit_test(tokens),
        cmocka_unit_test(rows_are_complete),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
