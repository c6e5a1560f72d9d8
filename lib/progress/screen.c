/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/screen.h"

#include <string.h>

enum state { GROUND, ESCAPE, CONTROL, STRING, STRING_ESCAPE };

#define MAX_ESCAPE_BYTES 4096 /* longer: it was none, or binary data */

static void clear(struct cct_screen *screen)
{
    screen->line.len = screen->cursor = 0;
    screen->overlong = false;
}

static void finish(struct cct_screen *screen, enum cct_screen_end end)
{
    if (screen->line.len && !screen->overlong)
        screen->show(screen->ctx, screen->line.data, screen->line.len, end);
    clear(screen);
}

static void write_plain(struct cct_screen *screen, const char *bytes, size_t n)
{
    if (screen->cursor == 0 && screen->line.len)
        finish(screen, CCT_SCREEN_AGAIN);
    screen->line.len = screen->cursor;
    if (screen->overlong || n > screen->max_bytes - screen->line.len) {
        screen->overlong = true;
        screen->line.len = screen->cursor = 1; /* something stands there, to be overwritten */
        cct_buf_reserve(&screen->line, 1);
        return;
    }
    cct_buf_add(&screen->line, bytes, n);
    screen->cursor = screen->line.len;
}

static void step_back(struct cct_screen *screen)
{
    while (screen->cursor > 0) {
        unsigned char c = (unsigned char)screen->line.data[--screen->cursor];
        if ((c & 0xc0) != 0x80) /* the first byte of a character */
            break;
    }
}

static void control_sequence(struct cct_screen *screen, char final)
{
    switch (final) {
    case 'A':
    case 'F':
        finish(screen, CCT_SCREEN_UP);
        break;
    case 'B':
    case 'E':
    case 'H':
    case 'J':
    case 'd':
    case 'f':
        finish(screen, CCT_SCREEN_AGAIN);
        break;
    case 'K':
        if (screen->parameter == 2 || (screen->parameter == 0 && screen->cursor == 0))
            finish(screen, CCT_SCREEN_AGAIN);
        else if (screen->parameter == 0)
            screen->line.len = screen->cursor;
        break;
    case 'G':
        if (screen->parameter <= 1)
            screen->cursor = 0;
        break;
    case 'D':
        for (unsigned i = 0; i < (screen->parameter ? screen->parameter : 1); i++)
            step_back(screen);
        break;
    default: /* colours, modes: nothing that moves text */
        break;
    }
}

static void in_control(struct cct_screen *screen, char c)
{
    if (c >= '0' && c <= '9' && screen->parameter < 10000) {
        screen->parameter = screen->parameter * 10 + (unsigned)(c - '0');
    } else if (c >= '@' && c <= '~') {
        screen->state = GROUND;
        control_sequence(screen, c);
    }
}

static void escape_byte(struct cct_screen *screen, char c)
{
    if (++screen->length > MAX_ESCAPE_BYTES || (c == '\n' && screen->state != ESCAPE)) {
        screen->state = GROUND;
        return;
    }
    switch (screen->state) {
    case ESCAPE:
        if (c < ' ' || c > '/') /* intermediate bytes, as of ESC ( B */
            screen->state = c == '[' ? CONTROL : c && strchr("]P_^X", c) ? STRING : GROUND;
        break;
    case CONTROL:
        in_control(screen, c);
        break;
    case STRING:
        screen->state = c == '\a' ? GROUND : c == '\033' ? STRING_ESCAPE : STRING;
        break;
    default:
        screen->state = GROUND;
        break;
    }
}

static void control_byte(struct cct_screen *screen, char c)
{
    switch (c) {
    case '\n':
        finish(screen, CCT_SCREEN_NEWLINE);
        break;
    case '\r':
        screen->cursor = 0;
        break;
    case '\b':
        step_back(screen);
        break;
    case '\033':
        screen->state = ESCAPE;
        screen->parameter = screen->length = 0;
        break;
    default: /* NUL and its like show nothing */
        break;
    }
}

static bool is_plain(char c)
{
    return (unsigned char)c >= ' ' || c == '\t';
}

void cct_screen_feed(struct cct_screen *screen, const char *bytes, size_t n)
{
    const char *end = bytes + n;
    while (bytes < end) {
        const char *from = bytes;
        if (screen->state != GROUND) {
            char c = *bytes++;
            escape_byte(screen, c);
            if (c == '\n')
                finish(screen, CCT_SCREEN_NEWLINE);
            continue;
        }
        while (bytes < end && is_plain(*bytes))
            bytes++;
        if (bytes > from)
            write_plain(screen, from, (size_t)(bytes - from));
        else
            control_byte(screen, *bytes++);
    }
}

void cct_screen_end(struct cct_screen *screen)
{
    screen->state = GROUND;
    finish(screen, CCT_SCREEN_NEWLINE);
}

bool cct_screen_settled(const struct cct_screen *screen)
{
    if (!screen->line.len || screen->overlong)
        return false;
    return screen->cursor == 0 || screen->line.data[screen->line.len - 1] == ']';
}
