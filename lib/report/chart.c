/* SPDX-License-Identifier: Apache-2.0 */
#include "chart.h"

#include <math.h>

#define WIDTH    1000.0 /* of the part that stretches */
#define TOP_PX   22
#define UNDER_PX 24
#define Y_PX     56

static double part_x(const struct cct_chart *chart, double x)
{
    double part = (x - chart->x_lo) / (chart->x_hi - chart->x_lo);
    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static double px_y(const struct cct_chart *chart, double y)
{
    double part = (y - chart->y_lo) / (chart->y_hi - chart->y_lo);
    return chart->height_px * (1 - fmin(1, fmax(0, part)));
}

/* One decimal, or none. */
static void put_coord(struct cct_buf *out, double v)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%.1f", v);
    if (n > 2 && text[n - 1] == '0')
        n -= 2;
    cct_buf_add(out, text, (size_t)n);
}

static void y_axis(struct cct_chart *chart, const struct cct_axis *axis, struct cct_unit unit)
{
    struct cct_buf *out = chart->out;
    struct cct_axis shown =
        cct_axis_make(axis->first / unit.factor, axis->hi / unit.factor, axis->count, false);
    int decimals = shown.decimals;
    cct_buf_addf(out, "<svg class=\"ya\" width=\"%d\" height=\"%d\" aria-hidden=\"true\">", Y_PX,
                 (int)chart->height_px + TOP_PX + UNDER_PX);
    cct_buf_addf(out, "<text class=\"u\" x=\"%d\" y=\"11\" text-anchor=\"end\">%s</text>", Y_PX - 8,
                 unit.name);
    for (int i = 0; i < axis->count; i++) {
        double y = cct_axis_tick(axis, i);
        cct_buf_addf(out, "<text x=\"%d\" y=\"", Y_PX - 8);
        put_coord(out, TOP_PX + px_y(chart, y) + 4);
        cct_buf_adds(out, "\" text-anchor=\"end\">");
        cct_put_decimals(out, y / unit.factor, decimals);
        cct_buf_adds(out, "</text>");
    }
    cct_buf_adds(out, "</svg>");
}

static void level_line(struct cct_chart *chart, double y, const char *css_class)
{
    cct_buf_addf(chart->out, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"", css_class);
    put_coord(chart->out, TOP_PX + px_y(chart, y));
    cct_buf_adds(chart->out, "\" y2=\"");
    put_coord(chart->out, TOP_PX + px_y(chart, y));
    cct_buf_adds(chart->out, "\"/>");
}

/* Every second label leaves when the page is narrow. */
static void x_label_open(struct cct_chart *chart, double x, int i)
{
    double pct = part_x(chart, x) * 100;
    const char *anchor = pct < 4 ? "start" : pct > 96 ? "end" : "middle";
    int bottom = (int)chart->height_px + TOP_PX;
    cct_buf_addf(chart->out,
                 "<g%s><line class=\"t\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>"
                 "<text x=\"%.2f%%\" y=\"%d\" text-anchor=\"%s\">",
                 i % 2 ? " class=\"odd\"" : "", pct, pct, bottom, bottom + 5, pct, bottom + 18,
                 anchor);
}

static void x_axis(struct cct_chart *chart)
{
    if (chart->time) {
        struct cct_time_axis axis =
            cct_time_axis_make((int64_t)chart->x_lo, (int64_t)chart->x_hi, chart->x_labels);
        if (axis.step_ms < 60000) /* labels with seconds are longer */
            axis = cct_time_axis_make((int64_t)chart->x_lo, (int64_t)chart->x_hi,
                                      chart->x_labels * 2 / 3);
        for (int i = 0; i < axis.count; i++) {
            int64_t t = axis.first_utc_ms + i * axis.step_ms;
            x_label_open(chart, (double)t, i);
            cct_put_time_tick(chart->out, t, axis.step_ms);
            cct_buf_adds(chart->out, "</text></g>");
        }
        return;
    }
    struct cct_axis axis = cct_axis_make(chart->x_lo, chart->x_hi, chart->x_labels, false);
    for (int i = 0; i < axis.count; i++) {
        x_label_open(chart, cct_axis_tick(&axis, i), i);
        cct_put_decimals(chart->out, cct_axis_tick(&axis, i), axis.decimals);
        cct_buf_adds(chart->out, "</text></g>");
    }
}

void cct_chart_open(struct cct_chart *chart, const struct cct_axis *y, struct cct_unit unit,
                    const char *ids)
{
    chart->y_lo = y->lo;
    chart->y_hi = y->hi;
    cct_buf_addf(chart->out, "<div class=\"chart\" role=\"img\" aria-labelledby=\"%s\">", ids);
    y_axis(chart, y, unit);
    cct_buf_addf(chart->out,
                 "<svg class=\"pl\" width=\"100%%\" height=\"%d\" aria-hidden=\"true\">",
                 (int)chart->height_px + TOP_PX + UNDER_PX);
    for (int i = 0; i < y->count; i++)
        level_line(chart, cct_axis_tick(y, i), "g");
    x_axis(chart);
    cct_buf_addf(chart->out,
                 "<svg y=\"%d\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 1000 %d\" "
                 "preserveAspectRatio=\"none\" overflow=\"visible\">",
                 TOP_PX, (int)chart->height_px, (int)chart->height_px);
    chart->stretched = true;
}

static void leave_stretched(struct cct_chart *chart)
{
    if (chart->stretched)
        cct_buf_adds(chart->out, "</svg>");
    chart->stretched = false;
}

void cct_chart_close(struct cct_chart *chart)
{
    leave_stretched(chart);
    if (chart->y_lo <= 0 && chart->y_hi >= 0)
        level_line(chart, 0, "b");
    cct_buf_adds(chart->out, "</svg></div>\n");
}

void cct_path_begin(struct cct_chart *chart, const char *css_class, double base)
{
    cct_buf_addf(chart->out, "<path class=\"%s\" d=\"", css_class);
    chart->broken = true;
    chart->base_px = isnan(base) ? (double)NAN : px_y(chart, base);
}

static void put_pair(struct cct_chart *chart, char verb, double x, double y)
{
    cct_buf_addc(chart->out, verb);
    put_coord(chart->out, x);
    cct_buf_addc(chart->out, ' ');
    put_coord(chart->out, y);
}

static void put_one(struct cct_chart *chart, char verb, double v)
{
    cct_buf_addc(chart->out, verb);
    put_coord(chart->out, v);
}

/* Ends a piece: an area goes down to its base and back to where it began. */
static void close_piece(struct cct_chart *chart)
{
    if (!chart->broken && !isnan(chart->base_px)) {
        put_one(chart, 'V', chart->base_px);
        cct_buf_addc(chart->out, 'Z');
    }
    chart->broken = true;
}

static void start_piece(struct cct_chart *chart, double x, double y)
{
    if (isnan(chart->base_px)) {
        put_pair(chart, 'M', x, y);
    } else {
        put_pair(chart, 'M', x, chart->base_px);
        put_one(chart, 'V', y);
    }
    chart->broken = false;
    chart->last_x = x;
    chart->last_y = y;
}

/* Steps of one height are one line: only its end is written, when the height changes. */
void cct_path_step(struct cct_chart *chart, double x0, double x1, double y)
{
    if (isnan(y)) {
        close_piece(chart);
        return;
    }
    double px0 = part_x(chart, x0) * WIDTH;
    double px1 = part_x(chart, x1) * WIDTH;
    double py = px_y(chart, y);
    if (chart->broken) {
        start_piece(chart, px0, py);
    } else if (fabs(py - chart->last_y) >= 0.05) {
        put_one(chart, 'V', py);
        chart->last_y = py;
    }
    put_one(chart, 'H', px1);
    chart->last_x = px1;
}

void cct_path_line(struct cct_chart *chart, double x, double y)
{
    if (isnan(y)) {
        close_piece(chart);
        return;
    }
    double px = part_x(chart, x) * WIDTH;
    double py = px_y(chart, y);
    if (chart->broken)
        start_piece(chart, px, py);
    else
        put_pair(chart, 'L', px, py);
    chart->last_x = px;
    chart->last_y = py;
}

void cct_path_end(struct cct_chart *chart)
{
    close_piece(chart);
    cct_buf_adds(chart->out, "\"/>");
}

void cct_chart_band(struct cct_chart *chart, double x0, double x1, double lo, double hi)
{
    double top = px_y(chart, hi);
    double bottom = px_y(chart, lo);
    if (!(bottom - top >= 0.1))
        return;
    put_pair(chart, 'M', part_x(chart, x0) * WIDTH, top);
    put_one(chart, 'H', part_x(chart, x1) * WIDTH);
    put_one(chart, 'V', bottom);
    put_one(chart, 'H', part_x(chart, x0) * WIDTH);
    cct_buf_addc(chart->out, 'Z');
}

void cct_chart_bar(struct cct_chart *chart, double x0, double x1, double y, const char *title)
{
    if (isnan(y))
        return;
    double px = part_x(chart, x0) * WIDTH;
    double top = px_y(chart, y);
    cct_buf_adds(chart->out, "<rect class=\"bar\" x=\"");
    put_coord(chart->out, px);
    cct_buf_adds(chart->out, "\" y=\"");
    put_coord(chart->out, top);
    cct_buf_adds(chart->out, "\" width=\"");
    put_coord(chart->out, part_x(chart, x1) * WIDTH - px);
    cct_buf_adds(chart->out, "\" height=\"");
    put_coord(chart->out, px_y(chart, 0) - top);
    cct_buf_addf(chart->out, "\"><title>%s</title></rect>", title);
}

void cct_chart_dot(struct cct_chart *chart, double x, double y, const char *css_class)
{
    leave_stretched(chart);
    cct_buf_addf(chart->out, "<circle class=\"%s\" cx=\"%.2f%%\" cy=\"", css_class,
                 part_x(chart, x) * 100);
    put_coord(chart->out, TOP_PX + px_y(chart, y));
    cct_buf_adds(chart->out, "\" r=\"3\"/>");
}
