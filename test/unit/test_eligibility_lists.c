/* The lists of the eligibility desk: what they hold, to whom their sums are equal, and that both
 * engines give the same. */
#include "levy_town.h"

#include "lists.h"
#include "residents.h"

static int64_t number(size_t row, int column)
{
    return sheet.numbers[row * (size_t)sheet.columns + (size_t)column];
}

/* --- statistics against the register -------------------------------------------------------- */

static void fill(struct town *t, struct demo_makeup *m, const char *day)
{
    struct demo_request rq = {.people = 900, .seed = 7, .until = YMD_NONE};
    struct demo_city *city;
    TOWN_OK(t, demo_city_new(&t->w.cx, &rq, &city));
    TOWN_OK(t, demo_city_write(&t->w, city, NULL, NULL));
    demo_city_makeup(city, day_of(day), m);
    demo_city_free(city);
}

static void sums_are(size_t rows, int first, int64_t whole)
{
    int64_t people = 0;
    for (size_t i = 0; i + 1 < rows; i++) {
        people += number(i, first + 3);
        assert_int_equal(number(i, first) + number(i, first + 1) + number(i, first + 2),
                         number(i, first + 3));
    }
    assert_int_equal(people, whole);
    assert_int_equal(number(rows - 1, first + 3), whole); /* the row of totals */
}

static void test_ages(void **state)
{
    struct town *t = *state;
    struct demo_makeup m;
    fill(t, &m, "2026-03-31");
    size_t fives = list_of(t, "eligibility", "ages_five", "2026-03-31");
    sums_are(fives, 1, m.insured);
    size_t ones = list_of(t, "eligibility", "ages_one", "2026-03-31");
    sums_are(ones, 1, m.insured);
    assert_true(ones > 2 * fives);
    assert_true(str_is(cell(ones - 2, 0), "74歳")); /* nobody is insured at 75 */
}

static void test_nations(void **state)
{
    struct town *t = *state;
    struct demo_makeup m;
    fill(t, &m, "2026-03-31");
    assert_true(m.insured_foreign > 0);
    sums_are(list_of(t, "eligibility", "nationalities", "2026-03-31"), 1, m.insured_foreign);
}

/* Every list runs, and gives the same rows on both engines. */
static void test_same_on_both(void **state)
{
    static struct digest first[64];
    static bool have[64];
    struct town *t = *state;
    struct demo_makeup m;
    fill(t, &m, "2026-03-31");
    for (size_t i = 0; i < eligibility_desk.schema->n_lists; i++) {
        struct digest d;
        struct str csv;
        struct list_run r = {.list = eligibility_desk.schema->lists[i]};
        TOWN_OK(t, list_csv(&t->w, &r, false, &csv));
        d = hash_of(csv);
        assert_true(i < 64);
        if (have[i] && memcmp(&d, &first[i], sizeof d) != 0)
            fail_msg("%s differs between the engines", r.list->name);
        first[i] = d;
        have[i] = true;
    }
}

/* --- who reaches an age --------------------------------------------------------------------- */

static void insured_born(struct feed *f, const char *no, const char *birth, const char *lost)
{
    const int64_t p = add_person(f, (struct who){no, "試験　人", "シケン　ヒト", birth, SEX_MALE});
    add_period(f, p, (struct insured){"2020-04-01", lost, NULL, 2, lost ? 56 : 0});
}

static void reached(struct town *t, const char *month, const char *expected)
{
    char found[400] = "";
    size_t rows = list_of(t, "eligibility", "age_reached", month);
    for (size_t i = 0; i < rows; i++) {
        size_t n = strlen(found);
        snprintf(found + n, sizeof found - n, STR_FMT ":" STR_FMT " ", STR_ARG(cell(i, 2)),
                 STR_ARG(cell(i, 0)));
    }
    assert_string_equal(found, expected);
}

static void test_ages_reached(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    insured_born(&f, "01", "1961-06-01", NULL); /* 65 on May 31 */
    insured_born(&f, "02", "1961-06-02", NULL);
    insured_born(&f, "03", "1961-07-01", NULL);         /* 65 on June 30 */
    insured_born(&f, "04", "1956-06-15", NULL);         /* 70 */
    insured_born(&f, "05", "1951-06-01", "2026-06-01"); /* 75 on the birthday itself */
    insured_born(&f, "06", "1951-06-30", NULL);
    insured_born(&f, "07", "1951-07-01", NULL);
    insured_born(&f, "08", "1961-06-10", "2024-04-01"); /* no longer insured */
    insured_born(&f, "09", "1960-02-29", NULL);
    insured_born(&f, "10", "1952-02-29", NULL);
    insured_born(&f, "11", "1962-03-01", NULL);
    feed_end(&f);
    reached(t, "2026-05", "01:65 ");
    reached(t, "R8.6", "02:65 03:65 04:70 05:75 06:75 ");
    reached(t, "2026-07", "07:75 ");
    reached(t, "2025-02", "09:65 "); /* born on February 29: 65 on February 28 */
    reached(t, "2022-02", "10:70 ");
    reached(t, "2027-02", "11:65 ");
    reached(t, "2027-03", "10:75 "); /* and 75 on March 1 of a common year */
}

/* --- people ---------------------------------------------------------------------------------- */

static void test_gains_losses(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    insured_born(&f, "21", "1990-01-01", "2026-05-20");
    insured_born(&f, "22", "1990-01-01", "2026-06-01");
    insured_born(&f, "23", "1990-01-01", NULL);
    feed_end(&f);
    assert_int_equal(list_of(t, "eligibility", "gains_losses", "2020-04"), 3);
    assert_int_equal(list_of(t, "eligibility", "gains_losses", "2026-05"), 1);
    assert_true(str_is(cell(0, 5), "21"));
    assert_int_equal(list_of(t, "eligibility", "gains_losses", "2026-06"), 1);
    assert_true(str_is(cell(0, 5), "22"));
    assert_int_equal(list_of(t, "eligibility", "gains_losses", "2026-07"), 0);
}

/* --- the monthly report ------------------------------------------------------------------------
 */

static int64_t part(size_t rows, int64_t which)
{
    int64_t sum = 0;
    for (size_t i = 0; i < rows; i++)
        sum += code(i, 0) == which ? code(i, 2) : 0;
    return sum;
}

/* By hand over the register, person by person, on the last day of the month. */
struct counted {
    int64_t people, homes, by_class[9], exempt;
};

static int class_on(struct town *t, int64_t person, struct ymd birth, struct ymd first)
{
    int share = 0;
    if (ymd_compare(age_reached(birth, 70), first) < 0) {
        const int judged =
            TOWN_OK(t, judgement_share(&t->w, person, month_last(ymd_month(first)), &share));
        return judged && share == 3 ? 5 : 4;
    }
    return ymd_compare(age_reached(birth, 65), first) < 0 ? 3 : 6;
}

/* Of the ages of nursing care and in a facility where its insurance does not apply. */
static bool is_exempt(struct town *t, int64_t person, struct ymd birth, struct ymd last)
{
    struct circumstance_rows rows;
    bool holds = false;
    TOWN_OK(t, circumstance_list(&t->w, person, &rows));
    for (size_t i = 0; i < rows.n; i++) {
        const struct circumstance *c = &rows.rows[i].fact;
        holds |= c->kind == CIRCUMSTANCE_CARE_EXEMPT && c->first_month.n <= ymd_month(last).n &&
                 (c->last_month.n == MONTH_NONE.n || c->last_month.n >= ymd_month(last).n);
    }
    return holds && ymd_compare(age_reached(birth, 40), last) <= 0 &&
           ymd_compare(age_reached(birth, 65), last) > 0;
}

static void count_person(struct town *t, int64_t person, struct ymd first, struct counted *c)
{
    struct person p;
    const struct ymd last = month_last(ymd_month(first));
    t->w.asof.valid = last;
    TOWN_OK(t, party_person(&t->w, person, &p));
    c->people++;
    c->by_class[class_on(t, person, p.birth, first)]++;
    c->by_class[7] += ymd_compare(age_reached(p.birth, 40), last) <= 0 &&
                      ymd_compare(age_reached(p.birth, 65), last) > 0;
    c->exempt += is_exempt(t, person, p.birth, last);
    c->by_class[8] += ymd_compare(p.birth, ymd_of(2019, 4, 2)) >= 0; /* school in April 2026 */
}

static struct counted count_register(struct town *t, int64_t last_person, struct ymd first)
{
    struct counted c = {0};
    int64_t homes[4000];
    size_t n_homes = 0;
    for (int64_t id = 1; id <= last_person; id++) {
        struct insured_periods periods;
        struct person p;
        bool is_insured = false;
        const struct ymd last = month_last(ymd_month(first));
        TOWN_OK(t, eligibility_periods(&t->w, id, &periods));
        for (size_t i = 0; i < periods.n; i++)
            is_insured = is_insured || span_holds(periods.rows[i].valid, last);
        if (!is_insured)
            continue;
        count_person(t, id, first, &c);
        TOWN_OK(t, party_person(&t->w, id, &p));
        bool is_known = p.household_id == 0;
        for (size_t i = 0; i < n_homes; i++)
            is_known = is_known || homes[i] == p.household_id;
        if (!is_known)
            homes[n_homes++] = p.household_id;
    }
    c.homes = (int64_t)n_homes;
    return c;
}

static void test_report(void **state)
{
    struct town *t = *state;
    int64_t last_id = 0, job = 0;
    levy_town_fill(t, 900, 7);
    TOWN_OK(t, job_run(&t->w, "judge-yearly", STR("year=2025"), &job));
    TOWN_OK(t, store_ids(&t->w.cx, t->w.store, 1, &last_id));
    static const char *const months[] = {"2026-03", "2025-09"};
    static const int years[][2] = {{2026, 3}, {2025, 9}};
    for (size_t k = 0; k < 2; k++) {
        t->w.asof.valid = t->w.today;
        const size_t rows = list_of(t, "eligibility", "monthly_report", months[k]);
        const struct counted c = count_register(t, last_id, ymd_of(years[k][0], years[k][1], 1));
        assert_true(c.people > 100);
        assert_int_equal(part(rows, 1), c.homes);
        assert_int_equal(part(rows, 2), c.people);
        for (int64_t which = 3; which <= 8; which++)
            assert_int_equal(part(rows, which), c.by_class[which] - (which == 7 ? c.exempt : 0));
        assert_int_equal(part(rows, 3) + part(rows, 4) + part(rows, 5) + part(rows, 6), c.people);
        assert_int_equal(part(rows, 11) + part(rows, 12) - part(rows, 14), c.people);
        assert_int_equal(part(rows, 12), part(rows, 13)); /* the reasons add up */
        assert_int_equal(part(rows, 14), part(rows, 15));
    }
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("five-year and one-year bands add up to the insured [NHI-ELG-048]", test_ages),
        TOWN_TESTS("nationalities add up to the foreign insured [NHI-ELG-047]", test_nations),
        TOWN_TESTS("every list gives the same on both engines", test_same_on_both),
        TOWN_TESTS("65, 70 and 75 are reached once, in the right month [NHI-ELG-041]",
                   test_ages_reached),
        TOWN_TESTS("the monthly report agrees with the register on the month's last day "
                   "[NHI-ELG-045]",
                   test_report),
        TOWN_TESTS("gains and losses stand in the month of their day", test_gains_losses),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
