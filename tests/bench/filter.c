/* SPDX-License-Identifier: Apache-2.0
 * The filter that the speed of the record room is measured with (tests/bench/filter.sh).
 *   bench_filter generate COUNT   sample records on stdout, always the same
 *   bench_filter multiply         reads energy_j, multiplies it, adds emission_g
 *   bench_filter pass [--strict]  hands every record on */
#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static double between(uint64_t *seed, double low, double high)
{
    return low + (high - low) * (double)next_random(seed) / 2147483648.0;
}

static void add_energy(struct cct_json *json, uint64_t *seed)
{
    double cpu = between(seed, 20, 180);
    double dram = between(seed, 3, 20);
    double board = between(seed, 10, 30);
    cct_json_double(json, "interval_s", 1 + between(seed, 0, 1e-5));
    cct_json_double(json, "energy_j", cpu + dram + board);
    cct_json_double(json, "power_w", cpu + dram + board);
    cct_json_double(json, "job_energy_j", cpu * 0.75);
    cct_json_double(json, "idle_energy_j", board);
    cct_json_double(json, "other_energy_j", cpu * 0.25 + dram);
    cct_json_open(json, "components", '{');
    cct_json_double(json, "cpu", cpu);
    cct_json_double(json, "dram", dram);
    cct_json_double(json, "board", board);
    cct_json_close(json, '}');
    cct_json_open(json, "sources", '{');
    cct_json_double(json, "rapl:package-0", cpu);
    cct_json_double(json, "rapl:dram-0", dram);
    cct_json_close(json, '}');
    cct_json_double(json, "measured_share", (cpu + dram) / (cpu + dram + board));
}

static void add_usage(struct cct_json *json, uint64_t *seed)
{
    cct_json_open(json, "usage", '{');
    cct_json_double(json, "cpu_pct", between(seed, 0, 100));
    cct_json_double(json, "job_cpu_pct", between(seed, 0, 100));
    cct_json_int(json, "memory_used_bytes", (int64_t)next_random(seed) * 16);
    cct_json_int(json, "job_memory_bytes", (int64_t)next_random(seed) * 8);
    cct_json_close(json, '}');
    if (next_random(seed) % 50)
        return;
    cct_json_open(json, "flags", '{');
    cct_json_open(json, "rapl:package-0", '[');
    cct_json_string(json, NULL, "wrap");
    cct_json_close(json, ']');
    cct_json_close(json, '}');
}

static int generate(long count)
{
    struct cct_stamp stamp = {.writer = "ABCDEFGHIJKLMNOP", .host = "node017", .run = "mnist-7"};
    struct cct_writer writer;
    struct cct_err err;
    cct_auto_buf line = {0};
    uint64_t seed = 7;
    cct_writer_init(&writer, STDOUT_FILENO);
    for (long i = 0; i < count; i++) {
        struct cct_json json =
            cct_record_begin(&line, &stamp, "cct.sample/1", INT64_C(1795502254123) + i * 1000);
        add_energy(&json, &seed);
        add_usage(&json, &seed);
        cct_record_end(&json);
        if (cct_writer_add(&writer, line.data, line.len, &err))
            return err.code;
    }
    return cct_writer_flush(&writer, &err) ? err.code : 0;
}

struct bench {
    struct cct_edit edit;
    struct cct_buf line;
};

static int multiply(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    struct bench *bench = ctx;
    cct_edit_reset(&bench->edit);
    bench->line.len = 0;
    double energy_j = cct_value_number(cct_rec_get(rec, "energy_j"));
    cct_edit_double(&bench->edit, "emission_g", energy_j * 0.000118);
    cct_edit_apply(&bench->edit, rec, &bench->line);
    return cct_writer_add(out, bench->line.data, bench->line.len, err);
}

static int pass(void *ctx, struct cct_rec *rec, struct cct_writer *out, struct cct_err *err)
{
    (void)ctx;
    if (cct_writer_add(out, rec->line.p, rec->line.len, err))
        return -1;
    return cct_writer_add(out, "\n", 1, err);
}

static const struct cct_program program = {.name = "bench_filter", .args_doc = "MODE"};

int main(int argc, char **argv)
{
    struct cct_cli cli;
    struct bench bench = {0};
    if (argc == 3 && strcmp(argv[1], "generate") == 0)
        return generate(strtol(argv[2], NULL, 10));
    bool multiplies = argc > 1 && strcmp(argv[1], "multiply") == 0;
    if (!multiplies && (argc < 2 || strcmp(argv[1], "pass") != 0))
        return CCT_USAGE;
    cct_cli_init(&cli, &program, argc - 1, argv + 1, NULL);
    struct cct_filter filter = {.record = multiplies ? multiply : pass, .ctx = &bench};
    int status = cct_filter_run(&cli, &filter, STDIN_FILENO, STDOUT_FILENO);
    cct_edit_free(&bench.edit);
    cct_buf_free(&bench.line);
    cct_cli_done(&cli);
    return status;
}
