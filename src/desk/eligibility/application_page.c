/* The pages of applications: the list of the open ones, one with what the law makes of it, decided.
 */
#include "desk/eligibility/application_inner.h"
#include "eligibility_pages.h"

enum { SHOWN = 50 };

/* --- the open ones
 * --------------------------------------------------------------------------------- */

/* Who lives under protection is marked; all of the list at once. */
static int fill_open(struct work *w, const struct applications *all,
                     struct eligibility_applications_view *v)
{
    struct eligibility_applications_applications_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_applications_applications_row);
    struct addressee *to = ARENA_ARRAY(w->cx.arena, all->n + 1, struct addressee);
    int64_t *ids = ARENA_ARRAY(w->cx.arena, all->n + 1, int64_t);

    if (!rows || !to || !ids)
        return certificate_memory(w);
    for (size_t i = 0; i < all->n; i++)
        ids[i] = all->rows[i].person_id;
    const int result = party_addressees(w, ids, all->n, STR("eligibility"), to);
    for (size_t i = 0; i < all->n && result >= 0; i++) {
        const struct application *x = &all->rows[i];
        rows[i] = (struct eligibility_applications_applications_row){
            .no = x->no,
            .kind = application_kind_message(x->kind),
            .person_no = x->person_no,
            .name = x->name,
            .hidden = to[i].is_protected,
            .received = x->in.notified,
            .days = w->today.day - x->in.notified.day,
            .waits = x->waits};
    }
    v->applications = rows;
    v->n_applications = all->n;
    if (all->n == SHOWN)
        v->next = str_format(w->cx.arena, "/applications?after=" STR_FMT,
                             STR_ARG(all->rows[all->n - 1].no));
    return result;
}

int applications_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_applications_view v = {.next = STR("")};
    struct applications all = {0};
    struct str after = request_query(rq, "after");
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .query = STR("open applications"),
                                                     .count = -1});

    if (result >= 0)
        result = applications_open(w, after.p ? after : STR(""), SHOWN, &all);
    if (result >= 0)
        result = fill_open(w, &all, &v);
    if (result >= 0)
        result = audit_outcome(w, OK, (int64_t)all.n);
    if (result >= 0)
        eligibility_page_applications(&rp->body, rq->frame, &v);
    return result < 0 ? error_add(&w->cx, "show the open applications") : OK;
}

/* --- one
 * -------------------------------------------------------------------------------------------- */

struct shown {
    struct work *w;
    struct application a;
    struct person person;
    struct application_look look;
    struct application_steps steps;
    struct eligibility_application_view v;
};

static int read_one(struct shown **out, struct work *w, const struct request *rq,
                    enum audit_class class)
{
    struct shown *x = ARENA_NEW(w->cx.arena, struct shown);
    int result = x ? application_get(w, rq->part[0], &x->a) : certificate_memory(w);

    *out = x;
    if (result == 0)
        result = fail(&w->cx, ERR_NOT_FOUND, "eligibility.application.none", STR_FMT,
                      STR_ARG(rq->part[0]));
    if (result < 0)
        return result;
    x->w = w;
    result = audit_write(w, &(struct audit_line){.class = class,
                                                 .person_id = x->a.person_id,
                                                 .household_id = x->a.in.household_id,
                                                 .purpose = STR("application"),
                                                 .query = x->a.no,
                                                 .count = 1});
    if (result >= 0)
        result = party_person(w, x->a.person_id, &x->person);
    if (result >= 0)
        result = application_steps(w, &x->a, &x->steps);
    if (result >= 0 && x->a.state == APPLICATION_OPEN)
        result = application_look(w, &x->a, &x->look);
    return result < 0 ? error_add(&w->cx, "read an application") : OK;
}

static struct str said(const char *prefix, struct work *w, struct str code)
{
    const char *id =
        str_c(w->cx.arena, str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(code)));
    const struct message *m = id ? message_find(id) : NULL;

    return m ? str_of(m->text) : code;
}

/* Codes of the form in words, the rest as it was written. */
static struct str value_of(struct shown *x, const struct application_item *i)
{
    struct work *w = x->w;

    if (str_is(i->name, "cause"))
        return said("eligibility.cause.", w, i->words);
    if (str_is(i->name, "wanted"))
        return said("eligibility.wanted.", w, i->words);
    if (!i->has_number || str_is(i->name, "long_stay"))
        return i->words.p ? i->words : STR("");
    const struct str number = str_format(w->cx.arena, "%lld", (long long)i->number);
    return str_is(i->name, "disease") ? said("eligibility.disease.", w, number) : number;
}

static int fill_items(struct shown *x)
{
    struct item_kinds kinds;
    struct eligibility_application_items_row *rows =
        ARENA_ARRAY(x->w->cx.arena, x->a.n_items + 1, struct eligibility_application_items_row);
    const int result = rows ? item_kinds_read(x->w, &kinds) : certificate_memory(x->w);

    for (size_t i = 0; i < x->a.n_items && result >= 0; i++) {
        const struct application_item *k = &x->a.item[i];
        const struct item_kind *kind = item_kind_of(&kinds, x->a.kind, k->name);
        rows[i] = (struct eligibility_application_items_row){
            .label = kind ? kind->label : k->name,
            .who = k->person_id ? str_format(x->w->cx.arena, STR_FMT " " STR_FMT,
                                             STR_ARG(k->person_no), STR_ARG(k->person_name))
                                : STR(""),
            .from = k->from,
            .to = k->to,
            .amount = k->amount,
            .has_amount = k->has_amount,
            .value = value_of(x, k)};
    }
    x->v.items = rows;
    x->v.n_items = x->a.n_items;
    return result;
}

static int fill_reasons(struct shown *x)
{
    struct refusal_reasons all;
    struct page_option_view *rows =
        ARENA_ARRAY(x->w->cx.arena, REASONS_MAX, struct page_option_view);
    const int result = rows ? refusal_reasons_read(x->w, &all) : certificate_memory(x->w);

    if (result < 0)
        return result;
    for (size_t i = 0; i < all.n; i++) {
        if (all.rows[i].kind == x->a.kind)
            rows[x->v.n_reasons++] = (struct page_option_view){all.rows[i].code, all.rows[i].words};
    }
    x->v.reasons = rows;
    const struct refusal_reason *r = refusal_reason_of(&all, x->a.kind, x->look.refusal);
    x->v.is_refused = r != NULL;
    x->v.refusal = r ? r->words : STR("");
    x->v.refusal_basis = r ? r->basis : STR("");
    return OK;
}

static void fill_look(struct shown *x)
{
    const struct application_look *l = &x->look;

    x->v.problem = l->problem;
    x->v.has_problem = l->problem != NULL;
    x->v.can_grant = !l->problem && l->refusal.n == 0;
    x->v.relief = relief_message(l->relief);
    x->v.has_relief = l->relief != RELIEF_NONE;
    x->v.rate = l->rate;
    x->v.from = l->valid.from;
    x->v.last = ymd_is_none(l->valid.to) ? YMD_NONE : ymd_add(l->valid.to, -1);
    x->v.division = division_message(l->division);
    x->v.has_division = l->division != DIVISION_NONE;
    x->v.limit = l->limit;
    x->v.paper = certificate_message(l->paper);
    x->v.has_paper = l->paper.n > 0 && x->v.can_grant;
    x->v.long_stay = l->long_stay;
    x->v.is_stay = application_number(&x->a, "long_stay") > 0;
    x->v.stay_days = l->stay_days;
    x->v.share_before = l->share_before > 0 ? l->share_before : 0;
    x->v.share_after = l->share_after > 0 ? l->share_after : 0;
    x->v.judgement =
        str_format(x->w->cx.arena, "/judgement/household/" STR_FMT, STR_ARG(x->v.household_no));
}

static int fill_steps(struct shown *x)
{
    struct eligibility_application_steps_row *rows =
        ARENA_ARRAY(x->w->cx.arena, x->steps.n + 1, struct eligibility_application_steps_row);

    if (!rows)
        return certificate_memory(x->w);
    for (size_t i = 0; i < x->steps.n; i++) {
        const struct application_step *s = &x->steps.rows[i];
        rows[i] = (struct eligibility_application_steps_row){
            .decision =
                str_format(x->w->cx.arena, "%d-%lld", s->fiscal_year, (long long)s->decision_no),
            .day = s->decided,
            .status = application_state_message(s->state),
            .reason = s->reason,
            .words = s->words,
            .relief = relief_message(s->relief),
            .has_relief = s->relief != RELIEF_NONE,
            .rate = s->rate,
            .from = s->from,
            .last = s->last,
            .serial = s->serial,
            .officer = s->officer,
            .checker = s->checker};
    }
    x->v.steps = rows;
    x->v.n_steps = x->steps.n;
    return OK;
}

static int fill_head(struct shown *x)
{
    struct party_home home;
    const struct application *a = &x->a;
    const int result = party_home(x->w, a->in.household_id, &home);

    if (result < 0)
        return result;
    x->v.no = a->no;
    x->v.kind = application_kind_message(a->kind);
    x->v.person_no = x->person.person_no;
    x->v.name = x->person.name;
    x->v.hidden = x->person.is_protected;
    x->v.household_no = result > 0 ? home.household_no : STR("");
    x->v.received = a->in.notified;
    x->v.source = str_is(a->in.source, "proxy") ? "eligibility.application.by_proxy"
                                                : "eligibility.application.by_person";
    x->v.identity = str_c(x->w->cx.arena, str_format(x->w->cx.arena, "eligibility.identity.%d",
                                                     (int)a->in.identity));
    x->v.proxy = a->in.proxy_name.p ? a->in.proxy_name : STR("");
    x->v.officer = a->officer;
    x->v.waits = a->waits;
    x->v.is_open = a->state == APPLICATION_OPEN;
    x->v.is_granted = a->state == APPLICATION_GRANTED;
    x->v.is_part = a->kind == APPLICATION_PART_PAYMENT;
    x->v.may_edit = work_may(x->w, RIGHT_ELIGIBILITY_EDIT);
    return x->v.identity ? OK : certificate_memory(x->w);
}

static int show(struct shown *x, struct request *rq, struct reply *rp)
{
    struct eligibility_grant_application_form grant;
    struct eligibility_grant_part_form part;
    struct eligibility_refuse_application_form refuse;
    struct eligibility_end_application_form end;
    int64_t last = 0;
    int result = event_last(&x->w->cx, x->w->store, &last);

    eligibility_grant_application_form_init(&grant);
    eligibility_refuse_application_form_init(&refuse);
    eligibility_end_application_form_init(&end);
    eligibility_grant_part_form_init(&part);
    part.relief = STR("auto");
    part.state.read_at = grant.state.read_at = refuse.state.read_at = end.state.read_at = last;
    refuse.reason = x->look.refusal.p ? x->look.refusal : STR("");
    x->v.grant_application = x->v.grant_application ? x->v.grant_application : &grant;
    x->v.grant_part = x->v.grant_part ? x->v.grant_part : &part;
    x->v.refuse_application = x->v.refuse_application ? x->v.refuse_application : &refuse;
    x->v.end_application = x->v.end_application ? x->v.end_application : &end;
    if (result >= 0)
        result = fill_head(x);
    if (result >= 0)
        result = fill_items(x);
    if (result >= 0)
        result = fill_reasons(x);
    if (result >= 0)
        result = fill_steps(x);
    if (result < 0)
        return error_add(&x->w->cx, "show an application");
    fill_look(x);
    eligibility_page_application(&rp->body, rq->frame, &x->v);
    return OK;
}

int application_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct shown *x;
    const int result = read_one(&x, w, rq, AUDIT_INQUIRY);

    return result < 0 ? result : show(x, rq, rp);
}

/* --- decided
 * --------------------------------------------------------------------------------------- */

static int settle(struct shown *x, struct request *rq, struct reply *rp, struct form_state *state,
                  int result)
{
    struct work *w = x->w;

    if (result >= 0) {
        const struct message *m = message_find(result > 0 ? "eligibility.certificate.waits"
                                                          : "eligibility.application.done");
        rp->notice = m ? str_of(m->text) : STR("");
        return reply_redirect(rq, rp, "/application/" STR_FMT, STR_ARG(x->a.no));
    }
    if (result != ERR_INVALID && result != ERR_STALE)
        return result;
    if (state->problems.n == 0)
        form_problem(&w->cx, state, "", w->cx.error.message, NULL);
    error_clear(&w->cx);
    rp->status = 422;
    return show(x, rq, rp);
}

static int decide(struct shown *x, const struct form_state *state, struct application_decision *d)
{
    int64_t event_no = 0;
    const int result = work_unchanged(x->w, x->a.in.household_id, state->read_at);

    d->no = x->a.no;
    return result < 0 ? result : application_decide(x->w, d, &event_no);
}

int application_grant_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct shown *x;
    struct eligibility_grant_application_form form;
    int result = read_one(&x, w, rq, AUDIT_CHANGE);

    if (result < 0)
        return result;
    x->v.grant_application = &form;
    result = eligibility_grant_application_form_read(&w->cx, rq, &form);
    struct application_decision d = {.state = APPLICATION_GRANTED,
                                     .is_without_paper = form.no_paper};
    if (result >= 0)
        result = decide(x, &form.state, &d);
    return settle(x, rq, rp, &form.state, result);
}

int application_grant_part_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct shown *x;
    struct eligibility_grant_part_form form;
    int result = read_one(&x, w, rq, AUDIT_CHANGE);

    if (result < 0)
        return result;
    x->v.grant_part = &form;
    result = eligibility_grant_part_form_read(&w->cx, rq, &form);
    struct application_decision d = {.state = APPLICATION_GRANTED,
                                     .words = form.words,
                                     .relief = relief_of_word(form.relief),
                                     .rate = form.rate == FORM_ABSENT ? 0 : (int)form.rate,
                                     .months = form.months == FORM_ABSENT ? 0 : (int)form.months};
    if (result >= 0)
        result = decide(x, &form.state, &d);
    return settle(x, rq, rp, &form.state, result);
}

int application_refuse_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct shown *x;
    struct eligibility_refuse_application_form form;
    int result = read_one(&x, w, rq, AUDIT_CHANGE);

    if (result < 0)
        return result;
    x->v.refuse_application = &form;
    result = eligibility_refuse_application_form_read(&w->cx, rq, &form);
    struct application_decision d = {.state = APPLICATION_REFUSED,
                                     .reason = form.reason,
                                     .words = form.words};
    if (result >= 0)
        result = decide(x, &form.state, &d);
    return settle(x, rq, rp, &form.state, result);
}

int application_end_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct shown *x;
    struct eligibility_end_application_form form;
    int result = read_one(&x, w, rq, AUDIT_CHANGE);

    if (result < 0)
        return result;
    x->v.end_application = &form;
    result = eligibility_end_application_form_read(&w->cx, rq, &form);
    struct application_decision d = {.state = x->a.state == APPLICATION_OPEN ? APPLICATION_WITHDRAWN
                                                                             : APPLICATION_REVOKED,
                                     .words = form.words};
    if (result >= 0)
        result = decide(x, &form.state, &d);
    return settle(x, rq, rp, &form.state, result);
}
