/* SPDX-License-Identifier: Apache-2.0
 * A recording of cct.sample/1 records, played at the pace at which it was made: --source
 * replay:FILE. Each component that the recording knows is a source; its energy grows evenly within
 * each recorded interval. What was measured wholly is a counter again; what was estimated stays an
 * estimate, with the recording's bounds. Only the first host of the recording is played. A tick
 * without energy is a hole in the recording, and after its end there is nothing to read. */
#include "base/alloc.h"
#include "sensor/driver.h"

#include "record/io.h"
#include "record/scan.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>

/* A recording that claims more is not one: so sums stay far within 64 bits. */
#define RECORD_MAX_J  1e9
#define RECORD_MAX_S  1e6
#define RECORDING_MAX (1000 * 1000)

struct piece {
    int64_t end_ns;             /* of the interval, since the begin of the recording */
    bool known[CCT_COMPONENTS]; /* otherwise uj repeats the one before */
    double uj[CCT_COMPONENTS];  /* since the begin */
    double low_uj, high_uj;     /* of the whole, since the begin */
};

struct replay {
    struct piece *pieces; /* owned; the first is the begin */
    size_t count;
    bool has[CCT_COMPONENTS], modelled[CCT_COMPONENTS];
    char host[256];
    bool started;
    int64_t start_ns; /* of the first reading */
    int64_t last_ns;  /* of the last one, since then */
};

static double microjoules(struct cct_value joules)
{
    double j = cct_value_number(joules);
    return j >= 0 && j <= RECORD_MAX_J ? j * 1e6 : (double)NAN;
}

static void add_components(struct replay *r, struct piece *p, const struct cct_rec *rec)
{
    struct cct_value parts = cct_rec_get(rec, "components");
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        double uj = microjoules(cct_value_get(parts, cct_component_name((enum cct_component)c)));
        p->known[c] = isfinite(uj);
        p->uj[c] += isfinite(uj) ? uj : 0;
        r->has[c] |= isfinite(uj);
    }
}

/* Whose joules a model told: by the names of the sources. */
static void note_models(struct replay *r, const struct cct_rec *rec)
{
    struct cct_value sources = cct_rec_get(rec, "sources");
    r->modelled[CCT_CPU] |= cct_value_get(sources, "model:cpu").type != CCT_ABSENT;
    r->modelled[CCT_DRAM] |= cct_value_get(sources, "model:memory").type != CCT_ABSENT;
    r->modelled[CCT_GPU] |= cct_value_get(sources, "model:gpu").type != CCT_ABSENT;
}

static void add_record(struct replay *r, const struct cct_rec *rec)
{
    char host[sizeof r->host];
    double interval_s = cct_value_number(cct_rec_get(rec, "interval_s"));
    if (!(interval_s >= 1e-9 && interval_s <= RECORD_MAX_S) || r->count > RECORDING_MAX ||
        r->pieces[r->count - 1].end_ns > INT64_MAX / 2 ||
        !cct_value_copy(cct_rec_get(rec, "host"), host, sizeof host))
        return;
    if (r->count == 1)
        snprintf(r->host, sizeof r->host, "%s", host);
    if (strcmp(host, r->host) != 0)
        return;
    struct piece p = r->pieces[r->count - 1];
    p.end_ns += (int64_t)(interval_s * 1e9);
    add_components(r, &p, rec);
    note_models(r, rec);
    double all_uj = microjoules(cct_rec_get(rec, "energy_j"));
    double low_uj = microjoules(cct_rec_get(rec, "low_j"));
    double high_uj = microjoules(cct_rec_get(rec, "high_j"));
    if (isfinite(all_uj)) {
        p.low_uj += isfinite(low_uj) ? low_uj : all_uj;
        p.high_uj += isfinite(high_uj) ? high_uj : all_uj;
    }
    r->pieces = cct_xreallocarray(r->pieces, r->count + 1, sizeof *r->pieces);
    r->pieces[r->count++] = p;
}

static void close_replay(void *state)
{
    struct replay *r = state;
    free(r->pieces);
    free(r);
}

static void add_sensors(const struct replay *r, struct cct_sensor_list *list)
{
    for (int c = 0; c < CCT_COMPONENTS; c++) {
        char name[CCT_SOURCE_NAME];
        if (!r->has[c])
            continue;
        snprintf(name, sizeof name, "replay:%s", cct_component_name((enum cct_component)c));
        struct cct_sensor *s = cct_sensor_add(list, name);
        s->slot = c;
        s->selected = true;
        s->info.component = (enum cct_component)c;
        s->info.method = r->modelled[c] ? CCT_MODEL : CCT_COUNTER;
        s->covers = CCT_BIT(c);
        s->rank = 50; /* of a component that is measured here too, only the latter counts */
        s->spare = true;
        s->direct = true;
        s->tdp_w = 1e6;
    }
}

static int load(struct replay *r, const char *file, struct cct_err *err)
{
    cct_auto_close int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct cct_reader reader;
    struct cct_rec rec = {0};
    enum cct_read got;
    const char *line;
    size_t len;
    if (fd < 0)
        return cct_fail_errno(err, 0, "--source replay:%s", file);
    cct_reader_init(&reader, fd);
    while ((got = cct_reader_next(&reader, &line, &len, err)) > CCT_READ_END)
        if (got == CCT_READ_LINE && cct_rec_scan(&rec, line, len, NULL) == 0 &&
            (cct_rec_is(&rec, "cct.sample/1") || cct_rec_is(&rec, "cct.emission/1")))
            add_record(r, &rec);
    cct_rec_free(&rec);
    cct_reader_done(&reader);
    return got == CCT_READ_FAILED ? -1 : 0;
}

static int list_replay(const struct cct_machine *machine, struct cct_sensor_list *list,
                       void **state, struct cct_err *err)
{
    if (!machine->replay)
        return 0;
    struct replay *r = cct_xcalloc(1, sizeof *r);
    r->pieces = cct_xcalloc(1, sizeof *r->pieces);
    r->count = 1;
    *state = r;
    if (load(r, machine->replay, err))
        return -1;
    if (r->count == 1)
        return cct_fail(err, CCT_DATAERR, "--source replay:%s: no cct.sample/1 record in it",
                        machine->replay);
    add_sensors(r, list);
    return 0;
}

static void open_replay(void *state, struct cct_sensor *sensor)
{
    (void)state;
    (void)sensor;
}

/* The piece that the instant lies in; the last one behind the end. */
static size_t piece_at(const struct replay *r, int64_t at_ns)
{
    size_t low = 1;
    size_t high = r->count - 1;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->pieces[mid].end_ns < at_ns)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* Everything that had been used by an instant: even growth within a piece. */
static struct piece state_at(const struct replay *r, int64_t at_ns)
{
    size_t i = piece_at(r, at_ns);
    const struct piece *from = &r->pieces[i - 1];
    struct piece p = r->pieces[i];
    double share = (double)(at_ns - from->end_ns) / (double)(p.end_ns - from->end_ns);
    if (share >= 1)
        return p;
    for (int c = 0; c < CCT_COMPONENTS; c++)
        p.uj[c] = from->uj[c] + share * (p.uj[c] - from->uj[c]);
    p.low_uj = from->low_uj + share * (p.low_uj - from->low_uj);
    p.high_uj = from->high_uj + share * (p.high_uj - from->high_uj);
    return p;
}

/* What the bounds are of what was modelled, from those of the whole. */
static double bound(double whole_uj, double measured_uj, double modelled_uj)
{
    return modelled_uj > 0 ? fmax(0, (whole_uj - measured_uj) / modelled_uj) : 1;
}

static void read_model(const struct replay *r, int c, const struct piece *from,
                       const struct piece *to, int64_t span_ns, struct cct_value_read *out)
{
    double sums_uj[2] = {0, 0};
    for (int k = 0; k < CCT_COMPONENTS; k++)
        sums_uj[r->modelled[k]] += to->uj[k] - from->uj[k];
    double w = span_ns > 0 ? (to->uj[c] - from->uj[c]) * 1e3 / (double)span_ns : 0;
    *out = (struct cct_value_read){
        .kind = CCT_READ_POWER,
        .w = w,
        .low_w = w * bound(to->low_uj - from->low_uj, sums_uj[0], sums_uj[1]),
        .high_w = w * bound(to->high_uj - from->high_uj, sums_uj[0], sums_uj[1]),
    };
}

static uint64_t whole_uj(double uj)
{
    return uj < 1e18 ? (uint64_t)llround(uj) : UINT64_C(1000000000000000000);
}

static void read_replay(void *state, struct cct_sensor *sensors, size_t count,
                        const struct cct_tick *tick)
{
    struct replay *r = state;
    if (!r)
        return;
    if (!r->started)
        r->start_ns = tick->mono_ns;
    int64_t at_ns = tick->mono_ns - r->start_ns;
    int64_t end_ns = r->pieces[r->count - 1].end_ns;
    bool over = r->started && r->last_ns >= end_ns;
    struct piece from = state_at(r, r->last_ns);
    struct piece to = state_at(r, at_ns);
    for (size_t i = 0; i < count && !over; i++) {
        struct cct_sensor *s = &sensors[i];
        if (!s->active || s->state != state || !to.known[s->slot])
            continue;
        if (r->modelled[s->slot])
            read_model(r, s->slot, &from, &to, at_ns - r->last_ns, &s->read);
        else
            s->read = (struct cct_value_read){.kind = CCT_READ_ENERGY,
                                              .energy_uj = whole_uj(to.uj[s->slot])};
    }
    r->started = true;
    r->last_ns = at_ns;
}

const struct cct_sensor_driver cct_sensor_replay = {
    .name = "replay",
    .list = list_replay,
    .open = open_replay,
    .read = read_replay,
    .close = close_replay,
};
