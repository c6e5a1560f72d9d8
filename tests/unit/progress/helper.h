/* SPDX-License-Identifier: Apache-2.0
 * A log in, the records out as text: ids counted from a fixed writer, host and run left away. */
#pragma once

#include "progress/progress.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define STILL ((struct cct_progress_time){.utc_ms = 0, .mono_ns = -1})

static struct cct_stamp helper_stamp;

static inline struct cct_progress *helper_open(const char *format, const char *pattern)
{
    struct cct_err err = {0};
    helper_stamp = (struct cct_stamp){.writer = "AAAAAAAAAAAAAAAA"};
    struct cct_progress_options options = {
        .format = format, .pattern = pattern, .epochs = NAN, .stamp = &helper_stamp};
    struct cct_progress *p = cct_progress_open(&options, &err);
    if (!p)
        fail_msg("%s", err.msg);
    return p;
}

/* What stands behind schema, id and ts of each record, one a line, without the final brace. */
static inline void helper_bodies(struct cct_buf *records)
{
    static const char ts[] = "\"ts\":\"1970-01-01T00:00:00.000Z\"";
    cct_auto_buf out = {0};
    const char *p = cct_buf_str(records);
    for (const char *line = p; *line;) {
        const char *end = strchr(line, '\n');
        const char *from = strstr(line, ts);
        assert_non_null(end);
        assert_non_null(from);
        from += sizeof(ts) - 1;
        from += *from == ',';
        cct_buf_add(&out, from, (size_t)(end - from) - 1);
        cct_buf_addc(&out, '\n');
        line = end + 1;
    }
    records->len = 0;
    cct_buf_add(records, out.data, out.len);
}

static inline void helper_read(const char *format, const char *log, size_t n, struct cct_buf *out)
{
    struct cct_progress *p = helper_open(format, NULL);
    cct_progress_feed(p, log, n, STILL, out);
    cct_progress_end(p, STILL, out);
    cct_progress_close(p);
    helper_bodies(out);
}

static inline void helper_expect(const char *format, const char *log, const char *bodies)
{
    cct_auto_buf out = {0};
    helper_read(format, log, strlen(log), &out);
    assert_string_equal(cct_buf_str(&out), bodies);
}
