/* SPDX-License-Identifier: Apache-2.0
 * The folder of a local store:
 *     FORMAT                                  "cct-store 1"
 *     runs/RUN/WRITER/NNNNNNNNNN.ndjson       sealed, never changed again
 *     runs/RUN/WRITER/NNNNNNNNNN.ndjson.open  being written
 *     norun/WRITER/...                        records without a run
 *     open/WRITER                             locked while the writer lives; the folders it has
 *                                             segments in, one a line; gone when all are sealed
 *     quarantine/                             what could not be read back, never deleted by us
 * A folder in there is named by its path from the store's top: "runs/r1", "norun". */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "store/name.h"

#include <stdbool.h>
#include <stdint.h>

#define CCT_NORUN "norun"
#define CCT_RUNS  "runs"

struct cct_home {
    const char *path; /* borrowed, for messages */
    int fd;
    int alive_fd;              /* open/WRITER, locked; -1 when nothing is written */
    const struct cct_log *log; /* borrowed */
};

/* Opens the store's top; with create, makes it and its parents (0700) and FORMAT. -1: 66, 77, 74,
 * 78 when the format is newer than this program. */
int cct_home_open(struct cct_home *home, const char *path, bool create,
                  struct cct_err *err) cct_must_check;
void cct_home_close(struct cct_home *home);

/* Opens folder/writer, made where it is not there. The descriptor is the caller's; -1 with err. */
int cct_home_make_writer(const struct cct_home *home, const char *folder, const char *writer,
                         struct cct_err *err) cct_must_check;
/* Opens folder/writer for reading; -1 with errno. */
int cct_home_open_writer(const struct cct_home *home, const char *folder, const char *writer);
/* Puts the entries of folder and of what is above it on the disk. -1 with errno. */
int cct_home_sync_parents(const struct cct_home *home, const char *folder);

/* Sorted names, owned. */
struct cct_names {
    char **names;
    size_t count, cap;
};
/* The entries of a folder below the top for which keep says
 * yes; a missing folder has none. -1 with errno. */
int cct_home_list(const struct cct_home *home, const char *path, bool (*keep)(const char *name),
                  struct cct_names *names) cct_must_check;
void cct_names_add(struct cct_names *names, const char *name); /* copied */
void cct_names_free(struct cct_names *names);
/* The folders with records: every run, then norun. */
int cct_home_folders(const struct cct_home *home, struct cct_names *names,
                     struct cct_err *err) cct_must_check;

/* The lowest segment of a writer's folder with a number >= from. 1, 0: none, -1 with errno. */
int cct_segment_from(int writer_fd, uint64_t from, uint64_t *number, bool *open);

/* Registers this process as a living writer, until leave; the folders that it makes are noted. */
int cct_home_enter(struct cct_home *home, const char *writer, struct cct_err *err) cct_must_check;
/* all_sealed: nothing of it is left to mend. */
void cct_home_leave(struct cct_home *home, const char *writer, bool all_sealed);

/* Mends what dead writers have left open: a torn tail goes to quarantine/, the rest is sealed. What
 * cannot be mended now stays as it is, with a warning. */
void cct_home_recover(const struct cct_home *home);
/* The same for one writer, known to be dead; 0 when nothing of it stays open. */
int cct_home_recover_writer(const struct cct_home *home, const char *folder, const char *writer);
