/* SPDX-License-Identifier: Apache-2.0
 * The cloud by DMI, then by its metadata service. */
#include "cloud/cloud.h"

#include "base/clock.h"
#include "driver.h"

#include <fnmatch.h>
#include <string.h>

#define TOTAL_MS 1000

const char *cct_cloud_from_name(enum cct_cloud_from from)
{
    static const char *const names[] = {
        [CCT_CLOUD_DMI] = "dmi",
        [CCT_CLOUD_METADATA] = "metadata",
    };
    return names[from];
}

bool cct_cloud_url_ok(const char *text)
{
    return cct_http_url_ok(text) && !strpbrk(text, "?#") && strlen(text) < 256;
}

void cct_cloud_dmi(const struct cct_sysroot *root, const char *file, char *out, size_t cap)
{
    char path[64];
    snprintf(path, sizeof path, "sys/class/dmi/id/%s", file);
    if (cct_sysroot_read(root, path, out, cap) < 0)
        out[0] = '\0';
}

const struct cct_fact_cloud *cct_cloud_row(const char *provider)
{
    for (size_t i = 0; i < cct_fact_clouds_count; i++)
        if (strcmp(cct_fact_clouds[i].provider, provider) == 0)
            return &cct_fact_clouds[i];
    return NULL;
}

static const struct cct_fact_cloud *row_by_dmi(const struct cct_sysroot *root)
{
    char text[128];
    for (size_t i = 0; i < cct_fact_clouds_count; i++) {
        const struct cct_fact_cloud *row = &cct_fact_clouds[i];
        if (!i || strcmp(row->dmi_file, row[-1].dmi_file) != 0)
            cct_cloud_dmi(root, row->dmi_file, text, sizeof text);
        if (text[0] && fnmatch(row->dmi_like, text, FNM_CASEFOLD) == 0)
            return row;
    }
    return NULL;
}

static const struct cct_fact_cloud *find_row(const struct cct_sysroot *root)
{
    const struct cct_fact_cloud *row = row_by_dmi(root);
    for (size_t i = 0; !row && cct_cloud_drivers[i]; i++)
        if (cct_cloud_drivers[i]->recognise && cct_cloud_drivers[i]->recognise(root))
            row = cct_cloud_row(cct_cloud_drivers[i]->provider);
    return row;
}

static const struct cct_cloud_driver *driver_of(const char *provider)
{
    static const struct cct_cloud_driver plain;
    for (size_t i = 0; cct_cloud_drivers[i]; i++)
        if (strcmp(cct_cloud_drivers[i]->provider, provider) == 0)
            return cct_cloud_drivers[i];
    return &plain;
}

static int ask(struct cct_cloud_call *call, const struct cct_cloud_driver *driver,
               struct cct_cloud *out, struct cct_err *err)
{
    call->http = cct_http_new();
    call->deadline_mono_ns = cct_mono_ns() + TOTAL_MS * CCT_NS_PER_MS;
    int failed = cct_cloud_ask(call, out, err);
    if (failed && driver->ask)
        failed = driver->ask(call, out, err);
    cct_http_reply_free(&call->reply);
    cct_http_free(call->http);
    return failed;
}

/* The base that the user gave, without a slash at its end. */
static void set_base(struct cct_cloud_call *call, const char *url, char *base, size_t cap)
{
    call->base = call->row->base;
    if (!url)
        return;
    size_t n = strlen(url);
    while (n && url[n - 1] == '/')
        n--;
    snprintf(base, cap, "%.*s", (int)n, url);
    call->base = base;
}

void cct_cloud_find(const struct cct_cloud_options *options, struct cct_cloud *out,
                    const struct cct_log *log)
{
    char base[256];
    struct cct_err err;
    struct cct_cloud_call call = {.row = find_row(options->root)};
    *out = (struct cct_cloud){0};
    if (!call.row)
        return;
    const struct cct_cloud_driver *driver = driver_of(call.row->provider);
    snprintf(out->provider.text, sizeof out->provider.text, "%s", call.row->provider);
    out->provider.from = CCT_CLOUD_DMI;
    if (driver->look)
        driver->look(options->root, out);
    if (!options->network || (!options->root->real && !options->metadata_url))
        return;
    set_base(&call, options->metadata_url, base, sizeof base);
    if (ask(&call, driver, out, &err))
        cct_warn(log, "the metadata service of %s: %s: %s unknown; CCT_ZONE gives the grid zone",
                 call.row->provider, err.msg,
                 out->region.text[0] ? "something stays" : "the region stays");
}
