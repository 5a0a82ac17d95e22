/* What the calendar brings, and what is applied without asking. */
#include "notices.h"

static struct pendings open_of(struct town *t, int kind)
{
    struct pendings out;
    const struct pending_query q = {.kind = kind, .open_only = true};
    TOWN_OK(t, pending_find(&t->w, &q, &out));
    return out;
}

static int64_t figure(struct town *t, int64_t job, bool skipped)
{
    struct job_row row;
    TOWN_OK(t, job_get(&t->w, job, &row));
    return skipped ? row.progress.skipped : row.progress.done;
}

static int64_t run_job(struct town *t, const char *kind, const char *options)
{
    int64_t id = 0;
    TOWN_OK(t, job_run(&t->w, kind, str_of(options), &id));
    return id;
}

/* Three near 75: past, near, and far; one of them on 29 February. */
static struct family elders(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family h = {.household =
                           add_household(&f, "000000401", "本町一丁目", "３番", "2020-04-01")};
    h.father = add_person(&f, (struct who){"0000000051", "高橋　実", "タカハシ　ミノル",
                                           "1951-06-10", SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000052", "高橋　ヨシ", "タカハシ　ヨシ",
                                           "1951-07-31", SEX_FEMALE});
    h.child = add_person(&f, (struct who){"0000000053", "高橋　トメ", "タカハシ　トメ",
                                          "1952-02-29", SEX_FEMALE});
    add_member(&f, h.household, h.father, "01", "2020-04-01", NULL);
    add_member(&f, h.household, h.mother, "03", "2020-04-01", NULL);
    add_member(&f, h.household, h.child, "99", "2020-04-01", NULL);
    feed_end(&f);
    struct notification n = notice_of(&h, "2026-06-15");
    acquire(&n, h.father, ACQUIRED_MOVE_IN, "2020-04-01");
    acquire(&n, h.mother, ACQUIRED_MOVE_IN, "2020-04-01");
    acquire(&n, h.child, ACQUIRED_MOVE_IN, "2020-04-01");
    enter(t, &n);
    return h;
}

static void test_calendar(void **state)
{
    struct town *t = *state;
    const struct family h = elders(t);

    run_job(t, "pending-calendar", "days=60");
    struct pendings p = open_of(t, PENDING_AGE_75);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.rows[0].person_id, h.father); /* oldest cause first */
    expect_day(p.rows[0].cause, "2026-06-10");
    expect_day(p.rows[1].cause, "2026-07-31");
    assert_true(str_is(p.rows[1].source, "calendar"));
    run_job(t, "pending-calendar", "days=61"); /* nothing is said twice */
    assert_int_equal(open_of(t, PENDING_AGE_75).n, 2);
    TOWN_OK(t,
            pending_close(&t->w, p.rows[1].pending_id, PENDING_DISMISSED, STR("生年月日の誤り")));
    run_job(t, "pending-calendar", "days=260"); /* nor when it was dismissed */
    p = open_of(t, PENDING_AGE_75);
    assert_int_equal(p.n, 2);
    assert_int_equal(p.rows[1].person_id, h.child);
    expect_day(p.rows[1].cause, "2027-03-01"); /* born on 29 February, a common year */
}

static void test_calendar_of_others(void **state)
{
    struct town *t = *state;
    const struct family h = elders(t);
    struct feed f = feed_begin(t, "party.stay", h.household);
    int64_t no = 0;

    TOWN_OK(t, party_open_foreign(f.party, f.event_no,
                                  &(struct foreign_fact){.person_id = h.mother,
                                                         .nationality = STR("KOR"),
                                                         .stay_status = STR("定住者"),
                                                         .stay_until = day_of("2026-07-01"),
                                                         .valid = {day_of("2020-04-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
    const struct placement_entry c = {.in = {.household_id = h.household,
                                             .notified = day_of("2026-06-15"),
                                             .source = STR("person"),
                                             .route = STR("counter"),
                                             .identity = IDENTITY_PHOTO},
                                      .fact = {.person_id = h.child,
                                               .household_id = h.household,
                                               .kind = "facility",
                                               .place = STR("架空苑"),
                                               .review = day_of("2026-06-30"),
                                               .valid = {day_of("2026-04-01"), YMD_NONE}}};
    TOWN_OK(t, placement_enter(&t->w, &c, &no));
    run_job(t, "pending-calendar", "days=30");
    const struct pendings stay = open_of(t, PENDING_STAY), place = open_of(t, PENDING_PLACEMENT);
    assert_int_equal(stay.n, 1);
    expect_day(stay.rows[0].cause, "2026-07-01");
    assert_int_equal(place.n, 1);
    assert_int_equal(place.rows[0].person_id, h.child);
    expect_day(place.rows[0].cause, "2026-06-30");
    assert_int_equal(open_of(t, 0).n, 3); /* and the father's 75th birthday */
}

static void feed_pending(struct town *t, const struct family *h, int64_t person, int kind,
                         const char *detail)
{
    struct feed f = feed_begin(t, "party.register", h->household);
    const struct pending p = {.kind = (enum pending_kind)kind,
                              .household_id = h->household,
                              .person_id = person,
                              .cause = day_of("2026-06-14"),
                              .source = STR("register"),
                              .detail = str_of(detail)};
    TOWN_OK(t, pending_open(&t->w, f.event_no, &p, 1, NULL));
    feed_end(&f);
}

/* The job applies what needs no question, closes what has no effect, and lists the rest. */
static void test_apply(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t), old = elders(t);

    run_job(t, "pending-calendar", "days=60");
    feed_pending(t, &h, h.child, PENDING_MOVE_OUT, "to=131016"); /* was never insured */
    feed_pending(t, &old, old.mother, PENDING_MOVE_OUT, "");     /* where to? */
    feed_pending(t, &old, old.child, PENDING_ASSISTANCE_START, "");
    const int64_t job = run_job(t, "pending-apply", "kinds=3,7,9");
    assert_int_equal(figure(t, job, false), 3);
    assert_int_equal(figure(t, job, true), 1);
    assert_true(is_insured_on(t, old.father, "2026-06-09"));
    assert_false(is_insured_on(t, old.father, "2026-06-10"));
    assert_false(is_insured_on(t, old.child, "2026-06-14"));
    assert_true(is_insured_on(t, old.mother, "2026-06-15"));
    t->w.asof.known = KNOWN_NOW;
    const struct pendings left = open_of(t, 0);
    assert_int_equal(left.n, 2); /* the mother's, and her birthday in July */
    const struct pending_query q = {.person_id = h.child};
    struct pendings found;
    TOWN_OK(t, pending_find(&t->w, &q, &found));
    assert_int_equal(found.rows[0].state, PENDING_NO_EFFECT);
    assert_true(found.rows[0].closed_by > 0 && found.rows[0].reason.n > 0);
}

/* An in-move at the resident counter is a notification of the insurance too (みなし). */
static void test_move_in(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct notification n;

    feed_pending(t, &h, h.mother, PENDING_MOVE_IN, "from=131016");
    feed_pending(t, &h, h.child, PENDING_MOVE_IN, "from=131016");
    const struct pendings p = open_of(t, PENDING_MOVE_IN);
    assert_int_equal(p.n, 2);
    assert_int_equal(TOWN_OK(t, pending_proposal(&t->w, &p.rows[0], &n)), 0); /* other cover? */
    assert_int_equal(n.n, 2); /* the whole household at once, no second form */
    assert_int_equal(n.n_settles, 2);
    assert_int_equal(n.row[0].acquired_by, ACQUIRED_MOVE_IN);
    enter(t, &n);
    assert_true(is_insured_on(t, h.mother, "2026-06-14"));
    assert_true(is_insured_on(t, h.child, "2026-06-14"));
    t->w.asof.known = KNOWN_NOW;
    assert_int_equal(open_of(t, 0).n, 0);
    town_refused(t, pending_close(&t->w, p.rows[0].pending_id, PENDING_NO_EFFECT, STR("x")),
                 ERR_STALE, "eligibility.pending.closed");
}

static void test_reason(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);

    feed_pending(t, &h, h.mother, PENDING_DOUBLE_COVER, "");
    const struct pendings p = open_of(t, 0);
    town_refused(t, pending_close(&t->w, p.rows[0].pending_id, PENDING_DISMISSED, STR(" ")),
                 ERR_INVALID, "eligibility.pending.reason_missing");
    TOWN_OK(t, pending_close(&t->w, p.rows[0].pending_id, PENDING_DISMISSED, STR("別人")));
    assert_int_equal(open_of(t, 0).n, 0);
}

/* Pages of the list go on where the last one ended. */
static void test_pages(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    const int64_t people[] = {h.father, h.mother, h.child};
    struct pending_query q = {.open_only = true, .limit = 2};
    struct pendings page;

    for (int i = 0; i < 3; i++)
        feed_pending(t, &h, people[i], PENDING_REJUDGE, "");
    TOWN_OK(t, pending_find(&t->w, &q, &page));
    assert_int_equal(page.n, 2);
    q.after = page.rows[1].pending_id;
    TOWN_OK(t, pending_find(&t->w, &q, &page));
    assert_int_equal(page.n, 1);
    assert_int_equal(page.rows[0].person_id, h.child);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("75th birthdays become pending once [NHI-ELG-051]", test_calendar),
        TOWN_TESTS("stays and placements that run out become pending [NHI-ELG-009]",
                   test_calendar_of_others),
        TOWN_TESTS("what needs no question is applied, the rest is listed [NHI-ELG-051]",
                   test_apply),
        TOWN_TESTS("an in-move at the resident counter needs no second form [NHI-ELG-013]",
                   test_move_in),
        TOWN_TESTS("a pending is not dismissed without a reason", test_reason),
        TOWN_TESTS("the list of pendings goes on page by page", test_pages),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
