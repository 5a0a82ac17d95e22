/* law_world: what the tests of the rule language share: a context, sets from texts, one household.
 */
#ifndef TEST_LAW_WORLD_H
#define TEST_LAW_WORLD_H

#include "law/law.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#ifndef ROOT
#define ROOT "."
#endif

struct world {
    struct arena arena;
    struct context cx;
};

static inline void world_open(struct world *w)
{
    arena_init(&w->arena, (size_t)1 << 30);
    context_init(&w->cx, env_real(), &w->arena);
}

static inline void world_close(struct world *w)
{
    arena_release(&w->arena);
}

/* The call must succeed; otherwise its error is printed. */
#define OK_OR_FAIL(w, call)                                                                        \
    do {                                                                                           \
        int status_ = (call);                                                                      \
        if (status_ < 0) {                                                                         \
            print_error("%s:%d:%d %s %s\n", (w)->cx.error.file, (w)->cx.error.line,                \
                        (w)->cx.error.column, (w)->cx.error.message, (w)->cx.error.facts);         \
            fail_msg("%s", #call);                                                                 \
        }                                                                                          \
    } while (0)

static inline int world_text(struct world *w, const char *text, struct ruleset **out)
{
    struct rule_text t = {STR("test.rule"), str_of(text)};
    return ruleset_load_texts(&w->cx, &t, 1, out);
}

static inline struct ruleset *world_rules(struct world *w, const char *municipality)
{
    struct ruleset *r = NULL;
    OK_OR_FAIL(w, ruleset_load_directory(&w->cx, ROOT "/rules", str_of(municipality), &r));
    return r;
}

static inline struct plan *world_goal(struct world *w, const struct ruleset *r, int year)
{
    struct plan *p = NULL;
    struct plan_request q = {.fiscal_year = year, .goal = STR("賦課")};
    OK_OR_FAIL(w, plan_new(&w->cx, r, &q, &p));
    return p;
}

static inline struct plan *world_plan(struct world *w, const struct ruleset *r, int year,
                                      const char *wanted)
{
    struct plan *p = NULL;
    struct str name = str_of(wanted);
    struct plan_request q = {.fiscal_year = year, .wanted = &name, .n_wanted = 1};
    OK_OR_FAIL(w, plan_new(&w->cx, r, &q, &p));
    return p;
}

static inline int world_add(struct world *w, struct facts *f, const char *scope, int parent)
{
    int row = facts_add(&w->cx, f, facts_scope(&w->cx, f, str_of(scope)), parent);
    assert_true(row >= 0);
    return row;
}

static inline void world_set(struct world *w, struct facts *f, const char *field, int row,
                             int64_t value)
{
    OK_OR_FAIL(w, facts_set(&w->cx, f, facts_field(&w->cx, f, str_of(field)), row, value));
}

static inline int64_t day(int year, int month, int dom)
{
    return ymd_of(year, month, dom).day;
}

#endif
