/* SPDX-License-Identifier: Apache-2.0
 * One tick, read from its record: the hot path of the report. */
#include "model.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *key;
    size_t len;
} names[CCT_TICK_FIELDS] = {
#define NAME(field, key) [field] = {key, sizeof(key) - 1}
    NAME(CCT_T_SCHEMA, "schema"),
    NAME(CCT_T_ID, "id"),
    NAME(CCT_T_TS, "ts"),
    NAME(CCT_T_HOST, "host"),
    NAME(CCT_T_RUN, "run"),
    NAME(CCT_T_INTERVAL, "interval_s"),
    NAME(CCT_T_ENERGY, "energy_j"),
    NAME(CCT_T_POWER, "power_w"),
    NAME(CCT_T_JOB, "job_energy_j"),
    NAME(CCT_T_IDLE, "idle_energy_j"),
    NAME(CCT_T_OTHER, "other_energy_j"),
    NAME(CCT_T_COMPONENTS, "components"),
    NAME(CCT_T_SOURCES, "sources"),
    NAME(CCT_T_MEASURED, "measured_share"),
    NAME(CCT_T_LOW_J, "low_j"),
    NAME(CCT_T_HIGH_J, "high_j"),
    NAME(CCT_T_FLAGS, "flags"),
    NAME(CCT_T_ZONE, "zone"),
    NAME(CCT_T_REGION, "region"),
    NAME(CCT_T_INTENSITY, "intensity_g_per_kwh"),
    NAME(CCT_T_PROVIDER, "intensity_provider"),
    NAME(CCT_T_QUALITY, "intensity_quality"),
    NAME(CCT_T_YEAR, "intensity_year"),
    NAME(CCT_T_SIGNAL, "intensity_signal"),
    NAME(CCT_T_BASIS, "intensity_basis"),
    NAME(CCT_T_PUE, "pue"),
    NAME(CCT_T_EMISSION, "emission_g"),
    NAME(CCT_T_EMBODIED, "embodied_g"),
    NAME(CCT_T_WATER, "water_l"),
    NAME(CCT_T_LOW_G, "low_g"),
    NAME(CCT_T_HIGH_G, "high_g"),
#undef NAME
};

static const char *const part_names[CCT_PART_REST] = {
    [CCT_PART_CPU] = "cpu",     [CCT_PART_DRAM] = "dram", [CCT_PART_GPU] = "gpu",
    [CCT_PART_BOARD] = "board", [CCT_PART_PSU] = "psu",   [CCT_PART_OTHER] = "other",
};

static bool same_key(struct cct_span key, size_t field)
{
    return key.len == names[field].len && memcmp(key.p, names[field].key, key.len) == 0;
}

/* The field of a key, or CCT_TICK_FIELDS. A key with escapes is compared decoded. */
static size_t field_of(struct cct_span key)
{
    bool escaped = memchr(key.p, '\\', key.len);
    for (size_t i = 0; i < CCT_TICK_FIELDS; i++) {
        if (escaped ? cct_key_equals(key, names[i].key) : same_key(key, i))
            return i;
    }
    return CCT_TICK_FIELDS;
}

/* Where the member in this place was foreign before, it is again. */
static bool foreign_again(const struct cct_layout *layout, size_t place, struct cct_span key)
{
    const char *foreign = layout->foreign[place];
    return key.len < sizeof layout->foreign[place] && foreign[0] &&
           memcmp(foreign, key.p, key.len) == 0 && !foreign[key.len];
}

static void learn(struct cct_layout *layout, size_t place, size_t field, struct cct_span key)
{
    layout->field[place] = field < CCT_TICK_FIELDS ? (uint8_t)(field + 1) : 0;
    layout->foreign[place][0] = '\0';
    if (field == CCT_TICK_FIELDS && key.len < sizeof layout->foreign[place]) {
        memcpy(layout->foreign[place], key.p, key.len);
        layout->foreign[place][key.len] = '\0';
    }
}

static void find_members(struct cct_tick *tick, struct cct_layout *layout,
                         const struct cct_rec *rec)
{
    memset(tick->value, 0, sizeof tick->value);
    for (size_t i = 0; i < rec->count; i++) {
        const struct cct_member *member = &rec->members[i];
        size_t place = i % CCT_LAYOUT_MEMBERS;
        size_t guess = layout->field[place];
        if (guess && same_key(member->key, guess - 1)) {
            tick->value[guess - 1] = member->value;
            continue;
        }
        if (foreign_again(layout, place, member->key))
            continue;
        size_t field = field_of(member->key);
        learn(layout, place, field, member->key);
        if (field < CCT_TICK_FIELDS)
            tick->value[field] = member->value;
    }
}

/* A finite number that is not negative, else NAN. */
static double amount(const struct cct_tick *tick, enum cct_tick_field field)
{
    if (tick->value[field].type != CCT_NUMBER)
        return NAN;
    double v = cct_value_number(tick->value[field]);
    return v >= 0 && v <= 1e300 ? v : (double)NAN;
}

static size_t part_of(struct cct_span key)
{
    for (size_t i = 0; i < CCT_PART_REST; i++) {
        if (cct_key_equals(key, part_names[i]))
            return i;
    }
    return CCT_PART_OTHER;
}

/* What the components leave of energy_j is CCT_PART_REST; up to half a percent is their rounding.
 */
static void read_parts(struct cct_tick *tick)
{
    memset(tick->part_j, 0, sizeof tick->part_j);
    double claimed_j = 0;
    struct cct_iter it = cct_iter(tick->value[CCT_T_COMPONENTS]);
    while (cct_iter_next(&it)) {
        double v = cct_value_number(it.value);
        if (!(v > 0 && v <= 1e300))
            continue;
        tick->part_j[part_of(it.key)] += v;
        claimed_j += v;
    }
    double rest_j = tick->energy_j - claimed_j;
    if (rest_j > 0.005 * tick->energy_j)
        tick->part_j[CCT_PART_REST] = rest_j;
}

static void read_numbers(struct cct_tick *tick)
{
    tick->energy_j = amount(tick, CCT_T_ENERGY);
    tick->power_w =
        tick->interval_s > 0 ? tick->energy_j / tick->interval_s : amount(tick, CCT_T_POWER);
    tick->job_j = amount(tick, CCT_T_JOB);
    tick->idle_j = amount(tick, CCT_T_IDLE);
    tick->other_j = amount(tick, CCT_T_OTHER);
    tick->measured_share = fmin(1, amount(tick, CCT_T_MEASURED));
    if (tick->value[CCT_T_MEASURED].type != CCT_NUMBER)
        tick->measured_share = NAN;
    tick->low_j = amount(tick, CCT_T_LOW_J);
    tick->high_j = amount(tick, CCT_T_HIGH_J);
}

static void read_grams(struct cct_tick *tick)
{
    tick->emission_g = amount(tick, CCT_T_EMISSION);
    tick->embodied_g = amount(tick, CCT_T_EMBODIED);
    tick->water_l = amount(tick, CCT_T_WATER);
    tick->intensity_g_per_kwh = amount(tick, CCT_T_INTENSITY);
    tick->pue = amount(tick, CCT_T_PUE);
    tick->low_g = amount(tick, CCT_T_LOW_G);
    tick->high_g = amount(tick, CCT_T_HIGH_G);
}

bool cct_tick_read(struct cct_tick *tick, struct cct_layout *layout, const struct cct_rec *rec)
{
    find_members(tick, layout, rec);
    tick->end_utc_ms = cct_value_instant(tick->value[CCT_T_TS]);
    if (tick->end_utc_ms == CCT_NO_INSTANT)
        return false;
    tick->interval_s = amount(tick, CCT_T_INTERVAL);
    double interval_s = isnan(tick->interval_s) ? 0 : fmin(tick->interval_s, 86400.0 * 366);
    tick->start_utc_ms = tick->end_utc_ms - llround(interval_s * 1000);
    read_numbers(tick);
    read_parts(tick);
    read_grams(tick);
    return true;
}
