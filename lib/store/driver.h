/* SPDX-License-Identifier: Apache-2.0
 * What a store's driver is: the calls of store.h on its own state. A driver is one row here and
 * its name in the list in lib/meson.build. */
#pragma once

#include "store/store.h"

struct cct_store_driver {
    const char *scheme; /* of addresses: "mongodb"; NULL: a folder */

    int (*open)(void **self, const char *address, const struct cct_store_config *config,
                struct cct_err *err);
    void (*put)(void *self, const struct cct_rec *rec);
    int64_t (*work)(void *self);
    int (*close)(void *self, struct cct_store_count *count, struct cct_err *err);

    int (*query)(void **cursor, const char *address, const struct cct_query *query,
                 struct cct_err *err);
    enum cct_read (*next)(void *cursor, struct cct_span *record, struct cct_err *err);
    int (*wait)(void *cursor, int stop_fd, int out_fd, struct cct_err *err);
    void (*end)(void *cursor);
};

/* NULL-terminated, made by meson. */
extern const struct cct_store_driver *const cct_store_drivers[];
