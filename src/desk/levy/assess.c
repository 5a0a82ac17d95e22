/* From units to the rules' columns, and from the rules' results to assessments. */
#include "desk/levy/assess.h"
#include "desk/levy/words.h"

#include <string.h>

/* --- life ------------------------------------------------------------------------------------ */

static int read_calendar(struct context *cx, const struct plan *plan, struct levy_schedule *out)
{
    const struct ruleset *rules = plan_ruleset(plan);
    int year = plan_fiscal_year(plan);
    struct law_value v;
    int rc = ruleset_value(cx, rules, year, STR("期数"), &v);
    if (rc < 0) {
        return rc;
    }
    if (v.num < 1 || v.num > LEVY_INSTALMENTS_MAX) {
        return fail(cx, ERR_RANGE, "levy.rules.instalments", "%lld", (long long)v.num);
    }
    *out = (struct levy_schedule){.n = (size_t)v.num};
    for (size_t i = 0; i < out->n; i++) {
        struct str name = str_format(cx->arena, "第%zu期.納期限", i + 1);
        rc = name.p ? ruleset_value(cx, rules, year, name, &v)
                    : fail(cx, ERR_MEMORY, "memory", NULL);
        if (rc < 0) {
            return rc;
        }
        if (v.none || v.num >= LAW_NO_DATE) {
            return fail(cx, ERR_RANGE, "levy.rules.instalments", STR_FMT, STR_ARG(name));
        }
        out->row[i] = (struct levy_instalment){.number = (int)i + 1, .due = {(int32_t)v.num}};
    }
    return 0;
}

int assessor_init(struct context *cx, struct assessor *a, const struct plan *plan)
{
    *a = (struct assessor){.plan = plan};
    a->words = ARENA_NEW(cx->arena, struct words);
    if (!a->words) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = facts_new(cx, plan_ruleset(plan), NULL, 0, &a->facts);
    if (rc >= 0) {
        rc = words_find(cx, plan, a->facts, a->words);
    }
    if (rc >= 0) {
        rc = read_calendar(cx, plan, &a->calendar);
    }
    if (rc >= 0) {
        rc = evaluation_new(cx, plan, a->facts, &a->evaluation);
    }
    if (rc < 0) {
        assessor_release(a);
    }
    return rc;
}

void assessor_release(struct assessor *a)
{
    evaluation_release(a->evaluation);
    if (!a->is_borrowed) {
        facts_release(a->facts);
    }
    *a = (struct assessor){0};
}

int assessor_borrow(struct context *cx, struct assessor *a, const struct assessor *owner,
                    const struct plan *plan)
{
    *a = (struct assessor){.plan = plan,
                           .facts = owner->facts,
                           .is_borrowed = true,
                           .filled = owner->filled,
                           .first = owner->first,
                           .count = owner->count};
    a->words = ARENA_NEW(cx->arena, struct words);
    if (!a->words) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = words_find(cx, plan, a->facts, a->words);
    if (rc >= 0) {
        rc = read_calendar(cx, plan, &a->calendar);
    }
    if (rc >= 0) {
        rc = evaluation_new(cx, plan, a->facts, &a->evaluation);
    }
    if (rc < 0) {
        assessor_release(a);
    }
    return rc;
}

/* --- facts ----------------------------------------------------------------------------------- */

struct fill {
    struct context *cx;
    struct facts *facts;
    const struct words *words;
    const struct population *p;
    int rc; /* sticky */
};

static void put(struct fill *f, enum fact_word word, int row, int64_t value)
{
    if (f->rc >= 0 && f->words->field[word] != NO_FIELD) {
        f->rc = facts_set(f->cx, f->facts, f->words->field[word], row, value);
    }
}

/* Defaults are zero: most of a city's incomes are. */
static void put_yen(struct fill *f, enum fact_word word, int row, struct yen value)
{
    if (value.n != 0) {
        put(f, word, row, value.n);
    }
}

static void put_day(struct fill *f, enum fact_word word, int row, int32_t day)
{
    put(f, word, row, day == NO_DAY ? LAW_NO_DATE : day);
}

static int add(struct fill *f, enum fact_scope scope, int parent)
{
    int row = f->rc < 0 ? f->rc : facts_add(f->cx, f->facts, f->words->scope[scope], parent);
    if (row < 0) {
        f->rc = row;
    }
    return row;
}

static void fill_income(struct fill *f, int row, const struct income *in)
{
    struct yen other = {in->business_income.n + in->property_income.n + in->other_income.n};
    put_yen(f, FACT_SALARY, row, in->salary_revenue);
    put_yen(f, FACT_PENSION, row, in->pension_revenue);
    if (in->has_salary_income) {
        put(f, FACT_SALARY_INCOME, row, in->salary_income.n);
    }
    if (in->has_pension_income) {
        put(f, FACT_PENSION_INCOME, row, in->pension_income.n);
    }
    put_yen(f, FACT_OTHER, row, other);
    put_yen(f, FACT_FORESTRY, row, in->forestry_income);
    put_yen(f, FACT_SEPARATE, row, in->separate_income);
    put_yen(f, FACT_SEPARATE_DEDUCTION, row, in->separate_deduction);
    put_yen(f, FACT_NET_LOSS, row, in->net_loss_carried);
    put_yen(f, FACT_CASUALTY_LOSS, row, in->casualty_loss_carried);
    put_yen(f, FACT_FAMILY_PAID, row, in->family_wages_paid);
    put_yen(f, FACT_FAMILY_RECEIVED, row, in->family_wages_received);
    put_yen(f, FACT_ASSET_TAX, row, in->fixed_asset_tax);
    if (in->salary_adjustment.n > 0) {
        put(f, FACT_ADJUSTED, row, 1);
    }
    if (in->small_children > 0) {
        put(f, FACT_CHILDREN, row, in->small_children);
    }
}

static int choice_of_reason(const struct words *w, int reason)
{
    const int n = (int)(sizeof w->reason_choice / sizeof *w->reason_choice);
    return reason > 0 && reason < n ? w->reason_choice[reason] : w->reason_choice[LOST_OTHER];
}

static void fill_spans(struct fill *f, int member, const struct unit_person *person)
{
    for (uint16_t i = 0; i < person->n_spans; i++) {
        const struct unit_span *s = &SPANS(f->p)[person->first_span + i];
        int row = add(f, SCOPE_SPAN, member);
        put_day(f, FACT_ACQUIRED, row, s->acquired);
        if (s->lost != NO_DAY) {
            put_day(f, FACT_LOST, row, s->lost);
            put_day(f, FACT_LOST_CAUSE, row, s->lost_cause == NO_DAY ? s->lost : s->lost_cause);
            put(f, FACT_LOST_BY, row, choice_of_reason(f->words, s->lost_by));
        }
    }
}

/* The months of the reduction as they were entered; without them the rules count from the day. */
static void fill_former(struct fill *f, int member, const struct unit_circumstance *c)
{
    put_day(f, FACT_FORMER_DEPENDANT, member, c->day);
    if (c->first_month != MONTH_NONE.n) {
        put_day(f, FACT_FORMER_FROM, member, month_first((struct month){c->first_month}).day);
    }
    if (c->last_month != MONTH_NONE.n) {
        put_day(f, FACT_FORMER_TO, member, month_first((struct month){c->last_month + 1}).day);
    }
}

/* Circumstances are stored mixed; the rules want each kind's rows together. */
static void fill_kind(struct fill *f, int member, const struct unit_person *person,
                      enum circumstance_kind kind)
{
    for (uint16_t i = 0; i < person->n_circumstances; i++) {
        const struct unit_circumstance *c = &CIRCUMSTANCES(f->p)[person->first_circumstance + i];
        int row;
        if (c->kind != (int32_t)kind) {
            continue;
        }
        switch (kind) {
        case CIRCUMSTANCE_UNEMPLOYED:
            if (unemployment_code_counts(c->code)) {
                row = add(f, SCOPE_LEFT_WORK, member);
                put_day(f, FACT_LEFT_WORK, row, c->day);
                put(f, FACT_LEFT_REASON, row, c->code);
            }
            break;
        case CIRCUMSTANCE_MATERNITY:
            row = add(f, SCOPE_BIRTH, member);
            put_day(f, FACT_BIRTH_DUE, row, c->day);
            put(f, FACT_BIRTH_MULTIPLE, row, c->code >= 2);
            break;
        case CIRCUMSTANCE_CARE_EXEMPT:
            row = add(f, SCOPE_CARE_EXEMPT, member);
            put_day(f, FACT_EXEMPT_FROM, row, c->day);
            if (c->last_month != MONTH_NONE.n) {
                put_day(f, FACT_EXEMPT_TO, row, month_first((struct month){c->last_month + 1}).day);
            }
            break;
        case CIRCUMSTANCE_FORMER_DEPENDANT:
            fill_former(f, member, c);
            break;
        case CIRCUMSTANCE_CUSTODY: /* 減免: on application, not by the yearly run */
            break;
        }
    }
}

static void fill_person(struct fill *f, int household, const struct unit_person *person)
{
    int member = add(f, SCOPE_MEMBER, household);
    put_day(f, FACT_BORN, member, person->birth_day);
    put(f, FACT_HEAD, member, person->is_debtor);
    put(f, FACT_KNOWN, member, person->is_known);
    if (person->special_day != NO_DAY) {
        put_day(f, FACT_SPECIAL_DAY, member, person->special_day);
        put_day(f, FACT_SPECIAL_END, member, person->special_end);
    }
    if (person->has_income) {
        fill_income(f, member, &INCOMES(f->p)[person->income]);
    }
    fill_spans(f, member, person);
    if (person->n_circumstances > 0) {
        for (int kind = CIRCUMSTANCE_UNEMPLOYED; kind <= CIRCUMSTANCE_FORMER_DEPENDANT; kind++) {
            fill_kind(f, member, person, (enum circumstance_kind)kind);
        }
    }
}

int assessor_fill(struct context *cx, struct assessor *a, const struct population *p, size_t first,
                  size_t count)
{
    struct fill f = {.cx = cx, .facts = a->facts, .words = a->words, .p = p};
    facts_clear(a->facts);
    for (size_t i = 0; i < count && f.rc >= 0; i++) {
        const struct unit *u = &UNITS(p)[first + i];
        int row = facts_add(cx, a->facts, LAW_ROOT_SCOPE, 0);
        if (row < 0) {
            return row;
        }
        if (u->reign_from != NO_DAY) {
            put_day(&f, FACT_REIGN_FROM, row, u->reign_from);
        }
        if (u->reign_to != NO_DAY) {
            put_day(&f, FACT_REIGN_TO, row, u->reign_to);
        }
        if (u->exempt_yen | u->exempt_rate | u->exempt_income_rate) {
            put(&f, FACT_EXEMPTION_YEN, row, u->exempt_yen);
            put(&f, FACT_EXEMPTION_RATE, row, u->exempt_rate);
            put(&f, FACT_EXEMPTION_INCOME_RATE, row, u->exempt_income_rate);
        }
        for (uint32_t k = 0; k < u->n_persons && f.rc >= 0; k++) {
            fill_person(&f, row, &PERSONS(p)[u->first_person + k]);
        }
    }
    a->filled = p;
    a->first = first;
    a->count = count;
    return f.rc < 0 ? f.rc : 0;
}

/* --- results ---------------------------------------------------------------------------------- */

static int64_t value(const struct assessor *a, enum result_word word, size_t row)
{
    return evaluation_value(a->evaluation, a->words->result[word], (int)row);
}

/* Marks that the facts alone decide. */
static unsigned fact_marks(const struct population *p, const struct unit *u, int *insured)
{
    unsigned marks = 0;
    *insured = 0;
    for (uint32_t i = 0; i < u->n_persons; i++) {
        const struct unit_person *person = &PERSONS(p)[u->first_person + i];
        *insured += person->n_spans > 0;
        marks |= person->is_debtor && person->n_spans == 0 ? MARK_DEEMED_HEAD : 0;
        marks |= person->special_day != NO_DAY ? MARK_SPECIAL : 0;
        for (uint16_t k = 0; k < person->n_circumstances; k++) {
            int32_t kind = CIRCUMSTANCES(p)[person->first_circumstance + k].kind;
            marks |= kind == CIRCUMSTANCE_UNEMPLOYED ? MARK_UNEMPLOYED : 0;
            marks |= kind == CIRCUMSTANCE_MATERNITY ? MARK_MATERNITY : 0;
        }
    }
    return marks;
}

static void read_result(const struct assessor *a, size_t row, const struct unit *u,
                        struct levy_result *out)
{
    out->total = YEN(value(a, RESULT_TOTAL, row));
    out->tier = (int)value(a, RESULT_TIER, row);
    out->judge = YEN(value(a, RESULT_JUDGE, row));
    out->marks = fact_marks(a->filled, u, &out->insured);
    out->marks |= u->reign_from != NO_DAY || u->reign_to != NO_DAY ? MARK_PART_YEAR : 0;
    out->marks |= value(a, RESULT_UNDECLARED, row) ? MARK_UNDECLARED : 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        out->part[k] = YEN(value(a, (enum result_word)(RESULT_MEDICAL + k), row));
        if (value(a, (enum result_word)(RESULT_CAP_MEDICAL + k), row) > 0) {
            out->marks |= 1u << k;
        }
    }
}

/* The ordinance's split: the first instalment takes the remainder; empty ones do not exist. */
static void read_schedule(const struct assessor *a, size_t row, struct assessment *out)
{
    int64_t each = value(a, RESULT_INSTALMENT, row);
    int64_t first = value(a, RESULT_FIRST_INSTALMENT, row);
    out->schedule.n = 0;
    for (size_t i = 0; i < a->calendar.n; i++) {
        int64_t amount = i == 0 ? first : each;
        if (amount > 0) {
            struct levy_instalment *r = &out->schedule.row[out->schedule.n++];
            *r = a->calendar.row[i];
            r->amount = YEN(amount);
        }
    }
    schedule_split(&out->schedule, out->result.part);
}

static int read_one(struct assessor *a, size_t row, struct assessment *out,
                    struct text *explanations)
{
    const struct unit *u = &UNITS(a->filled)[a->first + row];
    out->failed = evaluation_failed(a->evaluation, (int)row, &out->failure);
    if (out->failed) {
        return 0;
    }
    read_result(a, row, u, &out->result);
    out->months = (int)value(a, RESULT_MONTHS, row);
    if (!explanations) {
        return 0;
    }
    read_schedule(a, row, out);
    out->explained_at = explanations->n;
    int rc = evaluation_explain(a->evaluation, (int)row, explanations);
    out->explained_n = explanations->n - out->explained_at;
    return rc;
}

int assessor_run(struct context *cx, struct assessor *a, size_t at, size_t count,
                 struct assessment *out, struct text *explanations)
{
    int rc = evaluate(cx, a->evaluation, (int)at, (int)count);
    for (size_t i = 0; i < count && rc >= 0; i++) {
        memset(&out[i], 0, sizeof out[i]);
        rc = read_one(a, at + i, &out[i], explanations);
    }
    if (rc == ERR_MEMORY && !cx->error.code) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    return rc < 0 ? rc : 0;
}
