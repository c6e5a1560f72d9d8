/* SPDX-License-Identifier: Apache-2.0 */
#include "record/write.h"

#include <inttypes.h>
#include <sys/random.h>

int cct_stamp_init(struct cct_stamp *stamp, struct cct_err *err)
{
    /* RFC 4648 base32 alphabet; 16 characters are 80 bits. */
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char random[16];
    *stamp = (struct cct_stamp){0};
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return cct_fail_errno(err, CCT_OSERR, "no random numbers for the record identity");
    for (size_t i = 0; i < sizeof random; i++)
        stamp->writer[i] = alphabet[random[i] & 31];
    return 0;
}

struct cct_json cct_record_begin(struct cct_buf *out, struct cct_stamp *stamp, const char *schema,
                                 int64_t ts_utc_ms)
{
    char id[16 + 1 + 20 + 1];
    snprintf(id, sizeof id, "%.16s-%011" PRIu64, stamp->writer, stamp->seq++);
    out->len = 0;
    struct cct_json json = {.out = out};
    cct_json_open(&json, NULL, '{');
    cct_json_string(&json, "schema", schema);
    cct_json_string(&json, "id", id);
    cct_json_instant(&json, "ts", ts_utc_ms);
    cct_json_string(&json, "host", stamp->host);
    cct_json_string(&json, "run", stamp->run);
    return json;
}

void cct_record_end(struct cct_json *json)
{
    cct_json_close(json, '}');
    cct_buf_addc(json->out, '\n');
}
