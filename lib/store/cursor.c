/* SPDX-License-Identifier: Apache-2.0
 * A folder's writers are merged by a binary heap on the time of their next record, so a pull holds
 * one block a writer, however long the run. */
#include "store/cursor.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "store/local.h"
#include "store/match.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum {
    MEMORY_BYTES = 8 * 1024 * 1024,
    SHARE_MIN_BYTES = 4096,
    SHARE_MAX_BYTES = 256 * 1024,
};

static bool before(const struct cct_source *a, const struct cct_source *b)
{
    if (a->ts_utc_ms != b->ts_utc_ms)
        return a->ts_utc_ms < b->ts_utc_ms;
    return a->born_ns != b->born_ns ? a->born_ns < b->born_ns : a->order < b->order;
}

static void swap(struct cct_source **a, struct cct_source **b)
{
    struct cct_source *kept = *a;
    *a = *b;
    *b = kept;
}

static void heap_push(struct cct_local_cursor *cursor, struct cct_source *source)
{
    if (cursor->heap_count == cursor->heap_cap) {
        cursor->heap_cap = cursor->heap_cap ? 2 * cursor->heap_cap : 8;
        cursor->heap = cct_xreallocarray(cursor->heap, cursor->heap_cap, sizeof(void *));
    }
    size_t i = cursor->heap_count++;
    cursor->heap[i] = source;
    source->waiting = true;
    for (; i && before(cursor->heap[i], cursor->heap[(i - 1) / 2]); i = (i - 1) / 2)
        swap(&cursor->heap[i], &cursor->heap[(i - 1) / 2]);
}

static struct cct_source *heap_pop(struct cct_local_cursor *cursor)
{
    struct cct_source **heap = cursor->heap;
    struct cct_source *top = heap[0];
    size_t n = --cursor->heap_count;
    heap[0] = heap[n];
    for (size_t i = 0, child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && before(heap[child + 1], heap[child]))
            child++;
        if (!before(heap[child], heap[i]))
            break;
        swap(&heap[child], &heap[i]);
    }
    top->waiting = false;
    return top;
}

/* 1: the head is wanted, 0: not, -1: it is no record. */
static int examine(struct cct_local_cursor *cursor, struct cct_source *source, struct cct_err *err)
{
    if (cursor->source_count == 1 && !source->run) {
        int wanted = cct_query_wants_line(cursor->query, source->head);
        if (wanted >= 0)
            return wanted;
    }
    if (cct_rec_scan(&cursor->rec, source->head.p, source->head.len - 1, err))
        return -1;
    int64_t ts;
    bool wanted = cct_query_wants(cursor->query, source->run, &cursor->rec, &ts);
    if (ts != CCT_NO_INSTANT)
        source->ts_utc_ms = ts;
    return wanted;
}

enum cct_read cct_local_advance(struct cct_local_cursor *cursor, struct cct_source *source,
                                struct cct_err *err)
{
    for (;;) {
        enum cct_read read = cct_stream_next(&source->stream, &source->head, err);
        if (read != CCT_READ_LINE)
            return read;
        int wanted = examine(cursor, source, err);
        if (wanted < 0)
            return CCT_READ_BAD;
        if (wanted) {
            heap_push(cursor, source);
            return CCT_READ_LINE;
        }
    }
}

/* Among the first count sources. */
static bool is_known(const struct cct_local_cursor *cursor, size_t count, const char *folder,
                     const char *writer)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(cursor->sources[i]->stream.writer, writer) &&
            !strcmp(cursor->sources[i]->folder, folder))
            return true;
    return false;
}

/* The run that a query asked this folder for, where its name does not tell it alone. */
static const char *run_to_check(const struct cct_query *query, const char *folder)
{
    if (!cct_run_folder_is_cut(folder))
        return NULL;
    const char *run = NULL;
    for (size_t i = 0; i < query->run_count && !run; i++) {
        cct_auto_buf name = {0};
        cct_buf_adds(&name, CCT_RUNS "/");
        cct_run_folder(&name, query->runs[i], strlen(query->runs[i]));
        if (!strcmp(cct_buf_str(&name), folder))
            run = query->runs[i];
    }
    return run;
}

/* Of records that have the same time, or none, those of the elder writer come first. */
static int64_t born_ns(const struct cct_home *home, const char *folder, const char *writer)
{
    struct statx at = {0};
    cct_auto_buf path = {0};
    cct_buf_addf(&path, "%s/%s", folder, writer);
    if (statx(home->fd, cct_buf_str(&path), 0, STATX_BTIME, &at) || !(at.stx_mask & STATX_BTIME))
        return 0;
    return at.stx_btime.tv_sec * CCT_NS_PER_S + at.stx_btime.tv_nsec;
}

static void add_source(struct cct_local_cursor *cursor, const char *folder, const char *writer)
{
    if (cursor->source_count == cursor->source_cap) {
        cursor->source_cap = cursor->source_cap ? 2 * cursor->source_cap : 8;
        cursor->sources = cct_xreallocarray(cursor->sources, cursor->source_cap, sizeof(void *));
    }
    struct cct_source *source = cct_xcalloc(1, sizeof *source);
    source->folder = cct_xstrdup(folder);
    source->run = run_to_check(cursor->query, folder);
    source->born_ns = born_ns(&cursor->home, folder, writer);
    source->order = cursor->source_count;
    source->watch = -1;
    source->stirred = true;
    source->ts_utc_ms = INT64_MIN;
    cct_stream_init(&source->stream, &cursor->home, source->folder, writer);
    cursor->sources[cursor->source_count++] = source;
}

/* Sources that are merged hold a block each: the more they are, the smaller. */
static void share_memory(struct cct_local_cursor *cursor, size_t from)
{
    size_t count = cursor->source_count - from;
    size_t share = count ? MEMORY_BYTES / count : 0;
    share = share < SHARE_MIN_BYTES ? SHARE_MIN_BYTES : share;
    for (size_t i = from; i < cursor->source_count; i++)
        cursor->sources[i]->stream.chunk.read_bytes = share < SHARE_MAX_BYTES ? share : 0;
}

int cct_local_add_folder(struct cct_local_cursor *cursor, const char *folder, struct cct_err *err)
{
    struct cct_names writers = {0};
    int rc = cct_home_list(&cursor->home, folder, cct_is_writer, &writers);
    if (rc)
        cct_fail_errno(err, 0, "cannot list %s/%s", cursor->home.path, folder);
    size_t before_count = cursor->source_count;
    for (size_t i = 0; i < writers.count; i++)
        if (!is_known(cursor, before_count, folder, writers.names[i]))
            add_source(cursor, folder, writers.names[i]);
    share_memory(cursor, before_count);
    cct_names_free(&writers);
    return rc;
}

static void drop_sources(struct cct_local_cursor *cursor)
{
    for (size_t i = 0; i < cursor->source_count; i++) {
        cct_stream_done(&cursor->sources[i]->stream);
        free(cursor->sources[i]->folder);
        free(cursor->sources[i]);
    }
    cursor->source_count = 0;
}

/* Goes to the next folder and reads the first record of each of its writers; a bad line is kept
 * back until the caller asks again. 1, 0: no more folders, -1 with err. */
static int next_folder(struct cct_local_cursor *cursor, struct cct_err *err)
{
    if (cursor->next_folder >= cursor->folders.count)
        return 0;
    if (!cursor->query->follow)
        drop_sources(cursor);
    cursor->to_ask = cursor->source_count;
    return cct_local_add_folder(cursor, cursor->folders.names[cursor->next_folder++], err) ? -1 : 1;
}

/* CCT_READ_LINE: each writer that has a record is in the heap. */
static enum cct_read fill_heap(struct cct_local_cursor *cursor, struct cct_err *err)
{
    if (cursor->delivered) {
        cursor->delivered = false;
        cursor->going_on = heap_pop(cursor);
    }
    enum cct_read read = CCT_READ_LINE;
    if (cursor->going_on)
        read = cct_local_advance(cursor, cursor->going_on, err);
    if (read == CCT_READ_BAD || read == CCT_READ_FAILED)
        return read;
    cursor->going_on = NULL;
    for (; cursor->to_ask < cursor->source_count; cursor->to_ask++) {
        struct cct_source *source = cursor->sources[cursor->to_ask];
        if (!source->stirred || source->waiting)
            continue;
        read = cct_local_advance(cursor, source, err);
        if (read == CCT_READ_BAD || read == CCT_READ_FAILED)
            return read;
        source->stirred = false;
    }
    return CCT_READ_LINE;
}

enum cct_read cct_local_next(void *self, struct cct_span *record, struct cct_err *err)
{
    struct cct_local_cursor *cursor = self;
    for (;;) {
        enum cct_read read = fill_heap(cursor, err);
        if (read != CCT_READ_LINE)
            return read;
        if (cursor->heap_count) {
            *record = cursor->heap[0]->head;
            cursor->delivered = true;
            return CCT_READ_LINE;
        }
        int more = next_folder(cursor, err);
        if (more <= 0)
            return more < 0 ? CCT_READ_FAILED : CCT_READ_END;
    }
}

int cct_local_query(void **self, const char *address, const struct cct_query *query,
                    struct cct_err *err)
{
    struct cct_local_cursor *cursor = cct_xcalloc(1, sizeof *cursor);
    cursor->address = cct_xstrdup(address);
    cursor->query = query;
    cursor->home = (struct cct_home){.fd = -1, .alive_fd = -1, .log = query->log};
    cursor->inotify_fd = -1;
    if (cct_local_find(cursor, err)) {
        cct_local_end(cursor);
        return -1;
    }
    *self = cursor;
    return 0;
}

void cct_local_end(void *self)
{
    struct cct_local_cursor *cursor = self;
    cct_local_unfollow(cursor);
    drop_sources(cursor);
    free(cursor->sources);
    free(cursor->heap);
    cct_names_free(&cursor->folders);
    cct_rec_free(&cursor->rec);
    cct_home_close(&cursor->home);
    free(cursor->address);
    free(cursor);
}
