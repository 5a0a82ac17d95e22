/* Overpayments on screen: what stands, drafts, decisions; one draft; one person at the counter. */
#include "collection_pages.h"
#include "desk/collection/refund_page.h"

enum { DRAFTS_SHOWN = 12, REFUNDS_SHOWN = 100, PEOPLE_SHOWN = 500 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static const char *draft_state(int64_t status)
{
    static const char *const ids[] = {"collection.draft.1", "collection.draft.2",
                                      "collection.draft.3", "collection.draft.4",
                                      "collection.draft.5"};
    return status >= 1 && status <= 5 ? ids[status - 1] : ids[4];
}

const char *refund_state_message(bool is_payable, int64_t claim, int64_t payment)
{
    static const char *const payments[] = {"collection.payment.1", "collection.payment.2",
                                           "collection.payment.3", "collection.payment.4",
                                           "collection.payment.5"};
    if (!is_payable)
        return "collection.refund.appropriated";
    if (claim == CLAIM_ASKED)
        return "collection.claim.2";
    if (claim == CLAIM_NO_ACCOUNT)
        return "collection.claim.3";
    return payment >= 1 && payment <= 5 ? payments[payment - 1] : "collection.claim.0";
}

/* --- the list -----------------------------------------------------------------------------------
 */

static int view_drafts(struct work *w, struct collection_refunds_view *v)
{
    const struct collection_refund_drafts_newest_in q = {DRAFTS_SHOWN};
    struct collection_refund_drafts_newest_list list;
    const int rc = collection_refund_drafts_newest(&w->cx, w->store, &q, &list);
    struct collection_refunds_drafts_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refunds_drafts_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_refund_drafts_newest_row *d = &list.rows[i];
        rows[i] = (struct collection_refunds_drafts_row){
            d->draft_no,  d->as_of_ymd,    draft_state(d->status), d->status == DRAFT_READY,
            d->debtors,   d->overpaid_yen, d->appropriated_yen,    d->refund_yen,
            d->notice_ymd};
    }
    v->drafts = rows;
    v->n_drafts = list.n;
    return OK;
}

static int view_refunds(struct work *w, struct collection_refunds_view *v)
{
    const struct collection_refunds_newest_in q = {0, REFUNDS_SHOWN, w->asof};
    struct collection_refunds_newest_list list;
    const int rc = collection_refunds_newest(&w->cx, w->store, &q, &list);
    struct collection_refunds_refunds_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refunds_refunds_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_refunds_newest_row *r = &list.rows[i];
        const int64_t claim = r->claim_state_null ? 0 : r->claim_state;
        const int64_t payment = r->payment_state_null ? 0 : r->payment_state;
        const bool is_payable = r->refund_yen.n + r->interest_yen.n > 0;
        rows[i] = (struct collection_refunds_refunds_row){
            .year = r->decided_year,
            .no = r->refund_no,
            .person_no = r->person_no,
            .name = r->name.p ? r->name : STR(""),
            .decided = r->decided_ymd,
            .overpaid = r->overpaid_yen,
            .appropriated = r->appropriated_yen,
            .refund = r->refund_yen,
            .limit = r->limit_ymd,
            .stand = refund_state_message(is_payable, claim, payment),
            .is_open = is_payable && payment != PAYMENT_PAID,
            .is_failed = payment == PAYMENT_FAILED || claim == CLAIM_NO_ACCOUNT};
    }
    v->refunds = rows;
    v->n_refunds = list.n;
    return OK;
}

static int show_all(struct work *w, struct request *rq, struct reply *rp,
                    struct collection_refund_run_form *form)
{
    struct collection_refund_run_form fresh;
    struct collection_refunds_view v = {.may_edit = work_may(w, RIGHT_COLLECTION_EDIT)};
    struct collection_refund_overpaid_sum_row sum;

    collection_refund_run_form_init(&fresh);
    fresh.as_of = w->today;
    v.refund_run = form ? form : &fresh;
    int rc = collection_refund_overpaid_sum(&w->cx, w->store, &sum);
    v.overpaid = rc < 0 ? YEN(0) : sum.yen;
    rc = rc < 0 ? rc : view_drafts(w, &v);
    rc = rc < 0 ? rc : view_refunds(w, &v);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .purpose = STR("collection.refund"),
                                                      .query = STR("list"),
                                                      .count = (int64_t)v.n_refunds});
    if (rc >= 0)
        collection_page_refunds(&rp->body, rq->frame, &v);
    return rc < 0 ? rc : OK;
}

int refund_show_all(struct work *w, struct request *rq, struct reply *rp)
{
    return show_all(w, rq, rp, NULL);
}

int refund_run_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_run_form form;
    char day[11];
    int rc = collection_refund_run_form_read(&w->cx, rq, &form);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_all(w, rq, rp, &form);
    }
    if (rc < 0)
        return rc;
    ymd_format(form.as_of, day);
    return reply_job(w, rq, rp, "refund-draft", str_format(w->cx.arena, "as-of=%s", day));
}

/* --- one draft ----------------------------------------------------------------------------------
 */

static int find_draft(struct work *w, const struct request *rq,
                      struct collection_refund_draft_by_no_row *out)
{
    struct collection_refund_draft_by_no_in q = {0};
    int rc = request_part_id(&w->cx, rq, 0, &q.draft_no);

    rc = rc < 0 ? rc : collection_refund_draft_by_no(&w->cx, w->store, &q, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.refund.draft", NULL) : rc;
}

static int view_people(struct work *w, int64_t draft_no, struct collection_refund_draft_view *v)
{
    const struct collection_refund_draft_debtors_in q = {draft_no, 0, PEOPLE_SHOWN + 1, w->asof};
    struct collection_refund_draft_debtors_list list;
    const int rc = collection_refund_draft_debtors(&w->cx, w->store, &q, &list);
    struct collection_refund_draft_people_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refund_draft_people_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n && i < PEOPLE_SHOWN; i++) {
        const struct collection_refund_draft_debtors_row *r = &list.rows[i];
        rows[i] =
            (struct collection_refund_draft_people_row){r->person_no, r->name.p ? r->name : STR(""),
                                                        r->appropriated_yen, r->refund_yen};
        v->n_people = i + 1;
    }
    v->people = rows;
    v->is_cut = list.n > PEOPLE_SHOWN;
    return OK;
}

static int user_name(struct work *w, int64_t user_id, struct str *out)
{
    const struct collection_refund_user_in q = {user_id};
    struct collection_refund_user_row r;
    const int rc = collection_refund_user(&w->cx, w->store, &q, &r);

    *out = rc > 0 ? r.full_name : STR("");
    return rc < 0 ? rc : OK;
}

static void view_draft(struct work *w, const struct collection_refund_draft_by_no_row *d,
                       struct collection_refund_draft_view *v)
{
    const bool may = work_may(w, RIGHT_LEVY_CONFIRM) && work_may(w, RIGHT_COLLECTION_EDIT);
    const bool is_ready = d->status == DRAFT_READY;

    v->no = d->draft_no;
    v->as_of = d->as_of_ymd;
    v->status = draft_state(d->status);
    v->job = d->status == DRAFT_CONFIRMING && !d->confirm_job_null ? d->confirm_job : d->job_id;
    v->is_running = d->status == DRAFT_RUNNING || d->status == DRAFT_CONFIRMING;
    v->is_confirmed = d->status == DRAFT_CONFIRMED;
    v->is_mine = is_ready && d->run_by == w->actor->user_id;
    v->may_confirm = is_ready && may && !v->is_mine;
    v->may_drop = is_ready && work_may(w, RIGHT_COLLECTION_EDIT);
    v->may_print = work_may(w, RIGHT_PRINT);
    v->notice = d->notice_ymd;
    v->debtors = d->debtors;
    v->overpaid = d->overpaid_yen;
    v->appropriated = d->appropriated_yen;
    v->refund = d->refund_yen;
}

static int show_draft(struct work *w, struct request *rq, struct reply *rp,
                      struct collection_refund_draft_view *v)
{
    struct collection_refund_draft_by_no_row d;
    struct collection_refund_confirm_form confirm;
    struct collection_refund_drop_form drop;
    struct collection_refund_notices_form notices;
    int rc = find_draft(w, rq, &d);

    if (rc < 0)
        return rc;
    collection_refund_confirm_form_init(&confirm);
    collection_refund_drop_form_init(&drop);
    collection_refund_notices_form_init(&notices);
    v->refund_notices = &notices;
    confirm.notice_date = w->today;
    v->refund_confirm = v->refund_confirm ? v->refund_confirm : &confirm;
    v->refund_drop = v->refund_drop ? v->refund_drop : &drop;
    view_draft(w, &d, v);
    rc = view_people(w, d.draft_no, v);
    rc = rc < 0 ? rc : user_name(w, d.run_by, &v->drafted_by);
    rc = rc < 0 ? rc : user_name(w, d.confirmed_by_null ? 0 : d.confirmed_by, &v->confirmed_by);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .purpose = STR("collection.refund"),
                                                      .query = STR("draft"),
                                                      .count = (int64_t)v->n_people});
    if (rc >= 0)
        collection_page_refund_draft(&rp->body, rq->frame, v);
    return rc < 0 ? rc : OK;
}

int refund_show_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_draft_view v = {0};
    return show_draft(w, rq, rp, &v);
}

static int audit_draft(struct work *w, const char *what)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                               .purpose = STR("collection.refund"),
                                               .query = str_of(what),
                                               .count = -1});
}

int refund_confirm_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_confirm_form form;
    struct collection_refund_draft_view v = {.refund_confirm = &form};
    struct collection_refund_draft_by_no_row d;
    char day[11];
    int rc = collection_refund_confirm_form_read(&w->cx, rq, &form);
    bool is_wrong = rc == ERR_INVALID;

    if (rc < 0 && !is_wrong)
        return rc;
    error_clear(&w->cx);
    rc = find_draft(w, rq, &d);
    if (rc >= 0 && !is_wrong &&
        (form.debtors != d.debtors || form.overpaid.n != d.overpaid_yen.n)) {
        form_problem(&w->cx, &form.state, "overpaid", "collection.refund.totals_differ", NULL);
        is_wrong = true;
    }
    if (rc >= 0 && is_wrong) {
        rp->status = 422;
        return show_draft(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : audit_draft(w, "confirm");
    if (rc < 0)
        return rc;
    ymd_format(form.notice_date, day);
    return reply_job(w, rq, rp, "refund-confirm",
                     str_format(w->cx.arena, "draft=%lld debtors=%lld overpaid=%lld notice-date=%s",
                                (long long)d.draft_no, (long long)form.debtors,
                                (long long)form.overpaid.n, day));
}

int refund_drop_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_drop_form form;
    struct collection_refund_draft_view v = {.refund_drop = &form};
    int64_t no = 0;
    int rc = collection_refund_drop_form_read(&w->cx, rq, &form);

    if (rc >= 0 && !form.sure) {
        form_problem(&w->cx, &form.state, "sure", "levy.draft.sure", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_draft(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : audit_draft(w, "drop");
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "refund-drop",
                              str_format(w->cx.arena, "draft=%lld", (long long)no));
}

/* All notices of a confirmed draft: a job, as it may be many. */
int refund_print_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_notices_form form;
    int64_t no = 0;
    int rc = collection_refund_notices_form_read(&w->cx, rq, &form);

    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &no);
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "refund-notices",
                              str_format(w->cx.arena, "draft=%lld", (long long)no));
}

/* --- one person ---------------------------------------------------------------------------------
 */

static int view_case(struct work *w, const struct overpaid_case *c,
                     struct collection_refund_person_view *v)
{
    struct collection_refund_person_lines_row *rows =
        ARENA_ARRAY(w->cx.arena, c->n_lines + 1, struct collection_refund_person_lines_row);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < c->n_lines; i++) {
        const struct refund_line *x = &c->lines[i];
        const struct refund_instalment *from = &c->rows[x->from];
        const struct refund_instalment *to = &c->rows[x->to];
        rows[i] = (struct collection_refund_person_lines_row){
            .source = refund_debt_text(w, from->levy_year, from->notice_no),
            .instalment = from->number,
            .kind = refund_kind_message((int)x->kind),
            .target = refund_debt_text(w, to->levy_year, to->notice_no),
            .target_no = to->number,
            .cause = refund_cause_message(refund_cause_of(x)),
            .yen = x->yen,
            .interest = x->interest,
            .is_refund = x->kind == LINE_REFUND};
    }
    v->lines = rows;
    v->n_lines = c->n_lines;
    v->has_case = c->n_lines > 0;
    v->overpaid = c->overpaid;
    v->appropriated = c->appropriated;
    v->refund = c->refunded;
    v->no_interest = !c->is_interest_known;
    return OK;
}

static int view_history(struct work *w, int64_t debtor_id, struct collection_refund_person_view *v)
{
    const struct collection_refunds_newest_in q = {debtor_id, REFUNDS_SHOWN, w->asof};
    struct collection_refunds_newest_list list;
    const int rc = collection_refunds_newest(&w->cx, w->store, &q, &list);
    struct collection_refund_person_refunds_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refund_person_refunds_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_refunds_newest_row *r = &list.rows[i];
        rows[i] = (struct collection_refund_person_refunds_row){
            r->decided_year,
            r->refund_no,
            r->decided_ymd,
            r->appropriated_yen,
            r->refund_yen,
            refund_state_message(r->refund_yen.n + r->interest_yen.n > 0,
                                 r->claim_state_null ? 0 : r->claim_state,
                                 r->payment_state_null ? 0 : r->payment_state)};
    }
    v->refunds = rows;
    v->n_refunds = list.n;
    return OK;
}

static int find_person(struct work *w, const struct request *rq, struct person *out)
{
    int64_t id = 0;
    int rc = party_person_by_no(w, rq->part[0], &id);

    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.refund.person", NULL);
    return rc < 0 ? rc : party_person(w, id, out);
}

static int show_person(struct work *w, struct request *rq, struct reply *rp,
                       struct collection_refund_enter_form *form)
{
    struct collection_refund_enter_form fresh;
    struct collection_refund_person_view v = {.today = w->today,
                                              .may_edit = work_may(w, RIGHT_COLLECTION_EDIT)};
    struct overpaid_case c;
    struct person p;
    int rc = find_person(w, rq, &p);

    collection_refund_enter_form_init(&fresh);
    fresh.notice_date = w->today;
    v.refund_enter = form ? form : &fresh;
    if (rc < 0)
        return rc;
    v.person_no = p.person_no;
    v.name = p.name;
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                             .person_id = p.person_id,
                                             .purpose = STR("collection.refund"),
                                             .query = STR(""),
                                             .count = 1});
    rc = rc < 0 ? rc : refund_case_read(w, p.person_id, w->today, w->today, &c);
    rc = rc < 0 ? rc : view_case(w, &c, &v);
    rc = rc < 0 ? rc : view_history(w, p.person_id, &v);
    if (rc >= 0)
        collection_page_refund_person(&rp->body, rq->frame, &v);
    return rc < 0 ? rc : OK;
}

int refund_show_person(struct work *w, struct request *rq, struct reply *rp)
{
    return show_person(w, rq, rp, NULL);
}

int refund_enter_person(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_enter_form form;
    struct person p;
    int64_t event_no = 0;
    int rc = collection_refund_enter_form_read(&w->cx, rq, &form);
    bool is_wrong = rc == ERR_INVALID;

    if (rc < 0 && !is_wrong)
        return rc;
    error_clear(&w->cx);
    rc = find_person(w, rq, &p);
    if (rc >= 0 && !is_wrong) {
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .person_id = p.person_id,
                                                 .purpose = STR("collection.refund"),
                                                 .query = STR(""),
                                                 .count = 1});
        rc = rc < 0 ? rc : refund_enter(w, p.person_id, form.notice_date, form.overpaid, &event_no);
        if (rc == ERR_STALE) {
            error_clear(&w->cx);
            form_problem(&w->cx, &form.state, "overpaid", "collection.refund.totals_differ", NULL);
            is_wrong = true;
            rc = OK;
        }
    }
    if (rc >= 0 && is_wrong) {
        rp->status = 422;
        return show_person(w, rq, rp, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = message_words(rc > 0 ? "collection.refund.waits" : "collection.refund.done");
    return reply_redirect(rq, rp, "/collection/refunds/person/" STR_FMT, STR_ARG(p.person_no));
}
