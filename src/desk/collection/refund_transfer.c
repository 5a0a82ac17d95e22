/* Refunds on their way to the bank: each is an order of a transfer file (総合振込), and the bank's
 * word on it closes the refund or opens it again. */
#include "desk/collection/refund.h"
#include "desk/collection/refund_inner.h"
#include "desk/collection/transfer.h"

enum { DAYS_AHEAD = 3 }; /* what a bank wants before the day of payment */

/* "R2026-12-1": year, number, attempt. */
static int refund_of(struct work *w, struct str reference, struct refund_decision *out)
{
    struct str rest = reference;
    int64_t year = 0;
    int64_t no = 0;

    if (rest.n > 0)
        rest = (struct str){rest.p + 1, rest.n - 1};
    const bool is_read =
        str_to_int(str_cut(&rest, '-'), &year) && str_to_int(str_cut(&rest, '-'), &no);
    const int rc = is_read ? refund_find(w, (int)year, no, out) : 0;
    return rc != 0 ? rc
                   : fail(&w->cx, ERR_NOT_FOUND, "collection.refund.reference", STR_FMT,
                          STR_ARG(reference));
}

int refund_transfers_order(struct work *w, int64_t event_no, const struct refund_transfers *list)
{
    int rc = OK;

    for (size_t i = 0; rc >= 0 && i < list->n; i++) {
        const struct refund_transfer *r = &list->rows[i];
        const struct transfer_account to = {r->bank, r->branch, r->kind, r->number, r->kana};
        struct refund_decision d;
        rc = refund_of(w, r->reference, &d);
        if (rc < 0)
            break;
        struct transfer t = {.person_id = d.debtor_id,
                             .basis = STR("refund"),
                             .basis_id = d.refund_id,
                             .order_no = r->reference,
                             .yen = r->yen,
                             .pay = ymd_add(w->today, DAYS_AHEAD)};
        rc = transfer_put_into(w, event_no, &t, &to);
    }
    return rc < 0 ? error_add(&w->cx, "order transfers of refunds") : OK;
}

/* Whether a transfer is of the attempt that the refund stands at; an earlier one's story is over.
 */
static int is_newest(struct work *w, const struct transfer *t)
{
    const struct collection_refund_key_in key = {t->basis_id};
    const struct collection_refund_payment_now_in q = {t->basis_id};
    struct collection_refund_key_row k;
    struct collection_refund_payment_now_row p;
    int rc = collection_refund_key(&w->cx, w->store, &key, &k);

    rc = rc <= 0 ? rc : collection_refund_payment_now(&w->cx, w->store, &q, &p);
    return rc <= 0 ? rc
                   : str_equal(t->order_no,
                               refund_reference(w, k.decided_year, k.refund_no, p.attempt));
}

/* transfer_fn. What was keyed on the refund's page before the file came stays as it was keyed, but
 * for money that was keyed as paid and did not arrive: that is owed again. */
int refund_transfer_heard(struct work *w, int64_t event_no, const struct transfer *t)
{
    const bool is_paid = t->state == TRANSFER_PAID;
    int rc = str_is(t->basis, "refund") ? is_newest(w, t) : 0;

    if (rc <= 0)
        return rc;
    const struct str reason =
        is_paid ? STR("") : str_format(w->cx.arena, "%.*s", STR_ARG(t->result));
    rc = refund_transfer_result(w, event_no, t->order_no, is_paid, t->pay, reason);
    if (rc == ERR_STALE && !is_paid) {
        error_clear(&w->cx);
        rc = refund_transfer_returned(w, event_no, t->order_no, w->today, reason);
    }
    if (rc != ERR_STALE)
        return rc;
    error_clear(&w->cx);
    return OK;
}
