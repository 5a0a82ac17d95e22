/* What is entered about a person: the forms of all sections, their ends, and how they are applied.
 */
#include "desk/party/entry.h"

#include <string.h>

enum { PAYLOAD_MAXIMUM = 16 * 1024 };

static const struct section *const sections[] = {&section_sending,    &section_contact,
                                                 &section_account,    &section_agent,
                                                 &section_protection, &section_merge};

static const struct section *section_of(struct str name)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        if (str_is(name, sections[i]->name))
            return sections[i];
    }
    return NULL;
}

/* "party.account" and "party.protection_end" */
static const struct section *section_of_kind(struct str kind)
{
    for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++) {
        struct str rest = kind;
        (void)str_cut(&rest, '.');
        if (str_is(rest, sections[i]->name) ||
            (sections[i]->end_kind && str_is(kind, sections[i]->end_kind)))
            return sections[i];
    }
    return NULL;
}

/* --- shared by all entries ------------------------------------------------------------------ */

int entry_person(struct work *w, struct str person_no, struct person *out)
{
    int64_t id = 0;
    int result = party_person_by_no(w, person_no, &id);

    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result =
            audit_write(w,
                        &(struct audit_line){.class = AUDIT_INQUIRY, .person_id = id, .count = 1});
    return result < 0 ? result : party_person(w, id, out);
}

int entry_unchanged(struct work *w, int64_t person_id, int64_t read_at)
{
    const struct event_history q = {.person_ids = {&person_id, 1}, .limit = 1};
    struct event_list list;
    const int result = event_history(&w->cx, w->store, &q, &list);

    if (result < 0 || list.n == 0 || list.rows[0].no <= read_at)
        return result < 0 ? result : OK;
    return fail(&w->cx, ERR_STALE, "office.stale", "event=%lld " STR_FMT,
                (long long)list.rows[0].no, STR_ARG(list.rows[0].kind));
}

bool entry_is_wrong(struct work *w, struct reply *rp, int result)
{
    if (result != ERR_INVALID)
        return false;
    error_clear(&w->cx);
    rp->status = 422;
    return true;
}

int entry_wrong(struct work *w, struct form_state *state, const char *field, const char *message)
{
    form_problem(&w->cx, state, field, message, NULL);
    return fail(&w->cx, ERR_INVALID, message, "%s", field);
}

void entry_head(struct text *out, const char *what, const struct person *p)
{
    payload_line(out, message_words("party.payload.what"), message_words(what));
    (void)text_add(out, message_words("party.payload.person"));
    (void)text_addf(out, ": " STR_FMT " " STR_FMT "\n", STR_ARG(p->person_no), STR_ARG(p->name));
}

int entry_send(struct work *w, struct event *e, struct text *payload, struct request *rq,
               struct reply *rp, struct str person_no)
{
    if (payload->failed)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .person_id = e->person_id,
                                                     .household_id = e->household_id,
                                                     .purpose = e->kind,
                                                     .count = 1});
    if (result >= 0)
        result = work_enter(w, e, text_str(payload));
    if (result < 0)
        return result;
    rp->notice = message_words(result > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/party/person/" STR_FMT "/details", STR_ARG(person_no));
}

/* --- a new one ------------------------------------------------------------------------------ */

struct entering {
    const struct section *section;
    struct person person;
    void *form;
};

static int entering_begin(struct work *w, const struct request *rq, struct entering *in)
{
    in->section = section_of(rq->part[1]);
    if (!in->section)
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    in->form = arena_alloc(w->cx.arena, in->section->shape->size);
    if (!in->form)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    form_init(in->section->shape, in->form);
    return entry_person(w, rq->part[0], &in->person);
}

static struct form_state *state_of(const struct entering *in)
{
    return in->form; /* the first member of every form */
}

int party_new_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct entering in;
    int result = entering_begin(w, rq, &in);

    if (result >= 0)
        result = event_last(&w->cx, w->store, &state_of(&in)->read_at);
    if (result < 0)
        return result;
    in.section->page(&rp->body, rq->frame, &in.person, in.form);
    return OK;
}

static struct event event_of(const struct work *w, const struct entering *in, const char *kind)
{
    struct event e = work_event(w, kind);

    e.person_id = in->person.person_id;
    e.household_id = in->section->tells_household ? in->person.household_id : 0;
    e.source = STR("person");
    return e;
}

static int send_new(struct work *w, struct request *rq, struct reply *rp, const struct entering *in)
{
    const struct str kind = str_format(w->cx.arena, "party.%s", in->section->name);
    struct event e = event_of(w, in, kind.p);
    struct text payload;

    memcpy(&e.effective, (const char *)in->form + in->section->from_offset, sizeof(e.effective));
    text_init(&payload, PAYLOAD_MAXIMUM);
    entry_head(&payload, "party.payload.new", &in->person);
    payload_add(&payload, in->section->shape, in->form);
    e.reason = payload_reason(in->section->shape, in->form);
    int result = in->section->tell ? in->section->tell(w, in->form, &payload) : OK;
    if (result >= 0)
        result = entry_send(w, &e, &payload, rq, rp, in->person.person_no);
    text_release(&payload);
    return result;
}

int party_new_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct entering in;
    int result = entering_begin(w, rq, &in);

    if (result < 0)
        return result;
    result = form_read(&w->cx, in.section->shape, rq, in.form);
    if (result >= 0)
        result = in.section->check(w, &in.person, in.form);
    if (entry_is_wrong(w, rp, result)) {
        in.section->page(&rp->body, rq->frame, &in.person, in.form);
        return OK;
    }
    if (result >= 0)
        result = entry_unchanged(w, in.person.person_id, state_of(&in)->read_at);
    return result < 0 ? result : send_new(w, rq, rp, &in);
}

/* --- an end --------------------------------------------------------------------------------- */

struct ending {
    struct entering of;
    struct entered what;
    struct party_end_form form;
};

static int ending_begin(struct work *w, const struct request *rq, struct ending *in)
{
    int64_t row = 0;
    int result = entering_begin(w, rq, &in->of);

    party_end_form_init(&in->form);
    if (result >= 0 && !str_to_int(rq->part[2], &row))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    if (result >= 0)
        result = in->of.section->find(w, in->of.person.person_id, row, &in->what);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "party.entry.gone", NULL);
    return result;
}

static int show_end(const struct ending *in, struct request *rq, struct reply *rp)
{
    const struct party_end_view v = {.person_no = in->of.person.person_no,
                                     .name = in->of.person.name,
                                     .label = in->of.section->label,
                                     .what = in->what.what,
                                     .section = str_of(in->of.section->name),
                                     .row_no = in->what.row,
                                     .from = in->what.valid.from,
                                     .end = &in->form};

    party_page_end(&rp->body, rq->frame, &v);
    return OK;
}

int party_end_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct ending in;
    int result = ending_begin(w, rq, &in);

    if (result >= 0)
        result = event_last(&w->cx, w->store, &in.form.state.read_at);
    return result < 0 ? result : show_end(&in, rq, rp);
}

static int send_end(struct work *w, struct request *rq, struct reply *rp, const struct ending *in)
{
    const struct section *s = in->of.section;
    const struct str own = str_format(w->cx.arena, "party.%s", s->name);
    struct event e = event_of(w, &in->of, s->end_kind ? s->end_kind : own.p);
    struct text payload;

    e.effective = in->form.day;
    e.reason = in->form.reason;
    text_init(&payload, PAYLOAD_MAXIMUM);
    entry_head(&payload, "party.payload.end", &in->of.person);
    payload_line(&payload, message_words("party.payload.target"), in->what.what);
    (void)text_add(&payload, message_words("party.payload.row"));
    (void)text_addf(&payload, ": %lld\n", (long long)in->what.row);
    payload_add(&payload, &party_end_shape, &in->form);
    const int result = entry_send(w, &e, &payload, rq, rp, in->of.person.person_no);
    text_release(&payload);
    return result;
}

static int check_end(struct work *w, const struct entered *what, struct party_end_form *form)
{
    if (ymd_compare(form->day, what->valid.from) < 0)
        return entry_wrong(w, &form->state, "day", "party.entry.end_early");
    if (!ymd_is_none(what->valid.to) && ymd_compare(form->day, what->valid.to) >= 0)
        return entry_wrong(w, &form->state, "day", "party.entry.ended");
    return OK;
}

int party_end_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct ending in;
    int result = ending_begin(w, rq, &in);

    if (result < 0)
        return result;
    result = party_end_form_read(&w->cx, rq, &in.form);
    if (result >= 0)
        result = check_end(w, &in.what, &in.form);
    if (entry_is_wrong(w, rp, result))
        return show_end(&in, rq, rp);
    if (result >= 0)
        result = entry_unchanged(w, in.of.person.person_id, in.form.state.read_at);
    return result < 0 ? result : send_end(w, rq, rp, &in);
}

/* --- applied -------------------------------------------------------------------------------- */

static int apply_new(struct party_batch *b, const struct section *s, const struct event *e,
                     struct str payload)
{
    struct work *w = batch_work(b);
    struct person p;
    void *form = arena_alloc(w->cx.arena, s->shape->size);
    int result =
        form ? party_person(w, e->person_id, &p) : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);

    if (result >= 0)
        result = payload_read(w, s->shape, payload, form);
    if (result >= 0)
        result = s->check(w, &p, form);
    return result < 0 ? result : s->open(w, b, e->no, &p, form);
}

static int apply_end(struct party_batch *b, const struct section *s, const struct event *e,
                     struct str payload)
{
    struct work *w = batch_work(b);
    struct party_end_form form;
    struct entered what;
    int64_t row = 0;
    int result = payload_read(w, &party_end_shape, payload, &form);

    if (result >= 0 &&
        !str_to_int(payload_value(payload, message_words("party.payload.row")), &row))
        return fail(&w->cx, ERR_INVALID, "party.payload.unreadable", "row");
    if (result >= 0)
        result = s->find(w, e->person_id, row, &what);
    if (result == 0)
        return fail(&w->cx, ERR_STALE, "party.entry.gone", NULL);
    if (result >= 0)
        result = check_end(w, &what, &form);
    return result < 0 ? result
                      : s->trim(w, b, e->no, &what, (struct span){what.valid.from, form.day});
}

int party_apply_section(struct work *w, const struct event *e, struct str payload)
{
    const struct section *s = section_of_kind(e->kind);
    const struct str what = payload_value(payload, message_words("party.payload.what"));
    struct party_batch *b = NULL;
    int result = s ? party_batch_new(w, &b)
                   : fail(&w->cx, ERR_NOT_FOUND, "office.entry_unknown", STR_FMT, STR_ARG(e->kind));

    if (result >= 0 && str_equal(what, message_words("party.payload.end")))
        result = apply_end(b, s, e, payload);
    else if (result >= 0)
        result = apply_new(b, s, e, payload);
    if (result >= 0)
        result = party_batch_write(w, b);
    party_batch_free(b);
    return result;
}
