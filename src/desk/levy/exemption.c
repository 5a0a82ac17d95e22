/* Granted exemptions as facts of the units they belong to. */
#include "desk/levy/exemption.h"
#include "levy_sql.h"

enum { FEW_HOUSEHOLDS = 200 }; /* more are read with the whole year in one statement */

bool exemption_cut(struct str *cuts, int64_t *number, int64_t *yen)
{
    struct str one = str_cut(cuts, ' ');
    struct str n = str_cut(&one, ':');
    return n.n > 0 && str_to_int(n, number) && str_to_int(one, yen) && *number >= 1 &&
           *number <= LEVY_INSTALMENTS_MAX && *yen >= 0;
}

struct granted {
    int64_t household_id, debtor_id;
    struct yen yen;
    int64_t rate;
    bool of_income;
    struct str cuts;
};

/* The first unit of a debtor in the year takes it. */
static struct unit *unit_of_debtor(struct population *p, size_t first, const struct granted *g)
{
    size_t low = first;
    size_t high = p->units.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (UNITS(p)[middle].household_id < g->household_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < p->units.n && UNITS(p)[low].household_id == g->household_id; low++) {
        if (UNITS(p)[low].debtor_id == g->debtor_id) {
            return &UNITS(p)[low];
        }
    }
    return NULL;
}

/* Cuts of one unit stand together: a debtor with two exemptions gets the second one's behind. */
static int add_cuts(struct work *w, struct population *p, struct unit *u, struct str cuts)
{
    int64_t number = 0;
    int64_t yen = 0;
    if (u->n_cuts == 0) {
        u->first_cut = (uint32_t)p->cuts.n;
    }
    while (cuts.n > 0) {
        struct unit_cut *row;
        if (!exemption_cut(&cuts, &number, &yen)) {
            return fail(&w->cx, ERR_CORRUPT, "levy.exemption.cuts", NULL);
        }
        row = population_row(&w->cx, &p->cuts, sizeof *row);
        if (!row) {
            return ERR_MEMORY;
        }
        *row = (struct unit_cut){(int32_t)number, (int32_t)yen};
        u->n_cuts++;
    }
    return 0;
}

static int add_one(struct work *w, struct population *p, size_t first, const struct granted *g)
{
    struct unit *u = unit_of_debtor(p, first, g);
    if (!u) {
        return 0;
    }
    u->exempt_yen += g->yen.n;
    if (g->of_income) {
        u->exempt_income_rate += (int32_t)g->rate;
    } else {
        u->exempt_rate += (int32_t)g->rate;
    }
    return add_cuts(w, p, u, g->cuts);
}

#define GRANTED_FROM(r)                                                                            \
    (struct granted)                                                                               \
    {                                                                                              \
        (r)->household_id, (r)->debtor_id, (r)->yen, (r)->rate, (r)->of_income, (r)->cuts          \
    }

static int add_year(struct work *w, struct population *p, size_t first)
{
    struct levy_exemptions_of_year_in in = {.fiscal_year = p->fiscal_year, .known = p->known};
    struct levy_exemptions_of_year_list list;
    int rc = levy_exemptions_of_year(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct granted g = GRANTED_FROM(&list.rows[i]);
        rc = add_one(w, p, first, &g);
    }
    return rc;
}

int exemptions_add(struct work *w, struct population *p, size_t first)
{
    size_t n = p->units.n - first;
    int64_t ids[FEW_HOUSEHOLDS];
    struct levy_exemptions_of_households_list list;
    if (n == 0) {
        return 0;
    }
    if (n > FEW_HOUSEHOLDS) {
        return add_year(w, p, first);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = UNITS(p)[first + i].household_id;
    }
    struct levy_exemptions_of_households_in in = {.household_ids = {ids, n},
                                                  .fiscal_year = p->fiscal_year,
                                                  .known = p->known};
    int rc = levy_exemptions_of_households(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct granted g = GRANTED_FROM(&list.rows[i]);
        rc = add_one(w, p, first, &g);
    }
    return rc;
}

int exemption_try(struct work *w, struct population *p, const struct exemption *x)
{
    struct granted g = {x->household_id, x->debtor_id, x->yen, x->rate, x->of_income, x->cuts};
    return add_one(w, p, 0, &g);
}
