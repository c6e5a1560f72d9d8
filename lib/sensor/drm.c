/* SPDX-License-Identifier: Apache-2.0
 * AMD and Intel accelerators as the kernel's graphics drivers show them. Files and units:
 * Documentation/gpu/amdgpu (driver-misc, thermal): gpu_busy_percent, mem_info_vram_* in bytes,
 * unique_id, power1_cap uW, freq1_input Hz; Documentation/ABI/testing/sysfs-driver-intel-*-hwmon
 * and sysfs-driver-intel-xe-sriov: power1_max uW (power1_crit is no cap); act_freq MHz. Their
 * joules are those of the hwmon driver; here is what they are, how busy they were, and an estimate
 * where no power is told. Partitions of a board (CPX) are platform devices without a vendor: not
 * listed. */
#include "base/alloc.h"
#include "gpu.h"
#include "gpu_power.h"
#include "kfd.h"

#include <math.h>
#include <string.h>

#define CLASS     "sys/class/drm"
#define DETAIL_NS (100 * CCT_NS_PER_MS)

enum file { BUSY, MEMORY, TEMPERATURE, CLOCK, FILES };

static const struct kind {
    const char *driver, *vendor;
    const char *channel;      /* what its hwmon source is called after its address */
    const char *files[FILES]; /* below the card's folder; @: its hwmon folder */
    double clock_mhz;         /* of one unit of the clock's file */
} kinds[] = {
    {"amdgpu",
     "amd",
     "",
     {"device/gpu_busy_percent", "device/mem_info_vram_used", "@/temp1_input", "@/freq1_input"},
     1e-6},
    {"xe", "intel", ":card", {NULL, NULL, "@/temp2_input", "device/tile0/gt0/freq0/act_freq"}, 1},
    {"i915", "intel", "", {NULL, NULL, "@/temp1_input", "gt_act_freq_mhz"}, 1},
};

struct card {
    const struct kind *kind;
    char folder[48], hwmon[32]; /* below the card's folder; "" none */
    char device[64], model[128], driver[64], source[CCT_SOURCE_NAME];
    double memory_bytes, limit_w;
    bool modelled;
    struct cct_gpu_power power;
    int fds[FILES]; /* owned; -1: not there */
    struct cct_gpu detail;
    bool detailed, followed, processes_known;
    int64_t detail_mono_ns, process_mono_ns;
    unsigned nodes[CCT_KFD_NODES]; /* of the compute driver */
    size_t node_count;
    struct cct_gpu_processes processes;
};

struct drm {
    const struct cct_sysroot *root;
    struct card *cards; /* owned */
    size_t count;
};

static bool path_of(const struct card *card, const char *file, char *out, size_t cap)
{
    bool of_hwmon = file[0] == '@';
    if (of_hwmon && !card->hwmon[0])
        return false;
    int n = of_hwmon
                ? snprintf(out, cap, "%s/device/hwmon/%s%s", card->folder, card->hwmon, file + 1)
                : snprintf(out, cap, "%s/%s", card->folder, file);
    return n < (int)cap;
}

static bool read_text(const struct cct_sysroot *root, const struct card *card, const char *file,
                      char *out, size_t cap)
{
    char path[192];
    bool there =
        path_of(card, file, path, sizeof path) && cct_sysroot_read(root, path, out, cap) > 0;
    if (!there)
        out[0] = '\0';
    return there;
}

static double read_number(const struct cct_sysroot *root, const struct card *card, const char *file)
{
    char text[32];
    uint64_t n;
    if (!read_text(root, card, file, text, sizeof text) || cct_parse_u64(text, &n))
        return NAN;
    return (double)n;
}

/* The value of a line KEY=VALUE. */
static bool find_value(const char *text, const char *key, char *out, size_t cap)
{
    size_t n = strlen(key);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, key, n) == 0 && line[n] == '=')
            return snprintf(out, cap, "%.*s", (int)strcspn(line + n + 1, "\n"), line + n + 1) <
                   (int)cap;
    }
    return false;
}

static void find_hwmon(const struct cct_sysroot *root, struct card *card)
{
    char path[96];
    const struct dirent *entry;
    snprintf(path, sizeof path, "%s/device/hwmon", card->folder);
    DIR *dir = cct_sysroot_opendir(root, path);
    while (dir && !card->hwmon[0] && (entry = readdir(dir)))
        if (strncmp(entry->d_name, "hwmon", 5) == 0 && strlen(entry->d_name) < sizeof card->hwmon)
            snprintf(card->hwmon, sizeof card->hwmon, "%.31s", entry->d_name);
    if (dir)
        closedir(dir);
}

static bool tells_power(const struct cct_sysroot *root, const struct card *card)
{
    static const char *const files[] = {"@/power1_average", "@/power1_input", "@/energy1_input",
                                        "@/energy2_input"};
    for (size_t i = 0; i < CCT_LEN(files); i++)
        if (!isnan(read_number(root, card, files[i])))
            return true;
    return false;
}

static void describe(const struct cct_sysroot *root, struct card *card, const char *slot,
                     const char *name)
{
    char path[64];
    char version[32];
    if (!read_text(root, card, "device/unique_id", card->device, sizeof card->device))
        snprintf(card->device, sizeof card->device, "%.60s", slot[0] ? slot : name);
    read_text(root, card, "device/product_name", card->model, sizeof card->model);
    snprintf(path, sizeof path, "sys/module/%s/version", card->kind->driver);
    bool numbered = cct_sysroot_read(root, path, version, sizeof version) > 0;
    snprintf(card->driver, sizeof card->driver, "%s%s%s", card->kind->driver, numbered ? " " : "",
             numbered ? version : "");
    card->memory_bytes = read_number(root, card, "device/mem_info_vram_total");
    card->limit_w = read_number(root, card, "@/power1_cap") / 1e6;
    if (isnan(card->limit_w))
        card->limit_w = read_number(root, card, "@/power1_max") / 1e6;
    cct_gpu_power_find(card->kind->vendor, card->model, card->limit_w, &card->power);
    card->modelled = card->power.max_w > 0 && !tells_power(root, card);
    if (card->modelled)
        snprintf(card->source, sizeof card->source, "model:%.56s", card->device);
    else /* the name that the hwmon driver gives */
        snprintf(card->source, sizeof card->source, "%s:%.40s%s", card->kind->driver, slot,
                 card->kind->channel);
}

static const struct kind *find_kind(const char *driver)
{
    for (size_t i = 0; i < CCT_LEN(kinds); i++)
        if (strcmp(kinds[i].driver, driver) == 0)
            return &kinds[i];
    return NULL;
}

static bool find_card(const struct cct_sysroot *root, const char *name, struct card *card)
{
    char text[1024];
    char driver[32];
    char slot[32] = "";
    char path[192];
    *card = (struct card){0};
    snprintf(card->folder, sizeof card->folder, CLASS "/%.16s", name);
    if (!read_text(root, card, "device/uevent", text, sizeof text) ||
        !find_value(text, "DRIVER", driver, sizeof driver))
        return false;
    card->kind = find_kind(driver);
    if (!card->kind)
        return false;
    find_value(text, "PCI_SLOT_NAME", slot, sizeof slot);
    find_hwmon(root, card);
    if (strcmp(driver, "amdgpu") == 0 && slot[0])
        card->node_count = cct_kfd_nodes(root, slot, card->nodes);
    describe(root, card, slot, name);
    card->detail = cct_gpu_unknown(NULL);
    for (int f = 0; f < FILES; f++) {
        const char *file = card->kind->files[f];
        card->fds[f] =
            file && path_of(card, file, path, sizeof path) ? cct_sysroot_open_file(root, path) : -1;
    }
    return true;
}

/* card0, not card0-DP-1. */
static bool is_card(const char *name)
{
    return strncmp(name, "card", 4) == 0 && name[4] && strlen(name) < 12 &&
           strspn(name + 4, "0123456789") == strlen(name + 4);
}

static int by_folder(const void *a, const void *b)
{
    return strverscmp(((const struct card *)a)->folder, ((const struct card *)b)->folder);
}

static void list_model(struct cct_sensor_list *list, const struct card *card, int slot)
{
    struct cct_sensor *s = cct_sensor_add(list, card->source);
    s->info.component = CCT_GPU;
    s->info.method = CCT_MODEL;
    s->covers = CCT_BIT(CCT_GPU);
    s->slot = slot;
    s->rank = 92;
    s->single = true;
}

static int list_cards(const struct cct_machine *machine, struct cct_sensor_list *list, void **state,
                      struct cct_err *err)
{
    struct drm *drm = NULL;
    const struct dirent *entry;
    DIR *dir = cct_sysroot_opendir(machine->root, CLASS);
    (void)err;
    while (dir && (entry = readdir(dir))) {
        struct card card;
        if (!is_card(entry->d_name) || !find_card(machine->root, entry->d_name, &card))
            continue;
        drm = drm ? drm : cct_xcalloc(1, sizeof *drm);
        drm->cards = cct_xreallocarray(drm->cards, drm->count + 1, sizeof *drm->cards);
        drm->cards[drm->count++] = card;
    }
    if (dir)
        closedir(dir);
    if (!drm)
        return 0;
    drm->root = machine->root;
    qsort(drm->cards, drm->count, sizeof *drm->cards, by_folder);
    for (size_t i = 0; i < drm->count; i++)
        if (drm->cards[i].modelled)
            list_model(list, &drm->cards[i], (int)i);
    *state = drm;
    return 0;
}

static void open_card(void *state, struct cct_sensor *s)
{
    (void)state;
    s->info.readable = true;
}

static double value(const struct card *card, enum file file)
{
    uint64_t n;
    return card->fds[file] >= 0 && cct_pread_u64(card->fds[file], &n) == 0 ? (double)n
                                                                           : (double)NAN;
}

static void read_detail(struct card *card, int64_t mono_ns)
{
    if (card->detailed && mono_ns - card->detail_mono_ns < DETAIL_NS)
        return;
    card->detailed = true;
    card->detail_mono_ns = mono_ns;
    card->detail.device = card->device;
    card->detail.util_pct = value(card, BUSY);
    card->detail.memory_used_bytes = value(card, MEMORY);
    card->detail.temperature_c = value(card, TEMPERATURE) / 1e3;
    card->detail.clock_mhz = value(card, CLOCK) * card->kind->clock_mhz;
}

static void read_processes(const struct cct_sysroot *root, struct card *card, int64_t mono_ns)
{
    if (card->followed && mono_ns - card->process_mono_ns < DETAIL_NS)
        return;
    card->followed = true;
    card->process_mono_ns = mono_ns;
    card->processes_known =
        cct_kfd_processes(root, card->nodes, card->node_count, &card->processes);
}

static void read_cards(void *state, struct cct_sensor *sensors, size_t count,
                       const struct cct_tick *tick)
{
    struct drm *drm = state;
    for (size_t i = 0; drm && i < drm->count; i++) {
        read_detail(&drm->cards[i], tick->mono_ns);
        if (tick->job)
            read_processes(drm->root, &drm->cards[i], tick->mono_ns);
    }
    for (size_t i = 0; drm && i < count; i++)
        if (sensors[i].active && sensors[i].state == drm)
            sensors[i].read = cct_gpu_power_read(&drm->cards[sensors[i].slot].power,
                                                 drm->cards[sensors[i].slot].detail.util_pct);
}

static void close_cards(void *state)
{
    struct drm *drm = state;
    for (size_t i = 0; i < drm->count; i++) {
        free(drm->cards[i].processes.items);
        for (int f = 0; f < FILES; f++)
            if (drm->cards[i].fds[f] >= 0)
                close(drm->cards[i].fds[f]);
    }
    free(drm->cards);
    free(drm);
}

static void tell_boards(void *state, struct cct_board_list *list)
{
    const struct drm *drm = state;
    for (size_t i = 0; i < drm->count; i++) {
        struct cct_board *b = cct_board_add(list, drm->cards[i].device);
        b->detail = drm->cards[i].detail;
        b->source = drm->cards[i].source;
        b->rest_w = drm->cards[i].power.idle_w;
        b->processes_known = drm->cards[i].processes_known;
        b->processes = drm->cards[i].processes.items;
        b->process_count = drm->cards[i].processes.count;
    }
}

static void tell_devices(void *state, struct cct_device_list *list)
{
    const struct drm *drm = state;
    for (size_t i = 0; i < drm->count; i++) {
        const struct card *card = &drm->cards[i];
        struct cct_device *d = cct_device_add(list, card->device);
        snprintf(d->vendor, sizeof d->vendor, "%s", card->kind->vendor);
        snprintf(d->model, sizeof d->model, "%s", card->model);
        snprintf(d->driver, sizeof d->driver, "%s", card->driver);
        d->memory_bytes = card->memory_bytes;
        d->power_limit_w = card->limit_w;
    }
}

const struct cct_sensor_driver cct_sensor_drm = {
    .name = "drm",
    .list = list_cards,
    .open = open_card,
    .read = read_cards,
    .close = close_cards,
    .boards = tell_boards,
    .devices = tell_devices,
};
