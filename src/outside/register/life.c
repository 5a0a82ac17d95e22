/* A day of the register: who comes, who is born, who goes, who dies. */
#include "outside/register/inner.h"

enum { LATE_DAYS = 13, YEAR_OF_THOUSAND = 365000 };

struct ymd register_recent_day(struct register_office *r, const struct home *h, int32_t back)
{
    struct ymd day = ymd_add(r->today, -draw_between(r, 0, back));

    if (ymd_compare(day, h->last) <= 0)
        day = ymd_add(h->last, 1);
    return ymd_compare(day, r->today) > 0 ? YMD_NONE : day;
}

/* How often something happens today that happens so many times a year per thousand residents. */
static int32_t times(struct register_office *r, size_t here, int32_t per_thousand)
{
    const uint64_t all = (uint64_t)here * (uint64_t)per_thousand * (uint64_t)r->pace;
    const uint64_t rest = all % YEAR_OF_THOUSAND;

    return (int32_t)(all / YEAR_OF_THOUSAND) + (prng_below(&r->prng, YEAR_OF_THOUSAND) < rest);
}

static size_t pick_person(struct register_office *r, const char *sex, int low, int high)
{
    for (int tries = 0; tries < 200; tries++) {
        const size_t i = (size_t)prng_below(&r->prng, r->n);
        const struct register_resident *p = &r->people[i];
        const int age = age_on(p->birth, r->today);
        if (resident_is_here(p) && age >= low && age <= high && (!sex || str_is(p->sex, sex)))
            return i;
    }
    return NOBODY;
}

/* --- coming
 * --------------------------------------------------------------------------------------- */

static int come(struct register_office *r, size_t home, const struct newcomer *n,
                const struct change *c)
{
    struct change one = *c;

    one.person = resident_new(r, home, n, c->day);
    return one.person == NOBODY ? register_no_memory(r) : register_record(r, &one);
}

static int family_comes(struct register_office *r, size_t home, const struct change *c)
{
    const struct str *own = draw_word(r, &r->names.surnames);
    struct newcomer n = {
        .low_age = 26, .high_age = 55, .surname = own[0], .surname_kana = own[1], .relation = "01"};
    const int32_t children = draw_between(r, 0, 2);
    int result = come(r, home, &n, c);

    n.is_female = true;
    n.relation = "03";
    if (result >= 0)
        result = come(r, home, &n, c);
    n.relation = "04";
    n.low_age = 1;
    n.high_age = 15;
    for (int32_t i = 0; i < children && result >= 0; i++) {
        n.is_female = draw_one_in(r, 2);
        result = come(r, home, &n, c);
    }
    return result;
}

static int move_in(struct register_office *r)
{
    const struct home nowhere = {.last = ymd_add(r->today, -60)};
    const struct ymd day = register_recent_day(r, &nowhere, LATE_DAYS);
    const bool is_foreign = draw_one_in(r, 6), is_status = is_foreign && draw_one_in(r, 5);
    const bool is_family = !is_foreign && draw_one_in(r, 3);
    const size_t home = register_home_new(r, day);
    const struct change c = {.kind = is_status ? "status" : "move_in",
                             .day = day,
                             .effect = day,
                             .before = STR(""),
                             .is_single = !is_family && !is_status,
                             .other = is_foreign ? NULL : draw_word(r, &r->names.cities)};

    if (home == NOBODY)
        return register_no_memory(r);
    if (is_family)
        return family_comes(r, home, &c);
    const struct newcomer n = {.is_female = draw_one_in(r, 2),
                               .is_foreign = is_foreign,
                               .low_age = 18,
                               .high_age = is_foreign ? 45 : 79,
                               .relation = "01"};
    return come(r, home, &n, &c);
}

static int birth(struct register_office *r)
{
    const size_t mother = pick_person(r, "2", 20, 42);
    if (mother == NOBODY)
        return OK;
    const struct register_resident *p = &r->people[mother];
    const size_t home = register_home_find(r, p->household_no);
    const struct ymd day = register_recent_day(r, &r->homes[home], LATE_DAYS);
    if (ymd_is_none(day))
        return OK;
    const struct newcomer n = {.is_female = draw_one_in(r, 2),
                               .surname = resident_surname(p->name),
                               .surname_kana = resident_surname(p->kana),
                               .relation = str_is(p->relation, "04") ? "07" : "04"};
    const struct change c = {.kind = "birth", .day = day, .effect = day, .before = STR("")};
    return come(r, home, &n, &c);
}

/* --- going
 * ------------------------------------------------------------------------------------------ */

static int go(struct register_office *r, const struct change *c)
{
    struct register_resident *p = &r->people[c->person];
    struct change one = *c;

    one.effect = c->is_same_day ? c->day : ymd_add(c->day, 1);
    one.before = p->household_no;
    one.goes = true;
    p->to = one.effect;
    p->ended_by = str_of(c->kind);
    return register_record(r, &one);
}

static int die(struct register_office *r, size_t person)
{
    struct register_resident *p = &r->people[person];
    const struct home *h = &r->homes[register_home_find(r, p->household_no)];
    const struct ymd latest = register_recent_day(r, h, 6);
    const struct members m = register_members(r, p->household_no);

    if (ymd_is_none(latest) || ymd_compare(ymd_add(latest, -1), h->last) <= 0)
        return OK;
    const struct ymd day = ymd_add(latest, -1);
    p->death = day;
    const struct change c = {.kind = "death", .person = person, .day = day, .is_single = m.n == 1};
    const int result = go(r, &c);
    return result < 0 || m.n == 1 ? result
                                  : register_head_pass_on(r, p->household_no, ymd_add(day, 1));
}

static uint64_t death_per_million(int age)
{
    static const struct {
        int below;
        uint64_t rate;
    } rates[] = {{40, 400}, {60, 2500}, {70, 8000}, {80, 20000}, {90, 65000}};

    for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
        if (age < rates[i].below)
            return rates[i].rate;
    }
    return 180000;
}

static int deaths(struct register_office *r)
{
    int result = OK;

    for (size_t i = 0; i < r->n && result >= 0; i++) {
        const struct register_resident *p = &r->people[i];
        if (resident_is_here(p) &&
            prng_below(&r->prng, UINT64_C(365000000)) <
                death_per_million(age_on(p->birth, r->today)) * (uint64_t)r->pace)
            result = die(r, i);
    }
    return result;
}

static int household_goes(struct register_office *r, const struct members *m,
                          const struct change *like)
{
    int result = OK;

    for (size_t i = 0; i < m->n && result >= 0; i++) {
        struct change c = *like;
        c.person = m->who[i];
        c.is_single = m->n == 1;
        result = go(r, &c);
    }
    return result;
}

static int move_out(struct register_office *r)
{
    const size_t person = pick_person(r, NULL, 18, 70);
    if (person == NOBODY)
        return OK;
    const struct register_resident *p = &r->people[person];
    const struct home *h = &r->homes[register_home_find(r, p->household_no)];
    struct members m = register_members(r, p->household_no);
    struct ymd day = register_recent_day(r, h, 5);
    if (ymd_is_none(day) || ymd_compare(ymd_add(day, 1), r->today) > 0)
        return OK;
    const bool abroad = p->nationality.n > 0 && draw_one_in(r, 3);
    const bool removed = m.n == 1 && draw_one_in(r, 12);
    if (str_is(p->relation, "04")) { /* a grown child leaves by itself */
        m.who[0] = person;
        m.n = 1;
    }
    const struct change c = {.kind = removed  ? "ex_officio"
                                     : abroad ? "left_country"
                                              : "move_out",
                             .day = day,
                             .is_same_day = !removed && !abroad && !draw_one_in(r, 3),
                             .other = removed || abroad ? NULL : draw_word(r, &r->names.cities)};
    return household_goes(r, &m, &c);
}

/* --- the day
 * ------------------------------------------------------------------------------------------ */

static int repeat(struct register_office *r, int32_t n, int (*fn)(struct register_office *))
{
    int result = OK;
    for (int32_t i = 0; i < n && result >= 0; i++)
        result = fn(r);
    return result;
}

int register_live_day(struct register_office *r)
{
    size_t here = 0;

    for (size_t i = 0; i < r->n; i++)
        here += resident_is_here(&r->people[i]);
    if (here == 0)
        return OK;
    int result = repeat(r, times(r, here, 26), move_in);
    if (result >= 0)
        result = repeat(r, times(r, here, 10), birth);
    if (result >= 0)
        result = repeat(r, times(r, here, 20), move_out);
    if (result >= 0)
        result = deaths(r);
    if (result >= 0)
        result = repeat(r, times(r, here, 70), register_ties_day);
    return result < 0 ? result : repeat(r, times(r, here, 12), register_second_thoughts);
}
