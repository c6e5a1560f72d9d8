/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: a log as a terminal shows it, one line at a time. A carriage return or
 * backspaces take the cursor back; what is then overwritten was a state of the line. Escapes are
 * cut, those that move the cursor to another line or erase end a state too.
 * Control sequences: ECMA-48, 8.3; xterm's "Control Sequences". */
#pragma once

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

enum cct_screen_end {
    CCT_SCREEN_NEWLINE, /* the line is finished */
    CCT_SCREEN_AGAIN,   /* it will be written again */
    CCT_SCREEN_UP,      /* the cursor went to a line above */
};

struct cct_screen {
    struct cct_buf line; /* at most max_bytes */
    size_t cursor;       /* byte in line */
    size_t max_bytes;
    bool overlong; /* bytes of this line were dropped: it is no use */
    int state;     /* private: inside an escape */
    unsigned parameter, length;
    void (*show)(void *ctx, const char *line, size_t len, enum cct_screen_end end);
    void *ctx;
};

void cct_screen_feed(struct cct_screen *screen, const char *bytes, size_t n);
/* Ends the line that is being written. */
void cct_screen_end(struct cct_screen *screen);
/* The line that is being written looks finished though no byte has ended it: the cursor stands at
 * its begin, or it closes with a bracket as tqdm's bars do. */
bool cct_screen_settled(const struct cct_screen *screen);
