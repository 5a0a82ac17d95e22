/*
 * The job that decides how everybody pays (徴収方法の決定): by what was judged, wished and told by
 * the payers, as of its day. Whoever paid from his pension and no longer may is stopped; whoever
 * may now is started. Run after the judgement, in July and then every month.
 */
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

enum { CHUNK = 500 };

struct run {
    struct work *w;
    struct job *job;
    int year;
    bool back_after_arrears;
    int64_t pension, slip, debit, started, stopped, unjudged;
};

/* --- one debtor ---------------------------------------------------------------------------------
 */

static int outcome_of(struct run *r, const struct levy_method_decisions_row *row,
                      struct pension_outcome *o)
{
    struct work *w = r->w;
    bool wishes = false;
    int found = 0;
    int rc = wish_of(w, row->debtor_id, &wishes);

    *o = (struct pension_outcome){.reason = (int)row->result,
                                  .failed = (unsigned)row->failed,
                                  .has_account = row->has_account};
    if (rc >= 0 && o->reason == DEDUCTION_YES)
        found = candidate_of(w, row->debtor_id, r->year, &o->candidate_id);
    if (rc < 0 || found < 0)
        return rc < 0 ? rc : found;
    if (o->reason == DEDUCTION_YES && wishes)
        o->reason = METHOD_WISH;
    else if (o->reason == DEDUCTION_YES && found == 0)
        o->reason = METHOD_NO_CANDIDATE;
    return OK;
}

static void count(struct run *r, const struct collection_plan *cur, enum collection_way before,
                  bool is_new)
{
    r->pension += cur->method == COLLECT_PENSION;
    r->slip += cur->method == COLLECT_SLIP;
    r->debit += cur->method == COLLECT_DEBIT;
    r->started += cur->method == COLLECT_PENSION && (is_new || before != COLLECT_PENSION);
    r->stopped += cur->method != COLLECT_PENSION && !is_new && before == COLLECT_PENSION;
}

static int decide_one(struct run *r, struct pension_change *c,
                      const struct levy_method_decisions_row *row)
{
    struct work *w = r->w;
    struct collection_plan cur = {.method_row_id = 0};
    struct pension_outcome o;
    struct decision d;

    if (row->result_null) {
        r->unjudged++;
        return job_note(w, r->job, false, row->household_id, "levy.pension.unjudged", STR(""));
    }
    int rc = plan_of(w, row->household_id, row->debtor_id, r->year, &cur);
    rc = rc < 0 ? rc : outcome_of(r, row, &o);
    rc = rc < 0 ? rc : levy_decision_by_no(w, r->year, row->decision_no, &d);
    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", NULL);
    const enum collection_way before = cur.method;
    const bool is_new = cur.method_row_id == 0;
    rc = change_decide(c, &d, &cur, &o);
    if (rc >= 0)
        count(r, &cur, before, is_new);
    return rc;
}

/* --- provisional plans while the year has no decision --------------------------------------------
 */

static int check_provisional(struct run *r, struct pension_change *c,
                             const struct levy_method_page_row *m)
{
    struct work *w = r->w;
    struct deduction_law law;
    struct levy_provisional_heads_row row;
    struct collection_plan cur;
    struct pension_outcome o = {.reason = 0};
    bool wishes = false;
    const struct ymd next = ymd_add(w->today, 1);
    int rc = deduction_law_of(w, r->year, &law);

    if (rc < 0)
        return rc;
    const struct levy_provisional_heads_in q = {.household_id = m->household_id,
                                                .debtor_id = m->debtor_id,
                                                .born_by = birthday(next, -law.age_from),
                                                .born_after = birthday(next, -law.age_below),
                                                .asof = w->asof};
    rc = levy_provisional_heads(&w->cx, w->store, &q, &row);
    rc = rc < 0 ? rc : wish_of(w, m->debtor_id, &wishes);
    if (rc < 0)
        return rc;
    o.reason = !row.is_head_insured       ? DEDUCTION_HEAD_NOT_INSURED
               : row.elders < row.insured ? DEDUCTION_AGES
               : wishes                   ? METHOD_WISH
                                          : 0;
    if (o.reason == 0)
        return OK;
    o.failed = o.reason <= DEDUCTION_HALF ? 1u << o.reason : 0;
    rc = plan_of(w, m->household_id, m->debtor_id, r->year, &cur);
    r->stopped += rc > 0;
    return rc <= 0 ? rc : change_stop(c, NULL, &cur, &o, "stopped");
}

static int check_provisionals(struct run *r, struct pension_change *c)
{
    struct work *w = r->w;
    struct levy_method_page_in q = {r->year, 0, CHUNK};
    struct levy_method_page_list list;
    int rc;

    do {
        rc = levy_method_page(&w->cx, w->store, &q, &list);
        for (size_t i = 0; rc >= 0 && i < list.n; i++) {
            const struct levy_method_page_row *m = &list.rows[i];
            q.after = m->collection_method_id;
            if (m->is_provisional && m->method == COLLECT_PENSION)
                rc = check_provisional(r, c, m);
        }
    } while (rc >= 0 && list.n == CHUNK);
    return rc;
}

/* --- brought back after arrears ------------------------------------------------------------------
 */

static int end_wish(struct run *r, const struct levy_wish_open_row *row, int64_t event_no)
{
    struct work *w = r->w;
    struct levy_pension_wish next = {.person_id = row->person_id,
                                     .household_id = row->household_id,
                                     .received_ymd = row->received_ymd,
                                     .from_ymd = row->from_ymd,
                                     .ended_ymd = w->today,
                                     .ended_by = STR("arrears"),
                                     .known_from = event_no};
    int rc = levy_pension_wish_close(&w->cx, w->store, row->pension_wish_id, event_no);

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &next.pension_wish_id);
    rc = rc < 0 ? rc : levy_pension_wish_insert(&w->cx, w->store, &next);
    return rc < 0 ? rc
                  : job_note(w, r->job, false, row->household_id, "levy.pension.back", STR(""));
}

/* Where the municipality says so: whoever fell behind pays from his pension again. */
static int bring_back(struct run *r, int64_t event_no)
{
    struct work *w = r->w;
    struct levy_wish_open_in q = {0, CHUNK};
    struct levy_wish_open_list list;
    int rc = OK;

    do {
        rc = levy_wish_open(&w->cx, w->store, &q, &list);
        for (size_t i = 0; rc >= 0 && i < list.n; i++) {
            q.after = list.rows[i].pension_wish_id;
            rc = eligibility_is_in_arrears(w, list.rows[i].household_id);
            rc = rc <= 0 ? rc : end_wish(r, &list.rows[i], event_no);
        }
    } while (rc >= 0 && list.n == CHUNK);
    return rc;
}

/* --- the job -------------------------------------------------------------------------------------
 */

static int write_chunk(struct run *r, const struct levy_method_decisions_list *list)
{
    struct work *w = r->w;
    struct pension_change c;
    struct event e;
    int rc = change_begin(w, &e, &c);

    for (size_t i = 0; i < list->n && rc >= 0; i++)
        rc = decide_one(r, &c, &list->rows[i]);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    if (rc < 0)
        return rc;
    job_progress(r->job)->done += (int64_t)list->n;
    job_progress(r->job)->cursor = list->rows[list->n - 1].decision_id;
    return job_checkpoint(w, r->job);
}

static int write_before(struct run *r, const struct levy_method_decisions_list *unused)
{
    struct work *w = r->w;
    struct pension_change c;
    struct event e;
    int rc = change_begin(w, &e, &c);

    (void)unused;
    rc = rc < 0 || !r->back_after_arrears ? rc : bring_back(r, e.no);
    rc = rc < 0 ? rc : check_provisionals(r, &c);
    return rc < 0 ? rc : work_event_tell(w, &e);
}

static int write_figures(struct run *r, const struct levy_method_decisions_list *unused)
{
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {{"pension", r->pension}, {"slip", r->slip},       {"debit", r->debit},
                   {"started", r->started}, {"stopped", r->stopped}, {"unjudged", r->unjudged}};
    int rc = OK;

    (void)unused;
    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++)
        rc = job_figure(r->w, r->job, figures[i].name, figures[i].value);
    return rc;
}

static int in_transaction(struct run *r,
                          int (*fn)(struct run *, const struct levy_method_decisions_list *),
                          const struct levy_method_decisions_list *list)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = fn(r, list);
    rc = rc < 0 ? rc : FAULT(&w->cx, "levy.pension.chunk");
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int decide_city(struct run *r)
{
    struct work *w = r->w;
    struct levy_method_decisions_in q = {.year = r->year, .n = CHUNK, .asof = w->asof};
    struct levy_method_decisions_list list;
    int rc;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        q.after = job_progress(r->job)->cursor;
        rc = levy_method_decisions(&w->cx, w->store, &q, &list);
        rc = rc < 0 || list.n == 0 ? rc : in_transaction(r, write_chunk, &list);
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && list.n == CHUNK);
    return rc;
}

static int decide_year(struct work *w, struct job *job)
{
    int64_t year = 0;
    struct run r = {.w = w, .job = job};

    if (!str_to_int(job_option(job, "year"), &year) || year < 2008 || year > 2100)
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    r.year = (int)year;
    r.back_after_arrears = str_is(setting_get(w, "pension.back_after_arrears"), "yes");
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("levy.pension"),
                                                 .count = -1});
    if (rc >= 0 && job_progress(job)->cursor == 0)
        rc = in_transaction(&r, write_before, NULL);
    rc = rc < 0 ? rc : decide_city(&r);
    rc = rc < 0 ? rc : in_transaction(&r, write_figures, NULL);
    return rc < 0 ? error_add(&w->cx, "decide how %d is collected", r.year) : OK;
}

int pension_plan_job(struct work *w, struct job *job)
{
    return pension_as_of(w, job, decide_year);
}
