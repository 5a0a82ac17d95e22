/*
 * Judgements written: what a household is judged to be from a day on is laid beside what stands
 * there, and only where they differ is anything closed and opened. A later day of the same year on
 * which the household had been judged (somebody turned 70, came, left) is judged anew with it.
 */
#include "desk/eligibility/judge_write.h"
#include "desk/eligibility/judge_unit.h"

#include <stdlib.h>
#include <string.h>

enum { SEGMENTS_MAX = 24 }; /* judgements of one household in one year */

struct pen {
    struct work *w;
    const struct judge_order *order;
    int year;
    struct eligibility_judgement *opened;
    struct eligibility_judgement_person *people;
    int64_t *closed; /* judgements */
    size_t n_opened, n_people, n_closed;
    size_t room, people_room;
    int64_t next_id;
    struct judge_counts *counts;
};

/* One household's year from the day on. */
struct course {
    const struct judgement *old; /* in force, of this year, oldest first */
    size_t n_old;
    struct judgement *seg[SEGMENTS_MAX]; /* as judged now; n 0: nobody insured */
    size_t n;
};

static int64_t take_id(struct pen *p)
{
    return p->next_id++;
}

/* --- rows ------------------------------------------------------------------------------------ */

static struct str bytes_of(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

static int open_row(struct pen *p, const struct judgement *j, struct span valid)
{
    if (p->n_opened == p->room || p->n_people + j->n > p->people_room)
        return fail(&p->w->cx, ERR_LIMIT, "eligibility.judge.segments", "household_id=%lld",
                    (long long)j->household_id);
    const int64_t id = take_id(p);
    p->opened[p->n_opened++] = (struct eligibility_judgement){.judgement_id = id,
                                                              .household_id = j->household_id,
                                                              .judge_year = j->year,
                                                              .cause = (int64_t)j->cause,
                                                              .judged_ymd = j->day,
                                                              .rule_hash = bytes_of(&j->rule_hash),
                                                              .looked_from = j->looked_from,
                                                              .inputs = bytes_of(&j->inputs),
                                                              .explanation = j->explanation,
                                                              .valid_from = valid.from,
                                                              .valid_to = valid.to,
                                                              .known_from = p->order->event_no};
    for (size_t i = 0; i < j->n; i++)
        p->people[p->n_people++] =
            (struct eligibility_judgement_person){.judgement_person_id = take_id(p),
                                                  .judgement_id = id,
                                                  .person_id = j->person[i].person_id,
                                                  .position = (int64_t)i,
                                                  .elderly = j->person[i].elderly,
                                                  .share = j->person[i].share,
                                                  .division = (int64_t)j->person[i].division,
                                                  .valid_from = valid.from,
                                                  .valid_to = valid.to,
                                                  .known_from = p->order->event_no};
    return OK;
}

static void close_row(struct pen *p, const struct judgement *j)
{
    p->closed[p->n_closed++] = j->judgement_id;
}

/* --- one household --------------------------------------------------------------------------- */

static bool covers(const struct judgement *j, struct ymd day)
{
    return span_holds(j->valid, day);
}

static bool after(struct ymd a, struct ymd b)
{
    return ymd_compare(a, b) > 0;
}

/* Neighbours that say the same are one. */
static void merge(struct course *c)
{
    size_t kept = 1;

    for (size_t i = 1; i < c->n; i++) {
        if (judgement_same(c->seg[i], c->seg[kept - 1]))
            c->seg[kept - 1]->valid.to = c->seg[i]->valid.to;
        else
            c->seg[kept++] = c->seg[i];
    }
    c->n = kept;
}

/* Does what stands from the day on say the same already? */
static bool stands(const struct course *c, struct ymd day)
{
    size_t at = 0;

    for (size_t i = 0; i < c->n_old; i++) {
        const struct judgement *old = &c->old[i];
        if (!after(old->valid.to, day))
            continue;
        while (at < c->n && c->seg[at]->n == 0)
            at++;
        if (at == c->n || !judgement_same(old, c->seg[at]) ||
            ymd_compare(old->valid.to, c->seg[at]->valid.to) != 0 ||
            (after(old->valid.from, day) &&
             ymd_compare(old->valid.from, c->seg[at]->valid.from) != 0))
            return false;
        at++;
    }
    while (at < c->n && c->seg[at]->n == 0)
        at++;
    return at == c->n;
}

/* What began before the day goes on until it, or further when nothing changes for it. */
static int replace_old(struct pen *p, const struct course *c, struct ymd day, bool *first_stays)
{
    int result = OK;

    *first_stays = false;
    for (size_t i = 0; i < c->n_old && result >= 0; i++) {
        const struct judgement *old = &c->old[i];
        if (!after(old->valid.to, day))
            continue;
        struct span valid = {old->valid.from, day};
        if (covers(old, day) && after(day, old->valid.from) && judgement_same(old, c->seg[0])) {
            *first_stays = true;
            valid.to = c->seg[0]->valid.to;
            if (ymd_compare(valid.to, old->valid.to) == 0)
                continue;
        }
        close_row(p, old);
        if (after(day, old->valid.from))
            result = open_row(p, old, valid);
    }
    return result;
}

static int write_course(struct pen *p, struct course *c)
{
    bool first_stays;

    merge(c);
    if (stands(c, p->order->day))
        return OK;
    int result = replace_old(p, c, p->order->day, &first_stays);
    for (size_t i = first_stays ? 1 : 0; i < c->n && result >= 0; i++) {
        if (c->seg[i]->n == 0)
            continue;
        c->seg[i]->cause = p->order->cause;
        result = open_row(p, c->seg[i], c->seg[i]->valid);
        p->counts->written++;
    }
    return result;
}

static int judge_again(struct pen *p, int64_t household_id, struct ymd day, struct judgement *out)
{
    const struct judge_scope scope = {.day = day,
                                      .known = p->order->event_no,
                                      .only = &household_id,
                                      .n_only = 1};
    struct judge_units u;
    int result = judge_units_load(p->w, &scope, &u);

    *out = (struct judgement){.household_id = household_id, .year = p->year, .day = day};
    if (result >= 0 && u.n == 1)
        result = judge_units_run(p->w, &u, NULL, out);
    return result;
}

/* The first segment is given; one for every later day on which something stands. */
static int lay_course(struct pen *p, struct course *c)
{
    const struct ymd end = judge_year_span(p->year).to;
    int result = OK;

    for (size_t i = 0; i < c->n_old && result >= 0; i++) {
        if (!after(c->old[i].valid.from, p->order->day))
            continue;
        if (c->n == SEGMENTS_MAX)
            return fail(&p->w->cx, ERR_LIMIT, "eligibility.judge.segments", "household_id=%lld",
                        (long long)c->old[i].household_id);
        struct judgement *j = ARENA_NEW(p->w->cx.arena, struct judgement);
        result = j ? judge_again(p, c->old[i].household_id, c->old[i].valid.from, j)
                   : fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
        if (result >= 0) {
            j->valid.from = c->old[i].valid.from;
            c->seg[c->n++] = j;
        }
    }
    for (size_t i = 0; i < c->n; i++)
        c->seg[i]->valid.to = i + 1 < c->n ? c->seg[i + 1]->valid.from : end;
    return result;
}

static bool is_undecided(const struct judgement *j)
{
    for (size_t i = 0; i < j->n; i++) {
        if (j->person[i].share == 0)
            return true;
    }
    return false;
}

static int write_household(struct pen *p, struct judgement *first, const struct judgements *all)
{
    struct course c = {.seg = {first}, .n = 1};
    size_t at = 0;

    while (at < all->n &&
           (all->rows[at].household_id != first->household_id || all->rows[at].year != p->year))
        at++;
    c.old = all->rows + at;
    while (at + c.n_old < all->n && c.old[c.n_old].household_id == first->household_id &&
           c.old[c.n_old].year == p->year)
        c.n_old++;
    first->valid.from = p->order->day;
    p->counts->judged += first->n > 0;
    p->counts->undecided += is_undecided(first);
    const int result = lay_course(p, &c);
    return result < 0 ? result : write_course(p, &c);
}

/* --- many ------------------------------------------------------------------------------------ */

static int pen_init(struct pen *p, size_t households, size_t standing)
{
    struct arena *a = p->w->cx.arena;

    p->room = households + 2 * standing + SEGMENTS_MAX;
    p->people_room = p->room * 6 + 2 * JUDGED_MAX;
    p->opened = ARENA_ARRAY(a, p->room, struct eligibility_judgement);
    p->people = ARENA_ARRAY(a, p->people_room, struct eligibility_judgement_person);
    p->closed = ARENA_ARRAY(a, p->room, int64_t);
    if (!p->opened || !p->people || !p->closed)
        return fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    return store_ids(&p->w->cx, p->w->store, (int64_t)(p->room + p->people_room), &p->next_id);
}

static int close_people(struct pen *p)
{
    const struct eligibility_judgement_people_in in = {.judgement_ids = {p->closed, p->n_closed},
                                                       .known = KNOWN_NOW};
    struct eligibility_judgement_people_list list;
    int result = eligibility_judgement_people(&p->w->cx, p->w->store, &in, &list);
    int64_t *ids = ARENA_ARRAY(p->w->cx.arena, list.n + 1, int64_t);

    if (result >= 0 && !ids)
        result = fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; result >= 0 && i < list.n; i++)
        ids[i] = list.rows[i].judgement_person_id;
    if (result >= 0 && list.n > 0)
        result = eligibility_judgement_person_close_many(&p->w->cx, p->w->store, ids, list.n,
                                                         p->order->event_no);
    return result;
}

static int pen_put(struct pen *p)
{
    struct context *cx = &p->w->cx;
    int result = p->n_closed > 0 ? close_people(p) : OK;

    if (result >= 0 && p->n_closed > 0)
        result = eligibility_judgement_close_many(cx, p->w->store, p->closed, p->n_closed,
                                                  p->order->event_no);
    if (result >= 0 && p->n_opened > 0)
        result = eligibility_judgement_bulk(cx, p->w->store, p->opened, p->n_opened);
    if (result >= 0 && p->n_people > 0)
        result = eligibility_judgement_person_bulk(cx, p->w->store, p->people, p->n_people);
    return result;
}

/* The households in hand: those asked for even if nobody is insured there any more. */
static int in_hand(struct pen *p, const struct judge_units *u, struct judgement **out, size_t *n)
{
    const struct judge_order *o = p->order;
    const size_t count = o->only ? o->n_only : u->n;
    struct judgement *judged = ARENA_ARRAY(p->w->cx.arena, u->n + 1, struct judgement);
    size_t at = 0;

    *out = ARENA_ARRAY(p->w->cx.arena, count + 1, struct judgement);
    if (!judged || !*out)
        return fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    *n = count;
    const int result = u->n > 0 ? judge_units_run(p->w, u, NULL, judged) : OK;
    for (size_t i = 0; i < count && result >= 0; i++) {
        const int64_t id = o->only ? o->only[i] : u->rows[i].household_id;
        const bool found = at < u->n && u->rows[at].household_id == id;
        (*out)[i] = found ? judged[at++]
                          : (struct judgement){.household_id = id, .year = p->year, .day = o->day};
    }
    return result;
}

int judge_write(struct work *w, const struct judge_order *order, struct judge_counts *out)
{
    struct pen p = {.w = w, .order = order, .year = judge_year_of(order->day), .counts = out};
    const struct judge_scope scope = {.day = order->day,
                                      .known = order->event_no,
                                      .only = order->only,
                                      .n_only = order->n_only,
                                      .after = order->after,
                                      .limit = order->limit};
    struct judge_units u;
    struct judgement *rows;
    struct judgements standing;
    size_t n = 0;
    int result = judge_units_load(w, &scope, &u);

    if (result < 0)
        return result;
    out->last_household_id = u.last_household_id;
    out->at_end = u.at_end;
    result = in_hand(&p, &u, &rows, &n);
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    for (size_t i = 0; ids && i < n; i++)
        ids[i] = rows[i].household_id;
    if (result >= 0)
        result =
            ids ? judgements_read(w, (struct store_id_list){ids, n}, p.year, KNOWN_NOW, &standing)
                : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    if (result >= 0)
        result = pen_init(&p, n, standing.n);
    for (size_t i = 0; i < n && result >= 0; i++)
        result = write_household(&p, &rows[i], &standing);
    return result < 0 ? result : pen_put(&p);
}

/* --- one household, from outside ------------------------------------------------------------- */

int judge_household_under(struct work *w, int64_t event_no, int64_t household_id, struct ymd day,
                          enum judge_cause cause, int *written)
{
    const struct judge_order order = {
        .event_no = event_no, .day = day, .cause = cause, .only = &household_id, .n_only = 1};
    struct judge_counts counts = {0};
    const int result = judge_write(w, &order, &counts);

    *written = (int)counts.written;
    return result < 0 ? error_add(&w->cx, "judge household %lld", (long long)household_id) : OK;
}

static int judge_put(struct work *w, int64_t household_id, struct ymd day, enum judge_cause cause,
                     int *written)
{
    struct event e = work_event(w, "eligibility.judgement");
    e.effective = day;
    e.household_id = household_id;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = judge_household_under(w, e.no, household_id, day, cause, written);
    return result < 0 ? result : work_event_tell(w, &e);
}

int judge_household(struct work *w, int64_t household_id, struct ymd day, enum judge_cause cause,
                    int *written)
{
    int result = STORE_BEGIN(&w->cx, w->store);

    *written = 0;
    if (result < 0)
        return result;
    result = judge_put(w, household_id, day, cause, written);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}
