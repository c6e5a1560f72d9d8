/* SPDX-License-Identifier: Apache-2.0
 * The room's face: lines from the screen to the formats, and what they found to records, at the
 * pace that progress.h promises. */
#include "progress/progress.h"

#include "base/alloc.h"
#include "progress/fields.h"
#include "progress/format.h"
#include "progress/own.h"
#include "progress/pattern.h"
#include "progress/screen.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define QUIET_MS 200 /* an unfinished line that stands still for so long is looked at */

/* What was found and not told yet, or told last. */
struct told {
    bool there;
    int64_t utc_ms; /* when it was read */
    struct cct_progress_fields fields;
    struct cct_buf store; /* what the fields' spans point into */
};

struct cct_progress {
    struct cct_screen screen;
    const struct cct_progress_format *only, *preferred;
    void **states; /* one a format, NULL where it keeps nothing */
    struct cct_progress_pattern *pattern;
    bool use_formats;
    double user_epochs;
    double epoch, epochs; /* of the last headline */
    struct told held, last, last_bar;
    bool told_bar;
    int64_t told_mono_ns; /* when a bar was told last */
    bool looked;          /* at the line that is being written, by a tick */
    struct cct_progress_own own;
    struct cct_stamp *stamp;
    struct cct_buf record;
    /* of the call that is going on */
    struct cct_progress_time now;
    struct cct_buf *out;
};

static size_t format_count(void)
{
    size_t n = 0;
    while (cct_progress_formats[n])
        n++;
    return n;
}

void cct_progress_format_names(struct cct_buf *out)
{
    for (size_t i = 0; cct_progress_formats[i]; i++)
        cct_buf_addf(out, "%s%s", i ? ", " : "", cct_progress_formats[i]->name);
}

static void write_record(struct cct_progress *p, const struct told *told, int64_t utc_ms)
{
    struct cct_json json = cct_record_begin(&p->record, p->stamp, "cct.progress/1", utc_ms);
    cct_progress_fields_write(&told->fields, &json);
    cct_record_end(&json);
    cct_buf_add(p->out, p->record.data, p->record.len);
}

static bool tells_nothing_new(const struct told *before, const struct told *held)
{
    return before->there && cct_progress_fields_equal(&held->fields, &before->fields);
}

static void remember(struct told *as, const struct told *held)
{
    as->there = true;
    cct_progress_fields_copy(&as->fields, &held->fields, &as->store);
}

/* Tells what is held back, unless it is what was told last, by any line or by a bar (other lines
 * make a bar to be drawn again). */
static void tell(struct cct_progress *p)
{
    if (!p->held.there)
        return;
    p->held.there = false;
    bool bar = p->held.fields.bar;
    if (tells_nothing_new(&p->last, &p->held) || (bar && tells_nothing_new(&p->last_bar, &p->held)))
        return;
    bool header = p->held.fields.header; /* the epoch that it began ends now */
    write_record(p, &p->held, header ? p->now.utc_ms : p->held.utc_ms);
    remember(&p->last, &p->held);
    if (bar) {
        remember(&p->last_bar, &p->held);
        p->told_bar = true;
        p->told_mono_ns = p->now.mono_ns;
    }
}

/* A bar may be told now. */
static bool in_time(const struct cct_progress *p, struct cct_progress_time now)
{
    return now.mono_ns >= 0 &&
           (!p->told_bar || now.mono_ns - p->told_mono_ns >= CCT_PROGRESS_BAR_NS);
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* next goes on with what is held: what is held need not be told. */
static bool continues(const struct cct_progress_fields *held,
                      const struct cct_progress_fields *next)
{
    if (!same(held->epoch, next->epoch) || held->counts_epochs != next->counts_epochs)
        return false;
    if (held->header)
        return true;
    return held->bar == next->bar && same(held->steps, next->steps) &&
           (isnan(held->step) || next->step >= held->step);
}

/* The epoch that the last headline began. */
static void add_context(struct cct_progress *p, struct cct_progress_fields *f)
{
    if (f->header) {
        p->epoch = isnan(f->epoch) ? p->epoch : f->epoch;
        p->epochs = isnan(f->epochs) ? p->epochs : f->epochs;
    } else if (isnan(f->epoch)) {
        if (f->in_epoch)
            f->epoch = p->epoch;
    } else if (f->epoch != p->epoch && !f->counts_epochs) {
        p->epoch = NAN;
    }
    if (!isnan(f->epoch) && isnan(f->epochs))
        f->epochs = isnan(p->epochs) ? p->user_epochs : p->epochs;
}

static void hold(struct cct_progress *p, const struct cct_progress_fields *f)
{
    p->held.there = true;
    p->held.utc_ms = p->now.utc_ms;
    cct_progress_fields_copy(&p->held.fields, f, &p->held.store);
}

/* finished: the line will not be written again */
static void found(struct cct_progress *p, struct cct_progress_fields *f, bool finished)
{
    add_context(p, f);
    if (p->held.there && !continues(&p->held.fields, f))
        tell(p);
    if (!cct_progress_fields_any(f))
        return;
    double n = f->counts_epochs ? f->epoch : f->step, of = f->counts_epochs ? f->epochs : f->steps;
    if (f->bar && n == 0) { /* begins; what else it shows is of before */
        p->last.there = p->last_bar.there = false;
        return;
    }
    hold(p, f);
    bool partial = f->bar && !(n >= of);
    if (f->header)
        return;
    if (finished && !partial)
        tell(p);
    else if (in_time(p, p->now))
        tell(p);
}

static enum cct_progress_found try(struct cct_progress *p, size_t i,
                                   const struct cct_progress_line *line,
                                   struct cct_progress_fields *f)
{
    cct_progress_fields_init(f);
    return cct_progress_formats[i]->parse(p->states[i], line, f);
}

static enum cct_progress_found try_formats(struct cct_progress *p,
                                           const struct cct_progress_line *line,
                                           struct cct_progress_fields *f)
{
    enum cct_progress_found result = CCT_PROGRESS_NONE;
    for (size_t i = 0; cct_progress_formats[i] && p->preferred && !result; i++)
        if (cct_progress_formats[i] == p->preferred)
            result = try(p, i, line, f);
    for (size_t i = 0; cct_progress_formats[i] && !p->only && !result; i++) {
        if (cct_progress_formats[i] == p->preferred)
            continue;
        result = try(p, i, line, f);
        if (result == CCT_PROGRESS_FOUND && !cct_progress_formats[i]->generic)
            p->preferred = cct_progress_formats[i];
    }
    return result;
}

/* A cct.progress/1 record that the training wrote. */
static bool take_own(struct cct_progress *p, struct cct_slice text)
{
    if (!p->use_formats || (p->only && strcmp(p->only->name, "json") != 0))
        return false;
    if (!cct_progress_own_is(&p->own, text))
        return false;
    tell(p);
    cct_progress_own_complete(&p->own, p->stamp, p->now.utc_ms, p->out);
    p->last.there = false;
    return true;
}

static void take_line(void *ctx, const char *s, size_t len, enum cct_screen_end end)
{
    struct cct_progress *p = ctx;
    struct cct_slice raw = cct_slice_of(s, len);
    struct cct_progress_line line = {
        .raw = raw,
        .text = cct_slice_trim(raw),
        .nested = end == CCT_SCREEN_UP,
        .sure = p->only != NULL,
    };
    p->looked = false;
    if (line.text.p == line.text.end || take_own(p, line.text))
        return;
    line.raw.end = line.text.end;
    struct cct_progress_fields f;
    bool is_found = p->pattern && cct_progress_pattern_match(p->pattern, line.text, &f);
    if (!is_found && p->use_formats)
        is_found = try_formats(p, &line, &f) == CCT_PROGRESS_FOUND;
    if (is_found)
        found(p, &f, end == CCT_SCREEN_NEWLINE);
}

static int find_format(struct cct_progress *p, const char *name, struct cct_err *err)
{
    for (size_t i = 0; cct_progress_formats[i]; i++)
        if (strcmp(cct_progress_formats[i]->name, name) == 0)
            p->only = p->preferred = cct_progress_formats[i];
    if (p->only)
        return 0;
    cct_auto_buf names = {0};
    cct_progress_format_names(&names);
    return cct_fail(err, CCT_USAGE, "--format: unknown format '%s'; known: auto, %s", name,
                    cct_buf_str(&names));
}

struct cct_progress *cct_progress_open(const struct cct_progress_options *options,
                                       struct cct_err *err)
{
    struct cct_progress *p = cct_xcalloc(1, sizeof(*p));
    size_t count = format_count();
    p->screen =
        (struct cct_screen){.max_bytes = CCT_PROGRESS_MAX_LINE_BYTES, .show = take_line, .ctx = p};
    p->states = cct_xcalloc(count + 1, sizeof(*p->states));
    p->user_epochs = options->epochs;
    p->epoch = p->epochs = NAN;
    p->stamp = options->stamp;
    p->use_formats = options->format || !options->pattern;
    for (size_t i = 0; i < count; i++)
        if (cct_progress_formats[i]->state_size)
            p->states[i] = cct_xcalloc(1, cct_progress_formats[i]->state_size);
    if (options->format && find_format(p, options->format, err))
        goto fail;
    if (options->pattern) {
        p->pattern = cct_progress_pattern_open(options->pattern, options->log, err);
        if (!p->pattern)
            goto fail;
    }
    p->own.log = options->log;
    return p;
fail:
    cct_progress_close(p);
    return NULL;
}

void cct_progress_close(struct cct_progress *p)
{
    if (!p)
        return;
    for (size_t i = 0; cct_progress_formats[i]; i++) {
        if (cct_progress_formats[i]->done)
            cct_progress_formats[i]->done(p->states[i]);
        free(p->states[i]);
    }
    free(p->states);
    cct_progress_pattern_close(p->pattern);
    cct_progress_own_free(&p->own);
    cct_buf_free(&p->screen.line);
    cct_buf_free(&p->held.store);
    cct_buf_free(&p->last.store);
    cct_buf_free(&p->last_bar.store);
    cct_buf_free(&p->record);
    free(p);
}

void cct_progress_feed(struct cct_progress *p, const char *bytes, size_t n,
                       struct cct_progress_time now, struct cct_buf *out)
{
    p->now = now;
    p->out = out;
    if (n)
        p->looked = false;
    cct_screen_feed(&p->screen, bytes, n);
}

void cct_progress_end(struct cct_progress *p, struct cct_progress_time now, struct cct_buf *out)
{
    p->now = now;
    p->out = out;
    cct_screen_end(&p->screen);
    tell(p);
}

static bool waits_to_look(const struct cct_progress *p)
{
    return !p->looked && cct_screen_settled(&p->screen);
}

int cct_progress_wait_ms(const struct cct_progress *p, struct cct_progress_time now)
{
    if (now.mono_ns < 0)
        return -1;
    if (waits_to_look(p))
        return QUIET_MS;
    if (!p->held.there || p->held.fields.header)
        return -1;
    int64_t left = CCT_PROGRESS_BAR_NS - (now.mono_ns - p->told_mono_ns);
    return left <= 0 || !p->told_bar ? 0 : (int)(left / CCT_NS_PER_MS) + 1;
}

void cct_progress_tick(struct cct_progress *p, struct cct_progress_time now, struct cct_buf *out)
{
    p->now = now;
    p->out = out;
    if (now.mono_ns < 0)
        return;
    if (waits_to_look(p)) {
        take_line(p, p->screen.line.data, p->screen.line.len, CCT_SCREEN_AGAIN);
        p->looked = true;
    }
    if (p->held.there && !p->held.fields.header && in_time(p, now))
        tell(p);
}
