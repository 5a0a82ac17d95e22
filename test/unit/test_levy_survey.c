/* Surveys before the levy: who is found, marked done, taken up again, and back when facts change.
 */
#include "levy_town.h"

#include "asked.h"
#include "lists.h"
#include "residents.h"

#include "desk/levy/survey.h"
#include "levy_sql.h"

#include <inttypes.h>

struct home {
    int64_t home, other_home, head, wife, son, child, mother;
};

/* A head with a wife, a grown son, a child, and his mother; all insured. */
static struct home settle(struct town *t)
{
    struct home h;
    struct feed f = feed_begin(t, "party.initial", 0);
    static const struct insured since = {.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN};
    h.home = add_household(&f, "000000301", "本町", "1-1", "2000-04-01");
    h.other_home = add_household(&f, "000000302", "本町", "2-2", "2000-04-01");
    h.head = add_person(&f, (struct who){"0000000031", "調査　一郎", "チョウサ　イチロウ",
                                         "1970-05-05", SEX_MALE});
    h.wife = add_person(&f, (struct who){"0000000032", "調査　花子", "チョウサ　ハナコ",
                                         "1972-05-05", SEX_FEMALE});
    h.son = add_person(&f, (struct who){"0000000033", "調査　太郎", "チョウサ　タロウ",
                                        "2000-05-05", SEX_MALE});
    h.child = add_person(&f, (struct who){"0000000034", "調査　次郎", "チョウサ　ジロウ",
                                          "2015-05-05", SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000035", "調査　ウメ", "チョウサ　ウメ",
                                           "1953-05-05", SEX_FEMALE});
    const int64_t people[] = {h.head, h.wife, h.son, h.child, h.mother};
    static const char *const relation[] = {"01", "03", "04", "04", "06"};
    add_number(&f, h.home, "00000301", "2015-04-01");
    for (size_t i = 0; i < 5; i++) {
        (void)add_member(&f, h.home, people[i], relation[i], "2015-05-05", NULL);
        (void)add_period(&f, people[i], since);
    }
    feed_end(&f);
    return h;
}

static void say(struct town *t, struct income in)
{
    int64_t written = 0;
    struct event e = work_event(&t->w, "levy.income");
    in.income_year = 2025;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(&t->w, e.no, &in, 1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static void collect(struct town *t)
{
    int64_t job = 0;
    TOWN_OK(t, job_run(&t->w, "levy-survey", STR("year=2026"), &job));
}

static bool is_open(struct town *t, int survey, const char *person_no)
{
    const size_t rows = list_of(t, "levy", "survey_open", "2025");
    for (size_t i = 0; i < rows; i++) {
        if (code(i, 0) == survey && str_is(cell(i, 1), person_no)) {
            return true;
        }
    }
    return false;
}

static int64_t item_of(struct town *t, int survey, int64_t person)
{
    const struct levy_survey_standing_in in = {.income_year = 2025,
                                               .first = person,
                                               .last = person};
    struct levy_survey_standing_list list;
    TOWN_OK(t, levy_survey_standing(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].survey == survey) {
            return list.rows[i].survey_item_id;
        }
    }
    return 0;
}

#define HEAD   "0000000031"
#define WIFE   "0000000032"
#define SON    "0000000033"
#define CHILD  "0000000034"
#define MOTHER "0000000035"

/* Each survey finds its people and nobody else. */
static void test_found(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    collect(t);
    assert_int_equal(list_of(t, "levy", "survey_open", "2025"), 4); /* every adult, no child */
    assert_true(is_open(t, SURVEY_NONE, HEAD) && is_open(t, SURVEY_NONE, WIFE));
    assert_true(is_open(t, SURVEY_NONE, SON) && is_open(t, SURVEY_NONE, MOTHER));
    assert_false(is_open(t, SURVEY_NONE, CHILD));
    say(t, (struct income){.person_id = h.head,
                           .source = INCOME_TAX,
                           .dependants = 2,
                           .salary_revenue = YEN(3000000)});
    say(t,
        (struct income){.person_id = h.son, .source = INCOME_DECLARATION, .is_undeclared = true});
    say(t, (struct income){.person_id = h.mother,
                           .source = INCOME_TAX,
                           .pension_revenue = YEN(1500000)});
    say(t, (struct income){.person_id = h.mother,
                           .source = INCOME_DECLARATION,
                           .pension_revenue = YEN(1600000)});
    collect(t);
    assert_int_equal(list_of(t, "levy", "survey_open", "2025"), 3);
    assert_true(is_open(t, SURVEY_DEPENDANT, WIFE)); /* the head claims dependants */
    assert_true(is_open(t, SURVEY_UNDECLARED, SON));
    assert_true(is_open(t, SURVEY_DIFFER, MOTHER));
    const size_t rows = list_of(t, "levy", "survey_open", "2025");
    const int row = row_with(rows, 1, MOTHER);
    assert_int_equal(code((size_t)row, 5), INCOME_TAX);
    assert_int_equal(code((size_t)row, 7), INCOME_DECLARATION);
    assert_true(str_is(cell((size_t)row, 6), "1500000") ||
                str_is(cell((size_t)row, 6), "1,500,000"));
    struct feed f = feed_begin(t, "party.move", 0);
    (void)add_member(&f, h.other_home, h.mother, "01", "2026-05-01", NULL);
    feed_end(&f);
    collect(t);
    assert_true(is_open(t, SURVEY_TWICE, MOTHER)); /* counted in two households */
    say(t, (struct income){.person_id = h.mother,
                           .source = INCOME_DECLARATION,
                           .pension_revenue = YEN(1500000)});
    say(t, (struct income){.person_id = h.son, .source = INCOME_DECLARATION});
    collect(t);
    assert_false(is_open(t, SURVEY_DIFFER, MOTHER)); /* settled by itself */
    assert_false(is_open(t, SURVEY_UNDECLARED, SON));
}

/* Done with who, when and why; away while the facts stay; back when they change or at a wish. */
static void test_done(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 41);
    const struct actor *before = t->w.actor;
    collect(t);
    const int64_t item = item_of(t, SURVEY_NONE, h.wife);
    assert_true(item > 0);
    t->w.actor = &clerk;
    town_refused(t, survey_mark_done(&t->w, &item, 1, STR("")), ERR_INVALID, "levy.survey.note");
    TOWN_OK(t, survey_mark_done(&t->w, &item, 1, STR("電話で確認")));
    town_refused(t, survey_mark_done(&t->w, &item, 1, STR("二度目")), ERR_STALE,
                 "levy.survey.stale");
    t->w.actor = before;
    collect(t);
    assert_false(is_open(t, SURVEY_NONE, WIFE));
    assert_true(is_open(t, SURVEY_NONE, SON));
    const size_t rows = list_of(t, "levy", "survey_done", "2025");
    assert_int_equal(rows, 1);
    assert_true(str_is(cell(0, 1), WIFE) && str_is(cell(0, 12), "電話で確認"));
    assert_int_equal(item_of(t, SURVEY_NONE, h.wife), item); /* the collection left it alone */
    TOWN_OK(t, survey_reopen(&t->w, &item, 1, STR("別の人だった")));
    assert_true(is_open(t, SURVEY_NONE, WIFE));
    town_refused(t, survey_reopen(&t->w, &item, 1, STR("x")), ERR_STALE, "levy.survey.stale");
    TOWN_OK(t, survey_mark_done(&t->w, &item, 1, STR("再度確認")));
    /* another year says nothing about this one; this year's facts do */
    say(t, (struct income){.person_id = h.son, .source = INCOME_TAX});
    collect(t);
    assert_false(is_open(t, SURVEY_NONE, WIFE));
    struct feed f = feed_begin(t, "party.move", 0);
    (void)add_member(&f, h.other_home, h.wife, "01", "2026-05-01", NULL);
    feed_end(&f);
    collect(t);
    assert_true(is_open(t, SURVEY_NONE, WIFE));
    assert_true(item_of(t, SURVEY_NONE, h.wife) != item);
    const struct actor viewer = levy_town_actor(ROLE_AUDITOR, 42);
    const int64_t now = item_of(t, SURVEY_NONE, h.wife);
    t->w.actor = &viewer;
    town_refused(t, survey_mark_done(&t->w, &now, 1, STR("x")), ERR_DENIED, "office.right_missing");
    t->w.actor = before;
}

/* An inquiry waits until the answer comes in, however it comes. */
static void test_inquiry(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    collect(t);
    const int64_t item = item_of(t, SURVEY_NONE, h.son);
    struct survey_asked asked = {STR("架空県本町市"), t->w.today, YMD_NONE};
    town_refused(t, survey_ask(&t->w, &item, 1, &asked), ERR_INVALID, "levy.survey.asked");
    asked.due = day_of("2026-07-15");
    TOWN_OK(t, survey_ask(&t->w, &item, 1, &asked));
    assert_true(is_open(t, SURVEY_INQUIRY, SON));
    collect(t);
    assert_true(is_open(t, SURVEY_INQUIRY, SON));
    const size_t rows = list_of(t, "levy", "survey_open", "2025");
    bool told = false;
    for (size_t i = 0; i < rows; i++) {
        told = told || (code(i, 0) == SURVEY_INQUIRY && str_is(cell(i, 9), "架空県本町市"));
    }
    assert_true(told);
    say(t, (struct income){.person_id = h.son, .source = INCOME_INQUIRY});
    collect(t);
    assert_false(is_open(t, SURVEY_INQUIRY, SON));
    assert_false(is_open(t, SURVEY_NONE, SON));
}

/* The pages: counted, shown with an audit line, ticked and marked. */
static void test_pages(void **state)
{
    struct town *t = *state;
    char word[32];
    const struct home h = settle(t);
    collect(t);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/surveys?year=2026", NULL)), 200);
    assert_true(shows("levy.survey.about.1"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/survey/1?year=2025", NULL)), 200);
    assert_true(shows("調査　花子") && shows("000000301"));
    snprintf(word, sizeof word, "%" PRId64, item_of(t, SURVEY_NONE, h.wife));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/survey/1",
                                    FIELDS("year", "2025", "row.0.item", word, "go", "done", "note",
                                           "確認"))),
                     422); /* nothing ticked */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/survey/1",
                                    FIELDS("year", "2025", "row.0.item", word, "row.0.tick", "1",
                                           "go", "done", "note", "確認"))),
                     303);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/survey/1?year=2025", NULL)), 200);
    assert_false(shows("調査　花子"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/survey/1?year=2025&done=1", NULL)), 200);
    assert_true(shows("調査　花子") && shows("確認"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/survey/1",
                                    FIELDS("year", "2025", "row.0.item", word, "row.0.tick", "1",
                                           "again", "reopen", "note", "再開"))),
                     303);
    assert_true(is_open(t, SURVEY_NONE, WIFE));
}

/* The same work on both engines leaves the same state. */
static void test_engines(void **state)
{
    struct town *const towns[] = {*state, NULL};
    struct digest digest[2];
    if (!engines_have_postgres()) {
        skip();
    }
    for (int i = 0; i < 2; i++) {
        struct town *t = towns[i] ? towns[i] : town_new(STORE_POSTGRES, false);
        const struct home h = settle(t);
        collect(t);
        const int64_t items[] = {item_of(t, SURVEY_NONE, h.wife), item_of(t, SURVEY_NONE, h.son)};
        const struct survey_asked asked = {STR("架空県本町市"), t->w.today, day_of("2026-07-15")};
        TOWN_OK(t, survey_mark_done(&t->w, &items[0], 1, STR("確認")));
        TOWN_OK(t, survey_ask(&t->w, &items[1], 1, &asked));
        TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &digest[i]));
        if (!towns[i]) {
            town_free(t);
        }
    }
    assert_true(digest_equal(&digest[0], &digest[1]));
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every survey finds its people and nobody else [NHI-ASM-022]", test_found),
        TOWN_TESTS("a row that is done stays away until its facts change [NHI-ASM-022]", test_done),
        TOWN_TESTS("an inquiry waits until it is answered [NHI-ASM-022]", test_inquiry),
        TOWN_TESTS("surveys on their pages [NHI-ASM-022]", test_pages),
        TOWN_TEST_SQLITE("surveys leave the same state on both engines [NHI-ASM-022 F4]",
                         test_engines),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
