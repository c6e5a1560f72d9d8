/* SPDX-License-Identifier: Apache-2.0
 * Finding NVML and its functions. A function whose layout changed got a new name with _v2, _v3; the
 * newest that is there is taken, the plain name is the first version. */
#include "nvml_abi.h"

#include <dlfcn.h>
#include <string.h>

static const struct symbol {
    size_t offset;
    bool needed;
    const char *names[3]; /* the first that is there */
} symbols[] = {
#define SYMBOL(member, needed, ...)                                                                \
    {                                                                                              \
        offsetof(struct cct_nvml, member), needed,                                                 \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
    SYMBOL(init, true, "nvmlInit_v2", "nvmlInit"),
    SYMBOL(shutdown, true, "nvmlShutdown"),
    SYMBOL(error_text, false, "nvmlErrorString"),
    SYMBOL(driver_version, false, "nvmlSystemGetDriverVersion"),
    SYMBOL(count, true, "nvmlDeviceGetCount_v2", "nvmlDeviceGetCount"),
    SYMBOL(by_index, true, "nvmlDeviceGetHandleByIndex_v2", "nvmlDeviceGetHandleByIndex"),
    SYMBOL(uuid, true, "nvmlDeviceGetUUID"),
    SYMBOL(name, false, "nvmlDeviceGetName"),
    SYMBOL(energy_mj, false, "nvmlDeviceGetTotalEnergyConsumption"),
    SYMBOL(power_mw, false, "nvmlDeviceGetPowerUsage"),
    SYMBOL(limit_mw, false, "nvmlDeviceGetEnforcedPowerLimit", "nvmlDeviceGetPowerManagementLimit"),
    SYMBOL(fields, false, "nvmlDeviceGetFieldValues"),
    SYMBOL(samples, false, "nvmlDeviceGetSamples"),
    SYMBOL(utilization, false, "nvmlDeviceGetUtilizationRates"),
    SYMBOL(memory, false, "nvmlDeviceGetMemoryInfo"),
    SYMBOL(memory_v2, false, "nvmlDeviceGetMemoryInfo_v2"),
    SYMBOL(clock_mhz, false, "nvmlDeviceGetClockInfo"),
    SYMBOL(temperature_c, false, "nvmlDeviceGetTemperature"),
    SYMBOL(processes, false, "nvmlDeviceGetComputeRunningProcesses_v3",
           "nvmlDeviceGetComputeRunningProcesses_v2"),
    SYMBOL(processes_v1, false, "nvmlDeviceGetComputeRunningProcesses"),
    SYMBOL(process_samples, false, "nvmlDeviceGetProcessUtilization"),
    SYMBOL(mig_mode, false, "nvmlDeviceGetMigMode"),
    SYMBOL(mig_count, false, "nvmlDeviceGetMaxMigDeviceCount"),
    SYMBOL(mig_by_index, false, "nvmlDeviceGetMigDeviceHandleByIndex"),
};

static int resolve(struct cct_nvml *nvml, struct cct_err *err)
{
    for (size_t i = 0; i < CCT_LEN(symbols); i++) {
        void *found = NULL;
        for (size_t n = 0; n < CCT_LEN(symbols[i].names) && symbols[i].names[n] && !found; n++)
            found = dlsym(nvml->library, symbols[i].names[n]);
        if (!found && symbols[i].needed)
            return cct_fail(err, CCT_UNAVAILABLE, "it has no %s", symbols[i].names[0]);
        /* A pointer to a function as dlsym(3) gives it. */
        memcpy((char *)nvml + symbols[i].offset, &found, sizeof found);
    }
    return 0;
}

static void *load(const char *library)
{
    if (library)
        return dlopen(library, RTLD_NOW | RTLD_LOCAL);
    void *found = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    return found ? found : dlopen("libnvidia-ml.so", RTLD_NOW | RTLD_LOCAL);
}

static int start(struct cct_nvml *nvml, int *result, struct cct_err *err)
{
    *result = nvml->init();
    if (*result == NVML_OK)
        return 0;
    const char *text = nvml->error_text ? nvml->error_text(*result) : NULL;
    return cct_fail(err, CCT_UNAVAILABLE, "does not start: %.80s (%d)", text ? text : "error",
                    *result);
}

int cct_nvml_open(struct cct_nvml *nvml, const char *library, int *result, struct cct_err *err)
{
    *result = NVML_OK;
    *nvml = (struct cct_nvml){.library = load(library)};
    if (!nvml->library)
        return cct_fail(err, CCT_NOINPUT, "%.80s cannot be loaded",
                        library ? library : "libnvidia-ml.so.1");
    if (resolve(nvml, err) == 0 && start(nvml, result, err) == 0)
        return 0;
    dlclose(nvml->library);
    nvml->library = NULL;
    return -1;
}

void cct_nvml_close(struct cct_nvml *nvml)
{
    if (!nvml->library)
        return;
    nvml->shutdown();
    dlclose(nvml->library);
    nvml->library = NULL;
}
