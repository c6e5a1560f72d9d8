/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/pattern.h"

#include "base/alloc.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <math.h>
#include <string.h>

/* A pattern that backtracks without end must not hold the training up: some milliseconds a line. */
#define MATCH_LIMIT 200000
#define HEAP_KIB    4096

struct cct_progress_pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *context;
    uint32_t names, entry_bytes;
    PCRE2_SPTR table; /* names entries: two bytes of group number, a name, NUL */
    const struct cct_log *log;
    bool warned;
};

static void fail_compile(const char *pattern, int code, size_t offset, struct cct_err *err)
{
    PCRE2_UCHAR text[160];
    pcre2_get_error_message(code, text, sizeof(text));
    cct_fail(err, CCT_USAGE, "--pattern: %s at offset %zu of '%.60s'", (const char *)text, offset,
             pattern);
}

struct cct_progress_pattern *
cct_progress_pattern_open(const char *pattern, const struct cct_log *log, struct cct_err *err)
{
    int code;
    size_t offset;
    struct cct_progress_pattern *p = cct_xcalloc(1, sizeof(*p));
    p->log = log;
    p->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                            PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C, &code,
                            &offset, NULL);
    if (!p->code) {
        fail_compile(pattern, code, offset, err);
        cct_progress_pattern_close(p);
        return NULL;
    }
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMECOUNT, &p->names);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMEENTRYSIZE, &p->entry_bytes);
    pcre2_pattern_info(p->code, PCRE2_INFO_NAMETABLE, &p->table);
    if (!p->names) {
        cct_fail(err, CCT_USAGE,
                 "--pattern: no named group in '%.60s'; name what it finds, as in "
                 "(?<epoch>\\d+) or (?<loss>\\S+)",
                 pattern);
        cct_progress_pattern_close(p);
        return NULL;
    }
    p->match = pcre2_match_data_create_from_pattern(p->code, NULL);
    p->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(p->context, MATCH_LIMIT);
    pcre2_set_heap_limit(p->context, HEAP_KIB);
    return p;
}

void cct_progress_pattern_close(struct cct_progress_pattern *p)
{
    if (!p)
        return;
    pcre2_match_context_free(p->context);
    pcre2_match_data_free(p->match);
    pcre2_code_free(p->code);
    free(p);
}

/* The whole of a group is a number. */
static double group_number(struct cct_slice group)
{
    double v;
    group = cct_slice_trim(group);
    struct cct_slice count = group;
    if (cct_slice_count(&count, &v) && count.p == count.end)
        return v;
    if (!cct_slice_number(&group, &v) || group.p != group.end)
        return NAN;
    return v;
}

static void take_group(struct cct_progress_fields *f, struct cct_slice name, struct cct_slice value)
{
    if (cct_slice_equals(name, "checkpoint"))
        f->checkpoint = value;
    else
        cct_progress_put(f, name, group_number(value));
}

bool cct_progress_pattern_match(struct cct_progress_pattern *p, struct cct_slice line,
                                struct cct_progress_fields *f)
{
    cct_progress_fields_init(f);
    int rc =
        pcre2_match(p->code, (PCRE2_SPTR)line.p, cct_slice_len(line), 0, 0, p->match, p->context);
    if (rc < 0 && rc != PCRE2_ERROR_NOMATCH && !p->warned) {
        PCRE2_UCHAR text[160];
        pcre2_get_error_message(rc, text, sizeof(text));
        cct_warn(p->log,
                 "--pattern: a line was not searched to its end: %s; make the pattern "
                 "simpler",
                 (const char *)text);
        p->warned = true;
    }
    if (rc < 0)
        return false;
    const size_t *at = pcre2_get_ovector_pointer(p->match);
    uint32_t pairs = pcre2_get_ovector_count(p->match);
    for (uint32_t i = 0; i < p->names; i++) {
        PCRE2_SPTR entry = p->table + i * p->entry_bytes;
        uint32_t group = (uint32_t)entry[0] << 8 | entry[1];
        if (group >= pairs || at[2 * group] == PCRE2_UNSET || at[2 * group] >= at[2 * group + 1])
            continue;
        const char *name = (const char *)entry + 2;
        take_group(f, cct_slice_of(name, strlen(name)),
                   (struct cct_slice){line.p + at[2 * group], line.p + at[2 * group + 1]});
    }
    return cct_progress_fields_any(f);
}
