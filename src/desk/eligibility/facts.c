/*
 * Facts for the levy, a chunk of households at a time.
 *
 * One statement brings stay, birth and periods of everybody who matters, sorted by household and
 * person; the rest is cutting spans. A person's stay in the household and his being insured are cut
 * against each other, so that a move between two households of the city ends a span here and begins
 * one there. Late-stage people count as 特定同一世帯所属者 from the day they left NHI for as long
 * as they stay in the household and its head remains the same.
 */
#include "desk/eligibility/inner.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_SPANS = 64 }; /* stays or periods of one person, heads of one household */

struct head_span {
    int64_t person_id;
    struct span valid;
};
struct build {
    struct work *w;
    struct span year; /* the fiscal year, half-open */
    const struct eligibility_fact_row *rows;
    size_t n;
    struct levy_facts *out;
    struct head_span heads[MOST_SPANS]; /* of the household in hand, whole */
    size_t n_heads;
    struct eligibility_chunk_overrides_list overrides; /* heads on application, by household */
    struct eligibility_chunk_marks_list marks;         /* set by authority, by person */
    size_t most_specials;
    struct span stays[MOST_SPANS]; /* of the person in hand, adjacent ones joined */
    size_t n_stays;
};

static int corrupt(struct build *b, int64_t household_id)
{
    return fail(&b->w->cx, ERR_LIMIT, "eligibility.facts.too_many", "household_id=%lld",
                (long long)household_id);
}

static bool ends_before(struct ymd end, struct ymd day) /* open ends never do */
{
    return !ymd_is_none(end) && ymd_compare(end, day) < 0;
}

static bool in_year(const struct build *b, struct span s)
{
    return !span_is_empty(s) && !span_is_empty(span_cut(s, b->year));
}

/* --- heads ---------------------------------------------------------------------------------- */

/* Head rows of one person that follow each other without a gap are one span. */
static int add_head(struct build *b, const struct eligibility_fact_row *r)
{
    const struct span s = {r->stay_from, r->stay_to};

    for (size_t i = 0; i < b->n_heads; i++) {
        struct head_span *h = &b->heads[i];
        if (h->person_id != r->person_id)
            continue;
        if (ymd_compare(h->valid.from, s.from) == 0)
            return OK; /* the same stay beside another period */
        if (ymd_compare(h->valid.to, s.from) == 0) {
            h->valid.to = s.to;
            return OK;
        }
    }
    if (b->n_heads == MOST_SPANS)
        return corrupt(b, r->household_id);
    b->heads[b->n_heads++] = (struct head_span){r->person_id, s};
    return OK;
}

static int by_head_from(const void *x, const void *y)
{
    return ymd_compare(((const struct head_span *)x)->valid.from,
                       ((const struct head_span *)y)->valid.from);
}

static int put_head(struct build *b, int64_t person_id, struct span s)
{
    if (span_is_empty(s))
        return OK;
    if (b->n_heads == MOST_SPANS)
        return corrupt(b, person_id);
    b->heads[b->n_heads++] = (struct head_span){person_id, s};
    return OK;
}

/* The part of s before a day, and from a day on; an open end takes in everything. */
struct span span_before(struct span s, struct ymd day)
{
    if (ymd_is_none(s.to) || ymd_compare(day, s.to) < 0)
        s.to = ymd_compare(day, s.from) < 0 ? s.from : day;
    return s;
}

struct span span_from(struct span s, struct ymd day)
{
    if (ymd_is_none(day))
        return (struct span){s.from, s.from};
    if (ymd_compare(day, s.from) > 0)
        s.from = ends_before(s.to, day) ? s.to : day;
    return s;
}

/* An NHI head changed on application takes the place of the register's for that time. */
static int overlay_head(struct build *b, const struct eligibility_chunk_overrides_row *o)
{
    const struct span s = {o->valid_from, o->valid_to};
    const size_t n = b->n_heads;
    struct head_span old[MOST_SPANS];
    int result = OK;

    memcpy(old, b->heads, n * sizeof(old[0]));
    b->n_heads = 0;
    for (size_t i = 0; i < n && result >= 0; i++) {
        result = put_head(b, old[i].person_id, span_before(old[i].valid, s.from));
        if (result >= 0)
            result = put_head(b, o->person_id, span_cut(old[i].valid, s));
        if (result >= 0)
            result = put_head(b, old[i].person_id, span_from(old[i].valid, s.to));
    }
    return result;
}

static int read_heads(struct build *b, size_t first, size_t end)
{
    int result = OK;

    b->n_heads = 0;
    for (size_t i = first; i < end && result >= 0; i++) {
        if (b->rows[i].is_head)
            result = add_head(b, &b->rows[i]);
    }
    for (size_t i = 0; i < b->overrides.n && result >= 0; i++) {
        if (b->overrides.rows[i].household_id == b->rows[first].household_id)
            result = overlay_head(b, &b->overrides.rows[i]);
    }
    qsort(b->heads, b->n_heads, sizeof(b->heads[0]), by_head_from);
    return result;
}

static void put_heads(struct build *b, struct fact_household *h)
{
    h->first_head = b->out->n_heads;
    for (size_t i = 0; i < b->n_heads; i++) {
        const struct span s = span_cut(b->heads[i].valid, b->year);
        if (!span_is_empty(s))
            b->out->heads[b->out->n_heads++] = (struct fact_head){b->heads[i].person_id, s};
    }
    h->n_heads = b->out->n_heads - h->first_head;
}

/* How long whoever was head on a day stayed head; the day itself when nobody was. */
static struct ymd head_until(const struct build *b, struct ymd day)
{
    for (size_t i = 0; i < b->n_heads; i++) {
        if (span_holds(b->heads[i].valid, day))
            return b->heads[i].valid.to;
    }
    return day;
}

static bool heads_in_year(const struct build *b, int64_t person_id)
{
    for (size_t i = 0; i < b->n_heads; i++) {
        if (b->heads[i].person_id == person_id && in_year(b, b->heads[i].valid))
            return true;
    }
    return false;
}

/* --- one person ------------------------------------------------------------------------------ */

static int read_stays(struct build *b, size_t first, size_t end)
{
    b->n_stays = 0;
    for (size_t i = first; i < end; i++) {
        const struct eligibility_fact_row *r = &b->rows[i];
        struct span *last = b->n_stays ? &b->stays[b->n_stays - 1] : NULL;
        if (i > first && ymd_compare(r->stay_from, b->rows[i - 1].stay_from) == 0)
            continue;
        if (last && ymd_compare(last->to, r->stay_from) == 0) {
            last->to = r->stay_to;
            continue;
        }
        if (b->n_stays == MOST_SPANS)
            return corrupt(b, r->household_id);
        b->stays[b->n_stays++] = (struct span){r->stay_from, r->stay_to};
    }
    return OK;
}

/* The part of a period spent in this household. A period that ends on the day after the stay does
 * (the day after moving out) ends for its own reason, not by going to another household. */
static void put_span(struct build *b, const struct eligibility_fact_row *r, struct span stay)
{
    const struct span period = {r->acquired_ymd, r->lost_ymd};
    const struct span both = span_cut(period, stay);

    if (!in_year(b, both))
        return;
    struct fact_span *s = &b->out->spans[b->out->n_spans++];
    *s = (struct fact_span){.acquired = r->acquired_ymd,
                            .acquired_cause = r->acquired_cause_ymd,
                            .acquired_by = (enum acquired_by)reason_of_code(r->acquired_by),
                            .lost = r->lost_ymd,
                            .lost_cause = r->lost_cause_ymd,
                            .lost_by = r->lost_by.p ? reason_of_code(r->lost_by) : 0};
    if (ymd_compare(stay.from, period.from) > 0) {
        s->acquired = s->acquired_cause = stay.from;
        s->acquired_by = ACQUIRED_HOUSEHOLD;
    }
    if (!ymd_is_none(stay.to) &&
        (ymd_is_none(period.to) || ymd_compare(period.to, ymd_add(stay.to, 1)) > 0)) {
        s->lost = s->lost_cause = stay.to;
        s->lost_by = LOST_HOUSEHOLD;
    }
}

static void put_special(struct build *b, const struct eligibility_fact_row *r, struct span stay)
{
    if (reason_of_code(r->lost_by) != LOST_LATE_STAGE ||
        !span_holds(stay, ymd_add(r->lost_ymd, -1)))
        return;
    struct span s = {r->lost_ymd, stay.to};
    const struct ymd head_to = head_until(b, ymd_add(r->lost_ymd, -1));
    if (!ymd_is_none(head_to) && (ymd_is_none(s.to) || ymd_compare(head_to, s.to) < 0))
        s.to = head_to;
    if (in_year(b, s))
        b->out->specials[b->out->n_specials++] = (struct fact_special){s, ymd_month(s.from)};
}

static int add_special(struct build *b, int64_t person_id, const struct fact_special *x)
{
    if (!in_year(b, x->valid))
        return OK;
    if (b->out->n_specials == b->most_specials)
        return corrupt(b, person_id);
    b->out->specials[b->out->n_specials++] = *x;
    return OK;
}

/* What authority unsets is cut out; the rest of a cut special keeps its month. */
static int unset_special(struct build *b, int64_t person_id, size_t first, struct span s)
{
    const size_t n = b->out->n_specials;
    int result = OK;

    for (size_t i = first; i < n && result >= 0; i++) {
        struct fact_special *x = &b->out->specials[i];
        const struct fact_special rest = {span_from(x->valid, s.to), x->moved};
        if (span_is_empty(span_cut(x->valid, s)))
            continue;
        x->valid = span_before(x->valid, s.from);
        result = add_special(b, person_id, &rest);
    }
    return result;
}

static int set_special(struct build *b, int64_t person_id, struct span s)
{
    int result = OK;

    for (size_t k = 0; k < b->n_stays && result >= 0; k++)
        result = add_special(b, person_id,
                             &(struct fact_special){span_cut(s, b->stays[k]), ymd_month(s.from)});
    return result;
}

/* 特定同一世帯所属者 set or unset by the office's own authority, in the order they were given. */
static int mark_specials(struct build *b, int64_t person_id, size_t first)
{
    size_t count = 0;
    const struct eligibility_chunk_marks_row *m = ROWS_OF(b->marks, person_id, &count);
    int result = OK;

    for (size_t i = 0; i < count && result >= 0; i++) {
        const struct span s = {m[i].valid_from, m[i].valid_to};
        if (str_is(m[i].mark, "special_same"))
            result =
                m[i].is_set ? set_special(b, person_id, s) : unset_special(b, person_id, first, s);
    }
    return result;
}

static void drop_empty_specials(struct levy_facts *out, size_t first)
{
    size_t kept = first;

    for (size_t i = first; i < out->n_specials; i++) {
        if (!span_is_empty(out->specials[i].valid))
            out->specials[kept++] = out->specials[i];
    }
    out->n_specials = kept;
}

/* Rows first..end of one person; those of his first stay hold all his periods. */
static int put_person(struct build *b, size_t first, size_t end)
{
    struct levy_facts *out = b->out;
    const struct eligibility_fact_row *rows = b->rows;
    const int result = read_stays(b, first, end);
    if (result < 0)
        return result;
    struct fact_person p = {.person_id = rows[first].person_id,
                            .birth = rows[first].birth_ymd,
                            .death = rows[first].death_ymd,
                            .first_span = out->n_spans,
                            .first_special = out->n_specials};

    for (size_t i = first; i < end; i++) {
        if (!rows[i].acquired_by.p || ymd_compare(rows[i].stay_from, rows[first].stay_from) != 0)
            break;
        for (size_t s = 0; s < b->n_stays; s++) {
            put_span(b, &rows[i], b->stays[s]);
            if (rows[i].lost_by.p)
                put_special(b, &rows[i], b->stays[s]);
        }
    }
    const int marked = mark_specials(b, p.person_id, p.first_special);
    if (marked < 0)
        return marked;
    drop_empty_specials(out, p.first_special);
    p.n_spans = out->n_spans - p.first_span;
    p.n_specials = out->n_specials - p.first_special;
    p.is_head = heads_in_year(b, p.person_id);
    if (p.is_head || p.n_spans || p.n_specials)
        out->persons[out->n_persons++] = p;
    return OK;
}

static size_t same_person(const struct build *b, size_t first, size_t end)
{
    size_t i = first;
    while (i < end && b->rows[i].person_id == b->rows[first].person_id)
        i++;
    return i;
}

/* Takes back what was put when nobody turns out to be insured in the year. */
static int put_household(struct build *b, size_t first, size_t end)
{
    struct levy_facts *out = b->out;
    const struct levy_facts before = *out;
    struct fact_household h = {.household_id = b->rows[first].household_id,
                               .first_person = out->n_persons};
    int result = read_heads(b, first, end);

    for (size_t i = first, next; i < end && result >= 0; i = next) {
        next = same_person(b, i, end);
        result = put_person(b, i, next);
    }
    if (result < 0)
        return result;
    if (out->n_spans == before.n_spans) {
        *out = before;
        return OK;
    }
    put_heads(b, &h);
    h.n_persons = out->n_persons - h.first_person;
    out->households[out->n_households++] = h;
    return OK;
}

static int put_all(struct build *b)
{
    int result = OK;

    for (size_t i = 0, next; i < b->n && result >= 0; i = next) {
        for (next = i; next < b->n && b->rows[next].household_id == b->rows[i].household_id;)
            next++;
        result = put_household(b, i, next);
    }
    return result;
}

/* --- loading -----------------------------------------------------------------------------------
 */

static int room(struct build *b, size_t households)
{
    struct arena *a = b->w->cx.arena;
    struct levy_facts *out = b->out;
    const size_t most = b->n + 1; /* a period against every stay: as many as rows */

    out->households = ARENA_ARRAY(a, households + 1, struct fact_household);
    out->heads = ARENA_ARRAY(a, b->n + 2 * b->overrides.n + 1, struct fact_head);
    out->persons = ARENA_ARRAY(a, b->n + 1, struct fact_person);
    out->spans = ARENA_ARRAY(a, most, struct fact_span);
    b->most_specials = most + b->marks.n * MOST_SPANS;
    out->specials = ARENA_ARRAY(a, b->most_specials, struct fact_special);
    return out->households && out->heads && out->persons && out->spans && out->specials
               ? OK
               : fail(&b->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static int by_place(const void *x, const void *y)
{
    const struct eligibility_fact_row *a = x, *b = y;
    if (a->household_id != b->household_id)
        return a->household_id < b->household_id ? -1 : 1;
    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    const int stay = ymd_compare(a->stay_from, b->stay_from);
    return stay ? stay : ymd_compare(a->acquired_ymd, b->acquired_ymd);
}

static struct eligibility_fact_row
row_of_placement(const struct eligibility_chunk_placements_row *p)
{
    return (struct eligibility_fact_row){.household_id = p->household_id,
                                         .person_id = p->person_id,
                                         .stay_from = p->stay_from,
                                         .stay_to = p->stay_to,
                                         .birth_ymd = p->birth_ymd,
                                         .death_ymd = p->death_ymd,
                                         .acquired_by = p->acquired_by,
                                         .acquired_cause_ymd = p->acquired_cause_ymd,
                                         .acquired_ymd = p->acquired_ymd,
                                         .lost_by = p->lost_by,
                                         .lost_cause_ymd = p->lost_cause_ymd,
                                         .lost_ymd = p->lost_ymd};
}

/* Those placed elsewhere join the rows of the household; they are few. */
static int add_placements(struct build *b, const struct eligibility_fact_in *in)
{
    const struct eligibility_chunk_placements_in q = {.households = in->households,
                                                      .known = in->known};
    struct eligibility_chunk_placements_list more;
    const int result = eligibility_chunk_placements(&b->w->cx, b->w->store, &q, &more);

    if (result < 0 || more.n == 0)
        return result;
    struct eligibility_fact_row *all =
        ARENA_ARRAY(b->w->cx.arena, b->n + more.n, struct eligibility_fact_row);
    if (!all)
        return fail(&b->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < b->n; i++)
        all[i] = b->rows[i];
    for (size_t i = 0; i < more.n; i++)
        all[b->n + i] = row_of_placement(&more.rows[i]);
    b->rows = all;
    b->n += more.n;
    qsort(all, b->n, sizeof(*all), by_place);
    return OK;
}

/* What was set by the office's own word: heads on application, marks. */
static int read_overrides(struct build *b, const struct eligibility_fact_in *in)
{
    const struct during year = {b->year.from, b->year.to, in->known};
    const struct eligibility_chunk_overrides_in heads = {.households = in->households,
                                                         .during = year};
    const struct eligibility_chunk_marks_in marks = {.households = in->households, .during = year};
    const int result = eligibility_chunk_overrides(&b->w->cx, b->w->store, &heads, &b->overrides);

    return result < 0 ? result : eligibility_chunk_marks(&b->w->cx, b->w->store, &marks, &b->marks);
}

static int mark_circumstance(struct str mark) /* 0: not one */
{
    return str_is(mark, "unemployed")         ? CIRCUMSTANCE_UNEMPLOYED
           : str_is(mark, "former_dependant") ? CIRCUMSTANCE_FORMER_DEPENDANT
           : str_is(mark, "care_exempt")      ? CIRCUMSTANCE_CARE_EXEMPT
                                              : 0;
}

static bool is_unset(const struct build *b, int64_t person_id, int64_t kind)
{
    size_t count = 0;
    const struct eligibility_chunk_marks_row *m = ROWS_OF(b->marks, person_id, &count);

    for (size_t i = 0; i < count; i++) {
        if (!m[i].is_set && mark_circumstance(m[i].mark) == kind)
            return true;
    }
    return false;
}

/* What a mark set by authority stands for: the circumstance it would follow from. */
static struct circumstance circumstance_of_mark(const struct eligibility_chunk_marks_row *m)
{
    const int kind = mark_circumstance(m->mark);
    const bool has_months = kind == CIRCUMSTANCE_CARE_EXEMPT;

    return (struct circumstance){.person_id = m->person_id,
                                 .kind = (enum circumstance_kind)kind,
                                 .day = kind == CIRCUMSTANCE_UNEMPLOYED ? ymd_add(m->valid_from, -1)
                                                                        : m->valid_from,
                                 .code = kind == CIRCUMSTANCE_UNEMPLOYED ? 11 : 0,
                                 .first_month = has_months ? ymd_month(m->valid_from) : MONTH_NONE,
                                 .last_month =
                                     has_months ? ymd_month(ymd_add(m->valid_to, -1)) : MONTH_NONE,
                                 .notified = m->valid_from};
}

static int by_person(const void *x, const void *y)
{
    const struct circumstance *a = x, *b = y;
    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return ymd_compare(a->day, b->day);
}

static void put_circumstances(struct build *b,
                              const struct eligibility_chunk_circumstances_list *list,
                              struct circumstance *rows)
{
    size_t n = 0;

    for (size_t i = 0; i < list->n; i++) {
        const struct eligibility_chunk_circumstances_row *r = &list->rows[i];
        if (!is_unset(b, r->person_id, r->kind))
            rows[n++] = (struct circumstance){r->person_id,   (enum circumstance_kind)r->kind,
                                              r->day,         (int32_t)r->code,
                                              r->first_month, r->last_month,
                                              r->notified_ymd};
    }
    for (size_t i = 0; i < b->marks.n; i++) {
        if (b->marks.rows[i].is_set && mark_circumstance(b->marks.rows[i].mark) != 0)
            rows[n++] = circumstance_of_mark(&b->marks.rows[i]);
    }
    if (b->marks.n > 0)
        qsort(rows, n, sizeof(*rows), by_person);
    b->out->circumstances = rows;
    b->out->n_circumstances = n;
}

static int add_circumstances(struct build *b, const struct eligibility_fact_in *in)
{
    const struct eligibility_chunk_circumstances_in q = {.households = in->households,
                                                         .known = in->known};
    struct eligibility_chunk_circumstances_list list;
    const int result = eligibility_chunk_circumstances(&b->w->cx, b->w->store, &q, &list);

    if (result < 0)
        return result;
    struct circumstance *rows =
        ARENA_ARRAY(b->w->cx.arena, list.n + b->marks.n + 1, struct circumstance);
    if (!rows)
        return fail(&b->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    put_circumstances(b, &list, rows);
    return OK;
}

/* The first circumstance of a person or of one after him. */
static size_t circumstance_at(const struct levy_facts *f, int64_t person_id)
{
    size_t low = 0, high = f->n_circumstances;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (f->circumstances[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void point_at_circumstances(struct levy_facts *f)
{
    for (size_t i = 0; i < f->n_persons && f->n_circumstances > 0; i++) {
        struct fact_person *p = &f->persons[i];
        p->first_circumstance = circumstance_at(f, p->person_id);
        size_t end = p->first_circumstance;
        while (end < f->n_circumstances && f->circumstances[end].person_id == p->person_id)
            end++;
        p->n_circumstances = end - p->first_circumstance;
    }
}

static int mark_protected(struct build *b, const struct eligibility_fact_in *in)
{
    const struct eligibility_chunk_protected_in q = {.households = in->households,
                                                     .asof = {b->w->asof.valid, in->known}};
    struct eligibility_chunk_protected_list list;
    const int result = eligibility_chunk_protected(&b->w->cx, b->w->store, &q, &list);

    for (size_t i = 0, h = 0; result >= 0 && i < list.n; i++) {
        while (h < b->out->n_households &&
               b->out->households[h].household_id < list.rows[i].household_id)
            h++;
        if (h < b->out->n_households &&
            b->out->households[h].household_id == list.rows[i].household_id)
            b->out->households[h].is_protected = true;
    }
    return result;
}

struct span year_span(int fiscal_year)
{
    return (struct span){ymd_of(fiscal_year, 4, 1), ymd_of(fiscal_year + 1, 4, 1)};
}

/* The ids of the chunk: those asked for, or the next of the city. */
static int chunk_ids(struct work *w, const struct facts_request *rq, struct store_id_list *ids,
                     bool *at_end)
{
    const struct span year = year_span(rq->fiscal_year);
    const struct eligibility_chunk_households_in in = {.after = rq->after_household_id,
                                                       .n = (int64_t)rq->limit,
                                                       .during = {year.from, year.to, rq->known}};
    struct eligibility_chunk_households_list list;

    if (rq->only) {
        *ids = (struct store_id_list){rq->only, rq->n_only};
        *at_end = true;
        return OK;
    }
    const int result = eligibility_chunk_households(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    int64_t *p = ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);
    if (!p)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        p[i] = list.rows[i].household_id;
    *ids = (struct store_id_list){p, list.n};
    *at_end = list.n < rq->limit;
    return OK;
}

static int load_chunk(struct build *b, const struct eligibility_fact_in *in)
{
    struct eligibility_fact_list list;
    int result = eligibility_fact(&b->w->cx, b->w->store, in, &list);

    if (result < 0)
        return result;
    b->rows = list.rows;
    b->n = list.n;
    result = add_placements(b, in);
    if (result >= 0)
        result = read_overrides(b, in);
    if (result >= 0)
        result = room(b, in->households.n);
    if (result >= 0)
        result = put_all(b);
    if (result >= 0)
        result = add_circumstances(b, in);
    if (result >= 0)
        point_at_circumstances(b->out);
    return result < 0 ? result : mark_protected(b, in);
}

int eligibility_facts_load(struct work *w, const struct facts_request *rq, struct levy_facts *out)
{
    struct store_id_list ids = {NULL, 0};
    int result = OK;

    *out = (struct levy_facts){.last_household_id = rq->after_household_id};
    result = chunk_ids(w, rq, &ids, &out->at_end);
    if (result < 0 || ids.n == 0)
        return result;
    struct build *b = ARENA_NEW(w->cx.arena, struct build);
    if (!b)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    *b = (struct build){.w = w, .year = year_span(rq->fiscal_year), .out = out};
    out->last_household_id = ids.p[ids.n - 1];
    result = load_chunk(b, &(struct eligibility_fact_in){.households = ids, .known = rq->known});
    if (result >= 0)
        result = facts_follow(w, rq, out);
    return result < 0 ? error_add(&w->cx, "load facts of %zu households", ids.n) : OK;
}

int eligibility_household_count(struct work *w, int fiscal_year, int64_t *out)
{
    const struct span year = year_span(fiscal_year);
    const struct eligibility_numbered_count_in in = {.during = {year.from, year.to, w->asof.known}};
    struct eligibility_numbered_count_row row;
    const int result = eligibility_numbered_count(&w->cx, w->store, &in, &row);

    *out = result < 0 ? 0 : row.households;
    return result;
}
