/* SPDX-License-Identifier: Apache-2.0 */
#include "store/chunk.h"

#include "base/alloc.h"
#include "record/io.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A read that stays in the processor's second cache; the longest stored line has its record's
 * longest, a run added to it and the crc. */
enum { READ_BYTES = 256 * 1024, MAX_BYTES = 2 * CCT_MAX_LINE_BYTES };

static void consume(struct cct_chunk *chunk, size_t n)
{
    chunk->start += n;
    chunk->offset += n;
}

enum cct_take cct_chunk_take(struct cct_chunk *chunk, char **line, size_t *len)
{
    if (chunk->start == chunk->end)
        return CCT_TAKE_NONE;
    char *begin = chunk->data + chunk->start;
    char *newline = memchr(begin, '\n', chunk->end - chunk->start);
    if (!newline)
        return CCT_TAKE_NONE;
    *line = begin;
    *len = (size_t)(newline - begin);
    consume(chunk, *len + 1);
    chunk->lineno++;
    if (!chunk->skipping)
        return CCT_TAKE_LINE;
    chunk->skipping = false;
    return CCT_TAKE_TOO_LONG;
}

static void make_room(struct cct_chunk *chunk)
{
    size_t rest = chunk->end - chunk->start;
    if (rest >= MAX_BYTES) {
        chunk->skipping = true;
        consume(chunk, rest);
        rest = 0;
    }
    if (rest && chunk->start)
        memmove(chunk->data, chunk->data + chunk->start, rest);
    chunk->start = 0;
    chunk->end = rest;
    size_t least = chunk->read_bytes ? chunk->read_bytes : READ_BYTES;
    if (chunk->cap - rest < least / 2) {
        chunk->cap = chunk->cap ? 2 * chunk->cap : least;
        chunk->data = cct_xreallocarray(chunk->data, chunk->cap, 1);
    }
}

ssize_t cct_chunk_fill(struct cct_chunk *chunk, int fd)
{
    make_room(chunk);
    off_t at = (off_t)(chunk->offset + chunk->end);
    ssize_t n;
    do
        n = pread(fd, chunk->data + chunk->end, chunk->cap - chunk->end, at);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        chunk->end += (size_t)n;
    return n;
}

size_t cct_chunk_rest(const struct cct_chunk *chunk)
{
    return chunk->end - chunk->start;
}

void cct_chunk_rewind(struct cct_chunk *chunk)
{
    free(chunk->data);
    chunk->data = NULL;
    chunk->cap = chunk->start = chunk->end = 0;
}

void cct_chunk_restart(struct cct_chunk *chunk)
{
    chunk->start = chunk->end = 0;
    chunk->offset = chunk->lineno = 0;
    chunk->skipping = false;
}

void cct_chunk_free(struct cct_chunk *chunk)
{
    cct_chunk_rewind(chunk);
}
