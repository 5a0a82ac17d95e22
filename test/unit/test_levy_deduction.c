/* Who pays from his pension: the thresholds, the files it stands on, the run. */
#include "register_town.h"

#include "residents.h"

#include "desk/levy/deduction.h"
#include "office/list_inner.h"

#define PENSION "宛名番号,対象年月,年金保険者,年金額,年金証書番号\r\n"
#define CARE    "宛名番号,賦課年月,特別徴収額,年金保険者\r\n"

static int take(struct town *t, const char *job, const char *body)
{
    static int files;
    int64_t id = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/pay%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(path)), &id);
}

/* --- one household ------------------------------------------------------------------------------
 */

static void test_thresholds(void **state)
{
    struct town *t = *state;
    struct deduction_law law;
    TOWN_OK(t, deduction_law_of(&t->w, 2026, &law));
    const struct deduction_facts good = {.head_birth = ymd_of(1956, 6, 1),
                                         .is_head_insured = true,
                                         .insured = 2,
                                         .elders = 2,
                                         .has_pension = true,
                                         .pension = YEN(600000),
                                         .has_care = true,
                                         .care = YEN(20000),
                                         .levy = YEN(180000)};
    struct deduction_facts f = good;
    /* 180,000 / 6 + 20,000 = 50,000 = half of 600,000 / 6 */
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_YES);
    f.levy = YEN(180001);
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_HALF);
    f = good;
    f.care = YEN(20001);
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_HALF);
    f.has_care = false; /* no file of nursing care about him: nothing is taken from the pension */
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_NO_CARE);
    f = good;
    f.levy = f.care = YEN(1);
    f.pension = YEN(180000);
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_YES);
    f.pension = YEN(179999);
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_SMALL_PENSION);
    f.has_pension = false;
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_NO_PENSION);
    f = good;
    f.elders = 1;
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_AGES);
    f = good;
    f.is_head_insured = false;
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_HEAD_NOT_INSURED);
    f = good;
    f.head_birth = ymd_of(1952, 4, 1); /* 75 on 1 April 2027: not within the year */
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_YES);
    f.head_birth = ymd_of(1952, 3, 31);
    assert_int_equal(deduction_judge(&f, &law, 2026), DEDUCTION_TURNS_75);
}

/* --- the files
 * ------------------------------------------------------------------------------------ */

static bool is_late(struct town *t, const char *job)
{
    struct late_duty *rows = NULL;
    size_t n = 0;
    TOWN_OK(t, job_late_duties(&t->w, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].job, job))
            return true;
    }
    return false;
}

static void somebody(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    (void)add_person(&f, (struct who){"0900000001", "年金　人", "ネンキン　ヒト", "1956-06-01",
                                      SEX_MALE});
    feed_end(&f);
}

static void test_files(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    somebody(t);
    assert_true(is_late(t, "import-pension-payer"));
    assert_true(is_late(t, "import-pension-payer-yearly"));
    TOWN_OK(t, take(t, "import-pension-payer", PENSION "0900000001,202606,P1,900000,\r\n"));
    assert_false(is_late(t, "import-pension-payer"));
    assert_true(is_late(t, "import-pension-payer-yearly")); /* the month's is not the year's */
    town_refused(t, job_run(&t->w, "deduction-yearly", STR("year=2026"), &job), ERR_NOT_FOUND,
                 "eligibility.feed.needed");
    TOWN_OK(t, take(t, "import-pension-payer-yearly", PENSION "0900000001,202610,P1,900000,\r\n"));
    assert_false(is_late(t, "import-pension-payer-yearly"));
    TOWN_OK(t, job_run(&t->w, "deduction-yearly", STR("year=2026"), &job));
    town_refused(t, job_run(&t->w, "deduction-yearly", STR("year=2027"), &job), ERR_NOT_FOUND,
                 "eligibility.feed.needed"); /* last year's file is not this year's */
}

/* --- the run
 * ---------------------------------------------------------------------------------------- */

struct judged_list {
    int64_t result[4000];
    struct str person_no[4000];
    size_t n;
    struct arena *arena;
};
static struct judged_list judged;

enum { PERSON_NO = 1, RESULT = 3 };

static int keep(struct list_run *r, int column, struct str value)
{
    struct judged_list *j = r->arg;
    assert_true(j->n < sizeof j->result / sizeof *j->result);
    if (column == PERSON_NO)
        j->person_no[j->n] = str_copy(j->arena, value);
    if (column == RESULT)
        j->result[j->n++] = value.n ? value.p[value.n - 1] - '0' : -1; /* the code, or its words */
    return OK;
}

static void look(struct town *t)
{
    struct str given[1] = {STR("2026")};
    struct list_run r = {.list = list_find(STR("levy"), STR("deductions")),
                         .given = given,
                         .n_given = 1,
                         .cell = keep,
                         .arg = &judged};
    judged.n = 0;
    judged.arena = t->w.cx.arena;
    TOWN_OK(t, list_run(&t->w, &r));
}

static int64_t result_of(const char *person_no)
{
    for (size_t i = 0; i < judged.n; i++) {
        if (str_is(judged.person_no[i], person_no))
            return judged.result[i];
    }
    return -1;
}

static size_t count_of(int64_t result)
{
    size_t count = 0;
    for (size_t i = 0; i < judged.n; i++)
        count += judged.result[i] == result;
    return count;
}

static void decide(struct town *t)
{
    static struct actor operator, chief;
    struct draft d;
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    operator= levy_town_actor(ROLE_OPERATOR, 31);
    chief = levy_town_actor(ROLE_CHIEF, 32);
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(t,
                                         "draft=%lld issue-date=2026-06-15 households=%lld "
                                         "total=%lld",
                                         (long long)d.draft_no, (long long)d.households,
                                         (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

/* With pension and nursing care data he is judged by them; when they change, he is judged anew. */
static void test_run(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    levy_town_fill(t, 500, 3);
    decide(t);
    somebody(t);
    TOWN_OK(t, take(t, "import-pension-payer-yearly", PENSION "0900000001,202610,P1,900000,\r\n"));
    TOWN_OK(t, job_run(&t->w, "deduction-yearly", STR("year=2026"), &job));
    look(t);
    assert_true(judged.n > 40);
    assert_int_equal(count_of(DEDUCTION_YES), 0);
    assert_true(count_of(DEDUCTION_NO_PENSION) > 0 && count_of(DEDUCTION_AGES) > 0);
    const char *who = NULL;
    for (size_t i = 0; i < judged.n && !who; i++)
        who = judged.result[i] == DEDUCTION_NO_PENSION ? str_c(t->w.cx.arena, judged.person_no[i])
                                                       : NULL;
    assert_non_null(who);
    TOWN_OK(t, take(t, "import-pension-payer",
                    str_format(t->w.cx.arena, PENSION "%s,202610,P1,9000000,\r\n", who).p));
    TOWN_OK(t, job_run(&t->w, "deduction-yearly", STR("year=2026 as-of=2026-06-16"), &job));
    look(t);
    assert_int_equal(result_of(who), DEDUCTION_NO_CARE);
    TOWN_OK(t, take(t, "import-care-levy",
                    str_format(t->w.cx.arena, CARE "%s,202606,12000,P1\r\n", who).p));
    TOWN_OK(t, job_run(&t->w, "deduction-yearly", STR("year=2026 as-of=2026-06-17"), &job));
    look(t);
    assert_int_equal(result_of(who), DEDUCTION_YES);
    assert_int_equal(count_of(DEDUCTION_YES), 1);
}

int main(void)
{
    register_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TEST_SQLITE("half of the pension, 180,000 yen, 65 to 74, to the yen and the day",
                         test_thresholds),
        TOWN_TESTS("the month's and the year's pension files; without the year's no run [CAR-005]",
                   test_files),
        TOWN_TESTS("households are judged by pension and nursing care data, anew when they change",
                   test_run),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
