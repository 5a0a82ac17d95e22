#include "paper/plan.h"

#include <stdio.h>
#include <string.h>

#define ASCENT 0.88 /* of all three fonts: the em box above the baseline */

int plan_failed(struct plan *pl, const struct element *e)
{
    char file[200];
    char name[90];
    snprintf(file, sizeof file, STR_FMT, STR_ARG(pl->form->file));
    snprintf(name, sizeof name, STR_FMT, STR_ARG(e->name));
    return fail_where(pl->cx, file, e->line, e->column, e->name.n > 0 ? name : NULL);
}

static void *grow(struct plan *pl, void *old, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return old;
    size_t larger = *capacity ? *capacity * 2 : 256;
    void *p = arena_array(pl->arena, larger, size);
    if (!p) {
        (void)fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
        return NULL;
    }
    if (n > 0)
        memcpy(p, old, n * size);
    *capacity = larger;
    return p;
}

struct mark *plan_mark(struct plan *pl, enum mark_kind kind, const struct element *e)
{
    struct mark *marks = grow(pl, pl->marks, pl->n, &pl->capacity, sizeof *marks);
    if (!marks)
        return NULL;
    pl->marks = marks;
    struct mark *m = &marks[pl->n++];
    *m = (struct mark){.kind = kind, .e = e};
    return m;
}

int plan_box(struct plan *pl, const struct element *e, const double box[4])
{
    if (!pl->want_boxes || e->name.n == 0)
        return OK;
    struct paper_box *boxes = grow(pl, pl->boxes, pl->n_boxes, &pl->cap_boxes, sizeof *boxes);
    if (!boxes)
        return pl->cx->error.code;
    pl->boxes = boxes;
    const double um = 1000.0 / POINTS_PER_MM;
    boxes[pl->n_boxes++] = (struct paper_box){pl->page,
                                              (int32_t)(box[0] * um + 0.5),
                                              (int32_t)(box[1] * um + 0.5),
                                              (int32_t)(box[2] * um + 0.5),
                                              (int32_t)(box[3] * um + 0.5),
                                              e->name};
    return OK;
}

/* --- text --------------------------------------------------------------------------------- */

struct line_place {
    double x, extra, cell, width;
};

static struct line_place place_line(const struct element *e, const struct fitted *f,
                                    const struct fit_line *l, const double box[4])
{
    const struct style *s = &e->style;
    double size = f->quarters / 4.0 * f->percent / 100;
    double room = box[2] - 2 * s->pad;
    struct line_place at = {.x = box[0] + s->pad, .extra = s->tracking * size};
    double gaps = l->clusters > 1 ? (double)(l->clusters - 1) : 0;
    at.width = (double)l->width / EM * size + gaps * at.extra;
    if (s->cells > 0) {
        at.cell = room / s->cells;
        at.x += room - at.cell * (double)l->clusters;
        at.width = at.cell * (double)l->clusters;
    } else if (s->align == ALIGN_JUSTIFY && gaps > 0) {
        at.extra += (room - at.width) / gaps;
        at.width = room;
    } else if (s->align == ALIGN_CENTER || s->align == ALIGN_JUSTIFY) {
        at.x += (room - at.width) / 2;
    } else if (s->align == ALIGN_RIGHT) {
        at.x += room - at.width;
    }
    return at;
}

static int plan_lines(struct plan *pl, const struct element *e, const double box[4],
                      const struct fitted *f)
{
    double size = f->quarters / 4.0;
    double pitch = size * e->style.leading;
    double height = size + (double)(f->n - 1) * pitch;
    double y = box[1];
    if (e->style.valign == VALIGN_MIDDLE)
        y += (box[3] - height) / 2;
    else if (e->style.valign == VALIGN_BOTTOM)
        y += box[3] - height;
    double ink[4] = {box[0] + box[2], y, 0, height};
    double right = box[0];
    for (size_t i = 0; i < f->n; i++) {
        struct line_place at = place_line(e, f, &f->lines[i], box);
        if (e->style.cells > 0 && f->lines[i].clusters > (size_t)e->style.cells)
            return fail(pl->cx, ERR_INVALID, "paper.value.fit", "whose=" STR_FMT,
                        STR_ARG(pl->paper->whose));
        ink[0] = at.x < ink[0] ? at.x : ink[0];
        right = at.x + at.width > right ? at.x + at.width : right;
        if (f->lines[i].n == 0)
            continue;
        struct mark *m = plan_mark(pl, MARK_TEXT, e);
        if (!m)
            return pl->cx->error.code;
        m->x = at.x;
        m->y = y + (double)i * pitch + ASCENT * size;
        m->text.line = f->lines[i];
        m->text.quarters = f->quarters;
        m->text.percent = f->percent;
        m->text.extra = at.extra;
        m->text.cell = at.cell;
    }
    ink[2] = right - ink[0];
    return plan_box(pl, e, ink);
}

int plan_text_at(struct plan *pl, const struct element *e, const double box[4], struct str text)
{
    if (text.n == 0)
        return OK;
    struct fitter f = {pl->cx, pl->paper, pl->arena, !pl->recording, &e->style, box[2], box[3]};
    struct fitted fitted;
    int r = fit_text(&f, text, &fitted);
    return r < 0 ? r : plan_lines(pl, e, box, &fitted);
}

/* --- elements ----------------------------------------------------------------------------- */

static int write_content(struct plan *pl, const struct content *c, const struct place *at,
                         struct str *out)
{
    struct text t;
    text_init(&t, 65536);
    int r = content_write(pl->cx, c, at->d, &pl->extra, &t);
    if (r == OK) {
        *out = str_copy(pl->arena, text_str(&t));
        if (!out->p)
            r = fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    }
    text_release(&t);
    return r;
}

static int plan_seal(struct plan *pl, const struct element *e, const struct place *at,
                     struct str text)
{
    if (text.n == 0)
        return OK;
    if (text.n > 60)
        return fail(pl->cx, ERR_LIMIT, "paper.text.long", "bytes=%zu", text.n);
    struct mark *m = plan_mark(pl, MARK_SEAL, e);
    if (!m)
        return pl->cx->error.code;
    m->x = at->ox + e->x;
    m->y = at->oy + e->y;
    double box[4] = {m->x, m->y, e->w, e->h};
    int r = shape(pl->cx, pl->paper, pl->recording ? pl->arena : NULL, FAMILY_NAME, text,
                  &m->seal);
    return r < 0 ? r : plan_box(pl, e, box);
}

static int plan_filled(struct plan *pl, const struct element *e, const struct place *at)
{
    struct str values[2] = {STR(""), STR("")};
    int r = write_content(pl, &e->content, at, &values[0]);
    if (r == OK && e->kind == EL_CUSTOMER)
        r = write_content(pl, &e->second, at, &values[1]);
    if (r < 0)
        return r;
    double box[4] = {at->ox + e->x, at->oy + e->y, e->w, e->h};
    if (e->kind == EL_TEXT)
        return plan_text_at(pl, e, box, values[0]);
    if (e->kind == EL_GS1)
        return plan_gs1(pl, e, at, values[0]);
    if (e->kind == EL_CUSTOMER)
        return plan_customer(pl, e, at, values);
    return e->kind == EL_QR ? plan_qr(pl, e, at, values[0]) : plan_seal(pl, e, at, values[0]);
}

static int plan_shape(struct plan *pl, const struct element *e, const struct place *at)
{
    static const enum mark_kind kinds[] = {
        [EL_LINE] = MARK_LINE, [EL_BOX] = MARK_BOX, [EL_GRID] = MARK_GRID};
    struct mark *m = plan_mark(pl, kinds[e->kind], e);
    if (!m)
        return pl->cx->error.code;
    m->x = at->ox + e->x;
    m->y = at->oy + e->y;
    if (e->kind == EL_LINE) {
        m->line.x2 = at->ox + e->w;
        m->line.y2 = at->oy + e->h;
        return OK;
    }
    m->box.w = e->w;
    m->box.h = e->h;
    m->box.shade = e->shade;
    double box[4] = {m->x, m->y, e->w, e->h};
    return plan_box(pl, e, box);
}

static int plan_part(struct plan *pl, struct part *part, const struct place *at);
static int plan_dynamic(struct plan *pl, const struct part *part, const struct place *at);

static struct printed *printed_of(struct plan *pl, const struct form_group *g)
{
    for (size_t i = 0; i < pl->n_printed; i++)
        if (pl->printed[i].group == g)
            return &pl->printed[i];
    if (pl->n_printed == MAX_PRINTED)
        return NULL;
    pl->printed[pl->n_printed] = (struct printed){.group = g};
    return &pl->printed[pl->n_printed++];
}

static int plan_repeat(struct plan *pl, const struct element *e, const struct place *at)
{
    const struct repeat *rp = e->repeat;
    const struct form_group *g = data_group(at->d, rp->group);
    if (!g)
        return OK;
    struct printed *printed = printed_of(pl, g);
    if (!printed)
        return fail(pl->cx, ERR_LIMIT, "paper.group.many", NULL);
    size_t first = 0;
    size_t count = (size_t)rp->max;
    if (str_equal(pl->window.group, rp->group)) {
        first = pl->window.first;
        count = pl->window.count < count ? pl->window.count : count;
    }
    size_t end = first + count < g->n ? first + count : g->n;
    for (size_t i = first; i < end; i++) {
        size_t k = i - first;
        size_t row = rp->fold > 0 ? k % (size_t)rp->fold : k;
        size_t column = rp->fold > 0 ? k / (size_t)rp->fold : 0;
        struct place inner = {g->items[i],
                              at->ox + e->x + (double)row * rp->dx + (double)column * rp->fold_dx,
                              at->oy + e->y + (double)row * rp->dy + (double)column * rp->fold_dy};
        int r = plan_part(pl, rp->body, &inner);
        if (r < 0)
            return r;
    }
    printed->upto = end > printed->upto ? end : printed->upto;
    printed->rest_ignored |= rp->rest_ignored;
    return OK;
}

static int plan_element(struct plan *pl, const struct element *e, const struct place *at)
{
    switch (e->kind) {
    case EL_TEXT:
    case EL_GS1:
    case EL_CUSTOMER:
    case EL_QR:
    case EL_SEAL:
        return plan_filled(pl, e, at);
    case EL_LINE:
    case EL_BOX:
    case EL_GRID:
        return plan_shape(pl, e, at);
    case EL_WINDOW: {
        double box[4] = {at->ox + e->x, at->oy + e->y, e->w, e->h};
        return plan_box(pl, e, box);
    }
    case EL_COLUMNS:
        return plan_columns(pl, e, at);
    case EL_REPEAT:
        return plan_repeat(pl, e, at);
    case EL_USE: {
        struct place inner = {at->d, at->ox + e->x, at->oy + e->y};
        return element_is_merged(e) ? plan_dynamic(pl, e->part, &inner)
                                    : plan_part(pl, e->part, &inner);
    }
    }
    return OK;
}

/* Static elements are painted by the part's recording; they are planned only for their boxes. */
static int plan_dynamic(struct plan *pl, const struct part *part, const struct place *at)
{
    for (size_t i = 0; i < part->n; i++) {
        const struct element *e = &part->elements[i];
        if (element_is_static(e) && !pl->want_boxes)
            continue;
        if (!data_holds(at->d, &e->when) || !data_holds(at->d, &e->when_too))
            continue;
        int r = plan_element(pl, e, at);
        if (r < 0)
            return plan_failed(pl, e);
    }
    return OK;
}

static int plan_part(struct plan *pl, struct part *part, const struct place *at)
{
    if (part->n_marks > 0) {
        struct mark *m = plan_mark(pl, MARK_PART, NULL);
        if (!m)
            return pl->cx->error.code;
        m->x = at->ox;
        m->y = at->oy;
        m->part = part;
    }
    return plan_dynamic(pl, part, at);
}

int plan_static(struct plan *pl, const struct part *part, double ox, double oy)
{
    struct form_data nothing;
    form_data_init(&nothing, pl->arena, STR_NONE);
    form_data_init(&pl->extra, pl->arena, STR_NONE);
    struct place at = {&nothing, ox, oy};
    for (size_t i = 0; i < part->n; i++) {
        const struct element *e = &part->elements[i];
        int r = OK;
        if (element_is_merged(e))
            r = plan_static(pl, e->part, ox + e->x, oy + e->y);
        else if (element_is_static(e))
            r = plan_element(pl, e, &at);
        if (r < 0)
            return plan_failed(pl, e);
    }
    return OK;
}

/* --- pages -------------------------------------------------------------------------------- */

static size_t sheets_of(const struct form_page *page, const struct form_data *d)
{
    if (!data_holds(d, &page->when))
        return 0;
    if (page->group.n == 0)
        return 1;
    const struct form_group *g = data_group(d, page->group);
    size_t from = (size_t)page->from;
    size_t left = g && g->n > from ? g->n - from : 0;
    return (left + (size_t)page->per - 1) / (size_t)page->per;
}

static int plan_sheet(struct plan *pl, struct form_page *page, size_t sheet,
                      const struct form_data *d)
{
    if (!plan_mark(pl, MARK_PAGE, NULL))
        return pl->cx->error.code;
    pl->page++;
    form_put_count(&pl->extra, "page", pl->page);
    pl->window = (struct window){page->group,
                                 (size_t)page->from + sheet * (size_t)page->per,
                                 (size_t)page->per};
    if (page->group.n == 0)
        pl->window.group = STR("\n"); /* no group is called so */
    struct place at = {d, 0, 0};
    return plan_part(pl, &page->body, &at);
}

static int check_printed(struct plan *pl, const struct form_data *d)
{
    for (size_t i = 0; i < pl->n_printed; i++) {
        const struct printed *p = &pl->printed[i];
        if (p->upto >= p->group->n || p->rest_ignored)
            continue;
        char file[200];
        snprintf(file, sizeof file, STR_FMT, STR_ARG(pl->form->file));
        (void)fail(pl->cx, ERR_INVALID, "paper.group.rest",
                   "whose=" STR_FMT " group=" STR_FMT " items=%zu places=%zu", STR_ARG(d->whose),
                   STR_ARG(p->group->name), p->group->n, p->upto);
        return fail_where(pl->cx, file, 1, 1, NULL);
    }
    return OK;
}

int plan_document(struct plan *pl, const struct form_data *d)
{
    struct form *f = pl->form;
    if (d->failed)
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    size_t pages = 0;
    for (size_t i = 0; i < f->n_pages; i++)
        pages += sheets_of(&f->pages[i], d);
    if (pages == 0 || pages > 100000)
        return fail(pl->cx, ERR_INVALID, "paper.document.pages", "pages=%zu", pages);
    pl->pages = (int)pages;
    form_data_init(&pl->extra, pl->arena, d->whose);
    form_put_count(&pl->extra, "pages", pl->pages);
    pl->paper->whose = d->whose;
    for (size_t i = 0; i < f->n_pages; i++) {
        size_t sheets = sheets_of(&f->pages[i], d);
        for (size_t k = 0; k < sheets; k++) {
            int r = plan_sheet(pl, &f->pages[i], k, d);
            if (r < 0)
                return r;
        }
    }
    pl->paper->whose = STR("");
    return check_printed(pl, d);
}
