/* SPDX-License-Identifier: Apache-2.0
 * The estimate for memory that nothing measures: a constant of W per GB installed, load or not.
 * The value is the first shipped W/GB coefficient (cloud-carbon-footprint); the bounds are the
 * spread of all shipped memory coefficients, those per module counted for modules of 32 GB (low)
 * and of 8 GB (high). Servers measured at rest and at full load lie within it, but for some at full
 * load. */
#include "base/alloc.h"
#include "facts/facts.h"
#include "sensor/driver.h"

#include <math.h>
#include <string.h>

struct memory {
    double w, low_w, high_w;
};

struct spread {
    double value, low, high;
};

static void widen(struct spread *s, double low, double high)
{
    s->low = fmin(s->low, low);
    s->high = fmax(s->high, high);
}

static struct spread coefficients(bool arm)
{
    struct spread s = {.value = NAN, .low = INFINITY};
    const char *dimm = arm ? "memory_dimm_arm" : "memory_dimm_x86";
    for (size_t i = 0; i < cct_fact_coefficients_count; i++) {
        const struct cct_fact_coefficient *c = &cct_fact_coefficients[i];
        if (strcmp(c->component, "memory") == 0 && strcmp(c->unit, "W/GB") == 0) {
            s.value = isnan(s.value) ? c->value : s.value;
            widen(&s, c->value, c->value);
        } else if (strcmp(c->component, dimm) == 0) {
            widen(&s, c->value / 32, c->value / 8);
        }
    }
    return s;
}

static int list_model(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                      struct cct_err *err)
{
    (void)err;
    struct cct_sensor *s = cct_sensor_add(list, "model:memory");
    s->info.component = CCT_DRAM;
    s->info.method = CCT_MODEL;
    s->covers = CCT_BIT(CCT_DRAM);
    s->rank = 91;
    struct memory *memory = cct_xcalloc(1, sizeof *memory);
    struct spread spread = coefficients(strcmp(machine->host->cpu.vendor, "ARM") == 0);
    double gb = machine->host->memory_bytes / (1024.0 * 1024.0 * 1024.0);
    memory->w = spread.value * gb;
    s->idle_w = memory->w;
    memory->low_w = spread.low * gb;
    memory->high_w = spread.high * gb;
    *state = memory;
    return 0;
}

static void open_model(void *state, struct cct_sensor *sensor)
{
    const struct memory *memory = state;
    if (memory->w > 0)
        return;
    sensor->info.readable = false;
    snprintf(sensor->info.reason, sizeof sensor->info.reason,
             "the size of the memory is unknown (/proc/meminfo)");
}

static void read_model(void *state, struct cct_sensor *sensors, size_t count,
                       const struct cct_tick *tick)
{
    const struct memory *memory = state;
    (void)tick;
    for (size_t i = 0; i < count; i++)
        if (sensors[i].active && sensors[i].state == state)
            sensors[i].read = (struct cct_value_read){
                .kind = CCT_READ_POWER,
                .w = memory->w,
                .low_w = memory->low_w,
                .high_w = memory->high_w,
            };
}

const struct cct_sensor_driver cct_sensor_memory_model = {
    .name = "memory_model",
    .list = list_model,
    .open = open_model,
    .read = read_model,
    .close = free,
};
