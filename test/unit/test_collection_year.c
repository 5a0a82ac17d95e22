/* A year of the ledger: closed at the end of May with every yen accounted for; runs that are killed
 * lose and repeat nothing; random months keep every invariant. */
#include "collecting.h"

#include "collection_sql.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- closing ------------------------------------------------------------------------------------
 */

static int carry(struct town *t, const struct actor *who, const char *kind, struct str options,
                 int64_t *job)
{
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    int rc = job_run(&t->w, kind, options, job);
    t->w.actor = before;
    return rc;
}

static struct collection_closings_row newest_closing(struct town *t)
{
    struct collection_closings_list list;
    TOWN_OK(t, collection_closings(&t->w.cx, t->w.store, &list));
    assert_true(list.n > 0);
    return list.rows[0];
}

static int64_t booked(struct town *t, int year, enum account account)
{
    const struct collection_booked_sums_in q = {year};
    struct collection_booked_sums_list list;
    TOWN_OK(t, collection_booked_sums(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].account == (int64_t)account)
            return list.rows[i].yen.n;
    }
    return 0;
}

/* Every third instalment is paid, every third with a little less, the rest not. */
static void some_payments(struct town *t)
{
    struct receipt_record *rows = calloc(6000, sizeof *rows);
    size_t n = 0;
    for (int64_t no = 1; no < 2000; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) != 1)
            continue;
        for (size_t i = 0; i < a.n && n < 6000; i++) {
            if (a.rows[i].charged.n > 100 && (no + (int64_t)i) % 3 != 0)
                rows[n++] = paid_by(&a, i, a.rows[i].charged.n - ((no + (int64_t)i) % 3 - 1) * 100,
                                    a.rows[i].due);
        }
    }
    (void)take(t, "year", rows, n);
    free(rows);
}

static void test_carry_over(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    collecting_town(t, 300, 41);
    some_payments(t);
    town_refused(t,
                 carry(t, &collecting_operator, "carry-draft", STR("year=2026 as-of=2027-05-30"),
                       &job),
                 ERR_INVALID, "collection.closing.early");
    TOWN_OK(t,
            carry(t, &collecting_operator, "carry-draft", STR("year=2026 as-of=2027-05-31"), &job));
    const struct collection_closings_row c = newest_closing(t);
    struct ledger_totals before;
    struct ledger_totals after;
    TOWN_OK(t, collection_totals(&t->w, 2026, &before));
    assert_true(c.carried_yen.n > 0);
    assert_int_equal(c.carried_yen.n, before.account[ACCOUNT_DUE].n);
    assert_int_equal(c.carried_yen.n, booked(t, 2026, ACCOUNT_DUE));
    const struct str options =
        levy_town_options(t, "closing=%lld debtors=%lld yen=%lld", (long long)c.closing_no,
                          (long long)c.debtors, (long long)c.carried_yen.n);
    /* Not by whoever drafted it, not with other totals. */
    const struct actor drafter = levy_town_actor(ROLE_CHIEF, collecting_operator.user_id);
    town_refused(t, carry(t, &drafter, "carry-confirm", options, &job), ERR_DENIED,
                 "collection.closing.same_person");
    town_refused(t,
                 carry(t, &collecting_chief, "carry-confirm",
                       levy_town_options(t, "closing=%lld debtors=%lld yen=%lld",
                                         (long long)c.closing_no, (long long)c.debtors,
                                         (long long)c.carried_yen.n + 1),
                       &job),
                 ERR_INVALID, "collection.closing.totals");
    TOWN_OK(t, carry(t, &collecting_chief, "carry-confirm", options, &job));
    /* Nobody owes another yen; the books of the year are empty, those of the next hold it all. */
    TOWN_OK(t, collection_totals(&t->w, 2026, &after));
    assert_int_equal(after.account[ACCOUNT_DUE].n, before.account[ACCOUNT_DUE].n);
    assert_int_equal(after.account[ACCOUNT_CARRIED].n, 0);
    assert_int_equal(booked(t, 2026, ACCOUNT_DUE), 0);
    assert_int_equal(booked(t, 2027, ACCOUNT_DUE), c.carried_yen.n);
    assert_int_equal(booked(t, 2026, ACCOUNT_CARRIED), c.carried_yen.n);
    assert_int_equal(booked(t, 2026, ACCOUNT_LEVIED) + booked(t, 2026, ACCOUNT_RECEIVED) +
                         booked(t, 2026, ACCOUNT_CARRIED),
                     0);
    /* Once. */
    town_refused(t,
                 carry(t, &collecting_operator, "carry-draft", STR("year=2026 as-of=2027-06-01"),
                       &job),
                 ERR_DUPLICATE, "collection.closing.done");
    /* What is paid later is income of the next year. */
    const int64_t no = payer(t, 0);
    const struct liability_account a = account_of(t, no);
    for (size_t i = 0; i < a.n; i++) {
        if (a.rows[i].balance.n > 0) {
            struct receipt_record r = paid_by(&a, i, a.rows[i].balance.n, ymd_of(2027, 6, 10));
            (void)take(t, "later", &r, 1);
            assert_int_equal(booked(t, 2027, ACCOUNT_RECEIVED), r.yen.n);
            break;
        }
    }
}

/* --- April and May -------------------------------------------------------------------------------
 */

/* Whoever posts, in April an entry stands in the books of its debt; in June in those of the day. */
static void test_settling(void **state)
{
    static const struct {
        int year, month;
        int booked;
    } days[] = {{2027, 3, 2026}, {2027, 4, 2026}, {2027, 5, 2026}, {2027, 6, 2027}};
    struct town *t = *state;
    collecting_town(t, 300, 41);
    const struct liability_account a = account_of(t, payer(t, 0));
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        const struct yen part[LEVY_PARTS] = {YEN(100)};
        struct posting lines[2] = {
            {.number = a.rows[0].number, .account = ACCOUNT_DUE, .yen = YEN(-100)},
            {.number = a.rows[0].number, .account = ACCOUNT_RECEIVED, .yen = YEN(100)}};
        lines[0].part[0] = YEN(-100);
        lines[1].part[0] = part[0];
        const struct entry e = {.kind = STR("pension"),
                                .liability_id = a.liability.liability_id,
                                .accounting = ymd_of(days[i].year, days[i].month, 20),
                                .value = ymd_of(days[i].year, days[i].month, 15),
                                .postings = lines,
                                .n = 2};
        const int64_t before = booked(t, days[i].booked, ACCOUNT_RECEIVED);
        struct event event = work_event(&t->w, "collection.test");
        TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
        TOWN_OK(t, event_open(&t->w.cx, t->w.store, &event));
        TOWN_OK(t, ledger_post(&t->w, event.no, &e, 1));
        TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
        assert_int_equal(booked(t, days[i].booked, ACCOUNT_RECEIVED), before + 100);
    }
}

/* --- cleaning ------------------------------------------------------------------------------------
 */

static void test_clean(void **state)
{
    struct town *t = *state;
    struct receipt_record rows[64];
    size_t n = 0;
    int64_t job = 0;
    struct ledger_totals totals;
    collecting_town(t, 300, 41);
    const int64_t paid = payer(t, 0);
    const int64_t owing = payer(t, 1);
    const struct liability_account a = account_of(t, paid);
    const struct liability_account b = account_of(t, owing);
    for (size_t i = 0; i < a.n; i++)
        rows[n++] = paid_by(&a, i, a.rows[i].charged.n, a.rows[i].due);
    for (size_t i = 0; i + 1 < b.n; i++)
        rows[n++] = paid_by(&b, i, b.rows[i].charged.n, b.rows[i].due);
    (void)take(t, "paid", rows, n);
    /* March 2027 is the last transaction: kept to the end of the seventh year after. */
    TOWN_OK(t, carry(t, &collecting_chief, "collection-clean", STR("as-of=2034-03-31"), &job));
    assert_int_equal(account_of(t, paid).received.n, a.charged.n);
    TOWN_OK(t, carry(t, &collecting_chief, "collection-clean", STR("as-of=2035-04-01 only-count=1"),
                     &job));
    assert_int_equal(account_of(t, paid).received.n, a.charged.n);
    TOWN_OK(t, carry(t, &collecting_chief, "collection-clean", STR("as-of=2035-04-01"), &job));
    /* What was paid up is gone, what is owed is all there, and so is the count. */
    struct liability_account gone;
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2026, paid, &gone)), 0);
    assert_int_equal(account_of(t, owing).balance.n, b.rows[b.n - 1].charged.n);
    assert_int_equal(account_of(t, owing).n, b.n);
    TOWN_OK(t, collection_totals(&t->w, 2026, &totals));
    assert_int_equal(totals.account[ACCOUNT_RECEIVED].n, b.charged.n - b.rows[b.n - 1].charged.n);
    const struct collection_clean_candidates_in q = {0, ymd_of(2028, 4, 1), 100};
    struct collection_clean_candidates_list left;
    TOWN_OK(t, collection_clean_candidates(&t->w.cx, t->w.store, &q, &left));
    assert_int_equal(left.n, 0);
}

/* --- killed on the way --------------------------------------------------------------------------
 */

static const char *file_path(struct town *t)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/receipts.csv", t->path);
    return path;
}

/* 3,000 lines, so that a file has more than one piece. */
static void write_csv(struct town *t)
{
    FILE *f = fopen(file_path(t), "w");
    size_t n = 0;
    assert_non_null(f);
    fputs("収納方法,相当年度,通知書番号,期,収納額,領収日,収納日\r\n", f);
    for (int64_t no = 1; no < 4000 && n < 3000; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) != 1)
            continue;
        for (size_t i = 0; i < a.n; i++, n++)
            fprintf(f, "40,2026,%010lld,%02d,%lld,2026-07-10,2026-07-11\r\n", (long long)no,
                    a.rows[i].number, (long long)a.rows[i].charged.n);
    }
    assert_true(n > 2000);
    assert_int_equal(fclose(f), 0);
}

static int receive(struct town *t)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = &collecting_operator;
    int rc = job_run(&t->w, "receive", levy_town_options(t, "path=%s", file_path(t)), &job);
    t->w.actor = before;
    return rc;
}

static void run_and_kill(struct town *t, const char *fault, unsigned after_us)
{
    work_close(&t->w);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if ((fault && !fault_arm(fault)) || work_open(&t->w, &t->cx, t->path, STORE_WRITE) < 0)
            _exit(2);
        collecting_on(t, "2026-07-12");
        (void)receive(t);
        _exit(0);
    }
    if (!fault) {
        usleep(after_us);
        kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    collecting_on(t, "2026-07-12");
}

static int64_t rows_of_file(struct town *t)
{
    const struct collection_receipt_files_newest_in q = {5};
    struct collection_receipt_files_newest_list list;
    TOWN_OK(t, collection_receipt_files_newest(&t->w.cx, t->w.store, &q, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.rows[0].posted + list.rows[0].held, list.rows[0].records);
    return list.rows[0].posted;
}

static void test_killed(void **state)
{
    struct town *t = *state;
    struct town *calm = town_new(t->store->engine, false);
    struct digest torn;
    struct digest whole;
    struct prng random;
    collecting_town(t, 1500, 41);
    collecting_town(calm, 1500, 41);
    collecting_on(t, "2026-07-12");
    collecting_on(calm, "2026-07-12");
    write_csv(t);
    write_csv(calm);
    TOWN_OK(calm, receive(calm));
    run_and_kill(t, "collection.receipts.piece:1:kill", 0);
    run_and_kill(t, "collection.receipts.piece:2:kill", 0);
    prng_seed(&random, 20260712);
    for (int i = 0; i < 6; i++)
        run_and_kill(t, NULL, (unsigned)prng_below(&random, 40000));
    int rc = receive(t); /* to the end, or it had come to it */
    if (rc < 0) {
        town_refused(t, rc, ERR_DUPLICATE, "party.import.seen");
    }
    assert_int_equal(rows_of_file(t), rows_of_file(calm));
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &torn));
    TOWN_OK(calm, store_state_digest(&calm->w.cx, calm->w.store, &whole));
    assert_memory_equal(&torn, &whole, sizeof torn);
    town_free(calm);
}

/* --- random months ------------------------------------------------------------------------------
 */

struct expected {
    int64_t told, held, posted;
};

static void random_file(struct town *t, struct prng *random, int serial, struct expected *sum)
{
    struct receipt_record rows[400];
    char name[32];
    size_t n = 0;
    while (n < 400) {
        struct liability_account a;
        const int64_t no = 1 + (int64_t)prng_below(random, 120);
        if (collection_by_notice(&t->w, 2026, no, &a) != 1)
            continue;
        const size_t at = (size_t)prng_below(random, a.n);
        const int64_t charged = a.rows[at].charged.n;
        const int64_t kind = (int64_t)prng_below(random, 10);
        const int64_t yen = kind < 6   ? charged
                            : kind < 8 ? 1 + (int64_t)prng_below(random, (uint64_t)charged + 1)
                                       : charged + (int64_t)prng_below(random, 5000);
        rows[n] = paid_by(&a, at, yen, ymd_add(ymd_of(2026, 7, 1), serial * 3));
        rows[n].notice_no += kind == 9 ? 700000 : 0;
        rows[n].late = YEN(kind == 5 ? 100 * (int64_t)prng_below(random, 9) : 0);
        rows[n].is_divided = true;
        sum->told += rows[n].yen.n + rows[n].late.n;
        n++;
    }
    snprintf(name, sizeof name, "random %d", serial);
    struct receipt_counts c = take(t, name, rows, n);
    sum->held += c.held.yen.n;
    sum->posted += c.posted.yen.n;
}

/* Whatever comes in: all of it is posted or held, nothing is owed twice, nothing is lost. */
static void test_random(void **state)
{
    struct town *t = *state;
    struct prng random;
    struct expected sum = {0};
    struct ledger_totals totals;
    collecting_town(t, 300, 41);
    TOWN_OK(t, setting_set(&t->w, "collection.hold", STR("written_off cancelled"), STR("test")));
    prng_seed(&random, 7);
    for (int i = 0; i < 12; i++) {
        collecting_on(t, "2026-07-01");
        random_file(t, &random, i, &sum);
    }
    assert_int_equal(sum.told, sum.held + sum.posted);
    TOWN_OK(t, collection_totals(&t->w, 2026, &totals));
    const int64_t in = totals.account[ACCOUNT_RECEIVED].n + totals.account[ACCOUNT_CASH].n;
    assert_int_equal(in, sum.posted);
    assert_int_equal(totals.account[ACCOUNT_DUE].n, -totals.account[ACCOUNT_LEVIED].n -
                                                        totals.account[ACCOUNT_RECEIVED].n -
                                                        totals.account[ACCOUNT_OVERPAID].n);
    for (int64_t no = 1; no <= 120; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) != 1)
            continue;
        for (size_t i = 0; i < a.n; i++) {
            assert_true(a.rows[i].balance.n >= 0);
            assert_true(a.rows[i].overpaid.n >= 0);
            assert_int_equal(a.rows[i].charged.n + a.rows[i].overpaid.n,
                             a.rows[i].balance.n + a.rows[i].received.n);
            assert_true(a.rows[i].balance.n == 0 || a.rows[i].overpaid.n == 0);
        }
    }
}

int main(void)
{
    collecting_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a year is carried over whole, by two people, once [NHI-COL-019 NHI-COL-023]",
                   test_carry_over),
        TOWN_TESTS("an entry of April or May stands in the books of its debt [NHI-COL-019]",
                   test_settling),
        TOWN_TESTS("paid-up periods past the holding period vanish, their count stays "
                   "[NHI-COL-020]",
                   test_clean),
        TOWN_TESTS("clearing that is killed loses and repeats nothing [NHI-COL-005 F3]",
                   test_killed),
        TOWN_TESTS("random months of business keep the ledger's invariants [M5]", test_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
