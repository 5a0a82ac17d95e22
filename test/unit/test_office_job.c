/* Jobs: counted, restartable, one batch at a time; entries that wait for a second person; settings.
 */
#include "town.h"

#include "office/inner.h"
#include "office_sql.h"
#include "sample_sql.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PEOPLE = 5000, CHUNK = 50, KILLS = 16 };

/* --- a job that writes, skips, fails and counts ------------------------------------------- */

static int put_chunk(struct work *w, struct job *job, int64_t first)
{
    static struct sample_resident rows[CHUNK];
    static char names[CHUNK][16];
    struct event e = work_event(w, "test.job");
    struct job_progress *p = job_progress(job);
    size_t n = 0;
    int64_t ids;
    int rc = event_open(&w->cx, w->store, &e);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, CHUNK, &ids);
    for (int64_t key = first; rc >= 0 && key < first + CHUNK; key++) {
        if (key % 7 == 0) {
            p->skipped++;
            rc = job_note(w, job, false, key, "test.skipped", STR("転出済み"));
            continue;
        }
        p->done++;
        int length = snprintf(names[n], sizeof names[n], "%06lld", (long long)key);
        rows[n] = (struct sample_resident){.resident_row_id = ids + (int64_t)n,
                                           .resident_no = {names[n], (size_t)length},
                                           .kana = STR("カナ"),
                                           .birth = ymd_of(1980, 1, 1),
                                           .moved_month = month_of(2020, 4),
                                           .income = YEN(key * 1000),
                                           .valid_from = ymd_of(2020, 4, 1),
                                           .valid_to = YMD_NONE,
                                           .known_from = e.no};
        n++;
    }
    if (rc >= 0)
        rc = sample_resident_bulk(&w->cx, w->store, rows, n);
    p->cursor = first + CHUNK - 1;
    if (rc >= 0)
        rc = job_figure(w, job, "people", p->done);
    return rc < 0 ? rc : job_checkpoint(w, job);
}

static int write_job(struct work *w, struct job *job)
{
    struct job_progress *p = job_progress(job);
    p->total = PEOPLE;
    while (p->cursor < PEOPLE) {
        int rc = STORE_BEGIN(&w->cx, w->store);
        if (rc < 0)
            return rc;
        rc = put_chunk(w, job, p->cursor + 1);
        rc = rc < 0 ? rc : store_commit(&w->cx, w->store);
        if (rc < 0) {
            if (store_in_transaction(w->store))
                store_rollback(w->store);
            return rc;
        }
    }
    return OK;
}

static int failing_job(struct work *w, struct job *job)
{
    (void)job;
    return (fail)(&w->cx, ERR_INVALID, "test.broken", "row=5"); /* not the macro of cmocka */
}

static const struct job_kind jobs[] = {
    {"write", "test.write", "year:number as-of?:day", RIGHT(RIGHT_JOB_RUN), write_job},
    {"broken", "test.broken", "", RIGHT(RIGHT_JOB_RUN), failing_job},
};

/* --- an entry that may wait --------------------------------------------------------------- */

static int apply_note(struct work *w, const struct event *e, struct str payload)
{
    int64_t id;
    int rc = store_ids(&w->cx, w->store, 1, &id);
    struct sample_resident row = {.resident_row_id = id,
                                  .resident_no = payload,
                                  .kana = STR("カナ"),
                                  .birth = ymd_of(1980, 1, 1),
                                  .moved_month = month_of(2020, 4),
                                  .income_null = true,
                                  .valid_from = ymd_of(2020, 4, 1),
                                  .valid_to = YMD_NONE,
                                  .known_from = e->no};
    return rc < 0 ? rc : sample_resident_insert(&w->cx, w->store, &row);
}

static const struct entry_kind entries[] = {
    {"test.note", "test.note", true, RIGHT(RIGHT_PARTY_EDIT), apply_note},
};
static const struct setting settings[] = {{"test.colour", "white", "test.colour"}};
static const struct desk test_desk = {.name = "test",
                                      .jobs = jobs,
                                      .n_jobs = 2,
                                      .entries = entries,
                                      .n_entries = 1,
                                      .settings = settings,
                                      .n_settings = 1,
                                      .schema = &sample_schema};

static const struct actor anna = {.user_id = 11,
                                  .user_name = {"anna", 4},
                                  .full_name = {"Anna", 4},
                                  .branch = {"main", 4},
                                  .terminal = {"t1", 2},
                                  .rights = (UINT64_C(1) << RIGHT_BITS) - 1};
static const struct actor berta = {.user_id = 12,
                                   .user_name = {"berta", 5},
                                   .full_name = {"Berta", 5},
                                   .branch = {"main", 4},
                                   .terminal = {"t2", 2},
                                   .rights = (UINT64_C(1) << RIGHT_BITS) - 1};

/* --- jobs --------------------------------------------------------------------------------- */

static struct office_db_job_row_row job_row(struct town *t, int64_t id)
{
    struct office_db_job_row_row row;
    TOWN_OK(t, office_db_job_row(&t->w.cx, t->w.store, &(struct office_db_job_row_in){id}, &row));
    return row;
}

static void check_finished(struct town *t, int64_t id)
{
    struct office_db_job_row_row row = job_row(t, id);
    assert_true(str_is(row.state, "finished"));
    assert_int_equal(row.total, PEOPLE);
    assert_int_equal(row.done + row.skipped + row.failed, PEOPLE);
    assert_int_equal(row.skipped, PEOPLE / 7);
    assert_int_equal(row.notes, PEOPLE / 7);
    struct office_db_job_notes_list notes;
    struct office_db_job_notes_in in = {.job_id = id, .n = PEOPLE};
    TOWN_OK(t, office_db_job_notes(&t->w.cx, t->w.store, &in, &notes));
    assert_int_equal(notes.n, PEOPLE / 7);
    for (size_t i = 0; i < notes.n; i++)
        assert_int_equal(notes.rows[i].item_key, 7 * (int64_t)(i + 1));
    struct office_db_job_figures_list figures;
    TOWN_OK(t, office_db_job_figures(&t->w.cx, t->w.store, &(struct office_db_job_figures_in){id},
                                     &figures));
    assert_int_equal(figures.n, 1);
    assert_int_equal(figures.rows[0].value, row.done);
}

static void test_counts(void **state)
{
    struct town *t = *state;
    int64_t id;
    int64_t again;
    TOWN_OK(t, job_run(&t->w, "write", STR("as-of=2026-06-01 year=2026"), &id));
    check_finished(t, id);
    assert_true(str_is(job_row(t, id).options, "year=2026 as-of=2026-06-01"));
    TOWN_OK(t, job_run(&t->w, "write", STR("year=2027"), &again));
    assert_int_equal(again, id + 1);
    struct audit_rows rows;
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit,
                          &(struct audit_search){.from = YMD_NONE, .to = YMD_NONE}, &rows));
    assert_int_equal(rows.n, 2); /* one line per job, with its query and count */
    assert_true(str_is(rows.rows[1].query, "year=2026 as-of=2026-06-01"));
    assert_int_equal(rows.rows[1].count, PEOPLE - PEOPLE / 7);
}

static void test_options(void **state)
{
    struct town *t = *state;
    int64_t id;
    town_refused(t, job_run(&t->w, "write", STR(""), &id), ERR_INVALID, "job.option_missing");
    town_refused(t, job_run(&t->w, "write", STR("year=heisei"), &id), ERR_INVALID,
                 "job.option_value");
    town_refused(t, job_run(&t->w, "write", STR("year=2026 colour=red"), &id), ERR_INVALID,
                 "job.option_unknown");
    town_refused(t, job_run(&t->w, "dance", STR(""), &id), ERR_NOT_FOUND, "job.kind_unknown");
    struct actor nobody = anna;
    nobody.rights = RIGHT(RIGHT_SIGNED_IN);
    const struct actor *before = t->w.actor;
    struct work w = t->w;
    w.actor = &nobody;
    assert_int_equal(job_run(&w, "write", STR("year=2026"), &id), ERR_DENIED);
    t->w.actor = before;
}

static void test_failed_job(void **state)
{
    struct town *t = *state;
    int64_t id;
    town_refused(t, job_run(&t->w, "broken", STR(""), &id), ERR_INVALID, "test.broken");
    struct office_db_job_row_row row = job_row(t, id);
    assert_true(str_is(row.state, "failed"));
    assert_true(str_is(row.message, "test.broken"));
}

/* A child process runs the job and is killed at the n-th checkpoint or after some microseconds. */
static bool run_and_die(struct town *t, int checkpoint, useconds_t after)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct arena arena;
        struct context cx;
        struct work w;
        int64_t id;
        char spec[64];
        arena_init(&arena, 0);
        context_init(&cx, t->env, &arena);
        snprintf(spec, sizeof spec, "job.checkpoint:%d:kill", checkpoint);
        if (checkpoint > 0)
            fault_arm(spec);
        if (work_open(&w, &cx, t->path, STORE_WRITE) < 0)
            _exit(9);
        _exit(job_run(&w, "write", STR("year=2026"), &id) < 0 ? 8 : 0);
    }
    if (after > 0) {
        usleep(after);
        kill(child, SIGKILL);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    if (WIFEXITED(status))
        assert_int_equal(WEXITSTATUS(status), 0);
    return WIFSIGNALED(status);
}

/* Killed after the last row was committed and before the process ended: it is done all the same. */
static bool is_done(struct town *t)
{
    struct office_db_job_row_row row;
    int rc = TOWN_OK(t, office_db_job_row(&t->w.cx, t->w.store,
                                          &(struct office_db_job_row_in){.job_id = 1}, &row));
    return rc == 1 && str_is(row.state, "finished");
}

static void test_killed(void **state)
{
    struct town *t = *state;
    struct prng random;
    int64_t id;
    struct digest killed;
    struct digest whole;
    prng_seed(&random, 20261120);
    print_message("# seed 20261120\n");
    int kills = 0;
    while (kills < KILLS && !is_done(t) &&
           run_and_die(t, kills % 2 ? 1 + (int)prng_below(&random, 4) : 0,
                       1 + (useconds_t)prng_below(&random, 12000)))
        kills++;
    print_message("# killed %d times\n", kills);
    assert_true(kills > 2);
    if (!is_done(t))
        TOWN_OK(t, job_run(&t->w, "write", STR("year=2026"), &id));
    check_finished(t, 1);
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &killed));
    struct town *other = town_new(t->store->engine, false);
    TOWN_OK(other, job_run(&other->w, "write", STR("year=2026"), &id));
    check_finished(other, id);
    TOWN_OK(other, store_state_digest(&other->w.cx, other->w.store, &whole));
    assert_true(digest_equal(&killed, &whole));
    town_free(other);
}

static void test_one_batch(void **state)
{
    struct town *t = *state;
    int ends[2];
    char c;
    int64_t id;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) { /* another process holds the place of the batch */
        struct arena arena;
        arena_init(&arena, 0);
        struct str path = str_format(&arena, "%s/batch.lock", t->path);
        int fd = t->env->open(t->env, path.p, O_RDWR | O_CREAT, 0600);
        if (flock(fd, LOCK_EX) != 0)
            _exit(8);
        (void)!write(ends[1], "x", 1);
        pause();
    }
    assert_int_equal(read(ends[0], &c, 1), 1);
    town_refused(t, job_run(&t->w, "write", STR("year=2026"), &id), ERR_LIMIT, "job.busy");
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    TOWN_OK(t, job_run(&t->w, "write", STR("year=2026"), &id));
    check_finished(t, id);
    close(ends[0]);
    close(ends[1]);
}

static void test_queue(void **state)
{
    struct town *t = *state;
    int64_t id;
    int64_t same;
    TOWN_OK(t, job_queue(&t->w, "write", STR("year=2026"), &id));
    TOWN_OK(t, job_queue(&t->w, "write", STR("year=2026"), &same));
    assert_int_equal(id, same); /* double run blocked */
    assert_int_equal(TOWN_OK(t, office_job_next(&t->w.cx, t->w.office)), 1);
    assert_int_equal(TOWN_OK(t, office_job_next(&t->w.cx, t->w.office)), 0);
    check_finished(t, id);
}

/* What a queued job does is done by the person who asked for it: two people stay two people. */
static void test_requester(void **state)
{
    struct town *t = *state;
    struct actor asks = *t->w.actor;
    const struct actor *before = t->w.actor;
    struct event e;
    int64_t id;
    int64_t last;
    TOWN_OK(t, user_add(&t->w,
                        &(struct user_new){.sign_in_name = STR("hanako"),
                                           .full_name = STR("試験 花子"),
                                           .branch = STR("main"),
                                           .role = ROLE_OPERATOR,
                                           .expires = YMD_NONE,
                                           .birth = ymd_of(1980, 4, 1),
                                           .password = STR("Kumo-tatsu-4912"),
                                           .keep_password = true},
                        &asks.user_id));
    asks.rights = role_rights(ROLE_OPERATOR);
    t->w.actor = &asks;
    TOWN_OK(t, job_queue(&t->w, "write", STR("year=2026"), &id));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, office_job_next(&t->w.cx, t->w.office)), 1);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, last, &e));
    assert_true(asks.user_id > 0);
    assert_int_equal(e.entered_by, asks.user_id);
}

/* The server ends: the job stops at its checkpoint and goes on with the next server. */
static void test_stop(void **state)
{
    struct town *t = *state;
    int64_t id;
    TOWN_OK(t, job_queue(&t->w, "write", STR("year=2026"), &id));
    office_job_stop();
    assert_int_equal(TOWN_OK(t, office_job_next(&t->w.cx, t->w.office)), 0);
    town_refused(t, job_run(&t->w, "write", STR("year=2026"), &id), ERR_RETRY, "job.stopped");
    assert_true(str_is(job_row(t, id).state, "queued"));
    job_stop_clear();
    assert_int_equal(TOWN_OK(t, office_job_next(&t->w.cx, t->w.office)), 1);
    check_finished(t, id);
}

/* --- entries ------------------------------------------------------------------------------ */

static int64_t residents(struct town *t)
{
    struct sample_resident_by_no_row row;
    struct sample_resident_by_no_in in = {STR("9001"), {ymd_of(2021, 1, 1), KNOWN_NOW}};
    return TOWN_OK(t, sample_resident_by_no(&t->w.cx, t->w.store, &in, &row));
}

static void test_second_person(void **state)
{
    struct town *t = *state;
    struct event e;
    t->w.actor = &anna;
    struct event entry = work_event(&t->w, "test.note");
    assert_int_equal(TOWN_OK(t, work_enter(&t->w, &entry, STR("9001"))), 1);
    assert_int_equal(residents(t), 0); /* no effect yet */
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, entry.no, &e));
    assert_int_equal(e.status, EVENT_ENTERED);
    town_refused(t, office_check(&t->w, entry.no, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    assert_int_equal(residents(t), 0);
    t->w.actor = &berta;
    TOWN_OK(t, office_check(&t->w, entry.no, true, STR("")));
    assert_int_equal(residents(t), 1);
    int64_t last;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, last, &e));
    assert_int_equal(e.status, EVENT_CHECKED);
    assert_int_equal(e.entered_by, 11); /* both are kept */
    assert_int_equal(e.checked_by, 12);
    town_refused(t, office_check(&t->w, entry.no, true, STR("")), ERR_STALE,
                 "office.entry_settled");
    t->w.actor = &system_actor;
}

static void test_refused_entry(void **state)
{
    struct town *t = *state;
    t->w.actor = &anna;
    struct event entry = work_event(&t->w, "test.note");
    assert_int_equal(TOWN_OK(t, work_enter(&t->w, &entry, STR("9001"))), 1);
    t->w.actor = &berta;
    town_refused(t, office_check(&t->w, entry.no, false, STR("")), ERR_INVALID,
                 "office.check_reason");
    TOWN_OK(t, office_check(&t->w, entry.no, false, STR("届出書と違う")));
    assert_int_equal(residents(t), 0);
    town_refused(t, office_check(&t->w, entry.no, true, STR("")), ERR_STALE,
                 "office.entry_settled");
    town_refused(t, office_check(&t->w, 99999, true, STR("")), ERR_NOT_FOUND,
                 "office.entry_missing");
    t->w.actor = &system_actor;
}

/* The setting is per kind: without the check the entry holds at once. */
static void test_check_setting(void **state)
{
    struct town *t = *state;
    TOWN_OK(t, setting_set(&t->w, "check.test.note", STR("0"), STR("要綱")));
    t->w.actor = &anna;
    struct event entry = work_event(&t->w, "test.note");
    assert_int_equal(TOWN_OK(t, work_enter(&t->w, &entry, STR("9001"))), 0);
    assert_int_equal(residents(t), 1);
    t->w.actor = &system_actor;
}

static void test_stale_entry(void **state)
{
    struct town *t = *state;
    t->w.actor = &anna;
    struct event entry = work_event(&t->w, "test.note");
    entry.household_id = 5;
    TOWN_OK(t, work_enter(&t->w, &entry, STR("9001")));
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    struct event other = work_event(&t->w, "test.other");
    other.household_id = 5;
    TOWN_OK(t, work_event_open(&t->w, &other));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    t->w.actor = &berta;
    town_refused(t, office_check(&t->w, entry.no, true, STR("")), ERR_STALE, "office.stale");
    town_refused(t, work_unchanged(&t->w, 5, entry.no), ERR_STALE, "office.stale");
    TOWN_OK(t, work_unchanged(&t->w, 5, other.no));
    TOWN_OK(t, work_unchanged(&t->w, 6, 0));
    t->w.actor = &system_actor;
}

/* --- settings and adopted texts ----------------------------------------------------------- */

static void test_settings(void **state)
{
    struct town *t = *state;
    struct work other;
    int64_t first;
    assert_true(str_is(setting_get(&t->w, "test.colour"), "white"));
    TOWN_OK(t, setting_set(&t->w, "test.colour", STR("red"), STR("条例")));
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &first));
    assert_true(str_is(setting_get(&t->w, "test.colour"), "red"));
    TOWN_OK(t, work_open(&other, &t->cx, t->path, STORE_WRITE));
    assert_true(str_is(setting_get(&other, "test.colour"), "red"));
    TOWN_OK(t, setting_set(&t->w, "test.colour", STR("blue"), STR("条例")));
    struct session s;
    TOWN_OK(t, office_session_find(&other.cx, other.office, STR("x"), STR("y"), &s));
    settings_seen(other.office, first + 1);
    assert_true(str_is(setting_get(&other, "test.colour"), "blue"));
    work_close(&other);
    t->w.asof.known = first;
    assert_true(str_is(setting_get(&t->w, "test.colour"), "red")); /* as known then */
    t->w.asof.known = first - 1;
    assert_true(str_is(setting_get(&t->w, "test.colour"), "white"));
    t->w.asof.known = KNOWN_NOW;
    town_refused(t, setting_set(&t->w, "no.such", STR("1"), STR("x")), ERR_NOT_FOUND,
                 "office.setting_unknown");
    /* What is undone was never seen. */
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, setting_set(&t->w, "test.colour", STR("green"), STR("x")));
    assert_true(str_is(setting_get(&t->w, "test.colour"), "green"));
    store_rollback(t->w.store);
    assert_true(str_is(setting_get(&t->w, "test.colour"), "blue"));
}

static void test_adopted(void **state)
{
    struct town *t = *state;
    struct adopted_list list;
    struct adopted one;
    struct digest hash = hash_of(STR("規則 一"));
    int64_t before;
    TOWN_OK(t, office_adopt(&t->w, STR("rules"), STR("国"), STR("規則 一"), STR("公布")));
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    TOWN_OK(t, office_adopt(&t->w, STR("rules"), STR("国"), STR("規則 二"), STR("改正")));
    TOWN_OK(t, office_adopted(&t->w, STR("rules"), &list));
    assert_int_equal(list.n, 1);
    assert_true(str_is(list.rows[0].body, "規則 二"));
    t->w.asof.known = before;
    TOWN_OK(t, office_adopted(&t->w, STR("rules"), &list));
    assert_true(str_is(list.rows[0].body, "規則 一"));
    t->w.asof.known = KNOWN_NOW;
    assert_int_equal(TOWN_OK(t, office_adopted_by_hash(&t->w, STR("rules"), &hash, &one)), 1);
    assert_true(str_is(one.body, "規則 一"));
    hash.b[0] ^= 1;
    assert_int_equal(TOWN_OK(t, office_adopted_by_hash(&t->w, STR("rules"), &hash, &one)), 0);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &test_desk};
    office_desks_set(desks, 2);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a job counts every one: done, skipped with a reason, failed [OPS-007]",
                   test_counts),
        TOWN_TESTS("options of a job are checked by name and type [OPS-007]", test_options),
        TOWN_TESTS("a failed job says why [OPS-010]", test_failed_job),
        TOWN_TESTS("killed at random instants and resumed: same digest, nothing twice [F3]",
                   test_killed),
        TOWN_TESTS("one batch at a time in a city [OPS-007]", test_one_batch),
        TOWN_TESTS("a queued job is queued once and run by the job process [OPS-007]", test_queue),
        TOWN_TESTS("a queued job runs in the name of who asked for it", test_requester),
        TOWN_TESTS("a job stops at its checkpoint and goes on later [OPS-007]", test_stop),
        TOWN_TESTS("an entry holds after another person checked it [NHI-CMN-013 SEC-040]",
                   test_second_person),
        TOWN_TESTS("an entry is refused with a reason and never holds [NHI-CMN-013]",
                   test_refused_entry),
        TOWN_TESTS("whether a check is needed is a setting of the kind [NHI-CMN-013]",
                   test_check_setting),
        TOWN_TESTS("a change in between makes the check and the save stale", test_stale_entry),
        TOWN_TESTS("settings: as known then, seen by others, undone is unseen", test_settings),
        TOWN_TESTS("adopted texts by time and by hash", test_adopted),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
