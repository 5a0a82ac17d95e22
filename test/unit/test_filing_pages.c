/*
 * What a clerk enters on the pages of one person: documents used elsewhere (マル遠), circumstances
 * the levy follows from (旧被扶養者); through the routes, with their rights, to the paper and the
 * premium.
 */
#include "levy_town.h"
#include "residents.h"

#include "asked.h"

#include "desk/counter/counter.h"
#include "eligibility_sql.h"
#include "office/list_inner.h"

#define NUMBER "00000801"

struct home {
    int64_t household, father, daughter;
};

static void move_to(struct town *t, const char *day)
{
    t->w.today = day_of(day);
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
}

static struct home settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = {.household = add_household(&f, "000000801", "本町", "１", "2010-04-01")};
    const int64_t *const people[] = {&h.father, &h.daughter};
    h.father = add_person(&f, (struct who){"0000000801", "遠藤　一", "エンドウ　ハジメ",
                                           "1970-01-02", SEX_MALE});
    h.daughter = add_person(&f, (struct who){"0000000802", "遠藤　花", "エンドウ　ハナ",
                                             "2004-03-04", SEX_FEMALE});
    add_number(&f, h.household, NUMBER, "2015-04-01");
    for (int i = 0; i < 2; i++) {
        add_member(&f, h.household, *people[i], i == 0 ? "01" : "04", "2015-04-01", NULL);
        add_period(&f, *people[i], (struct insured){"2015-04-01", NULL, NULL, 1, 0});
        add_branch(&f, h.household, *people[i], NUMBER, i == 0 ? "01" : "02");
    }
    feed_end(&f);
    return h;
}

/* --- used elsewhere --------------------------------------------------------------------------- */

#define AWAY       "/eligibility/person/0000000802/placement"
#define BY_HERSELF "notified", "R8.6.15", "source", "person", "route", "counter", "identity", "1"

static int go(struct town *t, const char *city)
{
    return ask(t, METHOD_POST, AWAY,
               FIELDS("kind", "remote", "place", "架空大学病院", "from", "R8.6.1", "to", "R8.7.1",
                      "postal_code", "530-0001", "prefecture", city[0] ? "大阪府" : "", "city",
                      city, "town", "梅田一丁目", "number", "５番", BY_HERSELF));
}

static struct certificate_need need_of(struct town *t, const struct home *h, int64_t person)
{
    struct certificate_needs needs;
    TOWN_OK(t, certificate_due(&t->w, h->household, &needs));
    for (size_t i = 0; i < needs.n; i++) {
        if (needs.rows[i].person_id == person)
            return needs.rows[i];
    }
    fail_msg("nothing is said of the person");
    return (struct certificate_need){0};
}

static struct held issue(struct town *t, const struct home *h, int64_t person)
{
    struct certificate_order o = {.person_id = person,
                                  .kind = STR(""),
                                  .cause = STR(""),
                                  .why = STR(""),
                                  .valid_until = YMD_NONE,
                                  .handed = STR("")};
    struct held held;
    TOWN_OK(t, certificate_enter(&t->w, h->household, &o, 1, NULL));
    assert_int_equal(TOWN_OK(t, certificate_by_serial(&t->w, o.serial, &held)), 1);
    return held;
}

/* What was printed, as it is kept. */
static bool prints(struct town *t, const struct held *c, const char *words)
{
    struct eligibility_print_of_row row;
    assert_int_equal(TOWN_OK(t, eligibility_print_of(&t->w.cx, t->w.store,
                                                     &(struct eligibility_print_of_in){c->serial},
                                                     &row)),
                     1);
    return memmem(row.print_data.p, row.print_data.n, words, strlen(words)) != NULL;
}

static int rows_of_list(struct list_run *r, int column, struct str value)
{
    int *n = r->arg;
    (void)value;
    *n += column == 0;
    return OK;
}

static int expiring(struct town *t, const char *by)
{
    struct str given[1] = {str_of(by)};
    int n = 0;
    struct list_run r = {.list = list_find(STR("eligibility"), STR("placements")),
                         .given = given,
                         .n_given = 1,
                         .cell = rows_of_list,
                         .arg = &n};
    TOWN_OK(t, list_run(&t->w, &r));
    return n;
}

static void test_remote(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    struct placement_rows rows;
    struct person p;
    move_to(t, "2026-06-14");
    const struct held before = issue(t, &h, h.daughter);
    assert_true(prints(t, &before, "本町"));
    move_to(t, "2026-06-15");
    assert_null(need_of(t, &h, h.daughter).due);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, AWAY, NULL)), 200);
    assert_true(shows("遠藤　花") && shows("accesskey=\"9\""));
    assert_int_equal(TOWN_OK(t, go(t, "")), 422); /* without an address it is none */
    assert_true(shows("eligibility.placement.use_missing"));
    assert_int_equal(TOWN_OK(t, go(t, "大阪市北区")), 303);

    TOWN_OK(t, placement_list(&t->w, h.daughter, &rows));
    assert_int_equal(rows.n, 1);
    assert_true(str_is(rows.rows[0].fact.use.city, "大阪市北区"));
    TOWN_OK(t, party_person(&t->w, h.daughter, &p)); /* apart from the registered address */
    assert_true(str_is(p.address, "保険市本町１"));
    assert_string_equal(need_of(t, &h, h.daughter).due, "eligibility.due.use");
    const struct held hers = issue(t, &h, h.daughter);
    assert_true(prints(t, &hers, "大阪府大阪市北区梅田一丁目５番"));
    assert_false(prints(t, &hers, "本町"));
    assert_int_equal(ymd_compare(hers.valid_until, day_of("2026-06-30")), 0); /* her last day */
    assert_null(need_of(t, &h, h.daughter).due);
    const struct held his = issue(t, &h, h.father);
    assert_true(prints(t, &his, "本町") && !prints(t, &his, "梅田"));
    assert_int_equal(expiring(t, "2026-06-30"), 0);
    assert_int_equal(expiring(t, "2026-07-01"), 1);

    struct levy_facts facts; /* she is counted in the household once, as before */
    const struct facts_request rq = {.fiscal_year = 2026,
                                     .limit = 10,
                                     .known = KNOWN_NOW,
                                     .as_of = t->w.today};
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    assert_int_equal(facts.n_persons, 2);
    assert_int_equal(facts.n_spans, 2);
    move_to(t, "2026-07-01"); /* over: the register's address counts again */
    const struct held after = issue(t, &h, h.daughter);
    assert_true(prints(t, &after, "本町") && !prints(t, &after, "梅田"));
}

static void test_remote_corrected(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    struct placement_rows rows;
    char address[96];
    const struct actor reader =
        with_rights(RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_ELIGIBILITY_VIEW));
    assert_int_equal(TOWN_OK(t, go(t, "大阪市北区")), 303);
    TOWN_OK(t, placement_list(&t->w, h.daughter, &rows));
    snprintf(address, sizeof address, AWAY "?row=%lld", (long long)rows.rows[0].row_id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows("value=\"梅田一丁目\""));
    const struct str row = str_format(t->w.cx.arena, "%lld", (long long)rows.rows[0].row_id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, AWAY,
                                    FIELDS("replaces", row.p, "kind", "remote", "place",
                                           "架空大学病院", "from", "R8.6.1", "to", "R8.6.25",
                                           "prefecture", "大阪府", "city", "大阪市北区", "town",
                                           "梅田一丁目", "number", "６番", BY_HERSELF))),
                     303);
    TOWN_OK(t, placement_list(&t->w, h.daughter, &rows));
    assert_int_equal(rows.n, 1);
    assert_int_equal(ymd_compare(rows.rows[0].fact.valid.to, day_of("2026-06-25")), 0);
    assert_true(str_is(rows.rows[0].fact.use.number, "６番"));
    const struct actor *before = t->w.actor;
    t->w.actor = &reader;
    town_refused(t, ask(t, METHOD_GET, AWAY, NULL), ERR_DENIED, "serve.denied");
    town_refused(t, go(t, "堺市"), ERR_DENIED, "serve.denied");
    t->w.actor = before;
}

/* Nobody under protection is found by where she stays: not on the page, not on paper. */
static void test_remote_protected(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    assert_int_equal(TOWN_OK(t, go(t, "大阪市北区")), 303);
    struct feed f = feed_begin(t, "party.protection", h.household);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = h.daughter,
                                                               .kind = "violence",
                                                               .decision_no = STR("9"),
                                                               .valid = {day_of("2026-06-01"),
                                                                         YMD_NONE}},
                                     NULL));
    feed_end(&f);
    struct placement_rows rows;
    char address[96];
    TOWN_OK(t, placement_list(&t->w, h.daughter, &rows));
    snprintf(address, sizeof address, AWAY "?row=%lld", (long long)rows.rows[0].row_id);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_false(shows("梅田"));
    const struct held c = issue(t, &h, h.daughter);
    assert_true(c.is_undisclosed);
    assert_false(prints(t, &c, "梅田") || prints(t, &c, "本町"));
}

/* --- former dependants ------------------------------------------------------------------------ */

struct couple {
    int64_t household, head, former;
};

/* The head earns so much that nothing is reduced by income; she came with her husband's 75th
 * birthday, at 66. */
static struct couple marry(struct town *t)
{
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    struct feed f = feed_begin(t, "party.initial", 0);
    struct couple c = {.household = add_household(&f, "000000811", "東町", "１", "2000-01-01")};
    c.head = add_person(&f, (struct who){"0000000811", "旧　一", "キュウ　ハジメ", "1975-01-02",
                                         SEX_MALE});
    c.former = add_person(&f, (struct who){"0000000812", "旧　花", "キュウ　ハナ", "1959-05-06",
                                           SEX_FEMALE});
    add_member(&f, c.household, c.head, "01", "2000-01-01", NULL);
    add_member(&f, c.household, c.former, "05", "2000-01-01", NULL);
    add_period(&f, c.head, (struct insured){"2015-04-01", NULL, NULL, 1, 0});
    add_period(&f, c.former, (struct insured){"2026-04-01", NULL, NULL, 2, 0});
    add_number(&f, c.household, "00000811", "2015-04-01");
    const struct income in[] = {{.person_id = c.head,
                                 .income_year = 2025,
                                 .source = INCOME_TAX,
                                 .business_income = YEN(4000000)},
                                {.person_id = c.former, .income_year = 2025, .source = INCOME_TAX}};
    int64_t written = 0;
    TOWN_OK(t, levy_income_put(&t->w, f.event_no, in, 2, &written));
    feed_end(&f);
    return c;
}

static int64_t premium(struct town *t, const struct couple *c)
{
    struct levy_debts d;
    TOWN_OK(t, levy_assess_household(&t->w, c->household, 2026, &d));
    assert_int_equal(d.n, 1);
    return d.total.n;
}

static int former(struct town *t, const char *row, const char *first, const char *last)
{
    return ask(t, METHOD_POST, "/eligibility/person/0000000812/circumstance",
               FIELDS("replaces", row, "kind", "4", "day", "R8.4.1", "first_month", first,
                      "last_month", last, "notified", "R8.6.15", "source", "person", "route",
                      "counter", "identity", "1"));
}

static void test_former_dependant(void **state)
{
    struct town *t = *state;
    const struct couple c = marry(t);
    struct circumstance_rows rows;
    const int64_t without = premium(t, &c);
    assert_int_equal(TOWN_OK(t, former(t, "", "R8.3", "R8.9")), 422); /* before she was insured */
    assert_true(shows("eligibility.circumstance.before_acquired"));
    assert_int_equal(TOWN_OK(t, former(t, "", "R8.5", "R8.4")), 422);
    assert_int_equal(TOWN_OK(t, former(t, "", "", "")), 303);
    const int64_t whole = premium(t, &c);

    TOWN_OK(t, circumstance_list(&t->w, c.former, &rows));
    const struct str row = str_format(t->w.cx.arena, "%lld", (long long)rows.rows[0].row_id);
    assert_int_equal(TOWN_OK(t, former(t, row.p, "R8.5", "R8.9")), 303);
    const int64_t months = premium(t, &c);
    struct levy_facts facts;
    const struct facts_request rq = {.fiscal_year = 2026,
                                     .limit = 10,
                                     .known = KNOWN_NOW,
                                     .as_of = t->w.today};
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    assert_int_equal(facts.n_circumstances, 1);
    assert_int_equal(facts.circumstances[0].first_month.n, ymd_month(day_of("2026-05-01")).n);
    assert_int_equal(facts.circumstances[0].last_month.n, ymd_month(day_of("2026-09-01")).n);
    print_message("# %lld yen, reduced all year %lld, five months %lld\n", (long long)without,
                  (long long)whole, (long long)months);
    assert_true(whole < months && months < without);
    /* five of twelve months, up to the rounding of each part to 100 yen or less */
    assert_true(llabs(12 * (without - months) - 5 * (without - whole)) <= 12 * 4 * 100);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/eligibility/person/0000000812/circumstance",
                                    NULL)),
                     200);
    assert_true(shows("eligibility.circumstance.4") || shows("令和8年5月"));
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "a family member away gets a certificate of her own for the address of use, apart "
            "from the registered one, until it ends [NHI-ELG-010]",
            test_remote),
        TOWN_TESTS("a remote residence is corrected and ended on its page, with its right "
                   "[NHI-ELG-010]",
                   test_remote_corrected),
        TOWN_TESTS(
            "the address of use of somebody protected is shown nowhere [NHI-ELG-010 ADR-014]",
            test_remote_protected),
        TOWN_TESTS(
            "first and last month of a former dependant's reduction reach the levy and change "
            "the premium [NHI-ELG-038]",
            test_former_dependant),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
