/* Facts for the levy: stays against periods, heads, special same household. */
#include "residents.h"

static struct levy_facts load(struct town *t, int fiscal_year)
{
    struct levy_facts f;
    TOWN_OK(t, eligibility_facts_load(&t->w,
                                      &(struct facts_request){.fiscal_year = fiscal_year,
                                                              .limit = 100,
                                                              .known = KNOWN_NOW},
                                      &f));
    return f;
}

static const struct fact_household *household_of(const struct levy_facts *f, int64_t id)
{
    for (size_t i = 0; i < f->n_households; i++) {
        if (f->households[i].household_id == id)
            return &f->households[i];
    }
    return NULL;
}

static const struct fact_person *person_of(const struct levy_facts *f,
                                           const struct fact_household *h, int64_t id)
{
    for (size_t i = 0; h && i < h->n_persons; i++) {
        if (f->persons[h->first_person + i].person_id == id)
            return &f->persons[h->first_person + i];
    }
    return NULL;
}

static void on_day(struct ymd day, const char *expected)
{
    char text[11] = "none";
    if (!ymd_is_none(day))
        ymd_format(day, text);
    assert_string_equal(text, expected);
}

static struct who person(const char *no, const char *birth)
{
    return (struct who){no, "試験　人", "シケン　ヒト", birth, SEX_MALE};
}

/* From one NHI household to another in July: a span ends here and begins there. */
static void test_move_between(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t a = add_household(&f, "000000301", "本町", "１", "2020-01-01");
    const int64_t b = add_household(&f, "000000302", "本町", "２", "2020-01-01");
    const int64_t head_a = add_person(&f, person("0000000101", "1960-01-01"));
    const int64_t head_b = add_person(&f, person("0000000102", "1985-01-01"));
    const int64_t mover = add_person(&f, person("0000000103", "1990-01-01"));
    add_member(&f, a, head_a, "01", "2020-01-01", NULL);
    add_member(&f, b, head_b, "01", "2020-01-01", NULL);
    add_member(&f, a, mover, "04", "2020-01-01", "2026-07-10");
    add_member(&f, b, mover, "03", "2026-07-10", NULL);
    add_period(&f, head_a, (struct insured){"2020-01-01", NULL, NULL, 1, 0});
    add_period(&f, head_b, (struct insured){"2021-01-01", NULL, NULL, 2, 0});
    add_period(&f, mover, (struct insured){"2020-01-01", NULL, NULL, 1, 0});
    add_number(&f, a, "00000301", "2020-01-01");
    add_number(&f, b, "00000302", "2021-01-01");
    feed_end(&f);
    const struct levy_facts x = load(t, 2026);
    assert_int_equal(x.n_households, 2);
    const struct fact_person *there = person_of(&x, household_of(&x, a), mover);
    const struct fact_person *here = person_of(&x, household_of(&x, b), mover);
    assert_int_equal(there->n_spans, 1);
    const struct fact_span *s = &x.spans[there->first_span];
    on_day(s->acquired, "2020-01-01");
    on_day(s->lost, "2026-07-10");
    assert_int_equal(s->lost_by, LOST_HOUSEHOLD);
    s = &x.spans[here->first_span];
    on_day(s->acquired, "2026-07-10");
    assert_int_equal(s->acquired_by, ACQUIRED_HOUSEHOLD);
    on_day(s->lost, "none");
    const struct levy_facts before = load(t, 2025); /* not yet in the second household */
    assert_null(person_of(&before, household_of(&before, b), mover));
}

/* Moving out: the period ends the day after the stay, for its own reason. */
static void test_leave_city(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t a = add_household(&f, "000000311", "本町", "１", "2020-01-01");
    const int64_t p = add_person(&f, person("0000000111", "1960-01-01"));
    add_member(&f, a, p, "01", "2020-01-01", "2026-05-31");
    add_period(&f, p, (struct insured){"2020-01-01", "2026-06-01", "2026-05-31", 1, 51});
    add_number(&f, a, "00000311", "2020-01-01");
    feed_end(&f);
    const struct levy_facts x = load(t, 2026);
    const struct fact_person *who = person_of(&x, household_of(&x, a), p);
    const struct fact_span *s = &x.spans[who->first_span];
    on_day(s->lost, "2026-06-01");
    on_day(s->lost_cause, "2026-05-31");
    assert_int_equal(s->lost_by, LOST_MOVE_OUT);
    assert_int_equal(load(t, 2027).n_households, 0);
}

struct couple {
    int64_t household, husband, wife;
};

/* He turned 75 on 2024-06-01 and left NHI; she is insured; he is or was the head. */
static struct couple elderly_couple(struct town *t, const char *head_until)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct couple c = {.household = add_household(&f, "000000321", "本町", "１", "2000-01-01")};
    c.husband = add_person(&f, person("0000000121", "1949-06-01"));
    c.wife = add_person(&f, person("0000000122", "1955-01-01"));
    add_member(&f, c.household, c.husband, "01", "2000-01-01", head_until);
    add_member(&f, c.household, c.wife, "03", "2000-01-01", head_until);
    if (head_until) {
        add_member(&f, c.household, c.husband, "02", head_until, NULL);
        add_member(&f, c.household, c.wife, "01", head_until, NULL);
    }
    add_period(&f, c.husband, (struct insured){"2015-04-01", "2024-06-01", NULL, 2, 56});
    add_period(&f, c.wife, (struct insured){"2015-04-01", NULL, NULL, 2, 0});
    add_number(&f, c.household, "00000321", "2015-04-01");
    feed_end(&f);
    return c;
}

static void test_special_same(void **state)
{
    struct town *t = *state;
    const struct couple c = elderly_couple(t, NULL);
    const struct levy_facts x = load(t, 2026);
    const struct fact_person *he = person_of(&x, household_of(&x, c.household), c.husband);
    assert_true(he->is_head && he->n_spans == 0 && he->n_specials == 1);
    const struct fact_special *s = &x.specials[he->first_special];
    on_day(s->valid.from, "2024-06-01");
    on_day(s->valid.to, "none");
    assert_int_equal(s->moved.n, month_of(2024, 6).n);
    const struct fact_household *h = household_of(&x, c.household);
    assert_int_equal(h->n_heads, 1);
    assert_int_equal(x.heads[h->first_head].person_id, c.husband);
}

/* 久留米市 2025: renumbering lost the start of a reduction. Facts hang on the household's id. */
static void test_renumbering(void **state)
{
    struct town *t = *state;
    const struct couple c = elderly_couple(t, NULL);
    const struct levy_facts before = load(t, 2026);
    const struct fact_special one =
        before.specials[person_of(&before, household_of(&before, c.household), c.husband)
                            ->first_special];
    struct feed f = feed_begin(t, "eligibility.renumber", c.household);
    add_number(&f, c.household, "00009999", "2026-06-01");
    add_branch(&f, c.household, c.wife, "00009999", "01");
    feed_end(&f);
    const struct levy_facts after = load(t, 2026);
    assert_int_equal(after.n_households, 1);
    const struct fact_special two =
        after.specials[person_of(&after, household_of(&after, c.household), c.husband)
                           ->first_special];
    assert_int_equal(ymd_compare(one.valid.from, two.valid.from), 0);
    assert_int_equal(one.moved.n, two.moved.n);
}

/* A branch number is never given twice under one symbol and number. */
static void test_branch_once(void **state)
{
    struct town *t = *state;
    const struct couple c = elderly_couple(t, NULL);
    struct feed f = feed_begin(t, "eligibility.branch", c.household);
    add_branch(&f, c.household, c.wife, "00000321", "01");
    feed_end(&f);
    f = feed_begin(t, "eligibility.branch", c.household);
    add_branch(&f, c.household, c.husband, "00000321", "01");
    assert_int_equal(eligibility_batch_write(&t->w, f.eligibility), ERR_DUPLICATE);
    error_clear(&t->w.cx);
    store_rollback(t->w.store);
    party_batch_free(f.party);
    eligibility_batch_free(f.eligibility);
}

static void test_special_ends_with_head(void **state)
{
    struct town *t = *state;
    const struct couple c = elderly_couple(t, "2026-08-20");
    const struct levy_facts x = load(t, 2026);
    const struct fact_household *h = household_of(&x, c.household);
    const struct fact_person *he = person_of(&x, h, c.husband), *she = person_of(&x, h, c.wife);
    on_day(x.specials[he->first_special].valid.to, "2026-08-20");
    assert_int_equal(h->n_heads, 2);
    on_day(x.heads[h->first_head].valid.from, "2026-04-01");
    on_day(x.heads[h->first_head].valid.to, "2026-08-20");
    assert_int_equal(x.heads[h->first_head + 1].person_id, c.wife);
    /* she became head on that day, but lived there all the time: her period is not cut */
    assert_int_equal(she->n_spans, 1);
    on_day(x.spans[she->first_span].acquired, "2015-04-01");
    const struct levy_facts next = load(t, 2027);
    assert_null(person_of(&next, household_of(&next, c.household), c.husband));
}

/* A student away stays in the parents' household; a head with company insurance is there too. */
static void test_placement(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t a = add_household(&f, "000000331", "本町", "１", "2000-01-01");
    const int64_t father = add_person(&f, person("0000000131", "1970-01-01"));
    const int64_t student = add_person(&f, person("0000000132", "2006-01-01"));
    add_member(&f, a, father, "01", "2000-01-01", NULL);
    add_member(&f, a, student, "04", "2006-01-01", "2025-04-01");
    add_period(&f, student, (struct insured){"2024-01-01", NULL, NULL, 2, 0});
    add_number(&f, a, "00000331", "2024-01-01");
    TOWN_OK(t, eligibility_open_placement(f.eligibility, f.event_no,
                                          &(struct placement){.person_id = student,
                                                              .household_id = a,
                                                              .kind = "student",
                                                              .place = STR("大学"),
                                                              .review = day_of("2027-03-31"),
                                                              .valid = {day_of("2025-04-01"),
                                                                        YMD_NONE}},
                                          NULL));
    TOWN_OK(t,
            eligibility_open_circumstance(f.eligibility, f.event_no,
                                          &(struct circumstance){.person_id = student,
                                                                 .kind = CIRCUMSTANCE_UNEMPLOYED,
                                                                 .day = day_of("2026-03-31"),
                                                                 .code = 11,
                                                                 .first_month = MONTH_NONE,
                                                                 .last_month = MONTH_NONE,
                                                                 .notified = day_of("2026-04-05")},
                                          NULL));
    feed_end(&f);
    const struct levy_facts x = load(t, 2026);
    const struct fact_household *h = household_of(&x, a);
    const struct fact_person *s = person_of(&x, h, student), *head = person_of(&x, h, father);
    assert_true(head->is_head && head->n_spans == 0); /* 擬制世帯主 */
    assert_int_equal(s->n_spans, 1);
    on_day(x.spans[s->first_span].acquired, "2024-01-01");
    on_day(x.spans[s->first_span].lost, "none");
    assert_int_equal(s->n_circumstances, 1);
    assert_int_equal(x.circumstances[s->first_circumstance].code, 11);
}

static void test_circumstance_codes(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    struct circumstance c = {.person_id = 1,
                             .kind = CIRCUMSTANCE_UNEMPLOYED,
                             .day = day_of("2026-03-31"),
                             .code = 40,
                             .first_month = MONTH_NONE,
                             .last_month = MONTH_NONE};
    town_refused(t, eligibility_open_circumstance(f.eligibility, f.event_no, &c, NULL), ERR_INVALID,
                 "eligibility.circumstance.code");
    feed_end(&f);
}

/* What was known before the loss was reported. */
static void test_as_known(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t a = add_household(&f, "000000341", "本町", "１", "2000-01-01");
    const int64_t p = add_person(&f, person("0000000141", "1970-01-01"));
    add_member(&f, a, p, "01", "2000-01-01", NULL);
    const int64_t row = add_period(&f, p, (struct insured){"2020-01-01", NULL, NULL, 1, 0});
    add_number(&f, a, "00000341", "2020-01-01");
    const int64_t before = f.event_no;
    feed_end(&f);
    f = feed_begin(t, "eligibility.joined_employer", a);
    TOWN_OK(t, eligibility_close(f.eligibility, ELIGIBILITY_PERIOD, row, f.event_no));
    add_period(&f, p, (struct insured){"2020-01-01", "2026-05-02", "2026-05-01", 1, 52});
    feed_end(&f);
    struct levy_facts x = load(t, 2026);
    on_day(x.spans[0].lost, "2026-05-02");
    TOWN_OK(t, eligibility_facts_load(&t->w,
                                      &(struct facts_request){.fiscal_year = 2026,
                                                              .known = before,
                                                              .only = &a,
                                                              .n_only = 1},
                                      &x));
    on_day(x.spans[0].lost, "none");
    assert_true(x.at_end);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a move between two NHI households cuts the period [NHI-ELG-007]",
                   test_move_between),
        TOWN_TESTS("leaving the city keeps its own reason and cause day [NHI-ELG-006 NHI-ELG-017]",
                   test_leave_city),
        TOWN_TESTS("special same household is derived [NHI-CMN-005 NHI-ELG-037]",
                   test_special_same),
        TOWN_TESTS("renumbering a household loses nothing [museum 久留米市 NHI-ELG-037]",
                   test_renumbering),
        TOWN_TESTS("a branch number is never given twice [NHI-ELG-049]", test_branch_once),
        TOWN_TESTS("special same household ends with a change of head [NHI-ELG-007 NHI-ELG-037]",
                   test_special_ends_with_head),
        TOWN_TESTS("deemed head, student away, involuntary unemployment "
                   "[NHI-CMN-004 NHI-ELG-009 NHI-ELG-039]",
                   test_placement),
        TOWN_TESTS("other leaving codes are refused [NHI-ELG-039]", test_circumstance_codes),
        TOWN_TESTS("the facts as they were known then [NHI-ELG-002]", test_as_known),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
