/* SPDX-License-Identifier: Apache-2.0
 * What is around a machine, gathered from the rooms and the environment that know it. */
#pragma once

#include "cloud/cloud.h"
#include "grid/grid.h"
#include "sensor/sensor.h"

static inline struct cct_told told(const struct cct_cloud_fact *fact)
{
    return (struct cct_told){fact->text[0] ? fact->text : NULL, cct_cloud_from_name(fact->from)};
}

/* CCT_ZONE, else the zone of the cloud's region. */
static inline struct cct_told grid_zone(const struct cct_cloud *cloud, struct cct_grid_place *place)
{
    char region[160];
    const char *given = getenv("CCT_ZONE");
    if (given && given[0])
        return (struct cct_told){given, "environment"};
    snprintf(region, sizeof region, "%s/%s", cloud->provider.text, cloud->region.text);
    if (!cloud->region.text[0] || cct_grid_region(region, place, NULL))
        return (struct cct_told){0};
    return (struct cct_told){place->value.zone, "region of the cloud"};
}

/* Borrows from cloud, place and the environment. */
static inline struct cct_surroundings surroundings(const struct cct_cloud *cloud,
                                                   struct cct_grid_place *place)
{
    return (struct cct_surroundings){
        .slurm_job_id = getenv("SLURM_JOB_ID"),
        .slurm_node = getenv("SLURMD_NODENAME"),
        .pod_namespace = getenv("POD_NAMESPACE"),
        .pod = getenv("POD_NAME"),
        .pod_node = getenv("NODE_NAME"),
        .provider = told(&cloud->provider),
        .region = told(&cloud->region),
        .zone = told(&cloud->zone),
        .instance_type = told(&cloud->instance_type),
        .grid_zone = grid_zone(cloud, place),
    };
}
