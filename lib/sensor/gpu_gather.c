/* SPDX-License-Identifier: Apache-2.0
 * Joins the boards that drivers tell of with the sources that hold their joules. */
#include "base/alloc.h"
#include "engine.h"

#include <math.h>
#include <string.h>

static struct cct_sensor *find_source(struct cct_sensors *sensors, const char *name)
{
    for (size_t i = 0; name && i < sensors->list.count; i++)
        if (strcmp(sensors->list.items[i].info.name, name) == 0)
            return &sensors->list.items[i];
    return NULL;
}

/* Means of shorter times than this tell how a counter is renewed, not what a board draws. */
#define WINDOW_S 0.9

/* At rest a board draws the least that it was seen to; and as long as it was never seen without
 * work, no more than such boards do by the table. */
static double learn_rest(struct cct_rest *rest, const struct cct_board *board, double w)
{
    rest->window_uj += (double)board->energy_uj;
    rest->window_s += board->span_s;
    rest->busy |= !(board->detail.util_pct <= 0);
    if (rest->window_s >= WINDOW_S) {
        double mean_w = rest->window_uj / 1e6 / rest->window_s;
        if (mean_w > 0 && (rest->least_w <= 0 || mean_w < rest->least_w))
            rest->least_w = mean_w;
        rest->seen |= !rest->busy;
        rest->window_uj = rest->window_s = 0;
        rest->busy = false;
    }
    double least_w = rest->least_w > 0 ? rest->least_w : w;
    return rest->seen || isnan(board->rest_w) ? least_w : fmin(least_w, board->rest_w);
}

static void join(struct cct_sensors *sensors, struct cct_board *board)
{
    struct cct_sensor *s = find_source(sensors, board->source);
    if (!s || !s->meter.known || s->meter.span_ns <= 0)
        return;
    board->energy_uj = s->meter.energy_uj;
    board->span_s = (double)s->meter.span_ns / 1e9;
    double w = (double)board->energy_uj / 1e6 / board->span_s;
    board->rest = &s->rest;
    board->idle_w = learn_rest(&s->rest, board, w);
    board->counted = s->info.counted && s->active && !s->still;
    if (s->info.method != CCT_MODEL)
        board->detail.power_w = w;
}

/* A board that was found again when the sources were listed anew is one board. */
static void drop_twins(struct cct_board_list *list, size_t from)
{
    size_t kept = from;
    for (size_t i = from; i < list->count; i++) {
        size_t k = 0;
        while (k < kept && strcmp(list->items[k].detail.device, list->items[i].detail.device) != 0)
            k++;
        if (k == kept)
            list->items[kept++] = list->items[i];
    }
    list->count = kept;
}

void cct_boards_gather(struct cct_sensors *sensors)
{
    struct cct_board_list *list = &sensors->boards;
    list->count = 0;
    for (size_t d = 0; cct_sensor_drivers[d]; d++) {
        size_t from = list->count;
        for (size_t l = 0; cct_sensor_drivers[d]->boards && l < sensors->listings; l++)
            if (sensors->states[l][d])
                cct_sensor_drivers[d]->boards(sensors->states[l][d], list);
        drop_twins(list, from);
    }
    if (list->count > list->details_cap) {
        list->details_cap = list->count;
        list->details = cct_xreallocarray(list->details, list->count, sizeof *list->details);
    }
    for (size_t i = 0; i < list->count; i++) {
        join(sensors, &list->items[i]);
        list->details[i] = list->items[i].detail;
    }
}
