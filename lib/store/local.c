/* SPDX-License-Identifier: Apache-2.0
 * The local store: one lane a run. A line is handed to the system before we wait for more input,
 * so the death of this process loses nothing that was read; it is synced after a second, at once
 * when it begins or ends a run, and at the end. */
#include "store/local.h"

#include "base/alloc.h"
#include "base/clock.h"
#include "record/write.h"
#include "store/driver.h"
#include "store/lane.h"
#include "store/line.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>

enum {
    LANES_MAX = 512,
    HOLD_BYTES = 4 * 1024 * 1024, /* of lines in memory: synced then, dropped when that fails */
    FRESH_BYTES = 1024 * 1024,    /* taken without a call of work: then done here */
};

struct slot {
    struct cct_buf run; /* the JSON text of the record's run; empty: none */
    struct cct_lane lane;
};

struct local {
    struct cct_home home;
    char *address;
    struct cct_stamp stamp;
    bool ready; /* the folder is there and we are entered in it */
    int64_t sync_ns;
    struct cct_buf member;             /* `"run":"r1"` for records without one, or empty */
    struct slot *slots[LANES_MAX + 1]; /* the latest used first */
    size_t slot_count, slot_max;
    size_t held_bytes, fresh_bytes;
    int64_t sync_mono_ns;  /* when the next sync is due; 0: nothing to sync */
    int64_t retry_mono_ns; /* not before; 0: nothing is wrong */
    bool warned;
    struct cct_err trouble; /* the first; code 0: none */
    struct cct_store_count count;
};

static const struct cct_log *log_of(const struct local *local)
{
    return local->home.log;
}

static void failed(struct local *local, const struct cct_err *err)
{
    local->retry_mono_ns = cct_mono_ns() + CCT_NS_PER_S;
    if (!local->warned)
        cct_warn(log_of(local), "%s; keeping what fits in memory and trying again", err->msg);
    if (!local->trouble.code)
        local->trouble = *err;
    local->warned = true;
}

static int start(struct local *local, struct cct_err *err)
{
    if (local->ready)
        return 0;
    if (cct_home_open(&local->home, local->address, true, err))
        return -1;
    if (cct_home_enter(&local->home, local->stamp.writer, err)) {
        cct_home_close(&local->home);
        return -1;
    }
    cct_home_recover(&local->home);
    local->ready = true;
    return 0;
}

/* A descriptor for the segment and one for its folder; some are left for everything else. */
static size_t lanes_allowed(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= 2 * LANES_MAX + 32)
        return LANES_MAX;
    return limit.rlim_cur > 36 ? (size_t)(limit.rlim_cur - 32) / 2 : 2;
}

static void local_free(struct local *local)
{
    for (size_t i = 0; i < local->slot_count; i++) {
        cct_lane_done(&local->slots[i]->lane);
        cct_buf_free(&local->slots[i]->run);
        free(local->slots[i]);
    }
    cct_home_close(&local->home);
    cct_buf_free(&local->member);
    free(local->address);
    free(local);
}

static int local_open(void **self, const char *address, const struct cct_store_config *config,
                      struct cct_err *err)
{
    struct local *local = cct_xcalloc(1, sizeof *local);
    local->home = (struct cct_home){.fd = -1, .alive_fd = -1, .log = config->log};
    local->address = cct_xstrdup(address);
    local->slot_max = lanes_allowed();
    local->sync_ns = config->sync_ns > 0 ? config->sync_ns : CCT_NS_PER_S;
    struct cct_json json = {.out = &local->member};
    cct_json_string(&json, "run", config->run);
    errno = 0;
    if (!cct_stamp_init(&local->stamp, err) && !start(local, err)) {
        *self = local;
        return 0;
    }
    if (errno != ENOSPC && errno != EDQUOT) {
        local_free(local);
        return -1;
    }
    failed(local, err);
    *self = local;
    return 0;
}

/* The slot i becomes the first. */
static struct slot *to_front(struct local *local, size_t i)
{
    struct slot *slot = local->slots[i];
    memmove(local->slots + 1, local->slots, i * sizeof(struct slot *));
    local->slots[0] = slot;
    return slot;
}

static void close_last(struct local *local)
{
    struct cct_err err;
    struct slot *slot = local->slots[--local->slot_count];
    if (cct_lane_seal(&slot->lane, &err)) {
        failed(local, &err);
        uint64_t lost = cct_lane_pending_lines(&slot->lane);
        local->count.lost += lost;
        local->count.kept -= lost;
    }
    cct_lane_done(&slot->lane);
    cct_buf_free(&slot->run);
    free(slot);
}

static struct slot *slot_of_folder(struct local *local, const char *folder)
{
    for (size_t i = 0; i < local->slot_count; i++)
        if (!strcmp(local->slots[i]->lane.folder, folder))
            return to_front(local, i);
    if (local->slot_count >= local->slot_max)
        close_last(local);
    struct slot *slot = cct_xcalloc(1, sizeof *slot);
    cct_lane_init(&slot->lane, &local->home, local->stamp.writer, folder);
    local->slots[local->slot_count] = slot;
    return to_front(local, local->slot_count++);
}

/* The lane of a record; run is the JSON text of its run, or empty. */
static struct slot *slot_of(struct local *local, struct cct_span run)
{
    for (size_t i = 0; i < local->slot_count; i++) {
        const struct cct_buf *known = &local->slots[i]->run;
        if (known->len == run.len && (!run.len || !memcmp(known->data, run.p, run.len)))
            return to_front(local, i);
    }
    cct_auto_buf folder = {0};
    cct_auto_buf name = {0};
    if (cct_value_string((struct cct_value){run, run.len ? CCT_STRING : CCT_ABSENT}, &name)) {
        cct_buf_adds(&folder, CCT_RUNS "/");
        cct_run_folder(&folder, name.data, name.len);
    } else {
        cct_buf_adds(&folder, CCT_NORUN);
    }
    struct slot *slot = slot_of_folder(local, cct_buf_str(&folder));
    slot->run.len = 0; /* the same run may be spelt in several ways */
    cct_buf_add(&slot->run, run.p, run.len);
    return slot;
}

/* For every lane; the first error wins, the rest is still done. */
static int each_lane(struct local *local, int (*step)(struct cct_lane *, struct cct_err *),
                     struct cct_err *err)
{
    int rc = 0;
    for (size_t i = 0; i < local->slot_count; i++)
        if (step(&local->slots[i]->lane, rc ? NULL : err))
            rc = -1;
    return rc;
}

static int write_lane(struct cct_lane *lane, struct cct_err *err)
{
    return cct_lane_write(lane, err) ? -1 : cct_lane_roll(lane, cct_mono_ns(), err);
}

static void measure(struct local *local)
{
    local->held_bytes = 0;
    for (size_t i = 0; i < local->slot_count; i++)
        local->held_bytes += local->slots[i]->lane.lines.len;
}

static int write_and_sync(struct local *local, int64_t now, struct cct_err *err)
{
    if (start(local, err))
        return -1;
    int rc = each_lane(local, write_lane, err);
    bool due = local->sync_mono_ns && now >= local->sync_mono_ns;
    if (due || local->held_bytes >= HOLD_BYTES) {
        rc = each_lane(local, cct_lane_sync, rc ? NULL : err) ? -1 : rc;
        local->sync_mono_ns = 0;
    }
    measure(local);
    if (local->held_bytes && !local->sync_mono_ns)
        local->sync_mono_ns = now + local->sync_ns;
    return rc;
}

static int64_t local_work(void *self)
{
    struct local *local = self;
    struct cct_err err;
    int64_t now = cct_mono_ns();
    local->fresh_bytes = 0;
    if (now < local->retry_mono_ns)
        return local->retry_mono_ns - now;
    if (write_and_sync(local, now, &err)) {
        failed(local, &err);
        return local->retry_mono_ns - now;
    }
    if (local->retry_mono_ns)
        cct_info(log_of(local), "the store works again");
    local->retry_mono_ns = 0;
    if (!local->sync_mono_ns)
        return -1;
    return local->sync_mono_ns > now ? local->sync_mono_ns - now : 0;
}

static void local_put(void *self, const struct cct_rec *rec)
{
    struct local *local = self;
    struct cct_value run = cct_rec_get(rec, "run");
    struct cct_span member = {0};
    struct cct_span text = {0};
    if (run.type == CCT_STRING) {
        text = run.text;
    } else if (run.type == CCT_ABSENT && local->member.len) {
        member = (struct cct_span){local->member.data, local->member.len};
        text = (struct cct_span){member.p + strlen("\"run\":"), member.len - strlen("\"run\":")};
    }
    if (local->retry_mono_ns && local->held_bytes >= HOLD_BYTES) {
        local->count.lost++;
        local->fresh_bytes += rec->line.len;
    } else {
        struct cct_buf *lines = &slot_of(local, text)->lane.lines;
        size_t before = lines->len;
        cct_line_add(lines, rec, member);
        local->held_bytes += lines->len - before;
        local->fresh_bytes += lines->len - before;
        local->count.kept++;
    }
    if (cct_rec_is(rec, "cct.run/1"))
        local->sync_mono_ns = 1; /* due */
    if (local->fresh_bytes >= FRESH_BYTES)
        local_work(local);
}

/* Everything to the disk and sealed, whatever was wrong before. */
static int seal_all(struct local *local, struct cct_err *err)
{
    if (start(local, err))
        return -1;
    return each_lane(local, cct_lane_seal, err);
}

static int local_close(void *self, struct cct_store_count *count, struct cct_err *err)
{
    struct local *local = self;
    struct cct_err last = {0};
    bool sealed = seal_all(local, &last) == 0;
    for (size_t i = 0; i < local->slot_count; i++) {
        uint64_t lost = cct_lane_pending_lines(&local->slots[i]->lane);
        local->count.lost += lost;
        local->count.kept -= lost;
        sealed = sealed && !local->slots[i]->lane.left_open;
    }
    cct_home_leave(&local->home, local->stamp.writer, sealed);
    if (count)
        *count = local->count;
    const struct cct_err *first = local->trouble.code ? &local->trouble : &last;
    uint64_t lost = local->count.lost;
    int rc = 0;
    if (lost)
        rc = cct_fail(err, first->code, "%" PRIu64 " of %" PRIu64 " records lost: %s", lost,
                      lost + local->count.kept, first->msg);
    else if (!sealed)
        rc = cct_fail(err, first->code ? first->code : CCT_IOERR, "%s", first->msg);
    local_free(local);
    return rc;
}

const struct cct_store_driver cct_store_local = {
    .open = local_open,
    .put = local_put,
    .work = local_work,
    .close = local_close,
    .query = cct_local_query,
    .next = cct_local_next,
    .wait = cct_local_wait,
    .end = cct_local_end,
};
