/* SPDX-License-Identifier: Apache-2.0 */
#include "presence.h"

static bool was_read(const struct cct_sensor *s)
{
    return s->read.kind == CCT_READ_ENERGY || s->read.kind == CCT_READ_POWER ||
           s->read.kind == CCT_READ_STALE;
}

static bool comes_back(struct cct_sensor *s)
{
    if (!was_read(s) || !s->meter.known) {
        s->meter.flags = 0; /* what is gone has no gaps */
        return false;
    }
    s->gone = false;
    s->info.reason[0] = '\0';
    return true;
}

bool cct_presence(struct cct_sensor *s, int64_t mono_ns)
{
    bool away = s->read.kind == CCT_READ_AWAY;
    if (was_read(s) || !s->seen) {
        s->seen = true;
        s->seen_ns = mono_ns;
        s->missed = 0;
    }
    if (s->gone)
        return comes_back(s);
    s->missed += !was_read(s);
    if (was_read(s) ||
        (!away && (s->missed < CCT_GONE_READS || mono_ns - s->seen_ns < CCT_GONE_NS)))
        return false;
    s->gone = true;
    cct_meter_restart(&s->meter);
    if (away)
        s->meter.flags = 0;
    else
        snprintf(s->info.reason, sizeof s->info.reason, "gone: nothing could be read for %d s",
                 (int)(CCT_GONE_NS / 1000000000));
    return true;
}
