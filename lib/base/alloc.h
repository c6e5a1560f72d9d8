/* SPDX-License-Identifier: Apache-2.0
 * Allocation that cannot fail: out of memory ends the program with 71, the one exit in lib. */
#pragma once

#include "attr.h"

#include <stddef.h>

void *cct_xmalloc(size_t size) __attribute__((malloc, returns_nonnull));
void *cct_xcalloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/* Grows ptr to count items of size bytes each; the multiplication is checked. */
void *cct_xreallocarray(void *ptr, size_t count, size_t size) __attribute__((returns_nonnull));
char *cct_xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
char *cct_xstrndup(const char *s, size_t len) __attribute__((malloc, returns_nonnull));
char *cct_xasprintf(const char *fmt, ...) cct_printf(1, 2) __attribute__((malloc, returns_nonnull));
/* Says so and ends the program with 71, for what allocates by other ways. */
cct_noreturn void cct_out_of_memory(void);
