/* SPDX-License-Identifier: Apache-2.0
 * The charged record is the sample with its schema's value exchanged and members added at its end.
 * Where nothing of that is there yet, which is the rule, that is three copies. */
#include "meter.h"
#include "record/number.h"

#include <math.h>
#include <string.h>

#define EMISSION "\"cct.emission/1\""

/* All that charging may add. */
static const char *const added[] = {
    "zone",
    "region",
    "intensity_g_per_kwh",
    "intensity_signal",
    "intensity_basis",
    "pue",
    "emission_g",
    "intensity_provider",
    "intensity_quality",
    "intensity_age_s",
    "intensity_year",
    "low_g",
    "high_g",
};

static struct cct_value *slot(struct cct_wanted *out, struct cct_span key)
{
    static const struct {
        const char *key;
        size_t len, offset;
    } slots[] = {
#define SLOT(name) {#name, sizeof #name - 1, offsetof(struct cct_wanted, name)}
        SLOT(schema),   SLOT(host),  SLOT(ts),     SLOT(interval_s),
        SLOT(energy_j), SLOT(low_j), SLOT(high_j), SLOT(emission_g),
#undef SLOT
    };
    for (size_t i = 0; i < CCT_LEN(slots); i++)
        if (key.len == slots[i].len && memcmp(key.p, slots[i].key, key.len) == 0)
            return (struct cct_value *)(void *)((char *)out + slots[i].offset);
    return NULL;
}

static bool is_added(struct cct_span key)
{
    static const char firsts[] = "zripelh\\";
    if (!key.len || !memchr(firsts, key.p[0], sizeof firsts - 1))
        return memchr(key.p, '\\', key.len) != NULL;
    for (size_t i = 0; i < CCT_LEN(added); i++)
        if (strlen(added[i]) == key.len && memcmp(added[i], key.p, key.len) == 0)
            return true;
    return memchr(key.p, '\\', key.len) != NULL;
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
    *out = (struct cct_wanted){0};
    for (size_t i = 0; i < rec->count; i++) {
        const struct cct_member *m = &rec->members[i];
        struct cct_value *value = slot(out, m->key);
        if (value)
            *value = m->value;
        out->taken |= is_added(m->key);
    }
    if (out->taken)
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

static const char *added_key(struct cct_span key)
{
    for (size_t i = 0; i < CCT_LEN(added); i++)
        if (cct_key_equals(key, added[i]))
            return added[i];
    return NULL;
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
    while (cct_iter_next(&it))
        cct_edit_raw(edit, added_key(it.key), it.value.text);
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
