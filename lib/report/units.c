/* SPDX-License-Identifier: Apache-2.0 */
#include "units.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>

/* Largest first; the first whose factor times from is not above the value. */
struct scale {
    struct cct_unit unit;
    double from;
};

static struct cct_unit choose(const struct scale *scale, size_t count, double v)
{
    for (size_t i = 0; i + 1 < count; i++) {
        if (fabs(v) >= scale[i].unit.factor * scale[i].from * 0.9995)
            return scale[i].unit;
    }
    return scale[count - 1].unit;
}

/* Nothing at all is told in the middle unit: 0 Wh, not 0 uWh. */
struct cct_unit cct_unit_energy(double kwh)
{
    static const struct scale scale[] = {
        {{"MWh", 1e3}, 1},    {{"kWh", 1}, 1},    {{"Wh", 1e-3}, 0.1},
        {{"mWh", 1e-6}, 0.1}, {{"µWh", 1e-9}, 0},
    };
    return kwh > 0 ? choose(scale, CCT_LEN(scale), kwh) : scale[2].unit;
}

struct cct_unit cct_unit_mass(double g)
{
    static const struct scale scale[] = {
        {{"t", 1e6}, 1}, {{"kg", 1e3}, 1}, {{"g", 1}, 0.1}, {{"mg", 1e-3}, 0.1}, {{"µg", 1e-6}, 0},
    };
    return g > 0 ? choose(scale, CCT_LEN(scale), g) : scale[2].unit;
}

struct cct_unit cct_unit_power(double w)
{
    static const struct scale scale[] = {
        {{"MW", 1e6}, 1},
        {{"kW", 1e3}, 1},
        {{"W", 1}, 0.1},
        {{"mW", 1e-3}, 0},
    };
    return w > 0 ? choose(scale, CCT_LEN(scale), w) : scale[2].unit;
}

void cct_put_decimals(struct cct_buf *out, double v, int decimals)
{
    char text[64];
    int n = snprintf(text, sizeof text, "%.*f", decimals, v);
    if (n < 0 || n >= (int)sizeof text) {
        cct_buf_addf(out, "%.2e", v);
        return;
    }
    int whole = 0;
    int sign = text[0] == '-';
    while (text[sign + whole] >= '0' && text[sign + whole] <= '9')
        whole++;
    if (sign)
        cct_buf_adds(out, "−");
    for (int i = 0; i < whole; i++) {
        if (i && whole > 4 && (whole - i) % 3 == 0)
            cct_buf_adds(out, "\u202f"); /* narrow no-break space */
        cct_buf_addc(out, text[sign + i]);
    }
    cct_buf_adds(out, text + sign + whole);
}

static int decimals_for(double v)
{
    if (!(fabs(v) > 0))
        return 0;
    int decimals = 2 - (int)floor(log10(fabs(v) * (1 + 5e-4)));
    return decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
}

void cct_put_number(struct cct_buf *out, double v)
{
    if (!isfinite(v))
        cct_buf_adds(out, "unknown");
    else
        cct_put_decimals(out, v, decimals_for(v));
}

static void put_scaled(struct cct_buf *out, double v, struct cct_unit unit)
{
    cct_put_number(out, v / unit.factor);
    if (isfinite(v))
        cct_buf_addf(out, " %s", unit.name);
}

void cct_put_energy(struct cct_buf *out, double kwh)
{
    put_scaled(out, kwh, cct_unit_energy(kwh));
}

void cct_put_mass(struct cct_buf *out, double g)
{
    put_scaled(out, g, cct_unit_mass(g));
}

void cct_put_power(struct cct_buf *out, double w)
{
    put_scaled(out, w, cct_unit_power(w));
}

void cct_put_duration(struct cct_buf *out, double s)
{
    if (!isfinite(s)) {
        cct_buf_adds(out, "unknown");
        return;
    }
    long long whole = llround(s);
    if (s < 59.95) {
        cct_put_number(out, s < 10 ? round(s * 1000) / 1000 : round(s * 10) / 10);
        cct_buf_adds(out, " s");
    } else if (whole < 3600) {
        cct_buf_addf(out, "%lld min %02lld s", whole / 60, whole % 60);
    } else if (whole < 86400) {
        cct_buf_addf(out, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
    } else {
        cct_buf_addf(out, "%lld d %02lld h", whole / 86400, whole / 3600 % 24);
    }
}

void cct_put_share(struct cct_buf *out, double share)
{
    if (!isfinite(share)) {
        cct_buf_adds(out, "unknown");
        return;
    }
    double pct = share * 100;
    bool round_number = fabs(pct - round(pct)) < 0.05;
    cct_put_decimals(out, pct, round_number || pct >= 99.95 ? 0 : 1);
    cct_buf_adds(out, " %");
}

void cct_put_bounds(struct cct_buf *out, double v, double low, double high)
{
    if (!(v > 0) || !isfinite(low) || !isfinite(high))
        return;
    double below = fmax(0, (v - low) / v * 100);
    double above = fmax(0, (high - v) / v * 100);
    if (below < 0.05 && above < 0.05)
        return;
    int decimals = fmax(below, above) < 1 ? 1 : 0;
    if (fabs(below - above) < 0.5) {
        cct_buf_adds(out, "±");
        cct_put_decimals(out, fmax(below, above), decimals);
    } else {
        cct_buf_addf(out, "−");
        cct_put_decimals(out, below, decimals);
        cct_buf_adds(out, "/+");
        cct_put_decimals(out, above, decimals);
    }
    cct_buf_adds(out, " %");
}

void cct_put_instant(struct cct_buf *out, int64_t utc_ms)
{
    char text[CCT_INSTANT_LEN + 1];
    if (utc_ms == CCT_NO_INSTANT) {
        cct_buf_adds(out, "unknown");
        return;
    }
    cct_instant_format(text, utc_ms);
    text[10] = ' ';
    cct_buf_add(out, text, 19);
}

static double nice_step(double rough)
{
    double power = pow(10, floor(log10(rough)));
    double part = rough / power;
    double nice = part <= 1.0001 ? 1 : part <= 2.0001 ? 2 : part <= 5.0001 ? 5 : 10;
    return nice * power;
}

struct cct_axis cct_axis_make(double lo, double hi, int want, bool widen)
{
    struct cct_axis axis = {.lo = lo, .hi = hi};
    if (!(axis.hi > axis.lo)) {
        double room = axis.lo > 0 || axis.lo < 0 ? fabs(axis.lo) * 0.1 : 1;
        axis.hi = axis.lo + room;
        axis.lo = axis.lo >= 0 && axis.lo - room < 0 ? axis.lo : axis.lo - room;
    }
    axis.step = nice_step((axis.hi - axis.lo) / want);
    if (widen) {
        axis.lo = floor(axis.lo / axis.step + 1e-9) * axis.step;
        axis.hi = ceil(axis.hi / axis.step - 1e-9) * axis.step;
    }
    axis.first = ceil(axis.lo / axis.step - 1e-9) * axis.step;
    axis.count = (int)floor((axis.hi - axis.first) / axis.step + 1e-9) + 1;
    double digits = -floor(log10(axis.step) + 1e-9);
    axis.decimals = digits > 0 ? (int)fmin(digits, 12) : 0;
    return axis;
}

double cct_axis_tick(const struct cct_axis *axis, int i)
{
    double v = axis->first + i * axis->step;
    return fabs(v) < axis->step * 1e-9 ? 0 : v;
}

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

struct cct_time_axis cct_time_axis_make(int64_t lo_utc_ms, int64_t hi_utc_ms, int want)
{
    static const int64_t steps[] = {
        1,           2,        5,          10,         20,          50,          100,
        200,         500,      SECOND,     2 * SECOND, 5 * SECOND,  10 * SECOND, 15 * SECOND,
        30 * SECOND, MINUTE,   2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
        HOUR,        2 * HOUR, 3 * HOUR,   6 * HOUR,   12 * HOUR,   DAY,         2 * DAY,
        7 * DAY,     14 * DAY, 28 * DAY,   91 * DAY,   182 * DAY,   365 * DAY,
    };
    int64_t span = hi_utc_ms > lo_utc_ms ? hi_utc_ms - lo_utc_ms : 1;
    int64_t step = steps[CCT_LEN(steps) - 1];
    for (size_t i = CCT_LEN(steps); i-- > 0 && span / steps[i] <= want;)
        step = steps[i];
    while (span / step > want)
        step *= 2;
    int64_t first = lo_utc_ms + (step - lo_utc_ms % step) % step;
    int count = first > hi_utc_ms ? 0 : (int)((hi_utc_ms - first) / step) + 1;
    return (struct cct_time_axis){first, step, count};
}

void cct_put_time_tick(struct cct_buf *out, int64_t utc_ms, int64_t step_ms)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    char text[CCT_INSTANT_LEN + 1];
    cct_instant_format(text, utc_ms);
    if (step_ms >= DAY) {
        int year, month, day;
        cct_civil_from_days(utc_ms / DAY, &year, &month, &day);
        if (step_ms > 182 * DAY)
            cct_buf_addf(out, "%s %d", months[month - 1], year);
        else
            cct_buf_addf(out, "%d %s", day, months[month - 1]);
    } else if (step_ms >= MINUTE) {
        cct_buf_add(out, text + 11, 5);
    } else if (step_ms >= SECOND) {
        cct_buf_add(out, text + 11, 8);
    } else {
        cct_buf_add(out, text + 14, step_ms >= 100 ? 7 : 9);
    }
}
