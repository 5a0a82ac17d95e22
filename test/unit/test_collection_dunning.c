/*
 * Dunning from draft to post: everybody in arrears once, nobody who has paid, with the reason why
 * not; the amount on the letter is the balance of the day; withdrawn, posted, returned.
 */
#include "collecting.h"

#include "collection_sql.h"
#include "desk/collection/counter.h"
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

/* --- reminders
 * --------------------------------------------------------------------------------------- */

/* A town whose first instalments are dunned and posted, on 20 September. */
static void dunned_town(struct town *t)
{
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    confirm(t, &d, "2026-07-22");
    collecting_on(t, "2026-09-20");
    d = draft_on(t, "2026-09-20");
    confirm(t, &d, "2026-09-20");
}

static int64_t reminders_with(struct town *t, const char *terms)
{
    return draft_by(t, "reminder-draft", levy_town_options(t, "as-of=2026-09-20 %s", terms))
        .letters;
}

static void test_reminders(void **state)
{
    struct town *t = *state;
    dunned_town(t);
    const int64_t all = reminders_with(t, "");
    assert_true(all > 20);
    /* by amount: those of at least and those under an amount are all together */
    assert_int_equal(reminders_with(t, "least=100000") + reminders_with(t, "most=99999"), all);
    assert_int_equal(reminders_with(t, "number=3"), all);
    assert_int_equal(reminders_with(t, "number=4"), 0);
    assert_int_equal(reminders_with(t, "due-from=2026-09-01"), 0);
    assert_int_equal(reminders_with(t, "due-to=2026-06-30"), all);
    assert_int_equal(reminders_with(t, "contact=never"), all);
    assert_int_equal(reminders_with(t, "contact=returned"), 0);
    assert_int_equal(reminders_with(t, "area=nowhere"), 0);
    town_refused(t, try_as(t, &clerk, "reminder-draft", STR("as-of=2026-09-20 contact=perhaps")),
                 ERR_INVALID, "collection.reminder.contact");
    struct collection_draft_get_row r =
        draft_by(t, "reminder-draft", STR("as-of=2026-09-20 receipt=yes"));
    confirm(t, &r, "2026-09-25");
    assert_int_equal(reminders_with(t, "contact=never"), 0);
    /* somebody pays one of three before it is printed: the letter lists two */
    const struct liability_account a = account_of(t, payer(t, 0));
    struct receipt_record row[1] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today)};
    (void)take(t, "paid", row, 1);
    run_as(t, &collecting_operator, "post-print", STR("issue-date=2026-09-25"));
    struct late_instalments late;
    TOWN_OK(t,
            late_of_debtor(&t->w, a.liability.debtor_id, day_of("2026-09-20"), LATE_UNPAID, &late));
    int64_t sum = 0;
    for (size_t i = 0; i < late.n; i++)
        sum += late.rows[i].balance.n + late.rows[i].late_due.n;
    const struct collection_post_items_list list = items(t);
    int found = 0;
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].debtor_id == a.liability.debtor_id) {
            assert_int_equal(list.rows[i].yen.n, sum);
            found++;
        }
    }
    assert_int_equal(found, 1);
    /* one slip for everything of the year, with the late charges */
    const struct collection_slip_in_force_in q = {a.liability.liability_id, 0};
    struct collection_slip_in_force_row slip;
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &slip)), 1);
    assert_int_equal(slip.yen.n + slip.late_yen.n, sum);
    const char *said[] = {"催告書兼領収書", "領収証書", "計"};
    must_say(printed_words(t, "reminder", 1), said, 3);
}

/* --- slips
 * -----------------------------------------------------------------------------------------------
 */

static void test_slips(void **state)
{
    struct town *t = *state;
    struct text pdf;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-10-10");
    const struct liability_account a = account_of(t, payer(t, 0));
    struct receipt_record part[1] = {paid_by(&a, 0, 1000, day_of("2026-07-10"))};
    (void)take(t, "part", part, 1);
    struct slip_wanted wanted[2] = {{a.liability.liability_id, a.rows[0].number},
                                    {a.liability.liability_id, a.rows[3].number}};
    struct slips_order order = {.debtor_id = a.liability.debtor_id,
                                .rows = wanted,
                                .n = 2,
                                .limit = day_of("2026-10-20"),
                                .reason = STR("紛失")};
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, slips_reissue(&t->w, &order, &pdf));
    const struct collection_slip_in_force_in q = {a.liability.liability_id, a.rows[0].number};
    struct collection_slip_in_force_row first, second;
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &first)), 1);
    assert_int_equal(first.yen.n, a.rows[0].charged.n - 1000); /* the present balance */
    struct late_instalment x;
    assert_int_equal(TOWN_OK(t, late_of_instalment(&t->w, a.liability.liability_id,
                                                   a.rows[0].number, order.limit, &x)),
                     1);
    assert_int_equal(first.late_yen.n, x.late_due.n); /* up to the last day it may be used */
    text_clear(&pdf);
    TOWN_OK(t, slips_reissue(&t->w, &order, &pdf));
    const char *said[] = {"領収証書", "令和8年10月20日"};
    must_say(words_of(t, text_str(&pdf)), said, 2);
    assert_int_equal(TOWN_OK(t, collection_slip_in_force(&t->w.cx, t->w.store, &q, &second)), 1);
    assert_int_equal(second.issue, first.issue + 1);
    assert_true(second.slip_id != first.slip_id); /* the earlier one is closed */
    /* paid by the first, and once more by the second: the second payment is found */
    struct receipt_record both[2] = {paid_by(&a, 0, second.yen.n, day_of("2026-10-11")),
                                     paid_by(&a, 0, second.yen.n, day_of("2026-10-12"))};
    struct receipt_counts c = take(t, "both", both, 2);
    assert_int_equal(c.posted.n, 1);
    assert_int_equal(c.held.n, 1);
    order.n = 1;
    order.limit = day_of("2026-10-09");
    town_refused(t, slips_reissue(&t->w, &order, &pdf), ERR_INVALID, "collection.slip.limit");
    text_release(&pdf);
}

/* --- certificates
 * ------------------------------------------------------------------------------------------ */

static struct paper_order order_of(int64_t debtor, const char *kind, const char *year_kind,
                                   int year)
{
    return (struct paper_order){.debtor_id = debtor,
                                .kind = str_of(kind),
                                .year_kind = str_of(year_kind),
                                .year = year,
                                .purpose = STR("確定申告"),
                                .receiver = STR("本人"),
                                .fee = YEN(300)};
}

static void test_certificates(void **state)
{
    struct town *t = *state;
    struct text pdf;
    collecting_town(t, 300, 41);
    collecting_on(t, "2027-01-15");
    const struct liability_account a = account_of(t, payer(t, 0));
    const int64_t debtor = a.liability.debtor_id;
    /* received on 31 December and booked later; on 1 January; late charges do not count */
    struct receipt_record rows[3] = {paid_by(&a, 0, a.rows[0].charged.n, day_of("2026-07-10")),
                                     paid_by(&a, 1, a.rows[1].charged.n, day_of("2026-12-31")),
                                     paid_by(&a, 2, a.rows[2].charged.n, day_of("2027-01-01"))};
    rows[0].is_divided = true;
    rows[0].late = YEN(1000);
    rows[1].accounting = day_of("2027-01-05");
    (void)take(t, "year", rows, 3);
    text_init(&pdf, PDF_MOST);
    struct paper_order o = order_of(debtor, "paid", "calendar", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[0].charged.n + a.rows[1].charged.n);
    assert_int_equal(o.issue, 0);
    const char *said[] = {"納付証明書", "確定申告", "令和8年12月31日まで"};
    must_say(words_of(t, text_str(&pdf)), said, 3);
    o = order_of(debtor, "paid", "calendar", 2026); /* once more: marked */
    text_clear(&pdf);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.issue, 1);
    const char *again[] = {"再交付1回目"};
    must_say(words_of(t, text_str(&pdf)), again, 1);
    o = order_of(debtor, "deduction", "calendar", 2027);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[2].charged.n);
    o = order_of(debtor, "paid", "fiscal", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, a.rows[0].charged.n + a.rows[1].charged.n + a.rows[2].charged.n);
    o = order_of(debtor, "tax", "fiscal", 2026);
    town_refused(t, paid_paper(&t->w, &o, &pdf), ERR_INVALID, "collection.paper.levy_kind");
    /* a day whose rates nobody knows: no paper that would name a late charge */
    o = order_of(debtor, "statement", "fiscal", 2026);
    town_refused(t, paid_paper(&t->w, &o, &pdf), ERR_NOT_FOUND, "collection.late.no_rate");
    collecting_on(t, "2026-12-28");
    /* the statement of arrears is what is due on the day, with late charges */
    struct late_instalments late;
    TOWN_OK(t, late_of_debtor(&t->w, debtor, t->w.today, LATE_UNPAID, &late));
    int64_t sum = 0;
    for (size_t i = 0; i < late.n; i++)
        sum += late.rows[i].balance.n + late.rows[i].late_due.n;
    o = order_of(debtor, "statement", "fiscal", 2026);
    text_clear(&pdf);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    assert_int_equal(o.total.n, sum);
    const char *statement[] = {"滞納明細書"};
    must_say(words_of(t, text_str(&pdf)), statement, 1);
    const struct collection_certificates_of_debtor_in in = {debtor};
    struct collection_certificates_of_debtor_list list;
    TOWN_OK(t, collection_certificates_of_debtor(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 5);
    assert_int_equal(list.rows[0].fee_yen.n, 300);
    text_release(&pdf);
}

/* --- addresses, protection
 * ----------------------------------------------------------------------------------- */

/* He moved between the due day and today: both addresses can be shown. */
static void test_due_address(void **state)
{
    struct town *t = *state;
    struct str then, now;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-09-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    const int64_t debtor = a.liability.debtor_id;
    TOWN_OK(t, address_on(&t->w, debtor, day_of("2026-06-30"), &then));
    assert_true(then.n > 0);
    struct feed f = feed_begin(t, "party.address", 0);
    TOWN_OK(t, party_open_address(f.party, f.event_no,
                                  &(struct address_fact){.person_id = debtor,
                                                         .kind = "sending",
                                                         .business = STR("collection"),
                                                         .postal_code = STR("1000001"),
                                                         .prefecture = STR("架空県"),
                                                         .city = STR("となり市"),
                                                         .town = STR("港町"),
                                                         .number = STR("９番"),
                                                         .valid = {day_of("2026-08-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
    TOWN_OK(t, address_on(&t->w, debtor, t->w.today, &now));
    assert_true(memmem(now.p, now.n, "となり市", strlen("となり市")) != NULL);
    struct str still;
    TOWN_OK(t, address_on(&t->w, debtor, day_of("2026-06-30"), &still));
    assert_true(str_equal(then, still));
    struct text pdf;
    text_init(&pdf, PDF_MOST);
    struct paper_order o = order_of(debtor, "statement", "fiscal", 2026);
    TOWN_OK(t, paid_paper(&t->w, &o, &pdf));
    const char *said[] = {"納期限の日の住所", "港町"};
    must_say(words_of(t, text_str(&pdf)), said, 2);
    text_release(&pdf);
}

/* Whom it reaches and whom not is said before a sheet is printed: 燕市 2012, 御代田町 2024. */
static void test_reach(void **state)
{
    struct town *t = *state;
    int64_t yen;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = a.liability.debtor_id,
                                                               .kind = "violence",
                                                               .decision_no = STR("1"),
                                                               .valid = {day_of("2026-07-01"),
                                                                         YMD_NONE}},
                                     NULL));
    feed_end(&f);
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    assert_int_equal(rows_with(t, d.draft_no, DUNNING_PROTECTED), 1);
    /* everybody unpaid stands in it once: with a letter, by hand, or left out */
    int64_t all = 0;
    for (int64_t reason = 0; reason < DUNNING_REASONS; reason++)
        all += rows_with(t, d.draft_no, reason);
    assert_int_equal(all, unpaid_by(t, "2026-06-30", &yen));
    const int64_t posted = rows_with(t, d.draft_no, DUNNING_SENT);
    confirm(t, &d, "2026-07-22");
    run_as(t, &collecting_operator, "post-print", STR("issue-date=2026-07-22"));
    assert_int_equal(counts(t, "dunning").printed, posted); /* exactly those */
    const struct collection_post_items_list list = items(t);
    for (size_t i = 0; i < list.n; i++)
        assert_true(list.rows[i].debtor_id != a.liability.debtor_id);
    assert_int_equal(letters(t, a.liability.debtor_id).n, 1); /* dunned all the same */
}

/* --- waivers
 * ----------------------------------------------------------------------------------------------------
 */

static void test_waiver(void **state)
{
    struct town *t = *state;
    char payload[256];
    struct late_instalment x;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-12-20");
    int64_t id = 0;
    int number = 0;
    for (int nth = 0; nth < 20 && number == 0; nth++) {
        const struct liability_account a = account_of(t, payer(t, nth));
        id = a.liability.liability_id;
        for (size_t i = 0; i < a.n && number == 0; i++) {
            TOWN_OK(t, late_of_instalment(&t->w, id, a.rows[i].number, t->w.today, &x));
            number = x.late_due.n > 0 ? a.rows[i].number : 0;
        }
    }
    assert_true(number > 0);
    const int64_t before = x.late_due.n;
    snprintf(payload, sizeof payload,
             "liability=%lld\nnumber=%d\nground=disaster\nreason=test\nfrom=2026-07-01\n",
             (long long)id, number);
    struct event e = work_event(&t->w, "collection.waiver");
    t->w.actor = &clerk;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    e.entered_by = clerk.user_id;
    assert_int_equal(TOWN_OK(t, work_enter(&t->w, &e, str_copy(t->w.cx.arena, str_of(payload)))),
                     1);
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    TOWN_OK(t, late_of_instalment(&t->w, id, number, t->w.today, &x));
    assert_int_equal(x.late_due.n, before); /* a second person has not looked yet */
    town_refused(t, office_check(&t->w, e.no, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = &collecting_chief;
    TOWN_OK(t, office_check(&t->w, e.no, true, STR("")));
    TOWN_OK(t, late_of_instalment(&t->w, id, number, t->w.today, &x));
    assert_int_equal(x.late_due.n, 0);
    assert_int_equal(x.late.outcome, LATE_WAIVED);
}

/* --- random months
 * ------------------------------------------------------------------------------------------------
 */

static uint64_t roll(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Whatever is paid, drafted and printed when: never two for an instalment, never one for one that
 * is paid when it is printed. */
static void random_months(struct town *t, uint64_t seed)
{
    struct draft levied;
    collecting_town(t, 150, 41);
    TOWN_OK(t, levy_draft_find(&t->w, 0, &levied));
    for (int month = 0; month < 6; month++) { /* the rates of 2027 are not announced */
        const struct ymd day =
            ymd_of(2026 + (month + 6) / 12, (month + 6) % 12 + 1, (int)(roll(&seed) % 28) + 1);
        char text[11], name[32];
        ymd_format(day, text);
        collecting_on(t, text);
        struct receipt_record rows[40];
        size_t n = 0;
        for (int k = 0; k < 40; k++) {
            struct liability_account a;
            const int64_t no = (int64_t)(roll(&seed) % (uint64_t)levied.households) + 1;
            if (collection_by_notice(&t->w, 2026, no, &a) != 1 || a.n == 0)
                continue;
            const size_t at = roll(&seed) % a.n;
            const int64_t all = a.rows[at].balance.n;
            if (all > 0)
                rows[n++] = paid_by(&a, at, roll(&seed) % 3 ? all : (all + 1) / 2, day);
        }
        snprintf(name, sizeof name, "month-%d-%llu", month, (unsigned long long)seed);
        (void)take(t, name, rows, n);
        struct collection_draft_get_row d = draft_on(t, text);
        if (d.letters > 0 && roll(&seed) % 4)
            confirm(t, &d, text);
        if (roll(&seed) % 2)
            run_as(t, &collecting_operator, "post-print",
                   levy_town_options(t, "issue-date=%s", text));
        struct collection_twice_dunned_list twice;
        TOWN_OK(t, collection_twice_dunned(&t->w.cx, t->w.store, &twice));
        assert_int_equal(twice.n, 0);
        struct collection_dunned_paid_list paid;
        TOWN_OK(t, collection_dunned_paid(&t->w.cx, t->w.store, &paid));
        assert_int_equal(paid.n, 0);
    }
}

static void test_random(void **state)
{
    random_months(*state, 20261127);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
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
        TOWN_TESTS("three kinds of documents in runs with counts of their own [PRN-002 IFC-052]",
                   test_three_kinds),
        TOWN_TESTS("no My Number in what is given to a printer [PRN-004]", test_no_my_number),
        TOWN_TESTS(
            "reminders by amount, period, contact, area; sums are balances with late charges "
            "[NHI-COL-017]",
            test_reminders),
        TOWN_TESTS("a slip issued anew: present balance, replaced, paid twice is found "
                   "[NHI-COL-022]",
                   test_slips),
        TOWN_TESTS("certificates sum receipts by the day they were received; statements are the "
                   "balance [NHI-COL-002 NHI-COL-003]",
                   test_certificates),
        TOWN_TESTS("the address on the due day beside a newer one [NHI-COL-027]", test_due_address),
        TOWN_TESTS("museum: whom a run reaches and whom not, before printing [NHI-COL-016 PRN-001]",
                   test_reach),
        TOWN_TESTS("a waiver counts when a second person has checked it [NHI-ARR-004]",
                   test_waiver),
        TOWN_TESTS("random months: never two dunnings, never one for what is paid [NHI-COL-016]",
                   test_random),
        TOWN_TESTS("a bundle of paper is closed by records of return only [DTE-001 DTE-007]",
                   test_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
