/*
 * Applications from the form to the decision: what the law makes of them at every threshold, the
 * notice as pdftotext reads it back, and what a granted one gives from which day.
 */
#include "applying.h"

/* --- standard income
 * ------------------------------------------------------------------------------ */

static struct application income_form(const struct home *h, const char *received, int year)
{
    struct application a = form(h, APPLICATION_STANDARD_INCOME, h->head, received);
    put_number(&a, "year", year);
    return a;
}

static struct certificate_need need_of(struct town *t, int64_t person)
{
    struct certificate_needs needs;
    TOWN_OK(t, certificate_due_people(&t->w, &person, 1, &needs));
    assert_int_equal(needs.n, 1);
    return needs.rows[0];
}

static void test_income(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1954-03-10", "1980-03-10"); /* 72 and 46 */
    struct certificate_order o = {.person_id = h.head, .valid_until = YMD_NONE};

    earn_business(t, h.head, 2024, 3500000, 1600000);
    earn_business(t, h.other, 2024, 0, 0);
    set_day(t, "2026-06-15");
    judge(t, &h, "2025-08-01");
    assert_int_equal(share_on(t, h.head, "2026-06-15"), 3);
    TOWN_OK(t, certificate_enter(&t->w, h.household, &o, 1, NULL));
    assert_null(need_of(t, h.head).due);

    struct application a = income_form(&h, "2026-06-15", 2025);
    put_amount(&a, "revenue", h.head, 3830000); /* not below */
    const struct application_step no = must_refuse(t, &a, "over");
    assert_true(no.decision_no > 0 && ymd_is_none(no.from));
    assert_int_equal(share_on(t, h.head, "2026-07-01"), 3);
    const struct str letter = notice(t, a.no);
    must_teach(letter);
    MUST_SAY(letter, "基準収入額以上であるため", "国民健康保険法施行令27条の2第3項");

    a = income_form(&h, "2026-06-15", 2025);
    put_amount(&a, "revenue", h.head, 3829999);
    const struct application_look look = looked(t, &a);
    assert_int_equal(look.share_before, 3);
    assert_int_equal(look.share_after, 2);
    assert_int_equal(look.refusal.n, 0);
    is_day(look.valid.from, "2026-07-01");
    assert_int_equal(decide(t, grant_of(&a)), 1);
    assert_int_equal(share_on(t, h.head, "2026-07-01"), 3); /* not before the second word */
    confirm(t);
    assert_int_equal(share_on(t, h.head, "2026-06-30"), 3);
    assert_int_equal(share_on(t, h.head, "2026-07-01"), 2);
    MUST_SAY(notice(t, a.no), "3,829,999円", "令和8年7月1日", "令和8年7月31日", "2割");

    /* the new card is due on the day the share changes, and carries it */
    set_day(t, "2026-06-30");
    assert_null(need_of(t, h.head).due);
    set_day(t, "2026-07-01");
    assert_string_equal(need_of(t, h.head).due, "eligibility.due.share");
    o = (struct certificate_order){.person_id = h.head,
                                   .cause = STR("share"),
                                   .valid_until = YMD_NONE};
    TOWN_OK(t, certificate_enter(&t->w, h.household, &o, 1, NULL));
    struct held c;
    TOWN_OK(t, certificate_by_serial(&t->w, o.serial, &c));
    assert_int_equal(c.share, 2);
    assert_null(need_of(t, h.head).due);

    /* before 1 August for the year that begins then; taken back: three tenths again */
    earn_business(t, h.head, 2025, 3500000, 1600000);
    earn_business(t, h.other, 2025, 0, 0);
    judge(t, &h, "2026-08-01");
    a = income_form(&h, "2026-07-01", 2026);
    put_amount(&a, "revenue", h.head, 3829999);
    is_day(looked(t, &a).valid.from, "2026-08-01");
    (void)settled(t, grant_of(&a));
    assert_int_equal(share_on(t, h.head, "2026-08-01"), 2);
    (void)settled(t, (struct application_decision){.no = a.no,
                                                   .state = APPLICATION_REVOKED,
                                                   .words = STR("書類の誤り")});
    assert_int_equal(share_on(t, h.head, "2026-08-01"), 3);
    MUST_SAY(notice(t, a.no), "書類の誤り", "取消");
}

/* Two of 70 to 74: 5,200,000 yen together. */
static void test_income_two(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1954-03-10", "1955-03-10");

    earn_business(t, h.head, 2025, 3500000, 1600000);
    earn_business(t, h.other, 2025, 1000000, 100000);
    set_day(t, "2026-08-10");
    judge(t, &h, "2026-08-01");
    struct application a = income_form(&h, "2026-08-10", 2026);
    put_amount(&a, "revenue", h.head, 4000000);
    put_amount(&a, "revenue", h.other, 1200000);
    (void)must_refuse(t, &a, "over");
    a = income_form(&h, "2026-08-10", 2026);
    put_amount(&a, "revenue", h.head, 4000000);
    put_amount(&a, "revenue", h.other, 1199999);
    is_day(looked(t, &a).valid.from, "2026-09-01");
    (void)settled(t, grant_of(&a));
    assert_int_equal(share_on(t, h.head, "2026-08-31"), 3);
    assert_int_equal(share_on(t, h.head, "2026-09-01"), 2);
    assert_int_equal(share_on(t, h.other, "2026-09-01"), 2);
}

/* --- limit, reduction, long stay
 * ------------------------------------------------------------------- */

static struct held paper_of(struct town *t, struct str serial)
{
    struct held c = {0};
    assert_int_equal(TOWN_OK(t, certificate_by_serial(&t->w, serial, &c)), 1);
    return c;
}

static void test_limit(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");

    earn_business(t, h.head, 2025, 2530000, 1000000);
    earn_business(t, h.other, 2025, 0, 0);
    set_day(t, "2026-08-20");
    struct application a = form(&h, APPLICATION_LIMIT, h.other, "2026-08-20");
    assert_string_equal(looked(t, &a).problem, "eligibility.application.no_division");
    town_refused(t, decide(t, grant_of(&a)), ERR_INVALID, "eligibility.application.no_division");
    judge(t, &h, "2026-08-01");
    struct application_step s = settled(t, grant_of(&a));
    struct held c = paper_of(t, s.serial);
    assert_true(str_is(c.kind, "limit"));
    assert_int_equal(c.division, DIVISION_E);
    is_day(c.effective, "2026-08-01"); /* the first of the month of the application */
    is_day(c.valid_until, "2027-07-31");
    must_teach(notice(t, a.no));
    MUST_SAY(notice(t, a.no), "認定通知書", "令和8年8月1日", "令和9年7月31日", s.serial.p);

    struct reliefs given;
    set_day(t, "2026-08-31");
    TOWN_OK(t, relief_of_people(&t->w, &h.other, 1, &given));
    assert_int_equal(given.n, 1);
    assert_int_equal(given.rows[0].division, DIVISION_E);

    /* arrears without a special reason; with one they do not count */
    tests_arrears = (struct certificate_arrears){.state = ARREARS_SHORT, .blocks_limits = true};
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-31");
    s = must_refuse(t, &a, "arrears");
    assert_true(s.serial.n == 0);
    MUST_SAY(notice(t, a.no), "滞納があり、特別の事情の届出がないため", "却下通知書");
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-31");
    tests_arrears.blocks_limits = false;
    assert_int_equal(looked(t, &a).refusal.n, 0);
    struct application_decision wrong = refusal_of(&a, "arrears");
    wrong.words = STR("そのほか");
    town_refused(t, decide(t, wrong), ERR_INVALID, "eligibility.application.not_the_reason");

    /* untaxed and in arrears: the price of meals is lowered, the limit is not */
    tests_arrears.blocks_limits = true;
    earn_business(t, h.head, 2025, 0, 0);
    judge(t, &h, "2026-08-01");
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-31");
    assert_true(str_is(looked(t, &a).paper, "reduction"));
    s = settled(t, grant_of(&a));
    assert_true(str_is(paper_of(t, s.serial).kind, "reduction"));
    tests_arrears.blocks_limits = false;
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-31");
    (void)looked(t, &a);
    s = settled(t, grant_of(&a));
    assert_true(str_is(paper_of(t, s.serial).kind, "limit_reduction"));
}

/* 70 to 74: general and the highest need no document; the others get the one of their division. */
static void test_limit_elderly(void **state)
{
    static const struct {
        int64_t income, taxable;
        const char *refusal, *paper;
    } cases[] = {{9000000, 6900000, "not_needed", NULL},
                 {9000000, 6899999, NULL, "limit"},
                 {9000000, 1450000, NULL, "limit"},
                 {2000000, 1000000, "not_needed", NULL},
                 {0, 0, NULL, "limit_reduction"}};
    struct town *t = *state;
    const struct home h = judged_couple(t, "1954-03-10", "1982-03-10");

    earn_business(t, h.other, 2025, 0, 0);
    set_day(t, "2026-08-20");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct application a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-20");
        print_message("# case %zu\n", i);
        earn_business(t, h.head, 2025, cases[i].income, cases[i].taxable);
        judge(t, &h, "2026-08-01");
        if (cases[i].refusal) {
            (void)must_refuse(t, &a, cases[i].refusal);
            continue;
        }
        assert_true(str_is(looked(t, &a).paper, cases[i].paper));
        assert_true(str_is(paper_of(t, settled(t, grant_of(&a)).serial).kind, cases[i].paper));
    }
}

static void test_long_stay(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");

    for (int year = 2024; year <= 2025; year++) {
        earn_business(t, h.head, year, 0, 0);
        earn_business(t, h.other, year, 0, 0);
    }
    judge(t, &h, "2025-08-01");
    judge(t, &h, "2026-08-01");
    set_day(t, "2026-11-09");
    /* 12 August to 9 November: 90 days */
    struct application a = long_stay(&h, "2026-11-09", "2026-08-12", "2026-11-09");
    assert_int_equal(looked(t, &a).stay_days, 90);
    a = long_stay(&h, "2026-11-09", "2026-08-12", "2026-11-09");
    struct application_step s = must_refuse(t, &a, "stay_short");
    MUST_SAY(notice(t, a.no), "90日を超えないため", "90日", "却下通知書");

    /* a day counts once in two hospitals; before the twelve months it does not count */
    a = long_stay(&h, "2026-11-09", "2026-08-12", "2026-11-09");
    put_words(&a, "stay", "北病院", "2025-11-20", "2025-11-30");
    put_words(&a, "stay", "北病院", "2026-08-12", "2026-08-20");
    assert_int_equal(looked(t, &a).stay_days, 90);

    a = long_stay(&h, "2026-11-09", "2026-08-11", "2026-11-09");
    const struct application_look look = looked(t, &a);
    assert_int_equal(look.stay_days, 91);
    is_day(look.long_stay, "2026-12-01");
    s = settled(t, grant_of(&a));
    const struct held c = paper_of(t, s.serial);
    assert_true(str_is(c.kind, "limit_reduction"));
    assert_int_equal(c.division, DIVISION_O);
    is_day(c.effective, "2026-11-01");
    is_day(c.long_stay, "2026-12-01");
    MUST_SAY(certificate_words(t, s.serial), "長期入院該当年月日", "令和8年12月1日");
    MUST_SAY(notice(t, a.no), "令和8年12月1日", "91日");

    struct reliefs given;
    set_day(t, "2026-11-30");
    TOWN_OK(t, relief_of_people(&t->w, &h.other, 1, &given));
    assert_int_equal(given.n, 1);
    set_day(t, "2026-12-01");
    TOWN_OK(t, relief_of_people(&t->w, &h.other, 1, &given));
    assert_int_equal(given.n, 2);
    assert_int_equal(given.rows[1].kind, RELIEF_LONG_STAY);

    /* where only days with the certificate count, and for a taxed household */
    TOWN_OK(t, setting_set(&t->w, "eligibility.long_stay_counts", STR("certified"), STR("test")));
    a = long_stay(&h, "2026-12-01", "2026-08-11", "2026-12-01");
    assert_int_equal(looked(t, &a).stay_days, 31); /* the certificate is of 1 November */
    TOWN_OK(t, setting_set(&t->w, "eligibility.long_stay_counts", STR("judged"), STR("test")));
    earn_business(t, h.head, 2025, 3000000, 1500000);
    judge(t, &h, "2026-08-01");
    a = long_stay(&h, "2026-12-01", "2026-01-01", "2026-12-01");
    (void)must_refuse(t, &a, "stay_division");
}

/* --- a specified disease
 * ---------------------------------------------------------------------------- */

static void test_disease(void **state)
{
    static const struct {
        int64_t income;
        int disease;
        bool is_elder;
        int64_t limit;
    } cases[] = {{6430001, 1, false, 20000}, /* イ */
                 {6430000, 1, false, 10000}, /* ウ */
                 {6430001, 2, false, 10000},
                 {6430001, 3, false, 10000},
                 {6430001, 1, true, 10000}};
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1954-03-10");

    earn_business(t, h.other, 2025, 0, 0);
    set_day(t, "2026-08-20");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t who = cases[i].is_elder ? h.other : h.head;
        struct application a = form(&h, APPLICATION_DISEASE, who, "2026-08-20");
        struct reliefs given;
        print_message("# case %zu\n", i);
        earn_business(t, h.head, 2025, cases[i].income, 1000000);
        judge(t, &h, "2026-08-01");
        put_number(&a, "disease", cases[i].disease);
        put_words(&a, "doctor", "中央病院　佐藤医師", "2026-08-18", NULL);
        (void)looked(t, &a);
        const struct application_step s = settled(t, grant_of(&a));
        const struct held c = paper_of(t, s.serial);
        assert_true(str_is(c.kind, "disease"));
        assert_int_equal(c.limit.n, cases[i].limit);
        assert_int_equal(c.disease, cases[i].disease);
        is_day(c.effective, "2026-08-01");
        set_day(t, "2026-08-01"); /* from the month of the application */
        TOWN_OK(t, relief_of_people(&t->w, &who, 1, &given));
        assert_int_equal(given.n, 1);
        assert_int_equal(given.rows[0].limit.n, cases[i].limit);
        assert_int_equal(given.rows[0].disease, cases[i].disease);
        set_day(t, "2026-07-31");
        TOWN_OK(t, relief_of_people(&t->w, &who, 1, &given));
        assert_int_equal(given.n, 0);
        set_day(t, "2026-08-20");
    }
    struct application a = form(&h, APPLICATION_DISEASE, h.head, "2026-08-20");
    put_number(&a, "disease", 1);
    (void)must_refuse(t, &a, "no_doctor");
    MUST_SAY(notice(t, a.no), "医師の意見がないため", "人工腎臓");
    a = form(&h, APPLICATION_DISEASE, h.head, "2026-08-20");
    put_number(&a, "disease", 4);
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.application.item_value");
}

/* --- part-payment
 * ----------------------------------------------------------------------------------- */

static struct part_payment pays(struct town *t, int64_t person, int64_t part)
{
    struct reliefs given;
    TOWN_OK(t, relief_of_people(&t->w, &person, 1, &given));
    return part_payment_under(&given, person, YEN(part));
}

static void test_part(void **state)
{
    static const struct {
        int64_t income, savings;
        enum relief_kind relief;
        int rate;
        const char *last, *title;
        int64_t now, later;
    } cases[] = {{220000, 600000, RELIEF_EXEMPT, 100, "2026-10-31", "一部負担金免除認定通知書", 0,
                  0},
                 {220001, 0, RELIEF_REDUCE, 70, "2026-10-31", "一部負担金減額認定通知書", 3000, 0},
                 {230000, 0, RELIEF_REDUCE, 70, "2026-10-31", "一部負担金減額証明書", 3000, 0},
                 {230001, 0, RELIEF_REDUCE, 40, "2026-10-31", "40％", 6000, 0},
                 {240001, 0, RELIEF_DEFER, 0, "2027-01-31", "一部負担金徴収猶予認定通知書", 0,
                  9999},
                 {260000, 0, RELIEF_DEFER, 0, "2027-01-31", "一部負担金徴収猶予証明書", 0, 9999}};
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");

    set_day(t, "2026-08-20");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct application a = part(&h, cases[i].income, cases[i].savings);
        print_message("# case %zu\n", i);
        const struct application_look look = looked(t, &a);
        assert_int_equal(look.relief, cases[i].relief);
        const struct application_step s = settled(t, grant_of(&a));
        assert_int_equal(s.rate, cases[i].rate);
        is_day(s.from, "2026-08-01");
        is_day(s.last, cases[i].last);
        const struct part_payment p = pays(t, h.head, 9999);
        assert_int_equal(p.now.n, cases[i].now);
        assert_int_equal(p.later.n, cases[i].later);
        assert_int_equal(p.now.n + p.later.n + p.given_up.n, 9999);
        must_teach(notice(t, a.no));
        MUST_SAY(notice(t, a.no), cases[i].title);
    }
    struct application a = part(&h, 260001, 0);
    (void)must_refuse(t, &a, "income");
    MUST_SAY(notice(t, a.no), "申請却下通知書", "市の定める基準を超えるため");
    assert_false(has(notice(t, a.no), "証明書"));
    a = part(&h, 220000, 600001);
    (void)must_refuse(t, &a, "savings");

    /* the city may decide otherwise, and says why */
    a = part(&h, 260001, 0);
    (void)looked(t, &a);
    struct application_decision d = grant_of(&a);
    d.relief = RELIEF_REDUCE;
    d.rate = 50;
    d.months = 2;
    town_refused(t, decide(t, d), ERR_INVALID, "eligibility.application.words");
    d.words = STR("火災で家財を失った");
    is_day(settled(t, d).last, "2026-09-30");
    assert_int_equal(pays(t, h.head, 9999).now.n, 5000);
    (void)settled(t, (struct application_decision){.no = a.no,
                                                   .state = APPLICATION_REVOKED,
                                                   .words = STR("収入の申告漏れ")});
    assert_int_equal(pays(t, h.head, 9999).now.n, 9999);
}

int main(void)
{
    levy_town_start();
    certificate_arrears_set(arrears);
    message_table_set(words_known, sizeof words_known / sizeof *words_known);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("revenue below 3,830,000 turns three tenths to two from the month after the "
                   "application, a new card is due then [NHI-ELG-033]",
                   test_income),
        TOWN_TESTS("two of 70 to 74: below 5,200,000 together [NHI-ELG-033]", test_income_two),
        TOWN_TESTS("a limit is granted from the first of the month, refused for arrears "
                   "[NHI-ELG-034]",
                   test_limit),
        TOWN_TESTS("limits of those of 70 to 74 by division [NHI-ELG-034]", test_limit_elderly),
        TOWN_TESTS("a long stay of more than 90 days, from the first of the next month "
                   "[NHI-ELG-034]",
                   test_long_stay),
        TOWN_TESTS("a specified disease: certificate and limit from the month of the application "
                   "[NHI-ELG-035]",
                   test_disease),
        TOWN_TESTS("part-payment cut, waived, deferred and refused at every line, each with its "
                   "notice and with what a treatment then costs [NHI-ELG-036]",
                   test_part),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
