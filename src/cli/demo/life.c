/*
 * Two years of life, month by month and household by household. At most one event befalls a
 * household in a month; the day on which the city hears of it comes some days later, and never
 * before it heard of the household's last one.
 */
#include "model.h"

#include <string.h>

struct month_of_life {
    struct demo_city *c;
    struct month month;
    int32_t groom, bride; /* waiting for somebody to marry */
};

/* A day of the month after the household's last event; YMD_NONE when there is none left. */
static struct ymd day_in(struct month_of_life *m, int32_t home)
{
    struct demo_city *c = m->c;
    const struct ymd first = month_first(m->month), last = month_last(m->month);
    const struct ymd end = ymd_compare(last, c->request.until) < 0 ? last : c->request.until;
    const struct ymd after = ymd_add(c->homes[home].last_day, 1);
    const struct ymd low = ymd_compare(after, first) > 0 ? after : first;

    if (ymd_compare(low, end) > 0)
        return YMD_NONE;
    return ymd_add(low, between(&c->fate, 0, end.day - low.day));
}

/* How many days until the city hears of it: mostly within 14, sometimes after months. */
static int delay(struct demo_city *c)
{
    const int32_t at = between(&c->fate, 0, 99);
    return at < 70   ? between(&c->fate, 0, 7)
           : at < 94 ? between(&c->fate, 5, 20)
                     : between(&c->fate, 25, 150);
}

static struct change happen(struct demo_city *c, int32_t home, int32_t person, const char *kind,
                            const char *source, struct ymd day)
{
    struct home *h = &c->homes[home];
    struct ymd received = ymd_add(day, delay(c));

    if (ymd_compare(received, h->last_received) < 0)
        received = h->last_received;
    if (ymd_compare(received, c->request.until) > 0)
        received = c->request.until;
    h->last_day = day;
    h->last_received = received;
    const int32_t event =
        city_event(c, &(struct happening){.kind = kind,
                                          .source = source,
                                          .effective = day,
                                          .received = received,
                                          .home = home,
                                          .person = person,
                                          .route = strcmp(source, "resident") == 0 ? "counter"
                                                                                   : "link"});
    return (struct change){event, day, received, false};
}

static int32_t oldest_adult(const struct demo_city *c, int32_t home, int32_t not )
{
    int32_t found = NONE;
    for (int32_t i = c->homes[home].first; i != NONE; i = c->residents[i].next) {
        if (i != not &&(found == NONE || c->residents[i].birth.day < c->residents[found].birth.day))
            found = i;
    }
    return found;
}

/* Somebody goes out of the household for good; the next oldest takes over when it was the head. */
static void go(struct demo_city *c, int32_t person, struct change ch, int lost,
               enum residency_end end)
{
    const int32_t home = c->residents[person].household;
    const bool head = c->homes[home].head == person;
    const struct ymd to = ch.same_day ? ch.cause : ymd_add(ch.cause, 1);

    cover_end(c, person, lost, ch);
    person_leave(c, person, ch.event, to);
    person_end(c, person, ch.event, to, end);
    if (head)
        home_head_change(c, home, oldest_adult(c, home, person), ch.event, to);
}

static void die(struct month_of_life *m, int32_t person, struct ymd day)
{
    const int32_t home = m->c->residents[person].household;
    go(m->c, person, happen(m->c, home, person, "party.death", "register", day), LOST_DEATH,
       BY_DEATH);
}

static int32_t death_per_million(int age)
{
    static const struct {
        int age;
        int32_t yearly;
    } table[] = {{40, 600}, {55, 2500}, {65, 6000}, {75, 14000}, {85, 45000}, {130, 120000}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (age < table[i].age)
            return table[i].yearly / 12;
    }
    return 0;
}

static bool chance(struct demo_city *c, int32_t yearly_per_million)
{
    return prng_chance(&c->fate, (uint32_t)yearly_per_million / 12);
}

/* --- work --------------------------------------------------------------------------------- */

static const int32_t leaving_codes[] = {11, 12, 21, 22, 23, 31, 32, 33, 34};

/* Leaves an employer: with his dependants into NHI. */
static void lose_job(struct month_of_life *m, int32_t person, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t home = c->residents[person].household;
    struct change ch = happen(c, home, person, "eligibility.left_employer", "resident", day);
    const int age = age_on(c->residents[person].birth, day);

    cover_switch(c, person, COVER_NHI, ACQUIRED_LEFT_EMPLOYER, 0, ch);
    c->residents[person].work = age >= 60 ? WORK_RETIRED : WORK_NONE;
    for (int32_t i = c->homes[home].first; i != NONE; i = c->residents[i].next) {
        if (c->residents[i].cover == COVER_DEPENDANT)
            cover_switch(c, i, COVER_NHI, ACQUIRED_LEFT_EMPLOYER, 0, ch);
    }
    if (age < 65 && percent(&c->fate, 2200))
        cover_circumstance(c, person, CIRCUMSTANCE_UNEMPLOYED, ymd_add(day, -1),
                           leaving_codes[between(&c->fate, 0, 8)], ch);
}

/* Finds an employer; those he keeps become dependants. */
static void find_job(struct month_of_life *m, int32_t person, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t home = c->residents[person].household;
    struct change ch = happen(c, home, person, "eligibility.joined_employer", "resident", day);
    const bool head = c->homes[home].head == person;

    cover_switch(c, person, COVER_EMPLOYEE, 0, LOST_EMPLOYER, ch);
    c->residents[person].work = WORK_EMPLOYED;
    for (int32_t i = c->homes[home].first; head && i != NONE; i = c->residents[i].next) {
        const struct resident *p = &c->residents[i];
        if (p->cover == COVER_NHI && p->work == WORK_NONE && age_on(p->birth, day) < 60)
            cover_switch(c, i, COVER_DEPENDANT, 0, LOST_EMPLOYER, ch);
    }
}

static void assistance(struct month_of_life *m, int32_t person, struct ymd day, bool begins)
{
    struct demo_city *c = m->c;
    const int32_t home = c->residents[person].household;
    struct change ch =
        happen(c, home, person,
               begins ? "eligibility.assistance_start" : "eligibility.assistance_end", "welfare",
               day);

    if (begins)
        cover_switch(c, person, COVER_ASSISTANCE, 0, LOST_ASSISTANCE, ch);
    else
        cover_switch(c, person, COVER_NHI, ACQUIRED_ASSISTANCE_END, 0, ch);
}

/* --- birthdays ----------------------------------------------------------------------------- */

/* The late-stage scheme takes over on the 75th birthday; a dependant spouse is left to NHI. */
static void turn_75(struct month_of_life *m, int32_t person, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t home = c->residents[person].household;
    const bool employed = c->residents[person].cover == COVER_EMPLOYEE;
    struct change ch = happen(c, home, person, "eligibility.late_stage", "union", day);

    ch.notified = day;
    cover_switch(c, person, COVER_LATE, 0, LOST_LATE_STAGE, ch);
    for (int32_t i = c->homes[home].first; employed && i != NONE; i = c->residents[i].next) {
        if (c->residents[i].cover != COVER_DEPENDANT)
            continue;
        cover_switch(c, i, COVER_NHI, ACQUIRED_LEFT_EMPLOYER, 0, ch);
        if (age_on(c->residents[i].birth, day) >= 65)
            cover_circumstance(c, i, CIRCUMSTANCE_FORMER_DEPENDANT, day, 1, ch);
    }
}

static void birthdays(struct month_of_life *m)
{
    struct demo_city *c = m->c;

    for (int32_t i = 0; i < c->n_residents; i++) {
        const struct resident *p = &c->residents[i];
        const struct ymd day = birthday(p->birth, 75);
        if (p->is_gone || p->cover == COVER_LATE || p->cover == COVER_ASSISTANCE ||
            ymd_month(day).n != m->month.n || ymd_compare(day, c->request.until) > 0)
            continue;
        if (ymd_compare(day, c->homes[p->household].last_day) > 0)
            turn_75(m, i, day);
    }
}

/* --- family ---------------------------------------------------------------------------------- */

static void bear(struct month_of_life *m, int32_t mother, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t home = c->residents[mother].household;
    struct change ch = happen(c, home, mother, "party.birth", "register", day);
    const int children = percent(&c->fate, 110) ? 2 : 1;

    for (int i = 0; i < children; i++) {
        const int32_t child =
            person_new(c, percent(&c->people, 4880), 0, 0, c->residents[mother].nation);
        if (child == NONE)
            return;
        const int year = 2025 + (ymd_compare(day, ymd_of(2026, 1, 1)) >= 0);
        struct resident *p = &c->residents[child];
        p->birth = day;
        p->surname = c->residents[mother].surname;
        if (p->nation == NONE)
            p->given = pick_given(&c->people, &c->book, p->is_female, year);
        person_register(c, child, ch.event, day, BY_BIRTH);
        person_enter(c, child, home, ch.event, day, 4);
        const enum cover cover =
            c->residents[mother].cover == COVER_NHI ? COVER_NHI : COVER_DEPENDANT;
        cover_begin(c, child, cover, ACQUIRED_BIRTH, ch);
    }
    if (c->residents[mother].cover == COVER_NHI)
        cover_circumstance(c, mother, CIRCUMSTANCE_MATERNITY, day, children, ch);
}

static bool lives_with_husband(const struct demo_city *c, int32_t home)
{
    for (int32_t i = c->homes[home].first; i != NONE; i = c->residents[i].next) {
        if (!c->residents[i].is_female && (c->residents[i].relation <= 2) &&
            c->residents[i].relation > 0)
            return true;
    }
    return false;
}

static bool lives_alone(const struct demo_city *c, int32_t home)
{
    const int32_t first = c->homes[home].first;
    return first != NONE && c->residents[first].next == NONE;
}

/* The one who lived alone moves in with the other and takes the name. */
static void marry(struct month_of_life *m, int32_t groom, int32_t bride)
{
    struct demo_city *c = m->c;
    const int32_t to = c->residents[groom].household, from = c->residents[bride].household;
    const struct ymd day = day_in(m, to), also = day_in(m, from);

    if (ymd_is_none(day) || ymd_is_none(also))
        return;
    const struct ymd later = ymd_compare(day, also) > 0 ? day : also;
    if (ymd_compare(c->homes[from].last_received, c->homes[to].last_received) > 0)
        c->homes[to].last_received = c->homes[from].last_received;
    struct change ch = happen(c, to, bride, "party.marriage", "register", later);
    c->homes[from].last_day = later;
    c->homes[from].last_received = ch.notified;
    cover_carry(c, bride, true, ch);
    person_leave(c, bride, ch.event, later);
    person_enter(c, bride, to, ch.event, later, 3);
    cover_carry(c, bride, false, ch);
    if (c->residents[bride].nation == NONE && c->residents[groom].nation == NONE)
        person_rename(c, bride, c->residents[groom].surname, ch.event, later);
}

static void want_to_marry(struct month_of_life *m, int32_t person)
{
    const bool female = m->c->residents[person].is_female;
    int32_t *waiting = female ? &m->bride : &m->groom, *other = female ? &m->groom : &m->bride;

    if (!lives(m->c, *other) || !lives_alone(m->c, m->c->residents[*other].household) ||
        m->c->residents[*other].household == m->c->residents[person].household) {
        *waiting = person;
        return;
    }
    marry(m, female ? *other : person, female ? person : *other);
    *waiting = *other = NONE;
}

static int32_t address_new(struct demo_city *c, int32_t home, int32_t event, struct ymd day)
{
    const int32_t other = city_place(c);
    int32_t index = NONE;

    if (other == NONE)
        return NONE;
    c->places[other] = c->places[(int32_t)prng_below(&c->fate, (uint64_t)c->n_places - 1)];
    c->homes[home].place = other;
    struct op *op = city_op(c, OP_ADDRESS, event, NONE, home, &index);
    op->kind = ADDRESS_RESIDENCE;
    op->from = day;
    op->u.address.place = other;
    op->u.address.city = NONE;
    c->homes[home].op_address = index;
    return other;
}

/* The wife leaves with the children to a household of her own; sometimes she must not be found. */
static void part(struct month_of_life *m, int32_t wife, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t from = c->residents[wife].household, to = city_home(c, KIND_SINGLE_PARENT);
    if (to == NONE)
        return;
    c->homes[to].last_received = c->homes[from].last_received;
    struct change ch = happen(c, from, wife, "party.divorce", "register", day);
    c->homes[to].last_day = day;
    c->homes[to].last_received = ch.notified;
    (void)city_op(c, OP_HOUSEHOLD, ch.event, NONE, to, NULL);
    (void)address_new(c, to, ch.event, day);
    int32_t going[16];
    int n = 0;
    for (int32_t i = c->homes[from].first; i != NONE && n < 16; i = c->residents[i].next) {
        if (i == wife || (c->residents[i].relation == 4 && age_on(c->residents[i].birth, day) < 18))
            going[n++] = i;
    }
    for (int i = 0; i < n; i++) {
        cover_carry(c, going[i], true, ch);
        person_leave(c, going[i], ch.event, day);
        person_enter(c, going[i], to, ch.event, day, going[i] == wife ? 1 : 4);
        cover_carry(c, going[i], false, ch);
        if (c->residents[going[i]].cover == COVER_DEPENDANT)
            cover_switch(c, going[i], COVER_NHI, ACQUIRED_LEFT_EMPLOYER, 0, ch);
    }
    if (percent(&c->fate, 3500)) {
        struct op *op = city_op(c, OP_PROTECTION, ch.event, wife, NONE, NULL);
        op->from = day;
        op->to = ymd_add(day, 365);
    }
}

/* --- moving ------------------------------------------------------------------------------------
 */

static void went_to(struct demo_city *c, int32_t person, int32_t event, struct ymd day,
                    enum address_kind kind, int32_t city)
{
    struct op *op = city_op(c, OP_ADDRESS, event, person, NONE, NULL);

    op->kind = (uint8_t)kind;
    op->from = day;
    op->u.address.place = (int32_t)prng_below(&c->fate, (uint64_t)c->n_places);
    op->u.address.city = city;
}

static void move_out(struct month_of_life *m, int32_t home, int32_t only, struct ymd day)
{
    struct demo_city *c = m->c;
    const int32_t city = (int32_t)prng_below(&c->fate, (uint64_t)c->book.n_cities);
    struct change ch = happen(c, home, only == NONE ? c->homes[home].head : only, "party.move_out",
                              "register", day);

    ch.same_day = percent(&c->fate, 7000);
    for (int32_t i = c->homes[home].first, next; i != NONE; i = next) {
        next = c->residents[i].next;
        if (only != NONE && i != only)
            continue;
        went_to(c, i, ch.event, day, ADDRESS_DESTINATION, city);
        go(c, i, ch, LOST_MOVE_OUT,
           c->residents[i].nation != NONE && percent(&c->fate, 3000) ? BY_LEAVING_COUNTRY
                                                                     : BY_MOVE_OUT);
    }
}

static void move_inside(struct month_of_life *m, int32_t home, struct ymd day)
{
    struct demo_city *c = m->c;
    struct change ch = happen(c, home, c->homes[home].head, "party.address", "register", day);
    int32_t old = c->homes[home].op_address;

    city_op_again(c, &old, ch.event)->to = day;
    (void)address_new(c, home, ch.event, day);
}

static void renew_stay(struct month_of_life *m, int32_t person, struct ymd day)
{
    struct demo_city *c = m->c;
    struct change ch =
        happen(c, c->residents[person].household, person, "party.stay", "register", day);
    int32_t old = c->residents[person].op_foreign, index = NONE;
    const struct op *before = &c->ops[old];
    const uint8_t kind = before->kind;

    city_op_again(c, &old, ch.event)->to = day;
    struct op *op = city_op(c, OP_FOREIGN, ch.event, person, NONE, &index);
    op->kind = kind;
    op->from = day;
    op->u.stay.until = ymd_add(day, 365 * between(&c->fate, 1, 3));
    c->residents[person].op_foreign = index;
}

static void newcomers(struct month_of_life *m)
{
    struct demo_city *c = m->c;
    static const enum archetype kinds[] = {KIND_EMPLOYEE_SINGLE, KIND_EMPLOYEE_SINGLE,
                                           KIND_EMPLOYEE_SINGLE, KIND_EMPLOYEE_COUPLE,
                                           KIND_EMPLOYEE_FAMILY, KIND_SINGLE,
                                           KIND_SINGLE,          KIND_FOREIGN_SINGLE,
                                           KIND_RETIRED_SINGLE,  KIND_FAMILY};
    const int64_t n = c->request.people * 17 / 12000 + (c->request.people < 1000);

    for (int64_t i = 0; i < n; i++) {
        const enum archetype kind = kinds[between(&c->fate, 0, 9)];
        const int32_t at = c->n_homes;
        const struct ymd end = ymd_compare(month_last(m->month), c->request.until) < 0
                                   ? month_last(m->month)
                                   : c->request.until;
        const struct ymd first = month_first(m->month);
        const struct ymd day = ymd_add(first, between(&c->fate, 0, end.day - first.day));
        struct ymd received = ymd_add(day, delay(c));
        if (ymd_compare(received, c->request.until) > 0)
            received = c->request.until;
        const int32_t event = city_event(c, &(struct happening){.kind = "party.move_in",
                                                                .source = "register",
                                                                .route = "link",
                                                                .effective = day,
                                                                .received = received,
                                                                .home = at,
                                                                .person = c->n_residents});
        if (found_home(c, kind, event, day, BY_MOVE_IN) == NONE)
            return;
        c->homes[at].last_day = day;
        c->homes[at].last_received = received;
        const int32_t city = (int32_t)prng_below(&c->fate, (uint64_t)c->book.n_cities);
        for (int32_t p = c->homes[at].first; p != NONE; p = c->residents[p].next)
            went_to(c, p, event, day, ADDRESS_FORMER, city);
    }
}

/* --- a month ------------------------------------------------------------------------------------
 */

static bool befall_worker(struct month_of_life *m, int32_t i, int age)
{
    struct demo_city *c = m->c;
    const struct resident *p = &c->residents[i];
    const int32_t home = p->household;
    void (*what)(struct month_of_life *, int32_t, struct ymd) = NULL;

    if (p->cover == COVER_EMPLOYEE && chance(c, age < 60 ? 11000 : age < 65 ? 90000 : 420000))
        what = lose_job;
    else if (p->cover == COVER_NHI && age >= 20 && age < 60 &&
             chance(c, p->nation == NONE ? 95000 : 60000))
        what = find_job;
    if (what) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            what(m, i, day);
        return true;
    }
    const bool begins = p->cover == COVER_NHI && age < 75 && chance(c, 2600);
    if (!begins && !(p->cover == COVER_ASSISTANCE && age < 75 && chance(c, 40000)))
        return false;
    const struct ymd day = day_in(m, home);
    if (!ymd_is_none(day))
        assistance(m, i, day, begins);
    return true;
}

static bool befall_person(struct month_of_life *m, int32_t i)
{
    struct demo_city *c = m->c;
    const struct resident *p = &c->residents[i];
    const int age = age_on(p->birth, month_first(m->month));
    const int32_t home = p->household;

    if (prng_chance(&c->fate, (uint32_t)death_per_million(age))) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            die(m, i, day);
        return true;
    }
    if (p->is_female && age >= 23 && age < 42 && chance(c, 75000) && lives_with_husband(c, home)) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            bear(m, i, day);
        return true;
    }
    const struct op *stay = p->op_foreign == NONE ? NULL : &c->ops[p->op_foreign];
    if (stay && !ymd_is_none(stay->u.stay.until) && ymd_month(stay->u.stay.until).n <= m->month.n) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            renew_stay(m, i, day);
        return true;
    }
    return befall_worker(m, i, age);
}

/* What a household does as a whole. */
static void befall_home(struct month_of_life *m, int32_t home)
{
    struct demo_city *c = m->c;
    const int32_t head = c->homes[home].head;
    if (head == NONE || !lives(c, head))
        return;
    const int age = age_on(c->residents[head].birth, month_first(m->month));
    const bool alone = lives_alone(c, home);

    if (chance(c, alone && age < 45 ? 85000 : age < 65 ? 17000 : 5000)) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            move_out(m, home, NONE, day);
    } else if (chance(c, 24000)) {
        const struct ymd day = day_in(m, home);
        if (!ymd_is_none(day))
            move_inside(m, home, day);
    } else if (alone && age >= 22 && age < 46 && chance(c, 45000)) {
        want_to_marry(m, head);
    } else if (!alone && age < 60 && chance(c, 6000)) {
        int32_t wife = c->homes[home].first;
        while (wife != NONE && c->residents[wife].relation != 3)
            wife = c->residents[wife].next;
        const struct ymd day = day_in(m, home);
        if (wife != NONE && !ymd_is_none(day))
            part(m, wife, day);
    }
}

static void befall(struct month_of_life *m, int32_t home)
{
    int32_t people[16];
    int n = 0;

    for (int32_t i = m->c->homes[home].first; i != NONE && n < 16; i = m->c->residents[i].next)
        people[n++] = i;
    for (int i = 0; i < n; i++) {
        if (befall_person(m, people[i]))
            return;
    }
    if (n > 0)
        befall_home(m, home);
}

/* The yearly renewal on 1 August: a new document for everybody the city knows to be insured; whose
 * notification is still under way has just been given one. */
static void renew(struct demo_city *c, struct ymd day)
{
    int32_t event = NONE, in_event = 0;

    for (int32_t i = 0; i < c->n_residents; i++) {
        struct resident *p = &c->residents[i];
        if (p->cover != COVER_NHI || p->is_gone || ymd_compare(birthday(p->birth, 75), day) <= 0 ||
            ymd_compare(c->homes[p->household].last_received, day) > 0)
            continue;
        if (event == NONE || in_event++ == 2000) {
            event = city_event(c, &(struct happening){.kind = "eligibility.renewal",
                                                      .source = "city",
                                                      .route = "job",
                                                      .effective = day,
                                                      .received = day,
                                                      .home = NONE,
                                                      .person = NONE});
            in_event = 0;
        }
        p->op_certificate = NONE;
        certificate_give(c, i, event, day);
    }
}

/* The tax office sends the year's incomes on 1 June, in slices; who comes later is sent later. */
static void send_incomes(struct demo_city *c, int year, struct ymd day)
{
    enum { SLICE = 6000 };

    for (int32_t first = 0; first < c->n_residents; first += SLICE) {
        const int32_t end = first + SLICE < c->n_residents ? first + SLICE : c->n_residents;
        (void)city_event(c, &(struct happening){.kind = "levy.income",
                                                .source = "tax",
                                                .route = "file",
                                                .effective = day,
                                                .received = day,
                                                .home = NONE,
                                                .person = NONE,
                                                .income_year = year,
                                                .first = first,
                                                .end = end});
    }
}

static void incomes_until(struct demo_city *c, struct ymd until)
{
    for (int year = 0; year < INCOME_YEARS; year++) {
        const struct ymd june = ymd_of(FIRST_INCOME_YEAR + year + 1, 6, 1);
        if (ymd_compare(june, until) <= 0)
            send_incomes(c, FIRST_INCOME_YEAR + year, june);
        send_incomes(c, FIRST_INCOME_YEAR + year, until);
    }
}

void live_until(struct demo_city *c, struct ymd until)
{
    struct month_of_life m = {c, ymd_month(c->first_day), NONE, NONE};

    for (; m.month.n <= ymd_month(until).n && !c->out_of_memory; m.month = month_add(m.month, 1)) {
        const int32_t homes = c->n_homes;
        birthdays(&m);
        for (int32_t i = 0; i < homes; i++)
            befall(&m, i);
        newcomers(&m);
        if (month_of_fiscal_year(m.month) == 3) /* July */
            renew(c, ymd_add(month_last(m.month), 1));
    }
    incomes_until(c, until);
}
