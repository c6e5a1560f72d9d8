/* SPDX-License-Identifier: Apache-2.0
 * Writes COUNT lines of cct.sample/1 (or, with --emission, cct.emission/1) as cct-sample would,
 * fast enough not to be what a benchmark measures. gen_samples COUNT [--run ID] [--host NAME] [--hz
 * N] [--emission] */
#include "base/alloc.h"
#include "base/clock.h"
#include "record/io.h"
#include "record/number.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct settings {
    uint64_t count;
    const char *run, *host;
    double hz;
    bool emission;
};

/* Marsaglia's xorshift64*: the same numbers on every machine. */
static double noise(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (double)((*state * UINT64_C(0x2545f4914f6cdd1d)) >> 11) * 0x1p-53;
}

static void put_double(struct cct_buf *out, const char *key, double v)
{
    cct_buf_adds(out, key);
    out->len += cct_format_double(cct_buf_reserve(out, CCT_NUMBER_MAX), v);
}

static double rounded(double v)
{
    return round(v * 1000) / 1000;
}

static void put_head(struct cct_buf *out, const struct settings *set, uint64_t n)
{
    char digits[12];
    char ts[CCT_INSTANT_LEN + 1];
    uint64_t seq = n;
    for (int i = 10; i >= 0; i--, seq /= 10)
        digits[i] = (char)('0' + seq % 10);
    cct_instant_format(ts, INT64_C(1764000000000) + (int64_t)((double)(n + 1) * 1000 / set->hz));
    cct_buf_adds(out, set->emission ? "{\"schema\":\"cct.emission/1\",\"id\":\"GENSAMPLESBENCHM-"
                                    : "{\"schema\":\"cct.sample/1\",\"id\":\"GENSAMPLESBENCHM-");
    cct_buf_add(out, digits, 11);
    cct_buf_adds(out, "\",\"ts\":\"");
    cct_buf_add(out, ts, CCT_INSTANT_LEN);
    cct_buf_adds(out, "\",\"host\":\"");
    cct_buf_adds(out, set->host);
    cct_buf_adds(out, "\",\"run\":\"");
    cct_buf_adds(out, set->run);
}

static void put_line(struct cct_buf *out, const struct settings *set, uint64_t n, uint64_t *state)
{
    double interval_s = 1 / set->hz;
    double cpu_j = rounded((60 + 40 * noise(state)) * interval_s);
    double dram_j = rounded((6 + 2 * noise(state)) * interval_s);
    double gpu_j = rounded((250 + 80 * noise(state)) * interval_s);
    double energy_j = cpu_j + dram_j + gpu_j;
    put_head(out, set, n);
    put_double(out, "\",\"interval_s\":", interval_s);
    put_double(out, ",\"energy_j\":", energy_j);
    put_double(out, ",\"power_w\":", rounded(energy_j / interval_s));
    put_double(out, ",\"job_energy_j\":", rounded(energy_j * 0.75));
    put_double(out, ",\"idle_energy_j\":", rounded(energy_j * 0.2));
    put_double(out, ",\"other_energy_j\":", rounded(energy_j * 0.05));
    put_double(out, ",\"components\":{\"cpu\":", cpu_j);
    put_double(out, ",\"dram\":", dram_j);
    put_double(out, ",\"gpu\":", gpu_j);
    put_double(out, "},\"sources\":{\"rapl:package-0\":", cpu_j);
    put_double(out, ",\"rapl:dram-0\":", dram_j);
    put_double(out, ",\"nvml:GPU-0\":", gpu_j);
    put_double(out, "},\"measured_share\":1.0,\"usage\":{\"cpu_pct\":", rounded(cpu_j * 0.7));
    cct_buf_adds(out, ",\"job_cpu_pct\":31.5,\"memory_used_bytes\":8123416576}");
    if (set->emission) {
        double g = energy_j / 3.6e6 * 423;
        cct_buf_adds(out, ",\"zone\":\"KR\",\"intensity_g_per_kwh\":423.0,"
                          "\"intensity_provider\":\"table\",\"intensity_quality\":\"annual\","
                          "\"pue\":1.0");
        put_double(out, ",\"emission_g\":", g);
    }
    cct_buf_adds(out, "}\n");
}

static const char *value_of(char **argv, int *i)
{
    if (!argv[*i + 1]) {
        fprintf(stderr, "gen_samples: %s needs a value\n", argv[*i]);
        exit(CCT_USAGE);
    }
    return argv[++*i];
}

static struct settings read_settings(char **argv)
{
    struct settings set = {.run = "bench", .host = "bench-host", .hz = 1};
    for (int i = 1; argv[i]; i++) {
        if (strcmp(argv[i], "--run") == 0)
            set.run = value_of(argv, &i);
        else if (strcmp(argv[i], "--host") == 0)
            set.host = value_of(argv, &i);
        else if (strcmp(argv[i], "--hz") == 0)
            set.hz = strtod(value_of(argv, &i), NULL);
        else if (strcmp(argv[i], "--emission") == 0)
            set.emission = true;
        else
            set.count = strtoull(argv[i], NULL, 10);
    }
    if (!set.count || !(set.hz > 0)) {
        fputs("usage: gen_samples COUNT [--run ID] [--host NAME] [--hz N] [--emission]\n", stderr);
        exit(CCT_USAGE);
    }
    return set;
}

int main(int argc, char **argv)
{
    (void)argc;
    struct settings set = read_settings(argv);
    struct cct_buf out = {0};
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    for (uint64_t n = 0; n < set.count; n++) {
        put_line(&out, &set, n, &state);
        if (out.len < 256 * 1024 && n + 1 < set.count)
            continue;
        if (cct_write_all(STDOUT_FILENO, out.data, out.len)) {
            if (errno != EPIPE)
                perror("gen_samples");
            return CCT_IOERR;
        }
        out.len = 0;
    }
    cct_buf_free(&out);
    return CCT_OK;
}
