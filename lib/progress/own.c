/* SPDX-License-Identifier: Apache-2.0 */
#include "progress/own.h"

#include <string.h>

#define SCHEMA "cct.progress/1"

bool cct_progress_own_is(struct cct_progress_own *own, struct cct_slice line)
{
    struct cct_err err;
    if (cct_slice_peek(&line) != '{' || !cct_slice_find(line, SCHEMA))
        return false;
    if (cct_rec_scan(&own->rec, line.p, cct_slice_len(line), &err) == 0)
        return cct_rec_is(&own->rec, SCHEMA);
    if (!own->warned)
        cct_warn(own->log,
                 "a line that begins as a " SCHEMA " record is none: %s; such lines are "
                 "skipped",
                 err.msg);
    own->warned = true;
    return false;
}

static bool lacks(const struct cct_rec *rec, const char *key)
{
    enum cct_type type = cct_rec_get(rec, key).type;
    return type == CCT_ABSENT || type == CCT_NULL;
}

/* Takes the value of a member out of the record that begins a text. */
static void add_from(struct cct_edit *edit, const struct cct_rec *rec, const struct cct_rec *fresh,
                     const char *key)
{
    struct cct_value value = cct_rec_get(fresh, key);
    if (lacks(rec, key) && value.type != CCT_ABSENT)
        cct_edit_raw(edit, key, value.text);
}

void cct_progress_own_complete(struct cct_progress_own *own, struct cct_stamp *stamp,
                               int64_t utc_ms, struct cct_buf *out)
{
    static const char *const keys[] = {"id", "ts", "host", "run"};
    cct_auto_buf text = {0};
    struct cct_rec fresh = {0};
    struct cct_err err;
    bool whole = !lacks(&own->rec, "id") && !lacks(&own->rec, "ts");
    if (whole && !lacks(&own->rec, "host") && (!stamp->run || !lacks(&own->rec, "run"))) {
        cct_buf_add(out, own->rec.line.p, own->rec.line.len);
        cct_buf_addc(out, '\n');
        return;
    }
    struct cct_json json = cct_record_begin(&text, stamp, SCHEMA, utc_ms);
    cct_record_end(&json);
    cct_edit_reset(&own->edit);
    if (cct_rec_scan(&fresh, text.data, text.len - 1, &err) == 0)
        for (size_t i = 0; i < CCT_LEN(keys); i++)
            add_from(&own->edit, &own->rec, &fresh, keys[i]);
    cct_edit_apply(&own->edit, &own->rec, out);
    cct_rec_free(&fresh);
}

void cct_progress_own_free(struct cct_progress_own *own)
{
    cct_rec_free(&own->rec);
    cct_edit_free(&own->edit);
}
