/* SPDX-License-Identifier: Apache-2.0 */
#include "kept.h"

#include <errno.h>
#include <sys/stat.h>

static int reopen(struct cct_kept *k)
{
    struct stat st;
    cct_kept_close(k);
    k->fd = k->path[0] ? cct_sysroot_open_file(k->root, k->path) : -1;
    if (k->fd < 0 || k->root->real || fstat(k->fd, &st))
        return k->fd < 0 ? -1 : 0;
    k->device = st.st_dev;
    k->inode = st.st_ino;
    return 0;
}

int cct_kept_open(struct cct_kept *k, const struct cct_sysroot *root, const char *path)
{
    char text[64];
    k->root = root;
    snprintf(k->path, sizeof k->path, "%s", path);
    if (reopen(k))
        return -1;
    if (cct_pread_text(k->fd, text, sizeof text) >= 0)
        return 0;
    int saved = errno;
    cct_kept_close(k);
    errno = saved;
    return -1;
}

/* A file that was replaced or removed under us: only in a captured tree, sysfs fails the read. */
static bool replaced(const struct cct_kept *k)
{
    struct stat there;
    return !k->root->real && (fstatat(k->root->fd, k->path, &there, 0) ||
                              k->inode != there.st_ino || k->device != there.st_dev);
}

int cct_kept_text(struct cct_kept *k, char *out, size_t cap)
{
    if ((k->fd < 0 || replaced(k)) && reopen(k))
        return -1;
    if (cct_pread_text(k->fd, out, cap) >= 0)
        return 0;
    int saved = errno;
    cct_kept_close(k); /* gone or failing: opened anew next time */
    errno = saved;
    return -1;
}

int cct_kept_u64(struct cct_kept *k, uint64_t *out)
{
    char text[64];
    return cct_kept_text(k, text, sizeof text) ? -1 : cct_parse_u64(text, out);
}

void cct_kept_close(struct cct_kept *k)
{
    if (k->fd >= 0)
        close(k->fd);
    k->fd = -1;
}
