/* Founding households: who lives in them, where, and what insures them. */
#include "model.h"

enum { ROOT_SHARE = 10000 };

/* Out of 10,000 NHI households; found_home knows what they are made of. */
static const struct {
    enum archetype kind;
    int32_t share;
} insured_kinds[] = {{KIND_RETIRED_SINGLE, 2560}, {KIND_RETIRED_COUPLE, 1960},
                     {KIND_LATE_HEAD, 800},       {KIND_SINGLE, 2200},
                     {KIND_COUPLE, 520},          {KIND_FAMILY, 410},
                     {KIND_SINGLE_PARENT, 320},   {KIND_EMPLOYEE_HEAD, 380},
                     {KIND_THREE, 200},           {KIND_FOREIGN_SINGLE, 540},
                     {KIND_FOREIGN_FAMILY, 110}};
static const struct {
    enum archetype kind;
    int32_t share;
} other_kinds[] = {{KIND_EMPLOYEE_SINGLE, 2900}, {KIND_EMPLOYEE_COUPLE, 1500},
                   {KIND_EMPLOYEE_FAMILY, 3150}, {KIND_LATE_SINGLE, 1250},
                   {KIND_LATE_COUPLE, 950},      {KIND_ASSISTANCE, 250}};

static int32_t place_new(struct demo_city *c, bool single)
{
    struct prng *r = &c->people;
    const int32_t i = city_place(c);
    if (i == NONE)
        return NONE;
    struct place *p = &c->places[i];
    p->town = pick_town(r, &c->book);
    const struct town *t = &c->book.towns[p->town];
    p->chome = t->chome > 0 ? (int16_t)between(r, 1, t->chome) : 0;
    p->block = (int16_t)(t->has_blocks ? between(r, 1, 38) : between(r, 1, 2900));
    p->house = (int16_t)(t->has_blocks ? between(r, 1, 26) : between(r, 0, 14));
    if (percent(r, single ? 7000 : 2600)) {
        p->building = (int16_t)prng_below(r, (uint64_t)c->book.n_buildings);
        p->room = (int16_t)(between(r, 1, 9) * 100 + between(r, 1, 12));
    }
    return i;
}

/* A town whose block has buildings of many rooms is no wonder; the place is the household's. */
static void settle(struct demo_city *c, int32_t home, int32_t event, struct ymd from, bool single)
{
    struct home *h = &c->homes[home];
    int32_t index = NONE;

    h->place = place_new(c, single);
    (void)city_op(c, OP_HOUSEHOLD, event, NONE, home, NULL);
    struct op *op = city_op(c, OP_ADDRESS, event, NONE, home, &index);
    op->kind = ADDRESS_RESIDENCE;
    op->from = from;
    op->u.address.place = h->place;
    op->u.address.city = NONE;
    h->op_address = index;
}

struct founding {
    struct demo_city *c;
    int32_t home, event;
    struct ymd day;
    enum residency_start start;
    int8_t nation;
    int32_t surname; /* shared by the family; NONE before the head */
};

static struct ymd random_day(struct demo_city *c, struct ymd low, struct ymd high)
{
    return ymd_add(low, between(&c->people, 0, high.day - low.day));
}

/* The day a resident came to live here: in the initial register some day of the past. */
static struct ymd since(struct founding *f, const struct resident *p)
{
    struct demo_city *c = f->c;

    if (f->start != BY_INITIAL)
        return f->day;
    if (percent(&c->people, 4000))
        return p->birth;
    const struct ymd latest = ymd_add(c->first_day, -30);
    const struct ymd earliest = ymd_add(c->first_day, -9000);
    const struct ymd low = ymd_compare(p->birth, earliest) > 0 ? p->birth : earliest;
    return ymd_compare(low, latest) >= 0 ? low : random_day(c, low, latest);
}

static int32_t join(struct founding *f, bool female, int low, int high, uint8_t relation)
{
    struct demo_city *c = f->c;
    const int32_t i = person_new(c, female, low, high, f->nation);

    if (i == NONE)
        return NONE;
    if (f->surname == NONE)
        f->surname = c->residents[i].surname;
    else if (f->nation == NONE || relation == 4)
        c->residents[i].surname = f->surname;
    const struct ymd from = since(f, &c->residents[i]);
    person_register(c, i, f->event, from, f->start);
    person_enter(c, i, f->home, f->event, from, relation);
    return i;
}

/* When somebody in NHI became insured, and why; in a newly come household: on moving in. */
static void insure(struct founding *f, int32_t person)
{
    struct demo_city *c = f->c;

    if (person == NONE)
        return;
    const struct resident *p = &c->residents[person];
    struct change ch = {f->event, f->day, f->day, false};
    int reason = ACQUIRED_MOVE_IN;
    if (f->start == BY_INITIAL) {
        const struct ymd here = c->ops[p->op_residency].from;
        const int age = age_on(p->birth, c->first_day);
        ch.cause = here;
        reason = ymd_compare(here, p->birth) == 0 ? ACQUIRED_BIRTH : ACQUIRED_MOVE_IN;
        if (age >= 23 && percent(&c->people, 6500)) {
            const struct ymd low = birthday(p->birth, age >= 66 ? 60 : 22);
            ch.cause =
                random_day(c, ymd_compare(low, here) > 0 ? low : here, ymd_add(c->first_day, -20));
            reason = percent(&c->people, 9600) ? ACQUIRED_LEFT_EMPLOYER : ACQUIRED_ASSISTANCE_END;
        }
        ch.notified = ymd_add(ch.cause, between(&c->people, 0, 12));
    }
    cover_begin(c, person, COVER_NHI, reason, ch);
}

static void cover_otherwise(struct founding *f, int32_t person, enum cover cover)
{
    struct demo_city *c = f->c;

    if (person == NONE)
        return;
    const struct resident *p = &c->residents[person];
    struct ymd from = f->day;
    if (cover == COVER_LATE)
        from = birthday(p->birth, 75);
    else if (f->start == BY_INITIAL)
        from = random_day(c, birthday(p->birth, age_on(p->birth, c->first_day) >= 22 ? 20 : 0),
                          ymd_add(c->first_day, -20));
    cover_begin(c, person, cover, 0, (struct change){f->event, from, from, false});
    if (cover == COVER_EMPLOYEE && f->start == BY_INITIAL && percent(&c->people, 1000)) {
        const struct ymd past = ymd_add(from, -between(&c->people, 60, 900));
        cover_past(c, person, (struct span){past, ymd_add(from, 1)}, ACQUIRED_LEFT_EMPLOYER,
                   LOST_EMPLOYER, f->event);
    }
}

/* Late-stage people who came from NHI at 75: their former period makes them 特定同一世帯所属者. */
static void cover_late(struct founding *f, int32_t person, bool from_nhi)
{
    struct demo_city *c = f->c;

    if (person == NONE)
        return;
    cover_otherwise(f, person, COVER_LATE);
    const struct resident *p = &c->residents[person];
    const struct ymd turned = birthday(p->birth, 75), here = c->ops[p->op_residency].from;
    const struct ymd began = birthday(p->birth, 60);
    if (!from_nhi || ymd_compare(here, turned) >= 0)
        return;
    cover_past(c, person, (struct span){ymd_compare(began, here) > 0 ? began : here, turned},
               ACQUIRED_LEFT_EMPLOYER, LOST_LATE_STAGE, f->event);
}

static void work_as(struct demo_city *c, int32_t person, enum work_kind kind)
{
    if (person != NONE)
        c->residents[person].work = (uint8_t)kind;
}

static enum work_kind working(struct demo_city *c)
{
    const int32_t at = between(&c->people, 0, 99);
    return at < 38 ? WORK_PART : at < 66 ? WORK_SELF : at < 80 ? WORK_EMPLOYED : WORK_NONE;
}

static void found_retired(struct founding *f, bool couple)
{
    struct demo_city *c = f->c;
    const bool head_female = !couple && percent(&c->people, 5200);
    const int oldest = between(&c->people, 66, 74); /* more of the younger ones */
    const int32_t head = join(f, head_female, 65, oldest, 1);

    insure(f, head);
    work_as(c, head, WORK_RETIRED);
    if (!couple || head == NONE)
        return;
    const int age = person_age(c, head, c->first_day);
    const int32_t wife = join(f, true, age - 7 < 58 ? 58 : age - 7, age > 73 ? 74 : age + 1, 3);
    insure(f, wife);
    work_as(c, wife, WORK_RETIRED);
    if (percent(&c->people, 300))
        insure(f, join(f, percent(&c->people, 4000), age - 38, age - 26, 4));
}

/* A head of 75 or more, not insured any more, with a younger spouse in NHI. */
static void found_late_head(struct founding *f)
{
    struct demo_city *c = f->c;
    const int32_t head = join(f, percent(&c->people, 600), 75, 80, 1);

    cover_late(f, head, percent(&c->people, 7500));
    work_as(c, head, WORK_RETIRED);
    if (head == NONE)
        return;
    const bool wife = !c->residents[head].is_female;
    const int32_t spouse = join(f, wife, 66, 74, wife ? 3 : 2);
    insure(f, spouse);
    work_as(c, spouse, WORK_RETIRED);
    if (spouse != NONE && percent(&c->people, 600))
        cover_circumstance(c, spouse, CIRCUMSTANCE_FORMER_DEPENDANT,
                           c->residents[spouse].cover_from, 1,
                           (struct change){f->event, f->day, c->residents[spouse].cover_from,
                                           false});
}

static void found_single(struct founding *f)
{
    struct demo_city *c = f->c;
    const int32_t at = between(&c->people, 0, 99);
    const int low = at < 20 ? 20 : at < 45 ? 30 : at < 70 ? 45 : 55;
    const int32_t p = join(f, percent(&c->people, 4200), low, low + 9, 1);

    insure(f, p);
    work_as(c, p, working(c));
    if (p != NONE && percent(&c->people, 60))
        cover_circumstance(c, p, CIRCUMSTANCE_CARE_EXEMPT, c->residents[p].cover_from, 0,
                           (struct change){f->event, f->day, c->residents[p].cover_from, false});
}

/* Two adults and some children; the others' cover follows `insured`. */
static void found_family(struct founding *f, int low, int high, int children, bool insured)
{
    struct demo_city *c = f->c;
    const int32_t head = join(f, false, low, high, 1);
    if (head == NONE)
        return;
    const int age = person_age(c, head, c->first_day);
    const int32_t wife = join(f, true, age - 6 < 20 ? 20 : age - 6, age + 2, 3);
    const bool wife_works = percent(&c->people, 5000);

    work_as(c, head, insured ? WORK_SELF : WORK_EMPLOYED);
    work_as(c, wife, wife_works ? (insured ? WORK_PART : WORK_EMPLOYED) : WORK_NONE);
    if (insured) {
        insure(f, head);
        insure(f, wife);
    } else {
        cover_otherwise(f, head, COVER_EMPLOYEE);
        cover_otherwise(f, wife, wife_works ? COVER_EMPLOYEE : COVER_DEPENDANT);
    }
    for (int i = 0; i < children; i++) {
        const int top = age - 22 > 17 ? 17 : age - 22;
        const int32_t child = join(f, percent(&c->people, 4880), 0, top < 0 ? 0 : top, 4);
        if (insured)
            insure(f, child);
        else
            cover_otherwise(f, child, COVER_DEPENDANT);
    }
}

static void found_single_parent(struct founding *f)
{
    struct demo_city *c = f->c;
    const bool mother = percent(&c->people, 8700);
    const int32_t head = join(f, mother, 28, 50, 1);

    insure(f, head);
    work_as(c, head, WORK_PART);
    const int children = 1 + percent(&c->people, 4000);
    for (int i = 0; i < children && head != NONE; i++) {
        const int age = person_age(c, head, c->first_day);
        insure(f, join(f, percent(&c->people, 4880), 0, age - 20 > 18 ? 18 : age - 20, 4));
    }
    if (mother && head != NONE && percent(&c->people, 3000)) {
        struct op *op = city_op(c, OP_PROTECTION, f->event, head, NONE, NULL);
        op->from = ymd_add(f->day, -between(&c->people, 0, 300));
        op->to = ymd_add(op->from, 365 * between(&c->people, 2, 4)); /* as renewed year by year */
    }
}

/* A head with company insurance and a parent or a grown-up child in NHI: deemed head. */
static void found_employee_head(struct founding *f)
{
    struct demo_city *c = f->c;
    const int32_t head = join(f, percent(&c->people, 1500), 42, 60, 1);

    cover_otherwise(f, head, COVER_EMPLOYEE);
    work_as(c, head, WORK_EMPLOYED);
    if (percent(&c->people, 4500)) {
        const bool mother = percent(&c->people, 7000);
        const int32_t parent = join(f, mother, 67, 74, mother ? 6 : 5);
        insure(f, parent);
        work_as(c, parent, WORK_RETIRED);
        return;
    }
    const int32_t child = join(f, percent(&c->people, 4500), 19, 26, 4);
    insure(f, child);
    work_as(c, child, working(c));
}

static void found_three(struct founding *f)
{
    struct demo_city *c = f->c;

    found_retired(f, true);
    const int32_t child = join(f, percent(&c->people, 4000), 32, 46, 4);
    insure(f, child);
    work_as(c, child, working(c));
}

static int8_t pick_nation(struct demo_city *c)
{
    int32_t total = 0;
    for (int32_t i = 0; i < c->book.n_nations; i++)
        total += c->book.nations[i].weight;
    int32_t at = between(&c->people, 0, total - 1);
    for (int32_t i = 0; i < c->book.n_nations; i++) {
        at -= c->book.nations[i].weight;
        if (at < 0)
            return (int8_t)i;
    }
    return 0;
}

static void found_foreign(struct founding *f, bool family)
{
    struct demo_city *c = f->c;

    f->nation = pick_nation(c);
    if (family) {
        found_family(f, 28, 48, between(&c->people, 0, 2), true);
        return;
    }
    const int32_t p = join(f, percent(&c->people, 4500), 19, 38, 1);
    insure(f, p);
    work_as(c, p, percent(&c->people, 7500) ? WORK_PART : WORK_NONE);
}

static void found_employee_single(struct founding *f)
{
    const int32_t p = join(f, percent(&f->c->people, 4200), 21, 63, 1);
    cover_otherwise(f, p, COVER_EMPLOYEE);
    work_as(f->c, p, WORK_EMPLOYED);
}

static void found_late(struct founding *f, bool couple)
{
    struct demo_city *c = f->c;
    const int32_t head = join(f, !couple && percent(&c->people, 7500), 75, couple ? 88 : 94, 1);

    cover_late(f, head, false);
    work_as(c, head, WORK_RETIRED);
    if (!couple)
        return;
    const int32_t wife = join(f, true, 75, 84, 3);
    cover_late(f, wife, false);
    work_as(c, wife, WORK_RETIRED);
}

static void found_assistance(struct founding *f)
{
    const int32_t p = join(f, percent(&f->c->people, 5000), 40, 72, 1);
    cover_otherwise(f, p, COVER_ASSISTANCE);
}

static void found_kind(struct founding *f, enum archetype kind)
{
    struct prng *r = &f->c->people;

    switch (kind) {
    case KIND_RETIRED_SINGLE:
        found_retired(f, false);
        break;
    case KIND_RETIRED_COUPLE:
        found_retired(f, true);
        break;
    case KIND_LATE_HEAD:
        found_late_head(f);
        break;
    case KIND_SINGLE:
        found_single(f);
        break;
    case KIND_COUPLE:
        found_family(f, 38, 63, 0, true);
        break;
    case KIND_FAMILY:
        found_family(f, 28, 52, between(r, 1, 3), true);
        break;
    case KIND_SINGLE_PARENT:
        found_single_parent(f);
        break;
    case KIND_EMPLOYEE_HEAD:
        found_employee_head(f);
        break;
    case KIND_THREE:
        found_three(f);
        break;
    case KIND_FOREIGN_SINGLE:
        found_foreign(f, false);
        break;
    case KIND_FOREIGN_FAMILY:
        found_foreign(f, true);
        break;
    case KIND_EMPLOYEE_SINGLE:
        found_employee_single(f);
        break;
    case KIND_EMPLOYEE_COUPLE:
        found_family(f, 26, 63, 0, false);
        break;
    case KIND_EMPLOYEE_FAMILY:
        found_family(f, 28, 54, between(r, 1, 3), false);
        break;
    case KIND_LATE_SINGLE:
        found_late(f, false);
        break;
    case KIND_LATE_COUPLE:
        found_late(f, true);
        break;
    case KIND_ASSISTANCE:
        found_assistance(f);
        break;
    case ARCHETYPES:
        break;
    }
}

/* Telephones for most heads; a sending address for a few old ones. */
static void found_contacts(struct founding *f)
{
    struct demo_city *c = f->c;
    const int32_t head = c->homes[f->home].head;

    if (head == NONE)
        return;
    if (percent(&c->people, 6200)) {
        struct op *op = city_op(c, OP_CONTACT, f->event, head, NONE, NULL);
        op->from = f->day;
        op->u.contact.number = between(&c->people, 0, 9999);
    }
    if (age_on(c->residents[head].birth, c->first_day) >= 68 && percent(&c->people, 150)) {
        struct op *op = city_op(c, OP_ADDRESS, f->event, head, NONE, NULL);
        op->kind = ADDRESS_SENDING;
        op->from = f->day;
        op->u.address.place = place_new(c, false);
        op->u.address.city = NONE;
    }
}

int32_t found_home(struct demo_city *c, enum archetype kind, int32_t event, struct ymd day,
                   enum residency_start start)
{
    const int32_t home = city_home(c, kind);
    if (home == NONE)
        return NONE;
    struct founding f = {c, home, event, day, start, NONE, NONE};
    const bool single =
        kind == KIND_SINGLE || kind == KIND_EMPLOYEE_SINGLE || kind == KIND_FOREIGN_SINGLE;

    settle(c, home, event, day, single);
    if (percent(&c->people, kind >= KIND_EMPLOYEE_SINGLE ? 120 : 0))
        f.nation = pick_nation(c);
    found_kind(&f, kind);
    found_contacts(&f);
    return home;
}

/* Households of the initial register come in events of 250, as a file of the register would. */
static int32_t initial_event(struct demo_city *c)
{
    if (c->n_events == 0 || c->in_initial == 250) {
        c->initial_event = city_event(c, &(struct happening){.kind = "party.initial",
                                                             .source = "register",
                                                             .route = "file",
                                                             .effective = c->first_day,
                                                             .received = c->first_day,
                                                             .home = NONE,
                                                             .person = NONE});
        c->in_initial = 0;
    }
    c->in_initial++;
    return c->initial_event;
}

static enum archetype pick_insured(struct demo_city *c)
{
    int32_t at = between(&c->people, 0, ROOT_SHARE - 1);
    for (size_t i = 0; i < sizeof(insured_kinds) / sizeof(insured_kinds[0]); i++) {
        at -= insured_kinds[i].share;
        if (at < 0)
            return insured_kinds[i].kind;
    }
    return KIND_SINGLE;
}

static enum archetype pick_other(struct demo_city *c)
{
    int32_t at = between(&c->people, 0, ROOT_SHARE - 1);
    for (size_t i = 0; i < sizeof(other_kinds) / sizeof(other_kinds[0]); i++) {
        at -= other_kinds[i].share;
        if (at < 0)
            return other_kinds[i].kind;
    }
    return KIND_EMPLOYEE_SINGLE;
}

/* NHI covers a fifth of the residents: 0.128 households per resident at 1.5 insured each, the
 * rest joining from jobs in the course of the two years. */
void found_city(struct demo_city *c)
{
    const int64_t wanted = c->request.people;
    int64_t insured_homes = 0, homes = 0;

    while (c->n_residents < wanted && !c->out_of_memory) {
        const bool insured = insured_homes * 10000 < (int64_t)c->n_residents * 1290;
        const enum archetype kind = insured ? pick_insured(c) : pick_other(c);
        const bool room = wanted - c->n_residents >= 6;
        insured_homes += insured;
        homes++;
        (void)found_home(c, room ? kind : KIND_EMPLOYEE_SINGLE, initial_event(c), c->first_day,
                         BY_INITIAL);
    }
    (void)homes;
}
