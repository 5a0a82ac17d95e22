/* numbers: the printed numbers of households, for files and commands. */
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
