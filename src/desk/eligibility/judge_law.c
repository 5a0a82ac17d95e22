/* Judgement: from members to the rules' columns, and from the rules' results to judgements. */
#include "desk/eligibility/judge_unit.h"
#include "desk/eligibility/judge_write.h"

#include <stdlib.h>
#include <string.h>

struct str judge_goal(void)
{
    return STR("負担判定");
}

struct str judge_member_scope(void)
{
    return STR("世帯員");
}

enum member_word {
    WORD_BORN,
    WORD_HEAD,
    WORD_INSURED,
    WORD_SPECIAL,
    WORD_KNOWN,
    WORD_SALARY,
    WORD_SALARY_INCOME,
    WORD_PENSION,
    WORD_PENSION_INCOME,
    WORD_OTHER,
    WORD_FORESTRY,
    WORD_SEPARATE,
    WORD_SEPARATE_DEDUCTION,
    WORD_NET_LOSS,
    WORD_CASUALTY_LOSS,
    WORD_FAMILY_PAID,
    WORD_FAMILY_RECEIVED,
    WORD_ADJUSTED,
    WORD_HAS_TAXABLE,
    WORD_TAXABLE,
    WORD_TAX_STATE,
    WORD_TOTAL_INCOME,
    WORD_HAS_CLAIM,
    WORD_CLAIMED,
    WORD_LEFT_WORK,
    WORD_LEFT_REASON,
    WORD_MONTH,
    WORD_MONTH_END,
    WORDS
};
static const char *const fact_names[WORDS] = {
    [WORD_BORN] = "生年月日",
    [WORD_HEAD] = "世帯主",
    [WORD_INSURED] = "負担判定の被保険者",
    [WORD_SPECIAL] = "負担判定の特定同一",
    [WORD_KNOWN] = "所得把握",
    [WORD_SALARY] = "給与収入",
    [WORD_SALARY_INCOME] = "給与所得決定額",
    [WORD_PENSION] = "公的年金等収入",
    [WORD_PENSION_INCOME] = "年金所得決定額",
    [WORD_OTHER] = "その他所得",
    [WORD_FORESTRY] = "山林所得",
    [WORD_SEPARATE] = "分離譲渡所得",
    [WORD_SEPARATE_DEDUCTION] = "譲渡特別控除額",
    [WORD_NET_LOSS] = "純損失繰越控除額",
    [WORD_CASUALTY_LOSS] = "雑損失繰越控除額",
    [WORD_FAMILY_PAID] = "専従者控除額",
    [WORD_FAMILY_RECEIVED] = "専従者給与収入",
    [WORD_ADJUSTED] = "所得金額調整控除対象",
    [WORD_HAS_TAXABLE] = "課税所得把握",
    [WORD_TAXABLE] = "住民税課税所得",
    [WORD_TAX_STATE] = "住民税区分",
    [WORD_TOTAL_INCOME] = "合計所得金額決定額",
    [WORD_HAS_CLAIM] = "基準収入額の申請",
    [WORD_CLAIMED] = "申請の収入額",
    [WORD_LEFT_WORK] = "離職日",
    [WORD_LEFT_REASON] = "離職理由コード",
    [WORD_MONTH] = "負担判定月",
    [WORD_MONTH_END] = "負担判定月末",
};

enum result_word { RESULT_ELDERLY, RESULT_SHARE, RESULT_DIVISION, RESULTS };
static const char *const result_names[RESULTS] = {"前期高齢者区分", "負担割合", "限度額区分"};

struct bench {
    struct work *w;
    const struct plan *plan;
    const struct judge_units *u;
    struct facts *facts;
    struct evaluation *evaluation;
    int field[WORDS];
    int result[RESULTS];
    int member_scope, left_scope;
    int rc; /* sticky, while filling */
};

/* --- filling --------------------------------------------------------------------------------- */

static void put(struct bench *b, enum member_word word, int row, int64_t value)
{
    if (b->rc >= 0)
        b->rc = facts_set(&b->w->cx, b->facts, b->field[word], row, value);
}

static void put_yen(struct bench *b, enum member_word word, int row, struct yen value)
{
    if (value.n != 0)
        put(b, word, row, value.n);
}

static void put_flag(struct bench *b, enum member_word word, int row, bool value)
{
    if (value)
        put(b, word, row, 1);
}

static int add(struct bench *b, int scope, int parent)
{
    const int row = b->rc < 0 ? b->rc : facts_add(&b->w->cx, b->facts, scope, parent);

    if (row < 0)
        b->rc = row;
    return row;
}

static void fill_tax(struct bench *b, int row, const struct tax_fact *t)
{
    put(b, WORD_KNOWN, row, t->is_known);
    put_yen(b, WORD_SALARY, row, t->salary_revenue);
    put_yen(b, WORD_PENSION, row, t->pension_revenue);
    if (t->has_salary_income)
        put(b, WORD_SALARY_INCOME, row, t->salary_income.n);
    if (t->has_pension_income)
        put(b, WORD_PENSION_INCOME, row, t->pension_income.n);
    put_yen(b, WORD_OTHER, row, t->other_income);
    put_yen(b, WORD_FORESTRY, row, t->forestry_income);
    put_yen(b, WORD_SEPARATE, row, t->separate_income);
    put_yen(b, WORD_SEPARATE_DEDUCTION, row, t->separate_deduction);
    put_yen(b, WORD_NET_LOSS, row, t->net_loss);
    put_yen(b, WORD_CASUALTY_LOSS, row, t->casualty_loss);
    put_yen(b, WORD_FAMILY_PAID, row, t->family_paid);
    put_yen(b, WORD_FAMILY_RECEIVED, row, t->family_received);
    put_flag(b, WORD_ADJUSTED, row, t->is_adjusted);
    put_flag(b, WORD_HAS_TAXABLE, row, t->has_taxable);
    put_yen(b, WORD_TAXABLE, row, t->taxable);
    if (t->state != TAX_UNKNOWN)
        put(b, WORD_TAX_STATE, row, (int64_t)t->state);
    if (t->has_total_income)
        put(b, WORD_TOTAL_INCOME, row, t->total_income.n);
}

static void fill_member(struct bench *b, int household, size_t at)
{
    const struct judge_member *m = &b->u->members[at];
    const struct tax_fact *t = &b->u->taxes[at];
    const int row = add(b, b->member_scope, household);

    put(b, WORD_BORN, row, ymd_is_none(t->birth) ? LAW_NO_DATE : t->birth.day);
    put_flag(b, WORD_HEAD, row, m->is_head);
    put_flag(b, WORD_INSURED, row, m->is_insured);
    put_flag(b, WORD_SPECIAL, row, m->is_special);
    put_flag(b, WORD_HAS_CLAIM, row, m->has_claim);
    put_yen(b, WORD_CLAIMED, row, m->claimed);
    fill_tax(b, row, t);
    for (size_t i = 0; i < m->n_circumstances; i++) {
        const struct circumstance *c = &m->circumstances[i];
        if (c->kind != CIRCUMSTANCE_UNEMPLOYED || !unemployment_code_counts(c->code))
            continue;
        const int left = add(b, b->left_scope, row);
        put(b, WORD_LEFT_WORK, left, c->day.day);
        put(b, WORD_LEFT_REASON, left, c->code);
    }
}

static int fill(struct bench *b, size_t first, size_t count)
{
    const struct month month = ymd_month(b->u->day);

    facts_clear(b->facts);
    b->rc = OK;
    for (size_t i = first; i < first + count && b->rc >= 0; i++) {
        const int row = add(b, LAW_ROOT_SCOPE, 0);
        put(b, WORD_MONTH, row, month_first(month).day);
        put(b, WORD_MONTH_END, row, month_last(month).day);
        for (size_t k = 0; k < b->u->rows[i].n && b->rc >= 0; k++)
            fill_member(b, row, b->u->rows[i].first + k);
    }
    return b->rc;
}

/* --- reading --------------------------------------------------------------------------------- */

static int failed(struct bench *b, const struct judge_unit *unit, const struct law_failure *why)
{
    return fail(&b->w->cx, why->code, "eligibility.judge.law", "household_id=%lld " STR_FMT,
                (long long)unit->household_id, STR_ARG(why->definition));
}

/* row: of the first member in the member scope of the block. */
static int read_unit(struct bench *b, size_t at, int in_block, int row, struct judgement *out)
{
    const struct judge_unit *unit = &b->u->rows[at];
    struct law_failure why;
    struct text vector;

    if (evaluation_failed(b->evaluation, in_block, &why))
        return failed(b, unit, &why);
    out->household_id = unit->household_id;
    out->year = b->u->year;
    out->day = b->u->day;
    out->looked_from = b->u->known;
    out->rule_hash = *ruleset_hash(plan_ruleset(b->plan));
    out->inputs = judge_unit_digest(b->u, at);
    for (size_t i = 0; i < unit->n; i++) {
        const int r = row + (int)i;
        if (!b->u->members[unit->first + i].is_insured)
            continue;
        out->person[out->n++] = (struct judged){
            .person_id = b->u->members[unit->first + i].person_id,
            .elderly = (int)evaluation_value(b->evaluation, b->result[RESULT_ELDERLY], r),
            .share = (int)evaluation_value(b->evaluation, b->result[RESULT_SHARE], r),
            .division = (enum division)(
                evaluation_value(b->evaluation, b->result[RESULT_DIVISION], r) + 1)};
    }
    text_init(&vector, 1 << 20);
    int result = evaluation_explain(b->evaluation, in_block, &vector);
    out->explanation = str_copy(b->w->cx.arena, text_str(&vector));
    text_release(&vector);
    if (result >= 0 && !out->explanation.p)
        result = fail(&b->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    return result;
}

static int run_block(struct bench *b, size_t first, size_t count, struct judgement *out)
{
    int row = 0;
    int result = fill(b, first, count);

    if (result >= 0)
        result = evaluate(&b->w->cx, b->evaluation, 0, (int)count);
    for (size_t i = 0; i < count && result >= 0; i++) {
        memset(&out[i], 0, sizeof out[i]);
        result = read_unit(b, first + i, (int)i, row, &out[i]);
        row += (int)b->u->rows[first + i].n;
    }
    return result;
}

static int find_words(struct bench *b)
{
    struct context *cx = &b->w->cx;

    b->member_scope = facts_scope(cx, b->facts, judge_member_scope());
    b->left_scope = facts_scope(cx, b->facts, STR("離職"));
    if (b->member_scope < 0 || b->left_scope < 0)
        return ERR_NOT_FOUND;
    for (int i = 0; i < WORDS; i++) {
        b->field[i] = facts_field(cx, b->facts, str_of(fact_names[i]));
        if (b->field[i] < 0)
            return b->field[i];
    }
    for (int i = 0; i < RESULTS; i++) {
        b->result[i] = plan_result(cx, b->plan, str_of(result_names[i]));
        if (b->result[i] < 0)
            return b->result[i];
    }
    return OK;
}

int judge_units_run(struct work *w, const struct judge_units *u, const struct plan *plan,
                    struct judgement *out)
{
    struct bench b = {.w = w, .plan = plan, .u = u};
    int result = OK;

    if (!plan)
        result = judge_source_get()->plan(w, u->known, NULL, u->year, judge_goal(), &b.plan);
    if (result >= 0)
        result = facts_new(&w->cx, plan_ruleset(b.plan), NULL, 0, &b.facts);
    if (result >= 0)
        result = find_words(&b);
    if (result >= 0)
        result = evaluation_new(&w->cx, b.plan, b.facts, &b.evaluation);
    for (size_t at = 0; at < u->n && result >= 0; at += LAW_BLOCK)
        result = run_block(&b, at, u->n - at < LAW_BLOCK ? u->n - at : LAW_BLOCK, out + at);
    evaluation_release(b.evaluation);
    facts_release(b.facts);
    return result < 0 ? error_add(&w->cx, "judge %zu households", u->n) : OK;
}
