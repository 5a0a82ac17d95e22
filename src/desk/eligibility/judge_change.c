/* Judgements after a change: incomes corrected, people come or gone: pending, then worked off. */
#include "desk/eligibility/judge_write.h"
#include "desk/eligibility/notification_inner.h"

enum { AT_ONCE = 200 };

int judge_touched(struct work *w, int64_t event_no, const int64_t *person_ids, size_t n,
                  int income_year)
{
    const struct eligibility_judged_households_of_people_in in = {.person_ids = {person_ids, n},
                                                                  .judge_year = income_year + 1};
    struct eligibility_judged_households_of_people_list list;
    int result = eligibility_judged_households_of_people(&w->cx, w->store, &in, &list);

    if (result < 0 || list.n == 0)
        return result;
    struct pending *rows = ARENA_ARRAY(w->cx.arena, list.n, struct pending);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct pending){.kind = PENDING_REJUDGE,
                                   .household_id = list.rows[i].household_id,
                                   .person_id = list.rows[i].person_id,
                                   .cause = list.rows[i].valid_from,
                                   .source = STR("tax")};
    return pending_open(w, event_no, rows, list.n, NULL);
}

/* Two numbers of one person linked, or the link ended: who was judged with either of them is judged
 * again, with his incomes as they count now. */
static int numbers_linked(struct work *w, const struct event *e)
{
    struct leads before, now;
    int result = party_leads(w, (struct asof){e->effective, e->no - 1}, &before);

    if (result >= 0)
        result = party_leads(w, (struct asof){e->effective, KNOWN_NOW}, &now);
    if (result < 0)
        return result;
    const int64_t ids[] = {e->person_id, leads_leader(&before, e->person_id),
                           leads_leader(&now, e->person_id)};
    return judge_touched(w, e->no, ids, sizeof ids / sizeof *ids,
                         judge_year_of(judge_change_day(e->effective)) - 1);
}

/* A change counts from the month after it; where nobody was judged yet there is nothing to redo. */
int judge_on_event(struct work *w, const struct event *e)
{
    const bool changes = str_starts(e->kind, STR("eligibility.notification")) ||
                         str_starts(e->kind, STR("eligibility.correction"));
    struct eligibility_judged_head_row row;

    if (str_is(e->kind, "party.merge") && e->person_id != 0 && e->status != EVENT_REJECTED)
        return numbers_linked(w, e);
    if (!changes || e->household_id == 0 || e->status == EVENT_REJECTED)
        return OK;
    const struct ymd day = judge_change_day(e->effective);
    const struct eligibility_judged_head_in in = {.household_id = e->household_id,
                                                  .judge_year = judge_year_of(day)};
    const int result = eligibility_judged_head(&w->cx, w->store, &in, &row);
    if (result <= 0)
        return result;
    const struct pending p = {.kind = PENDING_REJUDGE,
                              .household_id = e->household_id,
                              .person_id = row.person_id,
                              .cause = day,
                              .source = STR("household")};
    return pending_open(w, e->no, &p, 1, NULL);
}

static int redo(struct work *w, const struct pending *p, int *written)
{
    struct event e = work_event(w, "eligibility.judgement");
    const enum judge_cause cause = str_is(p->source, "tax") ? JUDGE_INCOME : JUDGE_CHANGE;

    e.effective = p->cause;
    e.household_id = p->household_id;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = judge_household_under(w, e.no, p->household_id, p->cause, cause, written);
    if (result >= 0)
        result = pending_settle(w, e.no, &p->pending_id, 1);
    return result < 0 ? result : work_event_tell(w, &e);
}

static int redo_one(struct work *w, struct job *job, const struct pending *p)
{
    int written = 0;
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = redo(w, p, &written);
    job_progress(job)->done++;
    if (result >= 0)
        result = job_checkpoint(w, job);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int judge_pending(struct work *w, struct job *job)
{
    const struct pending_query q = {.kind = PENDING_REJUDGE, .open_only = true, .limit = AT_ONCE};
    struct pendings list;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int result = pending_find(w, &q, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++)
        result = redo_one(w, job, &list.rows[i]);
    const bool more = result >= 0 && list.n == AT_ONCE;
    arena_rewind(w->cx.arena, mark);
    return result < 0 ? result : more;
}
