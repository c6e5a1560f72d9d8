/* SPDX-License-Identifier: Apache-2.0
 * Private to the room: pieces of the HTML page. Whatever comes from outside goes through
 * cct_html_text or cct_html_bytes; nothing else escapes. */
#pragma once

#include "summary.h"
#include "units.h"

/* Adds s as text or as the value of a quoted attribute: & < > " ' become entities, control
 * characters U+FFFD. */
void cct_html_text(struct cct_buf *out, const char *s);
void cct_html_bytes(struct cct_buf *out, const char *s, size_t len);
/* The same inside <bdi>, so that right-to-left names do not turn what stands beside them. */
void cct_html_outside(struct cct_buf *out, const char *s);

/* One run on the page. */
struct cct_panel {
    struct cct_buf *out;
    const struct cct_report *report;
    const struct cct_report_env *env;
    const struct cct_run *run;
    struct cct_totals totals;
    struct cct_cumulative cumulative;
    size_t no;                        /* from 1: makes ids unique */
    int64_t start_utc_ms, end_utc_ms; /* of the time axis; end is later than start */
};

/* A row of a definition list; nothing when the value is empty. The value is HTML. */
void cct_html_row(struct cct_buf *out, const char *label, struct cct_buf *value);

/* A figure: heading, a sentence that says what it shows, then the drawing and its data. The
 * sentence is HTML. */
void cct_figure_open(struct cct_panel *panel, const char *id, const char *heading,
                     struct cct_buf *sentence);
void cct_figure_close(struct cct_panel *panel);

/* The panels, in the order of the page. Each says in a sentence when there is nothing to draw. */
void cct_panel_cards(struct cct_panel *panel);
void cct_panel_power(struct cct_panel *panel);
void cct_panel_cumulative(struct cct_panel *panel);
void cct_panel_intensity(struct cct_panel *panel);
void cct_panel_training(struct cct_panel *panel);
void cct_panel_epochs(struct cct_panel *panel);
void cct_panel_totals(struct cct_panel *panel);
void cct_panel_method(struct cct_panel *panel);
