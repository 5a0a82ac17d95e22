/* The model into a store: chunks of events in the order in which the city learned of them. */
#include "write.h"

#include <stdlib.h>
#include <string.h>

enum { CHUNK_OPS = 16000, CHUNK_EVENTS = 4000 };

static const struct happening *happenings; /* for the comparison only; qsort has no argument */

static int by_received(const void *a, const void *b)
{
    const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    const int order = ymd_compare(happenings[x].received, happenings[y].received);
    return order ? order : (x > y) - (x < y);
}

/* Events in order, and what each opens and closes: ranges of op numbers, by counting. */
static void count_ranges(const struct demo_city *c, int32_t *opened_at, int32_t *closed_at)
{
    for (int32_t i = 0; i < c->n_ops; i++) {
        opened_at[c->ops[i].event + 1]++;
        if (c->ops[i].closed != NONE)
            closed_at[c->ops[i].closed + 1]++;
    }
    for (int32_t e = 0; e < c->n_events; e++) {
        opened_at[e + 1] += opened_at[e];
        closed_at[e + 1] += closed_at[e];
    }
}

static int make_index(struct writer *wr)
{
    const struct demo_city *c = wr->c;
    struct arena *a = wr->w->cx.arena;
    const size_t events = (size_t)c->n_events + 1, ops = (size_t)c->n_ops + 1;
    int32_t *open_next = ARENA_ARRAY(a, events, int32_t);
    int32_t *close_next = ARENA_ARRAY(a, events, int32_t);

    wr->order = ARENA_ARRAY(a, events, int32_t);
    wr->opened = ARENA_ARRAY(a, ops, int32_t);
    wr->closed = ARENA_ARRAY(a, ops, int32_t);
    wr->opened_at = ARENA_ARRAY(a, events, int32_t);
    wr->closed_at = ARENA_ARRAY(a, events, int32_t);
    wr->rows = ARENA_ARRAY(a, ops, int64_t);
    wr->people = ARENA_ARRAY(a, (size_t)c->n_residents + 1, int64_t);
    wr->homes = ARENA_ARRAY(a, (size_t)c->n_homes + 1, int64_t);
    wr->has_income = ARENA_ARRAY(a, (size_t)c->n_residents + 1, int8_t);
    if (!open_next || !close_next || !wr->order || !wr->opened || !wr->closed || !wr->opened_at ||
        !wr->closed_at || !wr->rows || !wr->people || !wr->homes || !wr->has_income)
        return fail(&wr->w->cx, ERR_MEMORY, "demo.memory", NULL);
    for (int32_t e = 0; e < c->n_events; e++)
        wr->order[e] = e;
    happenings = c->events;
    qsort(wr->order, (size_t)c->n_events, sizeof(int32_t), by_received);
    count_ranges(c, wr->opened_at, wr->closed_at);
    memcpy(open_next, wr->opened_at, events * sizeof(int32_t));
    memcpy(close_next, wr->closed_at, events * sizeof(int32_t));
    for (int32_t i = 0; i < c->n_ops; i++) {
        wr->opened[open_next[c->ops[i].event]++] = i;
        if (c->ops[i].closed != NONE)
            wr->closed[close_next[c->ops[i].closed]++] = i;
    }
    return OK;
}

static int32_t ops_of(const struct writer *wr, int32_t event)
{
    const struct happening *h = &wr->c->events[event];
    return h->end - h->first + wr->opened_at[event + 1] - wr->opened_at[event] +
           wr->closed_at[event + 1] - wr->closed_at[event];
}

/* How many events from `at` make one transaction. */
static int32_t chunk_length(const struct writer *wr, int32_t at)
{
    int32_t n = 0;
    int64_t ops = 0;

    while (at + n < wr->c->n_events && n < CHUNK_EVENTS && (n == 0 || ops < CHUNK_OPS)) {
        ops += ops_of(wr, wr->order[at + n]);
        n++;
    }
    return n;
}

struct newcomers { /* of a chunk */
    int64_t people, homes;
};

static struct newcomers count_newcomers(const struct writer *wr, int32_t at, int32_t n)
{
    struct newcomers out = {0, 0};

    for (int32_t e = at; e < at + n; e++) {
        const int32_t event = wr->order[e];
        for (int32_t i = wr->opened_at[event]; i < wr->opened_at[event + 1]; i++) {
            out.people += wr->c->ops[wr->opened[i]].type == OP_PERSON;
            out.homes += wr->c->ops[wr->opened[i]].type == OP_HOUSEHOLD;
        }
    }
    return out;
}

/* Ids for everybody who is new in the chunk: its events point at them. */
static void give_ids(struct writer *wr, int32_t at, int32_t n, int64_t id)
{
    for (int32_t e = at; e < at + n; e++) {
        const int32_t event = wr->order[e];
        for (int32_t i = wr->opened_at[event]; i < wr->opened_at[event + 1]; i++) {
            const struct op *op = &wr->c->ops[wr->opened[i]];
            if (op->type == OP_PERSON)
                wr->people[op->person] = id++;
            else if (op->type == OP_HOUSEHOLD)
                wr->homes[op->home] = id++;
        }
    }
}

static int reserve_numbers(struct writer *wr, int32_t at, int32_t n)
{
    struct context *cx = &wr->w->cx;
    struct store *st = wr->w->store;
    const struct newcomers all = count_newcomers(wr, at, n);
    int64_t first = 0;

    wr->n_numbers = 0;
    wr->cap_numbers = (size_t)all.people;
    wr->numbers = ARENA_ARRAY(&wr->texts, (size_t)all.people + 1, struct vault_item);
    if (!wr->numbers)
        return fail(cx, ERR_MEMORY, "demo.memory", NULL);
    int result = OK;
    if (all.people > 0)
        result = store_number(cx, st, STR("party.person"), all.people, &wr->next_person_no);
    if (result >= 0 && all.homes > 0)
        result = store_number(cx, st, STR("party.household"), all.homes, &wr->next_household_no);
    if (result >= 0 && all.people + all.homes > 0)
        result = store_ids(cx, st, all.people + all.homes, &first);
    if (result >= 0)
        give_ids(wr, at, n, first);
    return result;
}

static struct event event_of(const struct writer *wr, int32_t index)
{
    const struct happening *h = &wr->c->events[index];

    return (struct event){.kind = str_of(h->kind),
                          .effective = h->effective,
                          .received = h->received,
                          .source = str_of(h->source),
                          .route = str_of(h->route),
                          .reason = STR_NONE,
                          .status = EVENT_CHECKED,
                          .household_id = h->home == NONE ? 0 : wr->homes[h->home],
                          .person_id = h->person == NONE ? 0 : wr->people[h->person]};
}

static int write_event_rows(struct writer *wr, int32_t index, int64_t event_no)
{
    const struct happening *h = &wr->c->events[index];
    int result = OK;

    for (int32_t i = wr->opened_at[index]; i < wr->opened_at[index + 1] && result >= 0; i++)
        result = write_fact(wr, event_no, wr->opened[i]);
    for (int32_t i = wr->closed_at[index]; i < wr->closed_at[index + 1] && result >= 0; i++)
        result = write_closing(wr, event_no, wr->closed[i]);
    if (result >= 0 && h->income_year)
        result = write_incomes(wr, event_no, h->income_year - FIRST_INCOME_YEAR, h->first, h->end);
    return result;
}

/* The numbers go to the vault under the event of the first newcomer of the chunk. */
static int write_chunk_rows(struct writer *wr, int32_t at, int32_t n)
{
    struct event *events = ARENA_ARRAY(&wr->texts, (size_t)n, struct event);
    int result = events ? OK : fail(&wr->w->cx, ERR_MEMORY, "demo.memory", NULL);

    if (result >= 0)
        result = reserve_numbers(wr, at, n);
    for (int32_t i = 0; i < n && result >= 0; i++)
        events[i] = event_of(wr, wr->order[at + i]);
    if (result >= 0)
        result = event_open_bulk(&wr->w->cx, wr->w->store, events, (size_t)n);
    for (int32_t i = 0; i < n && result >= 0; i++)
        result = write_event_rows(wr, wr->order[at + i], events[i].no);
    if (result >= 0)
        result = party_batch_write(wr->w, wr->party);
    if (result >= 0)
        result = eligibility_batch_write(wr->w, wr->eligibility);
    if (result >= 0 && wr->n_numbers > 0)
        result = vault_put_many(wr->w, events[0].no, wr->numbers, wr->n_numbers);
    return result;
}

static int write_chunk(struct writer *wr, int32_t at, int32_t n)
{
    struct context *cx = &wr->w->cx;
    const struct arena_mark mark = arena_mark(cx->arena);
    int result = STORE_BEGIN(cx, wr->w->store);

    if (result < 0)
        return result;
    result = write_chunk_rows(wr, at, n);
    if (result >= 0)
        result = store_commit(cx, wr->w->store);
    else
        store_rollback(wr->w->store);
    arena_rewind(cx->arena, mark);
    arena_release(&wr->texts);
    return result;
}

/* Whose My Number card can be used as certificate, as told once everybody is there. */
static int write_cards(struct writer *wr)
{
    struct context *cx = &wr->w->cx;
    struct event e = {.kind = STR("eligibility.cards"),
                      .effective = wr->c->request.until,
                      .received = wr->c->request.until,
                      .source = STR("agency"),
                      .route = STR("network")};
    int result = event_open(cx, wr->w->store, &e);

    for (int32_t i = 0; i < wr->c->n_ops && result >= 0; i++) {
        const struct op *op = &wr->c->ops[i];
        if (op->type != OP_CERTIFICATE || op->kind != CERTIFICATE_NOTICE || !op->flag)
            continue;
        struct arena_mark mark = arena_mark(cx->arena);
        result = certificate_card_set(wr->w, e.no,
                                      &(struct card_registration){wr->people[op->person],
                                                                  STR("link"),
                                                                  {op->from, YMD_NONE}});
        arena_rewind(cx->arena, mark);
    }
    return result;
}

static int write_cards_whole(struct writer *wr)
{
    int result = STORE_BEGIN(&wr->w->cx, wr->w->store);

    if (result < 0)
        return result;
    result = write_cards(wr);
    if (result >= 0)
        return store_commit(&wr->w->cx, wr->w->store);
    store_rollback(wr->w->store);
    return result;
}

static int write_all(struct writer *wr, demo_progress *progress, void *arg)
{
    int result = make_index(wr);

    for (int32_t at = 0; at < wr->c->n_events && result >= 0;) {
        const int32_t n = chunk_length(wr, at);
        result = write_chunk(wr, at, n);
        at += n;
        if (progress)
            progress(arg, at, wr->c->n_events);
    }
    /* Certificates and households came numbered: the series go on behind them. */
    return result < 0 ? result : write_cards_whole(wr);
}

int demo_city_write(struct work *w, const struct demo_city *city, demo_progress *progress,
                    void *arg)
{
    struct writer wr = {.w = w, .c = city};

    arena_init(&wr.texts, 0);
    int result = party_batch_new(w, &wr.party);
    if (result >= 0)
        result = eligibility_batch_new(w, &wr.eligibility);
    if (result >= 0)
        result = write_all(&wr, progress, arg);
    party_batch_free(wr.party);
    eligibility_batch_free(wr.eligibility);
    arena_release(&wr.texts);
    return result < 0 ? error_add(&w->cx, "write the demo city") : OK;
}
