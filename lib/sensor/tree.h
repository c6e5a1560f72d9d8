/* SPDX-License-Identifier: Apache-2.0
 * The CPU time of a process tree from one look at all processes a tick. Pure. A process that ended
 * between two looks is found in its parent's time of waited-for children; what it was already
 * counted for is taken off there, so that nothing counts twice. Processes that were once in the
 * tree stay in it when their parent ends (daemons). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cct_proc {
    pid_t pid, ppid;
    uint64_t start;             /* tells a process from a later one with its number */
    uint64_t own_us, waited_us; /* itself; its children that ended and were waited for */
    uint64_t rss_pages;
    uint64_t debt_us;    /* private: counted already, will show in waited_us yet */
    bool zombie, member; /* member is private */
};

struct cct_tree {
    pid_t root;
    bool count_root;         /* the root's own time belongs to the tree */
    struct cct_proc *before; /* owned: the members at the last look, by pid */
    size_t count;
};

/* Takes a look: all processes of the machine, sorted by pid. Returns the CPU time of the tree since
 * the last look; the first look tells 0. The parents must have been read before their children. */
uint64_t cct_tree_look(struct cct_tree *tree, struct cct_proc *now, size_t count);
/* Members that are not zombies, the root left out unless it counts. */
size_t cct_tree_alive(const struct cct_tree *tree);
void cct_tree_free(struct cct_tree *tree);
/* Reads the text of /proc/PID/stat (proc(5)); ticks are 1e6 / ticks_per_s us. false: not one. */
bool cct_proc_parse(const char *text, unsigned ticks_per_s, struct cct_proc *proc);
