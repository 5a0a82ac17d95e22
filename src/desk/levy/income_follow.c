/*
 * Incomes of somebody with several numbers (名寄せ).
 *
 * Each number keeps the statements made under it. For the levy and the judgements they are one
 * person's: what the numbers say is added; a number of which nothing was declared adds nothing; a
 * statement that says the same under two numbers, amount for amount, is one statement that was
 * taken in twice. Salary and pension are added as revenues where both numbers have them, so that
 * the deduction is taken once from the whole.
 */
#include "desk/levy/population.h"

#include <stdlib.h>

/* By what the levy is computed from; what only judgements read does not matter. */
static bool is_same_statement(const struct income *a, const struct income *b)
{
    const int64_t pair[][2] = {
        {a->has_salary_income, b->has_salary_income},
        {a->has_pension_income, b->has_pension_income},
        {a->salary_revenue.n, b->salary_revenue.n},
        {a->pension_revenue.n, b->pension_revenue.n},
        {a->salary_income.n, b->salary_income.n},
        {a->pension_income.n, b->pension_income.n},
        {a->business_income.n, b->business_income.n},
        {a->property_income.n, b->property_income.n},
        {a->other_income.n, b->other_income.n},
        {a->forestry_income.n, b->forestry_income.n},
        {a->separate_income.n, b->separate_income.n},
        {a->separate_deduction.n, b->separate_deduction.n},
        {a->net_loss_carried.n, b->net_loss_carried.n},
        {a->casualty_loss_carried.n, b->casualty_loss_carried.n},
        {a->family_wages_paid.n, b->family_wages_paid.n},
        {a->family_wages_received.n, b->family_wages_received.n},
        {a->fixed_asset_tax.n, b->fixed_asset_tax.n},
    };
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        if (pair[i][0] != pair[i][1]) {
            return false;
        }
    }
    return true;
}

/* Revenue of one kind with the income the tax office made of it, where it said so. */
struct earning {
    struct yen revenue, income;
    bool has_income;
};

static struct earning earning_add(struct earning a, struct earning b)
{
    const bool is_a = a.revenue.n != 0 || a.income.n != 0;
    const bool is_b = b.revenue.n != 0 || b.income.n != 0;
    if (!is_a || !is_b) {
        return is_b ? b : a;
    }
    const bool by_revenue = a.revenue.n > 0 && b.revenue.n > 0;
    return (struct earning){yen_add(a.revenue, b.revenue), yen_add(a.income, b.income),
                            !by_revenue && (a.has_income || b.has_income)};
}

static void add_earnings(struct income *a, const struct income *b)
{
    const struct earning salary =
        earning_add((struct earning){a->salary_revenue, a->salary_income, a->has_salary_income},
                    (struct earning){b->salary_revenue, b->salary_income, b->has_salary_income});
    const struct earning pension =
        earning_add((struct earning){a->pension_revenue, a->pension_income, a->has_pension_income},
                    (struct earning){b->pension_revenue, b->pension_income, b->has_pension_income});
    a->salary_revenue = salary.revenue;
    a->salary_income = salary.income;
    a->has_salary_income = salary.has_income;
    a->pension_revenue = pension.revenue;
    a->pension_income = pension.income;
    a->has_pension_income = pension.has_income;
}

/* What the tax office decided of each number; together it holds only where both were told. */
static void add_decided(struct income *a, const struct income *b)
{
    a->has_total_income = a->has_total_income && b->has_total_income;
    a->total_income = yen_add(a->total_income, b->total_income);
    a->has_taxable = a->has_taxable && b->has_taxable;
    a->taxable = yen_add(a->taxable, b->taxable);
    a->tax_state = a->tax_state > b->tax_state ? a->tax_state : b->tax_state;
    a->widow = a->widow > b->widow ? a->widow : b->widow;
    a->disability = a->disability > b->disability ? a->disability : b->disability;
    a->is_minor = a->is_minor && b->is_minor;
}

/* Adds what is said under another number of the same person; the person is not touched. */
static void income_join(struct income *a, const struct income *b)
{
    struct {
        struct yen *to;
        struct yen more;
    } sums[] = {
        {&a->business_income, b->business_income},
        {&a->property_income, b->property_income},
        {&a->other_income, b->other_income},
        {&a->forestry_income, b->forestry_income},
        {&a->separate_income, b->separate_income},
        {&a->separate_deduction, b->separate_deduction},
        {&a->net_loss_carried, b->net_loss_carried},
        {&a->casualty_loss_carried, b->casualty_loss_carried},
        {&a->family_wages_paid, b->family_wages_paid},
        {&a->family_wages_received, b->family_wages_received},
        {&a->salary_adjustment, b->salary_adjustment},
        {&a->fixed_asset_tax, b->fixed_asset_tax},
    };
    if (b->is_undeclared || (!a->is_undeclared && is_same_statement(a, b))) {
        return;
    }
    if (a->is_undeclared) {
        *a = *b;
        return;
    }
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        *sums[i].to = yen_add(*sums[i].to, sums[i].more);
    }
    add_earnings(a, b);
    add_decided(a, b);
    a->dependants = a->dependants > b->dependants ? a->dependants : b->dependants;
    a->small_children =
        a->small_children > b->small_children ? a->small_children : b->small_children;
}

static int by_person(const void *a, const void *b)
{
    const struct income *x = a;
    const struct income *y = b;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

/* A row that becomes the leading number's: its own, or the first of those that are led. */
struct joined {
    struct income *row;
    int64_t leading_id;
};

int income_table_follow(struct work *w, const struct leads *l, struct income_table *t)
{
    struct joined *joined = ARENA_ARRAY(w->cx.arena, l->n + 1, struct joined);
    size_t n = 0;
    if (!joined) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < l->n; i++) { /* by leading number: one joined row for each */
        const int64_t leading = l->rows[i].leading_id;
        struct income *led = (struct income *)income_table_find(t, l->rows[i].person_id);
        if (n == 0 || joined[n - 1].leading_id != leading) {
            joined[n++] = (struct joined){(struct income *)income_table_find(t, leading), leading};
        }
        if (led && joined[n - 1].row) {
            income_join(joined[n - 1].row, led);
        } else if (led) {
            joined[n - 1].row = led;
        }
    }
    for (size_t i = 0; i < n; i++) { /* after all have been found: this may break the order */
        if (joined[i].row) {
            joined[i].row->person_id = joined[i].leading_id;
        }
    }
    if (n > 0 && t->n > 0) {
        qsort(t->rows, t->n, sizeof *t->rows, by_person);
    }
    return 0;
}

/* The people asked for and everybody they lead. */
static int64_t *numbers_of(struct work *w, const struct income_query *q, const struct leads *l,
                           size_t *n)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, q->n + l->n + 1, int64_t);
    *n = 0;
    for (size_t i = 0; ids && i < q->n; i++) {
        size_t n_led = 0;
        const struct lead *led = leads_of(l, q->person_ids[i], &n_led);
        ids[(*n)++] = q->person_ids[i];
        for (size_t k = 0; k < n_led; k++) {
            ids[(*n)++] = led[k].person_id;
        }
    }
    return ids;
}

int incomes_of_people(struct work *w, const struct income_query *q, struct incomes *out)
{
    struct leads leads;
    struct income_order order;
    size_t n = 0;
    *out = (struct incomes){0};
    int rc = party_leads(w, q->at, &leads);
    rc = rc < 0 ? rc : income_order_read(w, q->at.known, &order);
    int64_t *ids = rc < 0 ? NULL : numbers_of(w, q, &leads, &n);
    if (rc >= 0 && !ids) {
        rc = fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    rc = rc < 0 ? rc : levy_incomes(w, ids, n, q->income_year, q->at.known, out);
    if (rc < 0) {
        return rc;
    }
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (!q->no_estimate || out->rows[i].source != INCOME_ESTIMATE) {
            out->rows[kept++] = out->rows[i];
        }
    }
    struct income_table table = {.rows = out->rows, .n = kept};
    income_table_settle(&table, &order);
    rc = income_table_follow(w, &leads, &table);
    out->n = table.n;
    return rc;
}
