/* SPDX-License-Identifier: Apache-2.0
 * The JSON conformance cases of tests/golden/json/cases.py, and the differential test's driver.
 *   conform TABLE     every case, alone and as a member's value
 *   conform --judge   documents on stdin, each behind its length as four bytes of host order; one
 *                     letter each on stdout: y accepted, n refused */
#include "check.h"

#include "base/alloc.h"
#include "record/scan.h"

#include <errno.h>

static const char *table_path;

struct counts {
    unsigned cases, wrong, accepted;
};

/* Scans a copy that ends where its memory ends, so that a sanitizer sees a read behind it. */
static bool accepts(struct cct_rec *rec, const char *doc, size_t len)
{
    struct cct_err err = {0};
    cct_auto_free char *exact = cct_xmalloc(len);
    memcpy(exact, doc, len);
    int rc = cct_rec_scan(rec, exact, len, &err);
    if (rc) {
        assert_int_equal(rc, -1);
        assert_int_equal(err.code, CCT_DATAERR);
        assert_true(err.msg[0] != '\0');
        assert_null(strchr(err.msg, '\n'));
    } else {
        assert_int_equal(err.code, 0);
    }
    return rc == 0;
}

static void check(struct counts *counts, const char *name, const char *form, bool got, char want)
{
    counts->cases++;
    counts->accepted += got;
    if (got == (want == 'y'))
        return;
    counts->wrong++;
    print_error("%s (%s): %s, must be %s\n", name, form, got ? "accepted" : "refused",
                want == 'y' ? "accepted" : "refused");
}

static void run_case(struct cct_rec *rec, struct counts *counts, const char *name,
                     const char *verdicts, const struct cct_buf *doc)
{
    cct_auto_buf wrapped = {0};
    check(counts, name, "alone", accepts(rec, doc->data, doc->len), verdicts[0]);
    if (verdicts[1] == '-')
        return;
    cct_buf_adds(&wrapped, "{\"a\":");
    cct_buf_add(&wrapped, doc->data, doc->len);
    cct_buf_addc(&wrapped, '}');
    check(counts, name, "member", accepts(rec, wrapped.data, wrapped.len), verdicts[1]);
}

/* The next case of the table: NAME VERDICTS LENGTH, newline, the document, newline. */
static bool read_case(FILE *f, char name[128], char verdicts[3], struct cct_buf *doc)
{
    char line[256];
    char *rest = NULL;
    if (!fgets(line, sizeof line, f))
        return false;
    const char *n = strtok_r(line, " ", &rest);
    const char *v = strtok_r(NULL, " ", &rest);
    size_t len = strtoul(rest, NULL, 10);
    snprintf(name, 128, "%s", n);
    snprintf(verdicts, 3, "%s", v);
    doc->len = 0;
    assert_int_equal(fread(cct_buf_reserve(doc, len + 1), 1, len + 1, f), len + 1);
    doc->len = len;
    return true;
}

TEST(every_case_has_its_verdict)
{
    static char name[128];
    char verdicts[3];
    struct counts counts = {0};
    struct cct_rec rec = {0};
    cct_auto_buf doc = {0};
    cct_auto_fclose FILE *f = fopen(table_path, "r");
    assert_non_null(f);
    while (read_case(f, name, verdicts, &doc))
        run_case(&rec, &counts, name, verdicts, &doc);
    cct_rec_free(&rec);
    assert_int_equal(counts.wrong, 0);
    assert_true(counts.cases > 1300);
    assert_true(counts.accepted > 400 && counts.accepted < counts.cases - 400);
}

/* A refused line leaves the record usable, and its members are those of the last good line. */
TEST(a_refused_line_does_no_harm)
{
    struct cct_rec rec = {0};
    for (int i = 0; i < 3; i++) {
        assert_false(accepts(&rec, "{\"a\":1,\"b\":2,\"c\":nul}", 21));
        assert_int_equal(cct_rec_scan(&rec, "{\"a\":7}", 7, NULL), 0);
        assert_int_equal(rec.count, 1);
        assert_true(cct_value_number(cct_rec_get(&rec, "a")) == 7);
        assert_int_equal(cct_rec_get(&rec, "b").type, CCT_ABSENT);
    }
    cct_rec_free(&rec);
}

/* Every cut of a valid record is refused, wherever it falls. */
TEST(every_prefix_of_a_record_is_refused)
{
    static const char line[] = "{\"schema\":\"cct.sample/1\",\"n\":-1.5e-7,\"t\":true,\"f\":false,"
                               "\"z\":null,\"o\":{\"\\u00fc\\ud83c\\udf31\":[1,[],{}]},"
                               "\"s\":\"\xc3\xbc\xf0\x9f\x8c\xb1 \\\\\\\"\"}";
    struct cct_rec rec = {0};
    size_t len = sizeof line - 1;
    assert_true(accepts(&rec, line, len));
    for (size_t n = 0; n < len; n++)
        assert_false(accepts(&rec, line, n));
    cct_rec_free(&rec);
}

static int judge(void)
{
    struct cct_rec rec = {0};
    cct_auto_buf doc = {0};
    uint32_t len;
    while (fread(&len, sizeof len, 1, stdin) == 1) {
        doc.len = 0;
        if (fread(cct_buf_reserve(&doc, len), 1, len, stdin) != len)
            return CCT_IOERR;
        putchar(cct_rec_scan(&rec, doc.data, len, NULL) ? 'n' : 'y');
    }
    cct_rec_free(&rec);
    return fflush(stdout) ? CCT_IOERR : 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_has_its_verdict),
        cmocka_unit_test(a_refused_line_does_no_harm),
        cmocka_unit_test(every_prefix_of_a_record_is_refused),
    };
    if (argc != 2)
        return CCT_USAGE;
    if (strcmp(argv[1], "--judge") == 0)
        return judge();
    table_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
