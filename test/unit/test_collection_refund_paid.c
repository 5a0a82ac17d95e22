/* Refunds on their way: requested, ordered, paid by the bank or not, paid and given back. */
#include "asked.h"
#include "lists.h"
#include "refunding.h"

#include "desk/collection/refund_page.h"
#include "desk/collection/transfer.h"

/* --- requested and paid -------------------------------------------------------------------------
 */

static void test_paid(void **state)
{
    struct town *t = *state;
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    claim(t, &c);
    struct collection_refund_payment_now_row p = payment_of(t, r.refund_id);
    assert_int_equal(p.state, PAYMENT_ORDERED);
    assert_int_equal(p.yen.n, r.refunded.n);
    assert_int_equal(send_transfers(t).n, 0); /* not before finance has taken it */
    const struct str reference = refund_reference(&t->w, r.year, r.no, 1);
    TOWN_OK(t, accept_order(t, reference, STR("F-0001")));
    TOWN_OK(t, accept_order(t, reference, STR("F-0001"))); /* once more changes nothing */
    town_refused(t, accept_order(t, reference, STR("F-0002")), ERR_STALE,
                 "collection.refund.order_taken");
    const struct refund_transfers sent = send_transfers(t);
    assert_int_equal(sent.n, 1);
    assert_int_equal(sent.rows[0].yen.n, r.refunded.n);
    assert_true(str_is(sent.rows[0].bank, "0001") && str_is(sent.rows[0].number, "0123456"));
    assert_true(str_is(sent.rows[0].kana, "ﾀﾅｶ ｼﾞﾛｳ"));
    assert_int_equal(send_transfers(t).n, 0);
    TOWN_OK(t, transfer_result(t, reference, true, STR("")));
    p = payment_of(t, r.refund_id);
    assert_int_equal(p.state, PAYMENT_PAID);
    assert_true(str_is(p.order_no, "F-0001"));
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), 0);
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), -r.refunded.n);
    town_refused(t, transfer_result(t, reference, true, STR("")), ERR_STALE,
                 "collection.refund.not_sent");
    t->w.actor = &refunding_clerk;
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_STALE, "collection.refund.under_way");
}

static void test_failed(void **state)
{
    struct town *t = *state;
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    claim(t, &c);
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 1), STR("F-0001")));
    (void)send_transfers(t);
    TOWN_OK(t,
            transfer_result(t, refund_reference(&t->w, r.year, r.no, 1), false, STR("口座なし")));
    assert_int_equal(payment_of(t, r.refund_id).state, PAYMENT_FAILED);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), -r.refunded.n); /* still owed */
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), 0);
    /* Another account is asked for, and pays. */
    c.account.number = STR("7654321");
    claim(t, &c);
    const struct collection_refund_payment_now_row p = payment_of(t, r.refund_id);
    assert_int_equal(p.attempt, 2);
    assert_int_equal(p.state, PAYMENT_ORDERED);
    town_refused(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 1), STR("F-0002")),
                 ERR_NOT_FOUND, "collection.refund.reference");
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 2), STR("F-0002")));
    const struct refund_transfers sent = send_transfers(t);
    assert_true(sent.n == 1 && str_is(sent.rows[0].number, "7654321"));
    TOWN_OK(t, transfer_result(t, sent.rows[0].reference, true, STR("")));
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), 0);
}

static void test_claim_refused(void **state)
{
    struct town *t = *state;
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    t->w.actor = &refunding_clerk;
    c.account.bank = STR("9876");
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_INVALID, "collection.refund.bank");
    c = claim_of(t, r.refund_id);
    c.account.branch = STR("999");
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_INVALID, "collection.refund.branch");
    c = claim_of(t, r.refund_id);
    c.account.holder = STR("田中次郎");
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_INVALID, "exchange.transfer_name");
    c = claim_of(t, r.refund_id);
    c.account.number = STR("12345678");
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_INVALID, "collection.refund.account");
    c = claim_of(t, r.refund_id);
    c.claimed = ymd_add(t->w.today, 1);
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_INVALID, "collection.refund.claimed");
    collecting_on(t, "2028-07-20");
    c.claimed = t->w.today; /* the last day */
    assert_int_equal(TOWN_OK(t, refund_claim_enter(&t->w, &c)), 1);
    collecting_on(t, "2028-07-21");
    c.claimed = t->w.today;
    town_refused(t, refund_claim_enter(&t->w, &c), ERR_RANGE, "collection.refund.lapsed");
}

static void test_public_account(void **state)
{
    struct town *t = *state;
    const struct refund_decision r = to_refund(t);
    const struct collection_refund_claim_now_in q = {r.refund_id};
    struct collection_refund_claim_now_row now;
    struct refund_claim c = claim_of(t, r.refund_id);
    const struct refund_account registered = c.account;
    /* Without the mark nobody is asked. */
    claim(t, &c);
    TOWN_OK(t, collection_refund_claim_now(&t->w.cx, t->w.store, &q, &now));
    assert_int_equal(now.purpose_code.n, 0);
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 1), STR("F-1")));
    (void)send_transfers(t);
    TOWN_OK(t, transfer_result(t, refund_reference(&t->w, r.year, r.no, 1), false, STR("解約")));
    /* With it the payment waits for the answer, under this purpose. */
    c.is_public = true;
    claim(t, &c);
    TOWN_OK(t, collection_refund_claim_now(&t->w.cx, t->w.store, &q, &now));
    assert_int_equal(now.state, CLAIM_ASKED);
    assert_true(str_is(now.purpose_code, "NHI-REFUND"));
    assert_int_equal(now.account_no.n, 0);
    assert_int_equal(payment_of(t, r.refund_id).state, PAYMENT_FAILED);
    TOWN_OK(t, refund_account_answer(&t->w, r.refund_id, &registered));
    assert_int_equal(payment_of(t, r.refund_id).state, PAYMENT_ORDERED);
    assert_int_equal(payment_of(t, r.refund_id).attempt, 2);
    town_refused(t, refund_account_answer(&t->w, r.refund_id, &registered), ERR_STALE,
                 "collection.refund.not_asked");
}

/* --- to the bank and back ----------------------------------------------------------------------
 */

static void hear(struct town *t, struct transfer x, int state, const char *result)
{
    struct event e = work_event(&t->w, "collection.transfer_results");
    x.state = state;
    x.result = str_of(result);
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, refund_transfer_heard(&t->w, e.no, &x));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

/* A refund goes into the bank's file with the account of the request; what failed is open again. */
static void test_transfer(void **state)
{
    struct town *t = *state;
    struct transfer x;
    int64_t job = 0;
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    claim(t, &c);
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 1), STR("F-1")));
    const struct actor *before = t->w.actor;
    t->w.actor = &collecting_operator;
    TOWN_OK(t, job_run(&t->w, "refund-transfers", STR(""), &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, 1, &x)), 1);
    assert_int_equal(x.yen.n, refund_payable(&r).n);
    assert_int_equal(x.person_id, r.debtor_id);
    assert_int_equal(x.state, TRANSFER_WAITS);
    hear(t, x, TRANSFER_FAILED, "1");
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), 0);
    assert_int_equal(payment_of(t, r.refund_id).state, PAYMENT_FAILED);
    claim(t, &c); /* another account */
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 2), STR("F-2")));
    t->w.actor = &collecting_operator;
    TOWN_OK(t, job_run(&t->w, "refund-transfers", STR(""), &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, 2, &x)), 1);
    hear(t, x, TRANSFER_PAID, "0");
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), -r.refunded.n);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), 0);
    hear(t, x, TRANSFER_PAID, "0"); /* told twice, paid once */
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), -r.refunded.n);
}

static int returned_on(struct town *t, struct str reference, struct ymd day, const char *why)
{
    const int64_t no = open_event(t, "collection.refund_result");
    return end_event(t, refund_transfer_returned(&t->w, no, reference, day, str_of(why)));
}

/* Interest as if the rules gave 1,100 yen. */
static int some_interest(struct work *w, const struct refund_interest_fact *facts, size_t n,
                         struct yen *out)
{
    (void)w;
    (void)facts;
    (void)n;
    *out = YEN(1100);
    return 0;
}

static void verify_all(struct town *t)
{
    assert_int_equal(TOWN_OK(t, store_verify(&t->w.cx, t->w.store, NULL, NULL)), 0);
}

/* Keyed as paid on the refund's page, then the bank's file says that it could not be paid: it is
 * owed again, with the journal turned back and interest with it, once. */
static void test_returned(void **state)
{
    struct town *t = *state;
    struct transfer x;
    int64_t job = 0;
    refund_interest_ask(some_interest);
    const struct refund_decision r = to_refund(t);
    refund_interest_ask(refund_interest_of_line);
    struct refund_claim c = claim_of(t, r.refund_id);
    const struct str reference = refund_reference(&t->w, r.year, r.no, 1);
    claim(t, &c);
    TOWN_OK(t, accept_order(t, reference, STR("F-1")));
    const struct actor *before = t->w.actor;
    t->w.actor = &collecting_operator;
    TOWN_OK(t, job_run(&t->w, "refund-transfers", STR(""), &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, 1, &x)), 1);
    town_refused(t, returned_on(t, reference, t->w.today, "解約"), ERR_STALE,
                 "collection.refund.not_paid");
    const struct ymd paid = t->w.today;
    TOWN_OK(t, transfer_result(t, reference, true, STR("")));
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), -r.refunded.n);
    collecting_on(t, "2026-09-24");
    town_refused(t, returned_on(t, reference, t->w.today, ""), ERR_INVALID,
                 "collection.refund.fail_reason");
    town_refused(t, returned_on(t, reference, ymd_add(paid, -1), "解約"), ERR_INVALID,
                 "collection.refund.returned_day");
    town_refused(t, returned_on(t, reference, ymd_add(t->w.today, 1), "解約"), ERR_INVALID,
                 "collection.refund.returned_day");
    hear(t, x, TRANSFER_FAILED, "1");
    const struct collection_refund_payment_now_row p = payment_of(t, r.refund_id);
    assert_int_equal(p.state, PAYMENT_FAILED);
    assert_true(ymd_is_none(p.paid_ymd) && str_is(p.reason, "1"));
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), 0);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), -r.refunded.n); /* owed again */
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_INTEREST), 0);
    hear(t, x, TRANSFER_FAILED, "1"); /* told twice, taken once */
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), -r.refunded.n);
    town_refused(t, returned_on(t, reference, t->w.today, "解約"), ERR_STALE,
                 "collection.refund.not_paid");
    /* On the list of what is still to be paid. */
    assert_int_equal(list_of(t, "collection", "refunds_open", NULL), 1);
    /* Another account, paid this time; what is heard late of the first changes nothing. */
    c.account.number = STR("7654321");
    c.claimed = t->w.today;
    claim(t, &c);
    const struct str second = refund_reference(&t->w, r.year, r.no, 2);
    TOWN_OK(t, accept_order(t, second, STR("F-2")));
    const struct refund_transfers sent = send_transfers(t);
    assert_true(sent.n == 1 && sent.rows[0].yen.n == r.refunded.n + 1100);
    TOWN_OK(t, transfer_result(t, second, true, STR("")));
    hear(t, x, TRANSFER_FAILED, "1");
    assert_int_equal(payment_of(t, r.refund_id).state, PAYMENT_PAID);
    assert_int_equal(account_sum(t, ACCOUNT_REFUNDED), -r.refunded.n);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), 0);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_INTEREST), 1100);
    assert_int_equal(list_of(t, "collection", "refunds_open", NULL), 0);
    verify_all(t);
}

/* The refund's page says what came back and takes it; the list shows what needs an account. */
static void test_returned_page(void **state)
{
    struct town *t = *state;
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    const struct str reference = refund_reference(&t->w, r.year, r.no, 1);
    char page[64], returned[80];
    snprintf(page, sizeof page, "/collection/refund/%d/%d", r.year, r.no);
    snprintf(returned, sizeof returned, "%s/returned", page);
    claim(t, &c);
    TOWN_OK(t, accept_order(t, reference, STR("F-1")));
    (void)send_transfers(t);
    struct actor who = with_rights(RIGHT(RIGHT_COLLECTION_VIEW) | RIGHT(RIGHT_COLLECTION_EDIT));
    const struct actor *before = t->w.actor;
    t->w.actor = &who;
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_false(shows("返却"));
    t->w.actor = before;
    TOWN_OK(t, transfer_result(t, reference, true, STR("")));
    t->w.actor = &who;
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows("支払った振込が返却された"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, returned,
                                    FIELDS("returned_on", "2026-09-30", "why", "解約"))),
                     422);
    assert_true(shows("返却日は支払日から今日までの日にしてください"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, returned,
                                    FIELDS("returned_on", "", "why", "解約"))),
                     422);
    char day[11];
    ymd_format(t->w.today, day);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, returned,
                                    FIELDS("returned_on", day, "why", "口座解約"))),
                     303);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows_in_order((const char *const[]){"支払済とした振込が銀行から返却されました",
                                                     "請求書を入力する", "支払済", "支払後に返却",
                                                     "口座解約", NULL}));
    assert_false(shows("支払った振込が返却された"));
    assert_int_equal(ask(t, METHOD_POST, returned, FIELDS("returned_on", day, "why", "口座解約")),
                     ERR_STALE);
    error_clear(&t->w.cx);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/collection/refunds", NULL)), 200);
    assert_true(shows("振込不能"));
    who = with_rights(RIGHT(RIGHT_COLLECTION_VIEW));
    assert_int_equal(ask(t, METHOD_POST, returned, FIELDS("returned_on", day, "why", "口座解約")),
                     ERR_DENIED);
    error_clear(&t->w.cx);
    t->w.actor = before;
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    refunding_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "a refund is an order to the bank, paid or open again [NHI-COL-011 BNK-003 FIN-002]",
            test_transfer),
        TOWN_TESTS("what was paid and came back is owed again, posted back, taken once "
                   "[NHI-COL-011 BNK-003]",
                   test_returned),
        TOWN_TESTS("the page of a refund says and takes what came back [NHI-COL-011 BNK-003]",
                   test_returned_page),
        TOWN_TESTS("the request keyed in starts the payment [NHI-COL-011 FIN-002]", test_paid),
        TOWN_TESTS("a failed transfer opens the payment again [NHI-COL-011]", test_failed),
        TOWN_TESTS("bank, branch, kana, days, limitation are checked [NHI-COL-011 NHI-COL-009]",
                   test_claim_refused),
        TOWN_TESTS("the public-money account only when asked for, under its own purpose "
                   "[NHI-COL-012]",
                   test_public_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
