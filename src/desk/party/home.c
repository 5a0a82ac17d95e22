/* Households with their members. */
#include "desk/party/inner.h"

#include <stdlib.h>

int party_household_by_no(struct work *w, struct str household_no, int64_t *household_id)
{
    const struct party_household_with_number_in in = {household_no};
    struct party_household_with_number_row row = {0};
    const int result = party_household_with_number(&w->cx, w->store, &in, &row);

    *household_id = result > 0 ? row.household_id : 0;
    return result;
}

/* Head first, then by relation and age; those who have left come last. */
static int by_place(const void *x, const void *y)
{
    const struct member *a = x, *b = y;

    if (a->is_there != b->is_there)
        return a->is_there ? -1 : 1;
    if (a->is_head != b->is_head)
        return a->is_head ? -1 : 1;
    const int relation = str_compare(a->relation, b->relation);
    if (relation)
        return relation;
    const int birth = ymd_compare(a->person.birth, b->person.birth);
    return birth ? birth
                 : (a->person.person_id > b->person.person_id) -
                       (a->person.person_id < b->person.person_id);
}

/* Stays of one person that follow each other become one member; the last row says what he is. */
static size_t join_stays(struct work *w, const struct party_home_members_list *rows,
                         struct member *out)
{
    size_t n = 0;

    for (size_t i = 0; i < rows->n; i++) {
        const struct party_home_members_row *r = &rows->rows[i];
        const struct span stay = {r->valid_from, r->valid_to};
        const bool again = i > 0 && rows->rows[i - 1].person_id == r->person_id;
        struct member *m = again ? &out[n - 1] : &out[n++];
        if (!again)
            *m = (struct member){.person.person_id = r->person_id, .stay = stay};
        const bool holds = span_holds(stay, w->asof.valid);
        if (!again || holds || !m->is_there) {
            m->relation = r->relation;
            m->is_head = r->is_head;
        }
        m->is_there = m->is_there || holds;
        m->stay.to = stay.to;
    }
    return n;
}

static int fill_people(struct work *w, struct party_home *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, out->n + 1, int64_t);
    struct person_list people;

    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < out->n; i++)
        ids[i] = out->members[i].person.person_id;
    const int result = party_people(w, ids, out->n, &people);
    if (result < 0 || people.n != out->n)
        return result < 0 ? result : fail(&w->cx, ERR_CORRUPT, "party.home.member", NULL);
    for (size_t i = 0; i < out->n; i++)
        out->members[i].person = people.rows[i];
    qsort(out->members, out->n, sizeof(out->members[0]), by_place);
    return OK;
}

/* The household's own head and protection; its address is the head's. */
static void fill_home(struct party_home *out)
{
    for (size_t i = 0; i < out->n; i++) {
        const struct member *m = &out->members[i];
        out->is_protected = out->is_protected || (m->is_there && m->person.is_protected);
        if (i == 0 || (m->is_head && m->is_there)) {
            out->head_id = m->person.person_id;
            out->head_name = m->person.name;
        }
    }
    const struct member *head = out->n ? &out->members[0] : NULL;
    const bool shown = head && head->is_there && !out->is_protected;
    out->address = shown ? head->person.address : STR("");
    out->postal_code = shown ? head->person.postal_code : STR("");
}

static int home_of(struct work *w, const struct party_home_members_in *in, struct party_home *out)
{
    struct party_home_members_list rows;
    int result = party_home_members(&w->cx, w->store, in, &rows);

    *out = (struct party_home){.household_id = in->household_id};
    if (result < 0 || rows.n == 0)
        return result;
    out->household_id = rows.rows[0].household_id;
    out->household_no = rows.rows[0].household_no;
    out->members = ARENA_ARRAY(w->cx.arena, rows.n, struct member);
    if (!out->members)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    out->n = join_stays(w, &rows, out->members);
    result = fill_people(w, out);
    if (result < 0)
        return result;
    fill_home(out);
    return 1;
}

int party_home(struct work *w, int64_t household_id, struct party_home *out)
{
    return home_of(w, &(struct party_home_members_in){household_id, STR(""), w->asof.known}, out);
}

int party_home_by_no(struct work *w, struct str household_no, struct party_home *out)
{
    return home_of(w, &(struct party_home_members_in){0, household_no, w->asof.known}, out);
}
