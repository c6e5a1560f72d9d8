/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: drawing a chart as SVG. Labels keep their size at every width of the page:
 * their x is given in percent, and only the shapes are stretched. */
#pragma once

#include "units.h"

#define CCT_CHART_POINTS 400 /* most points of one line */

struct cct_chart {
    struct cct_buf *out;
    double height_px; /* of the plot, without its labels */
    double x_lo, x_hi;
    bool time;    /* x is UTC milliseconds */
    int x_labels; /* about how many fit */
    double y_lo, y_hi;
    bool stretched;                 /* private: inside the part that stretches */
    bool broken;                    /* private: the path has no piece that goes on */
    double base_px, last_x, last_y; /* private */
};

/* Opens the drawing with its axes. Values are divided by unit.factor before they become labels;
 * unit.name stands above the axis. ids: the elements that say what is drawn. */
void cct_chart_open(struct cct_chart *chart, const struct cct_axis *y, struct cct_unit unit,
                    const char *ids);
void cct_chart_close(struct cct_chart *chart);

/* One path at a time: begin, any number of steps or lines, end. NAN breaks it. An area is closed
 * down to base, a line (base NAN) is not. css_class is a name of the style sheet. */
void cct_path_begin(struct cct_chart *chart, const char *css_class, double base);
void cct_path_step(struct cct_chart *chart, double x0, double x1, double y); /* y from x0 to x1 */
void cct_path_line(struct cct_chart *chart, double x, double y);             /* to a corner */
void cct_path_end(struct cct_chart *chart);

/* Steps between two heights: the band of extremes. */
void cct_chart_band(struct cct_chart *chart, double x0, double x1, double lo, double hi);
/* A bar; title (escaped) is what a pointer over it says. */
void cct_chart_bar(struct cct_chart *chart, double x0, double x1, double y, const char *title);
/* A round mark that does not stretch. No path may follow it. */
void cct_chart_dot(struct cct_chart *chart, double x, double y, const char *css_class);
