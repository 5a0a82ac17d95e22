#include "model.h"

#include <string.h>

/* Makes room for one more element; arrays double. */
static bool grow(struct demo_city *c, void **rows, int32_t n, int32_t *cap, size_t size)
{
    if (n < *cap)
        return true;
    const int32_t wanted = *cap ? *cap * 2 : 1024;
    void *p = wanted > *cap ? memory_resize(*rows, (size_t)wanted * size) : NULL;
    if (!p) {
        c->out_of_memory = true;
        return false;
    }
    *rows = p;
    *cap = wanted;
    return true;
}

int32_t city_resident(struct demo_city *c)
{
    void *rows = c->residents;
    if (!grow(c, &rows, c->n_residents, &c->cap_residents, sizeof(*c->residents)))
        return NONE;
    c->residents = rows;
    c->residents[c->n_residents] = (struct resident){.alias = NONE,
                                                     .nation = NONE,
                                                     .household = NONE,
                                                     .next = NONE,
                                                     .death = YMD_NONE,
                                                     .cover_from = YMD_NONE,
                                                     .op_identity = NONE,
                                                     .op_name = NONE,
                                                     .op_residency = NONE,
                                                     .op_foreign = NONE,
                                                     .op_membership = NONE,
                                                     .op_cover = NONE,
                                                     .op_certificate = NONE};
    return c->n_residents++;
}

int32_t city_home(struct demo_city *c, enum archetype kind)
{
    void *rows = c->homes;
    if (!grow(c, &rows, c->n_homes, &c->cap_homes, sizeof(*c->homes)))
        return NONE;
    c->homes = rows;
    c->homes[c->n_homes] = (struct home){.first = NONE,
                                         .head = NONE,
                                         .place = NONE,
                                         .op_address = NONE,
                                         .op_insured = NONE,
                                         .kind = (uint8_t)kind,
                                         .last_day = c->first_day,
                                         .last_received = c->first_day};
    return c->n_homes++;
}

int32_t city_place(struct demo_city *c)
{
    void *rows = c->places;
    if (!grow(c, &rows, c->n_places, &c->cap_places, sizeof(*c->places)))
        return NONE;
    c->places = rows;
    c->places[c->n_places] = (struct place){.building = NONE};
    return c->n_places++;
}

int32_t city_event(struct demo_city *c, const struct happening *h)
{
    void *rows = c->events;
    if (!grow(c, &rows, c->n_events, &c->cap_events, sizeof(*c->events)))
        return NONE;
    c->events = rows;
    c->events[c->n_events] = *h;
    return c->n_events++;
}

struct op *city_op(struct demo_city *c, enum op_type type, int32_t event, int32_t person,
                   int32_t home, int32_t *index)
{
    static struct op nowhere; /* what callers write to when memory is out; never read */
    void *rows = c->ops;

    if (!grow(c, &rows, c->n_ops, &c->cap_ops, sizeof(*c->ops)))
        return &nowhere;
    c->ops = rows;
    struct op *op = &c->ops[c->n_ops];
    memset(op, 0, sizeof(*op));
    op->event = event;
    op->closed = NONE;
    op->person = person;
    op->home = home;
    op->type = (uint8_t)type;
    op->from = op->to = YMD_NONE;
    if (index)
        *index = c->n_ops;
    c->n_ops++;
    return op;
}

void city_op_close(struct demo_city *c, int32_t *index, int32_t event)
{
    if (*index == NONE)
        return;
    c->ops[*index].closed = event;
    *index = NONE;
}

struct op *city_op_again(struct demo_city *c, int32_t *index, int32_t event)
{
    const int32_t old = *index;
    int32_t again = NONE;

    struct op *op = city_op(c, OP_PERSON, event, NONE, NONE, &again);
    if (old == NONE || again == NONE)
        return op;
    *op = c->ops[old];
    op->event = event;
    op->closed = NONE;
    c->ops[old].closed = event;
    *index = again;
    return op;
}

int32_t between(struct prng *r, int32_t low, int32_t high)
{
    return high <= low ? low : low + (int32_t)prng_below(r, (uint64_t)(high - low) + 1);
}

bool percent(struct prng *r, int32_t per_ten_thousand)
{
    return prng_below(r, 10000) < (uint64_t)(per_ten_thousand < 0 ? 0 : per_ten_thousand);
}

static void seed_streams(struct demo_city *c)
{
    prng_seed(&c->people, c->request.seed * 3 + 1);
    prng_seed(&c->fate, c->request.seed * 3 + 2);
    prng_seed(&c->wealth, c->request.seed * 3 + 3);
}

static int make(struct context *cx, struct demo_city *c)
{
    const int result = book_read(cx, &c->arena, &c->book);
    if (result < 0)
        return result;
    found_city(c);
    live_until(c, c->request.until);
    earn(c);
    found_former(c);
    return c->out_of_memory ? fail(cx, ERR_MEMORY, "demo.memory", NULL) : OK;
}

int demo_city_new(struct context *cx, const struct demo_request *rq, struct demo_city **out)
{
    *out = NULL;
    if (rq->people < 100 || rq->people > 8000000)
        return fail(cx, ERR_RANGE, "demo.people", "people=%lld", (long long)rq->people);
    if (rq->former < 0 || rq->former > 2000000)
        return fail(cx, ERR_RANGE, "demo.people", "former=%lld", (long long)rq->former);
    struct demo_city *c = memory_alloc(sizeof(*c));
    if (!c)
        return fail(cx, ERR_MEMORY, "demo.memory", NULL);
    arena_init(&c->arena, 0);
    c->request = *rq;
    if (ymd_is_none(c->request.until))
        c->request.until = ymd_of(2026, 6, 10);
    c->first_day = ymd_of(2025, 4, 1);
    seed_streams(c);
    const int result = make(cx, c);
    if (result < 0) {
        demo_city_free(c);
        return result;
    }
    *out = c;
    return OK;
}

void demo_city_free(struct demo_city *c)
{
    if (!c)
        return;
    memory_free(c->residents);
    memory_free(c->homes);
    memory_free(c->places);
    memory_free(c->events);
    memory_free(c->ops);
    arena_release(&c->arena);
    memory_free(c);
}

struct str demo_city_name(const struct demo_city *c)
{
    return c->book.self.name;
}

struct str demo_city_code(const struct demo_city *c)
{
    return c->book.self.code;
}

struct str demo_city_insurer(const struct demo_city *c)
{
    return c->book.self.insurer_no;
}

/* Field by field: structs have padding that is nobody's business. */
static void hash_op(struct hasher *h, const struct op *o)
{
    const int64_t head[] = {o->event, o->closed, o->person, o->home,  o->type,     o->kind,
                            o->start, o->end,    o->flag,   o->count, o->from.day, o->to.day};

    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++)
        hash_int(h, head[i]);
    hash_bytes(h, (struct str){(const char *)&o->u, sizeof(o->u)});
}

static void hash_money(struct hasher *h, const struct money *m)
{
    const int64_t v[] = {
        m->salary,         m->pension,         m->business,           m->property,
        m->other,          m->separate,        m->separate_deduction, m->net_loss,
        m->family_paid,    m->family_received, m->asset_tax,          m->dependants,
        m->small_children, m->is_undeclared,   m->is_known,           m->is_inquiry};

    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
        hash_int(h, v[i]);
}

int demo_city_digest(const struct demo_city *c, struct digest *out)
{
    struct hasher h;

    hash_init(&h, STR_NONE);
    for (int32_t i = 0; i < c->n_events; i++) {
        hash_text(&h, str_of(c->events[i].kind));
        hash_int(&h, c->events[i].effective.day);
        hash_int(&h, c->events[i].received.day);
    }
    for (int32_t i = 0; i < c->n_ops; i++)
        hash_op(&h, &c->ops[i]);
    for (int32_t i = 0; i < c->n_residents; i++) {
        hash_int(&h, c->residents[i].birth.day);
        for (int y = 0; y < INCOME_YEARS; y++)
            hash_money(&h, &c->residents[i].money[y]);
    }
    *out = hash_end(&h);
    return OK;
}

struct ymd demo_city_last_day(const struct demo_city *c)
{
    return c->request.until;
}
