/* SPDX-License-Identifier: Apache-2.0 */
#include "tree.h"

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

static struct cct_proc *find(struct cct_proc *procs, size_t count, pid_t pid)
{
    size_t low = 0;
    size_t high = count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (procs[mid].pid < pid)
            low = mid + 1;
        else
            high = mid;
    }
    return low < count && procs[low].pid == pid ? &procs[low] : NULL;
}

/* The same process, not another one with its number. */
static struct cct_proc *find_same(struct cct_proc *procs, size_t count, const struct cct_proc *p)
{
    struct cct_proc *found = find(procs, count, p->pid);
    return found && found->start == p->start ? found : NULL;
}

/* Descent needs no order of the numbers: passes over all until nothing is added. */
static void mark_members(struct cct_tree *tree, struct cct_proc *now, size_t count)
{
    for (size_t i = 0; i < count; i++)
        now[i].member =
            now[i].pid == tree->root || find_same(tree->before, tree->count, &now[i]) != NULL;
    for (bool added = true; added;) {
        added = false;
        for (size_t i = 0; i < count; i++) {
            const struct cct_proc *parent = now[i].member ? NULL : find(now, count, now[i].ppid);
            if (parent && parent->member)
                now[i].member = added = true;
        }
    }
}

/* What an ended process was counted for will show in its nearest living ancestor. */
static void charge_ended(struct cct_tree *tree, struct cct_proc *now, size_t count)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct cct_proc *ended = &tree->before[i];
        const struct cct_proc *up = ended;
        struct cct_proc *heir = NULL;
        if (find_same(now, count, ended))
            continue;
        for (size_t hops = 0; !heir && up && hops < tree->count; hops++) {
            up = find(tree->before, tree->count, up->ppid);
            heir = up ? find_same(now, count, up) : NULL;
        }
        if (heir)
            heir->debt_us += ended->own_us + ended->waited_us;
    }
}

static uint64_t growth(uint64_t before, uint64_t now)
{
    return now > before ? now - before : 0;
}

/* A debt that two looks have not seen paid never will be: a parent that ignores SIGCHLD. */
static uint64_t pay_debt(struct cct_proc *p, const struct cct_proc *before, uint64_t waited_us)
{
    uint64_t old = before ? before->debt_us : 0;
    uint64_t paid_old = old < waited_us ? old : waited_us;
    uint64_t left = waited_us - paid_old;
    uint64_t paid = p->debt_us < left ? p->debt_us : left;
    p->debt_us -= paid;
    return left - paid;
}

static uint64_t time_of(const struct cct_tree *tree, struct cct_proc *p)
{
    const struct cct_proc *before = find_same(tree->before, tree->count, p);
    uint64_t own_us = growth(before ? before->own_us : 0, p->own_us);
    uint64_t waited_us = growth(before ? before->waited_us : 0, p->waited_us);
    bool root = p->pid == tree->root;
    return (root && !tree->count_root ? 0 : own_us) + pay_debt(p, before, waited_us);
}

static void keep_members(struct cct_tree *tree, const struct cct_proc *now, size_t count)
{
    size_t kept = 0;
    tree->before = cct_xreallocarray(tree->before, count + 1, sizeof *now);
    for (size_t i = 0; i < count; i++)
        if (now[i].member)
            tree->before[kept++] = now[i];
    tree->count = kept;
}

uint64_t cct_tree_look(struct cct_tree *tree, struct cct_proc *now, size_t count)
{
    uint64_t total_us = 0;
    bool first = !tree->before;
    for (size_t i = 0; i < count; i++)
        now[i].debt_us = 0;
    mark_members(tree, now, count);
    charge_ended(tree, now, count);
    for (size_t i = 0; !first && i < count; i++)
        total_us += now[i].member ? time_of(tree, &now[i]) : 0;
    keep_members(tree, now, count);
    return total_us;
}

size_t cct_tree_alive(const struct cct_tree *tree)
{
    size_t n = 0;
    for (size_t i = 0; i < tree->count; i++)
        n += !tree->before[i].zombie && (tree->count_root || tree->before[i].pid != tree->root);
    return n;
}

void cct_tree_free(struct cct_tree *tree)
{
    free(tree->before);
    *tree = (struct cct_tree){0};
}

/* The name may hold blanks and brackets: the last bracket ends it. */
bool cct_proc_parse(const char *text, unsigned ticks_per_s, struct cct_proc *proc)
{
    enum { PPID = 1, UTIME = 11, STIME, CUTIME, CSTIME, START = 19, RSS = 21, FIELDS };
    uint64_t v[FIELDS] = {0};
    const char *p = strrchr(text, ')');
    if (!p || p[1] != ' ' || !p[2])
        return false;
    *proc = (struct cct_proc){.pid = (pid_t)strtol(text, NULL, 10), .zombie = p[2] == 'Z'};
    p += 3;
    for (int i = PPID; i < FIELDS; i++) {
        char *end;
        v[i] = strtoull(p, &end, 10);
        if (end == p)
            return false;
        p = end;
    }
    uint64_t tick_us = 1000000 / ticks_per_s;
    proc->ppid = (pid_t)v[PPID];
    proc->start = v[START];
    proc->own_us = (v[UTIME] + v[STIME]) * tick_us;
    proc->waited_us = (v[CUTIME] + v[CSTIME]) * tick_us;
    proc->rss_pages = v[RSS];
    return proc->pid > 0;
}
