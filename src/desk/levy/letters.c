/* Letters: names, addresses and members for a run of decisions, a handful of statements. */
#include "desk/levy/correction.h"
#include "desk/levy/notice.h"
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

#include <stdlib.h>

struct members {
    struct population population;
    struct person_list people;
};

static int by_id(const void *a, const void *b)
{
    const struct person *x = a;
    const struct person *y = b;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

/* The facts each decision looked at: the run shares event and day, or is read apart. */
static int load_population(struct work *w, const struct decisions *d, struct population *p)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, d->n, int64_t);
    struct levy_facts facts;
    struct income_table incomes;
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->n; i++) {
        ids[i] = d->rows[i].household_id;
    }
    struct facts_request rq = {.fiscal_year = d->rows[0].fiscal_year,
                               .limit = d->n,
                               .known = d->rows[0].looked_from,
                               .as_of = d->rows[0].as_of,
                               .only = ids,
                               .n_only = d->n};
    int rc = eligibility_facts_load(w, &rq, &facts);
    rc = rc < 0 ? rc : statements_load(w, &facts, &rq, &incomes);
    return rc < 0 ? rc : population_add(w, p, &facts, &incomes, d->rows[0].as_of);
}

static int load_people(struct work *w, const struct population *p, struct person_list *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, p->persons.n + 1, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < p->persons.n; i++) {
        ids[i] = PERSONS(p)[i].person_id;
    }
    int rc = party_people(w, ids, p->persons.n, out);
    if (rc >= 0 && out->n > 0) {
        qsort(out->rows, out->n, sizeof *out->rows, by_id);
    }
    return rc;
}

static int set_members(struct work *w, const struct members *m, struct letter *l)
{
    const struct unit *u = population_unit(&m->population, l->decision->household_id,
                                           l->decision->debtor_id, l->decision->from);
    if (!u && l->decision->explanation.n == 0) {
        return 0; /* nothing is levied any more: nobody counts */
    }
    if (!u) {
        return fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", "no=%lld",
                    (long long)l->decision->decision_no);
    }
    struct person *rows = ARENA_ARRAY(w->cx.arena, u->n_persons, struct person);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (uint32_t i = 0; i < u->n_persons; i++) {
        struct person key = {.person_id = PERSONS(&m->population)[u->first_person + i].person_id};
        const struct person *found = bsearch(&key, m->people.rows, m->people.n, sizeof key, by_id);
        rows[i] = found ? *found : (struct person){.birth = YMD_NONE};
    }
    l->members = rows;
    l->n_members = u->n_persons;
    return 0;
}

static int set_addresses(struct work *w, const struct decisions *d, struct letter *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, d->n, int64_t);
    struct addressee *to = ARENA_ARRAY(w->cx.arena, d->n, struct addressee);
    if (!ids || !to) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->n; i++) {
        ids[i] = d->rows[i].debtor_id;
    }
    int rc = party_addressees(w, ids, d->n, STR("levy"), to);
    for (size_t i = 0; rc >= 0 && i < d->n; i++) {
        out[i].to = to[i];
    }
    return rc;
}

static int set_numbers(struct work *w, const struct decisions *d, struct letter *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, d->n, int64_t);
    struct str *nos = ARENA_ARRAY(w->cx.arena, d->n, struct str);
    struct str *symbols = ARENA_ARRAY(w->cx.arena, d->n, struct str);
    if (!ids || !nos || !symbols) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->n; i++) {
        ids[i] = d->rows[i].household_id;
    }
    int rc = levy_household_nos(w, ids, d->n, nos);
    rc = rc < 0 ? rc : levy_insured_symbols(w, ids, d->n, symbols);
    for (size_t i = 0; rc >= 0 && i < d->n; i++) {
        out[i].household_no = nos[i].p ? nos[i] : STR("");
        out[i].insured_symbol = symbols[i];
    }
    return rc;
}

static int set_explanation(struct work *w, struct letter *l)
{
    return l->decision->explanation.n == 0 ? 0 : levy_explanation(w, l->decision, &l->explanation);
}

static int set_change(struct work *w, struct letter *l)
{
    if (str_is(l->decision->cause, "initial")) {
        return 0;
    }
    int rc = levy_correction_of(w, l->decision, &l->correction);
    l->is_changed = rc > 0 && l->correction.replaces_id != 0;
    return rc;
}

static levy_paid_fn *paid_fn;

void levy_paid_ask(levy_paid_fn *fn)
{
    paid_fn = fn;
}

/* Only papers of changed decisions ask: nothing was paid before the first one went out. */
static int set_paid(struct work *w, const struct decisions *d, struct letter *out)
{
    int64_t *nos = ARENA_ARRAY(w->cx.arena, d->n, int64_t);
    struct levy_paid *paid = ARENA_ARRAY(w->cx.arena, d->n, struct levy_paid);
    bool is_any = false;
    for (size_t i = 0; i < d->n; i++) {
        is_any = is_any || out[i].is_changed;
    }
    if (!paid_fn || !is_any) {
        return 0;
    }
    if (!nos || !paid) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->n; i++) {
        nos[i] = d->rows[i].decision_no;
    }
    int rc = paid_fn(w, d->rows[0].fiscal_year, nos, d->n, paid);
    for (size_t i = 0; i < d->n && rc >= 0; i++) {
        out[i].paid = paid[i];
    }
    return rc;
}

/* Who pays part from his pension: the plan takes the place of the ordinance's instalments. */
static int set_plan(struct work *w, struct letter *l)
{
    const struct decision *d = l->decision;
    struct collection_plan *plan = ARENA_NEW(w->cx.arena, struct collection_plan);
    const int rc = plan ? plan_of(w, d->household_id, d->debtor_id, d->fiscal_year, plan)
                        : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    l->plan = rc > 0 && plan->payments.n > 0 && plan->notice_no == d->decision_no ? plan : NULL;
    return rc;
}

static int set_plans(struct work *w, const struct decisions *d, struct letter *out)
{
    const struct levy_method_page_in q = {d->rows[0].fiscal_year, 0, 1};
    struct levy_method_page_list any;
    int rc = levy_method_page(&w->cx, w->store, &q, &any);

    for (size_t i = 0; rc >= 0 && any.n > 0 && i < d->n; i++)
        rc = set_plan(w, &out[i]);
    return rc;
}

int letters_load(struct work *w, const struct decisions *d, struct ymd printed, struct letter *out)
{
    struct members m;
    if (d->n == 0) {
        return 0;
    }
    population_init(&m.population, d->rows[0].fiscal_year, d->rows[0].looked_from);
    int rc = load_population(w, d, &m.population);
    rc = rc < 0 ? rc : load_people(w, &m.population, &m.people);
    for (size_t i = 0; rc >= 0 && i < d->n; i++) {
        out[i] = (struct letter){.decision = &d->rows[i], .printed = printed};
        rc = set_members(w, &m, &out[i]);
        rc = rc < 0 ? rc : set_explanation(w, &out[i]);
        rc = rc < 0 ? rc : set_change(w, &out[i]);
    }
    rc = rc < 0 ? rc : set_paid(w, d, out);
    rc = rc < 0 ? rc : set_addresses(w, d, out);
    rc = rc < 0 ? rc : set_numbers(w, d, out);
    rc = rc < 0 ? rc : set_plans(w, d, out);
    population_release(&m.population);
    return rc < 0 ? error_add(&w->cx, "read what is printed") : 0;
}
