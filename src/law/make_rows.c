#include "law/apply.h"
#include "law/plan.h"

#include <string.h>

/* ---- instructions ------------------------------------------------------------------------- */

static size_t instruction_slot(const struct instruction *i)
{
    const int64_t parts[] = {i->op, i->mode, i->scope, i->a, i->b, i->c, i->k, i->k2};
    uint64_t h = 14695981039346656037u;
    for (size_t n = 0; n < sizeof parts / sizeof parts[0]; n++)
        h = (h ^ (uint64_t)parts[n]) * 1099511628211u;
    return (size_t)(h ^ (h >> 31));
}

static bool same_instruction(const struct instruction *x, const struct instruction *y)
{
    return x->op == y->op && x->mode == y->mode && x->scope == y->scope && x->a == y->a &&
           x->b == y->b && x->c == y->c && x->k == y->k && x->k2 == y->k2;
}

static int number_again(struct maker *m)
{
    size_t slots = m->n_numbered ? m->n_numbered * 2 : 4096;
    int *numbered = ARENA_ARRAY(m->cx->arena, slots, int);
    if (!numbered)
        return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < m->p->n_code; i++) {
        size_t at = instruction_slot(&m->p->code[i]);
        while (numbered[at & (slots - 1)])
            at++;
        numbered[at & (slots - 1)] = (int)i + 1;
    }
    m->numbered = numbered;
    m->n_numbered = slots;
    return OK;
}

static int append_code(struct maker *m, struct instruction i)
{
    struct plan *p = m->p;
    enum { CODE_MAX = 200000, FIRST = 1024 };
    if (p->n_code >= CODE_MAX)
        return fail(m->cx, ERR_LIMIT, "law.plan.size", "maximum=%d", CODE_MAX);
    if (p->n_code == 0 || (p->n_code >= FIRST && (p->n_code & (p->n_code - 1)) == 0)) {
        struct instruction *more =
            ARENA_ARRAY(m->cx->arena, p->n_code ? p->n_code * 2 : FIRST, struct instruction);
        if (!more)
            return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
        if (p->n_code > 0)
            memcpy(more, p->code, p->n_code * sizeof *more);
        p->code = more;
    }
    i.node = m->node;
    i.slot = -1;
    p->code[p->n_code++] = i;
    return OK;
}

/* An instruction that stands already gives its register again. */
int plan_emit(struct maker *m, struct instruction i, int *reg)
{
    if (m->p->n_code * 2 >= m->n_numbered && number_again(m) < 0)
        return ERR_MEMORY;
    size_t at = instruction_slot(&i);
    for (int found; (found = m->numbered[at & (m->n_numbered - 1)]) != 0; at++) {
        if (same_instruction(&m->p->code[found - 1], &i)) {
            *reg = found - 1;
            return OK;
        }
    }
    int status = append_code(m, i);
    if (status < 0)
        return status;
    *reg = (int)m->p->n_code - 1;
    m->numbered[at & (m->n_numbered - 1)] = *reg + 1;
    return OK;
}

/* ---- scopes ------------------------------------------------------------------------------- */

static const struct product *product_of(const struct plan *p, int scope)
{
    return scope >= (int)p->r->n_scopes ? &p->product[scope - (int)p->r->n_scopes] : NULL;
}

bool plan_scope_above(const struct plan *p, int a, int b)
{
    const struct product *x = product_of(p, b);
    if (a == b)
        return true;
    if (product_of(p, a))
        return false;
    if (x)
        return law_scope_above(p->r, a, x->a) || law_scope_above(p->r, a, x->b);
    return law_scope_above(p->r, a, b);
}

static int edge_between(struct maker *m, int above, int scope, int *edge)
{
    struct plan *p = m->p;
    for (*edge = 0; *edge < p->n_edges; (*edge)++)
        if (p->edge[*edge].above == above && p->edge[*edge].scope == scope)
            return OK;
    if (p->n_edges == EDGES_MAX)
        return fail(m->cx, ERR_LIMIT, "law.plan.size", "edges=%d", EDGES_MAX);
    p->edge[p->n_edges++] = (struct edge){above, scope};
    p->scope_used[above] = p->scope_used[scope] = true;
    return OK;
}

/* The rows of b beside each row of a. */
static int product_between(struct maker *m, int a, int b, int *scope)
{
    struct plan *p = m->p;
    for (int i = 0; i < p->n_products; i++) {
        if (p->product[i].a == a && p->product[i].b == b) {
            *scope = p->product[i].scope;
            return OK;
        }
    }
    if (p->n_products == PRODUCTS_MAX)
        return fail(m->cx, ERR_LIMIT, "law.plan.size", "products=%d", PRODUCTS_MAX);
    struct product *x = &p->product[p->n_products++];
    *x = (struct product){.scope = p->n_scopes++, .a = a, .b = b};
    *scope = x->scope;
    int status = edge_between(m, a, x->scope, &x->edge_a);
    return status < 0 ? status : edge_between(m, b, x->scope, &x->edge_b);
}

/* The scope where both can be seen: the lower one, or the product the aggregate opened. */
int make_scope_of(struct maker *m, const struct operand *a, const struct operand *b, int *scope)
{
    if (a->constant || b->constant) {
        *scope = a->constant ? b->scope : a->scope;
        return OK;
    }
    if (plan_scope_above(m->p, a->scope, b->scope))
        *scope = b->scope;
    else if (plan_scope_above(m->p, b->scope, a->scope))
        *scope = a->scope;
    else
        return product_between(m, m->leaf, m->beside, scope);
    return OK;
}

static int gather_edge(struct maker *m, struct operand *o, int scope)
{
    int edge, status = edge_between(m, o->scope, scope, &edge);
    if (status == OK)
        status =
            plan_emit(m,
                      (struct instruction){
                          .op = I_GATHER, .scope = scope, .a = o->reg, .b = -1, .c = -1, .k = edge},
                      &o->reg);
    o->scope = scope;
    return status;
}

/* Repeats a value for the rows of a scope below, one step of the tree at a time. */
int make_gather(struct maker *m, struct operand *o, int scope)
{
    if (o->constant || o->scope == scope)
        return OK;
    const struct product *x = product_of(m->p, scope);
    int above = !x                                       ? m->p->r->scope[scope].parent
                : plan_scope_above(m->p, o->scope, x->a) ? x->a
                                                         : x->b;
    int status = make_gather(m, o, above);
    return status < 0 ? status : gather_edge(m, o, scope);
}

int make_column(struct maker *m, struct operand *o, int scope)
{
    if (!o->constant)
        return make_gather(m, o, scope);
    o->constant = false;
    o->scope = scope;
    o->den = o->value.den;
    m->p->scope_used[scope] = true;
    return plan_emit(m,
                     (struct instruction){.op = I_FILL,
                                          .scope = scope,
                                          .a = -1,
                                          .b = -1,
                                          .c = -1,
                                          .k = o->value.num},
                     &o->reg);
}

/* ---- aggregates --------------------------------------------------------------------------- */

static struct operand constant_of(enum law_type type, int64_t num)
{
    return (struct operand){.constant = true,
                            .value = law_value_of(type, num),
                            .reg = -1,
                            .scope = LAW_ROOT_SCOPE,
                            .den = 1,
                            .type = type};
}

static int64_t identity_of(enum builtin op)
{
    return op == OP_MAX ? VALUE_NONE : op == OP_MIN ? INT64_MAX : 0;
}

static enum opcode reduction_of(enum builtin op)
{
    switch ((int)op) {
    case OP_SUM:
    case OP_COUNT:
        return I_SUM;
    case OP_MAX:
        return I_LARGEST;
    case OP_MIN:
        return I_SMALLEST;
    default:
        return I_UNION;
    }
}

/* Rows that do not meet the condition count as the identity of the aggregate. */
static int mask(struct maker *m, enum builtin op, const struct operand *condition,
                struct operand *what, int scope)
{
    struct operand c = *condition;
    int status;
    if (c.constant)
        return make_column(m, what, scope);
    if ((status = make_gather(m, &c, scope)) < 0)
        return status;
    if (op == OP_COUNT || op == OP_ANY) {
        *what = c;
        return OK;
    }
    struct instruction i = {
        .op = I_SELECT, .scope = scope, .a = c.reg, .b = -1, .c = -1, .k2 = identity_of(op)};
    if (what->constant) {
        i.k = what->value.num;
        what->den = what->value.den;
    } else {
        if ((status = make_gather(m, what, scope)) < 0)
            return status;
        i.b = what->reg;
    }
    what->constant = false;
    what->scope = scope;
    return plan_emit(m, i, &what->reg);
}

static int reduce_edge(struct maker *m, enum builtin op, struct operand *o, int above)
{
    int edge, status = edge_between(m, above, o->scope, &edge);
    if (status == OK)
        status = plan_emit(m,
                           (struct instruction){.op = reduction_of(op),
                                                .scope = above,
                                                .a = o->reg,
                                                .b = -1,
                                                .c = -1,
                                                .k = edge},
                           &o->reg);
    o->scope = above;
    return status;
}

/* An empty 最大 or 最小 is zero; an empty 最小 of dates is 未到来. */
static int close_extreme(struct maker *m, enum builtin op, struct operand *o)
{
    struct instruction i = {
        .op = I_IF_NONE, .scope = o->scope, .a = o->reg, .b = -1, .c = -1, .k = 1};
    int empty;
    if (op == OP_MAX)
        return plan_emit(m, i, &o->reg);
    if (op != OP_MIN)
        return OK;
    int64_t none = o->type == LAW_DATE ? LAW_NO_DATE : 0;
    i = (struct instruction){
        .op = I_EQ, .scope = o->scope, .a = o->reg, .b = -1, .c = -1, .k = INT64_MAX};
    int status = plan_emit(m, i, &empty);
    if (status < 0)
        return status;
    i = (struct instruction){
        .op = I_SELECT, .scope = o->scope, .a = empty, .b = -1, .c = o->reg, .k = none};
    return plan_emit(m, i, &o->reg);
}

/* Reduces from `scope` (the aggregate's rows or a product) up to rows seen from `target`. */
static int reduce(struct maker *m, enum builtin op, struct operand *o, int target)
{
    const struct product *x = product_of(m->p, o->scope);
    int status = OK;
    if (x)
        status = reduce_edge(m, op, o, x->a);
    while (status == OK && !law_scope_above(m->p->r, o->scope, target))
        status = reduce_edge(m, op, o, m->p->r->scope[o->scope].parent);
    return status < 0 ? status : close_extreme(m, op, o);
}

static int rows_of(struct maker *m, const struct operand *condition, const struct operand *what,
                   int over, int target, int *scope)
{
    int status = OK;
    if (condition->constant && what->constant) {
        *scope = over;
        return OK;
    }
    status = make_scope_of(m, condition, what, scope);
    if (status < 0 || product_of(m->p, *scope))
        return status;
    if (plan_scope_above(m->p, *scope, over)) {
        *scope = over;
        return OK;
    }
    return product_between(m, target, over, scope);
}

/* The scope the aggregate is asked from: the one above `over`, or the one it stands beside. */
static int enter_rows(struct maker *m, int over)
{
    int target = m->leaf;
    const struct ruleset *r = m->p->r;
    if (law_scope_above(r, m->leaf, over)) {
        m->leaf = over;
        m->beside = -1;
    } else if (m->beside >= 0 && law_scope_above(r, m->beside, over)) {
        target = m->beside;
        m->leaf = over;
        m->beside = -1;
    } else {
        m->beside = over;
    }
    return target;
}

static int make_parts(struct maker *m, const struct expr *e, struct operand *condition,
                      struct operand *what)
{
    bool counted = e->op == OP_COUNT || e->op == OP_ANY;
    *condition = constant_of(LAW_TRUTH, 1);
    *what = constant_of(e->type.base, 1);
    int status = e->arg[1] ? make_expression(m, e->arg[1], condition) : OK;
    if (status == OK && !counted && !(condition->constant && condition->value.num == 0))
        status = make_expression(m, e->arg[0], what);
    return status;
}

int make_aggregate(struct maker *m, const struct expr *e, struct operand *out)
{
    int leaf = m->leaf, beside = m->beside, scope, target, status;
    struct operand condition;
    m->p->scope_used[e->scope] = true;
    if (m->p->r->scope[e->scope].derived && (status = make_split(m, e->scope)) < 0)
        return status;
    target = enter_rows(m, e->scope);
    status = make_parts(m, e, &condition, out);
    if (status == OK && condition.constant && condition.value.num == 0) {
        *out = constant_of(e->type.base,
                           e->op == OP_MIN && e->type.base == LAW_DATE ? LAW_NO_DATE : 0);
    } else if (status == OK) {
        status = rows_of(m, &condition, out, e->scope, target, &scope);
        if (status == OK)
            status = mask(m, e->op, &condition, out, scope);
        out->type = e->type.base;
        out->is_month_count = false;
        if (status == OK)
            status = reduce(m, e->op, out, target);
    }
    m->leaf = leaf;
    m->beside = beside;
    return status;
}

/* ---- derived scopes ----------------------------------------------------------------------- */

static int make_split_part(struct maker *m, const struct scope *s, struct split *x, size_t i)
{
    struct operand o;
    int over = s->part_over[i] < 0 ? s->parent : s->part_over[i];
    m->leaf = over;
    m->beside = -1;
    int status = make_expression(m, s->part[i], &o);
    if (status < 0)
        return status;
    x->over[i] = over;
    x->reg[i] = -1;
    x->constant[i] = o.constant ? o.value.num : 0;
    m->p->scope_used[over] = true;
    if (o.constant)
        return OK;
    status = make_gather(m, &o, over);
    x->reg[i] = o.reg;
    return status;
}

int make_split(struct maker *m, int scope)
{
    const struct scope *s = &m->p->r->scope[scope];
    struct maker kept = *m;
    if (m->split_made[scope])
        return OK;
    struct split *x = &m->p->split[m->p->n_splits];
    *x = (struct split){.scope = scope,
                        .n = s->n_parts,
                        .reg = ARENA_ARRAY(m->cx->arena, s->n_parts, int),
                        .over = ARENA_ARRAY(m->cx->arena, s->n_parts, int),
                        .constant = ARENA_ARRAY(m->cx->arena, s->n_parts, int64_t)};
    if (!x->reg || !x->over || !x->constant)
        return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    int edge, status = edge_between(m, s->parent, scope, &edge);
    for (size_t i = 0; i < s->n_parts && status == OK; i++)
        status = make_split_part(m, s, x, i);
    m->node = kept.node;
    m->word = kept.word;
    m->leaf = kept.leaf;
    m->beside = kept.beside;
    if (status < 0)
        return status;
    m->split_made[scope] = true;
    int64_t which = (int64_t)m->p->n_splits++;
    return plan_emit(
        m,
        (struct instruction){.op = I_SPLIT, .scope = scope, .a = -1, .b = -1, .c = -1, .k = which},
        &x->months);
}
