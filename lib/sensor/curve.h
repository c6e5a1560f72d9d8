/* SPDX-License-Identifier: Apache-2.0
 * Load curves: the watts of a CPU by the share of its threads that is busy. Pure.
 *
 * Measured curves rise steeply at first and then bend: the second thread of a core, and cores at
 * the power limit, add little (codecarbon's cpu_load_profiling: an EPYC 8024P draws 0.87 of its
 * maximum at half load, a Threadripper 1950X 0.77, two Xeon E5-2620 v3 0.5 to 0.63). The form is
 *     W(u) = idle + (max - idle) x (1 - exp(-k u)) / (1 - exp(-k))
 * where the bend k is 0 for a straight line. */
#pragma once

#include "base/err.h"

#include <stddef.h>

#define CCT_CURVE_POINTS 11 /* at 0, 10, ... 100 % */

struct cct_load_point {
    double busy, w; /* busy: 0 to 1 */
};

/* (1 - exp(-k u)) / (1 - exp(-k)): 0 at 0, 1 at 1. */
double cct_bend(double busy, double bend);
/* Between the points by straight lines; a load outside 0 to 1 is taken as the nearer end. */
double cct_curve_w(const double curve_w[CCT_CURVE_POINTS], double busy);
/* The curve through measured points: for each of 25 bends from 0 to 6 the idle and the rest that
 * make the sum of relative errors least (iteratively reweighted least squares), and of these the
 * mean, each weighted by exp(-10 x (its error / the least error - 1)): no single bend is certain
 * with few points. low and high are the least and the greatest measured / fitted, moved away from 1
 * by 0.1, at least 0.85 and 1.15. CCT_DATAERR: fewer than 3 points of more than 0 W, or all at one
 * load. */
int cct_curve_fit(const struct cct_load_point *points, size_t count,
                  double curve_w[CCT_CURVE_POINTS], double *low, double *high,
                  struct cct_err *err) cct_must_check;
