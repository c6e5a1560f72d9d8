/* SPDX-License-Identifier: Apache-2.0
 * The report as its users call it: lines in, bytes out. */
#pragma once

#include "check.h"

#include "base/clock.h"
#include "report/report.h"

#include <math.h>
#include <stdio.h>

#define NOW INT64_C(1795510000000)

struct made {
    struct cct_buf out;
    int refused;      /* records that were not counted */
    int code;         /* of the last refusal */
    unsigned columns; /* of the terminal */
};

/* Runs lines (NULL-terminated) through a format. */
static inline void make(struct made *made, const char *format, const char *only_run,
                        const char *const *lines)
{
    const struct cct_report_format *row = cct_report_format_find(format);
    assert_non_null(row);
    struct cct_stamp stamp = {.writer = "AAAAAAAAAAAAAAAA"};
    struct cct_report_env env = {
        .now_utc_ms = NOW, .stamp = &stamp, .version = "0", .columns = made->columns};
    struct cct_rec rec = {0};
    struct cct_err err = {0};
    made->out.len = 0;
    made->refused = 0;
    struct cct_report *report = cct_report_open(row, only_run, &made->out);
    for (; *lines; lines++) {
        assert_int_equal(cct_rec_scan(&rec, *lines, strlen(*lines), &err), 0);
        if (cct_report_add(report, &rec, &made->out, &err)) {
            made->refused++;
            made->code = err.code;
        }
    }
    cct_report_end(report, &env, &made->out);
    cct_report_close(report);
    cct_rec_free(&rec);
    (void)cct_buf_str(&made->out);
}

#define MAKE(made, format, ...) make(made, format, NULL, (const char *const[]){__VA_ARGS__, NULL})

/* A number of the one summary in out; NAN when it is not there. */
static inline double number(const struct made *made, const char *object, const char *key)
{
    struct cct_rec rec = {0};
    const char *end = memchr(made->out.data, '\n', made->out.len);
    assert_non_null(end);
    assert_int_equal(cct_rec_scan(&rec, made->out.data, (size_t)(end - made->out.data), NULL), 0);
    struct cct_value value =
        object ? cct_value_get(cct_rec_get(&rec, object), key) : cct_rec_get(&rec, key);
    double v = cct_value_number(value);
    cct_rec_free(&rec);
    return v;
}

static inline void near(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 + 1e-12 * fabs(want)))
        fail_msg("%.17g is not %.17g", got, want);
}

#define HAS(made, s) assert_non_null(strstr((made).out.data, s))
#define NOT(made, s) assert_null(strstr((made).out.data, s))

#define SAMPLE(n, second, j)                                                                       \
    "{\"schema\":\"cct.sample/1\",\"id\":\"AAAAAAAAAAAAAAAA-0000000000" n "\",\"ts\":"             \
    "\"2026-11-24T06:37:" second ".000Z\",\"host\":\"h\",\"run\":\"r\",\"interval_s\":1,"          \
    "\"energy_j\":" j ",\"components\":{\"cpu\":" j "},\"sources\":{\"rapl:package-0\":" j         \
    "},\"measured_share\":1}"

#define EMISSION(n, second, j, g)                                                                  \
    "{\"schema\":\"cct.emission/1\",\"id\":\"AAAAAAAAAAAAAAAA-0000000000" n "\",\"ts\":"           \
    "\"2026-11-24T06:37:" second ".000Z\",\"host\":\"h\",\"run\":\"r\",\"interval_s\":1,"          \
    "\"energy_j\":" j ",\"components\":{\"cpu\":" j "},\"sources\":{\"rapl:package-0\":" j         \
    "},\"measured_share\":1,\"zone\":\"KR\",\"intensity_g_per_kwh\":400,"                          \
    "\"intensity_provider\":\"p\",\"intensity_quality\":\"annual\",\"intensity_year\":\"2025\","   \
    "\"pue\":1.5,\"emission_g\":" g "}"
