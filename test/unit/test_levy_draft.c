/* The yearly run: draft, control totals, confirmation, charges, dropping, killing, replay. */
#include "levy_town.h"
#include "office_sql.h"

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

/* --- what the job's page says ----------------------------------------------------------------- */

static int64_t figure(struct town *t, int64_t job, const char *name)
{
    struct office_db_job_figures_in in = {.job_id = job};
    struct office_db_job_figures_list list;
    TOWN_OK(t, office_db_job_figures(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (str_is(list.rows[i].name, name)) {
            return list.rows[i].value;
        }
    }
    fail_msg("no figure %s", name);
    return -1;
}

static void test_counts(void **state)
{
    struct town *t = *state;
    struct draft d;
    struct office_db_job_row_row row;
    struct levy_figures city;
    int64_t looked = 0;
    levy_town_fill(t, PEOPLE, 7);
    TOWN_OK(t, setting_set(&t->w, "levy.chunk", STR("1"), STR("test"))); /* chunks of nobody too */
    (void)draft_by(t, &operator, "2026-06-15");
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    struct office_db_job_row_in in = {.job_id = d.job_id};
    assert_int_equal(TOWN_OK(t, office_db_job_row(&t->w.cx, t->w.store, &in, &row)), 1);
    TOWN_OK(t, eligibility_household_count(&t->w, 2026, &looked));
    print_message("# %lld households: %lld done, %lld skipped, %lld failed, %lld notes\n",
                  (long long)looked, (long long)row.done, (long long)row.skipped,
                  (long long)row.failed, (long long)row.notes);
    assert_int_equal(row.total, looked);
    assert_int_equal(row.done + row.skipped + row.failed, row.total);
    assert_true(row.done > 0 && row.notes >= row.skipped + row.failed);
    TOWN_OK(t, levy_city_figures(&t->w, 2026, NULL, 0, &city));
    assert_int_equal(figure(t, d.job_id, "undeclared"), city.undeclared);
    assert_int_equal(figure(t, d.job_id, "cap.medical"), city.at_cap[PART_MEDICAL]);
    assert_int_equal(figure(t, d.job_id, "cap.support"), city.at_cap[PART_SUPPORT]);
    assert_int_equal(figure(t, d.job_id, "cap.care"), city.at_cap[PART_CARE]);
    assert_int_equal(figure(t, d.job_id, "cap.child"), city.at_cap[PART_CHILD]);
    assert_true(city.undeclared > 0 && city.at_cap[PART_MEDICAL] > 0);
}

/* --- radar ------------------------------------------------------------------------------------ */

static void test_radar_parameter(void **state)
{
    struct town *t = *state;
    struct radar r;
    levy_town_fill(t, PEOPLE, 7);
    TOWN_OK(t, levy_radar_named(&t->w, 2026, STR("adopted"), STR("医療.所得割率=7.9"), &r));
    assert_true(r.n > 20); /* everybody with an income over the basic deduction */
    assert_int_equal(r.n_causes, 1);
    print_message("# cause: " STR_FMT "\n", STR_ARG(r.causes[0].names));
    assert_true(str_is(r.causes[0].names, "医療.所得割率"));
    assert_int_equal(r.causes[0].households, (int64_t)r.n);
    for (size_t i = 0; i < r.n; i++) {
        assert_int_equal(r.rows[i].cause, 0);
        assert_true(r.rows[i].after.n < r.rows[i].before.n);
    }
    assert_int_equal(r.causes[0].yen, r.after.total_yen - r.before.total_yen);
}

/* The same statement with one amount more in one field. */
static void earn(struct town *t, int64_t person_id)
{
    struct incomes known;
    TOWN_OK(t, levy_incomes(&t->w, &person_id, 1, 2025, KNOWN_NOW, &known));
    assert_true(known.n > 0);
    struct income income = known.rows[0];
    assert_false(income.is_undeclared);
    income.source = INCOME_OVERRIDE;
    income.other_income = yen_add(income.other_income, YEN(3210000));
    int64_t written = 0;
    struct event e = work_event(&t->w, "levy.income");
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(&t->w, e.no, &income, 1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    assert_int_equal(written, 1);
}

static void test_radar_fact(void **state)
{
    struct town *t = *state;
    struct radar r;
    levy_town_fill(t, 200, 3);
    struct control a = draft_by(t, &operator, "2026-06-15");
    TOWN_OK(t, levy_radar_named(&t->w, 2026, STR("adopted"), STR("医療.均等割=30000円"), &r));
    assert_true(r.n > 0);
    int64_t who = r.rows[0].debtor_id;
    int64_t where = r.rows[0].household_id;
    earn(t, who);
    struct control b = draft_by(t, &operator, "2026-06-15");
    TOWN_OK(t, levy_radar_drafts(&t->w, a.draft, b.draft, &r));
    assert_int_equal(r.n, 1);
    assert_int_equal(r.rows[0].household_id, where);
    print_message("# cause: " STR_FMT "\n", STR_ARG(r.causes[r.rows[0].cause].names));
    assert_int_equal(r.n_causes, 1);
    assert_true(str_is(r.causes[0].names, "その他所得"));
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
        TOWN_TESTS("every household of the run is done, skipped with a reason or failed with a "
                   "reason; caps and undeclared are counted [NHI-ASM-018 NHI-CMN-013]",
                   test_counts),
        TOWN_TESTS("a changed rate is the one cause of every household that differs [M7]",
                   test_radar_parameter),
        TOWN_TESTS("a changed income is named as the fact it is [M7]", test_radar_fact),
        TOWN_TESTS("a draft is repeated with the same content, compared and dropped [F3 M7]",
                   test_drop_repeat),
        TOWN_TESTS("killed while drafting and confirming, run again, same digest [F3]", test_kill),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
