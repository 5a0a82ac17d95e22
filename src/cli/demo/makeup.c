/* What the city is made of on a day, counted from the facts as they stand at the end. */
#include "model.h"

static bool holds(const struct op *op, struct ymd day)
{
    return span_holds((struct span){op->from, op->to}, day);
}

/* Bits of a person on the day. */
enum { IS_RESIDENT = 1, IS_INSURED = 2, WAS_LATE = 4, IS_PROTECTED = 8, IS_HEAD = 16 };

struct counting {
    const struct demo_city *c;
    struct ymd day;
    uint8_t *people;
    int32_t *home_of; /* of residents on the day */
    int32_t *insured; /* per household */
};

static void read_op(struct counting *k, const struct op *op)
{
    if (op->closed != NONE)
        return;
    if (op->type == OP_MEMBERSHIP && holds(op, k->day)) {
        k->people[op->person] |= (uint8_t)(op->flag ? IS_RESIDENT | IS_HEAD : IS_RESIDENT);
        k->home_of[op->person] = op->home;
    } else if (op->type == OP_PERIOD && holds(op, k->day)) {
        k->people[op->person] |= IS_INSURED;
    } else if (op->type == OP_PERIOD && op->end == LOST_LATE_STAGE) {
        k->people[op->person] |= WAS_LATE;
    } else if (op->type == OP_PROTECTION && holds(op, k->day)) {
        k->people[op->person] |= IS_PROTECTED;
    }
}

/* Once in NHI, now in late-stage care: a past period from the founding counts as well. */
static bool is_special(const struct counting *k, int32_t i)
{
    return (k->people[i] & (WAS_LATE | IS_INSURED | IS_RESIDENT)) == (WAS_LATE | IS_RESIDENT);
}

static void count_person(const struct counting *k, int32_t i, struct demo_makeup *out)
{
    const struct resident *p = &k->c->residents[i];
    const uint8_t is = k->people[i];

    if (!(is & IS_RESIDENT))
        return;
    const int age = age_on(p->birth, k->day);
    out->residents++;
    out->protected_people += (is & IS_PROTECTED) != 0;
    out->late_stage += !(is & IS_INSURED) && p->cover == COVER_LATE;
    out->assistance += !(is & IS_INSURED) && p->cover == COVER_ASSISTANCE;
    out->employees +=
        !(is & IS_INSURED) && (p->cover == COVER_EMPLOYEE || p->cover == COVER_DEPENDANT);
    if (is & IS_INSURED) {
        out->insured++;
        out->insured_65_74 += age >= 65 && age < 75;
        out->insured_foreign += p->nation != NONE;
        k->insured[k->home_of[i]]++;
    }
}

static int64_t income_sum(const struct money *m)
{
    const int32_t pension = m->pension - 1100000;
    const int32_t salary = m->salary - 650000;

    return (pension > 0 ? pension : 0) + (int64_t)(salary > 0 ? salary : 0) + m->business +
           m->property + m->other + m->separate;
}

struct home_money {
    bool is_undeclared;
    bool earns;
};

/* Heads, insured and special same: whose incomes count. */
static void add_money(const struct counting *k, struct home_money *homes, int32_t i)
{
    const struct resident *p = &k->c->residents[i];
    const struct money *m = &p->money[INCOME_YEARS - 1];
    const uint8_t is = k->people[i];

    if (!(is & IS_RESIDENT) || (!(is & (IS_INSURED | IS_HEAD)) && !is_special(k, i)))
        return;
    struct home_money *h = &homes[k->home_of[i]];
    const bool adult = age_on(p->birth, ymd_of(2025, 12, 31)) >= 18;
    h->is_undeclared |= adult && (m->is_undeclared || !m->is_known);
    h->earns |= income_sum(m) > 0;
}

static void count_homes(const struct counting *k, const struct home_money *money,
                        struct demo_makeup *out)
{
    for (int32_t i = 0; i < k->c->n_homes; i++) {
        if (k->insured[i] == 0)
            continue;
        out->insured_households++;
        out->undeclared += money[i].is_undeclared;
        out->without_income += !money[i].is_undeclared && !money[i].earns;
    }
    for (int32_t i = 0; i < k->c->n_residents; i++) {
        if (!(k->people[i] & IS_RESIDENT) || k->insured[k->home_of[i]] == 0)
            continue;
        out->deemed_heads += (k->people[i] & (IS_HEAD | IS_INSURED)) == IS_HEAD;
        out->special_same += is_special(k, i);
    }
}

static void count_all(struct counting *k, struct home_money *money, struct demo_makeup *out)
{
    const struct demo_city *c = k->c;

    for (int32_t i = 0; i < c->n_ops; i++)
        read_op(k, &c->ops[i]);
    for (int32_t i = 0; i < c->n_residents; i++) {
        count_person(k, i, out);
        add_money(k, money, i);
        for (int y = 0; y < INCOME_YEARS; y++)
            out->incomes += c->residents[i].money[y].is_known;
    }
    count_homes(k, money, out);
    for (int32_t i = 0; i < c->n_residents; i++)
        out->households += (k->people[i] & (IS_RESIDENT | IS_HEAD)) == (IS_RESIDENT | IS_HEAD);
}

void demo_city_makeup(const struct demo_city *c, struct ymd day, struct demo_makeup *out)
{
    struct arena a;
    arena_init(&a, 0);
    struct counting k = {c, day, ARENA_ARRAY(&a, (size_t)c->n_residents + 1, uint8_t),
                         ARENA_ARRAY(&a, (size_t)c->n_residents + 1, int32_t),
                         ARENA_ARRAY(&a, (size_t)c->n_homes + 1, int32_t)};
    struct home_money *money = ARENA_ARRAY(&a, (size_t)c->n_homes + 1, struct home_money);

    *out = (struct demo_makeup){.events = c->n_events};
    if (k.people && k.home_of && k.insured && money)
        count_all(&k, money, out);
    arena_release(&a);
}
