/* SPDX-License-Identifier: Apache-2.0 */
#include "contain.h"

#include <stdio.h>
#include <string.h>

static bool usable(const struct cct_sensor *s)
{
    return s->selected && s->info.readable && !s->still && !s->gone;
}

static bool opened(const struct cct_sensor *s)
{
    return s->selected && s->info.readable;
}

static bool is_model(const struct cct_sensor *s)
{
    return s->info.method == CCT_MODEL;
}

static bool is_board(const struct cct_sensor *s)
{
    return s->info.component == CCT_BOARD || s->info.component == CCT_PSU;
}

/* a is the better view of the thing that b shows too. */
static bool shadows(const struct cct_sensor *a, const struct cct_sensor *b)
{
    return usable(a) && strcmp(a->key, b->key) == 0 &&
           (!usable(b) || a->rank < b->rank || (a->rank == b->rank && a < b));
}

static bool covers(const struct cct_sensor *outer, const struct cct_sensor *inner)
{
    /* Of one rank they are siblings: the psys of two sockets. */
    if (is_board(outer) && is_board(inner))
        return outer->rank < inner->rank;
    return is_board(outer) && (outer->covers & CCT_BIT(inner->info.component));
}

/* Socket counters of two drivers (RAPL and amd_energy) count the same joules under numbers that
 * need not agree: the spare ones wait until there is nothing else. */
static bool stands_in(const struct cct_sensor *outer, const struct cct_sensor *inner)
{
    return inner->spare && !outer->spare && !outer->inside[0] &&
           (outer->covers & CCT_BIT(inner->info.component));
}

static bool contains(const struct cct_sensor *outer, const struct cct_sensor *inner)
{
    if (outer == inner || !usable(outer) || is_model(outer) || is_model(inner))
        return false;
    return shadows(outer, inner) || (inner->inside[0] && strcmp(outer->key, inner->inside) == 0) ||
           covers(outer, inner) || stands_in(outer, inner);
}

static void set_part_of(struct cct_sensor *s, const struct cct_sensor *outer)
{
    snprintf(s->info.part_of, sizeof s->info.part_of, "%s", outer->info.name);
    s->info.counted = false;
}

static bool is_shadowed(const struct cct_sensor *sensors, size_t count, const struct cct_sensor *s)
{
    for (size_t i = 0; i < count; i++)
        if (&sensors[i] != s && !is_model(&sensors[i]) && shadows(&sensors[i], s))
            return true;
    return false;
}

static void place_measured(struct cct_sensor *sensors, size_t count, struct cct_sensor *s)
{
    s->info.counted = usable(s);
    s->active = opened(s) && !is_shadowed(sensors, count, s);
    s->info.part_of[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        bool named = s->inside[0] && strcmp(sensors[i].key, s->inside) == 0;
        if ((named || !s->info.part_of[0]) && contains(&sensors[i], s) &&
            !is_shadowed(sensors, count, &sensors[i]))
            set_part_of(s, &sensors[i]);
    }
    if (s->mirror_of >= 0 && !s->info.part_of[0])
        set_part_of(s, &sensors[s->mirror_of]);
}

static void place_model(struct cct_sensor *sensors, size_t count, struct cct_sensor *s)
{
    s->info.counted = s->active = usable(s);
    if (usable(s))
        s->info.reason[0] = '\0';
    for (size_t i = 0; i < count && s->info.counted; i++) {
        const struct cct_sensor *m = &sensors[i];
        bool better = is_model(m) ? m->rank < s->rank : true;
        if (!better || !m->info.counted || !(m->covers & CCT_BIT(s->info.component)) ||
            (s->single && !is_board(m)))
            continue;
        s->info.counted = s->active = false;
        snprintf(s->info.reason, sizeof s->info.reason, "not needed: %.*s %s it", CCT_SOURCE_NAME,
                 m->info.name, is_model(m) ? "tells" : "measures");
    }
}

/* A part that nobody may read beside one of its kind that is read: no model stands in for it. One
 * of several views of it is enough to say so. */
static bool is_shut(const struct cct_sensor *sensors, size_t count, const struct cct_sensor *s)
{
    bool measured = false;
    if (!s->selected || s->info.readable || is_model(s) || is_board(s) || s->single || s->spare ||
        s->inside[0] || s->info.part_of[0])
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct cct_sensor *other = &sensors[i];
        if (other < s && strcmp(other->key, s->key) == 0)
            return false;
        measured |=
            other->info.counted && !is_model(other) && (other->covers & CCT_BIT(s->info.component));
    }
    return measured;
}

void cct_contain(struct cct_sensor *sensors, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_model(&sensors[i]))
            place_measured(sensors, count, &sensors[i]);
    for (size_t i = 0; i < count; i++)
        if (is_model(&sensors[i]))
            place_model(sensors, count, &sensors[i]);
    for (size_t i = 0; i < count; i++)
        sensors[i].shut = is_shut(sensors, count, &sensors[i]);
}

/* How far two counters stand from each other; UINT64_MAX: not known. */
static uint64_t apart_uj(const struct cct_sensor *a, const struct cct_sensor *b)
{
    uint64_t x = a->read.energy_uj;
    uint64_t y = b->read.energy_uj;
    if (a->read.kind != CCT_READ_ENERGY || b->read.kind != CCT_READ_ENERGY || !x || !y)
        return UINT64_MAX;
    return x > y ? x - y : y - x;
}

static bool equal(const struct cct_sensor *a, const struct cct_sensor *b)
{
    return apart_uj(a, b) <= CCT_MIRROR_UJ;
}

static bool nearly(const struct cct_sensor *a, const struct cct_sensor *b)
{
    return !equal(a, b) && apart_uj(a, b) <= CCT_MIRROR_NEAR_UJ;
}

const struct cct_sensor *cct_mirrors_doubtful(const struct cct_sensor *sensors, size_t count,
                                              bool last)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (sensors[i].active && sensors[i].mirrorable && sensors[k].active &&
                sensors[k].mirrorable && (!last || sensors[i].mirror_of == (int)k) &&
                nearly(&sensors[k], &sensors[i]))
                return &sensors[i];
    return NULL;
}

/* The first sensor before i that it repeats, or -1. */
static int find_twin(const struct cct_sensor *sensors, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (sensors[k].active && sensors[k].mirrorable && sensors[k].mirror_of < 0 &&
            equal(&sensors[k], &sensors[i]))
            return (int)k;
    return -1;
}

bool cct_mirrors(struct cct_sensor *sensors, size_t count, bool last)
{
    bool changed = false;
    for (size_t i = 0; i < count; i++) {
        struct cct_sensor *s = &sensors[i];
        if (!s->active || !s->mirrorable)
            continue;
        if (!last) {
            s->mirror_of = find_twin(sensors, i);
        } else if (s->mirror_of >= 0 && s->read.kind == CCT_READ_ENERGY &&
                   sensors[s->mirror_of].read.kind == CCT_READ_ENERGY &&
                   !equal(s, &sensors[s->mirror_of])) {
            s->mirror_of = -1;
            changed = true;
        }
    }
    return changed;
}
