/* SPDX-License-Identifier: Apache-2.0 */
#include "record/intensity.h"

#include <math.h>

static const char *const signal_names[] = {NULL, "average", "marginal"};
static const char *const basis_names[] = {NULL, "lifecycle", "direct"};
static const char *const quality_names[] = {NULL, "measured", "estimated", "forecast", "annual"};

const char *cct_signal_name(enum cct_signal signal)
{
    return signal_names[signal];
}

const char *cct_basis_name(enum cct_basis basis)
{
    return basis_names[basis];
}

const char *cct_quality_name(enum cct_quality quality)
{
    return quality_names[quality];
}

/* The index of the member's word in names; absent and null are 0, unknown. */
static int read_label(const struct cct_rec *rec, const char *key, const char *const *names,
                      unsigned count, unsigned *out, struct cct_err *err)
{
    struct cct_value value = cct_rec_get(rec, key);
    *out = 0;
    if (value.type == CCT_ABSENT || value.type == CCT_NULL)
        return 0;
    for (unsigned i = 1; i < count; i++)
        if (cct_value_equals(value, names[i])) {
            *out = i;
            return 0;
        }
    return cct_fail(err, CCT_DATAERR, "%s is not a known word: use %s or %s", key, names[1],
                    names[2]);
}

static int read_name(const struct cct_rec *rec, const char *key, char out[CCT_ZONE_MAX],
                     struct cct_err *err)
{
    struct cct_value value = cct_rec_get(rec, key);
    out[0] = '\0';
    if (value.type == CCT_ABSENT || value.type == CCT_NULL)
        return 0;
    if (!cct_value_copy(value, out, CCT_ZONE_MAX))
        return cct_fail(err, CCT_DATAERR, "%s is not a string of at most %d bytes", key,
                        CCT_ZONE_MAX - 1);
    for (const char *p = out; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return cct_fail(err, CCT_DATAERR, "%s holds a control character", key);
    return 0;
}

static int read_names(const struct cct_rec *rec, struct cct_intensity *out, struct cct_err *err)
{
    if (read_name(rec, "zone", out->zone, err) || read_name(rec, "region", out->region, err) ||
        read_name(rec, "provider", out->provider, err))
        return -1;
    if (!out->zone[0] && !out->region[0])
        return cct_fail(err, CCT_DATAERR, "an intensity without zone and region");
    return 0;
}

static int read_labels(const struct cct_rec *rec, struct cct_intensity *out, struct cct_err *err)
{
    unsigned signal, basis, quality;
    if (read_label(rec, "signal", signal_names, CCT_LEN(signal_names), &signal, err) ||
        read_label(rec, "basis", basis_names, CCT_LEN(basis_names), &basis, err) ||
        read_label(rec, "quality", quality_names, CCT_LEN(quality_names), &quality, err))
        return -1;
    out->signal = (enum cct_signal)signal;
    out->basis = (enum cct_basis)basis;
    out->quality = (enum cct_quality)quality;
    return 0;
}

static int read_times(const struct cct_rec *rec, struct cct_intensity *out, struct cct_err *err)
{
    out->from_utc_ms = cct_value_instant(cct_rec_get(rec, "from"));
    out->to_utc_ms = cct_value_instant(cct_rec_get(rec, "to"));
    out->fetched_utc_ms = cct_value_instant(cct_rec_get(rec, "fetched"));
    if (out->from_utc_ms == CCT_NO_INSTANT || out->to_utc_ms == CCT_NO_INSTANT)
        return cct_fail(err, CCT_DATAERR, "from and to must both be RFC 3339 instants");
    if (out->to_utc_ms <= out->from_utc_ms)
        return cct_fail(err, CCT_DATAERR, "to is not after from");
    return 0;
}

int cct_intensity_read(const struct cct_rec *rec, struct cct_intensity *out, struct cct_err *err)
{
    struct cct_intensity value = {0};
    if (read_names(rec, &value, err) || read_times(rec, &value, err) ||
        read_labels(rec, &value, err))
        return -1;
    value.g_per_kwh = cct_value_number(cct_rec_get(rec, "intensity_g_per_kwh"));
    if (!isfinite(value.g_per_kwh))
        return cct_fail(err, CCT_DATAERR, "intensity_g_per_kwh is not a number");
    if (value.g_per_kwh < 0)
        return cct_fail(err, CCT_DATAERR, "intensity_g_per_kwh is negative");
    *out = value;
    return 0;
}

static void add_name(struct cct_json *json, const char *key, const char *name)
{
    cct_json_string(json, key, name[0] ? name : NULL);
}

void cct_intensity_add(struct cct_json *json, const struct cct_intensity *value)
{
    add_name(json, "zone", value->zone);
    add_name(json, "region", value->region);
    cct_json_instant(json, "from", value->from_utc_ms);
    cct_json_instant(json, "to", value->to_utc_ms);
    cct_json_double(json, "intensity_g_per_kwh", value->g_per_kwh);
    cct_json_string(json, "signal", cct_signal_name(value->signal));
    cct_json_string(json, "basis", cct_basis_name(value->basis));
    cct_json_string(json, "quality", cct_quality_name(value->quality));
    add_name(json, "provider", value->provider);
    cct_json_instant(json, "fetched", value->fetched_utc_ms);
}
