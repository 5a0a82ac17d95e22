/*
 * Exemptions (減免): three patterns to the yen, decided by a second person, with what follows in
 * the ledger and on paper; a later correction asks for the exempted amount to be confirmed again.
 */
#include "correcting.h"
#include "desk/levy/exemption.h"
#include "desk/levy/notice.h"
#include "read_pdf.h"

static struct actor clerk;

static struct family one_family(struct town *t)
{
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family h = settle_in(&f, 0);
    earns(&f, h.head.person, 2025, 3000000);
    earns(&f, h.other.person, 2025, 0);
    feed_end(&f);
    levy_year(t, 2026, "2026-06-15");
    stand_on(t, "2026-09-15");
    return h;
}

static struct exemption request(const struct family *h, enum exemption_pattern pattern)
{
    return (struct exemption){.household_id = h->household,
                              .debtor_id = h->head.person,
                              .fiscal_year = 2026,
                              .ground = STR("income_loss"),
                              .pattern = pattern,
                              .cuts = STR(""),
                              .applied = day_of("2026-09-10"),
                              .note = STR("廃業")};
}

static int64_t applied_by(struct town *t, const struct actor *who, const struct exemption *x)
{
    const struct actor *before = t->w.actor;
    int64_t no = 0;
    t->w.actor = who;
    TOWN_OK(t, exemption_apply(&t->w, x, &no));
    t->w.actor = before;
    return no;
}

static int decided_by(struct town *t, const struct actor *who, int64_t no, bool is_granted,
                      const char *note)
{
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    int rc = exemption_decide(&t->w, 2026, no, is_granted, day_of("2026-09-15"), str_of(note));
    t->w.actor = before;
    return rc;
}

static int64_t amount_of(const struct levy_schedule *s, int number)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->row[i].number == number) {
            return s->row[i].amount.n;
        }
    }
    return 0;
}

/* The first three are due by 31 August; the fourth is due on 30 September, more than ten days on.
 */
static void assert_open_absorb(const struct decision *before, const struct decision *after,
                               int64_t off)
{
    assert_int_equal(after->result.total.n, before->result.total.n - off);
    int64_t passed = 0;
    for (int n = 1; n <= 3; n++) {
        assert_int_equal(amount_of(&after->schedule, n), amount_of(&before->schedule, n));
        passed += amount_of(&after->schedule, n);
    }
    int64_t rest = after->result.total.n - passed;
    int64_t each = rest / 7 / 10 * 10;
    assert_int_equal(amount_of(&after->schedule, 4), rest - 6 * each);
    assert_int_equal(amount_of(&after->schedule, 10), each);
}

static void test_amount(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct decision before = in_force(t, h.household, 2026);
    struct exemption x = request(&h, EXEMPT_YEN);
    struct levy_changes preview;
    x.yen = YEN(50000);
    int64_t no = applied_by(t, &clerk, &x);
    assert_int_equal(in_force(t, h.household, 2026).result.total.n, before.result.total.n);
    assert_int_equal(TOWN_OK(t, exemption_find(&t->w, 2026, no, &x)), 1);
    TOWN_OK(t, exemption_preview(&t->w, &x, day_of("2026-09-15"), &preview));
    assert_int_equal(preview.n, 1);
    assert_int_equal(preview.rows[0].result.total.n, before.result.total.n - 50000);
    TOWN_OK(t, decided_by(t, &correcting_chief, no, true, ""));
    struct decision after = in_force(t, h.household, 2026);
    assert_true(str_is(after.cause, "exemption"));
    assert_open_absorb(&before, &after, 50000);
    assert_int_equal(account_of(t, &after).charged.n, after.result.total.n);
    assert_replayed(t, 2026);
}

static void test_rate(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct decision before = in_force(t, h.household, 2026);
    struct exemption x = request(&h, EXEMPT_RATE);
    x.rate = 3000;
    int64_t first = applied_by(t, &clerk, &x);
    TOWN_OK(t, decided_by(t, &correcting_chief, first, true, ""));
    struct decision after = in_force(t, h.household, 2026);
    assert_open_absorb(&before, &after, before.result.total.n * 3 / 10);
    /* of the income part only: 2,570,000 at 9.42, 3.04, 2.61 and 0.28 per cent, floored by person
     */
    TOWN_OK(t, exemption_cancel(&t->w, 2026, first, day_of("2026-09-15"), STR("誤り")));
    assert_int_equal(in_force(t, h.household, 2026).result.total.n, before.result.total.n);
    x.of_income = true;
    TOWN_OK(t, decided_by(t, &correcting_chief, applied_by(t, &clerk, &x), true, ""));
    int64_t income_part = 242094 + 78128 + 67077 + 7196;
    assert_int_equal(in_force(t, h.household, 2026).result.total.n,
                     before.result.total.n - income_part * 3 / 10);
    assert_replayed(t, 2026);
}

static void test_instalments(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct decision before = in_force(t, h.household, 2026);
    struct exemption x = request(&h, EXEMPT_INSTALMENTS);
    int64_t no;
    x.cuts = STR("3:1000"); /* due on 31 August: gone */
    town_refused(t, exemption_apply(&t->w, &x, &no), ERR_INVALID, "levy.exemption.cut_passed");
    x.cuts = STR("7:5000 8:");
    town_refused(t, exemption_apply(&t->w, &x, &no), ERR_INVALID, "levy.exemption.cuts");
    x.cuts = STR("7:5000 8:6000");
    TOWN_OK(t, decided_by(t, &correcting_chief, applied_by(t, &clerk, &x), true, ""));
    struct decision after = in_force(t, h.household, 2026);
    assert_int_equal(after.result.total.n, before.result.total.n - 11000);
    for (int n = 1; n <= 10; n++) {
        int64_t cut = n == 7 ? 5000 : n == 8 ? 6000 : 0;
        assert_int_equal(amount_of(&after.schedule, n), amount_of(&before.schedule, n) - cut);
    }
    assert_replayed(t, 2026);
}

/* --- two people, refusing, paper ----------------------------------------------------------------
 */

static struct str paper_of(struct town *t, int64_t no)
{
    struct exemption x;
    struct form_data data;
    struct text pdf;
    assert_int_equal(TOWN_OK(t, exemption_find(&t->w, 2026, no, &x)), 1);
    form_data_init(&data, t->w.cx.arena, STR(""));
    TOWN_OK(t, exemption_paper(&t->w, &x, &data));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, sheet_pdf(&t->w, "exemption_notice", &data, &pdf));
    struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static void test_two_people(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct decision before = in_force(t, h.household, 2026);
    struct exemption x = request(&h, EXEMPT_YEN);
    x.yen = YEN(20000);
    int64_t by_chief = applied_by(t, &correcting_chief, &x);
    town_refused(t, decided_by(t, &correcting_chief, by_chief, true, ""), ERR_DENIED,
                 "levy.exemption.same_person");
    town_refused(t, decided_by(t, &clerk, by_chief, true, ""), ERR_DENIED, "office.right_missing");
    int64_t no = applied_by(t, &clerk, &x);
    town_refused(t, decided_by(t, &correcting_chief, no, false, ""), ERR_INVALID,
                 "levy.exemption.why");
    TOWN_OK(t, decided_by(t, &correcting_chief, no, false, "収入の減少が認められない"));
    town_refused(t, decided_by(t, &correcting_chief, no, true, ""), ERR_STALE,
                 "levy.exemption.settled");
    assert_int_equal(in_force(t, h.household, 2026).result.total.n, before.result.total.n);
    static const char *const refused[] = {"減免不承認通知書", "収入の減少が認められない",
                                          "審査請求", "変更はありません"};
    must_say(paper_of(t, no), refused, 4);
    int64_t granted = applied_by(t, &clerk, &x);
    TOWN_OK(t, decided_by(t, &correcting_chief, granted, true, ""));
    static const char *const said[] = {"減免承認通知書", "減免規則第2条第2号", "20,000"};
    must_say(paper_of(t, granted), said, 3);
}

/* --- confirmed again
 * ------------------------------------------------------------------------------ */

static size_t open_reviews(struct town *t, int64_t *first)
{
    struct levy_exemption_reviews_open_in in = {.fiscal_year = 2026, .n = 10};
    struct levy_exemption_reviews_open_list list;
    TOWN_OK(t, levy_exemption_reviews_open(&t->w.cx, t->w.store, &in, &list));
    *first = list.n ? list.rows[0].exemption_review_id : 0;
    return list.n;
}

static void test_review(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct exemption x = request(&h, EXEMPT_RATE);
    int64_t review;
    x.rate = 2000;
    TOWN_OK(t, decided_by(t, &correcting_chief, applied_by(t, &clerk, &x), true, ""));
    assert_int_equal(open_reviews(t, &review), 0);
    earns_now(t, h.head.person, 2025, 2000000);
    correct_year(t, 2026, "2026-10-05");
    assert_int_equal(open_reviews(t, &review), 1);
    correct_year(t, 2026, "2026-10-20"); /* only a person's word takes it off */
    assert_int_equal(open_reviews(t, &review), 1);
    town_refused(t, exemption_review_close(&t->w, review, 9, STR("")), ERR_INVALID,
                 "levy.exemption.answer");
    TOWN_OK(t, exemption_review_close(&t->w, review, 1, STR("率は変えない")));
    assert_int_equal(open_reviews(t, &review), 0);
    assert_replayed(t, 2026);
}

/* Of an income part there is nothing to take: granted all the same, and on the list. */
static void test_without_effect(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct exemption x = request(&h, EXEMPT_RATE);
    struct levy_exemption_reviews_open_in in = {.fiscal_year = 2026, .n = 10};
    struct levy_exemption_reviews_open_list list;
    earns_now(t, h.head.person, 2025, 0);
    correct_year(t, 2026, "2026-09-15");
    const struct decision before = in_force(t, h.household, 2026);
    x.rate = 5000;
    x.of_income = true;
    const int64_t no = applied_by(t, &clerk, &x);
    TOWN_OK(t, decided_by(t, &correcting_chief, no, true, ""));
    assert_int_equal(TOWN_OK(t, exemption_find(&t->w, 2026, no, &x)), 1);
    assert_int_equal(x.status, EXEMPTION_GRANTED);
    assert_int_equal(in_force(t, h.household, 2026).decision_id, before.decision_id);
    TOWN_OK(t, levy_exemption_reviews_open(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.rows[0].exemption_no, no);
    assert_int_equal(list.rows[0].before_yen.n, list.rows[0].after_yen.n);
    TOWN_OK(t, exemption_review_close(&t->w, list.rows[0].exemption_review_id, 1, STR("確認済")));
    /* an income that comes later: then it takes its half */
    earns_now(t, h.head.person, 2025, 3000000);
    correct_year(t, 2026, "2026-09-20");
    const struct decision after = in_force(t, h.household, 2026);
    assert_true(after.result.total.n > before.result.total.n);
    assert_int_equal(after.result.total.n, assessed_now(t, h.household, 2026));
    TOWN_OK(t, exemption_cancel(&t->w, 2026, no, day_of("2026-09-20"), STR("取消")));
    assert_int_equal(in_force(t, h.household, 2026).result.total.n - after.result.total.n,
                     (242094 + 78128 + 67077 + 7196) / 2);
    assert_replayed(t, 2026);
}

/* --- the table of grounds ------------------------------------------------------------------------
 */

static struct str shown_ground(struct town *t, int64_t no)
{
    struct exemption x;
    struct exemption_ground g;
    assert_int_equal(TOWN_OK(t, exemption_find(&t->w, 2026, no, &x)), 1);
    TOWN_OK(t, exemption_ground_of(&t->w, x.ground, x.event_no, &g));
    return g.label;
}

static void test_grounds(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct exemption x = request(&h, EXEMPT_RATE);
    struct exemption_grounds all;
    int64_t no = 0;
    x.rate = 9000;
    const int64_t first = applied_by(t, &clerk, &x);
    assert_true(str_is(shown_ground(t, first), "収入の著しい減少（失業・休廃業など）"));
    static const char *const wrong[] = {
        "",
        "flood\t100001\t0\t条例1条\t\t水害\n",
        "flood\t0\t0\t条例1条\t\t水害\n",
        "Flood\t1\t0\t条例1条\t\t水害\n",
        "flood\t1\t0\t\t\t水害\n",
        "flood\t1\t0\t条例1条\t\t水害\nflood\t2\t0\t条例1条\t\t水害\n",
        "flood\t1\t0\t条例1条\t\t\n"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        town_refused(t, exemption_grounds_adopt(&t->w, str_of(wrong[i]), STR("x")), ERR_INVALID,
                     "levy.exemption.table");
    }
    t->w.actor = &clerk;
    town_refused(t,
                 exemption_grounds_adopt(&t->w, STR("flood\t9000\t0\t条例1条\t\t水害\n"), STR("x")),
                 ERR_DENIED, "office.right_missing");
    t->w.actor = &correcting_chief;
    TOWN_OK(t, exemption_grounds_adopt(&t->w,
                                       STR("flood\t9000\t0\t条例第20条\tり災証明書\t水害\n"
                                           "crop\t5000\t0\t条例第21条\t\t不作\n"),
                                       STR("条例改正")));
    TOWN_OK(t, exemption_grounds_read(&t->w, KNOWN_NOW, &all));
    assert_int_equal(all.n, 2);
    t->w.actor = &clerk;
    town_refused(t, exemption_apply(&t->w, &x, &no), ERR_INVALID, "levy.exemption.ground");
    x.ground = STR("crop");
    town_refused(t, exemption_apply(&t->w, &x, &no), ERR_INVALID, "levy.exemption.rate");
    x.rate = 5000;
    TOWN_OK(t, exemption_apply(&t->w, &x, &no));
    TOWN_OK(t, decided_by(t, &correcting_chief, no, true, ""));
    static const char *const said[] = {"条例第21条", "不作"};
    must_say(paper_of(t, no), said, 2);
    /* what was applied for before keeps its ground, its name and its article */
    assert_true(str_is(shown_ground(t, first), "収入の著しい減少（失業・休廃業など）"));
    t->w.actor = &correcting_chief;
    TOWN_OK(t, exemption_decide(&t->w, 2026, first, false, day_of("2026-09-15"), STR("重複")));
    static const char *const old[] = {"減免規則第2条第2号"};
    must_say(paper_of(t, first), old, 1);
}

/* Two months in custody: what the exemption may come to is his share of two months. */
static void test_custody(void **state)
{
    struct town *t = *state;
    struct family h = one_family(t);
    struct yen yen;
    int64_t before = in_force(t, h.household, 2026).result.total.n;
    TOWN_OK(t, exemption_custody_amount(&t->w, h.household, h.head.person, 2026, &yen));
    assert_int_equal(yen.n, 0);
    struct feed f = feed_begin(t, "eligibility.circumstance", h.household);
    TOWN_OK(t,
            eligibility_open_circumstance(f.eligibility, f.event_no,
                                          &(struct circumstance){.person_id = h.other.person,
                                                                 .kind = CIRCUMSTANCE_CUSTODY,
                                                                 .day = day_of("2026-07-03"),
                                                                 .first_month = month_of(2026, 7),
                                                                 .last_month = month_of(2026, 8)},
                                          NULL));
    feed_end(&f);
    TOWN_OK(t, exemption_custody_amount(&t->w, h.household, h.head.person, 2026, &yen));
    /* per-capita amounts of two months of twelve: 34,700 + 11,100 + 18,700 + 1,836 */
    int64_t share = (34700 + 11100 + 18700 + 1836) * 2 / 12;
    assert_true(yen.n >= share - 4 && yen.n <= share + 4); /* four parts floored apart */
    assert_int_equal(assessed_now(t, h.household, 2026), before);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    correcting_start();
    clerk = levy_town_actor(ROLE_CLERK, 93);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("an exempted amount comes off the year, open instalments absorb it "
                   "[NHI-ASM-004]",
                   test_amount),
        TOWN_TESTS("an exempted rate, of the whole or of the income part [NHI-ASM-004]", test_rate),
        TOWN_TESTS("exempted instalments [NHI-ASM-004]", test_instalments),
        TOWN_TESTS("granted or refused by a second person, with a notice that gives the reason "
                   "[NHI-ASM-006]",
                   test_two_people),
        TOWN_TESTS("a correction asks for the exempted amount to be confirmed again [NHI-ASM-005]",
                   test_review),
        TOWN_TESTS("an exemption that changes nothing is granted and listed [NHI-ASM-006]",
                   test_without_effect),
        TOWN_TESTS("the municipality adopts its own grounds; what was decided keeps the old ones "
                   "[NHI-ASM-004]",
                   test_grounds),
        TOWN_TESTS("what the months in custody come to [NHI-ASM-004]", test_custody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
