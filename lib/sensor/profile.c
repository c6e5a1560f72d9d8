/* SPDX-License-Identifier: Apache-2.0 */
#include "profile.h"

#include "record/io.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#define KIND      "cct.calibration/1"
#define MAX_BYTES 65536

/* Blanks and all that is not at home in a file name become one dash. */
void cct_profile_path(const char *home, const struct cct_cpu *cpu, struct cct_buf *out)
{
    cct_buf_addf(out, "%s/calibration/", home);
    bool dash = false;
    for (const char *p = cpu->model[0] ? cpu->model : "unknown"; *p; p++) {
        bool plain =
            (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9');
        if (plain || !dash)
            cct_buf_addc(out, plain ? *p : '-');
        dash = !plain;
    }
    cct_buf_adds(out, ".ndjson");
}

static void write_points(struct cct_json *json, const struct cct_load_point *points, size_t count)
{
    cct_json_open(json, "points", '[');
    for (size_t i = 0; i < count; i++) {
        cct_json_open(json, NULL, '{');
        cct_json_double(json, "cpu_pct", 100 * points[i].busy);
        cct_json_double(json, "power_w", points[i].w);
        cct_json_close(json, '}');
    }
    cct_json_close(json, ']');
}

void cct_profile_write(const struct cct_profile *profile, const struct cct_load_point *points,
                       size_t count, struct cct_stamp *stamp, int64_t ts_utc_ms,
                       struct cct_buf *out)
{
    struct cct_json json = cct_record_begin(out, stamp, KIND, ts_utc_ms);
    double error = 0;
    for (size_t i = 0; i < count; i++)
        error += fabs(cct_curve_w(profile->curve_w, points[i].busy) / points[i].w - 1);
    cct_json_string(&json, "model", profile->model);
    cct_json_int(&json, "sockets", profile->sockets);
    cct_json_int(&json, "threads", profile->threads);
    cct_json_double(&json, "idle_w", profile->curve_w[0]);
    cct_json_double(&json, "max_w", profile->curve_w[CCT_CURVE_POINTS - 1]);
    cct_json_open(&json, "curve_w", '[');
    for (int i = 0; i < CCT_CURVE_POINTS; i++)
        cct_json_double(&json, NULL, profile->curve_w[i]);
    cct_json_close(&json, ']');
    cct_json_double(&json, "low", profile->low);
    cct_json_double(&json, "high", profile->high);
    cct_json_double(&json, "error_pct", count ? 100 * error / (double)count : (double)NAN);
    write_points(&json, points, count);
    cct_record_end(&json);
}

/* All folders of path. */
static int make_folders(const char *path)
{
    cct_auto_buf folder = {0};
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        folder.len = 0;
        cct_buf_add(&folder, path, (size_t)(slash - path));
        if (mkdir(cct_buf_str(&folder), 0700) && errno != EEXIST)
            return -1;
    }
    return 0;
}

int cct_profile_store(const char *path, const struct cct_buf *record, struct cct_err *err)
{
    cct_auto_buf text = {0};
    cct_buf_addf(&text, "%s.new", path);
    const char *fresh = cct_buf_str(&text);
    if (make_folders(path))
        return cct_fail_errno(err, CCT_IOERR, "cannot make the folder of %s", path);
    unlink(fresh); /* of a run that was ended */
    cct_auto_close int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || cct_write_all(fd, record->data, record->len) || fsync(fd) || rename(fresh, path))
        return cct_fail_errno(err, CCT_IOERR, "cannot write the calibration %s", path);
    return 0;
}

static unsigned count_of(const struct cct_rec *rec, const char *key)
{
    int64_t n = 0;
    cct_value_int64(cct_rec_get(rec, key), &n);
    return n > 0 && n < 1000000 ? (unsigned)n : 0;
}

static bool is_power(double w)
{
    return w >= 0 && w < 1e6;
}

static bool take(const struct cct_rec *rec, struct cct_profile *p)
{
    int n = 0;
    *p = (struct cct_profile){
        .sockets = count_of(rec, "sockets"),
        .threads = count_of(rec, "threads"),
        .low = cct_value_number(cct_rec_get(rec, "low")),
        .high = cct_value_number(cct_rec_get(rec, "high")),
    };
    struct cct_iter it = cct_iter(cct_rec_get(rec, "curve_w"));
    for (; n < CCT_CURVE_POINTS && cct_iter_next(&it); n++) {
        p->curve_w[n] = cct_value_number(it.value);
        if (!is_power(p->curve_w[n]))
            return false;
    }
    return cct_rec_is(rec, KIND) && n == CCT_CURVE_POINTS && p->threads &&
           p->curve_w[CCT_CURVE_POINTS - 1] > 0 && p->low > 0 && p->low <= 1 && p->high >= 1 &&
           p->high < 100 && cct_value_copy(cct_rec_get(rec, "model"), p->model, sizeof p->model);
}

int cct_profile_read(const char *path, struct cct_profile *profile, struct cct_err *err)
{
    struct cct_reader reader;
    struct cct_rec rec = {0};
    const char *line;
    size_t len;
    cct_auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return cct_fail_errno(err, 0, "the calibration %s", path);
    cct_reader_init(&reader, fd);
    reader.max_line = MAX_BYTES;
    bool good = cct_reader_next(&reader, &line, &len, err) == CCT_READ_LINE &&
                cct_rec_scan(&rec, line, len, err) == 0 && take(&rec, profile);
    cct_rec_free(&rec);
    cct_reader_done(&reader);
    return good ? 0 : cct_fail(err, CCT_DATAERR, "%s holds no " KIND, path);
}

bool cct_profile_apply(const struct cct_profile *profile, const struct cct_cpu *cpu,
                       struct cct_cpu_power *power)
{
    bool part = cpu->hypervisor && cpu->threads < profile->threads;
    if (strcmp(profile->model, cpu->model) != 0 || !cpu->threads ||
        (cpu->threads != profile->threads && !part))
        return false;
    double share = (double)cpu->threads / profile->threads;
    *power = (struct cct_cpu_power){
        .idle_w = share * profile->curve_w[0],
        .max_w = share * profile->curve_w[CCT_CURVE_POINTS - 1],
        .low = part ? fmin(profile->low, 0.6) : profile->low,
        .high = part ? fmax(profile->high, 1.6) : profile->high,
        .basis = "calibrated",
    };
    for (int i = 0; i < CCT_CURVE_POINTS; i++)
        power->curve_w[i] = share * profile->curve_w[i];
    return true;
}

int cct_profile_choose(const char *file, const char *home, const struct cct_cpu *cpu,
                       struct cct_cpu_power *power, struct cct_err *err)
{
    struct cct_profile profile;
    cct_auto_buf path = {0};
    cct_cpu_power_find(cpu, power);
    if (file) {
        if (cct_profile_read(file, &profile, err))
            return -1;
        if (!cct_profile_apply(&profile, cpu, power))
            return cct_fail(err, CCT_DATAERR, "%.100s is the calibration of another CPU (%.80s)",
                            file, profile.model);
    } else if (home) {
        cct_profile_path(home, cpu, &path);
        if (cct_profile_read(cct_buf_str(&path), &profile, NULL) == 0)
            cct_profile_apply(&profile, cpu, power);
    }
    return 0;
}
