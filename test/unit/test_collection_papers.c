/* Papers and entries beside a run: slips issued anew, certificates, addresses, whom a run reaches,
 * waivers. */
#include "dunning_town.h"

#include "desk/collection/counter.h"
#include "desk/collection/post.h"
#include "read_pdf.h"

/* --- slips
 * -----------------------------------------------------------------------------------------------
 */

static void test_slips(void **state)
{
    struct town *t = *state;
    struct text pdf;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-10-10");
    const struct liability_account a = account_of(t, payer(t, 0));
    struct receipt_record part[1] = {paid_by(&a, 0, 1000, day_of("2026-07-10"))};
    (void)take(t, "part", part, 1);
    struct slip_wanted wanted[2] = {{a.liability.liability_id, a.rows[0].number},
                                    {a.liability.liability_id, a.rows[3].number}};
    struct slips_order order = {.debtor_id = a.liability.debtor_id,
                                .rows = wanted,
                                .n = 2,
                                .limit = day_of("2026-10-20"),
                                .reason = STR("紛失")};
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, slips_reissue(&t->w, &order, &pdf));
    const struct collection_slip_in_force_in q = {a.liability.liability_id, a.rows[0].number};
    struct collection_slip_in_force_row first, second;
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &first)), 1);
    assert_int_equal(first.yen.n, a.rows[0].charged.n - 1000); /* the present balance */
    struct late_instalment x;
    assert_int_equal(TOWN_OK(t, late_of_instalment(&t->w, a.liability.liability_id,
                                                   a.rows[0].number, order.limit, &x)),
                     1);
    assert_int_equal(first.late_yen.n, x.late_due.n); /* up to the last day it may be used */
    text_clear(&pdf);
    TOWN_OK(t, slips_reissue(&t->w, &order, &pdf));
    const char *said[] = {"領収証書", "令和8年10月20日"};
    must_say(words_of(t, text_str(&pdf)), said, 2);
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &second)), 1);
    assert_int_equal(second.issue, first.issue + 1);
    assert_true(second.slip_id != first.slip_id); /* the earlier one is closed */
    /* paid by the first, and once more by the second: the second payment is found */
    struct receipt_record both[2] = {paid_by(&a, 0, second.yen.n, day_of("2026-10-11")),
                                     paid_by(&a, 0, second.yen.n, day_of("2026-10-12"))};
    struct receipt_counts c = take(t, "both", both, 2);
    assert_int_equal(c.posted.n, 1);
    assert_int_equal(c.held.n, 1);
    order.n = 1;
    order.limit = day_of("2026-10-09");
    town_refused(t, slips_reissue(&t->w, &order, &pdf), ERR_INVALID, "collection.slip.limit");
    text_release(&pdf);
}

/* --- certificates
 * ------------------------------------------------------------------------------------------ */

static struct paper_order order_of(int64_t debtor, const char *kind, const char *year_kind,
                                   int year)
{
    return (struct paper_order){.debtor_id = debtor,
                                .kind = str_of(kind),
                                .year_kind = str_of(year_kind),
                                .year = year,
                                .purpose = STR("確定申告"),
                                .receiver = STR("本人"),
                                .fee = YEN(300)};
}

static void test_certificates(void **state)
{
    struct town *t = *state;
    struct text pdf;
    collecting_town(t, 300, 41);
    collecting_on(t, "2027-01-15");
    const struct liability_account a = account_of(t, payer(t, 0));
    const int64_t debtor = a.liability.debtor_id;
    /* received on 31 December and booked later; on 1 January; late charges do not count */
    struct receipt_record rows[3] = {paid_by(&a, 0, a.rows[0].charged.n, day_of("2026-07-10")),
                                     paid_by(&a, 1, a.rows[1].charged.n, day_of("2026-12-31")),
                                     paid_by(&a, 2, a.rows[2].charged.n, day_of("2027-01-01"))};
    rows[0].is_divided = true;
    rows[0].late = YEN(1000);
    rows[1].accounting = day_of("2027-01-05");
    (void)take(t, "year", rows, 3);
    text_init(&pdf, PDF_MOST);
    struct paper_order o = order_of(debtor, "paid", "calendar", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[0].charged.n + a.rows[1].charged.n);
    assert_int_equal(o.issue, 0);
    const char *said[] = {"納付証明書", "確定申告", "令和8年12月31日まで"};
    must_say(words_of(t, text_str(&pdf)), said, 3);
    o = order_of(debtor, "paid", "calendar", 2026); /* once more: marked */
    text_clear(&pdf);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.issue, 1);
    const char *again[] = {"再交付1回目"};
    must_say(words_of(t, text_str(&pdf)), again, 1);
    o = order_of(debtor, "deduction", "calendar", 2027);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[2].charged.n);
    o = order_of(debtor, "paid", "fiscal", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[0].charged.n + a.rows[1].charged.n + a.rows[2].charged.n);
    o = order_of(debtor, "tax", "fiscal", 2026);
    town_refused(t, paid_paper(&t->w, &o, &pdf), ERR_INVALID, "collection.paper.levy_kind");
    /* a day whose rates nobody knows: no paper that would name a late charge */
    o = order_of(debtor, "statement", "fiscal", 2026);
    town_refused(t, paid_paper(&t->w, &o, &pdf), ERR_NOT_FOUND, "collection.late.no_rate");
    collecting_on(t, "2026-12-28");
    /* the statement of arrears is what is due on the day, with late charges */
    struct late_instalments late;
    TOWN_OK(t, late_of_debtor(&t->w, debtor, t->w.today, LATE_UNPAID, &late));
    int64_t sum = 0;
    for (size_t i = 0; i < late.n; i++)
        sum += late.rows[i].balance.n + late.rows[i].late_due.n;
    o = order_of(debtor, "statement", "fiscal", 2026);
    text_clear(&pdf);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, sum);
    const char *statement[] = {"滞納明細書"};
    must_say(words_of(t, text_str(&pdf)), statement, 1);
    const struct collection_certificates_of_debtor_in in = {debtor};
    struct collection_certificates_of_debtor_list list;
    TOWN_OK(t, collection_certificates_of_debtor(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 5);
    assert_int_equal(list.rows[0].fee_yen.n, 300);
    text_release(&pdf);
}

/* --- addresses, protection
 * ----------------------------------------------------------------------------------- */

/* He moved between the due day and today: both addresses can be shown. */
static void test_due_address(void **state)
{
    struct town *t = *state;
    struct str then, now;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-09-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    const int64_t debtor = a.liability.debtor_id;
    TOWN_OK(t, address_on(&t->w, debtor, day_of("2026-06-30"), &then));
    assert_true(then.n > 0);
    struct feed f = feed_begin(t, "party.address", 0);
    TOWN_OK(t, party_open_address(f.party, f.event_no,
                                  &(struct address_fact){.person_id = debtor,
                                                         .kind = "sending",
                                                         .business = STR("collection"),
                                                         .postal_code = STR("1000001"),
                                                         .prefecture = STR("架空県"),
                                                         .city = STR("となり市"),
                                                         .town = STR("港町"),
                                                         .number = STR("９番"),
                                                         .valid = {day_of("2026-08-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
    TOWN_OK(t, address_on(&t->w, debtor, t->w.today, &now));
    assert_true(memmem(now.p, now.n, "となり市", strlen("となり市")) != NULL);
    struct str still;
    TOWN_OK(t, address_on(&t->w, debtor, day_of("2026-06-30"), &still));
    assert_true(str_equal(then, still));
    struct text pdf;
    text_init(&pdf, PDF_MOST);
    struct paper_order o = order_of(debtor, "statement", "fiscal", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    const char *said[] = {"納期限の日の住所", "港町"};
    must_say(words_of(t, text_str(&pdf)), said, 2);
    text_release(&pdf);
}

/* Whom it reaches and whom not is said before a sheet is printed: 燕市 2012, 御代田町 2024. */
static void test_reach(void **state)
{
    struct town *t = *state;
    int64_t yen;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = a.liability.debtor_id,
                                                               .kind = "violence",
                                                               .decision_no = STR("1"),
                                                               .valid = {day_of("2026-07-01"),
                                                                         YMD_NONE}},
                                     NULL));
    feed_end(&f);
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    assert_int_equal(rows_with(t, d.draft_no, DUNNING_PROTECTED), 1);
    /* everybody unpaid stands in it once: with a letter, by hand, or left out */
    int64_t all = 0;
    for (int64_t reason = 0; reason < DUNNING_REASONS; reason++)
        all += rows_with(t, d.draft_no, reason);
    assert_int_equal(all, unpaid_by(t, "2026-06-30", &yen));
    const int64_t posted = rows_with(t, d.draft_no, DUNNING_SENT);
    confirm(t, &d, "2026-07-22");
    run_as(t, &collecting_operator, "post-print", STR("issue-date=2026-07-22"));
    assert_int_equal(counts(t, "dunning").printed, posted); /* exactly those */
    const struct collection_post_items_list list = items(t);
    for (size_t i = 0; i < list.n; i++)
        assert_true(list.rows[i].debtor_id != a.liability.debtor_id);
    assert_int_equal(letters(t, a.liability.debtor_id).n, 1); /* dunned all the same */
}

/* --- waivers
 * ----------------------------------------------------------------------------------------------------
 */

static void test_waiver(void **state)
{
    struct town *t = *state;
    char payload[256];
    struct late_instalment x;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-12-20");
    int64_t id = 0;
    int number = 0;
    for (int nth = 0; nth < 20 && number == 0; nth++) {
        const struct liability_account a = account_of(t, payer(t, nth));
        id = a.liability.liability_id;
        for (size_t i = 0; i < a.n && number == 0; i++) {
            TOWN_OK(t, late_of_instalment(&t->w, id, a.rows[i].number, t->w.today, &x));
            number = x.late_due.n > 0 ? a.rows[i].number : 0;
        }
    }
    assert_true(number > 0);
    const int64_t before = x.late_due.n;
    snprintf(payload, sizeof payload,
             "liability=%lld\nnumber=%d\nground=disaster\nreason=test\nfrom=2026-07-01\n",
             (long long)id, number);
    struct event e = work_event(&t->w, "collection.waiver");
    t->w.actor = &drafting_clerk;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    e.entered_by = drafting_clerk.user_id;
    assert_int_equal(TOWN_OK(t, work_enter(&t->w, &e, str_copy(t->w.cx.arena, str_of(payload)))),
                     1);
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    TOWN_OK(t, late_of_instalment(&t->w, id, number, t->w.today, &x));
    assert_int_equal(x.late_due.n, before); /* a second person has not looked yet */
    town_refused(t, office_check(&t->w, e.no, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = &collecting_chief;
    TOWN_OK(t, office_check(&t->w, e.no, true, STR("")));
    TOWN_OK(t, late_of_instalment(&t->w, id, number, t->w.today, &x));
    assert_int_equal(x.late_due.n, 0);
    assert_int_equal(x.late.outcome, LATE_WAIVED);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    dunning_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a slip issued anew: present balance, replaced, paid twice is found "
                   "[NHI-COL-022]",
                   test_slips),
        TOWN_TESTS("certificates sum receipts by the day they were received; statements are the "
                   "balance [NHI-COL-002 NHI-COL-003]",
                   test_certificates),
        TOWN_TESTS("the address on the due day beside a newer one [NHI-COL-027]", test_due_address),
        TOWN_TESTS("museum: whom a run reaches and whom not, before printing [NHI-COL-016 PRN-001]",
                   test_reach),
        TOWN_TESTS("a waiver counts when a second person has checked it [NHI-ARR-004]",
                   test_waiver),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
