/* SPDX-License-Identifier: Apache-2.0 */
#include "store/match.h"

#include "base/clock.h"

#include <string.h>

enum { SCHEMA_MAX = 256 };

bool cct_kind_matches(const char *kind, const char *schema)
{
    if (!strpbrk(kind, "./") && !strncmp(schema, "cct.", 4))
        schema += 4;
    size_t len = strlen(kind);
    return !strncmp(schema, kind, len) &&
           (!schema[len] || (schema[len] == '/' && !strchr(kind, '/')));
}

static bool wants_schema(const struct cct_query *query, const char *schema)
{
    for (size_t i = 0; i < query->kind_count; i++)
        if (cct_kind_matches(query->kinds[i], schema))
            return true;
    return false;
}

static bool wants_kind(const struct cct_query *query, const struct cct_rec *rec)
{
    char schema[SCHEMA_MAX];
    return !query->kind_count ||
           (cct_value_copy(cct_rec_get(rec, "schema"), schema, sizeof schema) &&
            wants_schema(query, schema));
}

int cct_query_wants_line(const struct cct_query *query, struct cct_span line)
{
    static const char first[] = "{\"schema\":\"";
    size_t skip = sizeof first - 1;
    if (query->since_utc_ms != CCT_NO_INSTANT || query->until_utc_ms != CCT_NO_INSTANT)
        return -1;
    if (!query->kind_count)
        return 1;
    if (line.len < skip || memcmp(line.p, first, skip) != 0)
        return -1;
    const char *end = memchr(line.p + skip, '"', line.len - skip);
    size_t len = end ? (size_t)(end - line.p) - skip : SCHEMA_MAX;
    if (len >= SCHEMA_MAX || memchr(line.p + skip, '\\', len))
        return -1;
    char schema[SCHEMA_MAX];
    memcpy(schema, line.p + skip, len);
    schema[len] = '\0';
    return wants_schema(query, schema);
}

bool cct_query_wants(const struct cct_query *query, const char *run, const struct cct_rec *rec,
                     int64_t *ts_utc_ms)
{
    int64_t ts = cct_value_instant(cct_rec_get(rec, "ts"));
    int64_t since = query->since_utc_ms, until = query->until_utc_ms;
    *ts_utc_ms = ts;
    if ((since != CCT_NO_INSTANT && (ts == CCT_NO_INSTANT || ts < since)) ||
        (until != CCT_NO_INSTANT && (ts == CCT_NO_INSTANT || ts >= until)))
        return false;
    if (run && !cct_value_equals(cct_rec_get(rec, "run"), run))
        return false;
    return wants_kind(query, rec);
}
