/* SPDX-License-Identifier: Apache-2.0
 * The estimate for a CPU that nothing measures, from its load: by a calibration, else by the
 * shipped table (cpu_power.c says by which row and with which curve and bounds). It is always
 * labelled as a model. Steal time is other guests' work and counts as neither busy nor idle. */
#include "base/alloc.h"
#include "sensor/driver.h"

#include <math.h>
#include <string.h>

static int list_model(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                      struct cct_err *err)
{
    (void)err;
    struct cct_sensor *s = cct_sensor_add(list, "model:cpu");
    s->info.component = CCT_CPU;
    s->info.method = CCT_MODEL;
    s->covers = CCT_BIT(CCT_CPU);
    s->rank = 90;
    s->idle_w = machine->power.idle_w;
    struct cct_cpu_power *power = cct_xmalloc(sizeof *power);
    *power = machine->power;
    *state = power;
    return 0;
}

static void open_model(void *state, struct cct_sensor *sensor)
{
    const struct cct_cpu_power *power = state;
    if (power->max_w > 0)
        return;
    sensor->info.readable = false;
    snprintf(sensor->info.reason, sizeof sensor->info.reason,
             "the number of CPU threads is unknown (/proc/cpuinfo)");
}

/* Without /proc/stat the mean load of servers is assumed (the shipped coefficient of 50 %), and the
 * truth can lie anywhere between idle and full. */
static void read_model(void *state, struct cct_sensor *sensors, size_t count,
                       const struct cct_tick *tick)
{
    const struct cct_cpu_power *power = state;
    bool blind = isnan(tick->busy);
    double busy = blind ? 0.5 : tick->busy;
    double w = cct_cpu_power_w(power, busy);
    for (size_t i = 0; i < count; i++) {
        if (!sensors[i].active || sensors[i].state != state)
            continue;
        sensors[i].read = (struct cct_value_read){
            .kind = CCT_READ_POWER,
            .w = w,
            .low_w = power->low * (blind ? power->idle_w : w),
            .high_w = power->high * (blind ? power->max_w : w),
        };
    }
}

const struct cct_sensor_driver cct_sensor_cpu_model = {
    .name = "cpu_model",
    .list = list_model,
    .open = open_model,
    .read = read_model,
    .close = free,
};
