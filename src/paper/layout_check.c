/* What a layout can be told before any value is known: places on the paper, the address window. */
#include "paper/layout.h"

#include <math.h>

/* The box of an element of a page; false when it has none of its own. */
static bool element_box(const struct element *e, double box[4])
{
    if (e->kind == EL_REPEAT || e->kind == EL_USE)
        return false;
    box[0] = e->x;
    box[1] = e->y;
    box[2] = e->w;
    box[3] = e->h;
    if (e->kind == EL_LINE) {
        box[0] = fmin(e->x, e->w);
        box[1] = fmin(e->y, e->h);
        box[2] = fabs(e->w - e->x);
        box[3] = fabs(e->h - e->y);
    }
    return true;
}

static bool is_within(const double a[4], const double b[4], double slack)
{
    const double rounding = 0.05;
    return a[0] >= b[0] + slack - rounding && a[1] >= b[1] + slack - rounding &&
           a[0] + a[2] <= b[0] + b[2] - slack + rounding &&
           a[1] + a[3] <= b[1] + b[3] - slack + rounding;
}

static bool is_outside(const double a[4], const double b[4], double slack)
{
    const double rounding = 0.05;
    return a[0] + a[2] <= b[0] - slack + rounding || a[0] >= b[0] + b[2] + slack - rounding ||
           a[1] + a[3] <= b[1] - slack + rounding || a[1] >= b[1] + b[3] + slack - rounding;
}

/* The letter moves in its envelope: what is for the window must stay in it, the rest out of it. */
static int check_window(struct context *cx, const struct form *f, const struct part *page,
                        const struct element *window)
{
    double frame[4];
    double box[4];
    element_box(window, frame);
    for (size_t i = 0; i < page->n; i++) {
        const struct element *e = &page->elements[i];
        if (e->kind == EL_WINDOW || !element_box(e, box))
            continue;
        if (!is_within(box, frame, window->style.pad) && !is_outside(box, frame, window->style.pad))
            return layout_error(cx, f, e->line, e->column, "paper.layout.window");
    }
    return OK;
}

static int check_page(struct context *cx, const struct form *f, const struct part *page)
{
    const double sheet[4] = {0, 0, f->width, f->height};
    double box[4];
    for (size_t i = 0; i < page->n; i++) {
        const struct element *e = &page->elements[i];
        if (!element_box(e, box))
            continue;
        if (!is_within(box, sheet, 0))
            return layout_error(cx, f, e->line, e->column, "paper.layout.outside");
        int r = e->kind == EL_WINDOW ? check_window(cx, f, page, e) : OK;
        if (r < 0)
            return r;
    }
    return OK;
}

int layout_check(struct context *cx, const struct form *f)
{
    int r = OK;
    for (size_t i = 0; r == OK && i < f->n_pages; i++)
        r = check_page(cx, f, &f->pages[i].body);
    return r;
}
