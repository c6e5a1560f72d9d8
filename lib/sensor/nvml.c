/* SPDX-License-Identifier: Apache-2.0
 * NVIDIA boards through NVML, the library that comes with their driver. It is loaded at run time,
 * and only where it can mean this machine: never for a captured one, unless it is named. */
#include "nvml.h"

#include "base/alloc.h"

#include <math.h>
#include <string.h>

struct nvml_state {
    struct cct_nvml nvml;
    char driver[NVML_TEXT];
    struct nvml_board *boards; /* owned */
    size_t count;
};

static bool is_nvidia_display(const struct cct_sysroot *root, const char *id)
{
    char path[320];
    char text[32];
    snprintf(path, sizeof path, "sys/bus/pci/devices/%.200s/vendor", id);
    if (cct_sysroot_read(root, path, text, sizeof text) <= 0 || strcmp(text, "0x10de") != 0)
        return false;
    snprintf(path, sizeof path, "sys/bus/pci/devices/%.200s/class", id);
    return cct_sysroot_read(root, path, text, sizeof text) > 0 && strncmp(text, "0x03", 4) == 0;
}

/* Whether an NVIDIA board is plugged in here, whatever its driver says: a display controller is of
 * PCI class 03. */
static bool is_plugged_in(const struct cct_sysroot *root)
{
    bool found = false;
    const struct dirent *entry;
    DIR *dir = cct_sysroot_opendir(root, "sys/bus/pci/devices");
    while (dir && !found && (entry = readdir(dir)))
        found = entry->d_name[0] != '.' && is_nvidia_display(root, entry->d_name);
    if (dir)
        closedir(dir);
    return found;
}

static const char *remedy_for(int result)
{
    switch (result) {
    case NVML_OK: /* it was not found at all */
        return "install the user-space libraries of the NVIDIA driver that runs here, or name "
               "libnvidia-ml.so.1 with --nvml";
    case NVML_NO_PERMISSION:
        return "ls -l /dev/nvidia*: let this user read and write them";
    case NVML_DRIVER_NOT_LOADED:
        return "sudo modprobe nvidia";
    case NVML_LIB_RM_VERSION_MISMATCH:
        return "the driver was updated while it ran: reboot, or unload and load its modules";
    default:
        return "nvidia-smi tells what is wrong with the driver";
    }
}

/* A place that cannot be read, and stands for all boards. */
static void list_failure(struct cct_sensor_list *list, const char *reason, const char *remedy)
{
    struct cct_sensor *s = cct_sensor_add(list, "nvml");
    s->info.component = CCT_GPU;
    s->info.readable = false;
    s->slot = -1;
    snprintf(s->info.reason, sizeof s->info.reason, "%.140s", reason);
    snprintf(s->info.remedy, sizeof s->info.remedy, "%s", remedy);
}

static void find_boards(struct nvml_state *state)
{
    const struct cct_nvml *nvml = &state->nvml;
    unsigned count = 0;
    if (nvml->driver_version && nvml->driver_version(state->driver, NVML_TEXT) != NVML_OK)
        state->driver[0] = '\0';
    if (nvml->count(&count) != NVML_OK || count > 1024)
        return;
    state->boards = cct_xcalloc(count + 1, sizeof *state->boards);
    for (unsigned i = 0; i < count; i++) {
        struct nvml_board *board = &state->boards[state->count];
        if (nvml->by_index(i, &board->handle) != NVML_OK)
            continue;
        cct_nvml_board_open(nvml, board, i);
        state->count++;
    }
}

/* The pointers into boards live as long as this call. */
static void mark_owners(struct nvml_state *state, const struct cct_gpu_options *gpu)
{
    struct cct_visible *marks = cct_xcalloc(state->count + 1, sizeof *marks);
    const char **names = NULL;
    size_t all = 0;
    for (size_t i = 0; i < state->count; i++)
        all += state->boards[i].partition_count;
    names = cct_xcalloc(all + 1, sizeof *names);
    for (size_t i = 0, n = 0; i < state->count; i++) {
        const struct nvml_board *board = &state->boards[i];
        marks[i] = (struct cct_visible){
            .uuid = board->uuid,
            .partitions = &names[n],
            .partition_count = board->partition_count,
        };
        for (size_t p = 0; p < board->partition_count; p++)
            names[n++] = board->partitions[p].uuid;
    }
    cct_visible_mark(gpu->cuda_visible, gpu->nvidia_visible, marks, state->count);
    for (size_t i = 0; i < state->count; i++)
        state->boards[i].owner = marks[i].owner;
    free(names);
    free(marks);
}

static void list_board(struct cct_sensor_list *list, const struct nvml_board *board, int slot)
{
    char name[CCT_SOURCE_NAME];
    snprintf(name, sizeof name, "nvml:%.48s", board->uuid);
    struct cct_sensor *s = cct_sensor_add(list, name);
    s->info.component = CCT_GPU;
    s->info.method = board->way == NVML_WAY_COUNTER ? CCT_COUNTER : CCT_GAUGE;
    s->covers = CCT_BIT(CCT_GPU);
    s->slot = slot;
    s->rank = 10;
    s->direct = true;
    s->tdp_w = board->model.max_w > 0 ? board->model.max_w : 0;
}

static void list_model(struct cct_sensor_list *list, const struct nvml_board *board, int slot)
{
    struct cct_sensor *s = cct_sensor_add(list, board->source);
    s->info.component = CCT_GPU;
    s->info.method = CCT_MODEL;
    s->covers = CCT_BIT(CCT_GPU);
    s->slot = slot;
    s->rank = 92;
    s->single = true;
}

static int list_boards(const struct cct_machine *machine, struct cct_sensor_list *list,
                       void **state, struct cct_err *err)
{
    const char *library = machine->gpu.nvml;
    struct cct_err why;
    int result = NVML_OK;
    (void)err;
    if (!library && !machine->root->real) {
        if (is_plugged_in(machine->root))
            list_failure(list, "NVML is not asked about a captured machine", "");
        return 0;
    }
    struct nvml_state *ns = cct_xcalloc(1, sizeof *ns);
    if (cct_nvml_open(&ns->nvml, library, &result, &why)) {
        if (library || is_plugged_in(machine->root))
            list_failure(list, why.msg, remedy_for(result));
        free(ns);
        return 0;
    }
    find_boards(ns);
    mark_owners(ns, &machine->gpu);
    for (size_t i = 0; i < ns->count; i++) {
        list_board(list, &ns->boards[i], (int)(2 * i));
        if (ns->boards[i].way == NVML_WAY_NONE)
            list_model(list, &ns->boards[i], (int)(2 * i + 1));
    }
    *state = ns;
    return 0;
}

static bool is_model(const struct cct_sensor *s)
{
    return s->slot % 2;
}

static void open_board(void *state, struct cct_sensor *s)
{
    const struct nvml_state *ns = state;
    if (s->slot < 0)
        return; /* its reason is there already */
    const struct nvml_board *board = &ns->boards[s->slot / 2];
    const char *text = ns->nvml.error_text ? ns->nvml.error_text(board->why) : NULL;
    if (is_model(s)) {
        s->info.readable = board->model.max_w > 0;
        if (!s->info.readable)
            snprintf(s->info.reason, sizeof s->info.reason,
                     "neither the driver nor the shipped table knows the limit of this board");
    } else if (board->way == NVML_WAY_NONE || board->why == NVML_GPU_IS_LOST) {
        s->info.readable = false;
        snprintf(s->info.reason, sizeof s->info.reason, "no power reading: %.80s (%d)",
                 text ? text : "error", board->why);
    }
}

static void read_boards(void *state, struct cct_sensor *sensors, size_t count,
                        const struct cct_tick *tick)
{
    struct nvml_state *ns = state;
    if (!ns)
        return;
    for (size_t i = 0; i < count; i++) {
        struct cct_sensor *s = &sensors[i];
        if (s->state != ns || !s->active || s->slot < 0)
            continue;
        struct nvml_board *board = &ns->boards[s->slot / 2];
        if (!is_model(s))
            s->read = cct_nvml_read(&ns->nvml, board, tick->mono_ns);
    }
    for (size_t i = 0; i < ns->count; i++) {
        cct_nvml_read_detail(&ns->nvml, &ns->boards[i], tick->mono_ns);
        if (tick->job)
            cct_nvml_read_processes(&ns->nvml, &ns->boards[i], tick->mono_ns);
    }
    for (size_t i = 0; i < count; i++) {
        struct cct_sensor *s = &sensors[i];
        if (s->state == ns && s->active && s->slot >= 0 && is_model(s) &&
            !ns->boards[s->slot / 2].lost)
            s->read = cct_gpu_power_read(&ns->boards[s->slot / 2].model,
                                         ns->boards[s->slot / 2].detail.util_pct);
    }
}

static void close_boards(void *state)
{
    struct nvml_state *ns = state;
    for (size_t i = 0; i < ns->count; i++)
        cct_nvml_board_close(&ns->boards[i]);
    cct_nvml_close(&ns->nvml);
    free(ns->boards);
    free(ns);
}

static void tell_boards(void *state, struct cct_board_list *list)
{
    const struct nvml_state *ns = state;
    for (size_t i = 0; i < ns->count; i++) {
        const struct nvml_board *board = &ns->boards[i];
        if (board->lost)
            continue;
        struct cct_board *b = cct_board_add(list, board->uuid);
        b->detail = board->detail;
        b->source = board->source;
        b->rest_w = board->model.idle_w;
        b->owner = board->owner;
        b->processes_known = board->processes_known;
        b->processes = board->processes;
        b->process_count = board->process_count;
    }
}

static void describe(const struct nvml_state *ns, struct cct_device *d, const char *name)
{
    snprintf(d->vendor, sizeof d->vendor, "nvidia");
    snprintf(d->model, sizeof d->model, "%s", name);
    snprintf(d->driver, sizeof d->driver, "%s", ns->driver);
}

static void tell_devices(void *state, struct cct_device_list *list)
{
    const struct nvml_state *ns = state;
    for (size_t i = 0; i < ns->count; i++) {
        const struct nvml_board *board = &ns->boards[i];
        struct cct_device *d = cct_device_add(list, board->uuid);
        describe(ns, d, board->name);
        d->memory_bytes = board->memory_bytes;
        d->power_limit_w = board->limit_w;
        for (size_t p = 0; p < board->partition_count; p++) {
            d = cct_device_add(list, board->uuid);
            describe(ns, d, board->partitions[p].name);
            snprintf(d->partition, sizeof d->partition, "%s", board->partitions[p].uuid);
            d->memory_bytes = board->partitions[p].memory_bytes;
        }
    }
}

const struct cct_sensor_driver cct_sensor_nvml = {
    .name = "nvml",
    .list = list_boards,
    .open = open_board,
    .read = read_boards,
    .close = close_boards,
    .boards = tell_boards,
    .devices = tell_devices,
};
