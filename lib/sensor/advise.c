/* SPDX-License-Identifier: Apache-2.0
 * cct-probe --check: what a person needs to know about metering here. */
#include "engine.h"
#include "place.h"

#include <math.h>
#include <string.h>

#define UDEV_RULE                                                                                  \
    "SUBSYSTEM==\"powercap\", ACTION==\"add\", RUN+=\"/bin/chgrp power /sys%p/energy_uj\", "       \
    "RUN+=\"/bin/chmod g+r /sys%p/energy_uj\""

static void describe_machine(const struct cct_host *host, struct cct_buf *out)
{
    const struct cct_cpu *cpu = &host->cpu;
    cct_buf_addf(out, "This machine: %s", cpu->model[0] ? cpu->model : "an unknown CPU");
    if (cpu->uarch)
        cct_buf_addf(out, " (%s)", cpu->uarch);
    if (cpu->threads)
        cct_buf_addf(out, ", %u threads", cpu->threads);
    if (host->memory_bytes > 0)
        cct_buf_addf(out, ", %.1f GiB memory", host->memory_bytes / (1024.0 * 1024 * 1024));
    if (host->virtualization[0] && strcmp(host->virtualization, "none") != 0)
        cct_buf_addf(out, ", a virtual machine (%s)", host->virtualization);
    if (host->container[0])
        cct_buf_addf(out, ", in a container (%s)", host->container);
    cct_buf_adds(out, ".\n");
}

static bool is_measured(const struct cct_source *source)
{
    return source->counted && source->method != CCT_MODEL;
}

static bool list_counted(const struct cct_sensors *sensors, bool measured, const char *title,
                         struct cct_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        if (!s->counted || is_measured(s) != measured)
            continue;
        if (!any)
            cct_buf_adds(out, title);
        any = true;
        cct_buf_addf(out, "  %-20s %s by a %s\n", s->name, cct_component_name(s->component),
                     cct_method_name(s->method));
    }
    return any;
}

/* What the estimate of the CPU rests on. */
static void describe_estimate(const struct cct_sensors *sensors, struct cct_buf *out)
{
    static const struct {
        const char *basis, *words;
    } bases[] = {
        {"calibrated", "by the calibration of this CPU"},
        {"sku", "by the thermal design power of its model"},
        {"uarch", "by its microarchitecture"},
        {"default", "by the mean of all servers: its model is in no table"},
    };
    const struct cct_cpu_power *power = &sensors->machine.power;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        for (size_t b = 0; s->counted && strcmp(s->name, "model:cpu") == 0 && b < CCT_LEN(bases);
             b++)
            if (strcmp(bases[b].basis, power->basis) == 0)
                cct_buf_addf(out,
                             "  The CPU is estimated %s: %.1f to %.1f W; the truth is taken to be "
                             "between %.2f and %.2f of the estimate.\n",
                             bases[b].words, power->idle_w, power->max_w, power->low, power->high);
    }
}

/* Readable, but their joules are in another source already. */
static void list_contained(const struct cct_sensors *sensors, struct cct_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        if (!s->readable || !s->part_of[0])
            continue;
        if (!any)
            cct_buf_adds(out, "Read but not added, to count no joule twice:\n");
        any = true;
        cct_buf_addf(out, "  %-20s is part of %s\n", s->name, s->part_of);
    }
}

/* Readable, but with nothing to tell at present: a battery on mains, a counter that went away. */
static void list_waiting(const struct cct_sensors *sensors, struct cct_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        if (!s->readable || s->counted || s->part_of[0] || !s->reason[0])
            continue;
        if (!any)
            cct_buf_adds(out, "Not used now:\n");
        any = true;
        cct_buf_addf(out, "  %-20s %s\n", s->name, s->reason);
    }
}

/* The word before the colon of the source's name. */
static int family_len(const struct cct_sensor *s)
{
    return (int)strcspn(s->info.name, ":");
}

static bool same_family(const struct cct_sensor *a, const struct cct_sensor *b)
{
    return family_len(a) == family_len(b) &&
           strncmp(a->info.name, b->info.name, (size_t)family_len(a)) == 0;
}

/* The next best after the given one, one of a family and rank; ranks follow contain.h. */
static const struct cct_sensor *next_of(const struct cct_sensors *sensors,
                                        enum cct_component component,
                                        const struct cct_sensor *after)
{
    const struct cct_sensor *best = NULL;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *s = &sensors->list.items[i];
        if (s->info.component != component || s->inside[0] || !s->rank ||
            (after && s->rank <= after->rank))
            continue;
        if (!best || s->rank < best->rank)
            best = s;
    }
    return best;
}

static void list_preference(const struct cct_sensors *sensors, struct cct_buf *out)
{
    bool any = false;
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        const struct cct_sensor *first = next_of(sensors, (enum cct_component)c, NULL);
        const struct cct_sensor *s = first ? next_of(sensors, (enum cct_component)c, first) : NULL;
        if (!s)
            continue;
        cct_buf_adds(out, any ? "" : "Order of preference, where there is a choice:\n");
        any = true;
        cct_buf_addf(out, "  %-20s %.*s", cct_component_name((enum cct_component)c),
                     family_len(first), first->info.name);
        for (; s; first = s, s = next_of(sensors, (enum cct_component)c, s))
            if (!same_family(first, s))
                cct_buf_addf(out, ", %.*s", family_len(s), s->info.name);
        cct_buf_addc(out, '\n');
    }
}

static void list_unreadable(const struct cct_sensors *sensors, struct cct_buf *out)
{
    bool any = false;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        if (s->readable)
            continue;
        if (!any)
            cct_buf_adds(out, "Cannot be read:\n");
        any = true;
        cct_buf_addf(out, "  %-20s %s\n", s->name, s->reason);
    }
}

/* Another view of the same thing is read, or the same command was told already. */
static bool is_idle_remedy(const struct cct_sensors *sensors, const struct cct_sensor *s)
{
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_sensor *other = &sensors->list.items[i];
        if (other != s && other->info.readable && strcmp(other->key, s->key) == 0)
            return true;
        if (other < s && strcmp(other->info.remedy, s->info.remedy) == 0)
            return true;
    }
    return false;
}

static void list_remedies(const struct cct_sensors *sensors, struct cct_buf *out)
{
    bool any = false;
    bool lasting = false;
    for (size_t i = 0; i < sensors->list.count; i++) {
        const struct cct_source *s = &sensors->list.items[i].info;
        if (!s->remedy[0] || is_idle_remedy(sensors, &sensors->list.items[i]))
            continue;
        if (!any)
            cct_buf_adds(out, "What mends it:\n");
        any = true;
        lasting |= strstr(s->remedy, "energy_uj") != NULL;
        cct_buf_addf(out, "  %s\n", s->remedy);
    }
    if (lasting)
        cct_buf_addf(out,
                     "Beyond the next boot, for a group named power (groupadd power; usermod -aG "
                     "power USER):\n"
                     "  echo '%s' | sudo tee /etc/udev/rules.d/70-powercap.rules\n"
                     "Or for the sampler alone:\n"
                     "  sudo setcap cap_dac_read_search=ep \"$(command -v cct-sample)\"\n",
                     UDEV_RULE);
}

static void why_nothing(const struct cct_sensors *sensors, const struct cct_host *host,
                        struct cct_buf *out)
{
    for (size_t i = 0; i < sensors->list.count; i++)
        if (sensors->list.items[i].info.method != CCT_MODEL)
            return; /* its own reason is told already */
    bool guest = host->cpu.hypervisor;
    bool x86 = host->cpu.vendor[0] && strcmp(host->cpu.vendor, "ARM") != 0;
    cct_buf_adds(out, "There is no power counter here (/sys/class/powercap has no RAPL zone)");
    if (guest)
        cct_buf_adds(out,
                     ": the hypervisor does not hand energy on to its guests. Only the machine "
                     "below can measure.\n");
    else if (!x86)
        cct_buf_adds(out, ".\n");
    else
        cct_buf_adds(out,
                     ". If the CPU has RAPL, load its driver:\n  sudo modprobe intel_rapl_msr\n");
}

bool cct_advise(const struct cct_sensors *sensors, const struct cct_host *host,
                const struct cct_surroundings *around, struct cct_buf *out)
{
    describe_machine(host, out);
    cct_around_tell(host, around, out);
    bool measured = list_counted(sensors, true, "Measured:\n", out);
    bool estimated = list_counted(
        sensors, false, "Estimated by a model, labelled so, with low and high bounds:\n", out);
    describe_estimate(sensors, out);
    list_contained(sensors, out);
    list_waiting(sensors, out);
    list_unreadable(sensors, out);
    list_preference(sensors, out);
    if (!measured)
        why_nothing(sensors, host, out);
    list_remedies(sensors, out);
    if (!measured)
        cct_buf_addf(out, "So: %s\n",
                     estimated ? "only estimates are possible here as things stand."
                               : "nothing can be told here as things stand.");
    return measured;
}
