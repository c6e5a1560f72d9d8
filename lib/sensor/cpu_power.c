/* SPDX-License-Identifier: Apache-2.0
 * What a CPU draws at rest and at full load, by the shipped table (facts/cpu_power.csv).
 *
 * How far off: the measured RAPL power of three machines (EPYC 8024P, Threadripper 1950X with its
 * two mirrored dies counted once, 2 x Xeon E5-2620 v3; codecarbon's cpu_load_profiling, MIT) at
 * loads from 3 % up, divided by our estimate, lies
 *   by the microarchitecture's row   between 0.31 and 2.32  (mean error 15 to 73 %)
 *   by the model's TDP               between 0.60 and 1.98  (mean error 20 to 25 %)
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
} by_uarch = {0.30, 2.40}, by_sku = {0.55, 2.00}, by_default = {0.30, 4.30};

/* Measured maxima are 0.47 to 0.69 of TDP, idle about a tenth. */
#define SKU_IDLE 0.10
#define SKU_MAX  0.70

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
                const struct bounds *bounds)
{
    power->idle_w = count * idle_w;
    power->max_w = count * max_w;
    power->low = bounds->low;
    power->high = bounds->high;
}

void cct_cpu_power_find(const struct cct_cpu *cpu, struct cct_cpu_power *power)
{
    const struct cct_fact_cpu *row = find_row(cpu->uarch);
    unsigned sockets = cpu->sockets ? cpu->sockets : 1;
    if (row) {
        set(power, cpu->threads, row->idle_w_per_vcpu, row->max_w_per_vcpu, &by_uarch);
        power->basis = "uarch";
    } else if (cpu->tdp_w > 0 && !cpu->hypervisor && cpu->threads) {
        set(power, sockets, SKU_IDLE * cpu->tdp_w, SKU_MAX * cpu->tdp_w, &by_sku);
        power->basis = "sku";
    } else {
        set(power, cpu->threads, coefficient("cpu_avg_min_aws"), coefficient("cpu_avg_max_aws"),
            &by_default);
        power->basis = "default";
    }
}
