/* SPDX-License-Identifier: Apache-2.0
 * One writer in one folder: the segment that is being written, and in memory every line of it that
 * is not known to be on the disk. */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "store/home.h"

#include <stdbool.h>
#include <stdint.h>

struct cct_lane {
    const struct cct_home *home; /* borrowed */
    const char *writer;          /* borrowed */
    char *folder;                /* owned */
    int dir_fd, fd;              /* -1: not open */
    uint64_t number;             /* of the open segment, else of the next one */
    uint64_t length;             /* bytes of whole lines in the open segment */
    int64_t born_mono_ns;        /* when it was made */
    struct cct_buf lines;        /* not yet synced ... */
    size_t written;              /* ... of which so many bytes are in the open segment */
    bool new_name;               /* of the segment: its folder is not yet synced */
    bool known_folder;           /* the folders above are */
    bool doubtful;               /* the disk failed on what is written: never ask it again */
    bool left_open;              /* a segment could not be sealed: recovery will */
};

/* folder is copied. Nothing is made before the first write. */
void cct_lane_init(struct cct_lane *lane, const struct cct_home *home, const char *writer,
                   const char *folder);

/* Hands the lines to the system, whole lines only: what does not fit in is cut off again and kept
 * in memory. -1 with err: lines are left. */
int cct_lane_write(struct cct_lane *lane, struct cct_err *err) cct_must_check;

/* Writes, then puts everything on the disk and lets go of it. When the disk says that it failed,
 * the kernel may have dropped the data and report success the next time: so the segment is sealed
 * at what was known to be good, and the lines are written once more into a new one. */
int cct_lane_sync(struct cct_lane *lane, struct cct_err *err) cct_must_check;

/* Syncs and seals the open segment; the next write makes a new one. */
int cct_lane_seal(struct cct_lane *lane, struct cct_err *err) cct_must_check;

/* Seals when the segment is full or old. */
int cct_lane_roll(struct cct_lane *lane, int64_t now_mono_ns, struct cct_err *err) cct_must_check;

size_t cct_lane_pending(const struct cct_lane *lane); /* bytes not yet written */
uint64_t cct_lane_pending_lines(const struct cct_lane *lane);

/* Closes the descriptors and frees; nothing is written. */
void cct_lane_done(struct cct_lane *lane);
