/* SPDX-License-Identifier: Apache-2.0
 * The folders of a query, and the nearest names when a run is not there. */
#include "store/cursor.h"

#include "base/alloc.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NEAR_MAX = 3, NAME_MAX_COMPARED = 63 };

static void add_folder(struct cct_names *names, const char *folder)
{
    for (size_t i = 0; i < names->count; i++)
        if (!strcmp(names->names[i], folder))
            return;
    cct_names_add(names, folder);
}

int cct_local_list_folders(const struct cct_local_cursor *cursor, struct cct_names *folders,
                           struct cct_err *err)
{
    const struct cct_query *query = cursor->query;
    if (!query->run_count)
        return cct_home_folders(&cursor->home, folders, err);
    for (size_t i = 0; i < query->run_count; i++) {
        cct_auto_buf folder = {0};
        cct_buf_adds(&folder, CCT_RUNS "/");
        cct_run_folder(&folder, query->runs[i], strlen(query->runs[i]));
        add_folder(folders, cct_buf_str(&folder));
    }
    return 0;
}

/* Edits to make b of a (Wagner and Fischer 1974), over the first 63 bytes of each. */
static size_t distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_COMPARED + 1];
    size_t a_len = strnlen(a, NAME_MAX_COMPARED), b_len = strnlen(b, NAME_MAX_COMPARED);
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t replace = diagonal + (a[i - 1] != b[j - 1]);
            size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replace < other ? replace : other;
        }
    }
    return row[b_len];
}

struct near {
    const char *name;
    size_t distance;
};

static int by_distance(const void *a, const void *b)
{
    const struct near *x = a, *y = b;
    if (x->distance != y->distance)
        return x->distance < y->distance ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Names are shown as their folders are called: no control character gets through. */
static int no_such_run(const struct cct_local_cursor *cursor, const char *folder,
                       struct cct_err *err)
{
    struct cct_names all = {0};
    struct cct_err ignored;
    const char *run = folder + strlen(CCT_RUNS "/");
    int listed = cursor->home.fd < 0 ? -1 : cct_home_folders(&cursor->home, &all, &ignored);
    size_t count = !listed && all.count ? all.count - 1 : 0; /* the last is norun */
    if (count == 0) {
        cct_fail(err, CCT_NO, "no such run: %s; %s holds none", run, cursor->address);
        cct_names_free(&all);
        return -1;
    }
    struct near *near = cct_xcalloc(count, sizeof *near);
    for (size_t i = 0; i < count; i++) {
        near[i].name = all.names[i] + strlen(CCT_RUNS "/");
        near[i].distance = distance(run, near[i].name);
    }
    qsort(near, count, sizeof *near, by_distance);
    cct_auto_buf text = {0};
    for (size_t i = 0; i < count && i < NEAR_MAX; i++)
        cct_buf_addf(&text, "%s%.48s", i ? ", " : "", near[i].name);
    cct_fail(err, CCT_NO, "no such run: %.60s; %s: %s", run,
             count > NEAR_MAX ? "the nearest are" : "there are", cct_buf_str(&text));
    free(near);
    cct_names_free(&all);
    return -1;
}

static int check_runs(const struct cct_local_cursor *cursor, struct cct_err *err)
{
    for (size_t i = 0; cursor->query->run_count && i < cursor->folders.count; i++) {
        const char *folder = cursor->folders.names[i];
        if (cursor->home.fd >= 0 && !faccessat(cursor->home.fd, folder, F_OK, 0))
            continue;
        if (no_such_run(cursor, folder, err) && !cursor->query->follow)
            return -1;
        cct_warn(cursor->query->log, "%s; waiting for it", err->msg);
    }
    return 0;
}

int cct_local_find(struct cct_local_cursor *cursor, struct cct_err *err)
{
    errno = 0;
    int rc = cct_home_open(&cursor->home, cursor->address, false, err);
    bool missing = rc && errno == ENOENT;
    if (rc && !(missing && (cursor->query->follow || cursor->query->run_count)))
        return -1;
    if (missing && !cursor->query->run_count)
        return 0;
    if (cct_local_list_folders(cursor, &cursor->folders, err))
        return -1;
    return check_runs(cursor, err);
}
