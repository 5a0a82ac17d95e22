/*
 * differ: which values of two explanations differ, and which of them for no reason but their own.
 *
 * Prepared once for two plans: every fact, parameter and definition of either, matched by name,
 * with what its formula refers to. A household is then two decoded vectors compared column by
 * column.
 */
#include "law/explain.h"
#include "law/ruleset.h"

#include <string.h>

enum { SIDES = 2 };

/* One side's view of an entry. */
struct seat {
    int item; /* -1: not there */
    int word;
    int column; /* -1: constant */
    int64_t den;
    struct law_value constant;
};

struct entry {
    struct seat seat[SIDES];
    int scope;        /* of the first side that has it; -1: a parameter */
    bool static_diff; /* constants or the formula itself differ */
    int *child;
    size_t n_children;
};

struct explanation_differ {
    const struct plan *p[SIDES];
    struct entry *entry;
    size_t n;
    int *of_node[SIDES];  /* node -> entry + 1 */
    int *of_field[SIDES]; /* field -> entry + 1 */
    int **of_item[SIDES]; /* parameter -> by word, entry + 1 */
};

/* ---- entries ------------------------------------------------------------------------------ */

static struct type item_type(const struct explanation_differ *d, const struct entry *e)
{
    int side = e->seat[0].item >= 0 ? 0 : 1;
    return d->p[side]->r->item[e->seat[side].item].type;
}

static int *slot_of(struct explanation_differ *d, int side, int item, int word)
{
    const struct item *i = &d->p[side]->r->item[item];
    int w = word < 0 ? 0 : word;
    switch (i->kind) {
    case ITEM_FACT:
        return &d->of_field[side][i->field + w];
    case ITEM_DEFINITION:
        return &d->of_node[side][d->p[side]->node_base[item] + w];
    case ITEM_PARAMETER:
        return d->of_item[side][item] ? &d->of_item[side][item][w] : NULL;
    case ITEM_MONTHS:
        break;
    }
    return NULL;
}

/* The same name on the other side: 0 not there. */
static bool other_side(const struct explanation_differ *d, int side, int item, int word, int *item2,
                       int *word2)
{
    const struct ruleset *r = d->p[side]->r, *r2 = d->p[1 - side]->r;
    const struct item *i = &r->item[item];
    const struct symbol *s = law_symbol_find(r2, i->name);
    if (!s || s->kind != SYMBOL_ITEM || r2->item[s->id].kind != i->kind)
        return false;
    *item2 = s->id;
    *word2 = INDEX_NONE;
    if (i->index_choice < 0 || r2->item[s->id].index_choice < 0)
        return i->index_choice < 0 && r2->item[s->id].index_choice < 0;
    const struct symbol *w = law_symbol_find(r2, r->choice[i->index_choice].word[word]);
    *word2 = w && w->kind == SYMBOL_WORD ? w->word : 0;
    return w && w->kind == SYMBOL_WORD && w->id == r2->item[s->id].index_choice;
}

static struct seat seat_of(const struct plan *p, int item, int word)
{
    const struct item *i = &p->r->item[item];
    struct seat s = {.item = item, .word = word, .column = -1, .den = 1};
    s.constant = (struct law_value){.type = i->type.base, .none = true, .den = 1};
    if (i->kind == ITEM_FACT) {
        s.column = plan_fact_column(p, i->scope, i->field + (word < 0 ? 0 : word));
    } else if (i->kind == ITEM_PARAMETER) {
        s.constant = law_parameter_value(i, p->fiscal_year, word);
    } else if (i->kind == ITEM_DEFINITION) {
        const struct node *n = plan_node(p, item, word);
        bool live = n->state == 2;
        s.column = live && !n->operand.constant ? n->column : -1;
        s.den = live && !n->operand.constant ? n->operand.den : 1;
        if (live && n->operand.constant)
            s.constant = n->operand.value;
    }
    return s;
}

static int add_entry(struct context *cx, struct explanation_differ *d, int side, int item, int word)
{
    int *slot = slot_of(d, side, item, word), item2, word2;
    if (!slot || *slot)
        return OK;
    size_t n = d->n;
    if (n == 0 || (n >= 64 && (n & (n - 1)) == 0)) {
        struct entry *more = ARENA_ARRAY(cx->arena, n ? n * 2 : 64, struct entry);
        if (!more)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, d->entry, n * sizeof *more);
        d->entry = more;
    }
    struct entry *e = &d->entry[d->n++];
    *e = (struct entry){.scope = d->p[side]->r->item[item].scope};
    e->seat[side] = seat_of(d->p[side], item, word);
    e->seat[1 - side] =
        (struct seat){.item = -1, .column = -1, .den = 1, .constant = {.none = true, .den = 1}};
    *slot = (int)d->n;
    if (other_side(d, side, item, word, &item2, &word2)) {
        e->seat[1 - side] = seat_of(d->p[1 - side], item2, word2);
        int *twin = slot_of(d, 1 - side, item2, word2);
        if (twin)
            *twin = (int)d->n;
    }
    return OK;
}

static int entries_of_expression(struct context *cx, struct explanation_differ *d, int side,
                                 const struct expr *e, int formal)
{
    int status = OK;
    if (!e)
        return OK;
    if ((e->kind == EXPR_REFER || e->kind == EXPR_TABLE) &&
        d->p[side]->r->item[e->item].kind == ITEM_PARAMETER)
        status = add_entry(cx, d, side, e->item, e->word == INDEX_FORMAL ? formal : e->word);
    for (uint32_t i = 0; i < e->n && status == OK; i++)
        status = entries_of_expression(cx, d, side, e->arg[i], formal);
    return status;
}

static int entries_of_plan(struct context *cx, struct explanation_differ *d, int side)
{
    const struct plan *p = d->p[side];
    int status = OK;
    for (size_t i = 0; i < p->r->n_items && status == OK; i++) {
        const struct item *f = &p->r->item[i];
        for (int w = 0; f->kind == ITEM_FACT && w < law_item_instances(p->r, f) && status == OK;
             w++)
            if (plan_fact_column(p, f->scope, f->field + w) >= 0)
                status = add_entry(cx, d, side, (int)i, f->index_choice < 0 ? INDEX_NONE : w);
    }
    for (size_t i = 0; i < p->n_nodes && status == OK; i++) {
        const struct node *n = &p->node[i];
        if (n->state != 2)
            continue;
        const struct version *v = law_item_version(&p->r->item[n->item], p->fiscal_year, n->word);
        status = add_entry(cx, d, side, n->item, n->word);
        if (status == OK && v)
            status = entries_of_expression(cx, d, side, v->body, n->word);
    }
    return status;
}

/* ---- what a formula refers to ------------------------------------------------------------- */

static int add_child(struct context *cx, struct entry *e, int child)
{
    for (size_t i = 0; i < e->n_children; i++)
        if (e->child[i] == child)
            return OK;
    size_t n = e->n_children;
    if (n == 0 || (n >= 4 && (n & (n - 1)) == 0)) {
        int *more = ARENA_ARRAY(cx->arena, n ? n * 2 : 4, int);
        if (!more)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, e->child, n * sizeof *more);
        e->child = more;
    }
    e->child[e->n_children++] = child;
    return OK;
}

static int children_of(struct context *cx, struct explanation_differ *d, int side, struct entry *to,
                       const struct expr *e, int formal)
{
    int status = OK;
    if (!e)
        return OK;
    if (e->kind == EXPR_REFER || e->kind == EXPR_TABLE) {
        int *slot = slot_of(d, side, e->item, e->word == INDEX_FORMAL ? formal : e->word);
        if (slot && *slot)
            status = add_child(cx, to, *slot - 1);
    }
    for (uint32_t i = 0; i < e->n && status == OK; i++)
        status = children_of(cx, d, side, to, e->arg[i], formal);
    return status;
}

static bool constants_differ(const struct entry *e)
{
    const struct law_value *a = &e->seat[0].constant, *b = &e->seat[1].constant;
    if (e->seat[0].column >= 0 || e->seat[1].column >= 0)
        return false;
    if (a->none || b->none)
        return a->none != b->none;
    return (int128)a->num * b->den != (int128)b->num * a->den;
}

static int link_entry(struct context *cx, struct explanation_differ *d, struct entry *e)
{
    struct str written[SIDES] = {STR_NONE, STR_NONE};
    int status = OK;
    e->static_diff = constants_differ(e);
    for (int side = 0; side < SIDES && status == OK; side++) {
        const struct plan *p = d->p[side];
        const struct seat *s = &e->seat[side];
        if (s->item < 0)
            continue;
        const struct version *v =
            p->r->item[s->item].kind == ITEM_FACT
                ? NULL
                : law_item_version(&p->r->item[s->item], p->fiscal_year, s->word);
        if (!v)
            continue;
        written[side] = v->written;
        if (v->body)
            status = children_of(cx, d, side, e, v->body, s->word);
    }
    bool defined = e->scope >= 0 && written[0].p && written[1].p;
    bool stepped = e->seat[0].item >= 0 && d->p[0]->r->item[e->seat[0].item].stepped;
    if ((defined || stepped) && !str_equal(written[0], written[1]))
        e->static_diff = true;
    return status;
}

static int make_slots(struct context *cx, struct explanation_differ *d, int side)
{
    const struct ruleset *r = d->p[side]->r;
    d->of_node[side] = ARENA_ARRAY(cx->arena, d->p[side]->n_nodes + 1, int);
    d->of_field[side] = ARENA_ARRAY(cx->arena, r->n_fields + 1, int);
    d->of_item[side] = ARENA_ARRAY(cx->arena, r->n_items + 1, int *);
    if (!d->of_node[side] || !d->of_field[side] || !d->of_item[side])
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < r->n_items; i++) {
        if (r->item[i].kind != ITEM_PARAMETER)
            continue;
        d->of_item[side][i] =
            ARENA_ARRAY(cx->arena, (size_t)law_item_instances(r, &r->item[i]), int);
        if (!d->of_item[side][i])
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
    }
    return OK;
}

int explanation_differ_new(struct context *cx, const struct plan *pa, const struct plan *pb,
                           struct explanation_differ **out)
{
    struct explanation_differ *d = ARENA_NEW(cx->arena, struct explanation_differ);
    int status = d ? OK : fail(cx, ERR_MEMORY, "law.memory", NULL);
    if (status < 0)
        return status;
    d->p[0] = pa;
    d->p[1] = pb;
    for (int side = 0; side < SIDES && status == OK; side++)
        status = make_slots(cx, d, side);
    for (int side = 0; side < SIDES && status == OK; side++)
        status = entries_of_plan(cx, d, side);
    for (size_t i = 0; i < d->n && status == OK; i++)
        status = link_entry(cx, d, &d->entry[i]);
    *out = d;
    return status;
}

/* ---- one household ------------------------------------------------------------------------ */

struct comparison {
    struct context *cx;
    const struct explanation_differ *d;
    struct decoded side[SIDES];
    bool *differs;
    struct explanation_change *rows;
    size_t n;
};

static int rows_on(const struct comparison *c, const struct entry *e, int side)
{
    const struct seat *s = &e->seat[side];
    if (s->item < 0)
        return 0;
    return s->column >= 0 ? c->side[side].n[c->d->p[side]->r->item[s->item].scope] : 1;
}

static struct law_value value_on(const struct comparison *c, const struct entry *e, int side,
                                 int row)
{
    const struct seat *s = &e->seat[side];
    struct law_value none = {.type = item_type(c->d, e).base, .none = true, .den = 1};
    if (s->item < 0)
        return none;
    if (s->column < 0)
        return s->constant;
    const struct plan *p = c->d->p[side];
    const struct item *i = &p->r->item[s->item];
    if (row >= c->side[side].n[i->scope])
        return none;
    struct law_value v = {.type = i->type.base,
                          .den = s->den,
                          .num = law_decoded_at(&c->side[side], i->scope, row, s->column)};
    v.none = v.num == VALUE_NONE;
    if (i->type.base == LAW_CHOICE && !v.none && v.num >= 0 &&
        v.num < (int64_t)p->r->choice[i->type.choice].n)
        v.word = p->r->choice[i->type.choice].word[v.num];
    return v;
}

static bool same_value(const struct law_value *a, const struct law_value *b)
{
    if (a->none || b->none)
        return a->none == b->none;
    return a->den == b->den ? a->num == b->num : (int128)a->num * b->den == (int128)b->num * a->den;
}

static int add_change(struct comparison *c, const struct entry *e, int row, struct law_value a,
                      struct law_value b)
{
    size_t n = c->n;
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        struct explanation_change *more =
            ARENA_ARRAY(c->cx->arena, n ? n * 2 : 16, struct explanation_change);
        if (!more)
            return fail(c->cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, c->rows, n * sizeof *more);
        c->rows = more;
    }
    int side = e->seat[1].item >= 0 ? 1 : 0;
    const struct ruleset *r = c->d->p[side]->r;
    const struct item *i = &r->item[e->seat[side].item];
    c->rows[c->n++] =
        (struct explanation_change){.name = law_item_instance_name(c->cx->arena, r, i,
                                                                   e->seat[side].word),
                                    .label = i->label,
                                    .scope = i->scope >= 0 ? r->scope[i->scope].name : STR_NONE,
                                    .row = row,
                                    .before = a,
                                    .after = b};
    return OK;
}

static bool is_cause(const struct comparison *c, const struct entry *e)
{
    for (size_t i = 0; i < e->n_children; i++)
        if (c->differs[e->child[i]])
            return false;
    return true;
}

/* Parameters count only where something they enter differs in this household. */
static void mark_parameters(struct comparison *c)
{
    for (size_t i = 0; i < c->d->n; i++) {
        const struct entry *e = &c->d->entry[i];
        if (!c->differs[i])
            continue;
        for (size_t k = 0; k < e->n_children; k++)
            if (c->d->entry[e->child[k]].scope < 0 && c->d->entry[e->child[k]].static_diff)
                c->differs[e->child[k]] = true;
    }
}

static void mark_values(struct comparison *c)
{
    for (size_t i = 0; i < c->d->n; i++) {
        const struct entry *e = &c->d->entry[i];
        if (e->scope < 0)
            continue;
        int rows = rows_on(c, e, 0), other = rows_on(c, e, 1);
        rows = rows > other ? rows : other;
        for (int row = 0; row < rows && !c->differs[i]; row++) {
            struct law_value a = value_on(c, e, 0, row), b = value_on(c, e, 1, row);
            c->differs[i] = !same_value(&a, &b);
        }
    }
}

static int list_changes(struct comparison *c, bool causes)
{
    int status = OK;
    for (size_t i = 0; i < c->d->n && status == OK; i++) {
        const struct entry *e = &c->d->entry[i];
        if (!c->differs[i] || is_cause(c, e) != causes)
            continue;
        int rows = rows_on(c, e, 0), other = rows_on(c, e, 1);
        rows = rows > other ? rows : other;
        for (int row = 0; row < (rows ? rows : 1) && status == OK; row++) {
            struct law_value a = value_on(c, e, 0, row), b = value_on(c, e, 1, row);
            if (e->scope >= 0 && same_value(&a, &b))
                continue;
            status = add_change(c, e, row, a, b);
            if (status == OK)
                c->rows[c->n - 1].cause = causes;
        }
    }
    return status;
}

int explanation_differ_run(struct context *cx, const struct explanation_differ *d, struct str a,
                           struct str b, const struct explanation_change **rows, size_t *n)
{
    struct comparison c = {.cx = cx, .d = d};
    int status = law_decode_vector(cx, d->p[0], a, &c.side[0]);
    if (status == OK)
        status = law_decode_vector(cx, d->p[1], b, &c.side[1]);
    if (status < 0)
        return status;
    c.differs = ARENA_ARRAY(cx->arena, d->n + 1, bool);
    if (!c.differs)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    mark_values(&c);
    mark_parameters(&c);
    status = list_changes(&c, true);
    if (status == OK)
        status = list_changes(&c, false);
    *rows = c.rows;
    *n = c.n;
    return status;
}

int explanation_compare(struct context *cx, struct explained_side a, struct explained_side b,
                        const struct explanation_change **rows, size_t *n)
{
    struct explanation_differ *d;
    int status = explanation_differ_new(cx, a.plan, b.plan, &d);
    return status < 0 ? status : explanation_differ_run(cx, d, a.vector, b.vector, rows, n);
}
