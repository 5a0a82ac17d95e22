/* sentence: a formula as people read it, with the values put in and only the branch that was taken.
 */
#include "law/explain.h"

#include "law/apply.h"

static int write_any(const struct decoded *d, const struct expr *e, const struct sight *s,
                     struct text *out, int level);

static void write_value(struct text *out, const struct recomputed *v)
{
    if (v->known)
        text_add_law_value(out, &v->value);
}

static void write_name(const struct decoded *d, const struct expr *e, const struct sight *s,
                       struct text *out)
{
    const struct item *item = &d->p->r->item[e->item];
    struct recomputed v = law_recall(d, e, s);
    text_add(out, item->name);
    if (e->word >= 0)
        text_addf(out, "(" STR_FMT ")", STR_ARG(d->p->r->choice[item->index_choice].word[e->word]));
    if (v.known)
        text_addc(out, ' ');
    write_value(out, &v);
}

struct sign {
    enum builtin op;
    const char *text;
    int level; /* higher binds closer */
};

static const struct sign *sign_of(enum builtin op)
{
    static const struct sign signs[] = {{OP_OR, " または ", 1}, {OP_AND, " かつ ", 2},
                                        {OP_EQ, " = ", 3},      {OP_NE, " ≠ ", 3},
                                        {OP_LT, " < ", 3},      {OP_LE, " ≦ ", 3},
                                        {OP_GT, " > ", 3},      {OP_GE, " ≧ ", 3},
                                        {OP_ADD, " + ", 4},     {OP_SUB, " − ", 4},
                                        {OP_MUL, " × ", 5},     {OP_DIV, " ÷ ", 5}};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (signs[i].op == op)
            return &signs[i];
    return NULL;
}

static const char *function_name(enum builtin op)
{
    static const struct {
        enum builtin op;
        const char *name;
    } names[] = {{OP_FLOOR, "切捨"},
                 {OP_CEILING, "切上"},
                 {OP_HALF_UP, "四捨五入"},
                 {OP_LARGER, "大きい方"},
                 {OP_SMALLER, "小さい方"},
                 {OP_IS_SET, "定めあり"},
                 {OP_MONTHS_FROM, "月以後"},
                 {OP_MONTHS_BEFORE, "月前"},
                 {OP_MONTH_RANGE, "月範囲"},
                 {OP_COMMON, "共通"},
                 {OP_UNITE, "合併"},
                 {OP_WITHOUT, "除く"},
                 {OP_MONTH_COUNT, "月数"},
                 {OP_OVERLAP, "重なる"},
                 {OP_MONTHS_OF, "月集合"},
                 {OP_DAY_BEFORE, "前日"},
                 {OP_DAY_AFTER, "翌日"},
                 {OP_AGE_REACHED, "年齢到達日"},
                 {OP_BIRTHDAY, "誕生日"},
                 {OP_DATE, "日付"},
                 {OP_DAY_OF_MONTH, "月の日"},
                 {OP_FISCAL_YEAR_OF, "年度の"},
                 {OP_NEXT_OPEN, "翌開庁日"},
                 {OP_SUM, "合計"},
                 {OP_COUNT, "件数"},
                 {OP_ANY, "ある"},
                 {OP_MAX, "最大"},
                 {OP_MIN, "最小"},
                 {OP_UNION, "合併"}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].op == op)
            return names[i].name;
    return "";
}

static void write_infix(const struct decoded *d, const struct expr *e, const struct sight *s,
                        struct text *out, int level)
{
    const struct sign *sign = sign_of(e->op);
    bool brackets = sign->level < level;
    if (brackets)
        text_addc(out, '(');
    write_any(d, e->arg[0], s, out, sign->level);
    text_adds(out, sign->text);
    write_any(d, e->arg[1], s, out, sign->level + 1);
    if (brackets)
        text_addc(out, ')');
}

static void write_function(const struct decoded *d, const struct expr *e, const struct sight *s,
                           struct text *out)
{
    text_adds(out, function_name(e->op));
    text_addc(out, '(');
    for (uint32_t i = 0; i < e->n; i++) {
        if (i > 0)
            text_adds(out, ", ");
        write_any(d, e->arg[i], s, out, 0);
    }
    text_addc(out, ')');
}

static void write_call(const struct decoded *d, const struct expr *e, const struct sight *s,
                       struct text *out, int level)
{
    if (sign_of(e->op)) {
        write_infix(d, e, s, out, level);
    } else if (e->op == OP_NEG) {
        text_adds(out, "−");
        write_any(d, e->arg[0], s, out, 6);
    } else if (e->op == OP_NOT) {
        write_any(d, e->arg[0], s, out, 6);
        text_adds(out, " でない");
    } else if (e->op == OP_IF_NONE) {
        struct recomputed a = law_recompute(d, e->arg[0], s);
        write_any(d, e->arg[a.known && !a.value.none ? 0 : 1], s, out, level);
    } else {
        write_function(d, e, s, out);
    }
}

/* 合計(世帯員: 122,589円 + 0円): one value per row that counts. */
static void write_aggregate(const struct decoded *d, const struct expr *e, const struct sight *s,
                            struct text *out)
{
    struct sight inner;
    bool any = false, listed = e->op != OP_COUNT && e->op != OP_ANY;
    text_addf(out, "%s(" STR_FMT, function_name(e->op), STR_ARG(d->p->r->scope[e->scope].name));
    for (int next = 0; listed && law_next_row(d, s, e->scope, &next, &inner);) {
        if (!law_row_counts(d, e, &inner))
            continue;
        struct recomputed v = law_recompute(d, e->arg[0], &inner);
        text_adds(out, !any ? ": " : e->op == OP_SUM ? " + " : ", ");
        write_value(out, &v);
        any = true;
    }
    struct recomputed total = law_recompute(d, e, s);
    if (!listed) {
        text_adds(out, ": ");
        write_value(out, &total);
    }
    text_addc(out, ')');
}

/* Only the branch that was taken, behind the condition that chose it. */
static void write_case(const struct decoded *d, const struct expr *e, const struct sight *s,
                       struct text *out, int level)
{
    int condition;
    uint32_t branch = law_taken_branch(d, e, s, &condition);
    if (condition < 0) {
        write_any(d, e->arg[branch], s, out, level);
        return;
    }
    if (level > 0)
        text_addc(out, '(');
    write_any(d, e->arg[condition], s, out, 0);
    text_adds(out, " なので ");
    write_any(d, e->arg[branch], s, out, 0);
    if (level > 0)
        text_addc(out, ')');
}

static void write_table(const struct decoded *d, const struct expr *e, const struct sight *s,
                        struct text *out)
{
    struct recomputed v = law_recompute(d, e, s);
    text_add(out, d->p->r->item[e->item].name);
    text_addc(out, '(');
    write_any(d, e->arg[0], s, out, 0);
    text_adds(out, ") ");
    write_value(out, &v);
}

static int write_any(const struct decoded *d, const struct expr *e, const struct sight *s,
                     struct text *out, int level)
{
    struct recomputed v;
    switch (e->kind) {
    case EXPR_VALUE:
    case EXPR_FORMAL:
        v = law_recompute(d, e, s);
        write_value(out, &v);
        break;
    case EXPR_YEAR:
        text_addf(out, "%d", d->p->fiscal_year);
        break;
    case EXPR_REFER:
        write_name(d, e, s, out);
        break;
    case EXPR_TABLE:
        write_table(d, e, s, out);
        break;
    case EXPR_CALL:
        write_call(d, e, s, out, level);
        break;
    case EXPR_AGGREGATE:
        write_aggregate(d, e, s, out);
        break;
    case EXPR_CASE:
        write_case(d, e, s, out, level);
        break;
    }
    return out->failed ? ERR_MEMORY : OK;
}

int law_write_formula(const struct decoded *d, const struct expr *e, const struct sight *s,
                      struct text *out)
{
    return write_any(d, e, s, out, 0);
}
