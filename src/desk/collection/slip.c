/* Slips issued anew: the earlier one is marked as replaced. */
#include "desk/collection/slip.h"
#include "collection_sql.h"

enum { ISSUES = 9 }; /* 再発行区分 has one digit */

int slip_issue(struct work *w, int64_t event_no, struct slip *s)
{
    const struct collection_slip_in_force_in q = {s->liability_id, s->number};
    struct collection_slip_in_force_row before = {.issue = 0};
    int rc = collection_slip_in_force(&w->cx, w->store, &q, &before);

    if (rc > 0 && before.issue >= ISSUES)
        return fail(&w->cx, ERR_LIMIT, "collection.slip.nine", "%d", s->number);
    if (rc > 0)
        rc = collection_slip_close(&w->cx, w->store, before.slip_id, event_no);
    s->issue = (int)before.issue + 1;
    struct collection_slip row = {.liability_id = s->liability_id,
                                  .number = s->number,
                                  .issue = s->issue,
                                  .kind = s->kind,
                                  .yen = s->yen,
                                  .late_yen = s->late,
                                  .fee_yen = s->fee,
                                  .limit_ymd = s->limit,
                                  .issued_ymd = s->issued,
                                  .reason = s->reason.p ? s->reason : STR(""),
                                  .known_from = event_no};
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.slip_id);
    return rc < 0 ? rc : collection_slip_insert(&w->cx, w->store, &row);
}
