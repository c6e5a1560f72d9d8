/* SPDX-License-Identifier: Apache-2.0
 * What every unit test includes: cmocka, and a few checks on bytes. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

/* Defines a test function; its state is not used. */
#define TEST(name) static void name(void **state cct_unused)

/* The first n bytes of p are those of the string s, and no more. */
#define assert_bytes(p, n, s)                                                                      \
    do {                                                                                           \
        assert_int_equal((n), strlen(s));                                                          \
        assert_memory_equal((p), (s), strlen(s));                                                  \
    } while (0)

#define assert_span(span, s) assert_bytes((span).p, (span).len, (s))
#define assert_buf(buf, s)   assert_string_equal(cct_buf_str(&(buf)), (s))

/* A small generator of random 64-bit numbers with a fixed seed (splitmix64, S. Vigna, public
 * domain), so that a failure comes again. */
static inline uint64_t test_random(uint64_t *seed)
{
    uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}
