/* SPDX-License-Identifier: Apache-2.0
 * Sensors that come and go. One that cannot be read for CCT_GONE_NS, and CCT_GONE_READS
 * times in a row, is taken for gone: what it shadowed, and the model where nothing else is left,
 * count from then on. If it comes back, its first reading is a baseline, and it counts again from
 * the second; so no joule is told twice. */
#pragma once

#include "sensor/driver.h"

#define CCT_GONE_NS    (INT64_C(60) * 1000000000)
#define CCT_GONE_READS 10

/* After the meter took read. Returns whether the sensor went or came back. */
bool cct_presence(struct cct_sensor *sensor, int64_t mono_ns);
