#include "law/apply.h"
#include "law/plan.h"
#include "law/ruleset.h"

static struct operand constant(struct law_value v)
{
    return (struct operand){.constant = true,
                            .value = v,
                            .reg = -1,
                            .scope = LAW_ROOT_SCOPE,
                            .den = v.den,
                            .type = v.type};
}

static int make_fact(struct maker *m, const struct item *item, int word, struct operand *out)
{
    *out = (struct operand){.scope = item->scope, .den = 1, .type = item->type.base};
    m->p->scope_used[item->scope] = true;
    return plan_emit(m,
                     (struct instruction){.op = I_FACT,
                                          .scope = item->scope,
                                          .b = -1,
                                          .c = -1,
                                          .a = item->field + (word < 0 ? 0 : word)},
                     &out->reg);
}

static int make_months(struct maker *m, const struct item *item, struct operand *out)
{
    int status = make_split(m, item->scope);
    if (status < 0)
        return status;
    *out = (struct operand){.scope = item->scope, .den = 1, .type = LAW_MONTHS};
    for (size_t i = 0; i < m->p->n_splits; i++)
        if (m->p->split[i].scope == item->scope)
            out->reg = m->p->split[i].months;
    return OK;
}

static int make_reference(struct maker *m, const struct expr *e, struct operand *out)
{
    const struct item *item = &m->p->r->item[e->item];
    int word = e->word == INDEX_FORMAL ? m->word : e->word;
    switch (item->kind) {
    case ITEM_FACT:
        return make_fact(m, item, word, out);
    case ITEM_PARAMETER:
        *out = constant(law_parameter_value(item, m->p->fiscal_year, word));
        return OK;
    case ITEM_DEFINITION:
        return make_node(m, e->item, word, out);
    case ITEM_MONTHS:
        return make_months(m, item, out);
    }
    return OK;
}

/* Bounds become "argument < until" in the argument's own parts. */
static int make_table_bounds(struct maker *m, const struct version *v, int64_t den, struct table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct step *s = &v->steps[i];
        int64_t parts = s->until.den ? s->until.den : 1; /* the last step has no bound */
        int128 until = (int128)s->until.num * den;
        if (s->value.none || t->den % s->value.den != 0 || until % parts != 0 ||
            until >= INT64_MAX / 2 || until <= INT64_MIN / 2)
            return plan_fail(m, v->at, "law.plan.step", NULL);
        t->until[i] = (int64_t)(until / parts) + (s->inclusive ? 1 : 0);
        t->value[i] = s->value.num * (t->den / s->value.den);
    }
    return OK;
}

static int64_t least_multiple(int64_t a, int64_t b)
{
    int64_t x = a, y = b;
    while (y != 0) {
        int64_t rest = x % y;
        x = y;
        y = rest;
    }
    return a / x * b;
}

static int make_stepped(struct maker *m, const struct version *v, struct operand *out)
{
    struct plan *p = m->p;
    struct table t = {.version = v, .n = v->n_steps, .den = 1};
    for (size_t i = 0; i < t.n; i++)
        t.den = least_multiple(t.den, v->steps[i].value.den);
    t.until = ARENA_ARRAY(m->cx->arena, t.n, int64_t);
    t.value = ARENA_ARRAY(m->cx->arena, t.n, int64_t);
    if (!t.until || !t.value)
        return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    int status = make_table_bounds(m, v, out->den, &t);
    size_t which = 0;
    while (which < p->n_tables && (p->table[which].version != v || p->table[which].den != t.den))
        which++;
    if (which == p->n_tables) {
        struct table *more = ARENA_ARRAY(m->cx->arena, p->n_tables + 1, struct table);
        if (!more)
            return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
        for (size_t i = 0; i < p->n_tables; i++)
            more[i] = p->table[i];
        more[p->n_tables++] = t;
        p->table = more;
    }
    out->den = t.den;
    return status < 0 ? status
                      : plan_emit(m,
                                  (struct instruction){.op = I_TABLE,
                                                       .scope = out->scope,
                                                       .a = out->reg,
                                                       .b = -1,
                                                       .c = -1,
                                                       .k = (int64_t)which},
                                  &out->reg);
}

static int make_table(struct maker *m, const struct expr *e, struct operand *out)
{
    const struct item *item = &m->p->r->item[e->item];
    const struct version *v = law_item_version(item, m->p->fiscal_year, 0);
    int status = make_expression(m, e->arg[0], out);
    if (status < 0)
        return status;
    if (!v)
        return plan_fail(m, e->at, "law.plan.unset", "name=" STR_FMT " year=%d",
                         STR_ARG(item->name), m->p->fiscal_year);
    if (out->constant)
        *out = constant(*law_apply_steps(v, &out->value));
    else
        status = make_stepped(m, v, out);
    out->type = item->type.base;
    out->is_month_count = false;
    return status;
}

/* ---- 場合 --------------------------------------------------------------------------------- */

int make_alike(struct maker *m, const struct expr *e, struct operand *a, struct operand *b)
{
    int64_t den = least_multiple(a->den, b->den);
    struct operand *both[] = {a, b};
    if (den <= 0 || den >= YEN_LIMIT)
        return plan_fail(m, e->at, "law.plan.parts", NULL);
    for (int i = 0; i < 2; i++) {
        struct operand *o = both[i];
        int64_t factor = den / o->den;
        int status = OK;
        if (o->constant && __builtin_mul_overflow(o->value.num, factor, &o->value.num))
            return plan_fail(m, e->at, "law.plan.range", NULL);
        if (!o->constant && factor != 1)
            status = plan_emit(m,
                               (struct instruction){.op = I_MUL,
                                                    .scope = o->scope,
                                                    .a = o->reg,
                                                    .b = -1,
                                                    .c = -1,
                                                    .k = factor},
                               &o->reg);
        if (status < 0)
            return status;
        o->den = o->value.den = den;
    }
    return OK;
}

static int make_select(struct maker *m, const struct expr *e, struct operand condition,
                       struct operand yes, struct operand *out)
{
    struct operand no = *out;
    struct instruction i = {.op = I_SELECT, .b = -1, .c = -1};
    int status = make_alike(m, e, &yes, &no);
    if (status < 0 || (status = make_scope_of(m, &condition, &yes, &i.scope)) < 0)
        return status;
    struct operand seen = {.scope = i.scope};
    if ((status = make_scope_of(m, &seen, &no, &i.scope)) < 0 ||
        (status = make_gather(m, &condition, i.scope)) < 0 ||
        (status = make_gather(m, &yes, i.scope)) < 0 || (status = make_gather(m, &no, i.scope)) < 0)
        return status;
    i.a = condition.reg;
    i.b = yes.constant ? -1 : yes.reg;
    i.c = no.constant ? -1 : no.reg;
    i.k = yes.constant ? yes.value.num : 0;
    i.k2 = no.constant ? no.value.num : 0;
    *out = (struct operand){.scope = i.scope,
                            .den = yes.den,
                            .type = e->type.base,
                            .is_month_count = yes.is_month_count && no.is_month_count};
    return plan_emit(m, i, &out->reg);
}

/* Branches a parameter decides are left out; the rest become selects from the last to the first. */
static int make_case(struct maker *m, const struct expr *e, struct operand *out)
{
    struct operand *o = ARENA_ARRAY(m->cx->arena, e->n, struct operand);
    uint32_t n = 0, i;
    int status = o ? OK : fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    for (i = 0; i + 1 < e->n && status == OK; i += 2) {
        if ((status = make_expression(m, e->arg[i], &o[n])) < 0)
            return status;
        if (o[n].constant && o[n].value.num == 0)
            continue;
        if (o[n].constant)
            break;
        status = make_expression(m, e->arg[i + 1], &o[n + 1]);
        n += 2;
    }
    uint32_t last = i + 1 < e->n ? i + 1 : e->n - 1;
    if (status < 0 || (status = make_expression(m, e->arg[last], out)) < 0)
        return status;
    for (; n > 0 && status == OK; n -= 2)
        status = make_select(m, e, o[n - 2], o[n - 1], out);
    return status;
}

static int make_any(struct maker *m, const struct expr *e, struct operand *out)
{
    switch (e->kind) {
    case EXPR_VALUE:
        *out = constant(e->value);
        return OK;
    case EXPR_YEAR:
        *out = constant(law_value_of(LAW_COUNT, m->p->fiscal_year));
        return OK;
    case EXPR_FORMAL:
        *out = constant(law_value_of(LAW_CHOICE, m->word));
        out->value.word = m->p->r->choice[e->type.choice].word[m->word];
        return OK;
    case EXPR_REFER:
        return make_reference(m, e, out);
    case EXPR_TABLE:
        return make_table(m, e, out);
    case EXPR_CALL:
        return make_call(m, e, out);
    case EXPR_AGGREGATE:
        return make_aggregate(m, e, out);
    case EXPR_CASE:
        return make_case(m, e, out);
    }
    return OK;
}

int make_expression(struct maker *m, const struct expr *e, struct operand *out)
{
    enum { DEEPEST = 1000 };
    bool may_be_none = m->may_be_none;
    m->may_be_none = false;
    if (m->depth >= DEEPEST)
        return plan_fail(m, e->at, "law.plan.deep", "maximum=%d", DEEPEST);
    m->depth++;
    int status = make_any(m, e, out);
    m->depth--;
    if (status == OK && out->constant && out->value.none && !may_be_none) {
        struct str name = e->item >= 0 ? m->p->r->item[e->item].name : e->name;
        return plan_fail(m, e->at, "law.plan.unset", "name=" STR_FMT " year=%d", STR_ARG(name),
                         m->p->fiscal_year);
    }
    return status;
}
