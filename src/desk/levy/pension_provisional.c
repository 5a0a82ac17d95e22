/*
 * The job that decides what is taken provisionally in April, June and August (仮徴収), before the
 * year has a decision: whoever pays from his pension goes on with February's amount, or with a
 * sixth of the year before where the municipality says so; whoever could be started only now begins
 * with the sixth.
 */
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

enum { CHUNK = 500, SIXTHS = 6 };

struct run {
    struct work *w;
    struct job *job;
    int year; /* the one that begins */
    bool by_sixth;
    struct pension_change change;
    int64_t continued, begun, ended;
    struct yen total;
};

/* What keeps him from beginning the year with his pension; 0: nothing. */
static int barred_by(struct run *r, int64_t person_id, int *reason)
{
    struct deduction_law law;
    struct person p;
    bool wishes = false;
    int rc = deduction_law_of(r->w, r->year, &law);

    rc = rc < 0 ? rc : party_person(r->w, person_id, &p);
    rc = rc < 0 ? rc : wish_of(r->w, person_id, &wishes);
    if (rc < 0)
        return rc;
    *reason = !ymd_is_none(p.death)  ? DEDUCTION_HEAD_NOT_INSURED
              : ymd_is_none(p.birth) ? DEDUCTION_AGES
              : ymd_compare(birthday(p.birth, law.age_below), ymd_of(r->year + 1, 4, 1)) < 0
                  ? DEDUCTION_TURNS_75
              : wishes ? METHOD_WISH
                       : 0;
    return OK;
}

static struct yen sixth_of(const struct run *r, struct yen annual)
{
    return YEN(annual.n / SIXTHS / r->change.unit * r->change.unit);
}

/* Numbers in the year's own series: the notice of what is taken provisionally. */
static int next_number(struct run *r, int64_t *no)
{
    const struct str series = str_format(r->w->cx.arena, "notice.%d", r->year);
    return series.p ? store_number(&r->w->cx, r->w->store, series, 1, no)
                    : fail(&r->w->cx, ERR_MEMORY, "memory", NULL);
}

static int ask(struct run *r, const struct collection_plan *plan, const char *notice,
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
    struct levy_candidate_newest_list list;
    const struct levy_candidate_newest_in q = {plan->debtor_id};
    const int rc = levy_candidate_newest(&r->w->cx, r->w->store, &q, &list);

    if (rc < 0 || list.n == 0)
        return rc;
    a.candidate_id = list.rows[0].candidate_id;
    return request_open(r->w, r->change.event_no, &a);
}

struct beginning {
    struct yen each;
    int first, until; /* numbers, the second not included */
    enum collection_way method;
    int reason;
};

static int begin(struct run *r, const struct collection_plan *last, const struct beginning *b)
{
    struct collection_plan plan = {.household_id = last->household_id,
                                   .debtor_id = last->debtor_id,
                                   .fiscal_year = r->year,
                                   .method = b->method,
                                   .reason = b->reason,
                                   .cause = STR("provisional"),
                                   .decided = r->w->today,
                                   .is_provisional = true};
    struct decision d;
    int rc = decision_of_plan(r->w, last, &d);

    if (rc <= 0)
        return rc;
    plan.annual = YEN(b->each.n * (b->until - b->first));
    payments_provisional(&plan.payments, r->year, b->first, b->each);
    payments_stop(&plan.payments, plan.annual, b->until, r->w->today, r->change.unit);
    payments_split(&plan.payments, d.result.part, NULL);
    rc = next_number(r, &plan.notice_no);
    rc = rc < 0 ? rc : plan_write(r->w, r->change.event_no, &plan);
    r->total.n += plan.annual.n;
    return rc < 0 ? rc : 1;
}

/* He paid in February and must not go on: stopped from the first payment that a request reaches;
 * what is on its way until then is still his. */
static int end(struct run *r, const struct collection_plan *last, int reason)
{
    const int first = pension_first_free(r->year, r->w->today, r->change.lead_stop);
    const struct yen february = payments_amount(&last->payments, PENSION_LAST);
    const struct beginning b = {february, PENSION_FIRST, first, COLLECT_SLIP, reason};
    struct collection_plan plan = *last;
    int rc = february.n == 0 ? 0 : 1;

    r->ended++;
    plan.fiscal_year = r->year;
    plan.payments.n = 0;
    if (rc > 0 && first > PENSION_FIRST && first <= PENSION_OCTOBER)
        rc = begin(r, last, &b);
    return rc <= 0 || first >= PENSION_OCTOBER ? rc : ask(r, &plan, "41", "03", first);
}

/* He paid in February: on it goes. */
static int go_on(struct run *r, const struct collection_plan *last)
{
    const struct yen february = payments_amount(&last->payments, PENSION_LAST);
    const struct yen each = r->by_sixth ? sixth_of(r, last->annual) : february;
    struct collection_plan plan;
    const struct beginning b = {each, PENSION_FIRST, PENSION_OCTOBER, COLLECT_PENSION,
                                METHOD_CONTINUED};
    int rc = each.n == 0 ? 0 : begin(r, last, &b);

    if (rc <= 0)
        return rc;
    r->continued++;
    if (each.n == february.n)
        return OK; /* the payer goes on by himself */
    rc = plan_of(r->w, last->household_id, last->debtor_id, r->year, &plan);
    return rc <= 0 ? rc : ask(r, &plan, "61", "00", PENSION_FIRST);
}

/* Told of too late for the year that ends; the first payment a request still reaches. */
static int come_in(struct run *r, const struct collection_plan *last)
{
    const int first = pension_first_free(r->year, r->w->today, r->change.lead_later);
    const struct yen each = sixth_of(r, last->annual);
    struct collection_plan plan;
    const struct beginning b = {each, first, PENSION_OCTOBER, COLLECT_PENSION, METHOD_CONTINUED};
    int rc = first >= PENSION_OCTOBER || each.n == 0 ? 0 : begin(r, last, &b);

    if (rc <= 0)
        return rc;
    r->begun++;
    rc = plan_of(r->w, last->household_id, last->debtor_id, r->year, &plan);
    return rc <= 0 ? rc : ask(r, &plan, "31", "01", first);
}

static int decide_one(struct run *r, const struct levy_method_page_row *m)
{
    struct work *w = r->w;
    struct collection_plan last, already;
    int reason = 0;
    const bool pays = m->method == COLLECT_PENSION && !m->is_provisional;
    const bool is_late = m->method != COLLECT_PENSION && m->reason == METHOD_TOO_LATE;
    int rc = pays || is_late ? plan_of(w, m->household_id, m->debtor_id, r->year, &already) : 1;

    if (rc != 0) /* none of ours, or decided before */
        return rc < 0 ? rc : OK;
    rc = plan_of(w, m->household_id, m->debtor_id, r->year - 1, &last);
    rc = rc <= 0 ? rc : barred_by(r, m->debtor_id, &reason);
    if (rc < 0)
        return rc;
    if (reason != 0)
        return pays ? end(r, &last, reason) : OK;
    return pays ? go_on(r, &last) : come_in(r, &last);
}

static int write_chunk(struct run *r, const struct levy_method_page_list *list)
{
    struct work *w = r->w;
    struct event e;
    int rc = change_begin(w, &e, &r->change);

    for (size_t i = 0; i < list->n && rc >= 0; i++)
        rc = decide_one(r, &list->rows[i]);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    if (rc < 0)
        return rc;
    job_progress(r->job)->done += (int64_t)list->n;
    if (list->n > 0)
        job_progress(r->job)->cursor = list->rows[list->n - 1].collection_method_id;
    if (list->n < CHUNK) {
        rc = job_figure(w, r->job, "continued", r->continued);
        rc = rc < 0 ? rc : job_figure(w, r->job, "begun", r->begun);
        rc = rc < 0 ? rc : job_figure(w, r->job, "ended", r->ended);
        rc = rc < 0 ? rc : job_figure(w, r->job, "total_yen", r->total.n);
    }
    return rc < 0 ? rc : job_checkpoint(w, r->job);
}

static int in_transaction(struct run *r, const struct levy_method_page_list *list)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = write_chunk(r, list);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int begin_year(struct work *w, struct job *job)
{
    struct run r = {.w = w, .job = job};
    struct levy_method_page_list list;
    int64_t year = 0;

    if (!str_to_int(job_option(job, "year"), &year) || year < 2008 || year > 2100)
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    r.year = (int)year;
    r.by_sixth = str_is(setting_get(w, "pension.provisional"), "sixth");
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("levy.pension"),
                                                 .count = -1});
    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct levy_method_page_in q = {r.year - 1, job_progress(job)->cursor, CHUNK};
        rc = rc < 0 ? rc : levy_method_page(&w->cx, w->store, &q, &list);
        rc = rc < 0 ? rc : in_transaction(&r, &list);
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && list.n == CHUNK);
    return rc < 0 ? error_add(&w->cx, "decide provisional payments of %d", r.year) : OK;
}

int pension_provisional_job(struct work *w, struct job *job)
{
    return pension_as_of(w, job, begin_year);
}
