/* What a levy stands on: sources in their order, declarations, dependants, assets; and a household
 * that is made up. Each to the yen through a draft of a town with one household. */
#include "levy_town.h"

#include "asked.h"
#include "residents.h"

#include "desk/counter/counter.h"

#define HEAD "0000000041"

/* 保険市, fiscal year 2026, one person of 55: no income 33,190; nothing known 110,636. */
#define REDUCED  (10410 + 10080 + 3330 + 3210 + 5610 + 522 + 28)
#define ORDINARY (34700 + 33600 + 11100 + 10700 + 18700 + 1740 + 96)

static int64_t settle(struct town *t, int64_t *head)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, "000000401", "本町", "1-1", "2000-04-01");
    *head =
        add_person(&f, (struct who){HEAD, "基礎　一郎", "キソ　イチロウ", "1970-10-01", SEX_MALE});
    (void)add_member(&f, home, *head, "01", "2000-04-01", NULL);
    add_number(&f, home, "00000401", "2015-04-01");
    (void)add_period(&f, *head,
                     (struct insured){.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN});
    feed_end(&f);
    return home;
}

static void say(struct town *t, struct income in)
{
    int64_t written = 0;
    struct event e = work_event(&t->w, "levy.income");
    in.income_year = 2025;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(&t->w, e.no, &in, 1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static int64_t drafted(struct town *t)
{
    int64_t job = 0;
    struct draft d;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    assert_int_equal(d.households, 1);
    return d.total.n;
}

/* A declaration counts until the tax office's data are there; what we decide goes before them. */
static void test_sources(void **state)
{
    struct town *t = *state;
    int64_t head = 0;
    struct incomes in;
    (void)settle(t, &head);
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/income/" HEAD,
                                    FIELDS("income_year", "2025", "source", "declaration", "route",
                                           "counter", "reason", "窓口で申告", "salary_revenue",
                                           "2000000"))),
                     303);
    /* 2,000,000: income 1,320,000, basis 890,000 */
    assert_int_equal(drafted(t), ORDINARY + 83838 + 27056 + 23229 + 2492);
    say(t,
        (struct income){.person_id = head, .source = INCOME_TAX, .salary_revenue = YEN(3000000)});
    /* 3,000,000: income 2,020,000, basis 1,590,000 */
    assert_int_equal(drafted(t), ORDINARY + 149778 + 48336 + 41499 + 4452);
    say(t, (struct income){.person_id = head,
                           .source = INCOME_INQUIRY,
                           .salary_revenue = YEN(9000000)});
    assert_int_equal(drafted(t), ORDINARY + 149778 + 48336 + 41499 + 4452); /* it waits */
    assert_int_equal(TOWN_OK(t,
                             ask(t, METHOD_POST, "/levy/income/" HEAD,
                                 FIELDS("income_year", "2025", "source", "override", "route",
                                        "counter", "reason", "職権", "salary_revenue", "2000000"))),
                     303);
    assert_int_equal(drafted(t), ORDINARY + 83838 + 27056 + 23229 + 2492);
    TOWN_OK(t, levy_incomes(&t->w, &head, 1, 2025, KNOWN_NOW, &in));
    assert_int_equal(in.n, 4); /* what waits is kept */
    assert_int_equal(in.rows[0].source, INCOME_OVERRIDE);
}

static void test_declared(void **state)
{
    struct town *t = *state;
    int64_t head = 0;
    (void)settle(t, &head);
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    assert_int_equal(drafted(t), ORDINARY); /* nothing is known of him: no reduction */
    say(t, (struct income){.person_id = head, .source = INCOME_DECLARATION, .is_undeclared = true});
    assert_int_equal(drafted(t), ORDINARY);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/income/" HEAD,
                                    FIELDS("income_year", "2025", "source", "declaration", "route",
                                           "counter", "reason", "所得なしの申告", "salary_revenue",
                                           "0"))),
                     303);
    assert_int_equal(drafted(t), REDUCED); /* declared to be nothing: seven tenths less */
}

/* Children under sixteen lower the basis where the ordinance says so, and nowhere else. */
static void test_dependants(void **state)
{
    struct town *t = *state;
    int64_t head = 0;
    struct levy_debts debts;
    const int64_t home = settle(t, &head);
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    say(t, (struct income){.person_id = head,
                           .source = INCOME_TAX,
                           .small_children = 1,
                           .dependants = 1,
                           .salary_revenue = YEN(3000000)});
    assert_int_equal(drafted(t), ORDINARY + 149778 + 48336 + 41499 + 4452);
    struct town *other = town_new(t->store->engine, false);
    int64_t job = 0;
    struct draft d;
    const int64_t home_there = settle(other, &head);
    levy_town_adopt(other, ROOT "/rules", STR("川崎市"));
    say(other,
        (struct income){.person_id = head, .source = INCOME_TAX, .salary_revenue = YEN(3000000)});
    TOWN_OK(other, levy_assess_household(&other->w, home_there, 2026, &debts));
    const int64_t without = debts.row[0].assessed.result.part[PART_MEDICAL].n;
    assert_int_equal(debts.total.n, 300963); /* the example of the rulebook */
    say(other, (struct income){.person_id = head,
                               .source = INCOME_TAX,
                               .small_children = 1,
                               .dependants = 1,
                               .salary_revenue = YEN(3000000)});
    TOWN_OK(other, levy_assess_household(&other->w, home_there, 2026, &debts));
    /* 8.26 % of 1,590,000 and of 1,260,000, both rounded down */
    assert_int_equal(without - debts.row[0].assessed.result.part[PART_MEDICAL].n, 131334 - 104076);
    TOWN_OK(other, job_run(&other->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    assert_int_equal(TOWN_OK(other, levy_draft_find(&other->w, 0, &d)), 1);
    assert_int_equal(d.total.n, debts.total.n);
    town_free(other);
    (void)home;
}

/* --- assets ------------------------------------------------------------------------------------
 */

#define ASSET_RULE                                                                                 \
    "規則 \"資産割\" 根拠 \"条例\" 自治体 保険市\n"                                 \
    "定め 資産割率\n  令和8年度から 医療 10% 支援 なし 介護 なし 子ども なし\n"

static void test_asset(void **state)
{
    struct town *t = *state;
    int64_t head = 0;
    bool has = true;
    const char *const fields[] = {"income_year",     "2025",   "source", "override",       "route",
                                  "counter",         "reason", "名寄せ", "salary_revenue", "0",
                                  "fixed_asset_tax", "50000",  NULL};
    (void)settle(t, &head);
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    TOWN_OK(t, levy_has_asset(&t->w, 2026, &has));
    assert_false(has);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/income/" HEAD, NULL)), 200);
    assert_false(shows("固定資産税"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/whatif", NULL)), 200);
    assert_false(shows("固定資産税"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/income/" HEAD, fields)), 422);
    say(t, (struct income){.person_id = head, .source = INCOME_TAX, .fixed_asset_tax = YEN(50000)});
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/household/000000401", NULL)), 200);
    assert_false(shows("固定資産税"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/other?no=" HEAD, NULL)), 200);
    assert_false(shows("50,000"));
    assert_int_equal(drafted(t), REDUCED); /* what came is not used */
    TOWN_OK(t, office_adopt(&t->w, STR("rules"), STR("municipality/zz-asset.rule"), STR(ASSET_RULE),
                            STR("test")));
    TOWN_OK(t, levy_has_asset(&t->w, 2026, &has));
    assert_true(has);
    assert_int_equal(drafted(t), REDUCED + 5000); /* assets are not reduced */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/income/" HEAD, NULL)), 200);
    assert_true(shows("固定資産税額") && shows("50,000"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/household/000000401", NULL)), 200);
    assert_true(shows("固定資産税") && shows("50,000"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/other?no=" HEAD, NULL)), 200);
    assert_true(shows("50,000"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/whatif", NULL)), 200);
    assert_true(shows("固定資産税額"));
    const char *const more[] = {"income_year",     "2025",   "source", "override",       "route",
                                "counter",         "reason", "名寄せ", "salary_revenue", "0",
                                "fixed_asset_tax", "80000",  NULL};
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/income/" HEAD, more)), 303);
    assert_int_equal(drafted(t), REDUCED + 8000); /* per person, as entered */
}

/* --- a household from nothing ------------------------------------------------------------------
 */

static void add_family(struct town *t, int64_t people[3])
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, "000000402", "本町", "2-2", "2000-04-01");
    const struct who who[] = {{"0000000051", "試算　父", "シサン　チチ", "1976-10-01", SEX_MALE},
                              {"0000000052", "試算　母", "シサン　ハハ", "1958-02-01", SEX_FEMALE},
                              {"0000000053", "試算　子", "シサン　コ", "2022-05-05", SEX_MALE}};
    static const char *const relation[] = {"01", "06", "04"};
    add_number(&f, home, "00000402", "2015-04-01");
    for (int i = 0; i < 3; i++) {
        people[i] = add_person(&f, who[i]);
        (void)add_member(&f, home, people[i], relation[i], i == 2 ? "2022-05-05" : "2000-04-01",
                         NULL);
        (void)add_period(&f, people[i],
                         (struct insured){.from = i == 0 ? "2026-05-10" : "2023-04-01",
                                          .acquired_by = ACQUIRED_LEFT_EMPLOYER});
    }
    feed_end(&f);
    say(t, (struct income){.person_id = people[0],
                           .source = INCOME_TAX,
                           .salary_revenue = YEN(3300000)});
    say(t, (struct income){.person_id = people[1],
                           .source = INCOME_TAX,
                           .pension_revenue = YEN(1400000)});
}

static struct trial made_up(void)
{
    struct trial t = {.fiscal_year = 2026, .n = 3};
    for (size_t i = 0; i < t.n; i++) {
        t.member[i] = (struct trial_member){.is_insured = true,
                                            .acquired = YMD_NONE,
                                            .lost = YMD_NONE,
                                            .left_work = YMD_NONE,
                                            .birth_due = YMD_NONE};
    }
    t.member[0].is_head = true;
    t.member[0].birth = ymd_of(1976, 10, 1);
    t.member[0].acquired = ymd_of(2026, 5, 10);
    t.member[0].income.salary_revenue = YEN(3300000);
    t.member[1].birth = ymd_of(1958, 2, 1);
    t.member[1].income.pension_revenue = YEN(1400000);
    t.member[2].birth = ymd_of(2022, 5, 5);
    return t;
}

static void test_made_up(void **state)
{
    struct town *t = *state;
    int64_t people[3];
    int64_t before = 0;
    int64_t after = 0;
    const struct ruleset *rules;
    struct assessed a;
    struct levy_debts debts;
    int64_t home = 0;
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    const struct trial trial = made_up();
    TOWN_OK(t, levy_rules(&t->w, KNOWN_NOW, &rules));
    TOWN_OK(t, levy_trial(&t->w, &trial, rules, &a)); /* nobody lives here yet */
    assert_int_equal(
        TOWN_OK(t, ask(t, METHOD_POST, "/whatif",
                       FIELDS("year", "2026", "member.0.born", "1976-10-01", "member.0.is_head",
                              "1", "member.0.is_insured", "1", "member.0.acquired", "2026-05-10",
                              "member.0.salary", "3300000", "member.1.born", "1958-02-01",
                              "member.1.is_insured", "1", "member.1.pension", "1400000",
                              "member.2.born", "2022-05-05", "member.2.is_insured", "1"))),
        200);
    struct text total;
    text_init(&total, 64);
    (void)text_add_yen(&total, a.result.total);
    (void)text_addc(&total, '\0');
    assert_true(shows(text_str(&total).p));
    text_release(&total);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(before, after); /* nothing is stored */
    add_family(t, people);
    assert_int_equal(drafted(t), a.result.total.n);
    assert_int_equal(TOWN_OK(t, party_household_by_no(&t->w, STR("000000402"), &home)), 1);
    TOWN_OK(t, levy_assess_household(&t->w, home, 2026, &debts));
    assert_int_equal(debts.n, 1);
    for (int k = 0; k < LEVY_PARTS; k++) {
        assert_int_equal(debts.row[0].assessed.result.part[k].n, a.result.part[k].n);
    }
    assert_int_equal(debts.row[0].assessed.schedule.n, a.schedule.n);
    for (size_t i = 0; i < a.schedule.n; i++) {
        assert_int_equal(debts.row[0].assessed.schedule.row[i].amount.n,
                         a.schedule.row[i].amount.n);
    }
    assert_true(a.result.total.n > ORDINARY);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("what we decide goes before the tax office, a declaration waits for it "
                   "[NHI-ASM-007]",
                   test_sources),
        TOWN_TESTS("declared to be nothing is reduced, not declared is not [NHI-ASM-011]",
                   test_declared),
        TOWN_TESTS("small children lower the basis where the ordinance says so [NHI-ASM-010]",
                   test_dependants),
        TOWN_TESTS("the tax on assets is asked for, shown and used only where assets are levied on "
                   "[NHI-ASM-003 NHI-ASM-008]",
                   test_asset),
        TOWN_TESTS("a household made up from nothing gives the real levy, nothing stored "
                   "[NHI-ASM-015]",
                   test_made_up),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
