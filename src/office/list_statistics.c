/*
 * list_statistics: figures from which nobody can be told [NHI-CMN-023].
 *
 * A number of people above zero and under the threshold is not shown. A single hidden number could
 * be had again by taking the others from a total that is known, so in every column, and in every
 * row whose parts add up, the smallest of the numbers still shown is kept back as well, until at
 * least two are missing and those missing together reach the threshold. Sums of money lean on the
 * numbers of their row and go with them.
 */
#include "office/list_inner.h"

#include <string.h>

enum { ROWS_MOST = 5000 };
enum { SHOWN, SMALL, KEPT }; /* why a cell is not shown */

struct figures {
    const struct list_definition *list;
    int columns;
    int64_t small;
    struct store_value *values; /* row by row; the row of totals last */
    unsigned char *hidden;
    size_t rows;
    bool has_total;
};

static struct store_value *value_at(const struct figures *f, size_t row, int column)
{
    return &f->values[row * (size_t)f->columns + (size_t)column];
}

static unsigned char *hidden_at(const struct figures *f, size_t row, int column)
{
    return &f->hidden[row * (size_t)f->columns + (size_t)column];
}

/* --- taking the rows in ------------------------------------------------------------------- */

static int row_keep(struct work *w, struct figures *f, const struct store_value *row)
{
    if (f->rows == ROWS_MOST)
        return fail(&w->cx, ERR_LIMIT, "office.list_too_long", "%d", ROWS_MOST);
    for (int i = 0; i < f->columns; i++) {
        struct store_value *v = value_at(f, f->rows, i);
        *v = row[i];
        v->s = row[i].s.n > 0 ? str_copy(w->cx.arena, row[i].s) : STR("");
        if (!v->s.p)
            return out_of_memory(w);
    }
    f->rows++;
    return OK;
}

static void total_make(struct figures *f)
{
    struct store_value *total = value_at(f, f->rows, 0);
    for (int i = 0; i < f->columns; i++) {
        const struct store_field *field = &f->list->statement->out[i];
        bool adds = f->list->is_people[i] || field->type == ST_YEN;
        total[i] = (struct store_value){.type = field->type, .is_null = !adds, .s = STR("")};
        for (size_t row = 0; adds && row < f->rows; row++)
            total[i].i += value_at(f, row, i)->i;
    }
    total[0] = (struct store_value){.type = ST_TEXT, .s = str_of(f->list->total)};
}

/* --- hiding ------------------------------------------------------------------------------- */

struct line { /* numbers that add up to one that is known or stands in the table */
    int64_t hidden_sum;
    size_t n_hidden;
    bool whole_is_hidden;
    unsigned char *least; /* of the smallest shown part; NULL: none */
    int64_t least_value;
};

static void line_add(struct line *l, const struct store_value *v, unsigned char *hidden)
{
    if (*hidden != SHOWN) {
        l->n_hidden++;
        l->hidden_sum += v->i;
    } else if (v->i > 0 && (!l->least || v->i < l->least_value)) {
        l->least = hidden;
        l->least_value = v->i;
    }
}

/* Whether the hidden ones could be told; then one more goes. */
static bool line_close(const struct figures *f, const struct line *l)
{
    size_t unknown = l->n_hidden + (l->whole_is_hidden ? 1 : 0);
    bool is_open = unknown == 1 || (unknown > 1 && !l->whole_is_hidden && l->hidden_sum < f->small);
    if (!is_open || !l->least)
        return false;
    *l->least = KEPT;
    return true;
}

static bool column_close(const struct figures *f, int column)
{
    struct line l = {.n_hidden = 0};
    for (size_t row = 0; row < f->rows; row++)
        line_add(&l, value_at(f, row, column), hidden_at(f, row, column));
    if (f->has_total)
        l.whole_is_hidden = *hidden_at(f, f->rows, column) != SHOWN;
    return line_close(f, &l);
}

static bool row_close(const struct figures *f, size_t row)
{
    struct line l = {.n_hidden = 0};
    for (int i = 0; i < f->columns; i++)
        if (f->list->is_people[i] && i != f->list->sum)
            line_add(&l, value_at(f, row, i), hidden_at(f, row, i));
    l.whole_is_hidden = *hidden_at(f, row, f->list->sum) != SHOWN;
    return line_close(f, &l);
}

static bool pass(const struct figures *f)
{
    bool changed = false;
    for (int i = 0; i < f->columns; i++)
        changed |= f->list->is_people[i] && column_close(f, i);
    for (size_t row = 0; f->list->sum >= 0 && row < f->rows + (f->has_total ? 1 : 0); row++)
        changed |= row_close(f, row);
    return changed;
}

static bool row_is_cut(const struct figures *f, size_t row)
{
    for (int i = 0; i < f->columns; i++)
        if (*hidden_at(f, row, i) != SHOWN)
            return true;
    return false;
}

static void hide(const struct figures *f)
{
    size_t rows = f->rows + (f->has_total ? 1 : 0);
    for (size_t row = 0; row < rows; row++)
        for (int i = 0; i < f->columns; i++) {
            int64_t v = value_at(f, row, i)->i;
            if (f->list->is_people[i] && v > 0 && v < f->small)
                *hidden_at(f, row, i) = SMALL;
        }
    while (pass(f))
        continue;
    for (size_t row = 0; row < rows; row++)
        for (int i = 0; row_is_cut(f, row) && i < f->columns; i++)
            if (f->list->statement->out[i].type == ST_YEN)
                *hidden_at(f, row, i) = KEPT;
}

/* --- giving them out ---------------------------------------------------------------------- */

static int row_put(struct work *w, struct list_run *r, const struct figures *f, size_t row)
{
    struct text cell;
    int rc = OK;
    text_init(&cell, 1 << 16);
    r->is_total = row == f->rows;
    for (int i = 0; i < f->columns && rc >= 0; i++) {
        unsigned char why = *hidden_at(f, row, i);
        r->is_hidden = why != SHOWN;
        r->hidden |= r->is_hidden;
        r->number = value_at(f, row, i)->i;
        text_clear(&cell);
        if (why == SMALL)
            text_addf(&cell, "%lld" STR_FMT, (long long)f->small,
                      STR_ARG(sentence_of("office.list.below")));
        else if (why == KEPT)
            text_add(&cell, sentence_of("office.flag.hidden"));
        else
            list_cell_text(f->list, i, value_at(f, row, i), &cell);
        rc = r->cell(r, i, text_str(&cell)) < 0 ? out_of_memory(w) : OK;
    }
    text_release(&cell);
    return rc;
}

static int rows_put(struct work *w, struct list_run *r, const struct figures *f)
{
    size_t rows = f->rows + (f->has_total ? 1 : 0);
    int rc = OK;
    for (size_t row = 0; row < rows && rc >= 0; row++) {
        r->rows++;
        if (r->rows <= r->skip)
            continue;
        if (r->take > 0 && r->rows > r->skip + r->take) {
            r->more = true;
            return OK;
        }
        rc = row_put(w, r, f, row);
    }
    return rc;
}

int list_statistics_walk(struct work *w, struct list_run *r, struct store_cursor *c)
{
    struct store_value row[LIST_COLUMNS];
    struct figures f = {.list = r->list,
                        .columns = r->list->statement->columns,
                        .small = setting_number(&w->cx, w->office, w->store, "office.small_cell")};
    size_t cells = (size_t)f.columns * (ROWS_MOST + 1);
    f.values = ARENA_ARRAY(w->cx.arena, cells, struct store_value);
    f.hidden = ARENA_ARRAY(w->cx.arena, cells, unsigned char);
    if (!f.values || !f.hidden)
        return out_of_memory(w);
    memset(f.hidden, SHOWN, cells);
    int rc = store_step(&w->cx, c, row);
    for (; rc > 0; rc = store_step(&w->cx, c, row)) {
        rc = row_keep(w, &f, row);
        if (rc < 0)
            return rc;
    }
    if (rc < 0)
        return rc;
    f.has_total = r->list->total && f.rows > 0;
    if (f.has_total)
        total_make(&f);
    hide(&f);
    return rows_put(w, r, &f);
}
