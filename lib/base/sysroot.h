/* SPDX-License-Identifier: Apache-2.0
 * The machine's /sys, /proc and /etc, or a captured tree that stands for them (--sysroot).
 * Paths are relative: "sys/class/powercap", "proc/stat". Every reader of kernel files goes through
 * here, so that a test can hand any machine to any program. */
#pragma once

#include "err.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cct_sysroot {
    int fd;    /* the folder, open for openat */
    bool real; /* it is "/": what is read belongs to this machine and its processes */
};

/* dir NULL or "/": this machine. */
int cct_sysroot_open(struct cct_sysroot *root, const char *dir, struct cct_err *err) cct_must_check;
void cct_sysroot_close(struct cct_sysroot *root);

/* An open descriptor (O_RDONLY, close-on-exec), or -1 with errno. Owned by the caller. */
int cct_sysroot_open_file(const struct cct_sysroot *root, const char *path);
/* A folder to list, or NULL with errno; the caller calls closedir. */
DIR *cct_sysroot_opendir(const struct cct_sysroot *root, const char *path);
/* Reads a small file whole, cuts trailing white space, ends with NUL. Returns the length, or -1
 * with errno; EFBIG when it does not fit. */
ssize_t cct_sysroot_read(const struct cct_sysroot *root, const char *path, char *out, size_t cap);
/* The file holds one unsigned decimal number and nothing else: 0. Otherwise -1 with errno
 * (EINVAL: not a number, ERANGE: over 64 bits). */
int cct_sysroot_read_u64(const struct cct_sysroot *root, const char *path, uint64_t *out);

/* The same for a descriptor that is kept open: one pread from offset 0. */
ssize_t cct_pread_text(int fd, char *out, size_t cap);
int cct_pread_u64(int fd, uint64_t *out);
/* Reads an unsigned decimal number that fills s (trailing white space allowed). 0, or -1 with
 * errno as above. */
int cct_parse_u64(const char *s, uint64_t *out);
