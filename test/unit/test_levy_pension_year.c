/* A year of pension deduction through the federation's files, with the other side beside it. */
#include "correcting.h"
#include "pension_town.h"

#include "desk/levy/pension_pages.h"

enum { SEED = 7 };

static void day(struct town *t, int y, int m, int d)
{
    register_town_day(t, ymd_of(y, m, d));
}

/* Judged, decided, asked: the town at the end of July. */
static struct payer_office *until_july(struct town *t, struct text *file)
{
    int64_t n = 0;

    levy_town_fill(t, 1500, 3);
    day(t, 2026, 6, 15);
    struct payer_office *o = pension_town_payer(t, SEED);
    TOWN_OK(t, payer_candidates(o, ymd_of(2026, 6, 14), YMD_NONE, file, &n));
    const int64_t taken = pension_town_take(t, file);
    assert_int_equal(pension_town_figure(t, taken, "records"), n);
    assert_int_equal(pension_town_figure(t, taken, "matched") +
                         pension_town_figure(t, taken, "unmatched"),
                     n);
    assert_true(pension_town_figure(t, taken, "matched") > n * 9 / 10);
    pension_town_levy(t, 2026, "2026-06-15");
    (void)pension_town_run(t, "deduction-yearly", "year=2026 as-of=2026-06-16");
    pension_town_care(t);
    day(t, 2026, 7, 25);
    (void)pension_town_run(t, "deduction-yearly", "year=2026");
    return o;
}

static int64_t decide(struct town *t)
{
    char line[64];
    char today[11];

    ymd_format(t->w.today, today);
    snprintf(line, sizeof line, "year=2026 as-of=%s", today);
    return pension_town_run(t, "pension-plan", line);
}

/* 01 goes out, 02 comes back. */
static int64_t ask(struct town *t, struct payer_office *o, const char *notice, struct text *file,
                   int64_t *accepted)
{
    struct text answer;
    int64_t rejected = 0;
    char line[64], today[11];

    ymd_format(t->w.today, today);
    snprintf(line, sizeof line, "notice=%s as-of=%s", notice, today);
    const int64_t sent = pension_town_run(t, "pension-send", line);
    if (pension_town_figure(t, sent, "records") == 0)
        return 0;
    pension_town_sent(t, file);
    text_init(&answer, 64 << 20);
    TOWN_OK(t,
            payer_take(o, text_str(file), ymd_add(t->w.today, 10), &answer, accepted, &rejected));
    assert_int_equal(*accepted + rejected, pension_town_figure(t, sent, "records"));
    register_town_day(t, ymd_add(t->w.today, 30));
    const int64_t job = pension_town_take(t, &answer);
    assert_int_equal(pension_town_figure(t, job, "accepted"), *accepted);
    assert_int_equal(pension_town_figure(t, job, "rejected"), rejected);
    assert_int_equal(pension_town_figure(t, job, "unknown"), 0);
    text_release(&answer);
    return rejected;
}

/* A payment day, and the odd month after it. */
static int64_t pay(struct town *t, struct payer_office *o, struct ymd paid, struct text *file)
{
    struct yen taken;
    const int year = ymd_fiscal_year(paid);
    const int64_t before = pension_town_received(t, year);

    text_clear(file);
    TOWN_OK(t, payer_pay(o, paid, file, &taken));
    register_town_day(t, ymd_add(paid, 20));
    const int64_t job = pension_town_take(t, file);
    assert_int_equal(pension_town_figure(t, job, "amount1_yen"), taken.n);
    assert_int_equal(pension_town_figure(t, job, "posted_yen"), taken.n);
    assert_int_equal(pension_town_figure(t, job, "unposted_yen"), 0);
    assert_int_equal(pension_town_received(t, year) - before, taken.n);
    (void)pension_town_check(t, year);
    return taken.n;
}

static size_t rejected_open(struct town *t)
{
    struct levy_requests_rejected_list list;
    const struct levy_requests_rejected_in q = {t->w.asof};

    TOWN_OK(t, levy_requests_rejected(&t->w.cx, t->w.store, &q, &list));
    return list.n;
}

/* --- from the judgement to the ledger ------------------------------------------------------------
 */

static void test_slice(void **state)
{
    struct town *t = *state;
    struct text file;
    int64_t accepted = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = until_july(t, &file);
    const int64_t plan = decide(t);
    const int64_t started = pension_town_figure(t, plan, "started");
    assert_true(started > 10);
    assert_true(pension_town_figure(t, plan, "slip") > 0);
    assert_int_equal(pension_town_check(t, 2026), (size_t)started);
    const int64_t again = decide(t); /* nothing new: nothing changes */
    assert_int_equal(pension_town_figure(t, again, "started"), 0);
    const int64_t rejected = ask(t, o, "01", &file, &accepted);
    assert_true(accepted > 5 && rejected > 0);
    assert_int_equal(accepted + rejected, started);
    assert_int_equal(rejected_open(t), (size_t)rejected);
    assert_int_equal(pension_town_check(t, 2026),
                     (size_t)accepted); /* the others pay slips again */
    const int64_t taken = pay(t, o, ymd_of(2026, 10, 15), &file);
    assert_true(taken > 0);
    /* The same file again is refused. */
    town_refused(t, pension_town_give(t, "pension-take", text_str(&file)), ERR_DUPLICATE,
                 "party.import.seen");
    assert_int_equal(pension_town_received(t, 2026), taken);
    text_release(&file);
    payer_close(o);
}

/* --- what stops it
 * --------------------------------------------------------------------------------- */

struct chosen {
    int64_t household_id, debtor_id;
    struct str person_no;
};

/* The n-th debtor who pays from his pension. */
static struct chosen payer_no(struct town *t, int year, size_t n)
{
    const struct levy_method_page_in q = {year, 0, 100000};
    struct levy_method_page_list list;
    struct person p;

    TOWN_OK(t, levy_method_page(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].method != COLLECT_PENSION || n-- > 0)
            continue;
        TOWN_OK(t, party_person(&t->w, list.rows[i].debtor_id, &p));
        return (struct chosen){list.rows[i].household_id, list.rows[i].debtor_id, p.person_no};
    }
    assert_true(!"so many pay from their pension");
    return (struct chosen){0, 0, STR("")};
}

static struct collection_plan plan_now(struct town *t, const struct chosen *c, int year)
{
    struct collection_plan plan;
    assert_int_equal(TOWN_OK(t, plan_of(&t->w, c->household_id, c->debtor_id, year, &plan)), 1);
    return plan;
}

static void lose(struct town *t, const struct chosen *c, struct ymd day_lost)
{
    struct eligibility_batch *b = NULL;
    struct insured_periods periods;
    struct event e = work_event(&t->w, "eligibility.test");
    int64_t row = 0;

    TOWN_OK(t, eligibility_periods(&t->w, c->debtor_id, &periods));
    struct insured_period last = periods.rows[periods.n - 1];
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, eligibility_batch_new(&t->w, &b));
    TOWN_OK(t, eligibility_close(b, ELIGIBILITY_PERIOD, last.row_id, e.no));
    last.lost_by = LOST_EMPLOYER;
    last.lost_cause = last.lost_notified = last.valid.to = day_lost;
    TOWN_OK(t, eligibility_open_period(b, e.no, &last, &row));
    TOWN_OK(t, eligibility_batch_write(&t->w, b));
    eligibility_batch_free(b);
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static void open_account(struct town *t, int64_t person_id)
{
    struct party_batch *b = NULL;
    struct event e = work_event(&t->w, "party.account");
    const struct account_fact a = {.person_id = person_id,
                                   .business = STR("levy"),
                                   .purpose = STR("debit"),
                                   .bank_code = STR("0001"),
                                   .branch_code = STR("001"),
                                   .kind = STR("1"),
                                   .account_no = STR("1234567"),
                                   .holder = STR("ﾈﾝｷﾝ ﾊﾅｺ"),
                                   .source = STR("person"),
                                   .source_day = t->w.today,
                                   .valid = {t->w.today, YMD_NONE}};

    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, party_batch_new(&t->w, &b));
    TOWN_OK(t, party_open_account(b, e.no, &a, NULL));
    TOWN_OK(t, party_batch_write(&t->w, b));
    party_batch_free(b);
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static int wish(struct town *t, const struct chosen *c, const char *action)
{
    struct event e = work_event(&t->w, "levy.pension_wish");
    char today[11];

    ymd_format(t->w.today, today);
    e.person_id = c->debtor_id;
    e.household_id = c->household_id;
    e.source = STR("person");
    e.route = STR("counter");
    return work_enter(&t->w, &e,
                      str_format(t->w.cx.arena, "person_no " STR_FMT "\naction %s\nreceived %s\n",
                                 STR_ARG(c->person_no), action, today));
}

/* More nursing care than before: both together are over half of the pension. */
static void more_care(struct town *t, const struct chosen *c)
{
    int64_t id = 0;
    const struct str path = pension_town_path(t, "care.csv");
    const struct str csv =
        str_format(t->w.cx.arena,
                   "宛名番号,賦課年月,特別徴収額,年金保険者\r\n" STR_FMT ",202610,900000,999\r\n",
                   STR_ARG(c->person_no));

    TOWN_OK(t, file_write(&t->w.cx, path.p, csv));
    TOWN_OK(t,
            job_run(&t->w, "import-care-levy",
                    str_format(t->w.cx.arena, "path=" STR_FMT " force=test", STR_ARG(path)), &id));
}

static int64_t judge_and_decide(struct town *t)
{
    char line[64], today[11];

    ymd_format(t->w.today, today);
    snprintf(line, sizeof line, "year=2026 as-of=%s", today);
    (void)pension_town_run(t, "deduction-yearly", line);
    return decide(t);
}

static int64_t taken_from(struct town *t, const struct chosen *c, int year, size_t *times)
{
    const struct levy_results_of_household_in q = {c->household_id, year};
    struct levy_results_of_household_list list;
    int64_t sum = 0;

    *times = 0;
    TOWN_OK(t, levy_results_of_household(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        *times += list.rows[i].amount_yen.n > 0;
        sum += list.rows[i].amount_yen.n;
    }
    return sum;
}

static void test_stops(void **state)
{
    struct town *t = *state;
    struct text file;
    int64_t accepted = 0;
    size_t times = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = until_july(t, &file);
    (void)decide(t);
    (void)ask(t, o, "01", &file, &accepted);
    (void)pay(t, o, ymd_of(2026, 10, 15), &file);
    struct chosen gone = payer_no(t, 2026, 0), half = payer_no(t, 2026, 1),
                  wishes = payer_no(t, 2026, 2), stays = payer_no(t, 2026, 3);

    day(t, 2026, 11, 9);
    lose(t, &gone, ymd_of(2026, 11, 1));
    more_care(t, &half);
    town_refused(t, wish(t, &wishes, "ask"), ERR_INVALID, "levy.pension.no_account");
    open_account(t, wishes.debtor_id);
    TOWN_OK(t, wish(t, &wishes, "ask"));
    town_refused(t, wish(t, &wishes, "ask"), ERR_DUPLICATE, "levy.pension.wished");
    assert_int_equal(plan_now(t, &wishes, 2026).method, COLLECT_DEBIT);
    assert_int_equal(plan_now(t, &wishes, 2026).reason, METHOD_WISH);

    const int64_t plan = judge_and_decide(t);
    assert_true(pension_town_figure(t, plan, "stopped") >= 2);
    assert_int_equal(plan_now(t, &gone, 2026).reason, DEDUCTION_HEAD_NOT_INSURED);
    assert_int_equal(plan_now(t, &half, 2026).reason, DEDUCTION_HALF);
    assert_true(plan_now(t, &half, 2026).failed >> DEDUCTION_HALF & 1);
    assert_int_equal(plan_now(t, &half, 2026).method, COLLECT_SLIP);
    assert_int_equal(plan_now(t, &stays, 2026).method, COLLECT_PENSION);
    (void)pension_town_check(t, 2026);
    /* December is on its way, February is not taken any more. */
    const struct collection_plan after = plan_now(t, &gone, 2026);
    assert_true(payments_amount(&after.payments, 55).n > 0);
    assert_int_equal(payments_amount(&after.payments, 56).n, 0);

    const int64_t rejected = ask(t, o, "41", &file, &accepted);
    assert_true(accepted >= 3 && rejected == 0);
    (void)pay(t, o, ymd_of(2026, 12, 15), &file);
    (void)pay(t, o, ymd_of(2027, 2, 15), &file);
    assert_true(taken_from(t, &gone, 2026, &times) > 0 && times <= 2);
    (void)taken_from(t, &half, 2026, &times);
    assert_true(times <= 2);
    (void)taken_from(t, &wishes, 2026, &times);
    assert_true(times <= 2);
    /* The wish is taken back: from the next judgement he may be started again. */
    TOWN_OK(t, wish(t, &wishes, "withdraw"));
    town_refused(t, wish(t, &wishes, "withdraw"), ERR_NOT_FOUND, "levy.pension.no_wish");
    /* Behind with what he wished to pay himself: brought back where the city says so. */
    TOWN_OK(t, wish(t, &wishes, "ask"));
    (void)judge_and_decide(t);
    assert_int_equal(plan_now(t, &wishes, 2026).reason, METHOD_WISH);
    TOWN_OK(t, setting_set(&t->w, "pension.back_after_arrears", STR("yes"), STR("test")));
    register_town_day(t, ymd_add(t->w.today, 1));
    (void)judge_and_decide(t);
    assert_int_equal(plan_now(t, &wishes, 2026).reason, METHOD_TOO_LATE);
    town_refused(t, wish(t, &wishes, "withdraw"), ERR_NOT_FOUND, "levy.pension.no_wish");
    text_release(&file);
    payer_close(o);
}

/* --- into the next year
 * ----------------------------------------------------------------------------- */

static void test_next_year(void **state)
{
    struct town *t = *state;
    struct text file;
    struct liability_account a;
    int64_t accepted = 0, n = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = until_july(t, &file);
    (void)decide(t);
    (void)ask(t, o, "01", &file, &accepted);
    (void)pay(t, o, ymd_of(2026, 10, 15), &file);
    (void)pay(t, o, ymd_of(2026, 12, 15), &file);
    (void)pay(t, o, ymd_of(2027, 2, 15), &file);

    day(t, 2027, 3, 10);
    const int64_t job = pension_town_run(t, "pension-provisional", "year=2027 as-of=2027-03-10");
    const int64_t continued = pension_town_figure(t, job, "continued");
    assert_true(continued > 3);
    assert_int_equal(pension_town_check(t, 2027), (size_t)continued);
    struct chosen one = payer_no(t, 2027, 0);
    const struct collection_plan last = plan_now(t, &one, 2026), first = plan_now(t, &one, 2027);
    assert_true(first.is_provisional);
    assert_int_equal(payments_amount(&first.payments, 51).n, payments_amount(&last.payments, 56).n);
    const int64_t april = pay(t, o, ymd_of(2027, 4, 15), &file);
    assert_true(april > 0);

    day(t, 2027, 6, 15);
    text_clear(&file);
    TOWN_OK(t, payer_candidates(o, ymd_of(2027, 6, 14), YMD_NONE, &file, &n));
    (void)pension_town_take(t, &file);
    pension_town_levy(t, 2027, "2027-06-15");
    /* Decided: what was taken provisionally is part of the year, under its own number. */
    const struct collection_plan settled = plan_now(t, &one, 2027);
    assert_false(settled.is_provisional);
    assert_true(str_is(settled.cause, "settled"));
    assert_int_equal(settled.provisional_no, first.notice_no);
    (void)pension_town_check(t, 2027);
    assert_int_equal(pension_town_received(t, 2027), april);
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2027, first.notice_no, &a)), 1);
    assert_int_equal(a.charged.n, 0);
    assert_int_equal(a.received.n, 0);
    assert_int_equal(a.balance.n, 0);
    /* His notice of the year shows the payments from his pension, without slips for them. */
    struct decision decided;
    struct paper *paper;
    struct text pdf;
    text_init(&pdf, 16 << 20);
    assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2027, settled.notice_no, &decided)), 1);
    TOWN_OK(t, office_paper(&t->w, &paper));
    TOWN_OK(t, levy_notice_pdf(&t->w, paper, &decided, &pdf));
    assert_true(pdf.n > 10000);
    text_release(&pdf);
    (void)pay(t, o, ymd_of(2027, 6, 15), &file);
    text_release(&file);
    payer_close(o);
}

/* --- files that are none
 * ------------------------------------------------------------------------------ */

static void test_refused(void **state)
{
    struct town *t = *state;
    struct text file;
    struct pension_records read;
    int64_t n = 0;

    text_init(&file, 64 << 20);
    levy_town_fill(t, 400, 3);
    day(t, 2026, 6, 15);
    struct payer_office *o = pension_town_payer(t, SEED);
    TOWN_OK(t, payer_candidates(o, ymd_of(2026, 6, 14), YMD_NONE, &file, &n));
    assert_true(n > 5);
    /* Cut short. */
    town_refused(t, pension_town_give(t, "pension-take", (struct str){file.p, file.n - 1}),
                 ERR_SYNTAX, "levy.pension.length");
    /* A wrong amount, an unknown reason, a broken name: each by record and field. */
    char *second = file.p + 96 + 2 * 500;
    second[404] = (char)(second[404] == '9' ? '8' : '9');
    second[381] = '9';
    second[75] = ' ';
    TOWN_OK(t, pension_read(&t->w, text_str(&file), &read));
    assert_true(read.n_problems >= 2);
    bool by_name = false, by_total = false;
    for (size_t i = 0; i < read.n_problems; i++) {
        by_name |= read.problems[i].record == 3 &&
                   strcmp(read.problems[i].reason, "exchange.fixed.kanji") == 0;
        by_total |= strcmp(read.problems[i].reason, "levy.pension.total") == 0;
    }
    assert_true(by_name && by_total);
    town_refused(t, pension_town_give(t, "pension-take", text_str(&file)), ERR_INVALID,
                 "levy.pension.refused");
    const struct levy_candidates_unmatched_in q = {2026};
    struct levy_candidates_unmatched_list list;
    TOWN_OK(t, levy_candidates_unmatched(&t->w.cx, t->w.store, &q, &list));
    assert_int_equal(list.n, 0); /* nothing was written */
    /* Requests go out in their window, not before. */
    int64_t job = 0;
    town_refused(t, job_run(&t->w, "pension-send", STR("notice=01"), &job), ERR_INVALID,
                 "levy.pension.window");
    town_refused(t, job_run(&t->w, "pension-send", STR("notice=22"), &job), ERR_INVALID,
                 "levy.pension.notice");
    text_release(&file);
    payer_close(o);
}

/* --- notices and the inquiry
 * -------------------------------------------------------------------------- */

static void test_letters(void **state)
{
    struct town *t = *state;
    struct text file, pdf;
    struct paper *paper;
    int64_t accepted = 0;

    text_init(&file, 64 << 20);
    text_init(&pdf, 8 << 20);
    struct payer_office *o = until_july(t, &file);
    (void)decide(t);
    (void)ask(t, o, "01", &file, &accepted);
    const int64_t seen =
        pension_town_run(t, "pension-letters", "kind=start year=2026 mode=check as-of=2026-09-01");
    const int64_t reached = pension_town_figure(t, seen, "notices");
    assert_int_equal(reached + pension_town_figure(t, seen, "pulled"), accepted);
    const int64_t printed =
        pension_town_run(t, "pension-letters", "kind=start year=2026 as-of=2026-09-01");
    assert_int_equal(pension_town_figure(t, printed, "notices"), reached);
    const int64_t again =
        pension_town_run(t, "pension-letters", "kind=start year=2026 as-of=2026-09-02");
    assert_int_equal(pension_town_figure(t, again, "notices"), 0);
    assert_int_equal(pension_town_figure(t, again, "printed_before"), accepted);
    const int64_t stops =
        pension_town_run(t, "pension-letters", "kind=stop year=2026 as-of=2026-09-02");
    /* Those the payer did not take were never told that they would start. */
    assert_int_equal(pension_town_figure(t, stops, "notices"), 0);
    assert_int_equal(pension_town_figure(t, stops, "pulled"), 0);
    struct chosen wishes = payer_no(t, 2026, 1);
    open_account(t, wishes.debtor_id);
    TOWN_OK(t, wish(t, &wishes, "ask"));
    const int64_t stopped =
        pension_town_run(t, "pension-letters", "kind=stop year=2026 as-of=2026-09-03");
    assert_int_equal(pension_town_figure(t, stopped, "notices") +
                         pension_town_figure(t, stopped, "pulled"),
                     1);
    struct chosen one = payer_no(t, 2026, 0);
    const struct collection_plan plan = plan_now(t, &one, 2026);
    TOWN_OK(t, office_paper(&t->w, &paper));
    TOWN_OK(t, pension_letter_pdf(&t->w, paper, &plan, &pdf));
    assert_true(pdf.n > 10000 && memcmp(pdf.p, "%PDF", 4) == 0);
    text_release(&pdf);
    text_release(&file);
    payer_close(o);
}

/* --- what each pension paid ----------------------------------------------------------------------
 */

/* The results of a debtor are what the ledger received on his pension payments, one by one. */
static void check_results(struct town *t, const struct collection_plan *plan)
{
    const struct levy_results_of_household_in q = {plan->household_id, 2026};
    struct levy_results_of_household_list list;
    struct liability_account a;
    int64_t told[PENSION_LAST + 1] = {0};

    TOWN_OK(t, levy_results_of_household(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].notice_no == plan->notice_no)
            told[list.rows[i].number] += list.rows[i].amount_yen.n;
    }
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2026, plan->notice_no, &a)), 1);
    for (size_t i = 0; i < a.n; i++) {
        if (a.rows[i].number >= PENSION_FIRST && a.rows[i].number <= PENSION_LAST)
            assert_int_equal(a.rows[i].received.n, told[a.rows[i].number]);
    }
}

/* What the pension did not pay is owed by slip or from the account, with a day of its own. */
static bool is_back(struct town *t, const struct collection_plan *plan)
{
    struct liability_account a;
    int64_t ordinary = 0;

    if (plan->method == COLLECT_PENSION || plan->reason != METHOD_FAILED)
        return false;
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2026, plan->notice_no, &a)), 1);
    for (size_t i = 0; i < a.n; i++) {
        const bool is_pension =
            a.rows[i].number >= PENSION_FIRST && a.rows[i].number <= PENSION_LAST;
        assert_true(!is_pension || a.rows[i].balance.n <= 0);
        ordinary += is_pension ? 0 : a.rows[i].balance.n;
    }
    return ordinary > 0;
}

static void test_shortfall(void **state)
{
    static const int months[3][2] = {{2026, 10}, {2026, 12}, {2027, 2}};
    struct town *t = *state;
    struct text file;
    int64_t accepted = 0, not_taken = 0;
    size_t back = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = until_july(t, &file);
    (void)decide(t);
    (void)ask(t, o, "01", &file, &accepted);
    for (int i = 0; i < 3; i++) {
        struct yen taken;
        const struct ymd paid = ymd_of(months[i][0], months[i][1], 15);
        text_clear(&file);
        TOWN_OK(t, payer_pay(o, paid, &file, &taken));
        register_town_day(t, ymd_add(paid, 20));
        not_taken += pension_town_figure(t, pension_town_take(t, &file), "not_taken");
    }
    assert_true(not_taken > 0);
    const struct levy_method_page_in q = {2026, 0, 100000};
    struct levy_method_page_list list;
    TOWN_OK(t, levy_method_page(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        struct collection_plan plan;
        assert_int_equal(TOWN_OK(t, plan_of(&t->w, list.rows[i].household_id,
                                            list.rows[i].debtor_id, 2026, &plan)),
                         1);
        if (plan.payments.n == 0)
            continue;
        check_results(t, &plan);
        back += is_back(t, &plan);
    }
    assert_true(back > 0);
    (void)pension_town_check(t, 2026);
    text_release(&file);
    payer_close(o);
}

/* --- the amount becomes another one -------------------------------------------------------------
 */

/* The n-th who pays from his pension and whose household is not reduced. */
static struct chosen unreduced_payer(struct town *t, size_t n)
{
    for (size_t i = 0; i < 200; i++) {
        const struct chosen c = payer_no(t, 2026, i);
        if (in_force(t, c.household_id, 2026).result.tier == 0 && n-- == 0)
            return c;
    }
    fail_msg("nobody pays from his pension without a reduction");
    return (struct chosen){0, 0, STR("")};
}

static void earns_instead(struct town *t, const struct chosen *c, int64_t yen)
{
    struct feed f = feed_begin(t, "levy.income", 0);
    const struct income in = {.person_id = c->debtor_id,
                              .income_year = 2025,
                              .source = INCOME_OVERRIDE,
                              .business_income = YEN(yen)};
    int64_t written = 0;
    TOWN_OK(t, levy_income_put(&t->w, f.event_no, &in, 1, &written));
    feed_end(&f);
}

/* The decision, the plan and the ledger say the same, in all and by part. */
static struct collection_plan agree(struct town *t, const struct chosen *c)
{
    const struct decision d = in_force(t, c->household_id, 2026);
    const struct collection_plan plan = plan_now(t, c, 2026);
    const struct liability_account a = account_of(t, &d);
    int64_t planned[LEVY_PARTS] = {0}, charged[LEVY_PARTS] = {0};
    assert_int_equal(plan.annual.n, d.result.total.n);
    assert_int_equal(payments_sum(&plan.payments).n, d.result.total.n);
    assert_true(payments_has_parts(&plan.payments, d.result.part));
    assert_int_equal(a.charged.n, d.result.total.n);
    for (size_t i = 0; i < plan.payments.n; i++) {
        for (int k = 0; k < LEVY_PARTS; k++)
            planned[k] += plan.payments.row[i].part[k].n;
    }
    for (size_t i = 0; i < a.n; i++) {
        for (int k = 0; k < LEVY_PARTS; k++)
            charged[k] += a.rows[i].part[k].n;
    }
    assert_memory_equal(planned, charged, sizeof planned);
    return plan;
}

static struct payer_office *paid_in_october(struct town *t, struct text *file)
{
    int64_t accepted = 0;
    struct payer_office *o = until_july(t, file);
    (void)decide(t);
    (void)ask(t, o, "01", file, &accepted);
    (void)pay(t, o, ymd_of(2026, 10, 15), file);
    day(t, 2026, 11, 5);
    return o;
}

/* More: the difference in the ordinary way beside the pension. Less: the pension is stopped, and
 * what is left is asked for in the ordinary way. In bulk, and one of each at the counter. */
static void test_corrected(void **state)
{
    struct town *t = *state;
    struct text file;
    struct chosen up[2], down[2];

    text_init(&file, 64 << 20);
    struct payer_office *o = paid_in_october(t, &file);
    for (size_t i = 0; i < 2; i++) {
        up[i] = unreduced_payer(t, i);
        down[i] = unreduced_payer(t, i + 2);
    }
    for (size_t i = 0; i < 2; i++) {
        const struct collection_plan before_up = plan_now(t, &up[i], 2026),
                                     before_down = plan_now(t, &down[i], 2026);
        earns_instead(t, &up[i], 9000000);
        const int64_t judged = in_force(t, down[i].household_id, 2026).result.judge.n;
        earns_instead(t, &down[i], i == 0 ? 0 : judged - 200000);
        if (i == 0) {
            const struct two_drafts two = correct_year(t, 2026, "2026-11-05");
            assert_int_equal(two.up.households, 1);
            assert_int_equal(two.down.households, 1);
        } else {
            assert_int_equal(correct_now(t, up[i].household_id, 2026, "2026-11-05"), 1);
            assert_int_equal(correct_now(t, down[i].household_id, 2026, "2026-11-05"), 1);
        }
        const struct collection_plan more = agree(t, &up[i]), less = agree(t, &down[i]);
        assert_true(more.annual.n > before_up.annual.n);
        assert_int_equal(more.method, COLLECT_PENSION);
        assert_int_equal(payments_pension_sum(&more.payments).n,
                         payments_pension_sum(&before_up.payments).n);
        assert_true(less.annual.n < before_down.annual.n);
        assert_int_equal(less.method, COLLECT_SLIP);
        assert_int_equal(less.reason, METHOD_REDUCED);
        assert_int_equal(payments_amount(&less.payments, 56).n, 0);
        const struct decision d = in_force(t, down[i].household_id, 2026);
        const struct liability_account a = account_of(t, &d);
        const int64_t kept = payments_amount(&less.payments, 54).n,
                      taken = payments_amount(&before_down.payments, 54).n;
        assert_int_equal(a.received.n, taken);
        assert_int_equal(a.overpaid.n, taken - kept); /* where the year is less than was taken */
        assert_int_equal(kept == taken, i == 1);
    }
    (void)pension_town_check(t, 2026);
    assert_replayed(t, 2026);
    text_release(&file);
    payer_close(o);
}

#define SWAPPED                                                                                    \
    "規則 \"按分の改正\" 根拠 \"条例\" 自治体 保険市\n"                           \
    "定め 均等割\n"                                                                           \
    "  令和8年度から 医療 33_700円 支援 12_100円 介護 18_700円 子ども 1_740円\n"

/* The rates of two parts change against each other: nobody pays more or less, but other parts. */
static void test_other_parts(void **state)
{
    struct town *t = *state;
    struct text file;
    size_t followed = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = paid_in_october(t, &file);
    TOWN_OK(t, office_adopt(&t->w, STR("rules"), STR("municipality/zz-parts.rule"), STR(SWAPPED),
                            STR("test")));
    const struct chosen one = unreduced_payer(t, 0);
    const struct decision before = in_force(t, one.household_id, 2026);
    const struct collection_plan planned = plan_now(t, &one, 2026);
    (void)correct_year(t, 2026, "2026-11-05");
    const struct decision after = in_force(t, one.household_id, 2026);
    assert_int_equal(after.result.total.n, before.result.total.n);
    assert_int_not_equal(after.result.part[PART_MEDICAL].n, before.result.part[PART_MEDICAL].n);
    const struct collection_plan now = plan_now(t, &one, 2026);
    assert_int_equal(now.method, COLLECT_PENSION);
    for (size_t i = 0; i < now.payments.n; i++)
        assert_int_equal(now.payments.row[i].amount.n, planned.payments.row[i].amount.n);
    const struct levy_method_page_in q = {2026, 0, 100000};
    struct levy_method_page_list list;
    TOWN_OK(t, levy_method_page(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].method != COLLECT_PENSION)
            continue;
        (void)agree(t,
                    &(struct chosen){list.rows[i].household_id, list.rows[i].debtor_id, STR("")});
        followed++;
    }
    assert_true(followed > 3);
    (void)pension_town_check(t, 2026);
    assert_replayed(t, 2026);
    text_release(&file);
    payer_close(o);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    pension_town_start();
    correcting_operator = levy_town_actor(ROLE_OPERATOR, 91);
    correcting_chief = levy_town_actor(ROLE_CHIEF, 92);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every result is on its own payment; what a pension did not pay is owed by slip "
                   "[NHI-COL-025 NHI-ASM-029]",
                   test_shortfall),
        TOWN_TESTS(
            "judged, decided, 01 asked, 02 answered, 22 posted to the yen; the same file once "
            "[NHI-ASM-028 NHI-ASM-029 IFC-017 IFC-018]",
            test_slice),
        TOWN_TESTS(
            "a loss, half of the pension with nursing care, a wish for direct debit: stopped, "
            "asked, and nothing more taken [NHI-ASM-028 NHI-ASM-029 NHI-ASM-030 CAR-003]",
            test_stops),
        TOWN_TESTS("provisional payments of the next year become part of it when it is decided "
                   "[NHI-ASM-028 NHI-ASM-029]",
                   test_next_year),
        TOWN_TESTS(
            "a correction of somebody who pays from his pension, up and down, in bulk and at "
            "the counter: ledger, plan and decision agree [NHI-ASM-012 NHI-ASM-013 "
            "NHI-ASM-028]",
            test_corrected),
        TOWN_TESTS("a correction of the parts alone changes the parts of the plan [NHI-ASM-028]",
                   test_other_parts),
        TOWN_TESTS("a file is checked before anything is written; errors by record and field "
                   "[NHI-ASM-029 IFC-017 IFC-018]",
                   test_refused),
        TOWN_TESTS("notices of start and stop, with whom they reach said beforehand [NHI-ASM-028]",
                   test_letters),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
