/* SPDX-License-Identifier: Apache-2.0
 * Writing records: a small JSON writer into a buffer, the stamp that every new record carries, and
 * edits that splice members into a line that came from somebody else. */
#pragma once

#include "base/buf.h"
#include "base/clock.h"
#include "record/scan.h"

/* JSON writer. The caller opens and closes in pairs; commas are kept here. A key is NULL inside an
 * array. Non-finite doubles, NULL strings and CCT_NO_INSTANT write nothing: unknown is absent.
 * Bytes that are not UTF-8 become U+FFFD, control characters are escaped. */
struct cct_json {
    struct cct_buf *out;
    bool comma; /* private */
};

void cct_json_open(struct cct_json *json, const char *key, char bracket); /* '{' or '[' */
void cct_json_close(struct cct_json *json, char bracket);                 /* '}' or ']' */
void cct_json_string(struct cct_json *json, const char *key, const char *s);
void cct_json_bytes(struct cct_json *json, const char *key, const char *s, size_t len);
void cct_json_double(struct cct_json *json, const char *key, double v);
void cct_json_int(struct cct_json *json, const char *key, int64_t v);
void cct_json_bool(struct cct_json *json, const char *key, bool v);
void cct_json_instant(struct cct_json *json, const char *key, int64_t utc_ms);
/* A value's own JSON text, copied as it is (for values from a scanned record). */
void cct_json_raw(struct cct_json *json, const char *key, struct cct_span text);

/* Who writes: made once for each process that creates records. */
struct cct_stamp {
    char writer[17];  /* 16 characters of base32 from getrandom */
    uint64_t seq;     /* of the next record */
    const char *host; /* NULL: none. Borrowed */
    const char *run;  /* NULL: none. Borrowed */
};

int cct_stamp_init(struct cct_stamp *stamp, struct cct_err *err) cct_must_check;

/* Begins a record in out (which is emptied): schema, id, ts, host, run; the caller adds members and
 * ends with cct_record_end, which closes the object and adds the newline. */
struct cct_json cct_record_begin(struct cct_buf *out, struct cct_stamp *stamp, const char *schema,
                                 int64_t ts_utc_ms);
void cct_record_end(struct cct_json *json);

/* Edits to one scanned record. Values that were not touched are copied byte for byte; a key that
 * exists is replaced in its place, a new one is added at the end, in the order of the calls. */
struct cct_edit {
    struct cct_buf text; /* private: the new values, one after the other */
    struct cct_edit_item *items;
    size_t count, cap;
};

void cct_edit_reset(struct cct_edit *edit);
void cct_edit_free(struct cct_edit *edit);
void cct_edit_double(struct cct_edit *edit, const char *key, double v); /* non-finite: no edit */
void cct_edit_int(struct cct_edit *edit, const char *key, int64_t v);
void cct_edit_string(struct cct_edit *edit, const char *key, const char *s); /* NULL: no edit */
void cct_edit_raw(struct cct_edit *edit, const char *key, struct cct_span json);
void cct_edit_remove(struct cct_edit *edit, const char *key);
/* Appends the edited record and a newline to out. Keys must live until then. */
void cct_edit_apply(const struct cct_edit *edit, const struct cct_rec *rec, struct cct_buf *out);
