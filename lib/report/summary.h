/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: sentences that more than one format says. Plain UTF-8 text, not escaped for
 * any medium: outside strings are in it as they came. */
#pragma once

#include "totals.h"

/* "run NAME", "host NAME" or "records without run". */
void cct_say_name(struct cct_buf *out, const struct cct_run *run);
/* The sentence without the name and without a final stop: duration, energy, CO2e, place, method and
 * uncertainty. */
void cct_say_figures(struct cct_buf *out, const struct cct_run *run,
                     const struct cct_totals *totals);
/* "KR, 423 g/kWh, annual"; the place with most grams first. */
void cct_say_place(struct cct_buf *out, const struct cct_run *run, const struct cct_totals *totals);
/* "82 % counter, 18 % model": methods with a share. */
void cct_say_methods(struct cct_buf *out, const struct cct_totals *totals);
/* "5 of 10 epochs"; nothing when none was reported. */
void cct_say_epochs(struct cct_buf *out, const struct cct_totals *totals);
/* The factor that most energy was charged with, or NULL. */
const struct cct_factor *cct_main_factor(const struct cct_run *run);
