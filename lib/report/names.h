/* SPDX-License-Identifier: Apache-2.0
 * Strings to small numbers: a string gets the next number when it is first seen. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define CCT_NO_NAME SIZE_MAX

struct cct_name {
    char *s; /* owned, NUL-terminated */
    size_t len;
    uint64_t hash;
};

/* Zero-initialise. */
struct cct_names {
    struct cct_name *items;
    size_t count, cap;
    uint32_t *slots; /* item + 1; 0: free */
    size_t slot_count;
};

/* The number of s, new ones up to limit in all; CCT_NO_NAME beyond. */
size_t cct_names_intern(struct cct_names *names, const char *s, size_t len, size_t limit);
/* The number of s, or CCT_NO_NAME. */
size_t cct_names_find(const struct cct_names *names, const char *s, size_t len);
void cct_names_free(struct cct_names *names);
