/* page_list: lists and statistics on screen and as files. */
#include "office/list_inner.h"

#include <stddef.h>
#include <stdio.h>

enum { ROWS_SHOWN = 100, GIVEN = 8, LIST_FIELDS = GIVEN + 2 };

int lists_show(struct work *w, struct request *rq, struct reply *rp)
{
    size_t n;
    size_t count = 0;
    const struct desk *const *desks = office_desks(&n);
    size_t own;
    for (size_t i = 0; i < n; i++, count += own)
        (void)lists_of(desks[i], &own);
    struct office_lists_lists_row *rows =
        ARENA_ARRAY(w->cx.arena, count + 1, struct office_lists_lists_row);
    struct office_lists_view v = {.lists = rows};
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < n; i++) {
        const struct list_definition *const *lists = lists_of(desks[i], &own);
        for (size_t j = 0; j < own; j++)
            if (list_may(w, lists[j]))
                rows[v.n_lists++] =
                    (struct office_lists_lists_row){str_of(desks[i]->name), list_name(lists[j]),
                                                    str_of(lists[j]->title),
                                                    lists[j]->purpose ? str_of(lists[j]->purpose)
                                                                      : STR(""),
                                                    list_is_statistics(lists[j])};
    }
    office_page_lists(&rp->body, rq->frame, &v);
    return OK;
}

/* --- conditions: a form made from the list's own parameters -------------------------------- */

struct list_form {
    struct form_state state;
    struct str value[GIVEN];
    struct str page;
    struct str go;
};
struct list_shape {
    struct form_shape shape;
    struct field fields[LIST_FIELDS];
    struct choice go;
    char names[GIVEN][4];
};

static const char *hint_of(enum store_type type)
{
    const struct message *m = type == ST_DAY     ? message_find("page.hint.day")
                              : type == ST_MONTH ? message_find("page.hint.month")
                                                 : NULL;
    return m ? m->text : NULL;
}

static void shape_make(const struct list_definition *l, struct list_shape *s)
{
    size_t n = list_parameters(l);
    n = n < GIVEN ? n : GIVEN;
    *s = (struct list_shape){.shape = {.name = "list", .size = sizeof(struct list_form)}};
    for (size_t i = 0; i < n; i++) {
        snprintf(s->names[i], sizeof s->names[i], "v%zu", i % 10);
        s->fields[i] =
            (struct field){.name = s->names[i],
                           .label = l->parameter_labels[i],
                           .hint = hint_of(l->statement->in[i].type),
                           .kind = FIELD_TEXT,
                           .maximum = 100,
                           .offset = offsetof(struct list_form, value) + i * sizeof(struct str)};
    }
    s->go = (struct choice){"1", sentence_of("office.list.go").p};
    s->fields[n] = (struct field){.name = "go",
                                  .label = "",
                                  .kind = FIELD_CHOICE,
                                  .look = LOOK_BUTTONS,
                                  .choices = &s->go,
                                  .n_choices = 1,
                                  .offset = offsetof(struct list_form, go)};
    s->fields[n + 1] = (struct field){.name = "page",
                                      .label = "",
                                      .kind = FIELD_TEXT,
                                      .look = LOOK_HIDDEN,
                                      .maximum = 10,
                                      .offset = offsetof(struct list_form, page)};
    s->shape.fields = s->fields;
    s->shape.n_fields = n + 2;
}

static const struct html *conditions_make(struct work *w, const struct request *rq,
                                          const struct list_shape *s, const struct list_form *f)
{
    struct html *kept = ARENA_NEW(w->cx.arena, struct html);
    struct html h;
    if (!kept || s->shape.n_fields == 2)
        return kept;
    html_init(&h);
    html_raw(&h, "<form method=\"get\" class=\"in-line\" action=\"/list/");
    html_url(&h, rq->part[0]);
    html_raw(&h, "/");
    html_url(&h, rq->part[1]);
    html_raw(&h, "\">");
    form_begin(&h, rq->frame, &s->shape, f);
    for (size_t i = 0; i + 1 < s->shape.n_fields; i++)
        form_field(&h, &s->shape, i, f, 0);
    html_raw(&h, "</form>\n");
    html_keep(w, &h, kept);
    return kept;
}

/* --- one list ----------------------------------------------------------------------------- */

struct table { /* cells of the page being shown */
    struct work *w;
    struct office_list_lines_row *lines;
    size_t n;
    struct chart_point *points; /* of the rows shown, where the list names a chart */
    size_t n_points;
};

/* Hidden figures have no bar; the row of totals would dwarf the others. */
static void point_put(struct table *t, const struct list_run *r, int column, struct str value)
{
    if (r->list->chart_value < 0 || r->is_total)
        return;
    if (column == r->list->chart_label)
        t->points[t->n_points].label = value;
    if (column == r->list->chart_value && !r->is_hidden) {
        t->points[t->n_points].value = r->number;
        t->points[t->n_points++].second = INT64_MIN;
    }
}

static int chart_make(struct work *w, const struct list_definition *l, const struct table *t,
                      const struct html **out)
{
    struct html *kept = ARENA_NEW(w->cx.arena, struct html);
    struct html h;
    *out = kept;
    if (!kept)
        return out_of_memory(w);
    if (t->n_points == 0)
        return OK;
    html_init(&h);
    int rc = chart_bars(&h, &(struct chart_series){.title = str_of(l->title),
                                                   .first_label =
                                                       str_of(l->column_labels[l->chart_value]),
                                                   .points = t->points,
                                                   .n = t->n_points});
    html_keep(w, &h, kept);
    return rc;
}

static bool is_figure(const struct list_definition *l, int column)
{
    enum store_type t = l->statement->out[column].type;
    return t == ST_COUNT || t == ST_YEN;
}

static int table_put(struct list_run *r, int column, struct str value)
{
    struct table *t = r->arg;
    int columns = r->list->statement->columns;
    struct arena *a = t->w->cx.arena;
    struct office_list_lines_row *line = &t->lines[t->n];
    if (column == 0) {
        line->cells = ARENA_ARRAY(a, (size_t)columns, struct office_list_lines_cells_row);
        line->n_cells = (size_t)columns;
    }
    if (!line->cells)
        return ERR_MEMORY;
    struct office_list_lines_cells_row *cell =
        (struct office_list_lines_cells_row *)(uintptr_t)&line->cells[column];
    cell->value = list_shown(a, r->list, column, value);
    cell->is_figure = is_figure(r->list, column);
    point_put(t, r, column, cell->value);
    t->n += column == columns - 1;
    return cell->value.p ? OK : ERR_MEMORY;
}

static struct str list_link(struct work *w, const struct office_list_view *v,
                            const struct list_form *form, const char *tail, int64_t page)
{
    struct html h;
    html_init(&h);
    html_raw(&h, "/list/");
    html_url(&h, v->desk);
    html_raw(&h, "/");
    html_url(&h, v->name);
    html_raw(&h, tail);
    html_raw(&h, "?page=");
    html_plain(&h, page);
    html_raw(&h, "&go=1");
    for (size_t i = 0; i < GIVEN; i++) {
        char name[24];
        if (form->value[i].n == 0)
            continue;
        snprintf(name, sizeof name, "&v%zu=", i);
        html_raw(&h, name);
        html_url(&h, form->value[i]);
    }
    struct str s = str_copy(w->cx.arena, text_str(&h.text));
    html_release(&h);
    return s;
}

static int heads_fill(struct work *w, const struct list_definition *l, struct office_list_view *v)
{
    int columns = l->statement->columns;
    struct office_list_headings_row *heads =
        ARENA_ARRAY(w->cx.arena, (size_t)columns + 1, struct office_list_headings_row);
    if (!heads)
        return out_of_memory(w);
    for (int i = 0; i < columns; i++)
        heads[i] = (struct office_list_headings_row){str_of(l->column_labels[i]), is_figure(l, i)};
    v->headings = heads;
    v->n_headings = (size_t)columns;
    return OK;
}

static int output_line(struct work *w, const struct list_definition *l,
                       const struct list_form *form, enum audit_class class)
{
    struct text t;
    text_init(&t, 1000);
    text_adds(&t, l->name);
    for (size_t i = 0; i < GIVEN; i++)
        if (form->value[i].n > 0)
            text_addf(&t, " " STR_FMT, STR_ARG(form->value[i]));
    int rc = audit_write(w, &(struct audit_line){.class = class,
                                                 .query = text_str(&t),
                                                 .purpose = str_of(l->title),
                                                 .count = -1});
    text_release(&t);
    return rc;
}

static int table_fill(struct work *w, struct list_run *r, const struct list_form *form,
                      struct office_list_view *v)
{
    struct table t = {.w = w,
                      .lines = ARENA_ARRAY(w->cx.arena, ROWS_SHOWN, struct office_list_lines_row),
                      .points = ARENA_ARRAY(w->cx.arena, ROWS_SHOWN + 1, struct chart_point)};
    int64_t page = r->skip / ROWS_SHOWN;
    if (!t.lines || !t.points)
        return out_of_memory(w);
    r->take = ROWS_SHOWN;
    r->cell = table_put;
    r->arg = &t;
    int rc = output_line(w, r->list, form, AUDIT_OUTPUT);
    if (rc >= 0)
        rc = list_run(w, r);
    if (rc >= 0)
        rc = list_day(w, r, &v->as_of);
    if (rc >= 0)
        rc = chart_make(w, r->list, &t, &v->chart);
    if (rc < 0)
        return rc;
    v->asked = true;
    v->from = r->skip + 1;
    v->small = setting_number(&w->cx, w->office, w->store, "office.small_cell");
    v->lines = t.lines;
    v->n_lines = t.n;
    v->shown = (int64_t)t.n;
    v->more = r->more;
    v->hidden = r->hidden;
    v->csv = list_link(w, v, form, "/csv", 0);
    v->csv_sjis = list_link(w, v, form, "/cp932", 0);
    if (work_may(w, RIGHT_PRINT) && list_fits_paper(r->list))
        v->pdf = list_link(w, v, form, "/pdf", 0);
    v->next = r->more ? list_link(w, v, form, "", page + 1) : STR_NONE;
    v->first = page > 0 ? list_link(w, v, form, "", 0) : STR_NONE;
    return audit_outcome(w, OK, (int64_t)t.n);
}

static int list_request(struct work *w, struct request *rq, const struct list_definition **l,
                        struct list_shape *shape, struct list_form *form)
{
    *l = list_find(rq->part[0], rq->part[1]);
    if (!*l)
        return fail(&w->cx, ERR_NOT_FOUND, "office.list_missing", STR_FMT, STR_ARG(rq->part[1]));
    if (!list_may(w, *l))
        return fail(&w->cx, ERR_DENIED, "office.right_missing", "%s", (*l)->right);
    shape_make(*l, shape);
    if (form_sent(&shape->shape, rq))
        return form_read(&w->cx, &shape->shape, rq, form);
    form_init(&shape->shape, form);
    size_t n = list_parameters(*l);
    for (size_t i = 0; i < GIVEN && i < n; i++)
        form->value[i] = list_default(w, *l, i);
    return OK;
}

static int list_file(struct work *w, struct request *rq, struct reply *rp,
                     const struct list_form *form, struct list_run *r)
{
    bool cp932 = str_is(rq->part[2], "cp932");
    struct str bytes;
    int64_t most = setting_number(&w->cx, w->office, w->store, "office.mass_output");
    bool pdf = str_is(rq->part[2], "pdf");
    int rc = pdf ? work_need(w, RIGHT_PRINT) : OK;
    if (rc >= 0)
        rc = output_line(w, r->list, form, pdf ? AUDIT_PRINT : AUDIT_OUTPUT);
    r->take = work_may(w, RIGHT_LEVY_CONFIRM) ? 0 : most;
    if (rc >= 0)
        rc = pdf ? list_pdf(w, r, &bytes) : list_csv(w, r, cp932, &bytes);
    if (rc >= 0 && r->more) /* [SEC-030] */
        rc = fail(&w->cx, ERR_LIMIT, "office.list_too_long", "%lld", (long long)most);
    if (rc < 0)
        return rc;
    rc = audit_outcome(w, OK, r->rows);
    struct str name =
        str_format(w->cx.arena, STR_FMT ".%s", STR_ARG(list_name(r->list)), pdf ? "pdf" : "csv");
    reply_file(rp,
               pdf     ? "application/pdf"
               : cp932 ? "text/csv; charset=Shift_JIS"
                       : "text/csv; charset=utf-8",
               bytes, name, pdf);
    return rc;
}

int list_show(struct work *w, struct request *rq, struct reply *rp)
{
    const struct list_definition *l;
    struct list_shape shape;
    struct list_form form;
    int64_t page = 0;
    int rc = list_request(w, rq, &l, &shape, &form);
    if (rc < 0)
        return rc;
    bool asked = list_parameters(l) == 0 || form_sent(&shape.shape, rq);
    if (form.page.n > 0 && !str_to_int(form.page, &page))
        page = 0;
    struct list_run r = {.list = l, .given = form.value, .n_given = GIVEN};
    if (rq->part[2].n > 0)
        return list_file(w, rq, rp, &form, &r);
    struct office_list_view v = {.desk = rq->part[0],
                                 .name = rq->part[1],
                                 .heading = str_of(l->title),
                                 .purpose = l->purpose ? str_of(l->purpose) : STR(""),
                                 .conditions = conditions_make(w, rq, &shape, &form)};
    r.skip = page > 0 ? page * ROWS_SHOWN : 0;
    rc = heads_fill(w, l, &v);
    if (rc >= 0 && asked)
        rc = table_fill(w, &r, &form, &v);
    if (rc < 0)
        return rc;
    rp->shows_nobody = !asked;
    office_page_list(&rp->body, rq->frame, &v);
    return OK;
}
