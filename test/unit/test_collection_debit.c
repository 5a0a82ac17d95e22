/* Direct debit with the banks beside the city: signing up, runs, results, second tries, letters. */
#include "bank_town.h"

#include <sys/stat.h>

/* --- signing up ---------------------------------------------------------------------------------
 */

static struct collection_debits_of_person_row newest(struct town *t, int64_t person_id)
{
    const struct collection_debits_of_person_in q = {person_id};
    struct collection_debits_of_person_list list;

    TOWN_OK(t, collection_debits_of_person(&t->w.cx, t->w.store, &q, &list));
    assert_true(list.n > 0);
    return list.rows[0];
}

static void test_sign_up(void **state)
{
    struct town *t = *state;
    struct bank_town_account a, b;
    int64_t notice = 0;

    collecting_town(t, BANK_TOWN_PEOPLE, 41);
    bank_town_day(t, "2026-06-20");
    struct bank_office *bank = bank_town_open(t, BANK_TOWN_SEED);
    const int64_t one = bank_town_debtor(t, bank, &notice, &a);
    const int64_t two = bank_town_debtor(t, bank, &notice, &b);
    town_refused(t, bank_town_apply(t, one, "new"), ERR_INVALID, "collection.debit.no_account");
    bank_town_register(t, one, "debit", &a);
    town_refused(t, bank_town_apply(t, one, "change"), ERR_NOT_FOUND, "collection.debit.none");
    TOWN_OK(t, bank_town_apply(t, one, "new"));
    town_refused(t, bank_town_apply(t, one, "new"), ERR_DUPLICATE, "collection.debit.waiting");
    /* Another name than the bank has. */
    b.holder = STR("ﾍﾞﾂﾉ ﾋﾄ");
    bank_town_register(t, two, "debit", &b);
    TOWN_OK(t, bank_town_apply(t, two, "new"));
    assert_int_equal(newest(t, one).state, DEBIT_APPLIED);
    const struct bank_town_checked c = bank_town_check(t, bank);
    assert_int_equal(c.accepted, str_is(a.state, "closed") ? 0 : 1);
    assert_int_equal(c.accepted + c.mismatch, 2);
    assert_int_equal(newest(t, one).state, DEBIT_ACCEPTED);
    assert_int_equal(newest(t, two).state, DEBIT_MISMATCH);
    assert_true(str_is(newest(t, two).answer, "2"));
    /* The same answer again finds nobody waiting for it, and changes nothing. */
    int64_t job = 0;
    TOWN_OK(t, bank_town_give(t, "debit-check-take", c.last, &job));
    assert_int_equal(bank_town_figure(t, job, "accepted"), 0);
    assert_true(bank_town_figure(t, job, "unknown") > 0);
    town_refused(t, bank_town_apply(t, one, "new"), ERR_DUPLICATE, "collection.debit.held");
    town_refused(t, bank_town_apply(t, one, "change"), ERR_DUPLICATE, "collection.debit.same");
    TOWN_OK(t, bank_town_apply(t, one, "cancel"));
    assert_int_equal(newest(t, one).state, DEBIT_APPLIED);
    assert_int_equal(bank_town_check(t, bank).accepted, 1);
    assert_int_equal(newest(t, one).state, DEBIT_ENDED);
    town_refused(t, bank_town_apply(t, one, "cancel"), ERR_NOT_FOUND, "collection.debit.none");
    bank_close(bank);
}

/* Another account: the old one stands until the bank has accepted the new one, and the next file
 * says so (新規コード 2). */
static void test_change(void **state)
{
    struct town *t = *state;
    struct bank_town_account a, b;
    struct liability_accounts all;
    int64_t notice = 0, job = 0;
    char due[11], options[64];

    collecting_town(t, BANK_TOWN_PEOPLE, 41);
    bank_town_day(t, "2026-06-20");
    struct bank_office *bank = bank_town_open(t, BANK_TOWN_SEED);
    const int64_t one = bank_town_debtor(t, bank, &notice, &a);
    bank_town_register_for(t, one, "levy", "debit", &a);
    TOWN_OK(t, bank_town_apply(t, one, "new"));
    (void)bank_town_check(t, bank);
    const int64_t first = newest(t, one).debit_no;
    TOWN_OK(t, collection_debtor(&t->w, one, 2026, &all));
    ymd_format(all.rows[0].rows[0].due, due);
    snprintf(options, sizeof options, "due=%s", due);
    bank_town_day(t, due);
    int64_t run = bank_town_draft(t, options, &job);
    TOWN_OK(t, bank_town_confirm(t, run, 1, bank_town_figure(t, job, "total_yen")));
    /* An account of somebody else in the family, of the collection: it comes before that of the
     * levy. */
    do
        (void)bank_town_debtor(t, bank, &notice, &b);
    while (!str_is(b.state, "open") || str_equal(b.account_no, a.account_no));
    bank_town_register(t, one, "debit", &b);
    TOWN_OK(t, bank_town_apply(t, one, "change"));
    const struct collection_debit_by_no_in q = {first};
    struct collection_debit_by_no_row held;
    assert_int_equal(TOWN_OK(t, collection_debit_by_no(&t->w.cx, t->w.store, &q, &held)), 1);
    assert_int_equal(held.state, DEBIT_ACCEPTED); /* until the bank has said yes */
    assert_int_equal(bank_town_check(t, bank).accepted, 1);
    assert_int_equal(TOWN_OK(t, collection_debit_by_no(&t->w.cx, t->w.store, &q, &held)), 1);
    assert_int_equal(held.state, DEBIT_ENDED);
    assert_true(newest(t, one).debit_no != first);
    assert_int_equal(newest(t, one).state, DEBIT_ACCEPTED);
    assert_true(str_equal(newest(t, one).account_no, b.account_no));
    TOWN_OK(t, collection_debtor(&t->w, one, 2026, &all));
    ymd_format(all.rows[0].rows[1].due, due);
    snprintf(options, sizeof options, "due=%s", due);
    run = bank_town_draft(t, options, &job);
    const struct collection_debit_draft_lines_in l = {run};
    struct collection_debit_draft_lines_list lines;
    TOWN_OK(t, collection_debit_draft_lines(&t->w.cx, t->w.store, &l, &lines));
    assert_int_equal(lines.n, 1);
    assert_true(str_is(lines.rows[0].new_code, "2"));
    assert_true(str_equal(lines.rows[0].account_no, b.account_no));
    /* Ended by the city: nobody is asked for any more. */
    TOWN_OK(t, bank_town_enter(t, "collection.debit_end", one,
                               str_format(t->w.cx.arena, "debit %lld\nreason died\n",
                                          (long long)newest(t, one).debit_no)));
    town_refused(t, bank_town_confirm(t, run, 1, lines.rows[0].yen.n), ERR_STALE,
                 "collection.debit.moved");
    (void)bank_town_draft(t, options, &job);
    assert_int_equal(bank_town_figure(t, job, "requests"), 0);
    bank_close(bank);
}

/* --- a run --------------------------------------------------------------------------------------
 */

struct ran {
    int64_t run, requests, total;
    int64_t done, failed, done_yen, failed_yen, no_funds;
};

/* Drafted, looked at, confirmed, carried out, results taken. */
static struct ran run_all(struct town *t, struct bank_office *b, const char *options,
                          struct str *last)
{
    struct ran r = {.run = 0};
    int64_t job = 0;

    r.run = bank_town_draft(t, options, &job);
    r.requests = bank_town_figure(t, job, "requests");
    r.total = bank_town_figure(t, job, "total_yen");
    TOWN_OK(t, bank_town_confirm(t, r.run, r.requests, r.total));
    const struct collection_debit_files_of_run_list files = bank_town_files(t, r.run);
    int64_t sum = 0, records = 0;
    for (size_t i = 0; i < files.n; i++) {
        struct bank_counts n;
        const struct str bytes = bank_town_read(t, "debit", files.rows[i].file_name);
        const struct str answer = bank_town_answer(t, b, bank_debit, bytes, &n);
        assert_int_equal(n.good + n.bad, files.rows[i].records);
        assert_int_equal(n.good_yen.n + n.bad_yen.n, files.rows[i].total_yen.n);
        sum += files.rows[i].total_yen.n;
        records += files.rows[i].records;
        const int64_t before = bank_town_received(t);
        TOWN_OK(t, bank_town_give(t, "debit-result", answer, &job));
        assert_int_equal(bank_town_figure(t, job, "done"), n.good);
        assert_int_equal(bank_town_figure(t, job, "posted_yen"), n.good_yen.n);
        assert_int_equal(bank_town_received(t) - before, n.good_yen.n);
        r.done += n.good;
        r.failed += n.bad;
        r.done_yen += n.good_yen.n;
        r.failed_yen += n.bad_yen.n;
        r.no_funds += bank_town_figure(t, job, "no_funds");
        if (last)
            *last = answer;
    }
    assert_int_equal(sum, r.total);
    assert_int_equal(records, r.requests);
    return r;
}

/* What the ledger says is due of those who are signed up. */
static int64_t due_of_signed(struct town *t, const struct bank_town_signed *s, int64_t *n)
{
    struct liability_accounts all;
    int64_t yen = 0;

    *n = 0;
    for (size_t i = 0; i < BANK_TOWN_SIGNED; i++) {
        struct collection_debits_of_person_row d = newest(t, s->ids[i]);
        if (d.state != DEBIT_ACCEPTED)
            continue;
        TOWN_OK(t, collection_debtor(&t->w, s->ids[i], 2026, &all));
        for (size_t k = 0; k < all.n; k++) {
            for (size_t m = 0; m < all.rows[k].n; m++) {
                const struct instalment_balance *x = &all.rows[k].rows[m];
                if (x->number < 51 && x->balance.n > 0 && x->due.day == d.first_due_ymd.day) {
                    yen += x->balance.n;
                    *n += 1;
                }
            }
        }
    }
    return yen;
}

/* Not by who made it, not on other totals, not after the ledger has moved, not once dropped. */
static void refuse_confirming(struct town *t, const struct bank_town_signed *s, int64_t run,
                              int64_t n, int64_t yen)
{
    const struct actor *before = t->w.actor;
    struct actor both = collecting_chief;
    struct liability_accounts all;
    int64_t id = 0;

    both.user_id = collecting_operator.user_id;
    t->w.actor = &both;
    town_refused(t,
                 job_run(&t->w, "debit-confirm",
                         levy_town_options(t, "run=%lld requests=%lld total=%lld", (long long)run,
                                           (long long)n, (long long)yen),
                         &id),
                 ERR_DENIED, "levy.confirm.same_person");
    t->w.actor = before;
    town_refused(t, bank_town_confirm(t, run, n, yen + 1), ERR_INVALID, "collection.debit.totals");
    TOWN_OK(t, collection_debtor(&t->w, s->ids[0], 2026, &all));
    struct receipt_record paid = paid_by(&all.rows[0], 0, 100, t->w.today);
    (void)take(t, "counter", &paid, 1);
    town_refused(t, bank_town_confirm(t, run, n, yen), ERR_STALE, "collection.debit.moved");
    t->w.actor = &collecting_operator;
    (void)bank_town_run(t, "debit-drop", levy_town_options(t, "run=%lld", (long long)run).p);
    t->w.actor = before;
    town_refused(t, bank_town_confirm(t, run, n, yen), ERR_STALE, "collection.debit.not_draft");
}

static void test_run(void **state)
{
    struct town *t = *state;
    int64_t job = 0, n = 0;
    struct str answer = STR_NONE;
    char options[64];

    struct bank_town_signed s = bank_town_signed_up(t);
    snprintf(options, sizeof options, "due=%s", s.due);
    /* A draft asks for what is due of those who are signed up, and nothing else. */
    int64_t run = bank_town_draft(t, options, &job);
    const int64_t yen = due_of_signed(t, &s, &n);
    assert_int_equal(bank_town_figure(t, job, "requests"), n);
    assert_int_equal(bank_town_figure(t, job, "total_yen"), yen);
    assert_true(n > BANK_TOWN_SIGNED / 2);
    refuse_confirming(t, &s, run, n, yen);
    /* The whole way. */
    bank_town_day(t, s.due);
    const struct ran r = run_all(t, s.bank, options, &answer);
    assert_int_equal(r.requests, n);
    assert_int_equal(r.total, yen - 100);
    assert_int_equal(r.done + r.failed, n);
    assert_true(r.done > 0 && r.no_funds > 0);
    /* The same results again. */
    const int64_t received = bank_town_received(t);
    town_refused(t, bank_town_give(t, "debit-result", answer, NULL), ERR_DUPLICATE,
                 "collection.debit.answered");
    assert_int_equal(bank_town_received(t), received);
    /* An instalment is asked for once. */
    run = bank_town_draft(t, options, &job);
    assert_int_equal(bank_town_figure(t, job, "requests"), 0);
    /* Codes of a first debit, then none. */
    const struct collection_debit_history_in h = {s.ids[0], 10};
    struct collection_debit_history_list list;
    TOWN_OK(t, collection_debit_history(&t->w.cx, t->w.store, &h, &list));
    assert_int_equal(list.n, 1);
    bank_close(s.bank);
}

/* A first debit says 1, the next 0; a file whose totals were tampered with is refused. */
static void test_codes(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    const struct zengin_row *row = NULL;

    struct bank_town_signed s = bank_town_signed_up(t);
    struct bank_office *b = s.bank;
    for (int round = 0; round < 2; round++) {
        struct zengin_format f;
        struct zengin_medium m;
        char options[64];
        bank_town_due(t, &s, (size_t)round);
        snprintf(options, sizeof options, "due=%s", s.due);
        const int64_t run = bank_town_draft(t, options, &job);
        TOWN_OK(t, bank_town_confirm(t, run, bank_town_figure(t, job, "requests"),
                                     bank_town_figure(t, job, "total_yen")));
        const struct collection_debit_files_of_run_list files = bank_town_files(t, run);
        assert_true(files.n > 1); /* one for each bank */
        TOWN_OK(t, format_zengin(&t->w, ZENGIN_DEBIT, &f));
        for (size_t i = 0; i < files.n; i++) {
            const struct str bytes = bank_town_read(t, "debit", files.rows[i].file_name);
            TOWN_OK(t, zengin_read(&t->w.cx, t->w.cx.arena, &f, ZENGIN_REQUEST, bytes, &m));
            assert_int_equal(m.records.problems.all, 0);
            assert_int_equal(m.files[0].total.n, files.rows[i].total_yen.n);
            assert_true(str_equal(m.files[0].header.bank, files.rows[i].bank_code));
            for (size_t k = 0; k < m.files[0].n; k++) {
                row = &m.files[0].rows[k];
                assert_int_equal(row->new_code, round == 0 ? '1' : '0');
                assert_true(str_equal(row->bank, files.rows[i].bank_code));
                assert_true(mod10_is_valid(row->customer));
                assert_true(row->bank_name.n > 0);
            }
            char *wrong = str_c(t->w.cx.arena, bytes);
            wrong[bytes.n - 2 * 122 + 18] = wrong[bytes.n - 2 * 122 + 18] == '1' ? '2' : '1';
            town_refused(t, bank_town_give(t, "debit-result", (struct str){wrong, bytes.n}, NULL),
                         ERR_INVALID, "collection.format.refused");
        }
    }
    bank_close(b);
}

/* A city's own table: one bank has a contractor of its own for the fee, all others are gathered. */
static void test_contractors(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    char options[64];

    struct bank_town_signed s = bank_town_signed_up(t);
    struct bank_office *b = s.bank;
    const char *city = office_city_path(t->w.office);
    const struct str folder = str_format(t->w.cx.arena, "%s/formats", city),
                     path = str_format(t->w.cx.arena, "%s/formats/debit_contractors.tsv", city);
    assert_int_equal(mkdir(folder.p, 0700), 0);
    TOWN_OK(t, file_write(&t->w.cx, path.p,
                          STR("debit\t0001\tnhi_fee\t1111111111\tﾎｹﾝｼ\t-\t001\t1\t1111111\tﾎｹﾝｶ\n"
                              "debit\t*\t*\t2222222222\tﾎｹﾝｼ\t0005\t001\t1\t2222222\tﾎｹﾝｶ\n")));
    snprintf(options, sizeof options, "due=%s", s.due);
    const int64_t run = bank_town_draft(t, options, &job);
    const int64_t total = bank_town_figure(t, job, "total_yen");
    TOWN_OK(t, bank_town_confirm(t, run, bank_town_figure(t, job, "requests"), total));
    const struct collection_debit_files_of_run_list files = bank_town_files(t, run);
    assert_int_equal(files.n, 2);
    assert_true(str_is(files.rows[0].contractor, "1111111111"));
    assert_true(str_is(files.rows[0].bank_code, "0001"));
    assert_true(str_is(files.rows[0].subject, "nhi_fee"));
    assert_true(str_is(files.rows[1].contractor, "2222222222"));
    assert_true(str_is(files.rows[1].bank_code, "0005"));
    assert_int_equal(files.rows[0].total_yen.n + files.rows[1].total_yen.n, total);
    /* A bank that no line is for. */
    TOWN_OK(t, file_write(&t->w.cx, path.p,
                          STR("debit\t0001\t*\t1111111111\tﾎｹﾝｼ\t-\t001\t1\t1111111\tﾎｹﾝｶ\n")));
    bank_town_due(t, &s, 1);
    snprintf(options, sizeof options, "due=%s", s.due);
    t->w.actor = &collecting_operator;
    town_refused(t, job_run(&t->w, "debit-draft", str_of(options), &job), ERR_NOT_FOUND,
                 "collection.debit.contractors");
    bank_close(b);
}

/* --- the second try -----------------------------------------------------------------------------
 */

static void test_again(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    char options[64];

    struct bank_town_signed s = bank_town_signed_up(t);
    struct bank_office *b = s.bank;
    snprintf(options, sizeof options, "due=%s", s.due);
    bank_town_day(t, s.due);
    const struct ran first = run_all(t, b, options, NULL);
    assert_true(first.no_funds > 0);
    TOWN_OK(t, bank_live(b)); /* wages come in */
    bank_town_day(t, "2026-07-20");
    /* One of those pays at the counter in the meantime: he is not asked again. */
    const struct collection_debit_failures_in q = {first.run};
    struct collection_debit_failures_list failed;
    TOWN_OK(t, collection_debit_failures(&t->w.cx, t->w.store, &q, &failed));
    int64_t expected = 0, expected_yen = 0;
    bool has_paid = false;
    for (size_t i = 0; i < failed.n; i++) {
        if (!str_is(failed.rows[i].result, "1"))
            continue;
        if (!has_paid && first.no_funds > 1) {
            const struct liability_account a = account_of(t, failed.rows[i].notice_no);
            struct receipt_record paid = paid_by(&a, 0, failed.rows[i].yen.n, t->w.today);
            (void)take(t, "meantime", &paid, 1);
            has_paid = true;
            continue;
        }
        expected++;
        expected_yen += failed.rows[i].balance_yen.n;
    }
    snprintf(options, sizeof options, "of=%lld debit-day=2026-07-27", (long long)first.run);
    const struct ran again = run_all(t, b, options, NULL);
    assert_int_equal(again.requests, expected);
    assert_int_equal(again.total, expected_yen);
    assert_true(again.done > 0);
    /* A second try of a second try, and a second second try, are none. */
    snprintf(options, sizeof options, "of=%lld debit-day=2026-08-03", (long long)again.run);
    t->w.actor = &collecting_operator;
    town_refused(t, job_run(&t->w, "debit-draft", str_of(options), &job), ERR_INVALID,
                 "collection.debit.of_run");
    snprintf(options, sizeof options, "of=%lld debit-day=2026-08-03", (long long)first.run);
    TOWN_OK(t, job_run(&t->w, "debit-draft", str_of(options), &job));
    assert_int_equal(bank_town_figure(t, job, "requests"), 0);
    bank_close(b);
}

/* --- killed -------------------------------------------------------------------------------------
 */

static void test_killed(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    struct bank_counts n;
    char options[64];

    struct bank_town_signed s = bank_town_signed_up(t);
    struct bank_office *b = s.bank;
    snprintf(options, sizeof options, "due=%s", s.due);
    bank_town_day(t, s.due);
    const int64_t run = bank_town_draft(t, options, &job);
    const int64_t requests = bank_town_figure(t, job, "requests"),
                  total = bank_town_figure(t, job, "total_yen");
    assert_true(fault_arm("collection.debit.confirmed:1"));
    assert_int_equal(bank_town_confirm(t, run, requests, total), ERR_FAULT);
    error_clear(&t->w.cx);
    assert_int_equal(bank_town_files(t, run).n, 0);
    TOWN_OK(t, bank_town_confirm(t, run, requests, total));
    const struct collection_debit_files_of_run_list files = bank_town_files(t, run);
    const struct str bytes = bank_town_read(t, "debit", files.rows[0].file_name);
    const struct str answer = bank_town_answer(t, b, bank_debit, bytes, &n);
    const int64_t before = bank_town_received(t);
    assert_true(fault_arm("collection.debit.result:1"));
    assert_int_equal(bank_town_give(t, "debit-result", answer, NULL), ERR_FAULT);
    error_clear(&t->w.cx);
    assert_int_equal(bank_town_received(t), before);
    TOWN_OK(t, bank_town_give(t, "debit-result", answer, &job));
    assert_int_equal(bank_town_received(t) - before, n.good_yen.n);
    town_refused(t, bank_town_give(t, "debit-result", answer, NULL), ERR_DUPLICATE,
                 "collection.debit.answered");
    assert_int_equal(bank_town_received(t) - before, n.good_yen.n);
    bank_close(b);
}

/* --- letters ------------------------------------------------------------------------------------
 */

static bool is_pdf(struct town *t, const char *name)
{
    return str_starts(bank_town_read(t, "debit", str_of(name)), STR("%PDF"));
}

static void test_letters(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    char line[96], name[64];

    struct bank_town_signed s = bank_town_signed_up(t);
    struct bank_office *b = s.bank;
    snprintf(line, sizeof line, "due=%s", s.due);
    bank_town_day(t, s.due);
    const struct ran r = run_all(t, b, line, NULL);
    bank_town_day(t, "2026-07-10");
    snprintf(line, sizeof line, "run=%lld limit=2026-07-31 again=2026-07-27", (long long)r.run);
    job = bank_town_run(t, "debit-letters", line);
    assert_int_equal(bank_town_figure(t, job, "notices") + bank_town_figure(t, job, "pulled"),
                     r.failed);
    assert_int_equal(bank_town_figure(t, job, "slips"), r.failed);
    snprintf(name, sizeof name, "debit-failed-%lld.pdf", (long long)r.run);
    assert_true(is_pdf(t, name));
    job = bank_town_run(t, "debit-letters", line); /* who was written to is not written to again */
    assert_int_equal(bank_town_figure(t, job, "notices"), 0);
    assert_int_equal(bank_town_figure(t, job, "printed_before"), r.failed);
    /* A year later: one line for each debit that succeeded, and only those. */
    bank_town_day(t, "2027-01-15");
    job = bank_town_run(t, "debit-done-notices", "year=2026");
    assert_int_equal(bank_town_figure(t, job, "total_yen"), r.done_yen);
    assert_int_equal(bank_town_figure(t, job, "notices") + bank_town_figure(t, job, "pulled"),
                     r.done);
    assert_true(is_pdf(t, "debit-done-2026.pdf"));
    job = bank_town_run(t, "debit-done-notices", "year=2025");
    assert_int_equal(bank_town_figure(t, job, "notices"), 0);
    bank_close(b);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    bank_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("signing up: accepted, another name, twice, cancelled [BNK-004]", test_sign_up),
        TOWN_TESTS(
            "another account: the old one stands until the new one is accepted, then the file "
            "says so; ended by the city [BNK-004 NHI-COL-013]",
            test_change),
        TOWN_TESTS(
            "a run asks for what the ledger says is s.due, is confirmed by another person, and "
            "its results are posted to the yen, once [NHI-COL-013 BNK-001 IFC-047]",
            test_run),
        TOWN_TESTS("files by bank with first-debit codes; wrong totals are refused [NHI-COL-013]",
                   test_codes),
        TOWN_TESTS("by contractor and subject as a city's own table says, gathered at one bank "
                   "[NHI-COL-013]",
                   test_contractors),
        TOWN_TESTS("a second try asks those who lacked funds and still owe, once "
                   "[NHI-COL-014 BNK-001 IFC-047]",
                   test_again),
        TOWN_TESTS("killed while confirming and while taking results: nothing twice [NHI-COL-013]",
                   test_killed),
        TOWN_TESTS("notices of failure with slips, and of the year's debits [NHI-COL-004]",
                   test_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
