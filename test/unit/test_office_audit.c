/* The audit store: what stands in a line, no line no act, and that nothing can be changed unseen.
 */
#include "town.h"

#include "office/inner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct actor suzuki = {.user_id = 77,
                                    .user_name = {"suzuki", 6},
                                    .full_name = {"鈴木", 6},
                                    .branch = {"main", 4},
                                    .terminal = {"窓口3", 7},
                                    .role = ROLE_CLERK};
static const struct actor sato = {.user_id = 78,
                                  .user_name = {"sato", 4},
                                  .full_name = {"佐藤", 6},
                                  .branch = {"main", 4},
                                  .terminal = {"窓口4", 7},
                                  .role = ROLE_CLERK};

static void look(struct town *t, int64_t person, enum audit_class class)
{
    TOWN_OK(t, audit_write(&t->w, &(struct audit_line){.class = class,
                                                       .person_id = person,
                                                       .household_id = person + 1000,
                                                       .purpose = STR("窓口照会"),
                                                       .count = 1}));
}

static struct audit_rows find(struct town *t, struct audit_search s)
{
    struct audit_rows rows;
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit, &s, &rows));
    return rows;
}
#define ANY .from = YMD_NONE, .to = YMD_NONE

static void test_six_items(void **state)
{
    struct town *t = *state;
    t->w.actor = &suzuki;
    t->w.screen = "party.screen.person";
    look(t, 5, AUDIT_INQUIRY);
    TOWN_OK(t, audit_outcome(&t->w, OK, 3));
    env_advance(t->env, 1000000);
    look(t, 6, AUDIT_CHANGE);
    TOWN_OK(t, audit_outcome(&t->w, ERR_STALE, 0));
    struct audit_rows rows = find(t, (struct audit_search){ANY});
    assert_int_equal(rows.n, 2);
    assert_true(str_is(rows.rows[1].user_name, "suzuki"));
    assert_true(str_is(rows.rows[1].terminal, "窓口3"));
    assert_true(rows.rows[1].time_us == t->env->now_us(t->env) - 1000000);
    assert_true(str_is(rows.rows[1].screen, "party.screen.person"));
    assert_true(str_is(rows.rows[1].class, "inquiry"));
    assert_int_equal(rows.rows[1].person_id, 5);
    assert_int_equal(rows.rows[1].household_id, 1005);
    assert_int_equal(rows.rows[1].count, 3);
    assert_true(str_is(rows.rows[1].branch, "main"));
    assert_true(str_is(rows.rows[1].purpose, "窓口照会"));
    assert_true(str_is(rows.rows[0].class, "change"));
    assert_int_equal(rows.rows[0].result, ERR_STALE);
}

static void test_find(void **state)
{
    struct town *t = *state;
    for (int i = 0; i < 40; i++) {
        t->w.actor = i % 2 ? &suzuki : &sato;
        t->w.screen = i % 4 ? "one" : "two";
        look(t, 100 + i % 10, AUDIT_INQUIRY);
        env_advance(t->env, INT64_C(3600) * 1000000 * 3);
    }
    assert_int_equal(find(t, (struct audit_search){ANY}).n, 40);
    assert_int_equal(find(t, (struct audit_search){.user_name = STR("suzuki"), ANY}).n, 20);
    assert_int_equal(find(t, (struct audit_search){.person_id = 103, ANY}).n, 4);
    assert_int_equal(
        find(t, (struct audit_search){.person_id = 103, .user_name = STR("sato"), ANY}).n, 0);
    assert_int_equal(find(t, (struct audit_search){.screen = STR("two"), ANY}).n, 10);
    struct ymd second = ymd_of(2026, 6, 16);
    struct audit_rows day = find(t, (struct audit_search){.from = second, .to = second});
    assert_int_equal(day.n, 8); /* every third hour */
    struct audit_rows page = find(t, (struct audit_search){ANY, .limit = 15});
    assert_int_equal(page.n, 15);
    struct audit_rows next = find(t, (struct audit_search){ANY, .limit = 15, .before = page.last});
    assert_int_equal(next.n, 15);
    assert_true(next.rows[0].line_no < page.rows[14].line_no);
    t->w.actor = &suzuki;
}

/* SEC-021: outside of 08:00-19:00, Saturdays, Sundays and holidays. */
static void test_abnormal(void **state)
{
    struct town *t = *state;
    t->w.actor = &suzuki;
    look(t, 1, AUDIT_INQUIRY); /* Monday 09:00 */
    env_advance(t->env, INT64_C(12) * 3600 * 1000000);
    look(t, 2, AUDIT_INQUIRY); /* Monday 21:00 */
    env_advance(t->env, INT64_C(12) * 3600 * 1000000);
    look(t, 3, AUDIT_INQUIRY); /* Tuesday 09:00 */
    env_advance(t->env, INT64_C(4) * 24 * 3600 * 1000000);
    look(t, 4, AUDIT_INQUIRY); /* Saturday 09:00 */
    env_advance(t->env, INT64_C(30) * 24 * 3600 * 1000000);
    look(t, 5, AUDIT_INQUIRY); /* Monday 2026-07-20, 海の日 */
    struct audit_rows rows = find(t, (struct audit_search){.abnormal = true, ANY});
    assert_int_equal(rows.n, 3);
    assert_int_equal(rows.rows[0].person_id, 5);
    assert_int_equal(rows.rows[1].person_id, 4);
    assert_int_equal(rows.rows[2].person_id, 2);
}

static void test_no_line_no_act(void **state)
{
    struct town *t = *state;
    int64_t before;
    int64_t after;
    t->w.actor = &suzuki;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    fault_arm("audit.write:1");
    int rc = vault_put(&t->w, 5, STR("123456789018"), STR("届出"));
    town_refused(t, rc, ERR_FAULT, "office.audit.write");
    fault_arm(NULL);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(before, after);
    assert_int_equal(t->w.looks, 0);
    TOWN_OK(t, vault_put(&t->w, 5, STR("123456789018"), STR("届出")));
    assert_int_equal(t->w.looks, 1);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(before + 1, after);
}

/* A commit of the audit store that fails must not leave a chain that the next line continues. */
static void test_failed_commit(void **state)
{
    struct town *t = *state;
    t->w.actor = &suzuki;
    look(t, 1, AUDIT_INQUIRY);
    fault_arm("store.before_commit:1");
    int rc = audit_write(&t->w, &(struct audit_line){.class = AUDIT_INQUIRY, .person_id = 2});
    assert_int_equal(rc, ERR_FAULT);
    fault_arm(NULL);
    error_clear(&t->w.cx);
    look(t, 3, AUDIT_INQUIRY);
    assert_int_equal(find(t, (struct audit_search){ANY}).n, 2);
}

struct seen {
    int n;
    char table[40];
    char key[40];
};

static int keep_first(void *arg, const struct finding *f)
{
    struct seen *s = arg;
    if (s->n++ == 0) {
        snprintf(s->table, sizeof s->table, STR_FMT, STR_ARG(f->table));
        snprintf(s->key, sizeof s->key, STR_FMT, STR_ARG(f->key));
    }
    return OK;
}

static void fill(struct town *t)
{
    t->w.actor = &suzuki;
    for (int i = 0; i < 20; i++) {
        look(t, i + 1, AUDIT_INQUIRY);
        TOWN_OK(t, audit_outcome(&t->w, OK, 1));
    }
    struct str file;
    TOWN_OK(t, audit_anchor(&t->w, &file));
    assert_int_equal(town_findings(t, true), 0);
}

/* Every column of a line, one after the other: the finding names table and row. */
static void test_changed_line(void **state)
{
    static const char *const changes[] = {
        "update audit_line set user_name = 'satou' where line_no = 7",
        "update audit_line set user_id = user_id + 1 where line_no = 7",
        "update audit_line set person_id = 9999 where line_no = 7",
        "update audit_line set time_us = time_us + 1 where line_no = 7",
        "update audit_line set terminal = 'x' where line_no = 7",
        "update audit_line set branch = 'x' where line_no = 7",
        "update audit_line set screen = 'x' where line_no = 7",
        "update audit_line set class = 'change' where line_no = 7",
        "update audit_line set purpose = '' where line_no = 7",
        "update audit_line set conditions = 'x' where line_no = 7",
        "update audit_line set household_id = 0 where line_no = 7",
        "update audit_line set job_id = 5 where line_no = 7",
        "update audit_line set persons = 5 where line_no = 7",
        "update audit_line set result = 1 where line_no = 7",
        "update audit_line set is_off_hours = 1 - is_off_hours where line_no = 7",
        "update audit_line set outcome_of = 3 where line_no = 7",
        "update audit_line set line_no = 7000 where line_no = 7",
        "update audit_line set sequence = 7000 where line_no = 7",
        "update audit_line set link = salt where line_no = 7",
        "update audit_line set salt = link where line_no = 7",
        "update audit_line set content = link where line_no = 7",
        "delete from audit_line where line_no = 7",
    };
    struct town *t = *state;
    t->tampered = true;
    fill(t);
    work_close(&t->w);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct seen s = {0};
        engines_tamper(t->audit, "create table keep as select * from audit_line");
        engines_tamper(t->audit, changes[i]);
        TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
        int n = TOWN_OK(t, audit_verify(&t->w.cx, t->w.audit, keep_first, &s));
        if (n == 0 || strcmp(s.table, "audit_line") != 0)
            fail_msg("not found: %s (%d %s %s)", changes[i], n, s.table, s.key);
        work_close(&t->w);
        engines_tamper(t->audit, "delete from audit_line");
        engines_tamper(t->audit, "insert into audit_line select * from keep");
        engines_tamper(t->audit, "drop table keep");
    }
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    assert_int_equal(town_findings(t, true), 0);
}

/* Random bytes of the file itself: verify finds it, cannot read on, or the byte held nothing. */
static int64_t lines_sum(struct town *t)
{
    struct audit_rows rows;
    struct hasher h;
    struct audit_search s = {.limit = 1000, .from = YMD_NONE, .to = YMD_NONE};
    if (audit_find(&t->w.cx, t->w.audit, &s, &rows) < 0)
        return -1;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < rows.n; i++) {
        hash_int(&h, rows.rows[i].line_no);
        hash_int(&h, rows.rows[i].time_us);
        hash_text(&h, rows.rows[i].user_name);
        hash_int(&h, rows.rows[i].person_id);
        hash_text(&h, rows.rows[i].purpose);
    }
    struct digest d = hash_end(&h);
    int64_t sum;
    memcpy(&sum, d.b, sizeof sum);
    return sum & INT64_MAX;
}

static void flip(const char *path, off_t at, unsigned char mask)
{
    unsigned char byte;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= mask;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

static void test_flipped_byte(void **state)
{
    enum { FLIPS = 120 };
    struct town *t = *state;
    struct prng random;
    int found = 0;
    int quiet = 0;
    static struct audit_line lines[600];
    t->tampered = true;
    fill(t);
    for (size_t i = 0; i < 600; i++)
        lines[i] = (struct audit_line){.class = AUDIT_PRINT,
                                       .person_id = (int64_t)i + 100,
                                       .purpose = STR("納入通知書"),
                                       .count = 1};
    TOWN_OK(t, audit_write_many(&t->w, lines, 600));
    int64_t before = lines_sum(t);
    work_close(&t->w);
    engines_tamper(t->audit, "pragma wal_checkpoint(truncate)");
    const char *path = t->audit->url + strlen("sqlite:");
    int fd = open(path, O_RDONLY);
    off_t size = lseek(fd, 0, SEEK_END);
    close(fd);
    prng_seed(&random, 7);
    for (int i = 0; i < FLIPS; i++) {
        off_t at = (off_t)prng_below(&random, (uint64_t)size);
        unsigned char mask = (unsigned char)(1u << prng_below(&random, 8));
        flip(path, at, mask);
        error_clear(&t->cx);
        int n = work_open(&t->w, &t->cx, t->path, STORE_WRITE);
        if (n >= 0)
            n = audit_verify(&t->w.cx, t->w.audit, NULL, NULL);
        if (n == 0 && lines_sum(t) != before)
            fail_msg("byte %lld: changed and not found", (long long)at);
        found += n != 0;
        quiet += n == 0;
        work_close(&t->w);
        flip(path, at, mask);
    }
    print_message("# %d flips: %d found, %d in bytes that hold nothing\n", FLIPS, found, quiet);
    assert_true(found > FLIPS / 3);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    assert_int_equal(town_findings(t, true), 0);
}

static void test_cut_tail(void **state)
{
    struct town *t = *state;
    struct seen s = {0};
    t->tampered = true;
    fill(t);
    work_close(&t->w);
    engines_tamper(t->audit, "delete from audit_line where line_no > 30");
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    assert_true(TOWN_OK(t, audit_verify(&t->w.cx, t->w.audit, keep_first, &s)) > 0);
    assert_string_equal(s.table, "audit_anchor");
    work_close(&t->w);
    /* The anchor goes too: only the file that left the machine still knows. */
    engines_tamper(t->audit, "delete from audit_anchor");
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    assert_int_equal(town_findings(t, true), 0);
    char path[400];
    struct text file;
    snprintf(path, sizeof path, "%s/anchors/2026-06-15.txt", t->path);
    text_init(&file, 1000);
    TOWN_OK(t, file_read(&t->cx, path, 1000, &file));
    s = (struct seen){0};
    assert_int_equal(TOWN_OK(t, audit_verify_anchor(&t->w.cx, t->w.audit, text_str(&file),
                                                    keep_first, &s)),
                     1);
    text_release(&file);
}

static void test_anchor_file(void **state)
{
    struct town *t = *state;
    struct text file;
    struct seen s = {0};
    char path[400];
    fill(t);
    env_advance(t->env, INT64_C(24) * 3600 * 1000000);
    t->w.today = env_today(t->env);
    look(t, 50, AUDIT_INQUIRY);
    struct str name;
    TOWN_OK(t, audit_anchor(&t->w, &name));
    assert_true(name.n > 0);
    TOWN_OK(t, audit_anchor(&t->w, &name));
    assert_int_equal(name.n, 0); /* once a day */
    for (int day = 15; day <= 16; day++) {
        snprintf(path, sizeof path, "%s/anchors/2026-06-%d.txt", t->path, day);
        text_init(&file, 1000);
        TOWN_OK(t, file_read(&t->cx, path, 1000, &file));
        int n =
            TOWN_OK(t, audit_verify_anchor(&t->w.cx, t->w.audit, text_str(&file), keep_first, &s));
        assert_int_equal(n, 0);
        text_release(&file);
    }
}

/* Two processes write at the same time: two chains, both good. */
static void test_two_writers(void **state)
{
    struct town *t = *state;
    struct work other;
    TOWN_OK(t, work_open(&other, &t->cx, t->path, STORE_WRITE));
    t->w.actor = &suzuki;
    for (int i = 0; i < 10; i++) {
        look(t, i + 1, AUDIT_INQUIRY);
        TOWN_OK(t, audit_write(&other, &(struct audit_line){.class = AUDIT_OUTPUT}));
    }
    work_close(&other);
    assert_int_equal(find(t, (struct audit_search){ANY}).n, 20);
}

/* A budget, not a stopwatch: two statements a line, outcomes ride along without a sync of their
 * own. The time is printed for the reader. */
static void test_cost(void **state)
{
    enum { LINES = 500 };
    struct town *t = *state;
    struct env *real = env_real();
    t->w.actor = &suzuki;
    look(t, 1, AUDIT_INQUIRY);
    uint64_t statements = store_statements(audit_store(t->w.audit));
    int64_t from = real->monotonic_us(real);
    for (int i = 0; i < LINES; i++) {
        struct arena_mark mark = arena_mark(t->w.cx.arena);
        look(t, i + 1, AUDIT_INQUIRY);
        TOWN_OK(t, audit_outcome(&t->w, OK, 1));
        arena_rewind(t->w.cx.arena, mark);
    }
    int64_t each = (real->monotonic_us(real) - from) / LINES;
    print_message("# one audit line with its outcome: %lld us\n", (long long)each);
    statements = store_statements(audit_store(t->w.audit)) - statements;
    assert_true(statements <= 3 * LINES);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk};
    office_desks_set(desks, 1);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "a line says user, terminal, time, screen, kind of access and person [SEC-017 SEC-018]",
            test_six_items),
        TOWN_TESTS("lines are found by person, user, screen and period, page by page [SEC-020]",
                   test_find),
        TOWN_TESTS("access outside of hours and on closed days stands out [SEC-021]",
                   test_abnormal),
        TOWN_TESTS("without the line nothing happens [E2]", test_no_line_no_act),
        TOWN_TESTS("a failed commit begins a new chain [E2 SEC-022]", test_failed_commit),
        TOWN_TESTS("a changed, moved or deleted line is found with table and row [E1 SEC-022]",
                   test_changed_line),
        TOWN_TEST_SQLITE("a flipped byte of the file is found or held nothing [E1]",
                         test_flipped_byte),
        TOWN_TESTS("a cut tail is found by the daily anchor, or by its file [E1]", test_cut_tail),
        TOWN_TESTS("the daily anchor is written once and its file agrees [E1]", test_anchor_file),
        TOWN_TESTS("two processes keep two chains [SEC-022]", test_two_writers),
        TOWN_TESTS("a line costs little [P3]", test_cost),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
