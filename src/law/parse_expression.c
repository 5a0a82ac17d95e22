#include "law/parse.h"

#include <string.h>

static int parse_or(struct parser *p, struct expr **out);

static int new_expr(struct parser *p, enum expr_kind kind, struct place at, struct expr **out)
{
    struct expr *e = ARENA_NEW(p->cx->arena, struct expr);
    if (!e)
        return fail(p->cx, ERR_MEMORY, "law.memory", NULL);
    *e = (struct expr){.kind = kind,
                       .at = at,
                       .type = {LAW_COUNT, -1},
                       .item = -1,
                       .word = INDEX_NONE,
                       .scope = -1};
    *out = e;
    return OK;
}

static int add_argument(struct parser *p, struct expr *e, struct expr *argument)
{
    if (e->n >= ARGUMENTS_MAX)
        return law_fail_at(p->cx, p->r, e->at, "law.parse.arguments", "maximum=%d", ARGUMENTS_MAX);
    if (law_grow(p->cx, &e->arg, e->n, sizeof *e->arg) < 0)
        return ERR_MEMORY;
    e->arg[e->n++] = argument;
    if (argument && argument->depth >= e->depth)
        e->depth = argument->depth + 1;
    if (e->depth > TREE_MAX)
        return law_fail_at(p->cx, p->r, e->at, "law.parse.depth", "maximum=%d", TREE_MAX);
    return OK;
}

static int call2(struct parser *p, enum builtin op, const struct token *at, struct expr *a,
                 struct expr *b, struct expr **out)
{
    int status = new_expr(p, EXPR_CALL, at->at, out);
    if (status < 0)
        return status;
    (*out)->op = op;
    if ((status = add_argument(p, *out, a)) < 0 || !b)
        return status;
    return add_argument(p, *out, b);
}

/* ---- literals and names ------------------------------------------------------------------- */

static bool word_value(struct str word, struct law_value *v)
{
    static const struct {
        const char *word;
        struct law_value value;
    } words[] = {
        {"はい", {.type = LAW_TRUTH, .num = 1, .den = 1}},
        {"いいえ", {.type = LAW_TRUTH, .num = 0, .den = 1}},
        {"なし", {.type = LAW_YEN, .none = true, .num = 0, .den = 1}},
        {"未定", {.type = LAW_YEN, .none = true, .num = 1, .den = 1}},
        {"未到来", {.type = LAW_DATE, .num = LAW_NO_DATE, .den = 1}},
        {"全月", {.type = LAW_MONTHS, .num = 0xFFF, .den = 1}},
        {"無月", {.type = LAW_MONTHS, .num = 0, .den = 1}},
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_is(word, words[i].word)) {
            *v = words[i].value;
            return true;
        }
    }
    return false;
}

static int literal(struct parser *p, struct law_value v, struct expr **out)
{
    const struct token *t = parse_next(p);
    int status = new_expr(p, EXPR_VALUE, t->at, out);
    if (status < 0)
        return status;
    (*out)->value = v;
    (*out)->type.base = v.type;
    (*out)->name = t->text;
    return OK;
}

/* NAME | NAME "." NAME | NAME "(" NAME ")" */
int parse_reference(struct parser *p, struct expr **out)
{
    const struct token *t = parse_peek(p);
    struct str name, second;
    int status = parse_want_name(p, &name);
    if (status < 0 || (status = new_expr(p, EXPR_REFER, t->at, out)) < 0)
        return status;
    (*out)->name = name;
    if (parse_take_sign(p, '.')) {
        if ((status = parse_want_name(p, &second)) < 0)
            return status;
        (*out)->index = name;
        (*out)->name = second;
    } else if (parse_take_sign(p, '(')) {
        if ((status = parse_want_name(p, &(*out)->index)) < 0)
            return status;
        return parse_want_sign(p, ')');
    }
    return OK;
}

int parse_value(struct parser *p, struct expr **out)
{
    const struct token *t = parse_peek(p);
    struct law_value v;
    if (parse_take_sign(p, '-')) {
        int status = parse_value(p, out);
        if (status == OK && ((*out)->kind != EXPR_VALUE || (*out)->value.none))
            return law_fail_at(p->cx, p->r, t->at, "law.parse.expected", "expected=NUMBER got=-");
        if (status == OK)
            (*out)->value.num = -(*out)->value.num;
        return status;
    }
    if (t->kind == TOKEN_NUMBER || t->kind == TOKEN_DATE)
        return literal(p, t->value, out);
    if (t->kind == TOKEN_WORD && word_value(t->text, &v))
        return literal(p, v, out);
    if (t->kind == TOKEN_WORD && str_is(t->text, "月集合"))
        return parse_expression(p, out);
    if (t->kind == TOKEN_WORD && !law_is_keyword(t->text)) {
        int status = new_expr(p, EXPR_REFER, t->at, out);
        if (status == OK)
            (*out)->name = parse_next(p)->text;
        return status;
    }
    return parse_expected(p, "VALUE");
}

/* ---- functions and aggregates ------------------------------------------------------------- */

struct function {
    const char *name;
    enum builtin op;
    unsigned least;
    unsigned most;
};

static const struct function *function_find(struct str name)
{
    static const struct function functions[] = {
        {"切捨", OP_FLOOR, 2, 2},
        {"切上", OP_CEILING, 2, 2},
        {"四捨五入", OP_HALF_UP, 2, 2},
        {"大きい方", OP_LARGER, 2, ARGUMENTS_MAX},
        {"小さい方", OP_SMALLER, 2, ARGUMENTS_MAX},
        {"定めあり", OP_IS_SET, 1, 1},
        {"月以後", OP_MONTHS_FROM, 1, 1},
        {"月前", OP_MONTHS_BEFORE, 1, 1},
        {"月範囲", OP_MONTH_RANGE, 3, 3},
        {"共通", OP_COMMON, 2, ARGUMENTS_MAX},
        {"合併", OP_UNITE, 2, ARGUMENTS_MAX},
        {"除く", OP_WITHOUT, 2, 2},
        {"月数", OP_MONTH_COUNT, 1, 1},
        {"重なる", OP_OVERLAP, 2, 2},
        {"月集合", OP_MONTHS_OF, 1, 12},
        {"前日", OP_DAY_BEFORE, 1, 1},
        {"翌日", OP_DAY_AFTER, 1, 1},
        {"年齢到達日", OP_AGE_REACHED, 2, 2},
        {"誕生日", OP_BIRTHDAY, 2, 2},
        {"日付", OP_DATE, 3, 3},
        {"月の日", OP_DAY_OF_MONTH, 2, 2},
        {"年度の", OP_FISCAL_YEAR_OF, 1, 1},
        {"翌開庁日", OP_NEXT_OPEN, 1, 1},
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (str_is(name, functions[i].name))
            return &functions[i];
    return NULL;
}

static bool aggregate_find(struct str name, enum builtin *op)
{
    static const struct {
        const char *name;
        enum builtin op;
    } aggregates[] = {{"合計", OP_SUM}, {"件数", OP_COUNT}, {"ある", OP_ANY},
                      {"最大", OP_MAX}, {"最小", OP_MIN},   {"合併", OP_UNION}};
    for (size_t i = 0; i < sizeof aggregates / sizeof aggregates[0]; i++) {
        if (str_is(name, aggregates[i].name)) {
            *op = aggregates[i].op;
            return true;
        }
    }
    return false;
}

/* 合計 "(" SCOPE [ "のうち" condition ] [ ":" expression ] ")" */
static int parse_aggregate(struct parser *p, enum builtin op, struct expr **out)
{
    const struct token *t = parse_next(p);
    struct expr *what = NULL, *condition = NULL;
    int status = new_expr(p, EXPR_AGGREGATE, t->at, out);
    if (status < 0 || (status = parse_want_sign(p, '(')) < 0)
        return status;
    (*out)->op = op;
    if ((status = parse_want_name(p, &(*out)->name)) < 0)
        return status;
    if (parse_take_word(p, "のうち") && (status = parse_or(p, &condition)) < 0)
        return status;
    if (op != OP_COUNT && op != OP_ANY) {
        if ((status = parse_want_sign(p, ':')) < 0 || (status = parse_expression(p, &what)) < 0)
            return status;
    }
    if ((status = add_argument(p, *out, what)) < 0 ||
        (status = add_argument(p, *out, condition)) < 0)
        return status;
    return parse_want_sign(p, ')');
}

/* NAME "(" expression { "," expression } ")"; the arguments of functions and of stepped values. */
static int parse_call(struct parser *p, const struct function *f, struct expr **out)
{
    const struct token *t = parse_next(p);
    int status = new_expr(p, f ? EXPR_CALL : EXPR_TABLE, t->at, out);
    if (status < 0 || (status = parse_want_sign(p, '(')) < 0)
        return status;
    (*out)->name = t->text;
    (*out)->op = f ? f->op : OP_KINDS;
    do {
        struct expr *argument;
        if ((status = parse_expression(p, &argument)) < 0 ||
            (status = add_argument(p, *out, argument)) < 0)
            return status;
    } while (parse_take_sign(p, ','));
    unsigned least = f ? f->least : 1, most = f ? f->most : 1;
    if ((*out)->n < least || (*out)->n > most)
        return law_fail_at(p->cx, p->r, t->at, "law.parse.count", "name=" STR_FMT " want=%u got=%u",
                           STR_ARG(t->text), least, (*out)->n);
    return parse_want_sign(p, ')');
}

static bool aggregate_ahead(const struct parser *p, enum builtin *op)
{
    const struct token *t = parse_peek(p);
    if (!aggregate_find(t->text, op) || p->token[p->at + 1].kind != TOKEN_SIGN ||
        p->token[p->at + 1].sign != '(')
        return false;
    if (*op == OP_SUM || *op == OP_COUNT || *op == OP_ANY || *op == OP_MAX || *op == OP_MIN)
        return true;
    const struct token *after = &p->token[p->at + 2]; /* 合併(SCOPE : ...) or 合併(a, b) */
    if (after->kind != TOKEN_WORD)
        return false;
    after++;
    return (after->kind == TOKEN_WORD && str_is(after->text, "のうち")) ||
           (after->kind == TOKEN_SIGN && after->sign == ':');
}

/* NAME "(" NAME ")" is a reference with its index; anything else in the brackets an argument. */
static bool index_ahead(const struct parser *p)
{
    const struct token *t = parse_peek(p);
    const struct symbol *s;
    if (t[1].kind != TOKEN_SIGN || t[1].sign != '(' || t[2].kind != TOKEN_WORD ||
        t[3].kind != TOKEN_SIGN || t[3].sign != ')')
        return false;
    s = law_symbol_find(p->r, t[2].text);
    return s && (s->kind == SYMBOL_WORD || s->kind == SYMBOL_CHOICE);
}

static int parse_name_primary(struct parser *p, struct expr **out)
{
    const struct token *t = parse_peek(p);
    struct law_value v;
    enum builtin op;
    bool bracket = t[1].kind == TOKEN_SIGN && t[1].sign == '(';
    if (aggregate_ahead(p, &op))
        return parse_aggregate(p, op, out);
    const struct function *f = bracket ? function_find(t->text) : NULL;
    if (f)
        return parse_call(p, f, out);
    if (word_value(t->text, &v))
        return literal(p, v, out);
    if (parse_take_word(p, "年度"))
        return new_expr(p, EXPR_YEAR, t->at, out);
    if (bracket && !index_ahead(p) && !law_is_keyword(t->text))
        return parse_call(p, NULL, out);
    return parse_reference(p, out);
}

static int parse_primary(struct parser *p, struct expr **out)
{
    const struct token *t = parse_peek(p);
    if (t->kind == TOKEN_NUMBER || t->kind == TOKEN_DATE)
        return literal(p, t->value, out);
    if (t->kind == TOKEN_WORD)
        return parse_name_primary(p, out);
    if (!parse_take_sign(p, '('))
        return parse_expected(p, "EXPRESSION");
    int status = parse_expression(p, out);
    return status < 0 ? status : parse_want_sign(p, ')');
}

/* primary { "でない" | "なければ" primary } */
static int parse_postfix(struct parser *p, struct expr **out)
{
    int status = parse_primary(p, out);
    while (status == OK) {
        const struct token *t = parse_peek(p);
        struct expr *other = NULL, *a = *out;
        if (parse_take_word(p, "でない")) {
            status = call2(p, OP_NOT, t, a, NULL, out);
        } else if (parse_take_word(p, "なければ")) {
            status = parse_primary(p, &other);
            if (status == OK)
                status = call2(p, OP_IF_NONE, t, a, other, out);
        } else {
            break;
        }
    }
    return status;
}

static int parse_unary(struct parser *p, struct expr **out)
{
    const struct token *t = parse_peek(p);
    if (!parse_take_sign(p, '-'))
        return parse_postfix(p, out);
    struct expr *a;
    int status = parse_postfix(p, &a);
    return status < 0 ? status : call2(p, OP_NEG, t, a, NULL, out);
}

struct level {
    int sign;
    const char *word;
    enum builtin op;
};

/* One precedence level of left-associative operators. */
static int parse_level(struct parser *p, const struct level *levels, size_t n,
                       int (*next)(struct parser *, struct expr **), struct expr **out)
{
    int status = next(p, out);
    while (status == OK) {
        const struct token *t = parse_peek(p);
        size_t i = 0;
        while (i < n && !(levels[i].word ? parse_take_word(p, levels[i].word)
                                         : parse_take_sign(p, levels[i].sign)))
            i++;
        if (i == n)
            break;
        struct expr *a = *out, *b;
        status = next(p, &b);
        if (status == OK)
            status = call2(p, levels[i].op, t, a, b, out);
    }
    return status;
}

static int parse_product(struct parser *p, struct expr **out)
{
    static const struct level levels[] = {{'*', NULL, OP_MUL}, {'/', NULL, OP_DIV}};
    return parse_level(p, levels, 2, parse_unary, out);
}

static int parse_sum(struct parser *p, struct expr **out)
{
    static const struct level levels[] = {{'+', NULL, OP_ADD}, {'-', NULL, OP_SUB}};
    return parse_level(p, levels, 2, parse_product, out);
}

/* At most one comparison: a < b < c is not a sentence of this language. */
static int parse_comparison(struct parser *p, struct expr **out)
{
    static const struct level levels[] = {{'=', NULL, OP_EQ},
                                          {SIGN2('<', '>'), NULL, OP_NE},
                                          {SIGN2('<', '='), NULL, OP_LE},
                                          {SIGN2('>', '='), NULL, OP_GE},
                                          {'<', NULL, OP_LT},
                                          {'>', NULL, OP_GT}};
    int status = parse_sum(p, out);
    if (status < 0)
        return status;
    const struct token *t = parse_peek(p);
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        if (!parse_take_sign(p, levels[i].sign))
            continue;
        struct expr *a = *out, *b;
        status = parse_sum(p, &b);
        return status < 0 ? status : call2(p, levels[i].op, t, a, b, out);
    }
    return OK;
}

static int parse_and(struct parser *p, struct expr **out)
{
    static const struct level levels[] = {{0, "かつ", OP_AND}};
    return parse_level(p, levels, 1, parse_comparison, out);
}

static int parse_or(struct parser *p, struct expr **out)
{
    static const struct level levels[] = {{0, "または", OP_OR}};
    return parse_level(p, levels, 1, parse_and, out);
}

/* 場合 condition なら value ... 他 value */
static int parse_choice(struct parser *p, struct expr **out)
{
    int status = new_expr(p, EXPR_CASE, parse_next(p)->at, out);
    while (status == OK && !parse_take_word(p, "他")) {
        struct expr *condition, *value;
        if ((status = parse_or(p, &condition)) < 0 || (status = parse_want_word(p, "なら")) < 0 ||
            (status = parse_expression(p, &value)) < 0 ||
            (status = add_argument(p, *out, condition)) < 0)
            return status;
        status = add_argument(p, *out, value);
    }
    struct expr *other;
    if (status < 0 || (status = parse_expression(p, &other)) < 0)
        return status;
    return add_argument(p, *out, other);
}

int parse_expression(struct parser *p, struct expr **out)
{
    if (p->depth >= DEPTH_MAX)
        return law_fail_at(p->cx, p->r, parse_peek(p)->at, "law.parse.depth", "maximum=%d",
                           DEPTH_MAX);
    p->depth++;
    int status = parse_is_word(p, "場合") ? parse_choice(p, out) : parse_or(p, out);
    p->depth--;
    return status;
}
