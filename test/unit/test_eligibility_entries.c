/* What is entered beside changes of cover: circumstances, placements, marks, heads; who may tell.
 */
#include "notices.h"

static struct filing filing_for(const struct family *h, const char *why)
{
    return (struct filing){.household_id = h->household,
                           .notified = day_of("2026-06-15"),
                           .source = STR("person"),
                           .route = STR("counter"),
                           .why = str_of(why),
                           .identity = IDENTITY_PHOTO,
                           .proxy_name = STR(""),
                           .proxy_document = STR("")};
}

static void insure(struct town *t, const struct family *h, int64_t person, const char *from)
{
    struct notification n = notice_of(h, "2026-06-15");
    acquire(&n, person, ACQUIRED_MOVE_IN, from);
    enter(t, &n);
}

/* --- circumstances ---------------------------------------------------------------------------- */

static struct circumstance_entry circumstance_for(const struct family *h, int64_t person, int kind,
                                                  const char *day, int32_t code)
{
    return (struct circumstance_entry){.in = filing_for(h, ""),
                                       .fact = {.person_id = person,
                                                .kind = (enum circumstance_kind)kind,
                                                .day = day_of(day),
                                                .code = code,
                                                .first_month = MONTH_NONE,
                                                .last_month = MONTH_NONE,
                                                .notified = day_of("2026-06-15")}};
}

static void test_unemployed(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    static const int32_t counts[] = {11, 12, 21, 22, 23, 31, 32, 33, 34};
    struct circumstance_rows rows;
    int64_t no = 0;

    for (int32_t code = 0; code <= 60; code++) { /* every code of the receipt and those beside it */
        bool is_listed = false;
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
            is_listed = is_listed || counts[i] == code;
        struct circumstance_entry c =
            circumstance_for(&h, h.mother, CIRCUMSTANCE_UNEMPLOYED, "2026-03-31", code);
        c.fact.day = ymd_add(c.fact.day, code);
        if (is_listed)
            assert_int_equal(TOWN_OK(t, circumstance_enter(&t->w, &c, &no)), 0);
        else
            town_refused(t, circumstance_enter(&t->w, &c, &no), ERR_INVALID,
                         "eligibility.circumstance.code");
    }
    TOWN_OK(t, circumstance_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, sizeof counts / sizeof *counts);
    struct circumstance_entry twice =
        circumstance_for(&h, h.mother, CIRCUMSTANCE_UNEMPLOYED, "2026-04-11", 11);
    town_refused(t, circumstance_enter(&t->w, &twice, &no), ERR_INVALID,
                 "eligibility.circumstance.twice");
    struct circumstance_entry old = /* 65 is reached on the day before the birthday */
        circumstance_for(&h, h.father, CIRCUMSTANCE_UNEMPLOYED, "2045-02-28", 11);
    town_refused(t, circumstance_enter(&t->w, &old, &no), ERR_INVALID,
                 "eligibility.circumstance.over_65");
}

static void test_circumstance_corrected(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct circumstance_entry c =
        circumstance_for(&h, h.mother, CIRCUMSTANCE_MATERNITY, "2026-09-01", 1);
    struct circumstance_rows rows;
    int64_t no = 0;

    TOWN_OK(t, circumstance_enter(&t->w, &c, &no));
    TOWN_OK(t, circumstance_list(&t->w, h.mother, &rows));
    c.replaces = rows.rows[0].row_id; /* born earlier, and two of them */
    c.fact.day = day_of("2026-08-20");
    c.fact.code = 2;
    TOWN_OK(t, circumstance_enter(&t->w, &c, &no));
    TOWN_OK(t, circumstance_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, 1);
    expect_day(rows.rows[0].fact.day, "2026-08-20");
    assert_int_equal(rows.rows[0].fact.code, 2);
    c.fact.day = day_of("2026-08-21");
    town_refused(t, circumstance_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.plan.row_gone");
    c.replaces = rows.rows[0].row_id;
    c.is_removed = true;
    town_refused(t, circumstance_enter(&t->w, &c, &no), ERR_INVALID,
                 "eligibility.plan.why_missing");
    c.in.why = STR("届出の取下げ");
    TOWN_OK(t, circumstance_enter(&t->w, &c, &no));
    TOWN_OK(t, circumstance_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, 0);
}

/* --- placements ------------------------------------------------------------------------------- */

/* The child goes to school in another city; his cover goes on in the household of his parents. */
static void test_student(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct placement_entry c = {.in = filing_for(&h, ""),
                                .fact = {.person_id = h.child,
                                         .household_id = h.household,
                                         .kind = "student",
                                         .place = STR("架空大学"),
                                         .review = YMD_NONE,
                                         .valid = {day_of("2026-04-01"), YMD_NONE}}};
    struct placement_rows rows;
    int64_t no = 0;

    insure(t, &h, h.child, "2026-02-01");
    town_refused(t, placement_enter(&t->w, &c, &no), ERR_INVALID,
                 "eligibility.placement.review_missing");
    c.fact.review = day_of("2026-06-20");
    TOWN_OK(t, placement_enter(&t->w, &c, &no));
    town_refused(t, placement_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.placement.overlap");
    struct feed f = feed_begin(t, "party.move_out", h.household);
    struct party_state s;
    TOWN_OK(t, party_states(&t->w, &h.child, 1, &s));
    TOWN_OK(t, party_close(f.party, PARTY_MEMBERSHIP, s.membership_row, f.event_no));
    TOWN_OK(t, party_close(f.party, PARTY_RESIDENCY, s.residency_row, f.event_no));
    s.membership.valid.to = s.residency.valid.to = day_of("2026-04-01");
    s.residency.ended_by = "move_out";
    TOWN_OK(t, party_open_membership(f.party, f.event_no, &s.membership, NULL));
    TOWN_OK(t, party_open_residency(f.party, f.event_no, &s.residency, NULL));
    feed_end(&f);
    assert_true(is_insured_on(t, h.child, "2026-06-15"));
    struct levy_facts facts; /* he is counted where his parents are */
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    TOWN_OK(t, eligibility_facts_load(
                   &t->w,
                   &(struct facts_request){.fiscal_year = 2026, .limit = 10, .known = KNOWN_NOW},
                   &facts));
    bool is_counted = false;
    for (size_t i = 0; i < facts.n_persons; i++)
        is_counted = is_counted || facts.persons[i].person_id == h.child;
    assert_true(is_counted);
    TOWN_OK(t, placement_list(&t->w, h.child, &rows)); /* confirmed for another year */
    c.replaces = rows.rows[0].row_id;
    c.fact.review = day_of("2027-04-30");
    TOWN_OK(t, placement_enter(&t->w, &c, &no));
    TOWN_OK(t, placement_list(&t->w, h.child, &rows));
    assert_int_equal(rows.n, 1);
    expect_day(rows.rows[0].fact.review, "2027-04-30");
}

static void test_facility(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct placement_entry c = {.in = filing_for(&h, ""),
                                .fact = {.person_id = h.mother,
                                         .household_id = h.household,
                                         .kind = "facility",
                                         .place = STR(""),
                                         .review = day_of("2027-06-30"),
                                         .valid = {day_of("2026-06-01"), day_of("2026-12-01")}}};
    struct placement_rows rows;
    int64_t no = 0;

    town_refused(t, placement_enter(&t->w, &c, &no), ERR_INVALID,
                 "eligibility.placement.place_missing");
    c.fact.place = STR("特別養護老人ホーム架空苑");
    TOWN_OK(t, placement_enter(&t->w, &c, &no));
    TOWN_OK(t, placement_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, 1);
    assert_true(str_is(rows.rows[0].fact.place, "特別養護老人ホーム架空苑"));
    expect_day(rows.rows[0].fact.valid.from, "2026-06-01");
    expect_day(rows.rows[0].fact.valid.to, "2026-12-01");
    c.fact.kind = "hospital";
    town_refused(t, placement_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.placement.overlap");
}

/* --- marks and heads -------------------------------------------------------------------------- */

static void uncheck(struct town *t, const char *kind)
{
    char key[64];
    snprintf(key, sizeof key, "check.%s", kind);
    TOWN_OK(t, setting_set(&t->w, key, STR("0"), STR("試験")));
}

static void test_override(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct override_entry c = {.in = filing_for(&h, ""),
                               .person_id = h.mother,
                               .mark = STR("special_same"),
                               .is_set = true,
                               .valid = {day_of("2026-06-01"), YMD_NONE}};
    struct override_rows rows;
    int64_t no = 0;

    town_refused(t, override_enter(&t->w, &c, &no), ERR_INVALID,
                 "eligibility.override.why_missing");
    c.in.why = STR("前住所地の記録による");
    town_refused(t, override_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.override.to_missing");
    c.valid.to = day_of("2027-04-01");
    assert_int_equal(TOWN_OK(t, override_enter(&t->w, &c, &no)), 1); /* waits for another person */
    TOWN_OK(t, override_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, 0);
    uncheck(t, "eligibility.override");
    assert_int_equal(TOWN_OK(t, override_enter(&t->w, &c, &no)), 0);
    TOWN_OK(t, override_list(&t->w, h.mother, &rows));
    assert_int_equal(rows.n, 1);
    assert_true(str_is(rows.rows[0].fact.in.why, "前住所地の記録による"));
    expect_day(rows.rows[0].fact.valid.to, "2027-04-01");
    struct levy_facts facts; /* she is counted in the household from that day */
    insure(t, &h, h.child, "2026-04-01");
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    TOWN_OK(t, eligibility_facts_load(
                   &t->w,
                   &(struct facts_request){.fiscal_year = 2026, .limit = 10, .known = KNOWN_NOW},
                   &facts));
    assert_int_equal(facts.n_specials, 1);
    expect_day(facts.specials[0].valid.from, "2026-06-01");
    expect_day(facts.specials[0].valid.to, "2027-04-01");
}

static int owes;
static int owed(struct work *w, int64_t household_id)
{
    (void)w;
    (void)household_id;
    return owes;
}

static void test_head(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct head_entry c = {.in = filing_for(&h, "世帯主が社保加入のため"),
                           .person_id = h.mother,
                           .valid = {day_of("2026-06-15"), YMD_NONE}};
    struct head_rows rows;
    int64_t no = 0;

    insure(t, &h, h.mother, "2026-06-01");
    eligibility_arrears_ask(NULL);
    town_refused(t, head_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.head.arrears_unknown");
    eligibility_arrears_ask(owed);
    owes = 1;
    town_refused(t, head_enter(&t->w, &c, &no), ERR_INVALID, "eligibility.head.arrears");
    owes = 0;
    uncheck(t, "eligibility.head");
    assert_int_equal(TOWN_OK(t, head_enter(&t->w, &c, &no)), 0);
    TOWN_OK(t, head_list(&t->w, h.household, &rows));
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.rows[0].fact.person_id, h.mother);
    struct levy_facts facts; /* the debtor of the levy is the new head */
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    TOWN_OK(t, eligibility_facts_load(
                   &t->w,
                   &(struct facts_request){.fiscal_year = 2026, .limit = 10, .known = KNOWN_NOW},
                   &facts));
    assert_int_equal(facts.n_households, 1);
    assert_int_equal(facts.n_heads, 2);
    assert_int_equal(facts.heads[0].person_id, h.father);
    expect_day(facts.heads[0].valid.to, "2026-06-15");
    assert_int_equal(facts.heads[1].person_id, h.mother);
    expect_day(facts.heads[1].valid.from, "2026-06-15");
    eligibility_arrears_ask(NULL);
}

/* --- how it came in --------------------------------------------------------------------------- */

static void refuse_filing(struct town *t, const struct filing *in, const char *what)
{
    struct circumstance_entry c = {.in = *in,
                                   .fact = {.kind = CIRCUMSTANCE_MATERNITY,
                                            .code = 1,
                                            .first_month = MONTH_NONE,
                                            .last_month = MONTH_NONE}};
    int64_t no = 0;
    town_refused(t, circumstance_enter(&t->w, &c, &no), ERR_INVALID, what);
}

static void test_identity(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    struct filing in = filing_for(&h, "");

    in.identity = IDENTITY_NONE;
    refuse_filing(t, &in, "eligibility.plan.identity_missing");
    in.identity = IDENTITY_POST; /* the four items are for letters */
    refuse_filing(t, &in, "eligibility.plan.identity_post");
    in.identity = IDENTITY_NOTICE_CARD;
    in.source = STR("proxy");
    refuse_filing(t, &in, "eligibility.plan.proxy_missing");
    in.proxy_name = STR("代理　太郎");
    refuse_filing(t, &in, "eligibility.plan.mandate_missing");
    in.proxy_document = STR("委任状");
    in.route = STR("post");
    refuse_filing(t, &in, "eligibility.plan.identity_post");
    in.identity = IDENTITY_POST;
    refuse_filing(t, &in, "eligibility.plan.person_unknown"); /* all else is well */
}

static void test_pairs(void **state)
{
    struct town *t = *state;
    const struct family h = settle(t);
    static const char *const sources[] = {"person",       "proxy",    "register", "welfare",
                                          "late_stage",   "pension",  "insurer",  "federation",
                                          "municipality", "ministry", "agency",   "calendar"};
    static const char *const routes[] = {"counter", "post", "online",  "file",
                                         "link",    "line", "network", "job"};
    size_t n = 0, seen = 0;
    struct intake_route *pairs = NULL;
    TOWN_OK(t, intake_routes(&t->w, &pairs, &n));

    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        for (size_t k = 0; k < sizeof routes / sizeof *routes; k++) {
            struct filing in = filing_for(&h, "");
            bool is_listed = false;
            for (size_t p = 0; p < n; p++)
                is_listed = is_listed || (str_is(pairs[p].group, "eligibility") &&
                                          str_is(pairs[p].source, sources[i]) &&
                                          str_is(pairs[p].route, routes[k]));
            seen += is_listed;
            in.source = str_of(sources[i]);
            in.route = str_of(routes[k]);
            if (!is_listed)
                refuse_filing(t, &in, "eligibility.plan.pair");
        }
    }
    assert_true(seen > 20 && seen < 60);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("leaving codes of involuntary unemployment; others and over 65 are refused",
                   test_unemployed),
        TOWN_TESTS("a circumstance is corrected and withdrawn, not overwritten [NHI-CMN-014]",
                   test_circumstance_corrected),
        TOWN_TESTS("a student away stays in the household and is confirmed yearly [NHI-ELG-009]",
                   test_student),
        TOWN_TESTS("a facility with start and end [NHI-ELG-011]", test_facility),
        TOWN_TESTS("a mark is overridden with reason and last day, after a second look",
                   test_override),
        TOWN_TESTS("another head on application, without arrears only [NHI-ELG-007]", test_head),
        TOWN_TESTS("identity and mandate are recorded or the filing is refused [NHI-CMN-018]",
                   test_identity),
        TOWN_TESTS("a filing by a pair of source and route outside the table is refused",
                   test_pairs),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
