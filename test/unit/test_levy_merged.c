/*
 * Somebody with two numbers (名寄せ): the levy follows the leading one, and comes back when the
 * link is ended. What it must come to is taken from a third household of one person with one
 * number.
 */
#include "levy_town.h"
#include "residents.h"

#include <sys/stat.h>

static struct actor operator, chief;

struct street {
    int64_t home, leading, wife; /* he and she; his income is 1,000,000 */
    int64_t flat, led;           /* his other number, a household of its own: 2,000,000 */
    int64_t model;               /* the same couple with one number each: 3,000,000 */
    int64_t link;                /* the row of the link */
};

static struct who named(const char *no, const char *name, const char *birth)
{
    return (struct who){no, name, "タナカ　ジロウ", birth, SEX_MALE};
}

static int64_t insure(struct feed *f, int64_t household, struct who who, const char *relation)
{
    const int64_t id = add_person(f, who);
    add_member(f, household, id, relation, "2000-01-01", NULL);
    add_period(f, id, (struct insured){"2015-04-01", NULL, NULL, 2, 0});
    return id;
}

static void earns(struct feed *f, int64_t person, int64_t yen)
{
    const struct income income = {.person_id = person,
                                  .income_year = 2025,
                                  .source = INCOME_TAX,
                                  .business_income = YEN(yen)};
    int64_t written = 0;
    TOWN_OK(f->t, levy_income_put(&f->t->w, f->event_no, &income, 1, &written));
    assert_int_equal(written, 1);
}

static struct street build(struct town *t)
{
    struct street s = {0};
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    struct feed f = feed_begin(t, "party.initial", 0);
    s.home = add_household(&f, "000000501", "本町", "１", "2000-01-01");
    s.flat = add_household(&f, "000000502", "緑町", "２", "2000-01-01");
    s.model = add_household(&f, "000000503", "東町", "３", "2000-01-01");
    s.leading = insure(&f, s.home, named("0000000501", "田中　次郎", "1978-01-02"), "01");
    s.wife = insure(&f, s.home, named("0000000502", "田中　花", "1980-01-02"), "03");
    s.led = insure(&f, s.flat, named("0000000503", "田中　二郎", "1978-01-02"), "01");
    const int64_t one = insure(&f, s.model, named("0000000504", "見本　一", "1978-01-02"), "01");
    const int64_t two = insure(&f, s.model, named("0000000505", "見本　二", "1980-01-02"), "03");
    add_number(&f, s.home, "00000501", "2015-04-01");
    add_number(&f, s.flat, "00000502", "2015-04-01");
    add_number(&f, s.model, "00000503", "2015-04-01");
    earns(&f, s.leading, 1000000);
    earns(&f, s.wife, 0);
    earns(&f, s.led, 2000000);
    earns(&f, one, 3000000);
    earns(&f, two, 0);
    feed_end(&f);
    return s;
}

static void join(struct town *t, struct street *s)
{
    struct feed f = feed_begin(t, "party.merge", 0);
    TOWN_OK(t, party_open_merge(f.party, f.event_no,
                                &(struct merge_fact){.person_id = s->led,
                                                     .leading_id = s->leading,
                                                     .reason = STR("戸籍で確認"),
                                                     .valid = {day_of("2026-06-01"), YMD_NONE}},
                                &s->link));
    feed_end(&f);
}

static void part(struct town *t, const struct street *s, const char *day)
{
    struct feed f = feed_begin(t, "party.merge", 0);
    TOWN_OK(t, party_close(f.party, PARTY_MERGE, s->link, f.event_no));
    TOWN_OK(t, party_open_merge(f.party, f.event_no,
                                &(struct merge_fact){.person_id = s->led,
                                                     .leading_id = s->leading,
                                                     .reason = STR("別人と判明"),
                                                     .valid = {day_of("2026-06-01"), day_of(day)}},
                                NULL));
    feed_end(&f);
}

/* What a household owes for the year; *insured: how many people count in it. */
static int64_t levied(struct town *t, int64_t household, int *insured)
{
    struct levy_debts d;
    *insured = 0;
    TOWN_OK(t, levy_assess_household(&t->w, household, 2026, &d));
    for (size_t i = 0; i < d.n; i++)
        *insured += d.row[i].assessed.result.insured;
    return d.total.n;
}

static struct draft draft_now(struct town *t)
{
    int64_t job = 0;
    struct draft d;
    const struct actor *before = t->w.actor;
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", levy_town_options(t, "year=2026 as-of=2026-06-15"),
                       &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    return d;
}

static void confirm(struct town *t, const struct draft *d)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(
                           t, "draft=%lld issue-date=2026-06-15 households=%lld total=%lld",
                           (long long)d->draft_no, (long long)d->households, (long long)d->total.n),
                       &job));
    t->w.actor = before;
}

static void test_follows(void **state)
{
    struct town *t = *state;
    struct street s = build(t);
    int at_home = 0, at_flat = 0, at_model = 0;
    const int64_t home = levied(t, s.home, &at_home), flat = levied(t, s.flat, &at_flat);
    const int64_t model = levied(t, s.model, &at_model);
    const struct draft apart = draft_now(t);
    assert_true(at_home == 2 && at_flat == 1 && at_model == 2);
    assert_true(home > 0 && flat > 0 && model > home);
    assert_int_equal(apart.total.n, home + flat + model);

    join(t, &s);
    assert_int_equal(levied(t, s.home, &at_home), model); /* his incomes together, once */
    assert_int_equal(at_home, 2);
    assert_int_equal(levied(t, s.flat, &at_flat), 0); /* not levied apart */
    const struct draft joined = draft_now(t);
    assert_int_equal(joined.total.n, 2 * model);
    assert_int_equal(joined.households, 2);

    part(t, &s, "2026-06-10");
    assert_int_equal(levied(t, s.home, &at_home), home);
    assert_int_equal(levied(t, s.flat, &at_flat), flat);
    const struct draft again = draft_now(t);
    assert_true(digest_equal(&again.content, &apart.content));
}

/* A decision made while they were joined is explained by what was known then, for ever; neither
 * number lost a row by it. */
static void test_histories(void **state)
{
    struct town *t = *state;
    struct street s = build(t);
    struct insured_periods own;
    struct replay_count replayed;
    struct incomes known;
    join(t, &s);
    const struct draft d = draft_now(t);
    confirm(t, &d);
    part(t, &s, "2026-06-01"); /* from its first day: it never was */
    TOWN_OK(t, levy_replay_year(&t->w, 2026, NULL, NULL, &replayed));
    assert_int_equal(replayed.decisions, 2);
    assert_int_equal(replayed.different, 0);
    TOWN_OK(t, eligibility_periods(&t->w, s.led, &own));
    assert_int_equal(own.n, 1);
    TOWN_OK(t, levy_incomes(&t->w, (int64_t[]){s.leading, s.led}, 2, 2025, KNOWN_NOW, &known));
    assert_int_equal(known.n, 2);
}

/* Both numbers in one household, insured one after the other and some days under both; what was
 * told under the number that is led counts with the leading one. */
static void test_one_household(void **state)
{
    struct town *t = *state;
    struct levy_facts facts;
    const struct facts_request rq = {.fiscal_year = 2026,
                                     .limit = 10,
                                     .known = KNOWN_NOW,
                                     .as_of = day_of("2026-06-15")};
    struct street s = {0};
    struct feed f = feed_begin(t, "party.initial", 0);
    s.home = add_household(&f, "000000601", "本町", "１", "2000-01-01");
    s.leading = add_person(&f, named("0000000601", "田中　次郎", "1978-01-02"));
    s.led = add_person(&f, named("0000000602", "田中　二郎", "1978-01-02"));
    add_member(&f, s.home, s.leading, "01", "2000-01-01", NULL);
    add_member(&f, s.home, s.led, "10", "2000-01-01", NULL);
    add_period(&f, s.leading, (struct insured){"2015-04-01", "2026-08-01", NULL, 2, 52});
    add_period(&f, s.led, (struct insured){"2026-07-01", NULL, NULL, 2, 0});
    TOWN_OK(t,
            eligibility_open_circumstance(f.eligibility, f.event_no,
                                          &(struct circumstance){.person_id = s.led,
                                                                 .kind = CIRCUMSTANCE_UNEMPLOYED,
                                                                 .day = day_of("2026-03-31"),
                                                                 .code = 11,
                                                                 .first_month = MONTH_NONE,
                                                                 .last_month = MONTH_NONE,
                                                                 .notified = day_of("2026-04-02")},
                                          NULL));
    add_number(&f, s.home, "00000601", "2015-04-01");
    feed_end(&f);
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    assert_int_equal(facts.n_persons, 2);

    join(t, &s);
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    assert_int_equal(facts.n_persons, 1);
    const struct fact_person *p = &facts.persons[0];
    assert_true(p->person_id == s.leading && p->is_head && p->n_spans == 2);
    assert_int_equal(p->n_circumstances, 1);
    assert_int_equal(facts.circumstances[p->first_circumstance].person_id, s.leading);
    const struct fact_span *late = &facts.spans[p->first_span + 1];
    assert_int_equal(ymd_compare(late->acquired, day_of("2026-08-01")), 0);
    assert_int_equal(late->acquired_by, ACQUIRED_HOUSEHOLD);
}

/* The file of the day says who is joined, who no longer, and how many lines it has. */
static void test_handed_over(void **state)
{
    struct town *t = *state;
    struct street s = build(t);
    int64_t job = 0;
    struct text file;
    const struct str path =
        str_format(t->w.cx.arena, "%s/handover/name-match-2026-06-15.csv", t->path);
    join(t, &s);
    TOWN_OK(t, job_run(&t->w, "name-match-result", STR(""), &job));
    text_init(&file, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path.p, 1 << 20, &file));
    assert_non_null(strstr(text_str(&file).p, "0000000503,0000000501,joined,2026-06-01,\r\n"));
    assert_non_null(strstr(text_str(&file).p, "CONTROL,1\r\n"));
    assert_null(strstr(text_str(&file).p, "田中")); /* numbers only */
    part(t, &s, "2026-06-10");
    TOWN_OK(t, job_run(&t->w, "name-match-result", STR(""), &job));
    text_clear(&file);
    TOWN_OK(t, file_read(&t->w.cx, path.p, 1 << 20, &file));
    assert_non_null(
        strstr(text_str(&file).p, "0000000503,0000000501,ended,2026-06-01,2026-06-10\r\n"));
    text_release(&file);
}

int main(void)
{
    levy_town_start();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    operator= levy_town_actor(ROLE_OPERATOR, 81);
    chief = levy_town_actor(ROLE_CHIEF, 82);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("two numbers of one person are levied once, with the incomes of both, and as "
                   "before when the link is ended [ADR-009]",
                   test_follows),
        TOWN_TESTS("decisions of the time of the link replay, both histories stay [ADR-009]",
                   test_histories),
        TOWN_TESTS("two numbers in one household are one member [ADR-009]", test_one_household),
        TOWN_TESTS("the result of the name matching is handed over as a file [ADR-009]",
                   test_handed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
