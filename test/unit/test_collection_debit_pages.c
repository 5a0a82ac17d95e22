/* The overview of direct debit: totals and files for whoever follows jobs, people only for who may
 * see the collection. */
#include "bank_town.h"

#include "asked.h"

/* A run that was answered; out: one who could not be debited. */
static int64_t answered_run(struct town *t, struct str *person_no)
{
    int64_t job = 0;
    struct bank_counts n;
    char options[64];
    struct bank_town_signed s = bank_town_signed_up(t);

    snprintf(options, sizeof options, "due=%s", s.due);
    const int64_t run = bank_town_draft(t, options, &job);
    TOWN_OK(t, bank_town_confirm(t, run, bank_town_figure(t, job, "requests"),
                                 bank_town_figure(t, job, "total_yen")));
    bank_town_day(t, s.due);
    const struct collection_debit_files_of_run_list files = bank_town_files(t, run);
    for (size_t i = 0; i < files.n; i++)
        TOWN_OK(t,
                bank_town_give(t, "debit-result",
                               bank_town_answer(t, s.bank, bank_debit,
                                                bank_town_read(t, "debit", files.rows[i].file_name),
                                                &n),
                               &job));
    const struct collection_debit_failures_in q = {run};
    struct collection_debit_failures_list failed;
    struct person p;
    TOWN_OK(t, collection_debit_failures(&t->w.cx, t->w.store, &q, &failed));
    assert_true(failed.n > 0);
    TOWN_OK(t, party_person(&t->w, failed.rows[0].person_id, &p));
    *person_no = p.person_no;
    bank_close(s.bank);
    return run;
}

static bool shows_person(struct town *t, struct str person_no)
{
    return shows(str_c(t->w.cx.arena, person_no)) || shows("/collection/debit/person/") ||
           shows("/collection/debtor/");
}

static void test_operator(void **state)
{
    struct town *t = *state;
    struct str person_no = STR_NONE;
    char page[64], file[96], paper[96], drop[80];
    const int64_t run = answered_run(t, &person_no);
    const struct collection_debit_files_of_run_list files = bank_town_files(t, run);
    snprintf(page, sizeof page, "/collection/debit/run/%lld", (long long)run);
    snprintf(file, sizeof file, "%s/file/%lld", page, (long long)files.rows[0].debit_file_id);
    snprintf(paper, sizeof paper, "%s/request/%lld", page, (long long)files.rows[0].debit_file_id);
    snprintf(drop, sizeof drop, "%s/drop", page);
    struct actor who = with_rights(role_rights(ROLE_OPERATOR));
    const struct actor *before = t->w.actor;
    t->w.actor = &who;
    /* The runs, what went out and came in; no number or name of anybody, and a line in the log. */
    assert_true(is_on_menu(who.rights, "/collection/debit"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/collection/debit", NULL)), 200);
    assert_true(t->w.looks > 0);
    assert_true(shows(page) && shows("仮作成する") && shows("振込データ"));
    assert_false(shows_person(t, person_no) || shows("停止の候補") || shows("/collection/errors"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows("振替できなかったもの") && shows("収納を見る権限のある職員") && shows(paper));
    assert_true(shows("口座振替不能通知と納付書を作る"));
    assert_false(shows_person(t, person_no) || shows(file));
    /* A form that was filled in wrongly shows no more than the page. */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/collection/debit",
                                    FIELDS("due", "", "debit_day", "", "of", ""))),
                     422);
    assert_false(shows_person(t, person_no) || shows("停止の候補"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, paper, NULL)), 200);
    assert_int_equal(ask(t, METHOD_GET, file, NULL), ERR_DENIED); /* accounts of people */
    error_clear(&t->w.cx);
    /* Who sees the collection sees them, the file only who runs jobs as well. */
    who = with_rights(role_rights(ROLE_CLERK));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows_person(t, person_no));
    assert_false(shows(file));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/collection/debit", NULL)), 200);
    assert_true(shows("停止の候補") && shows("/collection/errors"));
    who = with_rights(role_rights(ROLE_CHIEF));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows_person(t, person_no) && shows(file));
    /* Who follows jobs without printing has no paper; who keys has nothing. */
    who = with_rights(role_rights(ROLE_AUDITOR));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_false(shows(paper) || shows_person(t, person_no) || shows("不能通知と納付書を作る"));
    who = with_rights(role_rights(ROLE_KEYER));
    assert_int_equal(ask(t, METHOD_GET, "/collection/debit", NULL), ERR_DENIED);
    error_clear(&t->w.cx);
    t->w.actor = before;
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    bank_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the operator sees runs, totals and files, and nobody [OPS-002 NHI-COL-013]",
                   test_operator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
