/* The rules themselves: cases, articles, probes; every rulebook; months and caps of the ordinance.
 */
#include "law_world.h"

/* ---- rule check --------------------------------------------------------------------------- */

static void check_set(struct world *w, struct ruleset *r, const char *name,
                      struct rule_report *report)
{
    OK_OR_FAIL(w, ruleset_check(&w->cx, r, report));
    for (size_t i = 0; i < report->n; i++)
        print_error("%s: " STR_FMT ":%d %s " STR_FMT "\n", name, STR_ARG(report->findings[i].file),
                    report->findings[i].line, report->findings[i].message,
                    STR_ARG(report->findings[i].facts));
    assert_int_equal(report->n, 0);
    assert_int_equal(report->cases_failed, 0);
}

static void the_national_rules_check_out(void **state)
{
    (void)state;
    struct world w;
    struct rule_report report;
    struct text golden;
    world_open(&w);
    check_set(&w, world_rules(&w, NULL), "national", &report);
    assert_true(report.definitions >= 100 && report.cases >= 40);
    text_init(&golden, 16 << 20);
    OK_OR_FAIL(&w, file_read(&w.cx, ROOT "/test/cases/probes.golden", 16 << 20, &golden));
    struct str want = text_str(&golden), have = report.probes;
    for (int line = 1; want.n > 0 || have.n > 0; line++) {
        struct str a = str_cut(&want, '\n'), b = str_cut(&have, '\n');
        if (!str_equal(a, b))
            fail_msg("probes.golden:%d\n- " STR_FMT "\n+ " STR_FMT, line, STR_ARG(a), STR_ARG(b));
    }
    text_release(&golden);
    world_close(&w);
}

static void every_rulebook_checks_out(void **state)
{
    (void)state;
    struct str name;
    for (size_t i = 0;; i++) {
        struct world w;
        struct rule_report report;
        char city[200];
        world_open(&w);
        if (!ruleset_municipality(&w.cx, ROOT "/rules", i, &name)) {
            world_close(&w);
            assert_true(i >= 1);
            return;
        }
        snprintf(city, sizeof city, STR_FMT, STR_ARG(name));
        check_set(&w, world_rules(&w, city), city, &report);
        world_close(&w);
    }
}

/* The error put back: the same text with a wrong rule must fail its cases. */
static void a_wrong_rule_fails_its_cases(void **state)
{
    (void)state;
    static const struct {
        const char *right, *wrong;
    } errors[] = {{"世帯主 または 判定で数える人",
                   "判定で数える人"}, /* the deemed head's income forgotten */
                  {"判定日に被保険者 または 判定日に特定同一", "判定日に被保険者"}, /* E2 */
                  {"月前(数え終わりの日)", "月前(喪失日)"},                         /* E3 */
                  {"月範囲(後期移行日, 0, 59)", "月範囲(後期移行日, 1, 60)"},       /* E8 */
                  {"雑損失繰越控除額 他 0円", "0円 他 0円"},                        /* E7 */
                  {"年齢到達日(生年月日, 40)", "誕生日(生年月日, 40)"},
                  {"550_000円", "650_000円"}};
    struct world w;
    const struct rule_text *texts;
    size_t caught = 0, tried = 0;
    world_open(&w);
    size_t n = ruleset_texts(world_rules(&w, NULL), &texts);
    for (size_t k = 0; k < sizeof errors / sizeof errors[0]; k++) {
        struct rule_text copy[16];
        struct rule_report report;
        struct ruleset *r;
        bool put_back = false;
        for (size_t i = 0; i < n; i++) {
            copy[i] = texts[i];
            char *s = str_c(&w.arena, texts[i].text), *at = strstr(s, errors[k].right);
            if (!at)
                continue;
            copy[i].text = str_format(&w.arena, "%.*s%s%s", (int)(at - s), s, errors[k].wrong,
                                      at + strlen(errors[k].right));
            put_back = true;
        }
        if (!put_back)
            continue;
        tried++;
        OK_OR_FAIL(&w, ruleset_load_texts(&w.cx, copy, n, &r));
        OK_OR_FAIL(&w, ruleset_check(&w.cx, r, &report));
        if (report.cases_failed == 0)
            print_error("not caught: %s\n", errors[k].wrong);
        caught += report.cases_failed > 0;
    }
    assert_true(tried >= 6);
    assert_int_equal(caught, tried);
    world_close(&w);
}

/* ---- caps and segments (E6) --------------------------------------------------------------- */

struct change {
    const char *name, *value;
};

static int64_t total_with(struct world *w, const struct change *set, size_t n, int64_t leaves)
{
    struct rule_setting s[16];
    struct ruleset *r;
    struct facts *f;
    struct evaluation *e;
    for (size_t i = 0; i < n; i++)
        s[i] = (struct rule_setting){str_of(set[i].name), str_of(set[i].value)};
    OK_OR_FAIL(w, ruleset_override(&w->cx, world_rules(w, "保険市"), s, n, &r));
    struct plan *p = world_plan(w, r, 2026, "医療.保険料額");
    OK_OR_FAIL(w, facts_new(&w->cx, r, NULL, 0, &f));
    int h = facts_add(&w->cx, f, LAW_ROOT_SCOPE, 0);
    for (int i = 0; i < 2; i++) {
        int m = world_add(w, f, "世帯員", h), q = world_add(w, f, "資格期間", m);
        world_set(w, f, "生年月日", m, day(1980, 5, 1));
        world_set(w, f, "世帯主", m, i == 0);
        world_set(w, f, "その他所得", m, i == 0 ? 1430000 : 1030000);
        world_set(w, f, "取得日", q, day(2015, 4, 1));
        if (i == 1 && leaves != LAW_NO_DATE)
            world_set(w, f, "喪失日", q, leaves);
    }
    OK_OR_FAIL(w, evaluation_new(&w->cx, p, f, &e));
    OK_OR_FAIL(w, evaluate(&w->cx, e, 0, 1));
    int64_t yen = evaluation_value(e, 0, 0);
    evaluation_release(e);
    facts_release(f);
    return yen;
}

/* Members worth 100,000 and 60,000, cap 120,000, the second leaves after six months: 60,000 and
 * 50,000. Compared with the whole year's cap it would be 120,000. */
static void the_cap_is_taken_of_each_composition(void **state)
{
    (void)state;
    struct change set[] = {{"医療.所得割率", "10"},
                           {"医療.均等割", "0"},
                           {"医療.平等割", "なし"},
                           {"医療.賦課限度額", "120000"},
                           {"限度額の比べ方", "区間の年額で比べる"}};
    struct world w;
    world_open(&w);
    assert_int_equal(total_with(&w, set, 5, day(2026, 10, 5)), 110000);
    assert_int_equal(total_with(&w, set, 5, LAW_NO_DATE), 120000);
    set[4].value = "一年の額で比べる";
    assert_int_equal(total_with(&w, set, 5, day(2026, 10, 5)), 120000);
    set[3].value = "なし";
    assert_int_equal(total_with(&w, set, 5, day(2026, 10, 5)), 130000);
    world_close(&w);
}

/* Each unit alone, and the sum of parts under the stated rule. */
static void rounding_units_are_independent(void **state)
{
    (void)state;
    struct world w;
    world_open(&w);
    struct change set[] = {{"医療.所得割率", "9.87"},
                           {"医療.均等割", "0"},
                           {"医療.平等割", "なし"},
                           {"区分額の単位", "1"}};
    /* 1,000,000 and 600,000 at 9.87 %: 98,700 + 59,220 */
    assert_int_equal(total_with(&w, set, 4, LAW_NO_DATE), 157920);
    set[3].value = "100";
    assert_int_equal(total_with(&w, set, 4, LAW_NO_DATE), 157900);
    set[3].value = "1000";
    assert_int_equal(total_with(&w, set, 4, LAW_NO_DATE), 157000);
    struct change persons[] = {{"医療.所得割率", "9.8765"},
                               {"医療.均等割", "0"},
                               {"医療.平等割", "なし"},
                               {"医療.所得割の端数", "所得割を一人ごとに四捨五入"}};
    /* 98,765 and 59,259 */
    assert_int_equal(total_with(&w, persons, 4, LAW_NO_DATE), 158024);
    struct change unit[] = {{"医療.所得割率", "9.8765"},
                            {"医療.均等割", "0"},
                            {"医療.平等割", "なし"},
                            {"一人区分額の単位", "100"}};
    assert_int_equal(total_with(&w, unit, 4, LAW_NO_DATE), 98700 + 59200);
    world_close(&w);
}

static void due_days_move_to_the_next_open_day(void **state)
{
    (void)state;
    struct world w;
    struct law_value v;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    const struct {
        const char *name;
        int64_t due;
    } rows[] = {{"第1期.納期限", day(2026, 6, 30)},
                {"第5期.納期限", day(2026, 11, 2)},
                {"第7期.納期限", day(2027, 1, 4)},
                {"第10期.納期限", day(2027, 3, 31)},
                {"第11期.納期限", LAW_NO_DATE}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        OK_OR_FAIL(&w, ruleset_value(&w.cx, r, 2026, str_of(rows[i].name), &v));
        assert_int_equal(v.num, rows[i].due);
    }
    world_close(&w);
}

/* ---- show and diff ------------------------------------------------------------------------ */

static void a_lawyer_reads_versions_and_users(void **state)
{
    (void)state;
    struct world w;
    struct rule_item x;
    const struct rule_change *rows;
    size_t n;
    struct ruleset *changed;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    OK_OR_FAIL(&w, ruleset_item(&w.cx, r, STR("二割軽減の加算額"), &x));
    assert_true(x.n_versions >= 10 && x.versions[0].fiscal_year == 2026);
    assert_true(str_is(x.versions[0].text, "570_000円") && x.article.n > 0 && x.n_users == 1);
    assert_true(str_is(x.users[0], "二割軽減の基準額"));
    struct rule_setting s = {STR("医療.均等割"), STR("35000")};
    OK_OR_FAIL(&w, ruleset_override(&w.cx, r, &s, 1, &changed));
    OK_OR_FAIL(&w, ruleset_diff(&w.cx, r, changed, &rows, &n));
    assert_true(n >= 1);
    assert_true(str_is(rows[0].name, "医療.均等割") && str_is(rows[0].after, "35,000円"));
    OK_OR_FAIL(&w, ruleset_diff(&w.cx, r, r, &rows, &n));
    assert_int_equal(n, 0);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"national rules: article, date and case for each definition, probes as in the golden file "
         "[M3]",
         the_national_rules_check_out, NULL, NULL, NULL},
        {"every rulebook: its cases and the national ones under it [M3]", every_rulebook_checks_out,
         NULL, NULL, NULL},
        {"a wrong rule put back fails its cases [M3 M4]", a_wrong_rule_fails_its_cases, NULL, NULL,
         NULL},
        {"the cap is taken of each composition's full-year amount [NHI-ASM-019 M4]",
         the_cap_is_taken_of_each_composition, NULL, NULL, NULL},
        {"rounding units are independent data [NHI-ASM-019 M4 museum 香南市]",
         rounding_units_are_independent, NULL, NULL, NULL},
        {"due days: month end, moved to the next open day [NHI-ASM-031]",
         due_days_move_to_the_next_open_day, NULL, NULL, NULL},
        {"a definition shows versions and users, two sets their differences [M3]",
         a_lawyer_reads_versions_and_users, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
