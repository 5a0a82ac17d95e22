/* Incomes, as the tax office or another municipality told them. */
#include "write.h"

/* What the tax office sends besides: net wages it has computed stay with the levy desk's rules. */
static struct income income_of(const struct writer *wr, int32_t person, int year)
{
    const struct money *m = &wr->c->residents[person].money[year];

    return (struct income){.person_id = wr->people[person],
                           .income_year = FIRST_INCOME_YEAR + year,
                           .source = m->is_inquiry ? INCOME_INQUIRY : INCOME_TAX,
                           .is_undeclared = m->is_undeclared,
                           .salary_revenue = YEN(m->salary),
                           .pension_revenue = YEN(m->pension),
                           .business_income = YEN(m->business),
                           .property_income = YEN(m->property),
                           .other_income = YEN(m->other),
                           .separate_income = YEN(m->separate),
                           .separate_deduction = YEN(m->separate_deduction),
                           .net_loss_carried = YEN(m->net_loss),
                           .family_wages_paid = YEN(m->family_paid),
                           .family_wages_received = YEN(m->family_received),
                           .fixed_asset_tax = YEN(m->asset_tax),
                           .dependants = m->dependants,
                           .small_children = m->small_children};
}

int write_incomes(struct writer *wr, int64_t event_no, int year, int32_t first, int32_t end)
{
    struct income *rows = ARENA_ARRAY(&wr->texts, (size_t)(end - first) + 1, struct income);
    size_t n = 0;
    int64_t written = 0;

    if (!rows)
        return fail(&wr->w->cx, ERR_MEMORY, "demo.memory", NULL);
    for (int32_t i = first; i < end; i++) {
        const int8_t bit = (int8_t)(1 << year);
        if (wr->people[i] == 0 || (wr->has_income[i] & bit) ||
            !wr->c->residents[i].money[year].is_known)
            continue;
        rows[n++] = income_of(wr, i, year);
        wr->has_income[i] = (int8_t)(wr->has_income[i] | bit);
    }
    return levy_income_put(wr->w, event_no, rows, n, &written);
}
