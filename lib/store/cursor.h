/* SPDX-License-Identifier: Apache-2.0
 * A query on the local store under way: shared by cursor.c and follow.c. */
#pragma once

#include "store/store.h"
#include "store/stream.h"

struct cct_source {
    struct cct_stream stream;
    char *folder;    /* owned */
    const char *run; /* the record's run must be this one; NULL: any. Borrowed */
    int64_t born_ns; /* when its folder was made, 0 where the file system does not tell */
    size_t order;    /* of equal ts and birth, the lower one first */
    int watch;       /* inotify's, or -1 */
    bool stirred;    /* it may have something new */
    bool waiting;    /* in the heap: head is its next record */
    struct cct_span head;
    int64_t ts_utc_ms; /* of head, or of the last record before it that had one */
};

struct cct_local_cursor {
    struct cct_home home;
    char *address;
    const struct cct_query *query; /* borrowed */
    struct cct_names folders;
    size_t next_folder;
    struct cct_source **sources; /* of one folder, with follow of all so far */
    size_t source_count, source_cap;
    struct cct_source **heap; /* those with a head, the earliest first */
    size_t heap_count, heap_cap;
    bool delivered;              /* heap[0] was given to the caller: it goes on before the next */
    struct cct_source *going_on; /* it, out of the heap */
    size_t to_ask;               /* the sources from here on that are stirred are asked next */
    struct cct_rec rec;
    int inotify_fd; /* -1: none */
    bool watching;  /* the first wait is over */
};

/* Opens the store and finds the folders; a store or a run that is not there is an error, with
 * follow only a warning. */
int cct_local_find(struct cct_local_cursor *cursor, struct cct_err *err) cct_must_check;
/* Finds the folders again. */
int cct_local_list_folders(const struct cct_local_cursor *cursor, struct cct_names *folders,
                           struct cct_err *err) cct_must_check;
/* Adds a source for each writer of the folder that has none yet. -1 with err. */
int cct_local_add_folder(struct cct_local_cursor *cursor, const char *folder,
                         struct cct_err *err) cct_must_check;
/* Reads the next wanted record of a source that is not in the heap and puts it in. CCT_READ_LINE:
 * done, CCT_READ_END: it has none now, CCT_READ_BAD, CCT_READ_FAILED. */
enum cct_read cct_local_advance(struct cct_local_cursor *cursor, struct cct_source *source,
                                struct cct_err *err) cct_must_check;
void cct_local_unfollow(struct cct_local_cursor *cursor);
