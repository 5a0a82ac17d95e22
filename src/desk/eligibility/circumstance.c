/*
 * Circumstances as entries: involuntary unemployment, maternity, exemption from care insurance,
 * former dependant, custody. What the levy makes of them follows from day, code and months.
 */
#include "desk/eligibility/filing_inner.h"

/* --- checks ----------------------------------------------------------------------------------- */

static bool is_reached(const struct subject *s, int age, struct ymd day)
{
    return !ymd_is_none(s->birth) && ymd_compare(day, age_reached(s->birth, age)) >= 0;
}

static bool was_acquired_on(const struct subject *s, struct ymd day)
{
    for (size_t i = 0; i < s->n_periods; i++) {
        if (ymd_compare(s->period[i].now.valid.from, day) == 0)
            return true;
    }
    return false;
}

/* Receipts of those over 65 and of short contracts (特例受給・高年齢) carry other codes. */
static int check_unemployed(struct work *w, const struct circumstance *c, const struct subject *s)
{
    if (!unemployment_code_counts(c->code))
        return filing_refuse(w, "code", "eligibility.circumstance.code");
    if (is_reached(s, 65, c->day))
        return filing_refuse(w, "day", "eligibility.circumstance.over_65");
    return OK;
}

/* The reduction begins in the month of the acquisition, or later where it was asked for later. */
static struct month former_first(const struct circumstance *c)
{
    return c->first_month.n != MONTH_NONE.n ? c->first_month : ymd_month(c->day);
}

static int check_former(struct work *w, const struct circumstance *c, const struct subject *s)
{
    if (!is_reached(s, 65, c->day) || is_reached(s, 75, c->day))
        return filing_refuse(w, "day", "eligibility.circumstance.not_65_to_74");
    if (!was_acquired_on(s, c->day))
        return filing_refuse(w, "day", "eligibility.circumstance.not_acquired");
    if (c->first_month.n != MONTH_NONE.n && c->first_month.n < ymd_month(c->day).n)
        return filing_refuse(w, "first_month", "eligibility.circumstance.before_acquired");
    if (c->last_month.n != MONTH_NONE.n && c->last_month.n < former_first(c).n)
        return filing_refuse(w, "last_month", "eligibility.circumstance.months");
    return OK;
}

static int check_months(struct work *w, const struct circumstance *c)
{
    if (c->first_month.n == MONTH_NONE.n)
        return filing_refuse(w, "first_month", "eligibility.circumstance.month_missing");
    if (c->last_month.n != MONTH_NONE.n && c->last_month.n < c->first_month.n)
        return filing_refuse(w, "last_month", "eligibility.circumstance.months");
    return OK;
}

static int check_kind(struct work *w, const struct circumstance *c, const struct subject *s)
{
    switch (c->kind) {
    case CIRCUMSTANCE_UNEMPLOYED:
        return check_unemployed(w, c, s);
    case CIRCUMSTANCE_MATERNITY:
        return c->code == 1 || c->code == 2
                   ? OK
                   : filing_refuse(w, "code", "eligibility.circumstance.children");
    case CIRCUMSTANCE_FORMER_DEPENDANT:
        return check_former(w, c, s);
    case CIRCUMSTANCE_CARE_EXEMPT:
    case CIRCUMSTANCE_CUSTODY:
        return check_months(w, c);
    }
    return filing_refuse(w, "kind", "eligibility.circumstance.kind");
}

/* The row replaced is there; no other says the same. */
static int check_rows(struct work *w, const struct circumstance_entry *c)
{
    struct circumstance_rows known;
    bool is_there = c->replaces == 0;
    const int result = circumstance_list(w, c->fact.person_id, &known);

    for (size_t i = 0; result >= 0 && i < known.n; i++) {
        const struct circumstance_row *k = &known.rows[i];
        if (k->row_id == c->replaces)
            is_there = true;
        else if (!c->is_removed && k->fact.kind == c->fact.kind &&
                 ymd_compare(k->fact.day, c->fact.day) == 0)
            return filing_refuse(w, "day", "eligibility.circumstance.twice");
    }
    return result < 0 ? result
           : is_there ? OK
                      : filing_refuse(w, "replaces", "eligibility.plan.row_gone");
}

static int check(struct work *w, const struct circumstance_entry *c)
{
    struct subject *s = NULL;
    int result = filing_ok(w, &c->in);

    if (result >= 0 && c->is_removed && (c->replaces == 0 || str_trim(c->in.why).n == 0))
        result = filing_refuse(w, "why", "eligibility.plan.why_missing");
    if (result >= 0)
        result = filing_person(w, c->fact.person_id, &s);
    if (result >= 0)
        result = check_rows(w, c);
    if (result < 0 || c->is_removed)
        return result;
    if (ymd_is_none(c->fact.day))
        return filing_refuse(w, "day", "eligibility.circumstance.day_missing");
    return check_kind(w, &c->fact, s);
}

/* --- text ------------------------------------------------------------------------------------- */

static int read_text(struct work *w, struct str payload, struct circumstance_entry *c)
{
    *c = (struct circumstance_entry){.fact = {.kind = (enum circumstance_kind)filing_number(payload,
                                                                                            "kind"),
                                              .day = filing_day(payload, "day"),
                                              .code = (int32_t)filing_number(payload, "code"),
                                              .first_month = filing_month(payload, "first_month"),
                                              .last_month = filing_month(payload, "last_month")},
                                     .replaces = filing_number(payload, "replaces"),
                                     .is_removed = filing_number(payload, "removed") == 1};
    const int result = filing_read(w, payload, &c->in, &c->fact.person_id);
    c->fact.notified = c->in.notified;
    return result;
}

int circumstance_enter(struct work *w, const struct circumstance_entry *c, int64_t *event_no)
{
    struct text t;
    int result = check(w, c);

    *event_no = 0;
    if (result < 0)
        return error_add(&w->cx, "enter a circumstance");
    text_init(&t, 16384);
    filing_put_number(&t, "kind", c->fact.kind);
    filing_put_day(&t, "day", c->fact.day);
    filing_put_number(&t, "code", c->fact.code);
    filing_put_month(&t, "first_month", c->fact.first_month);
    filing_put_month(&t, "last_month", c->fact.last_month);
    filing_put_number(&t, "replaces", c->replaces);
    filing_put_number(&t, "removed", c->is_removed);
    filing_write(&t, w, &c->in, c->fact.person_id);
    result = filing_enter(w, "eligibility.circumstance", &c->in, c->fact.person_id, &t, event_no);
    text_release(&t);
    return result;
}

/* --- writing ---------------------------------------------------------------------------------- */

static int write(struct work *w, int64_t event_no, const struct circumstance_entry *c)
{
    struct eligibility_batch *b = NULL;
    int result = eligibility_batch_new(w, &b);

    if (result >= 0 && c->replaces != 0)
        result = eligibility_close(b, ELIGIBILITY_CIRCUMSTANCE, c->replaces, event_no);
    if (result >= 0 && !c->is_removed)
        result = eligibility_open_circumstance(b, event_no, &c->fact, NULL);
    if (result >= 0)
        result = eligibility_batch_write(w, b);
    eligibility_batch_free(b);
    return result;
}

int circumstance_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct circumstance_entry c;
    int result = read_text(w, payload, &c);

    if (result >= 0)
        result = check(w, &c);
    if (result >= 0)
        result = write(w, e->no, &c);
    return result < 0 ? error_add(&w->cx, "apply a circumstance")
                      : filing_decide(w, e, &c.in, "circumstance", c.fact.person_id);
}

int circumstance_list(struct work *w, int64_t person_id, struct circumstance_rows *out)
{
    struct eligibility_circumstance_rows_list list;
    const int result =
        eligibility_circumstance_rows(&w->cx, w->store,
                                      &(struct eligibility_circumstance_rows_in){person_id}, &list);

    *out = (struct circumstance_rows){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct circumstance_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_circumstance_rows_row *r = &list.rows[i];
        out->rows[out->n++] = (struct circumstance_row){r->circumstance_id,
                                                        {person_id, (enum circumstance_kind)r->kind,
                                                         r->day, (int32_t)r->code, r->first_month,
                                                         r->last_month, r->notified_ymd}};
    }
    return OK;
}
