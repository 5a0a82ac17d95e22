/* One real household assessed as it stands in the open transaction: what the counter says a
 * notification will cost before it is entered. Nothing is stored. */
#include "desk/levy/assess.h"

static int assess_debts(struct work *w, const struct plan *plan, const struct population *p,
                        struct levy_debts *out)
{
    int rc = 0;
    for (size_t i = 0; i < p->units.n && out->n < LEVY_DEBTS_MAX && rc >= 0; i++) {
        const struct unit *u = &UNITS(p)[i];
        struct levy_debt *d = &out->row[out->n++];
        *d = (struct levy_debt){.debtor_id = u->debtor_id, .from = {u->from_day}};
        rc = assess_unit(w, plan, p, i, &d->assessed);
        out->total = YEN(out->total.n + d->assessed.result.total.n);
    }
    return rc;
}

int levy_assess_household(struct work *w, int64_t household_id, int fiscal_year,
                          struct levy_debts *out)
{
    const struct ruleset *rules;
    const struct plan *plan;
    struct population p;
    *out = (struct levy_debts){.fiscal_year = fiscal_year};
    int rc = levy_rules(w, w->asof.known, &rules);
    rc = rc < 0 ? rc : levy_plan(w, rules, fiscal_year, &plan);
    if (rc < 0) {
        return rc;
    }
    rc = population_of_household(w, household_id, fiscal_year, w->asof.known,
                                 ymd_of(fiscal_year + 1, 3, 31), &p);
    rc = rc < 0 ? rc : assess_debts(w, plan, &p, out);
    population_release(&p);
    return rc < 0 ? error_add(&w->cx, "assess household %lld", (long long)household_id) : 0;
}
