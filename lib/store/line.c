/* SPDX-License-Identifier: Apache-2.0 */
#include "store/line.h"

#include <string.h>

/* `"crc":"xxxxxxxx"}` */
enum { MARK = 7, DIGITS = 8, TAIL = MARK + DIGITS + 2 };

static void put_hex(char *out, uint32_t v)
{
    for (int i = 0; i < DIGITS; i++)
        out[i] = "0123456789abcdef"[v >> (28 - 4 * i) & 15];
}

/* Is the `{` with what follows it an object without members? */
static bool is_empty(const char *s, size_t len)
{
    for (size_t i = 1; i < len; i++)
        if (!strchr(" \t\r\n", s[i]))
            return false;
    return true;
}

void cct_line_add(struct cct_buf *out, const struct cct_rec *rec, struct cct_span member)
{
    struct cct_span text = rec->line;
    size_t body = text.len - 1, checked;
    if (cct_line_check(text.p, text.len, &checked))
        body = checked - 1;
    bool comma = !is_empty(text.p, body);
    size_t start = out->len;
    cct_buf_reserve(out, body + member.len + TAIL + 3);
    cct_buf_add(out, text.p, body);
    if (member.len) {
        if (comma)
            cct_buf_addc(out, ',');
        cct_buf_add(out, member.p, member.len);
        comma = true;
    }
    uint32_t crc = cct_crc32c(out->data + start, out->len - start);
    char tail[TAIL + 3] = ",\"crc\":\"00000000\"}\n";
    put_hex(tail + 1 + MARK, crc);
    cct_buf_add(out, comma ? tail : tail + 1, comma ? TAIL + 2 : TAIL + 1);
}

bool cct_line_check(const char *line, size_t len, size_t *record_len)
{
    if (len <= TAIL)
        return false;
    const char *tail = line + len - TAIL;
    if (memcmp(tail, "\"crc\":\"", MARK) != 0 || memcmp(tail + MARK + DIGITS, "\"}", 2) != 0)
        return false;
    size_t body = len - TAIL;
    if (line[body - 1] == ',')
        body--;
    if (body == 0)
        return false;
    char want[DIGITS]; /* comparing text is quicker than reading it: no branch to guess */
    put_hex(want, cct_crc32c(line, body));
    if (memcmp(want, tail + MARK, DIGITS) != 0)
        return false;
    *record_len = body + 1;
    return true;
}
