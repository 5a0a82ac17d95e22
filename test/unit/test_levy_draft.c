/* The yearly run: draft, control totals, confirmation, charges, dropping, killing, replay. */
#include "levy_town.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define PEOPLE 900

static struct actor operator, chief;

struct control {
    int64_t draft, households, total;
    struct digest content;
};

/* Drafts as somebody; what the draft's page shows is what the chief types in. */
static struct control draft_by(struct town *t, const struct actor *who, const char *as_of)
{
    int64_t job = 0;
    struct draft d;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    TOWN_OK(t, job_run(&t->w, "levy-initial", levy_town_options(t, "year=2026 as-of=%s", as_of),
                       &job));
    t->w.actor = before;
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    assert_int_equal(d.job_id, job);
    assert_int_equal(d.status, DRAFT_READY);
    assert_true(d.households > 0 && d.total.n > 0);
    return (struct control){d.draft_no, d.households, d.total.n, d.content};
}

static int confirm_by(struct town *t, const struct actor *who, struct control c)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    int rc =
        job_run(&t->w, "levy-confirm",
                levy_town_options(t,
                                  "draft=%lld issue-date=2026-06-15 households=%lld "
                                  "total=%lld",
                                  (long long)c.draft, (long long)c.households, (long long)c.total),
                &job);
    t->w.actor = before;
    return rc;
}

static struct digest state_digest(struct town *t)
{
    struct digest d;
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    return d;
}

static void test_totals(void **state)
{
    struct town *t = *state;
    struct ledger_totals ledger;
    struct replay_count replayed;
    levy_town_fill(t, PEOPLE, 7);
    struct control c = draft_by(t, &operator, "2026-06-15");
    TOWN_OK(t, collection_totals(&t->w, 2026, &ledger));
    assert_int_equal(ledger.account[ACCOUNT_DUE].n, 0); /* a draft charges nothing */
    TOWN_OK(t, confirm_by(t, &chief, c));
    TOWN_OK(t, collection_totals(&t->w, 2026, &ledger));
    assert_int_equal(ledger.account[ACCOUNT_DUE].n, c.total);
    assert_int_equal(ledger.account[ACCOUNT_LEVIED].n, -c.total);
    int64_t parts = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        parts += ledger.part[k].n;
    }
    assert_int_equal(parts, c.total);
    TOWN_OK(t, levy_replay_year(&t->w, 2026, NULL, NULL, &replayed));
    assert_int_equal(replayed.decisions, c.households);
    assert_int_equal(replayed.different, 0);
}

static void test_second_person(void **state)
{
    struct town *t = *state;
    levy_town_fill(t, 200, 3);
    struct control c = draft_by(t, &chief, "2026-06-15");
    town_refused(t, confirm_by(t, &chief, c), ERR_DENIED, "levy.confirm.same_person");
    town_refused(t, confirm_by(t, &operator, c), ERR_DENIED, "office.right_missing");
    struct control wrong = c;
    wrong.total++;
    struct actor other = levy_town_actor(ROLE_CHIEF, 99);
    town_refused(t, confirm_by(t, &other, wrong), ERR_INVALID, "levy.confirm.totals_differ");
    TOWN_OK(t, confirm_by(t, &other, c));
    struct control again = draft_by(t, &operator, "2026-06-15");
    town_refused(t, confirm_by(t, &other, again), ERR_DUPLICATE, "levy.confirm.year_done");
}

static void test_drop_repeat(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    struct radar r;
    levy_town_fill(t, 400, 5);
    struct control a = draft_by(t, &operator, "2026-06-15");
    struct control b = draft_by(t, &operator, "2026-06-15");
    assert_true(a.draft != b.draft);
    assert_true(digest_equal(&a.content, &b.content));
    TOWN_OK(t, levy_radar_drafts(&t->w, a.draft, b.draft, &r));
    assert_int_equal(r.n, 0);
    TOWN_OK(t, job_run(&t->w, "levy-drop", levy_town_options(t, "draft=%lld", (long long)a.draft),
                       &job));
    town_refused(t, confirm_by(t, &chief, a), ERR_INVALID, "levy.confirm.not_ready");
    TOWN_OK(t, confirm_by(t, &chief, b));
    town_refused(t,
                 job_run(&t->w, "levy-drop", levy_town_options(t, "draft=%lld", (long long)b.draft),
                         &job),
                 ERR_INVALID, "levy.draft.confirmed");
}

/* Runs fn in a child that is killed at the nth passing of a fault point, or after some time. */
static void run_and_kill(struct town *t, const char *fault, unsigned after_us,
                         void (*fn)(struct town *t))
{
    work_close(&t->w);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if ((fault && !fault_arm(fault)) || work_open(&t->w, &t->cx, t->path, STORE_WRITE) < 0) {
            _exit(2);
        }
        fn(t);
        _exit(0);
    }
    if (!fault) {
        usleep(after_us);
        kill(child, SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
}

/* Both do nothing when a killed run had come to its end. */
static void only_draft(struct town *t)
{
    struct draft d;
    if (TOWN_OK(t, levy_draft_find(&t->w, 0, &d)) == 0 || d.status == DRAFT_RUNNING) {
        (void)draft_by(t, &operator, "2026-06-15");
    }
}

static void only_confirm(struct town *t)
{
    struct draft d;
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 1, &d)), 1);
    struct control c = {1, d.households, d.total.n, d.content};
    if (d.status != DRAFT_CONFIRMED) {
        TOWN_OK(t, confirm_by(t, &chief, c));
    }
}

static void small_steps(struct town *t)
{
    levy_town_fill(t, 600, 11);
    TOWN_OK(t, setting_set(&t->w, "levy.chunk", STR("40"), STR("test")));
    TOWN_OK(t, setting_set(&t->w, "levy.piece", STR("30"), STR("test")));
}

static void kill_often(struct town *t, const char *faults[], size_t n, void (*fn)(struct town *t))
{
    struct prng random;
    prng_seed(&random, 20260615);
    for (size_t i = 0; i < n; i++) {
        run_and_kill(t, faults[i], 0, fn);
    }
    for (int i = 0; i < 6; i++) {
        run_and_kill(t, NULL, (unsigned)prng_below(&random, 60000), fn);
    }
}

struct tables {
    struct str name[200];
    struct digest digest[200];
    size_t n;
};

static int take_table(void *arg, struct str table, const struct digest *d, int64_t rows)
{
    struct tables *all = arg;
    (void)rows;
    all->name[all->n] = table;
    all->digest[all->n++] = *d;
    return 0;
}

static void assert_same_state(struct town *t, struct town *calm)
{
    static struct tables a, b;
    struct digest x = state_digest(t);
    struct digest y = state_digest(calm);
    a.n = b.n = 0;
    TOWN_OK(t, store_table_digests(&t->w.cx, t->w.store, take_table, &a));
    TOWN_OK(calm, store_table_digests(&calm->w.cx, calm->w.store, take_table, &b));
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        if (!digest_equal(&a.digest[i], &b.digest[i])) {
            print_message("# table differs: " STR_FMT "\n", STR_ARG(a.name[i]));
        }
    }
    assert_true(digest_equal(&x, &y));
}

static void test_kill(void **state)
{
    struct town *t = *state;
    struct town *calm = town_new(t->store->engine, false);
    const char *draft[] = {"levy.draft.chunk:1:kill", "levy.draft.chunk:2:kill",
                           "store.before_commit:3:kill"};
    const char *confirm[] = {"levy.confirm.piece:1:kill", "store.before_commit:2:kill",
                             "levy.confirm.piece:3:kill"};
    small_steps(t);
    small_steps(calm);
    kill_often(t, draft, 3, only_draft);
    only_draft(t);
    only_draft(calm);
    kill_often(t, confirm, 3, only_confirm);
    only_confirm(t);
    only_confirm(calm);
    assert_same_state(t, calm);
    town_free(calm);
}

int main(void)
{
    levy_town_start();
    operator= levy_town_actor(ROLE_OPERATOR, 11);
    chief = levy_town_actor(ROLE_CHIEF, 12);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a draft levies every household, its control totals are the sum of households "
                   "and the charges; every decision replays [NHI-ASM-018 NHI-ASM-023 M5 M6]",
                   test_totals),
        TOWN_TESTS("who ran the draft does not confirm it, wrong totals are refused, a year is "
                   "confirmed once [NHI-CMN-013 NHI-CMN-022]",
                   test_second_person),
        TOWN_TESTS("a draft is repeated with the same content, compared and dropped [F3 M7]",
                   test_drop_repeat),
        TOWN_TESTS("killed while drafting and confirming, run again, same digest [F3]", test_kill),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
