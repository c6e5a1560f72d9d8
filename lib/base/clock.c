/* SPDX-License-Identifier: Apache-2.0 */
#include "clock.h"

#include <math.h>
#include <string.h>
#include <time.h>

static int64_t clock_ns(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return ts.tv_sec * CCT_NS_PER_S + ts.tv_nsec;
}

int64_t cct_clock_utc_ms(const struct cct_clock *clock)
{
    if (clock && clock->frozen)
        return clock->frozen_utc_ms;
    return clock_ns(CLOCK_REALTIME) / CCT_NS_PER_MS;
}

int64_t cct_mono_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t cct_boot_ns(void)
{
    return clock_ns(CLOCK_BOOTTIME);
}

int64_t cct_days_from_civil(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

void cct_civil_from_days(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

/* Reads exactly n digits; -1 when there are fewer. */
static int digits(const char **p, const char *end, int n)
{
    int v = 0;
    if (end - *p < n)
        return -1;
    for (int i = 0; i < n; i++) {
        char c = (*p)[i];
        if (c < '0' || c > '9')
            return -1;
        v = v * 10 + (c - '0');
    }
    *p += n;
    return v;
}

static bool literal(const char **p, const char *end, char c)
{
    if (*p >= end || **p != c)
        return false;
    (*p)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static int parse_date(const char **p, const char *end, int64_t *days)
{
    int year = digits(p, end, 4);
    if (year < 1970 || !literal(p, end, '-'))
        return -1;
    int month = digits(p, end, 2);
    if (month < 1 || month > 12 || !literal(p, end, '-'))
        return -1;
    int day = digits(p, end, 2);
    if (day < 1 || day > days_in_month(year, month))
        return -1;
    *days = cct_days_from_civil(year, month, day);
    return 0;
}

static int parse_fraction(const char **p, const char *end, int64_t *ms)
{
    int scale = 100;
    const char *start = *p;
    for (; *p < end && **p >= '0' && **p <= '9'; (*p)++) {
        *ms += (**p - '0') * scale;
        scale /= 10;
    }
    return *p > start ? 0 : -1;
}

static int parse_time(const char **p, const char *end, int64_t *ms)
{
    int hour = digits(p, end, 2);
    if (hour < 0 || hour > 23 || !literal(p, end, ':'))
        return -1;
    int minute = digits(p, end, 2);
    if (minute < 0 || minute > 59)
        return -1;
    *ms = (hour * INT64_C(60) + minute) * 60000;
    if (!literal(p, end, ':'))
        return 0;
    int second = digits(p, end, 2);
    if (second < 0 || second > 60)
        return -1;
    int64_t fraction = 0;
    if (literal(p, end, '.') && parse_fraction(p, end, &fraction))
        return -1;
    *ms += second == 60 ? 59999 : second * INT64_C(1000) + fraction;
    return 0;
}

static int parse_offset(const char **p, const char *end, int64_t *ms)
{
    *ms = 0;
    if (literal(p, end, 'Z') || literal(p, end, 'z'))
        return 0;
    int sign = literal(p, end, '+') ? 1 : literal(p, end, '-') ? -1 : 0;
    int hour = sign ? digits(p, end, 2) : -1;
    if (hour < 0 || hour > 23)
        return -1;
    literal(p, end, ':');
    int minute = digits(p, end, 2);
    if (minute < 0 || minute > 59)
        return -1;
    *ms = sign * (hour * INT64_C(60) + minute) * 60000;
    return 0;
}

int cct_instant_parse(const char *s, size_t len, int64_t *utc_ms)
{
    const char *p = s;
    const char *end = s + len;
    int64_t days = 0;
    int64_t time_ms = 0;
    int64_t offset_ms = 0;
    if (parse_date(&p, end, &days))
        return -1;
    if (!literal(&p, end, 'T') && !literal(&p, end, 't') && !literal(&p, end, ' '))
        return -1;
    if (parse_time(&p, end, &time_ms) || parse_offset(&p, end, &offset_ms) || p != end)
        return -1;
    int64_t t = days * INT64_C(86400000) + time_ms - offset_ms;
    if (t < 0 || t > INT64_C(253402300799999)) /* the offset led out of the years 1970 to 9999 */
        return -1;
    *utc_ms = t;
    return 0;
}

static void put_digits(char *out, int width, int64_t v)
{
    for (int i = width - 1; i >= 0; i--) {
        out[i] = (char)('0' + v % 10);
        v /= 10;
    }
}

void cct_instant_format(char out[CCT_INSTANT_LEN + 1], int64_t utc_ms)
{
    const int64_t day_ms = INT64_C(86400000);
    int64_t days = utc_ms / day_ms - (utc_ms % day_ms < 0);
    int64_t ms = utc_ms - days * day_ms;
    int year, month, day;
    cct_civil_from_days(days, &year, &month, &day);
    memcpy(out, "0000-00-00T00:00:00.000Z", CCT_INSTANT_LEN + 1);
    put_digits(out, 4, year);
    put_digits(out + 5, 2, month);
    put_digits(out + 8, 2, day);
    put_digits(out + 11, 2, ms / 3600000);
    put_digits(out + 14, 2, ms / 60000 % 60);
    put_digits(out + 17, 2, ms / 1000 % 60);
    put_digits(out + 20, 3, ms % 1000);
}

/* Longest first where one is the beginning of another. */
static const struct {
    const char *name;
    double ns;
} units[] = {
    {"ns", 1},   {"us", 1e3},   {"ms", 1e6},    {"s", 1e9},
    {"m", 60e9}, {"h", 3600e9}, {"d", 86400e9}, {"w", 604800e9},
};

static double unit_ns(const char **p)
{
    for (size_t i = 0; i < CCT_LEN(units); i++) {
        size_t n = strlen(units[i].name);
        if (strncmp(*p, units[i].name, n) == 0) {
            *p += n;
            return units[i].ns;
        }
    }
    return 0;
}

int cct_duration_parse(const char *s, int64_t *ns)
{
    double total = 0;
    const char *p = s;
    if (!*p)
        return -1;
    while (*p) {
        if ((*p < '0' || *p > '9') && *p != '.')
            return -1;
        char *end = NULL;
        double v = strtod(p, &end);
        size_t used = (size_t)(end - p);
        if (!used || strspn(p, "0123456789.eE+-") < used)
            return -1;
        bool bare = !*end && p == s;
        p = end;
        double unit = bare ? 1e9 : unit_ns(&p);
        if (unit <= 0)
            return -1;
        total += v * unit;
    }
    if (!(total >= 0 && total < 9.2e18))
        return -1;
    *ns = (int64_t)llround(total);
    return 0;
}
