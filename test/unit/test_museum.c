/*
 * The museum of municipal errors, as far as the levy computes: every exhibit is a household (or a
 * table of them) with the right figure. The error is put back by changing the rule text, a setting
 * or the data the way the city had them, and the same check must then find it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail

#include "law/law.h"

#include <stdio.h>
#include <string.h>

struct hall {
    struct arena arena;
    struct context cx;
};

#define LAW_OK(h, call) law_ok((h), (call), #call, __LINE__)

static int law_ok(struct hall *h, int status, const char *what, int line)
{
    if (status < 0) {
        const struct error *e = &h->cx.error;
        print_error("%d: %s: %s %s %s:%d:%d\n", line, what, e->message, e->facts, e->file, e->line,
                    e->column);
        assert_true(status >= 0);
    }
    return status;
}

static int set_up(void **state)
{
    static struct hall hall;
    arena_init(&hall.arena, 0);
    context_init(&hall.cx, env_real(), &hall.arena);
    *state = &hall;
    return 0;
}

static int tear_down(void **state)
{
    arena_release(&((struct hall *)*state)->arena);
    return 0;
}

/* ---- rule sets, right and with the error put back ----------------------------------------- */

static struct ruleset *rules_of(struct hall *h, const char *municipality)
{
    struct ruleset *r = NULL;
    LAW_OK(h, ruleset_load_directory(&h->cx, ROOT "/rules", str_of(municipality), &r));
    return r;
}

static struct str replaced(struct hall *h, struct str text, size_t at, struct str from,
                           struct str to)
{
    struct str s = str_format(&h->arena, STR_FMT STR_FMT STR_FMT, (int)at, text.p, STR_ARG(to),
                              (int)(text.n - at - from.n), text.p + at + from.n);
    assert_non_null(s.p);
    return s;
}

/* The set whose texts hold `to` where they hold `from`, which must stand there exactly once. */
static struct ruleset *rules_changed(struct hall *h, const struct ruleset *base, const char *from,
                                     const char *to)
{
    struct rule_text texts[64];
    const struct rule_text *rows;
    size_t n = ruleset_texts(base, &rows), found = 0;
    struct ruleset *r = NULL;
    assert_true(n <= 64);
    for (size_t i = 0; i < n; i++) {
        texts[i] = rows[i];
        const char *p = memmem(rows[i].text.p, rows[i].text.n, from, strlen(from));
        if (!p)
            continue;
        found++;
        size_t at = (size_t)(p - rows[i].text.p);
        texts[i].text = replaced(h, rows[i].text, at, str_of(from), str_of(to));
        size_t rest = rows[i].text.n - at - strlen(from);
        assert_null(memmem(p + strlen(from), rest, from, strlen(from)));
    }
    assert_int_equal(found, 1);
    LAW_OK(h, ruleset_load_texts(&h->cx, texts, n, &r));
    return r;
}

static struct ruleset *rules_set(struct hall *h, const struct ruleset *base, const char *setting)
{
    struct rule_setting s;
    struct ruleset *r = NULL;
    LAW_OK(h, rule_setting_parse(&h->cx, str_of(setting), &s));
    LAW_OK(h, ruleset_override(&h->cx, base, &s, 1, &r));
    return r;
}

/* ---- a household's facts ------------------------------------------------------------------ */

struct room { /* one computation */
    struct hall *h;
    const struct ruleset *rules;
    struct facts *facts;
    int year;
};

static void put(struct room *m, const char *field, int row, int64_t value)
{
    int f = LAW_OK(m->h, facts_field(&m->h->cx, m->facts, str_of(field)));
    LAW_OK(m->h, facts_set(&m->h->cx, m->facts, f, row, value));
}

static void put_day(struct room *m, const char *field, int row, const char *day)
{
    struct ymd d;
    assert_true(ymd_parse(str_of(day), &d));
    put(m, field, row, d.day);
}

static int add(struct room *m, const char *scope, int parent)
{
    int s = LAW_OK(m->h, facts_scope(&m->h->cx, m->facts, str_of(scope)));
    return LAW_OK(m->h, facts_add(&m->h->cx, m->facts, s, parent));
}

static int add_member(struct room *m, const char *birth, bool head)
{
    int row = add(m, "世帯員", facts_rows(m->facts, LAW_ROOT_SCOPE) - 1);
    put_day(m, "生年月日", row, birth);
    put(m, "世帯主", row, head);
    return row;
}

static int add_insured(struct room *m, const char *birth, bool head, const char *since)
{
    int row = add_member(m, birth, head);
    put_day(m, "取得日", add(m, "資格期間", row), since);
    return row;
}

/* The value of a definition in its first row, in parts of a yen where it keeps them. */
static struct ratio value_of(struct room *m, const char *wanted)
{
    struct str name = str_of(wanted);
    struct plan *p = NULL;
    struct evaluation *e = NULL;
    struct law_failure failure;
    const struct result_info *info;
    struct plan_request q = {.fiscal_year = m->year, .wanted = &name, .n_wanted = 1};
    LAW_OK(m->h, plan_new(&m->h->cx, m->rules, &q, &p));
    LAW_OK(m->h, evaluation_new(&m->h->cx, p, m->facts, &e));
    LAW_OK(m->h, evaluate(&m->h->cx, e, 0, facts_rows(m->facts, LAW_ROOT_SCOPE)));
    assert_false(evaluation_failed(e, 0, &failure));
    plan_results(p, &info);
    struct ratio v = ratio_of(evaluation_value(e, 0, 0), info->den);
    evaluation_release(e);
    return v;
}

struct exhibit {
    int year;
    const char *result;
    void (*fill)(struct room *m);
    int64_t right;
    int64_t wrong; /* what the city computed */
};

/* True when the figure comes out right under these rules and this data. */
static bool comes_out(struct hall *h, const struct ruleset *rules, const struct exhibit *x,
                      void (*fill)(struct room *), int64_t expected)
{
    struct room m = {.h = h, .rules = rules, .year = x->year};
    LAW_OK(h, facts_new(&h->cx, rules, NULL, 0, &m.facts));
    add(&m, "世帯", 0);
    fill(&m);
    struct ratio v = value_of(&m, x->result);
    facts_release(m.facts);
    if (v.den != 1 || v.num != expected)
        print_message("# %s = %lld/%lld\n", x->result, (long long)v.num, (long long)v.den);
    return v.den == 1 && v.num == expected;
}

static void shows_rule(struct hall *h, const struct exhibit *x, const struct ruleset *right,
                       const struct ruleset *wrong)
{
    assert_true(comes_out(h, right, x, x->fill, x->right));
    assert_int_not_equal(x->right, x->wrong);
    assert_true(comes_out(h, wrong, x, x->fill, x->wrong));  /* the error as it was */
    assert_false(comes_out(h, wrong, x, x->fill, x->right)); /* the check finds it */
}

static void shows_data(struct hall *h, const struct exhibit *x, const struct ruleset *rules,
                       void (*bad)(struct room *))
{
    assert_true(comes_out(h, rules, x, x->fill, x->right));
    assert_true(comes_out(h, rules, x, bad, x->wrong));
    assert_false(comes_out(h, rules, x, bad, x->right));
}

/* ---- 香南市 2025: a prorated amount truncated to 1 yen instead of 10 ------------------------ */

static void five_months_of_care(struct room *m)
{
    put(m, "給与収入", add_insured(m, "1979-10-01", true, "2025-11-01"), 3100000);
}

static void konan_rounding_unit(void **state)
{
    static const struct exhibit x = {2025, "介護.保険料額", five_months_of_care, 28270, 28275};
    struct ruleset *city = rules_of(*state, "尼崎市");
    shows_rule(*state, &x, rules_set(*state, city, "区分額の単位=10円"),
               rules_set(*state, city, "区分額の単位=1円"));
}

/* ---- 後期高齢者標準システム 2016 and its copies: loss carry-forward in the reduction test --- */

static void blue_return_with_loss(struct room *m)
{
    int row = add_insured(m, "1946-08-01", true, "2010-04-01");
    put(m, "その他所得", row, 2300000);
    put(m, "純損失繰越控除額", row, 2000000);
}

static void national_loss_carry_forward(void **state)
{
    static const struct exhibit x = {2016, "軽減割", blue_return_with_loss, 7, 0};
    struct ruleset *right = rules_of(*state, NULL);
    shows_rule(*state, &x, right,
               rules_changed(*state, right, "通算所得 + 専従者控除額",
                             "通算所得 + 純損失繰越控除額 + 専従者控除額"));
}

static void blue_return_with_family_worker(struct room *m)
{
    int row = add_insured(m, "1956-08-01", true, "2010-04-01");
    put(m, "その他所得", row, 1000000); /* behind 860,000 for the family worker */
    put(m, "専従者控除額", row, 860000);
    put(m, "純損失繰越控除額", row, 1700000);
}

/* The loss is taken of the income with the family worker's share put back, not lost before it. */
static void nhi_copies_of_the_error(void **state)
{
    static const struct exhibit x = {2017, "軽減割", blue_return_with_family_worker, 7, 0};
    static const struct exhibit y = {2017, "世帯の軽減判定所得", blue_return_with_family_worker,
                                     160000, 860000};
    struct ruleset *right = rules_of(*state, NULL);
    struct ruleset *wrong = rules_changed(*state, right, "通算所得 + 専従者控除額",
                                          "大きい方(0円, 通算所得) + 専従者控除額");
    shows_rule(*state, &x, right, wrong);
    shows_rule(*state, &y, right, wrong);
}

/* ---- 朝来市 2023: a reduction that hung on a tick box clerks forgot ------------------------- */

static void widow_of_a_mover(struct room *m)
{
    put_day(m, "後期移行日", add_member(m, "1947-06-15", true), "2022-06-15");
    put(m, "その他所得", add_insured(m, "1953-02-03", false, "2010-04-01"), 3000000);
}

static void asago_tick_box(void **state)
{
    static const struct exhibit x = {2025, "医療.平等割の部", widow_of_a_mover, 12400, 24800};
    struct ruleset *right = rules_of(*state, "葛巻町");
    struct ruleset *ticked = rules_changed(
        *state, right, "定義 特定の月 [世帯員]",
        "事実 特定世帯の印 [世帯員] : 真偽 \"職員が付ける印\" 根拠 \"なし\" 既定 いいえ\n"
        "定義 特定の月 [世帯員]");
    shows_rule(*state, &x, right,
               rules_changed(*state, ticked,
                             "共通(月範囲(後期移行日, 0, 59), 月前(特定同一終了日))",
                             "場合 特定世帯の印 なら 共通(月範囲(後期移行日, 0, 59), "
                             "月前(特定同一終了日)) 他 無月"));
}

/* ---- 久留米市 2025: renumbering lost the day a reduction began ------------------------------ */

static void widow_whose_day_is_lost(struct room *m)
{
    add_member(m, "1947-06-15", true);
    put(m, "その他所得", add_insured(m, "1953-02-03", false, "2010-04-01"), 3000000);
}

static void kurume_lost_start(void **state)
{
    static const struct exhibit x = {2025, "医療.平等割の部", widow_of_a_mover, 12400, 24800};
    shows_data(*state, &x, rules_of(*state, "葛巻町"), widow_whose_day_is_lost);
}

/* ---- 鳴門市 2022: the land of certain condominiums missing from the linkage ---------------- */

static void flat_with_its_land(struct room *m)
{
    int row = add_insured(m, "1979-10-01", true, "2010-04-01");
    put(m, "固定資産税額", row, 70000 + 30000);
}

static void flat_without_its_land(struct room *m)
{
    put(m, "固定資産税額", add_insured(m, "1979-10-01", true, "2010-04-01"), 70000);
}

static void naruto_missing_land(void **state)
{
    static const struct exhibit x = {2025, "医療.資産割の部", flat_with_its_land, 22200, 15540};
    shows_data(*state, &x, rules_of(*state, "葛巻町"), flat_without_its_land);
}

/* ---- 堺市 2023: the preschool boundary of the test run -------------------------------------- */

enum { BOUNDARY_DAYS = 3, LAST_YEAR = 2060 };

/* Births from three days before to three days after the boundary of a fiscal year. */
static bool boundary_holds(struct hall *h, const struct ruleset *rules, int year)
{
    struct str name = STR("未就学児");
    struct room m = {.h = h, .rules = rules, .year = year};
    struct plan *p = NULL;
    struct evaluation *e = NULL;
    struct plan_request q = {.fiscal_year = year, .wanted = &name, .n_wanted = 1};
    const struct ymd first = ymd_of(year - 6, 4, 2);
    LAW_OK(h, facts_new(&h->cx, rules, NULL, 0, &m.facts));
    add(&m, "世帯", 0);
    for (int i = -BOUNDARY_DAYS; i <= BOUNDARY_DAYS; i++)
        put(&m, "生年月日", add(&m, "世帯員", 0), ymd_add(first, i).day);
    LAW_OK(h, plan_new(&h->cx, rules, &q, &p));
    LAW_OK(h, evaluation_new(&h->cx, p, m.facts, &e));
    LAW_OK(h, evaluate(&h->cx, e, 0, 1));
    bool holds = true;
    for (int i = -BOUNDARY_DAYS; i <= BOUNDARY_DAYS; i++)
        holds = holds && evaluation_value(e, 0, i + BOUNDARY_DAYS) == (i >= 0);
    evaluation_release(e);
    facts_release(m.facts);
    return holds;
}

static void sakai_school_year(void **state)
{
    struct ruleset *right = rules_of(*state, NULL);
    struct ruleset *wrong =
        rules_changed(*state, right, "年齢到達日(生年月日, 均等割半額の年齢) >= 日付(年度, 4, 1)",
                      "年齢到達日(生年月日, 均等割半額の年齢) >= 日付(年度 - 1, 4, 1)");
    for (int year = 2022; year <= LAST_YEAR; year++) {
        assert_true(boundary_holds(*state, right, year));
        assert_false(boundary_holds(*state, wrong, year));
    }
}

/* The other school-year boundary of the levy: 18 and over. */
static bool age_boundary_holds(struct hall *h, const struct ruleset *rules, int year, int offset)
{
    struct room m = {.h = h, .rules = rules, .year = year};
    LAW_OK(h, facts_new(&h->cx, rules, NULL, 0, &m.facts));
    add(&m, "世帯", 0);
    put(&m, "生年月日", add(&m, "世帯員", 0), ymd_add(ymd_of(year - 18, 4, 2), offset).day);
    struct ratio v = value_of(&m, "十八歳以上");
    facts_release(m.facts);
    return v.num == (offset < 0);
}

static void adult_boundary(void **state)
{
    struct hall *h = *state;
    struct ruleset *right = rules_of(h, NULL);
    for (int year = 2026; year <= LAST_YEAR; year++) {
        struct arena_mark mark = arena_mark(&h->arena);
        for (int i = -BOUNDARY_DAYS; i <= BOUNDARY_DAYS; i++)
            assert_true(age_boundary_holds(h, right, year, i));
        arena_rewind(&h->arena, mark);
    }
}

/* ---- 平塚市 2008: an unrelated change broke the reduction test ------------------------------ */

enum { POPULATION = 400 };

/* Heads in employee insurance for one household in forty; incomes around the thresholds. */
static void fill_population(struct room *m, struct prng *p)
{
    for (int i = 0; i < POPULATION; i++) {
        add(m, "世帯", 0);
        bool deemed = prng_below(p, 40) == 0;
        int head = deemed ? add_member(m, "1970-05-05", true)
                          : add_insured(m, "1970-05-05", true, "2010-04-01");
        put(m, "給与収入", head, (int64_t)prng_below(p, 600) * 10000);
        if (deemed || prng_below(p, 2) == 0)
            put(m, "その他所得", add_insured(m, "1975-06-06", false, "2010-04-01"),
                (int64_t)prng_below(p, 50) * 10000);
    }
}

static void reductions_of(struct hall *h, const struct ruleset *rules, int64_t out[POPULATION])
{
    struct str name = STR("軽減割");
    struct room m = {.h = h, .rules = rules, .year = 2026};
    struct prng random;
    struct plan *p = NULL;
    struct evaluation *e = NULL;
    struct plan_request q = {.fiscal_year = 2026, .wanted = &name, .n_wanted = 1};
    prng_seed(&random, 2008);
    LAW_OK(h, facts_new(&h->cx, rules, NULL, 0, &m.facts));
    fill_population(&m, &random);
    LAW_OK(h, plan_new(&h->cx, rules, &q, &p));
    LAW_OK(h, evaluation_new(&h->cx, p, m.facts, &e));
    LAW_OK(h, evaluate(&h->cx, e, 0, POPULATION));
    for (int i = 0; i < POPULATION; i++)
        out[i] = evaluation_value(e, 0, i);
    evaluation_release(e);
    facts_release(m.facts);
}

static int households_changed(struct hall *h, const struct ruleset *a, const struct ruleset *b)
{
    int64_t before[POPULATION], after[POPULATION];
    int changed = 0;
    reductions_of(h, a, before);
    reductions_of(h, b, after);
    for (int i = 0; i < POPULATION; i++)
        changed += before[i] != after[i];
    return changed;
}

static void hiratsuka_unrelated_change(void **state)
{
    struct ruleset *right = rules_of(*state, NULL);
    struct ruleset *label =
        rules_changed(*state, right, "\"世帯の軽減判定所得\"", "\"軽減判定の所得\"");
    struct ruleset *broken =
        rules_changed(*state, label, "= 世帯主 または 判定で数える人", "= 判定で数える人");
    const struct rule_change *rows;
    size_t n;
    assert_int_equal(households_changed(*state, right, label), 0); /* what the vendor announced */
    int hit = households_changed(*state, right, broken);
    print_message("# %d of %d households would change\n", hit, POPULATION);
    assert_in_range(hit, 1, POPULATION / 20);
    LAW_OK(*state, ruleset_diff(&((struct hall *)*state)->cx, label, broken, &rows, &n));
    assert_int_equal(n, 1); /* and the change is named */
    assert_true(str_is(rows[0].name, "判定で所得を見る人"));
}

/* ---- 柏市 2020: slips with amounts too high -------------------------------------------------- */

static bool instalments_add_up(struct hall *h, const struct ruleset *rules, int64_t annual,
                               int from)
{
    struct str names[] = {STR("初回期割額"), STR("各期割額"), STR("残りの期数")};
    struct str given = STR("年間保険料額");
    struct room m = {.h = h, .rules = rules, .year = 2026};
    struct plan *p = NULL;
    struct evaluation *e = NULL;
    struct plan_request q = {
        .fiscal_year = 2026, .wanted = names, .n_wanted = 3, .given = &given, .n_given = 1};
    LAW_OK(h, facts_new(&h->cx, rules, &given, 1, &m.facts));
    add(&m, "世帯", 0);
    put(&m, "年間保険料額", 0, annual);
    put(&m, "期割開始期", 0, from);
    LAW_OK(h, plan_new(&h->cx, rules, &q, &p));
    LAW_OK(h, evaluation_new(&h->cx, p, m.facts, &e));
    LAW_OK(h, evaluate(&h->cx, e, 0, 1));
    int64_t sum =
        evaluation_value(e, 0, 0) + evaluation_value(e, 1, 0) * (evaluation_value(e, 2, 0) - 1);
    evaluation_release(e);
    facts_release(m.facts);
    return sum == annual;
}

static void kashiwa_amounts_too_high(void **state)
{
    struct ruleset *right = rules_of(*state, "新宿区");
    struct ruleset *wrong =
        rules_changed(*state, right, "年間保険料額 - 各期割額 * (残りの期数 - 1)",
                      "年間保険料額 - 各期割額 * (残りの期数 - 2)");
    static const int64_t totals[] = {0, 1, 9, 10, 99, 100, 101, 190859, 1129999, 1130000};
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++)
        for (int from = 1; from <= 10; from++)
            assert_true(instalments_add_up(*state, right, totals[i], from));
    assert_false(instalments_add_up(*state, wrong, 190859, 1));
}

/* ---- 仙台市 2019: 平成1年度 ------------------------------------------------------------------ */

typedef int year_name(struct text *t, int fiscal_year);

static int as_the_slip_had_it(struct text *t, int fiscal_year)
{
    int year = fiscal_year >= 2019 ? fiscal_year - 2018 : fiscal_year - 1988;
    return text_addf(t, "平成%d年度", year); /* the new era's number under the old era's name */
}

static bool years_are_named(year_name *name)
{
    static const struct {
        int year;
        const char *wanted;
    } rows[] = {{1988, "昭和63年度"}, {1989, "平成元年度"}, {2018, "平成30年度"},
                {2019, "令和元年度"}, {2020, "令和2年度"},  {2026, "令和8年度"}};
    bool right = true;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text t;
        text_init(&t, 100);
        right = name(&t, rows[i].year) == OK && str_is(text_str(&t), rows[i].wanted) && right;
        text_release(&t);
    }
    return right;
}

static void sendai_era(void **state)
{
    (void)state;
    assert_true(years_are_named(text_add_fiscal_year));
    assert_false(years_are_named(as_the_slip_had_it));
}

#define EXHIBIT(name, function)                                                                    \
    {                                                                                              \
        "museum: " name, function, set_up, tear_down, NULL                                         \
    }

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        EXHIBIT("香南市 2025, prorated amount truncated to 1 yen instead of 10 [M4 NHI-ASM-019]",
                konan_rounding_unit),
        EXHIBIT("national late-stage system 2016, loss carry-forward in the reduction test [M4 "
                "NHI-ASM-021]",
                national_loss_carry_forward),
        EXHIBIT("久喜・柏原・防府・最上 2017, the same error in NHI systems [M4 NHI-ASM-021]",
                nhi_copies_of_the_error),
        EXHIBIT("朝来市 2023, 特定世帯 by a forgotten tick box [M4 NHI-ASM-021]", asago_tick_box),
        EXHIBIT("久留米市 2025, the start of 特定世帯 lost [M4 NHI-ASM-021]", kurume_lost_start),
        EXHIBIT("鳴門市 2022, land of condominiums missing [M4 NHI-ASM-008]", naruto_missing_land),
        EXHIBIT("堺市 2023, preschool boundary of the test run, 3 days around it, 2022 to 2060 [M4 "
                "NHI-ASM-021]",
                sakai_school_year),
        EXHIBIT("18 and over, 3 days around the boundary, 2026 to 2060 [M4]", adult_boundary),
        EXHIBIT("平塚市 2008, an unrelated change broke the reduction test [M4 M7]",
                hiratsuka_unrelated_change),
        EXHIBIT("柏市 2020, slips with amounts too high [M4 NHI-ASM-031]",
                kashiwa_amounts_too_high),
        EXHIBIT("仙台市 2019, 平成1年度 [M4]", sendai_era),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
