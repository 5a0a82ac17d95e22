/* Judgement: who counts in a household on a day, with incomes and claimed revenues. */
#include "desk/eligibility/judge_unit.h"

#include <stdlib.h>

static const struct judge_source *the_source;

void judge_source_set(const struct judge_source *source)
{
    the_source = source;
}

const struct judge_source *judge_source_get(void)
{
    return the_source;
}

/* --- who counts ------------------------------------------------------------------------------ */

static bool is_insured_on(const struct levy_facts *f, const struct fact_person *p, struct ymd day)
{
    for (size_t i = 0; i < p->n_spans; i++) {
        const struct fact_span *s = &f->spans[p->first_span + i];
        if (span_holds((struct span){s->acquired, s->lost}, day))
            return true;
    }
    return false;
}

static bool is_special_on(const struct levy_facts *f, const struct fact_person *p, struct ymd day)
{
    for (size_t i = 0; i < p->n_specials; i++) {
        if (span_holds(f->specials[p->first_special + i].valid, day))
            return true;
    }
    return false;
}

static bool is_head_on(const struct levy_facts *f, const struct fact_household *h,
                       int64_t person_id, struct ymd day)
{
    for (size_t i = 0; i < h->n_heads; i++) {
        const struct fact_head *head = &f->heads[h->first_head + i];
        if (head->person_id == person_id && span_holds(head->valid, day))
            return true;
    }
    return false;
}

static void add_members(const struct levy_facts *f, const struct fact_household *h,
                        struct judge_units *out, struct judge_unit *unit)
{
    for (size_t i = 0; i < h->n_persons; i++) {
        const struct fact_person *p = &f->persons[h->first_person + i];
        const struct judge_member m = {.person_id = p->person_id,
                                       .is_head = is_head_on(f, h, p->person_id, out->day),
                                       .is_insured = is_insured_on(f, p, out->day),
                                       .is_special = is_special_on(f, p, out->day),
                                       .circumstances = f->circumstances ? f->circumstances +
                                                                               p->first_circumstance
                                                                         : NULL,
                                       .n_circumstances = p->n_circumstances};
        if (!m.is_head && !m.is_insured && !m.is_special)
            continue;
        out->taxes[out->n_members] =
            (struct tax_fact){.person_id = p->person_id, .birth = p->birth};
        out->members[out->n_members++] = m;
        unit->n++;
    }
}

static void add_unit(const struct levy_facts *f, const struct fact_household *h,
                     struct judge_units *out)
{
    struct judge_unit unit = {.household_id = h->household_id, .first = out->n_members};
    bool insured = false;

    add_members(f, h, out, &unit);
    for (size_t i = 0; i < unit.n; i++)
        insured = insured || out->members[unit.first + i].is_insured;
    if (insured && unit.n <= JUDGED_MAX)
        out->rows[out->n++] = unit;
    else
        out->n_members = unit.first;
}

/* --- claims ---------------------------------------------------------------------------------- */

static int by_person(const void *a, const void *b)
{
    const struct eligibility_revenue_claims_row *x = a, *y = b;

    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

static int add_claims(struct work *w, const int64_t *ids, struct judge_units *u)
{
    const struct eligibility_revenue_claims_in in = {.person_ids = {ids, u->n_members},
                                                     .asof = {u->day, u->known}};
    struct eligibility_revenue_claims_list list;
    const int result = eligibility_revenue_claims(&w->cx, w->store, &in, &list);

    for (size_t i = 0; result >= 0 && list.n > 0 && i < u->n_members; i++) {
        const struct eligibility_revenue_claims_row key = {.person_id = ids[i]};
        const struct eligibility_revenue_claims_row *r =
            bsearch(&key, list.rows, list.n, sizeof key, by_person);
        if (r) {
            u->members[i].has_claim = true;
            u->members[i].claimed = r->revenue;
        }
    }
    return result;
}

static int add_incomes(struct work *w, struct judge_units *u)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, u->n_members + 1, int64_t);

    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    if (!the_source)
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.source", NULL);
    for (size_t i = 0; i < u->n_members; i++)
        ids[i] = u->members[i].person_id;
    const int result = the_source->incomes(w, u->year - 1, (struct asof){u->day, u->known},
                                           u->taxes, u->n_members);
    return result < 0 ? result : add_claims(w, ids, u);
}

static int room(struct work *w, const struct levy_facts *f, struct judge_units *out)
{
    out->rows = ARENA_ARRAY(w->cx.arena, f->n_households + 1, struct judge_unit);
    out->members = ARENA_ARRAY(w->cx.arena, f->n_persons + 1, struct judge_member);
    out->taxes = ARENA_ARRAY(w->cx.arena, f->n_persons + 1, struct tax_fact);
    if (!out->rows || !out->members || !out->taxes)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    return OK;
}

int judge_units_load(struct work *w, const struct judge_scope *scope, struct judge_units *out)
{
    const struct facts_request rq = {.fiscal_year = ymd_fiscal_year(scope->day),
                                     .after_household_id = scope->after,
                                     .limit = scope->limit,
                                     .known = scope->known,
                                     .as_of = scope->day,
                                     .only = scope->only,
                                     .n_only = scope->n_only};
    struct levy_facts f;

    *out = (struct judge_units){.day = scope->day,
                                .year = judge_year_of(scope->day),
                                .known = scope->known};
    int result = eligibility_facts_load(w, &rq, &f);
    if (result >= 0)
        result = room(w, &f, out);
    if (result < 0)
        return result;
    for (size_t i = 0; i < f.n_households; i++)
        add_unit(&f, &f.households[i], out);
    out->last_household_id = f.last_household_id;
    out->at_end = f.at_end;
    return out->n_members > 0 ? add_incomes(w, out) : OK;
}

/* --- the digest of what was looked at ------------------------------------------------------------
 */

static void feed_tax(struct hasher *h, const struct tax_fact *t)
{
    const int64_t values[] = {
        t->is_known,           t->has_record,        t->is_adjusted,       t->has_salary_income,
        t->has_pension_income, t->has_total_income,  t->has_taxable,       (int64_t)t->state,
        t->salary_revenue.n,   t->pension_revenue.n, t->salary_income.n,   t->pension_income.n,
        t->other_income.n,     t->forestry_income.n, t->separate_income.n, t->separate_deduction.n,
        t->net_loss.n,         t->casualty_loss.n,   t->family_paid.n,     t->family_received.n,
        t->total_income.n,     t->taxable.n};

    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        hash_int(h, values[i]);
}

struct digest judge_unit_digest(const struct judge_units *u, size_t at)
{
    const struct judge_unit *unit = &u->rows[at];
    struct hasher h;

    hash_init(&h, STR_NONE);
    hash_int(&h, u->day.day);
    for (size_t i = 0; i < unit->n; i++) {
        const struct judge_member *m = &u->members[unit->first + i];
        hash_int(&h, u->taxes[unit->first + i].birth.day);
        hash_int(&h, m->is_head | m->is_insured << 1 | m->is_special << 2 | m->has_claim << 3);
        hash_int(&h, m->claimed.n);
        for (size_t k = 0; k < m->n_circumstances; k++) {
            hash_int(&h, (int64_t)m->circumstances[k].kind);
            hash_int(&h, m->circumstances[k].day.day);
            hash_int(&h, m->circumstances[k].code);
        }
        feed_tax(&h, &u->taxes[unit->first + i]);
    }
    return hash_end(&h);
}
