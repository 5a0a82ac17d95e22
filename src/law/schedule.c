#include "law/plan.h"

#include <limits.h>

/* The registers an instruction reads; -1 where there is none. */
static void operands_of(const struct instruction *i, int reg[3])
{
    bool reads_a = i->op != I_FACT && i->op != I_GIVEN;
    reg[0] = reads_a ? i->a : -1;
    reg[1] = i->b;
    reg[2] = i->c;
}

static const struct split *split_of(const struct plan *p, int scope)
{
    for (size_t i = 0; i < p->n_splits; i++)
        if (p->split[i].scope == scope)
            return &p->split[i];
    return NULL;
}

/* A row of a derived scope needs the split that makes it. */
static void need_scope(struct plan *p, int scope)
{
    int scopes[2] = {scope, -1};
    if (scope >= (int)p->r->n_scopes) {
        const struct product *x = &p->product[scope - (int)p->r->n_scopes];
        scopes[0] = x->a;
        scopes[1] = x->b;
    }
    for (int i = 0; i < 2; i++) {
        const struct split *s = scopes[i] >= 0 ? split_of(p, scopes[i]) : NULL;
        if (s)
            p->live[s->months] = true;
    }
}

static void need_operands(struct plan *p, const struct instruction *i)
{
    int reg[3];
    operands_of(i, reg);
    for (int k = 0; k < 3; k++)
        if (reg[k] >= 0)
            p->live[reg[k]] = true;
    if (i->op == I_SPLIT) {
        const struct split *s = &p->split[i->k];
        for (size_t k = 0; k < s->n; k++)
            if (s->reg[k] >= 0)
                p->live[s->reg[k]] = true;
    } else {
        need_scope(p, i->scope);
        if (i->op == I_GATHER || i->op == I_SUM || i->op == I_UNION || i->op == I_LARGEST ||
            i->op == I_SMALLEST) {
            need_scope(p, p->edge[i->k].above);
            need_scope(p, p->edge[i->k].scope);
        }
    }
}

static int mark_live(struct context *cx, struct plan *p)
{
    p->live = ARENA_ARRAY(cx->arena, p->n_code + 1, bool);
    if (!p->live)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < p->n_results; i++) {
        const struct operand *o = &p->node[p->result_node[i]].operand;
        if (!o->constant)
            p->live[o->reg] = true;
    }
    for (size_t i = p->n_code; i-- > 0;)
        if (p->live[i])
            need_operands(p, &p->code[i]);
    return OK;
}

/* ---- the explanation's columns ------------------------------------------------------------ */

static int add_column(struct context *cx, struct plan *p, int scope, struct column c)
{
    size_t n = p->n_columns[scope];
    enum { FIRST = 32 };
    if (n == 0 || (n >= FIRST && (n & (n - 1)) == 0)) {
        struct column *more = ARENA_ARRAY(cx->arena, n ? n * 2 : FIRST, struct column);
        if (!more)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        for (size_t i = 0; i < n; i++)
            more[i] = p->column[scope][i];
        p->column[scope] = more;
    }
    p->column[scope][p->n_columns[scope]++] = c;
    return OK;
}

static enum law_type field_type(const struct ruleset *r, int field)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const struct item *f = &r->item[i];
        if (f->kind == ITEM_FACT && field >= f->field &&
            field < f->field + law_item_instances(r, f))
            return f->type.base;
    }
    return LAW_COUNT;
}

/* Facts in field order, months of derived rows, given values: whatever a live instruction reads. */
static int add_source_columns(struct context *cx, struct plan *p)
{
    int status = OK;
    int *field_reg = ARENA_ARRAY(cx->arena, p->r->n_fields + 1, int);
    if (!field_reg)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < p->n_code; i++)
        if (p->live[i] && p->code[i].op == I_FACT)
            field_reg[p->code[i].a] = (int)i + 1;
    for (size_t f = 0; f < p->r->n_fields && status == OK; f++)
        if (field_reg[f])
            status = add_column(cx, p, p->code[field_reg[f] - 1].scope,
                                (struct column){COLUMN_FACT, (int)f, field_reg[f] - 1,
                                                field_type(p->r, (int)f)});
    for (size_t i = 0; i < p->n_splits && status == OK; i++)
        if (p->split[i].months >= 0)
            status = add_column(cx, p, p->split[i].scope,
                                (struct column){COLUMN_NODE, -1, p->split[i].months, LAW_MONTHS});
    for (size_t g = 0; g < p->n_given && status == OK; g++) {
        const struct node *n = &p->node[p->node_base[p->given_item[g]] +
                                        (p->given_word[g] < 0 ? 0 : p->given_word[g])];
        if (n->state == 2)
            status = add_column(cx, p, n->operand.scope,
                                (struct column){COLUMN_GIVEN, (int)g, -1, n->operand.type});
    }
    return status;
}

/* A definition that is another one's value is stored once. */
static int column_with(const struct plan *p, int scope, int reg, enum law_type type)
{
    for (size_t i = 0; i < p->n_columns[scope]; i++)
        if (p->column[scope][i].reg == reg && p->column[scope][i].type == type)
            return (int)i;
    return -1;
}

static int add_node_columns(struct context *cx, struct plan *p)
{
    int status = OK;
    for (size_t i = 0; i < p->n_nodes && status == OK; i++) {
        struct node *n = &p->node[i];
        if (n->state != 2 || n->operand.constant)
            continue;
        int scope = n->operand.scope;
        n->column = column_with(p, scope, n->operand.reg, n->operand.type);
        if (n->column >= 0)
            continue;
        n->column = (int)p->n_columns[scope];
        status = add_column(cx, p, scope,
                            (struct column){COLUMN_NODE, (int)i, n->operand.reg, n->operand.type});
    }
    return status;
}

static void set_identity(struct plan *p)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_bytes(&h, (struct str){(const char *)p->r->hash.b, sizeof p->r->hash.b});
    hash_int(&h, p->fiscal_year);
    for (size_t s = 0; s < p->r->n_scopes; s++) {
        hash_int(&h, (int64_t)p->n_columns[s]);
        for (size_t i = 0; i < p->n_columns[s]; i++) {
            hash_int(&h, p->column[s][i].kind);
            hash_int(&h, p->column[s][i].id);
        }
    }
    struct digest d = hash_end(&h);
    p->identity = (uint32_t)d.b[0] << 24 | (uint32_t)d.b[1] << 16 | (uint32_t)d.b[2] << 8 | d.b[3];
}

/* ---- slots -------------------------------------------------------------------------------- */

struct slots {
    int *last; /* instruction that reads a register last */
    int *free[PLAN_SCOPES_MAX];
    int n_free[PLAN_SCOPES_MAX];
};

static void note_reads(const struct plan *p, struct slots *s, size_t at)
{
    const struct instruction *i = &p->code[at];
    int reg[3];
    operands_of(i, reg);
    for (int k = 0; k < 3; k++)
        if (reg[k] >= 0 && s->last[reg[k]] != INT_MAX)
            s->last[reg[k]] = (int)at;
    if (i->op != I_SPLIT)
        return;
    const struct split *x = &p->split[i->k];
    for (size_t k = 0; k < x->n; k++)
        if (x->reg[k] >= 0 && s->last[x->reg[k]] != INT_MAX)
            s->last[x->reg[k]] = (int)at;
}

/* Results and what the explanation stores stay; so do constant columns, filled once. */
static void keep_forever(const struct plan *p, struct slots *s)
{
    for (size_t scope = 0; scope < p->r->n_scopes; scope++)
        for (size_t i = 0; i < p->n_columns[scope]; i++)
            if (p->column[scope][i].reg >= 0)
                s->last[p->column[scope][i].reg] = INT_MAX;
    for (size_t i = 0; i < p->n_results; i++)
        if (!p->node[p->result_node[i]].operand.constant)
            s->last[p->node[p->result_node[i]].operand.reg] = INT_MAX;
    for (size_t i = 0; i < p->n_code; i++)
        if (p->code[i].op == I_FILL || p->code[i].op == I_SPLIT)
            s->last[i] = INT_MAX;
}

static void release_reads(const struct plan *p, struct slots *s, size_t at)
{
    const struct instruction *i = &p->code[at];
    int reg[3], released[3] = {-1, -1, -1};
    operands_of(i, reg);
    for (int k = 0; k < 3; k++) {
        int r = reg[k];
        if (r < 0 || s->last[r] != (int)at || p->code[r].slot < 0 || r == released[0] ||
            r == released[1])
            continue;
        int scope = p->code[r].scope;
        s->free[scope][s->n_free[scope]++] = p->code[r].slot;
        released[k] = r;
    }
}

static int give_slots(struct context *cx, struct plan *p)
{
    struct slots s = {.last = ARENA_ARRAY(cx->arena, p->n_code + 1, int)};
    if (!s.last)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (int i = 0; i < p->n_scopes; i++)
        if (!(s.free[i] = ARENA_ARRAY(cx->arena, p->n_code + 1, int)))
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
    keep_forever(p, &s);
    for (size_t i = 0; i < p->n_code; i++)
        if (p->live[i])
            note_reads(p, &s, i);
    for (size_t i = 0; i < p->n_code; i++) {
        struct instruction *x = &p->code[i];
        if (!p->live[i])
            continue;
        if (x->op != I_FACT)
            x->slot = s.n_free[x->scope] > 0 ? s.free[x->scope][--s.n_free[x->scope]]
                                             : p->n_slots[x->scope]++;
        release_reads(p, &s, i);
    }
    return OK;
}

/* Dead instructions go; registers are numbered anew. */
static void renumber(struct plan *p, int *now)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_code; i++) {
        if (!p->live[i])
            continue;
        struct instruction x = p->code[i];
        if (x.op != I_FACT && x.op != I_GIVEN && x.a >= 0)
            x.a = now[x.a];
        x.b = x.b >= 0 ? now[x.b] : -1;
        x.c = x.c >= 0 ? now[x.c] : -1;
        now[i] = (int)n;
        p->code[n++] = x;
    }
    p->n_code = n;
}

static int drop_dead(struct context *cx, struct plan *p)
{
    int *now = ARENA_ARRAY(cx->arena, p->n_code + 1, int);
    bool *live = p->live;
    if (!now)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < p->n_nodes; i++) { /* remember who is dead before numbers change */
        struct node *n = &p->node[i];
        if (n->state == 2 && !n->operand.constant && !live[n->operand.reg])
            n->state = 3;
    }
    for (size_t i = 0; i < p->n_splits; i++)
        if (!live[p->split[i].months])
            p->split[i].months = -1;
    renumber(p, now);
    for (size_t i = 0; i < p->n_nodes; i++)
        if (p->node[i].state == 2 && !p->node[i].operand.constant)
            p->node[i].operand.reg = now[p->node[i].operand.reg];
    for (size_t i = 0; i < p->n_splits; i++) {
        struct split *s = &p->split[i];
        for (size_t k = 0; s->months >= 0 && k < s->n; k++)
            s->reg[k] = s->reg[k] >= 0 ? now[s->reg[k]] : -1;
        s->months = s->months >= 0 ? now[s->months] : -1;
    }
    for (size_t i = 0; i < p->n_code; i++)
        live[i] = true;
    return OK;
}

int plan_schedule(struct context *cx, struct plan *p)
{
    int status = mark_live(cx, p);
    if (status == OK)
        status = drop_dead(cx, p);
    if (status == OK)
        status = add_source_columns(cx, p);
    if (status == OK)
        status = add_node_columns(cx, p);
    if (status == OK)
        status = plan_usual_values(cx, p);
    if (status < 0)
        return status;
    for (size_t i = p->r->n_scopes; i-- > 1;) {
        p->scope_stored[i] = p->scope_stored[i] || p->n_columns[i] > 0;
        if (p->scope_stored[i])
            p->scope_stored[p->r->scope[i].parent] = true;
    }
    set_identity(p);
    return give_slots(cx, p);
}
