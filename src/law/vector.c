/*
 * vector: the explanation as stored. After a version byte and the plan's identity come the rows,
 * scope by scope: first how many rows each row above has, then per row its columns in groups of
 * eight: a byte that says which differ from the column's usual value, then those as varints.
 */
#include "law/explain.h"

enum { VECTOR_VERSION = 1, GROUP = 8, HEADER = 5 };

/* What a column mostly holds; it costs one bit. */
static int64_t usual_value(const struct plan *p, const struct column *c)
{
    if (c->kind == COLUMN_GIVEN)
        return VALUE_NONE;
    if (c->kind == COLUMN_FACT) {
        for (size_t i = 0; i < p->r->n_items; i++) {
            const struct item *f = &p->r->item[i];
            if (f->kind == ITEM_FACT && c->id >= f->field &&
                c->id < f->field + law_item_instances(p->r, f))
                return f->required || f->fallback.none ? VALUE_NONE : f->fallback.num;
        }
    }
    return c->type == LAW_MONTHS ? 0xFFF : c->type == LAW_DATE ? LAW_NO_DATE : 0;
}

int plan_usual_values(struct context *cx, struct plan *p)
{
    for (size_t s = 0; s < p->r->n_scopes; s++) {
        p->usual[s] = ARENA_ARRAY(cx->arena, p->n_columns[s] + 1, int64_t);
        if (!p->usual[s])
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        for (size_t i = 0; i < p->n_columns[s]; i++)
            p->usual[s][i] = usual_value(p, &p->column[s][i]);
    }
    return OK;
}

/* ---- writing ------------------------------------------------------------------------------ */

struct writer {
    unsigned char *p;
    size_t n;
};

static void put_number(struct writer *w, uint64_t v)
{
    while (v >= 0x80) {
        w->p[w->n++] = (unsigned char)(v | 0x80);
        v >>= 7;
    }
    w->p[w->n++] = (unsigned char)v;
}

static uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
}

static const int64_t *column_values(const struct evaluation *e, int scope, const struct column *c)
{
    if (c->kind != COLUMN_GIVEN)
        return e->reg[c->reg];
    int field = e->given_field[c->id];
    const struct field *f = field >= 0 ? &e->f->field[field] : NULL;
    return f && f->column ? f->column + e->base[scope] : NULL;
}

static void put_row(const struct evaluation *e, int scope, int row, struct writer *w)
{
    const struct plan *p = e->p;
    const struct column *column = p->column[scope];
    const int64_t *usual = p->usual[scope];
    const size_t n = p->n_columns[scope];
    for (size_t i = 0; i < n; i += GROUP) {
        size_t at = w->n++;
        unsigned bits = 0;
        for (size_t k = 0; k < GROUP && i + k < n; k++) {
            const int64_t *values = column_values(e, scope, &column[i + k]);
            int64_t v = values ? values[row] : VALUE_NONE;
            if (v == usual[i + k])
                continue;
            bits |= 1u << k;
            put_number(w, zigzag(v));
        }
        w->p[at] = (unsigned char)bits;
    }
}

/* The rows of a scope that belong to one household of the block. */
static void household_rows(const struct evaluation *e, int scope, int household, int range[2])
{
    const struct ruleset *r = e->p->r;
    range[0] = household;
    range[1] = household + 1;
    int path[SCOPES_MAX], n = 0;
    for (int s = scope; s != LAW_ROOT_SCOPE; s = r->scope[s].parent)
        path[n++] = s;
    while (n-- > 0) {
        int s = path[n], above = r->scope[s].parent, edge = 0;
        if (!r->scope[s].derived) {
            for (int i = 0; i < 2; i++)
                range[i] = facts_first(e->f, s, e->base[above] + range[i]) - e->base[s];
            continue;
        }
        while (e->p->edge[edge].above != above || e->p->edge[edge].scope != s)
            edge++;
        for (int i = 0; i < 2; i++)
            range[i] = e->edge[edge].start[range[i]];
    }
}

static bool scope_stored(const struct plan *p, int scope)
{
    return scope != LAW_ROOT_SCOPE && p->scope_stored[scope];
}

/* How many rows each row above has. */
static void put_counts(const struct evaluation *e, int scope, int household, struct writer *w)
{
    int above = e->p->r->scope[scope].parent, outer[2], range[2];
    household_rows(e, above, household, outer);
    if (e->p->r->scope[scope].derived) {
        household_rows(e, scope, household, range);
        put_number(w, (uint64_t)(range[1] - range[0]));
        return;
    }
    for (int i = outer[0]; i < outer[1]; i++) {
        int first = facts_first(e->f, scope, e->base[above] + i);
        put_number(w, (uint64_t)(facts_first(e->f, scope, e->base[above] + i + 1) - first));
    }
}

static size_t vector_most(const struct evaluation *e, int household)
{
    size_t bytes = HEADER;
    for (int s = 0; s < (int)e->p->r->n_scopes; s++) {
        int range[2];
        if (s != LAW_ROOT_SCOPE && !scope_stored(e->p, s))
            continue;
        household_rows(e, s, household, range);
        bytes += (size_t)(range[1] - range[0] + 1) * (e->p->n_columns[s] * 11 + 20);
    }
    return bytes;
}

static unsigned char *scratch_room(struct scratch *s, size_t bytes)
{
    if (bytes <= s->cap)
        return s->bytes;
    unsigned char *more = memory_resize(s->bytes, bytes * 2);
    if (!more)
        return NULL;
    s->bytes = more;
    s->cap = bytes * 2;
    return more;
}

int evaluation_explain(const struct evaluation *e, int household, struct text *out)
{
    const struct plan *p = e->p;
    int row = household - e->base[LAW_ROOT_SCOPE], range[2];
    if (row < 0 || row >= e->count[LAW_ROOT_SCOPE])
        return ERR_INVALID;
    struct writer w = {scratch_room(e->scratch, vector_most(e, row)), 0};
    if (!w.p)
        return ERR_MEMORY;
    w.p[w.n++] = VECTOR_VERSION;
    for (int i = 3; i >= 0; i--)
        w.p[w.n++] = (unsigned char)(p->identity >> (8 * i));
    for (int s = 0; s < (int)p->r->n_scopes; s++) {
        if (s != LAW_ROOT_SCOPE && !scope_stored(p, s))
            continue;
        if (s != LAW_ROOT_SCOPE)
            put_counts(e, s, row, &w);
        household_rows(e, s, row, range);
        for (int i = range[0]; i < range[1]; i++)
            put_row(e, s, i, &w);
    }
    return text_add(out, (struct str){(const char *)w.p, w.n});
}

/* ---- reading ------------------------------------------------------------------------------ */

static bool take_number(struct str *s, uint64_t *out)
{
    *out = 0;
    for (int shift = 0; shift < 64 && s->n > 0; shift += 7) {
        unsigned char c = (unsigned char)s->p[0];
        s->p++;
        s->n--;
        *out |= (uint64_t)(c & 0x7F) << shift;
        if (!(c & 0x80))
            return true;
    }
    return false;
}

static bool take_row(const struct plan *p, int scope, struct str *s, int64_t *value)
{
    const size_t n = p->n_columns[scope];
    for (size_t i = 0; i < n; i += GROUP) {
        if (s->n == 0)
            return false;
        unsigned bits = (unsigned char)s->p[0];
        s->p++;
        s->n--;
        for (size_t k = 0; k < GROUP && i + k < n; k++) {
            uint64_t v;
            value[i + k] = p->usual[scope][i + k];
            if (!(bits >> k & 1))
                continue;
            if (!take_number(s, &v))
                return false;
            value[i + k] = (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
        }
    }
    return true;
}

static int take_short(struct context *cx, const struct decoded *d, int scope)
{
    return fail(cx, ERR_CORRUPT, "law.explain.short", "scope=" STR_FMT,
                STR_ARG(d->p->r->scope[scope].name));
}

/* Row counts under each row above; refused when there are absurdly many. */
static int take_counts(struct context *cx, struct decoded *d, int scope, struct str *s)
{
    enum { ROWS_MOST = 10000 };
    const struct scope *x = &d->p->r->scope[scope];
    int above = d->n[x->parent], n = 0;
    struct str again = *s;
    uint64_t count;
    for (int i = 0; i < above; i++) {
        if (!take_number(&again, &count) || count > ROWS_MOST || (n += (int)count) > ROWS_MOST)
            return take_short(cx, d, scope);
    }
    d->n[scope] = n;
    d->parent[scope] = ARENA_ARRAY(cx->arena, (size_t)n + 1, int);
    if (!d->parent[scope])
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (int i = 0, row = 0; i < above && take_number(s, &count); i++)
        for (uint64_t k = 0; k < count; k++)
            d->parent[scope][row++] = i;
    return OK;
}

static int take_scope(struct context *cx, struct decoded *d, int scope, struct str *s)
{
    const size_t columns = d->p->n_columns[scope];
    d->n[LAW_ROOT_SCOPE] = 1;
    int status = scope == LAW_ROOT_SCOPE ? OK : take_counts(cx, d, scope, s);
    if (status < 0)
        return status;
    d->value[scope] = ARENA_ARRAY(cx->arena, (size_t)d->n[scope] * columns + 1, int64_t);
    if (!d->value[scope])
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (int i = 0; i < d->n[scope]; i++)
        if (!take_row(d->p, scope, s, d->value[scope] + (size_t)i * columns))
            return take_short(cx, d, scope);
    return OK;
}

int law_decode_vector(struct context *cx, const struct plan *p, struct str vector,
                      struct decoded *d)
{
    struct str s = vector;
    *d = (struct decoded){.p = p};
    if (s.n < HEADER || (unsigned char)s.p[0] != VECTOR_VERSION)
        return fail(cx, ERR_CORRUPT, "law.explain.version", NULL);
    uint32_t identity = 0;
    for (int i = 1; i < HEADER; i++)
        identity = identity << 8 | (unsigned char)s.p[i];
    if (identity != p->identity)
        return fail(cx, ERR_CORRUPT, "law.explain.other", NULL);
    s.p += HEADER;
    s.n -= HEADER;
    int status = OK;
    for (int scope = 0; scope < (int)p->r->n_scopes && status == OK; scope++)
        if (scope == LAW_ROOT_SCOPE || scope_stored(p, scope))
            status = take_scope(cx, d, scope, &s);
    if (status < 0)
        return status;
    return s.n == 0 ? OK : fail(cx, ERR_CORRUPT, "law.explain.short", NULL);
}

int64_t law_decoded_at(const struct decoded *d, int scope, int row, int column)
{
    return d->value[scope][(size_t)row * d->p->n_columns[scope] + (size_t)column];
}
