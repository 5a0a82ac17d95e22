/* People and the facts of the resident register about them. */
#include "model.h"

/* A day on which somebody of that age (on the first day) may have been born. */
static struct ymd birth_of(struct demo_city *c, int low, int high)
{
    int year, month, day;

    ymd_split(c->first_day, &year, &month, &day);
    const int age = between(&c->people, low, high);
    const struct ymd youngest = ymd_of(year - age, month, day);
    return ymd_add(youngest, -(int)prng_below(&c->people, 365));
}

static int32_t pick_foreign(struct demo_city *c, const struct nation *n, char group)
{
    int32_t found = 0;

    for (int32_t i = n->first; i < n->first + n->n; i++)
        found += c->book.foreign.rows[i].group == group;
    int32_t at = found > 0 ? (int32_t)prng_below(&c->people, (uint64_t)found) : 0;
    for (int32_t i = n->first; i < n->first + n->n; i++) {
        if (c->book.foreign.rows[i].group == group && at-- == 0)
            return i;
    }
    return n->first;
}

static void name_person(struct demo_city *c, struct resident *p)
{
    int year, month, day;

    ymd_split(p->birth, &year, &month, &day);
    if (p->nation == NONE) {
        p->surname = pick_word(&c->people, &c->book.surnames);
        p->given = pick_given(&c->people, &c->book, p->is_female, year);
        return;
    }
    const struct nation *n = &c->book.nations[p->nation];
    p->surname = pick_foreign(c, n, 's');
    p->given = pick_foreign(c, n, p->is_female ? 'f' : 'm');
    if (str_is(n->code, "KOR") ? percent(&c->people, 6000) : percent(&c->people, 800))
        p->alias = pick_word(&c->people, &c->book.surnames);
}

int32_t person_new(struct demo_city *c, bool is_female, int age_low, int age_high, int8_t nation)
{
    const int32_t i = city_resident(c);
    if (i == NONE)
        return NONE;
    struct resident *p = &c->residents[i];
    p->is_female = is_female;
    p->nation = nation;
    p->birth = birth_of(c, age_low, age_high);
    name_person(c, p);
    return i;
}

static void register_names(struct demo_city *c, int32_t person, int32_t event, struct ymd from)
{
    struct resident *p = &c->residents[person];
    const bool has_alias = p->nation != NONE && p->alias != NONE;
    int32_t index = NONE;

    struct op *op = city_op(c, OP_NAME, event, person, NONE, &index);
    op->kind = NAME_REAL;
    op->flag = !has_alias;
    op->u.name.surname = p->surname;
    op->u.name.given = p->given;
    op->from = from;
    p->op_name = index;
    if (!has_alias)
        return;
    op = city_op(c, OP_NAME, event, person, NONE, NULL);
    op->kind = NAME_ALIAS;
    op->flag = true;
    op->u.name.surname = p->alias;
    op->u.name.given = p->given;
    op->from = from;
}

/* Stay of one to five years from some day before; permanent residents have none. */
static void register_stay(struct demo_city *c, int32_t person, int32_t event, struct ymd from)
{
    struct resident *p = &c->residents[person];
    int32_t index = NONE;

    const struct ymd since = ymd_compare(from, c->first_day) > 0 ? from : c->first_day;
    struct op *op = city_op(c, OP_FOREIGN, event, person, NONE, &index);
    op->kind = (uint8_t)prng_below(&c->people, 6);
    op->from = from;
    op->u.stay.until =
        op->kind == 0 ? YMD_NONE : ymd_add(since, between(&c->people, 200, 1800));
    p->op_foreign = index;
}

void person_register(struct demo_city *c, int32_t person, int32_t event, struct ymd from,
                     enum residency_start start)
{
    if (person == NONE)
        return;
    int32_t index = NONE;
    struct resident *p = &c->residents[person];

    (void)city_op(c, OP_PERSON, event, person, NONE, NULL);
    (void)city_op(c, OP_IDENTITY, event, person, NONE, &index);
    p->op_identity = index;
    register_names(c, person, event, from);
    index = NONE;
    struct op *op = city_op(c, OP_RESIDENCY, event, person, NONE, &index);
    op->flag = true;
    op->start = (uint8_t)start;
    op->from = from;
    p->op_residency = index;
    if (p->nation != NONE)
        register_stay(c, person, event, from);
}

void person_enter(struct demo_city *c, int32_t person, int32_t home, int32_t event, struct ymd from,
                  uint8_t relation)
{
    if (person == NONE || home == NONE)
        return;
    struct resident *p = &c->residents[person];
    struct home *h = &c->homes[home];
    int32_t index = NONE;

    p->household = home;
    p->relation = relation;
    p->next = h->first;
    h->first = person;
    if (relation == 1)
        h->head = person;
    struct op *op = city_op(c, OP_MEMBERSHIP, event, person, home, &index);
    op->count = relation;
    op->flag = relation == 1;
    op->from = from;
    p->op_membership = index;
}

static void unlink_member(struct demo_city *c, int32_t person)
{
    struct resident *p = &c->residents[person];
    struct home *h = &c->homes[p->household];

    for (int32_t *at = &h->first; *at != NONE; at = &c->residents[*at].next) {
        if (*at == person) {
            *at = p->next;
            p->next = NONE;
            return;
        }
    }
}

/* Out of the household; the fact now has an end. The household id stays as the last one. */
void person_leave(struct demo_city *c, int32_t person, int32_t event, struct ymd to)
{
    struct resident *p = &c->residents[person];

    unlink_member(c, person);
    city_op_again(c, &p->op_membership, event)->to = to;
    p->op_membership = NONE;
}

/* Off the register, after person_leave. */
void person_end(struct demo_city *c, int32_t person, int32_t event, struct ymd to,
                enum residency_end end)
{
    struct resident *p = &c->residents[person];
    struct op *op = city_op_again(c, &p->op_residency, event);

    op->to = to;
    op->end = (uint8_t)end;
    p->is_gone = true;
    if (end == BY_DEATH) {
        p->death = ymd_add(to, -1);
        city_op_again(c, &p->op_identity, event)->to = p->death;
    }
}

void person_rename(struct demo_city *c, int32_t person, int32_t surname, int32_t event,
                   struct ymd from)
{
    struct resident *p = &c->residents[person];
    int32_t old = p->op_name;

    city_op_again(c, &old, event)->to = from;
    int32_t index = NONE;
    struct op *op = city_op(c, OP_NAME, event, person, NONE, &index);
    op->kind = NAME_REAL;
    op->flag = true;
    op->u.name.surname = surname;
    op->u.name.given = p->given;
    op->from = from;
    p->op_name = index;
    p->surname = surname;
}

/* Relation of a member when `head` becomes the head: wife and husband change places, the rest by
 * age. Coarse, but never contradicting itself. */
static uint8_t relation_to(const struct demo_city *c, int32_t member, int32_t head)
{
    const struct resident *m = &c->residents[member], *h = &c->residents[head];

    if (member == head)
        return 1;
    const int32_t years = (h->birth.day - m->birth.day) / 365; /* > 0: the member is older */
    if (years >= 18)
        return m->is_female ? 6 : 5;
    if (years <= -18)
        return years <= -45 ? 7 : 4;
    return m->is_female == h->is_female ? 8 : (uint8_t)(m->is_female ? 3 : 2);
}

void home_head_change(struct demo_city *c, int32_t home, int32_t head, int32_t event,
                      struct ymd from)
{
    if (head == NONE)
        return;
    c->homes[home].head = head;
    for (int32_t i = c->homes[home].first; i != NONE; i = c->residents[i].next) {
        struct resident *p = &c->residents[i];
        const uint8_t relation = relation_to(c, i, head);
        if (relation == p->relation)
            continue;
        int32_t old = p->op_membership;
        city_op_again(c, &old, event)->to = from;
        p->relation = relation;
        int32_t index = NONE;
        struct op *op = city_op(c, OP_MEMBERSHIP, event, i, home, &index);
        op->count = relation;
        op->flag = relation == 1;
        op->from = from;
        p->op_membership = index;
    }
}

bool lives(const struct demo_city *c, int32_t person)
{
    return person != NONE && !c->residents[person].is_gone;
}

int person_age(const struct demo_city *c, int32_t person, struct ymd day)
{
    return age_on(c->residents[person].birth, day);
}
