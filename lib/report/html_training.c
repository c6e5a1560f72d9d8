/* SPDX-License-Identifier: Apache-2.0
 * Panels of the training: loss and metrics, and what each epoch cost. */
#include "chart.h"
#include "html.h"

#include "base/alloc.h"

#include <math.h>
#include <stdlib.h>

#define MAX_CHARTS 12 /* of metrics */
#define MAX_LINES  6  /* in one chart */
#define MAX_DOTS   40 /* a line of more points shows none */
#define MAX_BARS   100

/* Metrics of one quantity share a chart: loss, val_loss, eval/loss. What is left of the name. */
static const char *quantity(const char *name)
{
    static const char *const prefixes[] = {"train", "training", "val", "valid", "validation",
                                           "eval",  "test",     "dev", "epoch"};
    for (size_t i = 0; i < CCT_LEN(prefixes); i++) {
        size_t n = strlen(prefixes[i]);
        if (strncmp(name, prefixes[i], n) == 0 && name[n] && strchr("_/-. ", name[n]) &&
            name[n + 1])
            return name + n + 1;
    }
    return name;
}

struct group {
    size_t curves[MAX_LINES]; /* numbers of curves with points */
    size_t count;
    double x_lo, x_hi, y_lo, y_hi;
};

static void group_add(struct group *group, const struct cct_training *training, size_t no)
{
    const struct cct_curve *curve = &training->curves[no];
    if (group->count == MAX_LINES || !curve->count)
        return;
    if (!group->count)
        *group = (struct group){
            .x_lo = INFINITY, .x_hi = -INFINITY, .y_lo = INFINITY, .y_hi = -INFINITY};
    group->curves[group->count++] = no;
    for (size_t i = 0; i < curve->count; i++) {
        group->x_lo = fmin(group->x_lo, curve->points[i].x);
        group->x_hi = fmax(group->x_hi, curve->points[i].x);
        group->y_lo = fmin(group->y_lo, curve->points[i].min);
        group->y_hi = fmax(group->y_hi, curve->points[i].max);
    }
}

/* Fills groups; returns how many. */
static size_t group_curves(const struct cct_training *training, struct group *groups, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < training->names.count; i++) {
        const char *name = quantity(training->names.items[i].s);
        size_t g = 0;
        while (g < count &&
               strcmp(name, quantity(training->names.items[groups[g].curves[0]].s)) != 0)
            g++;
        if (g == most)
            continue;
        if (g == count)
            groups[g] = (struct group){0};
        group_add(&groups[g], training, i);
        if (g == count && groups[g].count)
            count++;
    }
    return count;
}

static void draw_curve(struct cct_chart *chart, const struct cct_curve *curve, size_t no)
{
    char css_class[40];
    size_t group = curve->count / CCT_CHART_POINTS + 1;
    snprintf(css_class, sizeof css_class, "line m%zu", no);
    cct_path_begin(chart, css_class, NAN);
    for (size_t i = 0; i < curve->count; i += group) {
        size_t last = i + group <= curve->count ? i + group - 1 : curve->count - 1;
        cct_path_line(chart, curve->points[last].x, curve->points[last].y);
    }
    cct_path_end(chart);
}

static void curve_legend(struct cct_panel *panel, const struct group *group)
{
    if (group->count < 2)
        return;
    cct_buf_adds(panel->out, "<ul class=\"legend\">");
    for (size_t i = 0; i < group->count; i++) {
        cct_buf_addf(panel->out,
                     "<li><svg width=\"22\" height=\"10\" aria-hidden=\"true\"><line class=\"line "
                     "m%zu\" x1=\"0\" x2=\"22\" y1=\"5\" y2=\"5\"/></svg>",
                     i);
        cct_html_outside(panel->out, panel->run->training.names.items[group->curves[i]].s);
        cct_buf_adds(panel->out, "</li>");
    }
    cct_buf_adds(panel->out, "</ul>");
}

static const char *axis_word(const struct cct_training *training)
{
    static const char *const words[] = {
        [CCT_BY_EPOCH] = "epoch", [CCT_BY_STEP] = "step", [CCT_BY_REPORT] = "report"};
    return words[training->axis];
}

static void curve_table(struct cct_panel *panel, const struct group *group)
{
    const struct cct_training *training = &panel->run->training;
    const struct cct_curve *first = &training->curves[group->curves[0]];
    struct cct_buf *out = panel->out;
    size_t stride = first->count / 60 + 1;
    cct_buf_addf(out,
                 "<details><summary>Values as a table</summary><div class=\"scroll\" "
                 "tabindex=\"0\" role=\"region\" aria-label=\"Values\"><table><thead><tr>"
                 "<th scope=\"col\">%s</th>",
                 axis_word(training));
    for (size_t c = 0; c < group->count; c++) {
        cct_buf_adds(out, "<th scope=\"col\">");
        cct_html_outside(out, training->names.items[group->curves[c]].s);
        cct_buf_adds(out, "</th>");
    }
    cct_buf_adds(out, "</tr></thead><tbody>");
    for (size_t i = (first->count - 1) % stride; i < first->count; i += stride) {
        cct_buf_adds(out, "<tr><th scope=\"row\">");
        cct_put_number(out, first->points[i].x);
        cct_buf_adds(out, "</th>");
        for (size_t c = 0; c < group->count; c++) {
            const struct cct_curve *curve = &training->curves[group->curves[c]];
            bool same = i < curve->count && curve->points[i].x == first->points[i].x;
            cct_buf_adds(out, "<td>");
            if (same)
                cct_put_number(out, curve->points[i].y);
            cct_buf_adds(out, "</td>");
        }
        cct_buf_adds(out, "</tr>");
    }
    cct_buf_adds(out, "</tbody></table></div></details>\n");
}

static void put_group(struct cct_panel *panel, const struct group *group, size_t no)
{
    const struct cct_training *training = &panel->run->training;
    cct_auto_buf sentence = {0};
    cct_auto_buf heading = {0};
    char id[32];
    char ids[128];
    snprintf(id, sizeof id, "curve%zu", no);
    snprintf(ids, sizeof ids, "r%zu-%s r%zu-%s-s", panel->no, id, panel->no, id);
    cct_html_outside(&heading, quantity(training->names.items[group->curves[0]].s));
    cct_buf_addf(&heading, " <small>by %s</small>", axis_word(training));
    for (size_t i = 0; i < group->count; i++) {
        cct_buf_adds(&sentence, i ? ", " : "Last ");
        cct_html_outside(&sentence, training->names.items[group->curves[i]].s);
        cct_buf_addc(&sentence, ' ');
        cct_put_number(&sentence, training->curves[group->curves[i]].last);
    }
    cct_buf_addc(&sentence, '.');
    cct_figure_open(panel, id, cct_buf_str(&heading), &sentence);
    struct cct_axis y = cct_axis_make(group->y_lo, group->y_hi, 4, true);
    bool one = !(group->x_hi > group->x_lo);
    struct cct_chart chart = {.out = panel->out,
                              .height_px = 140,
                              .x_labels = 5,
                              .x_lo = one ? group->x_lo - 1 : group->x_lo,
                              .x_hi = one ? group->x_hi + 1 : group->x_hi};
    cct_chart_open(&chart, &y, (struct cct_unit){"", 1}, ids);
    for (size_t i = 0; i < group->count; i++)
        draw_curve(&chart, &training->curves[group->curves[i]], i);
    for (size_t i = 0; i < group->count; i++) {
        const struct cct_curve *curve = &training->curves[group->curves[i]];
        char css_class[40];
        snprintf(css_class, sizeof css_class, "dot m%zu", i);
        for (size_t p = 0; p < curve->count && curve->count <= MAX_DOTS; p++)
            cct_chart_dot(&chart, curve->points[p].x, curve->points[p].y, css_class);
    }
    cct_chart_close(&chart);
    curve_legend(panel, group);
    curve_table(panel, group);
    cct_figure_close(panel);
}

void cct_panel_training(struct cct_panel *panel)
{
    const struct cct_training *training = &panel->run->training;
    struct group groups[MAX_CHARTS];
    size_t count = group_curves(training, groups, MAX_CHARTS);
    if (!count) {
        cct_buf_adds(panel->out,
                     training->reports
                         ? "<p class=\"empty\">The training reported its progress, but no loss and "
                           "no metric.</p>\n"
                         : "<p class=\"empty\">The training reported no progress. Pipe its log "
                           "through cct-progress, or let it write to $CCT_PROGRESS, and loss, "
                           "metrics and the energy of each epoch stand here.</p>\n");
        return;
    }
    cct_buf_adds(panel->out, "<div class=\"pair\">");
    for (size_t i = 0; i < count; i++)
        put_group(panel, &groups[i], i);
    cct_buf_adds(panel->out, "</div>\n");
}

/* Epochs that are told as one bar. */
struct cost {
    int64_t first, last;
    int64_t start_utc_ms, end_utc_ms;
    double energy_j, emission_g; /* of all of them */
};

static double epochs_in(const struct cost *cost)
{
    return (double)(cost->last - cost->first + 1);
}

/* An epoch lasts from the last report of the one before to its own last report; the first begins
 * with the run. Returns how many costs; they are owned by the caller. */
static size_t epoch_costs(const struct cct_panel *panel, struct cost **costs)
{
    const struct cct_training *training = &panel->run->training;
    size_t group = training->epoch_count / MAX_BARS + 1;
    int64_t number = training->epoch_first;
    int64_t since = panel->start_utc_ms;
    size_t count = 0;
    *costs = cct_xcalloc(training->epoch_count / group + 1, sizeof **costs);
    for (size_t i = 0; i < training->epoch_count; i += group) {
        size_t last =
            i + group <= training->epoch_count ? i + group - 1 : training->epoch_count - 1;
        int64_t end = since;
        for (size_t j = i; j <= last; j++)
            end = training->epochs[j].end_utc_ms > end ? training->epochs[j].end_utc_ms : end;
        struct cost *cost = &(*costs)[count++];
        *cost = (struct cost){.first = number,
                              .last = training->epochs[last].number,
                              .start_utc_ms = since,
                              .end_utc_ms = end};
        cost->energy_j = cct_cumulative_energy_j(&panel->cumulative, end) -
                         cct_cumulative_energy_j(&panel->cumulative, since);
        cost->emission_g = cct_cumulative_emission_g(&panel->cumulative, end) -
                           cct_cumulative_emission_g(&panel->cumulative, since);
        number = cost->last + 1;
        since = end;
    }
    return count;
}

static void put_epoch_range(struct cct_buf *out, const struct cost *cost)
{
    if (cost->first >= cost->last)
        cct_buf_addf(out, "%lld", (long long)cost->last);
    else
        cct_buf_addf(out, "%lld to %lld", (long long)cost->first, (long long)cost->last);
}

static void draw_costs(struct cct_panel *panel, const struct cost *costs, size_t count)
{
    double highest = 0;
    char ids[128];
    for (size_t i = 0; i < count; i++)
        highest = fmax(highest, costs[i].energy_j / epochs_in(&costs[i]) / 3.6e6);
    struct cct_axis y = cct_axis_make(0, highest, 4, true);
    struct cct_chart chart = {.out = panel->out,
                              .height_px = 140,
                              .x_labels = 10,
                              .x_lo = (double)costs[0].first - 0.5,
                              .x_hi = (double)costs[count - 1].last + 0.5};
    snprintf(ids, sizeof ids, "r%zu-epochs r%zu-epochs-s", panel->no, panel->no);
    cct_chart_open(&chart, &y, cct_unit_energy(y.hi), ids);
    for (size_t i = 0; i < count; i++) {
        cct_auto_buf title = {0};
        double n = epochs_in(&costs[i]);
        double gap = 0.12 * n;
        cct_buf_adds(&title, "epoch ");
        put_epoch_range(&title, &costs[i]);
        cct_buf_adds(&title, ": ");
        cct_put_energy(&title, costs[i].energy_j / n / 3.6e6);
        cct_buf_adds(&title, n > 1 ? " each, " : ", ");
        cct_put_duration(&title, (double)(costs[i].end_utc_ms - costs[i].start_utc_ms) / 1e3 / n);
        cct_chart_bar(&chart, (double)costs[i].first - 0.5 + gap, (double)costs[i].last + 0.5 - gap,
                      costs[i].energy_j / n / 3.6e6, cct_buf_str(&title));
    }
    cct_chart_close(&chart);
}

static void cost_table(struct cct_panel *panel, const struct cost *costs, size_t count)
{
    struct cct_buf *out = panel->out;
    cct_buf_adds(out, "<details><summary>Epochs as a table</summary><div class=\"scroll\" "
                      "tabindex=\"0\" role=\"region\" aria-label=\"Epochs\"><table><thead><tr>"
                      "<th scope=\"col\">Epoch</th><th scope=\"col\">Time</th>"
                      "<th scope=\"col\">Energy</th><th scope=\"col\">CO2e</th></tr></thead>"
                      "<tbody>");
    for (size_t i = 0; i < count; i++) {
        cct_buf_adds(out, "<tr><th scope=\"row\">");
        put_epoch_range(out, &costs[i]);
        cct_buf_adds(out, "</th><td>");
        cct_put_duration(out, (double)(costs[i].end_utc_ms - costs[i].start_utc_ms) / 1e3);
        cct_buf_adds(out, "</td><td>");
        cct_put_energy(out, costs[i].energy_j / 3.6e6);
        cct_buf_adds(out, "</td><td>");
        cct_put_mass(out, isfinite(panel->totals.emission_g) ? costs[i].emission_g : (double)NAN);
        cct_buf_adds(out, "</td></tr>");
    }
    cct_buf_adds(out, "</tbody></table></div></details>\n");
}

void cct_panel_epochs(struct cct_panel *panel)
{
    if (!panel->run->training.epoch_count || !isfinite(panel->totals.energy_kwh))
        return;
    cct_auto_buf sentence = {0};
    struct cost *costs = NULL;
    size_t count = epoch_costs(panel, &costs);
    double epochs = (double)panel->totals.epochs_done;
    int64_t end = costs[count - 1].end_utc_ms;
    double energy_j = cct_cumulative_energy_j(&panel->cumulative, end);
    cct_put_energy(&sentence, energy_j / epochs / 3.6e6);
    if (isfinite(panel->totals.emission_g)) {
        cct_buf_adds(&sentence, " and ");
        cct_put_mass(&sentence, cct_cumulative_emission_g(&panel->cumulative, end) / epochs);
        cct_buf_adds(&sentence, " CO2e");
    }
    cct_buf_adds(&sentence, " an epoch on average; an epoch ends with the last report that names "
                            "it, the first begins with the run.");
    cct_figure_open(panel, "epochs", "Energy per epoch", &sentence);
    draw_costs(panel, costs, count);
    cost_table(panel, costs, count);
    cct_figure_close(panel);
    free(costs);
}
