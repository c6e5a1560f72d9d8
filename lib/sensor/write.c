/* SPDX-License-Identifier: Apache-2.0
 * The records of this room: cct.host/1, cct.sensor/1, cct.sample/1. */
#include "place.h"
#include "sensor/gpu.h"

#include <math.h>
#include <string.h>

static void text(struct cct_json *json, const char *key, const char *s)
{
    if (s && s[0])
        cct_json_string(json, key, s);
}

static void whole(struct cct_json *json, const char *key, double v)
{
    if (isfinite(v))
        cct_json_int(json, key, (int64_t)v);
}

static void counted(struct cct_json *json, const char *key, unsigned n)
{
    if (n)
        cct_json_int(json, key, n);
}

static void joules(struct cct_json *json, const char *key, uint64_t uj)
{
    cct_json_double(json, key, (double)uj / 1e6);
}

static const char *vendor_word(const char *vendor)
{
    static const struct {
        const char *kernel, *word;
    } words[] = {{"GenuineIntel", "intel"}, {"AuthenticAMD", "amd"}, {"ARM", "arm"}};
    for (size_t i = 0; i < CCT_LEN(words); i++)
        if (strcmp(vendor, words[i].kernel) == 0)
            return words[i].word;
    return vendor;
}

static void write_cpu(struct cct_json *json, const struct cct_cpu *cpu)
{
    cct_json_open(json, "cpu", '{');
    text(json, "model", cpu->model);
    text(json, "vendor", vendor_word(cpu->vendor));
    counted(json, "sockets", cpu->sockets);
    counted(json, "cores", cpu->cores);
    counted(json, "threads", cpu->threads);
    text(json, "uarch", cpu->uarch);
    cct_json_double(json, "tdp_w", cpu->tdp_w);
    cct_json_double(json, "max_mhz", cpu->max_mhz);
    cct_json_close(json, '}');
}

void cct_host_write(const struct cct_host *host, const struct cct_surroundings *around,
                    struct cct_stamp *stamp, int64_t ts_utc_ms, struct cct_buf *out)
{
    struct cct_json json = cct_record_begin(out, stamp, "cct.host/1", ts_utc_ms);
    text(&json, "os", host->os);
    text(&json, "kernel", host->kernel);
    text(&json, "virtualization", host->virtualization);
    text(&json, "container", host->container);
    write_cpu(&json, &host->cpu);
    whole(&json, "memory_bytes", host->memory_bytes);
    cct_around_write(host, around, &json);
    cct_json_string(&json, "version", CCT_VERSION);
    cct_record_end(&json);
}

static void write_source(const struct cct_source *source, struct cct_stamp *stamp,
                         int64_t ts_utc_ms, struct cct_buf *out)
{
    struct cct_json json = cct_record_begin(out, stamp, "cct.sensor/1", ts_utc_ms);
    cct_json_string(&json, "source", source->name);
    cct_json_string(&json, "component", cct_component_name(source->component));
    cct_json_string(&json, "method", cct_method_name(source->method));
    cct_json_bool(&json, "readable", source->readable);
    text(&json, "reason", source->reason);
    text(&json, "remedy", source->remedy);
    cct_json_bool(&json, "counted", source->counted);
    text(&json, "part_of", source->part_of);
    cct_record_end(&json);
}

void cct_sources_write(const struct cct_sensors *sensors, struct cct_stamp *stamp,
                       int64_t ts_utc_ms, struct cct_buf *out)
{
    cct_auto_buf line = {0};
    for (size_t i = 0; i < cct_sensors_count(sensors); i++) {
        write_source(cct_sensors_at(sensors, i), stamp, ts_utc_ms, &line);
        cct_buf_add(out, line.data, line.len);
    }
}

static void write_energy(struct cct_json *json, const struct cct_sample *sample)
{
    joules(json, "energy_j", sample->energy_uj);
    cct_json_double(json, "power_w", sample->power_w);
    if (sample->split) {
        joules(json, "job_energy_j", sample->job_uj);
        joules(json, "idle_energy_j", sample->idle_uj);
        joules(json, "other_energy_j", sample->other_uj);
        cct_json_string(json, "idle_source", cct_idle_source_name(sample->idle_source));
    }
    cct_json_open(json, "components", '{');
    for (int i = 0; i < CCT_COMPONENTS; i++)
        if (sample->component_known[i])
            joules(json, cct_component_name((enum cct_component)i), sample->component_uj[i]);
    cct_json_close(json, '}');
}

static void write_sources(struct cct_json *json, const struct cct_sample *sample)
{
    cct_json_open(json, "sources", '{');
    for (size_t i = 0; i < sample->reading_count; i++)
        if (sample->readings[i].known)
            joules(json, sample->readings[i].name, sample->readings[i].energy_uj);
    cct_json_close(json, '}');
}

/* Which part was measured: of a tick without any energy, that of its sources. */
static double measured_share(const struct cct_sample *sample)
{
    if (sample->energy_uj)
        return (double)sample->measured_uj / (double)sample->energy_uj;
    return sample->modelled ? 0 : 1;
}

static void write_usage(struct cct_json *json, const struct cct_usage *usage)
{
    cct_json_open(json, "usage", '{');
    cct_json_double(json, "cpu_pct", usage->cpu_pct);
    cct_json_double(json, "job_cpu_pct", usage->job_cpu_pct);
    cct_json_double(json, "steal_pct", usage->steal_pct);
    whole(json, "memory_used_bytes", usage->memory_used_bytes);
    whole(json, "job_memory_bytes", usage->job_memory_bytes);
    cct_json_close(json, '}');
}

static void write_flag_list(struct cct_json *json, const char *name, unsigned flags)
{
    cct_json_open(json, name, '[');
    for (unsigned i = 0; i < CCT_FLAG_COUNT; i++)
        if (flags & (1U << i))
            cct_json_string(json, NULL, cct_flag_name(i));
    cct_json_close(json, ']');
}

static void write_flags(struct cct_json *json, const struct cct_sample *sample)
{
    unsigned any = sample->flags;
    for (size_t i = 0; i < sample->reading_count; i++)
        any |= sample->readings[i].flags;
    if (!any)
        return;
    cct_json_open(json, "flags", '{');
    if (sample->flags)
        write_flag_list(json, "host", sample->flags);
    for (size_t i = 0; i < sample->reading_count; i++)
        if (sample->readings[i].flags)
            write_flag_list(json, sample->readings[i].name, sample->readings[i].flags);
    cct_json_close(json, '}');
}

void cct_sample_write(const struct cct_sample *sample, struct cct_stamp *stamp, struct cct_buf *out)
{
    struct cct_json json = cct_record_begin(out, stamp, "cct.sample/1", sample->ts_utc_ms);
    cct_json_double(&json, "interval_s", sample->interval_s);
    if (sample->known)
        write_energy(&json, sample);
    write_sources(&json, sample);
    if (sample->known)
        cct_json_double(&json, "measured_share", measured_share(sample));
    if (sample->known && sample->modelled) {
        joules(&json, "low_j", sample->low_uj);
        joules(&json, "high_j", sample->high_uj);
    }
    write_usage(&json, &sample->usage);
    cct_gpus_write(&json, sample);
    write_flags(&json, sample);
    cct_record_end(&json);
}
