/* SPDX-License-Identifier: Apache-2.0
 * Private to the record room: powers of ten to 128 bits, made at build time. */
#pragma once

#include <stdint.h>

enum { CCT_POW10_LOW = -348, CCT_POW10_HIGH = 347 };

/* Row k - CCT_POW10_LOW: the upper and lower half of floor(10^k * 2^(127 - floor(log2 10^k))). */
extern const uint64_t cct_pow10[CCT_POW10_HIGH - CCT_POW10_LOW + 1][2];
