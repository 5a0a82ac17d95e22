#include "law/plan.h"

#include <stdarg.h>
#include <stdio.h>

int plan_fail(struct maker *m, struct place at, const char *message, const char *facts, ...)
{
    char buffer[400] = "";
    if (facts) {
        va_list args;
        va_start(args, facts);
        vsnprintf(buffer, sizeof buffer, facts, args);
        va_end(args);
    }
    return law_fail_at(m->cx, m->p->r, at, message, "%s", buffer);
}

/* ---- nodes -------------------------------------------------------------------------------- */

static int given_number(const struct plan *p, int item, int word)
{
    for (size_t i = 0; i < p->n_given; i++)
        if (p->given_item[i] == item && p->given_word[i] == word)
            return (int)i;
    return -1;
}

/* The value given for a row wins over the computed one. */
static int make_given(struct maker *m, struct node *n, int scope)
{
    struct operand *o = &n->operand;
    int status = make_column(m, o, scope);
    if (status < 0)
        return status;
    o->is_month_count = false;
    return plan_emit(m,
                     (struct instruction){.op = I_GIVEN,
                                          .scope = scope,
                                          .a = n->given,
                                          .b = o->reg,
                                          .c = -1,
                                          .k = o->den},
                     &o->reg);
}

static int make_body(struct maker *m, const struct item *item, struct node *n)
{
    const struct version *v = law_item_version(item, m->p->fiscal_year, n->word);
    if (!v)
        return plan_fail(m, item->at, "law.plan.unset", "name=" STR_FMT " year=%d",
                         STR_ARG(item->name), m->p->fiscal_year);
    int status = OK;
    if (m->p->r->scope[item->scope].derived)
        status = make_split(m, item->scope);
    if (status == OK)
        status = make_expression(m, v->body, &n->operand);
    if (status == OK)
        status = make_gather(m, &n->operand, item->scope);
    n->operand.type = item->type.base;
    if (status == OK && n->given >= 0)
        status = make_given(m, n, item->scope);
    return status;
}

int make_node(struct maker *m, int item_id, int word, struct operand *out)
{
    struct plan *p = m->p;
    const struct item *item = &p->r->item[item_id];
    int id = p->node_base[item_id] + (word < 0 ? 0 : word);
    struct node *n = &p->node[id];
    struct maker kept = *m;
    if (n->state == 1)
        return plan_fail(m, item->at, "law.plan.circle", "name=" STR_FMT, STR_ARG(item->name));
    if (n->state == 0) {
        *n = (struct node){.item = item_id,
                           .word = word,
                           .state = 1,
                           .column = -1,
                           .given = given_number(p, item_id, word)};
        m->node = id;
        m->word = word;
        m->leaf = item->scope;
        m->beside = -1;
        int status = make_body(m, item, n);
        if (status < 0)
            return status;
        n->state = 2;
        m->node = kept.node;
        m->word = kept.word;
        m->leaf = kept.leaf;
        m->beside = kept.beside;
    }
    *out = n->operand;
    return OK;
}

/* ---- what is asked for -------------------------------------------------------------------- */

static int start_plan(struct context *cx, const struct ruleset *r, const struct plan_request *q,
                      struct plan **out)
{
    struct plan *p = ARENA_NEW(cx->arena, struct plan);
    size_t nodes = 0;
    if (!p || !(p->node_base = ARENA_ARRAY(cx->arena, r->n_items + 1, int)))
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < r->n_items; i++) {
        p->node_base[i] = (int)nodes;
        nodes +=
            r->item[i].kind == ITEM_DEFINITION ? (size_t)law_item_instances(r, &r->item[i]) : 0;
    }
    p->r = r;
    p->fiscal_year = q->fiscal_year;
    p->n_nodes = nodes;
    p->n_scopes = (int)r->n_scopes;
    p->scope_used[LAW_ROOT_SCOPE] = true;
    p->node = ARENA_ARRAY(cx->arena, nodes + 1, struct node);
    p->split = ARENA_ARRAY(cx->arena, r->n_scopes, struct split);
    *out = p;
    return p->node && p->split ? OK : fail(cx, ERR_MEMORY, "law.memory", NULL);
}

static int name_to_definition(struct context *cx, const struct ruleset *r, struct str name,
                              int *item, int *word)
{
    if (law_item_by_name(r, name, item, word) && r->item[*item].kind == ITEM_DEFINITION)
        return OK;
    return fail(cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT, STR_ARG(name));
}

static int take_given(struct context *cx, struct plan *p, const struct plan_request *q)
{
    p->n_given = q->n_given;
    p->given = ARENA_ARRAY(cx->arena, q->n_given + 1, struct str);
    p->given_item = ARENA_ARRAY(cx->arena, q->n_given + 1, int);
    p->given_word = ARENA_ARRAY(cx->arena, q->n_given + 1, int);
    if (!p->given || !p->given_item || !p->given_word)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    int status = OK;
    for (size_t i = 0; i < q->n_given && status == OK; i++) {
        p->given[i] = str_copy(cx->arena, q->given[i]);
        if (!p->given[i].p)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        status = name_to_definition(cx, p->r, q->given[i], &p->given_item[i], &p->given_word[i]);
    }
    return status;
}

static int add_result(struct maker *m, int item_id, int word)
{
    struct plan *p = m->p;
    const struct item *item = &p->r->item[item_id];
    struct operand o;
    int status = make_node(m, item_id, word, &o);
    if (status < 0)
        return status;
    struct node *n = &p->node[p->node_base[item_id] + (word < 0 ? 0 : word)];
    p->result_node[p->n_results] = (int)(n - p->node);
    p->result[p->n_results++] =
        (struct result_info){.name = law_item_instance_name(m->cx->arena, p->r, item, word),
                             .label = item->label,
                             .scope = item->scope,
                             .type = item->type.base,
                             .den = o.constant ? o.value.den : o.den};
    return OK;
}

static int goal_results(struct maker *m, const struct goal *g)
{
    int status = OK;
    for (size_t i = 0; i < g->n && status == OK; i++) {
        const struct expr *e = g->result[i];
        int words =
            e->word == INDEX_FORMAL ? law_item_instances(m->p->r, &m->p->r->item[e->item]) : 1;
        for (int w = 0; w < words && status == OK; w++)
            status = add_result(m, e->item, e->word == INDEX_FORMAL ? w : e->word);
    }
    return status;
}

static size_t results_most(const struct ruleset *r, const struct plan_request *q,
                           const struct goal *g)
{
    size_t n = q->n_wanted;
    for (size_t i = 0; g && i < g->n; i++)
        n += (size_t)law_item_instances(r, &r->item[g->result[i]->item]);
    return n;
}

static int make_results(struct maker *m, const struct plan_request *q)
{
    const struct goal *goal = NULL;
    int status = OK, item, word;
    if (q->goal.p) {
        const struct symbol *s = law_symbol_find(m->p->r, q->goal);
        if (!s || s->kind != SYMBOL_GOAL)
            return fail(m->cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT,
                        STR_ARG(q->goal));
        goal = &m->p->r->goal[s->id];
    }
    size_t most = results_most(m->p->r, q, goal);
    m->p->result = ARENA_ARRAY(m->cx->arena, most + 1, struct result_info);
    m->p->result_node = ARENA_ARRAY(m->cx->arena, most + 1, int);
    if (!m->p->result || !m->p->result_node)
        return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    if (goal)
        status = goal_results(m, goal);
    for (size_t i = 0; i < q->n_wanted && status == OK; i++) {
        status = name_to_definition(m->cx, m->p->r, q->wanted[i], &item, &word);
        if (status == OK)
            status = add_result(m, item, word);
    }
    return status;
}

int plan_new(struct context *cx, const struct ruleset *r, const struct plan_request *request,
             struct plan **out)
{
    struct plan *p = NULL;
    if (request->fiscal_year < YEAR_FIRST || request->fiscal_year > YEAR_LAST)
        return fail(cx, ERR_INVALID, "law.plan.year", "year=%d", request->fiscal_year);
    int status = start_plan(cx, r, request, &p);
    if (status < 0 || (status = take_given(cx, p, request)) < 0)
        return status;
    struct maker m = {
        .cx = cx, .p = p, .node = -1, .leaf = LAW_ROOT_SCOPE, .beside = -1, .word = -1};
    if ((status = make_results(&m, request)) < 0 || (status = plan_schedule(cx, p)) < 0)
        return status;
    *out = p;
    return OK;
}

int plan_fiscal_year(const struct plan *p)
{
    return p->fiscal_year;
}

const struct ruleset *plan_ruleset(const struct plan *p)
{
    return p->r;
}

size_t plan_results(const struct plan *p, const struct result_info **rows)
{
    *rows = p->result;
    return p->n_results;
}

int plan_result(struct context *cx, const struct plan *p, struct str name)
{
    int item, word;
    if (law_item_by_name(p->r, name, &item, &word) && p->r->item[item].kind == ITEM_DEFINITION) {
        int node = p->node_base[item] + (word < 0 ? 0 : word);
        for (size_t i = 0; i < p->n_results; i++)
            if (p->result_node[i] == node)
                return (int)i;
    }
    return fail(cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT, STR_ARG(name));
}

/* A value that hangs on no fact. */
int ruleset_value(struct context *cx, const struct ruleset *r, int fiscal_year, struct str name,
                  struct law_value *out)
{
    int item, word;
    if (!law_item_by_name(r, name, &item, &word) || r->item[item].stepped)
        return fail(cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT, STR_ARG(name));
    const struct item *i = &r->item[item];
    struct operand o;
    if (i->kind == ITEM_PARAMETER) {
        const struct version *v = law_item_version(i, fiscal_year, word);
        if (!v)
            return fail(cx, ERR_NOT_FOUND, "law.plan.unset", "name=" STR_FMT " year=%d",
                        STR_ARG(name), fiscal_year);
        *out = v->value[word < 0 ? 0 : word];
        return OK;
    }
    struct plan *p;
    struct plan_request q = {.fiscal_year = fiscal_year, .wanted = &name, .n_wanted = 1};
    int status = i->kind == ITEM_DEFINITION
                     ? plan_new(cx, r, &q, &p)
                     : fail(cx, ERR_INVALID, "law.plan.facts", "name=" STR_FMT, STR_ARG(name));
    if (status < 0)
        return status;
    o = p->node[p->result_node[0]].operand;
    if (!o.constant)
        return fail(cx, ERR_INVALID, "law.plan.facts", "name=" STR_FMT, STR_ARG(name));
    *out = o.value;
    return OK;
}
