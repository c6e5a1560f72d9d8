/* SPDX-License-Identifier: Apache-2.0
 * What a metadata service answers: anybody may have answered in its place, so nothing is taken that
 * does not look like what the cloud would say. */
#include "driver.h"

#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#define VALUE_CAP 256

static size_t trimmed(const char *text, size_t len)
{
    while (len && (text[len - 1] == '\n' || text[len - 1] == '\r' || text[len - 1] == ' '))
        len--;
    return len;
}

static bool is_sane(const char *text)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:";
    return *text && text[strspn(text, allowed)] == '\0';
}

bool cct_cloud_keep(struct cct_cloud_fact *fact, const char *text, size_t len, const char *like,
                    enum cct_cloud_from from)
{
    char value[VALUE_CAP];
    if (!len || len >= sizeof value || memchr(text, '\0', len))
        return false;
    memcpy(value, text, len);
    value[len] = '\0';
    if (fnmatch(like, value, 0) != 0)
        return false;
    const char *last = strchr(like, '/') ? strrchr(value, '/') + 1 : value;
    size_t kept = strlen(last) + 1;
    if (!is_sane(last) || kept > sizeof fact->text)
        return false;
    if (!fact->text[0]) {
        memcpy(fact->text, last, kept);
        fact->from = from;
    }
    return true;
}

int cct_cloud_text(const char *body, size_t len, const char *like, struct cct_cloud_fact *fact,
                   struct cct_err *err)
{
    len = trimmed(body, len);
    if (!cct_cloud_keep(fact, body, len, like, CCT_CLOUD_METADATA))
        return cct_fail(err, CCT_DATAERR, "its answer is nonsense");
    return 0;
}

/* a.b.c in an object. */
static struct cct_value member(const struct cct_rec *rec, const char *path)
{
    char key[64];
    struct cct_value value = {0};
    for (bool first = true; *path; first = false) {
        size_t n = strcspn(path, ".");
        if (n >= sizeof key)
            return (struct cct_value){0};
        memcpy(key, path, n);
        key[n] = '\0';
        if (!first && value.type != CCT_OBJECT)
            return (struct cct_value){0};
        value = first ? cct_rec_get(rec, key) : cct_value_get(value, key);
        path += n + (path[n] == '.');
    }
    return value;
}

/* The value of `name: value` among lines. */
static bool line_value(const char *body, size_t len, const char *name, struct cct_buf *out)
{
    size_t n = strlen(name);
    for (const char *line = body, *end = body + len; line < end;) {
        const char *stop = memchr(line, '\n', (size_t)(end - line));
        stop = stop ? stop : end;
        if ((size_t)(stop - line) > n && memcmp(line, name, n) == 0 && line[n] == ':') {
            const char *value = line + n + 1;
            while (value < stop && (*value == ' ' || *value == '\'' || *value == '"'))
                value++;
            size_t size = trimmed(value, (size_t)(stop - value));
            while (size && (value[size - 1] == '\'' || value[size - 1] == '"'))
                size--;
            cct_buf_add(out, value, size);
            return true;
        }
        line = stop + 1;
    }
    return false;
}

/* rec: the object scanned, or NULL for lines. */
struct body {
    const struct cct_rec *rec;
    const char *text;
    size_t len;
};

/* 1: it is there; 0: it is not, or is null; -1: it is no string. */
static int find(const struct body *body, const char *name, struct cct_buf *out)
{
    if (!body->rec)
        return line_value(body->text, body->len, name, out);
    struct cct_value value = member(body->rec, name);
    if (value.type == CCT_ABSENT || value.type == CCT_NULL)
        return 0;
    return cct_value_string(value, out) ? 1 : -1;
}

/* An absent zone or type is no fault (Azure: a region without zones); an absent region is. */
static int take(const struct body *body, const char *name, const char *like, bool required,
                struct cct_cloud_fact *fact, struct cct_err *err)
{
    cct_auto_buf text = {0};
    if (!*name || *name == '/' || strchr(name, ' '))
        return 0;
    int found = find(body, name, &text);
    if (found > 0 && text.len &&
        cct_cloud_keep(fact, text.data, text.len, like, CCT_CLOUD_METADATA))
        return 0;
    if (found < 0 || text.len)
        return cct_fail(err, CCT_DATAERR, "what it gives as %s is nonsense", name);
    return required ? cct_fail(err, CCT_DATAERR, "its answer has no %s", name) : 0;
}

static int take_all(const struct cct_fact_cloud *row, const struct body *body,
                    struct cct_cloud *out, struct cct_err *err)
{
    bool by_zone = strchr(row->region, ' ') != NULL;
    int failed = take(body, row->instance_type, row->type_like, false, &out->instance_type, err);
    failed |= take(body, row->zone, row->zone_like, by_zone, &out->zone, err);
    failed |= take(body, row->region, row->region_like, true, &out->region, err);
    return failed;
}

int cct_cloud_document(const struct cct_fact_cloud *row, const char *body, size_t len,
                       struct cct_cloud *out, struct cct_err *err)
{
    struct cct_rec rec = {0};
    size_t blank = 0;
    while (blank < len && isspace((unsigned char)body[blank]))
        blank++;
    if (blank == len)
        return cct_fail(err, CCT_DATAERR, "its answer is empty");
    if (body[blank] != '{')
        return take_all(row, &(struct body){NULL, body, len}, out, err);
    int failed = cct_rec_scan(&rec, body, len, NULL)
                     ? cct_fail(err, CCT_DATAERR, "its answer is not JSON")
                     : take_all(row, &(struct body){&rec, body, len}, out, err);
    cct_rec_free(&rec);
    return failed;
}

void cct_cloud_region_of_zone(const struct cct_fact_cloud *row, struct cct_cloud *out)
{
    const char *dash = strrchr(out->zone.text, '-');
    if (strcmp(row->region, "zone -1") == 0 && dash)
        cct_cloud_keep(&out->region, out->zone.text, (size_t)(dash - out->zone.text),
                       row->region_like, out->zone.from);
}

bool cct_cloud_token(const char *body, size_t len, char *out, size_t cap)
{
    len = trimmed(body, len);
    if (!len || len >= cap)
        return false;
    for (size_t i = 0; i < len; i++)
        if (body[i] <= ' ' || body[i] > '~' || body[i] == '<')
            return false;
    memcpy(out, body, len);
    out[len] = '\0';
    return true;
}
