/* SPDX-License-Identifier: Apache-2.0
 * The field tables of every record kind: what --schema prints, what a store types by. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct cct_field {
    const char *key;  /* nested members as a.b, items of an array as a[].b, free names as a.NAME */
    const char *type; /* string, double, integer, boolean, instant, object, array */
    const char *unit; /* J, W, s, g, g/kWh, kWh, bytes, pct, ... or "" */
    bool required;
    const char *meaning; /* one line */
};

struct cct_kind {
    const char *schema; /* cct.sample/1 */
    const struct cct_field *fields;
    size_t count;
};

/* The table of a kind, or NULL. */
const struct cct_kind *cct_kind_find(const char *schema);
/* Appends the common fields and those of the kind, one JSON object a line: kind, key, type, unit,
 * required, meaning. */
void cct_kind_print(const struct cct_kind *kind, struct cct_buf *out);
