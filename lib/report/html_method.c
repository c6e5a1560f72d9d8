/* SPDX-License-Identifier: Apache-2.0
 * Panels of words and tables: the totals, and how they were measured. */
#include "html.h"

#include <math.h>

static void part_row(struct cct_panel *panel, const char *label, double kwh, const char *css_class)
{
    struct cct_buf *out = panel->out;
    const struct cct_totals *totals = &panel->totals;
    double share = totals->energy_kwh > 0 ? kwh / totals->energy_kwh : (double)NAN;
    cct_buf_addf(out, "<tr%s><th scope=\"row\">%s</th><td>", css_class, label);
    cct_put_energy(out, kwh);
    cct_buf_adds(out, "</td><td>");
    cct_put_share(out, share);
    cct_buf_adds(out, "</td><td class=\"roomy\">");
    cct_put_power(out, share * totals->mean_w);
    cct_buf_adds(out, "</td><td>");
    if (isfinite(totals->emission_g))
        cct_put_mass(out, share * totals->emission_g);
    else
        cct_buf_adds(out, "<span class=\"none\">unknown</span>");
    cct_buf_adds(out, "</td></tr>");
}

/* Parts of the energy by who used it: the three add up. */
static void job_rows(struct cct_panel *panel)
{
    const struct cct_totals *totals = &panel->totals;
    if (!isfinite(totals->job_kwh))
        return;
    cct_buf_adds(panel->out, "<tr class=\"sub\"><th colspan=\"5\" scope=\"colgroup\">by who used it"
                             "</th></tr>");
    part_row(panel, "the job", totals->job_kwh, "");
    if (isfinite(totals->idle_kwh))
        part_row(panel, "idle machine", totals->idle_kwh, "");
    if (isfinite(totals->other_kwh))
        part_row(panel, "everything else", totals->other_kwh, "");
}

static void method_rows(struct cct_panel *panel)
{
    static const char *const words[CCT_METHODS] = {
        [CCT_METHOD_COUNTER] = "measured by a counter",
        [CCT_METHOD_GAUGE] = "measured by a gauge",
        [CCT_METHOD_MODEL] = "estimated by a model",
    };
    const struct cct_totals *totals = &panel->totals;
    if (!isfinite(totals->method_share[CCT_METHOD_MODEL]))
        return;
    cct_buf_adds(panel->out, "<tr class=\"sub\"><th colspan=\"5\" scope=\"colgroup\">by method"
                             "</th></tr>");
    for (size_t i = 0; i < CCT_METHODS; i++) {
        if (totals->method_share[i] > 0)
            part_row(panel, words[i], totals->method_share[i] * totals->energy_kwh, "");
    }
}

void cct_panel_totals(struct cct_panel *panel)
{
    const struct cct_totals *totals = &panel->totals;
    if (!isfinite(totals->energy_kwh))
        return;
    cct_buf_adds(panel->out,
                 "<section class=\"block\"><h3>Totals</h3><div class=\"scroll\" "
                 "tabindex=\"0\" role=\"region\" aria-label=\"Totals\">"
                 "<table class=\"wide\"><thead><tr><td></td>"
                 "<th scope=\"col\">Energy</th><th scope=\"col\">Share</th>"
                 "<th scope=\"col\" class=\"roomy\">Mean power</th><th scope=\"col\">CO2e</th></tr>"
                 "</thead><tbody>");
    part_row(panel, "The host during the run", totals->energy_kwh, " class=\"all\"");
    cct_buf_adds(panel->out, "<tr class=\"sub\"><th colspan=\"5\" scope=\"colgroup\">by component"
                             "</th></tr>");
    for (size_t i = 0; i < CCT_PARTS; i++) {
        if (totals->part_kwh[i] > 0)
            part_row(panel, cct_part_labels[i], totals->part_kwh[i], "");
    }
    method_rows(panel);
    job_rows(panel);
    cct_buf_adds(panel->out, "</tbody></table></div></section>\n");
}

static void put_range(struct cct_buf *out, double lo, double hi, double mean)
{
    cct_put_number(out, mean);
    if (hi > lo * 1.0001) {
        cct_buf_adds(out, " <small>(");
        cct_put_number(out, lo);
        cct_buf_adds(out, " to ");
        cct_put_number(out, hi);
        cct_buf_adds(out, ")</small>");
    }
}

static void factor_row(struct cct_buf *out, const struct cct_factor *factor)
{
    cct_buf_adds(out, "<tr><th scope=\"row\">");
    cct_html_outside(out, factor->zone[0] ? factor->zone : "not named");
    if (factor->region[0]) {
        cct_buf_adds(out, " <small>");
        cct_html_outside(out, factor->region);
        cct_buf_adds(out, "</small>");
    }
    cct_buf_adds(out, "</th><td>");
    put_range(out, factor->min_g_per_kwh, factor->max_g_per_kwh,
              cct_sum_get(&factor->weighted) / cct_sum_get(&factor->energy_j));
    cct_buf_adds(out, "</td><td>");
    put_range(out, factor->min_pue, factor->max_pue, factor->min_pue);
    cct_buf_adds(out, "</td><td>");
    cct_put_energy(out, cct_sum_get(&factor->energy_j) / 3.6e6);
    cct_buf_adds(out, "</td><td>");
    cct_put_mass(out, cct_sum_get(&factor->emission_g));
    cct_buf_adds(out, "</td><td class=\"l\">");
    cct_html_outside(out, factor->provider[0] ? factor->provider : "not named");
    if (factor->quality[0]) {
        cct_buf_adds(out, " <small>");
        cct_html_outside(out, factor->quality);
        if (factor->year[0]) {
            cct_buf_addc(out, ' ');
            cct_html_outside(out, factor->year);
        }
        cct_buf_adds(out, "</small>");
    }
    cct_buf_adds(out, "</td></tr>");
}

static void factor_table(struct cct_panel *panel)
{
    struct cct_buf *out = panel->out;
    if (!panel->run->factor_names.count)
        return;
    cct_buf_adds(out, "<h4>Carbon factors</h4><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                      "aria-label=\"Carbon factors\"><table><thead><tr><th scope=\"col\">Zone</th>"
                      "<th scope=\"col\">g CO2e/kWh</th><th scope=\"col\">PUE</th>"
                      "<th scope=\"col\">Energy</th><th scope=\"col\">CO2e</th>"
                      "<th scope=\"col\" class=\"l\">Source</th></tr></thead><tbody>");
    for (size_t i = 0; i < panel->run->factor_names.count; i++)
        factor_row(out, &panel->run->factors[i]);
    cct_buf_adds(out, "</tbody></table></div>");
}

/* One member of a kept record as text; nothing when it is not a string. */
static void put_member(struct cct_buf *out, const struct cct_rec *rec, const char *key)
{
    cct_auto_buf text = {0};
    if (cct_value_string(cct_rec_get(rec, key), &text))
        cct_html_outside(out, cct_buf_str(&text));
}

static void source_row(struct cct_panel *panel, size_t no)
{
    struct cct_buf *out = panel->out;
    const char *source = panel->run->source_names.items[no].s;
    double kwh = cct_sum_get(&panel->run->source_j[no]) / 3.6e6;
    const char *line = cct_source_line(panel->report, panel->run, source);
    struct cct_rec rec = {0};
    bool known = line && cct_rec_scan(&rec, line, strlen(line), NULL) == 0;
    cct_buf_adds(out, "<tr><th scope=\"row\">");
    cct_html_outside(out, source);
    cct_buf_addf(out, "</th><td class=\"l\">%s</td><td class=\"l\">",
                 cct_method_labels[cct_source_method(panel->report, panel->run, source)]);
    if (known)
        put_member(out, &rec, "component");
    cct_buf_adds(out, "</td><td>");
    cct_put_energy(out, kwh);
    cct_buf_adds(out, "</td><td class=\"l\">");
    if (known && cct_rec_get(&rec, "counted").type == CCT_FALSE) {
        bool inside = cct_rec_get(&rec, "part_of").type == CCT_STRING;
        cct_buf_adds(out, inside ? "contained in " : "not counted");
        put_member(out, &rec, "part_of");
    } else if (known) {
        cct_buf_adds(out, "counted");
    }
    cct_buf_adds(out, "</td></tr>");
    cct_rec_free(&rec);
}

static void source_table(struct cct_panel *panel)
{
    if (!panel->run->source_names.count)
        return;
    cct_buf_adds(panel->out, "<h4>Sources that were read</h4><div class=\"scroll\" tabindex=\"0\" "
                             "role=\"region\" aria-label=\"Sources\"><table><thead><tr>"
                             "<th scope=\"col\">Source</th><th scope=\"col\" class=\"l\">Method"
                             "</th><th scope=\"col\" class=\"l\">Component</th>"
                             "<th scope=\"col\">Energy</th><th scope=\"col\" class=\"l\">In the "
                             "total</th></tr></thead><tbody>");
    for (size_t i = 0; i < panel->run->source_names.count; i++)
        source_row(panel, i);
    cct_buf_adds(panel->out, "</tbody></table></div>");
}

/* A kept record of this kind that belongs to one of the run's hosts. */
static bool ours(const struct cct_panel *panel, const struct cct_rec *rec, const char *schema)
{
    if (!cct_rec_is(rec, schema))
        return false;
    struct cct_value host = cct_rec_get(rec, "host");
    for (size_t i = 0; i < panel->run->host_count; i++) {
        if (cct_value_equals(host, panel->report->hosts.items[panel->run->hosts[i]].s))
            return true;
    }
    return false;
}

/* Sensors that were seen but could not be read: what would make the figures better. */
static void unreadable_list(struct cct_panel *panel)
{
    struct cct_buf *out = panel->out;
    const struct cct_names *kept = &panel->report->kept_names;
    size_t said = 0;
    for (size_t i = 0; i < kept->count && said < 20; i++) {
        struct cct_rec rec = {0};
        const char *line = panel->report->kept[i];
        if (line && cct_rec_scan(&rec, line, strlen(line), NULL) == 0 &&
            ours(panel, &rec, "cct.sensor/1") && cct_rec_get(&rec, "readable").type == CCT_FALSE) {
            cct_buf_adds(out, said++ ? "<li>" : "<h4>Sensors that could not be read</h4><ul><li>");
            put_member(out, &rec, "source");
            cct_buf_adds(out, ": ");
            put_member(out, &rec, "reason");
            if (cct_rec_get(&rec, "remedy").type == CCT_STRING) {
                cct_buf_adds(out, ". Remedy: <code>");
                put_member(out, &rec, "remedy");
                cct_buf_adds(out, "</code>");
            }
            cct_buf_adds(out, "</li>");
        }
        cct_rec_free(&rec);
    }
    cct_buf_adds(out, said ? "</ul>" : "");
}

static void say_sampling(struct cct_panel *panel, struct cct_buf *text)
{
    const struct cct_run *run = panel->run;
    cct_buf_addf(text, "%llu samples", (unsigned long long)run->ticks);
    if (run->ticks && panel->totals.covered_s > 0) {
        cct_buf_adds(text, ", one every ");
        cct_put_duration(text, panel->totals.covered_s / (double)run->ticks);
        cct_buf_adds(text, " on average");
    }
}

static void say_gaps(struct cct_panel *panel, struct cct_buf *text)
{
    const struct cct_run *run = panel->run;
    cct_buf_addf(text, "%llu", (unsigned long long)panel->totals.gaps);
    if (panel->totals.gaps && panel->totals.gap_s > 0.05) {
        cct_buf_adds(text, ", ");
        cct_put_duration(text, panel->totals.gap_s);
        cct_buf_adds(text, " without a sample; that time counts as nothing drawn");
    }
    for (size_t i = 0; i < run->flag_names.count; i++) {
        cct_buf_adds(text, i ? ", " : " (flags: ");
        cct_html_outside(text, run->flag_names.items[i].s);
        cct_buf_addf(text, " %llu", (unsigned long long)run->flags[i]);
    }
    cct_buf_adds(text, run->flag_names.count ? ")" : "");
}

static void say_models(struct cct_panel *panel, struct cct_buf *text)
{
    const struct cct_totals *totals = &panel->totals;
    double model = totals->method_share[CCT_METHOD_MODEL];
    double below, above;
    if (isnan(model))
        return;
    if (!(model > 0)) {
        cct_buf_adds(text, "none: every joule was measured");
        return;
    }
    cct_put_share(text, model);
    cct_buf_adds(text, " of the energy is estimated from use and a table of the hardware");
    if (cct_bounds(totals->energy_kwh, totals->energy_low_kwh, totals->energy_high_kwh, &below,
                   &above)) {
        cct_buf_adds(text, "; the total lies between ");
        cct_put_energy(text, totals->energy_low_kwh);
        cct_buf_adds(text, " and ");
        cct_put_energy(text, totals->energy_high_kwh);
    }
}

static void put_command(struct cct_buf *text, struct cct_value command)
{
    struct cct_iter it = cct_iter(command);
    cct_auto_buf word = {0};
    bool first = true;
    if (command.type != CCT_ARRAY)
        return;
    cct_buf_adds(text, "<code><bdi>");
    for (; cct_iter_next(&it); first = false) {
        word.len = 0;
        cct_value_string(it.value, &word);
        cct_buf_adds(text, first ? "" : " ");
        bool plain = word.len && !memchr(word.data, ' ', word.len);
        cct_buf_adds(text, plain ? "" : "&#39;");
        cct_html_bytes(text, word.data ? word.data : "", word.len);
        cct_buf_adds(text, plain ? "" : "&#39;");
    }
    cct_buf_adds(text, "</bdi></code>");
}

static void run_rows(struct cct_panel *panel)
{
    struct cct_rec rec = {0};
    cct_auto_buf text = {0};
    const char *line = panel->run->start_line;
    if (!line || cct_rec_scan(&rec, line, strlen(line), NULL))
        return;
    put_command(&text, cct_rec_get(&rec, "command"));
    cct_html_row(panel->out, "Command", &text);
    put_member(&text, &rec, "cwd");
    cct_html_row(panel->out, "Folder", &text);
    put_member(&text, &rec, "git");
    cct_html_row(panel->out, "Commit", &text);
    cct_rec_free(&rec);
}

/* "Intel Xeon, 2 sockets, 32 cores": strings and numbers of cct.host/1. */
static void say_host(struct cct_buf *text, const struct cct_rec *rec, const char *host)
{
    static const char *const words[] = {"os", "kernel", "virtualization", "container"};
    struct cct_value cpu = cct_rec_get(rec, "cpu");
    cct_auto_buf model = {0};
    double threads = cct_value_number(cct_value_get(cpu, "threads"));
    double memory = cct_value_number(cct_rec_get(rec, "memory_bytes"));
    cct_html_outside(text, host);
    if (cct_value_string(cct_value_get(cpu, "model"), &model)) {
        cct_buf_adds(text, "; ");
        cct_html_outside(text, cct_buf_str(&model));
    }
    if (threads > 0 && threads < 1e6)
        cct_buf_addf(text, "; %.0f threads", threads);
    if (memory > 0) {
        cct_buf_adds(text, "; ");
        cct_put_number(text, memory / 0x1p30);
        cct_buf_adds(text, " GiB memory");
    }
    for (size_t i = 0; i < CCT_LEN(words); i++) {
        if (cct_rec_get(rec, words[i]).type == CCT_STRING) {
            cct_buf_adds(text, "; ");
            put_member(text, rec, words[i]);
        }
    }
}

static void host_rows(struct cct_panel *panel)
{
    const struct cct_run *run = panel->run;
    for (size_t i = 0; i < run->host_count && i < 32; i++) {
        struct cct_rec rec = {0};
        cct_auto_buf text = {0};
        const char *host = panel->report->hosts.items[run->hosts[i]].s;
        const char *line = cct_report_kept(panel->report, "cct.host/1", host, "");
        if (line && cct_rec_scan(&rec, line, strlen(line), NULL) == 0)
            say_host(&text, &rec, host);
        else
            cct_html_outside(&text, host);
        cct_html_row(panel->out, "Host", &text);
        cct_rec_free(&rec);
    }
}

static void device_rows(struct cct_panel *panel)
{
    for (size_t i = 0, said = 0; i < panel->report->kept_names.count && said < 64; i++) {
        struct cct_rec rec = {0};
        cct_auto_buf text = {0};
        const char *line = panel->report->kept[i];
        if (line && cct_rec_scan(&rec, line, strlen(line), NULL) == 0 &&
            ours(panel, &rec, "cct.device/1")) {
            put_member(&text, &rec, "model");
            cct_buf_adds(&text, text.len ? " <small>" : "<small>");
            put_member(&text, &rec, "device");
            cct_buf_adds(&text, "</small>");
            cct_html_row(panel->out, "Accelerator", &text);
            said++;
        }
        cct_rec_free(&rec);
    }
}

static void note_rows(struct cct_panel *panel)
{
    cct_auto_buf text = {0};
    say_sampling(panel, &text);
    cct_html_row(panel->out, "Sampling", &text);
    say_gaps(panel, &text);
    cct_html_row(panel->out, "Gaps", &text);
    say_models(panel, &text);
    cct_html_row(panel->out, "Models", &text);
    cct_buf_adds(&text, "energy of each sample (J) / 3 600 000 × PUE × carbon intensity "
                        "(g/kWh), summed over the samples");
    if (panel->run->signal[0] || panel->run->basis[0]) {
        cct_buf_adds(&text, "; intensity: ");
        cct_html_text(&text, panel->run->signal);
        cct_buf_adds(&text, panel->run->signal[0] && panel->run->basis[0] ? ", " : "");
        cct_html_text(&text, panel->run->basis);
    }
    cct_html_row(panel->out, "CO2e", &text);
    if (isfinite(panel->totals.pue)) {
        cct_put_number(&text, panel->totals.pue);
        cct_buf_adds(&text,
                     ": facility energy over the energy of the machines; 1 means that cooling "
                     "and power conversion of the building are not in the figures");
    }
    cct_html_row(panel->out, "PUE", &text);
    cct_buf_adds(&text, "making the hardware, network and remote storage, unless a row says so");
    cct_html_row(panel->out, "Not included", &text);
}

void cct_panel_method(struct cct_panel *panel)
{
    cct_buf_adds(panel->out, "<section class=\"block\"><h3>How it was measured</h3>"
                             "<dl class=\"facts\">");
    run_rows(panel);
    host_rows(panel);
    device_rows(panel);
    note_rows(panel);
    cct_buf_adds(panel->out, "</dl>");
    source_table(panel);
    factor_table(panel);
    unreadable_list(panel);
    cct_buf_adds(panel->out, "</section>\n");
}
