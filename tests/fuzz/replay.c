/* SPDX-License-Identifier: Apache-2.0
 * Hands every file of the named folders (or the named files) to the fuzz target once, and after it
 * every prefix of the short ones. */
#include "fuzz.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

enum { SHORT_BYTES = 600 };

/* From memory that ends where the input ends, so that a sanitizer sees a read behind it. */
static void give(const char *bytes, size_t n)
{
    cct_auto_free uint8_t *exact = cct_xmalloc(n);
    if (n)
        memcpy(exact, bytes, n);
    LLVMFuzzerTestOneInput(exact, n);
}

static int replay_file(const char *name)
{
    cct_auto_buf bytes = {0};
    cct_auto_fclose FILE *f = fopen(name, "r");
    if (!f)
        return -1;
    size_t got;
    while ((got = fread(cct_buf_reserve(&bytes, 65536), 1, 65536, f)) > 0)
        bytes.len += got;
    give(bytes.data, bytes.len);
    for (size_t n = 0; bytes.len <= SHORT_BYTES && n < bytes.len; n++)
        give(bytes.data, n);
    return ferror(f) ? -1 : 1;
}

/* How many files were replayed, or -1. */
static int replay(const char *name)
{
    struct stat st;
    int count = 0;
    if (stat(name, &st))
        return -1;
    if (!S_ISDIR(st.st_mode))
        return replay_file(name);
    DIR *dir = opendir(name);
    if (!dir)
        return -1;
    for (const struct dirent *e; (e = readdir(dir)) != NULL && count >= 0;) {
        if (e->d_name[0] == '.')
            continue;
        cct_auto_free char *path = cct_xasprintf("%s/%s", name, e->d_name);
        int n = replay(path);
        count = n < 0 ? -1 : count + n;
    }
    closedir(dir);
    return count;
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        int count = replay(argv[i]);
        if (count <= 0) {
            fprintf(stderr, "%s: nothing to replay\n", argv[i]);
            return 1;
        }
        printf("%s: %d inputs\n", argv[i], count);
    }
    return 0;
}
