/* decided: what all desks decided about one person, in one order. */
#include "office/inner.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 32 };

int decided_add(struct work *w, struct decided_list *list, const struct decided *row)
{
    if (list->n == list->room) {
        size_t room = list->room > 0 ? 2 * list->room : FIRST_ROOM;
        struct decided *rows = ARENA_ARRAY(w->cx.arena, room, struct decided);
        if (!rows)
            return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
        if (list->n > 0)
            memcpy(rows, list->rows, list->n * sizeof *rows);
        list->rows = rows;
        list->room = room;
    }
    list->rows[list->n++] = *row;
    return OK;
}

static int newest_first(const void *pa, const void *pb)
{
    const struct decided *a = pa, *b = pb;
    int by_day = ymd_compare(b->day, a->day);
    return by_day != 0 ? by_day : str_compare(b->number, a->number);
}

int decided_of_person(struct work *w, int64_t person_id, struct decided_list *out)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    *out = (struct decided_list){.n = 0};
    for (size_t i = 0; i < n; i++) {
        int rc = desks[i]->decided ? desks[i]->decided(w, person_id, out) : OK;
        if (rc < 0)
            return error_add(&w->cx, "read the decisions of desk %s", desks[i]->name);
    }
    if (out->n > 0)
        qsort(out->rows, out->n, sizeof *out->rows, newest_first);
    return OK;
}
