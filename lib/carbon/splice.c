/* SPDX-License-Identifier: Apache-2.0
 * The charged record is the sample with its schema's value exchanged and members added at its end.
 * Where nothing of that is there yet, which is the rule, that is three copies. */
#include "meter.h"
#include "record/number.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define EMISSION "\"cct.emission/1\""

#define WANTED(name)                                                                               \
    {                                                                                              \
#name, sizeof #name - 1, offsetof(struct cct_wanted, name)                                 \
    }
#define ADDED(name)                                                                                \
    {                                                                                              \
#name, sizeof #name - 1, NOT_WANTED                                                        \
    }
#define NOT_WANTED SIZE_MAX

/* The members that charging reads, and all that it may add. */
static const struct name {
    const char *key;
    size_t len, offset; /* where cct_wanted has it */
} names[] = {
    WANTED(schema),
    WANTED(host),
    WANTED(ts),
    WANTED(interval_s),
    WANTED(energy_j),
    WANTED(low_j),
    WANTED(high_j),
    WANTED(emission_g),
    ADDED(zone),
    ADDED(region),
    ADDED(intensity_g_per_kwh),
    ADDED(intensity_signal),
    ADDED(intensity_basis),
    ADDED(intensity_provider),
    ADDED(intensity_quality),
    ADDED(intensity_year),
    ADDED(intensity_age_s),
    ADDED(pue),
    ADDED(low_g),
    ADDED(high_g),
};

static const struct name *find_name(struct cct_span key)
{
    for (size_t i = 0; i < CCT_LEN(names); i++)
        if (names[i].len == key.len && names[i].key[0] == key.p[0] &&
            memcmp(names[i].key, key.p, key.len) == 0)
            return &names[i];
    return NULL;
}

/* Keys with escapes are rare and equal to plain ones: the getters know how. */
static void pick_escaped(const struct cct_rec *rec, struct cct_wanted *out)
{
    out->schema = cct_rec_get(rec, "schema");
    out->host = cct_rec_get(rec, "host");
    out->ts = cct_rec_get(rec, "ts");
    out->interval_s = cct_rec_get(rec, "interval_s");
    out->energy_j = cct_rec_get(rec, "energy_j");
    out->low_j = cct_rec_get(rec, "low_j");
    out->high_j = cct_rec_get(rec, "high_j");
    out->emission_g = cct_rec_get(rec, "emission_g");
}

void cct_wanted_pick(const struct cct_rec *rec, struct cct_wanted *out)
{
    *out = (struct cct_wanted){.taken = rec->escaped_key};
    for (size_t i = 0; i < rec->count; i++) {
        const struct name *name = find_name(rec->members[i].key);
        if (!name)
            continue;
        if (name->offset == NOT_WANTED) {
            out->taken = true;
            continue;
        }
        memcpy((char *)out + name->offset, &rec->members[i].value, sizeof out->schema);
    }
    out->taken |= out->emission_g.type != CCT_ABSENT;
    if (rec->escaped_key)
        pick_escaped(rec, out);
}

static bool same_charge(const struct cct_charge *a, const struct cct_charge *b)
{
    return a->g_per_kwh == b->g_per_kwh && a->age_s == b->age_s && a->quality == b->quality &&
           a->provider == b->provider && a->year == b->year && a->signal == b->signal &&
           a->basis == b->basis;
}

static const char *or_null(const char *s)
{
    return s && *s ? s : NULL;
}

static void write_charge(struct cct_json *json, const struct cct_charge *charge)
{
    cct_json_double(json, "intensity_g_per_kwh", charge->g_per_kwh);
    cct_json_string(json, "intensity_signal", cct_signal_name(charge->signal));
    cct_json_string(json, "intensity_basis", cct_basis_name(charge->basis));
    cct_json_string(json, "intensity_provider", or_null(charge->provider));
    cct_json_string(json, "intensity_quality", cct_quality_name(charge->quality));
    if (charge->year)
        cct_json_int(json, "intensity_year", charge->year);
    if (charge->age_s > 0)
        cct_json_double(json, "intensity_age_s", charge->age_s);
}

/* Rewrites the tail when the place or the charge is not the last record's. */
static void write_tail(struct cct_splice *splice, const struct cct_spot *spot,
                       const struct cct_charge *charge)
{
    bool same = splice->spot == spot && splice->charged == (charge != NULL);
    if (same && (!charge || same_charge(charge, &splice->charge)))
        return;
    splice->tail.len = 0;
    splice->spot = spot;
    splice->charged = charge != NULL;
    struct cct_json json = {.out = &splice->tail};
    if (spot) {
        cct_json_string(&json, "zone", or_null(spot->place.zone));
        cct_json_string(&json, "region", or_null(spot->place.region));
    }
    if (charge) {
        splice->charge = *charge;
        write_charge(&json, charge);
        cct_json_double(&json, "pue", spot->pue);
    }
}

/* ,"key":grams of the energy in value; nothing where that is not a number. */
static void add_grams(struct cct_buf *out, const char *key, struct cct_value value,
                      const struct cct_spot *spot, const struct cct_charge *charge)
{
    double g = cct_emission_g(cct_value_number(value), charge->g_per_kwh, spot->pue);
    if (!isfinite(g))
        return;
    if (out->len)
        cct_buf_addc(out, ',');
    cct_buf_addc(out, '"');
    cct_buf_adds(out, key);
    cct_buf_add(out, "\":", 2);
    out->len += cct_format_double(cct_buf_reserve(out, CCT_NUMBER_MAX), g);
}

/* members is the inside of an object: each replaces or joins those of the record. */
static void edit_record(struct cct_edit *edit, const struct cct_rec *rec, struct cct_span members,
                        struct cct_buf *out)
{
    cct_auto_buf object = {0};
    cct_buf_addc(&object, '{');
    cct_buf_add(&object, members.p, members.len);
    cct_buf_addc(&object, '}');
    cct_edit_reset(edit);
    cct_edit_raw(edit, "schema", (struct cct_span){EMISSION, sizeof EMISSION - 1});
    struct cct_iter it =
        cct_iter((struct cct_value){.text = {object.data, object.len}, .type = CCT_OBJECT});
    while (cct_iter_next(&it)) {
        const struct name *name = find_name(it.key);
        if (name)
            cct_edit_raw(edit, name->key, it.value.text);
    }
    cct_edit_apply(edit, rec, out);
}

static void splice_line(const struct cct_rec *rec, struct cct_span schema, struct cct_span members,
                        struct cct_buf *out)
{
    const char *after = schema.p + schema.len, *end = rec->line.p + rec->line.len - 1;
    cct_buf_add(out, rec->line.p, (size_t)(schema.p - rec->line.p));
    cct_buf_add(out, EMISSION, sizeof EMISSION - 1);
    cct_buf_add(out, after, (size_t)(end - after));
    if (members.len)
        cct_buf_addc(out, ',');
    cct_buf_add(out, members.p, members.len);
    cct_buf_add(out, "}\n", 2);
}

void cct_splice_record(struct cct_splice *splice, const struct cct_rec *rec,
                       const struct cct_wanted *wanted, const struct cct_spot *spot,
                       const struct cct_charge *charge, struct cct_buf *out)
{
    write_tail(splice, spot, charge);
    size_t kept = splice->tail.len;
    if (charge) {
        add_grams(&splice->tail, "emission_g", wanted->energy_j, spot, charge);
        add_grams(&splice->tail, "low_g", wanted->low_j, spot, charge);
        add_grams(&splice->tail, "high_g", wanted->high_j, spot, charge);
    }
    struct cct_span members = {splice->tail.data, splice->tail.len};
    if (wanted->taken)
        edit_record(&splice->edit, rec, members, out);
    else
        splice_line(rec, wanted->schema.text, members, out);
    splice->tail.len = kept;
}

void cct_splice_free(struct cct_splice *splice)
{
    cct_edit_free(&splice->edit);
    cct_buf_free(&splice->tail);
}
