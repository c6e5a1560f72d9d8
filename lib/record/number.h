/* SPDX-License-Identifier: Apache-2.0
 * Numbers and their text, in any locale the same. */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_NUMBER_MAX 32

/* The double nearest to a JSON number text (already validated). Beyond the range: +-inf. */
double cct_parse_double(const char *s, size_t len);

/* Writes the shortest text that reads back as v, at most CCT_NUMBER_MAX bytes, no NUL; returns the
 * length. A whole number keeps ".0", so that a double stays one: 100.0, 1e+300 is 1e300. v must
 * be finite. Method: R. Giulietti, "The Schubfach way to render doubles" (2020). */
size_t cct_format_double(char *out, double v);
size_t cct_format_int64(char *out, int64_t v);
