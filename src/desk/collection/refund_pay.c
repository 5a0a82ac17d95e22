/*
 * The payment of a refund: ordered when there is an account, taken by the finance system with its
 * number, handed to the bank, paid or failed. Only what was paid is posted; a failed one waits for
 * another account. Money that comes back after it was paid is posted back, and waits the same way.
 */
#include "desk/collection/refund_inner.h"

enum { PAYMENTS_AT_ONCE = 20000 };

struct str refund_reference(struct work *w, int64_t year, int64_t no, int64_t attempt)
{
    const struct str s = str_format(w->cx.arena, "R%lld-%lld-%lld", (long long)year, (long long)no,
                                    (long long)attempt);
    return s.p ? s : STR("");
}

static int put(struct work *w, int64_t event_no, struct collection_refund_payment *row)
{
    row->known_from = event_no;
    const int rc = store_ids(&w->cx, w->store, 1, &row->refund_payment_id);
    return rc < 0 ? rc : collection_refund_payment_insert(&w->cx, w->store, row);
}

static struct collection_refund_payment row_of(const struct collection_refund_payment_now_row *p,
                                               int state)
{
    return (struct collection_refund_payment){.refund_id = p->refund_id,
                                              .attempt = p->attempt,
                                              .state = state,
                                              .yen = p->yen,
                                              .interest_yen = p->interest_yen,
                                              .ordered_ymd = p->ordered_ymd,
                                              .paid_ymd = p->paid_ymd,
                                              .order_no = p->order_no,
                                              .reason = STR("")};
}

/* The state in force gives way to the next. */
static int advance(struct work *w, int64_t event_no,
                   const struct collection_refund_payment_now_row *p,
                   struct collection_refund_payment *next)
{
    const int rc =
        collection_refund_payment_close(&w->cx, w->store, p->refund_payment_id, event_no);
    return rc < 0 ? rc : put(w, event_no, next);
}

int refund_order(struct work *w, int64_t event_no, int64_t refund_id)
{
    const struct collection_refund_key_in key = {refund_id};
    const struct collection_refund_payment_now_in q = {refund_id};
    struct collection_refund_key_row k;
    struct collection_refund_payment_now_row before = {.attempt = 0};
    struct refund_decision d;
    int rc = collection_refund_key(&w->cx, w->store, &key, &k);

    rc = rc <= 0 ? rc : refund_find(w, (int)k.decided_year, k.refund_no, &d);
    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "collection.refund.none", NULL);
    rc = collection_refund_payment_now(&w->cx, w->store, &q, &before);
    struct collection_refund_payment row = {.refund_id = refund_id,
                                            .attempt = (rc > 0 ? before.attempt : 0) + 1,
                                            .state = PAYMENT_ORDERED,
                                            .yen = d.refunded,
                                            .interest_yen =
                                                yen_add(d.interest, d.appropriation_interest),
                                            .ordered_ymd = w->today,
                                            .paid_ymd = YMD_NONE,
                                            .order_no = STR(""),
                                            .reason = STR("")};
    return rc < 0 ? rc : rc > 0 ? advance(w, event_no, &before, &row) : put(w, event_no, &row);
}

/* --- by reference -------------------------------------------------------------------------------
 */

static int find(struct work *w, struct str reference, struct collection_refund_payment_now_row *out)
{
    struct str rest = {reference.p + 1, reference.n > 0 ? reference.n - 1 : 0};
    int64_t year = 0;
    int64_t no = 0;
    int64_t attempt = 0;
    struct refund_decision d;
    const bool is_right = reference.n > 1 && reference.p[0] == 'R' &&
                          str_to_int(str_cut(&rest, '-'), &year) &&
                          str_to_int(str_cut(&rest, '-'), &no) && str_to_int(rest, &attempt);
    int rc = is_right ? refund_find(w, (int)year, no, &d) : 0;
    const struct collection_refund_payment_now_in q = {rc > 0 ? d.refund_id : 0};

    rc = rc <= 0 ? rc : collection_refund_payment_now(&w->cx, w->store, &q, out);
    if (rc < 0 || (rc > 0 && out->attempt == attempt))
        return rc;
    return fail(&w->cx, ERR_NOT_FOUND, "collection.refund.reference", STR_FMT, STR_ARG(reference));
}

int refund_order_accepted(struct work *w, int64_t event_no, struct str reference,
                          struct str order_no)
{
    struct collection_refund_payment_now_row p;
    int rc = order_no.n > 0 ? find(w, reference, &p)
                            : fail(&w->cx, ERR_INVALID, "collection.refund.order_no", STR_FMT,
                                   STR_ARG(reference));

    if (rc >= 0 && p.state != PAYMENT_ORDERED)
        return str_equal(p.order_no, order_no)
                   ? OK
                   : fail(&w->cx, ERR_STALE, "collection.refund.order_taken", STR_FMT,
                          STR_ARG(reference));
    if (rc < 0)
        return rc;
    struct collection_refund_payment row = row_of(&p, PAYMENT_ACCEPTED);
    row.order_no = order_no;
    return advance(w, event_no, &p, &row);
}

/* --- the bank -----------------------------------------------------------------------------------
 */

int refund_transfers_send(struct work *w, int64_t event_no, struct refund_transfers *out)
{
    const struct collection_refund_payments_in_in q = {PAYMENT_ACCEPTED, 0, PAYMENTS_AT_ONCE};
    struct collection_refund_payments_in_list list;
    int rc = collection_refund_payments_in(&w->cx, w->store, &q, &list);

    *out = (struct refund_transfers){
        .rows = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct refund_transfer)};
    if (rc >= 0 && !out->rows)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_refund_payments_in_row *p = &list.rows[i];
        const struct collection_refund_payment_now_in now = {p->refund_id};
        struct collection_refund_payment_now_row before;
        out->rows[out->n++] =
            (struct refund_transfer){.bank = p->bank_code,
                                     .branch = p->branch_code,
                                     .kind = p->account_kind,
                                     .number = p->account_no,
                                     .kana = p->holder,
                                     .yen = yen_add(p->yen, p->interest_yen),
                                     .reference = refund_reference(w, p->decided_year, p->refund_no,
                                                                   p->attempt)};
        rc = collection_refund_payment_now(&w->cx, w->store, &now, &before);
        struct collection_refund_payment row = row_of(&before, PAYMENT_SENT);
        rc = rc < 0 ? rc : advance(w, event_no, &before, &row);
    }
    return rc < 0 ? error_add(&w->cx, "hand refunds to the bank") : OK;
}

/* --- what was paid ------------------------------------------------------------------------------
 */

struct paying {
    struct entry *entries;
    struct posting *postings;
    size_t n_entries, n_postings;
    struct ymd day;
    bool is_return; /* the same entries the other way round */
};

static struct entry *open_entry(struct paying *p, const char *kind,
                                const struct collection_refund_lines_row *x, int year)
{
    struct entry *e = &p->entries[p->n_entries++];

    *e = (struct entry){.kind = str_of(kind),
                        .liability_id = x->liability_id,
                        .accounting = p->day,
                        .value = p->day,
                        .postings = &p->postings[p->n_postings],
                        .booked_year = year};
    return e;
}

/* From one account to another; a return goes the other way. */
static void put_pair(struct paying *p, struct entry *e, int number, const enum account account[2],
                     struct yen yen, const struct yen *part)
{
    const int64_t sign = p->is_return ? -1 : 1;
    struct posting *at = &p->postings[p->n_postings];

    for (int i = 0; i < 2; i++) {
        const int64_t side = i == 0 ? sign : -sign;
        at[i] = (struct posting){.number = number, .account = account[i], .yen = YEN(side * yen.n)};
        for (int k = 0; part && k < LEVY_PARTS; k++)
            at[i].part[k] = YEN(side * part[k].n);
    }
    e->n = 2;
    p->n_postings += 2;
}

static void pay_line(struct paying *p, const struct collection_refund_lines_row *x,
                     int64_t refund_id)
{
    static const char *const kinds[2][2] = {{"refund_paid", "refund_paid_prior"},
                                            {"refund_returned", "refund_returned_prior"}};
    static const enum account refund[2] = {ACCOUNT_REFUND_DUE, ACCOUNT_REFUNDED},
                              interest[2] = {ACCOUNT_REFUND_INTEREST, ACCOUNT_CASH};
    const struct yen part[LEVY_PARTS] = {x->medical_yen, x->support_yen, x->care_yen, x->child_yen};
    const int year = booked_year((int)x->received_year, p->day);

    if (x->kind == LINE_REFUND) {
        struct entry *e = open_entry(p, kinds[p->is_return][year != x->received_year], x, year);
        put_pair(p, e, (int)x->number, refund, x->yen, part);
        e->basis_id = refund_id;
    }
    if (x->interest_yen.n > 0) {
        struct entry *e =
            open_entry(p, p->is_return ? "refund_interest_returned" : "refund_interest", x,
                       ymd_fiscal_year(p->day));
        put_pair(p, e, (int)x->number, interest, x->interest_yen, NULL);
        e->basis_id = refund_id;
    }
}

static int post_paid(struct work *w, int64_t event_no, int64_t refund_id, struct paying p)
{
    const struct collection_refund_lines_in q = {refund_id};
    struct collection_refund_lines_list list;
    const int rc = collection_refund_lines(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    p.entries = ARENA_ARRAY(w->cx.arena, 2 * list.n + 1, struct entry);
    p.postings = ARENA_ARRAY(w->cx.arena, 4 * list.n + 1, struct posting);
    if (!p.entries || !p.postings)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        pay_line(&p, &list.rows[i], refund_id);
    return ledger_post(w, event_no, p.entries, p.n_entries);
}

static int no_reason(struct work *w, struct str reference)
{
    return fail(&w->cx, ERR_INVALID, "collection.refund.fail_reason", STR_FMT, STR_ARG(reference));
}

int refund_transfer_result(struct work *w, int64_t event_no, struct str reference, bool is_paid,
                           struct ymd day, struct str reason)
{
    struct collection_refund_payment_now_row p;
    int rc = find(w, reference, &p);

    if (rc >= 0 && p.state != PAYMENT_SENT)
        return fail(&w->cx, ERR_STALE, "collection.refund.not_sent", STR_FMT, STR_ARG(reference));
    if (rc >= 0 && !is_paid && reason.n == 0)
        return no_reason(w, reference);
    if (rc < 0)
        return rc;
    struct collection_refund_payment row = row_of(&p, is_paid ? PAYMENT_PAID : PAYMENT_FAILED);
    row.paid_ymd = is_paid ? day : YMD_NONE;
    row.reason = is_paid ? STR("") : reason;
    rc = advance(w, event_no, &p, &row);
    return rc < 0 || !is_paid ? rc
                              : post_paid(w, event_no, p.refund_id, (struct paying){.day = day});
}

int refund_transfer_returned(struct work *w, int64_t event_no, struct str reference, struct ymd day,
                             struct str reason)
{
    struct collection_refund_payment_now_row p;
    int rc = find(w, reference, &p);

    if (rc >= 0 && p.state != PAYMENT_PAID)
        return fail(&w->cx, ERR_STALE, "collection.refund.not_paid", STR_FMT, STR_ARG(reference));
    if (rc >= 0 && reason.n == 0)
        return no_reason(w, reference);
    if (rc >= 0 &&
        (ymd_is_none(day) || ymd_compare(day, p.paid_ymd) < 0 || ymd_compare(day, w->today) > 0))
        return fail(&w->cx, ERR_INVALID, "collection.refund.returned_day", STR_FMT,
                    STR_ARG(reference));
    if (rc < 0)
        return rc;
    struct collection_refund_payment row = row_of(&p, PAYMENT_FAILED);
    row.paid_ymd = YMD_NONE;
    row.reason = reason;
    rc = advance(w, event_no, &p, &row);
    return rc < 0 ? rc
                  : post_paid(w, event_no, p.refund_id,
                              (struct paying){.day = day, .is_return = true});
}
