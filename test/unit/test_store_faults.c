/*
 * Memory, disk and process fail; the database stays whole.
 *
 * A sample runs here; HOKENKA_TEST_FULL=1 makes every allocation and every disk operation fail in
 * turn. After each fault: verify is clean and the transaction is there wholly or not at all.
 */
#include "engines.h"
#include "sample_sql.h"
#include "vfs_fault.h"

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROWS = 40, SAMPLES = 60, CHUNKS = 200, CHUNK = 200 };

static uint64_t step_of(uint64_t n)
{
    if (env_variable("HOKENKA_TEST_FULL"))
        return 1;
    uint64_t wanted = env_variable("HOKENKA_TEST_SMALL") ? SAMPLES / 6 : SAMPLES;
    return n / wanted + 1;
}

static int64_t count_rows(struct engines *e)
{
    struct sample_decision_total_row total;
    ENGINES_OK(e, sample_decision_total(&e->cx, e->st, &total));
    return total.n;
}

static int see_row(void *arg, const struct sample_decisions_row *row)
{
    int64_t *sum = arg;
    *sum += row->total.n;
    return OK;
}

/* Opens, reads, writes one transaction of everything, streams, closes. */
static int scenario(struct engines *e)
{
    struct sample_decision rows[ROWS];
    int64_t first = 0;
    int64_t sum = 0;
    struct event event = {.kind = STR("test.fault"),
                          .effective = ymd_of(2026, 1, 1),
                          .received = ymd_of(2026, 1, 1)};
    struct sample_note_put_in note = {.name = STR("n"), .n = 1};
    int rc = store_open(&e->cx, e->url, STORE_WRITE, &e->st);
    if (rc >= 0)
        rc = STORE_BEGIN(&e->cx, e->st);
    if (rc >= 0)
        rc = store_ids(&e->cx, e->st, ROWS, &first);
    if (rc >= 0)
        rc = event_open(&e->cx, e->st, &event);
    for (int i = 0; i < ROWS; i++)
        rows[i] = (struct sample_decision){.decision_id = first + i,
                                           .total = YEN(1),
                                           .explanation = STR("because"),
                                           .known_from = event.no};
    if (rc >= 0)
        rc = sample_decision_bulk(&e->cx, e->st, rows, ROWS);
    if (rc >= 0)
        rc = sample_note_put(&e->cx, e->st, &note);
    if (rc >= 0)
        rc = store_commit(&e->cx, e->st);
    else if (e->st)
        store_rollback(e->st);
    if (rc >= 0)
        rc = sample_decisions_each(&e->cx, e->st, see_row, &sum);
    store_close(e->st);
    e->st = NULL;
    return rc;
}

/* All or nothing, and nothing else: returns the rows there are now. */
static int64_t expect_whole(struct engines *e, int64_t before, const char *what, uint64_t n)
{
    struct arena_mark mark = {0};
    error_clear(&e->cx);
    engines_reopen(e, STORE_WRITE);
    int64_t now = count_rows(e);
    if (now != before && now != before + ROWS)
        fail_msg("%s %llu: %lld rows, %lld before", what, (unsigned long long)n, (long long)now,
                 (long long)before);
    if (ENGINES_OK(e, store_verify(&e->cx, e->st, NULL, NULL)) != 0)
        fail_msg("%s %llu: verify finds something", what, (unsigned long long)n);
    store_close(e->st);
    e->st = NULL;
    arena_rewind(&e->arena, mark);
    return now;
}

static void test_allocations(void **state)
{
    struct engines *e = *state;
    int failures = 0;
    store_close(e->st);
    e->st = NULL;
    uint64_t from = memory_allocations();
    ENGINES_OK(e, scenario(e));
    uint64_t all = memory_allocations() - from;
    int64_t rows = expect_whole(e, 0, "none", 0);
    for (int for_good = 0; for_good < 2; for_good++) {
        for (uint64_t n = 1; n <= all; n += step_of(all)) {
            memory_fail_at(n, for_good != 0);
            int rc = scenario(e);
            memory_fail_at(0, false);
            failures += rc < 0;
            if (rc < 0 && rc != ERR_MEMORY)
                assert_int_equal(rc, ERR_IO); /* SQLite may say that it could not open */
            rows = expect_whole(e, rows, "allocation", n);
        }
    }
    assert_true(failures > 10);
    engines_reopen(e, STORE_WRITE);
}

struct disk_fault {
    enum vfs_operation operation;
    int code;
    bool for_good;
};

static void test_disk(void **state)
{
    static const struct disk_fault faults[] = {
        {VFS_WRITE, SQLITE_FULL, false},       {VFS_WRITE, SQLITE_IOERR_WRITE, true},
        {VFS_SYNC, SQLITE_IOERR_FSYNC, false}, {VFS_SYNC, SQLITE_IOERR_FSYNC, true},
        {VFS_READ, SQLITE_IOERR_READ, false},  {VFS_OPEN, SQLITE_CANTOPEN, true},
        {VFS_SHM, SQLITE_IOERR_SHMMAP, false}, {VFS_TRUNCATE, SQLITE_IOERR_TRUNCATE, false}};
    struct engines *e = *state;
    int failures = 0;
    store_close(e->st);
    e->st = NULL;
    ENGINES_OK(e, scenario(e));
    int64_t rows = expect_whole(e, 0, "none", 0);
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        const struct disk_fault *f = &faults[i];
        vfs_fault_at(f->operation, 0, 0, false);
        ENGINES_OK(e, scenario(e));
        uint64_t all = vfs_fault_count(f->operation);
        rows = expect_whole(e, rows, "none", 0);
        for (uint64_t n = 1; n <= all; n += step_of(all * 8)) {
            vfs_fault_at(f->operation, n, f->code, f->for_good);
            failures += scenario(e) < 0;
            vfs_fault_at(f->operation, 0, 0, false);
            rows = expect_whole(e, rows, "disk operation", n);
        }
    }
    assert_true(failures > 3);
    engines_reopen(e, STORE_WRITE);
}

/* Anchors and backups go through env. */
static void test_env_files(void **state)
{
    static const char *const operations[] = {"open", "write", "sync", "rename"};
    struct engines *e = *state;
    char path[300];
    snprintf(path, sizeof path, "%s/backup", e->folder);
    for (size_t i = 0; i < 4; i++) {
        struct env faulty;
        struct env *usual = e->cx.env;
        env_faulty(&faulty, usual, operations[i], 1, i == 1 ? ENOSPC : EIO);
        e->cx.env = &faulty;
        assert_int_equal(store_backup(&e->cx, e->st, path), ERR_IO);
        e->cx.env = usual;
        env_release(&faulty);
        error_clear(&e->cx);
        assert_int_equal(access(path, F_OK), -1);
    }
    ENGINES_OK(e, store_backup(&e->cx, e->st, path));
    assert_int_equal(access(path, F_OK), 0);
}

/* --- kill -9 ---------------------------------------------------------------------------------- */

/* The job of a child: goes on at the first chunk that is not there. */
static int work(struct context *cx, struct store *st)
{
    static struct sample_decision rows[CHUNK];
    struct sample_decision_total_row total;
    int rc = sample_decision_total(cx, st, &total);
    for (int64_t chunk = rc < 0 ? CHUNKS : total.n / CHUNK; chunk < CHUNKS; chunk++) {
        int64_t first = 0;
        struct event event = {.kind = STR("test.chunk"),
                              .effective = ymd_of(2026, 1, 1),
                              .received = ymd_of(2026, 1, 1)};
        rc = STORE_BEGIN(cx, st);
        if (rc < 0)
            return rc;
        rc = store_ids(cx, st, CHUNK, &first);
        if (rc >= 0)
            rc = event_open(cx, st, &event);
        for (int i = 0; i < CHUNK; i++)
            rows[i] = (struct sample_decision){.decision_id = first + i,
                                               .household_no = chunk * CHUNK + i,
                                               .total = YEN(chunk * 7 + i),
                                               .explanation = STR("a chunk of the job"),
                                               .known_from = event.no};
        if (rc >= 0)
            rc = sample_decision_bulk(cx, st, rows, CHUNK);
        if (rc >= 0)
            rc = store_commit(cx, st);
        else
            store_rollback(st);
        if (rc < 0)
            return rc;
    }
    return rc < 0 ? rc : OK;
}

static void child(const char *url)
{
    struct context cx;
    struct arena arena;
    struct store *st = NULL;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    int rc = store_open(&cx, url, STORE_BATCH, &st);
    if (rc >= 0)
        rc = work(&cx, st);
    _exit(rc == ERR_RETRY ? 2 : rc < 0 ? 1 : 0);
}

/* Runs the job in a child and kills it after some time; true when it came to its end. */
static bool run_and_kill(struct engines *e, useconds_t after)
{
    int status = 0;
    fflush(stdout);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(e->url);
    usleep(after);
    kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 1)
        fail_msg("the job failed by itself");
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* At first soon after the start, later later, so that the job ends on any machine; a kill before
 * anything was done (a slow start, a sanitizer) makes the next one come clearly later. */
static useconds_t delay_us(struct prng *p, int kills, uint64_t start_us)
{
    return (useconds_t)(start_us + prng_below(p, 9000) + (uint64_t)kills * 150);
}

static void test_kill(void **state)
{
    struct engines *e = *state;
    struct prng p;
    struct digest killed;
    struct digest calm;
    int kills = 0;
    int64_t rows = 0;
    uint64_t start_us = 3000;
    prng_seed(&p, 9);
    store_close(e->st);
    e->st = NULL;
    while (!run_and_kill(e, delay_us(&p, kills, start_us))) {
        const int64_t before = rows;
        kills++;
        engines_reopen(e, STORE_READ);
        rows = count_rows(e);
        assert_int_equal(rows % CHUNK, 0);
        assert_true(rows >= before);
        start_us += rows == before ? start_us / 10 : 0;
        assert_int_equal(ENGINES_OK(e, store_verify(&e->cx, e->st, NULL, NULL)), 0);
        store_close(e->st);
        e->st = NULL;
    }
    engines_reopen(e, STORE_WRITE);
    assert_int_equal(count_rows(e), CHUNKS * CHUNK);
    ENGINES_OK(e, store_state_digest(&e->cx, e->st, &killed));
    struct engines *other = engines_new(STORE_SQLITE);
    ENGINES_OK(other, work(&other->cx, other->st));
    ENGINES_OK(other, store_state_digest(&other->cx, other->st, &calm));
    assert_true(digest_equal(&killed, &calm));
    engines_free(other);
    print_message("%d kills\n", kills);
    assert_true(kills >= 10);
}

int main(void)
{
    store_schema_add(&sample_schema);
    engines_free(engines_new(STORE_SQLITE)); /* SQLite takes its allocator before it takes a VFS */
    vfs_fault_install();
    const struct CMUnitTest tests[] = {
        ENGINES_TEST_SQLITE("an allocation fails, ours or SQLite's: nothing by half [F1]",
                            test_allocations),
        ENGINES_TEST_SQLITE("a disk operation fails: nothing by half, verify clean [F2]",
                            test_disk),
        ENGINES_TESTS("a backup that cannot be written leaves no file [F2]", test_env_files),
        ENGINES_TESTS("a job killed at any instant goes on; same digest, chain intact [F3]",
                      test_kill),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
