/* SPDX-License-Identifier: Apache-2.0
 * The names nearest to one that is not known, for an error message. Private to the room. */
#pragma once

#include <stddef.h>

#define CCT_NEAREST_COUNT 3
#define CCT_NEAREST_MAX   64 /* bytes of a name, with the NUL */

struct cct_nearest {
    const char *wanted;
    char names[CCT_NEAREST_COUNT][CCT_NEAREST_MAX];
    size_t scores[CCT_NEAREST_COUNT]; /* rising */
    size_t count;
};

/* Offers name, reached by alias (the name itself, or a country's name); kept if it is near. */
void cct_nearest_offer(struct cct_nearest *nearest, const char *name, const char *alias);
/* "A, B or C" into out, "" when nothing is near; returns out. */
const char *cct_nearest_text(const struct cct_nearest *nearest, char *out, size_t cap);
