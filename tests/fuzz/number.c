/* SPDX-License-Identifier: Apache-2.0
 * Eight bytes as a double that is written and read back; the rest as the text of a number, if it is
 * one, read as strtod reads it. */
#include "fuzz.h"

#include "record/number.h"
#include "record/scan.h"

#include <math.h>
#include <string.h>

static void same(double a, double b)
{
    FUZZ_ASSERT(memcmp(&a, &b, sizeof a) == 0);
}

static void write_and_read(double v)
{
    char text[CCT_NUMBER_MAX + 1];
    if (!isfinite(v))
        return;
    size_t n = cct_format_double(text, v);
    FUZZ_ASSERT(n <= CCT_NUMBER_MAX);
    text[n] = '\0';
    same(strtod(text, NULL), v);
    same(cct_parse_double(text, n), v);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double v;
    struct cct_rec rec = {0};
    cct_auto_buf line = {0};
    if (size >= sizeof v) {
        memcpy(&v, data, sizeof v);
        write_and_read(v);
    }
    cct_buf_adds(&line, "{\"a\":");
    cct_buf_add(&line, data, size);
    cct_buf_addc(&line, '}');
    if (cct_rec_scan(&rec, line.data, line.len, NULL) == 0) {
        struct cct_value value = cct_rec_get(&rec, "a");
        cct_auto_buf text = {0};
        cct_buf_add(&text, value.text.p, value.text.len);
        if (value.type == CCT_NUMBER)
            same(cct_value_number(value), strtod(cct_buf_str(&text), NULL));
    }
    cct_rec_free(&rec);
    return 0;
}
