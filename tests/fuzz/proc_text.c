/* SPDX-License-Identifier: Apache-2.0
 * The kernel's text files, from a machine that nobody vouches for. */
#include "fuzz.h"

#include "base/alloc.h"
#include "sensor/cpu.h"
#include "sensor/tree.h"
#include "sensor/usage.h"

#include <math.h>
#include <string.h>

static void read_cpuinfo(char *text)
{
    struct cct_cpu cpu = {.stepping = -1};
    struct cct_cpuinfo info = {.cpu = &cpu};
    struct cct_cpu_power power;
    char *save = NULL;
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        cct_cpuinfo_line(&info, line);
    cpu.tdp_w = cct_cpu_tdp_w(cpu.model);
    cct_cpu_power_find(&cpu, &power);
    FUZZ_ASSERT(cpu.sockets <= 64);
    FUZZ_ASSERT(power.idle_w >= 0 && power.idle_w <= power.max_w);
    FUZZ_ASSERT(power.low < 1 && power.high > 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cct_auto_free char *text = cct_xmalloc(size + 1);
    struct cct_cpu_times times;
    struct cct_proc proc;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    FUZZ_ASSERT(cct_cpu_times_parse(text, &times) == times.known);
    double bytes = cct_meminfo_bytes(text, "MemTotal");
    FUZZ_ASSERT(isnan(bytes) || bytes >= 0);
    if (cct_proc_parse(text, 100, &proc))
        FUZZ_ASSERT(proc.pid > 0);
    read_cpuinfo(text);
    return 0;
}
