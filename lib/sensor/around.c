/* SPDX-License-Identifier: Apache-2.0
 * What is around the machine: cloud, batch system, container and its limits; as members of
 * cct.host/1 and in words. */
#include "place.h"

#include <math.h>
#include <string.h>

static const char *either(const char *a, const char *b)
{
    return a && a[0] ? a : b;
}

static void text(struct cct_json *json, const char *key, const char *s)
{
    if (s && s[0])
        cct_json_string(json, key, s);
}

static void write_cloud(struct cct_json *json, const struct cct_surroundings *around)
{
    const struct {
        const char *key;
        const struct cct_told *told;
    } facts[] = {
        {"provider", &around->provider},
        {"region", &around->region},
        {"zone", &around->zone},
        {"instance_type", &around->instance_type},
    };
    if (!around->provider.text)
        return;
    cct_json_open(json, "cloud", '{');
    for (size_t i = 0; i < CCT_LEN(facts); i++)
        text(json, facts[i].key, facts[i].told->text);
    cct_json_close(json, '}');
    cct_json_open(json, "cloud_source", '{');
    for (size_t i = 0; i < CCT_LEN(facts); i++)
        if (facts[i].told->text)
            text(json, facts[i].key, facts[i].told->source);
    cct_json_close(json, '}');
}

static void write_slurm(struct cct_json *json, const struct cct_host *host,
                        const struct cct_surroundings *around)
{
    const char *job = either(around->slurm_job_id, host->slurm_job_id);
    if (!job[0])
        return;
    cct_json_open(json, "slurm", '{');
    cct_json_string(json, "job_id", job);
    text(json, "node", around->slurm_node);
    cct_json_close(json, '}');
}

static bool in_kubernetes(const struct cct_host *host)
{
    return host->pod_uid[0] || strcmp(host->container, "kubernetes") == 0;
}

static void write_kubernetes(struct cct_json *json, const struct cct_host *host,
                             const struct cct_surroundings *around)
{
    if (!in_kubernetes(host))
        return;
    cct_json_open(json, "kubernetes", '{');
    text(json, "namespace", either(around->pod_namespace, host->pod_namespace));
    text(json, "pod", around->pod);
    text(json, "pod_uid", host->pod_uid);
    text(json, "node", around->pod_node);
    cct_json_close(json, '}');
}

static void write_limits(struct cct_json *json, const struct cct_host *host)
{
    bool memory = isfinite(host->limit_memory_bytes);
    if (!memory && !isfinite(host->limit_cpus))
        return;
    cct_json_open(json, "limits", '{');
    cct_json_double(json, "cpus", host->limit_cpus);
    if (memory)
        cct_json_int(json, "memory_bytes", (int64_t)host->limit_memory_bytes);
    cct_json_close(json, '}');
}

void cct_around_write(const struct cct_host *host, const struct cct_surroundings *around,
                      struct cct_json *json)
{
    write_cloud(json, around);
    if (around->grid_zone.text && around->grid_zone.text[0]) {
        cct_json_string(json, "grid_zone", around->grid_zone.text);
        text(json, "grid_zone_source", around->grid_zone.source);
    }
    write_slurm(json, host, around);
    write_kubernetes(json, host, around);
    write_limits(json, host);
}

static void tell_cloud(const struct cct_surroundings *around, struct cct_buf *out)
{
    const char *type = around->instance_type.text, *region = around->region.text;
    if (!around->provider.text)
        return;
    cct_buf_addf(out, "It is of the cloud %s", around->provider.text);
    if (type)
        cct_buf_addf(out, ", of type %s", type);
    if (region)
        cct_buf_addf(out, ", in its region %s.\n", region);
    else
        cct_buf_adds(out, "; its region is not known.\n");
}

static void tell_zone(const struct cct_surroundings *around, struct cct_buf *out)
{
    if (around->grid_zone.text && around->grid_zone.text[0])
        cct_buf_addf(out, "Its grid is %s, by %s%s.\n", around->grid_zone.text,
                     strcmp(around->grid_zone.source, "environment") ? "the " : "CCT_ZONE of the ",
                     around->grid_zone.source);
    else
        cct_buf_adds(out, "Its grid is not known: CCT_ZONE names it, as in CCT_ZONE=KR.\n");
}

static void tell_limits(const struct cct_host *host, struct cct_buf *out)
{
    bool cpus = isfinite(host->limit_cpus), memory = isfinite(host->limit_memory_bytes);
    if (!cpus && !memory)
        return;
    cct_buf_adds(out, "The container or job may use ");
    if (cpus)
        cct_buf_addf(out, "%.4g CPUs%s", host->limit_cpus, memory ? " and " : "");
    if (memory)
        cct_buf_addf(out, "%.1f GiB memory", host->limit_memory_bytes / (1024.0 * 1024 * 1024));
    cct_buf_adds(out, " of it.\n");
}

void cct_around_tell(const struct cct_host *host, const struct cct_surroundings *around,
                     struct cct_buf *out)
{
    const char *job = either(around->slurm_job_id, host->slurm_job_id);
    const char *space = either(around->pod_namespace, host->pod_namespace);
    tell_cloud(around, out);
    tell_zone(around, out);
    if (job[0])
        cct_buf_addf(out, "This is in Slurm job %s.\n", job);
    if (in_kubernetes(host))
        cct_buf_addf(out, "This is in a pod of Kubernetes%s%s%s%s.\n",
                     space[0] ? ", namespace " : "", space, around->pod ? ", " : "",
                     around->pod ? around->pod : "");
    tell_limits(host, out);
}
