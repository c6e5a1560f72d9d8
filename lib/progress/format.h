/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: what a format gets and gives. A new format is one file with one
 * `const struct cct_progress_format cct_progress_NAME`, and its name in lib/meson.build. */
#pragma once

#include "progress/fields.h"
#include "progress/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* One state of one line. */
struct cct_progress_line {
    struct cct_slice text; /* without escapes and without blanks at its ends */
    struct cct_slice raw;  /* the same with leading blanks */
    bool nested;           /* the cursor then moved up: a bar below another bar */
    bool sure;             /* the user named this format: weaker evidence is enough */
};

enum cct_progress_found {
    CCT_PROGRESS_NONE, /* not a line of this format */
    CCT_PROGRESS_MINE, /* a line of this format that tells nothing: no other format gets it */
    CCT_PROGRESS_FOUND,
};

struct cct_progress_format {
    const char *name;
    bool generic;      /* never preferred over another format */
    size_t state_size; /* bytes that parse may keep from line to line, zeroed at the start */
    enum cct_progress_found (*parse)(void *state, const struct cct_progress_line *line,
                                     struct cct_progress_fields *out);
    void (*done)(void *state); /* frees what the state owns, or NULL */
};

extern const struct cct_progress_format *const cct_progress_formats[]; /* NULL at the end */
