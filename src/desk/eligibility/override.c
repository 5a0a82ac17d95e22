/*
 * What the office sets by its own word: a derived mark set or unset, and another head for the
 * insurance on application (擬制世帯の世帯主変更). Both carry a reason; a mark its last day too.
 */
#include "desk/eligibility/filing_inner.h"

/* --- marks ------------------------------------------------------------------------------------ */

static bool mark_is_known(struct str mark)
{
    return str_is(mark, "special_same") || str_is(mark, "former_dependant") ||
           str_is(mark, "unemployed") || str_is(mark, "care_exempt");
}

int override_list(struct work *w, int64_t person_id, struct override_rows *out)
{
    struct eligibility_override_rows_list list;
    const int result =
        eligibility_override_rows(&w->cx, w->store,
                                  &(struct eligibility_override_rows_in){person_id}, &list);

    *out = (struct override_rows){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct override_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_override_rows_row *r = &list.rows[i];
        out->rows[out->n++] = (struct override_row){r->mark_override_id,
                                                    {.in = {.why = r->reason},
                                                     .person_id = person_id,
                                                     .mark = r->mark,
                                                     .is_set = r->is_set,
                                                     .valid = {r->valid_from, r->valid_to}}};
    }
    return OK;
}

static int check_marks(struct work *w, const struct override_entry *c)
{
    struct override_rows known;
    bool is_there = c->replaces == 0;
    const int result = override_list(w, c->person_id, &known);

    for (size_t i = 0; result >= 0 && i < known.n; i++) {
        const struct override_row *k = &known.rows[i];
        if (k->row_id == c->replaces)
            is_there = true;
        else if (!c->is_removed && str_equal(k->fact.mark, c->mark) &&
                 !span_is_empty(span_cut(k->fact.valid, c->valid)))
            return filing_refuse(w, "from", "eligibility.override.overlap");
    }
    return result < 0 ? result
           : is_there ? OK
                      : filing_refuse(w, "replaces", "eligibility.plan.row_gone");
}

static int check_override(struct work *w, const struct override_entry *c)
{
    struct subject *s = NULL;
    int result = filing_ok(w, &c->in);

    if (result >= 0 && str_trim(c->in.why).n == 0)
        result = filing_refuse(w, "why", "eligibility.override.why_missing");
    if (result >= 0)
        result = filing_person(w, c->person_id, &s);
    if (result >= 0)
        result = check_marks(w, c);
    if (result < 0 || c->is_removed)
        return result;
    if (!mark_is_known(c->mark))
        return filing_refuse(w, "mark", "eligibility.override.mark");
    if (ymd_is_none(c->valid.from))
        return filing_refuse(w, "from", "eligibility.override.from_missing");
    if (ymd_is_none(c->valid.to))
        return filing_refuse(w, "to", "eligibility.override.to_missing");
    return ymd_compare(c->valid.to, c->valid.from) > 0
               ? OK
               : filing_refuse(w, "to", "eligibility.override.to_before_from");
}

int override_enter(struct work *w, const struct override_entry *c, int64_t *event_no)
{
    struct text t;
    int result = check_override(w, c);

    *event_no = 0;
    if (result < 0)
        return error_add(&w->cx, "enter an override");
    text_init(&t, 16384);
    filing_put_words(&t, "mark", c->mark);
    filing_put_words(&t, "set", c->is_set ? STR("1") : STR("0"));
    filing_put_day(&t, "from", c->valid.from);
    filing_put_day(&t, "to", c->valid.to);
    filing_put_number(&t, "replaces", c->replaces);
    filing_put_number(&t, "removed", c->is_removed);
    filing_write(&t, w, &c->in, c->person_id);
    result = filing_enter(w, "eligibility.override", &c->in, c->person_id, &t, event_no);
    text_release(&t);
    return result;
}

static int write_override(struct work *w, int64_t event_no, const struct override_entry *c)
{
    struct eligibility_mark_override row = {.person_id = c->person_id,
                                            .mark = c->mark,
                                            .is_set = c->is_set,
                                            .reason = c->in.why,
                                            .valid_from = c->valid.from,
                                            .valid_to = c->valid.to,
                                            .known_from = event_no};
    int result = store_ids(&w->cx, w->store, 1, &row.mark_override_id);

    if (result >= 0 && !c->is_removed)
        result = eligibility_mark_override_insert(&w->cx, w->store, &row);
    if (result >= 0 && c->replaces != 0)
        result = eligibility_mark_override_close(&w->cx, w->store, c->replaces, event_no);
    return result;
}

int override_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct override_entry c = {
        .mark = filing_words(payload, "mark"),
        .is_set = str_is(filing_words(payload, "set"), "1"),
        .valid = {filing_day(payload, "from"), filing_day(payload, "to")},
        .replaces = filing_number(payload, "replaces"),
        .is_removed = filing_number(payload, "removed") == 1,
    };
    int result = filing_read(w, payload, &c.in, &c.person_id);

    if (result >= 0)
        result = check_override(w, &c);
    if (result >= 0)
        result = write_override(w, e->no, &c);
    return result < 0 ? error_add(&w->cx, "apply an override")
                      : filing_decide(w, e, &c.in, "override", c.person_id);
}

/* --- heads ------------------------------------------------------------------------------------ */

static arrears_fn *arrears;

void eligibility_arrears_ask(arrears_fn *fn)
{
    arrears = fn;
}

int eligibility_is_in_arrears(struct work *w, int64_t household_id)
{
    return arrears ? arrears(w, household_id) : 0;
}

int head_list(struct work *w, int64_t household_id, struct head_rows *out)
{
    struct eligibility_head_rows_list list;
    const int result =
        eligibility_head_rows(&w->cx, w->store, &(struct eligibility_head_rows_in){household_id},
                              &list);

    *out = (struct head_rows){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct head_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_head_rows_row *r = &list.rows[i];
        out->rows[out->n++] =
            (struct head_row){r->head_override_id,
                              {.in = {.household_id = household_id, .why = r->reason},
                               .person_id = r->person_id,
                               .valid = {r->valid_from, r->valid_to}}};
    }
    return OK;
}

static int check_heads(struct work *w, const struct head_entry *c)
{
    struct head_rows known;
    bool is_there = c->replaces == 0;
    const int result = head_list(w, c->in.household_id, &known);

    for (size_t i = 0; result >= 0 && i < known.n; i++) {
        if (known.rows[i].row_id == c->replaces)
            is_there = true;
        else if (!c->is_removed && !span_is_empty(span_cut(known.rows[i].fact.valid, c->valid)))
            return filing_refuse(w, "from", "eligibility.head.overlap");
    }
    return result < 0 ? result
           : is_there ? OK
                      : filing_refuse(w, "replaces", "eligibility.plan.row_gone");
}

static bool lives_there(const struct subject *s, int64_t household_id, struct ymd day)
{
    for (size_t i = 0; i < s->n_stays; i++) {
        const struct span stay = {s->stays[i].valid_from, s->stays[i].valid_to};
        if (s->stays[i].household_id == household_id && span_holds(stay, day))
            return true;
    }
    return false;
}

static bool is_insured_on(const struct subject *s, struct ymd day)
{
    for (size_t i = 0; i < s->n_periods; i++) {
        if (span_holds(s->period[i].now.valid, day))
            return true;
    }
    return false;
}

static int check_arrears(struct work *w, int64_t household_id)
{
    const int owes = arrears ? arrears(w, household_id) : 1;

    return owes < 0    ? owes
           : owes == 0 ? OK
                       : filing_refuse(w, "household",
                                       arrears ? "eligibility.head.arrears"
                                               : "eligibility.head.arrears_unknown");
}

static int check_head(struct work *w, const struct head_entry *c)
{
    struct subject *s = NULL;
    int result = filing_ok(w, &c->in);

    if (result >= 0 && str_trim(c->in.why).n == 0)
        result = filing_refuse(w, "why", "eligibility.override.why_missing");
    if (result >= 0)
        result = filing_person(w, c->person_id, &s);
    if (result >= 0)
        result = check_heads(w, c);
    if (result < 0 || c->is_removed)
        return result;
    if (ymd_is_none(c->valid.from))
        return filing_refuse(w, "from", "eligibility.override.from_missing");
    if (!ymd_is_none(c->valid.to) && ymd_compare(c->valid.to, c->valid.from) <= 0)
        return filing_refuse(w, "to", "eligibility.override.to_before_from");
    if (!lives_there(s, c->in.household_id, c->valid.from))
        return filing_refuse(w, "person", "eligibility.plan.not_of_household");
    if (!is_insured_on(s, c->valid.from))
        return filing_refuse(w, "person", "eligibility.plan.not_insured");
    return c->replaces != 0 ? OK : check_arrears(w, c->in.household_id);
}

int head_enter(struct work *w, const struct head_entry *c, int64_t *event_no)
{
    struct text t;
    int result = check_head(w, c);

    *event_no = 0;
    if (result < 0)
        return error_add(&w->cx, "enter a head");
    text_init(&t, 16384);
    filing_put_day(&t, "from", c->valid.from);
    filing_put_day(&t, "to", c->valid.to);
    filing_put_number(&t, "replaces", c->replaces);
    filing_put_number(&t, "removed", c->is_removed);
    filing_write(&t, w, &c->in, c->person_id);
    result = filing_enter(w, "eligibility.head", &c->in, c->person_id, &t, event_no);
    text_release(&t);
    return result;
}

static int write_head(struct work *w, int64_t event_no, const struct head_entry *c)
{
    struct eligibility_head_override row = {.household_id = c->in.household_id,
                                            .person_id = c->person_id,
                                            .reason = c->in.why,
                                            .valid_from = c->valid.from,
                                            .valid_to = c->valid.to,
                                            .known_from = event_no};
    int result = store_ids(&w->cx, w->store, 1, &row.head_override_id);

    if (result >= 0 && !c->is_removed)
        result = eligibility_head_override_insert(&w->cx, w->store, &row);
    if (result >= 0 && c->replaces != 0)
        result = eligibility_head_override_close(&w->cx, w->store, c->replaces, event_no);
    return result;
}

int head_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct head_entry c = {.valid = {filing_day(payload, "from"), filing_day(payload, "to")},
                           .replaces = filing_number(payload, "replaces"),
                           .is_removed = filing_number(payload, "removed") == 1};
    int result = filing_read(w, payload, &c.in, &c.person_id);

    if (result >= 0)
        result = check_head(w, &c);
    if (result >= 0)
        result = write_head(w, e->no, &c);
    return result < 0 ? error_add(&w->cx, "apply a head")
                      : filing_decide(w, e, &c.in, "head", c.person_id);
}
