/* People as a clerk may see them. */
#include "desk/party/inner.h"

#include <string.h>

const void *find_person(const void *rows, size_t n, size_t size, int64_t person_id)
{
    size_t low = 0, high = n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (*(const int64_t *)((const char *)rows + middle * size) < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    const char *at = (const char *)rows + low * size;
    return low < n && *(const int64_t *)at == person_id ? at : NULL;
}

struct store_id_list ids_of(const int64_t *ids, size_t n)
{
    return (struct store_id_list){ids, n};
}

const char *relation_message(struct str relation)
{
    static const struct {
        const char *code, *message;
    } relations[] = {{"01", "party.relation.01"}, {"02", "party.relation.02"},
                     {"03", "party.relation.03"}, {"04", "party.relation.04"},
                     {"05", "party.relation.05"}, {"06", "party.relation.06"},
                     {"07", "party.relation.07"}, {"08", "party.relation.08"}};

    for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
        if (str_is(relation, relations[i].code))
            return relations[i].message;
    }
    return "party.relation.99";
}

static enum sex sex_of(struct str s)
{
    return str_is(s, "1") ? SEX_MALE : str_is(s, "2") ? SEX_FEMALE : SEX_UNKNOWN;
}

/* City, town, number and building in one line; the prefecture is left to letters. */
static struct str address_line(struct arena *a, const struct party_people_rows_row *r)
{
    if (!r->city.p)
        return STR("");
    return str_format(a, STR_FMT STR_FMT STR_FMT "%s" STR_FMT, STR_ARG(r->city), STR_ARG(r->town),
                      STR_ARG(r->number), r->building.p && r->building.n ? " " : "",
                      STR_ARG(r->building));
}

static void fill_name(struct person *p, const struct party_people_rows_row *r)
{
    p->person_no = r->person_no;
    p->name = r->name.p ? r->name : STR("");
    p->kana = r->kana.p ? r->kana : STR("");
    p->name_kind = r->name_kind.p ? r->name_kind : STR("");
    p->real_name = r->real_name.p ? r->real_name : STR("");
}

static void fill_person(struct work *w, struct person *p, const struct party_people_rows_row *r)
{
    *p = (struct person){.person_id = r->person_id,
                         .birth = r->birth_ymd,
                         .sex = sex_of(r->sex),
                         .death = r->death_ymd,
                         .is_protected = r->is_protected,
                         .stay_until = r->stay_until,
                         .ended_by = STR("")};
    fill_name(p, r);
    p->is_resident = str_is(r->residency_kind, "resident");
    p->is_nonresident = str_is(r->residency_kind, "nonresident");
    p->is_foreign = r->nationality.p != NULL;
    p->nationality = r->nationality.p ? r->nationality : STR("");
    p->stay_status = r->stay_status.p ? r->stay_status : STR("");
    p->household_id = r->household_id_null ? 0 : r->household_id;
    p->household_no = r->household_no.p ? r->household_no : STR("");
    p->head_name = r->head_name.p ? r->head_name : STR("");
    p->relation = r->relation.p ? r->relation : STR("");
    p->is_head = !r->is_head_null && r->is_head;
    p->address = p->is_protected ? STR("") : address_line(w->cx.arena, r);
    p->postal_code = p->is_protected || !r->postal_code.p ? STR("") : r->postal_code;
}

/* --- those who are not there on the day --------------------------------------------------- */

struct left { /* people without a residency, a household or a name on the day */
    int64_t *ids;
    size_t n;
};

static int find_left(struct work *w, const struct person_list *people, struct left *out)
{
    *out = (struct left){ARENA_ARRAY(w->cx.arena, people->n + 1, int64_t), 0};
    if (!out->ids)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < people->n; i++) {
        const struct person *p = &people->rows[i];
        if (p->household_id == 0 || p->name.n == 0 || (!p->is_resident && !p->is_nonresident))
            out->ids[out->n++] = p->person_id;
    }
    return OK;
}

static void fill_last(struct person *p, const struct party_last_facts_row *stay,
                      const struct party_last_facts_row *residency,
                      const struct party_last_facts_row *name)
{
    if (stay && p->household_id == 0) {
        p->household_id = stay->household_id;
        p->household_no = stay->household_no;
        p->relation = stay->relation;
        p->is_head = stay->is_head != 0;
    }
    if (residency && !p->is_resident && !p->is_nonresident && residency->ended_by.p)
        p->ended_by = residency->ended_by;
    if (name && p->name.n == 0) {
        p->name = name->name;
        p->kana = name->kana.p ? name->kana : STR("");
        p->name_kind = name->name_kind;
    }
}

enum last_part { LAST_STAY = 1, LAST_RESIDENCY, LAST_NAME };

/* The rows of one part; they stand together, parts in order. */
static struct party_last_facts_list last_part(const struct party_last_facts_list *all,
                                              enum last_part part)
{
    struct party_last_facts_list out = {0};

    for (size_t i = 0; i < all->n; i++) {
        if (all->rows[i].part != part)
            continue;
        out.rows = out.n ? out.rows : &all->rows[i];
        out.n++;
    }
    return out;
}

/* Where they lived last and why they are gone: one statement, only when somebody is gone. */
static int complete_left(struct work *w, struct person_list *people)
{
    struct left left;
    struct party_last_facts_list all;
    int result = find_left(w, people, &left);

    if (result < 0 || left.n == 0)
        return result;
    const struct party_last_facts_in in = {ids_of(left.ids, left.n), w->asof.known};
    result = party_last_facts(&w->cx, w->store, &in, &all);
    if (result < 0)
        return result;
    const struct party_last_facts_list stays = last_part(&all, LAST_STAY);
    const struct party_last_facts_list residencies = last_part(&all, LAST_RESIDENCY);
    const struct party_last_facts_list names = last_part(&all, LAST_NAME);
    for (size_t i = 0; i < people->n; i++) {
        const int64_t id = people->rows[i].person_id;
        fill_last(&people->rows[i], FIND_PERSON(stays, id), FIND_PERSON(residencies, id),
                  FIND_PERSON(names, id));
    }
    return OK;
}

/* A look at another day or an earlier state of knowledge does not lift today's protection. */
static int protect_as_of_today(struct work *w, const int64_t *ids, size_t n,
                               struct person_list *people)
{
    struct party_protected_people_list list;

    if (ymd_compare(w->asof.valid, w->today) == 0 && w->asof.known == KNOWN_NOW)
        return OK; /* the row has it */
    const struct party_protected_people_in in = {ids_of(ids, n), {w->today, KNOWN_NOW}};
    const int result = party_protected_people(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < people->n && result >= 0; i++) {
        struct person *p = &people->rows[i];
        if (!FIND_PERSON(list, p->person_id))
            continue;
        p->is_protected = true;
        p->address = p->postal_code = STR("");
    }
    return result;
}

int party_people(struct work *w, const int64_t *person_ids, size_t n, struct person_list *out)
{
    const struct party_people_rows_in in = {ids_of(person_ids, n), w->asof};
    struct party_people_rows_list list;

    *out = (struct person_list){NULL, 0};
    if (n == 0)
        return OK;
    int result = party_people_rows(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, n, struct person);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < n; i++) {
        const struct party_people_rows_row *row = FIND_PERSON(list, person_ids[i]);
        if (row)
            fill_person(w, &out->rows[out->n++], row);
    }
    result = protect_as_of_today(w, person_ids, n, out);
    return result < 0 ? result : complete_left(w, out);
}

int party_person(struct work *w, int64_t person_id, struct person *out)
{
    struct person_list list;
    const int result = party_people(w, &person_id, 1, &list);

    if (result < 0)
        return result;
    if (list.n == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    *out = list.rows[0];
    return OK;
}

int party_person_by_no(struct work *w, struct str person_no, int64_t *person_id)
{
    const struct party_person_with_number_in in = {person_no, STR("addressee")};
    struct party_person_with_number_list list;
    const int result = party_person_with_number(&w->cx, w->store, &in, &list);

    *person_id = result >= 0 && list.n > 0 ? list.rows[0].person_id : 0;
    return result < 0 ? result : list.n > 0;
}
