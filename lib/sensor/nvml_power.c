/* SPDX-License-Identifier: Apache-2.0
 * A board's energy. The counter (Volta and later) is renewed every 20 to 100 ms; the buffer holds
 * the driver's own samples since the last look, so that a square wave between two ticks is not
 * missed; the two gauges tell the power at the tick alone. */
#include "base/alloc.h"
#include "nvml.h"

#include <math.h>

/* A counter that has not moved for so long gives no reading any more. */
#define SILENCE_NS (2 * CCT_NS_PER_S)

static double value_of(int type, const union nvml_value *value)
{
    switch (type) {
    case NVML_DOUBLE:
        return value->d;
    case NVML_UINT:
        return value->ui;
    case NVML_ULONG:
        return (double)value->ul;
    case NVML_ULONGLONG:
        return (double)value->ull;
    case NVML_LONGLONG:
        return (double)value->sll;
    case NVML_INT:
        return value->si;
    default:
        return NAN;
    }
}

static int read_counter(const struct cct_nvml *nvml, nvml_device device, uint64_t *uj)
{
    unsigned long long mj = 0;
    int result = nvml->energy_mj ? nvml->energy_mj(device, &mj) : NVML_FUNCTION_NOT_FOUND;
    if (result == NVML_OK && mj > UINT64_MAX / 1000)
        return NVML_NOT_SUPPORTED;
    *uj = mj * 1000;
    return result;
}

static int read_instant(const struct cct_nvml *nvml, nvml_device device, double *w)
{
    struct nvml_field field = {.id = NVML_FI_POWER_INSTANT};
    int result = nvml->fields ? nvml->fields(device, 1, &field) : NVML_FUNCTION_NOT_FOUND;
    if (result == NVML_OK)
        result = field.result;
    *w = value_of(field.type, &field.value) / 1e3;
    return result;
}

static int read_usage(const struct cct_nvml *nvml, nvml_device device, double *w)
{
    unsigned mw = 0;
    int result = nvml->power_mw ? nvml->power_mw(device, &mw) : NVML_FUNCTION_NOT_FOUND;
    *w = (double)mw / 1e3;
    return result;
}

/* Adds one sample to what the buffer has brought: W x us is uJ. */
static void add_sample(struct nvml_buffer *b, unsigned long long time_us, double w)
{
    if (!isfinite(w) || w < 0 || (b->begun && time_us <= b->last_us))
        return;
    if (b->begun) {
        double uj = (w + b->last_w) / 2 * (double)(time_us - b->last_us) + b->rest_uj;
        double whole = floor(uj);
        b->rest_uj = uj - whole;
        b->uj += (uint64_t)whole;
    }
    b->begun = true;
    b->last_us = time_us;
    b->last_w = w;
}

/* Takes what is newer than the last look, and adds it up. */
static int drain(const struct cct_nvml *nvml, struct nvml_board *board)
{
    struct nvml_buffer *b = &board->buffer;
    int type = NVML_UINT;
    unsigned count = 0;
    if (!nvml->samples)
        return NVML_FUNCTION_NOT_FOUND;
    if (!b->cap) { /* how many it can hold */
        int result = nvml->samples(board->handle, NVML_TOTAL_POWER, 0, &type, &count, NULL);
        if (result != NVML_OK && result != NVML_INSUFFICIENT_SIZE)
            return result;
        b->cap = count > 128 ? count : 128;
        b->room = cct_xreallocarray(NULL, b->cap, sizeof *b->room);
    }
    count = b->cap;
    int result = nvml->samples(board->handle, NVML_TOTAL_POWER, b->last_us, &type, &count, b->room);
    if (result != NVML_OK)
        return result;
    for (unsigned i = 0; i < count && i < b->cap; i++)
        add_sample(b, b->room[i].time_us, value_of(type, &b->room[i].value) / 1e3);
    return b->begun ? NVML_OK : NVML_NOT_FOUND;
}

enum nvml_way cct_nvml_find_way(const struct cct_nvml *nvml, struct nvml_board *board)
{
    uint64_t uj;
    double w;
    board->why = read_counter(nvml, board->handle, &uj);
    if (board->why != NVML_NOT_SUPPORTED && board->why != NVML_FUNCTION_NOT_FOUND)
        return NVML_WAY_COUNTER;
    board->why = drain(nvml, board);
    if (board->why == NVML_OK)
        return NVML_WAY_BUFFER;
    board->why = read_instant(nvml, board->handle, &w);
    if (board->why == NVML_OK && isfinite(w))
        return NVML_WAY_INSTANT;
    board->why = read_usage(nvml, board->handle, &w);
    return board->why == NVML_OK ? NVML_WAY_USAGE : NVML_WAY_NONE;
}

/* A counter that stands where it stood was not renewed yet. */
static struct cct_value_read energy(struct nvml_board *board, uint64_t uj, int64_t mono_ns)
{
    if (board->given && uj == board->last_uj)
        return (struct cct_value_read){
            .kind = mono_ns - board->moved_mono_ns < SILENCE_NS ? CCT_READ_STALE : CCT_READ_MISSING,
        };
    board->given = true;
    board->last_uj = uj;
    board->moved_mono_ns = mono_ns;
    return (struct cct_value_read){.kind = CCT_READ_ENERGY, .energy_uj = uj};
}

/* Asking again so soon brings nothing that was not there, and a call can take milliseconds. */
#define ASK_NS (20 * CCT_NS_PER_MS)

static bool asked_just_now(struct nvml_board *board, int64_t mono_ns)
{
    if (board->asked && mono_ns - board->asked_mono_ns < ASK_NS)
        return true;
    board->asked = true;
    board->asked_mono_ns = mono_ns;
    return false;
}

static struct cct_value_read power(double w)
{
    return (struct cct_value_read){.kind = CCT_READ_POWER, .w = w, .low_w = NAN, .high_w = NAN};
}

struct cct_value_read cct_nvml_read(const struct cct_nvml *nvml, struct nvml_board *board,
                                    int64_t mono_ns)
{
    uint64_t uj = 0;
    double w = NAN;
    if (asked_just_now(board, mono_ns))
        return (struct cct_value_read){.kind = board->lost ? CCT_READ_MISSING : CCT_READ_STALE};
    board->why = NVML_NOT_SUPPORTED;
    switch (board->way) {
    case NVML_WAY_COUNTER:
        board->why = read_counter(nvml, board->handle, &uj);
        break;
    case NVML_WAY_BUFFER:
        board->why = drain(nvml, board);
        if (board->why == NVML_NOT_FOUND && board->buffer.begun)
            board->why = NVML_OK;
        uj = board->buffer.uj;
        break;
    case NVML_WAY_INSTANT:
        board->why = read_instant(nvml, board->handle, &w);
        break;
    case NVML_WAY_USAGE:
        board->why = read_usage(nvml, board->handle, &w);
        break;
    case NVML_WAY_NONE:
    default:
        break;
    }
    board->lost = board->why == NVML_GPU_IS_LOST;
    if (board->why != NVML_OK)
        return (struct cct_value_read){0};
    return board->way <= NVML_WAY_BUFFER ? energy(board, uj, mono_ns) : power(w);
}
