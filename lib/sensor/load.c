/* SPDX-License-Identifier: Apache-2.0 */
#include "load.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#define PERIOD_NS (10 * CCT_NS_PER_MS)
#define STACK     65536

struct worker {
    pthread_t thread;
    atomic_int busy_permille; /* -1: end */
    volatile double sink;
};

struct cct_load {
    size_t count;
    struct worker workers[];
};

static void spin_until(struct worker *w, int64_t end_mono_ns)
{
    double x = w->sink + 1.1;
    while (cct_mono_ns() < end_mono_ns)
        for (int i = 0; i < 2000; i++)
            x = x * 1.0000001 + 1e-9;
    w->sink = fmod(x, 7);
}

static void *work(void *arg)
{
    struct worker *w = arg;
    int permille;
    while ((permille = atomic_load(&w->busy_permille)) >= 0) {
        int64_t begin_mono_ns = cct_mono_ns();
        int64_t busy_ns = PERIOD_NS * permille / 1000;
        if (busy_ns)
            spin_until(w, begin_mono_ns + busy_ns);
        struct timespec rest = {.tv_nsec = PERIOD_NS - busy_ns};
        if (rest.tv_nsec > 0)
            nanosleep(&rest, NULL);
    }
    return NULL;
}

static int start(struct cct_load *load, pthread_attr_t *attr, struct cct_err *err)
{
    for (size_t i = 0; i < load->count; i++) {
        errno = pthread_create(&load->workers[i].thread, attr, work, &load->workers[i]);
        if (errno) {
            load->count = i;
            return cct_fail_errno(err, CCT_OSERR, "cannot start a thread");
        }
    }
    return 0;
}

int cct_load_open(struct cct_load **out, struct cct_err *err)
{
    pthread_attr_t attr;
    long threads = sysconf(_SC_NPROCESSORS_ONLN);
    size_t count = threads > 0 ? (size_t)threads : 1;
    struct cct_load *load = cct_xcalloc(1, sizeof *load + count * sizeof load->workers[0]);
    load->count = count;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK);
    int failed = start(load, &attr, err);
    pthread_attr_destroy(&attr);
    if (failed) {
        cct_load_close(load);
        return -1;
    }
    *out = load;
    return 0;
}

void cct_load_set(struct cct_load *load, double share)
{
    for (size_t i = 0; i < load->count; i++) {
        double part = fmin(fmax(share * (double)load->count - (double)i, 0), 1);
        atomic_store(&load->workers[i].busy_permille, (int)(1000 * part));
    }
}

void cct_load_close(struct cct_load *load)
{
    if (!load)
        return;
    for (size_t i = 0; i < load->count; i++)
        atomic_store(&load->workers[i].busy_permille, -1);
    for (size_t i = 0; i < load->count; i++)
        pthread_join(load->workers[i].thread, NULL);
    free(load);
}
