/* SPDX-License-Identifier: Apache-2.0
 * Reading the local store; the rows of its driver are in local.c. */
#pragma once

#include "store/store.h"

int cct_local_query(void **cursor, const char *address, const struct cct_query *query,
                    struct cct_err *err);
enum cct_read cct_local_next(void *cursor, struct cct_span *record, struct cct_err *err);
int cct_local_wait(void *cursor, int stop_fd, int out_fd, struct cct_err *err);
void cct_local_end(void *cursor);
