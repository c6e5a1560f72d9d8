/* SPDX-License-Identifier: Apache-2.0 */
#include "store/name.h"

#include <stdio.h>
#include <string.h>

enum { MAX_FOLDER = 200, CUT_FOLDER = 160, NUMBER_DIGITS = 10 };

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_plain(char c, bool first)
{
    return is_alnum(c) || (!first && (c == '.' || c == '_' || c == '-'));
}

static uint64_t fnv1a(const char *s, size_t len)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)s[i]) * UINT64_C(1099511628211);
    return hash;
}

/* The encoded form of as much of run as fits in cap bytes; returns how much that was. */
static size_t encode(struct cct_buf *out, const char *run, size_t len, size_t cap)
{
    size_t start = out->len, i;
    for (i = 0; i < len; i++) {
        bool plain = is_plain(run[i], i == 0);
        if (out->len - start + (plain ? 1 : 3) > cap)
            break;
        if (plain)
            cct_buf_addc(out, run[i]);
        else
            cct_buf_addf(out, "%%%02X", (unsigned)(unsigned char)run[i]);
    }
    return i;
}

void cct_run_folder(struct cct_buf *out, const char *run, size_t len)
{
    size_t start = out->len;
    if (len == 0)
        cct_buf_addc(out, '%');
    if (encode(out, run, len, MAX_FOLDER) == len)
        return;
    out->len = start;
    encode(out, run, len, CUT_FOLDER);
    cct_buf_addf(out, "%%~%016llx", (unsigned long long)fnv1a(run, len));
}

bool cct_run_folder_is_cut(const char *name)
{
    return strstr(name, "%~") != NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void cct_run_of_folder(struct cct_buf *out, const char *name)
{
    if (!strcmp(name, "%"))
        return;
    for (const char *p = name; *p; p++) {
        int high = p[0] == '%' ? hex_digit(p[1]) : -1;
        int low = high >= 0 ? hex_digit(p[2]) : -1;
        if (low >= 0) {
            cct_buf_addc(out, (char)(16 * high + low));
            p += 2;
        } else {
            cct_buf_addc(out, *p);
        }
    }
}

bool cct_is_writer(const char *name)
{
    size_t len = 0;
    while (is_alnum(name[len]))
        len++;
    return len == CCT_WRITER_LEN && !name[len];
}

void cct_segment_name(char out[CCT_SEGMENT_NAME], uint64_t number, bool open)
{
    snprintf(out, CCT_SEGMENT_NAME, "%010llu.ndjson%s", (unsigned long long)number,
             open ? ".open" : "");
}

bool cct_segment_parse(const char *name, uint64_t *number, bool *open)
{
    uint64_t n = 0;
    int i;
    for (i = 0; i < NUMBER_DIGITS && name[i] >= '0' && name[i] <= '9'; i++)
        n = 10 * n + (uint64_t)(name[i] - '0');
    if (i < NUMBER_DIGITS)
        return false;
    bool is_open = !strcmp(name + i, ".ndjson.open");
    if (!is_open && strcmp(name + i, ".ndjson") != 0)
        return false;
    *number = n;
    *open = is_open;
    return true;
}
