#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of CRC32C for eight bytes a step: table[k][b] is the CRC of byte b followed by
k zero bytes. Polynomial 0x1EDC6F41, here with its bits reversed (RFC 3720, section 12.1)."""
import sys

POLYNOMIAL = 0x82F63B78

rows = [[]]
for byte in range(256):
    crc = byte
    for _ in range(8):
        crc = crc >> 1 ^ (POLYNOMIAL if crc & 1 else 0)
    rows[0].append(crc)
for k in range(1, 8):
    rows.append([crc >> 8 ^ rows[0][crc & 255] for crc in rows[k - 1]])

with open(sys.argv[1], 'w', encoding='ascii') as out:
    out.write('static const uint32_t crc32c_table[8][256] = {\n')
    for row in rows:
        out.write('    {' + ', '.join(f'0x{crc:08x}' for crc in row) + '},\n')
    out.write('};\n')
