/* SPDX-License-Identifier: Apache-2.0
 * Load curves, and how well a calibration on half of the measured points tells the other half. */
#include "sensor/curve.h"
#include "load_rows.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define LEN(a) (sizeof(a) / sizeof *(a))

static void a_line_and_a_bent_curve_are_found_again(void **state)
{
    (void)state;
    for (double bend = 0; bend <= 6; bend += 1.5) {
        struct cct_load_point points[9];
        double curve_w[CCT_CURVE_POINTS];
        double low;
        double high;
        for (size_t i = 0; i < LEN(points); i++) {
            points[i].busy = (double)i / 8;
            points[i].w = 20 + 80 * cct_bend(points[i].busy, bend);
        }
        assert_int_equal(cct_curve_fit(points, LEN(points), curve_w, &low, &high, NULL), 0);
        for (size_t i = 0; i < LEN(points); i++)
            assert_float_equal(cct_curve_w(curve_w, points[i].busy), points[i].w, 2);
        assert_float_equal(curve_w[0], 20, 1);
        assert_float_equal(low, 0.85, 0);
        assert_float_equal(high, 1.15, 0);
    }
}

static void an_outlier_moves_little(void **state)
{
    struct cct_load_point points[11];
    double curve_w[CCT_CURVE_POINTS];
    double low;
    double high;
    (void)state;
    for (size_t i = 0; i < LEN(points); i++)
        points[i] = (struct cct_load_point){(double)i / 10, 10 + 9 * (double)i};
    points[5].w *= 3;
    assert_int_equal(cct_curve_fit(points, LEN(points), curve_w, &low, &high, NULL), 0);
    assert_float_equal(curve_w[10], 100, 15);
    assert_true(high > 2); /* but the bounds tell of it */
}

static void too_little_is_refused(void **state)
{
    const struct cct_load_point same[] = {{0.5, 10}, {0.5, 11}, {0.5, 12}};
    const struct cct_load_point two[] = {{0, 10}, {1, 11}};
    const struct cct_load_point zero[] = {{0, 0}, {0.5, 11}, {1, 12}};
    double curve_w[CCT_CURVE_POINTS];
    double low;
    double high;
    struct cct_err err;
    (void)state;
    assert_int_equal(cct_curve_fit(same, 3, curve_w, &low, &high, &err), -1);
    assert_int_equal(err.code, CCT_DATAERR);
    assert_int_equal(cct_curve_fit(two, 2, curve_w, &low, &high, NULL), -1);
    assert_int_equal(cct_curve_fit(zero, 3, curve_w, &low, &high, NULL), -1);
    assert_int_equal(cct_curve_fit(NULL, 0, curve_w, &low, &high, NULL), -1);
}

struct score {
    double error;
    int count, inside;
};

/* Fits every second point of a machine and tests the others. */
static void half(int machine, size_t odd, struct score *score)
{
    struct cct_load_point points[LEN(load_rows)];
    double curve_w[CCT_CURVE_POINTS];
    double low;
    double high;
    size_t seen = 0;
    size_t count = 0;
    for (size_t i = 0; i < LEN(load_rows); i++)
        if (load_rows[i].machine == machine && seen++ % 2 == odd)
            points[count++] = (struct cct_load_point){load_rows[i].load_pct / 100, load_rows[i].w};
    assert_int_equal(cct_curve_fit(points, count, curve_w, &low, &high, NULL), 0);
    seen = 0;
    for (size_t i = 0; i < LEN(load_rows); i++) {
        if (load_rows[i].machine != machine || seen++ % 2 == odd)
            continue;
        double w = cct_curve_w(curve_w, load_rows[i].load_pct / 100);
        score->count++;
        score->inside += load_rows[i].w >= low * w && load_rows[i].w <= high * w;
        score->error += fabs(w / load_rows[i].w - 1);
    }
}

static void half_of_the_points_tell_the_other_half(void **state)
{
    struct score both = {0};
    (void)state;
    for (size_t odd = 0; odd < 2; odd++) {
        struct score score = {0};
        for (int m = 0; m < LOAD_MACHINES; m++)
            half(m, odd, &score);
        print_message("# half %zu: mean error %.1f %%, %d of %d within the bounds\n", odd,
                      100 * score.error / score.count, score.inside, score.count);
        assert_true(score.error / score.count < 0.12);
        both.inside += score.inside;
        both.count += score.count;
    }
    assert_true(both.inside >= 0.9 * both.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_and_a_bent_curve_are_found_again),
        cmocka_unit_test(an_outlier_moves_little),
        cmocka_unit_test(too_little_is_refused),
        cmocka_unit_test(half_of_the_points_tell_the_other_half),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
