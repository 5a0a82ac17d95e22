/* Incomes, as the tax office or another municipality told them. */
#include "write.h"

/* --- what the tax office makes of it -------------------------------------------------------------
 * Near enough for a made-up city: the judgements need a taxable income, they do not recompute it.
 */

static int64_t wages_net(int64_t wages, int year)
{
    const int64_t flat = year == 0 ? 550000 : 650000;

    if (wages < (year == 0 ? 1619000 : 1900000))
        return wages > flat ? wages - flat : 0;
    if (wages < 3600000)
        return wages / 4000 * 4000 * 7 / 10 - 80000;
    if (wages < 6600000)
        return wages / 4000 * 4000 * 8 / 10 - 440000;
    return wages < 8500000 ? wages * 9 / 10 - 1100000 : wages - 1950000;
}

static int64_t pension_net(int64_t pension, bool old)
{
    const int64_t least = old ? 1100000 : 600000;

    if (pension < (old ? 3300000 : 1300000))
        return pension > least ? pension - least : 0;
    return pension < 4100000 ? pension * 3 / 4 - 275000 : pension * 85 / 100 - 685000;
}

static int64_t total_of(const struct money *m, int year, bool old)
{
    const int64_t total = wages_net(m->salary, year) + pension_net(m->pension, old) + m->business +
                          m->property + m->other + m->separate;
    return total > 0 ? total : 0;
}

static int64_t taxable_of(const struct money *m, int64_t total)
{
    const int64_t earned = total - m->separate_deduction - m->net_loss;
    const int64_t deductions =
        430000 + earned * 8 / 100 + 330000 * (int64_t)(m->dependants - m->small_children);
    return earned > deductions ? (earned - deductions) / 1000 * 1000 : 0;
}

static void put_tax(struct income *in, const struct money *m, int year, bool old)
{
    const int64_t total = total_of(m, year, old);
    const int64_t heads = 1 + m->dependants;
    const int64_t line = heads == 1 ? 450000 : 350000 * heads + 310000;

    if (m->is_undeclared)
        return;
    in->has_total_income = in->has_taxable = true;
    in->total_income = YEN(total);
    in->taxable = YEN(total <= line ? 0 : taxable_of(m, total));
    in->tax_state = total <= line ? TAX_EXEMPT : in->taxable.n > 0 ? TAX_LEVIED : TAX_PER_CAPITA;
}

/* What the tax office sends besides: net wages it has computed stay with the levy desk's rules. */
static struct income income_of(const struct writer *wr, int32_t person, int year)
{
    const struct resident *p = &wr->c->residents[person];
    const struct money *m = &p->money[year];
    const struct ymd year_end = ymd_of(FIRST_INCOME_YEAR + year, 12, 31);
    struct income in = {.person_id = wr->people[person],
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

    put_tax(&in, m, year, age_on(p->birth, ymd_add(year_end, 1)) >= 65);
    return in;
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
