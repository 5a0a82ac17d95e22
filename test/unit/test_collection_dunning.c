/*
 * Dunning from draft to post: everybody in arrears once, nobody who has paid, with the reason why
 * not; the amount on the letter is the balance of the day; withdrawn, posted, returned.
 */
#include "collecting.h"

#include "collection_sql.h"
#include "desk/collection/post.h"
#include "read_pdf.h"
#include "residents.h"

static struct actor clerk;

static int64_t run_as(struct town *t, const struct actor *who, const char *kind, struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    const int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    TOWN_OK(t, rc);
    return job;
}

static int try_as(struct town *t, const struct actor *who, const char *kind, struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    const int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    return rc;
}

static struct collection_draft_get_row draft_by(struct town *t, const char *kind,
                                                struct str options)
{
    const struct collection_draft_of_job_in of = {run_as(t, &clerk, kind, options)};
    struct collection_draft_of_job_row no;
    struct collection_draft_get_row d;
    assert_int_equal(TOWN_OK(t, collection_draft_of_job(&t->w.cx, t->w.store, &of, &no)), 1);
    const struct collection_draft_get_in get = {no.draft_no};
    assert_int_equal(TOWN_OK(t, collection_draft_get(&t->w.cx, t->w.store, &get, &d)), 1);
    return d;
}

static struct collection_draft_get_row draft_on(struct town *t, const char *day)
{
    return draft_by(t, "dunning-draft", levy_town_options(t, "as-of=%s", day));
}

static struct str confirming(struct town *t, const struct collection_draft_get_row *d,
                             const char *issue)
{
    return levy_town_options(t, "draft=%lld issue-date=%s letters=%lld total=%lld",
                             (long long)d->draft_no, issue, (long long)d->letters,
                             (long long)d->letters_yen.n);
}

static void confirm(struct town *t, const struct collection_draft_get_row *d, const char *issue)
{
    run_as(t, &collecting_chief,
           str_is(d->kind, "dunning") ? "dunning-confirm" : "reminder-confirm",
           confirming(t, d, issue));
}

static int64_t rows_with(struct town *t, int64_t draft_no, int64_t reason)
{
    const struct collection_draft_reasons_in in = {draft_no};
    struct collection_draft_reasons_list list;
    TOWN_OK(t, collection_draft_reasons(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].reason == reason)
            return list.rows[i].rows_n;
    }
    return 0;
}

static struct collection_letters_of_debtor_list letters(struct town *t, int64_t debtor)
{
    const struct collection_letters_of_debtor_in in = {debtor};
    struct collection_letters_of_debtor_list list;
    TOWN_OK(t, collection_letters_of_debtor(&t->w.cx, t->w.store, &in, &list));
    return list;
}

/* How many instalments of the year are unpaid and were due by a day, from the accounts. */
static int64_t unpaid_by(struct town *t, const char *day, int64_t *yen)
{
    struct draft d;
    int64_t n = 0;
    *yen = 0;
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    for (int64_t no = 1; no <= d.households; no++) {
        struct liability_account a;
        if (TOWN_OK(t, collection_by_notice(&t->w, 2026, no, &a)) == 0)
            continue;
        for (size_t i = 0; i < a.n; i++) {
            if (a.rows[i].balance.n > 0 && a.rows[i].number < PENSION_FIRST &&
                ymd_compare(a.rows[i].due, day_of(day)) <= 0) {
                n++;
                *yen += a.rows[i].balance.n;
            }
        }
    }
    return n;
}

static void enter(struct town *t, const char *kind, const char *payload)
{
    struct event e = work_event(&t->w, kind);
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, work_enter(&t->w, &e, str_copy(t->w.cx.arena, str_of(payload))));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static void hold(struct town *t, int64_t debtor, const char *kind)
{
    char payload[256];
    snprintf(payload, sizeof payload, "debtor=%lld\nkind=%s\nreason=test\nfrom=2026-07-01\n",
             (long long)debtor, kind);
    enter(t, "collection.hold", payload);
}

/* --- drafts
 * ---------------------------------------------------------------------------------------- */

static void test_who(void **state)
{
    struct town *t = *state;
    int64_t yen;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-10");
    const struct liability_account a = account_of(t, payer(t, 0));
    const struct liability_account b = account_of(t, payer(t, 1));
    struct receipt_record rows[2] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&b, 0, b.rows[0].charged.n - 1000, t->w.today)};
    (void)take(t, "one", rows, 2);
    static const char *const kinds[] = {"suspended", "deferred", "agreement", "no_mail"};
    for (int i = 0; i < 4; i++)
        hold(t, account_of(t, payer(t, 2 + i)).liability.debtor_id, kinds[i]);
    const int64_t unpaid = unpaid_by(t, "2026-06-30", &yen);
    /* due on 30 June and twenty days: the 20th of July is the day */
    struct collection_draft_get_row d = draft_on(t, "2026-07-19");
    assert_int_equal(d.letters + d.left_out, 0);
    d = draft_on(t, "2026-07-20");
    assert_int_equal(d.letters + d.left_out, unpaid);
    assert_int_equal(d.left_out, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(rows_with(t, d.draft_no, DUNNING_SUSPENDED + i), 1);
    assert_true(d.letters_yen.n < yen && d.letters_yen.n > 0);
    d = draft_on(t, "2026-08-19"); /* the second is due on 31 July */
    assert_int_equal(d.letters + d.left_out, unpaid);
    d = draft_on(t, "2026-08-20");
    assert_int_equal(d.letters + d.left_out, unpaid_by(t, "2026-07-31", &yen));
}

static void test_two_people(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    const int64_t debtor = a.liability.debtor_id;
    town_refused(t, try_as(t, &clerk, "dunning-confirm", confirming(t, &d, "2026-07-22")),
                 ERR_DENIED, "office.right_missing");
    struct collection_draft_get_row wrong = d;
    wrong.letters_yen.n++;
    town_refused(t,
                 try_as(t, &collecting_chief, "dunning-confirm",
                        confirming(t, &wrong, "2026-07-22")),
                 ERR_INVALID, "levy.confirm.totals_differ");
    town_refused(t,
                 try_as(t, &collecting_chief, "dunning-confirm", confirming(t, &d, "2026-07-19")),
                 ERR_INVALID, "collection.dunning.issue");
    /* Paid between the draft and the decision: no dunning. */
    struct receipt_record row[1] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today)};
    (void)take(t, "late", row, 1);
    confirm(t, &d, "2026-07-22");
    assert_int_equal(letters(t, debtor).n, 0);
    assert_int_equal(rows_with(t, d.draft_no, DUNNING_PAID), 1);
    town_refused(t,
                 try_as(t, &collecting_chief, "dunning-confirm", confirming(t, &d, "2026-07-23")),
                 ERR_STALE, "levy.confirm.not_ready");
    /* Each has number, day, basis, decider, and the right lasts two years from it. */
    const struct liability_account b = account_of(t, payer(t, 1));
    const struct collection_letters_of_debtor_list l = letters(t, b.liability.debtor_id);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.rows[0].lapse_ymd.day, day_of("2028-07-22").day);
    assert_int_equal(l.rows[0].pay_by_ymd.day,
                     day_of("2026-08-03").day); /* 1 August is a Saturday */
    struct decided_list decided = {NULL, 0, 0};
    TOWN_OK(t, collection_decided(&t->w, b.liability.debtor_id, &decided));
    assert_int_equal(decided.n, 1);
    assert_true(decided.rows[0].number.n > 5 && decided.rows[0].is_open);
    assert_int_equal(decided.rows[0].day.day, day_of("2026-07-20").day);
    /* Nobody is dunned twice for one instalment. */
    d = draft_on(t, "2026-07-25");
    assert_int_equal(d.letters + d.left_out, 0);
}

/* A draft by the chief himself is confirmed by somebody else. */
static void test_not_oneself(void **state)
{
    struct town *t = *state;
    collecting_town(t, 200, 41);
    collecting_on(t, "2026-07-20");
    clerk = levy_town_actor(ROLE_CHIEF, 92); /* the chief drafts */
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    town_refused(t,
                 try_as(t, &collecting_chief, "dunning-confirm", confirming(t, &d, "2026-07-22")),
                 ERR_DENIED, "levy.confirm.same_person");
    clerk = levy_town_actor(ROLE_CLERK, 93);
    TOWN_OK(t, dunning_drop(&t->w, d.draft_no));
    town_refused(t, dunning_drop(&t->w, d.draft_no), ERR_STALE, "levy.confirm.not_ready");
}

/* --- printing
 * --------------------------------------------------------------------------------------- */

static struct str printed_words(struct town *t, const char *kind, int64_t place)
{
    struct text pdf;
    const char *path = str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/out/post-1/%s-%04lld.pdf",
                                                       t->path, kind, (long long)place));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, file_read(&t->w.cx, path, PDF_MOST, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static struct collection_post_counts_row counts(struct town *t, const char *kind)
{
    const struct collection_post_counts_in in = {1};
    struct collection_post_counts_list list;
    TOWN_OK(t, collection_post_counts(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (str_is(list.rows[i].kind, kind))
            return list.rows[i];
    }
    return (struct collection_post_counts_row){.printed = 0};
}

static struct collection_post_items_list items(struct town *t)
{
    const struct collection_post_items_in in = {1, 0, 5000, t->w.asof};
    struct collection_post_items_list list;
    TOWN_OK(t, collection_post_items(&t->w.cx, t->w.store, &in, &list));
    return list;
}

/* What stands on the letters equals what is due on that day, whatever the draft said: 柏市 2020. */
static void test_balance_of_the_day(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    confirm(t, &d, "2026-07-22");
    const struct liability_account a = account_of(t, payer(t, 0));
    const struct liability_account b = account_of(t, payer(t, 1));
    const struct liability_account c = account_of(t, payer(t, 2));
    struct receipt_record rows[3] = {paid_by(&a, 0, 1230, t->w.today),
                                     paid_by(&b, 0, b.rows[0].charged.n, t->w.today),
                                     paid_by(&c, 0, c.rows[0].charged.n, t->w.today)};
    rows[2].stage = STAGE_EXPECTED; /* only a preliminary notice */
    rows[2].raw_key = STR("C");
    (void)take(t, "between", rows, 3);
    collecting_on(t, "2026-07-21");
    run_as(t, &collecting_operator, "post-print",
           STR("issue-date=2026-07-22 kinds=dunning slips=yes"));
    const struct collection_post_counts_row n = counts(t, "dunning");
    assert_int_equal(n.printed + n.pulled, d.letters);
    assert_true(n.pulled >= 2);
    assert_int_equal(letters(t, b.liability.debtor_id).rows[0].withdrawn, DUNNING_PAID);
    assert_int_equal(letters(t, c.liability.debtor_id).rows[0].withdrawn, DUNNING_PAID);
    /* place by place, the amount is the balance */
    const struct collection_post_items_list list = items(t);
    int64_t sum = 0;
    for (size_t i = 0; i < list.n; i++) {
        assert_int_equal(list.rows[i].place, (int64_t)i + 1);
        sum += list.rows[i].yen.n;
    }
    assert_int_equal(sum, n.yen.n);
    const struct collection_late_instalments_in in = {{&a.liability.debtor_id, 1},
                                                      day_of("2026-07-21")};
    struct collection_late_instalments_list due;
    TOWN_OK(t, collection_late_instalments(&t->w.cx, t->w.store, &in, &due));
    assert_int_equal(due.rows[0].balance_yen.n, a.rows[0].charged.n - 1230);
    const struct str words = printed_words(t, "dunning", 1);
    char amount[32];
    struct text y;
    text_init(&y, 64);
    text_add_yen(&y, due.rows[0].balance_yen);
    snprintf(amount, sizeof amount, STR_FMT, STR_ARG(text_str(&y)));
    text_release(&y);
    const char *said[] = {"督促状", amount, "地方自治法第231条の3", "令和8年8月3日"};
    must_say(words, said, 4);
    /* The slip: what is due, with the day to pay by; the first notice's is replaced. */
    const struct collection_slip_in_force_in q = {a.liability.liability_id, a.rows[0].number};
    struct collection_slip_in_force_row slip;
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &slip)), 1);
    assert_int_equal(slip.yen.n, a.rows[0].charged.n - 1230);
    assert_int_equal(slip.issue, 1);
    assert_true(str_is(slip.kind, "dunning"));
}

static void test_post(void **state)
{
    struct town *t = *state;
    collecting_town(t, 200, 41);
    run_as(t, &collecting_operator, "levy-notices", STR("year=2026"));
    collecting_on(t, "2026-07-20");
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    confirm(t, &d, "2026-07-22");
    run_as(t, &collecting_operator, "post-print", STR("issue-date=2026-07-22"));
    struct collection_post_counts_row n = counts(t, "dunning");
    const struct collection_post_items_list list = items(t);
    assert_int_equal((int64_t)list.n, n.printed);
    assert_true(list.rows[0].insert_code.n > 0 && list.rows[0].delivery_code.n > 0);
    assert_int_equal(list.rows[0].bars.n, 67);
    /* one is taken out by its number, with a reason */
    town_refused(t,
                 letter_withdraw_no(&t->w, LETTER_DUNNING, list.rows[0].document_no,
                                    DUNNING_BY_HAND, STR("")),
                 ERR_INVALID, "collection.hold.reason");
    TOWN_OK(t, letter_withdraw_no(&t->w, LETTER_DUNNING, list.rows[0].document_no, DUNNING_BY_HAND,
                                  STR("窓口で渡した")));
    town_refused(t, post_despatch(&t->w, 1, day_of("2026-07-22"), n.printed), ERR_INVALID,
                 "collection.post.count");
    TOWN_OK(t, post_despatch(&t->w, 1, day_of("2026-07-22"), n.printed - 1));
    n = counts(t, "dunning");
    assert_int_equal(n.posted, n.printed - 1);
    assert_int_equal(n.withdrawn, 1);
    town_refused(t,
                 letter_withdraw_no(&t->w, LETTER_DUNNING, list.rows[1].document_no,
                                    DUNNING_BY_HAND, STR("遅い")),
                 ERR_STALE, "collection.post.sent");
    /* one comes back: a task, until somebody has looked */
    struct post_return back = {.kind = STR("dunning"),
                               .no = list.rows[1].document_no,
                               .day = day_of("2026-07-28"),
                               .reason = 1,
                               .note = STR("")};
    TOWN_OK(t, post_returned(&t->w, &back));
    back.no = list.rows[0].document_no;
    town_refused(t, post_returned(&t->w, &back), ERR_NOT_FOUND, "collection.post.not_sent");
    const struct collection_returned_mail_in in = {10, t->w.asof};
    struct collection_returned_mail_list tasks;
    TOWN_OK(t, collection_returned_mail(&t->w.cx, t->w.store, &in, &tasks));
    assert_int_equal(tasks.n, 1);
    TOWN_OK(t, post_checked(&t->w, tasks.rows[0].post_item_id, STR("転居先を確認")));
    TOWN_OK(t, collection_returned_mail(&t->w.cx, t->w.store, &in, &tasks));
    assert_int_equal(tasks.n, 0);
    /* the one that was taken out may be dunned again; the others not */
    d = draft_on(t, "2026-07-29");
    assert_int_equal(d.letters, 1);
}

/* Three kinds in one run, with counts of their own and one order. */
static void test_three_kinds(void **state)
{
    struct town *t = *state;
    collecting_town(t, 200, 41);
    collecting_on(t, "2026-06-15");
    run_as(t, &collecting_operator, "levy-notices", STR("year=2026"));
    collecting_on(t, "2026-07-20");
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    confirm(t, &d, "2026-07-22");
    collecting_on(t, "2026-09-20");
    struct collection_draft_get_row r =
        draft_by(t, "reminder-draft", STR("as-of=2026-09-20 least=1000 receipt=yes"));
    assert_true(r.letters > 0 && r.left_out > 0); /* later instalments are not dunned yet */
    confirm(t, &r, "2026-09-25");
    struct collection_draft_get_row second = draft_on(t, "2026-09-20");
    confirm(t, &second, "2026-09-25");
    run_as(t, &collecting_operator, "post-print", STR("issue-date=2026-09-25 notices=2026-06-15"));
    struct notice_counts c;
    TOWN_OK(t, levy_notice_counts(&t->w, 2026, &c));
    assert_int_equal(counts(t, "levy_notice").printed + counts(t, "levy_notice").pulled, c.sent);
    assert_int_equal(counts(t, "dunning").printed + counts(t, "dunning").pulled, second.letters);
    assert_int_equal(counts(t, "reminder").printed + counts(t, "reminder").pulled, r.letters);
    assert_int_equal(counts(t, "reminder").yen.n, r.letters_yen.n);
    /* one order over all of them, notices first */
    const struct collection_post_items_list list = items(t);
    for (size_t i = 0; i < list.n; i++)
        assert_int_equal(list.rows[i].place, (int64_t)i + 1);
    assert_true(str_is(list.rows[0].kind, "levy_notice"));
    assert_true(str_is(list.rows[list.n - 1].kind, "reminder"));
    /* The record for enclosing: as many lines as documents, these columns and no others. */
    struct text csv;
    text_init(&csv, PDF_MOST);
    TOWN_OK(t, file_read(&t->w.cx,
                         str_c(t->w.cx.arena,
                               str_format(t->w.cx.arena, "%s/out/post-1/index.csv", t->path)),
                         PDF_MOST, &csv));
    assert_true(
        str_starts(text_str(&csv), STR("place,kind,document_no,pages,insert_code,delivery_code,"
                                       "customer_bars\r\n")));
    size_t lines = 0;
    for (size_t i = 0; i < text_str(&csv).n; i++)
        lines += text_str(&csv).p[i] == '\n';
    assert_int_equal(lines, list.n + 1);
    text_release(&csv);
}

/* No layout and no record of a run names My Number. */
static void test_no_my_number(void **state)
{
    struct town *t = *state;
    static const char *const names[] = {"dunning_letter",    "reminder_letter",  "reissued_slip",
                                        "arrears_statement", "paid_certificate", "paper_cover"};
    static const char *const words[] = {"my_number", "mynumber", "kojin_bango", "{individual"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str body;
        struct digest hash;
        TOWN_OK(t, letter_layout(&t->w, names[i], &body, &hash));
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            assert_null(memmem(body.p, body.n, words[k], strlen(words[k])));
    }
    const struct store_table *const tables[] = {&collection_post_item_table,
                                                &collection_post_batch_table,
                                                &collection_paper_batch_table};
    for (size_t i = 0; i < 3; i++) {
        for (int c = 0; c < tables[i]->n_columns; c++)
            assert_false(str_is(str_of(tables[i]->columns[c].file), "番号"));
    }
}

static void test_paper(void **state)
{
    struct town *t = *state;
    struct paper_bundle b = {.form_kind = STR("異動届"),
                             .contractor = STR("北川データ"),
                             .sheets = 120,
                             .handed = day_of("2026-06-15"),
                             .note = STR("")};
    TOWN_OK(t, paper_hand_over(&t->w, &b));
    struct paper_return r = {.way = STR("returned"),
                             .sheets = 121,
                             .day = day_of("2026-06-20"),
                             .report_no = STR("R-1"),
                             .note = STR("")};
    town_refused(t, paper_take_back(&t->w, b.no, &r), ERR_INVALID, "collection.paper.sheets");
    r.sheets = 100;
    r.report_no = STR("");
    town_refused(t, paper_take_back(&t->w, b.no, &r), ERR_INVALID, "collection.paper.report");
    r.report_no = STR("R-1");
    TOWN_OK(t, paper_take_back(&t->w, b.no, &r));
    r.way = STR("destroyed");
    r.sheets = 20;
    TOWN_OK(t, paper_take_back(&t->w, b.no, &r));
    const struct collection_paper_batch_get_in in = {b.no};
    struct collection_paper_batch_get_row row;
    assert_int_equal(TOWN_OK(t, collection_paper_batch_get(&t->w.cx, t->w.store, &in, &row)), 1);
    assert_int_equal(row.back, row.sheets);
}

int main(void)
{
    collecting_start();
    clerk = levy_town_actor(ROLE_CLERK, 93);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every instalment unpaid after its days, suspended and deferred ones with the "
                   "reason [NHI-COL-016]",
                   test_who),
        TOWN_TESTS("decided by a second person against totals; number, day, basis, decider "
                   "[NHI-COL-016 NHI-CMN-022]",
                   test_two_people),
        TOWN_TESTS("nobody confirms his own draft [NHI-COL-016]", test_not_oneself),
        TOWN_TESTS("museum: the amount on a dunning is the balance of the day it is printed "
                   "[NHI-COL-016 M-kashiwa]",
                   test_balance_of_the_day),
        TOWN_TESTS("taken out by number, posted, returned: a task to look into the address "
                   "[PRN-001 PRN-003]",
                   test_post),
        TOWN_TESTS("three kinds of documents in runs with counts of their own [PRN-002]",
                   test_three_kinds),
        TOWN_TESTS("no My Number in what is given to a printer [PRN-004]", test_no_my_number),
        TOWN_TESTS("a bundle of paper is closed by records of return only [DTE-001 DTE-007]",
                   test_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
