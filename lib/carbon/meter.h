/* SPDX-License-Identifier: Apache-2.0
 * The inside of a meter. Private to the room. */
#pragma once

#include "carbon/carbon.h"

/* A place in use. */
struct cct_spot {
    struct cct_place place;
    double pue; /* that is charged by */
    bool known;
    struct cct_series *series; /* of its zone, once there is one */
    size_t looked;             /* how many zones there were when it was last looked for */
};

struct cct_hosts {
    void *tree;                 /* struct host by name */
    struct cct_buf last;        /* the JSON text of the host looked up last */
    struct cct_spot *last_spot; /* NULL: it is not known */
    bool has_last;
};

/* The spot of a host by its name's JSON value (absent: the host without a name), or NULL. */
struct cct_spot *cct_hosts_find(struct cct_hosts *hosts, struct cct_value name);
/* The same, made when it is not there. */
struct cct_spot *cct_hosts_get(struct cct_hosts *hosts, struct cct_value name);
void cct_hosts_free(struct cct_hosts *hosts);

/* The members of a record that charging needs. */
struct cct_wanted {
    struct cct_value schema, host, ts, interval_s, energy_j, low_j, high_j, emission_g;
    bool taken; /* it has one of the members that charging adds, or a key with an escape */
};

void cct_wanted_pick(const struct cct_rec *rec, struct cct_wanted *out);

/* Appends the charged record, with a newline. charge NULL: nothing of it is known. */
struct cct_splice {
    struct cct_edit edit;
    struct cct_buf tail; /* ,"zone":... up to the PUE: the same from record to record */
    const struct cct_spot *spot;
    struct cct_charge charge; /* that tail was written for */
    bool charged;
};

void cct_splice_record(struct cct_splice *splice, const struct cct_rec *rec,
                       const struct cct_wanted *wanted, const struct cct_spot *spot,
                       const struct cct_charge *charge, struct cct_buf *out);
void cct_splice_free(struct cct_splice *splice);
