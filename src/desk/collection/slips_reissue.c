/* Slips issued anew at the counter: the present balance, with the late charge up to a day. */
#include "collection_sql.h"
#include "desk/collection/counter.h"

static int one_slip(struct work *w, const struct letter_run *run, const struct slips_order *order,
                    const struct slip_wanted *wanted, struct form_data *out)
{
    const struct ymd until = ymd_compare(order->limit, w->today) < 0 ? w->today : order->limit;
    const struct collection_fee_due_in fee_of = {wanted->liability_id, wanted->number};
    struct collection_fee_due_row fee;
    struct late_instalment x;
    struct person p;
    int rc = late_of_instalment(w, wanted->liability_id, wanted->number, until, &x);
    if (rc == 0 || (rc > 0 && x.debtor_id != order->debtor_id)) {
        return fail(&w->cx, ERR_INVALID, "collection.slip.unknown", "%d", wanted->number);
    }
    rc = rc < 0 ? rc : late_known(w, &x);
    rc = rc < 0 ? rc : collection_fee_due(&w->cx, w->store, &fee_of, &fee);
    rc = rc < 0 ? rc : party_person(w, order->debtor_id, &p);
    if (rc < 0) {
        return rc;
    }
    if (x.balance.n + x.late_due.n + fee.yen.n <= 0) {
        return fail(&w->cx, ERR_INVALID, "collection.slip.paid", "%d", wanted->number);
    }
    struct slip_print slip = {.slip = {.liability_id = wanted->liability_id,
                                       .number = wanted->number,
                                       .kind = STR("reissue"),
                                       .yen = x.balance,
                                       .late = x.late_due,
                                       .fee = fee.yen,
                                       .limit = order->limit,
                                       .issued = w->today,
                                       .reason = order->reason},
                              .levy_year = x.c.levy_year,
                              .notice_no = x.notice_no};
    form_put_flag(out, "is_tax", str_is(x.c.kind, "nhi_tax"));
    return slip_put(run, &slip, out);
}

static int issue_all(struct work *w, const struct slips_order *order, int64_t event_no,
                     struct text *pdf)
{
    struct letter_run run;
    struct form_data data;
    struct addressee to;
    int rc = letter_run_open(w, &run);
    run.event_no = event_no;
    rc = rc < 0 ? rc : party_addressees(w, &order->debtor_id, 1, STR("collection"), &to);
    if (rc < 0) {
        return rc;
    }
    form_data_init(&data, w->cx.arena, to.person_no);
    letter_put_heads(&run, &to, &data);
    for (size_t i = 0; rc >= 0 && i < order->n; i++) {
        rc = one_slip(w, &run, order, &order->rows[i], &data);
    }
    return rc < 0 ? rc : letter_pdf(w, "reissued_slip", &data, pdf); /* undrawn: not issued */
}

int slips_reissue(struct work *w, const struct slips_order *order, struct text *pdf)
{
    struct event e = work_event(w, "collection.slip");
    if (order->n == 0) {
        return fail(&w->cx, ERR_INVALID, "collection.slip.nothing", NULL);
    }
    if (ymd_compare(order->limit, w->today) < 0) {
        return fail(&w->cx, ERR_INVALID, "collection.slip.limit", NULL);
    }
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                 .person_id = order->debtor_id,
                                                 .purpose = order->reason,
                                                 .query = STR("collection.slip"),
                                                 .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    e.person_id = order->debtor_id;
    e.reason = order->reason;
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : issue_all(w, order, e.no, pdf);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}
