/*
 * bench_law: what evaluating 100,000 demo-like households costs (figures P2).
 *
 *     bench_law [HOUSEHOLDS] [RULES FOLDER]
 *
 * 1.5 members a household, most insured the whole year, ages and incomes like a city's. Prints the
 * time to fill the facts, to evaluate, to evaluate with explanations, and twenty rate sets.
 */
#include "law/law.h"

#include <stdio.h>
#include <stdlib.h>

struct fields {
    int member, period, birth, head, wages, pension, other, acquired, lost, cause_day, cause;
};

static struct context cx;
static struct arena arena;

static void must(int status, const char *what)
{
    struct text t;
    if (status >= 0)
        return;
    text_init(&t, 4000);
    error_render(&cx.error, &t);
    fprintf(stderr, "bench_law: %s: %s %s\n", what, cx.error.message, t.p ? t.p : "");
    exit(3);
}

static int field(const struct facts *f, const char *name)
{
    int n = facts_field(&cx, f, str_of(name));
    must(n, name);
    return n;
}

static struct fields find_fields(const struct facts *f)
{
    return (struct fields){facts_scope(&cx, f, STR("世帯員")),
                           facts_scope(&cx, f, STR("資格期間")),
                           field(f, "生年月日"),
                           field(f, "世帯主"),
                           field(f, "給与収入"),
                           field(f, "公的年金等収入"),
                           field(f, "その他所得"),
                           field(f, "取得日"),
                           field(f, "喪失日"),
                           field(f, "喪失原因日"),
                           field(f, "喪失事由")};
}

static void add_member(struct facts *f, const struct fields *x, struct prng *p, int household,
                       bool head)
{
    const struct ymd spring = ymd_of(2026, 4, 1);
    bool old = prng_below(p, 100) < 44;
    int age = old    ? 65 + (int)prng_below(p, 10)
              : head ? 25 + (int)prng_below(p, 40)
                     : (int)prng_below(p, 65);
    int m = facts_add(&cx, f, x->member, household), q;
    must(facts_set(&cx, f, x->birth, m, spring.day - age * 365 - (int)prng_below(p, 365)), "birth");
    must(facts_set(&cx, f, x->head, m, head), "head");
    if (old)
        must(facts_set(&cx, f, x->pension, m, (int64_t)prng_below(p, 2600000)), "pension");
    else if (age > 20 && prng_below(p, 100) < 60)
        must(facts_set(&cx, f, x->wages, m, (int64_t)prng_below(p, 6000000)), "wages");
    else if (age > 20 && prng_below(p, 100) < 30)
        must(facts_set(&cx, f, x->other, m, (int64_t)prng_below(p, 9000000)), "other");
    must(q = facts_add(&cx, f, x->period, m), "period");
    must(facts_set(&cx, f, x->acquired, q,
                   spring.day - (int)prng_below(p, 4000) +
                       (prng_below(p, 100) < 7 ? 4300 : 0) % 330),
         "acquired");
    if (prng_below(p, 100) < 8) {
        int64_t day = spring.day + (int)prng_below(p, 360);
        must(facts_set(&cx, f, x->lost, q, day + 1), "lost");
        must(facts_set(&cx, f, x->cause_day, q, day), "cause day");
        must(facts_set(&cx, f, x->cause, q, 4), "cause");
    }
}

static void fill(struct facts *f, int households)
{
    struct fields x = find_fields(f);
    struct prng p;
    prng_seed(&p, 20260401);
    for (int i = 0; i < households; i++) {
        int h = facts_add(&cx, f, LAW_ROOT_SCOPE, 0);
        must(h, "household");
        add_member(f, &x, &p, h, true);
        for (int k = 0; k < 4 && prng_below(&p, 100) < 33; k++)
            add_member(f, &x, &p, h, false);
    }
}

static int64_t run(const struct plan *p, const struct facts *f, bool explain, size_t *bytes)
{
    struct evaluation *e;
    struct text t;
    int64_t total = 0;
    int n = facts_rows(f, LAW_ROOT_SCOPE), result = plan_result(&cx, p, STR("年間保険料額"));
    must(evaluation_new(&cx, p, f, &e), "evaluation");
    text_init(&t, (size_t)1 << 30);
    for (int first = 0; first < n; first += LAW_BLOCK) {
        int count = n - first < LAW_BLOCK ? n - first : LAW_BLOCK;
        must(evaluate(&cx, e, first, count), "evaluate");
        text_clear(&t);
        for (int i = first; i < first + count; i++) {
            total += evaluation_value(e, result, i);
            if (explain)
                must(evaluation_explain(e, i, &t), "explain");
        }
        *bytes += t.n;
    }
    text_release(&t);
    evaluation_release(e);
    return total;
}

/* The same households under two rate sets, differences and causes household by household. */
static size_t compare(const struct plan *pa, const struct plan *pb, const struct facts *f, int n)
{
    struct evaluation *a, *b;
    struct explanation_differ *d;
    struct text ta, tb;
    size_t differing = 0, changes;
    const struct explanation_change *rows;
    must(evaluation_new(&cx, pa, f, &a), "evaluation");
    must(evaluation_new(&cx, pb, f, &b), "evaluation");
    must(explanation_differ_new(&cx, pa, pb, &d), "differ");
    text_init(&ta, 1 << 20);
    text_init(&tb, 1 << 20);
    for (int first = 0; first < n; first += LAW_BLOCK) {
        int count = n - first < LAW_BLOCK ? n - first : LAW_BLOCK;
        must(evaluate(&cx, a, first, count), "evaluate");
        must(evaluate(&cx, b, first, count), "evaluate");
        for (int i = first; i < first + count; i++) {
            struct arena_mark mark = arena_mark(&arena);
            text_clear(&ta);
            text_clear(&tb);
            must(evaluation_explain(a, i, &ta), "explain");
            must(evaluation_explain(b, i, &tb), "explain");
            must(explanation_differ_run(&cx, d, text_str(&ta), text_str(&tb), &rows, &changes),
                 "differ");
            differing += changes > 0;
            arena_rewind(&arena, mark);
        }
    }
    text_release(&ta);
    text_release(&tb);
    evaluation_release(a);
    evaluation_release(b);
    return differing;
}

static double since(int64_t start)
{
    return (double)(env_real()->monotonic_us(env_real()) - start) / 1e6;
}

int main(int argc, char **argv)
{
    int households = argc > 1 ? atoi(argv[1]) : 100000;
    const char *dir = argc > 2 ? argv[2] : "rules";
    struct ruleset *r;
    struct plan *p;
    struct facts *f;
    size_t bytes = 0;
    arena_init(&arena, (size_t)2 << 30);
    context_init(&cx, env_real(), &arena);
    int64_t t = env_real()->monotonic_us(env_real());
    must(ruleset_load_directory(&cx, dir, STR("保険市"), &r), "rules");
    printf("load rules             %8.4f s\n", since(t));
    t = env_real()->monotonic_us(env_real());
    must(plan_new(&cx, r, &(struct plan_request){.fiscal_year = 2026, .goal = STR("賦課")}, &p),
         "plan");
    printf("make plan              %8.4f s\n", since(t));
    t = env_real()->monotonic_us(env_real());
    must(facts_new(&cx, r, NULL, 0, &f), "facts");
    fill(f, households);
    printf("fill facts             %8.4f s   %d households, %d members\n", since(t), households,
           facts_rows(f, facts_scope(&cx, f, STR("世帯員"))));
    t = env_real()->monotonic_us(env_real());
    int64_t total = run(p, f, false, &bytes);
    printf("evaluate               %8.4f s   total %lld yen\n", since(t), (long long)total);
    t = env_real()->monotonic_us(env_real());
    total = run(p, f, true, &bytes);
    printf("evaluate and explain   %8.4f s   %.0f bytes a household\n", since(t),
           (double)bytes / households);
    t = env_real()->monotonic_us(env_real());
    for (int i = 0; i < 20; i++) {
        char rate[16];
        struct ruleset *changed;
        struct plan *other;
        snprintf(rate, sizeof rate, "%d.%02d", 7 + i / 10, i);
        struct rule_setting s = {STR("医療.所得割率"), str_of(rate)};
        must(ruleset_override(&cx, r, &s, 1, &changed), "override");
        must(plan_new(&cx, changed,
                      &(struct plan_request){.fiscal_year = 2026, .goal = STR("賦課")}, &other),
             "plan");
        total = run(other, f, false, &bytes);
    }
    printf("twenty rate sets       %8.4f s\n", since(t));
    struct rule_setting s = {STR("医療.所得割率"), STR("9.9")};
    struct ruleset *changed;
    struct plan *other;
    must(ruleset_override(&cx, r, &s, 1, &changed), "override");
    must(plan_new(&cx, changed, &(struct plan_request){.fiscal_year = 2026, .goal = STR("賦課")},
                  &other),
         "plan");
    t = env_real()->monotonic_us(env_real());
    size_t differing = compare(p, other, f, households);
    printf("radar with causes      %8.4f s   %zu households differ\n", since(t), differing);
    facts_release(f);
    arena_release(&arena);
    return 0;
}
