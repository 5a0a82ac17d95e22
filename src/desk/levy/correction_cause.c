/* Why a debtor's year comes out different: his facts as the decision in force saw them beside those
 * of now. */
#include "desk/levy/correction.h"

#include <stdlib.h>
#include <string.h>

/* The facts one decision in force looked at, of many households. */
struct view {
    int64_t known;
    struct ymd as_of;
    struct population population;
};

static int load_view(struct work *w, int fiscal_year, const int64_t *ids, size_t n, struct view *v)
{
    struct levy_facts facts;
    struct income_table incomes;
    struct facts_request rq = {.fiscal_year = fiscal_year,
                               .known = v->known,
                               .as_of = v->as_of,
                               .limit = n,
                               .only = ids,
                               .n_only = n};
    population_init(&v->population, fiscal_year, v->known);
    int rc = eligibility_facts_load(w, &rq, &facts);
    rc = rc < 0 ? rc : statements_load(w, &facts, &rq, &incomes);
    return rc < 0 ? rc : population_add(w, &v->population, &facts, &incomes, v->as_of);
}

/* --- two units side by side ------------------------------------------------------------------- */

struct sides {
    const struct population *was, *now;
    const struct unit *a, *b; /* of was, of now */
};

static const struct unit_person *person_in(const struct population *p, const struct unit *u,
                                           int64_t person_id)
{
    for (uint32_t i = 0; i < u->n_persons; i++) {
        if (PERSONS(p)[u->first_person + i].person_id == person_id) {
            return &PERSONS(p)[u->first_person + i];
        }
    }
    return NULL;
}

static void earlier(struct ymd *day, int32_t other)
{
    if (other != NO_DAY && (ymd_is_none(*day) || other < day->day)) {
        *day = (struct ymd){other};
    }
}

/* Spans of one person that only one side has, or has otherwise. */
static bool spans_differ(const struct sides *s, const struct unit_person *x,
                         const struct unit_person *y, struct ymd *day)
{
    bool differ = x->n_spans != y->n_spans;
    for (int side = 0; side < 2; side++) {
        const struct unit_person *p = side ? y : x;
        const struct unit_person *q = side ? x : y;
        const struct unit_span *ps = SPANS(side ? s->now : s->was) + p->first_span;
        const struct unit_span *qs = SPANS(side ? s->was : s->now) + q->first_span;
        for (uint16_t i = 0; i < p->n_spans; i++) {
            const struct unit_span *other = NULL;
            for (uint16_t k = 0; k < q->n_spans && !other; k++) {
                other = qs[k].acquired == ps[i].acquired ? &qs[k] : NULL;
            }
            if (!other) {
                differ = true;
                earlier(day, ps[i].acquired);
            } else if (other->lost != ps[i].lost || other->lost_cause != ps[i].lost_cause ||
                       other->lost_by != ps[i].lost_by) {
                differ = true;
                earlier(day, ps[i].lost < other->lost ? ps[i].lost : other->lost);
            }
        }
    }
    return differ;
}

static bool people_differ(const struct sides *s, struct ymd *day)
{
    bool differ = false;
    for (uint32_t i = 0; i < s->b->n_persons; i++) {
        const struct unit_person *y = &PERSONS(s->now)[s->b->first_person + i];
        const struct unit_person *x = person_in(s->was, s->a, y->person_id);
        struct unit_person none = {.special_day = NO_DAY, .special_end = NO_DAY};
        const struct unit_person *before = x ? x : &none;
        differ = spans_differ(s, before, y, day) || differ;
        if (before->special_day != y->special_day || before->special_end != y->special_end) {
            differ = true;
            earlier(day, y->special_day);
        }
        differ = differ || (x && x->birth_day != y->birth_day);
    }
    for (uint32_t i = 0; i < s->a->n_persons; i++) {
        const struct unit_person *x = &PERSONS(s->was)[s->a->first_person + i];
        struct unit_person none = {0};
        if (!person_in(s->now, s->b, x->person_id)) {
            differ = true;
            (void)spans_differ(s, x, &none, day);
        }
    }
    return differ;
}

static bool incomes_differ(const struct sides *s)
{
    for (uint32_t i = 0; i < s->b->n_persons; i++) {
        const struct unit_person *y = &PERSONS(s->now)[s->b->first_person + i];
        const struct unit_person *x = person_in(s->was, s->a, y->person_id);
        if (!x) {
            continue;
        }
        if (x->has_income != y->has_income || x->is_known != y->is_known ||
            (x->has_income &&
             !income_equal(&INCOMES(s->was)[x->income], &INCOMES(s->now)[y->income]))) {
            return true;
        }
    }
    return false;
}

static bool circumstances_differ(const struct sides *s)
{
    for (uint32_t i = 0; i < s->b->n_persons; i++) {
        const struct unit_person *y = &PERSONS(s->now)[s->b->first_person + i];
        const struct unit_person *x = person_in(s->was, s->a, y->person_id);
        if (x && (x->n_circumstances != y->n_circumstances ||
                  memcmp(CIRCUMSTANCES(s->was) + x->first_circumstance,
                         CIRCUMSTANCES(s->now) + y->first_circumstance,
                         y->n_circumstances * sizeof(struct unit_circumstance)) != 0)) {
            return true;
        }
    }
    return false;
}

static bool exemptions_differ(const struct sides *s)
{
    return s->a->exempt_yen != s->b->exempt_yen || s->a->exempt_rate != s->b->exempt_rate ||
           s->a->exempt_income_rate != s->b->exempt_income_rate || s->a->n_cuts != s->b->n_cuts;
}

/* --- one change ------------------------------------------------------------------------------- */

static struct ymd year_begin(const struct levy_change *c, int fiscal_year)
{
    struct ymd april = ymd_of(fiscal_year, 4, 1);
    return ymd_compare(c->from, april) > 0 ? c->from : april;
}

static bool heads_differ(const struct unit *a, const struct unit *b)
{
    return a->reign_from != b->reign_from || a->reign_to != b->reign_to;
}

static void explain(const struct sides *s, int fiscal_year, struct levy_change *c)
{
    struct ymd day = YMD_NONE;
    c->changed = year_begin(c, fiscal_year);
    if (heads_differ(s->a, s->b)) {
        c->cause = STR("head");
        earlier(&day, s->b->reign_to != s->a->reign_to ? s->b->reign_to : s->b->reign_from);
    } else if (people_differ(s, &day)) {
        c->cause = STR("eligibility");
    } else if (exemptions_differ(s)) {
        c->cause = STR("exemption");
    } else if (incomes_differ(s)) {
        c->cause = STR("income");
    } else if (circumstances_differ(s)) {
        c->cause = STR("circumstance");
    } else {
        c->cause = STR("rules");
    }
    c->changed = ymd_is_none(day) ? c->changed : day;
}

static bool by_other_cover(int lost_by)
{
    return lost_by == LOST_EMPLOYER || lost_by == LOST_SOCIETY || lost_by == LOST_LATE_STAGE;
}

/* Somebody of the old unit was found to have had other cover (法110条の2第2項). */
static bool other_cover_found(const struct sides *s)
{
    for (uint32_t i = 0; i < s->a->n_persons; i++) {
        const struct unit_person *x = &PERSONS(s->was)[s->a->first_person + i];
        const struct unit_person *y = s->b ? person_in(s->now, s->b, x->person_id) : NULL;
        for (uint16_t k = 0; y && k < y->n_spans; k++) {
            const struct unit_span *now = &SPANS(s->now)[y->first_span + k];
            bool was_known = false;
            for (uint16_t j = 0; j < x->n_spans; j++) {
                was_known = was_known || SPANS(s->was)[x->first_span + j].lost == now->lost;
            }
            if (now->lost != NO_DAY && by_other_cover(now->lost_by) && !was_known) {
                return true;
            }
        }
    }
    return false;
}

/* A debtor without a year left: another head took over, or nobody was insured after all. */
static void explain_ended(const struct change_request *rq, struct levy_change *c)
{
    c->cause = STR("ended");
    for (size_t i = 0; i < rq->now->units.n; i++) {
        const struct unit *u = &UNITS(rq->now)[i];
        if (u->household_id == c->household_id && u->debtor_id != c->debtor_id) {
            c->cause = STR("head");
        }
    }
}

static void explain_new(const struct change_request *rq, struct levy_change *c)
{
    c->cause = STR("new");
    for (size_t i = 0; i < rq->decided->n; i++) {
        const struct decision *d = &rq->decided->rows[i];
        if (d->household_id == c->household_id && d->debtor_id != c->debtor_id) {
            c->cause = STR("head");
        }
    }
}

static void explain_from(const struct change_request *rq, const struct population *was,
                         const struct decision *d, struct levy_change *c)
{
    struct sides s = {.was = was, .now = rq->now};
    s.a = population_unit(was, d->household_id, d->debtor_id, d->from);
    s.b = c->unit == SIZE_MAX ? NULL : &UNITS(rq->now)[c->unit];
    if (!s.b) {
        explain_ended(rq, c);
    } else if (s.a) {
        explain(&s, rq->terms->fiscal_year, c);
    } else {
        c->cause = STR("eligibility"); /* nothing was levied any more, and now it is again */
    }
    if (s.a && c->direction == CHANGE_DECREASE && (other_cover_found(&s) || !s.b)) {
        c->basis = STR("other_cover");
    }
}

/* --- all changes, a view at a time ------------------------------------------------------------ */

static bool same_view(const struct decision *a, const struct decision *b)
{
    return a->looked_from == b->looked_from && a->as_of.day == b->as_of.day;
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t sorted_once(int64_t *ids, size_t n)
{
    size_t kept = 0;
    qsort(ids, n, sizeof *ids, by_id);
    for (size_t i = 0; i < n; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i]) {
            ids[kept++] = ids[i];
        }
    }
    return kept;
}

static int explain_view(struct work *w, const struct change_request *rq,
                        const struct decision *first, struct levy_changes *out, bool *is_done)
{
    struct view v = {.known = first->looked_from, .as_of = first->as_of};
    int64_t *ids = ARENA_ARRAY(w->cx.arena, out->n, int64_t);
    size_t n = 0;
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < out->n; i++) {
        const struct decision *d = out->rows[i].replaces;
        if (d && same_view(d, first)) {
            ids[n++] = d->household_id;
        }
    }
    n = sorted_once(ids, n);
    int rc = load_view(w, rq->terms->fiscal_year, ids, n, &v);
    for (size_t i = 0; rc >= 0 && i < out->n; i++) {
        const struct decision *d = out->rows[i].replaces;
        if (d && same_view(d, first)) {
            explain_from(rq, &v.population, d, &out->rows[i]);
            is_done[i] = true;
        }
    }
    population_release(&v.population);
    return rc;
}

int changes_explain(struct work *w, const struct change_request *rq, struct levy_changes *out)
{
    bool *is_done = ARENA_ARRAY(w->cx.arena, out->n + 1, bool);
    int rc = is_done ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; rc >= 0 && i < out->n; i++) {
        const struct decision *d = out->rows[i].replaces;
        if (!d) {
            explain_new(rq, &out->rows[i]);
        } else if (!is_done[i]) {
            rc = explain_view(w, rq, d, out, is_done);
        }
    }
    return rc;
}
