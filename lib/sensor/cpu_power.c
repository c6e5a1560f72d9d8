/* SPDX-License-Identifier: Apache-2.0
 * What a CPU draws by the shipped table (facts/cpu_power.csv) and the share of its threads that is
 * busy.
 *
 * By the model's TDP, on bare metal:
 *     W(u) = TDP x (0.08 + 0.42 x bend(u, 1.25))      (bend: curve.h)
 * Three machines (EPYC 8024P, Threadripper 1950X with its two mirrored dies counted once, 2 x Xeon
 * E5-2620 v3; codecarbon's cpu_load_profiling, MIT) reach 0.47 to 0.69 of TDP; at a tenth of the
 * load they draw 0.10 to 0.21 of it. The three numbers are one set for all machines; fitted on two
 * machines and tested on the third the mean error is 10 to 32 %. tests/bench/accuracy prints it.
 * By the microarchitecture's row, or the mean of all, in W a thread: a straight line. These are
 * SPECpower averages of whole servers, and a guest's threads see neighbours of unknown load, so
 * that no bend can be told.
 *
 * How far off: measured / estimated on those machines at loads from 5 % up lies
 *   by the model's TDP               between 0.58 and 1.97  (mean error 17 to 22 %)
 *   by the microarchitecture's row   between 0.31 and 2.32  (mean error 17 to 73 %)
 *   by the mean of all               between 0.60 and 1.88  (mean error 16 to 22 %)
 * and for one desktop CPU, not told apart from another machine's run, up to 4.3 by the mean of all.
 * The bounds are these ranges, a little widened. */
#include "cpu.h"

#include "facts/facts.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static const struct bounds {
    double low, high;
} by_uarch = {0.30, 2.40}, by_sku = {0.55, 2.10}, by_default = {0.30, 4.30};

#define SKU_IDLE 0.08
#define SKU_MAX  0.50
#define SKU_BEND 1.25

/* Words that the kernel's model name has and the table has not. */
static bool is_noise(const char *word, size_t n)
{
    static const char *const noise[] = {"CPU", "Processor", "with"};
    for (size_t i = 0; i < CCT_LEN(noise); i++)
        if (strlen(noise[i]) == n && strncasecmp(noise[i], word, n) == 0)
            return true;
    return false;
}

/* The next word that means something, without (R) and (TM). Returns its length, 0 at the end. */
static size_t next_word(const char **s, const char **word)
{
    for (;;) {
        *s += strspn(*s, " \t");
        *word = *s;
        size_t n = strcspn(*s, " \t");
        *s += n;
        const char *mark = memchr(*word, '(', n);
        if (mark)
            n = (size_t)(mark - *word);
        if (!n && !mark)
            return 0;
        if (n && !is_noise(*word, n))
            return n;
    }
}

/* Number of words of name if they begin model, else 0. */
static unsigned begins(const char *model, const char *name)
{
    const char *m;
    const char *k;
    unsigned words = 0;
    for (;;) {
        size_t nk = next_word(&name, &k);
        if (!nk)
            return words;
        size_t nm = next_word(&model, &m);
        if (nm != nk || strncasecmp(m, k, nk) != 0)
            return 0;
        words++;
    }
}

double cct_cpu_tdp_w(const char *model)
{
    unsigned best = 0;
    double tdp_w = NAN;
    for (size_t i = 0; i < cct_fact_cpus_count; i++) {
        const struct cct_fact_cpu *c = &cct_fact_cpus[i];
        unsigned words = strcmp(c->kind, "sku") == 0 ? begins(model, c->name) : 0;
        if (words > best) {
            best = words;
            tdp_w = c->tdp_w;
        }
    }
    return tdp_w;
}

/* A row that its own note calls suspect is not used. */
static const struct cct_fact_cpu *find_row(const char *uarch)
{
    for (size_t i = 0; uarch && i < cct_fact_cpus_count; i++) {
        const struct cct_fact_cpu *c = &cct_fact_cpus[i];
        if (strcmp(c->kind, "uarch") == 0 && strcmp(c->name, uarch) == 0 &&
            !strstr(c->note, "suspect") && c->idle_w_per_vcpu > 0 && c->max_w_per_vcpu > 0)
            return c;
    }
    return NULL;
}

static double coefficient(const char *name)
{
    for (size_t i = 0; i < cct_fact_coefficients_count; i++)
        if (strcmp(cct_fact_coefficients[i].component, name) == 0)
            return cct_fact_coefficients[i].value;
    return NAN;
}

static void set(struct cct_cpu_power *power, double count, double idle_w, double max_w,
                const struct bounds *bounds, const char *basis)
{
    *power = (struct cct_cpu_power){
        .idle_w = count * idle_w,
        .max_w = count * max_w,
        .low = bounds->low,
        .high = bounds->high,
        .basis = basis,
    };
}

void cct_cpu_power_find(const struct cct_cpu *cpu, struct cct_cpu_power *power)
{
    const struct cct_fact_cpu *row = find_row(cpu->uarch);
    unsigned sockets = cpu->sockets ? cpu->sockets : 1;
    if (cpu->tdp_w > 0 && !cpu->hypervisor && cpu->threads) {
        set(power, sockets * cpu->tdp_w, SKU_IDLE, SKU_MAX, &by_sku, "sku");
        power->bend = SKU_BEND;
    } else if (row) {
        set(power, cpu->threads, row->idle_w_per_vcpu, row->max_w_per_vcpu, &by_uarch, "uarch");
    } else {
        set(power, cpu->threads, coefficient("cpu_avg_min_aws"), coefficient("cpu_avg_max_aws"),
            &by_default, "default");
    }
}

double cct_cpu_power_w(const struct cct_cpu_power *power, double busy)
{
    if (strcmp(power->basis, "calibrated") == 0)
        return cct_curve_w(power->curve_w, busy);
    return power->idle_w + (power->max_w - power->idle_w) * cct_bend(busy, power->bend);
}
