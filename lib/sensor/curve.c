/* SPDX-License-Identifier: Apache-2.0 */
#include "curve.h"

#include <math.h>

#define BENDS      25
#define BEND_STEP  0.25
#define ROUNDS     30
#define FLAT_ERROR 0.1 /* below this relative error all points weigh alike: outliers, not noise */

double cct_bend(double busy, double bend)
{
    return bend > 1e-6 ? expm1(-bend * busy) / expm1(-bend) : busy;
}

double cct_curve_w(const double curve_w[CCT_CURVE_POINTS], double busy)
{
    double at = fmin(fmax(busy, 0), 1) * (CCT_CURVE_POINTS - 1);
    int i = (int)fmin(at, CCT_CURVE_POINTS - 2);
    return curve_w[i] + (at - i) * (curve_w[i + 1] - curve_w[i]);
}

struct line {
    double idle_w, rise_w, bend, error; /* error: mean relative */
};

static double line_w(const struct line *line, double busy)
{
    return line->idle_w + line->rise_w * cct_bend(busy, line->bend);
}

static double error_of(const struct line *line, const struct cct_load_point *p)
{
    return fabs(line_w(line, p->busy) - p->w) / p->w;
}

static double weight_of(const struct line *line, const struct cct_load_point *p, int round)
{
    double squares = p->w * p->w;
    return round ? 1 / (squares * fmax(error_of(line, p), FLAT_ERROR)) : 1 / squares;
}

/* Weighted least squares; neither idle nor rise may be negative. */
static void improve(struct line *line, const struct cct_load_point *points, size_t count, int round)
{
    double s = 0;
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    for (size_t i = 0; i < count; i++) {
        double c = weight_of(line, &points[i], round);
        double u = cct_bend(points[i].busy, line->bend);
        s += c;
        x += c * u;
        y += c * points[i].w;
        xx += c * u * u;
        xy += c * u * points[i].w;
    }
    double det = s * xx - x * x;
    line->idle_w = (y * xx - x * xy) / det;
    line->rise_w = (s * xy - x * y) / det;
    if (line->idle_w < 0) {
        line->idle_w = 0;
        line->rise_w = xy / xx;
    } else if (line->rise_w < 0) {
        line->idle_w = y / s;
        line->rise_w = 0;
    }
}

static struct line fit_line(const struct cct_load_point *points, size_t count, double bend)
{
    struct line line = {.bend = bend};
    for (int round = 0; round < ROUNDS; round++)
        improve(&line, points, count, round);
    for (size_t i = 0; i < count; i++)
        line.error += error_of(&line, &points[i]) / (double)count;
    return line;
}

static int check_points(const struct cct_load_point *points, size_t count, struct cct_err *err)
{
    double least = INFINITY;
    double most = -INFINITY;
    for (size_t i = 0; i < count; i++) {
        if (!(points[i].w > 0) || !isfinite(points[i].w) || !(points[i].busy >= 0))
            return cct_fail(err, CCT_DATAERR, "a load curve needs points above 0 W");
        least = fmin(least, points[i].busy);
        most = fmax(most, points[i].busy);
    }
    if (count < 3 || most - least < 0.05)
        return cct_fail(err, CCT_DATAERR,
                        "a load curve needs 3 points of different loads, not %zu over %.0f %%",
                        count, count ? 100 * (most - least) : 0);
    return 0;
}

int cct_curve_fit(const struct cct_load_point *points, size_t count,
                  double curve_w[CCT_CURVE_POINTS], double *low, double *high, struct cct_err *err)
{
    struct line lines[BENDS];
    double least = INFINITY;
    double sum = 0;
    if (check_points(points, count, err))
        return -1;
    for (int b = 0; b < BENDS; b++) {
        lines[b] = fit_line(points, count, b * BEND_STEP);
        least = fmin(least, lines[b].error);
    }
    for (int i = 0; i < CCT_CURVE_POINTS; i++)
        curve_w[i] = 0;
    for (int b = 0; b < BENDS; b++) {
        double weight = exp(-10 * (lines[b].error / fmax(least, 1e-9) - 1));
        sum += weight;
        for (int i = 0; i < CCT_CURVE_POINTS; i++)
            curve_w[i] += weight * line_w(&lines[b], (double)i / (CCT_CURVE_POINTS - 1));
    }
    for (int i = 0; i < CCT_CURVE_POINTS; i++)
        curve_w[i] /= sum;
    *low = 0.85;
    *high = 1.15;
    for (size_t i = 0; i < count; i++) {
        double ratio = points[i].w / cct_curve_w(curve_w, points[i].busy);
        *low = fmin(*low, ratio - 0.10);
        *high = fmax(*high, ratio + 0.10);
    }
    return 0;
}
