#include "law/evaluate.h"

#include "law/apply.h"

/* One pass over the rows: x is a, y is b or the constant k. */
#define EACH(n, expression)                                                                        \
    do {                                                                                           \
        if (b)                                                                                     \
            for (int i = 0; i < (n); i++) {                                                        \
                const int64_t x = a[i], y = b[i];                                                  \
                r[i] = (expression);                                                               \
            }                                                                                      \
        else                                                                                       \
            for (int i = 0; i < (n); i++) {                                                        \
                const int64_t x = a[i], y = k;                                                     \
                r[i] = (expression);                                                               \
            }                                                                                      \
    } while (0)

#define EACH_CHECKED(n, function)                                                                  \
    do {                                                                                           \
        bool over = false;                                                                         \
        if (b)                                                                                     \
            for (int i = 0; i < (n); i++)                                                          \
                over |= function(a[i], b[i], &r[i]);                                               \
        else                                                                                       \
            for (int i = 0; i < (n); i++)                                                          \
                over |= function(a[i], k, &r[i]);                                                  \
        return over;                                                                               \
    } while (0)

struct operands {
    const int64_t *a, *b, *c;
    int64_t *r;
    int64_t k, k2;
    int n;
};

/* ---- sums and products: true when a row went over ----------------------------------------- */

static bool run_add(struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, k = o.k;
    int64_t *restrict r = o.r;
    EACH_CHECKED(o.n, __builtin_add_overflow);
}

static bool run_sub(struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, k = o.k;
    int64_t *restrict r = o.r;
    EACH_CHECKED(o.n, __builtin_sub_overflow);
}

static inline bool turned_sub(int64_t a, int64_t b, int64_t *r)
{
    return __builtin_sub_overflow(b, a, r);
}

static bool run_rsub(struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, k = o.k;
    int64_t *restrict r = o.r;
    EACH_CHECKED(o.n, turned_sub);
}

static bool run_mul(struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, k = o.k;
    int64_t *restrict r = o.r;
    EACH_CHECKED(o.n, __builtin_mul_overflow);
}

/* ---- comparisons, truths, sets ------------------------------------------------------------ */

static void run_plain(enum opcode op, struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, k = o.k;
    int64_t *restrict r = o.r;
    switch ((int)op) {
    case I_MAX:
        EACH(o.n, x > y ? x : y);
        break;
    case I_MIN:
        EACH(o.n, x < y ? x : y);
        break;
    case I_LT:
        EACH(o.n, x < y);
        break;
    case I_LE:
        EACH(o.n, x <= y);
        break;
    case I_GT:
        EACH(o.n, x > y);
        break;
    case I_GE:
        EACH(o.n, x >= y);
        break;
    case I_EQ:
        EACH(o.n, x == y);
        break;
    case I_NE:
        EACH(o.n, x != y);
        break;
    case I_AND:
        EACH(o.n, x & y);
        break;
    case I_OR:
        EACH(o.n, x | y);
        break;
    case I_ANDNOT:
        EACH(o.n, x & ~y);
        break;
    default:
        break;
    }
}

static void run_select(struct operands o)
{
    const int64_t *restrict a = o.a, *restrict b = o.b, *restrict c = o.c;
    int64_t *restrict r = o.r;
    const int64_t k = o.k, k2 = o.k2;
    if (b && c)
        for (int i = 0; i < o.n; i++)
            r[i] = a[i] ? b[i] : c[i];
    else if (b)
        for (int i = 0; i < o.n; i++)
            r[i] = a[i] ? b[i] : k2;
    else if (c)
        for (int i = 0; i < o.n; i++)
            r[i] = a[i] ? k : c[i];
    else
        for (int i = 0; i < o.n; i++)
            r[i] = a[i] ? k : k2;
}

/* ---- rounding ----------------------------------------------------------------------------- */

static inline int64_t divided(int64_t x, int64_t k, enum rounding mode)
{
    int64_t q = x / k, rest = x % k;
    if (rest == 0)
        return q;
    switch (mode) {
    case ROUND_FLOOR:
        return q - (x < 0);
    case ROUND_CEILING:
        return q + (x > 0);
    case ROUND_HALF_UP:
        rest = rest < 0 ? -rest : rest;
        return rest >= k - rest ? q + (x < 0 ? -1 : 1) : q;
    }
    return q;
}

/* Nearly every amount is neither negative nor large: 32-bit division is several times faster. */
static void run_round(struct operands o, enum rounding mode)
{
    const int64_t *restrict a = o.a;
    int64_t *restrict r = o.r;
    const int64_t k = o.k, unit = o.k2;
    if (mode != ROUND_FLOOR || k > UINT32_MAX) {
        for (int i = 0; i < o.n; i++)
            r[i] = divided(a[i], k, mode) * unit;
        return;
    }
    const uint32_t small = (uint32_t)k;
    for (int i = 0; i < o.n; i++) {
        int64_t x = a[i];
        int64_t q =
            (uint64_t)x <= UINT32_MAX ? (int64_t)((uint32_t)x / small) : divided(x, k, mode);
        r[i] = q * unit;
    }
}

/* a / b to whole units; a row that divides by nothing fails. */
static bool run_round_div(struct operands o, enum rounding mode)
{
    bool over = false;
    for (int i = 0; i < o.n; i++) {
        int64_t by = o.b[i], parts;
        bool bad = by <= 0 || __builtin_mul_overflow(by, o.k, &parts);
        o.r[i] = bad ? 0 : divided(o.a[i], parts, mode) * o.k2;
        over |= bad;
    }
    return over;
}

/* ---- rows above and below ----------------------------------------------------------------- */

static void run_gather(struct operands o, const int *restrict map)
{
    const int64_t *restrict a = o.a;
    int64_t *restrict r = o.r;
    for (int i = 0; i < o.n; i++)
        r[i] = a[map[i]];
}

static bool run_sum(struct operands o, const int *restrict start)
{
    const int64_t *restrict a = o.a;
    bool over = false;
    for (int i = 0; i < o.n; i++) {
        int64_t sum = 0;
        for (int j = start[i]; j < start[i + 1]; j++)
            over |= __builtin_add_overflow(sum, a[j], &sum);
        o.r[i] = sum;
    }
    return over;
}

static void run_reduce(enum opcode op, struct operands o, const int *restrict start)
{
    const int64_t *restrict a = o.a;
    for (int i = 0; i < o.n; i++) {
        int64_t v = op == I_LARGEST ? VALUE_NONE : op == I_SMALLEST ? INT64_MAX : 0;
        for (int j = start[i]; j < start[i + 1]; j++)
            v = op == I_UNION     ? v | a[j]
                : op == I_LARGEST ? (a[j] > v ? a[j] : v)
                                  : (a[j] < v ? a[j] : v);
        o.r[i] = v;
    }
}

/* ---- calendar ----------------------------------------------------------------------------- */

/* Most days lie outside the fiscal year and need no calendar. */
static void run_months(const struct evaluation *e, struct operands o, bool from)
{
    const int year = e->p->fiscal_year;
    for (int i = 0; i < o.n; i++) {
        int64_t d = o.a[i];
        int64_t set = d < e->year_first ? 0xFFF : d > e->year_last ? 0 : law_months_from(year, d);
        o.r[i] = from ? set : 0xFFF & ~set;
    }
}

static void run_calendar(const struct evaluation *e, const struct instruction *x, struct operands o)
{
    const int year = e->p->fiscal_year;
    for (int i = 0; i < o.n; i++) {
        int64_t d = o.a[i];
        switch ((int)x->op) {
        case I_MONTH_RANGE:
            o.r[i] = law_month_range(year, d, x->k, x->k2);
            break;
        case I_AGE_REACHED:
            o.r[i] = law_day_reached(d, x->k, true);
            break;
        case I_BIRTHDAY:
            o.r[i] = law_day_reached(d, x->k, false);
            break;
        case I_SHIFT_DAY:
            o.r[i] = d == LAW_NO_DATE ? d : d + x->k;
            break;
        case I_FISCAL_YEAR_OF:
            o.r[i] = d == LAW_NO_DATE ? YEAR_LAST + 1 : ymd_fiscal_year((struct ymd){(int32_t)d});
            break;
        default:
            o.r[i] = d == LAW_NO_DATE ? d : ymd_next_open((struct ymd){(int32_t)d}).day;
            break;
        }
    }
}

/* ---- single values ------------------------------------------------------------------------ */

static void run_table(const struct table *t, struct operands o)
{
    for (int i = 0; i < o.n; i++) {
        size_t s = 0;
        while (s + 1 < t->n && o.a[i] >= t->until[s])
            s++;
        o.r[i] = t->value[s];
    }
}

static bool run_if_none(struct operands o)
{
    bool over = false;
    for (int i = 0; i < o.n; i++) {
        if (o.a[i] == VALUE_NONE)
            o.r[i] = o.b ? o.b[i] : o.k2;
        else
            over |= __builtin_mul_overflow(o.a[i], o.k, &o.r[i]);
    }
    return over;
}

static bool run_given(const struct evaluation *e, const struct instruction *x, struct operands o)
{
    int field = e->given_field[x->a];
    const struct field *f = field >= 0 ? &e->f->field[field] : NULL;
    const int64_t *given = f && f->column ? f->column + e->base[x->scope] : NULL;
    bool over = false;
    for (int i = 0; i < o.n; i++) {
        if (given && given[i] != VALUE_NONE)
            over |= __builtin_mul_overflow(given[i], o.k, &o.r[i]);
        else
            o.r[i] = o.b[i];
    }
    return over;
}

static bool run_single(const struct evaluation *e, const struct instruction *x, struct operands o)
{
    switch ((int)x->op) {
    case I_GIVEN:
        return run_given(e, x, o);
    case I_IF_NONE:
        return run_if_none(o);
    case I_TABLE:
        run_table(&e->p->table[x->k], o);
        return false;
    case I_NOT:
        for (int i = 0; i < o.n; i++)
            o.r[i] = !o.a[i];
        return false;
    case I_IS_SET:
        for (int i = 0; i < o.n; i++)
            o.r[i] = o.a[i] != VALUE_NONE;
        return false;
    case I_MONTH_COUNT:
        for (int i = 0; i < o.n; i++)
            o.r[i] = __builtin_popcountll((unsigned long long)o.a[i]);
        return false;
    case I_PER_MONTHS:
        for (int i = 0; i < o.n; i++)
            o.r[i] = o.a[i] > 0 ? PER_MONTHS / o.a[i] : 0;
        return false;
    default:
        run_calendar(e, x, o);
        return false;
    }
}

static bool run(const struct evaluation *e, const struct instruction *x, struct operands o)
{
    switch ((int)x->op) {
    case I_FACT:
    case I_FILL:
        return false;
    case I_ADD:
        return run_add(o);
    case I_SUB:
        return run_sub(o);
    case I_RSUB:
        return run_rsub(o);
    case I_MUL:
        return run_mul(o);
    case I_MAX:
    case I_MIN:
    case I_LT:
    case I_LE:
    case I_GT:
    case I_GE:
    case I_EQ:
    case I_NE:
    case I_AND:
    case I_OR:
    case I_ANDNOT:
        run_plain(x->op, o);
        return false;
    case I_SELECT:
        run_select(o);
        return false;
    case I_ROUND:
        run_round(o, x->mode);
        return false;
    case I_ROUND_DIV:
        return run_round_div(o, x->mode);
    case I_MONTHS_FROM:
    case I_MONTHS_BEFORE:
        run_months(e, o, x->op == I_MONTHS_FROM);
        return false;
    case I_GATHER:
        run_gather(o, e->edge[x->k].map);
        return false;
    case I_SUM:
        return run_sum(o, e->edge[x->k].start);
    case I_UNION:
    case I_LARGEST:
    case I_SMALLEST:
        run_reduce(x->op, o, e->edge[x->k].start);
        return false;
    default:
        return run_single(e, x, o);
    }
}

/* ---- failures ----------------------------------------------------------------------------- */

/* The household of a row within the block. */
static int household_of(const struct evaluation *e, int scope, int row)
{
    const struct plan *p = e->p;
    while (scope != LAW_ROOT_SCOPE) {
        bool product = scope >= (int)p->r->n_scopes;
        int above = product ? p->product[scope - (int)p->r->n_scopes].a : p->r->scope[scope].parent;
        if (!product && !p->r->scope[scope].derived) {
            row = e->f->rows[scope].parent[e->base[scope] + row] - e->base[above];
        } else {
            int edge = 0;
            while (p->edge[edge].above != above || p->edge[edge].scope != scope)
                edge++;
            row = e->edge[edge].map[row];
        }
        scope = above;
    }
    return row;
}

void law_mark_failed(struct evaluation *e, int scope, int row, enum status code, int node,
                     int field)
{
    struct failure_mark *mark = &e->failed[household_of(e, scope, row)];
    if (mark->code == OK)
        *mark = (struct failure_mark){code, node, field};
    e->any_failed = true;
}

/* Something in the column went over: run it again row by row to see whose it was. */
static void find_overflow(struct evaluation *e, const struct instruction *x, struct operands o)
{
    for (int i = 0; i < o.n; i++) {
        bool over;
        if (x->op == I_SUM) {
            struct operands one = o;
            one.n = 1;
            one.r = &o.r[i];
            over = run_sum(one, e->edge[x->k].start + i);
        } else if (x->op == I_GIVEN) {
            int64_t v = o.r[i];
            over = o.k != 0 && v % o.k != 0;
            over |= v / (o.k ? o.k : 1) >= LAW_FACT_LIMIT || v / (o.k ? o.k : 1) <= -LAW_FACT_LIMIT;
        } else {
            struct operands one = {
                &o.a[i], o.b ? &o.b[i] : NULL, o.c ? &o.c[i] : NULL, &o.r[i], o.k, o.k2, 1};
            over = run(e, x, one);
        }
        if (!over)
            continue;
        o.r[i] = 0;
        law_mark_failed(e, x->scope, i, ERR_RANGE, x->node, -1);
    }
}

void law_run_instruction(struct context *cx, struct evaluation *e, int at, int *status)
{
    const struct instruction *x = &e->p->code[at];
    if (x->op == I_SPLIT) {
        *status = law_run_split(cx, e, x);
        return;
    }
    struct operands o = {.a =
                             x->a >= 0 && x->op != I_FACT && x->op != I_GIVEN ? e->reg[x->a] : NULL,
                         .b = x->b >= 0 ? e->reg[x->b] : NULL,
                         .c = x->c >= 0 ? e->reg[x->c] : NULL,
                         .r = e->reg[at],
                         .k = x->k,
                         .k2 = x->k2,
                         .n = e->count[x->scope]};
    if (run(e, x, o))
        find_overflow(e, x, o);
}
