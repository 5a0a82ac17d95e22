/* The counter's pages as handlers: what they show, and how many statements they need. */
#include "levy_town.h"

#include "desk/counter/counter.h"

static const struct route *route_of(const char *pattern, enum method method)
{
    for (size_t i = 0; i < counter_desk.n_routes; i++) {
        const struct route *r = &counter_desk.routes[i];
        if (strcmp(r->pattern, pattern) == 0 && r->method == method) {
            return r;
        }
    }
    fail_msg("no route %s", pattern);
    return NULL;
}

static const struct frame frame = {.city = {"", 0},
                                   .user = {"", 0},
                                   .role = {"", 0},
                                   .branch = {"", 0},
                                   .terminal = {"", 0},
                                   .csrf = {"", 0},
                                   .once = {"", 0},
                                   .today = {"", 0},
                                   .path = {"/", 1},
                                   .notice = {"", 0},
                                   .version = {"", 0},
                                   .reference = {"", 0},
                                   .search = {"", 0}};

/* The page's text; lives until the next call. */
static struct str get(struct town *t, const char *pattern, struct request *rq)
{
    static struct reply rp;
    html_release(&rp.body);
    memset(&rp, 0, sizeof rp);
    html_init(&rp.body);
    rq->frame = &frame;
    rq->arena = t->w.cx.arena;
    rq->method = METHOD_GET;
    TOWN_OK(t, route_of(pattern, METHOD_GET)->handler(&t->w, rq, &rp));
    return rp.bytes.p ? rp.bytes : text_str(&rp.body.text);
}

static bool has(struct str page, const char *words)
{
    return memmem(page.p, page.n, words, strlen(words)) != NULL;
}

struct sample {
    struct str household_no;
    struct decision decision;
};

static struct sample sample_of(struct town *t)
{
    struct sample s;
    levy_town_fill(t, 400, 17);
    struct actor operator= levy_town_actor(ROLE_OPERATOR, 11);
    struct actor chief = levy_town_actor(ROLE_CHIEF, 12);
    const struct actor *before = t->w.actor;
    int64_t job = 0;
    struct draft d;
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
    assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2026, 3, &s.decision)), 1);
    TOWN_OK(t, levy_household_nos(&t->w, &s.decision.household_id, 1, &s.household_no));
    return s;
}

static void test_household(void **state)
{
    struct town *t = *state;
    struct sample s = sample_of(t);
    struct request rq = {.part = {s.household_no}};
    struct text amount;
    text_init(&amount, 64);
    text_add_yen(&amount, s.decision.result.total);
    (void)get(t, "/household/{}", &rq); /* the first page of a process reads its settings */
    uint64_t statements = store_statements(t->w.store);
    struct str page = get(t, "/household/{}", &rq);
    statements = store_statements(t->w.store) - statements;
    print_message("# household page: %llu statements\n", (unsigned long long)statements);
    assert_true(has(page, text_str(&amount).p));
    assert_true(statements <= 8); /* P3 */
    text_release(&amount);
}

static void test_explained(void **state)
{
    struct town *t = *state;
    struct sample s = sample_of(t);
    struct str year = STR("2026");
    struct str no = str_format(t->w.cx.arena, "%lld", (long long)s.decision.decision_no);
    struct request rq = {.part = {s.household_no, year, no}};
    struct str page = get(t, "/household/{}/levy/{}/{}", &rq);
    assert_true(has(page, "<details"));
    assert_true(has(page, "badge good")); /* evaluated again, identical */
    rq.query[0] = (struct pair){STR("node"), STR("\xe4\xb8\x96\xe5\xb8\xaf")};
    rq.n_query = 1;
    static struct reply rp;
    html_init(&rp.body);
    town_refused(t, route_of("/household/{}/levy/{}/{}", METHOD_GET)->handler(&t->w, &rq, &rp),
                 ERR_NOT_FOUND, "counter.node.none");
    html_release(&rp.body);
}

static void test_past(void **state)
{
    struct town *t = *state;
    struct sample s = sample_of(t);
    struct request rq = {.part = {s.household_no}};
    struct text link;
    text_init(&link, 128);
    text_addf(&link, "/levy/2026/%lld", (long long)s.decision.decision_no);
    assert_true(has(get(t, "/household/{}", &rq), text_str(&link).p));
    /* As known at the event the decision looked from, there was no decision yet. */
    rq.query[0] = (struct pair){STR("known"), str_format(t->w.cx.arena, "%lld",
                                                         (long long)s.decision.looked_from)};
    rq.n_query = 1;
    assert_false(has(get(t, "/household/{}", &rq), text_str(&link).p));
    t->w.asof.known = KNOWN_NOW;
    text_release(&link);
}

static void test_trial_is_levy(void **state)
{
    struct town *t = *state;
    struct sample s = sample_of(t);
    const struct ruleset *rules;
    int same = 0;
    TOWN_OK(t, levy_rules(&t->w, KNOWN_NOW, &rules));
    int64_t last = 0;
    int64_t after = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    for (int64_t no = 1; no <= 12; no++) {
        struct decision d;
        struct trial trial;
        struct assessed a;
        assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2026, no, &d)), 1);
        TOWN_OK(t, levy_trial_of_household(&t->w, d.household_id, 2026, &trial));
        TOWN_OK(t, levy_trial(&t->w, &trial, rules, &a));
        same += a.result.total.n == d.result.total.n;
    }
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_true(same >= 11); /* a household with two stretches of cover has no form for it */
    assert_int_equal(last, after);
    (void)s;
}

/* The real household from the facts of the transaction gives the yearly levy to the yen. */
static void test_assessed_is_levy(void **state)
{
    struct town *t = *state;
    struct sample s = sample_of(t);
    int64_t last = 0;
    int64_t after = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    for (int64_t no = 1; no <= 12; no++) {
        struct decision d;
        struct levy_debts debts;
        assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2026, no, &d)), 1);
        TOWN_OK(t, levy_assess_household(&t->w, d.household_id, 2026, &debts));
        bool found = false;
        for (size_t i = 0; i < debts.n && !found; i++) {
            const struct levy_debt *row = &debts.row[i];
            found = row->debtor_id == d.debtor_id && ymd_compare(row->from, d.from) == 0 &&
                    row->assessed.result.total.n == d.result.total.n &&
                    row->assessed.schedule.n == d.schedule.n;
        }
        assert_true(found);
    }
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(last, after);
    (void)s;
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the household page shows the amount decided within its statements "
                   "[NHI-ASM-001 NHI-COL-001 P3]",
                   test_household),
        TOWN_TESTS("a decision opens to the yen and is evaluated again [NHI-ASM-001 M6]",
                   test_explained),
        TOWN_TESTS("the page as known before the decision does not show it [NHI-CMN-016]",
                   test_past),
        TOWN_TESTS("a trial of a household's own facts gives its levy and stores nothing "
                   "[NHI-ASM-015]",
                   test_trial_is_levy),
        TOWN_TESTS("a household assessed from its real facts gives its levy to the yen and "
                   "stores nothing [NHI-ASM-015]",
                   test_assessed_is_levy),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
