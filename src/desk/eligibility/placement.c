/*
 * Placements: people insured in a household they do not live in. A student away (法116条) is
 * confirmed every year; a resident of a facility elsewhere (法116条の2) when it is time to look.
 */
#include "desk/eligibility/filing_inner.h"

#include <string.h>

static const char *const kinds[] = {"student", "facility", "remote"};

static const char *kind_of(struct str kind)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_is(kind, kinds[i]))
            return kinds[i];
    }
    return NULL;
}

static struct placement placement_of(const struct eligibility_placement_rows_row *r,
                                     int64_t person_id)
{
    return (struct placement){.person_id = person_id,
                              .household_id = r->household_id,
                              .kind = kind_of(r->kind),
                              .place = r->place,
                              .review = r->review_ymd,
                              .valid = {r->valid_from, r->valid_to},
                              .use = {r->postal_code, r->prefecture, r->city, r->town, r->number,
                                      r->building}};
}

int placement_list(struct work *w, int64_t person_id, struct placement_rows *out)
{
    struct eligibility_placement_rows_list list;
    const int result =
        eligibility_placement_rows(&w->cx, w->store,
                                   &(struct eligibility_placement_rows_in){person_id}, &list);

    *out = (struct placement_rows){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct placement_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        out->rows[out->n++] = (struct placement_row){list.rows[i].placement_id,
                                                     placement_of(&list.rows[i], person_id)};
    return OK;
}

/* --- checks ----------------------------------------------------------------------------------- */

static int check_rows(struct work *w, const struct placement_entry *c)
{
    struct placement_rows known;
    bool is_there = c->replaces == 0;
    const int result = placement_list(w, c->fact.person_id, &known);

    for (size_t i = 0; result >= 0 && i < known.n; i++) {
        if (known.rows[i].row_id == c->replaces)
            is_there = true;
        else if (!c->is_removed &&
                 !span_is_empty(span_cut(known.rows[i].fact.valid, c->fact.valid)))
            return filing_refuse(w, "from", "eligibility.placement.overlap");
    }
    return result < 0 ? result
           : is_there ? OK
                      : filing_refuse(w, "replaces", "eligibility.plan.row_gone");
}

static bool is_of_household(const struct subject *s, int64_t household_id)
{
    for (size_t i = 0; i < s->n_stays; i++) {
        if (s->stays[i].household_id == household_id)
            return true;
    }
    return false;
}

/* Who stays elsewhere has an address there; a place is one with all its parts or none. */
static int check_use(struct work *w, const struct placement *f)
{
    const struct use_address *u = &f->use;
    const bool is_given = str_trim(u->city).n > 0;

    if (!is_given && strcmp(f->kind, "remote") == 0)
        return filing_refuse(w, "city", "eligibility.placement.use_missing");
    if (is_given &&
        (str_trim(u->prefecture).n == 0 || str_trim(u->town).n == 0 || str_trim(u->number).n == 0))
        return filing_refuse(w, "town", "eligibility.placement.use_parts");
    if (!is_given && (u->prefecture.n > 0 || u->town.n > 0 || u->number.n > 0))
        return filing_refuse(w, "city", "eligibility.placement.use_parts");
    return OK;
}

static int check_fact(struct work *w, const struct placement *f, const struct subject *s)
{
    const bool is_open = ymd_is_none(f->valid.to);

    if (!f->kind || !kind_of(str_of(f->kind)))
        return filing_refuse(w, "kind", "eligibility.placement.kind");
    if (str_trim(f->place).n == 0)
        return filing_refuse(w, "place", "eligibility.placement.place_missing");
    if (ymd_is_none(f->valid.from))
        return filing_refuse(w, "from", "eligibility.placement.from_missing");
    if (!is_open && ymd_compare(f->valid.to, f->valid.from) <= 0)
        return filing_refuse(w, "to", "eligibility.placement.to_before_from");
    if (is_open && strcmp(f->kind, "remote") != 0 && ymd_is_none(f->review))
        return filing_refuse(w, "review", "eligibility.placement.review_missing");
    if (!ymd_is_none(f->review) && ymd_compare(f->review, f->valid.from) < 0)
        return filing_refuse(w, "review", "eligibility.placement.review_before");
    if (!is_of_household(s, f->household_id))
        return filing_refuse(w, "household", "eligibility.plan.not_of_household");
    return check_use(w, f);
}

static int check(struct work *w, const struct placement_entry *c)
{
    struct subject *s = NULL;
    int result = filing_ok(w, &c->in);

    if (result >= 0 && c->is_removed && (c->replaces == 0 || str_trim(c->in.why).n == 0))
        result = filing_refuse(w, "why", "eligibility.plan.why_missing");
    if (result >= 0)
        result = filing_person(w, c->fact.person_id, &s);
    if (result >= 0)
        result = check_rows(w, c);
    return result < 0 || c->is_removed ? result : check_fact(w, &c->fact, s);
}

/* --- in, and out of the text ------------------------------------------------------------------ */

/* The words are those of the lines that are hidden from whoever checks a protected person's entry.
 */
static void put_use(struct text *t, const struct use_address *u)
{
    if (str_trim(u->city).n == 0)
        return;
    filing_put_words(t, "use.postal_code", u->postal_code);
    filing_put_words(t, "use.prefecture", u->prefecture);
    filing_put_words(t, "use.city", u->city);
    filing_put_words(t, "use.town", u->town);
    filing_put_words(t, "use.number", u->number);
    filing_put_words(t, "use.building", u->building);
}

static struct use_address read_use(struct str payload)
{
    return (struct use_address){.postal_code = filing_words(payload, "use.postal_code"),
                                .prefecture = filing_words(payload, "use.prefecture"),
                                .city = filing_words(payload, "use.city"),
                                .town = filing_words(payload, "use.town"),
                                .number = filing_words(payload, "use.number"),
                                .building = filing_words(payload, "use.building")};
}

int placement_enter(struct work *w, const struct placement_entry *c, int64_t *event_no)
{
    struct text t;
    int result = check(w, c);

    *event_no = 0;
    if (result < 0)
        return error_add(&w->cx, "enter a placement");
    text_init(&t, 16384);
    filing_put_words(&t, "kind", str_of(c->fact.kind));
    filing_put_words(&t, "place", c->fact.place);
    filing_put_day(&t, "from", c->fact.valid.from);
    filing_put_day(&t, "to", c->fact.valid.to);
    filing_put_day(&t, "review", c->fact.review);
    put_use(&t, &c->fact.use);
    filing_put_number(&t, "replaces", c->replaces);
    filing_put_number(&t, "removed", c->is_removed);
    filing_write(&t, w, &c->in, c->fact.person_id);
    result = filing_enter(w, "eligibility.placement", &c->in, c->fact.person_id, &t, event_no);
    text_release(&t);
    return result;
}

static int read_text(struct work *w, struct str payload, struct placement_entry *c)
{
    *c = (struct placement_entry){.fact = {.kind = kind_of(filing_words(payload, "kind")),
                                           .place = filing_words(payload, "place"),
                                           .review = filing_day(payload, "review"),
                                           .valid = {filing_day(payload, "from"),
                                                     filing_day(payload, "to")},
                                           .use = read_use(payload)},
                                  .replaces = filing_number(payload, "replaces"),
                                  .is_removed = filing_number(payload, "removed") == 1};
    const int result = filing_read(w, payload, &c->in, &c->fact.person_id);
    c->fact.household_id = c->in.household_id;
    return result;
}

static int write(struct work *w, int64_t event_no, const struct placement_entry *c)
{
    struct eligibility_batch *b = NULL;
    int result = eligibility_batch_new(w, &b);

    if (result >= 0 && c->replaces != 0)
        result = eligibility_close(b, ELIGIBILITY_PLACEMENT, c->replaces, event_no);
    if (result >= 0 && !c->is_removed)
        result = eligibility_open_placement(b, event_no, &c->fact, NULL);
    if (result >= 0)
        result = eligibility_batch_write(w, b);
    eligibility_batch_free(b);
    return result;
}

int placement_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct placement_entry c;
    int result = read_text(w, payload, &c);

    if (result >= 0)
        result = check(w, &c);
    if (result >= 0)
        result = write(w, e->no, &c);
    return result < 0 ? error_add(&w->cx, "apply a placement")
                      : filing_decide(w, e, &c.in, "placement", c.fact.person_id);
}
