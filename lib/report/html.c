/* SPDX-License-Identifier: Apache-2.0
 * Format html: one page that asks nothing of anybody. No script; a style sheet that the content
 * security policy knows by its hash (both made from style.css when cct is built). */
#include "html.h"
#include "style.h"

#include <math.h>

#define MAX_FULL_RUNS 24 /* runs with panels; the others are rows of the first table */

static void put_title(struct cct_buf *out, const struct cct_report *report)
{
    cct_auto_buf name = {0};
    size_t count = report->run_names.count;
    if (count == 1)
        cct_say_name(&name, report->runs[report->order[0]]);
    else
        cct_buf_addf(&name, count ? "%zu runs" : "no run", count);
    cct_html_bytes(out, name.data, name.len);
}

static void put_head(struct cct_buf *out, const struct cct_report *report)
{
    cct_buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    cct_buf_addf(out,
                 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                 "style-src '%s'; base-uri 'none'; form-action 'none'\">\n",
                 style_hash);
    cct_buf_adds(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"color-scheme\" content=\"light dark\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    put_title(out, report);
    cct_buf_adds(out, " · energy and CO2e</title>\n<style>");
    for (size_t i = 0; i < CCT_LEN(style_css); i++)
        cct_buf_adds(out, style_css[i]);
    cct_buf_adds(out, "</style>\n</head>\n<body>\n<main>\n");
}

static void put_foot(struct cct_buf *out, const struct cct_report *report,
                     const struct cct_report_env *env)
{
    cct_buf_adds(out, "</main>\n<footer><p>Made by cct-report ");
    cct_html_text(out, env->version);
    cct_buf_addf(out, " from %llu records, ", (unsigned long long)report->records);
    cct_put_instant(out, env->now_utc_ms);
    cct_buf_adds(out, ". All times are UTC. CO2e: greenhouse gases as the mass of carbon dioxide "
                      "of the same effect.</p></footer>\n</body>\n</html>\n");
}

static void put_status(struct cct_panel *panel)
{
    static const char *const css_class[] = {
        [CCT_RUN_ENDED] = "ok",      [CCT_RUN_GOES_ON] = "on",  [CCT_RUN_CUT] = "bad",
        [CCT_RUN_SAMPLES] = "quiet", [CCT_RUN_EMPTY] = "quiet",
    };
    const struct cct_totals *totals = &panel->totals;
    bool failed = totals->state == CCT_RUN_ENDED &&
                  (totals->signal[0] || (totals->has_exit_status && totals->exit_status));
    cct_auto_buf words = {0};
    cct_state_words(totals, &words);
    cct_buf_addf(panel->out, "<span class=\"status %s\">",
                 failed ? "bad" : css_class[totals->state]);
    cct_html_bytes(panel->out, words.data, words.len);
    cct_buf_adds(panel->out, "</span>");
}

static void put_time_range(struct cct_panel *panel)
{
    const struct cct_totals *totals = &panel->totals;
    if (totals->start_utc_ms == CCT_NO_INSTANT || totals->end_utc_ms == CCT_NO_INSTANT)
        return;
    cct_buf_adds(panel->out, "<span>");
    cct_put_instant(panel->out, totals->start_utc_ms);
    cct_buf_adds(panel->out, " to ");
    cct_put_instant(panel->out, totals->end_utc_ms);
    cct_buf_adds(panel->out, " UTC</span>");
}

static void put_hosts(struct cct_panel *panel)
{
    const struct cct_run *run = panel->run;
    if (!run->host_count)
        return;
    cct_buf_adds(panel->out, "<span>");
    for (size_t i = 0; i < run->host_count && i < 8; i++) {
        cct_buf_adds(panel->out, i ? ", " : "on ");
        cct_html_outside(panel->out, panel->report->hosts.items[run->hosts[i]].s);
    }
    if (run->host_count > 8)
        cct_buf_addf(panel->out, " and %zu more hosts", run->host_count - 8);
    cct_buf_adds(panel->out, "</span>");
}

static void put_run_head(struct cct_panel *panel, bool alone)
{
    struct cct_buf *out = panel->out;
    const char *tag = alone ? "h1" : "h2";
    const struct cct_run *run = panel->run;
    cct_buf_addf(out, "<header><p class=\"kind\">%s</p><%s id=\"r%zu\">",
                 run->name        ? "Training run"
                 : run->lone_host ? "Host, outside any run"
                                  : "Records without run and host",
                 tag, panel->no);
    cct_html_outside(out, run->name ? run->name : run->lone_host ? run->lone_host : "unnamed");
    cct_buf_addf(out, "</%s><p class=\"meta\">", tag);
    put_status(panel);
    put_hosts(panel);
    put_time_range(panel);
    cct_buf_adds(out, "</p></header>\n");
}

/* value and note are HTML; both are emptied. */
static void card(struct cct_buf *out, const char *label, struct cct_buf *value,
                 struct cct_buf *note)
{
    cct_buf_addf(out, "<div><dt>%s</dt><dd><b>", label);
    cct_buf_add(out, value->data, value->len);
    cct_buf_adds(out, "</b><span>");
    cct_buf_add(out, note->data, note->len);
    cct_buf_adds(out, "</span></dd></div>");
    value->len = note->len = 0;
}

static void energy_cards(struct cct_panel *panel, struct cct_buf *value, struct cct_buf *note)
{
    const struct cct_totals *totals = &panel->totals;
    cct_put_energy(value, totals->energy_kwh);
    cct_put_bounds(note, totals->energy_kwh, totals->energy_low_kwh, totals->energy_high_kwh);
    if (!note->len && isfinite(totals->energy_kwh))
        cct_buf_adds(note, "of the host");
    else if (isnan(totals->energy_kwh))
        cct_buf_adds(note, "no sample");
    else if (note->len)
        cct_buf_adds(note, " of the host");
    card(panel->out, "Energy", value, note);
    cct_put_mass(value, totals->emission_g);
    cct_put_bounds(note, totals->emission_g, totals->emission_low_g, totals->emission_high_g);
    if (isnan(totals->emission_g))
        cct_buf_adds(note, isnan(totals->energy_kwh) ? "no sample" : "no grid zone");
    else if (totals->emission_share < 0.9995) {
        cct_buf_adds(note, note->len ? ", for " : "for ");
        cct_put_share(note, totals->emission_share);
        cct_buf_adds(note, " of the energy");
    }
    card(panel->out, "CO2e", value, note);
    if (isfinite(totals->job_kwh)) {
        cct_put_energy(value, totals->job_kwh);
        cct_put_share(note, totals->job_kwh / totals->energy_kwh);
        cct_buf_adds(note, " of the host");
        card(panel->out, "The job itself", value, note);
    }
}

static void place_cards(struct cct_panel *panel, struct cct_buf *value, struct cct_buf *note)
{
    const struct cct_totals *totals = &panel->totals;
    const struct cct_factor *factor = cct_main_factor(panel->run);
    if (factor && isfinite(totals->intensity_g_per_kwh)) {
        cct_put_number(value, totals->intensity_g_per_kwh);
        cct_buf_adds(value, " g/kWh");
        cct_html_outside(note, factor->zone[0] ? factor->zone : "zone not named");
        if (panel->run->factor_names.count > 1)
            cct_buf_addf(note, " and %zu more", panel->run->factor_names.count - 1);
        else if (factor->quality[0]) {
            cct_buf_adds(note, ", ");
            cct_html_text(note, factor->quality);
        }
        card(panel->out, "Carbon intensity", value, note);
    }
    if (isfinite(totals->pue)) {
        cct_put_number(value, totals->pue);
        cct_buf_adds(note, totals->pue > 1 ? "building over machines" : "machines alone");
        card(panel->out, "PUE", value, note);
    }
}

void cct_panel_cards(struct cct_panel *panel)
{
    const struct cct_totals *totals = &panel->totals;
    cct_auto_buf value = {0};
    cct_auto_buf note = {0};
    cct_buf_adds(panel->out, "<dl class=\"cards\">");
    energy_cards(panel, &value, &note);
    cct_put_duration(&value, totals->duration_s);
    cct_say_epochs(&note, totals);
    card(panel->out, "Duration", &value, &note);
    if (isfinite(totals->mean_w)) {
        cct_put_power(&value, totals->mean_w);
        cct_buf_adds(&note, "peak ");
        cct_put_power(&note, totals->peak_w);
        card(panel->out, "Mean power", &value, &note);
    }
    place_cards(panel, &value, &note);
    double model = totals->method_share[CCT_METHOD_MODEL];
    if (isfinite(model)) {
        cct_put_share(&value, 1 - model);
        cct_buf_adds(&note, model >= 1  ? "all by a model"
                            : model > 0 ? "the rest by a model"
                                        : "by counters or gauges");
        card(panel->out, "Measured", &value, &note);
    }
    cct_buf_adds(panel->out, "</dl>\n");
}

static void time_range(struct cct_panel *panel)
{
    const struct cct_run *run = panel->run;
    panel->start_utc_ms = run->start_utc_ms;
    panel->end_utc_ms = run->end_utc_ms;
    if (panel->start_utc_ms == CCT_NO_INSTANT)
        panel->start_utc_ms = panel->end_utc_ms = 0;
    if (panel->end_utc_ms <= panel->start_utc_ms)
        panel->end_utc_ms = panel->start_utc_ms + 1;
}

/* The figures in one sentence, with numbers that stay on one line with their units. */
static void put_lead(struct cct_panel *panel)
{
    cct_auto_buf text = {0};
    cct_say_figures(&text, panel->run, &panel->totals);
    cct_buf_adds(panel->out, "<p class=\"lead\">");
    for (size_t i = 0, from = 0; i <= text.len; i++) {
        bool number = i && i < text.len && text.data[i - 1] >= '0' && text.data[i - 1] <= '9';
        if (i < text.len && !(number && text.data[i] == ' '))
            continue;
        cct_html_bytes(panel->out, text.data + from, i - from);
        cct_buf_adds(panel->out, i < text.len ? "&nbsp;" : ".</p>\n");
        from = i + 1;
    }
}

static void put_run(const struct cct_report *report, const struct cct_report_env *env,
                    struct cct_buf *out, size_t no)
{
    struct cct_panel panel = {
        .out = out,
        .report = report,
        .env = env,
        .run = report->runs[report->order[no]],
        .no = no + 1,
    };
    cct_totals_make(&panel.totals, report, panel.run, env->now_utc_ms);
    cct_cumulative_build(&panel.cumulative, &panel.run->series);
    time_range(&panel);
    cct_buf_addf(out, "<article aria-labelledby=\"r%zu\">\n", panel.no);
    put_run_head(&panel, report->run_names.count == 1);
    put_lead(&panel);
    cct_panel_cards(&panel);
    cct_panel_power(&panel);
    cct_panel_cumulative(&panel);
    cct_panel_intensity(&panel);
    cct_panel_training(&panel);
    cct_panel_epochs(&panel);
    cct_panel_totals(&panel);
    cct_panel_method(&panel);
    cct_buf_adds(out, "</article>\n");
    cct_cumulative_free(&panel.cumulative);
}

static void overview_row(const struct cct_report *report, const struct cct_report_env *env,
                         struct cct_buf *out, size_t no)
{
    const struct cct_run *run = report->runs[report->order[no]];
    struct cct_totals totals;
    cct_totals_make(&totals, report, run, env->now_utc_ms);
    cct_buf_adds(out, "<tr><th scope=\"row\">");
    if (no < MAX_FULL_RUNS)
        cct_buf_addf(out, "<a href=\"#r%zu\">", no + 1);
    cct_html_outside(out, run->name ? run->name : run->lone_host ? run->lone_host : "unnamed");
    cct_buf_adds(out, no < MAX_FULL_RUNS ? "</a></th><td>" : "</th><td>");
    cct_put_instant(out, totals.start_utc_ms);
    cct_buf_adds(out, "</td><td>");
    cct_put_duration(out, totals.duration_s);
    cct_buf_adds(out, "</td><td>");
    cct_put_energy(out, totals.energy_kwh);
    cct_buf_adds(out, "</td><td>");
    cct_put_mass(out, totals.emission_g);
    cct_buf_adds(out, "</td></tr>\n");
}

static void put_overview(const struct cct_report *report, const struct cct_report_env *env,
                         struct cct_buf *out)
{
    size_t count = report->run_names.count;
    cct_buf_addf(out,
                 "<header><p class=\"kind\">Training runs</p><h1>%zu runs</h1></header>\n"
                 "<section class=\"block\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                 "aria-label=\"Runs\"><table class=\"wide\"><thead><tr><th scope=\"col\">Run</th>"
                 "<th scope=\"col\">Start (UTC)</th><th scope=\"col\">Duration</th>"
                 "<th scope=\"col\">Energy</th><th scope=\"col\">CO2e</th></tr></thead><tbody>\n",
                 count);
    for (size_t i = 0; i < count; i++)
        overview_row(report, env, out, i);
    cct_buf_adds(out, "</tbody></table></div>");
    if (count > MAX_FULL_RUNS)
        cct_buf_addf(out,
                     "<p class=\"empty\">Panels follow for the first %d runs; choose another with "
                     "--run.</p>",
                     MAX_FULL_RUNS);
    cct_buf_adds(out, "</section>\n");
}

static void html_end(const struct cct_report *report, const struct cct_report_env *env,
                     struct cct_buf *out)
{
    size_t count = report->run_names.count;
    put_head(out, report);
    if (!count)
        cct_buf_adds(out, "<header><p class=\"kind\">Energy and CO2e</p><h1>No run</h1></header>\n"
                          "<p class=\"lead\">The input holds no sample, no progress and no run "
                          "record, so there is nothing to report.</p>\n");
    if (count > 1)
        put_overview(report, env, out);
    for (size_t i = 0; i < count && i < MAX_FULL_RUNS; i++)
        put_run(report, env, out, i);
    put_foot(out, report, env);
}

extern const struct cct_report_format cct_report_html;
const struct cct_report_format cct_report_html = {
    .name = "html",
    .extension = ".html",
    .series = true,
    .end = html_end,
};
