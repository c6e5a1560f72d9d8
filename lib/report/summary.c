/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

#include "units.h"

#include <math.h>

void cct_say_name(struct cct_buf *out, const struct cct_run *run)
{
    if (run->name)
        cct_buf_addf(out, "run %s", run->name);
    else if (run->lone_host)
        cct_buf_addf(out, "host %s", run->lone_host);
    else
        cct_buf_adds(out, "records without run");
}

const struct cct_factor *cct_main_factor(const struct cct_run *run)
{
    const struct cct_factor *most = NULL;
    for (size_t i = 0; i < run->factor_names.count; i++) {
        const struct cct_factor *factor = &run->factors[i];
        if (!most || !(cct_sum_get(&factor->energy_j) <= cct_sum_get(&most->energy_j)))
            most = factor;
    }
    return most;
}

void cct_say_place(struct cct_buf *out, const struct cct_run *run, const struct cct_totals *totals)
{
    const struct cct_factor *factor = cct_main_factor(run);
    if (!factor)
        return;
    cct_buf_adds(out, factor->zone[0] ? factor->zone : "zone not named");
    if (run->factor_names.count > 1)
        cct_buf_addf(out, " and %zu more", run->factor_names.count - 1);
    if (isfinite(totals->intensity_g_per_kwh)) {
        cct_buf_adds(out, ", ");
        cct_put_number(out, totals->intensity_g_per_kwh);
        cct_buf_adds(out, " g/kWh");
    }
    if (run->factor_names.count == 1 && factor->quality[0]) {
        bool annual = strcmp(factor->quality, "annual") == 0;
        cct_buf_addf(out, ", %s%s", factor->quality, annual ? " mean" : "");
        if (factor->year[0])
            cct_buf_addf(out, " %s", factor->year);
    }
}

void cct_say_methods(struct cct_buf *out, const struct cct_totals *totals)
{
    size_t said = 0;
    for (size_t i = 0; i < CCT_METHODS; i++) {
        if (!(totals->method_share[i] > 0))
            continue;
        cct_buf_adds(out, said++ ? ", " : "");
        cct_put_share(out, totals->method_share[i]);
        cct_buf_addf(out, " %s", cct_method_labels[i]);
    }
}

void cct_say_epochs(struct cct_buf *out, const struct cct_totals *totals)
{
    if (!totals->epochs_done)
        return;
    cct_buf_addf(out, "%lld", (long long)totals->epochs_done);
    if (totals->epochs_planned >= (double)totals->epochs_done && totals->epochs_planned < 9e15)
        cct_buf_addf(out, " of %lld", (long long)totals->epochs_planned);
    cct_buf_adds(out,
                 totals->epochs_done == 1 && !(totals->epochs_planned > 1) ? " epoch" : " epochs");
}

static void say_energy(struct cct_buf *out, const struct cct_totals *totals)
{
    if (!isfinite(totals->energy_kwh)) {
        cct_buf_adds(out, ", energy unknown: no sample was recorded");
        return;
    }
    cct_buf_adds(out, ", ");
    cct_put_energy(out, totals->energy_kwh);
    if (isfinite(totals->job_kwh)) {
        cct_buf_adds(out, " (job ");
        cct_put_energy(out, totals->job_kwh);
        cct_buf_addc(out, ')');
    }
}

static void say_grams(struct cct_buf *out, const struct cct_run *run,
                      const struct cct_totals *totals)
{
    if (!isfinite(totals->energy_kwh))
        return;
    if (!isfinite(totals->emission_g)) {
        cct_buf_adds(out, ", CO2e unknown: no grid zone (say --zone)");
        return;
    }
    cct_buf_adds(out, ", ");
    cct_put_mass(out, totals->emission_g);
    cct_buf_adds(out, " CO2e (");
    cct_say_place(out, run, totals);
    if (totals->emission_share < 0.9995) {
        cct_buf_adds(out, "; known for ");
        cct_put_share(out, totals->emission_share);
        cct_buf_adds(out, " of the energy");
    }
    cct_buf_addc(out, ')');
}

void cct_say_figures(struct cct_buf *out, const struct cct_run *run,
                     const struct cct_totals *totals)
{
    cct_auto_buf bounds = {0};
    cct_put_duration(out, totals->duration_s);
    say_energy(out, totals);
    say_grams(out, run, totals);
    if (!isfinite(totals->energy_kwh))
        return;
    size_t before = out->len;
    cct_buf_adds(out, ", ");
    size_t start = out->len;
    cct_say_methods(out, totals);
    if (out->len == start)
        out->len = before;
    cct_put_bounds(&bounds, totals->energy_kwh, totals->energy_low_kwh, totals->energy_high_kwh);
    if (bounds.len) {
        cct_buf_adds(out, out->len == before ? ", " : " ");
        cct_buf_add(out, bounds.data, bounds.len);
    }
}
