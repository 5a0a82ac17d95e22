/* The same behaviour on both engines: types, times, transactions, ids, events, digests. */
#include "engines.h"
#include "sample_sql.h"

#include <stdio.h>
#include <string.h>

static int64_t take_id(struct engines *e)
{
    int64_t id = 0;
    ENGINES_OK(e, store_ids(&e->cx, e->st, 1, &id));
    return id;
}

static struct sample_resident resident(struct engines *e, const char *no, int64_t event)
{
    return (struct sample_resident){
        .resident_row_id = take_id(e),
        .resident_no = str_of(no),
        .kana = STR("ヤマダ　タロウ"),
        .birth = ymd_of(1980, 2, 29),
        .moved_month = month_of(2020, 4),
        .is_foreign = true,
        .income = YEN(3210000),
        .photo = {"\0\xff\x80", 3},
        .valid_from = ymd_of(2020, 4, 1),
        .valid_to = YMD_NONE,
        .known_from = event,
    };
}

static void put_note(struct engines *e, const char *name, int64_t n)
{
    struct sample_note_put_in in = {.name = str_of(name), .n = n};
    assert_int_equal(ENGINES_OK(e, sample_note_put(&e->cx, e->st, &in)), 1);
}

/* The call failed with this code; the record is cleared for the next one. */
static void expect_error(struct engines *e, int rc, int code, const char *message)
{
    assert_int_equal(rc, code);
    assert_string_equal(e->cx.error.message, message);
    error_clear(&e->cx);
}

/* --- values -------------------------------------------------------------------------------- */

static void test_types(void **state)
{
    struct engines *e = *state;
    struct sample_resident_by_no_row out;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct sample_resident row = resident(e, "1001", engines_event(e, "test.in"));
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &row));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    struct sample_resident_by_no_in in = {STR("1001"), {ymd_of(2021, 1, 1), KNOWN_NOW}};
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 1);
    assert_int_equal(out.resident_row_id, row.resident_row_id);
    assert_true(str_is(out.kana, "ヤマダ　タロウ"));
    assert_int_equal(ymd_compare(out.birth, ymd_of(1980, 2, 29)), 0);
    assert_int_equal(out.moved_month.n, month_of(2020, 4).n);
    assert_true(out.is_foreign);
    assert_false(out.income_null);
    assert_int_equal(out.income.n, 3210000);
    assert_int_equal(out.photo.n, 3);
    assert_memory_equal(out.photo.p, "\0\xff\x80", 3);
    in.asof.valid = ymd_of(2019, 12, 31);
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 0);
}

static void test_nulls(void **state)
{
    struct engines *e = *state;
    struct sample_resident_by_no_row out;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct sample_resident row = {.resident_row_id = take_id(e),
                                  .resident_no = STR(""),
                                  .birth = YMD_NONE,
                                  .moved_month = MONTH_NONE,
                                  .income_null = true,
                                  .valid_from = ymd_of(2020, 1, 1),
                                  .valid_to = ymd_of(2020, 2, 1),
                                  .known_from = engines_event(e, "test.in")};
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &row));
    struct sample_resident_by_no_in in = {STR(""), {ymd_of(2020, 1, 31), KNOWN_NOW}};
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 1);
    assert_null(out.kana.p);
    assert_true(ymd_is_none(out.birth));
    assert_int_equal(out.moved_month.n, MONTH_NONE.n);
    assert_false(out.is_foreign);
    assert_true(out.income_null);
    assert_null(out.photo.p);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    in.asof.valid = ymd_of(2020, 2, 1); /* valid_to is the first day it is no longer so */
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 0);
}

static void test_texts_refused(void **state)
{
    static const struct str bad[] = {{"a\0b", 3}, {"\xff", 1}, {"\xe3\x81", 2}};
    struct engines *e = *state;
    for (size_t i = 0; i < 3; i++) {
        struct sample_note_put_in in = {.name = bad[i]};
        ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
        expect_error(e, sample_note_put(&e->cx, e->st, &in), ERR_INVALID, "store.text");
        store_rollback(e->st);
    }
    struct sample_note_put_in in = {.name = STR_NONE};
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    expect_error(e, sample_note_put(&e->cx, e->st, &in), ERR_INVALID, "store.value_missing");
    store_rollback(e->st);
}

static void test_functions(void **state)
{
    struct engines *e = *state;
    struct sample_functions_row out;
    struct sample_functions_in in = {.a = 3, .b = -7, .name = STR("あい")};
    assert_int_equal(ENGINES_OK(e, sample_functions(&e->cx, e->st, &in, &out)), 1);
    assert_int_equal(out.most, 3);
    assert_int_equal(out.less, -7);
    assert_true(str_is(out.padded, "000000あい"));
    assert_int_equal(out.at, 2);
    in.name = STR("0123456789");
    ENGINES_OK(e, sample_functions(&e->cx, e->st, &in, &out));
    assert_true(str_is(out.padded, "01234567"));
    struct sample_joined_row joined;
    ENGINES_OK(e, sample_joined(&e->cx, e->st, &joined));
    assert_null(joined.names.p);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "b", 1);
    put_note(e, "a", 2);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, sample_joined(&e->cx, e->st, &joined));
    assert_true(str_is(joined.names, "a・b"));
}

/* --- statements ---------------------------------------------------------------------------- */

static int64_t insert_residents(struct engines *e, int n, int64_t event)
{
    struct sample_resident rows[50];
    char numbers[50][8];
    assert_true(n <= 50);
    for (int i = 0; i < n; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%04d", i);
        rows[i] = resident(e, numbers[i], event);
    }
    ENGINES_OK(e, sample_resident_bulk(&e->cx, e->st, rows, (size_t)n));
    return rows[0].resident_row_id;
}

struct walk {
    struct engines *e;
    int64_t seen;
    int nested;
    int stop_at;
};

static int see(void *arg, const struct sample_residents_row *row)
{
    struct walk *w = arg;
    struct sample_decision_total_row total;
    w->seen += row->resident_no.n == 4;
    if (w->seen == 1)
        w->nested = sample_decision_total(&w->e->cx, w->e->st, &total);
    error_clear(&w->e->cx);
    return w->seen == w->stop_at ? ERR_LIMIT : OK;
}

static void test_lists(void **state)
{
    struct engines *e = *state;
    struct sample_residents_list list;
    struct sample_residents_named_list named;
    int64_t rows[50];
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t first = insert_residents(e, 40, engines_event(e, "test.in"));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    for (int i = 0; i < 40; i++)
        rows[i] = first + i;
    struct sample_residents_in in = {{rows, 40}, first + 9};
    ENGINES_OK(e, sample_residents(&e->cx, e->st, &in, &list));
    assert_int_equal(list.n, 30);
    assert_int_equal(list.rows[29].resident_row_id, first + 39);
    assert_true(str_is(list.rows[0].resident_no, "0010"));
    struct str names[] = {STR("a\"\\\n'"), STR("ヤマダ　タロウ")};
    struct sample_residents_named_in who = {{names, 2}};
    ENGINES_OK(e, sample_residents_named(&e->cx, e->st, &who, &named));
    assert_int_equal(named.n, 40);
    who.names.n = 1;
    ENGINES_OK(e, sample_residents_named(&e->cx, e->st, &who, &named));
    assert_int_equal(named.n, 0);
    in.rows.n = 0;
    ENGINES_OK(e, sample_residents(&e->cx, e->st, &in, &list));
    assert_int_equal(list.n, 0);
}

static void test_each(void **state)
{
    struct engines *e = *state;
    int64_t rows[40];
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t first = insert_residents(e, 40, engines_event(e, "test.in"));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    for (int i = 0; i < 40; i++)
        rows[i] = first + i;
    struct sample_residents_in in = {{rows, 40}, 0};
    struct walk w = {.e = e};
    ENGINES_OK(e, sample_residents_each(&e->cx, e->st, &in, see, &w));
    assert_int_equal(w.seen, 40);
    assert_int_equal(w.nested, ERR_INVALID); /* nothing else runs while rows stream */
    w = (struct walk){.e = e, .stop_at = 3};
    assert_int_equal(sample_residents_each(&e->cx, e->st, &in, see, &w), ERR_LIMIT);
    assert_int_equal(w.seen, 3);
    struct sample_decision_total_row total;
    ENGINES_OK(e, sample_decision_total(&e->cx, e->st, &total)); /* the connection is free again */
    assert_true(total.total_null);
}

static void test_one_and_maybe(void **state)
{
    struct engines *e = *state;
    struct sample_note_get_in in = {STR("none")};
    struct sample_note_get_row out;
    struct sample_notes_row two;
    expect_error(e, sample_note_get(&e->cx, e->st, &in, &out), ERR_NOT_FOUND, "store.not_found");
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "a", 1);
    put_note(e, "b", 2);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    expect_error(e, sample_notes(&e->cx, e->st, &two), ERR_CORRUPT, "store.more_than_one");
    in.name = STR("b");
    assert_int_equal(ENGINES_OK(e, sample_note_get(&e->cx, e->st, &in, &out)), 1);
    assert_int_equal(out.n, 2);
    assert_true(out.seen_at_null && out.is_open_null);
}

static void test_constraints(void **state)
{
    struct engines *e = *state;
    struct sample_note row = {.name = STR("a"), .n = 1, .seen_at = 5, .is_open = true};
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    ENGINES_OK(e, sample_note_insert(&e->cx, e->st, &row));
    ENGINES_OK(e, store_savepoint(&e->cx, e->st));
    expect_error(e, sample_note_insert(&e->cx, e->st, &row), ERR_DUPLICATE, "store.duplicate");
    expect_error(e, sample_note_insert(&e->cx, e->st, &row), ERR_INVALID, "store.doomed");
    ENGINES_OK(e, store_savepoint_end(&e->cx, e->st, false));
    ENGINES_OK(e, store_savepoint(&e->cx, e->st));
    row = (struct sample_note){.name = STR("b"), .parent = STR("nobody")};
    expect_error(e, sample_note_insert(&e->cx, e->st, &row), ERR_REFERENCE, "store.reference");
    ENGINES_OK(e, store_savepoint_end(&e->cx, e->st, false));
    ENGINES_OK(e, store_savepoint(&e->cx, e->st));
    row = (struct sample_note){.name = STR("b"), .n = -1};
    expect_error(e, sample_note_insert(&e->cx, e->st, &row), ERR_CONSTRAINT, "store.constraint");
    ENGINES_OK(e, store_savepoint_end(&e->cx, e->st, false));
    put_note(e, "c", 3);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    struct sample_note_get_in in = {STR("c")};
    struct sample_note_get_row out;
    assert_int_equal(ENGINES_OK(e, sample_note_get(&e->cx, e->st, &in, &out)), 1);
}

/* --- times --------------------------------------------------------------------------------- */

static int64_t known_rows(struct engines *e, int64_t known)
{
    struct sample_residents_known_in in = {known};
    struct sample_residents_known_row out;
    ENGINES_OK(e, sample_residents_known(&e->cx, e->st, &in, &out));
    return out.n;
}

static void test_known_and_valid(void **state)
{
    struct engines *e = *state;
    struct sample_resident_by_no_row out;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t in = engines_event(e, "test.in");
    struct sample_resident first = resident(e, "1", in);
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &first));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t correction = engines_event(e, "test.correct");
    assert_int_equal(correction, in + 1);
    struct sample_resident second = resident(e, "1", correction);
    second.kana = STR("タナカ");
    ENGINES_OK(e, sample_resident_close(&e->cx, e->st, first.resident_row_id, correction));
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &second));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    struct sample_resident_by_no_in q = {STR("1"), {ymd_of(2022, 1, 1), in}};
    ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &q, &out));
    assert_true(str_is(out.kana, "ヤマダ　タロウ")); /* as we knew it then */
    q.asof.known = KNOWN_NOW;
    ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &q, &out));
    assert_true(str_is(out.kana, "タナカ"));
    assert_int_equal(known_rows(e, 0), 0);
    assert_int_equal(known_rows(e, in), 1);
    assert_int_equal(known_rows(e, KNOWN_NOW), 1);
    struct sample_residents_of_events_in span = {correction, correction};
    struct sample_residents_of_events_row n;
    ENGINES_OK(e, sample_residents_of_events(&e->cx, e->st, &span, &n));
    assert_int_equal(n.n, 1);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t again = engines_event(e, "test.correct");
    expect_error(e, sample_resident_close(&e->cx, e->st, first.resident_row_id, again), ERR_STALE,
                 "store.closed_already");
    expect_error(e, store_commit(&e->cx, e->st), ERR_INVALID, "store.doomed");
}

static size_t during(struct engines *e, struct ymd from, struct ymd to)
{
    struct sample_residents_during_in in = {{from, to, KNOWN_NOW}};
    struct sample_residents_during_list list;
    ENGINES_OK(e, sample_residents_during(&e->cx, e->st, &in, &list));
    return list.n;
}

static void test_during(void **state)
{
    struct engines *e = *state;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct sample_resident row = resident(e, "1", engines_event(e, "test.in"));
    row.valid_to = ymd_of(2021, 4, 1);
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &row));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_int_equal(during(e, ymd_of(2019, 4, 1), ymd_of(2020, 4, 1)), 0);
    assert_int_equal(during(e, ymd_of(2019, 4, 1), ymd_of(2020, 4, 2)), 1);
    assert_int_equal(during(e, ymd_of(2021, 3, 31), ymd_of(2022, 4, 1)), 1);
    assert_int_equal(during(e, ymd_of(2021, 4, 1), ymd_of(2022, 4, 1)), 0);
}

/* --- transactions -------------------------------------------------------------------------- */

static bool has_note(struct engines *e, const char *name)
{
    struct sample_note_get_in in = {str_of(name)};
    struct sample_note_get_row out;
    int rc = sample_note_get(&e->cx, e->st, &in, &out);
    error_clear(&e->cx);
    return rc == 1;
}

static void test_nesting(void **state)
{
    struct engines *e = *state;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "a", 1);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "b", 1);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_true(store_in_transaction(e->st));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_false(store_in_transaction(e->st));
    assert_true(has_note(e, "a") && has_note(e, "b"));
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "c", 1);
    int inner = __LINE__ + 1;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "d", 1);
    store_rollback(e->st); /* dooms the outer one */
    assert_int_equal(store_commit(&e->cx, e->st), ERR_INVALID);
    assert_string_equal(e->cx.error.message, "store.doomed");
    assert_non_null(strstr(e->cx.error.file, "test_store_engines.c"));
    assert_int_equal(e->cx.error.line, inner); /* of the begin that was rolled back */
    error_clear(&e->cx);
    assert_false(store_in_transaction(e->st));
    assert_false(has_note(e, "c") || has_note(e, "d"));
}

static void test_writes_refused(void **state)
{
    struct engines *e = *state;
    struct sample_note_put_in in = {.name = STR("a")};
    expect_error(e, sample_note_put(&e->cx, e->st, &in), ERR_INVALID,
                 "store.write_outside_transaction");
    ENGINES_OK(e, STORE_BEGIN_READ(&e->cx, e->st));
    expect_error(e, STORE_BEGIN(&e->cx, e->st), ERR_INVALID, "store.begin_inside_read");
    expect_error(e, sample_note_put(&e->cx, e->st, &in), ERR_INVALID,
                 "store.write_outside_transaction");
    store_rollback(e->st);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct sample_resident row = resident(e, "1", 1);
    expect_error(e, sample_resident_insert(&e->cx, e->st, &row), ERR_INVALID,
                 "store.event_not_ours");
    store_rollback(e->st);
    engines_reopen(e, STORE_READ);
    expect_error(e, STORE_BEGIN(&e->cx, e->st), ERR_DENIED, "store.read_only");
    assert_false(has_note(e, "a"));
}

static int refuse_commit;
static int checked;
static int64_t checked_first;
static int64_t checked_last;

static int check(struct context *cx, struct store *st, int64_t first, int64_t last)
{
    (void)st;
    checked++;
    checked_first = first;
    checked_last = last;
    return refuse_commit ? (fail)(cx, ERR_CONSTRAINT, "test.refused", "%d", refuse_commit) : OK;
}

static void test_check_before_commit(void **state)
{
    struct engines *e = *state;
    store_check_add(check);
    checked = 0;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t first = engines_event(e, "test.a");
    int64_t last = engines_event(e, "test.b");
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_int_equal(checked, 1);
    assert_true(checked_first == first && checked_last == last && last == first + 1);
    refuse_commit = 1;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "a", 1);
    expect_error(e, store_commit(&e->cx, e->st), ERR_CONSTRAINT, "test.refused");
    refuse_commit = 0;
    assert_false(store_in_transaction(e->st) || has_note(e, "a"));
}

/* --- ids, numbers, events ------------------------------------------------------------------ */

static void test_ids_and_numbers(void **state)
{
    struct engines *e = *state;
    int64_t number = 0;
    int64_t first = take_id(e);
    assert_int_equal(take_id(e), first + 1);
    for (int round = 0; round < 2; round++) {
        ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
        ENGINES_OK(e, store_number(&e->cx, e->st, STR("notice.2026"), 3, &number));
        assert_int_equal(number, 1); /* the rollback below gave them back: no gap */
        store_rollback(e->st);
    }
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    ENGINES_OK(e, store_number(&e->cx, e->st, STR("notice.2026"), 3, &number));
    assert_int_equal(number, 1);
    ENGINES_OK(e, store_number(&e->cx, e->st, STR("notice.2026"), 1, &number));
    assert_int_equal(number, 4);
    ENGINES_OK(e, store_number(&e->cx, e->st, STR("notice.2027"), 1, &number));
    assert_int_equal(number, 1);
    int64_t many = 0;
    ENGINES_OK(e, store_ids(&e->cx, e->st, 5000, &many));
    int64_t next = take_id(e);
    assert_true(next >= many + 5000 || next < many);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
}

static void test_events(void **state)
{
    struct engines *e = *state;
    struct event found;
    int64_t newer = -1;
    int64_t by = 0;
    struct event event = {.kind = STR("party.move_in"),
                          .effective = ymd_of(2026, 6, 1),
                          .received = ymd_of(2026, 6, 10),
                          .source = STR("person"),
                          .route = STR("counter"),
                          .reason = STR("職権"),
                          .entered_by = 7,
                          .household_id = 42,
                          .person_id = 9};
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    ENGINES_OK(e, event_open(&e->cx, e->st, &event));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, event_newer(&e->cx, e->st, 42, event.no, &newer));
    assert_int_equal(newer, 0);
    ENGINES_OK(e, event_newer(&e->cx, e->st, 42, event.no - 1, &newer));
    assert_int_equal(newer, event.no);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct event_decision decision = {event.no, EVENT_APPROVED, 8, STR("よい")};
    ENGINES_OK(e, event_decide(&e->cx, e->st, &decision, &by));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, event_get(&e->cx, e->st, event.no, &found));
    assert_true(str_is(found.reason, "職権") && str_is(found.kind, "party.move_in"));
    assert_int_equal(found.status, EVENT_APPROVED);
    assert_int_equal(found.approved_by, 8);
    assert_int_equal(found.entered_by, 7);
    assert_int_equal(found.checked_by, 0);
    int64_t persons[] = {9};
    struct event_history query = {.household_id = 0, .person_ids = {persons, 1}, .limit = 10};
    struct event_list list;
    ENGINES_OK(e, event_history(&e->cx, e->st, &query, &list));
    assert_int_equal(list.n, 2);
    assert_int_equal(list.rows[0].no, by);
    assert_int_equal(list.rows[1].status, EVENT_APPROVED);
    query.before = by;
    ENGINES_OK(e, event_history(&e->cx, e->st, &query, &list));
    assert_int_equal(list.n, 1);
    expect_error(e, event_get(&e->cx, e->st, 999, &found), ERR_NOT_FOUND, "store.no_such_event");
}

static void test_events_bulk(void **state)
{
    struct engines *e = *state;
    struct event events[100];
    int64_t last = 0;
    for (int i = 0; i < 100; i++)
        events[i] = (struct event){.kind = STR("test.many"),
                                   .effective = ymd_of(2026, 1, 1),
                                   .received = ymd_of(2026, 1, 1),
                                   .person_id = i + 1};
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t before = engines_event(e, "test.one");
    ENGINES_OK(e, event_open_bulk(&e->cx, e->st, events, 100));
    insert_residents(e, 20, events[50].no);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_int_equal(events[99].no, before + 100);
    ENGINES_OK(e, event_last(&e->cx, e->st, &last));
    assert_int_equal(last, before + 100);
    assert_int_equal(ENGINES_OK(e, store_verify(&e->cx, e->st, NULL, NULL)), 0);
}

/* --- digests ------------------------------------------------------------------------------- */

static void fill(struct engines *e, bool backwards)
{
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    if (backwards) { /* other event numbers, other ids, other order: the same state */
        engines_event(e, "test.other");
        take_id(e);
    }
    int64_t event = engines_event(e, "test.in");
    for (int i = 0; i < 30; i++) {
        char no[8];
        snprintf(no, sizeof no, "%d", backwards ? 29 - i : i);
        struct sample_resident row = resident(e, no, event);
        ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &row));
        put_note(e, no, 5);
    }
    ENGINES_OK(e, store_commit(&e->cx, e->st));
}

static struct digest state_digest(struct engines *e)
{
    struct digest d;
    ENGINES_OK(e, store_state_digest(&e->cx, e->st, &d));
    return d;
}

static void test_digest(void **state)
{
    struct engines *e = *state;
    fill(e, false);
    struct digest here = state_digest(e);
    struct engines *other = engines_new(STORE_SQLITE);
    fill(other, true);
    struct digest there = state_digest(other);
    assert_true(digest_equal(&here, &there));
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    put_note(e, "7", 6);
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    here = state_digest(e);
    assert_false(digest_equal(&here, &there));
    engines_free(other);
}

static int sum_tables(void *arg, struct str table, const struct digest *d, int64_t rows)
{
    int64_t *total = arg;
    (void)d;
    *total += str_is(table, "resident") ? rows : 0;
    return OK;
}

static void test_table_digests(void **state)
{
    struct engines *e = *state;
    int64_t rows = 0;
    fill(e, false);
    ENGINES_OK(e, store_table_digests(&e->cx, e->st, sum_tables, &rows));
    assert_int_equal(rows, 30);
}

static void test_open_refuses(void **state)
{
    struct engines *e = *state;
    struct store *st = NULL;
    expect_error(e, store_create(&e->cx, e->url), ERR_DUPLICATE, "store.not_empty");
    expect_error(e, store_open(&e->cx, "oracle:x", STORE_READ, &st), ERR_INVALID, "store.url");
    engines_tamper(e, "update store_info set value = 'x' where name = 'schema_hash'");
    expect_error(e, store_open(&e->cx, e->url, STORE_READ, &st), ERR_INVALID,
                 "store.schema_differs");
}

int main(void)
{
    store_schema_add(&sample_schema);
    const struct CMUnitTest tests[] = {
        ENGINES_TESTS("every column type comes back as it was written [F4]", test_types),
        ENGINES_TESTS("NULL, empty and absent are three things [F4]", test_nulls),
        ENGINES_TESTS("texts that one engine would refuse are refused by both [F4]",
                      test_texts_refused),
        ENGINES_TESTS("functions of both engines agree [F4]", test_functions),
        ENGINES_TESTS("many rows, arrays of ids and texts", test_lists),
        ENGINES_TESTS("rows stream; nothing else runs meanwhile", test_each),
        ENGINES_TESTS("one and maybe keep their promise", test_one_and_maybe),
        ENGINES_TESTS("constraints give the same error on both engines [F4]", test_constraints),
        ENGINES_TESTS("valid time and known time [F4]", test_known_and_valid),
        ENGINES_TESTS("overlap with half-open days", test_during),
        ENGINES_TESTS("transactions nest and know file and line", test_nesting),
        ENGINES_TESTS("writes outside their place are refused", test_writes_refused),
        ENGINES_TESTS("checks run before commit and can refuse it [M5]", test_check_before_commit),
        ENGINES_TESTS("ids are unique, numbers have no gaps", test_ids_and_numbers),
        ENGINES_TESTS("events: numbers, marks, history, lost updates", test_events),
        ENGINES_TESTS("many events in one transaction", test_events_bulk),
        ENGINES_TESTS("state digest is equal on both engines and for other orders [F4]",
                      test_digest),
        ENGINES_TESTS("digest by table", test_table_digests),
        ENGINES_TESTS("a database that is not ours is refused", test_open_refuses),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
