/* What is open now about people: for feeds that compare and replace. */
#include "desk/party/inner.h"

#include <string.h>

struct numbered { /* rows of the two queries by number */
    int64_t id;
    struct str no;
};

static int64_t id_of(const struct numbered *rows, size_t n, struct str no)
{
    size_t low = 0, high = n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (str_compare(rows[middle].no, no) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && str_equal(rows[low].no, no) ? rows[low].id : 0;
}

int party_ids_by_no(struct work *w, const struct str *person_nos, size_t n, int64_t *ids)
{
    const struct party_people_by_no_in in = {{person_nos, n}};
    struct party_people_by_no_list list;
    const int result = party_people_by_no(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    struct numbered *rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct numbered);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct numbered){list.rows[i].person_id, list.rows[i].number};
    for (size_t i = 0; i < n; i++)
        ids[i] = id_of(rows, list.n, person_nos[i]);
    return OK;
}

int party_household_ids_by_no(struct work *w, const struct str *household_nos, size_t n,
                              int64_t *ids)
{
    const struct party_households_by_no_in in = {{household_nos, n}};
    struct party_households_by_no_list list;
    const int result = party_households_by_no(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    struct numbered *rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct numbered);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct numbered){list.rows[i].household_id, list.rows[i].household_no};
    for (size_t i = 0; i < n; i++)
        ids[i] = id_of(rows, list.n, household_nos[i]);
    return OK;
}

/* The words of kinds are few; the facts point at constants. */
static const char *constant_of(struct str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(s, words[i]))
            return words[i];
    }
    return words[0];
}

static struct name_fact name_of(const struct party_states_rows_row *r)
{
    static const char *const kinds[] = {"real", "alias", "former", "latin"};

    return (struct name_fact){.person_id = r->person_id,
                              .kind = constant_of(r->name_kind, kinds, 4),
                              .name = r->name,
                              .kana = r->kana,
                              .is_used = true,
                              .valid = {r->name_from, YMD_NONE}};
}

static struct address_fact address_of(const struct party_states_rows_row *r)
{
    return (struct address_fact){.household_id = r->household_id,
                                 .kind = "residence",
                                 .business = STR("all"),
                                 .postal_code = r->postal_code,
                                 .city_code = r->city_code,
                                 .town_code = r->town_code,
                                 .prefecture = r->prefecture,
                                 .city = r->city,
                                 .town = r->town,
                                 .number = r->number,
                                 .building = r->building,
                                 .addressee = STR_NONE,
                                 .valid = {r->address_from, YMD_NONE}};
}

static struct party_state state_of(const struct party_states_rows_row *r)
{
    static const char *const starts[] = {"initial",  "move_in", "birth",
                                         "restored", "status",  "registered"};
    const int sex = r->sex.n == 1 ? r->sex.p[0] - '0' : 0;

    return (struct party_state){.person_id = r->person_id,
                                .identity_row = r->identity_id,
                                .name_row = r->name_id_null ? 0 : r->name_id,
                                .membership_row = r->membership_id_null ? 0 : r->membership_id,
                                .residency_row = r->residency_id_null ? 0 : r->residency_id,
                                .address_row = r->address_id_null ? 0 : r->address_id,
                                .identity = {r->person_id, r->is_corporation, r->birth_ymd,
                                             r->birth_note, (enum sex)sex, r->death_ymd},
                                .name = name_of(r),
                                .membership = {r->household_id_null ? 0 : r->household_id,
                                               r->person_id,
                                               r->relation,
                                               !r->is_head_null && r->is_head,
                                               {r->member_from, YMD_NONE}},
                                .residency = {.person_id = r->person_id,
                                              .is_resident = true,
                                              .started_by = constant_of(r->started_by, starts, 6),
                                              .valid = {r->resident_from, YMD_NONE}},
                                .address = address_of(r)};
}

int party_states(struct work *w, const int64_t *person_ids, size_t n, struct party_state *out)
{
    const struct party_states_rows_in in = {ids_of(person_ids, n), w->asof};
    struct party_states_rows_list list;
    const int result = party_states_rows(&w->cx, w->store, &in, &list);

    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct party_states_rows_row *row = FIND_PERSON(list, person_ids[i]);
        out[i] = row ? state_of(row) : (struct party_state){.person_id = 0};
    }
    return result;
}
