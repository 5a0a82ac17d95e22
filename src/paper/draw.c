#include "paper/draw.h"

#include <string.h>

cairo_scaled_font_t *scaled_font(struct paper *p, unsigned font, unsigned twin, unsigned quarters,
                                 unsigned percent)
{
    uint32_t key = 1 + (((quarters * 128 + percent) * TWINS + twin) * FONTS + font);
    struct scaled *s = &p->scaled[key * 2654435761u % SCALED_SLOTS];
    if (s->key == key)
        return s->font;
    if (s->font)
        cairo_scaled_font_destroy(s->font);
    cairo_matrix_t size;
    cairo_matrix_t one;
    cairo_matrix_init_scale(&size, quarters / 4.0 * percent / 100, quarters / 4.0);
    cairo_matrix_init_identity(&one);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    s->font = cairo_scaled_font_create(p->fonts[font].twin[twin], &size, &one, options);
    s->key = key;
    cairo_font_options_destroy(options);
    return s->font;
}

/* --- text --------------------------------------------------------------------------------- */

enum { BATCH = 512 };
struct batch { /* glyphs of one font and twin, with the text they stand for */
    cairo_glyph_t glyphs[BATCH];
    cairo_text_cluster_t clusters[BATCH];
    int n, n_clusters;
    const char *text;
    int bytes;
};

static void flush(struct paper *p, cairo_t *cr, const struct mark *m, const struct glyph *g,
                  struct batch *b)
{
    if (b->n > 0) {
        cairo_set_scaled_font(cr, scaled_font(p, g->font, g->twin, m->text.quarters,
                                              m->text.percent));
        cairo_show_text_glyphs(cr, b->text, b->bytes, b->glyphs, b->n, b->clusters, b->n_clusters,
                               0);
    }
    b->text += b->bytes;
    b->bytes = b->n = b->n_clusters = 0;
}

static size_t bytes_before(const struct run *r, size_t glyph)
{
    size_t bytes = 0;
    for (size_t i = 0; i < glyph; i++)
        bytes += r->glyphs[i].bytes;
    return bytes;
}

/* Where the pen stands for a cluster: the cell's middle, or where the last one left it. */
static double cluster_start(const struct mark *m, const struct glyph *g, size_t cluster, double pen)
{
    if (m->text.cell <= 0)
        return pen;
    double size = m->text.quarters / 4.0 * m->text.percent / 100;
    return m->x + m->text.cell * (double)cluster +
           (m->text.cell - (double)g->advance / EM * size) / 2;
}

static void draw_text(struct paper *p, cairo_t *cr, const struct mark *m)
{
    const struct fit_line *l = &m->text.line;
    const struct glyph *g = l->run->glyphs + l->first;
    double height = m->text.quarters / 4.0;
    double width = height * m->text.percent / 100;
    struct batch b = {.text = l->run->text.p + bytes_before(l->run, l->first)};
    double pen = m->x;
    size_t cluster = 0;
    draw_ink(cr, m->e->style.ink, 100);
    for (size_t i = 0; i < l->n; i++) {
        bool begins = g[i].bytes > 0;
        if (begins && b.n > 0 &&
            (g[i].font != g[i - 1].font || g[i].twin != g[i - 1].twin || b.n > BATCH - 16))
            flush(p, cr, m, &g[i - 1], &b);
        if (begins) {
            if (cluster > 0)
                pen += m->text.extra;
            pen = cluster_start(m, &g[i], cluster++, pen);
            b.clusters[b.n_clusters++] = (cairo_text_cluster_t){g[i].bytes, 0};
            b.bytes += g[i].bytes;
        }
        if (b.n == BATCH || b.n_clusters == 0)
            continue; /* a cluster of hundreds of marks: not text */
        b.clusters[b.n_clusters - 1].num_glyphs++;
        b.glyphs[b.n++] = (cairo_glyph_t){g[i].id, pen + (double)g[i].dx / EM * width,
                                          m->y - (double)g[i].dy / EM * height};
        pen += (double)g[i].advance / EM * width;
    }
    if (l->n > 0)
        flush(p, cr, m, &g[l->n - 1], &b);
}

/* --- bars --------------------------------------------------------------------------------- */

static void draw_bars(cairo_t *cr, const struct mark *m)
{
    draw_ink(cr, INK_BLACK, 100);
    for (size_t i = 0; i < m->bars.n; i++) {
        const struct rect *r = &m->bars.rects[i];
        cairo_rectangle(cr, m->x + (double)r->x, m->y + (double)r->y, (double)r->w, (double)r->h);
    }
    cairo_fill(cr);
}

/* A matrix symbol is hundreds of rectangles: a stencil of one bit a module is the same on paper. */
static void draw_modules(cairo_t *cr, const struct mark *m)
{
    int side = m->modules.side;
    cairo_surface_t *stencil = cairo_image_surface_create(CAIRO_FORMAT_A1, side, side);
    unsigned char *data = cairo_image_surface_get_data(stencil);
    if (!data) {
        cairo_surface_destroy(stencil);
        return;
    }
    size_t stride = (size_t)cairo_image_surface_get_stride(stencil);
    for (int y = 0; y < side; y++)
        memcpy(data + (size_t)y * stride, m->modules.bits + (size_t)y * MODULE_ROW, MODULE_ROW < stride ? MODULE_ROW : stride);
    cairo_surface_mark_dirty(stencil);
    cairo_save(cr);
    cairo_translate(cr, m->x, m->y);
    cairo_scale(cr, m->modules.size / side, m->modules.size / side);
    draw_ink(cr, INK_BLACK, 100);
    cairo_pattern_t *p = cairo_pattern_create_for_surface(stencil);
    cairo_pattern_set_filter(p, CAIRO_FILTER_NEAREST);
    cairo_mask(cr, p);
    cairo_pattern_destroy(p);
    cairo_surface_destroy(stencil);
    cairo_restore(cr);
}

/* --- the seal ------------------------------------------------------------------------------ */

/* One character stretched into its cell, as seals are cut. */
static void seal_character(struct paper *p, cairo_t *cr, const struct glyph *g, const double box[4])
{
    cairo_scaled_font_t *font = scaled_font(p, g->font, g->twin, 400, 100);
    cairo_glyph_t glyph = {g->id, 0, 0};
    cairo_text_extents_t ink;
    cairo_scaled_font_glyph_extents(font, &glyph, 1, &ink);
    if (ink.width <= 0 || ink.height <= 0)
        return;
    double gap = box[2] * 0.05;
    double sx = (box[2] - 2 * gap) / ink.width;
    double sy = (box[3] - 2 * gap) / ink.height;
    double narrow = sx < sy ? sx : sy; /* 一 and 之 are not blown up to a square */
    sx = sx > 1.7 * narrow ? 1.7 * narrow : sx;
    sy = sy > 1.7 * narrow ? 1.7 * narrow : sy;
    cairo_save(cr);
    cairo_translate(cr, box[0] + box[2] / 2, box[1] + box[3] / 2);
    cairo_scale(cr, sx, sy);
    glyph.x = -(ink.x_bearing + ink.width / 2);
    glyph.y = -(ink.y_bearing + ink.height / 2);
    cairo_set_scaled_font(cr, font);
    cairo_glyph_path(cr, &glyph, 1);
    cairo_restore(cr);
    cairo_set_line_width(cr, box[2] * 0.022); /* a cut line is even, a printed hairline is not */
    cairo_fill_preserve(cr);
    cairo_stroke(cr);
}

static void cut_seal(struct paper *p, cairo_t *cr, const struct element *e, const struct run *run)
{
    size_t n = run->n;
    size_t columns = n <= 2 ? 1 : n <= 6 ? 2 : 3;
    size_t rows = (n + columns - 1) / columns;
    double border = e->w * 0.045;
    double side = e->w - 3.4 * border;
    double tall = e->h - 3.4 * border;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_dash(cr, NULL, 0, 0);
    draw_ink(cr, e->style.ink == INK_BLACK ? INK_VERMILION : e->style.ink, 100);
    cairo_set_line_width(cr, border);
    draw_box_path(cr, border / 2, border / 2, e->w - border, e->h - border, border);
    cairo_stroke(cr);
    for (size_t i = 0; i < n && rows > 0; i++) {
        double w = side / (double)columns;
        double h = tall / (double)rows;
        double box[4] = {1.7 * border + w * (double)(columns - 1 - i / rows),
                         1.7 * border + h * (double)(i % rows), w, h};
        seal_character(p, cr, &run->glyphs[i], box);
    }
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_MITER);
}

/* The seal is the same on thousands of notices: recorded when its text or size changes. */
static void draw_seal(struct paper *p, cairo_t *cr, const struct mark *m)
{
    const struct element *e = m->e;
    struct seal *s = &p->seal;
    bool same = s->recording && s->w == e->w && s->h == e->h && s->ink == (int)e->style.ink &&
                s->length == m->seal->text.n &&
                memcmp(s->text, m->seal->text.p, s->length) == 0;
    if (!same && m->seal->text.n <= sizeof s->text) {
        cairo_rectangle_t extents = {0, 0, e->w, e->h};
        if (s->recording)
            cairo_surface_destroy(s->recording);
        s->recording = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents);
        cairo_t *own = cairo_create(s->recording);
        cut_seal(p, own, e, m->seal);
        cairo_destroy(own);
        s->w = e->w;
        s->h = e->h;
        s->ink = (int)e->style.ink;
        s->length = m->seal->text.n;
        memcpy(s->text, m->seal->text.p, s->length);
    }
    cairo_save(cr);
    cairo_set_source_surface(cr, s->recording, m->x, m->y);
    cairo_paint(cr);
    cairo_restore(cr);
}

/* Larger than any paper: parts are painted at any place of it. */
static const cairo_rectangle_t page_extents = {0, 0, 2100, 2100};

/* --- parts --------------------------------------------------------------------------------- */

/* What never changes: shades first, then lines, then all that is written. */
static void draw_marks(struct paper *p, cairo_t *cr, const struct part *part)
{
    for (size_t i = 0; i < part->n_marks; i++)
        draw_shade(cr, &part->marks[i]);
    draw_rules(cr, part->marks, part->n_marks);
    for (size_t i = 0; i < part->n_marks; i++) {
        enum mark_kind kind = part->marks[i].kind;
        if (kind != MARK_LINE && kind != MARK_BOX && kind != MARK_GRID)
            draw_mark(p, cr, &part->marks[i]);
    }
}

static void draw_moved(struct paper *p, cairo_t *cr, const struct mark *m)
{
    cairo_save(cr);
    cairo_translate(cr, m->x, m->y);
    draw_marks(p, cr, m->part);
    cairo_restore(cr);
}

/* The recording for this place; NULL when the part has been at too many. */
static cairo_surface_t *recording_at(struct paper *p, const struct mark *m)
{
    struct part *part = m->part;
    for (int i = 0; i < part->n_recordings; i++)
        if (part->recordings[i].x == m->x && part->recordings[i].y == m->y)
            return part->recordings[i].surface;
    if (part->n_recordings == MAX_RECORDINGS)
        return NULL;
    cairo_surface_t *s = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &page_extents);
    cairo_t *cr = cairo_create(s);
    draw_moved(p, cr, m);
    cairo_destroy(cr);
    part->recordings[part->n_recordings++] = (struct recording){m->x, m->y, s};
    return s;
}

static void draw_part(struct paper *p, cairo_t *cr, const struct mark *m)
{
    cairo_surface_t *recording = recording_at(p, m);
    if (!recording) {
        draw_moved(p, cr, m);
        return;
    }
    cairo_set_source_surface(cr, recording, 0, 0);
    cairo_paint(cr);
}

void draw_mark(struct paper *p, cairo_t *cr, const struct mark *m)
{
    switch (m->kind) {
    case MARK_PAGE:
        break;
    case MARK_TEXT:
        draw_text(p, cr, m);
        break;
    case MARK_LINE:
    case MARK_BOX:
    case MARK_GRID:
        draw_shade(cr, m);
        draw_rules(cr, m, 1);
        break;
    case MARK_BARS:
        draw_bars(cr, m);
        break;
    case MARK_MODULES:
        draw_modules(cr, m);
        break;
    case MARK_SEAL:
        draw_seal(p, cr, m);
        break;
    case MARK_PART:
        draw_part(p, cr, m);
        break;
    }
}

/* --- what never changes ----------------------------------------------------------------------- */

static int prepare_part(struct context *cx, struct form *f, struct part *part)
{
    for (size_t i = 0; i < part->n; i++) {
        struct element *e = &part->elements[i];
        int r = e->kind == EL_REPEAT ? prepare_part(cx, f, e->repeat->body) : OK;
        if (r < 0)
            return r;
    }
    struct plan pl = {.cx = cx, .paper = f->paper, .form = f, .arena = &f->arena,
                      .recording = true};
    int r = plan_static(&pl, part, 0, 0);
    part->marks = pl.marks;
    part->n_marks = pl.n;
    return r;
}

int draw_prepare(struct context *cx, struct form *f)
{
    int r = OK;
    for (size_t i = 0; r == OK && i < f->n_blocks; i++)
        r = prepare_part(cx, f, f->blocks[i]);
    for (size_t i = 0; r == OK && i < f->n_pages; i++)
        r = prepare_part(cx, f, &f->pages[i].body);
    return r;
}
