/* Judgements: shares, divisions and elderly classes of real households under the adopted rules. */
#include "levy_town.h"
#include "lists.h"
#include "residents.h"

static struct ymd day(const char *text)
{
    return day_of(text);
}

/* --- households by hand ---------------------------------------------------------------------- */

struct home {
    int64_t household, head, other;
};

static struct ruleset *the_rules(struct town *t)
{
    struct ruleset *rules;
    TOWN_OK(t, ruleset_load_directory(&t->w.cx, ROOT "/rules", STR_NONE, &rules));
    return rules;
}

static void adopt(struct town *t)
{
    const struct rule_text *texts;
    const size_t n = ruleset_texts(the_rules(t), &texts);
    for (size_t i = 0; i < n; i++)
        TOWN_OK(t, office_adopt(&t->w, STR("rules"), texts[i].name, texts[i].text, STR("test")));
}

static const struct insured since_2015 = {.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN};

/* A head and, where other is given, somebody with him; both insured. */
static struct home couple(struct town *t, const char *head_birth, const char *other_birth)
{
    struct feed f = feed_begin(t, "party.move_in", 0);
    struct home h = {.household = add_household(&f, "00000101", "本町", "1", "2015-04-01")};
    h.head = add_person(&f, (struct who){"0000000101", "保険 太郎", "ホケン タロウ", head_birth,
                                         SEX_MALE});
    add_member(&f, h.household, h.head, "01", "2015-04-01", NULL);
    add_number(&f, h.household, "0001", "2015-04-01");
    add_period(&f, h.head, since_2015);
    if (other_birth) {
        h.other = add_person(&f, (struct who){"0000000102", "保険 花子", "ホケン ハナコ",
                                              other_birth, SEX_FEMALE});
        add_member(&f, h.household, h.other, "03", "2015-04-01", NULL);
        add_period(&f, h.other, since_2015);
    }
    feed_end(&f);
    return h;
}

static int64_t earn(struct town *t, struct income in)
{
    int64_t written = 0;
    struct event e = work_event(&t->w, "levy.income");
    in.source = in.source ? in.source : INCOME_TAX;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(&t->w, e.no, &in, 1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    return e.no;
}

static struct income pension(int64_t person, int year, int64_t revenue, int64_t taxable)
{
    return (struct income){.person_id = person,
                           .income_year = year,
                           .pension_revenue = YEN(revenue),
                           .has_taxable = true,
                           .taxable = YEN(taxable),
                           .tax_state = taxable > 0 ? TAX_LEVIED : TAX_EXEMPT};
}

static void is_judged(struct town *t, int64_t person, const char *on, int share, enum division d)
{
    int tenths = -1;
    enum division division = DIVISION_NONE;
    assert_int_equal(TOWN_OK(t, judgement_share(&t->w, person, day(on), &tenths)), 1);
    assert_int_equal(TOWN_OK(t, judgement_division(&t->w, person, day(on), &division)), 1);
    assert_int_equal(tenths, share);
    assert_int_equal(division, d);
}

static int judge(struct town *t, int64_t household, const char *from, enum judge_cause cause)
{
    int written = 0;
    TOWN_OK(t, judge_household(&t->w, household, day(from), cause, &written));
    return written;
}

/* --- the lines ------------------------------------------------------------------------------- */

static void test_lines(void **state)
{
    struct town *t = *state;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    static const struct {
        int64_t revenue, taxable;
        int share;
        enum division division;
    } rows[] = {
        {3830000, 1449999, 2, DIVISION_GENERAL},  {3830000, 1450000, 3, DIVISION_ACTIVE_1},
        {3829999, 1450000, 2, DIVISION_GENERAL},  {9000000, 3799999, 3, DIVISION_ACTIVE_1},
        {9000000, 3800000, 3, DIVISION_ACTIVE_2}, {9000000, 6899999, 3, DIVISION_ACTIVE_2},
        {9000000, 6900000, 3, DIVISION_ACTIVE_3}, {826500, 0, 2, DIVISION_LOW_1},
        {826501, 0, 2, DIVISION_LOW_2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        earn(t, pension(h.head, 2025, rows[i].revenue, rows[i].taxable));
        (void)judge(t, h.household, "2026-08-01", JUDGE_INCOME);
        is_judged(t, h.head, "2026-08-01", rows[i].share, rows[i].division);
    }
    earn(t, (struct income){.person_id = h.head, .income_year = 2025, .is_undeclared = true});
    judge(t, h.household, "2026-08-01", JUDGE_INCOME);
    is_judged(t, h.head, "2026-08-01", 2, DIVISION_GENERAL);
}

static void test_young(void **state)
{
    struct town *t = *state;
    adopt(t);
    struct home h = couple(t, "1980-03-10", "1982-03-10");
    static const struct {
        int64_t income;
        enum division division;
    } rows[] = {{9440001, DIVISION_A}, {9440000, DIVISION_I}, {6430001, DIVISION_I},
                {6430000, DIVISION_U}, {2530001, DIVISION_U}, {2530000, DIVISION_E}};
    earn(t, pension(h.other, 2025, 0, 0));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        earn(t, (struct income){.person_id = h.head,
                                .income_year = 2025,
                                .business_income = YEN(rows[i].income),
                                .tax_state = TAX_LEVIED});
        judge(t, h.household, "2026-08-01", JUDGE_INCOME);
        is_judged(t, h.head, "2026-08-01", 3, rows[i].division);
    }
    earn(t, pension(h.head, 2025, 0, 0));
    judge(t, h.household, "2026-08-01", JUDGE_INCOME);
    is_judged(t, h.head, "2026-08-01", 3, DIVISION_O);
    earn(t, (struct income){.person_id = h.other, .income_year = 2025, .is_undeclared = true});
    judge(t, h.household, "2026-08-01", JUDGE_INCOME);
    is_judged(t, h.head, "2026-08-01", 3, DIVISION_A);
}

/* The head has left for another scheme: he is taxed, so she cannot be untaxed. */
static void test_deemed_head(void **state)
{
    struct town *t = *state;
    adopt(t);
    struct feed f = feed_begin(t, "party.move_in", 0);
    const int64_t home = add_household(&f, "00000201", "本町", "2", "2015-04-01");
    const int64_t head = add_person(&f, (struct who){"0000000201", "擬制 一郎", "ギセイ イチロウ",
                                                     "1980-01-10", SEX_MALE});
    const int64_t wife = add_person(&f, (struct who){"0000000202", "擬制 花子", "ギセイ ハナコ",
                                                     "1981-01-10", SEX_FEMALE});
    add_member(&f, home, head, "01", "2015-04-01", NULL);
    add_member(&f, home, wife, "03", "2015-04-01", NULL);
    add_number(&f, home, "0002", "2015-04-01");
    add_period(&f, wife, since_2015);
    feed_end(&f);
    earn(t, pension(wife, 2025, 0, 0));
    earn(t, (struct income){.person_id = head,
                            .income_year = 2025,
                            .salary_revenue = YEN(5000000),
                            .tax_state = TAX_LEVIED});
    judge(t, home, "2026-08-01", JUDGE_YEARLY);
    is_judged(t, wife, "2026-08-01", 3, DIVISION_E);
    earn(t, pension(head, 2025, 0, 0));
    judge(t, home, "2026-08-01", JUDGE_INCOME);
    is_judged(t, wife, "2026-08-01", 3, DIVISION_O);
}

/* --- years, months, changes --------------------------------------------------------------------
 */

static void test_years(void **state)
{
    struct town *t = *state;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    earn(t, pension(h.head, 2024, 9000000, 6900000));
    earn(t, pension(h.head, 2025, 826500, 0));
    judge(t, h.household, "2026-07-01", JUDGE_YEARLY);
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    is_judged(t, h.head, "2026-07-31", 3, DIVISION_ACTIVE_3); /* two years back until July */
    is_judged(t, h.head, "2026-08-01", 2, DIVISION_LOW_1);
    is_judged(t, h.head, "2027-07-31", 2, DIVISION_LOW_1);
    int tenths;
    assert_int_equal(TOWN_OK(t, judgement_share(&t->w, h.head, day("2027-08-01"), &tenths)), 0);
    assert_int_equal(judge(t, h.household, "2026-08-01", JUDGE_COUNTER), 0); /* as before */
}

static struct judged class_of(struct town *t, int64_t person, const char *on)
{
    struct judged j;
    TOWN_OK(t, judgement_many(&t->w, &person, 1, day(on), &j));
    return j;
}

/* Born on the first of October: from October; the day after: from November. */
static void test_months(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    adopt(t);
    struct home h = couple(t, "1956-10-01", "1956-10-02");
    earn(t, pension(h.head, 2025, 1000000, 0));
    earn(t, pension(h.other, 2025, 1000000, 0));
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    assert_int_equal(class_of(t, h.head, "2026-09-30").elderly, 65);
    TOWN_OK(t, job_run(&t->w, "judge-elderly", STR("month=2026-10-01"), &job));
    assert_int_equal(class_of(t, h.head, "2026-09-30").elderly, 65);
    assert_int_equal(class_of(t, h.head, "2026-10-01").elderly, 70);
    assert_int_equal(class_of(t, h.other, "2026-10-31").elderly, 65);
    assert_int_equal(class_of(t, h.other, "2026-10-31").share, 3);
    TOWN_OK(t, job_run(&t->w, "judge-elderly", STR("month=2026-11-01"), &job));
    assert_int_equal(class_of(t, h.other, "2026-11-01").elderly, 70);
    assert_int_equal(class_of(t, h.other, "2026-11-01").share, 2);
    /* at the counter the same comes out: nothing is written */
    assert_int_equal(judge(t, h.household, "2026-10-01", JUDGE_COUNTER), 0);
    assert_int_equal(judge(t, h.household, "2026-11-01", JUDGE_COUNTER), 0);
    /* an income corrected from August on is carried through October and November */
    earn(t, pension(h.head, 2025, 9000000, 3800000));
    assert_int_equal(judge(t, h.household, "2026-08-01", JUDGE_INCOME), 3);
    assert_int_equal(class_of(t, h.other, "2026-10-15").share, 3);
    assert_int_equal(class_of(t, h.other, "2026-11-15").division, DIVISION_ACTIVE_2);
    assert_int_equal(class_of(t, h.other, "2026-08-15").elderly, 65);
}

static void test_sixty_five(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    adopt(t);
    struct home h = couple(t, "1961-10-01", "1961-10-02");
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    assert_int_equal(class_of(t, h.head, "2026-09-30").elderly, 0);
    TOWN_OK(t, job_run(&t->w, "judge-elderly", STR("month=2026-10-01"), &job));
    assert_int_equal(class_of(t, h.head, "2026-10-01").elderly, 65);
    assert_int_equal(class_of(t, h.other, "2026-10-01").elderly, 0);
}

/* The page says what applies to whom, and every step of why; the look is in the audit log. */
static void see_page(struct town *t)
{
    static const struct frame frame = {.city = {"", 0}, .user = {"", 0}, .path = {"/", 1}};
    struct request rq = {.part = {STR("00000101")}, .frame = &frame, .arena = t->w.cx.arena};
    struct reply rp = {0};
    const unsigned looks = t->w.looks;
    html_init(&rp.body);
    for (size_t i = 0; i < eligibility_desk.n_routes; i++) {
        if (strcmp(eligibility_desk.routes[i].pattern, "/judgement/household/{}") == 0)
            TOWN_OK(t, eligibility_desk.routes[i].handler(&t->w, &rq, &rp));
    }
    const struct str page = text_str(&rp.body.text);
    static const char *const words[] = {"3割", "現役並み", "3,800,000円", "施行令27条の2",
                                        "もう一度計算して同じ結果"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!memmem(page.p, page.n, words[i], strlen(words[i])))
            fail_msg("the page does not say %s", words[i]);
    }
    assert_int_equal(t->w.looks, looks + 1);
    html_release(&rp.body);
}

static void test_why(void **state)
{
    struct town *t = *state;
    struct judgement j;
    struct judgements all;
    struct explanation x;
    bool same = false;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    earn(t, pension(h.head, 2025, 9000000, 3800000));
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    TOWN_OK(t, judgements_of_household(&t->w, h.household, &all));
    assert_int_equal(all.n, 1);
    earn(t, pension(h.head, 2025, 1000000, 0)); /* later knowledge does not touch it */
    assert_int_equal(TOWN_OK(t, judgement_get(&t->w, all.rows[0].judgement_id, &j)), 1);
    TOWN_OK(t, judgement_explanation(&t->w, &j, &x));
    bool found = false;
    for (uint32_t i = 0; i < x.n; i++)
        found = found ||
                (str_is(x.nodes[i].name, "最も多い課税所得") && x.nodes[i].value.num == 3800000);
    assert_true(found);
    TOWN_OK(t, judgement_replay(&t->w, &j, &same));
    assert_true(same);
    t->w.asof.valid = day("2026-08-01");
    see_page(t);
}

/* --- changes and applications ------------------------------------------------------------------
 */

static int64_t waiting(struct town *t, int64_t household)
{
    const struct pending_query q = {.household_id = household,
                                    .kind = PENDING_REJUDGE,
                                    .open_only = true};
    struct pendings list;
    TOWN_OK(t, pending_find(&t->w, &q, &list));
    return (int64_t)list.n;
}

/* A corrected income opens a pending re-judgement; the job works it off, from August on. */
static void test_touched(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    earn(t, pension(h.head, 2025, 9000000, 3800000));
    assert_int_equal(waiting(t, h.household), 0); /* nobody was judged yet */
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    earn(t, pension(h.head, 2024, 1000000, 0)); /* another year */
    assert_int_equal(waiting(t, h.household), 0);
    earn(t, pension(h.head, 2025, 1000000, 0));
    assert_int_equal(waiting(t, h.household), 1);
    is_judged(t, h.head, "2026-08-01", 3, DIVISION_ACTIVE_2);
    TOWN_OK(t, job_run(&t->w, "judge-pending", STR(""), &job));
    assert_int_equal(waiting(t, h.household), 0);
    is_judged(t, h.head, "2026-08-01", 2, DIVISION_LOW_2);
}

/* Revenue from a shop is not in the tax office's file: three tenths until it is applied for. */
static void test_standard_income(void **state)
{
    struct town *t = *state;
    int64_t event = 0;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    struct income in = pension(h.head, 2024, 1500000, 1600000);
    in.business_income = YEN(2600000);
    earn(t, in);
    t->w.today = day("2026-06-15");
    judge(t, h.household, "2025-08-01", JUDGE_YEARLY);
    is_judged(t, h.head, "2026-06-15", 3, DIVISION_ACTIVE_1);
    struct standard_income s = {.household_id = h.household,
                                .year = 2025,
                                .received = day("2026-06-15"),
                                .identity = IDENTITY_PHOTO,
                                .row = {{h.head, YEN(3830000)}},
                                .n = 1};
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    t->w.actor = &clerk;
    assert_int_equal(TOWN_OK(t, standard_income_enter(&t->w, &s, &event)), 1); /* waits */
    town_refused(t, office_check(&t->w, event, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, event, true, STR("")));
    is_judged(t, h.head, "2026-07-01", 3, DIVISION_ACTIVE_1); /* 3,830,000 is not below */
    s.row[0].revenue = YEN(3829999);
    t->w.actor = &clerk;
    TOWN_OK(t, standard_income_enter(&t->w, &s, &event));
    is_judged(t, h.head, "2026-07-01", 3, DIVISION_ACTIVE_1); /* not before the second word */
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, event, true, STR("")));
    t->w.actor = before;
    is_judged(t, h.head, "2026-06-30", 3, DIVISION_ACTIVE_1);
    is_judged(t, h.head, "2026-07-01", 2, DIVISION_GENERAL); /* the month after */
    assert_int_equal(standard_income_from(2026, day("2026-07-20")).day, day("2026-08-01").day);
    assert_int_equal(standard_income_from(2026, day("2026-09-01")).day, day("2026-10-01").day);
    s.identity = IDENTITY_NONE;
    town_refused(t, standard_income_enter(&t->w, &s, &event), ERR_INVALID,
                 "eligibility.standard_income.identity");
}

static void test_override(void **state)
{
    struct town *t = *state;
    int64_t event = 0;
    adopt(t);
    struct home h = couple(t, "1954-03-10", NULL);
    earn(t, pension(h.head, 2025, 9000000, 3800000));
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    struct judge_override o = {.person_id = h.head,
                               .is_share = true,
                               .value = 2,
                               .valid = {day("2026-09-01"), day("2026-11-01")},
                               .reason = STR("")};
    town_refused(t, judge_override_enter(&t->w, &o, &event), ERR_INVALID,
                 "eligibility.judge.reason");
    o.reason = STR("court order");
    o.valid.to = YMD_NONE;
    town_refused(t, judge_override_enter(&t->w, &o, &event), ERR_INVALID,
                 "eligibility.judge.last_day");
    o.valid.to = day("2026-11-01");
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    t->w.actor = &clerk;
    assert_int_equal(TOWN_OK(t, judge_override_enter(&t->w, &o, &event)), 1);
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, event, true, STR("")));
    t->w.actor = before;
    assert_int_equal(class_of(t, h.head, "2026-08-31").share, 3);
    assert_int_equal(class_of(t, h.head, "2026-09-01").share, 2);
    assert_true(class_of(t, h.head, "2026-10-31").is_overridden);
    assert_int_equal(class_of(t, h.head, "2026-11-01").share, 3); /* its last day is over */
}

/* A household crosses a class when it is judged again: listed once, with both. */
static void test_class_changes(void **state)
{
    struct town *t = *state;
    adopt(t);
    struct home h = couple(t, "1954-03-10", "1980-03-10");
    earn(t, pension(h.head, 2025, 826500, 0));
    earn(t, pension(h.other, 2025, 0, 0));
    judge(t, h.household, "2026-08-01", JUDGE_YEARLY);
    assert_int_equal(list_of(t, "eligibility", "class_changes", "2026-06"), 0); /* nothing before */
    earn(t, pension(h.head, 2025, 826499, 0)); /* less, within the class */
    judge(t, h.household, "2026-08-01", JUDGE_INCOME);
    assert_int_equal(list_of(t, "eligibility", "class_changes", "2026-06"), 0);
    earn(t, pension(h.head, 2025, 9000000, 3800000));
    judge(t, h.household, "2026-08-01", JUDGE_INCOME);
    const size_t rows = list_of(t, "eligibility", "class_changes", "2026-06");
    const int head = row_with(rows, 3, "11"); /* low income I */
    assert_int_equal(rows, 2);                /* the other was of class O and is now of another */
    assert_true(head >= 0 && str_is(cell((size_t)head, 0), "00000101"));
    assert_int_equal(code((size_t)head, 4), DIVISION_ACTIVE_2);
    assert_int_equal(code((size_t)head, 6), JUDGE_INCOME);
    assert_int_equal(code((size_t)head, 7), 1);
    assert_true(row_with(rows, 3, "5") >= 0);
    assert_int_equal(list_of(t, "eligibility", "class_changes", "2026-07"), 0);
}

/* --- the whole city -------------------------------------------------------------------------- */

static void test_city(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    struct job_row row;
    struct job_figure_row *figures;
    size_t n = 0;
    levy_town_fill(t, 1200, 17);
    TOWN_OK(t, job_run(&t->w, "judge-yearly", STR("year=2026"), &job));
    TOWN_OK(t, job_get(&t->w, job, &row));
    TOWN_OK(t, job_figures(&t->w, job, &figures, &n));
    for (size_t i = 0; i < n; i++)
        print_message("# " STR_FMT ": %lld\n", STR_ARG(figures[i].name),
                      (long long)figures[i].value);
    assert_true(row.progress.done > 100);
    /* once more: the same facts, nothing to write */
    TOWN_OK(t, job_run(&t->w, "judge-yearly", STR("year=2026"), &job));
    TOWN_OK(t, job_figures(&t->w, job, &figures, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(figures[i].name, "judgements"))
            assert_int_equal(figures[i].value, 0);
    }
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "a household whose class changed is listed with the old and the new one [NHI-ELG-043]",
            test_class_changes),
        TOWN_TESTS("shares and divisions at 70 to 74 at every line [NHI-ELG-032]", test_lines),
        TOWN_TESTS("divisions under 70 at every line, untaxed and undeclared [NHI-ELG-032]",
                   test_young),
        TOWN_TESTS("a taxed deemed head keeps the household from being untaxed [NHI-ELG-032]",
                   test_deemed_head),
        TOWN_TESTS("January to July look two years back; judging again changes nothing",
                   test_years),
        TOWN_TESTS(
            "70 from the month after the birthday, on the first from that month; monthly and "
            "ad hoc agree [NHI-ELG-031]",
            test_months),
        TOWN_TESTS("65 from the month after the birthday [NHI-ELG-031]", test_sixty_five),
        TOWN_TESTS("a judgement opens to its reasons and is evaluated again, identical", test_why),
        TOWN_TESTS("a corrected income is judged again by the job", test_touched),
        TOWN_TESTS("a standard income application turns three tenths to two from the month after "
                   "it, after the second person's word",
                   test_standard_income),
        TOWN_TESTS("the office's own word needs a reason, a last day and a second person",
                   test_override),
        TOWN_TESTS("the whole city for 1 August", test_city),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
