/* SPDX-License-Identifier: Apache-2.0
 * Reads the log of a training and tells how far it is: bytes in, cct.progress/1 records out. Pure:
 * no files, no clock; the same bytes give the same records however they are cut into chunks.
 *
 * A log is read as a terminal shows it (carriage returns, backspaces, escapes), and each state of a
 * line is offered to the formats. What a progress bar shows is held back: it is told when a second
 * has passed since the last record, or when something else begins (the next epoch, another bar, the
 * end), so that the last state of a bar is never lost. Lines are told at once. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "record/write.h"

#include <stddef.h>
#include <stdint.h>

/* A line longer than this is skipped. */
#define CCT_PROGRESS_MAX_LINE_BYTES (64 * 1024)
/* A bar is told at most once in this time. */
#define CCT_PROGRESS_BAR_NS (1 * CCT_NS_PER_S)

struct cct_progress_options {
    const char *format;        /* a name of cct_progress_formats, or NULL: try them all */
    const char *pattern;       /* PCRE2 with named groups, tried before the formats, or NULL */
    double epochs;             /* said by the user, for logs that do not say it; NAN: unknown */
    struct cct_stamp *stamp;   /* borrowed */
    const struct cct_log *log; /* borrowed, may be NULL */
};

/* When the bytes came. */
struct cct_progress_time {
    int64_t utc_ms;
    int64_t
        mono_ns; /* CLOCK_MONOTONIC; below 0: time stands still, nothing is told by time alone */
};

struct cct_progress;

/* NULL with err: CCT_USAGE for an unknown format or a wrong pattern (with its offset). With a
 * pattern and no format only the pattern is tried. */
struct cct_progress *cct_progress_open(const struct cct_progress_options *options,
                                       struct cct_err *err) cct_must_check;
void cct_progress_close(struct cct_progress *progress);

/* Reads n more bytes of the log; whole records are added to out. */
void cct_progress_feed(struct cct_progress *progress, const char *bytes, size_t n,
                       struct cct_progress_time now, struct cct_buf *out);
/* The log has ended (or begins anew, where a file was replaced): a last line without newline is
 * read, what was held back is told. */
void cct_progress_end(struct cct_progress *progress, struct cct_progress_time now,
                      struct cct_buf *out);
/* How long to wait for more bytes before cct_progress_tick has something to do, in milliseconds;
 * -1: for ever. */
int cct_progress_wait_ms(const struct cct_progress *progress, struct cct_progress_time now);
/* Nothing came for that long: tells what was held back, when it is time. */
void cct_progress_tick(struct cct_progress *progress, struct cct_progress_time now,
                       struct cct_buf *out);

/* The formats' names for a person, "keras, lightning, ...", in the order in which they are tried.
 */
void cct_progress_format_names(struct cct_buf *out);
