/* The ledger: what does not sum to zero does not commit; what was tampered with is found. */
#include "levy_town.h"

static void levied_town(struct town *t)
{
    int64_t job = 0;
    struct draft d;
    struct actor operator= levy_town_actor(ROLE_OPERATOR, 11);
    struct actor chief = levy_town_actor(ROLE_CHIEF, 12);
    const struct actor *before = t->w.actor;
    levy_town_fill(t, 200, 41);
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(t,
                                         "draft=%lld issue-date=2026-06-15 households=%lld "
                                         "total=%lld",
                                         (long long)d.draft_no, (long long)d.households,
                                         (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

static struct liability_account some_account(struct town *t)
{
    struct liability_account a;
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2026, 1, &a)), 1);
    assert_true(a.n > 0 && a.balance.n > 0);
    return a;
}

static int post(struct town *t, const struct entry *e)
{
    struct event event = work_event(&t->w, "collection.test");
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &event));
    int rc = ledger_post(&t->w, event.no, e, 1);
    if (rc < 0) {
        store_rollback(t->w.store);
        return rc;
    }
    return store_commit(&t->w.cx, t->w.store);
}

static void test_unbalanced(void **state)
{
    struct town *t = *state;
    levied_town(t);
    struct liability_account a = some_account(t);
    struct yen paid = a.rows[0].charged;
    struct posting lines[] = {
        {.number = 1, .account = ACCOUNT_DUE, .yen = YEN(-paid.n), .part = {YEN(-paid.n)}},
        {.number = 1, .account = ACCOUNT_RECEIVED, .yen = YEN(paid.n - 1), .part = {YEN(paid.n)}},
    };
    struct entry e = {.kind = STR("receipt"),
                      .liability_id = a.liability.liability_id,
                      .accounting = t->w.today,
                      .value = t->w.today,
                      .postings = lines,
                      .n = 2};
    town_refused(t, post(t, &e), ERR_CORRUPT, "collection.unbalanced");
    lines[1].yen = paid;
    TOWN_OK(t, post(t, &e));
    struct liability_account after = some_account(t);
    assert_int_equal(after.balance.n, a.balance.n - paid.n);
    assert_int_equal(after.rows[0].state, INSTALMENT_PAID);
    /* A charge on an instalment that has none is refused before COMMIT. */
    struct posting charge[] = {
        {.number = 90, .account = ACCOUNT_DUE, .yen = YEN(100), .part = {YEN(100)}},
        {.number = 90, .account = ACCOUNT_LEVIED, .yen = YEN(-100), .part = {YEN(-100)}},
    };
    struct entry wrong = e;
    wrong.kind = STR("charge");
    wrong.postings = charge;
    town_refused(t, post(t, &wrong), ERR_CORRUPT, "collection.no_instalment");
}

static void test_tampered(void **state)
{
    struct town *t = *state;
    levied_town(t);
    t->tampered = true;
    engines_tamper(t->store, "update posting set yen = yen + 10 where posting_id = (select "
                             "min(posting_id) from posting)");
    assert_true(town_findings(t, false) > 1); /* the seal, and the sum */
}

static void test_slips(void **state)
{
    struct town *t = *state;
    struct decisions d;
    struct draft draft;
    levied_town(t);
    TOWN_OK(t, levy_draft_find(&t->w, 0, &draft));
    int64_t charged = 0;
    for (int64_t no = 1; no <= draft.households; no++) {
        struct decision one;
        struct liability_account a;
        assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2026, no, &one)), 1);
        if (collection_by_notice(&t->w, 2026, no, &a) == 1) {
            assert_int_equal(a.charged.n, one.result.total.n);
            assert_int_equal(a.n, one.schedule.n);
            assert_int_equal(a.liability.debtor_id, one.debtor_id);
            charged += a.charged.n;
        } else {
            assert_int_equal(one.result.total.n, 0);
        }
    }
    assert_int_equal(charged, draft.total.n);
    (void)d;
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("an entry that does not sum to zero is refused, one that does pays [M5]",
                   test_unbalanced),
        TOWN_TESTS("a changed posting is found by verify [M5 E1]", test_tampered),
        TOWN_TESTS("every debtor is charged what was decided, instalment by instalment "
                   "[M5 NHI-ASM-023 NHI-COL-001]",
                   test_slips),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
