#include "law/facts.h"

#include <string.h>

static void set_fact_field(const struct ruleset *r, const struct item *item, struct field *f,
                           struct str name)
{
    *f = (struct field){.scope = item->scope,
                        .type = item->type.base,
                        .name = name,
                        .required = item->required};
    if (item->type.choice >= 0)
        f->words = (int)r->choice[item->type.choice].n;
    f->fallback = item->required || item->fallback.none ? VALUE_NONE : item->fallback.num;
}

static int number_given(struct context *cx, struct facts *f, struct str name, int at)
{
    int item, word;
    if (!law_item_by_name(f->r, name, &item, &word) || f->r->item[item].kind != ITEM_DEFINITION)
        return fail(cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT, STR_ARG(name));
    const struct item *i = &f->r->item[item];
    f->field[at] = (struct field){.scope = i->scope,
                                  .type = i->type.base,
                                  .given = true,
                                  .fallback = VALUE_NONE,
                                  .name = law_item_instance_name(cx->arena, f->r, i, word)};
    if (i->type.choice >= 0)
        f->field[at].words = (int)f->r->choice[i->type.choice].n;
    return OK;
}

int facts_new(struct context *cx, const struct ruleset *r, const struct str *given, size_t n_given,
              struct facts **out)
{
    struct facts *f = ARENA_NEW(cx->arena, struct facts);
    if (!f || n_given > ITEMS_MAX ||
        !(f->field = ARENA_ARRAY(cx->arena, r->n_fields + n_given + 1, struct field)))
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    f->r = r;
    f->arena = cx->arena;
    f->n_fact_fields = (int)r->n_fields;
    f->n_fields = (int)(r->n_fields + n_given);
    f->n_scopes = (int)r->n_scopes;
    for (size_t i = 0; i < r->n_scopes; i++)
        f->rows[i].parent_scope = r->scope[i].parent;
    for (size_t i = 0; i < r->n_items; i++)
        for (int w = 0; r->item[i].kind == ITEM_FACT && w < law_item_instances(r, &r->item[i]); w++)
            set_fact_field(r, &r->item[i], &f->field[r->item[i].field + w],
                           law_item_instance_name(cx->arena, r, &r->item[i], w));
    int status = OK;
    for (size_t i = 0; i < n_given && status == OK; i++)
        status = number_given(cx, f, given[i], f->n_fact_fields + (int)i);
    *out = f;
    return status;
}

void facts_clear(struct facts *f)
{
    for (int i = 0; i < f->n_scopes; i++)
        f->rows[i].n = 0;
}

void facts_release(struct facts *f)
{
    if (!f)
        return;
    for (int i = 0; i < f->n_fields; i++) {
        memory_free(f->field[i].column);
        memory_free(f->field[i].is_set);
        f->field[i].column = NULL;
        f->field[i].is_set = NULL;
        f->field[i].cap = 0;
    }
    for (int i = 0; i < f->n_scopes; i++) {
        memory_free(f->rows[i].parent);
        memory_free(f->rows[i].first);
        f->rows[i] = (struct fact_rows){.parent_scope = f->rows[i].parent_scope};
    }
}

int facts_scope(struct context *cx, const struct facts *f, struct str name)
{
    const struct symbol *s = law_symbol_find(f->r, name);
    if (s && s->kind == SYMBOL_SCOPE)
        return s->id;
    return fail(cx, ERR_NOT_FOUND, "law.facts.scope", "name=" STR_FMT, STR_ARG(name));
}

int facts_field(struct context *cx, const struct facts *f, struct str name)
{
    int item, word;
    if (law_item_by_name(f->r, name, &item, &word) && f->r->item[item].kind == ITEM_FACT)
        return f->r->item[item].field + (word < 0 ? 0 : word);
    struct str full = name;
    if (law_item_by_name(f->r, name, &item, &word))
        full = law_item_instance_name(cx->arena, f->r, &f->r->item[item], word);
    for (int i = f->n_fact_fields; i < f->n_fields; i++)
        if (str_equal(f->field[i].name, full))
            return i;
    return fail(cx, ERR_NOT_FOUND, "law.facts.field", "name=" STR_FMT, STR_ARG(name));
}

/* ---- rows --------------------------------------------------------------------------------- */

static int grown(int cap, int needed)
{
    enum { FIRST = 256, MOST = 1 << 28 };
    int next = cap ? cap : FIRST;
    while (next < needed && next < MOST)
        next *= 2;
    return next;
}

static int grow_ints(struct context *cx, int **array, int *cap, int needed)
{
    if (needed <= *cap)
        return OK;
    int next = grown(*cap, needed);
    int *more = memory_resize(*array, (size_t)next * sizeof **array);
    if (!more)
        return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", needed);
    *array = more;
    *cap = next;
    return OK;
}

static void default_row(struct facts *f, int scope, int row)
{
    for (int i = 0; i < f->n_fields; i++) {
        struct field *x = &f->field[i];
        if (x->scope != scope || row >= x->cap)
            continue;
        if (x->column)
            x->column[row] = x->fallback;
        if (x->is_set)
            x->is_set[row] = false;
    }
}

/* Sets where a parent's children begin, for this parent and those skipped. */
static int open_parent(struct context *cx, struct facts *f, int scope, int parent)
{
    struct fact_rows *x = &f->rows[scope];
    int last = x->n > 0 ? x->parent[x->n - 1] : -1;
    if (parent < last || parent < 0 || parent >= f->rows[x->parent_scope].n)
        return fail(cx, ERR_INVALID, "law.facts.order", "scope=" STR_FMT " parent=%d",
                    STR_ARG(f->r->scope[scope].name), parent);
    if (grow_ints(cx, &x->first, &x->first_cap, parent + 1) < 0)
        return ERR_MEMORY;
    for (int i = last + 1; i <= parent; i++)
        x->first[i] = x->n;
    return OK;
}

int facts_add(struct context *cx, struct facts *f, int scope, int parent)
{
    enum { ROWS_MAX = 1 << 27 };
    if (scope < 0 || scope >= f->n_scopes || f->r->scope[scope].derived)
        return fail(cx, ERR_INVALID, "law.facts.scope", "scope=%d", scope);
    struct fact_rows *x = &f->rows[scope];
    if (x->n >= ROWS_MAX)
        return fail(cx, ERR_LIMIT, "law.facts.rows", "rows=%d", x->n);
    int status = x->parent_scope >= 0 ? open_parent(cx, f, scope, parent) : OK;
    if (status < 0 || grow_ints(cx, &x->parent, &x->cap, x->n + 1) < 0)
        return status < 0 ? status : ERR_MEMORY;
    x->parent[x->n] = parent;
    default_row(f, scope, x->n);
    return x->n++;
}

int facts_first(const struct facts *f, int scope, int parent)
{
    const struct fact_rows *x = &f->rows[scope];
    if (x->n == 0 || parent > x->parent[x->n - 1])
        return x->n;
    return x->first[parent];
}

int facts_rows(const struct facts *f, int scope)
{
    return f->rows[scope].n;
}

/* ---- fields ------------------------------------------------------------------------------- */

static int grow_column(struct context *cx, struct field *x, int rows)
{
    if (x->column && rows <= x->cap)
        return OK;
    int next = grown(x->cap, rows), from = x->column ? x->cap : 0;
    int64_t *more = memory_resize(x->column, (size_t)next * sizeof *more);
    if (!more)
        return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", rows);
    x->column = more;
    for (int i = from; i < next; i++)
        more[i] = x->fallback;
    if (x->required) {
        bool *set = memory_resize(x->is_set, (size_t)next * sizeof *set);
        if (!set)
            return fail(cx, ERR_MEMORY, "law.memory", "rows=%d", rows);
        memset(set + from, 0, (size_t)(next - from) * sizeof *set);
        x->is_set = set;
    }
    x->cap = next;
    return OK;
}

static bool value_fits(const struct field *x, int64_t value)
{
    switch (x->type) {
    case LAW_YEN:
    case LAW_COUNT:
    case LAW_RATIO:
        return value > -LAW_FACT_LIMIT && value < LAW_FACT_LIMIT;
    case LAW_DATE:
        return value == LAW_NO_DATE || (value > -200000 && value < 200000);
    case LAW_MONTH:
        return value >= 0 && value < 12;
    case LAW_MONTHS:
        return value >= 0 && value <= 0xFFF;
    case LAW_TRUTH:
        return value == 0 || value == 1;
    case LAW_CHOICE:
        return value >= 0 && value < x->words;
    }
    return false;
}

int facts_set(struct context *cx, struct facts *f, int field, int row, int64_t value)
{
    if (field < 0 || field >= f->n_fields)
        return fail(cx, ERR_INVALID, "law.facts.field", "field=%d", field);
    struct field *x = &f->field[field];
    if (row < 0 || row >= f->rows[x->scope].n)
        return fail(cx, ERR_INVALID, "law.facts.row", "name=" STR_FMT " row=%d", STR_ARG(x->name),
                    row);
    if (!value_fits(x, value))
        return fail(cx, ERR_INVALID, "law.facts.value", "name=" STR_FMT " value=%lld",
                    STR_ARG(x->name), (long long)value);
    int status = grow_column(cx, x, f->rows[x->scope].n);
    if (status < 0)
        return status;
    x->column[row] = value;
    if (x->is_set)
        x->is_set[row] = true;
    return OK;
}

int64_t facts_get(const struct facts *f, int field, int row)
{
    const struct field *x = &f->field[field];
    return x->column && row < x->cap ? x->column[row] : x->fallback;
}

bool ruleset_fact(struct context *cx, const struct ruleset *r, size_t field, struct fact_info *out)
{
    for (size_t i = 0; i < r->n_items; i++) {
        const struct item *f = &r->item[i];
        if (f->kind != ITEM_FACT || field < (size_t)f->field ||
            field >= (size_t)(f->field + law_item_instances(r, f)))
            continue;
        *out = (struct fact_info){.name = law_item_instance_name(cx->arena, r, f,
                                                                 (int)field - f->field),
                                  .label = f->label,
                                  .scope = r->scope[f->scope].name,
                                  .type = f->type.base,
                                  .required = f->required};
        return true;
    }
    return false;
}

/* Columns reach over every row, so that loops need not ask. */
int facts_complete(struct context *cx, struct facts *f)
{
    int status = OK;
    for (int i = 0; i < f->n_fields && status == OK; i++)
        if (f->field[i].column)
            status = grow_column(cx, &f->field[i], f->rows[f->field[i].scope].n);
    return status;
}
