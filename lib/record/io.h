/* SPDX-License-Identifier: Apache-2.0
 * Lines in and lines out, over descriptors. */
#pragma once

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_MAX_LINE_BYTES (1024 * 1024)

/* Reads lines of a descriptor. A leading BOM is cut, blank lines are skipped (but counted). */
struct cct_reader {
    int fd;          /* borrowed */
    size_t max_line; /* bytes, without the newline */
    uint64_t lineno; /* of the line last returned, from 1 */
    struct cct_buf buf;
    size_t next;     /* private: the first byte not yet returned */
    size_t searched; /* private: no newline stands between next and here */
    /* Called before every read, which may block: false ends the input here. NULL: none. */
    bool (*wait)(void *ctx, int fd);
    void *wait_ctx;
    bool eof, skipping;
};

void cct_reader_init(struct cct_reader *reader, int fd); /* max_line CCT_MAX_LINE_BYTES */
void cct_reader_done(struct cct_reader *reader);

enum cct_read {
    CCT_READ_END = 0,
    CCT_READ_LINE = 1,
    CCT_READ_BAD = 2, /* a line that cannot be a record (too long): err says why; go on reading */
    CCT_READ_FAILED = -1,
};

/* The next line, without its newline: borrowed until the next call. A last line without newline is
 * delivered too, reader->eof is then set. */
enum cct_read cct_reader_next(struct cct_reader *reader, const char **line, size_t *len,
                              struct cct_err *err) cct_must_check;
/* A whole line (or the end) is in memory: the next call will not block. */
bool cct_reader_ready(const struct cct_reader *reader);

/* Writes whole lines. Nothing is held back for longer than the caller allows: flush before waiting
 * for input. */
struct cct_writer {
    int fd; /* borrowed */
    struct cct_buf buf;
};

void cct_writer_init(struct cct_writer *writer, int fd);
void cct_writer_done(struct cct_writer *writer); /* does not flush */
/* Adds bytes (one or more whole lines); writes when much has come together. -1: CCT_IOERR. */
int cct_writer_add(struct cct_writer *writer, const void *bytes, size_t n,
                   struct cct_err *err) cct_must_check;
int cct_writer_flush(struct cct_writer *writer, struct cct_err *err) cct_must_check;
/* Writes all n bytes to fd: short writes and EINTR are gone on from. -1 with errno. */
int cct_write_all(int fd, const void *bytes, size_t n);
