/* What the law makes of an application: granted from when until when, or refused, and why. */
#include "desk/eligibility/application_inner.h"
#include "desk/eligibility/judge_unit.h"

#include <string.h>

enum { STAY_DAYS_OVER = 90, STAY_MONTHS = 12, STAY_WINDOW_MAX = 372, STANDARD_INCOME_FIRST = 2018 };

/* The person as he stands on a day, whatever day the work looks at. */
static int holder_on(struct work *w, int64_t person_id, struct ymd day, struct holder *out)
{
    const struct asof before = w->asof;
    struct holders all;

    w->asof = (struct asof){day, KNOWN_NOW};
    const int result = holders_load(w, &person_id, 1, &all);
    w->asof = before;
    if (result < 0 || all.n == 0)
        return result < 0 ? result : fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    *out = all.rows[0];
    return OK;
}

/* From the first of the month of the application; who came later in it, from that day. */
static int holder_of_month(struct work *w, const struct application *a, struct holder *out,
                           struct ymd *from)
{
    int result = holder_on(w, a->person_id, a->in.notified, out);

    *from = month_first(ymd_month(a->in.notified));
    if (result < 0 || ymd_is_none(out->acquired))
        return result;
    if (ymd_compare(out->acquired, *from) > 0)
        *from = out->acquired;
    const struct ymd since = out->acquired;
    result = holder_on(w, a->person_id, *from, out);
    out->acquired = ymd_is_none(out->acquired) ? since : out->acquired;
    return result;
}

static void refuse(struct application_look *out, const char *code)
{
    if (out->refusal.n == 0)
        out->refusal = str_of(code);
}

/* The last day of a certificate of that kind ends what it says. */
static int until(struct work *w, const struct holder *h, const char *kind,
                 struct application_look *out)
{
    const struct certificate_tables *t;
    const int result = certificate_tables_read(w, &t);
    const struct certificate_kind *k = result < 0 ? NULL : certificate_kind(t, str_of(kind));

    if (result < 0 || !k)
        return result < 0 ? result
                          : fail(&w->cx, ERR_NOT_FOUND, "eligibility.issue.kind_unknown", NULL);
    const struct ymd last = certificate_until(t, k, h, out->valid.from);
    out->valid.to = ymd_is_none(last) ? YMD_NONE : ymd_add(last, 1);
    /* over already when it is decided: the days count, no document is of use */
    if (ymd_is_none(last) || ymd_compare(last, w->today) >= 0)
        out->paper = k->name;
    return OK;
}

/* --- the long stay ---------------------------------------------------------------------------- */

struct window { /* days from first on; a letter each */
    struct ymd first, last;
    bool stayed[STAY_WINDOW_MAX], entitled[STAY_WINDOW_MAX];
};

static void mark(const struct window *v, bool *days, struct ymd from, struct ymd last)
{
    for (struct ymd d = v->first; ymd_compare(d, v->last) <= 0; d = ymd_add(d, 1)) {
        const int at = d.day - v->first.day;
        if (at < STAY_WINDOW_MAX && ymd_compare(d, from) >= 0 &&
            (ymd_is_none(last) || ymd_compare(d, last) <= 0))
            days[at] = true;
    }
}

static bool is_low(enum division d)
{
    return d == DIVISION_O || d == DIVISION_LOW_2;
}

/* Days on which he was judged to be in the division, where the city counts those. */
static int mark_judged(struct work *w, const struct application *a, struct window *v)
{
    struct eligibility_divisions_during_list list;
    const struct eligibility_divisions_during_in in = {a->person_id,
                                                       {v->first, ymd_add(v->last, 1),
                                                        w->asof.known}};

    if (!str_is(setting_get(w, "eligibility.long_stay_counts"), "judged"))
        return OK;
    const int result = eligibility_divisions_during(&w->cx, w->store, &in, &list);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        if (is_low((enum division)list.rows[i].division))
            mark(v, v->entitled, list.rows[i].valid_from, ymd_add(list.rows[i].valid_to, -1));
    }
    return result;
}

/* Days for which he held a document that lowers what he pays for meals. */
static int mark_certified(struct work *w, const struct application *a, struct window *v)
{
    struct helds all;
    const int result = certificate_of_people(w, &a->person_id, 1, &all);

    for (size_t i = 0; result >= 0 && i < all.n; i++) {
        const struct held *c = &all.rows[i];
        if (is_low(c->division) &&
            (str_is(c->kind, "reduction") || str_is(c->kind, "limit_reduction")))
            mark(v, v->entitled, c->effective, c->valid_until);
    }
    return result;
}

static int count_stays(struct work *w, const struct application *a, int *days)
{
    struct window *v = ARENA_NEW(w->cx.arena, struct window);
    int result = v ? OK : certificate_memory(w);

    if (result < 0)
        return result;
    *v =
        (struct window){.first = month_first(month_add(ymd_month(a->in.notified), 1 - STAY_MONTHS)),
                        .last = a->in.notified};
    result = mark_judged(w, a, v);
    if (result >= 0)
        result = mark_certified(w, a, v);
    for (size_t i = 0; i < a->n_items; i++) {
        const struct application_item *x = &a->item[i];
        if (str_is(x->name, "stay") || str_is(x->name, "stay_elsewhere"))
            mark(v, v->stayed, x->from, x->to);
        if (str_is(x->name, "stay_elsewhere"))
            mark(v, v->entitled, x->from, x->to);
    }
    *days = 0;
    for (int i = 0; i < STAY_WINDOW_MAX; i++)
        *days += v->stayed[i] && v->entitled[i];
    return result;
}

/* The lower rate for meals holds from the first of the month after the application. */
static int look_long_stay(struct work *w, const struct application *a, struct application_look *out)
{
    const int result = count_stays(w, a, &out->stay_days);

    if (result < 0)
        return result;
    if (!is_low(out->division))
        refuse(out, "stay_division");
    if (out->stay_days <= STAY_DAYS_OVER)
        refuse(out, "stay_short");
    out->long_stay = month_first(month_add(ymd_month(a->in.notified), 1));
    out->relief = RELIEF_LONG_STAY;
    /* in July the next year of divisions begins before the long stay would */
    if (out->refusal.n == 0 && !ymd_is_none(out->valid.to) &&
        ymd_compare(out->long_stay, out->valid.to) >= 0)
        out->problem = "eligibility.application.next_year";
    return OK;
}

/* --- limit and reduction -------------------------------------------------------------------------
 */

static const char *limit_paper(const struct holder *h, const struct application_look *out,
                               bool is_young)
{
    const bool is_reduced = out->division == DIVISION_O || out->division == DIVISION_LOW_2 ||
                            out->division == DIVISION_LOW_1;

    /* arrears keep back the limit of those under 70, not the lower price of meals */
    if (is_young && h->arrears.blocks_limits)
        return is_reduced ? "reduction" : NULL;
    return is_reduced ? "limit_reduction" : "limit";
}

static int look_limit(struct work *w, const struct application *a, struct application_look *out)
{
    struct holder h;
    int result = holder_of_month(w, a, &h, &out->valid.from);

    if (result < 0)
        return result;
    if (ymd_is_none(h.acquired))
        refuse(out, "not_insured");
    out->relief = RELIEF_LIMIT;
    out->division = h.judged.division;
    if (out->refusal.n > 0)
        return OK;
    if (!division_is_decided(out->division)) {
        out->problem = "eligibility.application.no_division";
        return OK;
    }
    const char *paper = limit_paper(&h, out, !holder_is_elderly(&h, out->valid.from));
    if (!paper)
        refuse(out, "arrears");
    if (out->division == DIVISION_GENERAL || out->division == DIVISION_ACTIVE_3)
        refuse(out, "not_needed");
    result = until(w, &h, paper ? paper : "limit", out);
    return result < 0 || application_number(a, "long_stay") == 0 ? result
                                                                 : look_long_stay(w, a, out);
}

/* --- a specified disease -------------------------------------------------------------------------
 */

static int look_disease(struct work *w, const struct application *a, struct application_look *out)
{
    struct holder h;
    int result = holder_of_month(w, a, &h, &out->valid.from);

    if (result < 0)
        return result;
    out->relief = RELIEF_DISEASE;
    out->disease = application_number(a, "disease");
    out->division = h.judged.division;
    if (ymd_is_none(h.acquired))
        refuse(out, "not_insured");
    if (!application_item_of(a, "doctor"))
        refuse(out, "no_doctor");
    if (out->refusal.n > 0)
        return OK;
    result =
        disease_limit(w,
                      &(struct disease_case){out->disease, out->division, h.birth, out->valid.from},
                      &out->limit);
    if (out->limit.n == 0)
        out->problem = "eligibility.application.no_division";
    return result < 0 ? result : until(w, &h, "disease", out);
}

/* --- part-payment --------------------------------------------------------------------------------
 */

static const char *const causes[] = {"disaster", "crop", "business", "unemployment", "other"};

static bool cause_counts(struct str cause)
{
    for (size_t i = 0; i + 1 < sizeof causes / sizeof *causes; i++) {
        if (str_is(cause, causes[i]))
            return true;
    }
    return false;
}

static int look_part(struct work *w, const struct application *a, struct application_look *out)
{
    struct holder h;
    struct part_line line = {0};
    bool is_savings = false;
    int result = holder_of_month(w, a, &h, &out->valid.from);
    const struct application_item *cause = application_item_of(a, "cause");

    if (result >= 0)
        result = part_line_of(w, a, &line, &is_savings);
    if (result < 0)
        return result;
    if (ymd_is_none(h.acquired))
        refuse(out, "not_insured");
    if (!cause || !cause_counts(cause->words))
        refuse(out, "cause");
    if (result == 0)
        refuse(out, is_savings ? "savings" : "income");
    const int asked = application_number(a, "months");
    const int months = line.months > 0 && line.months < asked ? line.months : asked;
    out->relief = line.relief;
    out->rate = line.rate;
    out->valid.to = month_first(month_add(ymd_month(out->valid.from), months));
    return OK;
}

/* --- standard income -----------------------------------------------------------------------------
 */

struct standard_income application_standard_income(const struct application *a)
{
    struct standard_income s = {.household_id = a->in.household_id,
                                .year = application_number(a, "year"),
                                .received = a->in.notified,
                                .identity = a->in.identity};

    for (size_t i = 0; i < a->n_items && s.n < STANDARD_INCOME_MAX; i++) {
        if (!str_is(a->item[i].name, "revenue"))
            continue;
        s.row[s.n].person_id = a->item[i].person_id;
        s.row[s.n++].revenue = a->item[i].amount;
    }
    return s;
}

static void claim(struct judge_units *u, const struct standard_income *s)
{
    for (size_t i = 0; i < u->n_members; i++) {
        for (size_t k = 0; k < s->n; k++) {
            if (u->members[i].person_id == s->row[k].person_id) {
                u->members[i].has_claim = true;
                u->members[i].claimed = s->row[k].revenue;
            }
        }
    }
}

/* The share of those of 70 to 74; 0: undecided, -1: there are none. */
static int elderly_share(const struct judgement *j)
{
    for (size_t i = 0; i < j->n; i++) {
        if (j->person[i].elderly == 70)
            return j->person[i].share;
    }
    return -1;
}

/* As the household is judged on the first day it would count, without and with the revenues. */
static int judge_both(struct work *w, const struct standard_income *s, struct ymd from,
                      struct application_look *out)
{
    const struct judge_scope scope = {.day = from,
                                      .known = w->asof.known,
                                      .only = &s->household_id,
                                      .n_only = 1};
    struct judgement *j = ARENA_NEW(w->cx.arena, struct judgement);
    struct judge_units u = {0};
    int result = j ? judge_units_load(w, &scope, &u) : certificate_memory(w);

    out->share_before = out->share_after = -1;
    if (result < 0 || u.n == 0)
        return result;
    result = judge_units_run(w, &u, NULL, j);
    out->share_before = elderly_share(j);
    if (result >= 0) {
        claim(&u, s);
        memset(j, 0, sizeof *j);
        result = judge_units_run(w, &u, NULL, j);
    }
    out->share_after = elderly_share(j);
    return result < 0 ? result : OK;
}

static int look_income(struct work *w, const struct application *a, struct application_look *out)
{
    const struct standard_income s = application_standard_income(a);

    if (s.year < STANDARD_INCOME_FIRST || s.year > 2100)
        return fail(&w->cx, ERR_INVALID, "eligibility.judge.year", NULL);
    out->valid =
        (struct span){standard_income_from(s.year, s.received), judge_year_span(s.year).to};
    if (ymd_compare(out->valid.from, out->valid.to) >= 0) {
        out->problem = "eligibility.standard_income.year";
        return OK;
    }
    const int result = judge_both(w, &s, out->valid.from, out);
    if (result < 0)
        return result;
    if (out->share_before < 0)
        refuse(out, "nobody");
    else if (out->share_before == 2)
        refuse(out, "already");
    else if (out->share_after == 3)
        refuse(out, "over");
    else if (out->share_after == 0)
        out->problem = "eligibility.application.no_taxable";
    return OK;
}

int application_look(struct work *w, const struct application *a, struct application_look *out)
{
    int result = ERR_INVALID;

    *out = (struct application_look){.valid = {YMD_NONE, YMD_NONE},
                                     .long_stay = YMD_NONE,
                                     .refusal = STR(""),
                                     .paper = STR("")};
    switch (a->kind) {
    case APPLICATION_STANDARD_INCOME:
        result = look_income(w, a, out);
        break;
    case APPLICATION_LIMIT:
        result = look_limit(w, a, out);
        break;
    case APPLICATION_DISEASE:
        result = look_disease(w, a, out);
        break;
    case APPLICATION_PART_PAYMENT:
        result = look_part(w, a, out);
        break;
    }
    return result < 0 ? error_add(&w->cx, "look at application " STR_FMT, STR_ARG(a->no)) : OK;
}
