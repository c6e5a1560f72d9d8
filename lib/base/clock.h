/* SPDX-License-Identifier: Apache-2.0
 * Clocks, instants and durations. An instant is UTC milliseconds since 1970, on the wire RFC 3339;
 * an interval is always measured on CLOCK_MONOTONIC, never as a difference of instants. */
#pragma once

#include "err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CCT_NS_PER_S    INT64_C(1000000000)
#define CCT_NS_PER_MS   INT64_C(1000000)
#define CCT_INSTANT_LEN 24 /* 2026-11-24T06:37:34.123Z */
#define CCT_NO_INSTANT  INT64_MIN

/* The wall clock; frozen when the user said --now. */
struct cct_clock {
    bool frozen;
    int64_t frozen_utc_ms;
};

int64_t cct_clock_utc_ms(const struct cct_clock *clock);
int64_t cct_mono_ns(void); /* CLOCK_MONOTONIC: stands still in suspend */
int64_t cct_boot_ns(void); /* CLOCK_BOOTTIME: runs on in suspend */

/* Reads an RFC 3339 date-time (any offset, `T`, `t` or a blank between date and time, seconds
 * optional, fractions cut to milliseconds; a leap second 60 counts as 59.999). Years 1970 to 9999.
 * Returns 0, or -1 when s is not one. */
int cct_instant_parse(const char *s, size_t len, int64_t *utc_ms) cct_must_check;

/* Writes YYYY-MM-DDThh:mm:ss.mmmZ and a NUL. */
void cct_instant_format(char out[CCT_INSTANT_LEN + 1], int64_t utc_ms);

/* Reads a duration as users type it: a number (decimals allowed) and one of ns us ms s m h d w;
 * several may follow each other (1h30m); a bare number is seconds. Returns 0, or -1 when s is not
 * one, is negative or does not fit. */
int cct_duration_parse(const char *s, int64_t *ns) cct_must_check;

/* Days since 1970-01-01 of a civil date, and back (proleptic Gregorian; H. Hinnant,
 * "chrono-compatible low-level date algorithms", days_from_civil and civil_from_days). */
int64_t cct_days_from_civil(int year, int month, int day);
void cct_civil_from_days(int64_t days, int *year, int *month, int *day);
