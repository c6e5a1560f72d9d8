/* SPDX-License-Identifier: Apache-2.0
 * A file that grows, read from its first byte: it may not be there yet, be cut to nothing or be
 * replaced by another of its name. Told of by inotify; looked at again from time to time, since
 * inotify is silent about what other machines write to a shared file system. A FIFO is read too. */
#pragma once

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct cct_follow {
    const char *path; /* borrowed */
    int fd;           /* of the file, or -1: not there yet */
    int inotify_fd;   /* or -1 */
    int file_watch;
    bool fifo;
    bool watched; /* the folder and, if it is there, the file are watched */
};

/* The file need not exist. -1: it exists and cannot be read (66, 77). */
int cct_follow_open(struct cct_follow *follow, const char *path,
                    struct cct_err *err) cct_must_check;
void cct_follow_close(struct cct_follow *follow);

/* Reads what is there, without waiting: more than 0 bytes; 0: nothing now, wait for poll_fd or
 * wait_ms, whatever comes first; -1: failed. *begun is set when these bytes are the first of a file
 * that replaced another or was cut. */
ssize_t cct_follow_read(struct cct_follow *follow, char *bytes, size_t cap, bool *begun,
                        struct cct_err *err) cct_must_check;
/* For poll(2), POLLIN; -1: none. */
int cct_follow_poll_fd(const struct cct_follow *follow);
int cct_follow_wait_ms(const struct cct_follow *follow);
