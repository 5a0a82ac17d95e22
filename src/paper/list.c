/* Any list as paper: columns come with the values, the frame around them from the layout. */
#include "paper/plan.h"

#include <stdio.h>

enum { MOST_COLUMNS = 16 };
static const char *const cell_names[MOST_COLUMNS] = {"c1", "c2",  "c3",  "c4",  "c5",  "c6",
                                                     "c7", "c8",  "c9",  "c10", "c11", "c12",
                                                     "c13", "c14", "c15", "c16"};

struct columns {
    size_t n;
    double left[MOST_COLUMNS + 1];
    struct element *element[MOST_COLUMNS]; /* one per column: its alignment */
    struct element *head;
};

static int64_t number_of(const struct form_data *d, const char *name)
{
    const struct form_value *v = data_find(d, str_of(name));
    return v ? v->number : 0;
}

static struct element *column_element(struct plan *pl, const struct element *e, enum halign align)
{
    struct element *copy = ARENA_NEW(pl->arena, struct element);
    if (!copy)
        return NULL;
    *copy = *e;
    copy->style.align = align;
    copy->name = STR("");
    return copy;
}

static int set_columns(struct plan *pl, const struct element *e, const struct form_group *g,
                       struct columns *c)
{
    static const enum halign aligns[] = {ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT};
    int64_t total = 0;
    c->n = g ? g->n : 0;
    for (size_t i = 0; i < c->n && i < MOST_COLUMNS; i++)
        total += number_of(g->items[i], "weight");
    if (c->n == 0 || c->n > MOST_COLUMNS || total <= 0)
        return fail(pl->cx, ERR_INVALID, "paper.list.columns", "columns=%zu", c->n);
    c->head = column_element(pl, e, ALIGN_CENTER);
    c->left[0] = 0;
    for (size_t i = 0; i < c->n; i++) {
        int64_t align = number_of(g->items[i], "align");
        c->element[i] = column_element(pl, e, aligns[align >= 0 && align <= 2 ? align : 0]);
        c->left[i + 1] = c->left[i] + e->w * (double)number_of(g->items[i], "weight") /
                                          (double)total;
        if (!c->element[i] || !c->head)
            return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    }
    return OK;
}

static int plan_rule(struct plan *pl, const struct element *e, const double from[2],
                     const double to[2])
{
    struct mark *m = plan_mark(pl, MARK_LINE, e);
    if (!m)
        return pl->cx->error.code;
    m->x = from[0];
    m->y = from[1];
    m->line.x2 = to[0];
    m->line.y2 = to[1];
    return OK;
}

static int plan_rules(struct plan *pl, const struct element *e, const double box[4],
                      const struct columns *c)
{
    int r = OK;
    for (size_t i = 0; r == OK && i <= c->n; i++) {
        double x = box[0] + c->left[i];
        r = plan_rule(pl, e, (double[2]){x, box[1]}, (double[2]){x, box[1] + box[3]});
    }
    return r;
}

static int plan_row(struct plan *pl, const struct columns *c, const struct form_data *row,
                    const double box[4])
{
    for (size_t i = 0; i < c->n; i++) {
        const struct form_value *v = data_find(row, str_of(cell_names[i]));
        double cell[4] = {box[0] + c->left[i], box[1], c->left[i + 1] - c->left[i], box[3]};
        int r = v ? plan_text_at(pl, c->element[i], cell, v->text) : OK;
        if (r < 0)
            return r;
    }
    return OK;
}

static int plan_head(struct plan *pl, const struct columns *c, const struct form_group *g,
                     const double box[4])
{
    struct mark *m = plan_mark(pl, MARK_BOX, c->head);
    if (!m)
        return pl->cx->error.code;
    m->x = box[0];
    m->y = box[1];
    m->box.w = box[2];
    m->box.h = box[3];
    m->box.shade = 8;
    for (size_t i = 0; i < c->n; i++) {
        const struct form_value *v = data_find(g->items[i], STR("label"));
        double cell[4] = {box[0] + c->left[i], box[1], c->left[i + 1] - c->left[i], box[3]};
        int r = v ? plan_text_at(pl, c->head, cell, v->text) : OK;
        if (r < 0)
            return r;
    }
    return OK;
}

int plan_columns(struct plan *pl, const struct element *e, const struct place *at)
{
    struct columns c = {0};
    const struct form_group *columns = data_group(at->d, STR("columns"));
    const struct form_group *rows = data_group(at->d, STR("rows"));
    int r = set_columns(pl, e, columns, &c);
    if (r < 0)
        return r;
    double head = e->rows.n > 0 ? e->rows.at[0] : 20;
    double pitch = e->rows.n > 1 ? e->rows.at[1] - e->rows.at[0] : head;
    double box[4] = {at->ox + e->x, at->oy + e->y, e->w, head};
    r = plan_head(pl, &c, columns, box);
    size_t end = rows ? rows->n : 0;
    if (end > pl->window.first + pl->window.count)
        end = pl->window.first + pl->window.count;
    for (size_t i = pl->window.first; r == OK && i < end; i++) {
        box[1] += i == pl->window.first ? head : pitch;
        box[3] = pitch;
        r = plan_row(pl, &c, rows->items[i], box);
        if (r == OK)
            r = plan_rule(pl, e, (double[2]){box[0], box[1] + pitch},
                          (double[2]){box[0] + e->w, box[1] + pitch});
    }
    double bottom = end > pl->window.first ? box[1] + pitch : box[1] + head;
    double frame[4] = {at->ox + e->x, at->oy + e->y, e->w, bottom - (at->oy + e->y)};
    return r < 0 ? r : plan_rules(pl, e, frame, &c);
}

/* --- a list of the program as values --------------------------------------------------------- */

static void put_list(struct form_data *d, const struct paper_list *list)
{
    form_put_text(d, "title", list->title);
    form_put_text(d, "office", list->office);
    form_put_text(d, "conditions", list->conditions);
    form_put_day(d, "day", list->day);
    form_put_count(d, "n_rows", (int64_t)list->n_rows);
    for (size_t i = 0; i < list->n_columns; i++) {
        struct form_data *column = form_item(d, "columns");
        form_put_text(column, "label", list->columns[i].label);
        form_put_count(column, "weight", list->columns[i].weight);
        form_put_count(column, "align", (int64_t)list->columns[i].align);
    }
    for (size_t i = 0; i < list->n_rows; i++) {
        struct form_data *row = form_item(d, "rows");
        for (size_t k = 0; k < list->n_columns; k++)
            form_put_text(row, cell_names[k], list->cells[i * list->n_columns + k]);
    }
}

int paper_list_pdf(struct context *cx, struct paper *p, struct form *form,
                   const struct paper_list *list, struct text *out)
{
    if (list->n_columns == 0 || list->n_columns > MOST_COLUMNS)
        return fail(cx, ERR_INVALID, "paper.list.columns", "columns=%zu", list->n_columns);
    struct arena arena;
    arena_init(&arena, (size_t)256 << 20);
    struct form_data d;
    form_data_init(&d, &arena, list->title);
    put_list(&d, list);
    struct paper_info info = {list->title, list->day};
    int r = paper_pdf(cx, p, &info, form, &d, out);
    arena_release(&arena);
    return r;
}
