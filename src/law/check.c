#include "law/check.h"

#include "law/parse.h"

/* Where an expression stands: whose rows it may look at, and which index word it is made for. */
struct view {
    struct context *cx;
    const struct ruleset *r;
    int formal;  /* the choice of the definition's index, or -1 */
    int leaf[2]; /* the scopes whose rows are at hand, with everything above them */
    int n_leaves;
    bool optional; /* the value may be none here */
};

static int check(struct view v, struct expr *e);

static int mismatch(const struct view *v, const struct expr *e, const char *expected)
{
    struct str got = law_type_name(v->r, e->type);
    return law_fail_at(v->cx, v->r, e->at, "law.check.type", "expected=%s got=" STR_FMT, expected,
                       STR_ARG(got));
}

static bool same_type(struct type a, struct type b)
{
    return a.base == b.base && (a.base != LAW_CHOICE || a.choice == b.choice);
}

static int want(const struct view *v, const struct expr *e, enum law_type base)
{
    if (e->type.base == base)
        return OK;
    struct str expected = law_type_name(v->r, (struct type){base, -1});
    return mismatch(v, e, expected.p);
}

static int want_same(const struct view *v, const struct expr *a, const struct expr *b)
{
    if (same_type(a->type, b->type))
        return OK;
    struct str expected = law_type_name(v->r, a->type);
    return mismatch(v, b, expected.p);
}

/* ---- names -------------------------------------------------------------------------------- */

static int check_index(const struct view *v, struct expr *e, const struct item *item)
{
    if (item->index_choice < 0) {
        if (!e->index.p)
            return OK;
        return law_fail_at(v->cx, v->r, e->at, "law.check.no_index", "name=" STR_FMT,
                           STR_ARG(item->name));
    }
    const struct choice *c = &v->r->choice[item->index_choice];
    if (e->index.p && str_equal(e->index, c->name) && v->formal == item->index_choice) {
        e->word = INDEX_FORMAL;
        return OK;
    }
    const struct symbol *s = e->index.p ? law_symbol_find(v->r, e->index) : NULL;
    if (!s || s->kind != SYMBOL_WORD || s->id != item->index_choice)
        return law_fail_at(v->cx, v->r, e->at, "law.check.index",
                           "name=" STR_FMT " expected=" STR_FMT, STR_ARG(item->name),
                           STR_ARG(c->name));
    e->word = s->word;
    return OK;
}

static bool in_view(const struct view *v, int scope)
{
    for (int i = 0; i < v->n_leaves; i++)
        if (law_scope_above(v->r, scope, v->leaf[i]))
            return true;
    return scope < 0;
}

/* An item, a choice word standing for itself, or the definition's own index word. */
static int check_name(const struct view *v, struct expr *e)
{
    const struct symbol *s = law_symbol_find(v->r, e->name);
    if (s && s->kind == SYMBOL_WORD && !e->index.p) {
        const struct choice *c = &v->r->choice[s->id];
        e->kind = EXPR_VALUE;
        e->type = (struct type){LAW_CHOICE, s->id};
        e->value = (struct law_value){.type = LAW_CHOICE,
                                      .num = s->word,
                                      .den = 1,
                                      .word = c->word[s->word]};
        return OK;
    }
    if (s && s->kind == SYMBOL_CHOICE && !e->index.p && s->id == v->formal) {
        e->kind = EXPR_FORMAL;
        e->type = (struct type){LAW_CHOICE, s->id};
        return OK;
    }
    if (!s || s->kind != SYMBOL_ITEM)
        return law_fail_at(v->cx, v->r, e->at, "law.check.unknown", "name=" STR_FMT,
                           STR_ARG(e->name));
    const struct item *item = &v->r->item[s->id];
    e->item = s->id;
    e->type = item->type;
    if (item->stepped)
        return law_fail_at(v->cx, v->r, e->at, "law.check.stepped", "name=" STR_FMT,
                           STR_ARG(e->name));
    if (!in_view(v, item->scope))
        return law_fail_at(v->cx, v->r, e->at, "law.check.scope", "name=" STR_FMT " scope=" STR_FMT,
                           STR_ARG(e->name), STR_ARG(v->r->scope[item->scope].name));
    if (item->kind == ITEM_FACT && !item->required && item->fallback.none && !v->optional)
        return law_fail_at(v->cx, v->r, e->at, "law.check.optional", "name=" STR_FMT,
                           STR_ARG(e->name));
    return check_index(v, e, item);
}

static int check_table(struct view v, struct expr *e)
{
    const struct symbol *s = law_symbol_find(v.r, e->name);
    if (!s || s->kind != SYMBOL_ITEM || !v.r->item[s->id].stepped)
        return law_fail_at(v.cx, v.r, e->at, "law.check.not_stepped", "name=" STR_FMT,
                           STR_ARG(e->name));
    const struct item *item = &v.r->item[s->id];
    e->item = s->id;
    e->type = item->type;
    int status = check(v, e->arg[0]);
    if (status < 0 || same_type(e->arg[0]->type, item->argument_type))
        return status;
    return mismatch(&v, e->arg[0], law_type_name(v.r, item->argument_type).p);
}

/* ---- operators ---------------------------------------------------------------------------- */

static bool is_number(struct type t)
{
    return t.base == LAW_YEN || t.base == LAW_RATIO || t.base == LAW_COUNT;
}

static int check_product(const struct view *v, struct expr *e)
{
    struct expr *a = e->arg[0], *b = e->arg[1];
    bool divide = e->op == OP_DIV;
    if (!is_number(a->type))
        return mismatch(v, a, "円|割合|件");
    if (!is_number(b->type) || (b->type.base == LAW_YEN && (divide || a->type.base == LAW_YEN)))
        return mismatch(v, b, divide || a->type.base == LAW_YEN ? "割合|件" : "円|割合|件");
    if (a->type.base == LAW_YEN || b->type.base == LAW_YEN)
        e->type.base = LAW_YEN;
    else if (divide || a->type.base == LAW_RATIO || b->type.base == LAW_RATIO)
        e->type.base = LAW_RATIO;
    else
        e->type.base = LAW_COUNT;
    return OK;
}

static int check_rounding(const struct view *v, struct expr *e)
{
    struct expr *x = e->arg[0], *unit = e->arg[1];
    if (!is_number(x->type))
        return mismatch(v, x, "円|割合|件");
    bool yen = x->type.base == LAW_YEN;
    int status = want(v, unit, yen ? LAW_YEN : LAW_COUNT);
    e->type.base = yen ? LAW_YEN : LAW_COUNT;
    return status;
}

static int check_all(const struct view *v, const struct expr *e, enum law_type base)
{
    int status = OK;
    for (uint32_t i = 0; i < e->n && status == OK; i++)
        status = want(v, e->arg[i], base);
    return status;
}

static int check_alike(const struct view *v, struct expr *e)
{
    int status = OK;
    for (uint32_t i = 1; i < e->n && status == OK; i++)
        status = want_same(v, e->arg[0], e->arg[i]);
    e->type = e->arg[0]->type;
    return status;
}

static int check_comparison(const struct view *v, struct expr *e)
{
    const struct type t = e->arg[0]->type;
    bool ordered = is_number(t) || t.base == LAW_DATE;
    int status = want_same(v, e->arg[0], e->arg[1]);
    e->type.base = LAW_TRUTH;
    if (status == OK && !ordered && e->op != OP_EQ && e->op != OP_NE)
        return mismatch(v, e->arg[0], "円|割合|件|日");
    return status;
}

/* Functions with fixed argument types: result, then arguments. */
struct signature {
    enum builtin op;
    enum law_type result;
    enum law_type argument[3];
};

static const struct signature *signature_find(enum builtin op)
{
    static const struct signature signatures[] = {
        {OP_MONTHS_FROM, LAW_MONTHS, {LAW_DATE, 0, 0}},
        {OP_MONTHS_BEFORE, LAW_MONTHS, {LAW_DATE, 0, 0}},
        {OP_MONTH_RANGE, LAW_MONTHS, {LAW_DATE, LAW_COUNT, LAW_COUNT}},
        {OP_MONTH_COUNT, LAW_COUNT, {LAW_MONTHS, 0, 0}},
        {OP_OVERLAP, LAW_TRUTH, {LAW_MONTHS, LAW_MONTHS, 0}},
        {OP_DAY_BEFORE, LAW_DATE, {LAW_DATE, 0, 0}},
        {OP_DAY_AFTER, LAW_DATE, {LAW_DATE, 0, 0}},
        {OP_AGE_REACHED, LAW_DATE, {LAW_DATE, LAW_COUNT, 0}},
        {OP_BIRTHDAY, LAW_DATE, {LAW_DATE, LAW_COUNT, 0}},
        {OP_DATE, LAW_DATE, {LAW_COUNT, LAW_COUNT, LAW_COUNT}},
        {OP_DAY_OF_MONTH, LAW_DATE, {LAW_MONTH, LAW_COUNT, 0}},
        {OP_FISCAL_YEAR_OF, LAW_COUNT, {LAW_DATE, 0, 0}},
        {OP_NEXT_OPEN, LAW_DATE, {LAW_DATE, 0, 0}},
    };
    for (size_t i = 0; i < sizeof signatures / sizeof signatures[0]; i++)
        if (signatures[i].op == op)
            return &signatures[i];
    return NULL;
}

static int check_signature(const struct view *v, struct expr *e)
{
    const struct signature *s = signature_find(e->op);
    int status = OK;
    for (uint32_t i = 0; i < e->n && status == OK; i++)
        status = want(v, e->arg[i], s->argument[i]);
    e->type.base = s->result;
    return status;
}

static int check_operator(const struct view *v, struct expr *e)
{
    switch ((int)e->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_NEG:
        return is_number(e->arg[0]->type) ? check_alike(v, e)
                                          : mismatch(v, e->arg[0], "円|割合|件");
    case OP_MUL:
    case OP_DIV:
        return check_product(v, e);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        return check_comparison(v, e);
    case OP_AND:
    case OP_OR:
    case OP_NOT:
        e->type.base = LAW_TRUTH;
        return check_all(v, e, LAW_TRUTH);
    case OP_FLOOR:
    case OP_CEILING:
    case OP_HALF_UP:
        return check_rounding(v, e);
    case OP_LARGER:
    case OP_SMALLER:
        if (!is_number(e->arg[0]->type) && e->arg[0]->type.base != LAW_DATE)
            return mismatch(v, e->arg[0], "円|割合|件|日");
        return check_alike(v, e);
    case OP_IF_NONE:
        return check_alike(v, e);
    case OP_IS_SET:
        e->type.base = LAW_TRUTH;
        return OK;
    case OP_COMMON:
    case OP_UNITE:
    case OP_WITHOUT:
        e->type.base = LAW_MONTHS;
        return check_all(v, e, LAW_MONTHS);
    case OP_MONTHS_OF:
        e->type.base = LAW_MONTHS;
        return check_all(v, e, LAW_MONTH);
    default:
        return check_signature(v, e);
    }
}

static int check_call(struct view v, struct expr *e)
{
    for (uint32_t i = 0; i < e->n; i++) {
        struct view inner = v;
        inner.optional = (e->op == OP_IF_NONE && i == 0) || e->op == OP_IS_SET;
        int status = check(inner, e->arg[i]);
        if (status < 0)
            return status;
    }
    return check_operator(&v, e);
}

static int check_case(struct view v, struct expr *e)
{
    int status = OK;
    for (uint32_t i = 0; i < e->n && status == OK; i++) {
        status = check(v, e->arg[i]);
        if (status == OK && i % 2 == 0 && i + 1 < e->n)
            status = want(&v, e->arg[i], LAW_TRUTH);
        else if (status == OK && i > 1)
            status = want_same(&v, e->arg[1], e->arg[i]);
    }
    e->type = e->arg[e->n - 1]->type;
    return status;
}

/* ---- aggregates --------------------------------------------------------------------------- */

/* The rows at hand inside an aggregate over `scope`: its own; beside them those of an unrelated
 * scope of the same household (members seen from a segment). */
static bool view_into(struct view *v, int scope)
{
    for (int i = 0; i < v->n_leaves; i++) {
        if (law_scope_above(v->r, scope, v->leaf[i]))
            return false;
        if (law_scope_above(v->r, v->leaf[i], scope)) {
            v->leaf[0] = scope;
            v->n_leaves = 1;
            return true;
        }
    }
    if (v->n_leaves != 1)
        return false;
    v->leaf[v->n_leaves++] = scope;
    return true;
}

static int check_aggregate_type(const struct view *v, struct expr *e)
{
    const struct expr *what = e->arg[0];
    switch ((int)e->op) {
    case OP_COUNT:
        e->type.base = LAW_COUNT;
        return OK;
    case OP_ANY:
        e->type.base = LAW_TRUTH;
        return OK;
    case OP_UNION:
        e->type.base = LAW_MONTHS;
        return want(v, what, LAW_MONTHS);
    case OP_SUM:
    case OP_MAX:
        e->type = what->type;
        return is_number(what->type) ? OK : mismatch(v, what, "円|割合|件");
    default:
        e->type = what->type;
        return is_number(what->type) || what->type.base == LAW_DATE
                   ? OK
                   : mismatch(v, what, "円|割合|件|日");
    }
}

static int check_aggregate(struct view v, struct expr *e)
{
    const struct symbol *s = law_symbol_find(v.r, e->name);
    int status = OK;
    if (!s || s->kind != SYMBOL_SCOPE)
        return law_fail_at(v.cx, v.r, e->at, "law.check.no_scope", "name=" STR_FMT,
                           STR_ARG(e->name));
    e->scope = s->id;
    if (!view_into(&v, s->id))
        return law_fail_at(v.cx, v.r, e->at, "law.check.over", "scope=" STR_FMT, STR_ARG(e->name));
    if (e->arg[1] && (status = check(v, e->arg[1])) == OK)
        status = want(&v, e->arg[1], LAW_TRUTH);
    if (status == OK && e->arg[0])
        status = check(v, e->arg[0]);
    return status < 0 ? status : check_aggregate_type(&v, e);
}

static int check(struct view v, struct expr *e)
{
    switch (e->kind) {
    case EXPR_VALUE:
        if (e->value.none && !v.optional)
            return law_fail_at(v.cx, v.r, e->at, "law.check.none", "got=" STR_FMT,
                               STR_ARG(e->name));
        return OK;
    case EXPR_YEAR:
        e->type.base = LAW_COUNT;
        return OK;
    case EXPR_FORMAL:
        return OK;
    case EXPR_REFER:
        return check_name(&v, e);
    case EXPR_TABLE:
        v.optional = false;
        return check_table(v, e);
    case EXPR_CALL:
        return check_call(v, e);
    case EXPR_AGGREGATE:
        v.optional = false;
        return check_aggregate(v, e);
    case EXPR_CASE:
        v.optional = false;
        return check_case(v, e);
    }
    return fail(v.cx, ERR_INVALID, "law.memory", NULL);
}

/* ---- statements --------------------------------------------------------------------------- */

static int check_definition(struct context *cx, const struct ruleset *r, const struct item *item)
{
    struct view v = {cx, r, item->index_choice, {item->scope, -1}, 1, false};
    for (size_t i = 0; i < item->n; i++) {
        struct expr *body = item->version[i].body;
        int status = check(v, body);
        if (status < 0)
            return status;
        if (!same_type(body->type, item->type))
            return mismatch(&v, body, law_type_name(r, item->type).p);
    }
    return OK;
}

static int check_scope_parts(struct context *cx, const struct ruleset *r, const struct scope *s)
{
    for (size_t i = 0; i < s->n_parts; i++) {
        int leaf = s->part_over[i] < 0 ? s->parent : s->part_over[i];
        struct view v = {cx, r, -1, {leaf, -1}, 1, false};
        int status = check(v, s->part[i]);
        if (status == OK)
            status = want(&v, s->part[i], LAW_MONTHS);
        if (status < 0)
            return status;
    }
    return OK;
}

static int check_goal(struct context *cx, const struct ruleset *r, const struct goal *g)
{
    for (size_t i = 0; i < g->n; i++) {
        struct expr *e = g->result[i];
        const struct symbol *s = law_symbol_find(r, e->name);
        if (!s || s->kind != SYMBOL_ITEM || r->item[s->id].kind != ITEM_DEFINITION)
            return law_fail_at(cx, r, e->at, "law.check.unknown", "name=" STR_FMT,
                               STR_ARG(e->name));
        const struct item *item = &r->item[s->id];
        struct view v = {cx, r, item->index_choice, {item->scope, -1}, 1, false};
        int status = check(v, e);
        if (status < 0)
            return status;
    }
    return OK;
}

/* ---- cases -------------------------------------------------------------------------------- */

/* NAME = value of a case: the value must fit what it is put into. */
static int check_pair(struct context *cx, const struct ruleset *r, struct expr *left,
                      struct expr *right, int scope)
{
    const struct symbol *s = law_symbol_find(r, left->name);
    if (!s || s->kind != SYMBOL_ITEM)
        return law_fail_at(cx, r, left->at, "law.check.unknown", "name=" STR_FMT,
                           STR_ARG(left->name));
    const struct item *item = &r->item[s->id];
    struct view v = {cx, r, -1, {item->scope, -1}, 1, true};
    int status = item->stepped ? OK : check(v, left);
    if (status < 0 || (status = check(v, right)) < 0)
        return status;
    left->item = s->id;
    if (item->scope != scope)
        return law_fail_at(cx, r, left->at, "law.check.row", "name=" STR_FMT, STR_ARG(left->name));
    if (right->kind == EXPR_VALUE && right->value.none)
        return OK;
    if (right->type.base == LAW_COUNT && item->type.base == LAW_RATIO)
        return OK;
    if (!same_type(right->type, item->type))
        return mismatch(&v, right, law_type_name(r, item->type).p);
    return OK;
}

static int check_row(struct context *cx, const struct ruleset *r, struct case_row *row, int parent)
{
    const struct symbol *s = law_symbol_find(r, row->scope_name);
    if (!s || s->kind != SYMBOL_SCOPE || r->scope[s->id].derived ||
        (s->id != LAW_ROOT_SCOPE && r->scope[s->id].parent != parent))
        return law_fail_at(cx, r, row->at, "law.check.no_scope", "name=" STR_FMT,
                           STR_ARG(row->scope_name));
    row->scope = s->id;
    for (size_t i = 0; i < row->n; i++) {
        int status = check_pair(cx, r, row->left[i], row->right[i], row->scope);
        if (status < 0)
            return status;
        if (r->item[row->left[i]->item].kind == ITEM_MONTHS)
            return law_fail_at(cx, r, row->left[i]->at, "law.check.derived", NULL);
    }
    for (size_t i = 0; i < row->n_children; i++) {
        int status = check_row(cx, r, row->child[i], row->scope);
        if (status < 0)
            return status;
    }
    return OK;
}

static int check_result(struct context *cx, const struct ruleset *r, struct case_result *result)
{
    int scope = LAW_ROOT_SCOPE;
    if (result->scope_name.p) {
        const struct symbol *s = law_symbol_find(r, result->scope_name);
        if (!s || s->kind != SYMBOL_SCOPE)
            return law_fail_at(cx, r, result->left->at, "law.check.no_scope", "name=" STR_FMT,
                               STR_ARG(result->scope_name));
        scope = s->id;
    }
    int status = check_pair(cx, r, result->left, result->right, scope);
    if (status == OK && r->item[result->left->item].kind != ITEM_DEFINITION)
        return law_fail_at(cx, r, result->left->at, "law.check.unknown", "name=" STR_FMT,
                           STR_ARG(result->left->name));
    return status;
}

static int check_rule_case(struct context *cx, const struct ruleset *r, struct rule_case *c)
{
    int status = OK;
    for (size_t i = 0; i < c->n_set && status == OK; i++)
        status = check_pair(cx, r, c->set_left[i], c->set_right[i], -1);
    for (size_t i = 0; i < c->n_rows && status == OK; i++)
        status = check_row(cx, r, c->row[i], LAW_ROOT_SCOPE);
    for (size_t i = 0; i < c->n_results && status == OK; i++)
        status = check_result(cx, r, &c->result[i]);
    return status;
}

int law_check_ruleset(struct context *cx, struct ruleset *r)
{
    int status = OK;
    for (size_t i = 0; i < r->n_items && status == OK; i++)
        if (r->item[i].kind == ITEM_DEFINITION)
            status = check_definition(cx, r, &r->item[i]);
    for (size_t i = 0; i < r->n_scopes && status == OK; i++)
        status = check_scope_parts(cx, r, &r->scope[i]);
    for (size_t i = 0; i < r->n_goals && status == OK; i++)
        status = check_goal(cx, r, &r->goal[i]);
    for (size_t i = 0; i < r->n_cases && status == OK; i++)
        status = check_rule_case(cx, r, &r->cases[i]);
    return status;
}
