/* SPDX-License-Identifier: Apache-2.0
 * The stream: chunks, time, what is held back, and input that is no log at all. */
#include "progress/helper.h"

#include "base/alloc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#define S(seconds) ((struct cct_progress_time){.utc_ms = 0, .mono_ns = (int64_t)((seconds)*1e9)})

static void read_file(const char *path, struct cct_buf *out)
{
    cct_auto_fclose FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t n;
    while ((n = fread(cct_buf_reserve(out, 4096), 1, 4096, f)) > 0)
        out->len += n;
}

/* Feeds the log in pieces of 1 to most bytes. */
static void read_in_pieces(const struct cct_buf *log, unsigned most, unsigned seed,
                           struct cct_buf *out)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    for (size_t at = 0; at < log->len;) {
        seed = seed * 1103515245u + 12345u;
        size_t n = 1 + (seed >> 16) % most;
        if (n > log->len - at)
            n = log->len - at;
        /* A copy of its own size, so that a sanitizer sees any read beyond. */
        char *piece = cct_xmalloc(n);
        memcpy(piece, log->data + at, n);
        cct_progress_feed(p, piece, n, STILL, out);
        free(piece);
        at += n;
    }
    cct_progress_end(p, STILL, out);
    cct_progress_close(p);
}

static void chunks_do_not_matter(void **state)
{
    const char *source = getenv("CCT_SOURCE");
    (void)state;
    if (!source)
        skip();
    cct_auto_free char *folder = cct_xasprintf("%s/tests/golden/progress/logs", source);
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    int logs = 0;
    for (const struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        cct_auto_free char *path = cct_xasprintf("%s/%s", folder, entry->d_name);
        cct_auto_buf log = {0}, whole = {0}, bytes = {0}, pieces = {0};
        read_file(path, &log);
        read_in_pieces(&log, 1u << 20, 0, &whole);
        read_in_pieces(&log, 1, 0, &bytes);
        read_in_pieces(&log, 300, (unsigned)logs, &pieces);
        assert_true(whole.len > 0);
        assert_string_equal(cct_buf_str(&bytes), cct_buf_str(&whole));
        assert_string_equal(cct_buf_str(&pieces), cct_buf_str(&whole));
        logs++;
    }
    closedir(dir);
    assert_true(logs > 30);
}

static void feed(struct cct_progress *p, const char *s, struct cct_progress_time now,
                 struct cct_buf *out)
{
    cct_progress_feed(p, s, strlen(s), now, out);
}

static void bars_are_told_once_a_second(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    (void)state;
    for (int i = 1; i <= 1000; i++) { /* ten seconds at 100 a second */
        char text[80];
        snprintf(text, sizeof(text), "\rEpoch 1: %d%%|##| %d/1000 [00:01<00:01, 5it/s]", i / 10, i);
        feed(p, text, S(100 + i / 100.0), &out);
    }
    cct_progress_end(p, S(111), &out);
    helper_bodies(&out);
    size_t lines = 0;
    for (const char *c = cct_buf_str(&out); (c = strchr(c, '\n')); c++)
        lines++;
    assert_in_range(lines, 10, 12);
    assert_non_null(strstr(cct_buf_str(&out), "\"step\":1000,"));
    cct_progress_close(p);
}

static void lines_are_told_at_once(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    (void)state;
    for (int i = 0; i < 5; i++) {
        char text[40];
        snprintf(text, sizeof(text), "epoch=%d loss=1\n", i);
        size_t before = out.len;
        feed(p, text, S(1), &out);
        assert_true(out.len > before);
    }
    assert_int_equal(cct_progress_wait_ms(p, S(1)), -1);
    cct_progress_close(p);
}

static void what_is_held_back_is_told_in_time(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    (void)state;
    feed(p, "\r 10%|#| 1/10 [00:01<00:01, 5it/s]\r 20%|#| 2/10 [00:01<00:01, 5it/s]\r", S(5), &out);
    size_t first = out.len;
    assert_true(first > 0);
    assert_int_equal(cct_progress_wait_ms(p, S(5)), 200); /* the line may be finished */
    cct_progress_tick(p, S(5.2), &out);
    assert_int_equal(out.len, first);
    assert_in_range(cct_progress_wait_ms(p, S(5.2)), 790, 810);
    cct_progress_tick(p, S(6.01), &out);
    assert_true(out.len > first);
    assert_int_equal(cct_progress_wait_ms(p, S(6.01)), -1);
    cct_progress_close(p);
}

static void a_number_is_not_read_before_its_end(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    (void)state;
    feed(p, "epoch=1 loss=0.1", S(1), &out);
    assert_int_equal(cct_progress_wait_ms(p, S(1)), -1);
    cct_progress_tick(p, S(100), &out);
    assert_int_equal(out.len, 0);
    feed(p, "25\n", S(101), &out);
    helper_bodies(&out);
    assert_string_equal(cct_buf_str(&out), "\"epoch\":1.0,\"loss\":0.125\n");
    cct_progress_close(p);
}

static void time_stands_still_when_frozen(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    (void)state;
    feed(p, "\r 10%|#| 1/10 [00:01<00:01, 5it/s]\r", STILL, &out);
    assert_int_equal(cct_progress_wait_ms(p, STILL), -1);
    assert_int_equal(out.len, 0);
    cct_progress_end(p, STILL, &out);
    assert_true(out.len > 0);
    cct_progress_close(p);
}

static void nothing_is_told_twice(void **state)
{
    (void)state;
    helper_expect(NULL, "epoch=1 loss=2\nepoch=1 loss=2\nepoch=1 loss=2\r\n",
                  "\"epoch\":1.0,\"loss\":2.0\n");
}

static void a_bar_that_begins_again_is_told_again(void **state)
{
    static const char bar[] =
        "\r  0%|   | 0/3 [00:00<?, ?it/s]\r100%|###| 3/3 [00:00<00:00, 9it/s]\n";
    cct_auto_buf log = {0};
    (void)state;
    cct_buf_adds(&log, bar);
    cct_buf_adds(&log, bar);
    helper_expect(NULL, cct_buf_str(&log), "\"step\":3,\"steps\":3\n\"step\":3,\"steps\":3\n");
}

static void long_lines_are_skipped_in_flat_memory(void **state)
{
    struct cct_progress *p = helper_open(NULL, NULL);
    cct_auto_buf out = {0};
    char block[4096];
    (void)state;
    memset(block, 'x', sizeof(block));
    feed(p, "epoch=1 loss=2 ", STILL, &out);
    for (int i = 0; i < 512; i++) /* 2 MiB */
        cct_progress_feed(p, block, sizeof(block), STILL, &out);
    feed(p, "\nepoch=2 loss=1\n", STILL, &out);
    cct_progress_end(p, STILL, &out);
    helper_bodies(&out);
    assert_string_equal(cct_buf_str(&out), "\"epoch\":2.0,\"loss\":1.0\n");
    cct_progress_close(p);
}

static void odd_bytes_are_survived(void **state)
{
    static const char log[] =
        "\0\0epoch=1\0 loss=\0002\n\xff\xfe\n\033[31mepoch=2\033[0m loss=1\r\n"
        "\033]0;title\aepoch=3 \xc3\x28=1 l\xc3\xb6ss=3 loss=0.5\n\033[";
    cct_auto_buf out = {0};
    (void)state;
    helper_read(NULL, log, sizeof(log) - 1, &out);
    assert_string_equal(cct_buf_str(&out),
                        "\"epoch\":1.0,\"loss\":2.0\n\"epoch\":2.0,\"loss\":1.0\n"
                        "\"epoch\":3.0,\"loss\":0.5\n");
}

static void no_final_newline_is_needed(void **state)
{
    (void)state;
    helper_expect(NULL, "epoch=1 loss=2", "\"epoch\":1.0,\"loss\":2.0\n");
}

static void backspaces_write_a_line_again(void **state)
{
    (void)state;
    helper_expect(NULL, "epoch=1 loss=9\b1\n", "\"epoch\":1.0,\"loss\":1.0\n");
    helper_expect(NULL, "epoch=1 loss=9\rxxxx\b\b\b\bepoch=2 loss=1\n",
                  "\"epoch\":1.0,\"loss\":9.0\n\"epoch\":2.0,\"loss\":1.0\n");
}

static void own_records_are_completed(void **state)
{
    struct cct_progress *p = helper_open("json", NULL);
    cct_auto_buf out = {0};
    (void)state;
    helper_stamp.host = "h";
    helper_stamp.run = "r";
    feed(p, "{\"schema\": \"cct.progress/1\", \"epoch\":  1, \"mine\": [ 1 ]}\n", STILL, &out);
    assert_string_equal(cct_buf_str(&out),
                        "{\"schema\": \"cct.progress/1\", \"epoch\":  1, \"mine\": [ 1 ],"
                        "\"id\":\"AAAAAAAAAAAAAAAA-00000000000\","
                        "\"ts\":\"1970-01-01T00:00:00.000Z\",\"host\":\"h\",\"run\":\"r\"}\n");
    static const char whole[] =
        "{\"schema\":\"cct.progress/1\",\"id\":\"x-1\",\"ts\":\"2020-01-01T00:"
        "00:00Z\",\"host\":\"o\",\"run\":\"q\",\"epoch\":1}\n";
    out.len = 0;
    feed(p, whole, STILL, &out);
    assert_string_equal(cct_buf_str(&out), whole);
    out.len = 0;
    feed(p, "{\"schema\":\"cct.progress/1\",\"epoch\":}\n", STILL, &out);
    assert_int_equal(out.len, 0);
    cct_progress_close(p);
}

static void the_user_says_how_many_epochs(void **state)
{
    struct cct_err err;
    cct_auto_buf out = {0};
    (void)state;
    helper_stamp = (struct cct_stamp){.writer = "AAAAAAAAAAAAAAAA"};
    struct cct_progress_options options = {.epochs = 5, .stamp = &helper_stamp};
    struct cct_progress *p = cct_progress_open(&options, &err);
    feed(p, "epoch=1 loss=2\nepoch 2/9 loss=2\nstep=3 loss=2\n", STILL, &out);
    helper_bodies(&out);
    assert_string_equal(cct_buf_str(&out), "\"epoch\":1.0,\"epochs\":5.0,\"loss\":2.0\n"
                                           "\"epoch\":2.0,\"epochs\":9.0,\"loss\":2.0\n"
                                           "\"step\":3,\"loss\":2.0\n");
    cct_progress_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_do_not_matter),
        cmocka_unit_test(bars_are_told_once_a_second),
        cmocka_unit_test(lines_are_told_at_once),
        cmocka_unit_test(what_is_held_back_is_told_in_time),
        cmocka_unit_test(a_number_is_not_read_before_its_end),
        cmocka_unit_test(time_stands_still_when_frozen),
        cmocka_unit_test(nothing_is_told_twice),
        cmocka_unit_test(a_bar_that_begins_again_is_told_again),
        cmocka_unit_test(long_lines_are_skipped_in_flat_memory),
        cmocka_unit_test(odd_bytes_are_survived),
        cmocka_unit_test(no_final_newline_is_needed),
        cmocka_unit_test(backspaces_write_a_line_again),
        cmocka_unit_test(own_records_are_completed),
        cmocka_unit_test(the_user_says_how_many_epochs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
