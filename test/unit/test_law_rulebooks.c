/* The rulebooks of municipalities: every case comes out, what is not known is not made up. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail

#include "law/law.h"

#include <string.h>

#define RULES ROOT "/rules"

static struct arena arena;
static struct context cx;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ruleset *rules_of(struct str municipality)
{
    struct ruleset *r = NULL;
    if (ruleset_load_directory(&cx, RULES, municipality, &r) < 0)
        print_error("%s %s %s:%d:%d\n", cx.error.message, cx.error.facts, cx.error.file,
                    cx.error.line, cx.error.column);
    assert_non_null(r);
    return r;
}

static void every_case_comes_out(void **state)
{
    struct str name;
    size_t n = 0;
    (void)state;
    for (; ruleset_municipality(&cx, RULES, n, &name); n++) {
        struct rule_report report;
        struct arena_mark mark = arena_mark(&arena);
        name = str_copy(&arena, name);
        assert_int_equal(ruleset_check(&cx, rules_of(name), &report), OK);
        for (size_t i = 0; i < report.n; i++)
            print_error(STR_FMT ":%d: %s " STR_FMT "\n", STR_ARG(report.findings[i].file),
                        report.findings[i].line, report.findings[i].message,
                        STR_ARG(report.findings[i].facts));
        assert_int_equal(report.n, 0);
        assert_int_equal(report.cases_failed, 0);
        assert_true(report.cases > 30);
        arena_rewind(&arena, mark);
    }
    print_message("# %zu municipalities\n", n);
    assert_true(n >= 9);
}

/* What the sources print, read back as values: municipality, year, name, value. */
static const struct {
    const char *municipality;
    int year;
    const char *name;
    int64_t num, den;
} known[] = {
    {"吹田市", 2025, "医療.賦課限度額", 650000, 1},  {"吹田市", 2025, "支援.賦課限度額", 240000, 1},
    {"吹田市", 2026, "医療.賦課限度額", 660000, 1},  {"大阪市", 2024, "支援.賦課限度額", 220000, 1},
    {"大阪市", 2026, "医療.所得割率", 19, 200},      {"大阪市", 2026, "十八歳以上均等割", 96, 1},
    {"新宿区", 2024, "支援.賦課限度額", 240000, 1},  {"新宿区", 2026, "医療.所得割率", 751, 10000},
    {"新宿区", 2026, "子ども.賦課限度額", 30000, 1}, {"新宿区", 2026, "期数", 10, 1},
    {"名取市", 2026, "介護.所得割率", 53, 2000},     {"名取市", 2025, "期数", 8, 1},
    {"さいたま市", 2026, "支援.均等割", 14900, 1},   {"葛巻町", 2024, "医療.資産割率", 1, 4},
    {"葛巻町", 2025, "医療.資産割率", 111, 500},     {"尼崎市", 2025, "介護.平等割", 5928, 1},
    {"川崎市", 2020, "医療.均等割", 34845, 1},       {"川崎市", 2023, "医療.所得割率", 701, 10000},
    {"川崎市", 2026, "介護.均等割", 15828, 1},
};

static void sources_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        struct law_value v = {0};
        const struct ruleset *r = rules_of(str_of(known[i].municipality));
        assert_int_equal(ruleset_value(&cx, r, known[i].year, str_of(known[i].name), &v), OK);
        if (v.none || v.num != known[i].num || v.den != known[i].den)
            print_error("%s %d %s: %lld/%lld\n", known[i].municipality, known[i].year,
                        known[i].name, (long long)v.num, (long long)v.den);
        assert_true(!v.none && v.num == known[i].num && v.den == known[i].den);
    }
}

/* A year whose rates are not known cannot be levied: last year's do not run on. */
static void unknown_years_are_refused(void **state)
{
    static const struct {
        const char *municipality;
        int year;
    } rows[] = {{"新宿区", 2023}, {"尼崎市", 2026}, {"葛巻町", 2026}, {"名取市", 2026},
                {"名取市", 2024}, {"川崎市", 2021}, {"川崎市", 2022}, {"吹田市", 2022}};
    struct plan *p;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct ruleset *r = rules_of(str_of(rows[i].municipality));
        const struct plan_request q = {.fiscal_year = rows[i].year, .goal = STR("賦課")};
        assert_true(plan_new(&cx, r, &q, &p) < 0);
        assert_string_equal(cx.error.message, "law.plan.unset");
        error_clear(&cx);
    }
}

static void kinds(void **state)
{
    static const struct {
        const char *municipality, *kind;
    } rows[] = {{"吹田市", "保険料"}, {"新宿区", "保険料"}, {"尼崎市", "保険料"},
                {"川崎市", "保険料"}, {"名取市", "保険税"}, {"さいたま市", "保険税"},
                {"葛巻町", "保険税"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct law_value v;
        const struct ruleset *r = rules_of(str_of(rows[i].municipality));
        assert_int_equal(ruleset_value(&cx, r, 2025, STR("種別"), &v), OK);
        assert_true(str_is(v.word, rows[i].kind));
    }
}

int main(void)
{
    cmocka_set_message_output(CM_OUTPUT_TAP);
    const struct CMUnitTest tests[] = {
        {"every case of every municipality's rulebook comes out [M2 M3]", every_case_comes_out,
         set_up, tear_down, NULL},
        {"rates and caps stand as the sources print them [NHI-ASM-019]", sources_read_back, set_up,
         tear_down, NULL},
        {"a year whose rates are not known is not levied [M3]", unknown_years_are_refused, set_up,
         tear_down, NULL},
        {"premium or tax is said by the ordinance [NHI-ASM-019]", kinds, set_up, tear_down, NULL},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
