/* SPDX-License-Identifier: Apache-2.0 */
#include "visible.h"

#include "base/sysroot.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NONE ((size_t)-1)

static bool begins(const char *text, const char *word)
{
    return strncasecmp(text, word, strlen(word)) == 0;
}

/* word is a UUID or its beginning, the GPU- left out or not; or one of a partition, also in the old
 * form MIG-GPU-<uuid>/<instance>/<instance>. */
static bool names(const struct cct_visible *board, const char *word)
{
    if (begins(word, "MIG-GPU-")) {
        size_t n = strcspn(word + 4, "/");
        return n == strlen(board->uuid) && strncasecmp(board->uuid, word + 4, n) == 0;
    }
    for (size_t i = 0; begins(word, "MIG-") && i < board->partition_count; i++)
        if (begins(board->partitions[i], word))
            return true;
    return begins(board->uuid, word) ||
           (begins(board->uuid, "GPU-") && begins(board->uuid + 4, word));
}

/* The one board that a word names, or NONE: also when it could be two. */
static size_t find(const struct cct_visible *boards, size_t count, const char *word)
{
    uint64_t index;
    size_t found = NONE;
    if (cct_parse_u64(word, &index) == 0 && index < 1000)
        return index < count ? (size_t)index : NONE;
    for (size_t i = 0; i < count; i++) {
        if (!word[0] || !names(&boards[i], word))
            continue;
        if (found != NONE)
            return NONE;
        found = i;
    }
    return found;
}

/* The next word of a comma-separated list, its blanks cut. */
static bool next_word(const char **list, char *out, size_t cap)
{
    if (!*list)
        return false;
    const char *from = *list + strspn(*list, " \t");
    size_t n = strcspn(from, ",");
    *list = from[n] ? from + n + 1 : NULL;
    while (n && (from[n - 1] == ' ' || from[n - 1] == '\t'))
        n--;
    return snprintf(out, cap, "%.*s", (int)n, from) < (int)cap;
}

static void mark_list(const char *list, struct cct_visible *boards, size_t count)
{
    char word[128];
    for (size_t i = 0; i < count; i++)
        boards[i].owner = CCT_OWNER_NOT;
    while (next_word(&list, word, sizeof word)) {
        size_t i = find(boards, count, word);
        if (i == NONE)
            return;
        boards[i].owner = CCT_OWNER_JOB;
    }
}

/* A container shows only the boards that it was given, numbered anew: a list of indices of just as
 * many boards means all of them. */
static bool is_renumbered(const char *list, size_t count)
{
    char word[128];
    uint64_t index;
    size_t words = 0;
    for (; next_word(&list, word, sizeof word); words++)
        if (cct_parse_u64(word, &index))
            return false;
    return words == count;
}

void cct_visible_mark(const char *cuda, const char *nvidia, struct cct_visible *boards,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        boards[i].owner = CCT_OWNER_OPEN;
    if (cuda)
        mark_list(cuda, boards, count);
    else if (nvidia && nvidia[0] && strcasecmp(nvidia, "all") != 0 &&
             strcasecmp(nvidia, "none") != 0 && strcasecmp(nvidia, "void") != 0 &&
             !is_renumbered(nvidia, count))
        mark_list(nvidia, boards, count);
}
