/* numbers: the printed numbers of households, for files, commands and notices. */
#include "desk/levy/levy.h"
#include "levy_sql.h"

#include <stdlib.h>

static int by_id(const void *a, const void *b)
{
    const struct levy_household_numbers_row *x = a;
    const struct levy_household_numbers_row *y = b;
    return x->household_id < y->household_id ? -1 : x->household_id > y->household_id;
}

int levy_household_nos(struct work *w, const int64_t *household_ids, size_t n, struct str *out)
{
    const struct levy_household_numbers_in in = {.household_ids = {household_ids, n}};
    struct levy_household_numbers_list list;

    const int result = levy_household_numbers(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    for (size_t i = 0; i < n; i++) {
        const struct levy_household_numbers_row key = {.household_id = household_ids[i]};
        const struct levy_household_numbers_row *row =
            list.n > 0 ? bsearch(&key, list.rows, list.n, sizeof(key), by_id) : NULL;
        out[i] = row ? row->household_no : STR_NONE;
    }
    return OK;
}

static int symbol_by_id(const void *a, const void *b)
{
    const struct levy_household_symbols_row *x = a;
    const struct levy_household_symbols_row *y = b;
    return x->household_id < y->household_id ? -1 : x->household_id > y->household_id;
}

static struct str printed_symbol(struct work *w, const struct levy_household_symbols_row *r)
{
    struct str s = r->symbol.n ? str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(r->symbol),
                                            STR_ARG(r->number))
                               : r->number;
    return s.p ? s : r->number;
}

int levy_insured_symbols(struct work *w, const int64_t *household_ids, size_t n, struct str *out)
{
    const struct levy_household_symbols_in in = {.household_ids = {household_ids, n},
                                                 .known = w->asof.known};
    struct levy_household_symbols_list list;

    const int result = levy_household_symbols(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    for (size_t i = 0; i < n; i++) {
        const struct levy_household_symbols_row key = {.household_id = household_ids[i]};
        const struct levy_household_symbols_row *row =
            list.n > 0 ? bsearch(&key, list.rows, list.n, sizeof(key), symbol_by_id) : NULL;
        while (row && row > list.rows && row[-1].household_id == row->household_id)
            row--; /* the newest */
        out[i] = row ? printed_symbol(w, row) : STR("");
    }
    return OK;
}
