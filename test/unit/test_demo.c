/* The demo city: the same from the same seed, believable, and equal on both engines. */
#include "levy_town.h"

static struct demo_city *city_of(struct town *t, int64_t people, uint64_t seed)
{
    struct demo_city *city = NULL;
    TOWN_OK(t,
            demo_city_new(&t->w.cx,
                          &(struct demo_request){.people = people, .seed = seed, .until = YMD_NONE},
                          &city));
    return city;
}

static struct digest model_digest(struct town *t, int64_t people, uint64_t seed)
{
    struct demo_city *city = city_of(t, people, seed);
    struct digest d;
    TOWN_OK(t, demo_city_digest(city, &d));
    demo_city_free(city);
    return d;
}

static struct digest state_digest(struct town *t)
{
    struct digest d;
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    return d;
}

static void test_seed(void **state)
{
    struct town *t = *state;
    const struct digest a = model_digest(t, 3000, 5), b = model_digest(t, 3000, 5);
    const struct digest c = model_digest(t, 3000, 6), d = model_digest(t, 3001, 5);
    assert_true(digest_equal(&a, &b));
    assert_false(digest_equal(&a, &c));
    assert_false(digest_equal(&a, &d));
}

/* part of whole in tenths of a per cent lies between low and high. */
static void share(const char *what, int64_t part, int64_t whole, int64_t low, int64_t high)
{
    const int64_t tenths = part * 1000 / whole;
    if (tenths < low || tenths > high)
        print_message("# %s: %lld, expected %lld to %lld tenths of a per cent\n", what,
                      (long long)tenths, (long long)low, (long long)high);
    assert_true(tenths >= low && tenths <= high);
}

static void test_makeup(void **state)
{
    struct town *t = *state;
    for (uint64_t seed = 1; seed <= 3; seed++) {
        struct demo_city *city = city_of(t, 20000, seed);
        struct demo_makeup m;
        demo_city_makeup(city, ymd_of(2026, 4, 1), &m);
        demo_city_free(city);
        assert_in_range(m.residents, 19500, 20800);
        share("insured of residents", m.insured, m.residents, 185, 220);
        share("insured per household", m.insured, m.insured_households, 1420, 1580);
        share("65 to 74", m.insured_65_74, m.insured, 400, 480);
        share("foreign", m.insured_foreign, m.insured, 45, 75);
        share("without income", m.without_income, m.insured_households, 250, 310);
        share("undeclared", m.undeclared, m.insured_households, 38, 62);
        assert_true(m.deemed_heads > 100 && m.special_same > 50 && m.protected_people > 5);
        assert_true(m.late_stage > 0 && m.assistance > 0 && m.employees > 0);
    }
}

static struct digest written[2]; /* by engine */

static void test_written(void **state)
{
    struct town *t = *state;
    struct demo_city *city = city_of(t, 1500, 11);
    TOWN_OK(t, demo_city_write(&t->w, city, NULL, NULL));
    demo_city_free(city);
    written[t->store->engine] = state_digest(t); /* verify is clean: town_teardown */
}

static void test_engines_agree(void **state)
{
    (void)state;
    if (!engines_have_postgres())
        skip();
    assert_true(digest_equal(&written[STORE_SQLITE], &written[STORE_POSTGRES]));
}

/* Facts of every chunk length are the same; every insured household comes once. */
static void test_facts(void **state)
{
    struct town *t = *state;
    struct demo_city *city = city_of(t, 4000, 3);
    int64_t counted = 0;
    TOWN_OK(t, demo_city_write(&t->w, city, NULL, NULL));
    demo_city_free(city);
    TOWN_OK(t, eligibility_household_count(&t->w, 2026, &counted));
    for (size_t limit = 37; limit < 5000; limit *= 11) {
        struct levy_facts f = {.at_end = false};
        size_t households = 0, persons = 0;
        int64_t after = 0;
        const struct arena_mark mark = arena_mark(t->w.cx.arena);
        while (!f.at_end) {
            TOWN_OK(t, eligibility_facts_load(&t->w,
                                              &(struct facts_request){.fiscal_year = 2026,
                                                                      .after_household_id = after,
                                                                      .limit = limit,
                                                                      .known = KNOWN_NOW},
                                              &f));
            after = f.last_household_id;
            households += f.n_households;
            persons += f.n_persons;
            for (size_t i = 0; i < f.n_households; i++)
                assert_true(f.households[i].n_heads > 0 && f.households[i].n_persons > 0);
        }
        assert_true(persons >= households && (int64_t)households <= counted);
        assert_true((int64_t)households >= counted * 95 / 100);
        arena_rewind(t->w.cx.arena, mark);
    }
}

static void test_refused(void **state)
{
    struct town *t = *state;
    struct demo_city *city = NULL;
    town_refused(t,
                 demo_city_new(&t->w.cx,
                               &(struct demo_request){.people = 10, .seed = 1, .until = YMD_NONE},
                               &city),
                 ERR_RANGE, "demo.people");
    assert_null(city);
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TEST_SQLITE("same seed, same city [F4]", test_seed),
        TOWN_TEST_SQLITE("make-up of three cities lies near a real one", test_makeup),
        TOWN_TESTS("a city is written and verifies clean [NHI-CMN-004 NHI-CMN-005]", test_written),
        {"both engines hold the same city [F4]", test_engines_agree, NULL, NULL, NULL},
        TOWN_TESTS("facts for the levy do not depend on the length of a chunk [P1]", test_facts),
        TOWN_TEST_SQLITE("a city of ten people is refused", test_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
