/* What changes how a debtor pays: a start, a stop, another amount, a payment that failed. Each
 * writes the new method and payments and opens the request to the pension payer that goes with it.
 */
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

#include <string.h>

int change_begin(struct work *w, struct event *e, struct pension_change *out)
{
    *e = work_event(w, "levy.pension");
    const int rc = event_open(&w->cx, w->store, e);
    *out = (struct pension_change){.w = w,
                                   .event_no = e->no,
                                   .unit = pension_unit(w),
                                   .lead_start = pension_lead(w, "01"),
                                   .lead_later = pension_lead(w, "31"),
                                   .lead_stop = pension_lead(w, "41")};
    return rc;
}

/* --- what it is judged by -----------------------------------------------------------------------
 */

int candidate_of(struct work *w, int64_t person_id, int fiscal_year, int64_t *candidate_id)
{
    const struct levy_candidates_of_in q = {{&person_id, 1}, fiscal_year};
    struct levy_candidates_of_list list;
    const int rc = levy_candidates_of(&w->cx, w->store, &q, &list);
    int best = 0;

    *candidate_id = 0;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const int order = pension_payer_order(list.rows[i].payer);
        if (order == 0 || str_is(list.rows[i].reason, "70") || (best != 0 && order >= best))
            continue;
        best = order;
        *candidate_id = list.rows[i].candidate_id;
    }
    return rc < 0 ? rc : best != 0;
}

int wish_of(struct work *w, int64_t person_id, bool *has)
{
    struct levy_wish_of_list list;
    const int rc = levy_wish_of(&w->cx, w->store, &(struct levy_wish_of_in){person_id}, &list);

    *has = false;
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        *has |= ymd_is_none(list.rows[i].ended_ymd);
    return rc < 0 ? rc : OK;
}

int decision_of_plan(struct work *w, const struct collection_plan *plan, struct decision *out)
{
    return plan->is_provisional ? 0
                                : levy_decision_by_no(w, plan->fiscal_year, plan->notice_no, out);
}

static enum collection_way ordinary_way(const struct pension_outcome *o)
{
    return o->has_account ? COLLECT_DEBIT : COLLECT_SLIP;
}

/* --- requests -----------------------------------------------------------------------------------
 */

static int candidate_for(struct work *w, const struct collection_plan *plan, int64_t *candidate_id)
{
    struct levy_candidate_newest_list list;
    const struct levy_candidate_newest_in q = {plan->debtor_id};
    int rc = candidate_of(w, plan->debtor_id, plan->fiscal_year, candidate_id);

    if (rc != 0)
        return rc;
    rc = levy_candidate_newest(&w->cx, w->store, &q, &list);
    *candidate_id = rc >= 0 && list.n > 0 ? list.rows[0].candidate_id : 0;
    return rc < 0 ? rc : *candidate_id != 0;
}

/* What waits already of the same kind is superseded. */
static int supersede(struct pension_change *c, const struct pension_ask *a)
{
    const struct levy_requests_of_candidates_in q = {{&a->candidate_id, 1}, str_of(a->notice), 0};
    struct levy_requests_of_candidates_list list;
    int rc = levy_requests_of_candidates(&c->w->cx, c->w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        rc = levy_pension_request_close(&c->w->cx, c->w->store, list.rows[i].pension_request_row_id,
                                        c->event_no);
    return rc;
}

static int ask(struct pension_change *c, const struct collection_plan *plan, const char *notice,
               const char *reason, int first)
{
    struct pension_ask a = {.household_id = plan->household_id,
                            .debtor_id = plan->debtor_id,
                            .fiscal_year = plan->fiscal_year,
                            .notice = notice,
                            .reason = reason,
                            .day = pension_pay_day(plan->fiscal_year, first),
                            .amount1 = payments_amount(&plan->payments, first),
                            .amount2 = payments_amount(&plan->payments, first + 1)};
    int rc = candidate_for(c->w, plan, &a.candidate_id);

    if (rc <= 0)
        return rc;
    rc = supersede(c, &a);
    return rc < 0 ? rc : request_open(c->w, c->event_no, &a);
}

/* A start that has not left the house is taken back; 1: there was one. */
static int take_back_start(struct pension_change *c, const struct collection_plan *plan)
{
    static const char *const starts[] = {"01", "31"};
    int64_t candidate = 0;
    int taken = 0;
    int rc = candidate_for(c->w, plan, &candidate);

    for (size_t i = 0; rc > 0 && i < sizeof starts / sizeof *starts; i++) {
        const struct levy_requests_of_candidates_in q = {{&candidate, 1}, str_of(starts[i]), 0};
        struct levy_requests_of_candidates_list list;
        const int read = levy_requests_of_candidates(&c->w->cx, c->w->store, &q, &list);
        rc = read < 0 ? read : rc;
        for (size_t k = 0; rc > 0 && k < list.n; k++) {
            const int closed =
                levy_pension_request_close(&c->w->cx, c->w->store,
                                           list.rows[k].pension_request_row_id, c->event_no);
            rc = closed < 0 ? closed : rc;
            taken = 1;
        }
    }
    return rc < 0 ? rc : taken;
}

/* 41: 死亡, 転出, 適用除外(被保険者でなくなった), else 特別事情. */
static int stop_reason(struct work *w, const struct collection_plan *plan, int reason,
                       const char **out)
{
    struct person p;
    const int rc = party_person(w, plan->debtor_id, &p);

    *out = "03";
    if (rc < 0)
        return rc;
    if (!ymd_is_none(p.death))
        *out = "01";
    else if (!p.is_resident && str_is(p.ended_by, "move_out"))
        *out = "02";
    else if (reason == DEDUCTION_HEAD_NOT_INSURED)
        *out = "04";
    return OK;
}

/* --- start --------------------------------------------------------------------------------------
 */

/* The first payment a start reaches: the yearly request's is October, additional ones come later.
 */
static int first_of_start(const struct pension_change *c, int fiscal_year)
{
    const struct ymd today = c->w->today;

    if (pension_first_free(fiscal_year, today, c->lead_start) <= PENSION_OCTOBER)
        return PENSION_OCTOBER;
    const int later = pension_first_free(fiscal_year, today, c->lead_later);
    return later > PENSION_OCTOBER ? later : PENSION_OCTOBER + 1;
}

static void fill_plan(const struct pension_change *c, const struct decision *d,
                      struct collection_plan *cur, const struct pension_outcome *o)
{
    cur->household_id = d->household_id;
    cur->debtor_id = d->debtor_id;
    cur->fiscal_year = d->fiscal_year;
    cur->notice_no = d->decision_no;
    cur->is_provisional = false;
    cur->annual = d->result.total;
    cur->decided = c->w->today;
    cur->reason = o->reason;
    cur->failed = o->failed;
}

static int start(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                 const struct pension_outcome *o)
{
    const struct payments before = cur->payments;
    const int first = first_of_start(c, d->fiscal_year);

    if (cur->payments.n == 0)
        payments_ordinary(&cur->payments, &d->schedule);
    const struct payments ordinary = cur->payments;
    if (first <= PENSION_LAST)
        payments_start(&cur->payments, d->fiscal_year, first, c->unit);
    fill_plan(c, d, cur, o);
    cur->cause = STR("judged");
    if (first > PENSION_LAST || payments_amount(&cur->payments, first).n == 0) {
        cur->payments = before;
        cur->method = ordinary_way(o);
        cur->reason = METHOD_TOO_LATE;
        const int rc = plan_write(c->w, c->event_no, cur);
        return rc < 0 ? rc : 1;
    }
    payments_split(&cur->payments, d->result.part, &ordinary);
    cur->method = COLLECT_PENSION;
    int rc = plan_write(c->w, c->event_no, cur);
    rc = rc < 0 ? rc : ask(c, cur, first == PENSION_OCTOBER ? "01" : "31", "01", first);
    return rc < 0 ? rc : 1;
}

/* --- stop ---------------------------------------------------------------------------------------
 */

/* The first payment that would have been taken. */
static int first_taken(const struct payments *p, int first)
{
    while (first < PENSION_LAST && payments_amount(p, first).n == 0)
        first++;
    return first;
}

/* By which parts the payments are split: those of the decision, else as they are. */
static void split(struct collection_plan *cur, const struct decision *d,
                  const struct payments *before)
{
    struct yen part[LEVY_PARTS] = {YEN(0), YEN(0), YEN(0), YEN(0)};

    for (int k = 0; k < LEVY_PARTS; k++) {
        for (size_t i = 0; !d && i < before->n; i++)
            part[k] = yen_add(part[k], before->row[i].part[k]);
        part[k] = d ? d->result.part[k] : part[k];
    }
    payments_split(&cur->payments, part, before);
}

int change_stop(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                const struct pension_outcome *o, const char *cause)
{
    const struct payments before = cur->payments;
    const char *reason = NULL;
    int first = pension_first_free(cur->fiscal_year, c->w->today, o->is_over ? 0 : c->lead_stop);
    const int unsent = take_back_start(c, cur);

    if (unsent < 0)
        return unsent;
    first = unsent && !cur->is_provisional && cur->provisional_no == 0 ? PENSION_FIRST : first;
    const struct yen taken = YEN(payments_pension_sum(&cur->payments).n);
    struct yen annual = d ? d->result.total : YEN(0);
    if (!d) { /* provisional: what cannot be stopped any more is all there is */
        for (int number = PENSION_FIRST; number < first; number++)
            annual.n += payments_amount(&cur->payments, number).n;
    }
    payments_stop(&cur->payments, annual, first, c->w->today, c->unit);
    split(cur, d, &before);
    if (d)
        fill_plan(c, d, cur, o);
    cur->annual = annual;
    cur->decided = c->w->today;
    cur->reason = o->reason;
    cur->failed = o->failed;
    cur->method = ordinary_way(o);
    cur->cause = str_of(cause);
    int rc = stop_reason(c->w, cur, o->reason, &reason);
    rc = rc < 0 ? rc : plan_write(c->w, c->event_no, cur);
    const bool is_asked = !unsent && taken.n > payments_pension_sum(&cur->payments).n &&
                          first <= PENSION_LAST && !o->is_over;
    rc = rc < 0 || !is_asked ? rc : ask(c, cur, "41", reason, first_taken(&before, first));
    return rc < 0 ? rc : 1;
}

int change_fail(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                int number, bool is_lost)
{
    const struct payments before = cur->payments;
    const struct pension_outcome o = {.reason = METHOD_FAILED, .is_over = is_lost};

    if (d)
        payments_fail(&cur->payments, number, c->w->today, c->unit);
    else
        payments_drop(&cur->payments, number); /* the year's decision will ask for it */
    split(cur, d, &before);
    return change_stop(c, d, cur, &o, "failed");
}

/* --- the year is decided, its amount changes ----------------------------------------------------
 */

/* Provisional payments become part of the year's. */
static int settle(struct pension_change *c, const struct decision *d, struct collection_plan *cur)
{
    const struct payments before = cur->payments;
    const struct pension_outcome o = {.reason = cur->reason,
                                      .failed = cur->failed,
                                      .has_account = cur->method == COLLECT_DEBIT};
    const bool is_pension = cur->method == COLLECT_PENSION;

    payments_room(&cur->payments, &d->schedule);
    if (is_pension)
        payments_settle(&cur->payments, d->fiscal_year, &d->schedule, c->unit);
    else
        payments_stop(&cur->payments, d->result.total, PENSION_LAST + 1, c->w->today, c->unit);
    payments_split(&cur->payments, d->result.part, &before);
    cur->provisional_no = cur->notice_no;
    fill_plan(c, d, cur, &o);
    cur->cause = STR("settled");
    int rc = plan_write(c->w, c->event_no, cur);
    const bool is_asked = is_pension && payments_amount(&cur->payments, PENSION_OCTOBER).n > 0;
    rc = rc < 0 || !is_asked ? rc : ask(c, cur, "01", "01", PENSION_OCTOBER);
    return rc < 0 ? rc : 1;
}

static int change_amount(struct pension_change *c, const struct decision *d,
                         struct collection_plan *cur)
{
    const struct payments before = cur->payments;
    const struct pension_outcome o = {.reason = METHOD_REDUCED,
                                      .failed = cur->failed,
                                      .has_account = cur->method == COLLECT_DEBIT};

    if (cur->method == COLLECT_PENSION && d->result.total.n < payments_sum(&before).n)
        return change_stop(c, d, cur, &o, "changed");
    payments_room(&cur->payments, &d->schedule);
    payments_change(&cur->payments, d->result.total, PENSION_LAST + 1, c->w->today, c->unit);
    payments_split(&cur->payments, d->result.part, &before);
    const struct pension_outcome same = {.reason = cur->reason, .failed = cur->failed};
    fill_plan(c, d, cur, &same);
    cur->cause = STR("changed");
    const int rc = plan_write(c->w, c->event_no, cur);
    return rc < 0 ? rc : 1;
}

/* As much as before, but of other parts: what is paid when stays. */
static int change_parts(struct pension_change *c, const struct decision *d,
                        struct collection_plan *cur)
{
    const struct pension_outcome same = {.reason = cur->reason, .failed = cur->failed};

    payments_split_again(&cur->payments, d->result.part, c->w->today);
    fill_plan(c, d, cur, &same);
    cur->cause = STR("changed");
    const int rc = plan_write(c->w, c->event_no, cur);
    return rc < 0 ? rc : 1;
}

/* What the decision itself changes in a plan that is there; 1: it did. */
static int follow(struct pension_change *c, const struct decision *d, struct collection_plan *cur)
{
    if (cur->method_row_id == 0 || cur->payments.n == 0)
        return 0;
    if (cur->is_provisional)
        return settle(c, d, cur);
    if (d->result.total.n != payments_sum(&cur->payments).n)
        return change_amount(c, d, cur);
    return payments_has_parts(&cur->payments, d->result.part) ? 0 : change_parts(c, d, cur);
}

/* --- the judgement ------------------------------------------------------------------------------
 */

/* Rejected, failed or reduced within the year: he stays with the ordinary way until the next one.
 */
static bool is_barred(const struct collection_plan *cur)
{
    return cur->method_row_id > 0 && cur->method != COLLECT_PENSION &&
           (cur->reason == METHOD_REJECTED || cur->reason == METHOD_FAILED ||
            cur->reason == METHOD_REDUCED);
}

static int keep_ordinary(struct pension_change *c, const struct decision *d,
                         struct collection_plan *cur, const struct pension_outcome *o)
{
    const enum collection_way way = ordinary_way(o);
    const int reason = is_barred(cur) ? cur->reason : o->reason;

    if (cur->method_row_id > 0 && cur->method == way && cur->reason == reason &&
        cur->failed == o->failed && cur->annual.n == d->result.total.n)
        return 0;
    fill_plan(c, d, cur, o);
    cur->reason = reason;
    cur->method = way;
    cur->cause = STR("judged");
    const int rc = plan_write(c->w, c->event_no, cur);
    return rc < 0 ? rc : 1;
}

int change_decide(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                  const struct pension_outcome *o)
{
    const int followed = follow(c, d, cur);

    if (followed < 0)
        return followed;
    if (cur->method_row_id > 0 && cur->method == COLLECT_PENSION)
        return o->reason == 0 ? followed : change_stop(c, d, cur, o, "stopped");
    if (o->reason == 0 && o->candidate_id > 0 && !is_barred(cur) &&
        !(cur->method_row_id > 0 && cur->reason == METHOD_TOO_LATE))
        return start(c, d, cur, o);
    const int kept = keep_ordinary(c, d, cur, o);
    return kept < 0 ? kept : kept || followed;
}

/* --- after a charge -----------------------------------------------------------------------------
 */

static int follow_all(struct work *w, const struct decisions *decided)
{
    struct pension_change c;
    struct event e;
    int changed = 0;
    int rc = change_begin(w, &e, &c);

    for (size_t i = 0; i < decided->n && rc >= 0; i++) {
        const struct decision *d = &decided->rows[i];
        struct collection_plan cur = {.method_row_id = 0};
        rc = plan_of(w, d->household_id, d->debtor_id, d->fiscal_year, &cur);
        rc = rc <= 0 ? rc : follow(&c, d, &cur);
        changed += rc > 0;
    }
    return rc < 0 || changed == 0 ? rc : work_event_tell(w, &e);
}

int levy_plans_follow(struct work *w, const struct event *e)
{
    struct decisions decided;
    struct levy_method_page_list any = {.n = 0};
    int rc = levy_decisions_of_event(w, e->no, &decided);

    if (rc >= 0 && decided.n > 0) {
        const struct levy_method_page_in q = {decided.rows[0].fiscal_year, 0, 1};
        rc = levy_method_page(&w->cx, w->store, &q, &any);
    }
    if (rc < 0 || any.n == 0) /* nobody of the year pays from a pension yet */
        return rc < 0 ? rc : OK;
    rc = follow_all(w, &decided);
    return rc < 0 ? error_add(&w->cx, "let the plans follow event %lld", (long long)e->no) : OK;
}
