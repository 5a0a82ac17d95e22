#include "paper/fit.h"

#include <math.h>

/* Characters that do not begin a line, and those that do not end one (行頭・行末禁則). */
static const uint16_t no_start[] = {
    0x3001, 0x3002, 0xFF0C, 0xFF0E, 0x30FB, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF01, 0x30FC, 0x2019, 0x201D,
    0xFF09, 0x3015, 0xFF3D, 0xFF5D, 0x3009, 0x300B, 0x300D, 0x300F, 0x3011, 0x3005, 0x3041, 0x3043,
    0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x30A1, 0x30A3, 0x30A5, 0x30A7, 0x30A9,
    0x30C3, 0x30E3, 0x30E5, 0x30E7, ',',    '.',    ')',    ']',    '!',    '?',    ':',    ';'};
static const uint16_t no_end[] = {0xFF08, 0x3014, 0xFF3B, 0xFF5B, 0x3008, 0x300A, 0x300C, 0x300E,
                                  0x3010, 0x2018, 0x201C, '(',    '[',    0xA5,   0xFFE5};

static bool in_set(const uint16_t *set, size_t n, int32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (set[i] == c)
            return true;
    return false;
}

/* Figures and letters of a word stay together, full width ones too: 10 and 28 are not 1028. */
static bool is_word(int32_t c)
{
    return (c > 0x20 && c < 0x7F) || (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF5A);
}

static bool may_break(int32_t before, int32_t after)
{
    if (after == ' ' || (is_word(before) && is_word(after)))
        return false;
    return !in_set(no_start, sizeof no_start / sizeof *no_start, after) &&
           !in_set(no_end, sizeof no_end / sizeof *no_end, before);
}

static size_t cluster_end(const struct run *run, size_t i)
{
    i++;
    while (i < run->n && run->glyphs[i].bytes == 0)
        i++;
    return i;
}

struct breaker {
    const struct fitter *f;
    int64_t tracking; /* 1/65536 em a character */
    int64_t room;     /* 1/65536 em */
    struct fit_line *lines;
    size_t n, most;
};

static int32_t code_at(const struct run *run, size_t byte)
{
    struct str rest = {run->text.p + byte, run->text.n - byte};
    return utf8_next(&rest);
}

static bool put_line(struct breaker *b, struct fit_line line)
{
    if (b->n == b->most)
        return false;
    b->lines[b->n++] = line;
    return true;
}

/* Greedy: as many characters as there is room for, back to the last place where one may break. */
static bool break_run(struct breaker *b, const struct run *run)
{
    struct fit_line line = {.run = run};
    struct fit_line safe = {0};
    size_t byte = 0;
    int32_t before = 0;
    for (size_t i = 0; i < run->n;) {
        size_t end = cluster_end(run, i);
        int64_t advance = 0;
        for (size_t k = i; k < end; k++)
            advance += run->glyphs[k].advance;
        int32_t c = code_at(run, byte);
        if (line.n > 0 && may_break(before, c))
            safe = line;
        int64_t used = line.width + advance + b->tracking * (int64_t)line.clusters;
        if (line.n > 0 && used > b->room && c != ' ' && c != 0x3000) {
            struct fit_line done = safe.n > 0 ? safe : line;
            if (!put_line(b, done))
                return false;
            size_t from = done.first + done.n;
            struct fit_line next = {.run = run, .first = from};
            for (size_t k = from; k < i; k = cluster_end(run, k)) {
                next.clusters++;
                for (size_t g = k; g < cluster_end(run, k); g++)
                    next.width += run->glyphs[g].advance;
            }
            next.n = i - from;
            line = next;
            safe = (struct fit_line){0};
        }
        line.n += end - i;
        line.width += advance;
        line.clusters++;
        byte += run->glyphs[i].bytes;
        before = c;
        i = end;
    }
    if (line.width + b->tracking * (int64_t)(line.clusters ? line.clusters - 1 : 0) > b->room &&
        line.clusters > 1)
        return false;
    return line.width <= b->room + EM / 100 && put_line(b, line);
}

static bool try_size(struct breaker *b, const struct run **runs, size_t n, struct fitted *out)
{
    const struct style *s = b->f->style;
    double size = out->quarters / 4.0;
    double room = (b->f->w - 2 * s->pad) / size * 100 / out->percent;
    b->room = s->cells > 0 ? INT64_MAX / 4 : (int64_t)(room * EM) + EM / 200;
    b->n = 0;
    for (size_t i = 0; i < n; i++)
        if (!break_run(b, runs[i]))
            return false;
    double height = size + (double)(b->n - 1) * size * s->leading;
    out->n = b->n;
    return b->n == 1 || height <= b->f->h + 0.2;
}

/* From the natural size downwards; at every size first the width is pressed (長体). */
static bool search_size(struct breaker *b, const struct run **runs, size_t n, struct fitted *out)
{
    const struct style *s = b->f->style;
    unsigned most = (unsigned)floor(s->size * 4);
    unsigned least = (unsigned)ceil(s->least * 4);
    least = least < most ? least : most;
    for (out->quarters = most; out->quarters >= least; out->quarters--) {
        for (out->percent = 100; out->percent >= (unsigned)s->condense; out->percent -= 5)
            if (try_size(b, runs, n, out))
                return true;
    }
    return false;
}

static int shape_paragraphs(const struct fitter *f, struct str text, const struct run **runs,
                            size_t *n)
{
    struct str rest = text;
    *n = 0;
    do {
        bool last = true;
        for (size_t i = 0; i < rest.n && last; i++)
            last = rest.p[i] != '\n';
        struct str paragraph = last ? rest : str_cut(&rest, '\n');
        if (*n == (size_t)f->style->lines)
            return fail(f->cx, ERR_INVALID, "paper.value.fit", "whose=" STR_FMT " text=" STR_FMT,
                        STR_ARG(f->paper->whose), STR_ARG(text));
        int r = shape(f->cx, f->paper, f->cached ? NULL : f->keep, f->style->family, paragraph,
                      &runs[*n]);
        if (r < 0)
            return r;
        (*n)++;
        if (last)
            return OK;
    } while (true);
}

int fit_text(const struct fitter *f, struct str text, struct fitted *out)
{
    size_t most = (size_t)f->style->lines;
    size_t n;
    const struct run **runs = ARENA_ARRAY(f->keep, most, const struct run *);
    struct breaker b = {.f = f, .most = most};
    b.tracking = (int64_t)(f->style->tracking * EM);
    b.lines = ARENA_ARRAY(f->keep, most, struct fit_line);
    *out = (struct fitted){.lines = b.lines};
    if (!runs || !b.lines)
        return fail(f->cx, ERR_MEMORY, "base.memory", NULL);
    int r = shape_paragraphs(f, text, runs, &n);
    if (r < 0)
        return r;
    if (!search_size(&b, runs, n, out))
        return fail(f->cx, ERR_INVALID, "paper.value.fit", "whose=" STR_FMT " text=" STR_FMT,
                    STR_ARG(f->paper->whose), STR_ARG(text));
    return OK;
}
