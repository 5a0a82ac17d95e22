#include "law/evaluate.h"

#include <string.h>

enum { MONTHS = 12 };

int law_room_for_ints(struct context *cx, int **array, int *cap, int needed)
{
    if (needed <= *cap)
        return OK;
    int next = *cap ? *cap : 256;
    while (next < needed)
        next *= 2;
    int *more = memory_resize(*array, (size_t)next * sizeof **array);
    if (!more)
        return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", needed);
    *array = more;
    *cap = next;
    return OK;
}

/* Where each register of a scope lies; columns of constants are filled once. */
void law_place_registers(struct evaluation *e, int scope)
{
    const struct plan *p = e->p;
    for (size_t i = 0; i < p->n_code; i++)
        if (p->code[i].scope == scope && p->code[i].slot >= 0)
            e->reg[i] = e->pool[scope] + (size_t)p->code[i].slot * (size_t)e->cap[scope];
}

static void fill_constants(struct evaluation *e, int scope)
{
    const struct plan *p = e->p;
    for (size_t i = 0; i < p->n_code; i++)
        if (p->code[i].scope == scope && p->code[i].op == I_FILL)
            for (int row = 0; row < e->cap[scope]; row++)
                e->reg[i][row] = p->code[i].k;
}

/* Registers for so many rows of a scope. What they held is gone. */
int law_room_for(struct context *cx, struct evaluation *e, int scope, int rows)
{
    if (rows <= e->cap[scope])
        return OK;
    int cap = e->cap[scope] ? e->cap[scope] : 64;
    while (cap < rows)
        cap *= 2;
    size_t slots = (size_t)e->p->n_slots[scope] + 1;
    memory_free(e->pool[scope]);
    e->cap[scope] = 0;
    e->pool[scope] = memory_alloc(slots * (size_t)cap * sizeof(int64_t));
    if (!e->pool[scope])
        return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", rows);
    e->cap[scope] = cap;
    law_place_registers(e, scope);
    fill_constants(e, scope);
    return OK;
}

/* ---- edges -------------------------------------------------------------------------------- */

static struct rows_seen *edge_of(struct evaluation *e, int above, int scope)
{
    for (int i = 0; i < e->p->n_edges; i++)
        if (e->p->edge[i].above == above && e->p->edge[i].scope == scope)
            return &e->edge[i];
    return NULL;
}

static int room_for_edge(struct context *cx, struct rows_seen *x, int above, int below)
{
    int status = law_room_for_ints(cx, &x->start, &x->start_cap, above + 1);
    return status < 0 ? status : law_room_for_ints(cx, &x->map, &x->map_cap, below + 1);
}

static int build_tree_edge(struct context *cx, struct evaluation *e, int edge)
{
    const int above = e->p->edge[edge].above, scope = e->p->edge[edge].scope;
    struct rows_seen *x = &e->edge[edge];
    int status = room_for_edge(cx, x, e->count[above], e->count[scope]);
    if (status < 0)
        return status;
    const struct fact_rows *rows = &e->f->rows[scope];
    for (int i = 0; i <= e->count[above]; i++)
        x->start[i] = facts_first(e->f, scope, e->base[above] + i) - e->base[scope];
    for (int i = 0; i < e->count[scope]; i++)
        x->map[i] = rows->parent[e->base[scope] + i] - e->base[above];
    return OK;
}

/* ---- products ----------------------------------------------------------------------------- */

static int common_scope(const struct ruleset *r, int a, int b)
{
    while (!law_scope_above(r, a, b))
        a = r->scope[a].parent;
    return a;
}

/* The row of `target` above a row of `scope`, within the block. */
static int row_above(const struct evaluation *e, int scope, int row, int target)
{
    while (scope != target) {
        int above = e->p->r->scope[scope].parent;
        if (e->p->r->scope[scope].derived)
            row = edge_of((struct evaluation *)e, above, scope)->map[row];
        else
            row = e->f->rows[scope].parent[e->base[scope] + row] - e->base[above];
        scope = above;
    }
    return row;
}

/* The rows of `scope` below rows from..to of `top`. */
static void rows_below(const struct evaluation *e, int top, int scope, int row, int range[2])
{
    int path[SCOPES_MAX], n = 0;
    for (int s = scope; s != top; s = e->p->r->scope[s].parent)
        path[n++] = s;
    range[0] = row;
    range[1] = row + 1;
    while (n-- > 0) {
        int s = path[n], above = e->p->r->scope[s].parent;
        for (int i = 0; i < 2; i++) {
            if (e->p->r->scope[s].derived)
                range[i] = edge_of((struct evaluation *)e, above, s)->start[range[i]];
            else
                range[i] = facts_first(e->f, s, e->base[above] + range[i]) - e->base[s];
        }
    }
}

static int count_product(const struct evaluation *e, const struct product *x, int top)
{
    int total = 0, range[2];
    for (int i = 0; i < e->count[x->a]; i++) {
        rows_below(e, top, x->b, row_above(e, x->a, i, top), range);
        total += range[1] - range[0];
    }
    return total;
}

static int build_product(struct context *cx, struct evaluation *e, const struct product *x)
{
    struct rows_seen *a = &e->edge[x->edge_a], *b = &e->edge[x->edge_b];
    int top = common_scope(e->p->r, x->a, x->b), n = 0, range[2];
    int rows = count_product(e, x, top);
    int status = room_for_edge(cx, a, e->count[x->a], rows);
    if (status == OK)
        status = law_room_for_ints(cx, &b->map, &b->map_cap, rows + 1);
    if (status == OK)
        status = law_room_for(cx, e, x->scope, rows);
    if (status < 0)
        return status;
    for (int i = 0; i < e->count[x->a]; i++) {
        a->start[i] = n;
        rows_below(e, top, x->b, row_above(e, x->a, i, top), range);
        for (int j = range[0]; j < range[1]; j++) {
            a->map[n] = i;
            b->map[n++] = j;
        }
    }
    a->start[e->count[x->a]] = n;
    e->count[x->scope] = n;
    return OK;
}

static bool is_derived(const struct evaluation *e, int scope)
{
    return scope >= 0 && scope < (int)e->p->r->n_scopes && e->p->r->scope[scope].derived;
}

/* derived: the scope just made, or -1: products of fact scopes alone. */
static int build_products(struct context *cx, struct evaluation *e, int derived)
{
    int status = OK;
    for (int i = 0; i < e->p->n_products && status == OK; i++) {
        const struct product *x = &e->p->product[i];
        bool waits = is_derived(e, x->a) || is_derived(e, x->b);
        if (derived < 0 ? !waits : x->a == derived || x->b == derived)
            status = build_product(cx, e, x);
    }
    return status;
}

int law_build_edges(struct context *cx, struct evaluation *e)
{
    int status = OK;
    for (int i = 0; i < e->p->n_edges && status == OK; i++) {
        int scope = e->p->edge[i].scope;
        if (scope < (int)e->p->r->n_scopes && !is_derived(e, scope))
            status = build_tree_edge(cx, e, i);
    }
    return status < 0 ? status : build_products(cx, e, -1);
}

/* ---- splits ------------------------------------------------------------------------------- */

/* Months of the year in groups that no month set tells apart. */
struct groups {
    int64_t set[MONTHS];
    int n;
    int64_t covered; /* months that stand in some set */
};

static void split_by(struct groups *g, int64_t set)
{
    int n = g->n;
    g->covered |= set;
    for (int i = 0; i < n; i++) {
        int64_t inside = g->set[i] & set;
        if (inside == 0 || inside == g->set[i])
            continue;
        g->set[g->n++] = g->set[i] & ~set;
        g->set[i] = inside;
    }
}

/* Groups nobody stands in go; the rest in the order of their first month. */
static void order_groups(struct groups *g)
{
    int n = 0;
    for (int i = 0; i < g->n; i++) {
        int64_t set = g->set[i];
        if ((set & g->covered) == 0)
            continue;
        int j = n++;
        for (; j > 0 && (g->set[j - 1] & -g->set[j - 1]) > (set & -set); j--)
            g->set[j] = g->set[j - 1];
        g->set[j] = set;
    }
    g->n = n;
}

static void split_household(const struct evaluation *e, const struct split *s, int household,
                            struct groups *g)
{
    *g = (struct groups){.set = {0xFFF}, .n = 1};
    for (size_t k = 0; k < s->n; k++) {
        if (s->reg[k] < 0) {
            split_by(g, s->constant[k]);
            continue;
        }
        int range[2];
        rows_below(e, LAW_ROOT_SCOPE, s->over[k], household, range);
        for (int i = range[0]; i < range[1]; i++)
            split_by(g, e->reg[s->reg[k]][i]);
    }
    order_groups(g);
}

int law_run_split(struct context *cx, struct evaluation *e, const struct instruction *i)
{
    const struct split *s = &e->p->split[i->k];
    struct rows_seen *x = edge_of(e, LAW_ROOT_SCOPE, s->scope);
    const int households = e->count[LAW_ROOT_SCOPE];
    struct groups g;
    int n = 0, status = room_for_edge(cx, x, households, households * MONTHS);
    if (status == OK)
        status = law_room_for(cx, e, s->scope, households);
    for (int h = 0; h < households && status == OK; h++) {
        split_household(e, s, h, &g);
        if (n + g.n > e->cap[s->scope]) { /* the months found so far move along */
            int64_t *kept = memory_alloc((size_t)(n + 1) * sizeof *kept);
            if (!kept)
                return fail(cx, ERR_MEMORY, "law.memory", NULL);
            memcpy(kept, e->reg[s->months], (size_t)n * sizeof *kept);
            status = law_room_for(cx, e, s->scope, n + g.n + households - h);
            if (status == OK)
                memcpy(e->reg[s->months], kept, (size_t)n * sizeof *kept);
            memory_free(kept);
        }
        x->start[h] = n;
        for (int k = 0; k < g.n && status == OK; k++) {
            x->map[n] = h;
            e->reg[s->months][n++] = g.set[k];
        }
    }
    if (status < 0)
        return status;
    x->start[households] = n;
    e->count[s->scope] = n;
    return build_products(cx, e, s->scope);
}
