/*
 * fuzz_law_rule: any bytes as a rule text. What is accepted must check, plan and evaluate without
 * harm; what is refused must say where.
 */
#include "law/law.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 192 << 20, YEAR = 2026, RESULTS_MOST = 16 };

static void evaluate_one(struct context *cx, const struct ruleset *r, const struct plan *p)
{
    struct facts *f;
    struct evaluation *e;
    struct explanation x;
    struct text t;
    if (facts_new(cx, r, NULL, 0, &f) < 0)
        return;
    text_init(&t, 1 << 20);
    if (facts_add(cx, f, LAW_ROOT_SCOPE, 0) == 0 && evaluation_new(cx, p, f, &e) == OK) {
        if (evaluate(cx, e, 0, 1) == OK && evaluation_explain(e, 0, &t) == OK)
            assert(explanation_open(cx, p, text_str(&t), &x) == OK || cx->error.code == ERR_MEMORY);
        evaluation_release(e);
    }
    text_release(&t);
    facts_release(f);
}

static void plan_all(struct context *cx, const struct ruleset *r)
{
    const struct str *names;
    size_t n = ruleset_items(cx, r, &names);
    for (size_t i = 0; i < n && i < RESULTS_MOST; i++) {
        struct plan *p;
        struct plan_request q = {.fiscal_year = YEAR, .wanted = &names[i], .n_wanted = 1};
        error_clear(cx);
        if (plan_new(cx, r, &q, &p) == OK)
            evaluate_one(cx, r, p);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct context cx;
    struct ruleset *r;
    struct rule_report report;
    struct rule_text text = {STR("fuzz.rule"), {(const char *)data, size}};
    arena_init(&arena, ROOM);
    context_init(&cx, env_real(), &arena);
    int status = ruleset_load_texts(&cx, &text, 1, &r);
    if (status < 0) {
        assert(status == ERR_SYNTAX || status == ERR_MEMORY);
        assert(status == ERR_MEMORY || cx.error.line > 0);
    } else {
        plan_all(&cx, r);
        error_clear(&cx);
        status = ruleset_check(&cx, r, &report);
        assert(status == OK || status == ERR_MEMORY || status == ERR_LIMIT);
    }
    arena_release(&arena);
    return 0;
}
