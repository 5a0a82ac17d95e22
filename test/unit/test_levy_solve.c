/* Rates from a target total: found again, beside each other, in shares, refused, kept by name. */
#include "levy_town.h"

#include "asked.h"

#include "desk/levy/rates.h"

#include <inttypes.h>

#define PEOPLE 1500
#define YEAR   2026

static struct levy_figures figures_of(struct town *t, const char *settings)
{
    const struct ruleset *set;
    struct levy_figures f;
    TOWN_OK(t, levy_rules_named(&t->w, str_of(settings), &set));
    TOWN_OK(t, levy_city_compare(&t->w, YEAR, &set, 1, &f));
    return f;
}

static struct solve_request request_of(struct town *t, const struct solve_words *words)
{
    struct solve_request rq;
    TOWN_OK(t, levy_solve_read(&t->w, YEAR, words, &rq));
    return rq;
}

static struct str number(struct town *t, int64_t n)
{
    return str_format(t->w.cx.arena, "%" PRId64, n);
}

static struct digest state_digest(struct town *t)
{
    struct digest d;
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    return d;
}

/* What a total was made with is what is found from the total, and nothing is stored. */
static void test_found_again(void **state)
{
    struct town *t = *state;
    struct solved s;
    levy_town_fill(t, PEOPLE, 11);
    const struct digest before = state_digest(t);
    const struct levy_figures f = figures_of(t, "医療.所得割率=10.15 支援.所得割率=2.87");
    const struct solve_words words = {.part = {number(t, f.part_yen[PART_MEDICAL]),
                                               number(t, f.part_yen[PART_SUPPORT])},
                                      .moves = STR("income")};
    const struct solve_request rq = request_of(t, &words);
    TOWN_OK(t, levy_solve(&t->w, &rq, &s));
    for (int i = SOLVE_BELOW; i < SOLVE_STEPS; i++) {
        assert_int_equal(s.step[i].rates.value[PART_MEDICAL][RATE_INCOME], 101500);
        assert_int_equal(s.step[i].rates.value[PART_SUPPORT][RATE_INCOME], 28700);
        assert_int_equal(s.step[i].rates.value[PART_CARE][RATE_INCOME], 26100);
        assert_int_equal(s.step[i].rates.value[PART_MEDICAL][RATE_PERSON], 34700);
        assert_int_equal(s.step[i].figures.total_yen, f.total_yen);
        assert_int_equal(levy_solve_miss(&rq, &s.step[i], -1), 0);
    }
    const struct digest after = state_digest(t);
    assert_true(digest_equal(&before, &after));
}

/* In all: the two sets lie on either side of the target, and with fine units within a yen a
 * household; the totals are those the sets themselves give. */
static void test_both_sides(void **state)
{
    struct town *t = *state;
    struct solved s;
    levy_town_fill(t, PEOPLE, 11);
    const struct levy_figures now = figures_of(t, "adopted");
    const int64_t target = now.total_yen + now.total_yen / 23 + 1;
    const char *const units[][2] = {{"0.01", "100"}, {"0.0001", "1"}};
    for (int i = 0; i < 2; i++) {
        const struct solve_words words = {.target = number(t, target),
                                          .moves = STR("income,person,household"),
                                          .rate_unit = str_of(units[i][0]),
                                          .yen_unit = str_of(units[i][1])};
        const struct solve_request rq = request_of(t, &words);
        TOWN_OK(t, levy_solve(&t->w, &rq, &s));
        const int64_t below = levy_solve_miss(&rq, &s.step[SOLVE_BELOW], -1);
        const int64_t above = levy_solve_miss(&rq, &s.step[SOLVE_ABOVE], -1);
        const int64_t near = levy_solve_miss(&rq, &s.step[SOLVE_NEAREST], -1);
        assert_true(below <= 0 && above >= 0 && (near == below || near == above));
        assert_true((near < 0 ? -near : near) <= (-below < above ? -below : above));
        print_message("# units %s, %s: %" PRId64 " and %" PRId64 " beside the target, %" PRId64
                      " households, %" PRId64 " evaluations\n",
                      units[i][0], units[i][1], below, above, now.households, s.evaluations);
        if (i == 1) { /* units this fine allow it */
            assert_true((near < 0 ? -near : near) <= now.households);
        }
        for (int k = SOLVE_NOW; k < SOLVE_STEPS; k++) {
            char *settings = str_c(t->w.cx.arena, s.step[k].settings);
            assert_int_equal(figures_of(t, settings).total_yen, s.step[k].figures.total_yen);
        }
        const struct rates *r = &s.step[SOLVE_NEAREST].rates;
        assert_int_equal(r->value[PART_MEDICAL][RATE_INCOME] % rq.rate_unit, 0);
        assert_int_equal(r->value[PART_MEDICAL][RATE_PERSON] % rq.yen_unit, 0);
        assert_int_equal(r->value[PART_CARE][RATE_HOUSEHOLD], -1);
    }
}

static int64_t share_of(const struct rates *r, const struct rate_basis *b, int part, int lever)
{
    const int64_t value = r->value[part][lever];
    return lever == RATE_INCOME   ? value * (b->income_yen[part] / 100000) / 10
           : lever == RATE_PERSON ? value * b->person_months[part] / 12
                                  : value * b->household_months[part] / 1200;
}

/* Shares are of what is levied before reductions and caps. */
static void test_shares(void **state)
{
    struct town *t = *state;
    struct solved s;
    struct population city;
    struct rate_basis basis;
    const struct ruleset *rules;
    bool warm;
    levy_town_fill(t, 5000, 11); /* more than one block of households */
    const struct levy_figures now = figures_of(t, "adopted");
    const struct solve_words words = {.part = {number(t, now.part_yen[PART_MEDICAL] + 1000000),
                                               {0},
                                               number(t, now.part_yen[PART_CARE])},
                                      .moves = STR("income,person,household"),
                                      .shares = STR("50:35:15"),
                                      .rate_unit = STR("0.001"),
                                      .yen_unit = STR("10")};
    const struct solve_request rq = request_of(t, &words);
    TOWN_OK(t, levy_solve(&t->w, &rq, &s));
    TOWN_OK(t, levy_rules(&t->w, KNOWN_NOW, &rules));
    TOWN_OK(t, population_of_city(&t->w, YEAR, &city, &warm));
    TOWN_OK(t, rate_basis_of(&t->w, &city, rules, &basis));
    const struct rates *r = &s.step[SOLVE_NEAREST].rates;
    const int64_t income = share_of(r, &basis, PART_MEDICAL, RATE_INCOME);
    const int64_t person = share_of(r, &basis, PART_MEDICAL, RATE_PERSON);
    const int64_t home = share_of(r, &basis, PART_MEDICAL, RATE_HOUSEHOLD);
    const int64_t all = income + person + home;
    assert_in_range(income * 1000 / all, 498, 502);
    assert_in_range(person * 1000 / all, 348, 352);
    assert_in_range(home * 1000 / all, 148, 152);
    /* nursing care has no amount by household: what it would have is by heads */
    const int64_t care_income = share_of(r, &basis, PART_CARE, RATE_INCOME);
    const int64_t care_person = share_of(r, &basis, PART_CARE, RATE_PERSON);
    assert_in_range(care_income * 1000 / (care_income + care_person), 498, 502);
    /* the basis by hand: everybody's months, and a whole household's where it is not special */
    int64_t months = 0;
    for (size_t i = 0; i < city.units.n; i++) {
        months += UNITS(&city)[i].n_persons > 0;
    }
    assert_true(basis.household_months[PART_MEDICAL] <= months * 1200);
    assert_true(basis.person_months[PART_MEDICAL] <= now.insured * 12);
    assert_true(basis.person_months[PART_MEDICAL] > now.insured * 9);
    population_release(&city);
}

static void test_refused(void **state)
{
    struct town *t = *state;
    struct solve_request rq;
    struct solved s;
    levy_town_fill(t, 200, 3);
    const struct {
        struct solve_words words;
        enum status code;
        const char *message;
    } wrong[] = {
        {{.moves = STR("income")}, ERR_INVALID, "levy.solve.target"},
        {{.target = STR("1"), .part = {STR("1")}, .moves = STR("income")},
         ERR_INVALID,
         "levy.solve.target"},
        {{.target = STR("1")}, ERR_INVALID, "levy.solve.moves"},
        {{.target = STR("1"), .moves = STR("asset")}, ERR_INVALID, "levy.solve.words"},
        {{.target = STR("-5"), .moves = STR("income")}, ERR_INVALID, "levy.solve.words"},
        {{.target = STR("1"), .moves = STR("income"), .shares = STR("50")},
         ERR_INVALID,
         "levy.solve.words"},
        {{.target = STR("1"), .moves = STR("income"), .shares = STR("1:2:3:4")},
         ERR_INVALID,
         "levy.solve.words"},
        {{.target = STR("1"), .moves = STR("income"), .rate_unit = STR("0.00001")},
         ERR_INVALID,
         "levy.solve.words"},
        {{.target = STR("1"), .moves = STR("income"), .yen_unit = STR("0")},
         ERR_INVALID,
         "levy.solve.words"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        town_refused(t, levy_solve_read(&t->w, YEAR, &wrong[i].words, &rq), wrong[i].code,
                     wrong[i].message);
    }
    /* heads alone are more than this, and no rate makes the caps give this much */
    const char *const out_of_reach[] = {"1000", "999999999999"};
    for (int i = 0; i < 2; i++) {
        const struct solve_words words = {.target = str_of(out_of_reach[i]),
                                          .moves = STR("income")};
        rq = request_of(t, &words);
        town_refused(t, levy_solve(&t->w, &rq, &s), ERR_RANGE, "levy.solve.reach");
    }
}

/* The page: asked, computed by the job, shown, named, and used in a comparison by its name. */
static void test_page(void **state)
{
    struct town *t = *state;
    char address[64];
    struct job_row job;
    struct job_rows jobs;
    levy_town_fill(t, 400, 5);
    const struct levy_figures f = figures_of(t, "医療.所得割率=8.8");
    const char *target = str_c(t->w.cx.arena, number(t, f.total_yen));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/solve",
                                    FIELDS("year", "2026", "rate_unit", "0.01", "yen_unit", "100",
                                           "move_income", "1"))),
                     422);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/solve",
                                    FIELDS("year", "2026", "target", target, "rate_unit", "0.01",
                                           "yen_unit", "100", "move_income", "1"))),
                     303);
    TOWN_OK(t, job_list(&t->w, INT64_MAX, 1, &jobs));
    job = jobs.rows[0];
    snprintf(address, sizeof address, "/levy/solve/%" PRId64, job.job_id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_false(shows("所得割率（%）")); /* not there yet */
    int64_t id = 0;
    TOWN_OK(t, job_run(&t->w, "solve-rates", job.options, &id));
    snprintf(address, sizeof address, "/levy/solve/%" PRId64, id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows_in_order(
        (const char *const[]){"levy.solve.step.0", "9.42", "levy.solve.step.3", NULL}));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, address, FIELDS("step", "3", "name", "案 一"))),
                     422); /* a blank parts sets */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, address, FIELDS("step", "3", "name", "案一"))),
                     303);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, address, FIELDS("step", "3", "name", "案一"))),
                     422); /* there is one of that name */
    TOWN_OK(t,
            job_run(&t->w, "simulate-city", STR("year=2026 sets=set:案一;医療.所得割率=8.8"), &id));
    snprintf(address, sizeof address, "/levy/comparison/%" PRId64, id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows("set:案一"));
    town_refused(t, job_run(&t->w, "simulate-city", STR("year=2026 sets=set:案二"), &id),
                 ERR_NOT_FOUND, "levy.rate_set.none");
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/comparisons", NULL)), 200);
    assert_true(shows("案一"));
}

/* Twenty sets in one go: their table, everybody's distribution, the caps, who gains and loses. */
static void test_twenty(void **state)
{
    struct town *t = *state;
    struct text sets;
    char address[64];
    int64_t id = 0;
    levy_town_fill(t, 400, 5);
    text_init(&sets, 8192);
    for (int i = 0; i < 20; i++) {
        (void)text_addf(&sets, "%s医療.所得割率=%d.5", i ? ";" : "year=2026 sets=", i + 1);
    }
    TOWN_OK(t, job_run(&t->w, "simulate-city", text_str(&sets), &id));
    snprintf(address, sizeof address, "/levy/comparison/%" PRId64, id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    size_t pictures = 0;
    const char *at = str_c(t->w.cx.arena, text_str(&answer.body.text));
    while ((at = strstr(at, "<svg")) != NULL) {
        pictures++;
        at++;
    }
    assert_int_equal(pictures, 21 + 6);
    (void)text_adds(&sets, ";医療.所得割率=30");
    town_refused(t, job_run(&t->w, "simulate-city", text_str(&sets), &id), ERR_LIMIT,
                 "levy.simulate.sets");
    text_release(&sets);
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("rates that made a total are found from it [NHI-ASM-016]", test_found_again),
        TOWN_TESTS("sets on either side of a target, a yen a household where units allow "
                   "[NHI-ASM-016]",
                   test_both_sides),
        TOWN_TESTS("rates in shares of what is levied before reductions [NHI-ASM-016]",
                   test_shares),
        TOWN_TESTS("what cannot be looked for or reached is refused [NHI-ASM-016]", test_refused),
        TOWN_TESTS("found rates get a name and are compared by it [NHI-ASM-016]", test_page),
        TOWN_TESTS("twenty sets in one go with their charts [NHI-ASM-016]", test_twenty),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
