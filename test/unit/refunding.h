/*
 * refunding: overpayments in a levied town, drafted and decided; for the tests of refunds and of
 * what finance is told.
 */
#ifndef TEST_REFUNDING_H
#define TEST_REFUNDING_H

#include "collecting.h"

#include "desk/collection/refund_inner.h"

static struct actor refunding_clerk, refunding_clerk2;

static inline void refunding_start(void)
{
    collecting_start();
    refunding_clerk = levy_town_actor(ROLE_CLERK, 93);
    refunding_clerk2 = levy_town_actor(ROLE_CLERK, 94);
}

/* What is irregular is posted at once: every overpayment is one. */
static inline void hold_nothing(struct town *t)
{
    TOWN_OK(t, setting_set(&t->w, "collection.hold", STR("none"), STR("test")));
}

static inline struct collection_refund_draft_by_no_row draft_refunds(struct town *t)
{
    const struct actor *before = t->w.actor;
    const struct collection_refund_draft_by_no_in q = {0};
    struct collection_refund_draft_by_no_row d;
    int64_t job = 0;
    char day[11];

    ymd_format(t->w.today, day);
    t->w.actor = &refunding_clerk;
    TOWN_OK(t, job_run(&t->w, "refund-draft", levy_town_options(t, "as-of=%s", day), &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, collection_refund_draft_by_no(&t->w.cx, t->w.store, &q, &d)), 1);
    return d;
}

static inline int confirm_refunds(struct town *t, const struct collection_refund_draft_by_no_row *d,
                                  const struct actor *by)
{
    const struct actor *before = t->w.actor;
    int64_t job = 0;
    char day[11];

    ymd_format(t->w.today, day);
    t->w.actor = by;
    const int rc =
        job_run(&t->w, "refund-confirm",
                levy_town_options(t, "draft=%lld debtors=%lld overpaid=%lld notice-date=%s",
                                  (long long)d->draft_no, (long long)d->debtors,
                                  (long long)d->overpaid_yen.n, day),
                &job);
    t->w.actor = before;
    return rc;
}

/* Drafts and decides what there is. */
static inline void decide_refunds(struct town *t)
{
    const struct collection_refund_draft_by_no_row d = draft_refunds(t);
    TOWN_OK(t, confirm_refunds(t, &d, &collecting_chief));
}

static inline struct refund_decision newest_refund(struct town *t)
{
    const struct collection_refunds_newest_in q = {0, 1, t->w.asof};
    struct collection_refunds_newest_list list;
    struct refund_decision d;

    TOWN_OK(t, collection_refunds_newest(&t->w.cx, t->w.store, &q, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(TOWN_OK(t, refund_find(&t->w, (int)list.rows[0].decided_year,
                                            list.rows[0].refund_no, &d)),
                     1);
    return d;
}

static inline struct collection_refund_payment_now_row payment_of(struct town *t, int64_t refund_id)
{
    const struct collection_refund_payment_now_in q = {refund_id};
    struct collection_refund_payment_now_row p;
    assert_int_equal(TOWN_OK(t, collection_refund_payment_now(&t->w.cx, t->w.store, &q, &p)), 1);
    return p;
}

/* The newest entry that waits, checked by somebody else. */
static inline void check_entry(struct town *t)
{
    const struct actor *before = t->w.actor;
    int64_t no = 0;

    t->w.actor = &refunding_clerk2;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    t->w.actor = before;
}

static inline struct refund_claim claim_of(struct town *t, int64_t refund_id)
{
    return (struct refund_claim){.refund_id = refund_id,
                                 .account = {STR("0001"), STR("001"), STR("1"), STR("123456"),
                                             STR("ﾀﾅｶ ｼﾞﾛｳ")},
                                 .claimed = t->w.today,
                                 .note = STR("")};
}

/* Keyed by one, checked by another. */
static inline void claim(struct town *t, const struct refund_claim *c)
{
    const struct actor *before = t->w.actor;
    t->w.actor = &refunding_clerk;
    assert_int_equal(TOWN_OK(t, refund_claim_enter(&t->w, c)), 1);
    t->w.actor = before;
    check_entry(t);
}

static inline int64_t open_event(struct town *t, const char *kind)
{
    struct event e = work_event(&t->w, kind);
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    return e.no;
}

static inline int end_event(struct town *t, int rc)
{
    if (rc >= 0)
        return store_commit(&t->w.cx, t->w.store);
    store_rollback(t->w.store);
    return rc;
}

static inline int accept_order(struct town *t, struct str reference, struct str order_no)
{
    const int64_t no = open_event(t, "collection.finance_orders");
    return end_event(t, refund_order_accepted(&t->w, no, reference, order_no));
}

static inline struct refund_transfers send_transfers(struct town *t)
{
    struct refund_transfers rows;
    const int64_t no = open_event(t, "collection.transfers");
    TOWN_OK(t, end_event(t, refund_transfers_send(&t->w, no, &rows)));
    return rows;
}

static inline int transfer_result(struct town *t, struct str reference, bool is_paid,
                                  struct str reason)
{
    const int64_t no = open_event(t, "collection.transfer_results");
    return end_event(t, refund_transfer_result(&t->w, no, reference, is_paid, t->w.today, reason));
}

static inline int64_t account_sum(struct town *t, enum account account)
{
    struct ledger_totals all;
    TOWN_OK(t, collection_totals(&t->w, 2026, &all));
    return all.account[account].n;
}

/* The first instalment paid twice, the second not at all, the third not due yet. */
static inline struct liability_account paid_twice(struct town *t, int64_t *debtor_id)
{
    collecting_town(t, 300, 41);
    hold_nothing(t);
    collecting_on(t, "2026-07-20");
    const int64_t no = payer(t, 0);
    const struct liability_account a = account_of(t, no);
    struct receipt_record rows[2] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&a, 0, a.rows[0].charged.n, t->w.today)};
    (void)take(t, "twice", rows, 2);
    collecting_on(t, "2026-09-15");
    *debtor_id = a.liability.debtor_id;
    return account_of(t, no);
}
/* Everybody's arrears are left alone: all of it is to be refunded. */
static inline struct refund_decision to_refund(struct town *t)
{
    int64_t debtor = 0;
    const struct liability_account a = paid_twice(t, &debtor);
    struct receipt_record rows[LEVY_INSTALMENTS_MAX];
    size_t n = 0;
    for (size_t i = 1; i < a.n; i++)
        rows[n++] = paid_by(&a, i, a.rows[i].charged.n, t->w.today);
    (void)take(t, "the rest", rows, n);
    decide_refunds(t);
    const struct refund_decision r = newest_refund(t);
    assert_int_equal(r.appropriated.n, 0);
    return r;
}

#endif
