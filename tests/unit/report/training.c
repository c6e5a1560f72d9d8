/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "report/training.h"

#include <math.h>
#include <stdio.h>

static void say(struct cct_training *training, int64_t ts, const char *members)
{
    struct cct_rec rec = {0};
    cct_auto_buf line = {0};
    cct_buf_addf(&line, "{\"schema\":\"cct.progress/1\",%s}", members);
    assert_int_equal(cct_rec_scan(&rec, line.data, line.len, NULL), 0);
    cct_training_add(training, &rec, ts);
    cct_rec_free(&rec);
}

static void say_epoch(struct cct_training *training, int64_t ts, double epoch, double loss)
{
    char members[128];
    snprintf(members, sizeof members, "\"epoch\":%.3f,\"loss\":%.6f", epoch, loss);
    say(training, ts, members);
}

TEST(an_epoch_ends_with_its_last_report)
{
    struct cct_training training = {0};
    say_epoch(&training, 1000, 1, 0.9);
    say_epoch(&training, 2000, 1, 0.8);
    say_epoch(&training, 3000, 2, 0.7);
    assert_int_equal(cct_training_epochs(&training), 2);
    assert_int_equal(training.epochs[0].end_utc_ms, 2000);
    assert_int_equal(training.epochs[1].end_utc_ms, 3000);
    const struct cct_curve *loss = cct_training_curve(&training, "loss");
    assert_int_equal(loss->count, 2);
    assert_true(loss->points[0].y == 0.8);
    cct_training_free(&training);
}

TEST(epochs_may_count_from_nought)
{
    struct cct_training training = {0};
    for (int i = 0; i < 5; i++)
        say_epoch(&training, 1000 * i, i, 1);
    assert_int_equal(cct_training_epochs(&training), 5);
    cct_training_free(&training);
}

TEST(epochs_may_be_fractions)
{
    struct cct_training training = {0};
    for (int i = 1; i <= 30; i++)
        say_epoch(&training, 100 * i, i / 10.0, 1.0 / i);
    assert_int_equal(cct_training_epochs(&training), 3);
    assert_int_equal(training.epochs[0].end_utc_ms, 1000);
    assert_int_equal(cct_training_curve(&training, "loss")->count, 30);
    cct_training_free(&training);
}

TEST(reports_out_of_order_are_put_in_order)
{
    struct cct_training training = {0};
    say_epoch(&training, 3000, 3, 1);
    say_epoch(&training, 1000, 1, 1);
    say_epoch(&training, 2000, 2, 1);
    assert_int_equal(training.epoch_count, 3);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(training.epochs[i].number, i + 1);
        assert_int_equal(training.epochs[i].end_utc_ms, (i + 1) * 1000);
    }
    cct_training_free(&training);
}

TEST(a_hundred_thousand_epochs_stay_flat)
{
    struct cct_training training = {0};
    for (int i = 1; i <= 100000; i++)
        say_epoch(&training, 1000 * (int64_t)i, i, i == 54321 ? 99 : 1);
    assert_int_equal(cct_training_epochs(&training), 100000);
    assert_true(training.epoch_count <= CCT_MAX_EPOCHS);
    assert_int_equal(training.epochs[training.epoch_count - 1].end_utc_ms, 100000000);
    const struct cct_curve *loss = cct_training_curve(&training, "loss");
    assert_true(loss->count <= CCT_MAX_POINTS);
    double max = 0;
    for (size_t i = 0; i < loss->count; i++)
        max = fmax(max, loss->points[i].max);
    assert_true(max == 99);
    cct_training_free(&training);
}

TEST(metrics_are_curves_and_too_many_are_cut)
{
    struct cct_training training = {0};
    char members[128];
    say(&training, 1, "\"epoch\":1,\"metrics\":{\"val_loss\":-0.5,\"acc\":\"nan\",\"f\\u0031\":2}");
    assert_true(cct_training_curve(&training, "val_loss")->last == -0.5);
    assert_null(cct_training_curve(&training, "acc"));
    assert_true(cct_training_curve(&training, "f1")->last == 2);
    for (int i = 0; i < 100; i++) {
        snprintf(members, sizeof members, "\"epoch\":2,\"metrics\":{\"m%d\":1}", i);
        say(&training, 2, members);
    }
    assert_int_equal(training.names.count, CCT_MAX_CURVES);
    assert_true(training.curves_cut);
    cct_training_free(&training);
}

TEST(without_epochs_steps_are_the_axis)
{
    struct cct_training training = {0};
    say(&training, 1, "\"step\":10,\"loss\":1");
    say(&training, 2, "\"step\":20,\"loss\":0.5");
    assert_int_equal(training.axis, CCT_BY_STEP);
    assert_true(cct_training_curve(&training, "loss")->points[1].x == 20);
    assert_int_equal(cct_training_epochs(&training), 0);
    cct_training_free(&training);
}

TEST(senseless_epochs_are_passed_over)
{
    struct cct_training training = {0};
    say(&training, 1, "\"epoch\":-3,\"loss\":1");
    say(&training, 2, "\"epoch\":1e300,\"loss\":1");
    say(&training, 3, "\"epoch\":\"NaN\",\"loss\":\"inf\"");
    assert_int_equal(cct_training_epochs(&training), 0);
    cct_training_free(&training);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_epoch_ends_with_its_last_report),
        cmocka_unit_test(epochs_may_count_from_nought),
        cmocka_unit_test(epochs_may_be_fractions),
        cmocka_unit_test(reports_out_of_order_are_put_in_order),
        cmocka_unit_test(a_hundred_thousand_epochs_stay_flat),
        cmocka_unit_test(metrics_are_curves_and_too_many_are_cut),
        cmocka_unit_test(without_epochs_steps_are_the_axis),
        cmocka_unit_test(senseless_epochs_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
