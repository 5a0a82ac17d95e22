/* One PDF, many documents, written in final order and never held in memory. */
#include "paper/draw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include <cairo-pdf.h>

struct paper_stream {
    struct paper *paper;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct context *cx; /* of the call in progress: the writer reports there */
    struct env *env;
    paper_write_fn *write;
    void *arg;
    int64_t pages;
    bool broken;
    /* into a file */
    int fd;
    char *path, *part;
};

static cairo_status_t give(void *arg, const unsigned char *bytes, unsigned n)
{
    struct paper_stream *s = arg;
    if (s->broken || !s->cx)
        return CAIRO_STATUS_WRITE_ERROR;
    if (s->write(s->cx, s->arg, (struct str){(const char *)bytes, n}) < 0) {
        s->broken = true;
        return CAIRO_STATUS_WRITE_ERROR;
    }
    return CAIRO_STATUS_SUCCESS;
}

static int check(struct context *cx, struct paper_stream *s, cairo_status_t status)
{
    if (s->broken)
        return fail(cx, ERR_IO, "paper.write", NULL);
    if (status == CAIRO_STATUS_SUCCESS)
        return OK;
    s->broken = true;
    (void)fail(cx, status == CAIRO_STATUS_NO_MEMORY ? ERR_MEMORY : ERR_IO, "paper.cairo", NULL);
    return fail_detail(cx, "cairo: %s", cairo_status_to_string(status));
}

/* The date of the paper, not of the clock: a replay gives the same bytes. */
static int set_info(struct context *cx, struct paper_stream *s, const struct paper_info *info)
{
    char day[11];
    char when[40];
    struct ymd issued = ymd_is_none(info->issued) ? ymd_of(2000, 1, 1) : info->issued;
    char *title = memory_alloc(info->title.n + 1);
    if (!title)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (info->title.n > 0)
        memcpy(title, info->title.p, info->title.n);
    ymd_format(issued, day);
    snprintf(when, sizeof when, "%sT00:00:00+09:00", day);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATOR, "Hokenka");
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
    cairo_pdf_surface_set_metadata(s->surface, CAIRO_PDF_METADATA_MOD_DATE, when);
    memory_free(title);
    return OK;
}

static void stream_free(struct paper_stream *s)
{
    s->cx = NULL;
    if (s->cr)
        cairo_destroy(s->cr);
    if (s->surface)
        cairo_surface_destroy(s->surface);
    memory_free(s->path);
    memory_free(s->part);
    memory_free(s);
}

static struct paper_stream *stream_new(struct context *cx, struct paper *p)
{
    struct paper_stream *s = memory_alloc(sizeof *s);
    if (!s) {
        (void)fail(cx, ERR_MEMORY, "base.memory", NULL);
        return NULL;
    }
    s->paper = p;
    s->fd = -1;
    s->env = cx->env;
    return s;
}

/* From here on cairo may write. Frees s when it fails. */
static int stream_start(struct context *cx, struct paper_stream *s, const struct paper_info *info)
{
    s->cx = cx;
    s->surface = cairo_pdf_surface_create_for_stream(give, s, 595, 842);
    s->cr = cairo_create(s->surface);
    int r = check(cx, s, cairo_status(s->cr));
    if (r == OK)
        r = set_info(cx, s, info);
    s->cx = NULL;
    if (r < 0)
        paper_stream_abandon(s);
    return r;
}

int paper_stream_open(struct context *cx, struct paper *p, const struct paper_info *info,
                      paper_write_fn *write, void *arg, struct paper_stream **out)
{
    *out = NULL;
    struct paper_stream *s = stream_new(cx, p);
    if (!s)
        return cx->error.code;
    s->write = write;
    s->arg = arg;
    int r = stream_start(cx, s, info);
    if (r == OK)
        *out = s;
    return r;
}

static void draw_pages(struct paper_stream *s, const struct form *f, const struct plan *pl)
{
    bool open = false;
    for (size_t i = 0; i < pl->n; i++) {
        if (pl->marks[i].kind != MARK_PAGE) {
            draw_mark(s->paper, s->cr, &pl->marks[i]);
            continue;
        }
        if (open)
            cairo_show_page(s->cr);
        open = true;
        cairo_pdf_surface_set_size(s->surface, f->width, f->height);
    }
    if (open)
        cairo_show_page(s->cr);
}

enum { MOST_FORMS = 8 };

static int plan_set(struct context *cx, struct paper_stream *s, struct form *const *forms,
                    size_t n, struct plan plans[MOST_FORMS], const struct form_data *d)
{
    if (n == 0 || n > MOST_FORMS)
        return fail(cx, ERR_LIMIT, "paper.document.pages", "forms=%zu", n);
    for (size_t i = 0; i < n; i++) {
        plans[i] = (struct plan){.cx = cx, .paper = s->paper, .form = forms[i],
                                 .arena = &s->paper->plan};
        int r = plan_document(&plans[i], d);
        if (r < 0)
            return r;
    }
    return OK;
}

int paper_stream_add_set(struct context *cx, struct paper_stream *s, struct form *const *forms,
                         size_t n, const struct form_data *d)
{
    struct plan plans[MOST_FORMS];
    int pages = 0;
    if (s->broken)
        return fail(cx, ERR_IO, "paper.write", NULL);
    shape_cache_trim(s->paper);
    struct arena_mark mark = arena_mark(&s->paper->plan);
    int r = plan_set(cx, s, forms, n, plans, d);
    s->cx = cx;
    for (size_t i = 0; r == OK && i < n; i++) {
        draw_pages(s, forms[i], &plans[i]);
        r = check(cx, s, cairo_status(s->cr));
        pages += plans[i].page;
    }
    s->cx = NULL;
    s->pages += pages;
    arena_rewind(&s->paper->plan, mark);
    return r < 0 ? r : pages;
}

int paper_stream_add(struct context *cx, struct paper_stream *s, struct form *f,
                     const struct form_data *d)
{
    return paper_stream_add_set(cx, s, &f, 1, d);
}

int64_t paper_stream_pages(const struct paper_stream *s)
{
    return s->pages;
}

/* --- into a file ---------------------------------------------------------------------------- */

static int write_file(struct context *cx, void *arg, struct str bytes)
{
    struct paper_stream *s = arg;
    while (bytes.n > 0) {
        ssize_t n = cx->env->write(cx->env, s->fd, bytes.p, bytes.n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            (void)fail(cx, ERR_IO, "paper.write", NULL);
            return fail_detail(cx, "write: errno %d", errno);
        }
        bytes.p += n;
        bytes.n -= (size_t)n;
    }
    return OK;
}

static char *join(const char *a, const char *b)
{
    size_t n = strlen(a) + strlen(b) + 1;
    char *s = memory_alloc(n);
    if (s)
        snprintf(s, n, "%s%s", a, b);
    return s;
}

int paper_stream_open_file(struct context *cx, struct paper *p, const struct paper_info *info,
                           const char *path, struct paper_stream **out)
{
    *out = NULL;
    struct paper_stream *s = stream_new(cx, p);
    if (!s)
        return cx->error.code;
    s->write = write_file;
    s->arg = s;
    s->path = join(path, "");
    s->part = join(path, ".part");
    if (!s->path || !s->part) {
        paper_stream_abandon(s);
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    }
    s->fd = cx->env->open(cx->env, s->part, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (s->fd < 0) {
        (void)fail(cx, ERR_IO, "paper.file", "path=%s", path);
        int r = fail_detail(cx, "open: errno %d", errno);
        paper_stream_abandon(s);
        return r;
    }
    int r = stream_start(cx, s, info);
    if (r == OK)
        *out = s;
    return r;
}

static int settle_file(struct context *cx, struct paper_stream *s, int r)
{
    if (r == OK && cx->env->sync(cx->env, s->fd) < 0)
        r = fail(cx, ERR_IO, "paper.file", "path=%s", s->path);
    if (cx->env->close(cx->env, s->fd) < 0 && r == OK)
        r = fail(cx, ERR_IO, "paper.file", "path=%s", s->path);
    if (r == OK && cx->env->rename(cx->env, s->part, s->path) < 0)
        r = fail(cx, ERR_IO, "paper.file", "path=%s", s->path);
    if (r < 0)
        cx->env->unlink(cx->env, s->part);
    s->fd = -1;
    return r;
}

int paper_stream_close(struct context *cx, struct paper_stream *s)
{
    int r = s->pages > 0 ? OK : fail(cx, ERR_INVALID, "paper.document.pages", "pages=0");
    s->cx = cx;
    cairo_destroy(s->cr);
    s->cr = NULL;
    cairo_surface_finish(s->surface);
    if (r == OK)
        r = check(cx, s, cairo_surface_status(s->surface));
    if (s->fd >= 0)
        r = settle_file(cx, s, r);
    stream_free(s);
    return r;
}

void paper_stream_abandon(struct paper_stream *s)
{
    if (!s)
        return;
    s->broken = true;
    if (s->fd >= 0) {
        s->env->close(s->env, s->fd);
        s->env->unlink(s->env, s->part);
    }
    stream_free(s);
}

/* --- one document in memory ------------------------------------------------------------------ */

static int write_text(struct context *cx, void *arg, struct str bytes)
{
    struct text *out = arg;
    return text_add(out, bytes) < 0 ? fail(cx, ERR_MEMORY, "base.memory", NULL) : OK;
}

int paper_pdf(struct context *cx, struct paper *p, const struct paper_info *info, struct form *f,
              const struct form_data *d, struct text *out)
{
    struct paper_stream *s;
    int r = paper_stream_open(cx, p, info, write_text, out, &s);
    if (r < 0)
        return r;
    r = paper_stream_add(cx, s, f, d);
    if (r < 0) {
        paper_stream_abandon(s);
        return r;
    }
    return paper_stream_close(cx, s);
}

int paper_boxes(struct context *cx, struct paper *p, struct form *f, const struct form_data *d,
                struct paper_box **boxes, size_t *n)
{
    struct plan pl = {.cx = cx, .paper = p, .form = f, .arena = cx->arena, .want_boxes = true};
    int r = plan_document(&pl, d);
    *boxes = pl.boxes;
    *n = pl.n_boxes;
    return r;
}
