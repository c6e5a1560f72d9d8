/* SPDX-License-Identifier: Apache-2.0 */
#include "store/stream.h"

#include "store/line.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

void cct_stream_init(struct cct_stream *stream, const struct cct_home *home, const char *folder,
                     const char *writer)
{
    *stream = (struct cct_stream){.home = home, .folder = folder};
    memcpy(stream->writer, writer, CCT_WRITER_LEN);
}

void cct_stream_done(struct cct_stream *stream)
{
    cct_chunk_free(&stream->chunk);
}

static enum cct_read trouble(const struct cct_stream *s, struct cct_err *err)
{
    cct_fail_errno(err, 0, "cannot read %s/%s/%s", s->home->path, s->folder, s->writer);
    return CCT_READ_FAILED;
}

static enum cct_read damaged(const struct cct_stream *s, uint64_t lineno, const char *what,
                             struct cct_err *err)
{
    char name[CCT_SEGMENT_NAME];
    cct_segment_name(name, s->number, !s->sealed);
    cct_fail(err, CCT_DATAERR, "%s/%s/%s: line %" PRIu64 ": %s, skipped", s->folder, s->writer,
             name, lineno, what);
    return CCT_READ_BAD;
}

/* The segment by either name: it may be sealed between two looks. -1 with errno. */
static int open_segment(struct cct_stream *s, int dir_fd)
{
    char name[CCT_SEGMENT_NAME];
    for (int try = 0; try < 3; try++) {
        s->sealed = try != 1;
        cct_segment_name(name, s->number, !s->sealed);
        int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (fd >= 0 || errno != ENOENT)
            return fd;
    }
    return -1;
}

/* Bytes read, 0 at the end, -1 with errno. An empty segment that was removed is one that ended;
 * what is no file is not ours. */
static ssize_t fill(struct cct_stream *s, int dir_fd)
{
    cct_auto_close int fd = open_segment(s, dir_fd);
    if (fd < 0)
        return errno == ENOENT ? 0 : -1;
    ssize_t n = cct_chunk_fill(&s->chunk, fd);
    return n < 0 && (errno == ESPIPE || errno == EISDIR) ? 0 : n;
}

/* At the end of the segment, or before the first: 1: there is something to read, 0: not now, -1. */
static int next_segment(struct cct_stream *s, int dir_fd)
{
    uint64_t number;
    bool open;
    int found = cct_segment_from(dir_fd, s->started ? s->number + 1 : 0, &number, &open);
    if (found <= 0)
        return found;
    /* What was open may have got more lines before the next segment was begun. */
    if (s->started && !s->sealed && !s->last_look) {
        s->last_look = true;
        return 1;
    }
    s->started = true;
    s->last_look = false;
    s->number = number;
    cct_chunk_restart(&s->chunk);
    return 1;
}

/* Brings more into memory. CCT_READ_LINE: look again. */
static enum cct_read more(struct cct_stream *s, struct cct_err *err)
{
    cct_auto_close int dir_fd = cct_home_open_writer(s->home, s->folder, s->writer);
    if (dir_fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? CCT_READ_END : trouble(s, err);
    ssize_t n = s->started ? fill(s, dir_fd) : 0;
    if (n < 0)
        return trouble(s, err);
    if (n > 0)
        return CCT_READ_LINE;
    bool torn = s->started && s->sealed && cct_chunk_rest(&s->chunk);
    if (torn) {
        enum cct_read bad = damaged(s, s->chunk.lineno + 1, "cut off", err);
        s->chunk.offset += cct_chunk_rest(&s->chunk);
        s->chunk.start = s->chunk.end;
        return bad;
    }
    switch (next_segment(s, dir_fd)) {
    case 0:
        cct_chunk_rewind(&s->chunk);
        return CCT_READ_END;
    case 1:
        return CCT_READ_LINE;
    default:
        return trouble(s, err);
    }
}

enum cct_read cct_stream_next(struct cct_stream *stream, struct cct_span *record,
                              struct cct_err *err)
{
    for (;;) {
        char *line;
        size_t len, record_len;
        enum cct_take taken = cct_chunk_take(&stream->chunk, &line, &len);
        if (taken == CCT_TAKE_NONE) {
            enum cct_read read = more(stream, err);
            if (read != CCT_READ_LINE)
                return read;
            continue;
        }
        if (taken == CCT_TAKE_TOO_LONG)
            return damaged(stream, stream->chunk.lineno, "too long for a record", err);
        if (!cct_line_check(line, len, &record_len))
            return damaged(stream, stream->chunk.lineno, "the checksum does not match", err);
        line[record_len - 1] = '}';
        line[record_len] = '\n';
        *record = (struct cct_span){line, record_len + 1};
        return CCT_READ_LINE;
    }
}
