/* Notifications: planned, entered, applied; pending changes opened and settled. */
#include "residents.h"

#include <string.h>

struct family {
    int64_t household, father, mother, child;
};

/* A household of three in the city since 2020; the father has an employer's cover from 2020. */
static struct family settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family h = {.household =
                           add_household(&f, "000000301", "本町一丁目", "１番", "2020-04-01")};

    h.father = add_person(&f, (struct who){"0000000031", "佐藤　一郎", "サトウ　イチロウ",
                                           "1980-02-29", SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000032", "佐藤　花", "サトウ　ハナ", "1982-08-15",
                                           SEX_FEMALE});
    h.child = add_person(&f, (struct who){"0000000033", "佐藤　空", "サトウ　ソラ", "2015-03-03",
                                          SEX_MALE});
    add_member(&f, h.household, h.father, "01", "2020-04-01", NULL);
    add_member(&f, h.household, h.mother, "03", "2020-04-01", NULL);
    add_member(&f, h.household, h.child, "04", "2020-04-01", NULL);
    TOWN_OK(t,
            eligibility_open_cover(f.eligibility, f.event_no,
                                   &(struct other_cover){.person_id = h.father,
                                                         .kind = "employee",
                                                         .insurer = STR("協会けんぽ"),
                                                         .valid = {day_of("2020-04-01"), YMD_NONE}},
                                   NULL));
    feed_end(&f);
    return h;
}

static struct notification notice_of(const struct family *h, const char *notified)
{
    return (struct notification){.household_id = h->household,
                                 .notified = day_of(notified),
                                 .source = STR("person"),
                                 .route = STR("counter"),
                                 .why = STR(""),
                                 .identity = IDENTITY_NUMBER_CARD,
                                 .proxy_name = STR(""),
                                 .proxy_document = STR("")};
}

static struct cover_change *line_of(struct notification *n, enum change_kind kind, int64_t person)
{
    struct cover_change *c = &n->row[n->n++];
    *c = (struct cover_change){.kind = kind,
                               .person_id = person,
                               .acquired = YMD_NONE,
                               .lost = YMD_NONE,
                               .prefecture_acquired = YMD_NONE,
                               .insurer = STR("")};
    return c;
}

static void acquire(struct notification *n, int64_t person, int reason, const char *cause)
{
    struct cover_change *c = line_of(n, CHANGE_ACQUIRE, person);
    c->acquired_by = reason;
    c->acquired = day_of(cause);
}

static void lose(struct notification *n, int64_t person, int reason, const char *cause)
{
    struct cover_change *c = line_of(n, CHANGE_LOSE, person);
    c->lost_by = reason;
    c->lost = day_of(cause);
}

static struct insured_periods periods_of(struct town *t, int64_t person)
{
    struct insured_periods out;
    t->w.asof.known = KNOWN_NOW;
    TOWN_OK(t, eligibility_periods(&t->w, person, &out));
    return out;
}

static void expect_day(struct ymd day, const char *expected)
{
    char text[11] = "";
    ymd_format(day, text);
    assert_string_equal(text, expected ? expected : "");
}

static void enter(struct town *t, const struct notification *n)
{
    int64_t event_no = 0;
    assert_int_equal(TOWN_OK(t, notification_enter(&t->w, n, &event_no)), 0);
    assert_true(event_no > 0);
}

static bool is_insured_on(struct town *t, int64_t person, const char *day)
{
    enum insured_state state;
    t->w.asof = (struct asof){day_of(day), KNOWN_NOW};
    TOWN_OK(t, eligibility_states(&t->w, &person, 1, &state));
    return state == INSURED;
}

static void test_join_and_leave(struct town *t, const struct family *h)
{
    struct notification n = notice_of(h, "2026-06-10");

    acquire(&n, h->father, ACQUIRED_LEFT_EMPLOYER, "2026-06-01");
    acquire(&n, h->mother, ACQUIRED_LEFT_EMPLOYER, "2026-06-01");
    enter(t, &n);
    assert_false(is_insured_on(t, h->father, "2026-05-31"));
    assert_true(is_insured_on(t, h->father, "2026-06-01"));
    n = notice_of(h, "2026-06-15");
    lose(&n, h->father, LOST_EMPLOYER, "2026-06-12");
    n.row[0].insurer = STR("組合健保");
    enter(t, &n);
    const struct insured_periods p = periods_of(t, h->father);
    assert_int_equal(p.n, 1);
    expect_day(p.rows[0].valid.to, "2026-06-13");
    expect_day(p.rows[0].lost_cause, "2026-06-12");
    expect_day(p.rows[0].lost_notified, "2026-06-15");
    assert_true(is_insured_on(t, h->mother, "2026-06-13"));
}

static void test_simple(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    test_join_and_leave(t, &h);
}

static const struct notification_problem *problem_of(const struct notification_plan *plan,
                                                     const char *what)
{
    for (size_t i = 0; i < plan->n_problems; i++) {
        if (strcmp(plan->problem[i].what, what) == 0)
            return &plan->problem[i];
    }
    return NULL;
}

static void refused(struct town *t, const struct notification *n, const char *what,
                    const char *field)
{
    struct notification_plan plan;
    TOWN_OK(t, notification_plan(&t->w, n, &plan));
    const struct notification_problem *k = problem_of(&plan, what);
    if (!k)
        fail_msg("%s not found; first: %s", what, plan.n_problems ? plan.problem[0].what : "none");
    assert_false(k->is_warning);
    assert_false(plan.is_clean);
    assert_string_equal(k->field, field);
    int64_t event_no = 0, before = 0, after = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    assert_int_equal(notification_enter(&t->w, n, &event_no), ERR_INVALID);
    error_clear(&t->w.cx);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(before, after);
}

static void test_refused(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-10");

    acquire(&n, h.father, ACQUIRED_MOVE_IN, "2026-06-01"); /* his employer's cover goes on */
    refused(t, &n, "eligibility.plan.other_cover", "acquired");
    n = notice_of(&h, "2026-06-10");
    acquire(&n, h.mother, 77, "2026-06-01");
    refused(t, &n, "eligibility.reason.unknown", "reason");
    n = notice_of(&h, "2026-06-10");
    lose(&n, h.mother, LOST_EMPLOYER, "2026-06-01");
    refused(t, &n, "eligibility.plan.not_insured", "person");
    n = notice_of(&h, "2026-06-10");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-08");
    lose(&n, h.mother, LOST_MOVE_OUT, "2026-06-01");
    refused(t, &n, "eligibility.period.lost_before_acquired", "lost");
    n = notice_of(&h, "2026-06-10");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "1982-08-14");
    refused(t, &n, "eligibility.period.before_birth", "acquired");
    n = notice_of(&h, "2026-06-16"); /* tomorrow */
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-01");
    refused(t, &n, "eligibility.plan.notified_in_future", "notified");
}

static void test_pending(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-10");
    int64_t opened = 0;
    struct pendings found;

    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-01");
    enter(t, &n);
    const struct pending rows[] = {{.kind = PENDING_ASSISTANCE_START,
                                    .household_id = h.household,
                                    .person_id = h.mother,
                                    .cause = day_of("2026-06-14"),
                                    .source = STR("welfare"),
                                    .detail = STR("")},
                                   {.kind = PENDING_ASSISTANCE_START,
                                    .household_id = h.household,
                                    .person_id = h.mother,
                                    .cause = day_of("2026-06-14"),
                                    .source = STR("welfare"),
                                    .detail = STR("")}};
    struct feed f = feed_begin(t, "party.register", h.household);
    TOWN_OK(t, pending_open(&t->w, f.event_no, rows, 2, &opened));
    feed_end(&f);
    assert_int_equal(opened, 1);
    const struct pending_query q = {.household_id = h.household, .open_only = true};
    TOWN_OK(t, pending_find(&t->w, &q, &found));
    assert_int_equal(found.n, 1);
    assert_int_equal(TOWN_OK(t, pending_proposal(&t->w, &found.rows[0], &n)), 1);
    assert_int_equal(n.n, 1);
    assert_int_equal(n.row[0].lost_by, LOST_ASSISTANCE);
    assert_int_equal(n.n_settles, 1);
    enter(t, &n);
    assert_true(is_insured_on(t, h.mother, "2026-06-13"));
    assert_false(is_insured_on(t, h.mother, "2026-06-14"));
    TOWN_OK(t, pending_find(&t->w, &q, &found));
    assert_int_equal(found.n, 0);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("joining and leaving by notification [NHI-ELG-005 NHI-ELG-006]", test_simple),
        TOWN_TESTS("what cannot be is refused with the item named, nothing written [NHI-CMN-012 "
                   "NHI-CMN-006]",
                   test_refused),
        TOWN_TESTS("an assistance start becomes a pending loss and is settled by it [NHI-ELG-051]",
                   test_pending),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
