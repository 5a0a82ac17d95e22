/* decided: the levy's part of the register of decisions. */
#include "desk/levy/levy.h"
#include "levy_sql.h"

int levy_decided(struct work *w, int64_t person_id, struct decided_list *out)
{
    struct levy_decided_of_list list;
    struct levy_decided_of_in in = {person_id};
    int rc = levy_decided_of(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_decided_of_row *r = &list.rows[i];
        struct decided row = {.day = r->decided_ymd,
                              .number =
                                  str_format(w->cx.arena, "%lld-%lld", (long long)r->fiscal_year,
                                             (long long)r->decision_no),
                              .kind = "levy.decided",
                              .basis = r->basis,
                              .officer = r->officer,
                              .noticed = r->issue_ymd,
                              .detail = str_format(w->cx.arena, "%lld", (long long)r->total_yen.n),
                              .is_open = r->is_open};
        rc = row.number.p && row.detail.p ? decided_add(w, out, &row)
                                          : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    return rc < 0 ? rc : OK;
}
