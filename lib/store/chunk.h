/* SPDX-License-Identifier: Apache-2.0
 * Lines of a segment file by big reads, with the offset of each; a file that still grows is read
 * on from where it was. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Zero-initialise. */
struct cct_chunk {
    char *data; /* owned */
    size_t cap, start, end;
    size_t read_bytes; /* the least that a read asks for; 0: 256 KiB */
    uint64_t offset;   /* in the file, of data[start] */
    uint64_t lineno;   /* of the line last taken, from 1 */
    bool skipping;     /* in a line that is too long to hold */
};

enum cct_take { CCT_TAKE_NONE, CCT_TAKE_LINE, CCT_TAKE_TOO_LONG };

/* The next whole line that is in memory, without its newline; it may be written into until the next
 * call. */
enum cct_take cct_chunk_take(struct cct_chunk *chunk, char **line, size_t *len);
/* Reads more behind what is there: the bytes read, 0 at the end of the file, -1 with errno. */
ssize_t cct_chunk_fill(struct cct_chunk *chunk, int fd);
/* Bytes of a line without a newline yet. */
size_t cct_chunk_rest(const struct cct_chunk *chunk);
/* Forgets them and gives the memory back: they are read again by the next fill. */
void cct_chunk_rewind(struct cct_chunk *chunk);
/* The same for a new file. */
void cct_chunk_restart(struct cct_chunk *chunk);
void cct_chunk_free(struct cct_chunk *chunk);
