/* SPDX-License-Identifier: Apache-2.0
 * Panels over time: power, cumulative energy and CO2e, carbon intensity. */
#include "chart.h"
#include "html.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

static const char *const part_class[CCT_PARTS] = {
    [CCT_PART_CPU] = "c-cpu",     [CCT_PART_DRAM] = "c-dram", [CCT_PART_GPU] = "c-gpu",
    [CCT_PART_BOARD] = "c-board", [CCT_PART_PSU] = "c-psu",   [CCT_PART_OTHER] = "c-other",
    [CCT_PART_REST] = "c-rest",
};

/* The series at the width that is drawn: buckets merged until they are few enough. */
struct view {
    struct cct_bucket *buckets; /* owned */
    size_t count;
    int64_t start_utc_ms, width_ms;
};

static struct view view_make(const struct cct_series *series, size_t most)
{
    size_t group = (series->count + most - 1) / most;
    struct view view = {.start_utc_ms = series->start_utc_ms};
    if (!group)
        return view;
    view.width_ms = series->width_ms * (int64_t)group;
    view.count = (series->count + group - 1) / group;
    view.buckets = cct_xcalloc(view.count, sizeof *view.buckets);
    for (size_t i = 0; i < view.count; i++)
        cct_bucket_clear(&view.buckets[i]);
    for (size_t i = 0; i < series->count; i++)
        cct_bucket_merge(&view.buckets[i / group], &series->buckets[i]);
    return view;
}

static double view_start(const struct view *view, size_t i)
{
    return (double)(view->start_utc_ms + (int64_t)i * view->width_ms);
}

static double view_power(const struct view *view, size_t i)
{
    return cct_bucket_power_w(&view->buckets[i], (double)view->width_ms / 1000);
}

/* Extremes belong to single ticks of one host; where hosts overlap they say nothing of the sum. */
static bool has_band(const struct view *view, size_t i)
{
    const struct cct_bucket *bucket = &view->buckets[i];
    return bucket->max_w > bucket->min_w * 1.01 &&
           bucket->covered_s <= (double)view->width_ms / 1000 * 1.05;
}

static double highest_power(const struct view *view)
{
    double highest = 0;
    for (size_t i = 0; i < view->count; i++) {
        double top = has_band(view, i) ? view->buckets[i].max_w : view_power(view, i);
        if (top > highest)
            highest = top;
    }
    return highest;
}

static struct cct_chart time_chart(const struct cct_panel *panel, double height_px, int x_labels)
{
    return (struct cct_chart){.out = panel->out,
                              .height_px = height_px,
                              .x_lo = (double)panel->start_utc_ms,
                              .x_hi = (double)panel->end_utc_ms,
                              .time = true,
                              .x_labels = x_labels};
}

/* Power of the components up to and with the last, as a stack that ends at the mean power. */
static double stack_w(const struct view *view, size_t i, size_t last)
{
    double below_j = 0;
    double all_j = 0;
    for (size_t part = 0; part < CCT_PARTS; part++) {
        all_j += view->buckets[i].part_j[part];
        below_j += part <= last ? view->buckets[i].part_j[part] : 0;
    }
    return all_j > 0 ? view_power(view, i) * below_j / all_j : view_power(view, i);
}

/* From the top of the stack down: each area is drawn to zero and covered by the next. */
static void draw_stack(struct cct_chart *chart, const struct cct_panel *panel,
                       const struct view *view)
{
    for (size_t part = CCT_PARTS; part-- > 0;) {
        char css_class[40];
        if (!(panel->totals.part_kwh[part] > 0))
            continue;
        snprintf(css_class, sizeof css_class, "area %s", part_class[part]);
        cct_path_begin(chart, css_class, 0);
        for (size_t i = 0; i < view->count; i++)
            cct_path_step(chart, view_start(view, i), view_start(view, i + 1),
                          stack_w(view, i, part));
        cct_path_end(chart);
    }
}

static bool draw_band(struct cct_chart *chart, const struct view *view)
{
    bool any = false;
    for (size_t i = 0; i < view->count && !any; i++)
        any = has_band(view, i);
    if (!any)
        return false;
    cct_buf_adds(chart->out, "<path class=\"band\" d=\"");
    for (size_t i = 0; i < view->count; i++) {
        if (has_band(view, i))
            cct_chart_band(chart, view_start(view, i), view_start(view, i + 1),
                           view->buckets[i].min_w, view->buckets[i].max_w);
    }
    cct_buf_adds(chart->out, "\"/>");
    return true;
}

static void legend_item(struct cct_buf *out, const char *css_class, const char *label)
{
    cct_buf_addf(out,
                 "<li><svg width=\"14\" height=\"10\" aria-hidden=\"true\"><rect class=\"%s\" "
                 "width=\"14\" height=\"10\" rx=\"2\"/></svg>%s</li>",
                 css_class, label);
}

/* The order of the legend is that of the stack, the lowest first. */
static void power_legend(struct cct_panel *panel, bool band, int64_t width_ms)
{
    cct_buf_adds(panel->out, "<ul class=\"legend\">");
    for (size_t part = 0; part < CCT_PARTS; part++) {
        char css_class[40];
        snprintf(css_class, sizeof css_class, "area %s", part_class[part]);
        if (panel->totals.part_kwh[part] > 0)
            legend_item(panel->out, css_class, cct_part_labels[part]);
    }
    if (band) {
        cct_auto_buf label = {0};
        cct_buf_adds(&label, "lowest to highest sample in ");
        cct_put_duration(&label, (double)width_ms / 1000);
        legend_item(panel->out, "band", cct_buf_str(&label));
    }
    cct_buf_adds(panel->out, "</ul>");
}

static void table_open(struct cct_buf *out, const char *caption)
{
    cct_buf_addf(out,
                 "<details><summary>%s as a table</summary><div class=\"scroll\" tabindex=\"0\" "
                 "role=\"region\" aria-label=\"%s\"><table><thead><tr>",
                 caption, caption);
}

static void table_close(struct cct_buf *out)
{
    cct_buf_adds(out, "</tbody></table></div></details>\n");
}

static void number_cell(struct cct_buf *out, double v)
{
    cct_buf_adds(out, "<td>");
    if (isfinite(v))
        cct_put_number(out, v);
    else
        cct_buf_adds(out, "<span class=\"none\">none</span>");
    cct_buf_adds(out, "</td>");
}

static void power_table(struct cct_panel *panel)
{
    struct view view = view_make(&panel->run->series, 48);
    struct cct_buf *out = panel->out;
    table_open(out, "Power");
    cct_buf_adds(out, "<th scope=\"col\">From (UTC)</th><th scope=\"col\">Mean W</th>");
    for (size_t part = 0; part < CCT_PARTS; part++) {
        if (panel->totals.part_kwh[part] > 0)
            cct_buf_addf(out, "<th scope=\"col\">%s W</th>", cct_part_labels[part]);
    }
    cct_buf_adds(out, "<th scope=\"col\">Lowest W</th><th scope=\"col\">Highest W</th></tr></thead>"
                      "<tbody>");
    for (size_t i = 0; i < view.count; i++) {
        const struct cct_bucket *bucket = &view.buckets[i];
        double power_w = view_power(&view, i);
        double energy_j = bucket->energy_j;
        cct_buf_adds(out, "<tr><th scope=\"row\">");
        cct_put_instant(out, (int64_t)view_start(&view, i));
        cct_buf_adds(out, "</th>");
        number_cell(out, power_w);
        for (size_t part = 0; part < CCT_PARTS; part++) {
            if (panel->totals.part_kwh[part] > 0)
                number_cell(out, bucket->part_j[part] / energy_j * power_w);
        }
        number_cell(out, bucket->min_w <= bucket->max_w ? bucket->min_w : (double)NAN);
        number_cell(out, bucket->min_w <= bucket->max_w ? bucket->max_w : (double)NAN);
        cct_buf_adds(out, "</tr>");
    }
    table_close(out);
    free(view.buckets);
}

void cct_panel_power(struct cct_panel *panel)
{
    cct_auto_buf sentence = {0};
    char ids[128];
    if (!isfinite(panel->totals.mean_w)) {
        cct_buf_adds(&sentence, "No sample tells the power of this run.");
        cct_figure_open(panel, "power", "Power", &sentence);
        cct_figure_close(panel);
        return;
    }
    cct_buf_adds(&sentence, "On average ");
    cct_put_power(&sentence, panel->totals.mean_w);
    cct_buf_adds(&sentence, panel->run->host_count > 1 ? ", at most " : ", with a peak of ");
    cct_put_power(&sentence, panel->totals.peak_w);
    cct_buf_adds(&sentence, panel->run->host_count > 1 ? " on one host." : ".");
    cct_figure_open(panel, "power", "Power by component", &sentence);
    struct view view = view_make(&panel->run->series, CCT_CHART_POINTS);
    struct cct_axis y = cct_axis_make(0, highest_power(&view), 4, true);
    struct cct_chart chart = time_chart(panel, 190, 8);
    struct cct_unit unit = cct_unit_power(y.hi);
    snprintf(ids, sizeof ids, "r%zu-power r%zu-power-s", panel->no, panel->no);
    cct_chart_open(&chart, &y, unit, ids);
    draw_stack(&chart, panel, &view);
    bool band = draw_band(&chart, &view);
    cct_chart_close(&chart);
    power_legend(panel, band, view.width_ms);
    power_table(panel);
    cct_figure_close(panel);
    free(view.buckets);
}

/* A curve that only rises, from 0 to the total. */
static void draw_rising(struct cct_panel *panel, const double *sums, struct cct_unit unit,
                        double factor, const char *css_class, const char *id)
{
    const struct cct_series *series = &panel->run->series;
    size_t group = series->count / CCT_CHART_POINTS + 1;
    char ids[128];
    char css[48];
    struct cct_axis y = cct_axis_make(0, sums[series->count] / factor, 4, true);
    struct cct_chart chart = time_chart(panel, 150, 4);
    snprintf(ids, sizeof ids, "r%zu-%s r%zu-%s-s", panel->no, id, panel->no, id);
    cct_chart_open(&chart, &y, unit, ids);
    for (int line = 0; line < 2; line++) {
        snprintf(css, sizeof css, "%s %s", line ? "line" : "wash", css_class);
        cct_path_begin(&chart, css, line ? (double)NAN : 0);
        for (size_t i = 0; i < series->count + group; i += group) {
            size_t at = i < series->count ? i : series->count;
            cct_path_line(&chart, (double)(series->start_utc_ms + (int64_t)at * series->width_ms),
                          sums[at] / factor);
        }
        cct_path_end(&chart);
    }
    cct_chart_close(&chart);
}

static void rising_table(struct cct_panel *panel, bool grams)
{
    struct cct_buf *out = panel->out;
    const int rows = 24;
    table_open(out, grams ? "Cumulative CO2e" : "Cumulative energy");
    cct_buf_addf(out,
                 "<th scope=\"col\">At (UTC)</th><th scope=\"col\">%s</th></tr></thead><tbody>",
                 grams ? "g CO2e" : "Wh");
    for (int i = 0; i <= rows; i++) {
        int64_t t = panel->start_utc_ms + (panel->end_utc_ms - panel->start_utc_ms) * i / rows;
        cct_buf_adds(out, "<tr><th scope=\"row\">");
        cct_put_instant(out, t);
        cct_buf_adds(out, "</th>");
        number_cell(out, grams ? cct_cumulative_emission_g(&panel->cumulative, t)
                               : cct_cumulative_energy_j(&panel->cumulative, t) / 3600);
        cct_buf_adds(out, "</tr>");
    }
    table_close(out);
}

static void rising_energy(struct cct_panel *panel)
{
    cct_auto_buf sentence = {0};
    struct cct_unit unit = cct_unit_energy(panel->totals.energy_kwh);
    cct_put_energy(&sentence, panel->totals.energy_kwh);
    cct_buf_adds(&sentence, " from the first sample to the last.");
    cct_figure_open(panel, "energy", "Cumulative energy", &sentence);
    draw_rising(panel, panel->cumulative.energy_j, unit, 3.6e6, "c-cpu", "energy");
    rising_table(panel, false);
    cct_figure_close(panel);
}

static void rising_grams(struct cct_panel *panel)
{
    cct_auto_buf sentence = {0};
    if (!isfinite(panel->totals.emission_g)) {
        cct_buf_adds(&sentence, "Unknown: the records name no grid zone. Say where the machine "
                                "stands with cct-carbon --zone and make the page again.");
        cct_figure_open(panel, "grams", "Cumulative CO2e", &sentence);
        cct_figure_close(panel);
        return;
    }
    struct cct_unit unit = cct_unit_mass(panel->totals.emission_g);
    cct_put_mass(&sentence, panel->totals.emission_g);
    cct_buf_adds(&sentence, " CO2e from the first sample to the last.");
    cct_figure_open(panel, "grams", "Cumulative CO2e", &sentence);
    draw_rising(panel, panel->cumulative.emission_g, unit, 1, "c-co2", "grams");
    rising_table(panel, true);
    cct_figure_close(panel);
}

void cct_panel_cumulative(struct cct_panel *panel)
{
    if (!isfinite(panel->totals.energy_kwh))
        return;
    cct_buf_adds(panel->out, "<div class=\"pair\">");
    rising_energy(panel);
    rising_grams(panel);
    cct_buf_adds(panel->out, "</div>");
}

static double intensity_at(const struct view *view, size_t i)
{
    const struct cct_bucket *bucket = &view->buckets[i];
    return bucket->intensity_s > 0 ? bucket->intensity_gs / bucket->intensity_s : (double)NAN;
}

static void draw_intensity(struct cct_panel *panel, const struct view *view, double highest)
{
    char ids[128];
    struct cct_axis y = cct_axis_make(0, highest, 4, true);
    struct cct_chart chart = time_chart(panel, 130, 8);
    snprintf(ids, sizeof ids, "r%zu-intensity r%zu-intensity-s", panel->no, panel->no);
    cct_chart_open(&chart, &y, (struct cct_unit){"g/kWh", 1}, ids);
    cct_path_begin(&chart, "line c-int", NAN);
    for (size_t i = 0; i < view->count; i++)
        cct_path_step(&chart, view_start(view, i), view_start(view, i + 1), intensity_at(view, i));
    cct_path_end(&chart);
    cct_chart_close(&chart);
}

static void intensity_table(struct cct_panel *panel)
{
    struct view view = view_make(&panel->run->series, 48);
    table_open(panel->out, "Carbon intensity");
    cct_buf_adds(panel->out, "<th scope=\"col\">From (UTC)</th><th scope=\"col\">g/kWh</th></tr>"
                             "</thead><tbody>");
    for (size_t i = 0; i < view.count; i++) {
        cct_buf_adds(panel->out, "<tr><th scope=\"row\">");
        cct_put_instant(panel->out, (int64_t)view_start(&view, i));
        cct_buf_adds(panel->out, "</th>");
        number_cell(panel->out, intensity_at(&view, i));
        cct_buf_adds(panel->out, "</tr>");
    }
    table_close(panel->out);
    free(view.buckets);
}

/* Lowest and highest over the run; false when the records give none. */
static bool intensity_range(const struct cct_run *run, double *lowest, double *highest)
{
    *lowest = INFINITY;
    *highest = -INFINITY;
    for (size_t i = 0; i < run->factor_names.count; i++) {
        *lowest = fmin(*lowest, run->factors[i].min_g_per_kwh);
        *highest = fmax(*highest, run->factors[i].max_g_per_kwh);
    }
    return *lowest <= *highest;
}

void cct_panel_intensity(struct cct_panel *panel)
{
    cct_auto_buf sentence = {0};
    double lowest, highest;
    if (!intensity_range(panel->run, &lowest, &highest))
        return;
    bool flat = !(highest > lowest * 1.0001);
    cct_put_number(&sentence, panel->totals.intensity_g_per_kwh);
    cct_buf_adds(&sentence, flat ? " g CO2e/kWh for the whole run, " : " g CO2e/kWh on average, ");
    if (!flat) {
        cct_put_number(&sentence, lowest);
        cct_buf_adds(&sentence, " at the lowest and ");
        cct_put_number(&sentence, highest);
        cct_buf_adds(&sentence, " at the highest, ");
    }
    const struct cct_factor *factor = cct_main_factor(panel->run);
    cct_buf_adds(&sentence, "zone ");
    cct_html_outside(&sentence, factor->zone[0] ? factor->zone : "not named");
    if (panel->run->factor_names.count > 1)
        cct_buf_addf(&sentence, " and %zu more", panel->run->factor_names.count - 1);
    if (flat && factor->quality[0]) {
        cct_buf_adds(&sentence, ", ");
        cct_html_text(&sentence, factor->quality);
        cct_buf_adds(&sentence, factor->year[0] ? " " : "");
        cct_html_text(&sentence, factor->year);
    }
    cct_buf_addc(&sentence, '.');
    cct_figure_open(panel, "intensity", "Carbon intensity of the grid", &sentence);
    struct view view = view_make(&panel->run->series, CCT_CHART_POINTS);
    draw_intensity(panel, &view, highest);
    if (!flat)
        intensity_table(panel);
    cct_figure_close(panel);
    free(view.buckets);
}
