/* How much is open at the desk, and one pending change by its number. */
#include "desk/eligibility/inner.h"

int pending_count(struct work *w, struct ymd due, struct pending_counts *out)
{
    struct eligibility_backlog_list list;
    const struct eligibility_backlog_in in = {ymd_of(1900, 1, 1), due};
    const int result = eligibility_backlog(&w->cx, w->store, &in, &list);

    *out = (struct pending_counts){.total = 0};
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_backlog_row *r = &list.rows[i];
        if (r->kind <= 0 || r->kind >= PENDING_KINDS)
            continue;
        out->open[r->kind] = r->open;
        out->late[r->kind] = r->late;
        out->total += r->open;
        out->overdue += r->late;
    }
    return result < 0 ? error_add(&w->cx, "count what is pending") : OK;
}

int pending_by_id(struct work *w, int64_t pending_id, struct pending *out)
{
    struct eligibility_pending_one_row r;
    const int result =
        eligibility_pending_one(&w->cx, w->store, &(struct eligibility_pending_one_in){pending_id},
                                &r);

    if (result <= 0)
        return result;
    *out = (struct pending){.pending_id = r.pending_change_id,
                            .kind = (enum pending_kind)r.kind,
                            .state = (enum pending_state)r.state,
                            .household_id = r.household_id,
                            .person_id = r.person_id,
                            .cause = r.cause_ymd,
                            .source = r.source,
                            .detail = r.detail.p ? r.detail : STR(""),
                            .opened_by = r.opened_by,
                            .closed_by = r.closed_by_null ? 0 : r.closed_by,
                            .reason = r.reason.p ? r.reason : STR("")};
    return 1;
}
