/* Everything the desk knows about one person, section by section, with periods: as of a day and as
 * known at an event. The place of somebody protected is not put into the view at all. */
#include "desk/party/entry.h"

struct look { /* one page */
    struct work *w;
    struct person person;
    struct party_details_view *v;
    struct party_agents_of_list agents;
};

#define ROWS(l, type, n)      ARENA_ARRAY((l)->w->cx.arena, (n) + 1, struct type)
#define WORD(l, prefix, code) word_id((l)->w->cx.arena, (prefix), (code))

static int no_memory(const struct look *l)
{
    return fail(&l->w->cx, ERR_MEMORY, "party.memory", NULL);
}

static int fill_names(struct look *l)
{
    struct work *w = l->w;
    struct party_person_names_list list;
    const struct party_person_names_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_names(&w->cx, w->store, &in, &list);
    struct party_details_names_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_names_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_names_row *r = &list.rows[i];
        rows[i] = (struct party_details_names_row){WORD(l, "party.name.", r->kind),
                                                   r->name,
                                                   str_or_empty(r->kana),
                                                   r->is_used,
                                                   r->valid_from,
                                                   r->valid_to};
    }
    l->v->names = rows;
    l->v->n_names = list.n;
    return OK;
}

static int fill_numbers(struct look *l)
{
    struct work *w = l->w;
    struct party_person_numbers_list list;
    const struct party_person_numbers_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_numbers(&w->cx, w->store, &in, &list);
    struct party_details_numbers_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_numbers_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_numbers_row *r = &list.rows[i];
        rows[i] = (struct party_details_numbers_row){WORD(l, "party.number.", r->kind), r->number,
                                                     r->valid_from, r->valid_to};
    }
    l->v->numbers = rows;
    l->v->n_numbers = list.n;
    return OK;
}

static int fill_residencies(struct look *l)
{
    struct work *w = l->w;
    struct party_person_residencies_list list;
    const struct party_person_residencies_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_residencies(&w->cx, w->store, &in, &list);
    struct party_details_residencies_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_residencies_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_residencies_row *r = &list.rows[i];
        const struct str ended = r->ended_by.p ? r->ended_by : STR("none");
        rows[i] = (struct party_details_residencies_row){WORD(l, "party.residency.", r->kind),
                                                         WORD(l, "party.started.", r->started_by),
                                                         WORD(l, "party.ended.", ended),
                                                         r->is_provisional,
                                                         r->valid_from,
                                                         r->valid_to};
        if (r->is_provisional &&
            span_holds((struct span){r->valid_from, r->valid_to}, w->asof.valid))
            l->v->provisional = true;
    }
    l->v->residencies = rows;
    l->v->n_residencies = list.n;
    return OK;
}

static int fill_stays(struct look *l)
{
    struct work *w = l->w;
    struct party_person_stays_list list;
    const struct party_person_stays_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_stays(&w->cx, w->store, &in, &list);
    struct party_details_stays_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_stays_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_stays_row *r = &list.rows[i];
        rows[i] = (struct party_details_stays_row){r->household_no, relation_message(r->relation),
                                                   r->valid_from, r->valid_to};
    }
    l->v->stays = rows;
    l->v->n_stays = list.n;
    return OK;
}

static struct str address_shown(const struct look *l, const struct party_person_addresses_row *r)
{
    const struct place place = {r->prefecture, r->city, r->town, r->number,
                                str_or_empty(r->building)};

    return l->person.is_protected ? STR("") : place_line(l->w->cx.arena, &place);
}

/* A sending address is one of the business and goes on; the others come with the register. */
static int fill_addresses(struct look *l)
{
    struct work *w = l->w;
    struct party_person_addresses_list list;
    const struct party_person_addresses_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_addresses(&w->cx, w->store, &in, &list);
    struct party_details_addresses_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_addresses_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_addresses_row *r = &list.rows[i];
        const struct span valid = {r->valid_from, r->valid_to};
        rows[i] = (struct party_details_addresses_row){WORD(l, "party.address.", r->kind),
                                                       WORD(l, "party.business.", r->business),
                                                       address_shown(l, r),
                                                       str_or_empty(r->addressee),
                                                       str_is(r->kind, "sending"),
                                                       r->address_id,
                                                       r->valid_from,
                                                       r->valid_to,
                                                       ymd_is_none(r->valid_to)};
        if (str_is(r->kind, "nonresident") && span_holds(valid, w->asof.valid))
            l->v->address = rows[i].address;
    }
    l->v->addresses = rows;
    l->v->n_addresses = list.n;
    return OK;
}

static int fill_contacts(struct look *l)
{
    struct work *w = l->w;
    struct party_person_contacts_list list;
    const struct party_person_contacts_in in = {l->person.person_id, w->asof.known};
    const bool hidden = l->person.is_protected;

    if (!l->v->may_contact)
        return OK;
    const int result = party_person_contacts(&w->cx, w->store, &in, &list);
    struct party_details_contacts_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_contacts_row, list.n);
    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_contacts_row *r = &list.rows[i];
        rows[i] = (struct party_details_contacts_row){WORD(l, "party.contact.", r->kind),
                                                      hidden ? STR("") : r->value,
                                                      WORD(l, "party.source.", r->source),
                                                      hidden ? STR("") : str_or_empty(r->note),
                                                      r->contact_id,
                                                      r->valid_from,
                                                      r->valid_to,
                                                      ymd_is_none(r->valid_to)};
    }
    l->v->contacts = rows;
    l->v->n_contacts = list.n;
    return OK;
}

/* The branch of somebody protected tells where he lives. */
static void fill_account(const struct look *l, const struct party_person_accounts_row *r,
                         struct party_details_accounts_row *row)
{
    struct bank_name bank;
    const bool hidden = l->person.is_protected;

    (void)bank_find(r->bank_code, r->branch_code, &bank);
    *row =
        (struct party_details_accounts_row){.business = WORD(l, "party.business.", r->business),
                                            .purpose = WORD(l, "party.purpose.", r->purpose),
                                            .bank = str_or_empty(bank.bank),
                                            .branch = hidden ? STR("") : str_or_empty(bank.branch),
                                            .kind = WORD(l, "party.account_kind.", r->kind),
                                            .account_no = r->account_no,
                                            .holder = r->holder,
                                            .is_public = r->is_public,
                                            .source = WORD(l, "party.account_source.", r->source),
                                            .source_day = r->source_ymd,
                                            .row_no = r->account_id,
                                            .from = r->valid_from,
                                            .to = r->valid_to,
                                            .is_open = ymd_is_none(r->valid_to)};
}

static int fill_accounts(struct look *l)
{
    struct work *w = l->w;
    struct party_person_accounts_list list;
    const struct party_person_accounts_in in = {l->person.person_id, w->asof.known};

    if (!l->v->may_account)
        return OK;
    const int result = party_person_accounts(&w->cx, w->store, &in, &list);
    struct party_details_accounts_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_accounts_row, list.n);
    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++)
        fill_account(l, &list.rows[i], &rows[i]);
    l->v->accounts = rows;
    l->v->n_accounts = list.n;
    return OK;
}

static int is_hidden(const struct look *l, const struct party_agents_of_row *r, bool *out)
{
    struct person agent;

    *out = l->person.is_protected;
    if (*out || r->agent_person_id_null)
        return OK;
    const int result = party_person(l->w, r->agent_person_id, &agent);
    *out = result >= 0 && agent.is_protected;
    return result;
}

static int fill_agent(const struct look *l, const struct party_agents_of_row *r,
                      struct party_details_agents_row *row)
{
    bool hidden = true;
    const struct place place = {r->prefecture, r->city, r->town, r->number,
                                str_or_empty(r->building)};
    const int result = is_hidden(l, r, &hidden);

    *row = (struct party_details_agents_row){.kind = WORD(l, "party.agent.", r->kind),
                                             .business = WORD(l, "party.business.", r->business),
                                             .name = r->name,
                                             .agent_no = str_or_empty(r->agent_no),
                                             .address = hidden ? message_words("party.hidden")
                                                               : place_line(l->w->cx.arena, &place),
                                             .phone = hidden ? STR("") : str_or_empty(r->phone),
                                             .document = r->document,
                                             .document_day = r->document_ymd,
                                             .takes_mail = r->takes_mail,
                                             .row_no = r->agent_id,
                                             .from = r->valid_from,
                                             .to = r->valid_to,
                                             .is_open = ymd_is_none(r->valid_to)};
    return result;
}

static int fill_agents(struct look *l)
{
    struct work *w = l->w;
    struct party_agents_of_list list;
    const struct party_agents_of_in in = {ids_of(&l->person.person_id, 1), w->asof.known};
    int result = party_agents_of(&w->cx, w->store, &in, &list);
    struct party_details_agents_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_agents_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n && result >= 0; i++)
        result = fill_agent(l, &list.rows[i], &rows[i]);
    l->v->agents = rows;
    l->v->n_agents = result < 0 ? 0 : list.n;
    return result;
}

static int fill_protections(struct look *l)
{
    struct work *w = l->w;
    struct party_person_protections_list list;
    const struct party_person_protections_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_protections(&w->cx, w->store, &in, &list);
    struct party_details_protections_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_protections_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_protections_row *r = &list.rows[i];
        rows[i] =
            (struct party_details_protections_row){WORD(l, "party.protection.", r->kind),
                                                   r->decision_no,
                                                   r->protection_id,
                                                   r->valid_from,
                                                   r->valid_to,
                                                   ymd_is_none(r->valid_to) ||
                                                       ymd_compare(r->valid_to, w->today) > 0};
    }
    l->v->protections = rows;
    l->v->n_protections = list.n;
    return OK;
}

static int fill_merges(struct look *l)
{
    struct work *w = l->w;
    struct party_person_merges_list list;
    const struct party_person_merges_in in = {l->person.person_id, w->asof.known};
    const int result = party_person_merges(&w->cx, w->store, &in, &list);
    struct party_details_merges_row *rows =
        result < 0 ? NULL : ROWS(l, party_details_merges_row, list.n);

    if (!rows)
        return result < 0 ? result : no_memory(l);
    for (size_t i = 0; i < list.n; i++) {
        const struct party_person_merges_row *r = &list.rows[i];
        const struct span valid = {r->valid_from, r->valid_to};
        rows[i] = (struct party_details_merges_row){
            r->person_no, r->leading_no,           r->reason, r->merge_link_id, r->valid_from,
            r->valid_to,  ymd_is_none(r->valid_to)};
        if (r->person_id == l->person.person_id && span_holds(valid, w->asof.valid))
            l->v->leading_no = r->leading_no;
    }
    l->v->merges = rows;
    l->v->n_merges = list.n;
    return OK;
}

static const char *kind_message(const struct person *p)
{
    if (p->is_resident)
        return "party.kind.resident";
    return p->is_nonresident ? "party.kind.nonresident" : "party.kind.gone";
}

static void fill_person(struct look *l)
{
    const struct person *p = &l->person;
    struct work *w = l->w;
    struct party_details_view *v = l->v;

    v->person_no = p->person_no;
    v->name = p->name;
    v->kana = p->kana;
    v->birth = p->birth;
    v->kind = kind_message(p);
    v->nonresident = p->is_nonresident;
    v->hidden = p->is_protected;
    v->address = p->address;
    v->person_id = p->person_id;
    v->leading_no = STR("");
    v->as_of = w->asof.valid;
    v->is_past = ymd_compare(w->asof.valid, w->today) != 0 || w->asof.known != KNOWN_NOW;
    v->may_edit = work_may(w, RIGHT_PARTY_EDIT) && !v->is_past;
    v->may_other = work_may(w, RIGHT_OTHER);
    v->may_contact = work_may(w, RIGHT_CONTACT);
    v->may_account = work_may(w, RIGHT_COLLECTION_VIEW);
    v->may_number = work_may(w, RIGHT_MYNUMBER);
}

static int fill_all(struct look *l)
{
    static int (*const fills[])(struct look *) = {fill_names,    fill_numbers,   fill_residencies,
                                                  fill_stays,    fill_addresses, fill_contacts,
                                                  fill_accounts, fill_agents,    fill_protections,
                                                  fill_merges};
    int result = OK;

    fill_person(l);
    for (size_t i = 0; i < sizeof(fills) / sizeof(fills[0]) && result >= 0; i++)
        result = fills[i](l);
    return result;
}

/* The day and the knowledge that are asked for. */
static void take_look(struct work *w, const struct party_look_form *form)
{
    if (!ymd_is_none(form->valid))
        w->asof.valid = form->valid;
    if (form->known != FORM_ABSENT)
        w->asof.known = form->known;
}

int party_details_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_look_form form;
    struct party_details_view v = {.look = &form};
    struct look l = {.w = w, .v = &v};
    int result = party_look_form_read(&w->cx, rq, &form);

    if (!entry_is_wrong(w, rp, result))
        take_look(w, &form);
    result = entry_person(w, rq->part[0], &l.person);
    if (result >= 0)
        result = fill_all(&l);
    if (result < 0)
        return result;
    party_page_details(&rp->body, rq->frame, &v);
    return OK;
}
