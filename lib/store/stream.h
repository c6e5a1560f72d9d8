/* SPDX-License-Identifier: Apache-2.0
 * The records of one writer in one folder, segment after segment, in the order they were written.
 * No descriptor stays open between two reads, so any number of writers can be merged. */
#pragma once

#include "base/err.h"
#include "record/io.h"
#include "record/scan.h"
#include "store/chunk.h"
#include "store/home.h"

#include <stdbool.h>
#include <stdint.h>

struct cct_stream {
    const struct cct_home *home; /* borrowed */
    const char *folder;          /* borrowed */
    char writer[CCT_WRITER_LEN + 1];
    bool started;   /* number is known */
    bool sealed;    /* the file read last was: it will not grow */
    bool last_look; /* the segment was read once more after a next one was seen */
    uint64_t number;
    struct cct_chunk chunk;
};

void cct_stream_init(struct cct_stream *stream, const struct cct_home *home, const char *folder,
                     const char *writer);

/* The next record with its newline, borrowed until the next call. CCT_READ_BAD: damaged, err names
 * file and line. CCT_READ_END: no more now; asked again, it looks again. An unfinished last line of
 * an open segment is no error: it was never promised. */
enum cct_read cct_stream_next(struct cct_stream *stream, struct cct_span *record,
                              struct cct_err *err) cct_must_check;

void cct_stream_done(struct cct_stream *stream);
