/*
 * lists: a list of a desk as cells, for tests of what it holds.
 */
#ifndef TEST_LISTS_H
#define TEST_LISTS_H

#include "office/list_inner.h"

#include "town.h"

struct sheet {
    struct arena *arena;
    struct str cells[20000];
    int64_t numbers[20000];
    size_t n;
    int columns;
};
static struct sheet sheet;

static inline int sheet_keep(struct list_run *r, int column, struct str value)
{
    struct sheet *s = r->arg;
    (void)column;
    assert_true(s->n < sizeof s->cells / sizeof *s->cells);
    s->numbers[s->n] = r->number;
    s->cells[s->n] = str_copy(s->arena, value);
    return s->cells[s->n++].p ? OK : ERR_MEMORY;
}

/* Rows of the list; first: its first parameter, NULL what it has by itself. */
static inline size_t list_of(struct town *t, const char *desk, const char *name, const char *first)
{
    struct str given[1] = {str_of(first ? first : "")};
    const struct list_definition *l = list_find(str_of(desk), str_of(name));
    assert_non_null(l);
    struct list_run r = {
        .list = l, .given = given, .n_given = 1, .cell = sheet_keep, .arg = &sheet};
    sheet = (struct sheet){.arena = t->w.cx.arena, .columns = l->statement->columns};
    TOWN_OK(t, list_run(&t->w, &r));
    return sheet.n / (size_t)sheet.columns;
}

static inline struct str cell(size_t row, int column)
{
    return sheet.cells[row * (size_t)sheet.columns + (size_t)column];
}

/* Without the messages of the program a code is shown as it is. */
static inline int64_t code(size_t row, int column)
{
    int64_t n = -1;
    return str_to_int(cell(row, column), &n) ? n : -1;
}

/* The row with these words in a column, from 0; -1: none. */
static inline int row_with(size_t rows, int column, const char *words)
{
    for (size_t i = 0; i < rows; i++) {
        if (str_is(cell(i, column), words))
            return (int)i;
    }
    return -1;
}

#endif
