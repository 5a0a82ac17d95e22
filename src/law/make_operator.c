#include "law/apply.h"
#include "law/plan.h"

#include <stdlib.h>

enum { ARGUMENTS_FOLDED = ARGUMENTS_MAX + 1 };

static struct operand constant(struct law_value v)
{
    return (struct operand){.constant = true,
                            .value = v,
                            .reg = -1,
                            .scope = LAW_ROOT_SCOPE,
                            .den = v.den,
                            .type = v.type};
}

static int fold(struct maker *m, const struct expr *e, enum builtin op, const struct operand *o,
                size_t n, struct operand *out)
{
    struct law_value value[ARGUMENTS_FOLDED], result;
    for (size_t i = 0; i < n; i++)
        value[i] = o[i].value;
    value[n] = law_value_of(LAW_COUNT, m->p->fiscal_year);
    bool dated = op == OP_MONTHS_FROM || op == OP_MONTHS_BEFORE || op == OP_MONTH_RANGE ||
                 op == OP_DAY_OF_MONTH;
    if (!law_apply(op, value, dated ? n + 1 : n, &result))
        return plan_fail(m, e->at, "law.plan.range", NULL);
    if (!result.none)
        result.type = e->type.base == LAW_TRUTH ? result.type : e->type.base;
    *out = constant(result);
    return OK;
}

/* One instruction over one or two values; a constant second one goes into k. */
static int emit_two(struct maker *m, enum opcode op, struct operand a, struct operand b,
                    struct operand *out)
{
    struct instruction i = {.op = op, .b = -1, .c = -1};
    int status = make_scope_of(m, &a, &b, &i.scope);
    if (status < 0 || (status = make_gather(m, &a, i.scope)) < 0 ||
        (status = make_gather(m, &b, i.scope)) < 0)
        return status;
    i.a = a.reg;
    i.b = b.constant ? -1 : b.reg;
    i.k = b.constant ? b.value.num : 0;
    *out = (struct operand){.scope = i.scope, .den = a.den, .type = a.type};
    return plan_emit(m, i, &out->reg);
}

static int emit_one(struct maker *m, struct instruction i, const struct operand *a,
                    struct operand *out)
{
    i.scope = a->scope;
    i.a = a->reg;
    i.b = i.c = -1;
    *out = (struct operand){.scope = a->scope, .den = 1, .type = a->type};
    return plan_emit(m, i, &out->reg);
}

/* ---- sums, products ----------------------------------------------------------------------- */

static enum opcode turned(enum opcode op)
{
    switch ((int)op) {
    case I_LT:
        return I_GT;
    case I_LE:
        return I_GE;
    case I_GT:
        return I_LT;
    case I_GE:
        return I_LE;
    case I_SUB:
        return I_RSUB;
    default:
        return op;
    }
}

/* Operators that need one denominator on both sides. */
static int make_same_parts(struct maker *m, const struct expr *e, enum opcode op, struct operand a,
                           struct operand b, struct operand *out)
{
    int status = make_alike(m, e, &a, &b);
    if (status < 0)
        return status;
    int64_t den = a.den;
    if (a.constant)
        status = emit_two(m, turned(op), b, a, out);
    else
        status = emit_two(m, op, a, b, out);
    out->den = den;
    return status;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int check_parts(struct maker *m, const struct expr *e, int128 den)
{
    return den > 0 && den < YEN_LIMIT ? OK : plan_fail(m, e->at, "law.plan.parts", NULL);
}

/* A column times a constant ratio: the numerators shrink by what both have in common. */
static int make_scaled(struct maker *m, const struct expr *e, struct operand a, struct law_value k,
                       struct operand *out)
{
    int64_t shared = common_divisor(k.num, a.den);
    if (k.num == 0) {
        *out = constant(law_value_of(e->type.base, 0));
        return OK;
    }
    int status = check_parts(m, e, (int128)(a.den / shared) * k.den);
    int64_t factor = k.num / shared;
    *out = a;
    out->is_month_count = false;
    if (status == OK && factor != 1)
        status =
            plan_emit(m,
                      (struct instruction){
                          .op = I_MUL, .scope = a.scope, .a = a.reg, .b = -1, .c = -1, .k = factor},
                      &out->reg);
    out->den = status == OK ? a.den / shared * k.den : 1;
    return status;
}

static int make_product(struct maker *m, const struct expr *e, struct operand a, struct operand b,
                        struct operand *out)
{
    if (a.constant)
        return make_scaled(m, e, b, a.value, out);
    if (b.constant)
        return make_scaled(m, e, a, b.value, out);
    int64_t den = 1;
    int status = check_parts(m, e, (int128)a.den * b.den);
    if (status == OK) {
        den = a.den * b.den;
        status = emit_two(m, I_MUL, a, b, out);
    }
    out->den = den;
    return status;
}

/* By a constant, or by a number of months (1 to 12), whose inverse has a known denominator. */
static int make_quotient(struct maker *m, const struct expr *e, struct operand a, struct operand b,
                         struct operand *out)
{
    if (b.constant) {
        if (b.value.num == 0)
            return plan_fail(m, e->at, "law.plan.zero", NULL);
        struct law_value k = b.value;
        int64_t sign = k.num < 0 ? -1 : 1;
        k.num = sign * b.value.den;
        k.den = sign * b.value.num;
        return make_scaled(m, e, a, k, out);
    }
    if (!b.is_month_count || b.den != 1)
        return plan_fail(m, e->at, "law.plan.divisor", NULL);
    int status = emit_one(m, (struct instruction){.op = I_PER_MONTHS}, &b, &b);
    b.den = PER_MONTHS;
    return status < 0 ? status : make_product(m, e, a, b, out);
}

static int make_arithmetic(struct maker *m, const struct expr *e, struct operand *o,
                           struct operand *out)
{
    switch ((int)e->op) {
    case OP_ADD:
        return make_same_parts(m, e, I_ADD, o[0], o[1], out);
    case OP_SUB:
        return make_same_parts(m, e, I_SUB, o[0], o[1], out);
    case OP_NEG:
        return make_scaled(m, e, o[0], law_value_of(LAW_COUNT, -1), out);
    case OP_MUL:
        return make_product(m, e, o[0], o[1], out);
    default:
        return make_quotient(m, e, o[0], o[1], out);
    }
}

/* ---- rounding ----------------------------------------------------------------------------- */

static enum rounding rounding_of(enum builtin op)
{
    return op == OP_FLOOR ? ROUND_FLOOR : op == OP_CEILING ? ROUND_CEILING : ROUND_HALF_UP;
}

static int make_rounding(struct maker *m, const struct expr *e, struct operand *o,
                         struct operand *out)
{
    struct law_value unit = o[1].value;
    if (!o[1].constant || unit.den != 1 || unit.num <= 0)
        return plan_fail(m, e->arg[1]->at, "law.plan.unit", NULL);
    if (o[0].den == 1 && unit.num == 1) {
        *out = o[0];
        return OK;
    }
    int status = check_parts(m, e, (int128)o[0].den * unit.num);
    if (status < 0)
        return status;
    return emit_one(m,
                    (struct instruction){.op = I_ROUND,
                                         .mode = rounding_of(e->op),
                                         .k = o[0].den * unit.num,
                                         .k2 = unit.num},
                    &o[0], out);
}

/* 切捨(a / b, unit) where b differs from row to row. */
static int make_divided(struct maker *m, const struct expr *e, struct operand a, struct operand b,
                        struct operand unit, struct operand *out)
{
    int status = OK;
    if (!unit.constant || unit.value.den != 1 || unit.value.num <= 0)
        return plan_fail(m, e->arg[1]->at, "law.plan.unit", NULL);
    if ((status = check_parts(m, e, (int128)a.den * unit.value.num)) < 0)
        return status;
    struct instruction i = {.op = I_ROUND_DIV,
                            .mode = rounding_of(e->op),
                            .c = -1,
                            .k = a.den * unit.value.num,
                            .k2 = unit.value.num};
    if (b.den != 1)
        status = make_scaled(m, e, a, law_value_of(LAW_COUNT, b.den), &a);
    if (status < 0 || (status = make_scope_of(m, &a, &b, &i.scope)) < 0 ||
        (status = make_column(m, &a, i.scope)) < 0 || (status = make_gather(m, &b, i.scope)) < 0)
        return status;
    i.a = a.reg;
    i.b = b.reg;
    *out = (struct operand){.scope = i.scope, .den = 1, .type = e->type.base};
    return plan_emit(m, i, &out->reg);
}

/* True when it was such a division. */
static int try_divided(struct maker *m, const struct expr *e, bool *done, struct operand *out)
{
    const struct expr *x = e->arg[0];
    struct operand a, b, unit;
    *done = false;
    if (x->kind != EXPR_CALL || x->op != OP_DIV)
        return OK;
    int status = make_expression(m, x->arg[1], &b);
    if (status < 0 || b.constant || b.is_month_count)
        return status;
    *done = true;
    if ((status = make_expression(m, x->arg[0], &a)) < 0 ||
        (status = make_expression(m, e->arg[1], &unit)) < 0)
        return status;
    return make_divided(m, e, a, b, unit, out);
}

/* ---- comparisons, truths, month sets ------------------------------------------------------ */

static enum opcode opcode_of(enum builtin op)
{
    switch ((int)op) {
    case OP_EQ:
        return I_EQ;
    case OP_NE:
        return I_NE;
    case OP_LT:
        return I_LT;
    case OP_LE:
        return I_LE;
    case OP_GT:
        return I_GT;
    case OP_GE:
        return I_GE;
    case OP_AND:
    case OP_COMMON:
        return I_AND;
    case OP_OR:
    case OP_UNITE:
        return I_OR;
    case OP_WITHOUT:
        return I_ANDNOT;
    case OP_LARGER:
        return I_MAX;
    default:
        return I_MIN;
    }
}

/* A truth or month set that settles the matter alone, or changes nothing. */
static bool absorbs(enum builtin op, const struct operand *a, struct operand *b)
{
    int64_t full = b->type == LAW_MONTHS || a->type == LAW_MONTHS ? 0xFFF : 1;
    if (!a->constant)
        return false;
    bool meets = op == OP_AND || op == OP_COMMON;
    if (a->value.num == (meets ? 0 : full)) {
        *b = *a;
        return true;
    }
    return a->value.num == (meets ? full : 0);
}

/* a かつ b, 合併(a, b, c): constants settle it before anything else is made. */
static int make_joined(struct maker *m, const struct expr *e, struct operand *out)
{
    int status = make_expression(m, e->arg[0], out);
    for (uint32_t i = 1; i < e->n && status == OK; i++) {
        struct operand next, before = *out;
        bool meets = e->op == OP_AND || e->op == OP_COMMON;
        int64_t full = e->type.base == LAW_MONTHS ? 0xFFF : 1;
        if (before.constant && before.value.num == (meets ? 0 : full))
            return OK;
        if ((status = make_expression(m, e->arg[i], &next)) < 0)
            return status;
        if (before.constant && next.constant) {
            struct operand both[2] = {before, next};
            status = fold(m, e, e->op, both, 2, out);
        } else if (absorbs(e->op, &before, &next)) {
            *out = next;
        } else if (absorbs(e->op, &next, out)) {
            continue;
        } else if (before.constant) {
            status = emit_two(m, opcode_of(e->op), next, before, out);
        } else {
            status = emit_two(m, opcode_of(e->op), before, next, out);
        }
    }
    return status;
}

static int make_without(struct maker *m, struct operand *o, struct operand *out)
{
    if (o[0].constant) {
        struct operand rest;
        struct instruction i = {.op = I_ANDNOT};
        int status = make_column(m, &o[0], o[1].scope);
        i.scope = o[1].scope;
        rest = o[0];
        return status < 0 ? status : emit_two(m, i.op, rest, o[1], out);
    }
    return emit_two(m, I_ANDNOT, o[0], o[1], out);
}

static int make_extreme(struct maker *m, const struct expr *e, struct operand *o,
                        struct operand *out)
{
    *out = o[0];
    int status = OK;
    for (uint32_t i = 1; i < e->n && status == OK; i++) {
        struct operand before = *out, both[2] = {before, o[i]};
        if (before.constant && o[i].constant)
            status = fold(m, e, e->op, both, 2, out);
        else
            status = make_same_parts(m, e, opcode_of(e->op), before, o[i], out);
    }
    return status;
}

static int make_compare(struct maker *m, const struct expr *e, struct operand *o,
                        struct operand *out)
{
    int status = make_same_parts(m, e, opcode_of(e->op), o[0], o[1], out);
    out->den = 1;
    out->type = LAW_TRUTH;
    return status;
}

/* ---- functions ---------------------------------------------------------------------------- */

static int want_constant(struct maker *m, const struct expr *e, const struct operand *o)
{
    return o->constant ? OK : plan_fail(m, e->at, "law.plan.constant", NULL);
}

static int make_function(struct maker *m, const struct expr *e, struct operand *o,
                         struct operand *out)
{
    static const struct {
        enum builtin op;
        enum opcode code;
        int64_t k;
        enum law_type type;
    } table[] = {
        {OP_MONTHS_FROM, I_MONTHS_FROM, 0, LAW_MONTHS},
        {OP_MONTHS_BEFORE, I_MONTHS_BEFORE, 0, LAW_MONTHS},
        {OP_MONTH_RANGE, I_MONTH_RANGE, 0, LAW_MONTHS},
        {OP_MONTH_COUNT, I_MONTH_COUNT, 0, LAW_COUNT},
        {OP_DAY_BEFORE, I_SHIFT_DAY, -1, LAW_DATE},
        {OP_DAY_AFTER, I_SHIFT_DAY, 1, LAW_DATE},
        {OP_AGE_REACHED, I_AGE_REACHED, 0, LAW_DATE},
        {OP_BIRTHDAY, I_BIRTHDAY, 0, LAW_DATE},
        {OP_FISCAL_YEAR_OF, I_FISCAL_YEAR_OF, 0, LAW_COUNT},
        {OP_NEXT_OPEN, I_NEXT_OPEN, 0, LAW_DATE},
        {OP_NOT, I_NOT, 0, LAW_TRUTH},
    };
    int status = OK;
    for (uint32_t i = 1; i < e->n && status == OK; i++)
        status = want_constant(m, e->arg[i], &o[i]);
    for (size_t i = 0; i < sizeof table / sizeof table[0] && status == OK; i++) {
        if (table[i].op != e->op)
            continue;
        struct instruction x = {.op = table[i].code,
                                .k = e->n > 1 ? o[1].value.num : table[i].k,
                                .k2 = e->n > 2 ? o[2].value.num : 0};
        status = emit_one(m, x, &o[0], out);
        out->type = table[i].type;
        out->is_month_count = e->op == OP_MONTH_COUNT;
        return status;
    }
    return status < 0 ? status : plan_fail(m, e->at, "law.plan.constant", NULL);
}

/* なし is a value, 未定 is none: no amount may be computed from it. */
static int left_open(struct maker *m, const struct expr *e)
{
    struct str name = e->item >= 0 ? m->p->r->item[e->item].name : e->name;
    return plan_fail(m, e->at, "law.plan.unset", "name=" STR_FMT " year=%d", STR_ARG(name),
                     m->p->fiscal_year);
}

static int make_if_none(struct maker *m, const struct expr *e, struct operand *out)
{
    struct operand a, b;
    m->may_be_none = true;
    int status = make_expression(m, e->arg[0], &a);
    if (status < 0)
        return status;
    if (a.constant && !a.value.none) {
        *out = a;
        return OK;
    }
    if (a.constant && a.value.num == VALUE_LEFT_OPEN)
        return left_open(m, e->arg[0]);
    if ((status = make_expression(m, e->arg[1], &b)) < 0 || a.constant) {
        *out = b;
        return status;
    }
    struct instruction i = {.op = I_IF_NONE, .c = -1, .k = b.den};
    if ((status = make_scope_of(m, &a, &b, &i.scope)) < 0 ||
        (status = make_gather(m, &a, i.scope)) < 0 || (status = make_gather(m, &b, i.scope)) < 0)
        return status;
    i.a = a.reg;
    i.b = b.constant ? -1 : b.reg;
    i.k2 = b.constant ? b.value.num : 0;
    *out = (struct operand){.scope = i.scope, .den = b.den, .type = a.type};
    return plan_emit(m, i, &out->reg);
}

static int make_is_set(struct maker *m, const struct expr *e, struct operand *out)
{
    struct operand a;
    m->may_be_none = true;
    int status = make_expression(m, e->arg[0], &a);
    if (status < 0)
        return status;
    if (a.constant && a.value.none && a.value.num == VALUE_LEFT_OPEN)
        return left_open(m, e->arg[0]);
    if (a.constant)
        return fold(m, e, OP_IS_SET, &a, 1, out);
    status = emit_one(m, (struct instruction){.op = I_IS_SET}, &a, out);
    out->type = LAW_TRUTH;
    return status;
}

static int make_operator(struct maker *m, const struct expr *e, struct operand *o,
                         struct operand *out)
{
    switch ((int)e->op) {
    case OP_ADD:
    case OP_SUB:
    case OP_NEG:
    case OP_MUL:
    case OP_DIV:
        return make_arithmetic(m, e, o, out);
    case OP_FLOOR:
    case OP_CEILING:
    case OP_HALF_UP:
        return make_rounding(m, e, o, out);
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE:
        return make_compare(m, e, o, out);
    case OP_LARGER:
    case OP_SMALLER:
        return make_extreme(m, e, o, out);
    case OP_WITHOUT:
        return make_without(m, o, out);
    case OP_OVERLAP: {
        int status = make_joined(m,
                                 &(struct expr){.op = OP_COMMON,
                                                .arg = e->arg,
                                                .n = 2,
                                                .at = e->at,
                                                .type = {LAW_MONTHS, -1}},
                                 out);
        if (status < 0 || out->constant) {
            if (status == OK)
                *out = constant(law_value_of(LAW_TRUTH, out->value.num != 0));
            return status;
        }
        struct operand zero = constant(law_value_of(LAW_MONTHS, 0)), set = *out;
        status = emit_two(m, I_NE, set, zero, out);
        out->type = LAW_TRUTH;
        return status;
    }
    default:
        return make_function(m, e, o, out);
    }
}

int make_call(struct maker *m, const struct expr *e, struct operand *out)
{
    bool done, all_constant = true;
    int status;
    if (e->op == OP_AND || e->op == OP_OR || e->op == OP_COMMON || e->op == OP_UNITE)
        return make_joined(m, e, out);
    if (e->op == OP_IF_NONE)
        return make_if_none(m, e, out);
    if (e->op == OP_IS_SET)
        return make_is_set(m, e, out);
    if (e->op == OP_FLOOR || e->op == OP_CEILING || e->op == OP_HALF_UP) {
        if ((status = try_divided(m, e, &done, out)) < 0 || done)
            return status;
    }
    struct operand *o = ARENA_ARRAY(m->cx->arena, e->n, struct operand);
    if (!o)
        return fail(m->cx, ERR_MEMORY, "law.memory", NULL);
    for (uint32_t i = 0; i < e->n; i++) {
        if ((status = make_expression(m, e->arg[i], &o[i])) < 0)
            return status;
        all_constant = all_constant && o[i].constant;
    }
    return all_constant ? fold(m, e, e->op, o, e->n, out) : make_operator(m, e, o, out);
}
