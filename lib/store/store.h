/* SPDX-License-Identifier: Apache-2.0
 * Where records are kept and asked for again. A store is one driver behind a table: the local
 * folder of segment files now. An address without "://" is a folder; NULL, when nobody knows one,
 * is the error 78. */
#pragma once

#include "base/err.h"
#include "base/log.h"
#include "record/io.h"
#include "record/scan.h"

#include <stdbool.h>
#include <stdint.h>

struct cct_store_config {
    const char *run;           /* for records without a run, or NULL. Borrowed */
    const struct cct_log *log; /* warnings: trouble once, what recovery moved aside. Borrowed */
    int64_t sync_ns;           /* a record is on the disk after this at the latest; 0: 1 s */
};

struct cct_store;

/* Opens a store for keeping and mends what a writer that died has left. 0, or -1: 77 or 74 when it
 * cannot be written, 78 when its format is not known. A full disk is not an error here: see put.
 * Close it. */
int cct_store_open(struct cct_store **store, const char *address,
                   const struct cct_store_config *config, struct cct_err *err) cct_must_check;

/* Takes a record; it is copied. Never waits for anything but the disk, and never fails: when the
 * store cannot take it (a full disk) it is held in memory, and when that is full it is dropped and
 * counted; the log says so once, close tells how many. */
void cct_store_put(struct cct_store *store, const struct cct_rec *rec);

/* Hands to the system what put has gathered, and does what time asks for: syncs, another try. Call
 * it before waiting for input. Returns in how many nanoseconds it wants to be called again, -1:
 * not before the next put. */
int64_t cct_store_work(struct cct_store *store);

struct cct_store_count {
    uint64_t kept, lost; /* records */
};

/* Writes and seals everything and frees the store (NULL is allowed). 0, or -1 with the first
 * trouble when a record was lost or is not known to be on the disk. count may be NULL. */
int cct_store_close(struct cct_store *store, struct cct_store_count *count,
                    struct cct_err *err) cct_must_check;

/* What to give back. The arrays are borrowed for the life of the cursor. */
struct cct_query {
    const char *const *runs; /* none: every run and what has no run */
    size_t run_count;
    const char *const *kinds; /* sample, cct.sample, cct.sample/1; none: all */
    size_t kind_count;
    int64_t since_utc_ms; /* ts >= since; CCT_NO_INSTANT: no limit */
    int64_t until_utc_ms; /* ts < until; CCT_NO_INSTANT: no limit */
    bool follow;          /* the end is not the end: see wait */
    const struct cct_log *log;
};

struct cct_cursor;

/* Opens a store for reading; nothing in it is changed. -1: 66 no store there, 1 a run that is not
 * in it (the message names near ones), 77, 78. With follow the store and the runs may still come.
 */
int cct_cursor_open(struct cct_cursor **cursor, const char *address, const struct cct_query *query,
                    struct cct_err *err) cct_must_check;

/* The next record as it was put, with its newline; borrowed until the next call. Runs come one
 * after the other by name; in a run each writer's records keep their order, and the writers are
 * merged by ts. CCT_READ_BAD: a stored line is damaged, err names file and line; go on.
 * CCT_READ_END: no more, or with follow no more now. */
enum cct_read cct_cursor_next(struct cct_cursor *cursor, struct cct_span *record,
                              struct cct_err *err) cct_must_check;

/* With follow, after CCT_READ_END: waits until there may be more (1), or until stop_fd becomes
 * readable or nobody reads out_fd any more (0; each may be -1). -1 with err. */
int cct_cursor_wait(struct cct_cursor *cursor, int stop_fd, int out_fd,
                    struct cct_err *err) cct_must_check;

void cct_cursor_close(struct cct_cursor *cursor);
