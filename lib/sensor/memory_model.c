/* SPDX-License-Identifier: Apache-2.0
 * The estimate for memory that nothing measures: a constant, load or not, linear in what is
 * installed.
 *
 * A module (DIMM) draws about 5 W at work whatever it holds (the shipped figure of codecarbon;
 * vendors' and testers' figures for DDR4 and DDR5 RDIMMs lie between 1.5 W at rest and 10 W at full
 * bandwidth). Where the kernel's memory controller driver lists the modules
 * (/sys/devices/system/edac/mc, Documentation/driver-api/edac.rst) they are counted: bounds 1.5 W
 * (the shipped figure for ARM) and 10 W each. Else modules of 32 GB are assumed, 0.156 W/GB: bounds
 * are modules of 64 GB at 1.5 W, and the greatest shipped W/GB coefficient (0.392,
 * cloud-carbon-footprint), which comes from 8 and 16 GB modules and would give 1 TB of memory more
 * than a GPU. A guest sees the memory of its own share alone. */
#include "base/alloc.h"
#include "facts/facts.h"
#include "sensor/driver.h"

#include <math.h>
#include <string.h>

#define ASSUMED_GB   32.0
#define LARGE_GB     64.0
#define AT_FULL      2.0 /* of a module's 5 W */
#define EDAC         "sys/devices/system/edac/mc"
#define MAX_MODULES  4096u
#define BYTES_PER_GB (1024.0 * 1024.0 * 1024.0)

struct memory {
    double w, low_w, high_w;
};

static double greatest(const char *component)
{
    double value = NAN;
    for (size_t i = 0; i < cct_fact_coefficients_count; i++)
        if (strcmp(cct_fact_coefficients[i].component, component) == 0)
            value = fmax(value, cct_fact_coefficients[i].value);
    return value;
}

/* Slots that hold something: dimmN/size is in MiB. */
static unsigned modules_of(const struct cct_sysroot *root, const char *controller)
{
    char path[320];
    const struct dirent *entry;
    unsigned count = 0;
    snprintf(path, sizeof path, EDAC "/%.64s", controller);
    DIR *dir = cct_sysroot_opendir(root, path);
    while (dir && (entry = readdir(dir)) && count < MAX_MODULES) {
        uint64_t size;
        if (strncmp(entry->d_name, "dimm", 4) != 0)
            continue;
        snprintf(path, sizeof path, EDAC "/%.64s/%.64s/size", controller, entry->d_name);
        count += cct_sysroot_read_u64(root, path, &size) == 0 && size > 0;
    }
    if (dir)
        closedir(dir);
    return count;
}

static unsigned modules(const struct cct_sysroot *root)
{
    const struct dirent *entry;
    unsigned count = 0;
    DIR *dir = cct_sysroot_opendir(root, EDAC);
    while (dir && (entry = readdir(dir)) && count < MAX_MODULES)
        if (strncmp(entry->d_name, "mc", 2) == 0 && entry->d_name[2])
            count += modules_of(root, entry->d_name);
    if (dir)
        closedir(dir);
    return count;
}

static void estimate(const struct cct_machine *machine, struct memory *memory)
{
    double gb = machine->host->memory_bytes / BYTES_PER_GB;
    double module_w = greatest("memory_dimm_x86");
    double rest_w = greatest("memory_dimm_arm");
    unsigned count = machine->host->cpu.hypervisor ? 0 : modules(machine->root);
    if (count)
        *memory = (struct memory){count * module_w, count * rest_w, count * AT_FULL * module_w};
    else
        *memory = (struct memory){gb * module_w / ASSUMED_GB, gb * rest_w / LARGE_GB,
                                  gb * greatest("memory")};
}

static int list_model(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                      struct cct_err *err)
{
    (void)err;
    struct cct_sensor *s = cct_sensor_add(list, "model:memory");
    s->info.component = CCT_DRAM;
    s->info.method = CCT_MODEL;
    s->covers = CCT_BIT(CCT_DRAM);
    s->rank = 91;
    struct memory *memory = cct_xcalloc(1, sizeof *memory);
    estimate(machine, memory);
    s->idle_w = memory->w;
    *state = memory;
    return 0;
}
static void open_model(void *state, struct cct_sensor *sensor)
{
    const struct memory *memory = state;
    if (memory->w > 0)
        return;
    sensor->info.readable = false;
    snprintf(sensor->info.reason, sizeof sensor->info.reason,
             "the size of the memory is unknown (/proc/meminfo)");
}

static void read_model(void *state, struct cct_sensor *sensors, size_t count,
                       const struct cct_tick *tick)
{
    const struct memory *memory = state;
    (void)tick;
    for (size_t i = 0; i < count; i++)
        if (sensors[i].active && sensors[i].state == state)
            sensors[i].read = (struct cct_value_read){
                .kind = CCT_READ_POWER,
                .w = memory->w,
                .low_w = memory->low_w,
                .high_w = memory->high_w,
            };
}

const struct cct_sensor_driver cct_sensor_memory_model = {
    .name = "memory_model",
    .list = list_model,
    .open = open_model,
    .read = read_model,
    .close = free,
};
