/*
 * formula: expressions recomputed one by one over a decoded explanation, with plain fractions. The
 * second way to every value: the column evaluator is checked against it, and the formula shown to
 * people is written with it.
 */
#include "law/explain.h"

#include "law/apply.h"
#include "law/ruleset.h"

static const struct recomputed unknown = {.known = false};

static struct recomputed known_value(struct law_value v, bool constant)
{
    return (struct recomputed){.value = v, .known = true, .constant = constant};
}

/* ---- rows --------------------------------------------------------------------------------- */

struct sight law_sight_of(const struct decoded *d, int scope, int row, int word)
{
    struct sight s = {.word = word};
    for (int i = 0; i < SCOPES_MAX; i++)
        s.row[i] = -1;
    while (scope >= 0) {
        s.row[scope] = row;
        row = scope == LAW_ROOT_SCOPE || !d->parent[scope] ? 0 : d->parent[scope][row];
        scope = d->p->r->scope[scope].parent;
    }
    return s;
}

/* A row fits when every scope above it that is in sight shows the same row. */
static bool row_fits(const struct decoded *d, const struct sight *s, int scope, int row,
                     struct sight *inner)
{
    struct sight up = law_sight_of(d, scope, row, s->word);
    *inner = *s;
    for (int i = 0; i < (int)d->p->r->n_scopes; i++) {
        if (up.row[i] < 0)
            continue;
        if (i != scope && s->row[i] >= 0 && s->row[i] != up.row[i])
            return false;
        inner->row[i] = up.row[i];
    }
    return true;
}

bool law_next_row(const struct decoded *d, const struct sight *s, int scope, int *next,
                  struct sight *inner)
{
    while (*next < d->n[scope])
        if (row_fits(d, s, scope, (*next)++, inner))
            return true;
    return false;
}

/* ---- what was stored ---------------------------------------------------------------------- */

int plan_fact_column(const struct plan *p, int scope, int field)
{
    for (size_t i = 0; i < p->n_columns[scope]; i++)
        if (p->column[scope][i].kind == COLUMN_FACT && p->column[scope][i].id == field)
            return (int)i;
    return -1;
}

const struct node *plan_node(const struct plan *p, int item, int word)
{
    return &p->node[p->node_base[item] + (word < 0 ? 0 : word)];
}

static struct law_value stored(const struct ruleset *r, struct type type, int64_t num, int64_t den)
{
    struct law_value v = {.type = type.base, .num = num, .den = den, .none = num == VALUE_NONE};
    if (type.base == LAW_CHOICE && !v.none && num >= 0 && num < (int64_t)r->choice[type.choice].n)
        v.word = r->choice[type.choice].word[num];
    return v;
}

static struct recomputed recall_fact(const struct decoded *d, const struct item *item, int word,
                                     const struct sight *s)
{
    int column = plan_fact_column(d->p, item->scope, item->field + (word < 0 ? 0 : word));
    int row = s->row[item->scope];
    if (column < 0 || row < 0)
        return unknown;
    return known_value(stored(d->p->r, item->type, law_decoded_at(d, item->scope, row, column), 1),
                       false);
}

static struct recomputed recall_node(const struct decoded *d, int item_id, int word,
                                     const struct sight *s)
{
    const struct item *item = &d->p->r->item[item_id];
    const struct node *n = plan_node(d->p, item_id, word);
    int row = s->row[item->scope];
    if (n->state != 2)
        return unknown;
    if (n->operand.constant)
        return known_value(n->operand.value, true);
    if (n->column < 0 || row < 0)
        return unknown;
    int64_t num = law_decoded_at(d, item->scope, row, n->column);
    return known_value(stored(d->p->r, item->type, num, n->operand.den), false);
}

static struct recomputed recall_months(const struct decoded *d, const struct item *item,
                                       const struct sight *s)
{
    const struct plan *p = d->p;
    int row = s->row[item->scope];
    for (size_t i = 0; i < p->n_columns[item->scope] && row >= 0; i++)
        if (p->column[item->scope][i].kind == COLUMN_NODE && p->column[item->scope][i].id < 0)
            return known_value(law_value_of(LAW_MONTHS,
                                            law_decoded_at(d, item->scope, row, (int)i)),
                               false);
    return unknown;
}

struct recomputed law_recall(const struct decoded *d, const struct expr *e, const struct sight *s)
{
    const struct item *item = &d->p->r->item[e->item];
    int word = e->word == INDEX_FORMAL ? s->word : e->word;
    switch (item->kind) {
    case ITEM_FACT:
        return recall_fact(d, item, word, s);
    case ITEM_PARAMETER: {
        struct law_value v = law_parameter_value(item, d->p->fiscal_year, word);
        return known_value(v, true);
    }
    case ITEM_DEFINITION:
        return recall_node(d, e->item, word, s);
    case ITEM_MONTHS:
        return recall_months(d, item, s);
    }
    return unknown;
}

/* ---- recomputing -------------------------------------------------------------------------- */

static struct recomputed recompute_joined(const struct decoded *d, const struct expr *e,
                                          const struct sight *s)
{
    struct recomputed a = law_recompute(d, e->arg[0], s);
    for (uint32_t i = 1; i < e->n; i++) {
        bool settles = e->op == OP_AND || e->op == OP_COMMON
                           ? a.known && a.value.num == 0
                           : e->op == OP_OR && a.known && a.value.num == 1;
        if (settles)
            return a;
        struct recomputed b = law_recompute(d, e->arg[i], s);
        if (!a.known && b.known && b.value.num == (e->op == OP_OR))
            return b;
        if (!a.known || !b.known)
            return unknown;
        struct law_value both[2] = {a.value, b.value};
        a.constant = a.constant && b.constant;
        if (!law_apply(e->op, both, 2, &a.value))
            return unknown;
    }
    return a;
}

static struct recomputed recompute_call(const struct decoded *d, const struct expr *e,
                                        const struct sight *s)
{
    struct law_value value[ARGUMENTS_MAX + 1];
    struct recomputed out = {.known = true, .constant = true};
    if (e->op == OP_AND || e->op == OP_OR || e->op == OP_COMMON)
        return recompute_joined(d, e, s);
    for (uint32_t i = 0; i < e->n; i++) {
        struct recomputed a = law_recompute(d, e->arg[i], s);
        if (e->op == OP_IF_NONE && a.known && !a.value.none)
            return a;
        if (!a.known && e->op == OP_MUL && i == 0) { /* nothing times a rate of nothing */
            struct recomputed b = law_recompute(d, e->arg[1], s);
            if (b.known && b.value.num == 0)
                return known_value(law_value_of(e->type.base, 0), b.constant);
        }
        if (!a.known)
            return e->op == OP_MUL && i == 1 && value[0].num == 0
                       ? known_value(law_value_of(e->type.base, 0), false)
                       : unknown;
        value[i] = a.value;
        out.constant = out.constant && a.constant;
    }
    value[e->n] = law_value_of(LAW_COUNT, d->p->fiscal_year);
    bool dated = e->op == OP_MONTHS_FROM || e->op == OP_MONTHS_BEFORE || e->op == OP_MONTH_RANGE ||
                 e->op == OP_DAY_OF_MONTH;
    out.known = law_apply(e->op, value, dated ? e->n + 1 : e->n, &out.value);
    return out;
}

bool law_row_counts(const struct decoded *d, const struct expr *e, const struct sight *inner)
{
    if (!e->arg[1])
        return true;
    struct recomputed c = law_recompute(d, e->arg[1], inner);
    return c.known && c.value.num != 0;
}

static bool take_in(enum builtin op, struct law_value *total, const struct law_value *v, bool first)
{
    struct law_value both[2] = {*total, *v};
    switch ((int)op) {
    case OP_SUM:
        return law_apply(OP_ADD, both, 2, total);
    case OP_UNION:
        return law_apply(OP_UNITE, both, 2, total);
    case OP_MAX:
    case OP_MIN:
        if (first) {
            *total = *v;
            return true;
        }
        return law_apply(op == OP_MAX ? OP_LARGER : OP_SMALLER, both, 2, total);
    default:
        return true;
    }
}

static struct recomputed recompute_aggregate(const struct decoded *d, const struct expr *e,
                                             const struct sight *s)
{
    struct law_value total =
        law_value_of(e->type.base, e->op == OP_MIN && e->type.base == LAW_DATE ? LAW_NO_DATE : 0);
    struct sight inner;
    bool first = true;
    for (int next = 0; law_next_row(d, s, e->scope, &next, &inner);) {
        if (!law_row_counts(d, e, &inner))
            continue;
        if (e->op == OP_COUNT) {
            total.num++;
        } else if (e->op == OP_ANY) {
            total.num = 1;
        } else {
            struct recomputed v = law_recompute(d, e->arg[0], &inner);
            if (!v.known || !take_in(e->op, &total, &v.value, first))
                return unknown;
        }
        first = false;
    }
    total.type = e->type.base;
    return known_value(total, false);
}

uint32_t law_taken_branch(const struct decoded *d, const struct expr *e, const struct sight *s,
                          int *condition)
{
    *condition = -1;
    for (uint32_t i = 0; i + 1 < e->n; i += 2) {
        struct recomputed c = law_recompute(d, e->arg[i], s);
        if (c.known && c.value.num != 0) {
            if (!c.constant)
                *condition = (int)i;
            return i + 1;
        }
    }
    return e->n - 1;
}

struct recomputed law_recompute(const struct decoded *d, const struct expr *e,
                                const struct sight *s)
{
    int condition;
    switch (e->kind) {
    case EXPR_VALUE:
        return known_value(e->value, true);
    case EXPR_YEAR:
        return known_value(law_value_of(LAW_COUNT, d->p->fiscal_year), true);
    case EXPR_FORMAL: {
        struct law_value v = law_value_of(LAW_CHOICE, s->word);
        v.word = d->p->r->choice[e->type.choice].word[s->word];
        return known_value(v, true);
    }
    case EXPR_REFER:
        return law_recall(d, e, s);
    case EXPR_TABLE: {
        struct recomputed a = law_recompute(d, e->arg[0], s);
        const struct version *v = law_item_version(&d->p->r->item[e->item], d->p->fiscal_year, 0);
        if (!a.known || !v)
            return unknown;
        return known_value(*law_apply_steps(v, &a.value), a.constant);
    }
    case EXPR_CALL:
        return recompute_call(d, e, s);
    case EXPR_AGGREGATE:
        return recompute_aggregate(d, e, s);
    case EXPR_CASE:
        return law_recompute(d, e->arg[law_taken_branch(d, e, s, &condition)], s);
    }
    return unknown;
}
