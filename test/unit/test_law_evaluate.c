/* The evaluator: columns against plain fractions, blocks against single rows, overflow,
 * explanations. */
#include "law_world.h"

#include "law/explain.h"

#include <stdlib.h>

/* ---- random households -------------------------------------------------------------------- */

enum { HOUSEHOLDS = 10000, VECTOR_MOST = 1024 };

static int64_t some_yen(struct prng *p, int64_t most)
{
    static const int64_t edges[] = {0,       550000,   550999,   551000,  650999,  651000,
                                    1619000, 1628000,  1799999,  1800000, 1900000, 3599999,
                                    3600000, 6600000,  8500000,  1300000, 3300000, 4100000,
                                    7700000, 10000000, 24000000, 24430000};
    if (prng_below(p, 100) < 25)
        return edges[prng_below(p, sizeof edges / sizeof edges[0])];
    return prng_below(p, 100) < 40 ? 0 : (int64_t)prng_below(p, (uint64_t)most);
}

static void random_incomes(struct world *w, struct facts *f, struct prng *p, int m)
{
    static const char *const yens[] = {"給与収入",         "公的年金等収入",   "その他所得",
                                       "山林所得",         "分離譲渡所得",     "譲渡特別控除額",
                                       "純損失繰越控除額", "雑損失繰越控除額", "専従者控除額",
                                       "固定資産税額"};
    for (size_t i = 0; i < sizeof yens / sizeof yens[0]; i++)
        if (i < 2 || prng_below(p, 100) < 15)
            world_set(w, f, yens[i], m, some_yen(p, i < 3 ? 12000000 : 1500000));
    if (prng_below(p, 100) < 5)
        world_set(w, f, "専従者給与収入", m, some_yen(p, 2000000));
    if (prng_below(p, 100) < 5)
        world_set(w, f, "給与所得決定額", m, some_yen(p, 5000000));
    world_set(w, f, "所得把握", m, prng_below(p, 100) < 96);
    world_set(w, f, "所得金額調整控除対象", m, prng_below(p, 100) < 10);
}

static int64_t near_year(struct prng *p, int year)
{
    return day(year, 4, 1) - 400 + (int64_t)prng_below(p, 900);
}

static void random_periods(struct world *w, struct facts *f, struct prng *p, int m, int year)
{
    for (uint64_t n = prng_below(p, 100) < 8 ? 2 : 1; n > 0; n--) {
        int q = world_add(w, f, "資格期間", m);
        int64_t from = prng_below(p, 100) < 80 ? day(year - 5, 4, 1) : near_year(p, year);
        world_set(w, f, "取得日", q, from);
        if (prng_below(p, 100) < 25) {
            int64_t lost = near_year(p, year);
            world_set(w, f, "喪失日", q, lost);
            world_set(w, f, "喪失事由", q, (int64_t)prng_below(p, 8));
            if (prng_below(p, 2))
                world_set(w, f, "喪失原因日", q, lost - 1);
        }
    }
}

static void random_events(struct world *w, struct facts *f, struct prng *p, int m, int year)
{
    if (prng_below(p, 100) < 4) {
        int b = world_add(w, f, "出産", m);
        world_set(w, f, "出産予定日", b, near_year(p, year));
        world_set(w, f, "多胎", b, prng_below(p, 100) < 20);
    }
    if (prng_below(p, 100) < 6) {
        int l = world_add(w, f, "離職", m);
        world_set(w, f, "離職日", l, near_year(p, year));
        world_set(w, f, "離職理由コード", l, prng_below(p, 2) ? 11 : 40);
    }
    if (prng_below(p, 100) < 2) {
        int x = world_add(w, f, "介護適用除外", m);
        world_set(w, f, "適用除外開始日", x, near_year(p, year));
    }
    if (prng_below(p, 100) < 4)
        world_set(w, f, "旧被扶養者の取得日", m, near_year(p, year));
}

static void random_household(struct world *w, struct facts *f, struct prng *p, int year)
{
    int h = facts_add(&w->cx, f, LAW_ROOT_SCOPE, 0), members = 1 + (int)prng_below(p, 3);
    if (prng_below(p, 100) < 5)
        world_set(w, f, "納付義務始期", h, near_year(p, year));
    if (prng_below(p, 100) < 5)
        world_set(w, f, "医療.減免額", h, some_yen(p, 50000));
    for (int i = 0; i < members; i++) {
        int m = world_add(w, f, "世帯員", h);
        bool deemed = i == 0 && prng_below(p, 100) < 12;
        world_set(w, f, "生年月日", m,
                  day(year, 4, 1) - (int64_t)prng_below(p, 76 * 365) - (i == 0 ? 366 * 20 : 0));
        world_set(w, f, "世帯主", m, i == 0);
        if (prng_below(p, 100) < 7)
            world_set(w, f, "後期移行日", m,
                      day(year - (int)prng_below(p, 9), 4, 1) + (int64_t)prng_below(p, 360));
        random_incomes(w, f, p, m);
        if (!deemed)
            random_periods(w, f, p, m, year);
        random_events(w, f, p, m, year);
    }
}

/* ---- columns against fractions ------------------------------------------------------------ */

/* Every definition stored in the vector is computed again from its formula, one by one. */
static void recompute_all(const struct decoded *d, int household)
{
    const struct plan *p = d->p;
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node *n = &p->node[i];
        if (n->state != 2 || n->operand.constant)
            continue;
        const struct item *item = &p->r->item[n->item];
        const struct version *v = law_item_version(item, p->fiscal_year, n->word);
        for (int row = 0; row < d->n[item->scope]; row++) {
            struct sight s = law_sight_of(d, item->scope, row, n->word);
            struct recomputed x = law_recompute(d, v->body, &s);
            int64_t num = law_decoded_at(d, item->scope, row, n->column);
            if (!x.known || (int128)x.value.num * n->operand.den != (int128)num * x.value.den) {
                struct str name = item->name;
                fail_msg("household %d " STR_FMT
                         " word %d row %d: stored %lld/%lld, recomputed %lld/%lld known %d",
                         household, STR_ARG(name), n->word, row, (long long)num,
                         (long long)n->operand.den, (long long)x.value.num, (long long)x.value.den,
                         x.known);
            }
        }
    }
}

struct sizes {
    size_t total, most, over;
};

static void check_block(struct world *w, const struct plan *p, struct evaluation *e, int first,
                        int count, struct sizes *sizes)
{
    struct text t;
    text_init(&t, 1 << 20);
    OK_OR_FAIL(w, evaluate(&w->cx, e, first, count));
    for (int i = first; i < first + count; i++) {
        struct decoded d;
        struct law_failure failure;
        struct arena_mark mark = arena_mark(&w->arena);
        assert_false(evaluation_failed(e, i, &failure));
        text_clear(&t);
        OK_OR_FAIL(w, evaluation_explain(e, i, &t));
        sizes->total += t.n;
        sizes->most = t.n > sizes->most ? t.n : sizes->most;
        sizes->over += t.n > VECTOR_MOST;
        OK_OR_FAIL(w, law_decode_vector(&w->cx, p, text_str(&t), &d));
        recompute_all(&d, i);
        arena_rewind(&w->arena, mark);
    }
    text_release(&t);
}

static void columns_equal_fractions(void **state)
{
    (void)state;
    static const struct {
        const char *city;
        int year;
    } sets[] = {
        {"保険市", 2025}, {"保険市", 2026}, {"新宿区", 2026}, {"葛巻町", 2025}, {"川崎市", 2026}};
    for (size_t k = 0; k < sizeof sets / sizeof sets[0]; k++) {
        struct world w;
        struct facts *f;
        struct evaluation *e;
        struct prng random;
        struct sizes sizes = {0};
        world_open(&w);
        struct ruleset *r;
        if (ruleset_load_directory(&w.cx, ROOT "/rules", str_of(sets[k].city), &r) < 0) {
            print_message("SKIP %s: no rulebook\n", sets[k].city);
            world_close(&w);
            continue;
        }
        struct plan *p = world_goal(&w, r, sets[k].year);
        OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
        prng_seed(&random, 7000 + k);
        for (int i = 0; i < HOUSEHOLDS / 5; i++)
            random_household(&w, f, &random, sets[k].year);
        OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &e));
        for (int first = 0; first < HOUSEHOLDS / 5; first += LAW_BLOCK)
            check_block(&w, p, e, first,
                        HOUSEHOLDS / 5 - first < LAW_BLOCK ? HOUSEHOLDS / 5 - first : LAW_BLOCK,
                        &sizes);
        print_message("# %s %d: %zu bytes a household, most %zu, over 1 KB: %zu of %d\n",
                      sets[k].city, sets[k].year, sizes.total / (HOUSEHOLDS / 5), sizes.most,
                      sizes.over, HOUSEHOLDS / 5);
        assert_true(sizes.total / (HOUSEHOLDS / 5) <= VECTOR_MOST);
        evaluation_release(e);
        facts_release(f);
        world_close(&w);
    }
}

/* A household alone, in a block, first or last: the same values and the same vector. */
static void a_household_does_not_see_its_neighbours(void **state)
{
    (void)state;
    enum { MANY = 600 };
    struct world w;
    struct facts *f;
    struct evaluation *block, *single;
    struct prng random;
    struct text a, b;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    struct plan *p = world_goal(&w, r, 2026);
    OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
    prng_seed(&random, 11);
    for (int i = 0; i < MANY; i++)
        random_household(&w, f, &random, 2026);
    OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &block));
    OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &single));
    text_init(&a, 1 << 20);
    text_init(&b, 1 << 20);
    for (int first = 0; first < MANY; first += LAW_BLOCK) {
        int count = MANY - first < LAW_BLOCK ? MANY - first : LAW_BLOCK;
        OK_OR_FAIL(&w, evaluate(&w.cx, block, first, count));
        for (int i = first; i < first + count; i++) {
            OK_OR_FAIL(&w, evaluate(&w.cx, single, i, 1));
            text_clear(&a);
            text_clear(&b);
            OK_OR_FAIL(&w, evaluation_explain(block, i, &a));
            OK_OR_FAIL(&w, evaluation_explain(single, i, &b));
            assert_true(str_equal(text_str(&a), text_str(&b)));
            assert_int_equal(evaluation_value(block, 0, i), evaluation_value(single, 0, i));
        }
    }
    text_release(&a);
    text_release(&b);
    evaluation_release(block);
    evaluation_release(single);
    facts_release(f);
    world_close(&w);
}

/* ---- failures ----------------------------------------------------------------------------- */

static void a_household_that_overflows_fails_alone(void **state)
{
    (void)state;
    static const char text[] =
        "規則 \"t\"\n範囲 世帯 \"世帯\"\n事実 額 [世帯] : 円 \"額\" 既定 0円\n"
        "値 率 : 割合 \"率\" 根拠 \"r\" 令和8年度から 0.123456789\n"
        "定義 積 [世帯] : 円 \"積\" 令和8年度から = 額 * 率 * 率\n"
        "定義 答え [世帯] : 円 \"答え\" 令和8年度から = 切捨(積 * 12, 1円)\n";
    struct world w;
    struct ruleset *r;
    struct facts *f;
    struct evaluation *e;
    struct law_failure failure;
    world_open(&w);
    OK_OR_FAIL(&w, world_text(&w, text, &r));
    struct plan *p = NULL;
    struct str name = STR("答え");
    struct plan_request q = {.fiscal_year = 2026, .wanted = &name, .n_wanted = 1};
    if (plan_new(&w.cx, r, &q, &p) <
        0) { /* 10^18 parts are refused already when the plan is made */
        assert_string_equal(w.cx.error.message, "law.plan.parts");
        error_clear(&w.cx);
        struct rule_setting s = {STR("率"), STR("12.345")};
        OK_OR_FAIL(&w, ruleset_override(&w.cx, r, &s, 1, &r));
        OK_OR_FAIL(&w, plan_new(&w.cx, r, &q, &p));
    }
    OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
    for (int i = 0; i < 3; i++)
        assert_int_equal(facts_add(&w.cx, f, LAW_ROOT_SCOPE, 0), i);
    world_set(&w, f, "額", 0, 1000000);
    world_set(&w, f, "額", 1, LAW_FACT_LIMIT - 1);
    world_set(&w, f, "額", 2, 3);
    OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &e));
    OK_OR_FAIL(&w, evaluate(&w.cx, e, 0, 3));
    assert_false(evaluation_failed(e, 0, &failure));
    assert_true(evaluation_failed(e, 1, &failure));
    assert_int_equal(failure.code, ERR_RANGE);
    assert_false(evaluation_failed(e, 2, &failure));
    assert_int_equal(evaluation_value(e, 0, 0), 182878);
    assert_int_equal(facts_set(&w.cx, f, 0, 0, LAW_FACT_LIMIT), ERR_INVALID);
    evaluation_release(e);
    facts_release(f);
    world_close(&w);
}

static void a_missing_fact_fails_its_household(void **state)
{
    (void)state;
    struct world w;
    struct facts *f;
    struct evaluation *e;
    struct law_failure failure;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    struct plan *p = world_goal(&w, r, 2026);
    OK_OR_FAIL(&w, facts_new(&w.cx, r, NULL, 0, &f));
    for (int i = 0; i < 2; i++) {
        int h = facts_add(&w.cx, f, LAW_ROOT_SCOPE, 0), m = world_add(&w, f, "世帯員", h);
        if (i == 0)
            world_set(&w, f, "生年月日", m, day(1980, 1, 1));
    }
    OK_OR_FAIL(&w, evaluation_new(&w.cx, p, f, &e));
    OK_OR_FAIL(&w, evaluate(&w.cx, e, 0, 2));
    assert_false(evaluation_failed(e, 0, &failure));
    assert_true(evaluation_failed(e, 1, &failure));
    assert_int_equal(failure.code, ERR_INVALID);
    assert_true(str_is(failure.definition, "生年月日"));
    evaluation_release(e);
    facts_release(f);
    world_close(&w);
}

/* ---- explanations ------------------------------------------------------------------------- */

static void build_pair(struct world *w, const struct ruleset *r, struct facts **f)
{
    OK_OR_FAIL(w, facts_new(&w->cx, r, NULL, 0, f));
    int h = facts_add(&w->cx, *f, LAW_ROOT_SCOPE, 0), m = world_add(w, *f, "世帯員", h);
    world_set(w, *f, "生年月日", m, day(1979, 10, 1));
    world_set(w, *f, "世帯主", m, 1);
    world_set(w, *f, "給与収入", m, 3000000);
    world_set(w, *f, "取得日", world_add(w, *f, "資格期間", m), day(2015, 4, 1));
}

static void explain_one(struct world *w, const struct plan *p, const struct facts *f,
                        struct text *out)
{
    struct evaluation *e;
    OK_OR_FAIL(w, evaluation_new(&w->cx, p, f, &e));
    OK_OR_FAIL(w, evaluate(&w->cx, e, 0, 1));
    text_clear(out);
    OK_OR_FAIL(w, evaluation_explain(e, 0, out));
    evaluation_release(e);
}

static const struct explained *node_named(const struct explanation *x, const char *name)
{
    for (uint32_t i = 0; i < x->n; i++)
        if (str_is(x->nodes[i].name, name))
            return &x->nodes[i];
    fail_msg("no node %s", name);
    return NULL;
}

static void every_yen_opens_to_its_facts(void **state)
{
    (void)state;
    struct world w;
    struct facts *f;
    struct explanation x;
    struct text t, tree;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    struct plan *p = world_goal(&w, r, 2026);
    build_pair(&w, r, &f);
    text_init(&t, 1 << 20);
    text_init(&tree, 1 << 20);
    explain_one(&w, p, f, &t);
    OK_OR_FAIL(&w, explanation_open(&w.cx, p, text_str(&t), &x));
    const struct explained *levy = node_named(&x, "医療.所得割額");
    assert_int_equal(levy->value.num, 149778);
    assert_true(str_is(levy->formula, "切捨(算定基礎額 1,590,000円 × 所得割率 9.42%, 1円)"));
    assert_true(levy->article.n > 0 && levy->label.n > 0 &&
                str_is(levy->effective, "平成26年度から"));
    assert_true(str_is(node_named(&x, "給与収入")->scope, "世帯員"));
    assert_int_equal(node_named(&x, "給与収入")->kind, EXPLAINED_FACT);
    assert_int_equal(node_named(&x, "医療.所得割率")->kind, EXPLAINED_PARAMETER);
    assert_true(str_is(node_named(&x, "医療.所得割率")->effective, "令和8年度から"));
    OK_OR_FAIL(&w, explanation_text(&x, x.results[0], 0, &tree));
    assert_non_null(strstr(tree.p, "給与等の収入金額"));
    text_clear(&tree);
    OK_OR_FAIL(&w, explanation_json(&x, x.results[0], 3, &tree));
    for (size_t n = 0; n < t.n; n++) { /* a vector that is cut, or another plan's, is refused */
        struct explanation y;
        error_clear(&w.cx);
        assert_int_equal(explanation_open(&w.cx, p, (struct str){t.p, n}, &y), ERR_CORRUPT);
    }
    error_clear(&w.cx);
    struct plan *other = world_goal(&w, r, 2025);
    assert_int_equal(explanation_open(&w.cx, other, text_str(&t), &x), ERR_CORRUPT);
    text_release(&t);
    text_release(&tree);
    facts_release(f);
    world_close(&w);
}

static void a_difference_names_its_cause(void **state)
{
    (void)state;
    struct world w;
    struct facts *f;
    struct text a, b;
    struct ruleset *changed;
    const struct explanation_change *rows;
    size_t n, causes = 0;
    world_open(&w);
    struct ruleset *r = world_rules(&w, "保険市");
    struct rule_setting s = {STR("医療.所得割率"), STR("9.5")};
    OK_OR_FAIL(&w, ruleset_override(&w.cx, r, &s, 1, &changed));
    struct plan *pa = world_goal(&w, r, 2026), *pb = world_goal(&w, changed, 2026);
    build_pair(&w, r, &f);
    text_init(&a, 1 << 20);
    text_init(&b, 1 << 20);
    explain_one(&w, pa, f, &a);
    explain_one(&w, pb, f, &b);
    OK_OR_FAIL(&w, explanation_diff(&w.cx, pa, text_str(&a), pb, text_str(&b), &rows, &n));
    assert_true(n > 4);
    for (size_t i = 0; i < n; i++)
        causes += rows[i].cause;
    assert_int_equal(causes, 1);
    assert_true(str_is(rows[0].name, "医療.所得割率") && rows[0].cause);
    world_set(&w, f, "給与収入", 0, 3100000);
    explain_one(&w, pa, f, &b);
    OK_OR_FAIL(&w, explanation_diff(&w.cx, pa, text_str(&a), pa, text_str(&b), &rows, &n));
    assert_true(n > 4 && rows[0].cause && str_is(rows[0].name, "給与収入"));
    explain_one(&w, pa, f, &a);
    OK_OR_FAIL(&w, explanation_diff(&w.cx, pa, text_str(&a), pa, text_str(&b), &rows, &n));
    assert_int_equal(n, 0);
    text_release(&a);
    text_release(&b);
    facts_release(f);
    world_close(&w);
}

/* ---- out of memory ------------------------------------------------------------------------ */

/* Rules to difference, everything that asks for memory on the way. */
static int whole_way(struct world *w)
{
    struct ruleset *r;
    struct plan *p;
    struct facts *f = NULL;
    struct evaluation *e = NULL;
    struct explanation x;
    struct rule_report report;
    const struct explanation_change *rows;
    struct text t;
    size_t n;
    int status = ruleset_load_directory(&w->cx, ROOT "/rules", STR("保険市"), &r);
    struct plan_request q = {.fiscal_year = 2026, .goal = STR("賦課")};
    text_init(&t, 1 << 20);
    if (status == OK && (status = plan_new(&w->cx, r, &q, &p)) == OK &&
        (status = facts_new(&w->cx, r, NULL, 0, &f)) == OK &&
        (status = facts_add(&w->cx, f, LAW_ROOT_SCOPE, 0)) == OK &&
        (status = evaluation_new(&w->cx, p, f, &e)) == OK &&
        (status = evaluate(&w->cx, e, 0, 1)) == OK &&
        (status = evaluation_explain(e, 0, &t)) == OK &&
        (status = explanation_open(&w->cx, p, text_str(&t), &x)) == OK &&
        (status = explanation_diff(&w->cx, p, text_str(&t), p, text_str(&t), &rows, &n)) == OK)
        status = ruleset_check(&w->cx, r, &report);
    text_release(&t);
    evaluation_release(e);
    facts_release(f);
    return status;
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    const bool small = getenv("HOKENKA_TEST_SMALL") != NULL;
    uint64_t step = 1;
    for (uint64_t nth = 1;; nth += step) {
        struct world w;
        world_open(&w);
        memory_fail_at(nth, true);
        int status = whole_way(&w);
        memory_fail_at(0, false);
        world_close(&w);
        if (status == OK)
            break;
        bool reading = strcmp(w.cx.error.message, "base.file.too_large") == 0;
        assert_true(status == ERR_MEMORY || (status == ERR_LIMIT && reading));
        if (nth > 70)
            step = small ? 2999 : 701;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"10,000 random households: every stored value equals its formula in plain fractions [M1]",
         columns_equal_fractions, NULL, NULL, NULL},
        {"a household computes the same alone and in a block [M1 M6]",
         a_household_does_not_see_its_neighbours, NULL, NULL, NULL},
        {"overflow fails the household, never gives a wrong yen [M1]",
         a_household_that_overflows_fails_alone, NULL, NULL, NULL},
        {"a required fact that is missing fails its household by name [M4]",
         a_missing_fact_fails_its_household, NULL, NULL, NULL},
        {"every yen opens to rule, article, arithmetic and facts; a damaged vector is refused [M6]",
         every_yen_opens_to_its_facts, NULL, NULL, NULL},
        {"memory may run out anywhere from rules to causes [F1]", memory_may_run_out_anywhere, NULL,
         NULL, NULL},
        {"a difference between two explanations names its cause [M7]", a_difference_names_its_cause,
         NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
