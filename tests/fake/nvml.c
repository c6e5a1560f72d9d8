/* SPDX-License-Identifier: Apache-2.0
 * NVML as its public reference describes it (names, numbers, layouts), for boards that a file tells
 * of: $FAKE_NVML. The file is read anew at each call, so that a test may change it. A line is
 *   init RESULT                 what nvmlInit returns
 *   driver VERSION
 *   N KEY WORDS...              of board N; a reading that is not told is NOT_SUPPORTED
 * with the keys uuid, name, memory TOTAL USED, limit MW, util PCT, clock MHZ, temperature C, lost
 * CALLS (after so many readings of energy or power everything says GPU_IS_LOST), mig UUID BYTES
 * NAME (a partition), process PID SM_PCT BYTES (- for one that is unknown), blind X (no processes
 * are told), samples US:MW..., and the lists energy (mJ), power and instant (mW): one word a call,
 * the last one stays, -RESULT fails. rate MJ MW is an energy counter that grows with the time. */
#ifdef FAKE_OLD /* a driver of 2012 */
#define nvmlInit_v2                             nvmlInit
#define nvmlDeviceGetCount_v2                   nvmlDeviceGetCount
#define nvmlDeviceGetHandleByIndex_v2           nvmlDeviceGetHandleByIndex
#define nvmlDeviceGetComputeRunningProcesses_v3 nvmlDeviceGetComputeRunningProcesses
#endif

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OK = 0, INVALID = 2, UNSUPPORTED = 3, NOT_FOUND = 6, SMALL = 7, LOST = 15, UNKNOWN = 999 };

#define BOARDS     16
#define PARTITIONS 8

struct device {
    int board, partition; /* partition -1: the board */
};

static struct device handles[BOARDS][PARTITIONS + 1];
static unsigned calls[BOARDS][3]; /* of energy, power, instant */
static unsigned readings[BOARDS];

/* Copies what follows "N KEY " in its nth line; false: there is none. board < 0: "KEY ". */
static bool told(int board, const char *key, unsigned nth, char *out, size_t cap)
{
    char head[64];
    char line[4096];
    const char *path = getenv("FAKE_NVML");
    FILE *file = path ? fopen(path, "re") : NULL;
    bool found = false;
    if (board < 0)
        snprintf(head, sizeof head, "%s ", key);
    else
        snprintf(head, sizeof head, "%d %s ", board, key);
    while (file && !found && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, head, strlen(head)) == 0 && nth-- == 0) {
            snprintf(out, cap, "%s", line + strlen(head));
            found = true;
        }
    }
    if (file)
        fclose(file);
    return found;
}

static bool is_lost(int board)
{
    char text[64];
    return told(board, "lost", 0, text, sizeof text) && readings[board] >= strtoul(text, NULL, 10);
}

static int number(int board, const char *key, unsigned word, unsigned long long *out)
{
    char text[4096];
    char *end = text;
    if (is_lost(board))
        return LOST;
    if (!told(board, key, 0, text, sizeof text))
        return UNSUPPORTED;
    for (unsigned i = 0; i <= word; i++)
        *out = strtoull(end, &end, 10);
    return OK;
}

static int small(const struct device *device, const char *key, unsigned *out)
{
    unsigned long long n = 0;
    if (device->partition >= 0)
        return UNSUPPORTED;
    int result = number(device->board, key, 0, &n);
    *out = (unsigned)n;
    return result;
}

/* The next word of a list. */
static int next(const struct device *device, const char *key, unsigned which,
                unsigned long long *out)
{
    char text[4096];
    int board = device->board;
    bool lost = is_lost(board);
    readings[board]++;
    if (lost)
        return LOST;
    if (device->partition >= 0 || !told(board, key, 0, text, sizeof text))
        return UNSUPPORTED;
    char *save = NULL;
    const char *word = strtok_r(text, " ", &save);
    for (unsigned i = 0; i < calls[board][which]; i++) {
        const char *after = strtok_r(NULL, " ", &save);
        word = after ? after : word;
    }
    calls[board][which]++;
    if (!word)
        return UNKNOWN;
    if (word[0] == '-')
        return (int)strtol(word + 1, NULL, 10);
    *out = strtoull(word, NULL, 10);
    return OK;
}

#ifndef FAKE_OLD
static unsigned long long now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (unsigned long long)t.tv_sec * 1000000 + (unsigned long long)t.tv_nsec / 1000;
}
#endif

static int copy(const char *text, char *out, unsigned size)
{
    return snprintf(out, size, "%s", text) < (int)size ? OK : SMALL;
}

/* ---- the library ---- */

int nvmlInit_v2(void)
{
    char text[64];
    memset(calls, 0, sizeof calls);
    memset(readings, 0, sizeof readings);
    return told(-1, "init", 0, text, sizeof text) ? (int)strtol(text, NULL, 10) : OK;
}

int nvmlShutdown(void)
{
    return OK;
}

const char *nvmlErrorString(int result)
{
    switch (result) {
    case OK:
        return "Success";
    case UNSUPPORTED:
        return "Not Supported";
    case 9:
        return "Driver Not Loaded";
    case LOST:
        return "GPU is lost";
    case 18:
        return "Driver/library version mismatch";
    default:
        return "Unknown Error";
    }
}

int nvmlSystemGetDriverVersion(char *out, unsigned size)
{
    char text[96];
    return told(-1, "driver", 0, text, sizeof text) ? copy(text, out, size) : UNKNOWN;
}

int nvmlDeviceGetCount_v2(unsigned *out)
{
    char text[256];
    for (*out = 0; *out < BOARDS && told((int)*out, "uuid", 0, text, sizeof text);)
        ++*out;
    return OK;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned index, struct device **out)
{
    unsigned count;
    nvmlDeviceGetCount_v2(&count);
    if (index >= count)
        return INVALID;
    handles[index][0] = (struct device){(int)index, -1};
    *out = &handles[index][0];
    return OK;
}

/* A word of the line of a partition: UUID BYTES NAME. */
static bool partition(const struct device *device, unsigned word, char *out, size_t cap)
{
    char text[256];
    char *save = NULL;
    if (!told(device->board, "mig", (unsigned)device->partition, text, sizeof text))
        return false;
    const char *at = strtok_r(text, " ", &save);
    for (unsigned i = 0; at && i < word; i++)
        at = strtok_r(NULL, i + 1 == 2 ? "" : " ", &save);
    return at && snprintf(out, cap, "%s", at) < (int)cap;
}

int nvmlDeviceGetUUID(const struct device *device, char *out, unsigned size)
{
    char text[256];
    bool there = device->partition < 0 ? told(device->board, "uuid", 0, text, sizeof text)
                                       : partition(device, 0, text, sizeof text);
    return there ? copy(text, out, size) : UNKNOWN;
}

int nvmlDeviceGetName(const struct device *device, char *out, unsigned size)
{
    char text[256];
    bool there = device->partition < 0 ? told(device->board, "name", 0, text, sizeof text)
                                       : partition(device, 2, text, sizeof text);
    return there ? copy(text, out, size) : UNSUPPORTED;
}

#ifndef FAKE_OLD
int nvmlDeviceGetTotalEnergyConsumption(const struct device *device, unsigned long long *out)
{
    static unsigned long long begin_us;
    unsigned long long base = 0;
    unsigned long long mw = 0;
    if (number(device->board, "rate", 0, &base) || number(device->board, "rate", 1, &mw))
        return next(device, "energy", 0, out);
    readings[device->board]++;
    begin_us = begin_us ? begin_us : now_us();
    *out = base + (now_us() - begin_us) * mw / 1000000;
    return OK;
}

#endif

int nvmlDeviceGetPowerUsage(const struct device *device, unsigned *out)
{
    unsigned long long mw = 0;
    int result = next(device, "power", 1, &mw);
    *out = (unsigned)mw;
    return result;
}

int nvmlDeviceGetEnforcedPowerLimit(const struct device *device, unsigned *out)
{
    return small(device, "limit", out);
}

union value {
    double d;
    unsigned ui;
    unsigned long long ull;
};

#ifndef FAKE_OLD
struct field {
    unsigned id, scope;
    long long time_us, latency_us;
    int type, result;
    union value value;
};

int nvmlDeviceGetFieldValues(const struct device *device, int count, struct field *fields)
{
    if (is_lost(device->board))
        return LOST;
    for (int i = 0; i < count; i++) {
        unsigned long long mw = 0;
        fields[i].result = fields[i].id == 186 ? next(device, "instant", 2, &mw) : UNSUPPORTED;
        fields[i].type = 1;
        fields[i].value.ui = (unsigned)mw;
    }
    return OK;
}

#endif

struct sample {
    unsigned long long time_us;
    union value value;
};

int nvmlDeviceGetSamples(const struct device *device, int type, unsigned long long after_us,
                         int *value_type, unsigned *count, struct sample *out)
{
    char text[4096];
    unsigned n = 0;
    char *save = NULL;
    if (is_lost(device->board))
        return LOST;
    if (type || device->partition >= 0 || !told(device->board, "samples", 0, text, sizeof text))
        return UNSUPPORTED;
    *value_type = 1;
    if (!out) {
        *count = 120;
        return OK;
    }
    for (const char *at = strtok_r(text, " ", &save); at; at = strtok_r(NULL, " ", &save)) {
        char *colon = NULL;
        unsigned long long us = strtoull(at, &colon, 10);
        if (us <= after_us || n == *count)
            continue;
        out[n].time_us = us;
        out[n++].value.ui = (unsigned)strtoul(colon + 1, NULL, 10);
    }
    *count = n;
    return n ? OK : NOT_FOUND;
}

struct utilization {
    unsigned gpu, memory;
};

int nvmlDeviceGetUtilizationRates(const struct device *device, struct utilization *out)
{
    char text[64];
    if (told(device->board, "mig", 0, text, sizeof text))
        return UNSUPPORTED;
    return small(device, "util", &out->gpu);
}

struct memory {
    unsigned long long total, free, used;
};

struct memory_v2 {
    unsigned version;
    unsigned long long total, reserved, free, used;
};

int nvmlDeviceGetMemoryInfo(const struct device *device, struct memory *out)
{
    char text[64];
    if (device->partition >= 0) {
        if (!partition(device, 1, text, sizeof text))
            return UNSUPPORTED;
        out->total = strtoull(text, NULL, 10);
        return OK;
    }
    int result = number(device->board, "memory", 0, &out->total);
    return result ? result : number(device->board, "memory", 1, &out->used);
}

#ifndef FAKE_OLD
int nvmlDeviceGetMemoryInfo_v2(const struct device *device, struct memory_v2 *out)
{
    struct memory memory = {0};
    if (out->version != (sizeof *out | 2U << 24))
        return 25;
    int result = nvmlDeviceGetMemoryInfo(device, &memory);
    out->total = memory.total;
    out->used = memory.used;
    return result;
}

#endif

int nvmlDeviceGetClockInfo(const struct device *device, int type, unsigned *out)
{
    return type == 1 ? small(device, "clock", out) : INVALID;
}

int nvmlDeviceGetTemperature(const struct device *device, int sensor, unsigned *out)
{
    return sensor == 0 ? small(device, "temperature", out) : INVALID;
}

struct process {
    unsigned pid;
    unsigned long long used_bytes;
#ifndef FAKE_OLD
    unsigned gpu_instance, compute_instance;
#endif
};

int nvmlDeviceGetComputeRunningProcesses_v3(const struct device *device, unsigned *count,
                                            struct process *out)
{
    char text[256];
    unsigned n = 0;
    if (is_lost(device->board))
        return LOST;
    if (told(device->board, "blind", 0, text, sizeof text))
        return UNSUPPORTED;
    for (; told(device->board, "process", n, text, sizeof text); n++) {
        char *at;
        if (!out || n >= *count)
            continue;
        out[n] = (struct process){.pid = (unsigned)strtoul(text, &at, 10)};
        at += strcspn(at + 1, " ") + 1;
        out[n].used_bytes = strtoull(at, NULL, 10);
        if (strchr(at, '-'))
            out[n].used_bytes = ~0ULL;
    }
    bool fits = n <= *count;
    *count = n;
    return fits ? OK : SMALL;
}

#ifndef FAKE_OLD
struct process_sample {
    unsigned pid;
    unsigned long long time_us;
    unsigned sm_pct, memory_pct, encoder_pct, decoder_pct;
};

int nvmlDeviceGetProcessUtilization(const struct device *device, struct process_sample *out,
                                    unsigned *count, unsigned long long after_us)
{
    char text[256];
    unsigned n = 0;
    unsigned long long at_us = now_us();
    if (is_lost(device->board))
        return LOST;
    if (told(device->board, "mig", 0, text, sizeof text) ||
        told(device->board, "blind", 0, text, sizeof text))
        return UNSUPPORTED;
    for (unsigned i = 0; told(device->board, "process", i, text, sizeof text); i++) {
        char *at;
        unsigned pid = (unsigned)strtoul(text, &at, 10);
        if (at[1] == '-' || at_us <= after_us)
            continue;
        if (out && n < *count)
            out[n] = (struct process_sample){
                .pid = pid, .time_us = at_us, .sm_pct = (unsigned)strtoul(at, NULL, 10)};
        n++;
    }
    bool fits = out && n <= *count;
    *count = n;
    return !n ? NOT_FOUND : fits ? OK : SMALL;
}

int nvmlDeviceGetMigMode(const struct device *device, unsigned *now, unsigned *pending)
{
    char text[256];
    *now = *pending = told(device->board, "mig", 0, text, sizeof text);
    return OK;
}

int nvmlDeviceGetMaxMigDeviceCount(const struct device *device, unsigned *out)
{
    (void)device;
    *out = PARTITIONS - 1;
    return OK;
}

int nvmlDeviceGetMigDeviceHandleByIndex(const struct device *device, unsigned index,
                                        struct device **out)
{
    char text[256];
    if (index >= PARTITIONS || !told(device->board, "mig", index, text, sizeof text))
        return NOT_FOUND;
    handles[device->board][index + 1] = (struct device){device->board, (int)index};
    *out = &handles[device->board][index + 1];
    return OK;
}
#endif
