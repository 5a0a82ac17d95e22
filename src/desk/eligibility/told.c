/* What other businesses have told about a person, with where from and when. */
#include "desk/eligibility/inner.h"

int eligibility_told(struct work *w, int64_t person_id, struct told_list *out)
{
    const struct eligibility_told_known_in in = {person_id, w->asof.known};
    struct eligibility_told_known_list list;
    const int result = eligibility_told_known(&w->cx, w->store, &in, &list);

    *out = (struct told_list){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct told);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_told_known_row *r = &list.rows[i];
        out->rows[out->n++] = (struct told){.part = (enum told_part)r->part,
                                            .kind = r->kind,
                                            .code = str_or_empty(r->code),
                                            .detail = str_or_empty(r->detail),
                                            .day = r->day,
                                            .until = r->until,
                                            .period = str_or_empty(r->period),
                                            .amount = r->amount,
                                            .has_amount = !r->amount_null,
                                            .by = {r->event_no, r->source, r->received, r->at}};
    }
    return OK;
}

int eligibility_address_told(struct work *w, int64_t household_id, struct told_by *out)
{
    const struct eligibility_home_told_in in = {household_id, w->asof};
    struct eligibility_home_told_list list;
    const int result = eligibility_home_told(&w->cx, w->store, &in, &list);

    if (result < 0 || list.n == 0)
        return result < 0 ? result : 0;
    *out = (struct told_by){list.rows[0].event_no, list.rows[0].source, list.rows[0].received,
                            list.rows[0].at};
    return 1;
}
