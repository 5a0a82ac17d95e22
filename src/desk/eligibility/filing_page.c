/*
 * The pages on which a clerk enters what is no change of cover, from the person's page and by
 * keyboard: who uses his documents elsewhere (student, remote, facility), and the circumstances the
 * levy follows from. One form for a new one and for one that is corrected, ended or taken back.
 */
#include "desk/eligibility/filing_inner.h"
#include "eligibility_pages.h"

#include <string.h>

struct filing_look {
    struct person person;
    int64_t row; /* asked for: the one to be corrected; 0: a new one */
};

static int look(struct work *w, struct request *rq, enum audit_class class, const char *purpose,
                struct filing_look *out)
{
    int64_t id = 0;
    int result = party_person_by_no(w, rq->part[0], &id);

    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result = request_query_number(&w->cx, rq, "row", 0, &out->row);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = class,
                                                     .person_id = id,
                                                     .purpose = str_of(purpose),
                                                     .count = 1});
    return result < 0 ? result : party_person(w, id, &out->person);
}

/* The fields of how it came in are the same in both forms. */
#define FILING_NEW(form, today)                                                                    \
    do {                                                                                           \
        (form)->notified = (today);                                                                \
        (form)->source = STR("person");                                                            \
        (form)->route = STR("counter");                                                            \
    } while (0)
#define FILING_TAKEN(form, household)                                                              \
    (struct filing)                                                                                \
    {                                                                                              \
        .household_id = (household), .notified = (form)->notified,                                 \
        .source = str_or_empty((form)->source), .route = str_or_empty((form)->route),              \
        .why = str_or_empty((form)->why), .identity = identity_of((form)->identity),               \
        .proxy_name = str_or_empty((form)->proxy_name),                                            \
        .proxy_document = str_or_empty((form)->proxy_document)                                     \
    }

static enum identity_check identity_of(struct str word)
{
    int64_t n = 0;
    return word.n > 0 && str_to_int(word, &n) ? (enum identity_check)n : IDENTITY_NONE;
}

static int64_t row_of(struct str replaces)
{
    int64_t n = 0;
    return replaces.n > 0 && str_to_int(replaces, &n) ? n : 0;
}

static struct str number_text(struct work *w, int64_t n)
{
    return str_format(w->cx.arena, "%lld", (long long)n);
}

/* What the desk refuses stands beside the field it is about. */
static bool is_refused(struct work *w, struct form_state *state, struct reply *rp, int result)
{
    if (result != ERR_INVALID)
        return false;
    if (state->problems.n == 0)
        form_problem(&w->cx, state, w->cx.error.field, w->cx.error.message, NULL);
    error_clear(&w->cx);
    rp->status = 422;
    return true;
}

static int entered(struct request *rq, struct reply *rp, const struct person *p, int waits)
{
    const struct message *m =
        message_find(waits > 0 ? "eligibility.filing.waits" : "eligibility.filing.done");

    rp->notice = m ? str_of(m->text) : STR("");
    return reply_redirect(rq, rp, "/party/person/" STR_FMT, STR_ARG(p->person_no));
}

/* --- somewhere else --------------------------------------------------------------------------- */

static const char *placement_message(const char *kind)
{
    return strcmp(kind, "student") == 0  ? "eligibility.placement.student"
           : strcmp(kind, "remote") == 0 ? "eligibility.placement.remote"
                                         : "eligibility.placement.facility";
}

/* Of somebody protected the address of use is not shown. */
static struct str use_line(struct work *w, const struct person *p, const struct use_address *u)
{
    if (p->is_protected || u->city.n == 0)
        return STR("");
    return str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT " " STR_FMT,
                      STR_ARG(str_or_empty(u->prefecture)), STR_ARG(u->city),
                      STR_ARG(str_or_empty(u->town)), STR_ARG(str_or_empty(u->number)),
                      STR_ARG(str_or_empty(u->building)));
}

static int placement_view(struct work *w, const struct person *p, const struct placement_rows *all,
                          struct eligibility_placement_view *v)
{
    struct eligibility_placement_known_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_placement_known_row);

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < all->n; i++) {
        const struct placement *f = &all->rows[i].fact;
        rows[i] =
            (struct eligibility_placement_known_row){.id = all->rows[i].row_id,
                                                     .kind = placement_message(f->kind),
                                                     .place = f->place,
                                                     .use = use_line(w, p, &f->use),
                                                     .from = f->valid.from,
                                                     .to = f->valid.to,
                                                     .review = f->review,
                                                     .is_now = span_holds(f->valid, w->today)};
    }
    v->person_no = p->person_no;
    v->name = p->name;
    v->household_no = p->household_no;
    v->hidden = p->is_protected;
    v->known = rows;
    v->n_known = all->n;
    return OK;
}

/* The address of somebody protected does not go into the form either: it is typed again. */
static void placement_fill(struct work *w, const struct person *p, const struct placement_row *r,
                           struct eligibility_placement_form *form)
{
    const struct use_address *u = &r->fact.use;

    form->replaces = number_text(w, r->row_id);
    form->kind = str_of(r->fact.kind);
    form->place = r->fact.place;
    form->from = r->fact.valid.from;
    form->to = r->fact.valid.to;
    form->review = r->fact.review;
    if (p->is_protected || u->city.n == 0)
        return;
    form->postal_code = str_or_empty(u->postal_code);
    form->prefecture = str_or_empty(u->prefecture);
    form->city = u->city;
    form->town = str_or_empty(u->town);
    form->number = str_or_empty(u->number);
    form->building = str_or_empty(u->building);
}

static int placement_show(struct work *w, struct request *rq, struct reply *rp,
                          const struct filing_look *l, struct eligibility_placement_form *form)
{
    struct eligibility_placement_view v = {.placement = form};
    struct placement_rows all;
    int result = placement_list(w, l->person.person_id, &all);

    for (size_t i = 0; i < all.n && result >= 0 && !form->state.rq; i++) {
        if (all.rows[i].row_id == l->row)
            placement_fill(w, &l->person, &all.rows[i], form);
    }
    v.is_change = row_of(form->replaces) > 0;
    if (result >= 0)
        result = placement_view(w, &l->person, &all, &v);
    if (result >= 0)
        eligibility_page_placement(&rp->body, rq->frame, &v);
    return result;
}

int placement_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_placement_form form;
    struct filing_look l;
    int result = look(w, rq, AUDIT_INQUIRY, "placement", &l);

    eligibility_placement_form_init(&form);
    FILING_NEW(&form, w->today);
    if (result >= 0)
        result = event_last(&w->cx, w->store, &form.state.read_at);
    return result < 0 ? result : placement_show(w, rq, rp, &l, &form);
}

/* He stays in the household he is counted in: that of the row corrected, else where he lives. */
static int placement_take(struct work *w, const struct person *p,
                          const struct eligibility_placement_form *form, struct placement_entry *c)
{
    struct placement_rows all;
    const int result = placement_list(w, p->person_id, &all);
    const char *kind = str_c(w->cx.arena, form->kind);

    *c = (struct placement_entry){
        .in = FILING_TAKEN(form, p->household_id),
        .fact = {.person_id = p->person_id,
                 .household_id = p->household_id,
                 .kind = kind ? kind : "",
                 .place = form->place,
                 .review = form->review,
                 .valid = {form->from, form->to},
                 .use = {str_or_empty(form->postal_code), str_or_empty(form->prefecture),
                         str_or_empty(form->city), str_or_empty(form->town),
                         str_or_empty(form->number), str_or_empty(form->building)}},
        .replaces = row_of(form->replaces),
        .is_removed = form->removed};
    for (size_t i = 0; i < all.n && result >= 0; i++) {
        if (all.rows[i].row_id == c->replaces)
            c->in.household_id = c->fact.household_id = all.rows[i].fact.household_id;
    }
    return result;
}

int placement_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_placement_form form;
    struct placement_entry c = {0};
    struct filing_look l;
    int64_t no = 0;
    int result = look(w, rq, AUDIT_CHANGE, "placement", &l);

    if (result < 0)
        return result;
    result = eligibility_placement_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = placement_take(w, &l.person, &form, &c);
    if (result >= 0 && c.in.household_id > 0)
        result = work_unchanged(w, c.in.household_id, form.state.read_at);
    if (result >= 0)
        result = placement_enter(w, &c, &no);
    if (is_refused(w, &form.state, rp, result))
        return placement_show(w, rq, rp, &l, &form);
    return result < 0 ? result : entered(rq, rp, &l.person, result);
}

/* --- circumstances ---------------------------------------------------------------------------- */

static bool has_months(enum circumstance_kind kind)
{
    return kind == CIRCUMSTANCE_CARE_EXEMPT || kind == CIRCUMSTANCE_CUSTODY ||
           kind == CIRCUMSTANCE_FORMER_DEPENDANT;
}

static int circumstance_view(struct work *w, const struct person *p,
                             const struct circumstance_rows *all,
                             struct eligibility_circumstance_view *v)
{
    struct eligibility_circumstance_known_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_circumstance_known_row);

    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < all->n; i++) {
        const struct circumstance *f = &all->rows[i].fact;
        rows[i] =
            (struct eligibility_circumstance_known_row){.id = all->rows[i].row_id,
                                                        .kind =
                                                            circumstance_message((int64_t)f->kind),
                                                        .day = f->day,
                                                        .code = f->code,
                                                        .first = f->first_month,
                                                        .last = f->last_month,
                                                        .is_months =
                                                            f->first_month.n != MONTH_NONE.n,
                                                        .is_open = f->last_month.n == MONTH_NONE.n};
    }
    v->person_no = p->person_no;
    v->name = p->name;
    v->household_no = p->household_no;
    v->known = rows;
    v->n_known = all->n;
    return OK;
}

static void circumstance_fill(struct work *w, const struct circumstance_row *r,
                              struct eligibility_circumstance_form *form)
{
    form->replaces = number_text(w, r->row_id);
    form->kind = number_text(w, (int64_t)r->fact.kind);
    form->day = r->fact.day;
    form->code = r->fact.code;
    form->first_month = r->fact.first_month;
    form->last_month = r->fact.last_month;
}

static int circumstance_show(struct work *w, struct request *rq, struct reply *rp,
                             const struct filing_look *l,
                             struct eligibility_circumstance_form *form)
{
    struct eligibility_circumstance_view v = {.circumstance = form};
    struct circumstance_rows all;
    int result = circumstance_list(w, l->person.person_id, &all);

    for (size_t i = 0; i < all.n && result >= 0 && !form->state.rq; i++) {
        if (all.rows[i].row_id == l->row)
            circumstance_fill(w, &all.rows[i], form);
    }
    v.is_change = row_of(form->replaces) > 0;
    if (result >= 0)
        result = circumstance_view(w, &l->person, &all, &v);
    if (result >= 0)
        eligibility_page_circumstance(&rp->body, rq->frame, &v);
    return result;
}

int circumstance_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_circumstance_form form;
    struct filing_look l;
    int result = look(w, rq, AUDIT_INQUIRY, "circumstance", &l);

    eligibility_circumstance_form_init(&form);
    FILING_NEW(&form, w->today);
    if (result >= 0)
        result = event_last(&w->cx, w->store, &form.state.read_at);
    return result < 0 ? result : circumstance_show(w, rq, rp, &l, &form);
}

static struct circumstance_entry circumstance_take(const struct person *p,
                                                   const struct eligibility_circumstance_form *form)
{
    const enum circumstance_kind kind = (enum circumstance_kind)row_of(form->kind);
    const bool months = has_months(kind);

    return (
        struct circumstance_entry){.in = FILING_TAKEN(form, p->household_id),
                                   .fact = {.person_id = p->person_id,
                                            .kind = kind,
                                            .day = form->day,
                                            .code =
                                                form->code == FORM_ABSENT ? 0 : (int32_t)form->code,
                                            .first_month = months ? form->first_month : MONTH_NONE,
                                            .last_month = months ? form->last_month : MONTH_NONE,
                                            .notified = form->notified},
                                   .replaces = row_of(form->replaces),
                                   .is_removed = form->removed};
}

int circumstance_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_circumstance_form form;
    struct filing_look l;
    int64_t no = 0;
    int result = look(w, rq, AUDIT_CHANGE, "circumstance", &l);

    if (result < 0)
        return result;
    result = eligibility_circumstance_form_read(&w->cx, rq, &form);
    if (result >= 0 && l.person.household_id > 0)
        result = work_unchanged(w, l.person.household_id, form.state.read_at);
    if (result >= 0) {
        const struct circumstance_entry c = circumstance_take(&l.person, &form);
        result = circumstance_enter(w, &c, &no);
    }
    if (is_refused(w, &form.state, rp, result))
        return circumstance_show(w, rq, rp, &l, &form);
    return result < 0 ? result : entered(rq, rp, &l.person, result);
}

/* --- what waits for a second person ----------------------------------------------------------- */

/* The lines of an address of use of somebody protected are not shown to whoever checks them. */
int filing_entry_shown(struct work *w, const struct event *e, struct str *payload)
{
    struct person p;
    struct text out;
    struct str rest = *payload;

    if (!str_is(e->kind, "eligibility.placement") || e->person_id == 0)
        return OK;
    int result = party_person(w, e->person_id, &p);
    if (result < 0 || !p.is_protected)
        return result;
    text_init(&out, 16384);
    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        if (!str_starts(line, STR("use.")))
            (void)text_addf(&out, STR_FMT "\n", STR_ARG(line));
    }
    *payload = str_copy(w->cx.arena, text_str(&out));
    result = out.failed || !payload->p ? fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL) : OK;
    text_release(&out);
    return result;
}
