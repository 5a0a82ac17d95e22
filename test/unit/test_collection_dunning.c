/*
 * Dunning from draft to post: everybody in arrears once, nobody who has paid, with the reason why
 * not; the amount on the letter is the balance of the day; withdrawn, posted, returned.
 */
#include "dunning_town.h"

#include "desk/collection/counter.h"
#include "desk/collection/post.h"
#include "read_pdf.h"

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
    town_refused(t, try_as(t, &drafting_clerk, "dunning-confirm", confirming(t, &d, "2026-07-22")),
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
    drafting_clerk = levy_town_actor(ROLE_CHIEF, 92); /* the chief drafts */
    struct collection_draft_get_row d = draft_on(t, "2026-07-20");
    town_refused(t,
                 try_as(t, &collecting_chief, "dunning-confirm", confirming(t, &d, "2026-07-22")),
                 ERR_DENIED, "levy.confirm.same_person");
    drafting_clerk = levy_town_actor(ROLE_CLERK, 93);
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
    town_refused(t,
                 try_as(t, &drafting_clerk, "reminder-draft",
                        STR("as-of=2026-09-20 contact=perhaps")),
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
    dunning_town_start();
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
        TOWN_TESTS("random months: never two dunnings, never one for what is paid [NHI-COL-016]",
                   test_random),
        TOWN_TESTS("a bundle of paper is closed by records of return only [DTE-001 DTE-007]",
                   test_paper),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
