/* SPDX-License-Identifier: Apache-2.0
 * Private to the cloud room: what a cloud differs in from its row, and the call of a metadata
 * service. */
#pragma once

#include "cloud/cloud.h"
#include "facts/facts.h"
#include "http/http.h"
#include "record/scan.h"

#include <stdint.h>

/* One machine's call: a token if the service hands them out, then what the row names. */
struct cct_cloud_call {
    const struct cct_fact_cloud *row;
    const char *base;
    struct cct_http *http;
    struct cct_http_reply reply; /* the last one */
    char token[1200];            /* a header, "Name: value"; "" when there is none */
    int64_t deadline_mono_ns;
};

struct cct_cloud_driver {
    const char *provider;
    /* Knows the machine where no row does; NULL: never. */
    bool (*recognise)(const struct cct_sysroot *root);
    /* What the DMI strings tell beside the provider; NULL: nothing. */
    void (*look)(const struct cct_sysroot *root, struct cct_cloud *out);
    /* Asks, after what the row names gave no answer; NULL: does not. */
    int (*ask)(struct cct_cloud_call *call, struct cct_cloud *out, struct cct_err *err);
};

/* The table made from the list in lib/meson.build. */
extern const struct cct_cloud_driver *const cct_cloud_drivers[];

/* Does what call->row says: fills what is not known yet. -1: something was not told, and why; what
 * was told before stays. */
int cct_cloud_ask(struct cct_cloud_call *call, struct cct_cloud *out, struct cct_err *err);
/* The first row of a provider. */
const struct cct_fact_cloud *cct_cloud_row(const char *provider);
/* A DMI string into out, "" when it cannot be read. */
void cct_cloud_dmi(const struct cct_sysroot *root, const char *file, char *out, size_t cap);

/* Answers (answer.c). Keeps text as a fact if it is sane and like the pattern, and known nowhere
 * before. false: it is neither. */
bool cct_cloud_keep(struct cct_cloud_fact *fact, const char *text, size_t len, const char *like,
                    enum cct_cloud_from from);
/* The members of a document that the row names: one JSON object, or lines of "name: value".
 * -1: it is no such document, the region is missing, or a member is no sane value. */
int cct_cloud_document(const struct cct_fact_cloud *row, const char *body, size_t len,
                       struct cct_cloud *out, struct cct_err *err);
/* An answer in plain text, white space at its end cut. */
int cct_cloud_text(const char *body, size_t len, const char *like, struct cct_cloud_fact *fact,
                   struct cct_err *err);
/* Where the row says so: the region from the zone, europe-west4 from europe-west4-a. */
void cct_cloud_region_of_zone(const struct cct_fact_cloud *row, struct cct_cloud *out);
/* A token may stand in a header: printable, no blank, not longer than cap. */
bool cct_cloud_token(const char *body, size_t len, char *out, size_t cap);
