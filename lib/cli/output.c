/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include "base/alloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static int cannot_write(const struct cct_output *output, struct cct_err *err)
{
    return cct_fail_errno(err, CCT_IOERR, "cannot write %s", output->path);
}

int cct_output_open(struct cct_output *output, const char *path, struct cct_err *err)
{
    struct stat st;
    *output = (struct cct_output){.fd = STDOUT_FILENO, .path = path};
    if (!path)
        return 0;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC);
        return output->fd >= 0 ? 0 : cannot_write(output, err);
    }
    output->temp = cct_xasprintf("%s.XXXXXX", path);
    output->fd = mkostemp(output->temp, O_CLOEXEC);
    if (output->fd >= 0)
        return 0;
    free(cct_steal(output->temp));
    return cannot_write(output, err);
}

int cct_output_close(struct cct_output *output, bool whole, struct cct_err *err)
{
    int rc = 0;
    cct_auto_free char *temp = cct_steal(output->temp);
    if (!output->path)
        return 0;
    if (close(output->fd) && whole)
        rc = cannot_write(output, err);
    if (temp && whole && rc == 0 && rename(temp, output->path))
        rc = cannot_write(output, err);
    if (temp && (!whole || rc))
        unlink(temp);
    return rc;
}
