/* list_pdf: a list as paper. Columns are as wide as their longest cell asks, so that what the
 * screen shows fits; what cannot be printed is an error of paper, never half a list. */
#include "office/list_inner.h"
#include "paper/paper.h"

#include <string.h>

enum { PDF_MAXIMUM = 64 << 20, CELLS_MAXIMUM = 256 << 20, FIRST_CELLS = 1024, LEAST_WEIGHT = 6 };

struct sheet { /* the cells, row by row, as paper wants them */
    struct arena arena;
    struct str *cells;
    size_t n;
    size_t room;
    struct paper_column columns[LIST_PAPER_COLUMNS];
};

static struct str layout_built_in(void)
{
    for (size_t i = 0; i < n_paper_forms; i++)
        if (strcmp(paper_forms[i].name, "list") == 0)
            return (struct str){paper_forms[i].body, paper_forms[i].n};
    return STR("");
}

/* The city's own layout of that name, else the one built in. */
static int layout_load(struct work *w, struct paper *p, struct form **out)
{
    struct adopted_list adopted;
    struct str layout = layout_built_in();
    int rc = office_adopted(w, STR("form"), &adopted);
    for (size_t i = 0; rc >= 0 && i < adopted.n; i++)
        if (str_is(adopted.rows[i].name, "list"))
            layout = adopted.rows[i].body;
    return rc < 0 ? rc : form_load(&w->cx, p, "list.form", layout, out);
}

/* --- cells -------------------------------------------------------------------------------- */

/* In half-width characters. */
static int width_of(struct str s)
{
    int width = 0;
    while (s.n > 0)
        width += utf8_next(&s) < 0x80 ? 1 : 2;
    return width;
}

static void widen(struct sheet *s, size_t column, struct str value)
{
    int width = width_of(value) + 1;
    if (s->columns[column].weight < width)
        s->columns[column].weight = width;
}

static bool sheet_grow(struct sheet *s)
{
    size_t room = s->room > 0 ? 2 * s->room : FIRST_CELLS;
    struct str *cells = ARENA_ARRAY(&s->arena, room, struct str);
    if (!cells)
        return false;
    if (s->n > 0)
        memcpy(cells, s->cells, s->n * sizeof *cells);
    s->cells = cells;
    s->room = room;
    return true;
}

static int sheet_put(struct list_run *r, int column, struct str value)
{
    struct sheet *s = r->arg;
    if (s->n == s->room && !sheet_grow(s))
        return ERR_MEMORY;
    struct str kept = value.n > 0 ? list_shown(&s->arena, r->list, column, value) : STR("");
    if (!kept.p)
        return ERR_MEMORY;
    widen(s, (size_t)column, kept);
    s->cells[s->n++] = kept;
    return OK;
}

static void columns_fill(const struct list_definition *l, struct sheet *s)
{
    for (int i = 0; i < l->statement->columns; i++) {
        enum store_type t = l->statement->out[i].type;
        bool is_figure = t == ST_COUNT || t == ST_YEN;
        s->columns[i] = (struct paper_column){.label = str_of(l->column_labels[i]),
                                              .weight = LEAST_WEIGHT,
                                              .align = is_figure ? PAPER_RIGHT : PAPER_LEFT};
        widen(s, (size_t)i, s->columns[i].label);
    }
}

/* --- what stands above the columns ---------------------------------------------------------- */

static struct str conditions_of(struct work *w, const struct list_run *r)
{
    struct text t;
    text_init(&t, 4000);
    for (size_t i = 0; i < list_parameters(r->list); i++) {
        bool given = i < r->n_given && r->given[i].n > 0;
        struct str value = given ? r->given[i] : list_default(w, r->list, i);
        text_addf(&t, "%s%s " STR_FMT, i > 0 ? " / " : "", r->list->parameter_labels[i],
                  STR_ARG(value));
    }
    struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

static int sheet_print(struct work *w, const struct list_run *r, const struct sheet *s,
                       struct str *out)
{
    size_t columns = (size_t)r->list->statement->columns;
    struct ymd day;
    int rc = list_day(w, r, &day);
    struct paper_list list = {.title = str_of(r->list->title),
                              .office = str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT,
                                                   STR_ARG(office_city_name(w->office)),
                                                   STR_ARG(w->actor->branch),
                                                   STR_ARG(w->actor->full_name)),
                              .conditions = conditions_of(w, r),
                              .day = day,
                              .columns = s->columns,
                              .n_columns = columns,
                              .cells = s->cells,
                              .n_rows = s->n / columns};
    struct paper *paper;
    struct form *form = NULL;
    struct text pdf;
    text_init(&pdf, PDF_MAXIMUM);
    if (rc >= 0)
        rc = office_paper(w, &paper);
    if (rc >= 0)
        rc = layout_load(w, paper, &form);
    if (rc >= 0)
        rc = paper_list_pdf(&w->cx, paper, form, &list, &pdf);
    if (rc >= 0) {
        *out = str_copy(w->cx.arena, text_str(&pdf));
        rc = out->p ? OK : out_of_memory(w);
    }
    form_free(form);
    text_release(&pdf);
    return rc;
}

/* Nothing is drawn when there are more rows than may go out: r->more says so. */
int list_pdf(struct work *w, struct list_run *r, struct str *out)
{
    struct sheet s = {.n = 0};
    *out = STR("");
    if (!list_fits_paper(r->list))
        return fail(&w->cx, ERR_INVALID, "paper.list.columns", "columns=%d",
                    r->list->statement->columns);
    arena_init(&s.arena, CELLS_MAXIMUM);
    columns_fill(r->list, &s);
    r->arg = &s;
    r->cell = sheet_put;
    int rc = list_run(w, r);
    if (rc >= 0 && !r->more)
        rc = sheet_print(w, r, &s, out);
    arena_release(&s.arena);
    return rc < 0 ? error_add(&w->cx, "list %s", r->list->name) : OK;
}

bool list_fits_paper(const struct list_definition *l)
{
    return l->statement->columns <= LIST_PAPER_COLUMNS;
}
