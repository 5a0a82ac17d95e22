/* Certificates: who gets which by date, issuing, coming back, other numbers. */
#include "desk/eligibility/certificate_inner.h"
#include "residents.h"

#include <string.h>

struct home {
    int64_t household, father, mother, child, grandmother, foreigner;
};

/* Judged shares as the test wants them: the grandmother pays three tenths. */
static int tests_share = 3;
static int judged(struct work *w, const int64_t *persons, size_t n, struct ymd day,
                  struct judged *out)
{
    (void)w, (void)day;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct judged){.person_id = persons[i],
                                 .elderly = 70,
                                 .share = tests_share,
                                 .division = DIVISION_E};
    return OK;
}

static struct certificate_arrears tests_arrears;
static int arrears(struct work *w, const int64_t *households, size_t n,
                   struct certificate_arrears *out)
{
    (void)w, (void)households;
    for (size_t i = 0; i < n; i++)
        out[i] = tests_arrears;
    return OK;
}

static struct home furnish(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = {.household =
                         add_household(&f, "000000201", "本町一丁目", "２番３号", "2010-04-01")};
    const struct insured since = {.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN};
    static const char *const branches[] = {"01", "02", "03", "04", "05"};
    const int64_t *const people[] = {&h.father, &h.mother, &h.child, &h.grandmother, &h.foreigner};

    tests_share = 3;
    tests_arrears = (struct certificate_arrears){0};
    h.father = add_person(&f, (struct who){"0000000011", "髙橋　次郎", "タカハシ　ジロウ",
                                           "1978-01-02", SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000012", "髙橋　由美", "タカハシ　ユミ",
                                           "1980-08-15", SEX_FEMALE});
    h.child = add_person(&f, (struct who){"0000000013", "髙橋　葵", "タカハシ　アオイ",
                                          "2013-03-03", SEX_FEMALE});
    h.grandmother = add_person(&f, (struct who){"0000000014", "髙橋　ハナ", "タカハシ　ハナ",
                                                "1952-05-20", SEX_FEMALE});
    h.foreigner = add_person(&f, (struct who){"0000000015", "木下　マリア", "キノシタ　マリア",
                                              "1990-10-10", SEX_FEMALE});
    add_number(&f, h.household, "00000123", "2015-04-01");
    for (size_t i = 0; i < 5; i++) {
        add_member(&f, h.household, *people[i], i == 0 ? "01" : "04", "2015-04-01", NULL);
        add_period(&f, *people[i], since);
        add_branch(&f, h.household, *people[i], "00000123", branches[i]);
    }
    feed_end(&f);
    return h;
}

static void set_day(struct town *t, const char *day)
{
    t->w.today = day_of(day);
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
}

static void card_set(struct town *t, int64_t person, const char *from)
{
    struct feed f = feed_begin(t, "eligibility.card_registration", 0);
    TOWN_OK(t, certificate_card_set(
                   &t->w, f.event_no,
                   &(struct card_registration){person, STR("link"), {day_of(from), YMD_NONE}}));
    feed_end(&f);
}

static struct certificate_need need_of(struct town *t, int64_t household, int64_t person,
                                       const char *family)
{
    struct certificate_needs needs;
    const bool elderly = strcmp(family, "elderly") == 0;

    TOWN_OK(t, certificate_due(&t->w, household, &needs));
    for (size_t i = 0; i < needs.n; i++) {
        if (needs.rows[i].person_id == person && str_is(needs.rows[i].kind, "elderly") == elderly)
            return needs.rows[i];
    }
    fail_msg("nothing is said of the person");
    return (struct certificate_need){0};
}

static struct held issue(struct town *t, const struct home *h, struct certificate_order o)
{
    struct held held;
    TOWN_OK(t, certificate_enter(&t->w, h->household, &o, 1, NULL));
    assert_int_equal(o.serial.n, 9);
    assert_int_equal(TOWN_OK(t, certificate_by_serial(&t->w, o.serial, &held)), 1);
    return held;
}

static void is_day(struct ymd day, const char *text)
{
    char shown[11] = "";
    if (!ymd_is_none(day))
        ymd_format(day, shown);
    assert_string_equal(shown, text);
}

/* --- who gets which ------------------------------------------------------------------------- */

static void test_choice(void **state)
{
    static const struct {
        const char *day;
        enum arrears_state arrears;
        bool reason, card, wish;
        char who; /* f father, c child */
        const char *kind;
    } cases[] = {
        {"2024-12-01", ARREARS_NONE, false, false, false, 'f', "card"},
        {"2024-12-01", ARREARS_NONE, false, true, false, 'f', "card"},
        {"2024-12-01", ARREARS_SHORT, false, true, false, 'f', "short_card"},
        {"2024-12-01", ARREARS_SPECIAL, false, false, false, 'f', "qualification"},
        {"2024-12-01", ARREARS_SPECIAL, true, false, false, 'f', "card"},
        {"2024-12-01", ARREARS_SPECIAL, false, false, false, 'c', "short_card"},
        {"2024-12-02", ARREARS_NONE, false, false, false, 'f', "confirmation"},
        {"2024-12-02", ARREARS_NONE, false, true, false, 'f', "notice"},
        {"2024-12-02", ARREARS_NONE, false, true, true, 'f', "confirmation"},
        {"2024-12-02", ARREARS_SHORT, false, true, false, 'f', "notice"},
        {"2024-12-02", ARREARS_SHORT, false, false, false, 'f', "confirmation"},
        {"2024-12-02", ARREARS_SPECIAL, false, false, false, 'f', "special_confirmation"},
        {"2024-12-02", ARREARS_SPECIAL, false, true, false, 'f', "special_notice"},
        {"2024-12-02", ARREARS_SPECIAL, true, true, false, 'f', "notice"},
        {"2024-12-02", ARREARS_SPECIAL, false, false, false, 'c', "confirmation"},
        {"2024-12-02", ARREARS_SPECIAL, false, true, false, 'c', "notice"},
    };
    struct town *t = *state;
    const struct home h = furnish(t);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t who = cases[i].who == 'f' ? h.father : h.child;
        struct feed f = feed_begin(t, "eligibility.card_registration", 0);
        const struct span none = {day_of("2020-01-01"), day_of("2020-01-01")};
        const struct span since = {day_of("2020-01-01"), YMD_NONE};
        TOWN_OK(t, certificate_card_set(&t->w, f.event_no,
                                        &(struct card_registration){who, STR("link"),
                                                                    cases[i].card ? since : none}));
        TOWN_OK(t, certificate_wish_set(&t->w, f.event_no,
                                        &(struct certificate_wish){who, STR("confirmation"),
                                                                   STR("介助が要る"),
                                                                   cases[i].wish ? since : none}));
        feed_end(&f);
        tests_arrears =
            (struct certificate_arrears){.state = cases[i].arrears, .has_reason = cases[i].reason};
        set_day(t, cases[i].day);
        const struct certificate_need need = need_of(t, h.household, who, "main");
        print_message("# case %zu\n", i);
        assert_true(str_is(need.kind, cases[i].kind));
        assert_non_null(need.reason);
        assert_string_equal(need.due, "eligibility.due.none");
    }
}

/* --- until when ---------------------------------------------------------------------------------
 */

static void test_until(void **state)
{
    struct town *t = *state;
    struct home h = furnish(t);
    struct feed f = feed_begin(t, "party.stay", 0);

    TOWN_OK(t, party_open_foreign(f.party, f.event_no,
                                  &(struct foreign_fact){.person_id = h.foreigner,
                                                         .nationality = STR("PHL"),
                                                         .stay_status =
                                                             STR("技術・人文知識・国際業務"),
                                                         .stay_until = day_of("2026-11-20"),
                                                         .valid = {day_of("2015-04-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
    set_day(t, "2026-06-15");
    is_day(need_of(t, h.household, h.father, "main").valid_until, "2026-07-31");
    is_day(need_of(t, h.household, h.foreigner, "main").valid_until, "2026-07-31");
    set_day(t, "2026-08-01");
    is_day(need_of(t, h.household, h.father, "main").valid_until, "2027-07-31");
    is_day(need_of(t, h.household, h.foreigner, "main").valid_until, "2026-11-20");
    is_day(need_of(t, h.household, h.grandmother, "main").valid_until, "2027-05-19"); /* 75 */
    TOWN_OK(t, setting_set(&t->w, "eligibility.certificate_years", STR("5"), STR("test")));
    is_day(need_of(t, h.household, h.father, "main").valid_until, "2031-07-31");
    set_day(t, "2026-08-02"); /* five years at most */
    is_day(need_of(t, h.household, h.father, "main").valid_until, "2031-07-31");
    set_day(t, "2024-11-30"); /* no insurance card beyond its last day */
    is_day(need_of(t, h.household, h.father, "main").valid_until, "2025-12-01");
    set_day(t, "2021-09-01"); /* before the 70th birthday: to the end of its month */
    TOWN_OK(t, setting_set(&t->w, "eligibility.certificate_years", STR("1"), STR("test")));
    TOWN_OK(t, setting_set(&t->w, "eligibility.certificate_switch", STR("2020-01-01"),
                           STR("another scheme")));
    is_day(need_of(t, h.household, h.grandmother, "main").valid_until, "2022-05-31");
}

/* --- issuing
 * ---------------------------------------------------------------------------------------- */

static void test_switch(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct certificate_order card = {.person_id = h.father,
                                     .kind = STR("card"),
                                     .why = STR("x"),
                                     .valid_until = YMD_NONE};
    struct certificate_order early = {.person_id = h.father,
                                      .kind = STR("confirmation"),
                                      .why = STR("x"),
                                      .valid_until = YMD_NONE};

    set_day(t, "2024-12-01");
    town_refused(t, certificate_enter(&t->w, h.household, &early, 1, NULL), ERR_INVALID,
                 "eligibility.issue.kind_not_yet");
    const struct held held = issue(t, &h, card);
    assert_true(str_is(held.kind, "card"));
    set_day(t, "2024-12-02");
    town_refused(t, certificate_enter(&t->w, h.household, &card, 1, NULL), ERR_INVALID,
                 "eligibility.issue.kind_ended");
    /* The card stays good to its day, then a confirmation is due. */
    assert_null(need_of(t, h.household, h.father, "main").due);
    set_day(t, "2025-08-01");
    const struct certificate_need need = need_of(t, h.household, h.father, "main");
    assert_string_equal(need.due, "eligibility.due.expired");
    assert_true(str_is(need.kind, "confirmation"));
    card_set(t, h.father, "2025-07-01");
    assert_true(str_is(need_of(t, h.household, h.father, "main").kind, "notice"));
}

static void test_reissue(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    const struct certificate_order first = {.person_id = h.father, .valid_until = YMD_NONE};
    const struct certificate_order again = {.person_id = h.father,
                                            .cause = STR("lost"),
                                            .valid_until = YMD_NONE};
    struct held a, b;
    struct helds all;

    set_day(t, "2024-06-03");
    a = issue(t, &h, first);
    assert_true(str_is(a.kind, "card"));
    assert_true(str_is(a.symbol, "保険"));
    assert_true(str_is(a.number, "00000123"));
    assert_true(str_is(a.branch, "01"));
    assert_true(str_is(a.face_name, "髙橋　次郎"));
    is_day(a.issued, "2024-06-03");
    is_day(a.valid_until, "2024-07-31");
    assert_int_equal(a.issue_count, 1);
    b = issue(t, &h, again);
    assert_int_equal(b.issue_count, 2);
    assert_false(str_equal(a.serial, b.serial));
    TOWN_OK(t, certificate_by_serial(&t->w, a.serial, &a));
    assert_int_equal(a.state, CERTIFICATE_RETURNED);
    assert_true(str_is(a.return_reason, "lost"));
    TOWN_OK(t, certificate_of_people(&t->w, &h.father, 1, &all));
    assert_int_equal(all.n, 2);
    assert_int_equal(all.rows[0].state, CERTIFICATE_IN_FORCE);
}

/* A change of name is another document; the one before it must come back. */
static void test_register(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    const struct certificate_order first = {.person_id = h.mother,
                                            .handed = STR("counter"),
                                            .valid_until = YMD_NONE};
    struct helds open;
    int64_t event = 0;

    set_day(t, "2026-06-10");
    const struct held a = issue(t, &h, first);
    assert_true(str_is(a.user, "console") || a.user.n > 0);
    set_day(t, "2026-06-11");
    const struct held b = issue(t, &h,
                                (struct certificate_order){.person_id = h.mother,
                                                           .cause = STR("name"),
                                                           .valid_until = YMD_NONE});
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 1);
    assert_true(str_equal(open.rows[0].serial, a.serial));
    assert_int_equal(open.rows[0].state, CERTIFICATE_REPLACED);
    const struct certificate_return back = {a.serial, day_of("2026-06-11"), STR("replaced"),
                                            YMD_NONE};
    TOWN_OK(t, certificate_return_enter(&t->w, &back, 1, &event));
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 0);
    town_refused(t, certificate_return_enter(&t->w, &back, 1, NULL), ERR_STALE,
                 "eligibility.return.again");
    const struct certificate_return late = {b.serial, day_of("2026-06-12"), STR("loss"), YMD_NONE};
    town_refused(t, certificate_return_enter(&t->w, &late, 1, NULL), ERR_INVALID,
                 "eligibility.return.day");
}

static void test_loss(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct helds open;
    struct held c;

    set_day(t, "2026-06-10");
    c = issue(t, &h, (struct certificate_order){.person_id = h.foreigner, .valid_until = YMD_NONE});
    struct insured_periods periods;
    TOWN_OK(t, eligibility_periods(&t->w, h.foreigner, &periods));
    struct feed f = feed_begin(t, "eligibility.joined_employer", h.household);
    TOWN_OK(t, eligibility_close(f.eligibility, ELIGIBILITY_PERIOD, periods.rows[0].row_id,
                                 f.event_no));
    add_period(&f, h.foreigner,
               (struct insured){"2015-04-01", "2026-06-12", "2026-06-11", ACQUIRED_MOVE_IN,
                                LOST_EMPLOYER});
    feed_end(&f);
    set_day(t, "2026-06-15");
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 1);
    assert_int_equal(open.rows[0].state, CERTIFICATE_TO_RETURN);
    const struct certificate_return back = {c.serial, t->w.today, STR("loss"), YMD_NONE};
    TOWN_OK(t, certificate_return_enter(&t->w, &back, 1, NULL));
    TOWN_OK(t, certificate_by_serial(&t->w, c.serial, &c));
    is_day(c.returned, "2026-06-15");
    is_day(c.return_cause, "2026-06-12"); /* the loss day, found from the register */
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 0);
}

static void test_confirmed(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct held c;

    set_day(t, "2026-06-15");
    c = issue(t, &h, (struct certificate_order){.person_id = h.father, .valid_until = YMD_NONE});
    assert_false(c.is_confirmed);
    town_refused(t,
                 certificate_hand_over(&t->w, &(struct certificate_handover){.serial = c.serial,
                                                                             .how = STR("post"),
                                                                             .is_confirmed = true}),
                 ERR_INVALID, "eligibility.handover.confirmed");
    TOWN_OK(t, certificate_hand_over(&t->w, &(struct certificate_handover){.serial = c.serial,
                                                                           .how = STR("counter"),
                                                                           .is_confirmed = true}));
    TOWN_OK(t, certificate_by_serial(&t->w, c.serial, &c));
    assert_true(c.is_confirmed);
    assert_true(str_is(c.handed, "counter"));
    assert_true(c.handed_at == t->env->now_us(t->env));
    assert_true(str_equal(c.handed_by, t->w.actor->user_name));
}

/* --- the elderly, limits, diseases
 * -------------------------------------------------------------------- */

static void test_elderly(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct certificate_needs needs;

    set_day(t, "2022-05-31"); /* born 1952-05-20: from 2022-06-01 */
    TOWN_OK(t, certificate_due(&t->w, h.household, &needs));
    assert_int_equal(needs.n, 5);
    set_day(t, "2022-06-01");
    const struct certificate_need need = need_of(t, h.household, h.grandmother, "elderly");
    is_day(need.valid_from, "2022-06-01");
    assert_int_equal(need.share, 3);
    struct held c = issue(t, &h,
                          (struct certificate_order){.person_id = h.grandmother,
                                                     .kind = STR("elderly"),
                                                     .valid_until = YMD_NONE});
    assert_int_equal(c.share, 3);
    town_refused(t,
                 certificate_enter(&t->w, h.household,
                                   &(struct certificate_order){.person_id = h.father,
                                                               .kind = STR("elderly"),
                                                               .valid_until = YMD_NONE},
                                   1, NULL),
                 ERR_INVALID, "eligibility.issue.not_elderly");
    tests_share = 2; /* judged again */
    assert_string_equal(need_of(t, h.household, h.grandmother, "elderly").due,
                        "eligibility.due.share");
    c = issue(t, &h,
              (struct certificate_order){.person_id = h.grandmother,
                                         .kind = STR("elderly"),
                                         .cause = STR("share"),
                                         .valid_until = YMD_NONE});
    assert_int_equal(c.share, 2);
    /* After the switch the confirmation carries it. */
    set_day(t, "2026-06-15");
    c = issue(t, &h,
              (struct certificate_order){.person_id = h.grandmother, .valid_until = YMD_NONE});
    assert_true(str_is(c.kind, "confirmation"));
    assert_int_equal(c.share, 2);
}

static void test_limits(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    const struct certificate_order limit = {.person_id = h.father,
                                            .kind = STR("limit"),
                                            .cause = STR("wish"),
                                            .valid_until = YMD_NONE};
    struct certificate_order again = limit;

    set_day(t, "2026-06-15");
    const struct held c = issue(t, &h, limit);
    assert_int_equal(c.division, DIVISION_E); /* as judged */
    is_day(c.effective, "2026-06-01");
    is_day(c.valid_until, "2026-07-31");
    tests_arrears.blocks_limits = true;
    town_refused(t, certificate_enter(&t->w, h.household, &again, 1, NULL), ERR_INVALID,
                 "eligibility.issue.arrears");
    again.person_id = h.grandmother; /* 70 and over are not refused */
    TOWN_OK(t, certificate_enter(&t->w, h.household, &again, 1, NULL));
}

static void test_disease(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    static const struct {
        int disease;
        enum division division;
        bool elderly;
        int64_t limit;
    } cases[] = {{1, DIVISION_A, false, 20000}, {1, DIVISION_I, false, 20000},
                 {1, DIVISION_U, false, 10000}, {1, DIVISION_A, true, 10000},
                 {2, DIVISION_A, false, 10000}, {3, DIVISION_I, false, 10000}};

    set_day(t, "2026-06-15");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct held c =
            issue(t, &h,
                  (struct certificate_order){.person_id =
                                                 cases[i].elderly ? h.grandmother : h.father,
                                             .kind = STR("disease"),
                                             .cause = STR("wish"),
                                             .disease = cases[i].disease,
                                             .division = cases[i].division,
                                             .valid_until = YMD_NONE});
        assert_int_equal(c.limit.n, cases[i].limit);
        assert_int_equal(c.disease, cases[i].disease);
    }
    struct certificate_order bad = {.person_id = h.father,
                                    .kind = STR("disease"),
                                    .disease = 4,
                                    .valid_until = YMD_NONE};
    town_refused(t, certificate_enter(&t->w, h.household, &bad, 1, NULL), ERR_INVALID,
                 "eligibility.issue.disease");
}

/* By day, class, age and division, at the edges; also an amount that nobody pays. */
static void test_disease_table(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *day, *birth;
        int disease;
        enum division division;
        int64_t limit;
    } cases[] = {{"1984-09-30", "1950-01-01", 2, DIVISION_A, 0},
                 {"1984-10-01", "1950-01-01", 2, DIVISION_A, 10000},
                 {"2006-09-30", "1950-01-01", 1, DIVISION_A, 10000},
                 {"2006-10-01", "1950-01-01", 1, DIVISION_A, 20000},
                 {"2006-09-30", "1950-01-01", 1, DIVISION_UNDECIDED, 10000},
                 {"2006-10-01", "1950-01-01", 1, DIVISION_UNDECIDED, 0},
                 {"2006-10-01", "1950-01-01", 2, DIVISION_UNDECIDED, 10000},
                 {"2026-06-30", "1956-06-02", 1, DIVISION_I, 20000},
                 {"2026-07-01", "1956-06-02", 1, DIVISION_I, 10000},
                 {"2026-06-30", "1956-06-02", 1, DIVISION_U, 10000}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct disease_case k = {.disease = cases[i].disease, .division = cases[i].division};
        struct yen limit;
        print_message("# case %zu\n", i);
        assert_true(ymd_parse(str_of(cases[i].day), &k.day));
        assert_true(ymd_parse(str_of(cases[i].birth), &k.birth));
        TOWN_OK(t, disease_limit(&t->w, &k, &limit));
        assert_int_equal(limit.n, cases[i].limit);
        assert_int_equal(disease_limit_is_one(&t->w, &k, YEN(15000)), 0);
        assert_int_equal(disease_limit_is_one(&t->w, &k, YEN(20000)),
                         (i == 3 || i == 5 || i == 7 || i == 9));
    }
}

/* --- numbers
 * -----------------------------------------------------------------------------------------------
 */

static void test_paper(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct paper *paper = NULL;
    struct text first, again;

    set_day(t, "2026-06-15");
    const struct held c =
        issue(t, &h, (struct certificate_order){.person_id = h.father, .valid_until = YMD_NONE});
    text_init(&first, (size_t)4 << 20);
    text_init(&again, (size_t)4 << 20);
    TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    const unsigned looks = t->w.looks;
    TOWN_OK(t, certificate_pdf(&t->w, paper, c.serial, &first));
    assert_int_equal(t->w.looks, looks + 1); /* one audit line a document */
    TOWN_OK(t, certificate_pdf(&t->w, paper, c.serial, &again));
    assert_true(str_starts(text_str(&first), STR("%PDF-")));
    assert_true(str_equal(text_str(&first), text_str(&again)));
    text_release(&again);
    text_clear(&first);
    town_refused(t, certificate_recall_pdf(&t->w, paper, c.serial, &first), ERR_NOT_FOUND,
                 "eligibility.return.not_open");
    (void)issue(t, &h,
                (struct certificate_order){.person_id = h.father,
                                           .cause = STR("name"),
                                           .valid_until = YMD_NONE});
    TOWN_OK(t, certificate_recall_pdf(&t->w, paper, c.serial, &first));
    assert_true(str_starts(text_str(&first), STR("%PDF-")));
    text_release(&first);
    paper_close(paper);
}

static void test_renumber(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct helds before, after;
    struct certificate_order two[] = {{.person_id = h.father, .valid_until = YMD_NONE},
                                      {.person_id = h.child, .valid_until = YMD_NONE}};

    set_day(t, "2026-06-15");
    TOWN_OK(t, certificate_enter(&t->w, h.household, two, 2, NULL));
    struct feed f = feed_begin(t, "eligibility.circumstance", h.household);
    TOWN_OK(t, eligibility_open_circumstance(f.eligibility, f.event_no,
                                             &(struct circumstance){.person_id = h.father,
                                                                    .kind = CIRCUMSTANCE_UNEMPLOYED,
                                                                    .day = day_of("2026-03-31"),
                                                                    .code = 11,
                                                                    .first_month = MONTH_NONE,
                                                                    .last_month = MONTH_NONE,
                                                                    .notified = t->w.today},
                                             NULL));
    feed_end(&f);
    TOWN_OK(t, certificate_of_people(&t->w, (int64_t[]){h.father, h.child}, 2, &before));
    struct facts_request rq = {
        .fiscal_year = 2026, .limit = 1, .known = KNOWN_NOW, .only = &h.household, .n_only = 1};
    struct levy_facts facts;
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    const size_t circumstances = facts.n_circumstances, spans = facts.n_spans;
    assert_true(circumstances > 0 && spans > 0);

    f = feed_begin(t, "eligibility.renumber", h.household);
    TOWN_OK(t, certificate_renumber(&t->w, f.event_no, h.household,
                                    &(struct insured_household){.symbol = STR("保険"),
                                                                .number = STR("00000999"),
                                                                .valid = {t->w.today, YMD_NONE}}));
    feed_end(&f);
    TOWN_OK(t, certificate_of_people(&t->w, (int64_t[]){h.father, h.child}, 2, &after));
    assert_int_equal(after.n, before.n);
    for (size_t i = 0; i < after.n; i++) {
        assert_true(str_equal(after.rows[i].serial, before.rows[i].serial));
        assert_true(str_is(after.rows[i].number, "00000123")); /* as printed */
        assert_true(str_equal(after.rows[i].branch, before.rows[i].branch));
    }
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    assert_int_equal(facts.n_circumstances, circumstances);
    assert_int_equal(facts.n_spans, spans);
    assert_string_equal(need_of(t, h.household, h.father, "main").due, "eligibility.due.number");

    /* Back to the old number: everybody has his old branch again, none is given twice. */
    f = feed_begin(t, "eligibility.renumber", h.household);
    TOWN_OK(t, certificate_renumber(&t->w, f.event_no, h.household,
                                    &(struct insured_household){.symbol = STR("保険"),
                                                                .number = STR("00000123"),
                                                                .valid = {t->w.today, YMD_NONE}}));
    feed_end(&f);
    assert_null(need_of(t, h.household, h.father, "main").due);
    assert_null(need_of(t, h.household, h.child, "main").due);
}

int main(void)
{
    residents_start();
    certificate_judged_set(judged);
    certificate_arrears_set(arrears);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("which document by date, arrears, age, card and wish [NHI-ELG-029 NHI-ELG-027]",
                   test_choice),
        TOWN_TESTS("the last day follows the calendar, ages and the permission to stay",
                   test_until),
        TOWN_TESTS("from the switch day no card is issued and old ones stay good [NHI-ELG-027]",
                   test_switch),
        TOWN_TESTS("a reissue raises the count and ends the one before it [NHI-ELG-021]",
                   test_reissue),
        TOWN_TESTS("what is replaced is an open return until it comes back [NHI-ELG-028]",
                   test_register),
        TOWN_TESTS("a lost cover makes an open return with the day it arose [NHI-ELG-028]",
                   test_loss),
        TOWN_TESTS("handed over at the counter: mark, time and user [NHI-CMN-017]", test_confirmed),
        TOWN_TESTS("the share of the elderly from the month after the birthday [NHI-ELG-022]",
                   test_elderly),
        TOWN_TESTS("limits as judged, ended by rule, blocked by arrears [NHI-ELG-023]",
                   test_limits),
        TOWN_TESTS("the own payment of a disease by class, age and division [NHI-ELG-024]",
                   test_disease),
        TOWN_TESTS("the own payment of a disease by the day [NHI-ELG-024]", test_disease_table),
        TOWN_TESTS("a document is printed again as it was; one to come back is asked for",
                   test_paper),
        TOWN_TESTS("another number loses no mark and no row of the register [museum 久留米市]",
                   test_renumber),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
