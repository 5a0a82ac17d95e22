/* Changes inside the city: marriages, divorces, grown children, heads, addresses, permission to
 * stay; and what the register got wrong at first. */
#include "outside/register/inner.h"

static size_t some_person(struct register_office *r)
{
    for (int tries = 0; tries < 200; tries++) {
        const size_t i = (size_t)prng_below(&r->prng, r->n);
        if (resident_is_here(&r->people[i]))
            return i;
    }
    return NOBODY;
}

static struct home *home_of(struct register_office *r, size_t person)
{
    return &r->homes[register_home_find(r, r->people[person].household_no)];
}

static bool is_age(const struct register_office *r, size_t person, int low, int high)
{
    const int age = age_on(r->people[person].birth, r->today);
    return age >= low && age <= high;
}

/* --- who is head ---------------------------------------------------------------------------------
 */

static size_t next_head(const struct register_office *r, const struct members *m)
{
    size_t best = NOBODY;

    for (size_t i = 0; i < m->n; i++) {
        const struct register_resident *p = &r->people[m->who[i]];
        if (str_is(p->relation, "02") || str_is(p->relation, "03"))
            return m->who[i];
        if (best == NOBODY || ymd_compare(p->birth, r->people[best].birth) < 0)
            best = m->who[i];
    }
    return best;
}

/* What somebody who was `was` to the old head is to the new one. */
static const char *relation_after(struct str was, struct str head_was)
{
    const bool head_was_spouse = str_is(head_was, "02") || str_is(head_was, "03");

    if (head_was_spouse)
        return str_is(was, "04") ? "04" : str_is(was, "07") ? "07" : "99";
    if (str_is(head_was, "04") && str_is(was, "04"))
        return "08";
    return "99";
}

static int relate(struct register_office *r, size_t person, const char *relation, struct ymd day)
{
    struct register_resident *p = &r->people[person];
    const bool is_new_head = str_is(str_of(relation), "01");

    if (str_is(p->relation, relation))
        return OK;
    p->relation = str_of(relation);
    const struct change c = {.kind = is_new_head ? "head" : "relation",
                             .person = person,
                             .day = day,
                             .effect = day,
                             .before = p->household_no};
    return register_record(r, &c);
}

int register_head_pass_on(struct register_office *r, struct str household_no, struct ymd day)
{
    const struct members m = register_members(r, household_no);

    if (m.n == 0 || resident_is_head(&r->people[m.who[0]]))
        return OK;
    const size_t head = next_head(r, &m);
    const struct str was = r->people[head].relation;
    int result = relate(r, head, "01", day);
    for (size_t i = 0; i < m.n && result >= 0; i++) {
        if (m.who[i] != head)
            result = relate(r, m.who[i], relation_after(r->people[m.who[i]].relation, was), day);
    }
    return result;
}

/* An old head hands over to a grown child; he becomes father or mother. */
static int hand_over(struct register_office *r, size_t head)
{
    const struct members m = register_members(r, r->people[head].household_no);
    const struct ymd day = register_recent_day(r, home_of(r, head), 3);
    size_t child = NOBODY;

    for (size_t i = 0; i < m.n; i++) {
        if (str_is(r->people[m.who[i]].relation, "04") && is_age(r, m.who[i], 30, 70))
            child = m.who[i];
    }
    if (child == NOBODY || ymd_is_none(day) || !is_age(r, head, 70, 120))
        return OK;
    int result = relate(r, child, "01", day);
    for (size_t i = 0; i < m.n && result >= 0; i++) {
        const struct str was = r->people[m.who[i]].relation;
        const bool parent = m.who[i] == head || str_is(was, "02") || str_is(was, "03");
        if (m.who[i] == child)
            continue;
        result = relate(r, m.who[i],
                        parent              ? str_is(r->people[m.who[i]].sex, "1") ? "05" : "06"
                        : str_is(was, "04") ? "08"
                                            : "99",
                        day);
    }
    return result;
}

/* --- moving between households
 * ---------------------------------------------------------------------- */

static int change_home(struct register_office *r, size_t person, size_t home, const char *relation,
                       struct change c)
{
    struct register_resident *p = &r->people[person];
    struct home *left = home_of(r, person);

    c.person = person;
    c.before = p->household_no;
    left->last = c.effect;
    left->is_changed = true;
    p->household_no = r->homes[home].no;
    p->relation = str_of(relation);
    return register_record(r, &c);
}

static int rename_wife(struct register_office *r, size_t wife, size_t husband, struct ymd day)
{
    struct register_resident *p = &r->people[wife];
    const struct register_resident *h = &r->people[husband];
    const struct str old = resident_surname(p->name), old_kana = resident_surname(p->kana);
    const struct str surname = resident_surname(h->name), kana = resident_surname(h->kana);

    if (p->nationality.n || h->nationality.n || surname.n == h->name.n || old.n == p->name.n)
        return OK;
    p->name = str_format(&r->arena, STR_FMT "%.*s", STR_ARG(surname), (int)(p->name.n - old.n),
                         p->name.p + old.n);
    p->kana = str_format(&r->arena, STR_FMT "%.*s", STR_ARG(kana), (int)(p->kana.n - old_kana.n),
                         p->kana.p + old_kana.n);
    if (!p->name.p || !p->kana.p)
        return register_no_memory(r);
    const struct change c = {
        .kind = "name", .person = wife, .day = day, .effect = day, .before = p->household_no};
    return register_record(r, &c);
}

static struct ymd later_day(struct ymd a, struct ymd b)
{
    return ymd_is_none(a) || ymd_is_none(b) ? YMD_NONE : ymd_compare(a, b) > 0 ? a : b;
}

static bool may_marry(const struct register_office *r, size_t person, const char *sex)
{
    const struct register_resident *p = &r->people[person];
    const bool alone = register_members(r, p->household_no).n == 1;

    return is_age(r, person, 20, 50) && str_is(p->sex, sex) &&
           (alone || (sex[0] == '2' && str_is(p->relation, "04")));
}

static size_t some_bride(struct register_office *r)
{
    for (int tries = 0; tries < 40; tries++) {
        const size_t i = some_person(r);
        if (i == NOBODY || may_marry(r, i, "2"))
            return i;
    }
    return NOBODY;
}

/* She moves in with him and, where both are Japanese, takes his name. */
static int marry(struct register_office *r, size_t groom)
{
    const size_t bride = may_marry(r, groom, "1") ? some_bride(r) : NOBODY;

    if (bride == NOBODY)
        return OK;
    const size_t home = register_home_find(r, r->people[groom].household_no);
    const struct ymd day = later_day(register_recent_day(r, &r->homes[home], 4),
                                     register_recent_day(r, home_of(r, bride), 4));
    if (ymd_is_none(day))
        return OK;
    const bool alone = resident_is_head(&r->people[bride]);
    const struct change c = {.kind = alone ? "merge" : "moved", .day = day, .effect = day};
    const int result = change_home(r, bride, home, "03", c);
    return result < 0 ? result : rename_wife(r, bride, groom, day);
}

/* The wife takes the children under age with her. */
static int divorce(struct register_office *r, size_t wife)
{
    const struct members m = register_members(r, r->people[wife].household_no);
    const struct ymd day = register_recent_day(r, home_of(r, wife), 5);

    if (!str_is(r->people[wife].relation, "03") || ymd_is_none(day) || !is_age(r, wife, 22, 60))
        return OK;
    const size_t home = register_home_new(r, day);
    const struct change c = {.kind = "split", .day = day, .effect = day};
    if (home == NOBODY)
        return register_no_memory(r);
    int result = change_home(r, wife, home, "01", c);
    for (size_t i = 0; i < m.n && result >= 0; i++) {
        if (str_is(r->people[m.who[i]].relation, "04") && is_age(r, m.who[i], 0, 17))
            result = change_home(r, m.who[i], home, "04", c);
    }
    return result;
}

static int move_away(struct register_office *r, size_t child)
{
    const struct ymd day = register_recent_day(r, home_of(r, child), 8);

    if (ymd_is_none(day) || !is_age(r, child, 20, 60))
        return OK;
    const size_t home = register_home_new(r, day);
    const struct change c = {.kind = "split", .day = day, .effect = day};
    return home == NOBODY ? register_no_memory(r) : change_home(r, child, home, "01", c);
}

static int move_house(struct register_office *r, size_t person)
{
    const struct members m = register_members(r, r->people[person].household_no);
    const struct ymd day = register_recent_day(r, home_of(r, person), 10);
    int result = OK;

    if (ymd_is_none(day))
        return OK;
    register_home_settle(r, register_home_find(r, r->people[person].household_no));
    for (size_t i = 0; i < m.n && result >= 0; i++) {
        const struct change c = {.kind = "moved",
                                 .person = m.who[i],
                                 .day = day,
                                 .effect = day,
                                 .before = r->people[m.who[i]].household_no};
        result = register_record(r, &c);
    }
    return result;
}

/* --- foreign residents
 * --------------------------------------------------------------------------------- */

static int renew_stay(struct register_office *r, size_t person)
{
    struct register_resident *p = &r->people[person];
    const struct ymd day = register_recent_day(r, home_of(r, person), 2);

    if (ymd_is_none(day) || ymd_is_none(p->stay_until))
        return OK;
    const bool becomes_japanese = draw_one_in(r, 25);
    p->stay_until =
        becomes_japanese ? YMD_NONE : ymd_add(p->stay_until, draw_one_in(r, 2) ? 365 : 3 * 365);
    if (becomes_japanese)
        p->nationality = p->stay_status = STR("");
    const struct change c = {.kind = becomes_japanese ? "nationality" : "stay",
                             .person = person,
                             .day = day,
                             .effect = day,
                             .before = p->household_no};
    return register_record(r, &c);
}

int register_ties_day(struct register_office *r)
{
    const size_t person = some_person(r);

    if (person == NOBODY)
        return OK;
    const struct register_resident *p = &r->people[person];
    if (p->nationality.n && !draw_one_in(r, 4))
        return renew_stay(r, person);
    if (str_is(p->relation, "04"))
        return draw_one_in(r, 2) ? move_away(r, person) : OK;
    if (str_is(p->relation, "03") && draw_one_in(r, 5))
        return divorce(r, person);
    if (resident_is_head(p) && is_age(r, person, 70, 120) && draw_one_in(r, 2))
        return hand_over(r, person);
    if (resident_is_head(p) && may_marry(r, person, "1") && !draw_one_in(r, 3))
        return marry(r, person);
    return draw_one_in(r, 2) ? move_house(r, person) : OK;
}

/* --- second thoughts: corrections, cancellations, restorations
 * ------------------------------------------- */

typedef int second_fn(struct register_office *r, size_t person, struct change c,
                      const struct register_db_changes_to_settle_row *row);

static int settle(struct register_office *r, const char *kind, int32_t oldest, second_fn *fn)
{
    const struct register_db_changes_to_settle_in in = {str_of(kind), ymd_add(r->today, -oldest),
                                                        ymd_add(r->today, -3)};
    struct register_db_changes_to_settle_list list;
    int result = register_db_changes_to_settle(&r->cx, r->store, &in, &list);

    if (result < 0 || list.n == 0)
        return result;
    const struct register_db_changes_to_settle_row *row = &list.rows[prng_below(&r->prng, list.n)];
    const size_t person = resident_find(r, row->person_no);
    const struct change c = {.person = person, .corrects = row->sequence};
    if (person == NOBODY || ymd_compare(home_of(r, person)->last, row->effect_ymd) != 0)
        return OK; /* life went on */
    result = fn(r, person, c, row);
    return result < 0
               ? result
               : register_db_change_settle(&r->cx, r->store,
                                           &(struct register_db_change_settle_in){row->sequence});
}

/* He had moved in some days earlier than he said. */
static int correct_coming(struct register_office *r, size_t person, struct change c,
                          const struct register_db_changes_to_settle_row *row)
{
    struct register_resident *p = &r->people[person];

    if (!resident_is_here(p))
        return OK;
    c.kind = "correction";
    c.day = c.effect = ymd_add(row->change_ymd, -draw_between(r, 1, 3));
    c.before = STR("");
    p->from = c.day;
    return register_record(r, &c);
}

/* He had gone, or died, a day earlier. */
static int correct_going(struct register_office *r, size_t person, struct change c,
                         const struct register_db_changes_to_settle_row *row)
{
    struct register_resident *p = &r->people[person];
    const bool is_death = str_is(p->ended_by, "death");

    c.day = ymd_add(row->change_ymd, -1);
    c.effect = ymd_add(row->effect_ymd, -1);
    if (resident_is_here(p) || ymd_compare(c.day, p->from) <= 0)
        return OK;
    c.kind = "correction";
    c.before = p->household_no;
    c.goes = true;
    p->to = c.effect;
    if (is_death)
        p->death = c.day;
    return register_record(r, &c);
}

/* He stayed after all. */
static int take_back(struct register_office *r, size_t person, struct change c,
                     const struct register_db_changes_to_settle_row *row)
{
    struct register_resident *p = &r->people[person];
    const bool removed = str_is(p->ended_by, "ex_officio");

    if (resident_is_here(p))
        return OK;
    c.kind = removed ? "restored" : "cancel";
    c.corrects = removed ? 0 : row->sequence;
    c.day = removed ? row->effect_ymd : row->change_ymd;
    c.effect = row->effect_ymd;
    c.before = p->household_no;
    p->to = YMD_NONE;
    p->ended_by = STR("");
    return register_record(r, &c);
}

int register_second_thoughts(struct register_office *r)
{
    switch (prng_below(&r->prng, 6)) {
    case 0:
    case 1:
        return settle(r, "move_in", 30, correct_coming);
    case 2:
        return settle(r, "death", 20, correct_going);
    case 3:
        return settle(r, "move_out", 20, correct_going);
    case 4:
        return settle(r, "move_out", 20, take_back);
    default:
        return settle(r, "ex_officio", 60, take_back);
    }
}
