/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "base/alloc.h"
#include "store/driver.h"

#include <stdlib.h>
#include <string.h>

struct cct_store {
    const struct cct_store_driver *driver;
    void *self;
};

struct cct_cursor {
    const struct cct_store_driver *driver;
    void *self;
};

static const struct cct_store_driver *driver_of(const char *address, struct cct_err *err)
{
    if (!address) {
        cct_fail(err, CCT_CONFIG, "no place for records: set CCT_HOME or HOME, or give --home");
        return NULL;
    }
    size_t len = strspn(address, "abcdefghijklmnopqrstuvwxyz+");
    bool mark = len && !strncmp(address + len, "://", 3);
    for (const struct cct_store_driver *const *d = cct_store_drivers; *d; d++) {
        const char *scheme = (*d)->scheme;
        if (mark ? scheme && strlen(scheme) == len && !strncmp(scheme, address, len) : !scheme)
            return *d;
    }
    cct_fail(err, CCT_USAGE, "no store of that kind: %.*s://", (int)len, address);
    return NULL;
}

int cct_store_open(struct cct_store **store, const char *address,
                   const struct cct_store_config *config, struct cct_err *err)
{
    const struct cct_store_driver *driver = driver_of(address, err);
    void *self;
    if (!driver || driver->open(&self, address, config, err))
        return -1;
    *store = cct_xmalloc(sizeof **store);
    **store = (struct cct_store){.driver = driver, .self = self};
    return 0;
}

void cct_store_put(struct cct_store *store, const struct cct_rec *rec)
{
    store->driver->put(store->self, rec);
}

int64_t cct_store_work(struct cct_store *store)
{
    return store->driver->work(store->self);
}

int cct_store_close(struct cct_store *store, struct cct_store_count *count, struct cct_err *err)
{
    if (!store)
        return 0;
    int rc = store->driver->close(store->self, count, err);
    free(store);
    return rc;
}

int cct_cursor_open(struct cct_cursor **cursor, const char *address, const struct cct_query *query,
                    struct cct_err *err)
{
    const struct cct_store_driver *driver = driver_of(address, err);
    void *self;
    if (!driver || driver->query(&self, address, query, err))
        return -1;
    *cursor = cct_xmalloc(sizeof **cursor);
    **cursor = (struct cct_cursor){.driver = driver, .self = self};
    return 0;
}

enum cct_read cct_cursor_next(struct cct_cursor *cursor, struct cct_span *record,
                              struct cct_err *err)
{
    return cursor->driver->next(cursor->self, record, err);
}

int cct_cursor_wait(struct cct_cursor *cursor, int stop_fd, int out_fd, struct cct_err *err)
{
    return cursor->driver->wait(cursor->self, stop_fd, out_fd, err);
}

void cct_cursor_close(struct cct_cursor *cursor)
{
    if (!cursor)
        return;
    cursor->driver->end(cursor->self);
    free(cursor);
}
