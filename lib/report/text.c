/* SPDX-License-Identifier: Apache-2.0
 * Format text: for a terminal. The first line of a run is its summary in one sentence. */
#include "summary.h"
#include "units.h"

#include <math.h>

/* The character at s, of n bytes (valid UTF-8: the scanner saw to that). */
static uint32_t rune_at(const char *s, size_t left, size_t *n)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    unsigned char c = (unsigned char)s[0];
    *n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    *n = *n < left ? *n : left;
    uint32_t rune = c & masks[*n];
    for (size_t i = 1; i < *n; i++)
        rune = rune << 6 | ((unsigned char)s[i] & 0x3f);
    return rune;
}

struct runes {
    uint32_t first, last;
};

static bool among(const struct runes *ranges, size_t count, uint32_t rune)
{
    for (size_t i = 0; i < count; i++) {
        if (rune >= ranges[i].first && rune <= ranges[i].last)
            return true;
    }
    return false;
}

/* Control characters (C0, DEL, C1) and bidirectional overrides could rewrite the terminal. */
static bool is_unsafe(uint32_t rune)
{
    static const struct runes ranges[] = {
        {0, 0x1f}, {0x7f, 0x9f}, {0x202a, 0x202e}, {0x2066, 0x2069}};
    return among(ranges, CCT_LEN(ranges), rune);
}

/* Columns of a character: two for the wide scripts of East Asia and for emoji. */
static unsigned rune_columns(uint32_t rune)
{
    static const struct runes wide[] = {{0x1100, 0x115f},  {0x2e80, 0xa4cf},   {0xac00, 0xd7a3},
                                        {0xf900, 0xfaff},  {0xfe30, 0xfe6f},   {0xff00, 0xff60},
                                        {0xffe0, 0xffe6},  {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff},
                                        {0x20000, 0x3fffd}};
    return among(wide, CCT_LEN(wide), rune) ? 2 : 1;
}

/* Adds text made safe; cut with an ellipsis at limit columns (0: never). Returns its columns. */
static unsigned put_safe(struct cct_buf *out, const char *s, size_t len, unsigned limit)
{
    unsigned columns = 0;
    size_t mark = out->len;
    for (size_t i = 0, n; i < len; i += n) {
        uint32_t rune = rune_at(s + i, len - i, &n);
        bool bad = is_unsafe(rune);
        unsigned wide = bad ? 1 : rune_columns(rune);
        if (limit && columns + wide > limit) {
            out->len = mark;
            cct_buf_adds(out, "…");
            return limit;
        }
        cct_buf_add(out, bad ? "?" : s + i, bad ? 1 : n);
        columns += wide;
        if (columns < limit)
            mark = out->len;
    }
    return columns;
}

struct page {
    struct cct_buf *out;
    const struct cct_report_env *env;
    struct cct_buf cell; /* a value before it is measured */
};

static void paint(struct page *page, const char *code)
{
    if (page->env->colour)
        cct_buf_addf(page->out, "\x1b[%sm", code);
}

static void pad(struct cct_buf *out, unsigned from, unsigned to)
{
    for (; from < to; from++)
        cct_buf_addc(out, ' ');
}

/* "  label       value", the value of page->cell, cut to the terminal. */
static void put_fact(struct page *page, const char *label)
{
    enum { COLUMN = 14 };
    cct_buf_adds(page->out, "  ");
    paint(page, "2");
    unsigned used = 2 + put_safe(page->out, label, strlen(label), 0);
    paint(page, "0");
    pad(page->out, used, COLUMN);
    unsigned columns = page->env->columns;
    unsigned limit = columns > COLUMN + 10 ? columns - COLUMN : 0;
    put_safe(page->out, page->cell.data, page->cell.len, limit);
    cct_buf_addc(page->out, '\n');
    page->cell.len = 0;
}

/* Right-aligned text of page->cell. */
static void put_right(struct page *page, unsigned width)
{
    cct_auto_buf safe = {0};
    unsigned used = put_safe(&safe, page->cell.data, page->cell.len, 0);
    pad(page->out, used, width);
    cct_buf_add(page->out, safe.data, safe.len);
    page->cell.len = 0;
}

static void part_row(struct page *page, const char *label, double kwh,
                     const struct cct_totals *totals, bool bold)
{
    cct_buf_adds(page->out, "  ");
    paint(page, bold ? "1" : "0");
    unsigned used = 2 + put_safe(page->out, label, strlen(label), 0);
    pad(page->out, used, 19);
    cct_put_energy(&page->cell, kwh);
    put_right(page, 12);
    cct_put_share(&page->cell, totals->energy_kwh > 0 ? kwh / totals->energy_kwh : (double)NAN);
    put_right(page, 9);
    cct_put_power(&page->cell, kwh / totals->energy_kwh * totals->mean_w);
    put_right(page, 12);
    paint(page, "0");
    cct_buf_addc(page->out, '\n');
}

static void part_table(struct page *page, const struct cct_totals *totals)
{
    if (!isfinite(totals->energy_kwh))
        return;
    cct_buf_addc(page->out, '\n');
    paint(page, "2");
    cct_buf_adds(page->out, "  component              energy    share  mean power\n");
    paint(page, "0");
    for (size_t i = 0; i < CCT_PARTS; i++) {
        if (totals->part_kwh[i] > 0)
            part_row(page, cct_part_labels[i], totals->part_kwh[i], totals, false);
    }
    part_row(page, "total", totals->energy_kwh, totals, true);
    if (isfinite(totals->job_kwh)) {
        part_row(page, "of it the job", totals->job_kwh, totals, false);
        if (isfinite(totals->idle_kwh))
            part_row(page, "of it idle", totals->idle_kwh, totals, false);
        if (isfinite(totals->other_kwh))
            part_row(page, "of it other", totals->other_kwh, totals, false);
    }
    cct_buf_addc(page->out, '\n');
}

static void time_facts(struct page *page, const struct cct_totals *totals)
{
    cct_state_words(totals, &page->cell);
    put_fact(page, "status");
    if (totals->start_utc_ms == CCT_NO_INSTANT)
        return;
    cct_put_instant(&page->cell, totals->start_utc_ms);
    cct_buf_adds(&page->cell, " to ");
    cct_put_instant(&page->cell, totals->end_utc_ms);
    cct_buf_adds(&page->cell, " UTC");
    put_fact(page, "time");
}

static void power_fact(struct page *page, const struct cct_totals *totals)
{
    if (!isfinite(totals->mean_w))
        return;
    cct_buf_adds(&page->cell, "mean ");
    cct_put_power(&page->cell, totals->mean_w);
    cct_buf_adds(&page->cell, ", peak ");
    cct_put_power(&page->cell, totals->peak_w);
    put_fact(page, "power");
}

static void carbon_facts(struct page *page, const struct cct_run *run,
                         const struct cct_totals *totals)
{
    for (size_t i = 0; i < run->factor_names.count; i++) {
        const struct cct_factor *factor = &run->factors[i];
        cct_put_mass(&page->cell, cct_sum_get(&factor->emission_g));
        cct_buf_addf(&page->cell, " in %s", factor->zone[0] ? factor->zone : "(not named)");
        double mean = cct_sum_get(&factor->weighted) / cct_sum_get(&factor->energy_j);
        if (isfinite(mean)) {
            cct_buf_adds(&page->cell, " at ");
            cct_put_number(&page->cell, mean);
            cct_buf_adds(&page->cell, " g/kWh");
        }
        if (factor->quality[0])
            cct_buf_addf(&page->cell, ", %s", factor->quality);
        if (factor->quality[0] && factor->year[0])
            cct_buf_addf(&page->cell, " %s", factor->year);
        if (factor->provider[0])
            cct_buf_addf(&page->cell, ", %s", factor->provider);
        put_fact(page, i ? "" : "CO2e");
    }
    if (isfinite(totals->pue)) {
        cct_put_number(&page->cell, totals->pue);
        put_fact(page, "PUE");
    }
}

static void method_facts(struct page *page, const struct cct_totals *totals)
{
    cct_say_methods(&page->cell, totals);
    if (!page->cell.len)
        return;
    size_t before = page->cell.len;
    cct_buf_adds(&page->cell, "; energy ");
    size_t start = page->cell.len;
    cct_put_bounds(&page->cell, totals->energy_kwh, totals->energy_low_kwh,
                   totals->energy_high_kwh);
    if (page->cell.len == start)
        page->cell.len = before;
    put_fact(page, "measured by");
}

static void training_facts(struct page *page, const struct cct_run *run,
                           const struct cct_totals *totals)
{
    if (!run->training.reports)
        return;
    cct_say_epochs(&page->cell, totals);
    if (isfinite(totals->loss_last)) {
        cct_buf_adds(&page->cell, page->cell.len ? ", last loss " : "last loss ");
        cct_put_number(&page->cell, totals->loss_last);
    }
    if (totals->epochs_done && isfinite(totals->energy_kwh)) {
        cct_buf_adds(&page->cell, ", ");
        cct_put_energy(&page->cell, totals->energy_kwh / (double)totals->epochs_done);
        cct_buf_adds(&page->cell, " an epoch, start and end included");
    }
    if (page->cell.len)
        put_fact(page, "training");
}

static void gap_fact(struct page *page, const struct cct_run *run, const struct cct_totals *totals)
{
    if (!totals->gaps)
        return;
    cct_buf_addf(&page->cell, "%llu in %llu samples", (unsigned long long)totals->gaps,
                 (unsigned long long)run->ticks);
    if (totals->gap_s > 0.05) {
        cct_buf_adds(&page->cell, ", ");
        cct_put_duration(&page->cell, totals->gap_s);
        cct_buf_adds(&page->cell, " without a sample");
    }
    put_fact(page, "gaps");
}

static void put_run(struct page *page, const struct cct_report *report, const struct cct_run *run)
{
    struct cct_totals totals;
    cct_totals_make(&totals, report, run, page->env->now_utc_ms);
    cct_say_name(&page->cell, run);
    cct_buf_adds(&page->cell, ": ");
    cct_say_figures(&page->cell, run, &totals);
    paint(page, "1");
    put_safe(page->out, page->cell.data, page->cell.len, 0);
    paint(page, "0");
    cct_buf_adds(page->out, "\n\n");
    page->cell.len = 0;
    for (size_t i = 0; i < run->host_count && i < 16; i++) {
        cct_buf_adds(&page->cell, i ? ", " : "");
        cct_buf_adds(&page->cell, report->hosts.items[run->hosts[i]].s);
    }
    if (run->host_count)
        put_fact(page, run->host_count > 1 ? "hosts" : "host");
    time_facts(page, &totals);
    power_fact(page, &totals);
    part_table(page, &totals);
    carbon_facts(page, run, &totals);
    method_facts(page, &totals);
    training_facts(page, run, &totals);
    gap_fact(page, run, &totals);
}

static void text_end(const struct cct_report *report, const struct cct_report_env *env,
                     struct cct_buf *out)
{
    struct page page = {.out = out, .env = env};
    if (!report->run_names.count)
        cct_buf_adds(out, "no run: the input holds no sample, progress or run record\n");
    for (size_t i = 0; i < report->run_names.count; i++) {
        cct_buf_adds(out, i ? "\n" : "");
        put_run(&page, report, report->runs[report->order[i]]);
    }
    cct_buf_free(&page.cell);
}

extern const struct cct_report_format cct_report_text;
const struct cct_report_format cct_report_text = {
    .name = "text",
    .extension = ".txt",
    .end = text_end,
};
