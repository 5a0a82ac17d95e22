/* Lines, boxes and grids. */
#include "paper/draw.h"

#include <math.h>

static const double inks[INKS][3] = {
    [INK_BLACK] = {0, 0, 0},          [INK_GRAY] = {0.38, 0.38, 0.38},
    [INK_WHITE] = {1, 1, 1},          [INK_VERMILION] = {0.86, 0.20, 0.12},
    [INK_BLUE] = {0.05, 0.22, 0.50},  [INK_GREEN] = {0.05, 0.38, 0.25},
};

void draw_ink(cairo_t *cr, enum ink ink, int percent)
{
    double c[3];
    for (int i = 0; i < 3; i++)
        c[i] = 1 - (1 - inks[ink][i]) * percent / 100;
    cairo_set_source_rgb(cr, c[0], c[1], c[2]);
}

void draw_box_path(cairo_t *cr, double x, double y, double w, double h, double radius)
{
    if (radius <= 0) {
        cairo_rectangle(cr, x, y, w, h);
        return;
    }
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, M_PI / 2);
    cairo_arc(cr, x + radius, y + h - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

void draw_shade(cairo_t *cr, const struct mark *m)
{
    if (m->kind != MARK_BOX || m->box.shade == 0)
        return;
    draw_ink(cr, m->e->style.ink, m->box.shade);
    draw_box_path(cr, m->x, m->y, m->box.w, m->box.h, m->e->radius);
    cairo_fill(cr);
}

/* A mark has up to two strokes: a grid its inner lines (0) and its frame (1). */
enum { STROKES = 2 };
struct pen {
    double width;
    enum ink ink;
};

static bool pen_of(const struct mark *m, int stroke, struct pen *out)
{
    const struct element *e = m->e;
    bool ruled = m->kind == MARK_LINE || m->kind == MARK_BOX || m->kind == MARK_GRID;
    if (!ruled || (stroke == 1 && m->kind != MARK_GRID))
        return false;
    *out = (struct pen){e->width, e->style.ink};
    if (stroke == 1 && e->frame > 0)
        out->width = e->frame;
    return out->width > 0;
}

static bool same_pen(const struct pen *a, const struct pen *b)
{
    return fabs(a->width - b->width) < 1e-6 && a->ink == b->ink;
}

static void take_pen(cairo_t *cr, const struct pen *p)
{
    draw_ink(cr, p->ink, 100);
    cairo_set_line_width(cr, p->width);
    cairo_set_dash(cr, NULL, 0, 0);
}

/* Dashes as lines of their own: cairo works out every dash of a pen anew on every page. */
static void trace_line(cairo_t *cr, const double from[2], const double to[2], int dash)
{
    double dx = to[0] - from[0];
    double dy = to[1] - from[1];
    double length = sqrt(dx * dx + dy * dy);
    double on = dash == 0 ? length : (dash == 1 ? 0.3 : 1.2) * POINTS_PER_MM;
    double pitch = dash == 0 ? length : (dash == 1 ? 0.9 : 2.0) * POINTS_PER_MM;
    if (length <= 0)
        return;
    for (double at = 0; at < length - 0.01; at += pitch) {
        double end = at + on < length ? at + on : length;
        cairo_move_to(cr, from[0] + dx * at / length, from[1] + dy * at / length);
        cairo_line_to(cr, from[0] + dx * end / length, from[1] + dy * end / length);
    }
}

static void trace_cuts(cairo_t *cr, const struct mark *m)
{
    const struct element *e = m->e;
    for (int i = 0; i < e->columns.n; i++) {
        double x = m->x + e->columns.at[i];
        if (e->columns.at[i] <= m->box.w - 0.1)
            trace_line(cr, (double[2]){x, m->y}, (double[2]){x, m->y + m->box.h}, e->dash);
    }
    for (int i = 0; i < e->rows.n; i++) {
        double y = m->y + e->rows.at[i];
        if (e->rows.at[i] <= m->box.h - 0.1)
            trace_line(cr, (double[2]){m->x, y}, (double[2]){m->x + m->box.w, y}, e->dash);
    }
}

static void trace(cairo_t *cr, const struct mark *m, int stroke)
{
    if (m->kind == MARK_LINE) {
        trace_line(cr, (double[2]){m->x, m->y}, (double[2]){m->line.x2, m->line.y2}, m->e->dash);
    } else if (m->kind == MARK_GRID && stroke == 0) {
        trace_cuts(cr, m);
    } else {
        draw_box_path(cr, m->x, m->y, m->box.w, m->box.h,
                      m->kind == MARK_BOX ? m->e->radius : 0);
    }
}

/* True when an earlier stroke had this pen already: it has been drawn with that one. */
static bool is_drawn(const struct mark *marks, size_t at, int stroke, const struct pen *pen)
{
    struct pen other;
    for (size_t i = 0; i <= at; i++)
        for (int k = 0; k < STROKES && (i < at || k < stroke); k++)
            if (pen_of(&marks[i], k, &other) && same_pen(&other, pen))
                return true;
    return false;
}

static void draw_pen(cairo_t *cr, const struct mark *marks, size_t n, const struct pen *pen)
{
    struct pen other;
    take_pen(cr, pen);
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < STROKES; k++)
            if (pen_of(&marks[i], k, &other) && same_pen(&other, pen))
                trace(cr, &marks[i], k);
    cairo_stroke(cr);
}

void draw_rules(cairo_t *cr, const struct mark *marks, size_t n)
{
    struct pen pen;
    for (size_t i = 0; i < n; i++)
        for (int k = 0; k < STROKES; k++)
            if (pen_of(&marks[i], k, &pen) && !is_drawn(marks, i, k, &pen))
                draw_pen(cr, marks, n, &pen);
}
