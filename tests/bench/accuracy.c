/* SPDX-License-Identifier: Apache-2.0
 * How far the CPU's estimate is off on machines that were measured, beside codecarbon's own
 * estimate of the same runs, and the line TDP x load. accuracy: prints the table; exit 1 where what
 * is promised is not kept. */
#include "sensor/cpu.h"
#include "sensor/load_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct score {
    double error;
    int count, inside;
};

static void add(struct score *score, double w, double low, double high, double truth_w)
{
    score->error += fabs(w / truth_w - 1);
    score->inside += truth_w >= low * w && truth_w <= high * w;
    score->count++;
}

static double error_pct(const struct score *score)
{
    return score->count ? 100 * score->error / score->count : (double)NAN;
}

/* The points of all machines but one (or of one alone), in parts of their TDP. */
static size_t gather(int machine, bool others, struct cct_load_point *points)
{
    size_t n = 0;
    for (size_t i = 0; i < CCT_LEN(load_rows); i++) {
        const struct load_run *m = &load_machines[load_rows[i].machine];
        if ((load_rows[i].machine == machine) == others)
            continue;
        points[n].busy = load_rows[i].load_pct / 100;
        points[n++].w = load_rows[i].w / (m->sockets * m->tdp_w);
    }
    return n;
}

/* Fitted on the other machines. */
static void leave_one_out(int machine, struct score *score)
{
    struct cct_load_point points[CCT_LEN(load_rows)];
    double curve_w[CCT_CURVE_POINTS];
    double low;
    double high;
    size_t n = gather(machine, true, points);
    if (cct_curve_fit(points, n, curve_w, &low, &high, NULL))
        exit(70);
    n = gather(machine, false, points);
    for (size_t i = 0; i < n; i++)
        add(score, cct_curve_w(curve_w, points[i].busy), low, high, points[i].w);
}

static int by_load(const void *a, const void *b)
{
    double x = ((const struct cct_load_point *)a)->busy;
    double y = ((const struct cct_load_point *)b)->busy;
    return (x > y) - (x < y);
}

/* Fitted on every second point, in the order of the runs or of the load, tested on the others. */
static void half(int machine, bool sorted, size_t odd, struct score *score)
{
    struct cct_load_point points[CCT_LEN(load_rows)];
    struct cct_load_point train[CCT_LEN(load_rows)];
    double curve_w[CCT_CURVE_POINTS];
    double low;
    double high;
    size_t n = gather(machine, false, points);
    size_t m = 0;
    if (sorted)
        qsort(points, n, sizeof *points, by_load);
    for (size_t i = odd; i < n; i += 2)
        train[m++] = points[i];
    if (cct_curve_fit(train, m, curve_w, &low, &high, NULL))
        exit(70);
    for (size_t i = 1 - odd; i < n; i += 2)
        add(score, cct_curve_w(curve_w, points[i].busy), low, high, points[i].w);
}

static void by_table(int machine, bool tdp, bool uarch, struct score *score)
{
    const struct load_run *m = &load_machines[machine];
    struct cct_cpu cpu = {.threads = m->threads, .sockets = m->sockets, .stepping = -1};
    struct cct_cpu_power power;
    cpu.tdp_w = tdp ? cct_cpu_tdp_w(m->model) : (double)NAN;
    cpu.uarch = uarch ? m->uarch : NULL;
    cct_cpu_power_find(&cpu, &power);
    for (size_t i = 0; i < CCT_LEN(load_rows); i++)
        if (load_rows[i].machine == machine)
            add(score, cct_cpu_power_w(&power, load_rows[i].load_pct / 100), power.low, power.high,
                load_rows[i].w);
}

static void of_peers(int machine, struct score *codecarbon, struct score *line)
{
    const struct load_run *m = &load_machines[machine];
    for (size_t i = 0; i < CCT_LEN(load_rows); i++) {
        const struct load_row *r = &load_rows[i];
        if (r->machine != machine)
            continue;
        add(codecarbon, r->codecarbon_w, 1, 1, r->w);
        add(line, m->sockets * m->tdp_w * r->load_pct / 100, 1, 1, r->w);
    }
}

enum { TABLE, UARCH, DEFAULT, OUT, RUNS_A, RUNS_B, SORTED_A, SORTED_B, CODECARBON, LINE, METHODS };

static const char *const titles[METHODS] = {
    "cct, by TDP",
    "cct, by microarchitecture",
    "cct, by the mean of all",
    "cct's curve, fitted on the other machines",
    "cct, calibrated by odd points of each run",
    "cct, calibrated by even points of each run",
    "cct, calibrated by odd points by load",
    "cct, calibrated by even points by load",
    "codecarbon's own estimate",
    "TDP x load",
};

static void score_machine(int m, struct score scores[METHODS])
{
    by_table(m, true, true, &scores[TABLE]);
    by_table(m, false, true, &scores[UARCH]);
    by_table(m, false, false, &scores[DEFAULT]);
    leave_one_out(m, &scores[OUT]);
    half(m, false, 0, &scores[RUNS_A]);
    half(m, false, 1, &scores[RUNS_B]);
    half(m, true, 0, &scores[SORTED_A]);
    half(m, true, 1, &scores[SORTED_B]);
    of_peers(m, &scores[CODECARBON], &scores[LINE]);
}

static void print_row(int method, struct score of[LOAD_MACHINES][METHODS], struct score *all)
{
    printf("%-42s", titles[method]);
    for (int m = 0; m < LOAD_MACHINES; m++) {
        const struct score *s = &of[m][method];
        printf(" %7.1f", error_pct(s));
        all->error += s->error;
        all->inside += s->inside;
        all->count += s->count;
    }
    printf(" %7.1f", error_pct(all));
    if (method < CODECARBON)
        printf(" %9.0f", 100.0 * all->inside / all->count);
    putchar('\n');
}

int main(void)
{
    struct score of[LOAD_MACHINES][METHODS] = {0};
    struct score all[METHODS] = {0};
    for (int m = 0; m < LOAD_MACHINES; m++)
        score_machine(m, of[m]);
    printf("mean absolute error, %% of the measured power, at loads of 5 %% and more\n");
    printf("%-42s %7s %7s %7s %7s %9s\n", "", "8024P", "1950X", "2620v3", "all", "in bounds");
    for (int i = 0; i < METHODS; i++)
        print_row(i, of, &all[i]);
    bool good = error_pct(&all[TABLE]) < 25 && error_pct(&all[OUT]) < 25 &&
                all[TABLE].inside >= 0.9 * all[TABLE].count;
    int inside = 0;
    int count = 0;
    for (int i = RUNS_A; i <= SORTED_B; i++) {
        good = good && error_pct(&all[i]) < 12;
        inside += all[i].inside;
        count += all[i].count;
    }
    printf(
        "calibrated: %.0f %% within the bounds\n"
        "(the 1950X's two mirrored dies are counted once; codecarbon's estimate was made to meet "
        "their sum)\n",
        100.0 * inside / count);
    return good && inside >= 0.9 * count ? 0 : 1;
}
