/* SPDX-License-Identifier: Apache-2.0
 * Names of the trade, and the list that drivers fill. */
#include "base/alloc.h"
#include "sensor/driver.h"

static const char *const component_names[CCT_COMPONENTS] = {
    [CCT_CPU] = "cpu",     [CCT_DRAM] = "dram", [CCT_GPU] = "gpu",
    [CCT_BOARD] = "board", [CCT_PSU] = "psu",   [CCT_OTHER] = "other",
};

const char *cct_component_name(enum cct_component component)
{
    return component_names[component];
}

const char *cct_method_name(enum cct_method method)
{
    static const char *const names[] = {
        [CCT_COUNTER] = "counter", [CCT_GAUGE] = "gauge", [CCT_MODEL] = "model"};
    return names[method];
}

const char *cct_flag_name(unsigned index)
{
    static const char *const names[CCT_FLAG_COUNT] = {"wrap",       "gap",     "reset",
                                                      "clock_step", "suspend", "implausible"};
    return index < CCT_FLAG_COUNT ? names[index] : NULL;
}

struct cct_sensor *cct_sensor_add(struct cct_sensor_list *list, const char *name)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->items = cct_xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    struct cct_sensor *s = &list->items[list->count++];
    *s = (struct cct_sensor){
        .info = {.component = CCT_OTHER, .method = CCT_COUNTER, .readable = true},
        .mirror_of = -1,
    };
    snprintf(s->info.name, sizeof s->info.name, "%s", name);
    snprintf(s->key, sizeof s->key, "%s", name);
    return s;
}
