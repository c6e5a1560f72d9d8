/* SPDX-License-Identifier: Apache-2.0
 * The shipped tables (the CSV files in lib/facts), built into the program as constant arrays by
 * lib/facts/embed.py. Every row names its source; NOTICE names the licences. An empty cell is NAN
 * or "". Nothing here guesses: a look-up that finds nothing returns NULL. */
#pragma once

#include <stddef.h>

/* How a machine of a cloud is known, and what its metadata service tells where: cloud_detect.csv,
 * whose header says what the columns hold. */
struct cct_fact_cloud {
    const char *provider, *dmi_file, *dmi_like;
    const char *base, *token_path, *token_ttl, *token_header, *header, *reply_header, *document;
    const char *region, *region_like, *zone, *zone_like, *instance_type, *type_like;
    const char *source;
};

/* A cloud's region: cloud_regions.csv. */
struct cct_fact_region {
    const char *provider, *region, *location;
    const char *country_iso2;
    const char *zone; /* Electricity Maps key */
    double gco2e_per_kwh, pue, latitude_deg, longitude_deg;
    const char *source, *year, *pue_source;
};

/* A country's yearly mean, life-cycle: country_intensity.csv. */
struct cct_fact_country {
    const char *iso2, *iso3, *name;
    double gco2e_per_kwh;
    const char *year, *source;
};

/* CPU power: cpu_power.csv, the rows that may ship (ccf, codecarbon). */
struct cct_fact_cpu {
    const char *kind;     /* uarch, sku */
    const char *provider; /* aws, gcp, azure, any */
    const char *name;     /* microarchitecture, or part of the model name */
    double idle_w_per_vcpu, max_w_per_vcpu, tdp_w;
    const char *source, *note;
};

/* CPUID or MIDR numbers to a microarchitecture: cpu_uarch_ids.csv. */
struct cct_fact_uarch {
    const char *vendor; /* intel, amd, arm */
    unsigned family_or_implementer, model_or_part;
    int stepping_min, stepping_max; /* -1: any */
    const char *uarch, *note;
};

/* Accelerators: gpu_power.csv. */
struct cct_fact_gpu {
    const char *vendor, *model;
    const char *match;           /* part of the name that its driver gives; the longest that fits */
    double idle_w, max_w, tdp_w; /* of the board */
    const char *source, *note;   /* vendor-spec: not checked against a document */
};

/* Coefficients with no table of their own: memory_storage_network.csv, permissive rows. */
struct cct_fact_coefficient {
    const char *component;
    double value;
    const char *unit, *source, *licence, *note;
};

/* Power usage effectiveness: pue.csv. */
struct cct_fact_pue {
    const char *provider, *region;
    double pue;
    const char *source, *year;
};

#define CCT_FACT_TABLE(type, name)                                                                 \
    extern const struct type name[];                                                               \
    extern const size_t name##_count

CCT_FACT_TABLE(cct_fact_cloud, cct_fact_clouds);
CCT_FACT_TABLE(cct_fact_region, cct_fact_regions);
CCT_FACT_TABLE(cct_fact_country, cct_fact_countries);
CCT_FACT_TABLE(cct_fact_cpu, cct_fact_cpus);
CCT_FACT_TABLE(cct_fact_uarch, cct_fact_uarchs);
CCT_FACT_TABLE(cct_fact_gpu, cct_fact_gpus);
CCT_FACT_TABLE(cct_fact_coefficient, cct_fact_coefficients);
CCT_FACT_TABLE(cct_fact_pue, cct_fact_pues);
