/* SPDX-License-Identifier: Apache-2.0
 * Which records a query wants. */
#pragma once

#include "store/store.h"

/* A schema is of the kind `sample`, `cct.sample` or `cct.sample/1`; a kind without a `/` takes
 * every major number, one without a `.` is cct's. */
bool cct_kind_matches(const char *kind, const char *schema);

/* The same for a line of one record, where that needs no scan: its first member is the schema, and
 * the kind is all that the query asks for. 1 wanted, 0 not, -1: cannot tell. */
int cct_query_wants_line(const struct cct_query *query, struct cct_span line);

/* run: the record's run must be this one too; NULL: any. Fills *ts_utc_ms (CCT_NO_INSTANT: none).
 * A record without ts is not in any span of time. */
bool cct_query_wants(const struct cct_query *query, const char *run, const struct cct_rec *rec,
                     int64_t *ts_utc_ms);
