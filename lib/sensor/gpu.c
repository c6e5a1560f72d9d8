/* SPDX-License-Identifier: Apache-2.0 */
#include "gpu.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

struct cct_gpu cct_gpu_unknown(const char *device)
{
    return (struct cct_gpu){
        .device = device,
        .util_pct = NAN,
        .memory_used_bytes = NAN,
        .clock_mhz = NAN,
        .temperature_c = NAN,
        .power_w = NAN,
        .job_share = NAN,
    };
}

struct cct_board *cct_board_add(struct cct_board_list *list, const char *device)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->items = cct_xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    struct cct_board *board = &list->items[list->count++];
    *board = (struct cct_board){.detail = cct_gpu_unknown(device), .rest_w = NAN};
    return board;
}

struct cct_device *cct_device_add(struct cct_device_list *list, const char *device)
{
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 8;
        list->items = cct_xreallocarray(list->items, list->cap, sizeof *list->items);
    }
    struct cct_device *d = &list->items[list->count++];
    *d = (struct cct_device){.memory_bytes = NAN, .power_limit_w = NAN};
    snprintf(d->device, sizeof d->device, "%s", device);
    return d;
}

void cct_pids_add(struct cct_pids *pids, pid_t pid)
{
    if (pids->count == pids->cap) {
        pids->cap = pids->cap ? pids->cap * 2 : 64;
        pids->items = cct_xreallocarray(pids->items, pids->cap, sizeof *pids->items);
    }
    pids->items[pids->count++] = pid;
}

void cct_pids_drop(struct cct_pids *pids, size_t count)
{
    pids->count -= count;
    if (count && pids->count)
        memmove(pids->items, pids->items + count, pids->count * sizeof *pids->items);
}

/* ---- whose the energy was ---- */

struct share {
    double part; /* 0 to 1 */
    const char *by;
};

static bool is_in(const struct cct_pids *pids, pid_t pid)
{
    for (size_t i = 0; i < pids->count; i++)
        if (pids->items[i] == pid)
            return true;
    return false;
}

static double ratio(double part, double all)
{
    return all > 0 ? fmin(1, part / all) : (double)NAN;
}

struct account {
    size_t own, others;
    double busy, own_busy, bytes, own_bytes;
};

static struct account count_up(const struct cct_board *board, const struct cct_pids *job)
{
    struct account a = {0};
    for (size_t i = 0; i < board->process_count; i++) {
        const struct cct_gpu_process *p = &board->processes[i];
        bool own = is_in(job, p->pid);
        double busy = p->busy > 0 ? p->busy : 0;
        a.own += own;
        a.others += !own;
        a.busy += busy;
        a.own_busy += own ? busy : 0;
        a.bytes += p->memory_bytes; /* one that is unknown makes all unknown */
        a.own_bytes += own ? p->memory_bytes : 0;
    }
    return a;
}

static struct share share_of(const struct cct_board *board, const struct cct_pids *job)
{
    struct account a = count_up(board, job);
    if (a.busy > 0)
        return (struct share){ratio(a.own_busy, a.busy), "processes"};
    if (a.own + a.others == 0 && board->rest && board->rest->share_by)
        return (struct share){board->rest->share, board->rest->share_by};
    if (a.own + a.others == 0)
        return (struct share){board->owner == CCT_OWNER_JOB, "device"};
    if (!a.own || !a.others)
        return (struct share){a.own > 0, "exclusive"};
    if (a.bytes > 0)
        return (struct share){ratio(a.own_bytes, a.bytes), "memory"};
    return (struct share){(double)a.own / (double)(a.own + a.others), "count"};
}

/* A share is good for one tick more. */
static void remember(const struct cct_board *board, struct share share)
{
    if (!board->rest)
        return;
    board->rest->share = share.part;
    board->rest->share_by = board->process_count ? share.by : NULL;
}

void cct_boards_take(struct cct_board_list *boards, struct cct_sample *sample)
{
    for (size_t i = 0; i < boards->count; i++) {
        struct cct_board *b = &boards->items[i];
        b->taken = b->counted && (b->processes_known || b->owner != CCT_OWNER_OPEN);
        if (b->counted && !b->taken)
            boards->details[i].job_share_by = "cpu_time";
        if (!b->taken)
            continue;
        sample->energy_uj -= b->energy_uj;
        sample->component_uj[CCT_GPU] -= b->energy_uj;
    }
}

static void add_parts(const struct cct_board *b, double share, struct cct_sample *sample)
{
    double rest_uj = b->idle_w * b->span_s * 1e6;
    uint64_t idle_uj = rest_uj < (double)b->energy_uj ? (uint64_t)rest_uj : b->energy_uj;
    uint64_t active_uj = b->energy_uj - idle_uj;
    uint64_t job_uj = (uint64_t)((double)active_uj * share);
    if (job_uj > active_uj)
        job_uj = active_uj;
    sample->idle_uj += idle_uj;
    sample->job_uj += job_uj;
    sample->other_uj += active_uj - job_uj;
}

void cct_boards_give(struct cct_board_list *boards, const struct cct_pids *job,
                     struct cct_sample *sample)
{
    for (size_t i = 0; i < boards->count; i++) {
        const struct cct_board *b = &boards->items[i];
        if (!b->taken)
            continue;
        sample->energy_uj += b->energy_uj;
        sample->component_uj[CCT_GPU] += b->energy_uj;
        if (!sample->split)
            continue;
        struct share share = {0, "device"};
        if (b->owner != CCT_OWNER_NOT)
            share = share_of(b, job);
        remember(b, share);
        boards->details[i].job_share = share.part;
        boards->details[i].job_share_by = share.by;
        add_parts(b, share.part, sample);
    }
}

double cct_boards_idle_w(const struct cct_board_list *boards)
{
    double idle_w = 0;
    for (size_t i = 0; i < boards->count; i++)
        idle_w += boards->items[i].taken ? boards->items[i].idle_w : 0;
    return idle_w;
}
