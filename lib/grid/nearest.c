/* SPDX-License-Identifier: Apache-2.0
 * Edit distance: V. Levenshtein, "Binary codes capable of correcting deletions, insertions and
 * reversals" (1966), by the two-row dynamic program. */
#include "nearest.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Case aside. Names are short: what is beyond CCT_NEAREST_MAX does not count. */
static size_t distance(const char *a, const char *b)
{
    size_t row[CCT_NEAREST_MAX];
    size_t a_len = strnlen(a, CCT_NEAREST_MAX - 1), b_len = strnlen(b, CCT_NEAREST_MAX - 1);
    for (size_t j = 0; j <= b_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];
            int differ = tolower((unsigned char)a[i - 1]) != tolower((unsigned char)b[j - 1]);
            row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (size_t)differ);
            diagonal = above;
        }
    }
    return row[b_len];
}

/* One holds the other whole: seoul, US-CAL. */
static int contains(const char *wanted, const char *alias)
{
    size_t wanted_len = strlen(wanted), alias_len = strlen(alias);
    if (wanted_len >= 3 && strcasestr(alias, wanted))
        return 1;
    return alias_len >= 2 && alias_len < wanted_len && wanted[alias_len] == '-' &&
           !strncasecmp(wanted, alias, alias_len);
}

/* One edit is the least; then one that holds the other; then one edit in three letters. */
static size_t score_of(const char *wanted, const char *alias)
{
    size_t score = distance(wanted, alias), len = strnlen(wanted, CCT_NEAREST_MAX);
    size_t allowed = len < 6 ? 1 : len / 3;
    if (score > 1 && contains(wanted, alias))
        return 2;
    return score <= allowed ? score : SIZE_MAX;
}

static int is_known(const struct cct_nearest *nearest, const char *name)
{
    for (size_t i = 0; i < nearest->count; i++)
        if (!strcmp(nearest->names[i], name))
            return 1;
    return 0;
}

void cct_nearest_offer(struct cct_nearest *nearest, const char *name, const char *alias)
{
    size_t score = score_of(nearest->wanted, alias);
    if (score == SIZE_MAX || is_known(nearest, name))
        return;
    size_t at = nearest->count;
    while (at > 0 && nearest->scores[at - 1] > score)
        at--;
    if (at == CCT_NEAREST_COUNT)
        return;
    if (nearest->count < CCT_NEAREST_COUNT)
        nearest->count++;
    for (size_t i = nearest->count - 1; i > at; i--) {
        memcpy(nearest->names[i], nearest->names[i - 1], CCT_NEAREST_MAX);
        nearest->scores[i] = nearest->scores[i - 1];
    }
    snprintf(nearest->names[at], CCT_NEAREST_MAX, "%s", name);
    nearest->scores[at] = score;
}

const char *cct_nearest_text(const struct cct_nearest *nearest, char *out, size_t cap)
{
    size_t len = 0;
    out[0] = '\0';
    for (size_t i = 0; i < nearest->count && len < cap; i++) {
        const char *joint = i == 0 ? "" : i + 1 < nearest->count ? ", " : " or ";
        len += (size_t)snprintf(out + len, cap - len, "%s%s", joint, nearest->names[i]);
    }
    return out;
}
