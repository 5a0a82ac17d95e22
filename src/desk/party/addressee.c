/*
 * Where a notice goes. This is the one place that hands out the address of somebody who is under
 * protection, together with the mark, because his own letters must reach him.
 */
#include "desk/party/inner.h"

/* Which address of a person's own wins: a sending address of the business, one for all, else the
 * one of a non-resident or the place he went to. */
static int rank(const struct party_own_addresses_row *r, bool resident)
{
    if (str_is(r->kind, "sending"))
        return str_is(r->business, "all") ? 3 : 4;
    if (resident)
        return 0;
    return str_is(r->kind, "nonresident") ? 2 : str_is(r->kind, "destination");
}

static void take_residence(struct addressee *a, const struct party_people_rows_row *r)
{
    a->person_no = r->person_no;
    a->name = r->name.p ? r->name : STR("");
    a->kana = r->kana.p ? r->kana : STR("");
    a->is_protected = r->is_protected;
    if (!r->city.p)
        return;
    a->postal_code = r->postal_code.p ? r->postal_code : STR("");
    a->prefecture = r->prefecture;
    a->city = r->city;
    a->town = r->town;
    a->number = r->number;
    a->building = r->building.p ? r->building : STR("");
    a->has_address = true;
}

static void take_own(struct addressee *a, const struct party_own_addresses_row *r)
{
    if (r->addressee.p && r->addressee.n)
        a->name = r->addressee;
    a->postal_code = r->postal_code.p ? r->postal_code : STR("");
    a->prefecture = r->prefecture;
    a->city = r->city;
    a->town = r->town;
    a->number = r->number;
    a->building = r->building.p ? r->building : STR("");
    a->is_sending = str_is(r->kind, "sending");
    a->has_address = true;
}

/* Own addresses of one person lie together, the newest first. */
static void choose_own(struct addressee *a, const struct party_own_addresses_list *list)
{
    const struct party_own_addresses_row *r = FIND_PERSON(*list, a->person_id), *best = NULL;
    const bool resident = a->has_address;

    for (; r && r < list->rows + list->n && r->person_id == a->person_id; r++) {
        if (rank(r, resident) > (best ? rank(best, resident) : 0))
            best = r;
    }
    if (best)
        take_own(a, best);
}

/* Protection counts as of today, whatever day is looked at. */
static int mark_protected(struct work *w, const int64_t *ids, size_t n, struct addressee *out)
{
    const struct party_protected_people_in in = {ids_of(ids, n), {w->today, KNOWN_NOW}};
    struct party_protected_people_list list;
    const int result = party_protected_people(&w->cx, w->store, &in, &list);

    for (size_t i = 0; i < n && result >= 0; i++)
        out[i].is_protected = out[i].is_protected || FIND_PERSON(list, ids[i]) != NULL;
    return result;
}

/* --- those who act for him ------------------------------------------------------------------ */

/* Does the agent take the mail of the business on the day? */
static bool takes_mail(const struct party_agents_of_row *r, struct str business, struct ymd day)
{
    return r->takes_mail && span_holds((struct span){r->valid_from, r->valid_to}, day) &&
           (str_is(r->business, "all") || str_equal(r->business, business));
}

static int take_agent(struct work *w, struct addressee *a, const struct party_agents_of_row *r)
{
    const struct str kind = agent_word(w->cx.arena, r->kind);
    const struct message *m = message_find("party.care_of");

    a->postal_code = r->postal_code.p ? r->postal_code : STR("");
    a->prefecture = r->prefecture;
    a->city = r->city;
    a->town = r->town;
    a->number = r->number;
    a->building = r->building.p ? r->building : STR("");
    a->is_sending = true;
    a->has_address = true;
    a->care_of = str_format(w->cx.arena, STR_FMT " " STR_FMT " %s", STR_ARG(kind), STR_ARG(r->name),
                            m ? m->text : "");
    return a->care_of.p ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
}

/* An agent who takes the mail comes before every address of the person's own; one of the business
 * before one for all. */
static int choose_agents(struct work *w, const struct store_id_list *ids, struct str business,
                         struct addressee *out)
{
    const struct party_agents_of_in in = {*ids, w->asof.known};
    struct party_agents_of_list list;
    int result = party_agents_of(&w->cx, w->store, &in, &list);

    for (size_t i = 0; i < ids->n && result >= 0 && list.n > 0; i++) {
        const struct party_agents_of_row *r = FIND_PERSON(list, ids->p[i]), *best = NULL;
        for (; r && r < list.rows + list.n && r->person_id == ids->p[i]; r++) {
            const bool fits = takes_mail(r, business, w->asof.valid);
            if (fits && (!best || str_is(best->business, "all")))
                best = r;
        }
        if (best)
            result = take_agent(w, &out[i], best);
    }
    return result;
}

int party_addressees(struct work *w, const int64_t *person_ids, size_t n, struct str business,
                     struct addressee *out)
{
    const struct party_people_rows_in in = {ids_of(person_ids, n), w->asof};
    const struct party_own_addresses_in own_in = {ids_of(person_ids, n), business, w->asof};
    struct party_people_rows_list people;
    struct party_own_addresses_list own;

    if (n == 0)
        return OK;
    int result = party_people_rows(&w->cx, w->store, &in, &people);
    if (result >= 0)
        result = party_own_addresses(&w->cx, w->store, &own_in, &own);
    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct party_people_rows_row *row = FIND_PERSON(people, person_ids[i]);
        out[i] = (struct addressee){.person_id = person_ids[i], .care_of = STR("")};
        if (row)
            take_residence(&out[i], row);
        choose_own(&out[i], &own);
    }
    const struct store_id_list ids = ids_of(person_ids, n);
    if (result >= 0)
        result = choose_agents(w, &ids, business, out);
    return result < 0 ? result : mark_protected(w, person_ids, n, out);
}
