/* The lists of the eligibility desk: what they hold, to whom their sums are equal, and that both
 * engines give the same. */
#include "levy_town.h"

#include "residents.h"

#include "office/list_inner.h"

/* --- a list as cells ----------------------------------------------------------------------- */

struct sheet {
    struct arena *arena;
    struct str cells[20000];
    int64_t numbers[20000];
    size_t n;
    int columns;
};
static struct sheet sheet;

static int keep(struct list_run *r, int column, struct str value)
{
    struct sheet *s = r->arg;
    (void)column;
    assert_true(s->n < sizeof s->cells / sizeof *s->cells);
    s->numbers[s->n] = r->number;
    s->cells[s->n] = str_copy(s->arena, value);
    return s->cells[s->n++].p ? OK : ERR_MEMORY;
}

static size_t list_of(struct town *t, const char *name, const char *first)
{
    struct str given[1] = {str_of(first ? first : "")};
    const struct list_definition *l = list_find(STR("eligibility"), str_of(name));
    assert_non_null(l);
    struct list_run r = {.list = l, .given = given, .n_given = 1, .cell = keep, .arg = &sheet};
    sheet = (struct sheet){.arena = t->w.cx.arena, .columns = l->statement->columns};
    TOWN_OK(t, list_run(&t->w, &r));
    return sheet.n / (size_t)sheet.columns;
}

static struct str cell(size_t row, int column)
{
    return sheet.cells[row * (size_t)sheet.columns + (size_t)column];
}

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
    size_t fives = list_of(t, "ages_five", "2026-03-31");
    sums_are(fives, 1, m.insured);
    size_t ones = list_of(t, "ages_one", "2026-03-31");
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
    sums_are(list_of(t, "nationalities", "2026-03-31"), 1, m.insured_foreign);
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
    size_t rows = list_of(t, "age_reached", month);
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
    assert_int_equal(list_of(t, "gains_losses", "2020-04"), 3);
    assert_int_equal(list_of(t, "gains_losses", "2026-05"), 1);
    assert_true(str_is(cell(0, 5), "21"));
    assert_int_equal(list_of(t, "gains_losses", "2026-06"), 1);
    assert_true(str_is(cell(0, 5), "22"));
    assert_int_equal(list_of(t, "gains_losses", "2026-07"), 0);
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
        TOWN_TESTS("gains and losses stand in the month of their day", test_gains_losses),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
