/* Whatever byte is changed behind the program's back, verify names the table and the row. */
#include "engines.h"
#include "sample_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESIDENTS = 30, DECISIONS = 40 };

/* Three commits: residents, decisions, and a correction that closes ten residents. */
static int64_t write_city(struct engines *e)
{
    struct sample_resident rows[RESIDENTS];
    struct sample_decision decisions[DECISIONS];
    int64_t first = 0;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    ENGINES_OK(e, store_ids(&e->cx, e->st, RESIDENTS + DECISIONS + 10, &first));
    int64_t event = engines_event(e, "test.in");
    for (int i = 0; i < RESIDENTS; i++)
        rows[i] = (struct sample_resident){.resident_row_id = first + i,
                                           .resident_no = STR("1234567"),
                                           .kana = STR("スズキ　ハナコ"),
                                           .birth = ymd_of(1990, 1, 1 + i),
                                           .moved_month = month_of(2020, 1),
                                           .income = YEN(i * 1000),
                                           .photo = STR("bytes"),
                                           .valid_from = ymd_of(2020, 1, 1),
                                           .valid_to = ymd_of(2030, 1, 1),
                                           .known_from = event};
    ENGINES_OK(e, sample_resident_bulk(&e->cx, e->st, rows, RESIDENTS));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    event = engines_event(e, "test.decide");
    for (int i = 0; i < DECISIONS; i++)
        decisions[i] = (struct sample_decision){.decision_id = first + RESIDENTS + i,
                                                .household_no = i,
                                                .year = 2026,
                                                .total = YEN(i * 100),
                                                .explanation = STR("explanation"),
                                                .known_from = event};
    ENGINES_OK(e, sample_decision_bulk(&e->cx, e->st, decisions, DECISIONS));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    event = engines_event(e, "test.correct");
    for (int i = 0; i < 10; i++) {
        ENGINES_OK(e, sample_resident_close(&e->cx, e->st, first + i, event));
        rows[i].resident_row_id = first + RESIDENTS + DECISIONS + i;
        rows[i].known_from = event;
        ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &rows[i]));
    }
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    return first;
}

struct findings {
    int n;
    char first[300];
    char wanted_table[64];
    char wanted_key[32];
    bool named; /* a finding names the wanted table and row */
};

static int note_finding(void *arg, const struct finding *f)
{
    struct findings *found = arg;
    if (found->n++ == 0)
        snprintf(found->first, sizeof found->first, "%.*s %.*s %.*s %.*s", STR_ARG(f->table),
                 STR_ARG(f->key), STR_ARG(f->what), STR_ARG(f->facts));
    if (str_is(f->table, found->wanted_table) &&
        (found->wanted_key[0] == 0 || str_is(f->key, found->wanted_key)))
        found->named = true;
    return OK;
}

static struct findings verify(struct engines *e, const char *table, int64_t key)
{
    struct findings f = {0};
    snprintf(f.wanted_table, sizeof f.wanted_table, "%s", table);
    if (key >= 0)
        snprintf(f.wanted_key, sizeof f.wanted_key, "%lld", (long long)key);
    int n = ENGINES_OK(e, store_verify(&e->cx, e->st, note_finding, &f));
    assert_int_equal(n, f.n);
    return f;
}

static void expect_clean(struct engines *e)
{
    struct findings f = verify(e, "", -1);
    if (f.n > 0)
        fail_msg("verify of an untouched database finds: %s", f.first);
}

static void expect_named(struct engines *e, const char *table, int64_t key, const char *sql)
{
    struct findings f = verify(e, table, key);
    if (!f.named)
        fail_msg("%s: %d findings, none names %s %lld; first: %s", sql, f.n, table, (long long)key,
                 f.first);
}

static void test_clean(void **state)
{
    struct engines *e = *state;
    expect_clean(e);
    write_city(e);
    expect_clean(e);
    int64_t link = 0;
    struct digest head;
    ENGINES_OK(e, store_chain_head(&e->cx, e->st, &link, &head));
    assert_int_equal(link, 3);
}

/* --- one byte of one column of one row ------------------------------------------------------ */

/* How a column of a row is changed: numbers by one bit, texts and blobs in one byte. */
static void flip_sql(struct engines *e, const struct store_column *c, uint64_t random, char *out,
                     size_t room)
{
    unsigned byte = (unsigned)(random >> 8) % 5 + 1;
    bool postgres = e->engine == STORE_POSTGRES;
    switch (c->type) {
    case ST_TEXT:
    case ST_DAY:
    case ST_MONTH:
        snprintf(out, room, "%s = substr(%s, 1, %u) || '~' || substr(%s, %u)", c->name, c->name,
                 byte - 1, c->name, byte + 1);
        break;
    case ST_BLOB:
        if (postgres)
            snprintf(out, room, "%s = set_byte(%s, %u, (get_byte(%s, %u) + 1) %% 256)", c->name,
                     c->name, byte - 1, c->name, byte - 1);
        else
            snprintf(out, room, "%s = cast(substr(%s, 1, %u) || x'01' || substr(%s, %u) as blob)",
                     c->name, c->name, byte - 1, c->name, byte + 1);
        break;
    case ST_FLAG:
        snprintf(out, room, "%s = 1 - %s", c->name, c->name);
        break;
    case ST_COUNT: /* the last bit: within what CHECKs allow */
        snprintf(out, room, "%s = case when %s < 2 then %s + 1 else %s - 1 end", c->name, c->name,
                 c->name, c->name);
        break;
    case ST_ID:
    case ST_YEN:
    case ST_TIME:
    case ST_IDS:
    case ST_TEXTS:
        snprintf(out, room, "%s = %s + %u", c->name, c->name, 1u << (random % 6 + 20));
        break;
    }
}

/* Any columns: such a statement is not kept by its address. */
static int64_t one_number(struct engines *e, const char *sql)
{
    struct store_statement q = {.name = "test", .sqlite = sql, .postgres = sql, .columns = -1};
    struct store_cursor *c = NULL;
    struct store_value v = {0};
    ENGINES_OK(e, store_query(&e->cx, e->st, &q, NULL, &c));
    assert_int_equal(ENGINES_OK(e, store_step(&e->cx, c, &v)), 1);
    store_cursor_close(c);
    return v.i;
}

static void save(struct engines *e, const char *table)
{
    char sql[200];
    snprintf(sql, sizeof sql, "drop table if exists saved");
    engines_tamper(e, sql);
    snprintf(sql, sizeof sql, "create table saved as select * from %s", table);
    engines_tamper(e, sql);
}

/* Puts the saved row back, so that the next flip starts from a clean database. */
static void restore(struct engines *e, const struct store_table *t, const char *key, int64_t row)
{
    char sql[4000];
    size_t n = (size_t)snprintf(sql, sizeof sql, "update %s set ", t->name);
    for (int i = 0; i < t->n_columns; i++)
        n += (size_t)snprintf(sql + n, sizeof sql - n, "%s%s = s.%s", i ? ", " : "",
                              t->columns[i].name, t->columns[i].name);
    snprintf(sql + n, sizeof sql - n, " from saved s where s.%s = %lld and %s.%s = %lld", key,
             (long long)row, t->name, key, (long long)row);
    engines_tamper(e, sql);
}

static void flip_column(struct engines *e, const struct store_table *t, int column, uint64_t random)
{
    char sql[1000];
    char flip[600];
    const char *key = t->columns[0].name;
    const struct store_column *c = &t->columns[column];
    if (column == 0)
        return; /* a changed key is a row taken out and one put in: its own test */
    snprintf(sql, sizeof sql,
             "select %s from %s where %s is not null order by (%s * %llu) %% 1009 limit 1", key,
             t->name, c->name, key, (unsigned long long)(random % 1000 + 1));
    char count[200];
    snprintf(count, sizeof count, "select count(*) from %s where %s is not null", t->name, c->name);
    if (one_number(e, count) == 0)
        return;
    int64_t row = one_number(e, sql);
    flip_sql(e, c, random, flip, sizeof flip);
    snprintf(sql, sizeof sql, "update %s set %s where %s = %lld", t->name, flip, key,
             (long long)row);
    engines_tamper(e, sql);
    expect_named(e, t->name, row, sql);
    restore(e, t, key, row);
}

static void flip_table(struct engines *e, const struct store_table *t, struct prng *p)
{
    save(e, t->name);
    for (int i = 0; i < t->n_columns; i++)
        flip_column(e, t, i, prng_next(p));
    engines_tamper(e, "drop table saved");
    expect_clean(e);
}

extern const struct store_table store_event_table, store_closure_table, store_event_mark_table;

static void test_flips(void **state)
{
    struct engines *e = *state;
    struct prng p;
    prng_seed(&p, 20261120);
    write_city(e);
    flip_table(e, &sample_resident_table, &p);
    flip_table(e, &sample_decision_table, &p);
    flip_table(e, &store_event_table, &p);
    flip_table(e, &store_closure_table, &p);
}

/* --- rows, links, closures ------------------------------------------------------------------ */

struct attack {
    const char *sql;
    const char *table;
};

static void test_attacks(void **state)
{
    static const struct attack attacks[] = {
        {"delete from decision where household_no = 7", "decision"},
        {"update decision set decision_id = decision_id + 100000 where household_no = 7",
         "decision"},
        {"insert into decision select decision_id + 100000, household_no, year, total, explanation,"
         " known_from, seal from decision where household_no = 7",
         "decision"},
        {"update resident set known_to = null where known_to is not null", "resident"},
        {"update resident set known_to = 2 where known_to is null", "resident"},
        {"delete from closure", "closure"},
        {"update chain_link set digest = (select digest from chain_link where link_no = 1)"
         " where link_no = 2",
         "chain_link"},
        {"update chain_link set last_event = 20 where link_no = 3", "chain_link"},
        {"update chain_link set first_event = 0 where link_no = 1", "chain_link"},
        {"delete from chain_link where link_no = 2", "chain_link"},
        {"update chain_part set row_count = row_count + 1 where link_no = 2", "chain_link"},
        {"update chain_part set table_name = 'x' where link_no = 2 and table_name = 'decision'",
         "chain_part"},
        {"delete from chain_part where link_no = 1", "chain_link"},
        {"update chain_part set digest = (select digest from chain_link where link_no = 1) where "
         "link_no = 2",
         "decision"},
    };
    struct engines *e = *state;
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        struct engines *one = engines_new(e->engine);
        write_city(one);
        engines_tamper(one, attacks[i].sql);
        expect_named(one, attacks[i].table, -1, attacks[i].sql);
        engines_free(one);
    }
}

static void test_cut_tail(void **state)
{
    struct engines *e = *state;
    char path[400];
    struct findings f = {.wanted_table = "chain_link", .wanted_key = "3"};
    snprintf(path, sizeof path, "%s/anchor", e->folder);
    ENGINES_OK(e, store_anchor_add(&e->cx, e->st, path));
    write_city(e);
    ENGINES_OK(e, store_anchor_add(&e->cx, e->st, path));
    assert_int_equal(ENGINES_OK(e, store_anchor_check(&e->cx, e->st, path, NULL, NULL)), 0);
    /* Cut so well that nothing inside the database tells: the last commit never was. */
    engines_tamper(e, "update resident set known_to = null");
    engines_tamper(e, "delete from resident where known_from = 3");
    engines_tamper(e, "delete from closure");
    engines_tamper(e, "delete from event where event_no = 3");
    engines_tamper(e, "delete from chain_part where link_no = 3");
    engines_tamper(e, "delete from chain_link where link_no = 3");
    expect_clean(e);
    int n = ENGINES_OK(e, store_anchor_check(&e->cx, e->st, path, note_finding, &f));
    assert_int_equal(n, 1);
    assert_true(f.named);
}

static void test_purge(void **state)
{
    struct engines *e = *state;
    char gone[100];
    int64_t first = write_city(e);
    struct store_id_list keys = {(int64_t[]){first + RESIDENTS, first + RESIDENTS + 1}, 2};
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    int64_t event = engines_event(e, "retention.purge");
    ENGINES_OK(e, store_purge(&e->cx, e->st, &sample_decision_table, &keys, event));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    assert_int_equal(one_number(e, "select count(*) from decision"), DECISIONS - 2);
    expect_clean(e); /* the content and its salt are gone, the chain still holds */
    snprintf(gone, sizeof gone, "delete from purged where row_key = %lld", (long long)keys.p[0]);
    engines_tamper(e, gone);
    expect_named(e, "decision", -1, gone);
}

/* --- many rows at once --------------------------------------------------------------------------
 */

enum { MANY = 3000, HUGE_ROW = 1234, HUGE_BYTES = 100000, BAD_ROW = 2345 };

static int write_many(struct engines *e, struct str bad)
{
    struct sample_resident *rows = calloc(MANY, sizeof *rows);
    char *huge = malloc(HUGE_BYTES);
    int64_t first = 0;
    assert_true(rows && huge);
    memset(huge, 'x', HUGE_BYTES);
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    ENGINES_OK(e, store_ids(&e->cx, e->st, MANY, &first));
    const int64_t event = engines_event(e, "test.in");
    for (int i = 0; i < MANY; i++)
        rows[i] = (struct sample_resident){.resident_row_id = first + i,
                                           .resident_no = STR("1234567"),
                                           .kana = STR("スズキ　ハナコ"),
                                           .birth = ymd_of(1990, 1, 1),
                                           .moved_month = month_of(2020, 1),
                                           .income = YEN(i),
                                           .photo = STR("bytes"),
                                           .valid_from = ymd_of(2020, 1, 1),
                                           .known_from = event};
    rows[HUGE_ROW].photo = (struct str){huge, HUGE_BYTES};
    if (bad.p)
        rows[BAD_ROW].kana = bad;
    int rc = sample_resident_bulk(&e->cx, e->st, rows, MANY);
    if (rc >= 0)
        rc = store_commit(&e->cx, e->st);
    else
        store_rollback(e->st);
    free(rows);
    free(huge);
    return rc;
}

/* Rows sealed ahead, one too big for that, and those after it: all are whole. */
static void test_many(void **state)
{
    struct engines *e = *state;
    ENGINES_OK(e, write_many(e, STR_NONE));
    assert_int_equal(one_number(e, "select count(*) from resident"), MANY);
    expect_clean(e);
    /* One that may not be written is named, and nothing of the whole is there. */
    assert_int_equal(write_many(e, (struct str){"a\0b", 3}), ERR_INVALID);
    struct text said;
    text_init(&said, 4096);
    assert_true(error_render_log(&e->cx.error, &said) >= 0);
    assert_non_null(memmem(text_str(&said).p, text_str(&said).n, "row 2345 of 3000", 16));
    text_release(&said);
    error_clear(&e->cx);
    assert_int_equal(one_number(e, "select count(*) from resident"), MANY);
    expect_clean(e);
}

int main(void)
{
    store_schema_add(&sample_schema);
    const struct CMUnitTest tests[] = {
        ENGINES_TESTS("an untouched database is clean [E1]", test_clean),
        ENGINES_TESTS("a flipped byte in any column of any chained row is named [E1]", test_flips),
        ENGINES_TESTS("rows taken out or put in, links and closures changed are named [E1]",
                      test_attacks),
        ENGINES_TESTS("a cut tail is found by the anchor [E1]", test_cut_tail),
        ENGINES_TESTS("rows of a bulk insert are sealed whole, or none is written [E1]", test_many),
        ENGINES_TESTS("rows deleted at their time leave the chain whole [E1]", test_purge),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
