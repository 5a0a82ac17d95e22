/* Overpayments: matched, drafted, decided by another person, requested, paid or not. */
#include "asked.h"
#include "lists.h"
#include "refunding.h"

#include "desk/collection/refund_inner.h"
#include "desk/collection/transfer.h"

#include "desk/collection/refund_page.h"
#include "read_pdf.h"

#include <stdlib.h>

/* --- the plan, pure -----------------------------------------------------------------------------
 */

static struct refund_instalment on(int number, const char *due, int64_t owes, int64_t over)
{
    struct refund_instalment r = {.liability_id = number, .number = number};
    assert_true(ymd_parse(str_of(due), &r.due_day));
    r.due[PART_MEDICAL] = YEN(owes);
    r.over[PART_MEDICAL] = YEN(over);
    return r;
}

static void test_plan(void **state)
{
    struct refund_instalment rows[4] = {on(1, "2026-06-30", 0, 5000), on(2, "2026-07-31", 1200, 0),
                                        on(3, "2026-08-31", 3000, 0), on(4, "2026-11-30", 900, 0)};
    const struct refund_terms terms = {.as_of = ymd_of(2026, 10, 1),
                                       .order = {LINE_FEE, LINE_PREMIUM, LINE_LATE}};
    struct refund_line lines[32];
    (void)state;
    rows[1].late = YEN(300);
    rows[1].fee = YEN(80);
    const size_t n = refund_plan(rows, 4, &terms, lines);
    /* July's fee, premium, late charge; August's premium; November is not due yet. */
    const struct {
        enum refund_line_kind kind;
        size_t to;
        int64_t yen;
    } wanted[] = {{LINE_FEE, 1, 80},
                  {LINE_PREMIUM, 1, 1200},
                  {LINE_LATE, 1, 300},
                  {LINE_PREMIUM, 2, 3000},
                  {LINE_REFUND, 0, 420}};
    assert_int_equal(n, 5);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(lines[i].kind, wanted[i].kind);
        assert_int_equal(lines[i].to, wanted[i].to);
        assert_int_equal(lines[i].yen.n, wanted[i].yen);
    }
}

static void test_plan_tax_apart(void **state)
{
    struct refund_instalment rows[2] = {on(1, "2026-06-30", 700, 0), on(2, "2026-07-31", 0, 500)};
    const struct refund_terms terms = {.as_of = ymd_of(2026, 10, 1),
                                       .order = {LINE_FEE, LINE_PREMIUM, LINE_LATE}};
    struct refund_line lines[16];
    (void)state;
    rows[1].is_tax = true;
    assert_int_equal(refund_plan(rows, 2, &terms, lines), 1);
    assert_int_equal(lines[0].kind, LINE_REFUND);
    assert_int_equal(lines[0].yen.n, 500);
}

/* Twice paid counts from that payment; a reduction takes the newest payment first. */
static void test_lots(void **state)
{
    const struct ymd june = ymd_of(2026, 6, 30);
    const struct ymd july = ymd_of(2026, 7, 10);
    const struct ymd august = ymd_of(2026, 8, 5);
    const struct ymd october = ymd_of(2026, 10, 1);
    const struct refund_step steps[] = {
        {STR("receipt"), june, YEN(-6000), YEN(6000), YEN(0), YEN(0)},
        {STR("receipt"), july, YEN(-4000), YEN(4000), YEN(0), YEN(0)},
        {STR("receipt"), august, YEN(0), YEN(10000), YEN(-10000), YEN(0)},
        {STR("overpayment"), october, YEN(5000), YEN(0), YEN(-5000), YEN(0)},
        {STR("refund"), october, YEN(0), YEN(0), YEN(9000), YEN(0)},
    };
    struct refund_lot lots[12];
    struct refund_lot payments[12];
    (void)state;
    const size_t n = refund_lots(steps, 5, YEN(0), october, lots, payments);
    assert_int_equal(n, 3);
    assert_int_equal(lots[0].yen.n, 1000); /* the rest of the double payment */
    assert_int_equal(lots[0].cause, CAUSE_ERRONEOUS);
    assert_int_equal(lots[0].paid.day, august.day);
    assert_int_equal(lots[1].yen.n, 4000);
    assert_int_equal(lots[1].cause, CAUSE_REDUCED);
    assert_int_equal(lots[1].paid.day, july.day);
    assert_int_equal(lots[1].arose.day, october.day);
    assert_int_equal(lots[2].yen.n, 1000);
    assert_int_equal(lots[2].paid.day, june.day);
}

/* --- decided ------------------------------------------------------------------------------------
 */

/* The first instalment paid twice, the second not at all, the third not due yet. */
static struct liability_account paid_twice(struct town *t, int64_t *debtor_id)
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

static void test_decided(void **state)
{
    struct town *t = *state;
    int64_t debtor = 0;
    const struct liability_account a = paid_twice(t, &debtor);
    assert_int_equal(a.overpaid.n, a.rows[0].charged.n);
    const struct collection_refund_draft_by_no_row d = draft_refunds(t);
    assert_int_equal(d.status, DRAFT_READY);
    assert_int_equal(d.debtors, 1);
    assert_int_equal(d.overpaid_yen.n, a.overpaid.n);
    /* Who drafted does not decide; totals must be those of the draft. */
    struct actor same = collecting_chief;
    same.user_id = refunding_clerk.user_id;
    town_refused(t, confirm_refunds(t, &d, &same), ERR_DENIED, "collection.refund.same_person");
    struct collection_refund_draft_by_no_row other = d;
    other.overpaid_yen = YEN(d.overpaid_yen.n + 1);
    town_refused(t, confirm_refunds(t, &other, &collecting_chief), ERR_INVALID,
                 "collection.refund.totals_differ");
    assert_int_equal(account_of(t, a.liability.notice_no).overpaid.n, a.overpaid.n);
    TOWN_OK(t, confirm_refunds(t, &d, &collecting_chief));
    const struct refund_decision r = newest_refund(t);
    const struct liability_account after = account_of(t, a.liability.notice_no);
    assert_int_equal(after.overpaid.n, 0);
    /* The second and third instalment were overdue on 15 September: oldest first. */
    assert_int_equal(r.overpaid.n, a.overpaid.n);
    assert_int_equal(r.appropriated.n + r.refunded.n, r.overpaid.n);
    assert_true(r.appropriated.n > 0);
    assert_int_equal(after.balance.n, a.balance.n - r.appropriated.n);
    assert_true(after.rows[1].balance.n == 0 || r.refunded.n == 0);
    assert_int_equal(account_sum(t, ACCOUNT_APPROPRIATED), 0);
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_DUE), -r.refunded.n);
    /* Two years from the day after it was paid; two months bear no 1,000 yen of interest. */
    assert_int_equal(r.limit.day, ymd_of(2028, 7, 20).day);
    assert_true(r.is_interest_known);
    assert_int_equal(r.interest.n, 0);
    /* Nothing is left to draft. */
    assert_int_equal(draft_refunds(t).status, DRAFT_DROPPED);
}

/* Late charge and dunning fee of an instalment are arrears too: fee, premium, late charge. */
static void test_beside(void **state)
{
    struct town *t = *state;
    int64_t debtor = 0;
    const struct liability_account a = paid_twice(t, &debtor);
    const int number = a.rows[1].number;
    const struct posting lines[4] = {
        {.number = number, .account = ACCOUNT_LATE_DUE, .yen = YEN(300)},
        {.number = number, .account = ACCOUNT_LATE_CHARGE, .yen = YEN(-300)},
        {.number = number, .account = ACCOUNT_FEE_DUE, .yen = YEN(80)},
        {.number = number, .account = ACCOUNT_DUNNING_FEE, .yen = YEN(-80)}};
    const struct entry e = {.kind = STR("late_charge"),
                            .liability_id = a.liability.liability_id,
                            .accounting = t->w.today,
                            .value = t->w.today,
                            .basis_id = 1,
                            .postings = lines,
                            .n = 4};
    struct receipt_record rows[1] = {paid_by(&a, 1, a.rows[1].charged.n - 500, t->w.today)};
    (void)take(t, "but five hundred", rows, 1);
    const int64_t event = open_event(t, "collection.test");
    TOWN_OK(t, end_event(t, ledger_post(&t->w, event, &e, 1)));
    decide_refunds(t);
    const struct refund_decision r = newest_refund(t);
    struct collection_refund_lines_list list;
    const struct collection_refund_lines_in q = {r.refund_id};
    TOWN_OK(t, collection_refund_lines(&t->w.cx, t->w.store, &q, &list));
    assert_true(list.n >= 3);
    assert_int_equal(list.rows[0].kind, LINE_FEE);
    assert_int_equal(list.rows[0].yen.n, 80);
    assert_int_equal(list.rows[1].kind, LINE_PREMIUM);
    assert_int_equal(list.rows[1].yen.n, 500);
    assert_int_equal(list.rows[2].kind, LINE_LATE);
    assert_int_equal(list.rows[2].yen.n, 300);
    assert_int_equal(account_sum(t, ACCOUNT_LATE_DUE), 0);
    assert_int_equal(account_sum(t, ACCOUNT_FEE_DUE), 0);
    assert_int_equal(account_sum(t, ACCOUNT_APPROPRIATED), 0);
}

static void test_stale(void **state)
{
    struct town *t = *state;
    int64_t debtor = 0;
    const struct liability_account a = paid_twice(t, &debtor);
    const struct collection_refund_draft_by_no_row d = draft_refunds(t);
    struct receipt_record more[1] = {paid_by(&a, 1, a.rows[1].charged.n, t->w.today)};
    (void)take(t, "meanwhile", more, 1);
    town_refused(t, confirm_refunds(t, &d, &collecting_chief), ERR_STALE,
                 "collection.refund.stale");
    assert_int_equal(account_of(t, a.liability.notice_no).overpaid.n, a.overpaid.n);
}

static void test_register(void **state)
{
    struct town *t = *state;
    int64_t debtor = 0;
    struct decided_list list = {0};
    bool is_found = false;
    (void)paid_twice(t, &debtor);
    decide_refunds(t);
    const struct refund_decision r = newest_refund(t);
    TOWN_OK(t, decided_of_person(&t->w, debtor, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct decided *x = &list.rows[i];
        if (!str_is(str_of(x->kind), "collection.refund.decided"))
            continue;
        is_found = true;
        assert_string_equal(str_c(t->w.cx.arena, x->number),
                            str_c(t->w.cx.arena, levy_town_options(t, "%d-%d", r.year, r.no)));
        assert_int_equal(x->day.day, t->w.today.day);
        assert_true(x->basis.n > 0);
    }
    assert_true(is_found);
}

static void test_counter(void **state)
{
    struct town *t = *state;
    int64_t debtor = 0;
    int64_t event = 0;
    const struct liability_account a = paid_twice(t, &debtor);
    t->w.actor = &refunding_clerk;
    town_refused(t, refund_enter(&t->w, debtor, t->w.today, YEN(1), &event), ERR_STALE,
                 "collection.refund.stale");
    assert_int_equal(TOWN_OK(t, refund_enter(&t->w, debtor, t->w.today, a.overpaid, &event)), 1);
    assert_int_equal(account_of(t, a.liability.notice_no).overpaid.n, a.overpaid.n);
    town_refused(t, office_check(&t->w, event, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    check_entry(t);
    assert_int_equal(account_of(t, a.liability.notice_no).overpaid.n, 0);
    const struct refund_decision r = newest_refund(t);
    assert_int_equal(r.drafted_by, refunding_clerk.user_id);
    assert_int_equal(r.decided_by, refunding_clerk2.user_id);
    town_refused(t, refund_enter(&t->w, debtor, t->w.today, YEN(0), &event), ERR_NOT_FOUND,
                 "collection.refund.nothing");
}

/* Received in a year that is still open: out of its revenue; in a closed one: an expenditure. */
static void test_years(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    hold_nothing(t);
    collecting_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    const struct liability_account b = account_of(t, payer(t, 1));
    struct receipt_record rows[4] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&a, 0, 1000, t->w.today),
                                     paid_by(&b, 0, b.rows[0].charged.n, t->w.today),
                                     paid_by(&b, 0, 1000, t->w.today)};
    int64_t years[2] = {0};
    bool is_prior[2] = {false};
    TOWN_OK(t, setting_set(&t->w, "refund.appropriate_to", STR("overdue"), STR("test")));
    (void)take(t, "first", rows, 2);
    collecting_on(t, "2027-05-20");
    decide_refunds(t);
    collecting_on(t, "2026-07-20");
    (void)take(t, "second", rows + 2, 2);
    collecting_on(t, "2027-06-10");
    decide_refunds(t);
    for (int i = 0; i < 2; i++) {
        struct refund_decision r;
        struct collection_refund_lines_list lines;
        assert_int_equal(TOWN_OK(t, refund_find(&t->w, 2027, i + 1, &r)), 1);
        const struct collection_refund_lines_in q = {r.refund_id};
        TOWN_OK(t, collection_refund_lines(&t->w.cx, t->w.store, &q, &lines));
        years[i] = lines.rows[0].booked_year;
        is_prior[i] = lines.rows[0].is_prior;
    }
    assert_int_equal(years[0], 2026); /* 出納整理期間 */
    assert_false(is_prior[0]);
    assert_int_equal(years[1], 2027);
    assert_true(is_prior[1]);
}

/* --- requested and paid -------------------------------------------------------------------------
 */

/* Everybody's arrears are left alone: all of it is to be refunded. */
static struct refund_decision to_refund(struct town *t)
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

/* --- papers -------------------------------------------------------------------------------------
 */

static struct str paper_of(struct town *t, const char *form, const struct refund_decision *r)
{
    struct text pdf;
    text_init(&pdf, 32 << 20);
    TOWN_OK(t, refund_papers(&t->w, form, r, 1, &pdf));
    const struct str words = squeezed(t->w.cx.arena, words_of(t, text_str(&pdf)));
    text_release(&pdf);
    return words;
}

/* Notice with request and pledge, decision form, payment order: the same figures on each. */
static void test_papers(void **state)
{
    struct town *t = *state;
    static const char *const forms[] = {"refund_notice", "refund_decision", "payment_order"};
    int64_t debtor = 0;
    struct text amount;
    const struct liability_account a = paid_twice(t, &debtor);
    /* The last instalment twice too: more than the arrears take. */
    struct receipt_record rows[4];
    size_t n = 0;
    for (size_t i = 1; i < 3; i++)
        rows[n++] = paid_by(&a, i, a.rows[i].charged.n, t->w.today);
    rows[1].yen = YEN(rows[1].yen.n - 1000);
    (void)take(t, "but a thousand", rows, n);
    decide_refunds(t);
    const struct refund_decision r = newest_refund(t);
    assert_true(r.appropriated.n > 0 && r.refunded.n > 0);
    const int64_t figures[] = {r.overpaid.n, r.appropriated.n, r.refunded.n, refund_payable(&r).n};
    text_init(&amount, 64);
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        const struct str words = paper_of(t, forms[f], &r);
        for (size_t k = 0; k < sizeof figures / sizeof *figures; k++) {
            text_clear(&amount);
            text_adds(&amount, "¥");
            text_add_yen(&amount, YEN(figures[k]));
            assert_true(has(words, str_c(t->w.cx.arena, text_str(&amount))));
        }
        assert_false(has(words, "加算金は計算していません"));
        assert_true(has(words, str_c(t->w.cx.arena, levy_town_options(t, "%d-%d", r.year, r.no))));
    }
    assert_true(has(paper_of(t, "refund_notice", &r), "誓約書"));
    assert_true(has(paper_of(t, "refund_decision", &r), "決議書"));
    assert_true(has(paper_of(t, "payment_order", &r), "戻出"));
    text_release(&amount);
}

/* --- interest -----------------------------------------------------------------------------------
 */

static struct refund_interest_fact heard[8];
static size_t n_heard;

static int tell_interest(struct work *w, const struct refund_interest_fact *facts, size_t n,
                         struct yen *out)
{
    (void)w;
    for (size_t i = 0; i < n && n_heard < 8; i++)
        heard[n_heard++] = facts[i];
    *out = YEN(1100);
    return 0;
}

static void test_interest(void **state)
{
    struct town *t = *state;
    n_heard = 0;
    refund_interest_ask(tell_interest);
    const struct refund_decision r = to_refund(t);
    struct refund_claim c = claim_of(t, r.refund_id);
    assert_true(r.is_interest_known);
    assert_int_equal(r.interest.n, 1100);
    assert_true(n_heard > 0);
    assert_int_equal(heard[0].paid.day, ymd_of(2026, 7, 20).day);
    assert_int_equal(heard[0].cause, CAUSE_ERRONEOUS);
    assert_int_equal(heard[0].amount.n, r.refunded.n);
    assert_false(heard[0].is_appropriation);
    claim(t, &c);
    TOWN_OK(t, accept_order(t, refund_reference(&t->w, r.year, r.no, 1), STR("F-1")));
    const struct refund_transfers sent = send_transfers(t);
    assert_int_equal(sent.rows[0].yen.n, r.refunded.n + 1100);
    TOWN_OK(t, transfer_result(t, sent.rows[0].reference, true, STR("")));
    assert_int_equal(account_sum(t, ACCOUNT_REFUND_INTEREST), 1100);
    refund_interest_ask(refund_interest_of_line);
    /* Paid twice on 10 January 2024: interest from 11 February, 335 days at 0.9 %. */
    struct refund_interest_fact fact = {.amount = YEN(1000000),
                                        .paid = ymd_of(2024, 1, 10),
                                        .decided = ymd_of(2025, 1, 10),
                                        .cause = CAUSE_ERRONEOUS};
    struct yen interest;
    TOWN_OK(t, refund_interest_of_line(&t->w, &fact, 1, &interest));
    assert_int_equal(interest.n, 8200);
    fact.amount = YEN(1999);
    TOWN_OK(t, refund_interest_of_line(&t->w, &fact, 1, &interest));
    assert_int_equal(interest.n, 0);
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
    refund_interest_ask(tell_interest);
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

/* --- random -------------------------------------------------------------------------------------
 */

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static size_t random_receipts(struct town *t, uint64_t *seed, struct receipt_record *rows,
                              size_t most)
{
    size_t n = 0;
    for (int64_t no = 1; n + 1 < most && no < 400; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) != 1 || a.n == 0)
            continue;
        const size_t at = next_random(seed) % a.n;
        const int64_t charged = a.rows[at].charged.n;
        if (charged <= 0 || a.rows[at].number > 24)
            continue;
        const int64_t yen = 1 + (int64_t)(next_random(seed) % (uint64_t)(2 * charged));
        rows[n++] = paid_by(&a, at, yen, t->w.today);
    }
    return n;
}

/* A reduction as a correction posts it: charged less, what was paid beyond it is overpaid. */
static void reduce_some(struct town *t, uint64_t *seed)
{
    for (int64_t no = 1; no < 400; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) != 1 || next_random(seed) % 5 != 0)
            continue;
        for (size_t k = 0; k < a.n; k++) {
            const struct instalment_balance *b = &a.rows[k];
            const int64_t paid = b->charged.n - b->balance.n;
            if (paid <= 0)
                continue;
            /* DUE goes below zero, as a pension payment on a corrected instalment does. */
            struct posting lines[2] = {{.number = b->number,
                                        .account = ACCOUNT_DUE,
                                        .yen = YEN(-500),
                                        .part = {YEN(-500)}},
                                       {.number = b->number,
                                        .account = ACCOUNT_RECEIVED,
                                        .yen = YEN(500),
                                        .part = {YEN(500)}}};
            const struct entry e = {.kind = STR("pension"),
                                    .liability_id = a.liability.liability_id,
                                    .accounting = t->w.today,
                                    .value = t->w.today,
                                    .basis_id = 1,
                                    .postings = lines,
                                    .n = 2};
            const int64_t event = open_event(t, "collection.test");
            TOWN_OK(t, end_event(t, ledger_post(&t->w, event, &e, 1)));
        }
    }
}

static void test_random(void **state)
{
    struct town *t = *state;
    uint64_t seed = 20261127;
    static struct receipt_record rows[400];
    collecting_town(t, 400, 43);
    hold_nothing(t);
    static const char *const days[] = {"2026-07-20", "2026-09-10", "2026-11-20", "2027-01-15"};
    for (int round = 0; round < 4; round++) {
        char name[32];
        collecting_on(t, days[round]);
        snprintf(name, sizeof name, "random %d", round);
        (void)take(t, name, rows, random_receipts(t, &seed, rows, 400));
        if (round % 2 == 1)
            reduce_some(t, &seed);
        const int64_t received = account_sum(t, ACCOUNT_RECEIVED);
        decide_refunds(t);
        /* Nothing is overpaid any more, nothing is below zero, every yen went somewhere. */
        assert_int_equal(account_sum(t, ACCOUNT_OVERPAID), 0);
        assert_int_equal(account_sum(t, ACCOUNT_APPROPRIATED), 0);
        assert_int_equal(account_sum(t, ACCOUNT_RECEIVED), received);
        assert_int_equal(account_sum(t, ACCOUNT_LEVIED) + account_sum(t, ACCOUNT_DUE) + received +
                             account_sum(t, ACCOUNT_REFUND_DUE),
                         0);
        for (int64_t no = 1; no < 400; no++) {
            struct liability_account a;
            if (collection_by_notice(&t->w, 2026, no, &a) != 1)
                continue;
            for (size_t k = 0; k < a.n; k++) {
                assert_int_equal(a.rows[k].overpaid.n, 0);
                assert_true(a.rows[k].balance.n >= 0);
            }
        }
    }
}

/* Killed on the way, draft and confirmation go on where they were and decide nobody twice. */
static void test_resumed(void **state)
{
    struct town *t = *state;
    uint64_t seed = 7;
    static struct receipt_record rows[400];
    collecting_town(t, 400, 43);
    hold_nothing(t);
    collecting_on(t, "2026-09-20");
    (void)take(t, "many", rows, random_receipts(t, &seed, rows, 400));
    const struct collection_refund_draft_by_no_row d = draft_refunds(t);
    assert_true(d.debtors > 10);
    assert_int_equal(d.appropriated_yen.n + d.refund_yen.n, d.overpaid_yen.n);
    assert_true(fault_arm("collection.refund.confirm:1"));
    assert_int_equal(confirm_refunds(t, &d, &collecting_chief), ERR_FAULT);
    error_clear(&t->w.cx);
    TOWN_OK(t, confirm_refunds(t, &d, &collecting_chief));
    const struct collection_refund_draft_decided_in q = {d.draft_no};
    struct collection_refund_draft_decided_row sums;
    TOWN_OK(t, collection_refund_draft_decided(&t->w.cx, t->w.store, &q, &sums));
    assert_int_equal(sums.refunds, d.debtors);
    assert_int_equal(sums.overpaid_yen.n, d.overpaid_yen.n);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    refunding_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plan),
        cmocka_unit_test(test_plan_tax_apart),
        cmocka_unit_test(test_lots),
        TOWN_TESTS(
            "a refund is an order to the bank, paid or open again [NHI-COL-011 BNK-003 FIN-002]",
            test_transfer),
        TOWN_TESTS("what was paid and came back is owed again, posted back, taken once "
                   "[NHI-COL-011 BNK-003]",
                   test_returned),
        TOWN_TESTS("the page of a refund says and takes what came back [NHI-COL-011 BNK-003]",
                   test_returned_page),
        TOWN_TESTS("arrears first, the rest refunded, by two people against totals "
                   "[NHI-COL-009 NHI-COL-024]",
                   test_decided),
        TOWN_TESTS("fee, premium and late charge of an instalment in the order set [NHI-COL-009]",
                   test_beside),
        TOWN_TESTS("a case that changed since the draft stops it [NHI-COL-009]", test_stale),
        TOWN_TESTS("a decision stands in the register with number, day, basis, decider "
                   "[NHI-CMN-022]",
                   test_register),
        TOWN_TESTS("one decision at the counter, entered and checked [NHI-COL-009]", test_counter),
        TOWN_TESTS("out of this year's revenue or an expenditure [NHI-COL-009]", test_years),
        TOWN_TESTS("the request keyed in starts the payment [NHI-COL-011 FIN-002]", test_paid),
        TOWN_TESTS("a failed transfer opens the payment again [NHI-COL-011]", test_failed),
        TOWN_TESTS("bank, branch, kana, days, limitation are checked [NHI-COL-011 NHI-COL-009]",
                   test_claim_refused),
        TOWN_TESTS("the public-money account only when asked for, under its own purpose "
                   "[NHI-COL-012]",
                   test_public_account),
        TOWN_TESTS("notice with pledge, decision form, payment order: equal amounts [NHI-COL-010]",
                   test_papers),
        TOWN_TESTS("interest is asked by payment, cause and day [NHI-COL-009]", test_interest),
        TOWN_TESTS("random receipts: nothing stays overpaid, nothing below zero "
                   "[NHI-COL-009 NHI-COL-024]",
                   test_random),
        TOWN_TESTS("a run that was killed goes on and decides nobody twice [NHI-COL-009]",
                   test_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
