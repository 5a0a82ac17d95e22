#include "law/evaluate.h"

#include <string.h>

static void match_given(struct evaluation *e)
{
    for (size_t i = 0; i < e->p->n_given; i++) {
        struct str name = e->p->given[i];
        int item, word;
        e->given_field[i] = -1;
        for (int k = e->f->n_fact_fields; k < e->f->n_fields; k++) {
            int item2, word2;
            if (law_item_by_name(e->p->r, name, &item, &word) &&
                law_item_by_name(e->p->r, e->f->field[k].name, &item2, &word2) && item == item2 &&
                word == word2)
                e->given_field[i] = k;
        }
    }
}

int evaluation_new(struct context *cx, const struct plan *p, const struct facts *f,
                   struct evaluation **out)
{
    struct evaluation *e = ARENA_NEW(cx->arena, struct evaluation);
    *out = NULL;
    if (!ruleset_same_facts(p->r, f->r))
        return fail(cx, ERR_INVALID, "law.facts.other", NULL);
    if (!e || !(e->reg = ARENA_ARRAY(cx->arena, p->n_code + 1, int64_t *)) ||
        !(e->blank = ARENA_ARRAY(cx->arena, p->r->n_fields + 1, int64_t *)) ||
        !(e->blank_cap = ARENA_ARRAY(cx->arena, p->r->n_fields + 1, int)) ||
        !(e->scratch = ARENA_NEW(cx->arena, struct scratch)) ||
        !(e->given_field = ARENA_ARRAY(cx->arena, p->n_given + 1, int)) ||
        !(e->failed = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct failure_mark)))
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    e->p = p;
    e->f = (struct facts *)f;
    e->year_first = month_first(fiscal_month(p->fiscal_year, 0)).day;
    e->year_last = month_last(fiscal_month(p->fiscal_year, 11)).day;
    match_given(e);
    *out = e;
    return OK;
}

void evaluation_release(struct evaluation *e)
{
    if (!e)
        return;
    for (int i = 0; i < PLAN_SCOPES_MAX; i++) {
        memory_free(e->pool[i]);
        e->pool[i] = NULL;
        e->cap[i] = 0;
    }
    for (int i = 0; i < EDGES_MAX; i++) {
        memory_free(e->edge[i].map);
        memory_free(e->edge[i].start);
        e->edge[i] = (struct rows_seen){0};
    }
    memory_free(e->scratch->bytes);
    *e->scratch = (struct scratch){NULL, 0};
    for (size_t i = 0; i < e->p->r->n_fields; i++) {
        memory_free(e->blank[i]);
        e->blank[i] = NULL;
        e->blank_cap[i] = 0;
    }
}

/* A column of defaults for a fact that no row sets. */
static int blank_column(struct context *cx, struct evaluation *e, int field, int rows)
{
    if (rows <= e->blank_cap[field])
        return OK;
    int cap = e->blank_cap[field] ? e->blank_cap[field] : 64;
    while (cap < rows)
        cap *= 2;
    int64_t *more = memory_resize(e->blank[field], (size_t)cap * sizeof *more);
    if (!more)
        return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", rows);
    for (int i = 0; i < cap; i++)
        more[i] = e->f->field[field].fallback;
    e->blank[field] = more;
    e->blank_cap[field] = cap;
    return OK;
}

static void require_set(struct evaluation *e, const struct field *x, int field)
{
    for (int i = 0; i < e->count[x->scope]; i++)
        if (!x->is_set || !x->is_set[e->base[x->scope] + i])
            law_mark_failed(e, x->scope, i, ERR_INVALID, -1, field);
}

static int place_facts(struct context *cx, struct evaluation *e)
{
    int status = facts_complete(cx, e->f);
    for (size_t i = 0; i < e->p->n_code && status == OK; i++) {
        const struct instruction *x = &e->p->code[i];
        if (x->op != I_FACT)
            continue;
        const struct field *f = &e->f->field[x->a];
        if (f->required)
            require_set(e, f, x->a);
        if (f->column) {
            e->reg[i] = f->column + e->base[x->scope];
        } else {
            status = blank_column(cx, e, x->a, e->count[x->scope]);
            e->reg[i] = e->blank[x->a];
        }
    }
    return status;
}

/* Which rows of each fact scope belong to these households. */
static int place_rows(struct context *cx, struct evaluation *e, int first, int count)
{
    const struct ruleset *r = e->p->r;
    int status = OK;
    memset(e->count, 0, sizeof e->count);
    e->base[LAW_ROOT_SCOPE] = first;
    e->count[LAW_ROOT_SCOPE] = count;
    for (size_t s = 1; s < r->n_scopes; s++) {
        if (r->scope[s].derived)
            continue;
        int above = r->scope[s].parent;
        e->base[s] = facts_first(e->f, (int)s, e->base[above]);
        e->count[s] = facts_first(e->f, (int)s, e->base[above] + e->count[above]) - e->base[s];
    }
    for (size_t s = 0; s < r->n_scopes && status == OK; s++)
        if (!r->scope[s].derived)
            status = law_room_for(cx, e, (int)s, e->count[s]);
    return status < 0 ? status : law_build_edges(cx, e);
}

int evaluate(struct context *cx, struct evaluation *e, int first, int count)
{
    if (count < 0 || count > LAW_BLOCK || first < 0 || first + count > e->f->rows[LAW_ROOT_SCOPE].n)
        return fail(cx, ERR_INVALID, "law.facts.row", "first=%d count=%d", first, count);
    for (int i = 0; i < count; i++)
        e->failed[i] = (struct failure_mark){OK, -1, -1};
    e->any_failed = false;
    int status = place_rows(cx, e, first, count);
    if (status == OK)
        status = place_facts(cx, e);
    for (size_t i = 0; i < e->p->n_code && status == OK; i++)
        law_run_instruction(cx, e, (int)i, &status);
    return status;
}

int64_t evaluation_value(const struct evaluation *e, int result, int row)
{
    const struct operand *o = &e->p->node[e->p->result_node[result]].operand;
    if (o->constant)
        return o->value.num;
    int scope = e->p->result[result].scope;
    int base = e->p->r->scope[scope].derived ? 0 : e->base[scope];
    return row >= base && row - base < e->count[scope] ? e->reg[o->reg][row - base] : 0;
}

bool evaluation_failed(const struct evaluation *e, int household, struct law_failure *out)
{
    int row = household - e->base[LAW_ROOT_SCOPE];
    if (row < 0 || row >= e->count[LAW_ROOT_SCOPE] || e->failed[row].code == OK)
        return false;
    const struct failure_mark *mark = &e->failed[row];
    *out = (struct law_failure){.code = mark->code};
    if (mark->field >= 0)
        out->definition = e->f->field[mark->field].name;
    else if (mark->node >= 0)
        out->definition = e->p->r->item[e->p->node[mark->node].item].name;
    return true;
}
