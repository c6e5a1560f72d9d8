/* SPDX-License-Identifier: Apache-2.0
 * How busy a board was, and with whose work. What a board once said that it has not is not asked
 * for again; what changes no faster than the sensors behind it is not asked for more often. */
#include "base/alloc.h"
#include "nvml.h"

#include <math.h>

#define DETAIL_NS (100 * CCT_NS_PER_MS)
#define UNKNOWN   (~0ULL) /* NVML_VALUE_NOT_AVAILABLE */
#define MOST      4096    /* processes, and samples of them, that are looked at */

enum nvml_detail {
    NVML_UTILIZATION = 1,
    NVML_MEMORY = 2,
    NVML_CLOCK = 4,
    NVML_TEMPERATURE = 8,
    NVML_PROCESSES = 16,
    NVML_PROCESS_SAMPLES = 32,
};

/* Whether a call brought something; remembers what is not there. */
static bool brought(struct nvml_board *board, enum nvml_detail what, int result)
{
    if (result == NVML_NOT_SUPPORTED || result == NVML_FUNCTION_NOT_FOUND)
        board->missing |= what;
    board->lost |= result == NVML_GPU_IS_LOST;
    return result == NVML_OK;
}

static bool asks(const struct nvml_board *board, enum nvml_detail what, bool there)
{
    return there && !(board->missing & what) && !board->lost;
}

static double memory_used(const struct cct_nvml *nvml, struct nvml_board *board)
{
    struct nvml_memory_v2 v2 = {.version = (unsigned)sizeof v2 | (2U << 24)};
    struct nvml_memory v1;
    if (!asks(board, NVML_MEMORY, true))
        return NAN;
    if (nvml->memory_v2 && nvml->memory_v2(board->handle, &v2) == NVML_OK)
        return (double)v2.used;
    int result = nvml->memory ? nvml->memory(board->handle, &v1) : NVML_FUNCTION_NOT_FOUND;
    return brought(board, NVML_MEMORY, result) ? (double)v1.used : (double)NAN;
}

void cct_nvml_read_detail(const struct cct_nvml *nvml, struct nvml_board *board, int64_t mono_ns)
{
    struct nvml_utilization util;
    unsigned n;
    if (board->detailed && !board->lost && mono_ns - board->detail_mono_ns < DETAIL_NS)
        return;
    board->detailed = true;
    board->detail_mono_ns = mono_ns;
    board->detail = cct_gpu_unknown(board->uuid);
    if (asks(board, NVML_UTILIZATION, nvml->utilization && !board->mig) &&
        brought(board, NVML_UTILIZATION, nvml->utilization(board->handle, &util)))
        board->detail.util_pct = util.gpu;
    board->detail.memory_used_bytes = memory_used(nvml, board);
    if (asks(board, NVML_CLOCK, nvml->clock_mhz) &&
        brought(board, NVML_CLOCK, nvml->clock_mhz(board->handle, NVML_CLOCK_SM, &n)))
        board->detail.clock_mhz = n;
    if (asks(board, NVML_TEMPERATURE, nvml->temperature_c) &&
        brought(board, NVML_TEMPERATURE,
                nvml->temperature_c(board->handle, NVML_TEMPERATURE_GPU, &n)))
        board->detail.temperature_c = n;
}

/* ---- whose work ---- */

static void add_process(struct nvml_board *board, unsigned pid, unsigned long long used_bytes)
{
    if (board->process_count == board->process_cap) {
        board->process_cap = board->process_cap ? board->process_cap * 2 : 16;
        board->processes =
            cct_xreallocarray(board->processes, board->process_cap, sizeof *board->processes);
    }
    board->processes[board->process_count++] = (struct cct_gpu_process){
        .pid = (pid_t)pid,
        .busy = NAN,
        .memory_bytes = used_bytes == UNKNOWN ? (double)NAN : (double)used_bytes,
    };
}

static struct cct_gpu_process *find_process(struct nvml_board *board, unsigned pid)
{
    for (size_t i = 0; i < board->process_count; i++)
        if (board->processes[i].pid == (pid_t)pid)
            return &board->processes[i];
    return NULL;
}

/* A process with several instances on a board is told once for each. */
static void merge_process(struct nvml_board *board, unsigned pid, unsigned long long used_bytes)
{
    struct cct_gpu_process *p = find_process(board, pid);
    if (!p)
        add_process(board, pid, used_bytes);
    else
        p->memory_bytes += used_bytes == UNKNOWN ? (double)NAN : (double)used_bytes;
}

static int list_processes(const struct cct_nvml *nvml, struct nvml_board *board)
{
    unsigned count = 0;
    int result = nvml->processes(board->handle, &count, NULL);
    if (result != NVML_INSUFFICIENT_SIZE || count > MOST)
        return result;
    count += 8; /* some may start right now */
    struct nvml_process *list = cct_xcalloc(count, sizeof *list);
    result = nvml->processes(board->handle, &count, list);
    for (unsigned i = 0; result == NVML_OK && i < count; i++)
        merge_process(board, list[i].pid, list[i].used_bytes);
    free(list);
    return result;
}

static int list_processes_v1(const struct cct_nvml *nvml, struct nvml_board *board)
{
    unsigned count = 0;
    int result = nvml->processes_v1(board->handle, &count, NULL);
    if (result != NVML_INSUFFICIENT_SIZE || count > MOST)
        return result;
    count += 8;
    struct nvml_process_v1 *list = cct_xcalloc(count, sizeof *list);
    result = nvml->processes_v1(board->handle, &count, list);
    for (unsigned i = 0; result == NVML_OK && i < count; i++)
        merge_process(board, list[i].pid, list[i].used_bytes);
    free(list);
    return result;
}

/* The samples of all processes since the last look, summed for each: their ratio is the share. */
static int sum_samples(const struct cct_nvml *nvml, struct nvml_board *board)
{
    unsigned count = 0;
    unsigned long long after_us = board->process_us;
    int result = nvml->process_samples(board->handle, NULL, &count, after_us);
    if ((result != NVML_INSUFFICIENT_SIZE && result != NVML_OK) || !count || count > MOST)
        return result;
    struct nvml_process_sample *list = cct_xcalloc(count, sizeof *list);
    result = nvml->process_samples(board->handle, list, &count, after_us);
    for (unsigned i = 0; result == NVML_OK && i < count; i++) {
        if (list[i].time_us <= after_us || list[i].sm_pct > 100)
            continue;
        if (list[i].time_us > board->process_us)
            board->process_us = list[i].time_us;
        struct cct_gpu_process *p = find_process(board, list[i].pid);
        if (!p) { /* it ended within the tick */
            add_process(board, list[i].pid, 0);
            p = &board->processes[board->process_count - 1];
        }
        p->busy = (isnan(p->busy) ? 0 : p->busy) + list[i].sm_pct;
    }
    free(list);
    return result;
}

void cct_nvml_read_processes(const struct cct_nvml *nvml, struct nvml_board *board, int64_t mono_ns)
{
    if (board->told_processes && !board->lost && mono_ns - board->process_mono_ns < DETAIL_NS)
        return;
    board->told_processes = true;
    board->process_mono_ns = mono_ns;
    board->process_count = 0;
    board->processes_known = false;
    if (asks(board, NVML_PROCESSES, nvml->processes || nvml->processes_v1)) {
        int result = nvml->processes ? list_processes(nvml, board) : list_processes_v1(nvml, board);
        board->processes_known = brought(board, NVML_PROCESSES, result);
    }
    if (asks(board, NVML_PROCESS_SAMPLES, nvml->process_samples && !board->mig) &&
        brought(board, NVML_PROCESS_SAMPLES, sum_samples(nvml, board)))
        board->processes_known = true;
}
