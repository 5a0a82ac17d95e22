/*
 * Replay: a stored decision is evaluated again from the facts known at its event with the rules of
 * its hash. Bytes of the explanation, inputs and instalments must be the same.
 */
#include "desk/levy/correction.h"

#include <stdlib.h>
#include <string.h>

static bool same_schedule(const struct decision *d, const struct levy_schedule *s)
{
    bool same = s->n == d->schedule.n;
    for (size_t i = 0; same && i < s->n; i++) {
        const struct levy_instalment *x = &s->row[i];
        const struct levy_instalment *y = &d->schedule.row[i];
        same = x->number == y->number && x->due.day == y->due.day && x->amount.n == y->amount.n;
        for (int k = 0; same && k < LEVY_PARTS; k++) {
            same = x->part[k].n == y->part[k].n;
        }
    }
    return same;
}

static int compare(struct work *w, const struct decision *d, const struct replayed *a, bool *same)
{
    struct digest inputs = hash_of(STR(""));
    struct levy_schedule changed;
    if (a->u) {
        unit_digest(a->p, a->u, &inputs);
    }
    *same = digest_equal(&inputs, &d->inputs) && str_equal(a->vector, d->explanation) &&
            a->result->total.n == d->result.total.n;
    if (!*same) {
        return 0;
    }
    if (str_is(d->cause, "initial")) {
        *same = same_schedule(d, a->schedule);
        return 0;
    }
    int rc = schedule_replay(w, d, a, &changed);
    *same = rc >= 0 && same_schedule(d, &changed);
    return rc;
}

/* A decision that nothing is levied any more: its facts must give no such debtor. */
static int compare_ended(struct work *w, const struct plan *plan, const struct population *p,
                         const struct decision *d, bool *same)
{
    struct levy_result nothing = {0};
    struct replayed a = {.plan = plan, .p = p, .result = &nothing, .vector = STR("")};
    return compare(w, d, &a, same);
}

static bool is_ended(const struct decision *d)
{
    return d->explanation.n == 0;
}

static bool is_unit_of(const struct unit *u, const struct decision *d)
{
    return u->household_id == d->household_id && u->debtor_id == d->debtor_id &&
           u->from_day == d->from.day;
}

int levy_replay(struct work *w, const struct decision *d, bool *same)
{
    const struct plan *plan;
    struct population p;
    struct assessed found;
    *same = false;
    int rc = levy_plan_of_decision(w, d, &plan);
    if (rc < 0) {
        return rc;
    }
    rc = population_of_household(w, d->household_id, d->fiscal_year, d->looked_from, d->as_of, &p);
    const struct unit *u =
        rc < 0 ? NULL : population_unit(&p, d->household_id, d->debtor_id, d->from);
    if (u) {
        rc = assess_unit(w, plan, &p, (size_t)(u - UNITS(&p)), &found);
        struct replayed a = {plan, &p, u, &found.result, &found.schedule, found.vector};
        rc = rc < 0 ? rc : compare(w, d, &a, same);
    } else if (rc >= 0 && is_ended(d)) {
        rc = compare_ended(w, plan, &p, d, same);
    }
    population_release(&p);
    return rc < 0 ? rc : 0;
}

/* --- many at a time ------------------------------------------------------------------------------
 */

#define REPLAY_DECISIONS 2000

struct batch {
    struct work *w;
    struct decision *rows; /* one rule set, event and day; sorted by household */
    size_t n;
    replay_fn *fn;
    void *arg;
    struct replay_count *count;
};

static int batch_population(const struct batch *b, struct population *p)
{
    struct work *w = b->w;
    const struct decision *d = &b->rows[0];
    int64_t *ids = ARENA_ARRAY(w->cx.arena, b->n, int64_t);
    struct levy_facts facts;
    struct income_table incomes;
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < b->n; i++) {
        ids[i] = b->rows[i].household_id;
    }
    struct facts_request rq = {.fiscal_year = d->fiscal_year,
                               .known = d->looked_from,
                               .as_of = d->as_of,
                               .limit = b->n,
                               .only = ids,
                               .n_only = b->n};
    int rc = eligibility_facts_load(w, &rq, &facts);
    rc = rc < 0 ? rc : statements_load(w, &facts, &rq, &incomes);
    return rc < 0 ? rc : population_add(w, p, &facts, &incomes, d->as_of);
}

static int by_household_and_day(const void *a, const void *b)
{
    const struct decision *x = a;
    const struct decision *y = b;
    if (x->household_id != y->household_id) {
        return x->household_id < y->household_id ? -1 : 1;
    }
    return ymd_compare(x->from, y->from);
}

static struct decision *decision_of(struct batch *b, const struct unit *u)
{
    struct decision key = {.household_id = u->household_id, .from = {u->from_day}};
    struct decision *d = bsearch(&key, b->rows, b->n, sizeof key, by_household_and_day);
    return d && is_unit_of(u, d) ? d : NULL;
}

/* One unit as it comes out again, beside its decision. */
static int compare_unit(struct batch *b, const struct assessor *from, const struct unit *u,
                        const struct assessment *found, struct str vectors)
{
    struct decision *d = decision_of(b, u);
    struct replayed a = {
        from->plan,     from->filled,     u,
        &found->result, &found->schedule, {vectors.p + found->explained_at, found->explained_n}};
    return d && !found->failed ? compare(b->w, d, &a, &d->is_replayed) : 0;
}

static int compare_rest(struct batch *b, const struct plan *plan, const struct population *p)
{
    int rc = 0;
    for (size_t i = 0; i < b->n && rc >= 0; i++) {
        struct decision *d = &b->rows[i];
        if (is_ended(d) && !population_unit(p, d->household_id, d->debtor_id, d->from)) {
            rc = compare_ended(b->w, plan, p, d, &d->is_replayed);
        }
    }
    return rc;
}

static int replay_batch(struct batch *b)
{
    struct work *w = b->w;
    const struct plan *plan;
    struct population p;
    struct assessor a;
    struct text vectors;
    struct assessment *block = ARENA_ARRAY(w->cx.arena, LAW_BLOCK, struct assessment);
    int rc = levy_plan_of_decision(w, &b->rows[0], &plan);
    rc = rc < 0 ? rc : assessor_init(&w->cx, &a, plan);
    if (rc < 0) {
        return rc;
    }
    population_init(&p, b->rows[0].fiscal_year, b->rows[0].looked_from);
    text_init(&vectors, (size_t)64 << 20);
    rc = block ? batch_population(b, &p) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc >= 0 && p.units.n > 0) {
        rc = assessor_fill(&w->cx, &a, &p, 0, p.units.n);
    }
    for (size_t at = 0; rc >= 0 && at < p.units.n; at += LAW_BLOCK) {
        size_t count = p.units.n - at < LAW_BLOCK ? p.units.n - at : LAW_BLOCK;
        text_clear(&vectors);
        rc = assessor_run(&w->cx, &a, at, count, block, &vectors);
        for (size_t i = 0; i < count && rc >= 0; i++) {
            rc = compare_unit(b, &a, &UNITS(&p)[at + i], &block[i], text_str(&vectors));
        }
    }
    rc = rc < 0 ? rc : compare_rest(b, plan, &p);
    text_release(&vectors);
    population_release(&p);
    assessor_release(&a);
    return rc;
}

/* What the batch did not find again counts as different too. */
static int report_batch(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct decision *d = &b->rows[i];
        b->count->decisions++;
        if (d->is_replayed) {
            continue;
        }
        b->count->different++;
        int rc = b->fn ? b->fn(b->arg, d) : 0;
        if (rc < 0) {
            return rc;
        }
    }
    return 0;
}

static bool looks_alike(const struct decision *a, const struct decision *b)
{
    return a->looked_from == b->looked_from && a->as_of.day == b->as_of.day &&
           digest_equal(&a->rule_hash, &b->rule_hash);
}

/* All of them, or those in force; by the key that the pages go on from. */
struct replay_walk {
    int fiscal_year;
    bool is_stored;
    int64_t after;
};

static int next_page(struct work *w, struct replay_walk *walk, struct decisions *page)
{
    const int rc =
        walk->is_stored
            ? levy_decisions_stored(w, walk->fiscal_year, walk->after, REPLAY_DECISIONS, page)
            : levy_decisions_page(w, walk->fiscal_year, walk->after, REPLAY_DECISIONS, page);
    if (rc >= 0 && page->n > 0) {
        const struct decision *last = &page->rows[page->n - 1];
        walk->after = walk->is_stored ? last->decision_id : last->decision_no;
    }
    return rc;
}

/* Runs of decisions that looked at the same facts by the same rules. */
static int replay_page(struct batch *b, const struct decisions *page)
{
    int rc = 0;
    for (size_t first = 0; rc >= 0 && first < page->n;) {
        size_t last = first + 1;
        while (last < page->n && looks_alike(&page->rows[first], &page->rows[last])) {
            last++;
        }
        b->rows = page->rows + first;
        b->n = last - first;
        qsort(b->rows, b->n, sizeof *b->rows, by_household_and_day);
        rc = replay_batch(b);
        rc = rc < 0 ? rc : report_batch(b);
        first = last;
    }
    return rc;
}

static int replay_walk(struct batch *b, struct replay_walk *walk)
{
    struct work *w = b->w;
    struct decisions page;
    int rc;
    *b->count = (struct replay_count){0};
    do {
        struct arena_mark mark = arena_mark(w->cx.arena);
        rc = next_page(w, walk, &page);
        rc = rc < 0 ? rc : replay_page(b, &page);
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && page.n > 0);
    return rc < 0 ? rc : 0;
}

int levy_replay_year(struct work *w, int fiscal_year, replay_fn *fn, void *arg,
                     struct replay_count *out)
{
    struct batch b = {.w = w, .fn = fn, .arg = arg, .count = out};
    struct replay_walk walk = {.fiscal_year = fiscal_year};
    return replay_walk(&b, &walk);
}

int levy_replay_stored(struct work *w, int fiscal_year, replay_fn *fn, void *arg,
                       struct replay_count *out)
{
    struct batch b = {.w = w, .fn = fn, .arg = arg, .count = out};
    struct replay_walk walk = {.fiscal_year = fiscal_year, .is_stored = true};
    return replay_walk(&b, &walk);
}
