/* SPDX-License-Identifier: Apache-2.0
 * Every joule once: which of the sensors that can be read are added up. Pure.
 * A board sensor (psys, a battery, a power supply) contains what it covers; a package contains core
 * and uncore; dram stands beside its package; two views of one counter (MSR and MMIO, powercap and
 * perf) are one; dies that repeat the socket's counter are one; a model counts only where nothing
 * measures its component. */
#pragma once

#include "sensor/driver.h"

/* Sets counted, part_of, active and reason of every sensor, from selected, readable, still, key,
 * inside, covers, rank and mirror_of. */
void cct_contain(struct cct_sensor *sensors, size_t count);

/* Two counters are one when they stand within this of each other at two readings in turn: what a
 * socket draws in the millisecond between two updates of its register. */
#define CCT_MIRROR_UJ 250000

/* After the first reading (last false) two sensors that may be mirrors are candidates if they are
 * equal; a candidate that is equal after the second (last true) too is a mirror. Later calls with
 * last true part mirrors that have drifted from each other. Returns whether any mirror_of of a
 * settled mirror changed. energy_uj of sensors that were not read just now is not looked at. */
bool cct_mirrors(struct cct_sensor *sensors, size_t count, bool last);
