/*
 * Several numbers of one person (名寄せ) are one person in the facts for the levy.
 *
 * What stands under a number that is led moves to the leading number, wherever it was: his being
 * insured, his circumstances, his being head. Where both numbers are insured on one day the leading
 * number counts, and of several that are led the first; the rest of the period stays in its
 * household like the part of somebody who moved between two households of the city. The rows of
 * both numbers remain as they are: without the link, or looked at before it, the facts are what
 * they were.
 */
#include "desk/eligibility/inner.h"

enum { MOST_PIECES = 64 }; /* of one stretch of being insured */

struct follow {
    struct work *w;
    struct span year;
    const struct levy_facts *old;
    struct levy_facts *out;
    struct leads leads;
    struct store_id_list ids; /* everybody with a link that touches the chunk */
    struct eligibility_periods_of_list periods;
    struct eligibility_circumstances_of_list circumstances;
    struct eligibility_identities_of_list identities;
    size_t most_spans, most_circumstances;
};

static int no_room(struct follow *o, int64_t person_id)
{
    return fail(&o->w->cx, ERR_LIMIT, "eligibility.facts.too_many", "person_id=%lld",
                (long long)person_id);
}

static bool is_linked(const struct follow *o, int64_t person_id)
{
    size_t n = 0;
    return leads_leader(&o->leads, person_id) != person_id ||
           leads_of(&o->leads, person_id, &n) != NULL;
}

static bool in_year(const struct follow *o, struct span s)
{
    return !span_is_empty(s) && !span_is_empty(span_cut(s, o->year));
}

/* --- being insured ---------------------------------------------------------------------------- */

/* The piece of a stretch from one day to another; a cut end is like a move within the city. */
static struct fact_span piece_of(const struct fact_span *whole, struct span s)
{
    struct fact_span piece = *whole;

    if (ymd_compare(s.from, whole->acquired) != 0) {
        piece.acquired = piece.acquired_cause = s.from;
        piece.acquired_by = ACQUIRED_HOUSEHOLD;
    }
    if (ymd_compare(s.to, whole->lost) != 0) {
        piece.lost = piece.lost_cause = s.to;
        piece.lost_by = LOST_HOUSEHOLD;
    }
    return piece;
}

/* Takes the days of s out of the pieces. */
static int cut_out(struct follow *o, struct span *pieces, size_t *n, struct span s)
{
    const size_t before = *n;

    for (size_t i = 0; i < before; i++) {
        const struct span rest = span_from(pieces[i], s.to);
        if (span_is_empty(pieces[i]) || span_is_empty(span_cut(pieces[i], s)))
            continue;
        pieces[i] = span_before(pieces[i], s.from);
        if (span_is_empty(rest))
            continue;
        if (*n == MOST_PIECES)
            return no_room(o, 0);
        pieces[(*n)++] = rest;
    }
    return OK;
}

/* Days on which a number is insured, out of the pieces. */
static int cut_periods(struct follow *o, struct span *pieces, size_t *n, int64_t person_id)
{
    size_t count = 0;
    const struct eligibility_periods_of_row *r = ROWS_OF(o->periods, person_id, &count);
    int result = OK;

    for (size_t i = 0; i < count && result >= 0; i++) {
        const struct span s = {r[i].valid_from, r[i].valid_to};
        if (!span_is_empty(s))
            result = cut_out(o, pieces, n, s);
    }
    return result;
}

/* What is left of a stretch of a number that is led: without the days of the leading number and of
 * those before him. */
static int cut_by_others(struct follow *o, int64_t person_id, struct span *pieces, size_t *n)
{
    const int64_t leading = leads_leader(&o->leads, person_id);
    size_t n_led = 0;
    const struct lead *led = leads_of(&o->leads, leading, &n_led);
    int result = cut_periods(o, pieces, n, leading);

    for (size_t i = 0; i < n_led && result >= 0 && led[i].person_id != person_id; i++)
        result = cut_periods(o, pieces, n, led[i].person_id);
    return result;
}

static int put_span(struct follow *o, int64_t person_id, const struct fact_span *whole)
{
    struct span pieces[MOST_PIECES] = {{whole->acquired, whole->lost}};
    size_t n = 1;
    int result = OK;

    if (leads_leader(&o->leads, person_id) != person_id)
        result = cut_by_others(o, person_id, pieces, &n);
    for (size_t i = 0; i < n && result >= 0; i++) {
        if (!in_year(o, pieces[i]))
            continue;
        if (o->out->n_spans == o->most_spans)
            return no_room(o, person_id);
        o->out->spans[o->out->n_spans++] = piece_of(whole, pieces[i]);
    }
    return result;
}

/* 特定同一世帯所属者 under two numbers is one; nobody is it while he is insured himself. */
static int put_specials(struct follow *o, const struct fact_person *p, struct fact_person *into)
{
    const bool is_led = p->person_id != into->person_id;

    for (size_t i = 0; i < p->n_specials; i++) {
        const struct fact_special *x = &o->old->specials[p->first_special + i];
        struct span pieces[MOST_PIECES] = {x->valid};
        size_t n = 1;
        const int result = is_led ? cut_by_others(o, p->person_id, pieces, &n) : OK;
        if (result < 0)
            return result;
        if (is_led && (into->n_specials > 0 || !in_year(o, pieces[0])))
            continue;
        o->out->specials[o->out->n_specials++] = (struct fact_special){pieces[0], x->moved};
    }
    into->n_specials = o->out->n_specials - into->first_special;
    return OK;
}

static int put_number(struct follow *o, const struct fact_person *p, struct fact_person *into)
{
    int result = OK;

    for (size_t i = 0; i < p->n_spans && result >= 0; i++)
        result = put_span(o, p->person_id, &o->old->spans[p->first_span + i]);
    into->n_spans = o->out->n_spans - into->first_span;
    into->is_head = into->is_head || p->is_head;
    return result < 0 ? result : put_specials(o, p, into);
}

/* --- circumstances ---------------------------------------------------------------------------- */

static bool is_told(const struct levy_facts *f, const struct fact_person *p,
                    const struct circumstance *c)
{
    for (size_t i = 0; i < p->n_circumstances; i++) {
        const struct circumstance *x = &f->circumstances[p->first_circumstance + i];
        if (x->kind == c->kind && ymd_compare(x->day, c->day) == 0)
            return true;
    }
    return false;
}

static int put_circumstance(struct follow *o, struct fact_person *into, struct circumstance c)
{
    c.person_id = into->person_id;
    if (is_told(o->out, into, &c))
        return OK;
    if (o->out->n_circumstances == o->most_circumstances)
        return no_room(o, into->person_id);
    o->out->circumstances[o->out->n_circumstances++] = c;
    into->n_circumstances++;
    return OK;
}

/* Of a number in the chunk as they are told there (marks set by authority are in them), else as
 * they are known. */
static int put_circumstances_of(struct follow *o, struct fact_person *into, int64_t person_id)
{
    size_t count = 0, known = 0;
    const struct circumstance *c =
        rows_of(o->old->circumstances, o->old->n_circumstances, sizeof *c, person_id, &count);
    const struct eligibility_circumstances_of_row *r = ROWS_OF(o->circumstances, person_id, &known);
    int result = OK;

    for (size_t i = 0; i < count && result >= 0; i++)
        result = put_circumstance(o, into, c[i]);
    for (size_t i = 0; i < known && count == 0 && result >= 0; i++)
        result = put_circumstance(o, into,
                                  (struct circumstance){.kind = (enum circumstance_kind)r[i].kind,
                                                        .day = r[i].day,
                                                        .code = (int32_t)r[i].code,
                                                        .first_month = r[i].first_month,
                                                        .last_month = r[i].last_month,
                                                        .notified = r[i].notified_ymd});
    return result;
}

static int put_circumstances(struct follow *o, struct fact_person *into)
{
    size_t n_led = 0;
    const struct lead *led = leads_of(&o->leads, into->person_id, &n_led);
    int result = OK;

    into->first_circumstance = o->out->n_circumstances;
    into->n_circumstances = 0;
    result = put_circumstances_of(o, into, into->person_id);
    for (size_t i = 0; i < n_led && result >= 0; i++)
        result = put_circumstances_of(o, into, led[i].person_id);
    return result;
}

/* --- people and households -------------------------------------------------------------------- */

/* He is who the leading number says he is. */
static void take_identity(const struct follow *o, struct fact_person *p)
{
    size_t count = 0;
    const struct eligibility_identities_of_row *r = ROWS_OF(o->identities, p->person_id, &count);

    if (count > 0 && !ymd_is_none(r->birth_ymd))
        p->birth = r->birth_ymd;
    if (count > 0 && !ymd_is_none(r->death_ymd))
        p->death = r->death_ymd;
}

/* One person of a household from all his numbers there, the leading one first. */
static int put_one(struct follow *o, const struct fact_household *h, const struct fact_person *p)
{
    const int64_t leading = leads_leader(&o->leads, p->person_id);
    struct fact_person into = *p;
    int result = OK;

    into.person_id = leading;
    into.is_head = false;
    into.first_span = o->out->n_spans;
    into.first_special = o->out->n_specials;
    into.n_spans = into.n_specials = 0;
    for (int led = 0; led < 2; led++) {
        for (size_t i = 0; i < h->n_persons && result >= 0; i++) {
            const struct fact_person *x = &o->old->persons[h->first_person + i];
            if (leads_leader(&o->leads, x->person_id) == leading &&
                (x->person_id != leading) == (led == 1))
                result = put_number(o, x, &into);
        }
    }
    take_identity(o, &into);
    if (result < 0 || (!into.is_head && into.n_spans == 0 && into.n_specials == 0))
        return result;
    if (is_linked(o, p->person_id))
        result = put_circumstances(o, &into);
    o->out->persons[o->out->n_persons++] = into;
    return result;
}

static bool is_put(const struct follow *o, const struct fact_household *h, size_t at)
{
    const int64_t leading =
        leads_leader(&o->leads, o->old->persons[h->first_person + at].person_id);

    for (size_t i = 0; i < at; i++) {
        if (leads_leader(&o->leads, o->old->persons[h->first_person + i].person_id) == leading)
            return true;
    }
    return false;
}

/* Two numbers one after the other as head are one head. */
static void put_heads(struct follow *o, const struct fact_household *old, struct fact_household *h)
{
    struct levy_facts *out = o->out;

    h->first_head = out->n_heads;
    for (size_t i = 0; i < old->n_heads; i++) {
        struct fact_head x = o->old->heads[old->first_head + i];
        struct fact_head *last =
            out->n_heads > h->first_head ? &out->heads[out->n_heads - 1] : NULL;
        x.person_id = leads_leader(&o->leads, x.person_id);
        if (last && last->person_id == x.person_id &&
            ymd_compare(last->valid.to, x.valid.from) == 0)
            last->valid.to = x.valid.to;
        else
            out->heads[out->n_heads++] = x;
    }
    h->n_heads = out->n_heads - h->first_head;
}

/* A household in which nobody is left insured is left out like any other. */
static int put_household(struct follow *o, const struct fact_household *old)
{
    struct levy_facts *out = o->out;
    const struct levy_facts before = *out;
    struct fact_household h = *old;
    int result = OK;

    h.first_person = out->n_persons;
    for (size_t i = 0; i < old->n_persons && result >= 0; i++) {
        if (!is_put(o, old, i))
            result = put_one(o, old, &o->old->persons[old->first_person + i]);
    }
    if (result < 0)
        return result;
    if (out->n_spans == before.n_spans) {
        *out = before;
        return OK;
    }
    h.n_persons = out->n_persons - h.first_person;
    put_heads(o, old, &h);
    out->households[out->n_households++] = h;
    return OK;
}

/* --- loading ---------------------------------------------------------------------------------- */

/* Everybody whose links touch the chunk; 0: none does, and the facts stay as they are. */
static int collect(struct follow *o)
{
    const struct leads *l = &o->leads;
    int64_t *ids = ARENA_ARRAY(o->w->cx.arena, 2 * l->n, int64_t);
    bool *wanted = ARENA_ARRAY(o->w->cx.arena, l->n, bool);

    if (!ids || !wanted)
        return fail(&o->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < l->n; i++)
        wanted[i] = false;
    for (size_t i = 0; i < o->old->n_persons; i++) {
        size_t n = 0;
        const struct lead *led = leads_of(l, leads_leader(l, o->old->persons[i].person_id), &n);
        for (size_t k = 0; k < n; k++)
            wanted[(size_t)(led - l->rows) + k] = true;
    }
    o->ids.p = ids;
    for (size_t i = 0; i < l->n; i++) {
        if (!wanted[i])
            continue;
        ids[o->ids.n++] = l->rows[i].person_id;
        ids[o->ids.n++] = l->rows[i].leading_id;
    }
    return o->ids.n > 0;
}

static int load(struct follow *o, int64_t known)
{
    struct context *cx = &o->w->cx;
    int result =
        eligibility_periods_of(cx, o->w->store,
                               &(struct eligibility_periods_of_in){.ids = o->ids, .known = known},
                               &o->periods);

    if (result >= 0)
        result =
            eligibility_circumstances_of(cx, o->w->store,
                                         &(struct eligibility_circumstances_of_in){.ids = o->ids,
                                                                                   .known = known},
                                         &o->circumstances);
    return result < 0
               ? result
               : eligibility_identities_of(cx, o->w->store,
                                           &(struct eligibility_identities_of_in){.ids = o->ids,
                                                                                  .known = known},
                                           &o->identities);
}

/* A stretch is cut by every period at most once. */
static int room(struct follow *o)
{
    struct arena *a = o->w->cx.arena;
    const struct levy_facts *old = o->old;
    size_t linked = 0, cuts = 0;

    for (size_t i = 0; i < old->n_persons; i++) {
        if (!is_linked(o, old->persons[i].person_id))
            continue;
        linked++;
        cuts += old->persons[i].n_spans * o->periods.n;
    }
    o->most_spans = old->n_spans + cuts + 1;
    o->most_circumstances =
        old->n_circumstances + linked * (o->circumstances.n + old->n_circumstances) + 1;
    o->out->households = ARENA_ARRAY(a, old->n_households + 1, struct fact_household);
    o->out->heads = ARENA_ARRAY(a, old->n_heads + 1, struct fact_head);
    o->out->persons = ARENA_ARRAY(a, old->n_persons + 1, struct fact_person);
    o->out->spans = ARENA_ARRAY(a, o->most_spans, struct fact_span);
    o->out->specials = ARENA_ARRAY(a, old->n_specials + 1, struct fact_special);
    o->out->circumstances = ARENA_ARRAY(a, o->most_circumstances, struct circumstance);
    return o->out->households && o->out->heads && o->out->persons && o->out->spans &&
                   o->out->specials && o->out->circumstances
               ? OK
               : fail(&o->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static int follow_all(struct follow *o)
{
    struct levy_facts *out = o->out;
    int result = OK;

    out->n_households = out->n_heads = out->n_persons = out->n_spans = out->n_specials = 0;
    out->n_circumstances = o->old->n_circumstances; /* those nobody else's numbers concern stay */
    for (size_t i = 0; i < o->old->n_circumstances; i++)
        out->circumstances[i] = o->old->circumstances[i];
    for (size_t i = 0; i < o->old->n_households && result >= 0; i++)
        result = put_household(o, &o->old->households[i]);
    return result;
}

int facts_follow(struct work *w, const struct facts_request *rq, struct levy_facts *f)
{
    const struct levy_facts old = *f;
    struct follow o = {.w = w, .year = year_span(rq->fiscal_year), .old = &old, .out = f};
    int result = party_leads(w, (struct asof){rq->as_of, rq->known}, &o.leads);

    if (result < 0 || o.leads.n == 0)
        return result;
    result = collect(&o);
    if (result <= 0)
        return result;
    result = load(&o, rq->known);
    if (result >= 0)
        result = room(&o);
    return result < 0 ? result : follow_all(&o);
}
