/*
 * Symbol, number and branch number (被保険者記号・番号・枝番) for whoever begins to be insured in a
 * household. A household keeps its number and gets it back when somebody is insured in it again; a
 * person keeps his branch number under it; nothing is ever given to a second one.
 */
#include "desk/eligibility/notification_inner.h"

#include <stdio.h>

struct numbering {
    struct planning *p;
    struct eligibility_batch *b;
    int64_t event_no;
    struct insured_household household;
    struct eligibility_branches_under_list branches;
    int64_t last_branch;
};

static int first_number(struct work *w, int64_t *number)
{
    struct context *cx = &w->cx;
    struct eligibility_highest_number_row highest;
    int64_t most = 0;
    int result = store_number(cx, w->store, STR("eligibility.number"), 1, number);

    if (result >= 0)
        result = eligibility_highest_number(cx, w->store, &highest);
    if (result <= 0 || !str_to_int(highest.number, &most) || most < *number)
        return result < 0 ? result : OK;
    /* Numbers came in by a file: the series goes on behind them. */
    if (most > *number)
        result = store_number(cx, w->store, STR("eligibility.number"), most - *number, number);
    return result < 0 ? result : store_number(cx, w->store, STR("eligibility.number"), 1, number);
}

static int symbol_of(struct work *w, struct str *symbol)
{
    struct eligibility_highest_number_row row;

    *symbol = setting_get(w, "eligibility.symbol");
    if (symbol->n > 0)
        return OK;
    const int result = eligibility_highest_number(&w->cx, w->store, &row);
    *symbol = result > 0 ? row.symbol : STR("1");
    return result < 0 ? result : OK;
}

static int new_number(struct numbering *g, struct ymd from)
{
    struct work *w = g->p->w;
    int64_t number = 0;
    int result = symbol_of(w, &g->household.symbol);

    if (result >= 0)
        result = first_number(w, &number);
    if (result < 0)
        return result;
    g->household.number = str_format(w->cx.arena, "%08lld", (long long)number);
    g->household.valid = (struct span){from, YMD_NONE};
    if (!g->household.number.p)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    return eligibility_open_household(g->b, g->event_no, &g->household, NULL);
}

/* The number the household has on the day; else the newest it had, from that day on. */
static int household_number(struct numbering *g, struct ymd from)
{
    struct work *w = g->p->w;
    struct eligibility_numbers_of_household_list list;
    const struct eligibility_numbers_of_household_in in = {g->household.household_id};
    int result = eligibility_numbers_of_household(&w->cx, w->store, &in, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct span s = {list.rows[i].valid_from, list.rows[i].valid_to};
        g->household.symbol = list.rows[i].symbol;
        g->household.number = list.rows[i].number;
        if (span_holds(s, from))
            return OK;
    }
    if (result < 0 || list.n == 0)
        return result < 0 ? result : new_number(g, from);
    const struct eligibility_numbers_of_household_row *newest = &list.rows[0];
    g->household.symbol = newest->symbol;
    g->household.number = newest->number;
    g->household.valid = (struct span){from, YMD_NONE};
    if (ymd_compare(newest->valid_from, from) > 0) { /* it began later than we thought */
        g->household.valid.to = newest->valid_to;
        result = eligibility_close(g->b, ELIGIBILITY_HOUSEHOLD, newest->insured_household_id,
                                   g->event_no);
    }
    return result < 0 ? result : eligibility_open_household(g->b, g->event_no, &g->household, NULL);
}

static int look_branches(struct numbering *g)
{
    struct work *w = g->p->w;
    const struct eligibility_branches_under_in in = {g->household.symbol, g->household.number};
    const int result = eligibility_branches_under(&w->cx, w->store, &in, &g->branches);

    for (size_t i = 0; result >= 0 && i < g->branches.n; i++) {
        int64_t no = 0;
        if (str_to_int(g->branches.rows[i].branch, &no) && no > g->last_branch)
            g->last_branch = no;
    }
    return result;
}

static int give_branch(struct numbering *g, int64_t person_id)
{
    struct context *cx = &g->p->w->cx;

    for (size_t i = 0; i < g->branches.n; i++) {
        if (g->branches.rows[i].person_id == person_id)
            return OK;
    }
    if (g->last_branch >= 99)
        return fail(cx, ERR_LIMIT, "eligibility.plan.branches_used_up", STR_FMT,
                    STR_ARG(g->household.number));
    const struct str branch = str_format(cx->arena, "%02lld", (long long)++g->last_branch);
    return branch.p ? eligibility_open_branch(g->b, g->event_no, person_id, &g->household, branch)
                    : fail(cx, ERR_MEMORY, "eligibility.memory", NULL);
}

/* The day from which the line needs a number in this household; none: it does not. */
static struct ymd number_from(const struct planning *p, size_t row)
{
    const struct working_period *k = p->touched[row];
    const struct subject *s = p->who[row];

    if (!k || k->is_removed || p->n->row[row].kind == CHANGE_LOSE)
        return YMD_NONE;
    struct ymd from = k->now.valid.from;
    for (size_t i = 0; p->n->row[row].kind == CHANGE_HOUSEHOLD && i < s->n_stays; i++) {
        if (s->stays[i].household_id == p->n->household_id &&
            ymd_compare(s->stays[i].valid_from, from) > 0)
            from = s->stays[i].valid_from;
    }
    return from;
}

int numbers_give(struct planning *p, struct eligibility_batch *b, int64_t event_no)
{
    struct numbering g = {.p = p,
                          .b = b,
                          .event_no = event_no,
                          .household = {.household_id = p->n->household_id}};
    struct ymd first = YMD_NONE;

    for (size_t i = 0; i < p->n->n; i++) {
        const struct ymd from = number_from(p, i);
        if (!ymd_is_none(from) && (ymd_is_none(first) || ymd_compare(from, first) < 0))
            first = from;
    }
    if (ymd_is_none(first))
        return OK;
    int result = household_number(&g, first);
    if (result >= 0)
        result = look_branches(&g);
    for (size_t i = 0; i < p->n->n && result >= 0; i++) {
        bool is_seen = false;
        for (size_t k = 0; k < i; k++)
            is_seen = is_seen || (p->who[k] == p->who[i] && !ymd_is_none(number_from(p, k)));
        if (!is_seen && !ymd_is_none(number_from(p, i)))
            result = give_branch(&g, p->who[i]->person_id);
    }
    return result < 0 ? error_add(&p->w->cx, "give numbers") : OK;
}
