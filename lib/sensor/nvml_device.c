/* SPDX-License-Identifier: Apache-2.0
 * What a board is: its names, its limits, its partitions. Power and energy of a partitioned board
 * (MIG) exist only for the whole of it. */
#include "base/alloc.h"
#include "nvml.h"

#include <math.h>
#include <string.h>

static void read_text(int (*call)(nvml_device, char *, unsigned), nvml_device device,
                      char out[NVML_TEXT])
{
    if (!call || call(device, out, NVML_TEXT) != NVML_OK)
        out[0] = '\0';
    out[NVML_TEXT - 1] = '\0';
}

static double read_memory(const struct cct_nvml *nvml, nvml_device device)
{
    struct nvml_memory memory = {0};
    if (!nvml->memory || nvml->memory(device, &memory) != NVML_OK)
        return NAN;
    return (double)memory.total;
}

static void add_partition(const struct cct_nvml *nvml, struct nvml_board *board, nvml_device handle)
{
    board->partitions =
        cct_xreallocarray(board->partitions, board->partition_count + 1, sizeof *board->partitions);
    struct nvml_partition *p = &board->partitions[board->partition_count++];
    read_text(nvml->uuid, handle, p->uuid);
    read_text(nvml->name, handle, p->name);
    p->memory_bytes = read_memory(nvml, handle);
}

static void find_partitions(const struct cct_nvml *nvml, struct nvml_board *board)
{
    unsigned now = 0;
    unsigned pending = 0;
    unsigned most = 0;
    if (!nvml->mig_mode || nvml->mig_mode(board->handle, &now, &pending) != NVML_OK)
        return;
    board->mig = now == 1;
    if (!board->mig || !nvml->mig_count || !nvml->mig_by_index ||
        nvml->mig_count(board->handle, &most) != NVML_OK)
        return;
    for (unsigned i = 0; i < most && i < 64; i++) {
        nvml_device handle = NULL;
        if (nvml->mig_by_index(board->handle, i, &handle) == NVML_OK)
            add_partition(nvml, board, handle);
    }
}

void cct_nvml_board_open(const struct cct_nvml *nvml, struct nvml_board *board, unsigned index)
{
    unsigned mw = 0;
    read_text(nvml->uuid, board->handle, board->uuid);
    if (!board->uuid[0])
        snprintf(board->uuid, sizeof board->uuid, "GPU-index-%u", index);
    read_text(nvml->name, board->handle, board->name);
    board->memory_bytes = read_memory(nvml, board->handle);
    board->limit_w = NAN;
    if (nvml->limit_mw && nvml->limit_mw(board->handle, &mw) == NVML_OK && mw)
        board->limit_w = (double)mw / 1e3;
    find_partitions(nvml, board);
    cct_gpu_power_find("nvidia", board->name, board->limit_w, &board->model);
    board->way = cct_nvml_find_way(nvml, board);
    board->detail = cct_gpu_unknown(board->uuid);
    const char *kind = board->way == NVML_WAY_NONE ? "model" : "nvml";
    snprintf(board->source, sizeof board->source, "%s:%.48s", kind, board->uuid);
}

void cct_nvml_board_close(struct nvml_board *board)
{
    free(board->partitions);
    free(board->buffer.room);
    free(board->processes);
}
