/* The legacy single file moved into the four files: counts and sums of each, the old view before
 * the cut-over day, the four files from then on, each with its own right. */
#include "asked.h"
#include "levy_town.h"
#include "lists.h"
#include "residents.h"

#include "desk/counter/counter.h"

#define NO    "0000000011"
#define OTHER "0000000029"
#define HEAD  "旧記録番号,記録区分,宛名番号,年度,開始日,終了日,金額,内容\r\n"
#define LINES                                                                                      \
    "A0001,1," NO ",,2010-04-01,2018-12-31,,旧資格 社保離脱\r\n"                            \
    "A0002,2," NO ",2018,2018-04-01,2019-03-31,184500,旧賦課 年額\r\n"                        \
    "A0003,3," NO ",2018,2018-09-01,,83200,旧給付 高額療養費\r\n"                          \
    "A0004,4," NO ",2018,2018-06-30,,18450,旧収納 1期\r\n"                                     \
    "A0005,4," NO ",2018,2018-07-31,,18400,旧収納 2期\r\n"                                     \
    "A0006,2," OTHER ",2018,2018-04-01,,99000,旧賦課 年額\r\n"

static int64_t last_job;

static int take(struct town *t, const char *body, const char *more)
{
    static int files;
    const struct str path = str_format(t->w.cx.arena, "%s/legacy%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, "import-legacy",
                   str_format(t->w.cx.arena, "path=" STR_FMT "%s", STR_ARG(path), more), &last_job);
}

static void two_people(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    (void)add_person(&f, (struct who){NO, "旧　太郎", "キュウ　タロウ", "1960-05-06", SEX_MALE});
    (void)add_person(&f,
                     (struct who){OTHER, "旧　花子", "キュウ　ハナコ", "1962-05-06", SEX_FEMALE});
    feed_end(&f);
}

/* 1資格 2賦課 3給付 4収滞納: what the list of the migration shows for a file. */
static void balance_is(size_t row, int64_t file, int64_t lines, int64_t yen)
{
    const int64_t *n = &sheet.numbers[row * (size_t)sheet.columns];
    assert_int_equal(n[0], file);
    assert_int_equal(n[1], lines);
    assert_int_equal(n[2], yen);
    assert_int_equal(n[3], lines);
    assert_int_equal(n[4], yen);
}

static void test_moved(void **state)
{
    struct town *t = *state;
    two_people(t);
    TOWN_OK(t, take(t, HEAD LINES "CONTROL,6\r\n", " sum=403550"));
    assert_int_equal(list_of(t, "party", "legacy_files", NULL), 4);
    balance_is(0, 1, 1, 0);
    balance_is(1, 2, 2, 184500 + 99000);
    balance_is(2, 3, 1, 83200);
    balance_is(3, 4, 2, 18450 + 18400);
    /* a second file goes on behind the first */
    TOWN_OK(t, take(t, HEAD "A0007,1," OTHER ",,2012-04-01,,,旧資格 転入\r\n", ""));
    assert_int_equal(list_of(t, "party", "legacy_files", NULL), 4);
    balance_is(0, 1, 2, 0);
}

static void test_refused(void **state)
{
    struct town *t = *state;
    static const char *const wrong[] = {
        "A0001,1,0000000099,,2010-04-01,,,x\r\n",            /* nobody */
        "A0001,1," NO ",,2019-02-01,,,x\r\n",                /* of the four files' time */
        "A0001,2," NO ",2018,2018-04-01,2018-03-01,1,x\r\n", /* ends before it begins */
        "A0001,1," NO ",,2010-04-01,,5,x\r\n",               /* cover has no amount */
        "A0001,2," NO ",2018,2018-04-01,,,x\r\n",            /* a levy has one */
        "A0001,5," NO ",,2010-04-01,,,x\r\n",                /* no such file */
        "A0002,1," NO ",,2010-04-01,,,x\r\nA0001,1," NO ",,2010-04-01,,,x\r\n"};
    two_people(t);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        const struct str body = str_format(t->w.cx.arena, HEAD "%s", wrong[i]);
        town_refused(t, take(t, body.p, ""), ERR_INVALID, "party.import.refused");
    }
    town_refused(t, take(t, HEAD LINES, " sum=403551"), ERR_INVALID, "party.import.control");
    assert_int_equal(list_of(t, "party", "legacy_files", NULL), 0);
    TOWN_OK(t, take(t, HEAD LINES, ""));
    const struct str again =
        str_format(t->w.cx.arena, HEAD "%s", "A0003,1," NO ",,2010-04-01,,,x\r\n");
    town_refused(t, take(t, again.p, ""), ERR_INVALID, "party.import.refused");
    town_refused(t, setting_set(&t->w, "legacy.cutover", STR("平成31年"), STR("x")), ERR_INVALID,
                 "party.legacy.cutover");
}

static int look(struct town *t, uint64_t rights, const char *day)
{
    static struct actor who;
    const struct actor *before = t->w.actor;
    char address[80];
    who = with_rights(rights | RIGHT(RIGHT_PARTY_VIEW));
    snprintf(address, sizeof address, "/party/legacy/" NO "?day=%s", day);
    t->w.actor = &who;
    const int got = ask(t, METHOD_GET, address, NULL);
    t->w.actor = before;
    return got;
}

#define ALL (RIGHT(RIGHT_ELIGIBILITY_VIEW) | RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_COLLECTION_VIEW))

static void test_views(void **state)
{
    struct town *t = *state;
    two_people(t);
    TOWN_OK(t, take(t, HEAD LINES, ""));
    /* until January 2019 the old file as it was, for who may see all of it */
    assert_int_equal(TOWN_OK(t, look(t, ALL, "2019-01-31")), 200);
    assert_true(shows("旧単一ファイル") && shows("旧資格 社保離脱") && shows("184,500") &&
                shows("A0005") && !shows("A0006"));
    town_refused(t, look(t, RIGHT(RIGHT_LEVY_VIEW), "2019-01-31"), ERR_DENIED,
                 "office.right_missing");
    /* from February 2019 the four files, each with its own right */
    assert_int_equal(TOWN_OK(t, look(t, ALL, "2019-02-01")), 200);
    assert_false(shows("記載のまま"));
    assert_true(shows("旧資格 社保離脱") && shows("184,500") && shows("A0005"));
    assert_int_equal(TOWN_OK(t, look(t, RIGHT(RIGHT_LEVY_VIEW), "2019-02-01")), 200);
    assert_true(shows("184,500") && !shows("旧資格") && !shows("A0005") && !shows("旧給付"));
    assert_int_equal(TOWN_OK(t, look(t, RIGHT(RIGHT_COLLECTION_VIEW), "2019-02-01")), 200);
    assert_true(shows("A0005") && !shows("184,500"));
    /* another city's day */
    TOWN_OK(t, setting_set(&t->w, "legacy.cutover", STR("2020-04-01"), STR("移行の延期")));
    assert_int_equal(TOWN_OK(t, look(t, ALL, "2019-02-01")), 200);
    assert_true(shows("旧単一ファイル"));
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the single file is moved into the four; counts and sums agree file by file "
                   "[NHI-CMN-025]",
                   test_moved),
        TOWN_TESTS("a record that cannot be is refused with its line, and none twice",
                   test_refused),
        TOWN_TESTS("before the cut-over the old view, then the four files with their rights "
                   "[NHI-CMN-025 NHI-CMN-002]",
                   test_views),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
