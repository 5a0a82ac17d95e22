#include "law/explain.h"

#include "law/apply.h"
#include "law/ruleset.h"

#include <string.h>

enum { NODES_MOST = 200000, FORMULA_MOST = 8000 };

struct opening {
    struct context *cx;
    const struct plan *p;
    struct decoded d;
    struct explained *node;
    uint32_t n;
    uint64_t *key; /* open addressing: what a node stands for */
    uint32_t *at;
    size_t n_slots;
    int status;
};

/* The references of a node in order of appearance, each once. */
struct kin {
    uint32_t *at;
    uint32_t n;
};

static int add_node(struct opening *o, const struct expr *e, const struct sight *s, uint32_t *at);

/* ---- one node per value ------------------------------------------------------------------- */

static uint64_t node_key(int item, int word, int row)
{
    return (uint64_t)(item + 1) << 40 | (uint64_t)(word + 2) << 32 | (uint32_t)(row + 1);
}

static size_t key_slot(const struct opening *o, uint64_t key)
{
    size_t i = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20);
    while (o->key[i & (o->n_slots - 1)] && o->key[i & (o->n_slots - 1)] != key)
        i++;
    return i & (o->n_slots - 1);
}

static int more_slots(struct opening *o)
{
    uint64_t *old_key = o->key;
    uint32_t *old_at = o->at;
    size_t old = o->n_slots;
    o->n_slots = old ? old * 2 : 1024;
    o->key = ARENA_ARRAY(o->cx->arena, o->n_slots, uint64_t);
    o->at = ARENA_ARRAY(o->cx->arena, o->n_slots, uint32_t);
    struct explained *nodes = ARENA_ARRAY(o->cx->arena, o->n_slots, struct explained);
    if (!o->key || !o->at || !nodes)
        return fail(o->cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < old; i++) {
        if (!old_key[i])
            continue;
        size_t slot = key_slot(o, old_key[i]);
        o->key[slot] = old_key[i];
        o->at[slot] = old_at[i];
    }
    if (o->n > 0)
        memcpy(nodes, o->node, o->n * sizeof *nodes);
    o->node = nodes;
    return OK;
}

/* ---- references --------------------------------------------------------------------------- */

static int add_kin(struct opening *o, struct kin *k, uint32_t at)
{
    for (uint32_t i = 0; i < k->n; i++)
        if (k->at[i] == at)
            return OK;
    if (k->n == 0 || (k->n >= 4 && (k->n & (k->n - 1)) == 0)) {
        uint32_t *more = ARENA_ARRAY(o->cx->arena, k->n ? k->n * 2 : 4, uint32_t);
        if (!more)
            return fail(o->cx, ERR_MEMORY, "law.memory", NULL);
        if (k->n > 0)
            memcpy(more, k->at, k->n * sizeof *more);
        k->at = more;
    }
    k->at[k->n++] = at;
    return OK;
}

static int gather_kin(struct opening *o, const struct expr *e, const struct sight *s,
                      struct kin *k);

static int kin_of_rows(struct opening *o, const struct expr *e, const struct sight *s,
                       struct kin *k)
{
    struct sight inner;
    int status = OK;
    for (int next = 0; status == OK && law_next_row(&o->d, s, e->scope, &next, &inner);) {
        if (e->arg[1])
            status = gather_kin(o, e->arg[1], &inner, k);
        if (status == OK && e->arg[0] && law_row_counts(&o->d, e, &inner))
            status = gather_kin(o, e->arg[0], &inner, k);
    }
    return status;
}

static int kin_of_case(struct opening *o, const struct expr *e, const struct sight *s,
                       struct kin *k)
{
    int condition, status = OK;
    uint32_t branch = law_taken_branch(&o->d, e, s, &condition);
    for (uint32_t i = 0; i + 1 < e->n && i < branch && status == OK; i += 2)
        status = gather_kin(o, e->arg[i], s, k);
    return status < 0 ? status : gather_kin(o, e->arg[branch], s, k);
}

static int kin_of_call(struct opening *o, const struct expr *e, const struct sight *s,
                       struct kin *k)
{
    int status = OK;
    for (uint32_t i = 0; i < e->n && status == OK; i++) {
        status = gather_kin(o, e->arg[i], s, k);
        if (e->op == OP_IF_NONE) {
            struct recomputed a = law_recompute(&o->d, e->arg[0], s);
            if (a.known && !a.value.none)
                break;
        }
    }
    return status;
}

static int gather_kin(struct opening *o, const struct expr *e, const struct sight *s, struct kin *k)
{
    uint32_t at;
    int status;
    switch (e->kind) {
    case EXPR_REFER:
        if (!law_recall(&o->d, e, s).known)
            return OK; /* left out of the plan: it could not matter */
        status = add_node(o, e, s, &at);
        return status < 0 ? status : add_kin(o, k, at);
    case EXPR_TABLE:
    case EXPR_CALL:
        return kin_of_call(o, e, s, k);
    case EXPR_AGGREGATE:
        return kin_of_rows(o, e, s, k);
    case EXPR_CASE:
        return kin_of_case(o, e, s, k);
    case EXPR_VALUE:
    case EXPR_YEAR:
    case EXPR_FORMAL:
        break;
    }
    return OK;
}

/* ---- nodes -------------------------------------------------------------------------------- */

static struct str effective_text(struct arena *a, int year)
{
    struct text t;
    if (year == YEAR_ALWAYS)
        return STR("仮定");
    text_init(&t, 64);
    text_add_fiscal_year(&t, year);
    text_adds(&t, "から");
    struct str s = str_copy(a, text_str(&t));
    text_release(&t);
    return s;
}

static bool is_given(const struct opening *o, const struct node *n, int scope, int row)
{
    const struct plan *p = o->p;
    for (size_t i = 0; n->given >= 0 && i < p->n_columns[scope]; i++)
        if (p->column[scope][i].kind == COLUMN_GIVEN && p->column[scope][i].id == n->given)
            return law_decoded_at(&o->d, scope, row, (int)i) != VALUE_NONE;
    return false;
}

static void describe(struct opening *o, const struct item *item, int word, int row,
                     struct explained *x)
{
    struct arena *a = o->cx->arena;
    x->name = law_item_instance_name(a, o->p->r, item, word);
    x->label = item->label;
    x->article = item->article;
    x->source =
        str_format(a, STR_FMT ":%u", STR_ARG(law_place_name(o->p->r, item->at)), item->at.line);
    x->scope = item->scope >= 0 ? o->p->r->scope[item->scope].name : STR_NONE;
    x->row = row < 0 ? 0 : row;
}

static int describe_parameter(struct opening *o, const struct item *item, int word,
                              struct explained *x)
{
    const struct version *v = law_item_version(item, o->p->fiscal_year, word);
    x->kind = EXPLAINED_PARAMETER;
    if (!v)
        return OK;
    x->effective = effective_text(o->cx->arena, v->from_year);
    x->source = str_format(o->cx->arena, STR_FMT ":%u", STR_ARG(law_place_name(o->p->r, v->at)),
                           v->at.line);
    if (v->unconfirmed.p)
        x->formula = str_format(o->cx->arena, "未確認: " STR_FMT, STR_ARG(v->unconfirmed));
    return OK;
}

/* Children first gathered with the node's place already taken, so that depth stays what the rules'
 * own nesting is. */
static int describe_definition(struct opening *o, int item_id, int word, int row, uint32_t at)
{
    const struct item *item = &o->p->r->item[item_id];
    const struct node *n = plan_node(o->p, item_id, word);
    const struct version *v = law_item_version(item, o->p->fiscal_year, word);
    struct sight inside = law_sight_of(&o->d, item->scope, row < 0 ? 0 : row, word);
    struct kin k = {0};
    struct text t;
    o->node[at].kind = EXPLAINED_DEFINITION;
    if (!n->operand.constant && is_given(o, n, item->scope, row)) {
        o->node[at].kind = EXPLAINED_GIVEN;
        return OK;
    }
    if (!v || !v->body)
        return OK;
    o->node[at].effective = effective_text(o->cx->arena, v->from_year);
    text_init(&t, FORMULA_MOST);
    law_write_formula(&o->d, v->body, &inside, &t);
    bool whole = !t.failed || t.n + 1 >= FORMULA_MOST / 2; /* cut at its maximum, not by memory */
    o->node[at].formula = str_copy(o->cx->arena, text_str(&t));
    text_release(&t);
    if (!whole || !o->node[at].formula.p)
        return fail(o->cx, ERR_MEMORY, "law.memory", NULL);
    int status = gather_kin(o, v->body, &inside, &k);
    o->node[at].children = k.at;
    o->node[at].n_children = k.n;
    return status;
}

static int add_item_node(struct opening *o, int item_id, int word, int row, struct law_value value,
                         uint32_t *at)
{
    const struct item *item = &o->p->r->item[item_id];
    if (o->n * 2 >= o->n_slots && more_slots(o) < 0)
        return ERR_MEMORY;
    if (o->n >= NODES_MOST)
        return fail(o->cx, ERR_LIMIT, "law.plan.size", "maximum=%d", NODES_MOST);
    uint64_t key = node_key(item_id, word, item->scope < 0 ? -1 : row);
    size_t slot = key_slot(o, key);
    if (o->key[slot]) {
        *at = o->at[slot];
        return OK;
    }
    *at = o->n++;
    o->key[slot] = key;
    o->at[slot] = *at;
    o->node[*at] = (struct explained){.value = value};
    describe(o, item, word, row, &o->node[*at]);
    if (item->kind == ITEM_PARAMETER)
        return describe_parameter(o, item, word, &o->node[*at]);
    if (item->kind == ITEM_DEFINITION)
        return describe_definition(o, item_id, word, row, *at);
    o->node[*at].kind = item->kind == ITEM_FACT ? EXPLAINED_FACT : EXPLAINED_DEFINITION;
    return OK;
}

static int add_node(struct opening *o, const struct expr *e, const struct sight *s, uint32_t *at)
{
    const struct item *item = &o->p->r->item[e->item];
    int word = e->word == INDEX_FORMAL ? s->word : e->word;
    int row = item->scope >= 0 ? s->row[item->scope] : -1;
    return add_item_node(o, e->item, word, row, law_recall(&o->d, e, s).value, at);
}

/* ---- the whole ---------------------------------------------------------------------------- */

int explanation_open(struct context *cx, const struct plan *p, struct str vector,
                     struct explanation *out)
{
    struct opening o = {.cx = cx, .p = p};
    int status = law_decode_vector(cx, p, vector, &o.d);
    *out = (struct explanation){0};
    if (status < 0)
        return status;
    out->results = ARENA_ARRAY(cx->arena, p->n_results + 1, uint32_t);
    if (!out->results)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < p->n_results && status == OK; i++) {
        const struct node *n = &p->node[p->result_node[i]];
        const struct item *item = &p->r->item[n->item];
        struct sight s = law_sight_of(&o.d, item->scope, 0, n->word);
        if (!n->operand.constant && o.d.n[item->scope] == 0)
            continue;
        struct expr e = {.kind = EXPR_REFER, .item = n->item, .word = n->word};
        status = add_node(&o, &e, &s, &out->results[i]);
    }
    out->n_results = (uint32_t)p->n_results;
    out->nodes = o.node;
    out->n = o.n;
    return status;
}

/* ---- as text ------------------------------------------------------------------------------ */

struct printer {
    const struct explanation *x;
    struct text *out;
    bool *seen;
    int depth;
};

static void print_line(const struct printer *p, const struct explained *n, int level)
{
    text_addf(p->out, "%*s" STR_FMT, level * 2, "", STR_ARG(n->label.n ? n->label : n->name));
    if (n->scope.n && !str_is(n->scope, "世帯"))
        text_addf(p->out, " [" STR_FMT " %d]", STR_ARG(n->scope), n->row + 1);
    text_adds(p->out, ": ");
    text_add_law_value(p->out, &n->value);
    if (n->formula.n)
        text_addf(p->out, " = " STR_FMT, STR_ARG(n->formula));
    if (n->article.n)
        text_addf(p->out, "  〔" STR_FMT "〕", STR_ARG(n->article));
    text_addc(p->out, '\n');
}

static void print_tree(const struct printer *p, uint32_t at, int level)
{
    const struct explained *n = &p->x->nodes[at];
    bool seen = p->seen[at];
    print_line(p, n, level);
    p->seen[at] = true;
    if (seen || (p->depth > 0 && level + 1 >= p->depth))
        return;
    for (uint32_t i = 0; i < n->n_children; i++)
        print_tree(p, n->children[i], level + 1);
}

int explanation_text(const struct explanation *x, uint32_t node, int depth, struct text *out)
{
    bool *seen = memory_alloc(x->n + 1);
    if (!seen || node >= x->n) {
        memory_free(seen);
        return seen ? ERR_INVALID : ERR_MEMORY;
    }
    struct printer p = {x, out, seen, depth};
    print_tree(&p, node, 0);
    memory_free(seen);
    return out->failed ? ERR_MEMORY : OK;
}

/* ---- as JSON ------------------------------------------------------------------------------ */

static void json_text(struct text *out, struct str s)
{
    text_addc(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c == '"' || c == '\\')
            text_addf(out, "\\%c", c);
        else if (c < 0x20)
            text_addf(out, "\\u%04x", c);
        else
            text_addc(out, (char)c);
    }
    text_addc(out, '"');
}

static void json_member(struct text *out, const char *name, struct str s)
{
    if (s.n == 0)
        return;
    text_addf(out, ",\"%s\":", name);
    json_text(out, s);
}

static void json_head(const struct printer *p, const struct explained *n)
{
    static const char *const kinds[] = {"fact", "parameter", "definition", "given"};
    struct text value;
    text_init(&value, 400);
    text_add_law_value(&value, &n->value);
    text_addf(p->out, "{\"kind\":\"%s\"", kinds[n->kind]);
    json_member(p->out, "name", n->name);
    json_member(p->out, "label", n->label);
    if (n->scope.n) {
        json_member(p->out, "scope", n->scope);
        text_addf(p->out, ",\"row\":%d", n->row + 1);
    }
    json_member(p->out, "value", text_str(&value));
    text_release(&value);
}

static void json_tree(const struct printer *p, uint32_t at, int level)
{
    const struct explained *n = &p->x->nodes[at];
    json_head(p, n);
    if (p->seen[at]) {
        text_adds(p->out, ",\"above\":true}");
        return;
    }
    p->seen[at] = true;
    json_member(p->out, "article", n->article);
    json_member(p->out, "effective", n->effective);
    json_member(p->out, "source", n->source);
    json_member(p->out, "formula", n->formula);
    if (n->n_children > 0 && (p->depth == 0 || level + 1 < p->depth)) {
        text_adds(p->out, ",\"children\":[");
        for (uint32_t i = 0; i < n->n_children; i++) {
            if (i > 0)
                text_addc(p->out, ',');
            json_tree(p, n->children[i], level + 1);
        }
        text_addc(p->out, ']');
    }
    text_addc(p->out, '}');
}

int explanation_json(const struct explanation *x, uint32_t node, int depth, struct text *out)
{
    bool *seen = memory_alloc(x->n + 1);
    if (!seen || node >= x->n) {
        memory_free(seen);
        return seen ? ERR_INVALID : ERR_MEMORY;
    }
    struct printer p = {x, out, seen, depth};
    json_tree(&p, node, 0);
    memory_free(seen);
    return out->failed ? ERR_MEMORY : OK;
}
