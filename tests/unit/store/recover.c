/* SPDX-License-Identifier: Apache-2.0
 * What a crash can leave: a segment whose last two lines are cut, or zeros, from any byte on. */
#include "store/home.h"
#include "store/line.h"
#include "store/store.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define WRITER "AAAAAAAAAAAAAAAA"
#define FOLDER "runs/r1"
#define OPEN   FOLDER "/" WRITER "/0000000000.ndjson.open"
#define SEALED FOLDER "/" WRITER "/0000000000.ndjson"

struct fixture {
    char path[64];
    struct cct_home home;
    struct cct_buf lines; /* four records as stored */
    size_t ends[5];       /* where the n-th ends */
};

static void count_warning(void *ctx, enum cct_level level, const char *msg)
{
    (void)msg;
    if (level == CCT_LOG_WARNING)
        ++*(int *)ctx;
}

static int set_up(void **state)
{
    struct fixture *f = cct_xcalloc(1, sizeof *f);
    struct cct_err err;
    snprintf(f->path, sizeof f->path, "/tmp/cct-recover-XXXXXX");
    assert_non_null(mkdtemp(f->path));
    assert_int_equal(cct_home_open(&f->home, f->path, true, &err), 0);
    struct cct_rec rec = {0};
    for (int i = 1; i <= 4; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "{\"run\":\"r1\",\"n\":%d}", i);
        assert_int_equal(cct_rec_scan(&rec, line, (size_t)n, &err), 0);
        cct_line_add(&f->lines, &rec, (struct cct_span){0});
        f->ends[i] = f->lines.len;
    }
    cct_rec_free(&rec);
    int fd = cct_home_make_writer(&f->home, FOLDER, WRITER, &err);
    assert_true(fd >= 0);
    close(fd);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    cct_auto_free char *command = cct_xasprintf("rm -rf %s", f->path);
    int rc = system(command);
    cct_home_close(&f->home);
    cct_buf_free(&f->lines);
    free(f);
    return rc;
}

/* Leaves a segment of a writer that is dead. */
static void leave(const struct fixture *f, const void *bytes, size_t n)
{
    cct_auto_close int fd = openat(f->home.fd, OPEN, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(cct_write_all(fd, bytes, n), 0);
}

static int64_t size_of(const struct fixture *f, const char *path)
{
    struct stat st;
    return fstatat(f->home.fd, path, &st, 0) ? -1 : st.st_size;
}

static int64_t quarantined(const struct fixture *f, size_t at)
{
    cct_auto_free char *path = cct_xasprintf("quarantine/%s-0000000000-%zu", WRITER, at);
    int64_t size = size_of(f, path);
    unlinkat(f->home.fd, path, 0);
    return size;
}

static size_t whole(const struct fixture *f, size_t cut)
{
    size_t good = 0;
    for (int i = 1; i <= 4; i++)
        if (f->ends[i] <= cut)
            good = f->ends[i];
    return good;
}

static void mend(struct fixture *f, size_t good, size_t size)
{
    int warnings = 0;
    struct cct_log log = {count_warning, &warnings};
    f->home.log = &log;
    assert_int_equal(cct_home_recover_writer(&f->home, FOLDER, WRITER), 0);
    f->home.log = NULL;
    assert_int_equal(size_of(f, OPEN), -1);
    assert_int_equal(size_of(f, SEALED), good ? (int64_t)good : -1);
    assert_int_equal(quarantined(f, good), size > good ? (int64_t)(size - good) : -1);
    assert_int_equal(warnings, size > good);
    unlinkat(f->home.fd, SEALED, 0);
}

static void cut_at_every_byte(void **state)
{
    struct fixture *f = *state;
    for (size_t cut = f->ends[2]; cut <= f->ends[4]; cut++) {
        leave(f, f->lines.data, cut);
        mend(f, whole(f, cut), cut);
    }
}

static void zeros_from_every_byte(void **state)
{
    struct fixture *f = *state;
    cct_auto_buf copy = {0};
    for (size_t cut = f->ends[2]; cut < f->ends[4]; cut++) {
        copy.len = 0;
        cct_buf_add(&copy, f->lines.data, cut);
        memset(cct_buf_reserve(&copy, f->ends[4] - cut), 0, f->ends[4] - cut);
        copy.len = f->ends[4];
        leave(f, copy.data, copy.len);
        mend(f, whole(f, cut), copy.len);
    }
}

/* A block of zeros with a good line behind it: nothing is thrown away. */
static void damage_in_the_middle_stays(void **state)
{
    struct fixture *f = *state;
    cct_auto_buf copy = {0};
    cct_buf_add(&copy, f->lines.data, f->lines.len);
    memset(copy.data + f->ends[1], 0, 10);
    leave(f, copy.data, copy.len);
    mend(f, copy.len, copy.len);
}

static void nothing_but_rubbish(void **state)
{
    struct fixture *f = *state;
    leave(f, "rubbish\n", 8);
    mend(f, 0, 8);
    leave(f, "", 0);
    mend(f, 0, 0);
}

static void twice_in_quarantine(void **state)
{
    struct fixture *f = *state;
    leave(f, f->lines.data, 10);
    assert_int_equal(cct_home_recover_writer(&f->home, FOLDER, WRITER), 0);
    leave(f, f->lines.data, 11);
    assert_int_equal(cct_home_recover_writer(&f->home, FOLDER, WRITER), 0);
    assert_int_equal(size_of(f, "quarantine/" WRITER "-0000000000-0"), 10);
    assert_int_equal(size_of(f, "quarantine/" WRITER "-0000000000-0-2"), 11);
}

/* A writer that is entered is dead when nobody holds its lock, and only then. */
static void the_lock_tells_who_lives(void **state)
{
    struct fixture *f = *state;
    struct cct_err err;
    struct cct_home writer;
    assert_int_equal(cct_home_open(&writer, f->path, true, &err), 0);
    assert_int_equal(cct_home_enter(&writer, WRITER, &err), 0);
    int fd = cct_home_make_writer(&writer, FOLDER, WRITER, &err);
    assert_true(fd >= 0);
    close(fd);
    leave(f, f->lines.data, f->ends[2]);
    cct_home_recover(&f->home);
    assert_int_equal(size_of(f, OPEN), (int64_t)f->ends[2]);
    close(writer.alive_fd); /* as death does */
    cct_home_recover(&f->home);
    assert_int_equal(size_of(f, OPEN), -1);
    assert_int_equal(size_of(f, SEALED), (int64_t)f->ends[2]);
    assert_int_equal(size_of(f, "open/" WRITER), -1);
    cct_home_close(&writer);
}

/* An entry that somebody changed leads nowhere outside. */
static void a_hostile_entry(void **state)
{
    struct fixture *f = *state;
    assert_true(mkdirat(f->home.fd, "open", 0700) == 0);
    cct_auto_close int fd = openat(f->home.fd, "open/" WRITER, O_WRONLY | O_CREAT, 0600);
    dprintf(fd, "../elsewhere\nruns/..\nruns/a/b\n/etc\n\nruns/missing\n");
    cct_home_recover(&f->home);
    assert_int_equal(size_of(f, "open/" WRITER), -1);
    assert_int_equal(size_of(f, "runs/missing"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cut_at_every_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(zeros_from_every_byte, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_in_the_middle_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_but_rubbish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(twice_in_quarantine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_lock_tells_who_lives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hostile_entry, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
