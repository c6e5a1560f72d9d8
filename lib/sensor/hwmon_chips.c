/* SPDX-License-Identifier: Apache-2.0
 * Sources of the rows: Documentation/hwmon/ amd_energy.rst, acpi_power_meter.rst, ina3221.rst,
 * ibmaem.rst; Documentation/gpu/amdgpu/thermal.rst; Documentation/ABI/testing/
 * sysfs-driver-intel-i915-hwmon and sysfs-driver-intel-xe-hwmon; NVIDIA Grace Performance Tuning
 * Guide, "Power and Thermal Management"; NVIDIA Jetson Linux Developer Guide, "Software-Based Power
 * Consumption Modeling". */
#include "hwmon_chips.h"

#include <string.h>

#define CPU   CCT_BIT(CCT_CPU)
#define DRAM  CCT_BIT(CCT_DRAM)
#define GPU   CCT_BIT(CCT_GPU)
#define BOARD CCT_BIT(CCT_BOARD)
#define OTHER CCT_BIT(CCT_OTHER)
#define ALL   (CPU | DRAM | GPU | BOARD | OTHER | CCT_BIT(CCT_PSU))

/* The first that fits. */
static const struct cct_hwmon_meaning rows[] = {
    /* Sockets once, not their cores as well. */
    {"amd_energy", "Ecore", true, CCT_CPU, 0, 0, 0, true, "", NULL},
    {"amd_energy", "Esocket", false, CCT_CPU, CPU, 21, 500, true, "amd_energy:socket-%n", NULL},
    {"zenergy", "Ecore", true, CCT_CPU, 0, 0, 0, true, "", NULL},
    {"zenergy", "Esocket", false, CCT_CPU, CPU, 21, 500, true, "zenergy:socket-%n", NULL},
    {"amd_hsmp*", "", false, CCT_CPU, CPU, 22, 500, true, "amd_hsmp:%d", NULL},
    {"amdgpu", "", false, CCT_GPU, GPU, 20, 1000, false, "amdgpu:%d", NULL},
    {"nouveau", "", false, CCT_GPU, GPU, 20, 1000, false, "nouveau:%d", NULL},
    {"xe", "card", false, CCT_GPU, GPU, 20, 1000, false, "xe:%d:card", NULL},
    {"xe", "pkg", false, CCT_GPU, GPU, 20, 1000, false, "xe:%d:pkg", "xe:%d:card"},
    {"i915_gt*", "", false, CCT_GPU, GPU, 20, 1000, false, "i915:%d:gt", "i915:%d"},
    {"i915", "", false, CCT_GPU, GPU, 20, 1000, false, "i915:%d", NULL},
    /* The module's graphics processor is in it only on GH200 and the like: the driver adds it. */
    {"power_meter", "Module Power", false, CCT_BOARD, CPU | DRAM | BOARD | OTHER, 5, 4000, false,
     "grace:module-%n", NULL},
    {"power_meter", "Grace Power", false, CCT_CPU, CPU | DRAM, 20, 1000, false, "grace:grace-%n",
     "grace:module-%n"},
    {"power_meter", "CPU Power", false, CCT_CPU, CPU, 20, 1000, false, "grace:cpu-%n",
     "grace:grace-%n"},
    {"power_meter", "SysIO Power", false, CCT_OTHER, OTHER, 20, 1000, false, "grace:sysio-%n",
     "grace:grace-%n"},
    {"power_meter", "", false, CCT_BOARD, ALL, 4, 20000, false, "power_meter:%d", NULL},
    {"ibmaem", "", false, CCT_BOARD, ALL, 4, 20000, false, "ibmaem:%d", NULL},
    /* A Jetson's input feeds every other rail. Without one the rails stand side by side. */
    {"ina3221", "VDD_IN", false, CCT_BOARD, ALL, 7, 200, false, "ina3221:%l", NULL},
    {"ina3221", "POM_5V_IN", false, CCT_BOARD, ALL, 7, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDD_CPU_GPU", false, CCT_CPU, CPU | GPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "POM_5V_CPU", false, CCT_CPU, CPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDD_CPU", false, CCT_CPU, CPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "POM_5V_GPU", false, CCT_GPU, GPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDD_GPU", false, CCT_GPU, GPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "GPU", false, CCT_GPU, GPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "CPU", false, CCT_CPU, CPU, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDD_SOC", false, CCT_OTHER, OTHER, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "SOC", false, CCT_OTHER, OTHER, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "CV", false, CCT_OTHER, OTHER, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDDRQ", false, CCT_DRAM, DRAM, 20, 200, false, "ina3221:%l", "ina3221:SYS5V"},
    {"ina3221", "SYS5V", false, CCT_OTHER, OTHER | DRAM, 20, 200, false, "ina3221:%l", NULL},
    {"ina3221", "VDDQ_VDD2_1V8AO", false, CCT_DRAM, DRAM, 20, 200, false, "ina3221:%l",
     "ina3221:VIN_SYS_5V0"},
    {"ina3221", "VIN_SYS_5V0", false, CCT_OTHER, OTHER | DRAM, 20, 200, false, "ina3221:%l", NULL},
};

static bool is_chip(const char *pattern, const char *chip)
{
    size_t n = strcspn(pattern, "*");
    return pattern[n] ? strncmp(pattern, chip, n) == 0 : strcmp(pattern, chip) == 0;
}

const struct cct_hwmon_meaning *cct_hwmon_find(const char *chip, const char *label)
{
    for (size_t i = 0; i < CCT_LEN(rows); i++)
        if (is_chip(rows[i].chip, chip) &&
            strncmp(rows[i].label, label, strlen(rows[i].label)) == 0)
            return &rows[i];
    return NULL;
}

const char *cct_hwmon_label(const char *chip, unsigned number)
{
    if (strcmp(chip, "xe") == 0)
        return number == 1 ? "card" : number == 2 ? "pkg" : "";
    return "";
}

/* The number at the end: "Module Power Socket 1", "Esocket0". */
static const char *number_in(const char *label)
{
    const char *end = label + strlen(label);
    while (end > label && end[-1] >= '0' && end[-1] <= '9')
        end--;
    return *end ? end : "0";
}

void cct_hwmon_name(const char *pattern, const char *device, const char *label, char *out,
                    size_t cap)
{
    size_t n = 0;
    out[0] = '\0';
    for (const char *p = pattern; *p && n + 1 < cap; p++) {
        char one[2] = {*p, '\0'};
        const char *piece = one;
        if (*p == '%' && p[1]) {
            p++;
            piece = *p == 'd' ? device : *p == 'n' ? number_in(label) : label;
        }
        snprintf(out + n, cap - n, "%s", piece);
        n += strlen(out + n);
    }
}
