/* SPDX-License-Identifier: Apache-2.0
 * NVIDIA boards that NVML does not tell of: no library in a container, or a captured machine. Their
 * kernel driver names them in /proc/driver/nvidia/gpus/ADDRESS/information (the driver's README,
 * "The /proc File System"): lines "Model:" and "GPU UUID:". How busy they are is then unknown, so
 * the estimate's bounds are those of rest and full load. */
#include "base/alloc.h"
#include "gpu.h"
#include "gpu_power.h"

#include <math.h>
#include <string.h>

#define FOLDER "proc/driver/nvidia/gpus"

struct board {
    char device[96], model[96];
    char source[CCT_SOURCE_NAME];
    struct cct_gpu_power power;
};

struct boards {
    struct board *items; /* owned */
    size_t count;
    char driver[64];
};

/* The words behind "KEY:" of one line. */
static bool find_value(const char *text, const char *key, char *out, size_t cap)
{
    size_t n = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) != 0 || line[n] != ':')
            continue;
        line += n + 1;
        line += strspn(line, " \t");
        size_t len = strcspn(line, "\n");
        while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
            len--;
        return len && snprintf(out, cap, "%.*s", (int)len, line) < (int)cap;
    }
    return false;
}

static bool read_board(const struct cct_sysroot *root, const char *address, struct board *board)
{
    char path[128];
    char text[2048];
    *board = (struct board){0};
    snprintf(path, sizeof path, FOLDER "/%.40s/information", address);
    if (cct_sysroot_read(root, path, text, sizeof text) <= 0 ||
        !find_value(text, "Model", board->model, sizeof board->model))
        return false;
    /* Before its first use a board's UUID is question marks. */
    if (!find_value(text, "GPU UUID", board->device, sizeof board->device) ||
        strchr(board->device, '?'))
        snprintf(board->device, sizeof board->device, "%.40s", address);
    snprintf(board->source, sizeof board->source, "model:%.56s", board->device);
    cct_gpu_power_find("nvidia", board->model, NAN, &board->power);
    return true;
}

static int by_device(const void *a, const void *b)
{
    return strcmp(((const struct board *)a)->device, ((const struct board *)b)->device);
}

static void find_boards(const struct cct_sysroot *root, struct boards *boards)
{
    const struct dirent *entry;
    DIR *dir = cct_sysroot_opendir(root, FOLDER);
    while (dir && (entry = readdir(dir))) {
        struct board board;
        if (entry->d_name[0] == '.' || !read_board(root, entry->d_name, &board))
            continue;
        boards->items = cct_xreallocarray(boards->items, boards->count + 1, sizeof *boards->items);
        boards->items[boards->count++] = board;
    }
    if (dir)
        closedir(dir);
    if (boards->count)
        qsort(boards->items, boards->count, sizeof *boards->items, by_device);
}

/* The nvml driver comes first in the list. */
static bool are_told(const struct cct_sensor_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (strncmp(list->items[i].info.name, "nvml:", 5) == 0)
            return true;
    return false;
}

static int list_models(const struct cct_machine *machine, struct cct_sensor_list *list,
                       void **state, struct cct_err *err)
{
    struct boards found = {0};
    (void)err;
    if (are_told(list))
        return 0;
    find_boards(machine->root, &found);
    if (!found.count)
        return 0;
    if (cct_sysroot_read(machine->root, "sys/module/nvidia/version", found.driver,
                         sizeof found.driver) < 0)
        found.driver[0] = '\0';
    for (size_t i = 0; i < found.count; i++) {
        struct cct_sensor *s = cct_sensor_add(list, found.items[i].source);
        s->info.component = CCT_GPU;
        s->info.method = CCT_MODEL;
        s->covers = CCT_BIT(CCT_GPU);
        s->slot = (int)i;
        s->rank = 93;
        s->single = true;
    }
    struct boards *boards = cct_xmalloc(sizeof *boards);
    *boards = found;
    *state = boards;
    return 0;
}

static void open_model(void *state, struct cct_sensor *s)
{
    const struct board *board = &((const struct boards *)state)->items[s->slot];
    if (board->power.max_w > 0)
        return;
    s->info.readable = false;
    snprintf(s->info.reason, sizeof s->info.reason, "the shipped table has no %.80s", board->model);
}

static void read_models(void *state, struct cct_sensor *sensors, size_t count,
                        const struct cct_tick *tick)
{
    const struct boards *boards = state;
    (void)tick;
    for (size_t i = 0; boards && i < count; i++)
        if (sensors[i].active && sensors[i].state == boards)
            sensors[i].read = cct_gpu_power_read(&boards->items[sensors[i].slot].power, NAN);
}

static void close_models(void *state)
{
    struct boards *boards = state;
    free(boards->items);
    free(boards);
}

static void tell_boards(void *state, struct cct_board_list *list)
{
    const struct boards *boards = state;
    for (size_t i = 0; i < boards->count; i++) {
        struct cct_board *b = cct_board_add(list, boards->items[i].device);
        b->source = boards->items[i].source;
        b->rest_w = boards->items[i].power.idle_w;
    }
}

static void tell_devices(void *state, struct cct_device_list *list)
{
    const struct boards *boards = state;
    for (size_t i = 0; i < boards->count; i++) {
        struct cct_device *d = cct_device_add(list, boards->items[i].device);
        snprintf(d->vendor, sizeof d->vendor, "nvidia");
        snprintf(d->model, sizeof d->model, "%s", boards->items[i].model);
        snprintf(d->driver, sizeof d->driver, "%s", boards->driver);
    }
}

const struct cct_sensor_driver cct_sensor_nvidia_model = {
    .name = "nvidia_model",
    .list = list_models,
    .open = open_model,
    .read = read_models,
    .close = close_models,
    .boards = tell_boards,
    .devices = tell_devices,
};
