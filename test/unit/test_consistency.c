/* The monthly comparison of information groups: what it finds, keeps, closes, and finds again. */
#include "levy_town.h"

#include "residents.h"

#include "office/consistency.h"

static void compare(struct town *t, const char *day)
{
    int64_t id;
    TOWN_OK(t, job_run(&t->w, "consistency", levy_town_options(t, "as-of=%s", day), &id));
}

static struct office_db_findings_open_list open_of(struct town *t, const char *kind)
{
    struct office_db_findings_open_list list;
    struct office_db_findings_open_in in = {str_of(kind), 0, 1000};
    TOWN_OK(t, office_db_findings_open(&t->w.cx, t->w.store, &in, &list));
    return list;
}

static bool is_open(struct town *t, const char *kind, const char *subject)
{
    struct office_db_findings_open_list list = open_of(t, kind);
    bool found = false;
    for (size_t i = 0; i < list.n; i++)
        found |= str_is(list.rows[i].subject, subject);
    return found;
}

/* --- a fresh city ------------------------------------------------------------------------------
 */

static void levy(struct town *t)
{
    int64_t job = 0;
    struct draft d;
    struct actor operator= levy_town_actor(ROLE_OPERATOR, 11);
    struct actor chief = levy_town_actor(ROLE_CHIEF, 12);
    const struct actor *before = t->w.actor;
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-10"), &job));
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

static void test_fresh(void **state)
{
    struct town *t = *state;
    const struct desk *desk;
    const struct consistency_check *c;
    levy_town_fill(t, 900, 7);
    levy(t);
    compare(t, "2026-06-10");
    size_t n = 0;
    for (; (c = check_at(n, &desk)) != NULL; n++) {
        struct office_db_findings_open_list list = open_of(t, c->name);
        if (list.n > 0)
            fail_msg("%s: " STR_FMT " " STR_FMT, c->name, STR_ARG(list.rows[0].subject),
                     STR_ARG(list.rows[0].facts));
    }
    assert_int_equal(n, 22);
}

/* --- one mismatch for every check ---------------------------------------------------------------
 */

struct home {
    int64_t household, head;
};

/* Lives here, is insured, has a number and a document: nothing to find. */
static struct home healthy(struct feed *f, const char *household_no, const char *person_no,
                           const char *birth)
{
    struct home h = {.household = add_household(f, household_no, "本町", "１", "2010-04-01")};
    h.head = add_person(f, (struct who){person_no, "試験　人", "シケン　ヒト", birth, SEX_MALE});
    add_member(f, h.household, h.head, "01", "2010-04-01", NULL);
    return h;
}

static void insure(struct feed *f, struct home h, const char *number)
{
    add_period(f, h.head, (struct insured){"2020-04-01", NULL, NULL, 2, 0});
    if (number)
        add_number(f, h.household, number, "2020-04-01");
}

static void document(struct feed *f, int64_t person, const char *serial)
{
    TOWN_OK(f->t,
            eligibility_open_certificate(f->eligibility, f->event_no,
                                         &(struct certificate_issue){.person_id = person,
                                                                     .kind = "confirmation",
                                                                     .serial = str_of(serial),
                                                                     .symbol = STR("保険"),
                                                                     .number = STR("1"),
                                                                     .branch = STR("01"),
                                                                     .face_name = STR("試験"),
                                                                     .issued = day_of("2025-08-01"),
                                                                     .valid_until =
                                                                         day_of("2027-07-31"),
                                                                     .issue_count = 1,
                                                                     .returned = YMD_NONE,
                                                                     .return_cause = YMD_NONE},
                                         NULL));
}

static void cover(struct feed *f, int64_t person, const char *kind, const char *from)
{
    TOWN_OK(f->t, eligibility_open_cover(f->eligibility, f->event_no,
                                         &(struct other_cover){.person_id = person,
                                                               .kind = kind,
                                                               .insurer = STR("協会"),
                                                               .valid = {day_of(from), YMD_NONE}},
                                         NULL));
}

static void circumstance(struct feed *f, int64_t person, enum circumstance_kind kind)
{
    TOWN_OK(f->t, eligibility_open_circumstance(
                      f->eligibility, f->event_no,
                      &(struct circumstance){.person_id = person,
                                             .kind = kind,
                                             .day = day_of("2025-10-01"),
                                             .code = kind == CIRCUMSTANCE_UNEMPLOYED ? 11 : 0,
                                             .first_month = month_of(2025, 10),
                                             .last_month = month_of(2027, 3),
                                             .notified = day_of("2025-10-05")},
                      NULL));
}

static void residents_wrong(struct feed *f)
{
    struct home h = healthy(f, "H01", "P01", "1970-01-01");
    const int64_t lodger =
        add_person(f, (struct who){"P02", "試験　子", "シケン　コ", "1971-01-01", SEX_MALE});
    add_member(f, h.household, lodger, "01", "2010-04-01", NULL); /* a second head */
    struct home other = healthy(f, "H02", "P03", "1970-01-01");
    add_member(f, h.household, other.head, "99", "2015-04-01", NULL); /* lives in both */
    (void)add_person(f, (struct who){"P04", "試験　宿", "シケン　ヤド", "1970-01-01", SEX_MALE});
    const struct span mark = {day_of("2025-06-25"), day_of("2026-06-25")};
    TOWN_OK(f->t, party_open_protection(f->party, f->event_no,
                                        &(struct protection_fact){.person_id = other.head,
                                                                  .kind = "violence",
                                                                  .decision_no = STR("7"),
                                                                  .valid = mark},
                                        NULL));
    TOWN_OK(f->t,
            party_open_foreign(f->party, f->event_no,
                               &(struct foreign_fact){.person_id = lodger,
                                                      .nationality = STR("VNM"),
                                                      .stay_status = STR("技能実習"),
                                                      .stay_until = day_of("2026-03-01"),
                                                      .valid = {day_of("2020-01-01"), YMD_NONE}},
                               NULL));
}

/* Dead, and nobody has told: identity instead of add_person's. */
static void dead(struct feed *f)
{
    const int64_t id = new_id(f);
    const int64_t home = add_household(f, "H03", "本町", "２", "2010-04-01");
    TOWN_OK(f->t, party_open_person(f->party, f->event_no, id, STR("P05"), day_of("1950-01-01")));
    TOWN_OK(f->t, party_open_identity(f->party, f->event_no,
                                      &(struct identity_fact){.person_id = id,
                                                              .birth = day_of("1960-01-01"),
                                                              .sex = SEX_MALE,
                                                              .death = day_of("2026-05-01")},
                                      NULL));
    add_member(f, home, id, "01", "2010-04-01", NULL);
    add_period(f, id,
               (struct insured){"2020-04-01", NULL, NULL, 2, 0}); /* and is not on the register */
}

static void cover_wrong(struct feed *f)
{
    struct home h = healthy(f, "H11", "P11", "1970-01-01");
    insure(f, h, "11"); /* twice: overlapping periods, two numbers */
    add_number(f, h.household, "12", "2021-04-01");
    add_period(f, h.head, (struct insured){"2022-04-01", NULL, NULL, 2, 0});
    h = healthy(f, "H13", "P13", "1970-01-01");
    insure(f, h, NULL); /* no number, no document */
    cover(f, h.head, "employee", "2025-12-01");
    circumstance(f, h.head, CIRCUMSTANCE_UNEMPLOYED);
    h = healthy(f, "H14", "P14", "1951-06-15"); /* 75 today */
    insure(f, h, "14");
    circumstance(f, h.head, CIRCUMSTANCE_CARE_EXEMPT);
    h = healthy(f, "H15", "P15", "1970-01-01"); /* no cover at all, but a document */
    document(f, h.head, "0015");
}

static void wrong_city(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    residents_wrong(&f);
    dead(&f);
    cover_wrong(&f);
    const struct home good = healthy(&f, "H90", "P90", "1980-01-01");
    insure(&f, good, "90");
    document(&f, good.head, "0090");
    struct home nobody = healthy(&f, "H91", "P91", "1980-01-01");
    cover(&f, nobody.head, "employee", "2020-04-01");
    feed_end(&f);
}

/* Pairs to compare are named in the desks' tables; every one finds what was planted for it. */
static void test_every_pair(void **state)
{
    static const struct {
        const char *kind, *subject;
    } planted[] = {
        {"check_head", "H01"},         {"check_two_homes", "P03"},
        {"check_dead", "P05"},         {"check_homeless", "P04"},
        {"check_protection", "P03"},   {"check_stay", "P02"},
        {"check_not_resident", "P05"}, {"check_uncovered", "P15"},
        {"check_two_periods", "P11"},  {"check_two_numbers", "H11"},
        {"check_no_number", "P13"},    {"check_double_cover", "P13"},
        {"check_late_stage", "P14"},   {"check_dead_insured", "P05"},
        {"check_certificate", "P15"},  {"check_no_certificate", "P13"},
        {"check_employment", "P13"},   {"check_care", "P14"},
        {"check_no_decision", "H13"},  {"check_no_insured", "H91"},
        {"check_tax", "P13"},
    };
    struct town *t = *state;
    const struct desk *desk;
    const struct consistency_check *c;
    levy_town_fill(t, 300, 7);
    levy(t);
    wrong_city(t);
    t->tampered = true; /* two decisions are no longer what they were */
    engines_tamper(t->store,
                   "update decision set total_yen = total_yen + 100 where decision_no = 1");
    engines_tamper(t->store,
                   "update decision set household_id = (select household_id from household "
                   "where household_no = 'H91') where decision_no = 2");
    compare(t, "2026-06-15");
    assert_int_equal(open_of(t, "check_charged").n, 1);
    for (size_t i = 0; i < sizeof planted / sizeof *planted; i++)
        if (!is_open(t, planted[i].kind, planted[i].subject))
            fail_msg("%s does not find %s", planted[i].kind, planted[i].subject);
    for (size_t i = 0; (c = check_at(i, &desk)) != NULL; i++)
        if (strcmp(c->name, "check_tax") != 0) /* no tax data of this one either */
            assert_false(is_open(t, c->name, "P90"));
}

/* --- closing
 * -------------------------------------------------------------------------------------- */

static int64_t the_finding(struct town *t, const char *kind)
{
    struct office_db_findings_open_list list = open_of(t, kind);
    assert_int_equal(list.n, 1);
    return list.rows[0].finding_id;
}

static void test_closing(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = healthy(&f, "H21", "P21", "1970-01-01");
    insure(&f, h, "21");
    document(&f, h.head, "0021");
    cover(&f, h.head, "employee", "2026-01-10");
    const int64_t before = f.event_no;
    feed_end(&f);
    compare(t, "2026-06-15");
    const int64_t id = the_finding(t, "check_double_cover");
    town_refused(t, finding_close(&t->w, id, &(struct finding_word){.state = FINDING_RIGHT}),
                 ERR_INVALID, "office.finding_reason");
    struct finding_word word = {.state = FINDING_CORRECTED, .corrected_by = before};
    town_refused(t, finding_close(&t->w, id, &word), ERR_INVALID, "office.finding_event");
    word.corrected_by = 999999;
    town_refused(t, finding_close(&t->w, id, &word), ERR_INVALID, "office.finding_event");
    compare(t, "2026-06-15"); /* the same finding stays, it is not found twice */
    assert_true(the_finding(t, "check_double_cover") == id);
    TOWN_OK(t, finding_close(&t->w, id,
                             &(struct finding_word){.state = FINDING_RIGHT,
                                                    .reason = STR("任意継続の届出を待つ")}));
    compare(t, "2026-06-16"); /* right as it is: not found again while its facts stay */
    assert_int_equal(open_of(t, "check_double_cover").n, 0);
    town_refused(t,
                 finding_close(&t->w, id,
                               &(struct finding_word){.state = FINDING_RIGHT, .reason = STR("x")}),
                 ERR_STALE, "office.finding_closed");
}

static void test_correction(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = healthy(&f, "H31", "P31", "1970-01-01");
    add_period(&f, h.head, (struct insured){"2020-04-01", NULL, NULL, 2, 0});
    document(&f, h.head, "0031");
    struct home k = healthy(&f, "H32", "P32", "1970-01-01");
    add_period(&f, k.head, (struct insured){"2020-04-01", NULL, NULL, 2, 0});
    document(&f, k.head, "0032");
    feed_end(&f);
    compare(t, "2026-06-15");
    struct office_db_findings_open_list list = open_of(t, "check_no_number");
    assert_int_equal(list.n, 2);
    f = feed_begin(t, "eligibility.renewal", h.household);
    add_number(&f, h.household, "31", "2020-04-01");
    add_number(&f, k.household, "32", "2020-04-01");
    const int64_t correction = f.event_no;
    feed_end(&f);
    const size_t first = str_is(list.rows[0].subject, "P31") ? 0 : 1;
    struct finding_word word = {.state = FINDING_CORRECTED, .corrected_by = correction};
    TOWN_OK(t, finding_close(&t->w, list.rows[first].finding_id, &word));
    assert_int_equal(open_of(t, "check_no_number").n, 1);
    compare(t, "2026-06-15"); /* the other closes by itself */
    assert_int_equal(open_of(t, "check_no_number").n, 0);
    struct office_db_finding_row_row row;
    TOWN_OK(t, office_db_finding_row(&t->w.cx, t->w.store,
                                     &(struct office_db_finding_row_in){
                                         list.rows[1 - first].finding_id},
                                     &row));
    assert_int_equal(row.state, FINDING_GONE);
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("nothing is found in a fresh city, levied [NHI-CMN-015]", test_fresh),
        TOWN_TESTS("every pair that is compared finds its mismatch [NHI-CMN-015 NHI-CMN-021]",
                   test_every_pair),
        TOWN_TESTS("a finding is right as it is with a reason, once [NHI-CMN-015]", test_closing),
        TOWN_TESTS("a finding closes with the event that corrected it, or by itself [NHI-CMN-015]",
                   test_correction),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
