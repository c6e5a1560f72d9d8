/* SPDX-License-Identifier: Apache-2.0
 * The records of accelerators: cct.device/1, and gpus[] of cct.sample/1. */
#include "engine.h"

#include <math.h>
#include <stdlib.h>

static void text(struct cct_json *json, const char *key, const char *s)
{
    if (s && s[0])
        cct_json_string(json, key, s);
}

static void bytes(struct cct_json *json, const char *key, double v)
{
    if (isfinite(v))
        cct_json_int(json, key, (int64_t)v);
}

static void write_device(const struct cct_device *device, struct cct_stamp *stamp,
                         int64_t ts_utc_ms, struct cct_buf *out)
{
    cct_auto_buf line = {0};
    struct cct_json json = cct_record_begin(&line, stamp, "cct.device/1", ts_utc_ms);
    cct_json_string(&json, "device", device->device);
    text(&json, "vendor", device->vendor);
    text(&json, "model", device->model);
    bytes(&json, "memory_bytes", device->memory_bytes);
    cct_json_double(&json, "power_limit_w", device->power_limit_w);
    text(&json, "driver", device->driver);
    text(&json, "partition", device->partition);
    cct_record_end(&json);
    cct_buf_add(out, line.data, line.len);
}

void cct_devices_write(const struct cct_sensors *sensors, struct cct_stamp *stamp,
                       int64_t ts_utc_ms, struct cct_buf *out)
{
    struct cct_device_list list = {0};
    for (size_t d = 0; cct_sensor_drivers[d]; d++)
        if (cct_sensor_drivers[d]->devices && sensors->states[0][d])
            cct_sensor_drivers[d]->devices(sensors->states[0][d], &list);
    for (size_t i = 0; i < list.count; i++)
        write_device(&list.items[i], stamp, ts_utc_ms, out);
    free(list.items);
}

static void write_gpu(struct cct_json *json, const struct cct_gpu *gpu)
{
    cct_json_open(json, NULL, '{');
    cct_json_string(json, "device", gpu->device);
    cct_json_double(json, "util_pct", gpu->util_pct);
    bytes(json, "memory_used_bytes", gpu->memory_used_bytes);
    cct_json_double(json, "clock_mhz", gpu->clock_mhz);
    cct_json_double(json, "temperature_c", gpu->temperature_c);
    cct_json_double(json, "power_w", gpu->power_w);
    cct_json_double(json, "job_share", gpu->job_share);
    text(json, "job_share_by", gpu->job_share_by);
    cct_json_close(json, '}');
}

void cct_gpus_write(struct cct_json *json, const struct cct_sample *sample)
{
    if (!sample->gpu_count)
        return;
    cct_json_open(json, "gpus", '[');
    for (size_t i = 0; i < sample->gpu_count; i++)
        write_gpu(json, &sample->gpus[i]);
    cct_json_close(json, ']');
}
