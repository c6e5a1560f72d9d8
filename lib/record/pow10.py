#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the powers of ten that number text needs, exact to 128 bits.

Row k holds floor(10^k * 2^-(floor(log2 10^k) - 127)): the form that both R. Giulietti, "The
Schubfach way to render doubles" (2020), and D. Lemire, "Number parsing at a gigabyte per second"
(2021), work with.
"""
import sys

LOW, HIGH = -348, 347


def significand(k):
    if k >= 0:
        value = 10**k
        shift = value.bit_length() - 128
        return value >> shift if shift >= 0 else value << -shift
    divisor = 10**-k
    # 10^k = 1/divisor: 128 leading bits of the quotient
    shift = divisor.bit_length() + 127
    quotient = (1 << shift) // divisor
    if quotient.bit_length() > 128:
        quotient >>= 1
    assert quotient.bit_length() == 128
    return quotient


with open(sys.argv[1], "w", encoding="ascii") as out:
    out.write("/* Made by lib/record/pow10.py. */\n#include \"record/pow10.h\"\n\n")
    out.write("const uint64_t cct_pow10[CCT_POW10_HIGH - CCT_POW10_LOW + 1][2] = {\n")
    for k in range(LOW, HIGH + 1):
        s = significand(k)
        out.write("    {0x%016x, 0x%016x},\n" % (s >> 64, s & (2**64 - 1)))
    out.write("};\n")
