/* Clearing: what is posted, what waits on the error list and why, settled once; files once. */
#include "collecting.h"

#include "collection_sql.h"

static int64_t held_id(struct town *t, const char *reason)
{
    const struct collection_receipts_held_in q = {0, t->w.today, 100};
    struct collection_receipts_held_list list;
    TOWN_OK(t, collection_receipts_held(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (str_is(list.rows[i].reason, reason))
            return list.rows[i].receipt_id;
    }
    return 0;
}

static int settle(struct town *t, const struct receipt_settling *s)
{
    struct event e = work_event(&t->w, "collection.settle");
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    int rc = receipt_settle(&t->w, e.no, s);
    if (rc < 0) {
        store_rollback(t->w.store);
        return rc;
    }
    return store_commit(&t->w.cx, t->w.store);
}

static struct yen due_of(struct town *t, int64_t no, size_t at)
{
    return account_of(t, no).rows[at].balance;
}

static void test_one_file(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-10");
    const int64_t one = payer(t, 0);
    const int64_t two = payer(t, 1);
    const struct liability_account a = account_of(t, one);
    const struct liability_account b = account_of(t, two);
    const struct ymd day = t->w.today;
    struct receipt_record rows[7] = {
        paid_by(&a, 0, a.rows[0].charged.n, day), /* in full */
        paid_by(&a, 0, a.rows[0].charged.n, day), /* and once more */
        paid_by(&a, 1, a.rows[1].charged.n - 1000, day),
        paid_by(&b, 0, b.rows[0].charged.n + 500, day),
        paid_by(&b, 1, b.rows[1].charged.n, day),
        paid_by(&b, 2, b.rows[2].charged.n, day),
        paid_by(&b, 2, 100, day),
    };
    rows[4].notice_no = 999999; /* unknown */
    rows[6].number = 99;        /* an instalment that is none */
    struct receipt_counts c = take(t, "one", rows, 7);
    assert_int_equal(c.posted.n, 3);
    assert_int_equal(c.held.n, 4);
    assert_int_equal(c.posted.yen.n,
                     a.rows[0].charged.n + a.rows[1].charged.n - 1000 + b.rows[2].charged.n);
    assert_int_equal(due_of(t, one, 0).n, 0);
    assert_int_equal(due_of(t, one, 1).n, 1000);
    assert_int_equal(due_of(t, two, 0).n, b.rows[0].charged.n);
    assert_int_equal(due_of(t, two, 2).n, 0);
    assert_true(held_id(t, "double") && held_id(t, "over") && held_id(t, "unknown"));
    /* Parts of what was paid in full are the parts charged. */
    assert_int_equal(account_of(t, one).rows[0].state, INSTALMENT_PAID);
    /* The same file once more changes nothing. */
    struct receipt_file f = file_named("one");
    town_refused(t, receipts_take(&t->w, NULL, &f, rows, 7, &c), ERR_DUPLICATE,
                 "party.import.seen");
}

static void test_settled_once(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-10");
    const int64_t one = payer(t, 0);
    const struct liability_account a = account_of(t, one);
    struct receipt_record rows[3] = {
        paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
        paid_by(&a, 1, a.rows[1].charged.n, t->w.today),
        paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
    };
    rows[1].notice_no = 888888;
    (void)take(t, "two", rows, 3);
    /* The right number is keyed. */
    struct receipt_settling s = {.receipt_id = held_id(t, "unknown"),
                                 .state = TREATED_POSTED,
                                 .levy_year = 2026,
                                 .notice_no = 777777,
                                 .number = 2,
                                 .reason = STR("番号の誤読")};
    town_refused(t, settle(t, &s), ERR_NOT_FOUND, "collection.settle.unknown");
    s.notice_no = one;
    s.number = a.rows[1].number;
    TOWN_OK(t, settle(t, &s));
    assert_int_equal(due_of(t, one, 1).n, 0);
    town_refused(t, settle(t, &s), ERR_STALE, "collection.settle.done");
    assert_int_equal(held_id(t, "unknown"), 0);
    /* The second payment is taken as an overpayment. */
    s = (struct receipt_settling){.receipt_id = held_id(t, "double"),
                                  .state = TREATED_POSTED,
                                  .levy_year = 2026,
                                  .notice_no = one,
                                  .number = a.rows[0].number,
                                  .reason = STR("過誤納とする")};
    TOWN_OK(t, settle(t, &s));
    assert_int_equal(account_of(t, one).rows[0].overpaid.n, a.rows[0].charged.n);
    assert_int_equal(held_id(t, "double"), 0);
}

static void test_preliminary(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-10");
    const int64_t one = payer(t, 0);
    const struct liability_account a = account_of(t, one);
    struct receipt_record told[3] = {paid_by(&a, 0, a.rows[0].charged.n, t->w.today),
                                     paid_by(&a, 1, a.rows[1].charged.n, t->w.today),
                                     paid_by(&a, 2, a.rows[2].charged.n, t->w.today)};
    told[0].raw_key = STR("A");
    told[1].raw_key = STR("B");
    told[2].raw_key = STR("C");
    for (size_t i = 0; i < 3; i++)
        told[i].stage = STAGE_EXPECTED;
    struct receipt_counts c = take(t, "preliminary", told, 3);
    assert_int_equal(c.expected.n, 3);
    assert_int_equal(due_of(t, one, 0).n, a.rows[0].charged.n); /* expected is not paid */
    struct receipt_record off[2] = {told[1], told[1]};
    off[0].stage = off[1].stage = STAGE_CANCELLED;
    c = take(t, "cancelled", off, 2);
    assert_int_equal(c.noted.n, 1);
    assert_int_equal(c.held.n, 1); /* the notice was cancelled already */
    struct receipt_record final[2] = {told[0], paid_by(&a, 3, a.rows[3].charged.n, t->w.today)};
    final[0].stage = STAGE_FINAL;
    final[1].raw_key = STR("D"); /* a final notice without a preliminary one */
    c = take(t, "final", final, 2);
    assert_int_equal(c.posted.n, 2);
    assert_int_equal(due_of(t, one, 0).n, 0);
    assert_int_equal(due_of(t, one, 1).n, a.rows[1].charged.n);
    assert_int_equal(due_of(t, one, 3).n, 0);
    /* C was never confirmed: after some days it stands on the list. */
    collecting_on(t, "2026-07-25");
    const struct collection_receipts_held_in q = {0, t->w.today, 100};
    struct collection_receipts_held_list list;
    TOWN_OK(t, collection_receipts_held(&t->w.cx, t->w.store, &q, &list));
    int64_t open = 0;
    for (size_t i = 0; i < list.n; i++)
        open += list.rows[i].outcome == OUTCOME_EXPECTED && str_is(list.rows[i].raw_key, "C");
    assert_int_equal(open, 1);
    assert_int_equal(list.n, 2);
}

/* One slip for everything that is due under a number: the oldest first, to the yen. */
static void test_whole(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-10");
    const int64_t one = payer(t, 0);
    const struct liability_account a = account_of(t, one);
    struct receipt_record r = paid_by(&a, 0, a.rows[0].charged.n + 700, t->w.today);
    r.number = 0;
    r.late = YEN(300);
    r.is_divided = true;
    assert_int_equal(take(t, "part of it", &r, 1).posted.n, 1);
    assert_int_equal(due_of(t, one, 0).n, 0);
    assert_int_equal(due_of(t, one, 1).n, a.rows[1].charged.n - 700);
    r.yen = YEN(a.balance.n - a.rows[0].charged.n - 700);
    r.late = YEN(0);
    assert_int_equal(take(t, "the rest", &r, 1).posted.n, 1);
    assert_int_equal(account_of(t, one).balance.n, 0);
    r.yen = YEN(1);
    assert_int_equal(take(t, "beyond it", &r, 1).held.n, 1);
    assert_int_equal(account_of(t, one).overpaid.n, 0);
}

/* 4月・5月 of the year after belongs to the year that is being closed. */
static void test_booked_year(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    const int64_t one = payer(t, 0);
    const struct liability_account a = account_of(t, one);
    struct receipt_record rows[3] = {paid_by(&a, 0, a.rows[0].charged.n, ymd_of(2027, 3, 30)),
                                     paid_by(&a, 1, a.rows[1].charged.n, ymd_of(2027, 5, 30)),
                                     paid_by(&a, 2, a.rows[2].charged.n, ymd_of(2027, 5, 31))};
    int64_t years[3] = {0};
    (void)take(t, "years", rows, 3);
    const struct collection_booked_of_liability_in q = {a.liability.liability_id};
    struct collection_booked_of_liability_list list;
    TOWN_OK(t, collection_booked_of_liability(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0, k = 0; i < list.n && k < 3; i++) {
        if (list.rows[i].account == ACCOUNT_RECEIVED)
            years[k++] = list.rows[i].booked_year;
    }
    assert_int_equal(years[0], 2026);
    assert_int_equal(years[1], 2026); /* accounting on 31 May */
    assert_int_equal(years[2], 2027); /* on 1 June */
}

int main(void)
{
    collecting_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("one file: in full, twice, too little, too much, unknown [NHI-COL-005]",
                   test_one_file),
        TOWN_TESTS("what is held says why and is settled once [NHI-COL-006]", test_settled_once),
        TOWN_TESTS("preliminary, cancelled, final notices of a store [NHI-COL-005 IFC-048]",
                   test_preliminary),
        TOWN_TESTS("one slip for all that is due: the oldest first [NHI-COL-017 NHI-COL-005]",
                   test_whole),
        TOWN_TESTS("a receipt is booked in the year that is open for its debt [NHI-COL-021]",
                   test_booked_year),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
