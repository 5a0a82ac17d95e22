/* New people and households of the register, and finding old ones. */
#include "outside/register/inner.h"

#include <string.h>

#define FULL_BLANK "\xE3\x80\x80" /* between surname and given name */

bool resident_is_here(const struct register_resident *p)
{
    return ymd_is_none(p->to);
}

bool resident_is_head(const struct register_resident *p)
{
    return str_is(p->relation, "01");
}

struct str register_keep(struct register_office *r, const char *s)
{
    return str_copy(&r->arena, str_of(s));
}

struct str resident_surname(struct str name)
{
    const struct str blank = STR(FULL_BLANK);

    for (size_t i = 0; i + blank.n <= name.n; i++) {
        if (memcmp(name.p + i, blank.p, blank.n) == 0)
            return (struct str){name.p, i};
    }
    return name;
}

/* Households are read in the order of their numbers and new ones get higher numbers: mostly a
 * search by halves; where a number grew a digit, from the newest back. */
size_t register_home_find(const struct register_office *r, struct str no)
{
    size_t low = 0;

    for (size_t high = r->n_homes; low < high;) {
        const size_t middle = low + (high - low) / 2;
        if (str_compare(r->homes[middle].no, no) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < r->n_homes && str_equal(r->homes[low].no, no))
        return low;
    for (size_t i = r->n_homes; i > 0; i--) {
        if (str_equal(r->homes[i - 1].no, no))
            return i - 1;
    }
    return NOBODY;
}

size_t resident_find(const struct register_office *r, struct str no)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_equal(r->people[i].person_no, no))
            return i;
    }
    return NOBODY;
}

struct members register_members(const struct register_office *r, struct str household_no)
{
    struct members m = {.n = 0};

    for (size_t i = 0; i < r->n && m.n < HOME_MOST; i++) {
        if (!resident_is_here(&r->people[i]) || !str_equal(r->people[i].household_no, household_no))
            continue;
        m.who[m.n++] = i;
        if (resident_is_head(&r->people[i])) {
            m.who[m.n - 1] = m.who[0];
            m.who[0] = i;
        }
    }
    return m;
}

/* --- room ----------------------------------------------------------------------------------------
 */

static bool people_room(struct register_office *r)
{
    if (r->n < r->cap)
        return true;
    const size_t cap = r->cap ? r->cap * 2 : 4096;
    struct register_resident *people = arena_array(&r->arena, cap, sizeof(*people));
    bool *changed = arena_array(&r->arena, cap, sizeof(*changed));
    if (!people || !changed)
        return false;
    if (r->n) {
        memcpy(people, r->people, r->n * sizeof(*people));
        memcpy(changed, r->is_changed, r->n * sizeof(*changed));
    }
    r->people = people;
    r->is_changed = changed;
    r->cap = cap;
    return true;
}

static bool homes_room(struct register_office *r)
{
    if (r->n_homes < r->cap_homes)
        return true;
    const size_t cap = r->cap_homes ? r->cap_homes * 2 : 2048;
    struct home *homes = arena_array(&r->arena, cap, sizeof(*homes));
    if (!homes)
        return false;
    if (r->n_homes)
        memcpy(homes, r->homes, r->n_homes * sizeof(*homes));
    r->homes = homes;
    r->cap_homes = cap;
    return true;
}

/* --- households
 * ------------------------------------------------------------------------------------ */

static struct str number_text(struct register_office *r, int64_t n, int digits)
{
    return str_format(&r->arena, "%0*lld", digits, (long long)n);
}

/* Another place to live. */
void register_home_settle(struct register_office *r, size_t home)
{
    struct home *h = &r->homes[home];
    const struct str *town = draw_word(r, &r->names.towns);
    int64_t chome = 0;

    (void)str_to_int(town[2], &chome);
    const int32_t part = chome > 0 ? draw_between(r, 1, (int32_t)chome) : 0;
    h->town = town[0];
    h->postal_code = town[5];
    h->town_code = str_format(&r->arena, STR_FMT "%03d", STR_ARG(town[6]), part);
    h->number =
        part ? str_format(&r->arena, "%d-%d-%d", part, draw_between(r, 1, 38),
                          draw_between(r, 1, 26))
             : str_format(&r->arena, "%d-%d", draw_between(r, 1, 2900), draw_between(r, 1, 14));
    h->building = STR("");
    const struct str building = draw_word(r, &r->names.buildings)[0];
    if (draw_one_in(r, 2))
        h->building = str_format(&r->arena, STR_FMT "%d", STR_ARG(building),
                                 draw_between(r, 1, 9) * 100 + draw_between(r, 1, 12));
    h->is_changed = true;
}

size_t register_home_new(struct register_office *r, struct ymd day)
{
    if (!homes_room(r))
        return NOBODY;
    const size_t i = r->n_homes++;
    struct home *h = &r->homes[i];
    const struct home *like = &r->homes[0];
    *h = (struct home){.no = number_text(r, r->next_household++, 9),
                       .city_code = like->city_code,
                       .prefecture = like->prefecture,
                       .city = like->city,
                       .last = day};
    register_home_settle(r, i);
    return h->no.p ? i : NOBODY;
}

/* --- people
 * ----------------------------------------------------------------------------------------- */

/* A given name of somebody of that sex; the lists name the birth year from which it is given. */
static const struct str *given_name(struct register_office *r, bool is_female, int birth_year)
{
    const struct words *w = &r->names.given;

    for (;;) {
        const struct str *row = draw_word(r, w);
        int64_t since = 0;
        if (str_is(row[0], is_female ? "f" : "m") && str_to_int(row[1], &since) &&
            since <= birth_year)
            return row;
    }
}

static void name_japanese(struct register_office *r, struct register_resident *p,
                          const struct newcomer *n)
{
    int year, month, day;
    ymd_split(p->birth, &year, &month, &day);
    const struct str *given = given_name(r, n->is_female, year);
    const struct str *own = draw_word(r, &r->names.surnames);
    const struct str surname = n->surname.p ? n->surname : own[0];
    const struct str kana = n->surname.p ? n->surname_kana : own[1];

    p->name =
        str_format(&r->arena, STR_FMT FULL_BLANK STR_FMT, STR_ARG(surname), STR_ARG(given[2]));
    p->kana = str_format(&r->arena, STR_FMT FULL_BLANK STR_FMT, STR_ARG(kana), STR_ARG(given[3]));
    p->real_name = p->nationality = p->stay_status = STR("");
    p->stay_until = YMD_NONE;
}

static const struct str *foreign_row(struct register_office *r, struct str nation, const char *part)
{
    for (;;) {
        const struct str *row = draw_word(r, &r->names.foreign);
        if (str_is(row[2], part) && (nation.n == 0 || str_equal(row[0], nation)))
            return row;
    }
}

static void name_foreign(struct register_office *r, struct register_resident *p,
                         const struct newcomer *n)
{
    const struct str *surname = foreign_row(r, STR(""), "s");
    const struct str *given = foreign_row(r, surname[0], n->is_female ? "f" : "m");

    p->nationality = surname[0];
    p->name = str_format(&r->arena, STR_FMT " " STR_FMT, STR_ARG(surname[4]), STR_ARG(given[4]));
    p->kana =
        str_format(&r->arena, STR_FMT FULL_BLANK STR_FMT, STR_ARG(surname[5]), STR_ARG(given[5]));
    p->real_name = STR("");
    p->stay_status = r->names.stays.rows[draw_between(r, 1, (int32_t)r->names.stays.n - 1)][0];
    p->stay_until = ymd_add(r->today, draw_between(r, 300, 1100));
}

size_t resident_new(struct register_office *r, size_t home, const struct newcomer *n,
                    struct ymd from)
{
    if (!people_room(r))
        return NOBODY;
    const size_t i = r->n++;
    struct register_resident *p = &r->people[i];
    const int32_t days = draw_between(r, n->low_age * 365, n->high_age * 365 + 300);

    *p = (struct register_resident){.person_no = number_text(r, r->next_person++, 10),
                                    .household_no = r->homes[home].no,
                                    .relation = str_of(n->relation),
                                    .birth = ymd_add(from, n->high_age ? -days : 0),
                                    .sex = n->is_female ? STR("2") : STR("1"),
                                    .death = YMD_NONE,
                                    .from = from,
                                    .to = YMD_NONE,
                                    .ended_by = STR("")};
    r->is_changed[i] = true;
    if (n->is_foreign)
        name_foreign(r, p, n);
    else
        name_japanese(r, p, n);
    return p->name.p && p->kana.p && p->person_no.p ? i : NOBODY;
}
