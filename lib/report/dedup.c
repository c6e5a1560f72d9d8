/* SPDX-License-Identifier: Apache-2.0
 * A tick counts once. A store may hold it as a sample and as an emission (the id is kept), and a
 * delivery may repeat it. An id is its writer and a number; each writer's numbers are a set of
 * ranges, one for energy and one for grams: an emission behind its sample adds its grams alone, a
 * sample behind its emission adds nothing. An id without a number at its end cannot be told apart
 * from others and is counted. An emission that was not charged (no place was known) is a sample. */
#include "model.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

#define MAX_DIGITS 18

/* Splits an id into writer and number; false when it has no number. */
static bool split_id(struct cct_value id, struct cct_span *writer, uint64_t *number)
{
    if (id.type != CCT_STRING || id.text.len < 3)
        return false;
    const char *start = id.text.p + 1;
    const char *end = id.text.p + id.text.len - 1;
    const char *p = end;
    while (p > start && p[-1] >= '0' && p[-1] <= '9' && end - p < MAX_DIGITS)
        p--;
    if (p == end)
        return false;
    *number = 0;
    for (const char *d = p; d < end; d++)
        *number = *number * 10 + (uint64_t)(*d - '0');
    *writer = (struct cct_span){start, (size_t)(p - start)};
    return true;
}

/* The same id in two runs, or of two hosts, is two ticks. */
static struct cct_tick_writer *writer_of(struct cct_report *report, size_t run_no,
                                         const struct cct_tick *tick, struct cct_span id)
{
    struct cct_span host = tick->value[CCT_T_HOST].text;
    struct cct_buf *recent = &report->recent.id_text;
    if (recent->len && recent->len == id.len && memcmp(recent->data, id.p, id.len) == 0)
        return &report->writers[report->recent.writer];
    report->key.len = 0;
    cct_buf_add(&report->key, &run_no, sizeof run_no);
    cct_buf_add(&report->key, id.p, id.len);
    cct_buf_addc(&report->key, '\n');
    cct_buf_add(&report->key, host.p, host.len);
    size_t n =
        cct_names_intern(&report->writer_names, report->key.data, report->key.len, CCT_MAX_WRITERS);
    if (n == CCT_NO_NAME)
        return NULL;
    if (n >= report->writer_cap) {
        size_t cap = report->writer_cap ? report->writer_cap * 2 : 4;
        report->writers = cct_xreallocarray(report->writers, cap, sizeof *report->writers);
        for (size_t i = report->writer_cap; i < cap; i++)
            report->writers[i] = (struct cct_tick_writer){.end_utc_ms = CCT_NO_INSTANT};
        report->writer_cap = cap;
    }
    recent->len = 0;
    cct_buf_add(recent, id.p, id.len);
    report->recent.writer = n;
    return &report->writers[n];
}

static bool clock_stepped(const struct cct_tick *tick)
{
    struct cct_span flags = tick->value[CCT_T_FLAGS].text;
    return flags.len && memmem(flags.p, flags.len, "\"clock_step\"", 12);
}

/* Time between two ticks of one writer that no tick covers, beyond what a late timer explains. */
static void look_for_hole(struct cct_tick_writer *writer, struct cct_run *run,
                          const struct cct_tick *tick)
{
    int64_t slack_ms = (tick->end_utc_ms - tick->start_utc_ms) / 2 + 20;
    bool apart =
        writer->end_utc_ms != CCT_NO_INSTANT && tick->start_utc_ms > writer->end_utc_ms + slack_ms;
    if (apart && !clock_stepped(tick))
        run->holes++;
    if (writer->end_utc_ms == CCT_NO_INSTANT || tick->end_utc_ms > writer->end_utc_ms)
        writer->end_utc_ms = tick->end_utc_ms;
}

void cct_tick_dedup(struct cct_report *report, size_t run_no, struct cct_run *run,
                    struct cct_tick *tick)
{
    struct cct_span id = {"", 0};
    uint64_t number = 0;
    bool numbered = split_id(tick->value[CCT_T_ID], &id, &number);
    struct cct_tick_writer *writer = writer_of(report, run_no, tick, id);
    tick->counts_energy = true;
    tick->counts_grams = tick->is_emission && !isnan(tick->emission_g);
    if (writer && numbered) {
        if (tick->counts_grams)
            tick->counts_grams = cct_ranges_add(&writer->grams, number);
        tick->counts_energy = cct_ranges_add(&writer->energy, number);
    }
    if (writer && tick->counts_energy)
        look_for_hole(writer, run, tick);
}
