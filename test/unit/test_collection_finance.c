/* What finance is told: each day's file, orders and their numbers; day table, month, split. */
#include "refunding.h"

#include "desk/collection/finance.h"
#include "lists.h"
#include "outside/finance/finance.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    DAY_CHANNEL,
    DAY_KIND,
    DAY_SUBJECT,
    DAY_ITEMS,
    DAY_POSTED = 10,
    DAY_UNPOSTED,
    DAY_EARLIER,
    DAY_TOLD
};

static int64_t column_sum(size_t rows, int column)
{
    int64_t sum = 0;
    for (size_t i = 0; i < rows; i++) {
        /* the last row is the total */
        if (i + 1 < rows)
            sum += sheet.numbers[i * (size_t)sheet.columns + (size_t)column];
    }
    return sum;
}

static int64_t figure(struct town *t, int64_t job, const char *name)
{
    struct job_figure_row *rows;
    size_t n = 0;
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].name, name))
            return rows[i].value;
    }
    return -1;
}

static int64_t send_day(struct town *t, const char *day)
{
    int64_t job = 0;
    TOWN_OK(t, job_run(&t->w, "finance-send", levy_town_options(t, "day=%s", day), &job));
    return job;
}

static struct str file_of(struct town *t, const char *kind, int64_t no)
{
    struct text bytes;
    char path[512];
    snprintf(path, sizeof path, "%s/out/finance/%s%08lld.csv", t->path, kind, (long long)no);
    text_init(&bytes, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path, 1 << 20, &bytes));
    const struct str s = str_copy(t->w.cx.arena, text_str(&bytes));
    text_release(&bytes);
    return s;
}

static bool has_words(struct str s, const char *words)
{
    return memmem(s.p, s.n, words, strlen(words)) != NULL;
}

static struct finance_office *finance_beside(struct town *t, char *path, size_t room)
{
    struct finance_office *o = NULL;
    snprintf(path, room, "%s/finance.db", t->path);
    TOWN_OK(t, finance_create(&t->w.cx, path));
    TOWN_OK(t, finance_open(&t->w.cx, path, &o));
    return o;
}

/* Receipts of three kinds on one day, one unknown, one twice (held). */
static struct liability_account a_day(struct town *t)
{
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    const struct liability_account b = account_of(t, payer(t, 1));
    struct receipt_record rows[5] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&b, 0, b.rows[0].charged.n, t->w.today),
                                     paid_by(&b, 1, 1000, t->w.today),
                                     paid_by(&b, 2, 2000, t->w.today)};
    rows[2].channel = CHANNEL_COUNTER;
    rows[3].notice_no = 999999;
    rows[4].late = YEN(300);
    rows[4].fee = YEN(80);
    rows[4].is_divided = true;
    (void)take(t, "a day", rows, 5);
    return a;
}

static void test_day_table(void **state)
{
    struct town *t = *state;
    const struct liability_account a = a_day(t);
    size_t rows = list_of(t, "collection", "day_sheet", "2026-07-21");
    const int64_t posted = column_sum(rows, DAY_POSTED);
    const int64_t unposted = column_sum(rows, DAY_UNPOSTED);
    assert_int_equal(unposted, a.rows[0].charged.n + 1000);
    assert_int_equal(column_sum(rows, DAY_TOLD), posted + unposted);
    const struct liability_account b = account_of(t, payer(t, 1));
    assert_int_equal(posted, a.rows[0].charged.n + b.rows[0].charged.n + 2000 + 300 + 80);
    /* By channel, subject; nothing posted under another day. */
    assert_int_equal(code(0, DAY_CHANNEL), CHANNEL_COUNTER);
    assert_int_equal(code(0, DAY_SUBJECT), 1);
    assert_int_equal(code(2, DAY_SUBJECT), 3);
    const size_t other = list_of(t, "collection", "day_sheet", "2026-07-20");
    assert_int_equal(column_sum(other, DAY_TOLD), 0);
    /* What is settled later counts on that day, and is not told once more. */
    const struct collection_receipts_held_in q = {0, t->w.today, 100};
    struct collection_receipts_held_list held;
    TOWN_OK(t, collection_receipts_held(&t->w.cx, t->w.store, &q, &held));
    const struct receipt_settling s = {.receipt_id = held.rows[0].receipt_id,
                                       .state = TREATED_POSTED,
                                       .levy_year = 2026,
                                       .notice_no = a.liability.notice_no,
                                       .number = 1,
                                       .reason = STR("過誤納とする")};
    collecting_on(t, "2026-07-24");
    const int64_t event = open_event(t, "collection.settle");
    TOWN_OK(t, end_event(t, receipt_settle(&t->w, event, &s)));
    rows = list_of(t, "collection", "day_sheet", "2026-07-21");
    assert_int_equal(column_sum(rows, DAY_UNPOSTED), unposted);
    assert_int_equal(column_sum(rows, DAY_TOLD), posted + unposted);
    rows = list_of(t, "collection", "day_sheet", "2026-07-24");
    assert_int_equal(column_sum(rows, DAY_POSTED), a.rows[0].charged.n);
    assert_int_equal(column_sum(rows, DAY_EARLIER), a.rows[0].charged.n);
    assert_int_equal(column_sum(rows, DAY_TOLD), 0);
}

static void test_day_file(void **state)
{
    struct town *t = *state;
    char path[400];
    struct yen booked = YEN(0);
    (void)a_day(t);
    const size_t rows = list_of(t, "collection", "day_sheet", "2026-07-21");
    const int64_t posted = column_sum(rows, DAY_POSTED);
    int64_t job = send_day(t, "2026-07-21");
    assert_int_equal(figure(t, job, "file_no"), 1);
    assert_int_equal(figure(t, job, "receipt_yen"), posted); /* the file is the day table */
    const struct str bytes = file_of(t, "FIN", 1);
    assert_true(has_words(bytes, "00000001,2026-07-21,1,receipt,2026,020,"));
    /* The finance system books it once. */
    struct finance_office *o = finance_beside(t, path, sizeof path);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, bytes)), 1);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, bytes)), 0);
    TOWN_OK(t, finance_booked(o, ymd_of(2026, 7, 21), STR("receipt"), &booked));
    assert_int_equal(booked.n, posted);
    /* Nothing new: no file. Sent again: the same number, the same bytes. */
    job = send_day(t, "2026-07-21");
    assert_int_equal(figure(t, job, "records"), 0);
    TOWN_OK(t, job_run(&t->w, "finance-send", STR("file=1"), &job));
    assert_true(str_equal(file_of(t, "FIN", 1), bytes));
    town_refused(t, job_run(&t->w, "finance-send", STR("file=7"), &job), ERR_NOT_FOUND,
                 "collection.finance.file");
    /* Something came late for that day: a second file holds that and nothing else. */
    const struct liability_account b = account_of(t, payer(t, 2));
    struct receipt_record late[1] = {paid_by(&b, 0, 1234, ymd_of(2026, 7, 20))};
    (void)take(t, "late", late, 1);
    job = send_day(t, "2026-07-21");
    assert_int_equal(figure(t, job, "file_no"), 2);
    assert_int_equal(figure(t, job, "receipt_yen"), 1234);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, file_of(t, "FIN", 2))), 1);
    TOWN_OK(t, finance_booked(o, ymd_of(2026, 7, 21), STR("receipt"), &booked));
    assert_int_equal(booked.n, posted + 1234);
    TOWN_OK(t, job_run(&t->w, "finance-send", STR("file=1"), &job));
    assert_true(str_equal(file_of(t, "FIN", 1), bytes));
    finance_close(o);
}

/* One figure changed: the whole file is refused, nothing is booked. */
static void test_wrong_totals(void **state)
{
    struct town *t = *state;
    char path[400];
    struct yen booked = YEN(1);
    (void)a_day(t);
    (void)send_day(t, "2026-07-21");
    const struct str bytes = file_of(t, "FIN", 1);
    char *changed = arena_alloc(t->w.cx.arena, bytes.n);
    memcpy(changed, bytes.p, bytes.n);
    char *last = memmem(changed, bytes.n, ",receipt,", 9);
    while (*last != '\r')
        last++;
    last[-1] = last[-1] == '9' ? '8' : (char)(last[-1] + 1);
    struct finance_office *o = finance_beside(t, path, sizeof path);
    town_refused(t, finance_take_day(o, (struct str){changed, bytes.n}), ERR_INVALID,
                 "finance.totals");
    TOWN_OK(t, finance_booked(o, ymd_of(2026, 7, 21), STR("receipt"), &booked));
    assert_int_equal(booked.n, 0);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, bytes)), 1);
    /* The same number with other contents that are right in themselves. */
    const struct str head = {bytes.p,
                             (size_t)((char *)memchr(bytes.p, '\n', bytes.n) - bytes.p) + 1};
    const struct str other =
        str_format(t->w.cx.arena, STR_FMT "00000001,2026-07-21,1,total,,,,0,0\r\nCONTROL,1\r\n",
                   STR_ARG(head));
    town_refused(t, finance_take_day(o, other), ERR_DUPLICATE, "finance.twice");
    finance_close(o);
}

static void refund_world(struct town *t, struct refund_decision *r)
{
    const struct liability_account a = a_day(t);
    struct receipt_record rows[LEVY_INSTALMENTS_MAX];
    size_t n = 0;
    hold_nothing(t);
    for (size_t i = 1; i < a.n; i++)
        rows[n++] = paid_by(&a, i, a.rows[i].charged.n, t->w.today);
    rows[n++] = paid_by(&a, 0, a.rows[0].charged.n, t->w.today);
    (void)take(t, "the rest", rows, n);
    collecting_on(t, "2026-09-15");
    decide_refunds(t);
    *r = newest_refund(t);
}

static void test_orders(void **state)
{
    struct town *t = *state;
    struct refund_decision r;
    struct text answers;
    char path[400];
    int64_t job = 0;
    refund_world(t, &r);
    const struct refund_claim c = claim_of(t, r.refund_id);
    claim(t, &c);
    TOWN_OK(t, job_run(&t->w, "finance-orders", STR(""), &job));
    assert_int_equal(figure(t, job, "orders"), 1);
    assert_int_equal(figure(t, job, "order_yen"), r.refunded.n);
    const struct str orders = file_of(t, "ORD", 1);
    struct finance_office *o = finance_beside(t, path, sizeof path);
    text_init(&answers, 1 << 16);
    TOWN_OK(t, finance_take_orders(o, orders, t->w.today, &answers));
    const struct str first = str_copy(t->w.cx.arena, text_str(&answers));
    text_clear(&answers);
    TOWN_OK(t, finance_take_orders(o, orders, t->w.today, &answers)); /* sent again: same number */
    assert_true(str_equal(first, text_str(&answers)));
    snprintf(path, sizeof path, "%s/answers.csv", t->path);
    TOWN_OK(t, file_write(&t->w.cx, path, first));
    TOWN_OK(t, job_run(&t->w, "finance-take", levy_town_options(t, "path=%s", path), &job));
    assert_int_equal(figure(t, job, "accepted"), 1);
    const struct collection_refund_payment_now_row p = payment_of(t, r.refund_id);
    assert_int_equal(p.state, PAYMENT_ACCEPTED);
    assert_true(str_is(p.order_no, "S2026-000001"));
    TOWN_OK(t, job_run(&t->w, "refund-transfers", STR(""), &job));
    assert_int_equal(figure(t, job, "transfer_yen"), r.refunded.n);
    /* The day it is paid, finance hears of it as taken out of this year's revenue. */
    collecting_on(t, "2026-09-30");
    TOWN_OK(t, transfer_result(t, refund_reference(&t->w, r.year, r.no, 1), true, STR("")));
    job = send_day(t, "2026-09-30");
    assert_int_equal(figure(t, job, "refund_yen"), r.refunded.n);
    const struct str out = file_of(t, "FIN", figure(t, job, "file_no"));
    assert_true(has_words(out, ",refund,2026,"));
    assert_int_equal(TOWN_OK(t, finance_take_day(o, out)), 1);
    /* It comes back: that day takes it off again, on the table of the month as well. */
    collecting_on(t, "2026-10-07");
    const int64_t event = open_event(t, "collection.refund_result");
    TOWN_OK(t, end_event(t, refund_transfer_returned(&t->w, event,
                                                     refund_reference(&t->w, r.year, r.no, 1),
                                                     t->w.today, STR("口座解約"))));
    job = send_day(t, "2026-10-07");
    assert_int_equal(figure(t, job, "refund_yen"), -r.refunded.n);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, file_of(t, "FIN", figure(t, job, "file_no")))),
                     1);
    struct yen booked = YEN(0);
    TOWN_OK(t, finance_booked(o, t->w.today, STR("refund"), &booked));
    assert_int_equal(booked.n, -r.refunded.n);
    assert_int_equal(column_sum(list_of(t, "collection", "month_report", "2026-10"), 6),
                     r.refunded.n);
    text_release(&answers);
    finance_close(o);
}

/* Appropriations: what is taken on one side is given on the other, under the day. */
static void test_appropriations(void **state)
{
    struct town *t = *state;
    char path[400];
    struct yen from = YEN(0);
    struct yen to = YEN(0);
    (void)a_day(t);
    hold_nothing(t);
    const struct liability_account a = account_of(t, payer(t, 3));
    struct receipt_record rows[2] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&a, 0, a.rows[0].charged.n, t->w.today)};
    (void)take(t, "twice", rows, 2);
    collecting_on(t, "2026-09-15");
    decide_refunds(t);
    const struct refund_decision r = newest_refund(t);
    assert_true(r.appropriated.n > 0);
    const int64_t job = send_day(t, "2026-09-15");
    assert_int_equal(figure(t, job, "appropriated_yen"), r.appropriated.n);
    assert_int_equal(figure(t, job, "receipt_yen"), 0);
    struct finance_office *o = finance_beside(t, path, sizeof path);
    assert_int_equal(TOWN_OK(t, finance_take_day(o, file_of(t, "FIN", 1))), 1);
    TOWN_OK(t, finance_booked(o, t->w.today, STR("appropriated_from"), &from));
    TOWN_OK(t, finance_booked(o, t->w.today, STR("appropriated_to"), &to));
    assert_int_equal(from.n, r.appropriated.n);
    assert_int_equal(to.n, r.appropriated.n);
    finance_close(o);
}

static void test_month(void **state)
{
    struct town *t = *state;
    struct refund_decision r;
    struct ledger_totals all;
    refund_world(t, &r);
    const size_t rows = list_of(t, "collection", "month_report", "2026-09");
    TOWN_OK(t, collection_totals(&t->w, 2026, &all));
    /* charged, month, received, refund due, prior, written off, carried, unpaid */
    assert_int_equal(column_sum(rows, 3), -all.account[ACCOUNT_LEVIED].n);
    assert_int_equal(column_sum(rows, 5), all.account[ACCOUNT_RECEIVED].n);
    assert_int_equal(column_sum(rows, 6), r.refunded.n);
    assert_int_equal(column_sum(rows, 10), all.account[ACCOUNT_DUE].n);
    assert_int_equal(column_sum(rows, 3), column_sum(rows, 5) - column_sum(rows, 6) +
                                              column_sum(rows, 8) + column_sum(rows, 9) +
                                              column_sum(rows, 10));
    assert_int_equal(column_sum(rows, 4), 0); /* nothing came in September */
    const size_t july = list_of(t, "collection", "month_report", "2026-07");
    assert_int_equal(column_sum(july, 4), all.account[ACCOUNT_RECEIVED].n);
}

static void test_split(void **state)
{
    struct town *t = *state;
    const struct actor *console = t->w.actor;
    (void)a_day(t);
    size_t rows = list_of(t, "collection", "income_split", "2026-07");
    const int64_t income = column_sum(rows, 3);
    assert_int_equal(account_sum(t, ACCOUNT_RECEIVED), income);
    assert_int_equal(column_sum(rows, 6), 0);
    assert_int_equal(column_sum(rows, 5), income);
    /* A third of the medical part is the retired people's, from August on; July stays. */
    t->w.actor = &refunding_clerk;
    assert_int_equal(TOWN_OK(t, income_split_enter(&t->w, 1, month_of(2026, 8), 333333)), 1);
    t->w.actor = console;
    check_entry(t);
    rows = list_of(t, "collection", "income_split", "2026-07");
    assert_int_equal(column_sum(rows, 6), 0);
    t->w.actor = &refunding_clerk;
    assert_int_equal(TOWN_OK(t, income_split_enter(&t->w, 1, month_of(2026, 7), 333333)), 1);
    t->w.actor = console;
    check_entry(t);
    rows = list_of(t, "collection", "income_split", "2026-07");
    const int64_t medical = sheet.numbers[3];
    assert_int_equal(code(0, 2), 1);
    assert_int_equal(column_sum(rows, 6), medical * 333333 / 1000000);
    assert_int_equal(column_sum(rows, 5) + column_sum(rows, 6), income); /* rounding to general */
    town_refused(t, income_split_enter(&t->w, 5, month_of(2026, 7), 1), ERR_INVALID,
                 "collection.split.value");
}

int main(void)
{
    refunding_start();
    finance_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the day table: posted and not, told that day [NHI-COL-007 FIN-003]",
                   test_day_table),
        TOWN_TESTS("the day's file is the day table, again under its number "
                   "[FIN-001 NHI-COL-021 IFC-045]",
                   test_day_file),
        TOWN_TESTS("wrong totals are refused and nothing is booked [FIN-001]", test_wrong_totals),
        TOWN_TESTS("appropriations reach finance with both sides [NHI-COL-021 IFC-045]",
                   test_appropriations),
        TOWN_TESTS("orders get a number that is kept, and are paid [FIN-002 NHI-COL-010]",
                   test_orders),
        TOWN_TESTS("the month's report sums to the journal [NHI-COL-018 FIN-003]", test_month),
        TOWN_TESTS("general and retired, rounding to general [FIN-004 NHI-COL-018]", test_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
