/* One decision on screen: its lines and papers, the request that came back, the payment. */
#include "desk/collection/refund_page.h"
#include "collection_pages.h"
#include "desk/collection/debit_pages.h"

#include <stdio.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct yen refund_payable(const struct refund_decision *d)
{
    return yen_add(d->refunded, yen_add(d->interest, d->appropriation_interest));
}

const char *account_kind_message(struct str kind)
{
    return str_is(kind, "1")   ? "collection.account.1"
           : str_is(kind, "2") ? "collection.account.2"
           : str_is(kind, "4") ? "collection.account.4"
                               : "collection.account.9";
}

struct str refund_debt_text(struct work *w, int64_t year, int64_t notice_no)
{
    const struct str s =
        str_format(w->cx.arena, STR_FMT " %010lld", STR_ARG(levy_year_label(&w->cx, (int)year)),
                   (long long)notice_no);
    return s.p ? s : STR("");
}

static int find(struct work *w, const struct request *rq, struct refund_decision *out)
{
    int64_t year = 0;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &year);

    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 1, &no);
    rc = rc < 0 ? rc : refund_find(w, (int)year, no, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.refund.none", NULL) : rc;
}

/* --- viewing ------------------------------------------------------------------------------------
 */

static int view_lines(struct work *w, const struct refund_decision *d,
                      struct collection_refund_one_view *v)
{
    const struct collection_refund_lines_in q = {d->refund_id};
    struct collection_refund_lines_list list;
    const int rc = collection_refund_lines(&w->cx, w->store, &q, &list);
    struct collection_refund_one_lines_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refund_one_lines_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_refund_lines_row *x = &list.rows[i];
        rows[i] = (struct collection_refund_one_lines_row){
            .source = refund_debt_text(w, x->levy_year, x->notice_no),
            .instalment = x->number,
            .kind = refund_kind_message((int)x->kind),
            .target =
                x->to_liability_id ? refund_debt_text(w, x->to_year, x->to_notice_no) : STR(""),
            .target_no = x->to_number,
            .cause = refund_cause_message(x->cause),
            .paid = x->paid_ymd,
            .yen = x->yen,
            .interest = x->interest_yen,
            .booked = levy_year_label(&w->cx, (int)x->booked_year),
            .is_refund = x->kind == LINE_REFUND,
            .is_prior = x->is_prior};
    }
    v->lines = rows;
    v->n_lines = list.n;
    return OK;
}

static int view_claim(struct work *w, const struct refund_decision *d,
                      struct collection_refund_one_view *v, int64_t *state)
{
    const struct collection_refund_claim_now_in q = {d->refund_id};
    struct collection_refund_claim_now_row c;
    struct bank_name bank;
    const int rc = collection_refund_claim_now(&w->cx, w->store, &q, &c);

    *state = rc > 0 ? c.state : 0;
    v->has_claim = rc > 0;
    v->bank = v->account = v->holder = v->purpose = STR("");
    v->claim_way = v->claim_state = "collection.claim.0";
    if (rc <= 0)
        return rc;
    v->claimed = c.claimed_ymd;
    v->claim_way = str_is(c.way, "public") ? "collection.claim.public" : "collection.claim.form";
    v->claim_state = c.state == CLAIM_ASKED        ? "collection.claim.2"
                     : c.state == CLAIM_NO_ACCOUNT ? "collection.claim.3"
                                                   : "collection.claim.1";
    v->purpose = c.purpose_code;
    if (c.account_no.n == 0)
        return OK;
    (void)bank_find(c.bank_code, c.branch_code, &bank);
    v->bank =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(bank.bank.p ? bank.bank : c.bank_code),
                   STR_ARG(bank.branch.p ? bank.branch : c.branch_code));
    v->account = str_format(w->cx.arena, STR_FMT " " STR_FMT,
                            STR_ARG(message_words(account_kind_message(c.account_kind))),
                            STR_ARG(c.account_no));
    v->holder = c.holder;
    return v->bank.p && v->account.p ? OK : no_memory(w);
}

static const char *payment_message(int64_t state)
{
    static const char *const ids[] = {"collection.payment.1", "collection.payment.2",
                                      "collection.payment.3", "collection.payment.4",
                                      "collection.payment.5"};
    return state >= 1 && state <= 5 ? ids[state - 1] : "collection.payment.0";
}

/* Reasons are written by hand, or the figure of the bank's file. */
static struct str reason_words(struct work *w, struct str reason)
{
    return reason.n == 1 ? message_words(debit_message(w, "answer", reason)) : reason;
}

static int view_payments(struct work *w, const struct refund_decision *d,
                         struct collection_refund_one_view *v, int64_t *state)
{
    const struct collection_refund_payments_all_in q = {d->refund_id};
    struct collection_refund_payments_all_list list;
    const int rc = collection_refund_payments_all(&w->cx, w->store, &q, &list);
    struct collection_refund_one_payments_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_refund_one_payments_row);

    *state = 0;
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_refund_payments_all_row *p = &list.rows[i];
        rows[i] = (struct collection_refund_one_payments_row){p->attempt,
                                                              payment_message(p->state),
                                                              yen_add(p->yen, p->interest_yen),
                                                              p->ordered_ymd,
                                                              p->paid_ymd,
                                                              p->order_no,
                                                              reason_words(w, p->reason),
                                                              p->is_open};
        *state = p->is_open ? p->state : *state;
        if (i > 0 && p->state == PAYMENT_FAILED && list.rows[i - 1].state == PAYMENT_PAID) {
            rows[i].stand = "collection.payment.returned";
            v->is_returned |= p->is_open;
        }
    }
    v->payments = rows;
    v->n_payments = list.n;
    return OK;
}

static int view_people(struct work *w, const struct refund_decision *d,
                       struct collection_refund_one_view *v)
{
    const struct collection_refund_user_in ids[2] = {{d->drafted_by}, {d->decided_by}};
    struct str *names[2] = {&v->drafted_by, &v->decided_by};
    struct person p;
    int rc = party_person(w, d->debtor_id, &p);

    v->person_no = rc < 0 ? STR("") : p.person_no;
    v->name = rc < 0 ? STR("") : p.name;
    for (int i = 0; i < 2 && rc >= 0; i++) {
        struct collection_refund_user_row r;
        rc = collection_refund_user(&w->cx, w->store, &ids[i], &r);
        *names[i] = rc > 0 ? r.full_name : STR("");
    }
    return rc < 0 ? rc : OK;
}

static void view_decision(const struct refund_decision *d, struct ymd today,
                          struct collection_refund_one_view *v)
{
    v->year = d->year;
    v->no = d->no;
    v->decided = d->decided;
    v->limit = d->limit;
    v->is_lapsed = ymd_compare(today, d->limit) > 0;
    v->cause = refund_cause_message(d->basis);
    v->overpaid = d->overpaid;
    v->appropriated = d->appropriated;
    v->refund = d->refunded;
    v->interest = yen_add(d->interest, d->appropriation_interest);
    v->payable = refund_payable(d);
    v->no_interest = !d->is_interest_known;
    v->needs_order = v->payable.n > 0;
}

struct one_forms {
    struct collection_claim_form claim;
    struct collection_claim_public_form public;
    struct collection_claim_answer_form answer;
    struct collection_pay_result_form result;
    struct collection_pay_returned_form returned;
};

static void fresh_forms(struct work *w, struct one_forms *f, struct collection_refund_one_view *v)
{
    collection_claim_form_init(&f->claim);
    collection_claim_public_form_init(&f->public);
    collection_claim_answer_form_init(&f->answer);
    collection_pay_result_form_init(&f->result);
    collection_pay_returned_form_init(&f->returned);
    f->claim.claimed = f->public.asked_on = f->result.paid_on = w->today;
    v->claim = v->claim ? v->claim : &f->claim;
    v->claim_public = v->claim_public ? v->claim_public : &f->public;
    v->claim_answer = v->claim_answer ? v->claim_answer : &f->answer;
    v->pay_result = v->pay_result ? v->pay_result : &f->result;
    f->returned.returned_on = w->today;
    v->pay_returned = v->pay_returned ? v->pay_returned : &f->returned;
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                struct collection_refund_one_view *v)
{
    const bool may = work_may(w, RIGHT_COLLECTION_EDIT);
    struct refund_decision d;
    struct one_forms forms;
    int64_t claim = 0;
    int64_t payment = 0;
    int rc = find(w, rq, &d);

    if (rc < 0)
        return rc;
    fresh_forms(w, &forms, v);
    view_decision(&d, w->today, v);
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                             .person_id = d.debtor_id,
                                             .purpose = STR("collection.refund"),
                                             .query = STR(""),
                                             .count = 1});
    rc = rc < 0 ? rc : view_people(w, &d, v);
    rc = rc < 0 ? rc : view_lines(w, &d, v);
    rc = rc < 0 ? rc : view_claim(w, &d, v, &claim);
    rc = rc < 0 ? rc : view_payments(w, &d, v, &payment);
    v->stand = refund_state_message(v->needs_order, claim, payment);
    v->is_failed = payment == PAYMENT_FAILED || claim == CLAIM_NO_ACCOUNT;
    v->may_claim = may && v->needs_order && !v->is_lapsed && claim != CLAIM_ASKED &&
                   (payment == 0 || payment == PAYMENT_FAILED);
    v->may_answer = may && claim == CLAIM_ASKED;
    v->may_result = may && payment == PAYMENT_SENT;
    v->may_return = may && payment == PAYMENT_PAID;
    v->may_print = work_may(w, RIGHT_PRINT);
    if (rc >= 0)
        collection_page_refund_one(&rp->body, rq->frame, v);
    return rc < 0 ? rc : OK;
}

int refund_show_one(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_refund_one_view v = {0};
    return show(w, rq, rp, &v);
}

/* --- what is keyed in ---------------------------------------------------------------------------
 */

static int audit_change(struct work *w, const struct refund_decision *d, const char *purpose)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                               .person_id = d->debtor_id,
                                               .purpose = str_of(purpose),
                                               .query = STR(""),
                                               .count = 1});
}

static int back(struct work *w, struct request *rq, struct reply *rp,
                const struct refund_decision *d, const char *message)
{
    (void)w;
    rp->notice = message_words(message);
    return reply_redirect(rq, rp, "/collection/refund/%d/%d", d->year, d->no);
}

/* What the desk refuses stands at the field it concerns. */
static int again(struct work *w, struct request *rq, struct reply *rp, struct form_state *state,
                 const char *field, struct collection_refund_one_view *v)
{
    const struct error e = w->cx.error;

    error_clear(&w->cx);
    if (e.message[0])
        form_problem(&w->cx, state, field, e.message, NULL);
    rp->status = 422;
    return show(w, rq, rp, v);
}

static bool is_of_the_form(int rc)
{
    return rc == ERR_INVALID || rc == ERR_RANGE;
}

int refund_save_claim(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_claim_form f;
    struct collection_refund_one_view v = {.claim = &f};
    struct refund_decision d;
    int rc = collection_claim_form_read(&w->cx, rq, &f);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        return again(w, rq, rp, &f.state, "claimed", &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : audit_change(w, &d, "collection.refund_claim");
    if (rc < 0)
        return rc;
    const struct refund_claim c = {.refund_id = d.refund_id,
                                   .account = {f.bank, f.branch, f.account_kind, f.number,
                                               f.holder},
                                   .claimed = f.claimed,
                                   .note = f.note};
    rc = refund_claim_enter(w, &c);
    if (is_of_the_form(rc)) {
        const char *at = w->cx.error.field;
        const char *field = str_is(str_of(at), "kind") ? "account_kind" : *at ? at : "claimed";
        char name[128];
        (void)snprintf(name, sizeof name, "%s", field);
        return again(w, rq, rp, &f.state, name, &v);
    }
    return rc < 0 ? rc
                  : back(w, rq, rp, &d,
                         rc > 0 ? "collection.refund.waits" : "collection.refund.claimed_now");
}

int refund_save_public(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_claim_public_form f;
    struct collection_refund_one_view v = {.claim_public = &f};
    struct refund_decision d;
    int rc = collection_claim_public_form_read(&w->cx, rq, &f);

    if (rc >= 0 && !f.wishes) { /* without the mark nobody is asked */
        form_problem(&w->cx, &f.state, "wishes", "collection.refund.no_wish", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        return again(w, rq, rp, &f.state, "wishes", &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : audit_change(w, &d, "collection.refund_claim");
    if (rc < 0)
        return rc;
    const struct refund_claim c = {.refund_id = d.refund_id,
                                   .is_public = true,
                                   .claimed = f.asked_on,
                                   .note = STR("")};
    rc = refund_claim_enter(w, &c);
    if (is_of_the_form(rc))
        return again(w, rq, rp, &f.state, "asked_on", &v);
    return rc < 0 ? rc
                  : back(w, rq, rp, &d,
                         rc > 0 ? "collection.refund.waits" : "collection.refund.claimed_now");
}

int refund_save_answer(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_claim_answer_form f;
    struct collection_refund_one_view v = {.claim_answer = &f};
    struct refund_decision d;
    int rc = collection_claim_answer_form_read(&w->cx, rq, &f);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        return again(w, rq, rp, &f.state, "answer", &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : audit_change(w, &d, "collection.refund_account");
    if (rc < 0)
        return rc;
    const struct refund_account a = {f.answer_bank, f.answer_branch, f.answer_kind, f.answer_number,
                                     f.answer_holder};
    rc = refund_account_answer(w, d.refund_id, str_is(f.answer, "found") ? &a : NULL);
    if (is_of_the_form(rc)) {
        char name[128];
        (void)snprintf(name, sizeof name, "answer_%s",
                       w->cx.error.field[0] ? w->cx.error.field : "bank");
        return again(w, rq, rp, &f.state, name, &v);
    }
    return rc < 0 ? rc : back(w, rq, rp, &d, "collection.refund.answered");
}

/* What the bank did with the newest attempt: paid, not paid, or paid and given back. */
struct bank_word {
    enum { WORD_PAID, WORD_FAILED, WORD_RETURNED } kind;
    struct ymd day;
    struct str reason;
};

static int put_word(struct work *w, int64_t event_no, struct str reference,
                    const struct bank_word *said)
{
    return said->kind == WORD_RETURNED
               ? refund_transfer_returned(w, event_no, reference, said->day, said->reason)
               : refund_transfer_result(w, event_no, reference, said->kind == WORD_PAID, said->day,
                                        said->reason);
}

static int write_word(struct work *w, const struct refund_decision *d, const struct bank_word *said)
{
    const struct collection_refund_payment_now_in q = {d->refund_id};
    struct collection_refund_payment_now_row p;
    struct event e = work_event(w, "collection.refund_result");
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    e.person_id = d->debtor_id;
    e.effective = said->day;
    rc = collection_refund_payment_now(&w->cx, w->store, &q, &p);
    if (rc == 0)
        rc = fail(&w->cx, ERR_STALE,
                  said->kind == WORD_RETURNED ? "collection.refund.not_paid"
                                              : "collection.refund.not_sent",
                  NULL);
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : put_word(w, e.no, refund_reference(w, d->year, d->no, p.attempt), said);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int refund_save_result(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_pay_result_form f;
    struct collection_refund_one_view v = {.pay_result = &f};
    struct refund_decision d;
    int rc = collection_pay_result_form_read(&w->cx, rq, &f);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        return again(w, rq, rp, &f.state, "outcome", &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : audit_change(w, &d, "collection.refund_result");
    rc = rc < 0
             ? rc
             : write_word(w, &d,
                          &(struct bank_word){str_is(f.outcome, "paid") ? WORD_PAID : WORD_FAILED,
                                              f.paid_on, str_or_empty(f.reason)});
    if (is_of_the_form(rc))
        return again(w, rq, rp, &f.state, "reason", &v);
    return rc < 0 ? rc : back(w, rq, rp, &d, "collection.refund.result_taken");
}

int refund_save_returned(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_pay_returned_form f;
    struct collection_refund_one_view v = {.pay_returned = &f};
    struct refund_decision d;
    int rc = collection_pay_returned_form_read(&w->cx, rq, &f);

    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        return again(w, rq, rp, &f.state, "returned_on", &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : audit_change(w, &d, "collection.refund_result");
    rc = rc < 0 ? rc : write_word(w, &d, &(struct bank_word){WORD_RETURNED, f.returned_on, f.why});
    if (is_of_the_form(rc))
        return again(w, rq, rp, &f.state, "returned_on", &v);
    return rc < 0 ? rc : back(w, rq, rp, &d, "collection.refund.returned_now");
}

/* --- papers -------------------------------------------------------------------------------------
 */

static int print(struct work *w, struct request *rq, struct reply *rp, const char *form)
{
    struct refund_decision d;
    struct text pdf;
    int rc = find(w, rq, &d);

    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                      .person_id = d.debtor_id,
                                                      .purpose = STR("collection.refund_papers"),
                                                      .query = str_of(form),
                                                      .count = 1});
    if (rc < 0)
        return rc;
    text_init(&pdf, (size_t)64 << 20);
    rc = refund_papers(w, form, &d, 1, &pdf);
    rc = rc < 0
             ? rc
             : sheet_send(w, rp, &pdf, str_format(w->cx.arena, "%s-%d-%d.pdf", form, d.year, d.no));
    text_release(&pdf);
    return rc;
}

int refund_print_notice(struct work *w, struct request *rq, struct reply *rp)
{
    return print(w, rq, rp, "refund_notice");
}

int refund_print_decision(struct work *w, struct request *rq, struct reply *rp)
{
    return print(w, rq, rp, "refund_decision");
}

int refund_print_order(struct work *w, struct request *rq, struct reply *rp)
{
    return print(w, rq, rp, "payment_order");
}
