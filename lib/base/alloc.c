/* SPDX-License-Identifier: Apache-2.0 */
#include "alloc.h"

#include "err.h"

#include <stdarg.h>
#include <string.h>

cct_noreturn void cct_out_of_memory(void)
{
    static const char msg[] = "cct: out of memory\n";
    ssize_t ignored = write(STDERR_FILENO, msg, sizeof msg - 1);
    (void)ignored;
    _exit(CCT_OSERR);
}

void *cct_xmalloc(size_t size)
{
    void *p = malloc(size ? size : 1);
    if (!p)
        cct_out_of_memory();
    return p;
}

void *cct_xcalloc(size_t count, size_t size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        cct_out_of_memory();
    return p;
}

void *cct_xreallocarray(void *ptr, size_t count, size_t size)
{
    void *p = reallocarray(ptr, count ? count : 1, size ? size : 1);
    if (!p)
        cct_out_of_memory();
    return p;
}

char *cct_xstrndup(const char *s, size_t len)
{
    char *p = cct_xmalloc(len + 1);
    memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *cct_xstrdup(const char *s)
{
    return cct_xstrndup(s, strlen(s));
}

char *cct_xasprintf(const char *fmt, ...)
{
    char *s = NULL;
    va_list ap;
    va_start(ap, fmt);
    int n = vasprintf(&s, fmt, ap);
    va_end(ap);
    if (n < 0)
        cct_out_of_memory();
    return s;
}
