/* Backup while others write, restore on either engine; statements and plans of the store itself. */
#include "engines.h"
#include "sample_sql.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void write_some(struct engines *e, int rounds)
{
    for (int round = 0; round < rounds; round++) {
        struct sample_resident rows[20];
        int64_t first = 0;
        ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
        ENGINES_OK(e, store_ids(&e->cx, e->st, 20, &first));
        int64_t event = engines_event(e, "test.in");
        for (int i = 0; i < 20; i++)
            rows[i] = (struct sample_resident){.resident_row_id = first + i,
                                               .resident_no = STR("1"),
                                               .kana = i % 3 ? STR("サトウ") : STR_NONE,
                                               .birth = ymd_of(1950 + i, 3, 1),
                                               .moved_month = MONTH_NONE,
                                               .income_null = i % 2 == 0,
                                               .photo = {"\0\1", 2},
                                               .valid_from = ymd_of(2020, 1, 1),
                                               .valid_to = YMD_NONE,
                                               .known_from = event};
        ENGINES_OK(e, sample_resident_bulk(&e->cx, e->st, rows, 20));
        ENGINES_OK(e, sample_resident_close(&e->cx, e->st, first, event));
        struct sample_note_put_in note = {.name = STR("n"), .n = round};
        ENGINES_OK(e, sample_note_put(&e->cx, e->st, &note));
        ENGINES_OK(e, store_commit(&e->cx, e->st));
    }
}

static struct digest state_of(struct engines *e)
{
    struct digest d;
    ENGINES_OK(e, store_state_digest(&e->cx, e->st, &d));
    return d;
}

/* A database without tables, for a restore. */
static struct engines *empty(enum store_engine engine)
{
    struct engines *e = engines_new(engine);
    store_close(e->st);
    e->st = NULL;
    if (engine == STORE_POSTGRES) {
        engines_tamper(e, "drop schema public cascade");
        engines_tamper(e, "create schema public");
    } else {
        char path[300];
        static const char *const ends[] = {"", "-wal", "-shm"};
        for (int i = 0; i < 3; i++) {
            snprintf(path, sizeof path, "%s/city.db%s", e->folder, ends[i]);
            unlink(path);
        }
    }
    return e;
}

static void drill(struct engines *e, enum store_engine engine)
{
    char path[300];
    struct digest before = state_of(e);
    struct engines *copy = empty(engine);
    snprintf(path, sizeof path, "%s/backup", copy->folder);
    ENGINES_OK(e, store_backup(&e->cx, e->st, path));
    ENGINES_OK(copy, store_restore(&copy->cx, path, copy->url));
    ENGINES_OK(copy, store_open(&copy->cx, copy->url, STORE_WRITE, &copy->st));
    struct digest after = state_of(copy);
    assert_true(digest_equal(&before, &after));
    assert_int_equal(ENGINES_OK(copy, store_verify(&copy->cx, copy->st, NULL, NULL)), 0);
    write_some(copy, 1); /* numbers and the chain go on where they were */
    assert_int_equal(ENGINES_OK(copy, store_verify(&copy->cx, copy->st, NULL, NULL)), 0);
    engines_free(copy);
}

static void test_drill(void **state)
{
    struct engines *e = *state;
    write_some(e, 3);
    drill(e, STORE_SQLITE);
    if (engines_have_postgres())
        drill(e, STORE_POSTGRES);
}

static void test_damaged(void **state)
{
    struct engines *e = *state;
    char path[300];
    write_some(e, 2);
    struct engines *copy = empty(e->engine);
    snprintf(path, sizeof path, "%s/backup", copy->folder);
    ENGINES_OK(e, store_backup(&e->cx, e->st, path));
    assert_int_equal(store_restore(&e->cx, path, e->url), ERR_DUPLICATE); /* not empty */
    error_clear(&e->cx);
    struct text file;
    text_init(&file, 64 << 20);
    ENGINES_OK(e, file_read(&e->cx, path, 64 << 20, &file));
    for (int i = 0; i < 40; i++) {
        size_t at = file.n * (size_t)i / 40;
        file.p[at] = (char)(file.p[at] ^ 0x20);
        ENGINES_OK(e, file_write(&e->cx, path, text_str(&file)));
        assert_true(store_restore(&copy->cx, path, copy->url) < 0);
        file.p[at] = (char)(file.p[at] ^ 0x20);
        error_clear(&copy->cx);
        ENGINES_OK(e, file_write(&e->cx, path, (struct str){file.p, at}));
        assert_int_equal(store_restore(&copy->cx, path, copy->url), ERR_CORRUPT);
        error_clear(&copy->cx);
    }
    ENGINES_OK(e, file_write(&e->cx, path, text_str(&file)));
    ENGINES_OK(copy, store_restore(&copy->cx, path, copy->url));
    ENGINES_OK(copy, store_open(&copy->cx, copy->url, STORE_READ, &copy->st));
    text_release(&file);
    engines_free(copy);
}

/* Another connection writes on while the backup runs. */
static void test_online(void **state)
{
    struct engines *e = *state;
    char path[300];
    struct store *other = NULL;
    write_some(e, 2);
    struct digest before = state_of(e);
    ENGINES_OK(e, store_open(&e->cx, e->url, STORE_READ, &other));
    ENGINES_OK(e, STORE_BEGIN_READ(&e->cx, other));
    int64_t last = 0;
    ENGINES_OK(e, event_last(&e->cx, other, &last)); /* the moment of the backup */
    write_some(e, 2);
    struct engines *copy = empty(e->engine);
    snprintf(path, sizeof path, "%s/backup", copy->folder);
    ENGINES_OK(e, store_backup(&e->cx, other, path));
    store_rollback(other);
    store_close(other);
    ENGINES_OK(copy, store_restore(&copy->cx, path, copy->url));
    ENGINES_OK(copy, store_open(&copy->cx, copy->url, STORE_WRITE, &copy->st));
    struct digest after = state_of(copy);
    assert_true(digest_equal(&before, &after));
    engines_free(copy);
}

/* --- statements ------------------------------------------------------------------------------ */

static void test_statements(void **state)
{
    struct engines *e = *state;
    assert_true(ENGINES_OK(e, store_check_statements(&e->cx, e->st)) > 50);
}

static int see_scan(void *arg, const struct store_statement *q, const struct store_table *t,
                    struct str detail)
{
    int *seen = arg;
    (void)t;
    (void)detail;
    *seen += strcmp(q->name, "sample.residents_named") == 0;
    return OK;
}

static void test_scan_is_seen(void **state)
{
    struct engines *e = *state;
    int seen = 0;
    assert_true(ENGINES_OK(e, store_plan_scans(&e->cx, e->st, see_scan, &seen)) > 0);
    assert_int_equal(seen, 1); /* kana has no index */
}

static int count_column(void *arg, const struct store_table *t, const struct store_column *c)
{
    int *n = arg;
    assert_true(*c->label && *c->file && *c->group && *c->keep && *c->mask && *c->disclose);
    *n += strcmp(t->name, "resident") == 0;
    return OK;
}

static void test_data_map(void **state)
{
    struct engines *e = *state;
    int n = 0;
    ENGINES_OK(e, store_each_column(&e->cx, e->st, count_column, &n));
    assert_int_equal(n, sample_resident_table.n_columns);
}

int main(void)
{
    store_schema_add(&sample_schema);
    const struct CMUnitTest tests[] = {
        ENGINES_TESTS("backup and restore on both engines: same state, clean, goes on [F8 F4]",
                      test_drill),
        ENGINES_TESTS("a damaged or cut backup is refused [F8 F6]", test_damaged),
        ENGINES_TESTS("backup as of one moment while others write [F8]", test_online),
        ENGINES_TESTS("every statement prepares with the columns it promises [F4]",
                      test_statements),
        ENGINES_TEST_SQLITE("a full scan of a big table is seen", test_scan_is_seen),
        ENGINES_TESTS("every column says what it is", test_data_map),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
