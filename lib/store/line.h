/* SPDX-License-Identifier: Apache-2.0
 * One stored line: the record with a last member "crc", eight hexadecimal digits, the CRC32C of
 * the bytes of the line before `,"crc"`. */
#pragma once

#include "base/buf.h"
#include "record/scan.h"

#include <stdbool.h>
#include <stdint.h>

/* The CRC32C (Castagnoli; RFC 3720, section 12.1 and appendix B.4) of n bytes. */
uint32_t cct_crc32c(const void *bytes, size_t n);
/* The same without the processor's instruction; for the tests. */
uint32_t cct_crc32c_portable(const void *bytes, size_t n);

/* Appends the stored form of a scanned record and a newline. member: one more member for it,
 * `"run":"r1"`, or empty. A record that carries its own right crc already, because it was read
 * from a segment file, does not get a second one. */
void cct_line_add(struct cct_buf *out, const struct cct_rec *rec, struct cct_span member);

/* Checks a stored line of len bytes (no newline). True: the record is its first *record_len - 1
 * bytes and a `}`. */
bool cct_line_check(const char *line, size_t len, size_t *record_len) cct_must_check;
