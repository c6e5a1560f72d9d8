/* SPDX-License-Identifier: Apache-2.0
 * What the tests of the sensor room share: a machine of files that a test may rewrite. */
#pragma once

#include "sensor/engine.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define S INT64_C(1000000000)

struct machine {
    char dir[64];
    struct cct_sysroot root;
    struct cct_host host;
    const struct cct_io *io; /* NULL: the kernel's */
    struct cct_sensors *sensors;
    struct cct_reading readings[64];
    struct cct_sample sample;
};

static inline void machine_file(const struct machine *m, const char *path, const char *text)
{
    char full[512];
    snprintf(full, sizeof full, "%s/%s", m->dir, path);
    for (char *slash = full + strlen(m->dir) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(full, 0700);
        *slash = '/';
    }
    FILE *f = fopen(full, "we");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static inline void machine_make(struct machine *m)
{
    *m = (struct machine){.dir = "/tmp/cct-test-XXXXXX"};
    assert_non_null(mkdtemp(m->dir));
    m->host.cpu.tdp_w = NAN;
    m->host.memory_bytes = NAN;
    assert_int_equal(cct_sysroot_open(&m->root, m->dir, NULL), 0);
}

#define ZONE "sys/class/powercap/"

static inline void machine_energy(const struct machine *m, const char *id, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, ZONE "%s/energy_uj", id);
    machine_file(m, path, text);
}

static inline void machine_uj(const struct machine *m, const char *id, uint64_t uj)
{
    char text[32];
    snprintf(text, sizeof text, "%llu\n", (unsigned long long)uj);
    machine_energy(m, id, text);
}

/* max_uj 0: no such file. */
static inline void machine_zone(const struct machine *m, const char *id, const char *name,
                                uint64_t uj, uint64_t max_uj)
{
    char path[128];
    char text[64];
    snprintf(path, sizeof path, ZONE "%s/name", id);
    snprintf(text, sizeof text, "%s\n", name);
    machine_file(m, path, text);
    machine_uj(m, id, uj);
    snprintf(path, sizeof path, ZONE "%s/max_energy_range_uj", id);
    snprintf(text, sizeof text, "%llu\n", (unsigned long long)max_uj);
    if (max_uj)
        machine_file(m, path, text);
}

/* Only the counters: globs are those of the caller. */
static inline void machine_open(struct machine *m, char **globs, size_t count)
{
    struct cct_sensor_options options = {
        .root = &m->root, .host = &m->host, .globs = globs, .glob_count = count, .io = m->io};
    assert_int_equal(cct_sensors_open(&m->sensors, &options, NULL), 0);
}

static inline void machine_read(struct machine *m, int64_t mono_ns)
{
    struct cct_tick tick = {.mono_ns = mono_ns, .busy = NAN};
    cct_sensors_read(m->sensors, &tick);
}

/* One tick: what was counted since the last one. */
static inline const struct cct_sample *machine_tick(struct machine *m, int64_t mono_ns)
{
    machine_read(m, mono_ns);
    m->sample = (struct cct_sample){0};
    cct_sensors_sum(m->sensors, m->readings, &m->sample);
    return &m->sample;
}

/* A source that is not there has an empty name. */
static inline const struct cct_source *machine_source(const struct machine *m, const char *name)
{
    for (size_t i = 0; i < cct_sensors_count(m->sensors); i++)
        if (strcmp(cct_sensors_at(m->sensors, i)->name, name) == 0)
            return cct_sensors_at(m->sensors, i);
    static const struct cct_source none;
    return &none;
}

static inline const struct cct_reading *machine_reading(const struct machine *m, const char *name)
{
    for (size_t i = 0; i < m->sample.reading_count; i++)
        if (strcmp(m->sample.readings[i].name, name) == 0)
            return &m->sample.readings[i];
    static const struct cct_reading none;
    return &none;
}

static inline void machine_end(struct machine *m)
{
    char command[128];
    cct_sensors_close(m->sensors);
    cct_sysroot_close(&m->root);
    snprintf(command, sizeof command, "rm -rf '%s'", m->dir);
    assert_int_equal(system(command), 0);
}
