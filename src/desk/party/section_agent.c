/* Those who act for a person: guardians, tax representatives, representatives of heirs. */
#include "desk/party/entry.h"

#include <stddef.h>

enum { FULL_AGE = 18 };

static void agent_page(struct html *h, const struct frame *f, const struct person *p,
                       const void *form)
{
    const struct party_agent_view v = {p->person_no, p->name, form};
    party_page_agent(h, f, &v);
}

static int check_number(struct work *w, const struct person *p, struct party_agent_form *f)
{
    int64_t id = 0;

    if (f->agent_no.n == 0)
        return OK;
    const int found = party_person_by_no(w, f->agent_no, &id);
    if (found == 0)
        return entry_wrong(w, &f->state, "agent_no", "party.person.none");
    if (found > 0 && id == p->person_id)
        return entry_wrong(w, &f->state, "agent_no", "party.agent.himself");
    return found < 0 ? found : OK;
}

/* Heirs follow a death, parents act for children. */
static int check_kind(struct work *w, const struct person *p, struct party_agent_form *f)
{
    if (str_is(f->kind, "heir") && ymd_is_none(p->death))
        return entry_wrong(w, &f->state, "kind", "party.agent.alive");
    if (str_is(f->kind, "parent") && !ymd_is_none(p->birth) &&
        age_on(p->birth, f->from) >= FULL_AGE)
        return entry_wrong(w, &f->state, "kind", "party.agent.of_age");
    return OK;
}

static int agent_check(struct work *w, const struct person *p, void *form)
{
    struct party_agent_form *f = form;
    int result = check_postal_code(w, &f->state, &f->postal_code);

    if (result >= 0)
        result = check_span(w, &f->state, f->from, f->to);
    if (result >= 0 && ymd_compare(f->document_day, w->today) > 0)
        return entry_wrong(w, &f->state, "document_day", "party.entry.future");
    if (result >= 0)
        result = check_kind(w, p, f);
    return result < 0 ? result : check_number(w, p, f);
}

static int agent_open(struct work *w, struct party_batch *b, int64_t event_no,
                      const struct person *p, const void *form)
{
    const struct party_agent_form *a = form;
    struct agent_fact f = {.person_id = p->person_id,
                           .kind = a->kind,
                           .business = a->business,
                           .name = a->agent_name,
                           .kana = a->agent_kana,
                           .postal_code = a->postal_code,
                           .prefecture = a->prefecture,
                           .city = a->city,
                           .town = a->town,
                           .number = a->number,
                           .building = a->building,
                           .phone = a->phone,
                           .document = a->document,
                           .document_day = a->document_day,
                           .takes_mail = a->takes_mail,
                           .valid = {a->from, a->to}};
    const int result =
        a->agent_no.n > 0 ? party_person_by_no(w, a->agent_no, &f.agent_person_id) : OK;
    return result < 0 ? result : party_open_agent(b, event_no, &f, NULL);
}

static int agent_find(struct work *w, int64_t person_id, int64_t row, struct entered *out)
{
    struct party_agents_of_list list;
    const int result =
        party_agents_of(&w->cx, w->store,
                        &(struct party_agents_of_in){ids_of(&person_id, 1), KNOWN_NOW}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_agents_of_row *r = &list.rows[i];
        if (r->agent_id != row)
            continue;
        const struct str kind = agent_word(w->cx.arena, r->kind);
        const struct str what =
            str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(r->name));
        *out = (struct entered){row, person_id, what, {r->valid_from, r->valid_to}, r};
        return 1;
    }
    return result < 0 ? result : 0;
}

static int agent_trim(struct work *w, struct party_batch *b, int64_t event_no,
                      const struct entered *what, struct span valid)
{
    const struct party_agents_of_row *r = what->fact;
    const struct agent_fact f = {.person_id = what->person_id,
                                 .kind = r->kind,
                                 .business = r->business,
                                 .agent_person_id =
                                     r->agent_person_id_null ? 0 : r->agent_person_id,
                                 .name = r->name,
                                 .kana = r->kana,
                                 .postal_code = r->postal_code,
                                 .prefecture = r->prefecture,
                                 .city = r->city,
                                 .town = r->town,
                                 .number = r->number,
                                 .building = r->building,
                                 .phone = r->phone,
                                 .document = r->document,
                                 .document_day = r->document_ymd,
                                 .takes_mail = r->takes_mail,
                                 .valid = valid};
    const int result = party_close(b, PARTY_AGENT, r->agent_id, event_no);

    (void)w;
    return result < 0 || span_is_empty(valid) ? result : party_open_agent(b, event_no, &f, NULL);
}

const struct section section_agent = {.name = "agent",
                                      .label = "party.section.agent",
                                      .shape = &party_agent_shape,
                                      .from_offset = offsetof(struct party_agent_form, from),
                                      .page = agent_page,
                                      .check = agent_check,
                                      .open = agent_open,
                                      .find = agent_find,
                                      .trim = agent_trim};
