/* SPDX-License-Identifier: Apache-2.0
 * Every joule once: which of the sensors that can be read are added up. Pure.
 * - A board sensor contains every component that it covers, and every board sensor of a higher
 *   rank: the outermost is counted. From the wall inwards: the BMC's node power (2), an ACPI power
 *   meter (4), the input of a module (5, 7), batteries (8), psys (10 to 12). What a board does not
 *   cover stands beside it: psys covers no graphics card.
 * - Boards of one rank are siblings: the psys of two sockets, two batteries.
 * - A package contains core and uncore, a card its chip; dram stands beside its package.
 * - Two views of one thing have one key, the lower rank is read: perf (10), powercap (11), its MMIO
 *   view (12). Dies that repeat the socket's counter are one.
 * - A spare sensor (amd_energy, an APU's amdgpu) counts where no other measures its component.
 * - A model counts only where nothing measures its component. */
#pragma once

#include "sensor/driver.h"

/* Sets counted, part_of, active, shut and reason of every sensor, from selected, readable, still,
 * key, inside, covers, rank and mirror_of. */
void cct_contain(struct cct_sensor *sensors, size_t count);

/* Two counters are one when they stand within this of each other at two readings in turn: what a
 * socket draws in the millisecond between two updates of its register. */
#define CCT_MIRROR_UJ 250000

/* Within this the register may have been renewed between the two readings: worth another look. */
#define CCT_MIRROR_NEAR_UJ 5000000

/* A sensor whose reading may be that of a mirror, renewed while the two were read; or NULL. last as
 * in cct_mirrors. */
const struct cct_sensor *cct_mirrors_doubtful(const struct cct_sensor *sensors, size_t count,
                                              bool last);

/* After the first reading (last false) two sensors that may be mirrors are candidates if they are
 * equal; a candidate that is equal after the second (last true) too is a mirror. Later calls with
 * last true part mirrors that have drifted from each other. Returns whether any mirror_of of a
 * settled mirror changed. energy_uj of sensors that were not read just now is not looked at. */
bool cct_mirrors(struct cct_sensor *sensors, size_t count, bool last);
