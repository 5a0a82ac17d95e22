/* What the levy gives to the judgements of the eligibility desk: incomes and rules. */
#include "desk/levy/assess.h"
#include "desk/levy/pages.h"
#include "desk/levy/population.h"

static bool is_child(struct ymd birth, int income_year)
{
    return !ymd_is_none(birth) && age_on(birth, ymd_of(income_year, 12, 31)) < ADULT_AGE;
}

static void put_income(struct tax_fact *f, const struct income *in)
{
    f->has_record = true;
    f->is_known = !in->is_undeclared;
    f->is_adjusted = in->salary_adjustment.n > 0;
    f->has_salary_income = in->has_salary_income;
    f->has_pension_income = in->has_pension_income;
    f->has_total_income = in->has_total_income;
    f->has_taxable = in->has_taxable;
    f->state = in->tax_state;
    f->salary_revenue = in->salary_revenue;
    f->pension_revenue = in->pension_revenue;
    f->salary_income = in->salary_income;
    f->pension_income = in->pension_income;
    f->other_income = YEN(in->business_income.n + in->property_income.n + in->other_income.n);
    f->forestry_income = in->forestry_income;
    f->separate_income = in->separate_income;
    f->separate_deduction = in->separate_deduction;
    f->net_loss = in->net_loss_carried;
    f->casualty_loss = in->casualty_loss_carried;
    f->family_paid = in->family_wages_paid;
    f->family_received = in->family_wages_received;
    f->total_income = in->total_income;
    f->taxable = in->taxable;
}

static int judge_incomes(struct work *w, int income_year, struct asof at, struct tax_fact *rows,
                         size_t n)
{
    struct incomes all;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = rows[i].person_id;
    }
    struct income_query q = {ids, n, income_year, at, .no_estimate = true};
    int rc = incomes_of_people(w, &q, &all);
    struct income_table table = {.rows = all.rows, .n = all.n};
    for (size_t i = 0; i < n && rc >= 0; i++) {
        const struct income *in = income_table_find(&table, rows[i].person_id);
        rows[i].is_known = is_child(rows[i].birth, income_year);
        if (in) {
            put_income(&rows[i], in);
        }
    }
    return rc;
}

static int judge_plan(struct work *w, int64_t known, const struct digest *hash, int year,
                      struct str goal, const struct plan **out)
{
    const struct ruleset *rules;
    const int64_t both[2] = {known, KNOWN_NOW};
    int rc = hash ? levy_rules_of_hash(w, hash, both, &rules) : levy_rules(w, known, &rules);
    return rc < 0 ? rc : levy_goal_plan(w, rules, year, goal, out);
}

void judge_source_start(void)
{
    static const struct judge_source source = {judge_incomes, judge_plan};
    judge_source_set(&source);
}
