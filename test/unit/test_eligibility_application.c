/*
 * Applications from the form to the decision: what the law makes of them at every threshold, the
 * notice as pdftotext reads it back, and what a granted one gives from which day.
 */
#include "couple.h"
#include "read_pdf.h"

/* Under the city's adopted rules. */
static struct home judged_couple(struct town *t, const char *head_birth, const char *other_birth)
{
    const struct home h = couple(t, head_birth, other_birth);

    levy_town_adopt(t, ROOT "/rules", STR_NONE);
    return h;
}

/* Business income alone: its revenue is in no file of the tax office. */
static void earn_business(struct town *t, int64_t person, int year, int64_t income, int64_t taxable)
{
    earn(t, (struct income){.person_id = person,
                            .income_year = year,
                            .business_income = YEN(income),
                            .has_taxable = true,
                            .taxable = YEN(taxable),
                            .tax_state = taxable > 0 ? TAX_LEVIED : TAX_EXEMPT});
}

static int share_on(struct town *t, int64_t person, const char *day)
{
    int tenths = -1;
    TOWN_OK(t, judgement_share(&t->w, person, day_of(day), &tenths));
    return tenths;
}

static void is_day(struct ymd day, const char *text)
{
    char got[11] = "none";
    if (!ymd_is_none(day))
        ymd_format(day, got);
    assert_string_equal(got, text);
}

/* --- applying and deciding ---------------------------------------------------------------------
 */

static struct application form(const struct home *h, enum application_kind kind, int64_t person,
                               const char *received)
{
    return (struct application){.kind = kind,
                                .person_id = person,
                                .in = {.household_id = h->household,
                                       .notified = day_of(received),
                                       .source = STR("person"),
                                       .route = STR("counter"),
                                       .identity = IDENTITY_PHOTO}};
}

static struct application_item *item(struct application *a, const char *name)
{
    struct application_item *i = &a->item[a->n_items++];
    *i = (struct application_item){.name = str_of(name), .from = YMD_NONE, .to = YMD_NONE};
    return i;
}

static void put_number(struct application *a, const char *name, int64_t n)
{
    struct application_item *i = item(a, name);
    i->number = n;
    i->has_number = true;
}

static void put_amount(struct application *a, const char *name, int64_t person, int64_t yen)
{
    struct application_item *i = item(a, name);
    i->person_id = person;
    i->amount = YEN(yen);
    i->has_amount = true;
}

static void put_words(struct application *a, const char *name, const char *words, const char *from,
                      const char *to)
{
    struct application_item *i = item(a, name);
    i->words = str_of(words);
    i->from = day_of(from);
    i->to = day_of(to);
}

static struct application_look looked(struct town *t, struct application *a)
{
    struct application_look look;
    assert_int_equal(TOWN_OK(t, application_enter(&t->w, a)), 0);
    assert_int_equal(a->no.n, 6);
    assert_int_equal(TOWN_OK(t, application_get(&t->w, a->no, a)), 1);
    TOWN_OK(t, application_look(&t->w, a, &look));
    return look;
}

/* A clerk's decision counts after the chief's word. */
static int decide(struct town *t, struct application_decision d)
{
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor *before = t->w.actor;
    int64_t event = 0;

    t->w.actor = &clerk;
    int result = application_decide(&t->w, &d, &event);
    if (result == 1) {
        struct application a;
        TOWN_OK(t, application_get(&t->w, d.no, &a));
        assert_true(a.waits);
        town_refused(t, application_decide(&t->w, &d, &event), ERR_INVALID,
                     "eligibility.application.waits");
    }
    t->w.actor = before;
    return result;
}

static int64_t waiting_event(struct town *t)
{
    int64_t last = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    return last;
}

static void confirm(struct town *t)
{
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    const int64_t event = waiting_event(t);

    t->w.actor = &clerk;
    town_refused(t, office_check(&t->w, event, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, event, true, STR("")));
    t->w.actor = before;
}

static struct application_step settled(struct town *t, struct application_decision d)
{
    struct application a;
    struct application_steps steps;

    assert_int_equal(TOWN_OK(t, decide(t, d)), 1);
    confirm(t);
    TOWN_OK(t, application_get(&t->w, d.no, &a));
    TOWN_OK(t, application_steps(&t->w, &a, &steps));
    assert_true(steps.n > 0);
    const struct application_step s = steps.rows[steps.n - 1];
    assert_int_equal(s.state, d.state);
    assert_true(str_is(s.officer, "21") && str_is(s.checker, "tester"));
    return s;
}

static struct application_decision grant_of(const struct application *a)
{
    return (struct application_decision){.no = a->no, .state = APPLICATION_GRANTED};
}

static struct application_decision refusal_of(const struct application *a, const char *reason)
{
    return (struct application_decision){.no = a->no,
                                         .state = APPLICATION_REFUSED,
                                         .reason = str_of(reason)};
}

/* The law refuses for this reason: granting is refused, refusing for it goes through. */
static struct application_step must_refuse(struct town *t, struct application *a,
                                           const char *reason)
{
    const struct application_look look = looked(t, a);

    if (!str_is(look.refusal, reason))
        fail_msg("refused for " STR_FMT ", not %s", STR_ARG(look.refusal), reason);
    if (a->kind != APPLICATION_PART_PAYMENT)
        town_refused(t, decide(t, grant_of(a)), ERR_INVALID, "eligibility.application.law_refuses");
    return settled(t, refusal_of(a, reason));
}

/* --- the paper -----------------------------------------------------------------------------------
 */

static struct paper *paper; /* for the process */

static struct str notice(struct town *t, struct str no)
{
    struct text pdf;
    const unsigned looks = t->w.looks;

    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, application_pdf(&t->w, paper, no, &pdf));
    assert_int_equal(t->w.looks, looks + 1);
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static struct str certificate_words(struct town *t, struct str serial)
{
    struct text pdf;

    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, certificate_pdf(&t->w, paper, serial, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

#define MUST_SAY(page, ...)                                                                        \
    must_say(page, (const char *const[]){__VA_ARGS__},                                             \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What every decision says: who decided, how to object, what the data are used for. */
static void must_teach(struct str page)
{
    MUST_SAY(page, "国民健康保険審査会", "３か月以内", "国民健康保険法第91条",
             "国民健康保険法第103条", "利用目的", "根拠", "申請番号", "髙橋次郎", "決定第");
}

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

static struct application long_stay(const struct home *h, const char *received, const char *from,
                                    const char *to)
{
    struct application a = form(h, APPLICATION_LIMIT, h->other, received);
    put_number(&a, "long_stay", 1);
    put_words(&a, "stay", "中央病院", from, to);
    return a;
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

static struct application part(const struct home *h, int64_t income, int64_t savings)
{
    struct application a = form(h, APPLICATION_PART_PAYMENT, h->head, "2026-08-20");
    put_words(&a, "cause", "unemployment", NULL, NULL);
    put_words(&a, "wanted", "exempt", NULL, NULL);
    put_number(&a, "months", 6);
    put_amount(&a, "income", 0, income);
    put_amount(&a, "livelihood", 0, 200000);
    put_amount(&a, "savings", 0, savings);
    return a;
}

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

/* --- as received
 * ------------------------------------------------------------------------------------- */

static void test_received(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    struct applications open;

    set_day(t, "2026-08-20");
    struct application a = part(&h, 100, 0);
    a.in.identity = IDENTITY_NONE;
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID, "eligibility.plan.identity_missing");
    a = part(&h, 100, 0);
    put_words(&a, "shoe_size", "27", NULL, NULL);
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.application.item_unknown");
    a = part(&h, 100, 0);
    a.n_items--;
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.application.item_missing");
    a = long_stay(&h, "2026-08-20", "2026-08-10", "2026-08-09");
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID, "eligibility.application.item_span");
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-21");
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.plan.notified_in_future");
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 0);

    a = part(&h, 100, 0);
    (void)looked(t, &a);
    assert_int_equal(a.n_items, 6);
    assert_int_equal(a.item[3].amount.n, 100);
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 1);
    town_refused(t, decide(t, refusal_of(&a, "nonsense")), ERR_INVALID,
                 "eligibility.application.reason");
    (void)settled(t, (struct application_decision){.no = a.no,
                                                   .state = APPLICATION_WITHDRAWN,
                                                   .words = STR("本人の申出")});
    town_refused(t, decide(t, grant_of(&a)), ERR_INVALID, "eligibility.application.decided");
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 0);
    struct decided_list register_of = {0};
    TOWN_OK(t, decided_of_person(&t->w, h.head, &register_of));
    bool is_there = false;
    for (size_t i = 0; i < register_of.n; i++)
        is_there = is_there || str_is(register_of.rows[i].number, "2026-1");
    assert_true(is_there);
}

/* Under protection the address is on no notice. */
static void test_protected(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    const struct span since = {day_of("2015-04-01"), YMD_NONE};

    set_day(t, "2026-08-20");
    struct application a = part(&h, 100, 0);
    (void)looked(t, &a);
    (void)settled(t, grant_of(&a));
    MUST_SAY(notice(t, a.no), "本町一丁目");
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t,
            party_open_protection(f.party, f.event_no,
                                  &(struct protection_fact){h.other, "violence", STR("1"), since},
                                  NULL));
    feed_end(&f);
    assert_false(has(notice(t, a.no), "本町一丁目")); /* printed again: not there any more */
    a = part(&h, 100, 0);
    (void)looked(t, &a);
    (void)settled(t, grant_of(&a));
    const struct str page = notice(t, a.no);
    MUST_SAY(page, "窓口で手渡し");
    assert_false(has(page, "本町一丁目"));
}

/* --- the pages
 * -------------------------------------------------------------------------------------- */

static const struct frame frame = {.city = {"", 0}, .user = {"", 0}, .path = {"/", 1}};
static struct reply rp;

static int call(struct town *t, const char *pattern, enum method method, struct request *rq)
{
    html_release(&rp.body);
    memset(&rp, 0, sizeof rp);
    html_init(&rp.body);
    rq->frame = &frame;
    rq->arena = t->w.cx.arena;
    rq->method = method;
    for (size_t i = 0; i < eligibility_desk.n_routes; i++) {
        const struct route *r = &eligibility_desk.routes[i];
        if (strcmp(r->pattern, pattern) != 0 || r->method != method)
            continue;
        const int result = r->handler(&t->w, rq, &rp);
        return result < 0 ? result : rp.location.n > 0 ? 303 : rp.status ? rp.status : 200;
    }
    fail_msg("no route %s", pattern);
    return ERR_NOT_FOUND;
}

static void add(struct request *rq, const char *name, const char *value)
{
    rq->form[rq->n_form++] = (struct pair){str_of(name), str_of(value)};
}

static struct request filled(struct town *t, const char *part)
{
    char last[32];
    int64_t no = 0;
    struct request rq = {.part = {str_of(part)}};

    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    snprintf(last, sizeof last, "%lld", (long long)no);
    add(&rq, "_read_at", str_copy(t->w.cx.arena, str_of(last)).p);
    return rq;
}

static struct request received(struct town *t)
{
    struct request rq = filled(t, "0000000011");
    add(&rq, "received", "R8.8.20"), add(&rq, "source", "person"), add(&rq, "route", "counter");
    return rq;
}

/* One of each kind, as the browser sends them. */
static void take_in_four(struct town *t)
{
    struct request rq = received(t);

    /* without a look at his papers it is not taken in, and the form says so */
    add(&rq, "disease", "1");
    assert_int_equal(call(t, "/applications/{}/disease", METHOD_POST, &rq), 422);
    MUST_SAY(text_str(&rp.body.text), "eligibility.plan.identity_missing");
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "disease", "1"), add(&rq, "doctor_day", "R8.8.18");
    add(&rq, "doctor", "中央病院");
    assert_int_equal(call(t, "/applications/{}/disease", METHOD_POST, &rq), 303);
    assert_true(str_is(rp.location, "/application/000001"));
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "year", "2026"), add(&rq, "revenues.0.who", "0000000011");
    add(&rq, "revenues.0.revenue", "3,000,000");
    assert_int_equal(call(t, "/applications/{}/income", METHOD_POST, &rq), 303);
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "long_stay", "1"), add(&rq, "stays.0.from", "R8.5.1");
    add(&rq, "stays.0.to", "R8.8.10"), add(&rq, "stays.0.place", "中央病院");
    assert_int_equal(call(t, "/applications/{}/limit", METHOD_POST, &rq), 303);
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "cause", "disaster"), add(&rq, "wanted", "exempt");
    add(&rq, "months", "3"), add(&rq, "income", "100,000"), add(&rq, "livelihood", "200000");
    add(&rq, "savings", "0");
    assert_int_equal(call(t, "/applications/{}/part", METHOD_POST, &rq), 303);
}

static void test_pages(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    struct request look = {.part = {STR("0000000011")}}, list = {0}, one;

    set_day(t, "2026-08-20");
    earn_business(t, h.head, 2025, 6430001, 1000000);
    earn_business(t, h.other, 2025, 0, 0);
    judge(t, &h, "2026-08-01");
    const unsigned looks = t->w.looks;
    assert_int_equal(call(t, "/applications/{}", METHOD_GET, &look), 200);
    assert_int_equal(t->w.looks, looks + 1);
    MUST_SAY(text_str(&rp.body.text), "accesskey=\"1\"", "accesskey=\"4\"");

    take_in_four(t);
    assert_int_equal(call(t, "/applications", METHOD_GET, &list), 200);
    MUST_SAY(text_str(&rp.body.text), "000001", "000002", "000003", "000004", "髙橋");
    one = (struct request){.part = {STR("000002")}}; /* nobody of 70 to 74: no button to grant */
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "70歳から74歳までの被保険者がいないため", "/refuse");
    assert_false(has(text_str(&rp.body.text), "/application/000002/grant"));
    one.part[0] = STR("000001");
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "20,000", "/application/000001/grant", "中央病院");

    /* the console needs a second person too, where the setting asks for one */
    struct request rq = filled(t, "000001");
    assert_int_equal(call(t, "/application/{}/grant", METHOD_POST, &rq), 303);
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "/pending");
    assert_false(has(text_str(&rp.body.text), "/application/000001/grant"));
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, waiting_event(t), true, STR("")));
    t->w.actor = before;
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "/application/000001/pdf", "tester", "2026-1");

    /* a form older than what has happened to the household is not taken */
    rq = (struct request){.part = {STR("000004")}};
    add(&rq, "_read_at", "1"), add(&rq, "relief", "auto");
    assert_int_equal(call(t, "/application/{}/grant-part", METHOD_POST, &rq), 422);
    rq = filled(t, "000004");
    add(&rq, "relief", "auto");
    assert_int_equal(call(t, "/application/{}/grant-part", METHOD_POST, &rq), 303);
    rq = filled(t, "000002");
    add(&rq, "reason", "nobody");
    assert_int_equal(call(t, "/application/{}/refuse", METHOD_POST, &rq), 303);
    rq = filled(t, "000003");
    add(&rq, "words", "本人の申出");
    assert_int_equal(call(t, "/application/{}/end", METHOD_POST, &rq), 303);
    one.part[0] = STR("999999");
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), ERR_NOT_FOUND);
    error_clear(&t->w.cx);
    html_release(&rp.body);
}

/* The few words that the paper takes from the messages, which a test program does not have. */
static const struct message words_known[] = {
    {"eligibility.disease.1", "人工腎臓を実施している慢性腎不全", NULL},
    {"eligibility.notice.days", "日", NULL},
    {"eligibility.notice.kind.1", "基準収入額適用", NULL},
    {"eligibility.notice.kind.2", "限度額適用・標準負担額減額", NULL},
    {"eligibility.notice.kind.3", "特定疾病", NULL},
    {"eligibility.notice.kind.4", "一部負担金減額・免除・徴収猶予", NULL},
    {"eligibility.notice.letter", "通知書", NULL},
    {"eligibility.notice.measure.4", "一部負担金減額", NULL},
    {"eligibility.notice.measure.5", "一部負担金免除", NULL},
    {"eligibility.notice.measure.6", "一部負担金徴収猶予", NULL},
    {"eligibility.notice.no", "申請番号", NULL},
    {"eligibility.notice.percent", "％", NULL},
    {"eligibility.notice.state.1", "認定", NULL},
    {"eligibility.notice.state.2", "申請却下", NULL},
    {"eligibility.notice.state.4", "認定取消", NULL},
    {"eligibility.notice.tenths", "割", NULL},
    {"eligibility.print.scheme", "国民健康保険", NULL},
    {"eligibility.relief.4", "減額", NULL},
    {"eligibility.relief.5", "免除", NULL},
    {"eligibility.relief.6", "徴収猶予", NULL},
};

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
        TOWN_TESTS("what the form must say, and the register of decisions", test_received),
        TOWN_TESTS("no address on the notice of a protected household", test_protected),
        TOWN_TESTS("taken in, looked at, decided and printed on the pages", test_pages),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
