/* SPDX-License-Identifier: Apache-2.0
 * Compiler attributes under one name each, and the cleanup attributes that own things. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cct_must_check        __attribute__((warn_unused_result))
#define cct_printf(fmt, args) __attribute__((format(printf, fmt, args)))
#define cct_noreturn          __attribute__((noreturn))
#define cct_unused            __attribute__((unused))
#define cct_likely(x)         __builtin_expect(!!(x), 1)
#define cct_unlikely(x)       __builtin_expect(!!(x), 0)
#define CCT_LEN(array)        (sizeof(array) / sizeof((array)[0]))

static inline void cct_cleanup_free(void *p)
{
    free(*(void **)p);
}

static inline void cct_cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void cct_cleanup_fclose(FILE **f)
{
    if (*f)
        fclose(*f);
}

/* Frees, closes when the variable leaves its scope. */
#define cct_auto_free   __attribute__((cleanup(cct_cleanup_free)))
#define cct_auto_close  __attribute__((cleanup(cct_cleanup_close)))
#define cct_auto_fclose __attribute__((cleanup(cct_cleanup_fclose)))

/* Takes the value out of an owning variable and leaves NULL behind. */
#define cct_steal(ptr)                                                                             \
    __extension__({                                                                                \
        __typeof__(ptr) *cct_from = &(ptr);                                                        \
        __typeof__(ptr) cct_taken = *cct_from;                                                     \
        *cct_from = NULL;                                                                          \
        cct_taken;                                                                                 \
    })
