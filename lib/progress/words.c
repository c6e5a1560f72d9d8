/* SPDX-License-Identifier: Apache-2.0
 * The forms are those that tutorials and trainers print: Epoch 3/10, Epoch [3/10], Epoch:
 * [3][10/50], Train Epoch: 3 [640/60000 (1%)], epoch 3 of 10, step 100:, Step [100/600], loss: 0.1,
 * loss=0.1, train loss 0.1, Loss 0.1 (0.2). */
#include "progress/words.h"

#include <math.h>
#include <string.h>

struct reader {
    struct cct_slice at;
    const char *begin;
    struct cct_slice before; /* the word before, where only one blank stands between; else empty */
    const char *name_from;   /* where the qualifiers of the present word begin */
    struct cct_progress_fields *f;
    struct cct_progress_words *words;
};

static const char *const epoch_words[] = {"epoch", "ep", NULL};
static const char *const step_words[] = {"step",  "iter",   "iteration", "global_step", "it",
                                         "batch", "update", "batch_idx", "minibatch",   NULL};
/* Before `epoch` or `step`: not the present one. */
static const char *const other_words[] = {
    "best", "from", "resume", "resumed", "resuming", "num", "max", "total",  "per", "every",
    "each", "of",   "last",   "after",   "since",    "n",   "no.", "loaded", NULL};
/* They belong to the name of a metric: `val loss`, `learning rate`. */
static const char *const qualifiers[] = {
    "train", "training", "trn",  "tr",      "val",      "valid",  "validation", "dev",
    "test",  "eval",     "avg",  "average", "mean",     "total",  "running",    "lm",
    "grad",  "learning", "best", "final",   "gradient", "policy", "value",      NULL};
/* Parts of names that only a training's numbers have. */
static const char *const judged_words[] = {
    "loss",     "acc",   "accuracy", "auc",  "f1",        "ppl",    "perplexity", "bleu",
    "rouge",    "mse",   "mae",      "rmse", "mape",      "r2",     "iou",        "dice",
    "miou",     "map",   "recall",   "lr",   "precision", "reward", "psnr",       "ssim",
    "wer",      "cer",   "nll",      "elbo", "logloss",   "kl",     "top1",       "top5",
    "gradnorm", "score", "merror",   "rate", "norm",      NULL};
/* Numbers of the logging itself. */
static const char *const dropped_words[] = {"pid",  "rank", "local_rank", "v_num",
                                            "line", "port", "seed",       NULL};

static bool is_word(char c)
{
    return cct_is_alpha(c) || cct_is_digit(c) || c == '_';
}

/* Letters, digits and _, with single . - / @ between them: val/acc@1, mAP@0.5 */
static struct cct_slice read_word(struct cct_slice *at)
{
    struct cct_slice word = {at->p, at->p};
    while (at->p < at->end) {
        bool joint = at->p + 1 < at->end && is_word(at->p[1]) && strchr(".-/@", *at->p);
        if (!is_word(*at->p) && !(joint && *at->p))
            break;
        at->p++;
    }
    word.end = at->p;
    return word;
}

/* Some part of the name is such a word, or the name ends in loss, acc or accuracy. */
static bool is_judged(struct cct_slice name)
{
    static const char *const endings[] = {"loss", "acc", "accuracy", NULL};
    struct cct_slice part = {name.p, name.p};
    for (; part.end <= name.end; part.end++) {
        if (part.end < name.end && !strchr("_-/@. ", *part.end))
            continue;
        if (cct_slice_in(part, judged_words))
            return true;
        part.p = part.end + 1;
    }
    for (const char *const *e = endings; *e; e++) {
        size_t n = strlen(*e);
        struct cct_slice tail = {name.end - n, name.end};
        if (cct_slice_len(name) > n && cct_slice_is(tail, *e))
            return true;
    }
    return false;
}

/* `=` or `:` with blanks around; not ==, ::, :=, :// */
static bool skip_separator(struct cct_slice *at)
{
    struct cct_slice t = *at;
    cct_slice_blanks(&t);
    char c = cct_slice_peek(&t);
    if (c != '=' && c != ':')
        return false;
    t.p++;
    if (t.p < t.end && strchr("=:/", *t.p))
        return false;
    cct_slice_blanks(&t);
    *at = t;
    return true;
}

/* What stands behind a count ends it: `12:30`, `3-4`, `3.ckpt` are no counts. */
static bool ends_count(const struct cct_slice *t)
{
    char c = cct_slice_peek(t);
    char next = t->p + 1 < t->end ? t->p[1] : ' ';
    return !(c && strchr(":-./@", c) && (is_word(next) || next == '/'));
}

/* `3`, `3/10`, `[3/10]`, `3 of 10`, `2.5`: n and, where it is said, of. */
static bool read_counter(struct cct_slice *at, double *n, double *of)
{
    struct cct_slice t = *at;
    char open = cct_slice_peek(&t);
    *of = NAN;
    if (open == '[' || open == '(' || open == '#')
        t.p++;
    cct_slice_blanks(&t);
    struct cct_slice first = t;
    if (!cct_slice_ratio(&t, n, of)) {
        if (!cct_slice_count(&t, n) && !cct_slice_number(&t, n))
            return false;
        struct cct_slice behind = t;
        if (cct_slice_skip(&behind, " of ") && cct_slice_count(&behind, of))
            t = behind;
    }
    if (!ends_count(&t) || *first.p == '-' || (open == '[' && !cct_slice_find(t, "]")))
        return false;
    cct_slice_skip(&t, "]");
    *at = t;
    return true;
}

/* Behind an epoch: `[10/50]`, ` [640/60000 (1%)]`, ` 10 / 50 ` are steps. */
static void read_steps(struct reader *r)
{
    struct cct_slice t = r->at;
    double n, of;
    cct_slice_skip(&t, ":");
    cct_slice_blanks(&t);
    bool open = cct_slice_skip(&t, "[");
    cct_slice_blanks(&t);
    if (!cct_slice_ratio(&t, &n, &of) || (open && !cct_slice_find(t, "]")) || !ends_count(&t))
        return;
    if (!open && r->at.p == t.p)
        return;
    r->f->step = n;
    r->f->steps = of;
    r->words->step = true;
    r->at = t;
}

static bool take_epoch(struct reader *r, struct cct_slice value)
{
    double n, of;
    if (r->words->epoch || !read_counter(&value, &n, &of))
        return false;
    static const struct cct_slice name = {"epoch", (const char *)"epoch" + 5};
    static const struct cct_slice total = {"epochs", (const char *)"epochs" + 6};
    cct_progress_put(r->f, name, n);
    cct_progress_put(r->f, total, of);
    r->words->epoch = !isnan(r->f->epoch);
    r->at = value;
    read_steps(r);
    return true;
}

static bool take_step(struct reader *r, struct cct_slice value)
{
    double n, of;
    if (r->words->step || !read_counter(&value, &n, &of) || n != floor(n))
        return false;
    r->f->step = n;
    r->f->steps = of;
    r->words->step = true;
    r->at = value;
    return true;
}

/* Only blanks, punctuation and digits before p: the line begins there. */
static bool begins_line(const struct reader *r, const char *p)
{
    for (const char *c = r->begin; c < p; c++)
        if (cct_is_alpha(*c))
            return false;
    return true;
}

static bool take_metric(struct reader *r, struct cct_slice word, struct cct_slice value, bool named)
{
    double v;
    struct cct_slice name = {named && *word.end == '=' ? word.p : r->name_from, word.end};
    bool judged = is_judged(name);
    if ((!named && !judged) || !cct_slice_number(&value, &v))
        return false;
    if (cct_slice_in(word, dropped_words)) {
        r->at = value;
        return true;
    }
    bool had_loss = r->f->loss_rank != 0;
    cct_progress_put(r->f, name, v);
    if (r->f->loss_rank && !had_loss) {
        r->words->loss = true;
        r->words->loss_first = begins_line(r, name.p);
        r->f->loss = v; /* NAN too: an unknown loss is no missing one */
    }
    r->words->judged |= judged;
    r->at = value;
    return true;
}

/* `loss: 0.1  [  64/60000]` */
static void steps_behind_loss(struct reader *r)
{
    struct cct_slice t = r->at;
    cct_slice_blanks(&t);
    if (r->words->loss && !r->words->step && cct_slice_peek(&t) == '[') {
        r->at = t;
        read_steps(r);
    }
}

static bool take_value(struct reader *r, struct cct_slice word, struct cct_slice value, bool named)
{
    bool other = cct_slice_in(r->before, other_words);
    if (cct_slice_in(word, epoch_words))
        return !other && take_epoch(r, value);
    if (cct_slice_in(word, step_words))
        return !other && take_step(r, value);
    if (!take_metric(r, word, value, named))
        return false;
    steps_behind_loss(r);
    return true;
}

static void read_one(struct reader *r)
{
    const char *from = r->at.p;
    struct cct_slice word = read_word(&r->at);
    if (!r->before.p || !cct_slice_in(r->before, qualifiers))
        r->name_from = word.p;
    struct cct_slice value = r->at;
    bool named = skip_separator(&value);
    bool spaced = !named && cct_slice_blanks(&value);
    if ((named || spaced) && value.p < value.end && take_value(r, word, value, named)) {
        r->before = (struct cct_slice){0};
        return;
    }
    bool one_blank = r->at.p + 1 < r->at.end && r->at.p[0] == ' ' && is_word(r->at.p[1]);
    r->before = one_blank ? (struct cct_slice){from, word.end} : (struct cct_slice){0};
}

/* Words that may stand around an epoch in its headline. */
static const char *const before_headline[] = {"info",     "debug", "train", "training",
                                              "main",     "root",  "log",   "__main__",
                                              "starting", "start", "begin", NULL};
static const char *const behind_headline[] = {
    "started", "start", "starting", "begin",    "begins",    "finished", "done",
    "ended",   "end",   "took",     "complete", "completed", NULL};

static bool is_headline(struct cct_slice line, const char *epoch, const char *behind)
{
    struct cct_slice t = {line.p, epoch};
    while (t.p < t.end) {
        if (!is_word(*t.p)) {
            t.p++;
            continue;
        }
        struct cct_slice word = read_word(&t);
        if (cct_is_alpha(*word.p) && !cct_slice_in(word, before_headline))
            return false;
    }
    t = (struct cct_slice){behind, line.end};
    cct_slice_blanks(&t);
    return !is_word(cct_slice_peek(&t)) || cct_slice_in(read_word(&t), behind_headline);
}

void cct_progress_words_read(struct cct_slice line, struct cct_progress_fields *f,
                             struct cct_progress_words *words)
{
    struct reader r = {.at = line, .begin = line.p, .f = f, .words = words};
    *words = (struct cct_progress_words){0};
    while (r.at.p < r.at.end) {
        const char *p = r.at.p;
        char c = *p;
        bool inside = p > line.p && (is_word(p[-1]) || (p[-1] & 0x80) || strchr("/.@-", p[-1]));
        if ((!cct_is_alpha(c) && c != '_') || (inside && p[-1] != '-')) {
            r.at.p++;
            if (c != ' ')
                r.before = (struct cct_slice){0};
            continue;
        }
        bool had_epoch = words->epoch;
        read_one(&r);
        if (words->epoch && !had_epoch)
            words->headline = is_headline(line, p, r.at.p);
    }
}
