/*
 * Benefit forms keyed from paper by a contractor: one file of one batch becomes applications and
 * cases of unjust enrichment with the batch and the sheet they came from; a file with any bad line
 * becomes nothing.
 */
#include "asked.h"
#include "residents.h"

#include "desk/benefit/inner.h"
#include "desk/collection/post.h"
#include "desk/counter/counter.h"

#include "benefit_sql.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define HEAD                                                                                                                 \
    "帳票,バッチ番号,枚目,照合,受付日,宛名番号,生年月日,記号番号,診療年月,診療年月至,"    \
    "申請者宛名番号,"                                                                                                 \
    "医療機関,支払額,請求額,公金受取口座,金融機関,支店,預金種目,口座番号,口座名義,事由," \
    "保険者負担額\r\n"
/* Ann's high cost, to Ben's account; Cid's care expense, to the public-money account; Ann's special
 * care expense of two months; what Cid received after he had lost his cover. */
#define HIGH                                                                                       \
    "high_cost,1,1,agreed,2026-06-10,0000000001,1980-05-05,保 00000001,202604,,0000000002,"       \
    "中央病院,300000,212570,0,0001,001,1,1234567,アン　タロウ,,\r\n"
#define CARE                                                                                       \
    "care_expense,1,2,settled,2026-06-10,0000000003,2015-05-05,,202605,,0000000002,"               \
    "本町接骨院,10000,7000,1,,,,,,,\r\n"
#define SPECIAL                                                                                    \
    "special_care_expense,1,3,agreed,2026-03-31,0000000001,1980-05-05,,202601,202602,0000000002,"  \
    "本町医院,20000,14000,0,9900,018,1,7654321,ｱﾝ ﾀﾛｳ,,\r\n"
#define UNJUST                                                                                     \
    "unjust_enrichment,1,4,agreed,2026-06-12,0000000003,2015-05-05,,202604,202605,,,,,,,,,,,lost," \
    "35000\r\n"

static int take(struct town *t, const char *body, int64_t *job)
{
    static int files;
    const struct str path = str_format(t->w.cx.arena, "%s/forms%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, "import-benefit-forms",
                   str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(path)), job);
}

/* Ben is the head, Ann his wife, Cid their child. */
static void settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, "000000001", "本町", "1-1", "2000-04-01");
    const int64_t ann = add_person(&f, (struct who){"0000000001", "安　花子", "アン　ハナコ",
                                                    "1980-05-05", SEX_FEMALE});
    const int64_t ben = add_person(&f, (struct who){"0000000002", "安　太郎", "アン　タロウ",
                                                    "1978-05-05", SEX_MALE});
    const int64_t cid = add_person(&f, (struct who){"0000000003", "安　三郎", "アン　サブロウ",
                                                    "2015-05-05", SEX_MALE});
    (void)add_member(&f, home, ben, "01", "2000-04-01", NULL);
    (void)add_member(&f, home, ann, "03", "2000-04-01", NULL);
    (void)add_member(&f, home, cid, "04", "2015-05-05", NULL);
    feed_end(&f);
}

static int64_t hand_over(struct town *t, int64_t sheets)
{
    struct paper_bundle b = {.form_kind = STR("給付の申請書"),
                             .contractor = STR("練習入力センター"),
                             .note = STR(""),
                             .sheets = sheets,
                             .handed = day_of("2026-06-12")};
    TOWN_OK(t, paper_hand_over(&t->w, &b));
    return b.no;
}

static struct benefit_cases_newest_list all(struct town *t)
{
    const struct benefit_cases_newest_in in = {STR(""), STR("9999999999"), 100};
    struct benefit_cases_newest_list list;
    TOWN_OK(t, benefit_cases_newest(&t->w.cx, t->w.store, &in, &list));
    return list;
}

static struct benefit_application_rows_row application(struct town *t, const char *no)
{
    const struct benefit_application_rows_in in = {str_of(no)};
    struct benefit_application_rows_list list;
    TOWN_OK(t, benefit_application_rows(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
    return list.rows[0];
}

/* --- taken --------------------------------------------------------------------------------------
 */

static struct digest written[2]; /* by engine */

static void test_taken(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    settle(t);
    assert_int_equal(hand_over(t, 4), 1);
    TOWN_OK(t, take(t, HEAD HIGH CARE SPECIAL UNJUST, &job));
    const struct benefit_cases_newest_list list = all(t);
    assert_int_equal(list.n, 4);
    static const char *const expected[][2] = {{"2026000003", "unjust_enrichment"},
                                              {"2026000002", "care_expense"},
                                              {"2026000001", "high_cost"},
                                              {"2025000001", "special_care_expense"}};
    for (size_t i = 0; i < list.n; i++) {
        assert_true(str_is(list.rows[i].no, expected[i][0]));
        assert_true(str_is(list.rows[i].kind, expected[i][1]));
        assert_int_equal(list.rows[i].batch_no, 1);
    }
    const struct benefit_application_rows_row high = application(t, "2026000001");
    assert_int_equal(high.sheet, 1);
    assert_int_equal(high.line, 2);
    assert_int_equal(high.claimed_yen.n, 212570);
    assert_true(high.applicant_id != high.person_id);
    assert_true(str_is(high.state, "received"));
    assert_true(str_is(high.household_no, "000000001"));
    assert_true(str_is(high.holder, "ｱﾝ ﾀﾛｳ")); /* as the banks write it */
    assert_int_equal(high.treated_to.n, high.treated_from.n);
    assert_int_equal(high.job_id, job);
    const struct benefit_application_rows_row care = application(t, "2026000002");
    assert_true(care.is_public);
    assert_int_equal(care.bank_code.n, 0);
    assert_true(str_is(care.keying, "settled"));
    assert_int_equal(application(t, "2025000001").treated_to.n, month_of(2026, 2).n);
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &written[t->store->engine]));
}

static void test_engines_agree(void **state)
{
    static const struct digest none;
    (void)state;
    if (digest_equal(&written[STORE_POSTGRES], &none)) {
        print_message("SKIP the same on both engines: PostgreSQL did not run\n");
        skip();
    }
    assert_true(digest_equal(&written[STORE_SQLITE], &written[STORE_POSTGRES]));
}

/* --- refused ------------------------------------------------------------------------------------
 */

static struct import_problem_list refused(struct town *t, const char *body)
{
    struct import_problem_list bad;
    int64_t job = 0;
    town_refused(t, take(t, body, &job), ERR_INVALID, "party.import.refused");
    TOWN_OK(t, party_import_problems(&t->w, job, &bad));
    assert_int_equal(all(t).n, 0);
    return bad;
}

static void one_problem(struct town *t, const char *body, const char *field, const char *reason)
{
    const struct import_problem_list bad = refused(t, body);
    assert_int_equal(bad.n, 1);
    assert_true(str_is(bad.rows[0].field, field));
    assert_string_equal(bad.rows[0].reason, reason);
}

#define AT "0000000001,1980-05-05,,202604,"
#define TO ",中央病院,3000,2000,1,,,,,,,\r\n"

static void test_refused(void **state)
{
    struct town *t = *state;
    static const char *const bad[][3] = {
        {"high_cost,1,2,agreed,2026-06-10,0000000001,1981-05-05,,202604,,0000000002" TO, "生年月日",
         "benefit.forms.birth"},
        {"high_cost,1,2,agreed,2026-06-10,0000009999,1980-05-05,,202604,,0000000002" TO, "宛名番号",
         "benefit.forms.unknown"},
        {"high_cost,1,2,agreed,2026-06-10," AT ",0000009999" TO, "申請者宛名番号",
         "benefit.forms.applicant"},
        {"high_cost,1,2,open,2026-06-10," AT ",0000000002" TO, "照合", "benefit.forms.open"},
        {"high_cost,1,9,agreed,2026-06-10," AT ",0000000002" TO, "枚目", "benefit.forms.sheet"},
        {"high_cost,1,1,agreed,2026-06-10," AT ",0000000002" TO, "枚目",
         "benefit.forms.sheet_twice"},
        {"high_cost,1,2,agreed,2026-06-16," AT ",0000000002" TO, "受付日",
         "benefit.forms.received"},
        {"high_cost,1,2,agreed,2026-06-10," AT "202603,0000000002" TO, "診療年月至",
         "benefit.forms.month"},
        {"high_cost,1,2,agreed,2026-06-10," AT ",0000000002,中央病院,3000,3001,1,,,,,,,\r\n",
         "請求額", "benefit.forms.claimed"},
        {"high_cost,1,2,agreed,2026-06-10," AT
         ",0000000002,中央病院,3000,2000,0,0001,001,1,1234567,安　太郎,,\r\n",
         "口座名義", "benefit.forms.holder"},
        {"high_cost,1,2,agreed,2026-06-10," AT
         ",0000000002,中央病院,3000,2000,0,0001,001,1,,アン　タロウ,,\r\n",
         "口座番号", "benefit.forms.account"},
        {"unjust_enrichment,1,2,agreed,2026-06-10," AT ",,,,,,,,,,,fraud,100\r\n", "事由",
         "benefit.forms.cause"},
        {"unjust_enrichment,1,2,agreed,2026-06-10," AT ",,,,,,,,,,,lost,\r\n", "保険者負担額",
         "benefit.forms.yen"},
    };
    settle(t);
    (void)hand_over(t, 4);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        one_problem(t, str_format(t->w.cx.arena, "%s%s", HEAD HIGH, bad[i][0]).p, bad[i][1],
                    bad[i][2]);
    /* an unknown kind of form is listed with its value, and every bad line with it */
    const struct import_problem_list two =
        refused(t, HEAD HIGH "birth,1,2,agreed,2026-06-10," AT ",0000000002" TO
                             "high_cost,1,3,open,2026-06-10," AT ",0000000002" TO);
    assert_int_equal(two.n, 2);
    assert_int_equal(two.rows[0].line, 3);
    assert_true(str_is(two.rows[0].field, "帳票"));
    assert_true(str_is(two.rows[0].value, "birth"));
    assert_int_equal(two.rows[1].line, 4);
}

static void test_batches(void **state)
{
    struct town *t = *state;
    const struct paper_return back = {STR("returned"), 4, day_of("2026-06-15"), STR("1"), STR("")};
    int64_t job = 0;
    settle(t);
    one_problem(t, HEAD HIGH, "バッチ番号", "benefit.forms.batch_unknown");
    (void)hand_over(t, 4);
    (void)hand_over(t, 4);
    one_problem(t, HEAD HIGH "high_cost,2,1,agreed,2026-06-10," AT ",0000000002" TO, "バッチ番号",
                "benefit.forms.batches");
    TOWN_OK(t, paper_take_back(&t->w, 2, &back));
    one_problem(t, HEAD "high_cost,2,1,agreed,2026-06-10," AT ",0000000002" TO, "バッチ番号",
                "benefit.forms.batch_closed");
    /* the rest of a batch may come in another file, the same sheet may not */
    TOWN_OK(t, take(t, HEAD HIGH, &job));
    town_refused(t, take(t, HEAD HIGH, &job), ERR_DUPLICATE, "party.import.seen");
    town_refused(t, take(t, HEAD HIGH CARE, &job), ERR_INVALID, "party.import.refused");
    assert_int_equal(all(t).n, 1);
    TOWN_OK(t, take(t, HEAD CARE, &job));
    assert_int_equal(all(t).n, 2);
    town_refused(t, job_run(&t->w, "import-benefit-forms", STR("path=x mode=lines"), &job),
                 ERR_INVALID, "job.option_unknown");
}

static void test_stopped(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    settle(t);
    (void)hand_over(t, 4);
    assert_true(fault_arm("party.import.before_commit:1"));
    town_refused(t, take(t, HEAD HIGH CARE SPECIAL UNJUST, &job), ERR_FAULT, "base.fault");
    (void)fault_arm(NULL);
    assert_int_equal(all(t).n, 0);
    TOWN_OK(t, take(t, HEAD HIGH CARE SPECIAL UNJUST, &job));
    assert_int_equal(all(t).n, 4);
    assert_true(str_is(all(t).rows[0].no, "2026000003")); /* no number was lost */
}

/* --- killed between two pieces ------------------------------------------------------------------
 */

enum { MANY = 20010 }; /* more than one piece */

static struct str many_path;

static void write_many(struct town *t)
{
    struct text body;
    text_init(&body, (size_t)8 << 20);
    (void)text_adds(&body, HEAD);
    for (int sheet = 1; sheet <= MANY; sheet++)
        (void)text_addf(&body,
                        "unjust_enrichment,1,%d,agreed,2026-06-10," AT ",,,,,,,,,,,lost,1\r\n",
                        sheet);
    many_path = str_format(t->w.cx.arena, "%s/many.csv", t->path);
    TOWN_OK(t, file_write(&t->w.cx, many_path.p, text_str(&body)));
    text_release(&body);
}

static int take_many(struct town *t)
{
    int64_t job = 0;
    return job_run(&t->w, "import-benefit-forms",
                   str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(many_path)), &job);
}

static void take_many_and_kill(struct town *t)
{
    int status = 0;
    work_close(&t->w);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!fault_arm("party.import.before_commit:2:kill") ||
            work_open(&t->w, &t->cx, t->path, STORE_WRITE) < 0)
            _exit(2);
        (void)take_many(t);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
}

static size_t entered(struct town *t)
{
    struct benefit_sheets_of_batch_list list;
    TOWN_OK(t, benefit_sheets_of_batch(&t->w.cx, t->w.store,
                                       &(struct benefit_sheets_of_batch_in){1}, &list));
    return list.n;
}

/* What was checked once is not refused for being there already, even when its paper is back. */
static void test_killed(void **state)
{
    struct town *t = *state;
    const struct paper_return back = {STR("returned"), MANY, day_of("2026-06-15"), STR("1"),
                                      STR("")};
    settle(t);
    (void)hand_over(t, MANY);
    write_many(t);
    take_many_and_kill(t);
    assert_int_equal(entered(t), 20000);
    TOWN_OK(t, paper_take_back(&t->w, 1, &back));
    TOWN_OK(t, take_many(t));
    assert_int_equal(entered(t), MANY);
    assert_true(str_is(all(t).rows[0].no, "2026020010")); /* none twice, none lost */
}

/* A city's own causes take the place of the program's. */
static void test_causes(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    settle(t);
    (void)hand_over(t, 4);
    one_problem(t, HEAD "unjust_enrichment,1,2,agreed,2026-06-10," AT ",,,,,,,,,,,injury,100\r\n",
                "事由", "benefit.forms.cause");
    assert_int_equal(ask(t, METHOD_POST, "/benefit/causes",
                         FIELDS("cause.0.code", "Injury", "cause.0.label", "第三者行為", "reason",
                                "要綱")),
                     422);
    assert_int_equal(ask(t, METHOD_POST, "/benefit/causes",
                         FIELDS("cause.0.code", "injury", "cause.0.label", "第三者行為", "reason",
                                "要綱")),
                     303);
    TOWN_OK(t,
            take(t, HEAD "unjust_enrichment,1,2,agreed,2026-06-10," AT ",,,,,,,,,,,injury,100\r\n",
                 &job));
    assert_int_equal(ask(t, METHOD_GET, "/benefit/unjust/2026000001", NULL), 200);
    assert_true(shows("第三者行為"));
    assert_int_equal(all(t).n, 1);
}

/* --- seen ---------------------------------------------------------------------------------------
 */

static void look_at_list(struct town *t)
{
    assert_int_equal(ask(t, METHOD_GET, "/benefit", NULL), 200);
    assert_true(shows_in_order(
        (const char *const[]){"2026000003", "2026000002", "2026000001", "2025000001", NULL}));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?q=アンハナコ", NULL), 200);
    assert_true(shows("2026000001") && shows("2025000001") && !shows("2026000002"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?q=H27.5.5", NULL), 200);
    assert_true(shows("2026000002") && shows("2026000003") && !shows("2026000001"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?q=0000000002", NULL), 200);
    assert_true(shows("2026000001") && !shows("2026000003")); /* he applied */
    assert_int_equal(ask(t, METHOD_GET, "/benefit?kind=unjust_enrichment", NULL), 200);
    assert_true(shows("2026000003") && !shows("2026000002"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?batch=2", NULL), 200);
    assert_true(!shows("2026000003"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?batch=1&kind=care_expense", NULL), 200);
    assert_true(shows("2026000002") && !shows("2026000003"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?q=123456789012", NULL), 200); /* no My Number */
    assert_true(!shows("2026000003"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit?before=2026000002", NULL), 200);
    assert_true(shows("2026000001") && !shows("2026000003"));
}

static void look_at_cases(struct town *t)
{
    assert_int_equal(ask(t, METHOD_GET, "/benefit/application/2026000001", NULL), 200);
    assert_true(
        shows_in_order((const char *const[]){"高額療養費の申請", "受付", "安　花子", "安　太郎",
                                             "保 00000001", "中央病院", "300,000円", "212,570円",
                                             "1234567", "練習入力センター", "履歴", NULL}));
    assert_int_equal(t->w.looks, 2); /* a line for her, a line for him */
    assert_int_equal(ask(t, METHOD_GET, "/benefit/application/2026000002", NULL), 200);
    assert_true(shows("公金受取口座を希望") && shows("現物で訂正"));
    assert_int_equal(ask(t, METHOD_GET, "/benefit/unjust/2026000003", NULL), 200);
    assert_true(shows("資格喪失後の受診") && shows("35,000円"));
    town_refused(t, ask(t, METHOD_GET, "/benefit/application/2026000003", NULL), ERR_NOT_FOUND,
                 "benefit.none");
}

static void test_pages(void **state)
{
    struct town *t = *state;
    const struct actor counter = with_rights(role_rights(ROLE_CLERK)),
                       keyer = with_rights(role_rights(ROLE_KEYER)),
                       operator= with_rights(role_rights(ROLE_OPERATOR));
    int64_t job = 0;
    settle(t);
    (void)hand_over(t, 4);
    TOWN_OK(t, take(t, HEAD HIGH CARE SPECIAL UNJUST, &job));
    t->w.actor = &counter;
    assert_true(is_on_menu(counter.rights, "/benefit"));
    look_at_list(t);
    look_at_cases(t);
    assert_int_equal(ask(t, METHOD_GET, "/benefit/causes", NULL), 200);
    town_refused(t, ask(t, METHOD_POST, "/benefit/causes", FIELDS("reason", "x")), ERR_DENIED,
                 "serve.denied");
    static const char *const pages[] = {"/benefit", "/benefit/application/2026000001",
                                        "/benefit/unjust/2026000003"};
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        t->w.actor = &keyer;
        town_refused(t, ask(t, METHOD_GET, pages[i], NULL), ERR_DENIED, "serve.denied");
        t->w.actor = &operator;
        town_refused(t, ask(t, METHOD_GET, pages[i], NULL), ERR_DENIED, "serve.denied");
    }
    assert_false(is_on_menu(keyer.rights, "/benefit"));
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &benefit_desk,
                                               &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    messages_install(); /* pages are looked at by their words */
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("four kinds of forms become applications and a case, with batch and sheet "
                   "[DTE-002 IFC-049]",
                   test_taken),
        {"the same on both engines [DTE-002]", test_engines_agree, NULL, NULL, NULL},
        TOWN_TESTS("another birth date, unknown codes, differences left over: named by line, and "
                   "nothing is taken [DTE-002]",
                   test_refused),
        TOWN_TESTS("one open batch a file, a file and a sheet once [DTE-002]", test_batches),
        TOWN_TESTS("stopped before the commit nothing is there, run again everything is [DTE-002]",
                   test_stopped),
        /* twenty thousand lines: on one engine, for the time it takes */
        TOWN_TEST_SQLITE("killed between two pieces and run again: every sheet once [DTE-002]",
                         test_killed),
        TOWN_TESTS("the causes are those of the city's table [DTE-002]", test_causes),
        TOWN_TESTS("found by person, kind and batch; seen by the counter, not by who keys "
                   "[DTE-002]",
                   test_pages),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
