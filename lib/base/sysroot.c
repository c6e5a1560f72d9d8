/* SPDX-License-Identifier: Apache-2.0 */
#include "sysroot.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

int cct_sysroot_open(struct cct_sysroot *root, const char *dir, struct cct_err *err)
{
    root->real = !dir || strcmp(dir, "/") == 0;
    root->fd = open(root->real ? "/" : dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (root->fd < 0)
        return cct_fail_errno(err, CCT_NOINPUT, "--sysroot %s", dir ? dir : "/");
    return 0;
}

void cct_sysroot_close(struct cct_sysroot *root)
{
    if (root && root->fd >= 0)
        close(root->fd);
    if (root)
        root->fd = -1;
}

static int open_at(const struct cct_sysroot *root, const char *path, int flags)
{
    while (*path == '/')
        path++;
    return openat(root->fd, *path ? path : ".", flags | O_RDONLY | O_CLOEXEC);
}

int cct_sysroot_open_file(const struct cct_sysroot *root, const char *path)
{
    return open_at(root, path, O_NONBLOCK | O_NOCTTY);
}

DIR *cct_sysroot_opendir(const struct cct_sysroot *root, const char *path)
{
    int fd = open_at(root, path, O_DIRECTORY);
    if (fd < 0)
        return NULL;
    DIR *dir = fdopendir(fd);
    if (!dir)
        close(fd);
    return dir;
}

static size_t trim(char *s, size_t n)
{
    while (n && (s[n - 1] == '\n' || s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
        n--;
    s[n] = '\0';
    return n;
}

ssize_t cct_sysroot_read(const struct cct_sysroot *root, const char *path, char *out, size_t cap)
{
    cct_auto_close int fd = cct_sysroot_open_file(root, path);
    if (fd < 0)
        return -1;
    size_t n = 0;
    while (n < cap) {
        ssize_t got = read(fd, out + n, cap - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            return (ssize_t)trim(out, n);
        n += (size_t)got;
    }
    errno = EFBIG;
    return -1;
}

ssize_t cct_pread_text(int fd, char *out, size_t cap)
{
    ssize_t got;
    do
        got = pread(fd, out, cap - 1, 0);
    while (got < 0 && errno == EINTR);
    return got < 0 ? -1 : (ssize_t)trim(out, (size_t)got);
}

int cct_parse_u64(const char *s, uint64_t *out)
{
    uint64_t v = 0;
    const char *p = s;
    for (; *p >= '0' && *p <= '9'; p++) {
        if (__builtin_mul_overflow(v, UINT64_C(10), &v) ||
            __builtin_add_overflow(v, (uint64_t)(*p - '0'), &v)) {
            errno = ERANGE;
            return -1;
        }
    }
    bool number = p > s;
    while (*p == '\n' || *p == ' ' || *p == '\t' || *p == '\r')
        p++;
    if (!number || *p) {
        errno = EINVAL;
        return -1;
    }
    *out = v;
    return 0;
}

int cct_pread_u64(int fd, uint64_t *out)
{
    char text[32];
    return cct_pread_text(fd, text, sizeof text) < 0 ? -1 : cct_parse_u64(text, out);
}

int cct_sysroot_read_u64(const struct cct_sysroot *root, const char *path, uint64_t *out)
{
    char text[32];
    return cct_sysroot_read(root, path, text, sizeof text) < 0 ? -1 : cct_parse_u64(text, out);
}
