/* SPDX-License-Identifier: Apache-2.0 */
#include "record/number.h"
#include "record/text.h"
#include "record/write.h"

#include <math.h>
#include <string.h>

static void put_control(struct cct_buf *out, unsigned char c)
{
    static const char names[] = "\bb\ff\nn\rr\tt";
    const char *name = c ? strchr(names, c) : NULL;
    if (name && (name - names) % 2 == 0) {
        cct_buf_addc(out, '\\');
        cct_buf_addc(out, name[1]);
    } else {
        cct_buf_addf(out, "\\u%04x", c);
    }
}

/* The content of a string: escapes, and U+FFFD for each byte that is not UTF-8. */
static void put_content(struct cct_buf *out, const char *p, size_t len)
{
    const char *end = p + len;
    const char *bad = cct_text_utf8(p, end);
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (p == bad) {
            cct_buf_adds(out, "\xef\xbf\xbd");
            bad = cct_text_utf8(p + 1, end);
        } else if (c < 0x20) {
            put_control(out, c);
        } else {
            if (c == '"' || c == '\\')
                cct_buf_addc(out, '\\');
            cct_buf_addc(out, (char)c);
        }
    }
}

static void put_key(struct cct_json *json, const char *key)
{
    if (json->comma)
        cct_buf_addc(json->out, ',');
    json->comma = true;
    if (!key)
        return;
    cct_buf_addc(json->out, '"');
    put_content(json->out, key, strlen(key));
    cct_buf_add(json->out, "\":", 2);
}

void cct_json_open(struct cct_json *json, const char *key, char bracket)
{
    put_key(json, key);
    cct_buf_addc(json->out, bracket);
    json->comma = false;
}

void cct_json_close(struct cct_json *json, char bracket)
{
    cct_buf_addc(json->out, bracket);
    json->comma = true;
}

void cct_json_bytes(struct cct_json *json, const char *key, const char *s, size_t len)
{
    put_key(json, key);
    cct_buf_addc(json->out, '"');
    put_content(json->out, s, len);
    cct_buf_addc(json->out, '"');
}

void cct_json_string(struct cct_json *json, const char *key, const char *s)
{
    if (s)
        cct_json_bytes(json, key, s, strlen(s));
}

void cct_json_double(struct cct_json *json, const char *key, double v)
{
    if (!isfinite(v))
        return;
    put_key(json, key);
    char *to = cct_buf_reserve(json->out, CCT_NUMBER_MAX);
    json->out->len += cct_format_double(to, v);
}

void cct_json_int(struct cct_json *json, const char *key, int64_t v)
{
    put_key(json, key);
    char *to = cct_buf_reserve(json->out, CCT_NUMBER_MAX);
    json->out->len += cct_format_int64(to, v);
}

void cct_json_bool(struct cct_json *json, const char *key, bool v)
{
    put_key(json, key);
    cct_buf_adds(json->out, v ? "true" : "false");
}

void cct_json_instant(struct cct_json *json, const char *key, int64_t utc_ms)
{
    char text[CCT_INSTANT_LEN + 1];
    if (utc_ms == CCT_NO_INSTANT)
        return;
    cct_instant_format(text, utc_ms);
    cct_json_bytes(json, key, text, CCT_INSTANT_LEN);
}

void cct_json_raw(struct cct_json *json, const char *key, struct cct_span text)
{
    put_key(json, key);
    cct_buf_add(json->out, text.p, text.len);
}
