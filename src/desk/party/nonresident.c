/* Non-residents (住登外者): registered, changed, confirmed, removed. */
#include "desk/party/inner.h"

/* --- opening -------------------------------------------------------------------------------- */

static struct identity_fact identity_of(int64_t person_id, const struct nonresident *n)
{
    return (struct identity_fact){.person_id = person_id,
                                  .is_corporation = n->is_corporation,
                                  .birth = n->birth,
                                  .birth_note = n->birth_note,
                                  .sex = n->sex,
                                  .death = YMD_NONE};
}

static struct name_fact name_of(int64_t person_id, const struct nonresident *n)
{
    return (struct name_fact){.person_id = person_id,
                              .kind = "real",
                              .name = n->name,
                              .kana = n->kana,
                              .is_used = true,
                              .valid = {n->since, YMD_NONE}};
}

static struct address_fact address_of(int64_t person_id, const struct nonresident *n)
{
    return (struct address_fact){.person_id = person_id,
                                 .kind = "nonresident",
                                 .business = STR("all"),
                                 .postal_code = n->postal_code,
                                 .prefecture = n->prefecture,
                                 .city = n->city,
                                 .town = n->town,
                                 .number = n->number,
                                 .building = n->building,
                                 .valid = {n->since, YMD_NONE}};
}

/* Of the city's own series, apart from the numbers of residents by the leading 9. */
static int next_number(struct work *w, struct str *out)
{
    int64_t no = 0;
    const int result = store_number(&w->cx, w->store, STR("party.nonresident"), 1, &no);

    if (result < 0)
        return result;
    *out = str_format(w->cx.arena, "9%09lld", (long long)no);
    return out->p ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
}

/* The batch borrows texts; those of its own number live in the arena of the work. */
static int open_facts(struct party_batch *b, int64_t event_no, const struct nonresident *n,
                      int64_t person_id)
{
    const struct identity_fact identity = identity_of(person_id, n);
    const struct name_fact name = name_of(person_id, n);
    const struct address_fact address = address_of(person_id, n);
    int result = party_open_identity(b, event_no, &identity, NULL);

    if (result >= 0)
        result = party_open_name(b, event_no, &name, NULL);
    return result < 0 ? result : party_open_address(b, event_no, &address, NULL);
}

int party_nonresident_open(struct party_batch *b, int64_t event_no, const struct nonresident *n,
                           bool is_provisional, int64_t *person_id)
{
    struct work *w = batch_work(b);
    struct residency_fact r = {.is_resident = false,
                               .started_by = "registered",
                               .is_provisional = is_provisional,
                               .valid = {n->since, YMD_NONE}};
    struct str number = n->person_no;
    int result = store_ids(&w->cx, w->store, 1, person_id);

    if (result >= 0 && number.n == 0)
        result = next_number(w, &number);
    if (result >= 0)
        result = party_open_person(b, event_no, *person_id, number, n->since);
    if (result >= 0)
        result = open_facts(b, event_no, n, *person_id);
    r.person_id = *person_id;
    if (result >= 0)
        result = party_open_residency(b, event_no, &r, NULL);
    return result < 0 ? result : party_add_transfer(b, event_no, *person_id, "new");
}

/* --- changing ------------------------------------------------------------------------------- */

struct open_facts { /* of one non-resident, as known now */
    struct party_person_identities_row identity;
    struct party_person_names_list names;
    struct party_person_addresses_list addresses;
    struct party_person_residencies_list residencies;
    const struct party_person_residencies_row *residency; /* the one now open as non-resident */
};

static int read_open(struct work *w, int64_t person_id, struct open_facts *out)
{
    struct context *cx = &w->cx;
    int result = party_person_identities(cx, w->store,
                                         &(struct party_person_identities_in){person_id, KNOWN_NOW},
                                         &out->identity);

    if (result == 0)
        return fail(cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result =
            party_person_names(cx, w->store, &(struct party_person_names_in){person_id, KNOWN_NOW},
                               &out->names);
    if (result >= 0)
        result = party_person_addresses(cx, w->store,
                                        &(struct party_person_addresses_in){person_id, KNOWN_NOW},
                                        &out->addresses);
    if (result >= 0)
        result =
            party_person_residencies(cx, w->store,
                                     &(struct party_person_residencies_in){person_id, KNOWN_NOW},
                                     &out->residencies);
    for (size_t i = 0; i < out->residencies.n && result >= 0; i++) {
        const struct party_person_residencies_row *r = &out->residencies.rows[i];
        if (str_is(r->kind, "nonresident") && ymd_is_none(r->valid_to))
            out->residency = r;
    }
    if (result >= 0 && !out->residency)
        return fail(cx, ERR_INVALID, "party.nonresident.not_one", NULL);
    return result;
}

/* A name that began before the day keeps the days before it. */
static int end_name(struct party_batch *b, int64_t event_no, int64_t person_id,
                    const struct party_person_names_row *r, struct ymd day)
{
    const struct name_fact f = {.person_id = person_id,
                                .kind = "real",
                                .name = r->name,
                                .kana = r->kana,
                                .is_used = true,
                                .valid = {r->valid_from, day}};
    const int result = party_close(b, PARTY_NAME, r->name_id, event_no);

    if (result < 0 || ymd_compare(r->valid_from, day) >= 0)
        return result;
    return party_open_name(b, event_no, &f, NULL);
}

static int end_address(struct party_batch *b, int64_t event_no, int64_t person_id,
                       const struct party_person_addresses_row *r, struct ymd day)
{
    const struct address_fact f = {.person_id = person_id,
                                   .kind = "nonresident",
                                   .business = r->business,
                                   .postal_code = r->postal_code,
                                   .city_code = r->city_code,
                                   .town_code = r->town_code,
                                   .prefecture = r->prefecture,
                                   .city = r->city,
                                   .town = r->town,
                                   .number = r->number,
                                   .building = r->building,
                                   .valid = {r->valid_from, day}};
    const int result = party_close(b, PARTY_ADDRESS, r->address_id, event_no);

    if (result < 0 || ymd_compare(r->valid_from, day) >= 0)
        return result;
    return party_open_address(b, event_no, &f, NULL);
}

static int end_facts(struct party_batch *b, int64_t event_no, int64_t person_id,
                     const struct open_facts *o, struct ymd day)
{
    int result = party_close(b, PARTY_IDENTITY, o->identity.identity_id, event_no);

    for (size_t i = 0; i < o->names.n && result >= 0; i++) {
        const struct party_person_names_row *r = &o->names.rows[i];
        if (r->is_used && span_reaches((struct span){r->valid_from, r->valid_to}, day))
            result = end_name(b, event_no, person_id, r, day);
    }
    for (size_t i = 0; i < o->addresses.n && result >= 0; i++) {
        const struct party_person_addresses_row *r = &o->addresses.rows[i];
        if (str_is(r->kind, "nonresident") &&
            span_reaches((struct span){r->valid_from, r->valid_to}, day))
            result = end_address(b, event_no, person_id, r, day);
    }
    return result;
}

int party_nonresident_change(struct party_batch *b, int64_t event_no, int64_t person_id,
                             const struct nonresident *n)
{
    struct open_facts o = {.residency = NULL};
    int result = read_open(batch_work(b), person_id, &o);

    if (result >= 0)
        result = end_facts(b, event_no, person_id, &o, n->since);
    if (result >= 0)
        result = open_facts(b, event_no, n, person_id);
    return result < 0 ? result : party_add_transfer(b, event_no, person_id, "change");
}

int party_nonresident_confirm(struct party_batch *b, int64_t event_no, int64_t person_id)
{
    struct work *w = batch_work(b);
    struct open_facts o = {.residency = NULL};
    int result = read_open(w, person_id, &o);

    if (result < 0)
        return result;
    if (!o.residency->is_provisional)
        return fail(&w->cx, ERR_STALE, "party.nonresident.confirmed", NULL);
    const struct residency_fact r = {.person_id = person_id,
                                     .started_by = "registered",
                                     .valid = {o.residency->valid_from, YMD_NONE}};
    result = party_close(b, PARTY_RESIDENCY, o.residency->residency_id, event_no);
    return result < 0 ? result : party_open_residency(b, event_no, &r, NULL);
}

/* --- removing ------------------------------------------------------------------------------- */

static int refuse_referred(struct work *w, int64_t person_id)
{
    size_t n = 0;
    const struct desk *const *desks = office_desks(&n);

    for (size_t i = 0; i < n; i++) {
        const char *why = "party.nonresident.referred";
        const int found = desks[i]->refers_to ? desks[i]->refers_to(w, person_id, &why) : 0;
        if (found < 0)
            return error_add(&w->cx, "ask desk %s about a person", desks[i]->name);
        if (found > 0)
            return fail(&w->cx, ERR_STALE, why, "desk=%s", desks[i]->name);
    }
    return OK;
}

static int close_numbers(struct party_batch *b, int64_t event_no, int64_t person_id)
{
    struct work *w = batch_work(b);
    struct party_person_numbers_list list;
    int result =
        party_person_numbers(&w->cx, w->store,
                             &(struct party_person_numbers_in){person_id, KNOWN_NOW}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++)
        result = party_close(b, PARTY_NUMBER, list.rows[i].number_id, event_no);
    return result;
}

static int close_contacts(struct party_batch *b, int64_t event_no, int64_t person_id)
{
    struct work *w = batch_work(b);
    struct party_person_contacts_list list;
    int result =
        party_person_contacts(&w->cx, w->store,
                              &(struct party_person_contacts_in){person_id, KNOWN_NOW}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++)
        result = party_close(b, PARTY_CONTACT, list.rows[i].contact_id, event_no);
    return result;
}

/* Every row of his is closed: from here on nobody of that number is known, and what was known
 * before stays. */
static int close_all(struct party_batch *b, int64_t event_no, int64_t person_id,
                     const struct open_facts *o)
{
    int result = party_close(b, PARTY_IDENTITY, o->identity.identity_id, event_no);

    for (size_t i = 0; i < o->names.n && result >= 0; i++)
        result = party_close(b, PARTY_NAME, o->names.rows[i].name_id, event_no);
    for (size_t i = 0; i < o->addresses.n && result >= 0; i++)
        result = party_close(b, PARTY_ADDRESS, o->addresses.rows[i].address_id, event_no);
    for (size_t i = 0; i < o->residencies.n && result >= 0; i++)
        result = party_close(b, PARTY_RESIDENCY, o->residencies.rows[i].residency_id, event_no);
    if (result >= 0)
        result = close_contacts(b, event_no, person_id);
    return result < 0 ? result : close_numbers(b, event_no, person_id);
}

int party_nonresident_remove(struct party_batch *b, int64_t event_no, int64_t person_id)
{
    struct work *w = batch_work(b);
    struct open_facts o = {.residency = NULL};
    int result = read_open(w, person_id, &o);

    if (result >= 0)
        result = refuse_referred(w, person_id);
    if (result >= 0)
        result = close_all(b, event_no, person_id, &o);
    return result < 0 ? result : party_add_transfer(b, event_no, person_id, "remove");
}

int party_refers_to(struct work *w, int64_t person_id, const char **why)
{
    struct party_person_dealings_row row;
    const int result = party_person_dealings(&w->cx, w->store,
                                             &(struct party_person_dealings_in){person_id}, &row);

    *why = "party.nonresident.dealings";
    return result < 0 ? result : row.n > 0;
}
