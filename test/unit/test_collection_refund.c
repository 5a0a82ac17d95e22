/* Overpayments: matched, drafted, decided by another person; papers and interest. */
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
