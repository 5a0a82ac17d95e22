/* Notifications: planned, entered, applied; pending changes opened and settled. */
#include "notices.h"

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

/* --- corrections, and the second person --------------------------------------------------------
 */

static const struct actor anna = {.user_id = 11,
                                  .user_name = {"anna", 4},
                                  .full_name = {"安藤", 6},
                                  .branch = {"1", 1},
                                  .terminal = {"console", 7},
                                  .rights = UINT64_MAX,
                                  .role = ROLE_CLERK};
static const struct actor berta = {.user_id = 12,
                                   .user_name = {"berta", 5},
                                   .full_name = {"馬場", 6},
                                   .branch = {"1", 1},
                                   .terminal = {"console", 7},
                                   .rights = UINT64_MAX,
                                   .role = ROLE_CHIEF};

static struct notification correction_of(struct town *t, const struct family *h)
{
    const struct insured_periods p = periods_of(t, h->mother);
    struct notification n = notice_of(h, "2026-06-15");
    struct cover_change *c = line_of(&n, CHANGE_CORRECT, h->mother);

    c->row_id = p.rows[0].row_id;
    c->acquired_by = ACQUIRED_LEFT_EMPLOYER;
    c->acquired = day_of("2026-05-21");
    return n;
}

static void test_correction(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    const struct actor *system_actor = t->w.actor;
    struct notification n = notice_of(&h, "2026-06-10");
    struct notification_plan plan;
    struct event e;
    int64_t before = 0, no = 0, last = 0;

    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-01");
    enter(t, &n);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    n = correction_of(t, &h);
    refused(t, &n, "eligibility.plan.why_missing", "why");
    n.why = STR("資格喪失証明書の日付による");
    TOWN_OK(t, notification_plan(&t->w, &n, &plan));
    assert_true(plan.is_clean && plan.row[0].has_before && plan.row[0].has_after);
    expect_day(plan.row[0].before.valid.from, "2026-06-01");
    expect_day(plan.row[0].after.valid.from, "2026-05-21");
    t->w.actor = &anna;
    assert_int_equal(TOWN_OK(t, notification_enter(&t->w, &n, &no)), 1);
    assert_false(is_insured_on(t, h.mother, "2026-05-21")); /* no effect yet */
    town_refused(t, office_check(&t->w, no, true, STR("")), ERR_DENIED, "office.check_same_person");
    t->w.actor = &berta;
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, last, &e));
    t->w.actor = system_actor;
    assert_int_equal(e.entered_by, 11);
    assert_int_equal(e.checked_by, 12);
    assert_true(is_insured_on(t, h.mother, "2026-05-21"));
    assert_false(is_insured_on(t, h.mother, "2026-05-20"));
    struct insured_periods p;
    t->w.asof.known = before; /* as we knew it then */
    TOWN_OK(t, eligibility_periods(&t->w, h.mother, &p));
    expect_day(p.rows[0].valid.from, "2026-06-01");
    t->w.asof.known = KNOWN_NOW;
    town_refused(t, notification_enter(&t->w, &n, &no), ERR_INVALID,
                 "eligibility.plan.period_gone");
}

static void free_check(struct town *t)
{
    TOWN_OK(t, setting_set(&t->w, "check.eligibility.correction", STR("0"), STR("試験")));
}

static struct notification change_of(struct town *t, const struct family *h, int64_t person,
                                     enum change_kind kind)
{
    const struct insured_periods p = periods_of(t, person);
    struct notification n = notice_of(h, "2026-06-15");
    line_of(&n, kind, person)->row_id = p.rows[p.n - 1].row_id;
    n.why = STR("届出の誤り");
    return n;
}

/* Lost by mistake, resumed; then found never to have been. */
static void test_resumed_and_cancelled(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");

    free_check(t);
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-04-01");
    lose(&n, h.mother, LOST_EMPLOYER, "2026-06-01");
    enter(t, &n);
    assert_false(is_insured_on(t, h.mother, "2026-06-10"));
    n = notice_of(&h, "2026-06-15"); /* the employer's cover is known now */
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-05");
    refused(t, &n, "eligibility.plan.other_cover", "acquired");
    n = change_of(t, &h, h.mother, CHANGE_RESUME);
    enter(t, &n);
    assert_true(is_insured_on(t, h.mother, "2026-06-10"));
    n = notice_of(&h, "2026-06-15"); /* its cover was taken back with the loss */
    lose(&n, h.mother, LOST_SOCIETY, "2026-06-12");
    enter(t, &n);
    n = change_of(t, &h, h.mother, CHANGE_CANCEL);
    enter(t, &n);
    assert_int_equal(periods_of(t, h.mother).n, 0);
    assert_false(is_insured_on(t, h.mother, "2026-05-01"));
}

/* Is he covered by another scheme on the day, as far as the planner knows? */
static void expect_cover(struct town *t, const struct family *h, const char *day,
                         const char *next_day, bool wanted)
{
    struct notification n = notice_of(h, "2026-06-15");
    struct notification_plan plan;

    acquire(&n, h->mother, ACQUIRED_MOVE_IN, day);
    lose(&n, h->mother, LOST_SOCIETY, next_day);
    TOWN_OK(t, notification_plan(&t->w, &n, &plan));
    assert_int_equal(problem_of(&plan, "eligibility.plan.other_cover") != NULL, wanted);
}

/* The company's cover ends because he is said to be insured here: it goes with what was said. */
static void test_cover_follows(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");

    free_check(t);
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-04-01");
    lose(&n, h.mother, LOST_EMPLOYER, "2026-06-01");
    enter(t, &n);
    expect_cover(t, &h, "2026-06-05", "2026-06-06", true);
    n = notice_of(&h, "2026-06-15");
    acquire(&n, h.mother, ACQUIRED_LEFT_EMPLOYER, "2026-06-10");
    enter(t, &n);
    expect_cover(t, &h, "2026-06-09", "2026-06-10", true);
    n = change_of(t, &h, h.mother, CHANGE_CORRECT);
    n.row[0].acquired_by = ACQUIRED_LEFT_EMPLOYER;
    n.row[0].acquired = day_of("2026-06-12");
    enter(t, &n);
    expect_cover(t, &h, "2026-06-11", "2026-06-12", true);
    n = change_of(t, &h, h.mother, CHANGE_CANCEL);
    enter(t, &n);
    expect_cover(t, &h, "2026-06-14", "2026-06-15", true);
}

/* A period before those known, found out late; it must fit between. */
static void test_inserted(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");

    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-05-01");
    enter(t, &n);
    n = notice_of(&h, "2026-06-15");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2024-04-01");
    refused(t, &n, "eligibility.period.overlap", "acquired");
    n = notice_of(&h, "2026-06-15");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2024-04-01");
    lose(&n, h.mother, LOST_SOCIETY, "2025-04-01");
    enter(t, &n); /* the loss ends the period that the line before it began */
    assert_true(is_insured_on(t, h.mother, "2024-04-01"));
    assert_true(is_insured_on(t, h.mother, "2025-03-31"));
    assert_false(is_insured_on(t, h.mother, "2025-04-01"));
    assert_false(is_insured_on(t, h.mother, "2026-04-30"));
    assert_true(is_insured_on(t, h.mother, "2026-05-01"));
    struct insured_periods p = periods_of(t, h.mother);
    assert_int_equal(p.n, 2);
}

/* --- days of special reasons -------------------------------------------------------------------
 */

static struct ymd lost_day_of(struct town *t, const struct family *h, int reason, const char *cause)
{
    struct notification n = notice_of(h, "2026-06-15");
    struct notification_plan plan;

    lose(&n, h->father, reason, cause);
    TOWN_OK(t, notification_plan(&t->w, &n, &plan));
    if (!plan.is_clean)
        fail_msg("%s", plan.problem[0].what);
    return plan.row[0].after.valid.to;
}

static struct family with_old_father(struct town *t, const char *birth)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family h = {.household =
                           add_household(&f, "000000302", "本町一丁目", "２番", "2020-04-01")};
    h.father =
        add_person(&f, (struct who){"0000000041", "鈴木　茂", "スズキ　シゲル", birth, SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000042", "鈴木　文", "スズキ　フミ", "1958-01-10",
                                           SEX_FEMALE});
    add_member(&f, h.household, h.father, "01", "2020-04-01", NULL);
    add_member(&f, h.household, h.mother, "03", "2020-04-01", NULL);
    feed_end(&f);
    struct notification n = notice_of(&h, "2026-06-15");
    acquire(&n, h.father, ACQUIRED_MOVE_IN, "2020-04-01");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2020-04-01");
    enter(t, &n);
    return h;
}

static void test_late_stage_days(void **state)
{
    struct town *t = *state;
    const struct family h = with_old_father(t, "1952-02-29");

    /* born on 29 February 1952: 75 in 2027, on 1 March */
    expect_day(lost_day_of(t, &h, LOST_LATE_STAGE, "2027-03-01"), "2027-03-01");
    /* by certification of a disability: the day after, or as the city has it */
    expect_day(lost_day_of(t, &h, LOST_LATE_STAGE, "2026-05-31"), "2026-06-01");
    TOWN_OK(t, setting_set(&t->w, "eligibility.disability_loss", STR("same_day"), STR("試験")));
    expect_day(lost_day_of(t, &h, LOST_LATE_STAGE, "2026-05-31"), "2026-05-31");
    struct notification n = notice_of(&h, "2026-06-15");
    lose(&n, h.father, LOST_LATE_STAGE, "2027-03-02");
    refused(t, &n, "eligibility.plan.after_75", "lost");
    n = notice_of(&h, "2026-06-15");
    lose(&n, h.mother, LOST_LATE_STAGE, "2022-06-01");
    refused(t, &n, "eligibility.plan.before_65", "lost");
    n = notice_of(&h, "2026-06-15");
    lose(&n, h.father, LOST_DEATH, "2026-06-01"); /* the register does not know yet: a warning */
    struct notification_plan plan;
    TOWN_OK(t, notification_plan(&t->w, &n, &plan));
    assert_true(plan.is_clean);
    assert_true(problem_of(&plan, "eligibility.plan.death_not_registered")->is_warning);
    assert_null(problem_of(&plan, "eligibility.plan.after_death"));
    expect_day(plan.row[0].after.valid.to, "2026-06-02");
}

/* Who goes to late-stage care stays counted in the household he was insured in. */
static void test_special_same(void **state)
{
    struct town *t = *state;
    const struct family h = with_old_father(t, "1951-05-20");
    struct notification n = notice_of(&h, "2026-06-15");
    struct levy_facts facts;

    lose(&n, h.father, LOST_LATE_STAGE, "2026-05-20");
    enter(t, &n);
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    TOWN_OK(t, eligibility_facts_load(
                   &t->w,
                   &(struct facts_request){.fiscal_year = 2026, .limit = 10, .known = KNOWN_NOW},
                   &facts));
    assert_int_equal(facts.n_specials, 1);
    expect_day(facts.specials[0].valid.from, "2026-05-20");
    n = notice_of(&h, "2026-06-15"); /* 75: nothing but late-stage care from now on */
    acquire(&n, h.father, ACQUIRED_OTHER, "2026-06-01");
    refused(t, &n, "eligibility.period.late_stage", "acquired");
}

/* --- the prefecture and the city ----------------------------------------------------------------
 */

static void test_prefecture(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");

    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2023-04-01");
    acquire(&n, h.child, ACQUIRED_MOVE_IN, "2023-04-01");
    enter(t, &n);
    n = notice_of(&h, "2026-06-15");
    lose(&n, h.mother, LOST_MOVE_OUT, "2026-03-10"); /* to a city of the same prefecture */
    n.row[0].is_in_prefecture = true;
    lose(&n, h.child, LOST_MOVE_OUT, "2026-03-10"); /* to another prefecture */
    enter(t, &n);
    struct insured_periods p = periods_of(t, h.mother);
    expect_day(p.rows[0].valid.to, "2026-03-10"); /* our application ends */
    assert_true(ymd_is_none(p.rows[0].prefecture_lost));
    p = periods_of(t, h.child);
    expect_day(p.rows[0].valid.to, "2026-03-11");
    expect_day(p.rows[0].prefecture_lost, "2026-03-11");
    n = notice_of(&h, "2026-06-15"); /* both come back */
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-06-01");
    n.row[0].is_in_prefecture = true;
    acquire(&n, h.child, ACQUIRED_MOVE_IN, "2026-06-01");
    enter(t, &n);
    p = periods_of(t, h.mother);
    expect_day(p.rows[1].valid.from, "2026-06-01");
    expect_day(p.rows[1].prefecture_acquired, "2023-04-01");
    p = periods_of(t, h.child);
    expect_day(p.rows[1].prefecture_acquired, "2026-06-01");
}

/* --- numbers and households ---------------------------------------------------------------------
 */

static void expect_branch(struct town *t, const char *number, const char *branch, int64_t person)
{
    struct search_words words;
    struct id_list found;
    char box[32];

    snprintf(box, sizeof box, "%s-%s", number, branch);
    TOWN_OK(t, party_search_words(&t->w.cx, str_of(box), &words));
    TOWN_OK(t, eligibility_search(&t->w, &words, 5, &found));
    assert_int_equal(found.n, person != 0);
    if (person != 0)
        assert_int_equal(found.ids[0], person);
}

static void move_in_city(struct town *t, int64_t person, int64_t to, const char *day)
{
    struct feed f = feed_begin(t, "party.divorce", to);
    struct party_state s;

    TOWN_OK(t, party_states(&t->w, &person, 1, &s));
    TOWN_OK(t, party_close(f.party, PARTY_MEMBERSHIP, s.membership_row, f.event_no));
    s.membership.valid.to = day_of(day);
    TOWN_OK(t, party_open_membership(f.party, f.event_no, &s.membership, NULL));
    add_member(&f, to, person, "99", day, NULL);
    feed_end(&f);
}

static void test_numbers(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");
    struct notification_plan plan;

    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-04-01");
    acquire(&n, h.child, ACQUIRED_MOVE_IN, "2026-04-01");
    enter(t, &n);
    expect_branch(t, "00000001", "01", h.mother);
    expect_branch(t, "00000001", "02", h.child);
    n = notice_of(&h, "2026-06-15");
    acquire(&n, h.father, ACQUIRED_LEFT_EMPLOYER, "2026-06-01");
    enter(t, &n);
    expect_branch(t, "00000001", "03", h.father);
    /* the mother goes to a household of her own: a new number, her cover goes on */
    struct feed f = feed_begin(t, "party.divorce", h.household);
    const struct family own = {.household = add_household(&f, "000000309", "緑町五丁目", "９番",
                                                          "2026-06-10"),
                               .mother = h.mother};
    feed_end(&f);
    move_in_city(t, h.mother, own.household, "2026-06-10");
    n = notice_of(&own, "2026-06-15");
    line_of(&n, CHANGE_HOUSEHOLD, h.mother);
    TOWN_OK(t, notification_plan(&t->w, &n, &plan));
    assert_true(plan.is_clean && plan.row[0].needs_certificate);
    enter(t, &n);
    expect_branch(t, "00000002", "01", h.mother);
    assert_int_equal(periods_of(t, h.mother).n, 1);
    move_in_city(t, h.mother, h.household, "2026-06-14"); /* and comes back under the old number */
    n = notice_of(&h, "2026-06-15");
    line_of(&n, CHANGE_HOUSEHOLD, h.mother);
    enter(t, &n);
    expect_branch(t, "00000001", "01", h.mother);
    expect_branch(t, "00000001", "04", 0); /* none was given twice */
}

/* --- foreign residents ---------------------------------------------------------------------------
 */

static void permit(struct town *t, int64_t person, const char *until, bool is_excluded)
{
    struct feed f = feed_begin(t, "party.stay", 0);
    TOWN_OK(t, party_open_foreign(f.party, f.event_no,
                                  &(struct foreign_fact){.person_id = person,
                                                         .nationality = STR("VNM"),
                                                         .stay_status = STR("特定活動"),
                                                         .stay_until = day_of(until),
                                                         .is_excluded = is_excluded,
                                                         .valid = {day_of("2026-04-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
}

static void test_foreign(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-15");

    permit(t, h.mother, "2027-04-01", true); /* medical stay */
    acquire(&n, h.mother, ACQUIRED_STAY_STATUS, "2026-05-01");
    refused(t, &n, "eligibility.plan.stay_excluded", "acquired");
    permit(t, h.child, "2026-06-30", false);
    n = notice_of(&h, "2026-06-15");
    acquire(&n, h.child, ACQUIRED_STAY_STATUS, "2026-05-01");
    refused(t, &n, "eligibility.plan.stay_short", "acquired");
    n.why = STR("雇用契約書により1年の在留を確認");
    enter(t, &n);
    assert_true(is_insured_on(t, h.child, "2026-05-01"));
}

/* --- the payload
 * ---------------------------------------------------------------------------------- */

/* What waits for a second person is applied as it was entered: every field comes through. */
static void test_payload(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n = notice_of(&h, "2026-06-14");
    int64_t no = 0;

    TOWN_OK(t, setting_set(&t->w, "check.eligibility.notification", STR("1"), STR("試験")));
    n.source = STR("proxy");
    n.proxy_name = STR("代理　太郎");
    n.proxy_document = STR("委任状");
    n.why = STR("理由\n二行目");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2026-04-01");
    lose(&n, h.mother, LOST_EMPLOYER, "2026-05-01");
    n.row[1].insurer = STR("架空 健康保険組合");
    n.row[1].is_dependant = true;
    const struct actor *system_actor = t->w.actor;
    t->w.actor = &anna;
    assert_int_equal(TOWN_OK(t, notification_enter(&t->w, &n, &no)), 1);
    t->w.actor = &berta;
    TOWN_OK(t, office_check(&t->w, no, true, STR("")));
    t->w.actor = system_actor;
    const struct insured_periods p = periods_of(t, h.mother);
    assert_int_equal(p.n, 1);
    expect_day(p.rows[0].valid.from, "2026-04-01");
    expect_day(p.rows[0].valid.to, "2026-05-02");
    expect_day(p.rows[0].lost_notified, "2026-06-14");
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
        TOWN_TESTS("a correction needs a reason and a second person; the earlier value stays "
                   "[NHI-CMN-013 NHI-CMN-014 NHI-CMN-016]",
                   test_correction),
        TOWN_TESTS("losses are resumed and periods cancelled [NHI-ELG-002 NHI-CMN-014]",
                   test_resumed_and_cancelled),
        TOWN_TESTS("the other cover goes on when the joining was wrong [NHI-ELG-005 NHI-CMN-014]",
                   test_cover_follows),
        TOWN_TESTS("an earlier period must fit between those known [NHI-CMN-006]", test_inserted),
        TOWN_TESTS("late-stage care: birthday, disability, 29 February; death [NHI-ELG-006]",
                   test_late_stage_days),
        TOWN_TESTS("who goes to late-stage care is counted in his household [NHI-ELG-037 "
                   "NHI-CMN-005]",
                   test_special_same),
        TOWN_TESTS("the prefecture's days apart from the city's [NHI-ELG-017]", test_prefecture),
        TOWN_TESTS("symbol, number and branch follow the household [NHI-ELG-007]", test_numbers),
        TOWN_TESTS("excluded and short stays [NHI-CMN-006]", test_foreign),
        TOWN_TESTS("an entry that waits is applied as it was entered [NHI-CMN-013]", test_payload),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
