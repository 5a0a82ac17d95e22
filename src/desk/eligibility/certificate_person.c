/* The page of one person's certificates: all of them, what he should hold, and what is done. */
#include "desk/eligibility/certificate_inner.h"
#include "eligibility_pages.h"

struct asked { /* one look at the page, or one act on it */
    struct work *w;
    struct person person;
    struct certificate_needs needs;
    struct helds helds;
    struct eligibility_certificate_person_view v;
};

static int read_person(struct asked *a, struct work *w, const struct request *rq,
                       enum audit_class class, const char *purpose)
{
    int64_t id = 0;
    int result = party_person_by_no(w, rq->part[0], &id);

    *a = (struct asked){.w = w};
    if (result == 0)
        result = fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = class,
                                                     .person_id = id,
                                                     .purpose = str_of(purpose),
                                                     .count = 1});
    if (result >= 0)
        result = party_person(w, id, &a->person);
    if (result >= 0)
        result = certificate_due_people(w, &id, 1, &a->needs);
    if (result >= 0)
        result = certificate_of_people(w, &id, 1, &a->helds);
    return result < 0 ? error_add(&w->cx, "read a person's certificates") : OK;
}

/* --- what the page shows
 * --------------------------------------------------------------------------------------- */

static int fill_needs(struct asked *a)
{
    struct eligibility_certificate_person_needs_row *rows =
        ARENA_ARRAY(a->w->cx.arena, a->needs.n + 1,
                    struct eligibility_certificate_person_needs_row);

    if (!rows)
        return certificate_memory(a->w);
    for (size_t i = 0; i < a->needs.n; i++) {
        const struct certificate_need *n = &a->needs.rows[i];
        rows[i] =
            (struct eligibility_certificate_person_needs_row){.kind = certificate_message(n->kind),
                                                              .reason = n->reason,
                                                              .is_due = n->due != NULL,
                                                              .due = n->due,
                                                              .is_refused = n->refused != NULL,
                                                              .refused = n->refused,
                                                              .until = n->valid_until,
                                                              .share = n->share};
    }
    a->v.needs = rows;
    a->v.n_needs = a->needs.n;
    return OK;
}

static const char *message_of(struct work *w, const char *prefix, struct str code)
{
    const struct str id = str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(code));

    return id.p && message_find(id.p) ? id.p : "eligibility.certificate.unknown";
}

static struct eligibility_certificate_person_papers_row paper_of(struct work *w,
                                                                 const struct held *c)
{
    return (struct eligibility_certificate_person_papers_row){
        .serial = c->serial,
        .kind = certificate_message(c->kind),
        .insured_no =
            str_format(w->cx.arena, STR_FMT "-" STR_FMT, STR_ARG(c->number), STR_ARG(c->branch)),
        .face_name = c->face_name,
        .issued = c->issued,
        .effective = c->effective,
        .valid_until = c->valid_until,
        .count = c->issue_count,
        .share = c->share,
        .division = division_message(c->division),
        .has_division = c->division != DIVISION_NONE,
        .status = certificate_state_message(c->state),
        .is_good = c->state == CERTIFICATE_IN_FORCE,
        .is_open = c->state == CERTIFICATE_REPLACED || c->state == CERTIFICATE_TO_RETURN,
        .place = c->place,
        .user = c->user,
        .returned = c->returned,
        .return_reason = message_of(w, "eligibility.returned.", c->return_reason),
        .is_handed = c->handed.n > 0,
        .handed = message_of(w, "eligibility.handed.", c->handed),
        .handed_at = c->handed_at,
        .handed_by = c->handed_by,
        .is_confirmed = c->is_confirmed};
}

/* The documents that are still out, as the choices of the forms. */
static int fill_papers(struct asked *a)
{
    struct arena *arena = a->w->cx.arena;
    struct eligibility_certificate_person_papers_row *rows =
        ARENA_ARRAY(arena, a->helds.n + 1, struct eligibility_certificate_person_papers_row);
    struct page_option_view *held = ARENA_ARRAY(arena, a->helds.n + 1, struct page_option_view);

    if (!rows || !held)
        return certificate_memory(a->w);
    for (size_t i = 0; i < a->helds.n; i++) {
        const struct held *c = &a->helds.rows[i];
        const struct message *kind = message_find(certificate_message(c->kind));
        rows[i] = paper_of(a->w, c);
        if (c->state != CERTIFICATE_RETURNED)
            held[a->v.n_held++] =
                (struct page_option_view){.value = c->serial,
                                          .label =
                                              str_format(arena, STR_FMT " %s", STR_ARG(c->serial),
                                                         kind ? kind->text : "")};
    }
    a->v.papers = rows;
    a->v.n_papers = a->helds.n;
    a->v.held = held;
    return OK;
}

static int show(struct asked *a, struct request *rq, struct reply *rp)
{
    struct eligibility_reissue_form reissue;
    struct eligibility_handing_form handing;
    struct eligibility_giving_back_form back;
    int64_t last = 0;
    int result = event_last(&a->w->cx, a->w->store, &last);

    eligibility_reissue_form_init(&reissue);
    eligibility_handing_form_init(&handing);
    eligibility_giving_back_form_init(&back);
    back.day = a->w->today;
    reissue.state.read_at = handing.state.read_at = back.state.read_at = last;
    a->v.person_no = a->person.person_no;
    a->v.name = a->person.name;
    a->v.kana = a->person.kana;
    a->v.birth = a->person.birth;
    a->v.household_no = a->person.household_no;
    a->v.hidden = a->person.is_protected;
    a->v.may_edit = work_may(a->w, RIGHT_CERTIFICATE_EDIT);
    a->v.reissue = a->v.reissue ? a->v.reissue : &reissue;
    a->v.handing = a->v.handing ? a->v.handing : &handing;
    a->v.giving_back = a->v.giving_back ? a->v.giving_back : &back;
    if (result >= 0)
        result = fill_needs(a);
    if (result >= 0)
        result = fill_papers(a);
    if (result >= 0)
        eligibility_page_certificate_person(&rp->body, rq->frame, &a->v);
    return result < 0 ? error_add(&a->w->cx, "show a person's certificates") : OK;
}

int certificate_person_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    const int result = read_person(&a, w, rq, AUDIT_INQUIRY, "certificates");

    return result < 0 ? result : show(&a, rq, rp);
}

/* --- what is done on it
 * ---------------------------------------------------------------------------------------- */

/* After an act: back to the page with a word on top; refused by the desk: the page again, the
 * problem beside the form. */
static int settle(struct asked *a, struct request *rq, struct reply *rp, struct form_state *state,
                  int result)
{
    if (result >= 0) {
        const struct message *m = message_find(result > 0 ? "eligibility.certificate.waits"
                                                          : "eligibility.certificate.done");
        rp->notice = m ? str_of(m->text) : STR("");
        return reply_redirect(rq, rp, "/certificates/" STR_FMT, STR_ARG(a->person.person_no));
    }
    if (result != ERR_INVALID && result != ERR_STALE)
        return result;
    if (state->problems.n == 0)
        form_problem(&a->w->cx, state, "", a->w->cx.error.message, NULL);
    error_clear(&a->w->cx);
    rp->status = 422;
    return show(a, rq, rp);
}

static int disease_of(struct str word)
{
    static const char *const words[] = {"one", "two", "three"};

    for (int i = 0; i < 3; i++) {
        if (str_is(word, words[i]))
            return i + 1;
    }
    return 0;
}

static int reissue(struct asked *a, const struct eligibility_reissue_form *form)
{
    struct certificate_order o = {.person_id = a->person.person_id,
                                  .kind = str_is(form->kind, "decided") ? STR("") : form->kind,
                                  .cause = str_is(form->cause, "auto") ? STR("") : form->cause,
                                  .why = form->why,
                                  .valid_until = form->valid_until,
                                  .disease = disease_of(form->disease),
                                  .is_sex_on_back = form->back,
                                  .handed = STR("")};
    const int64_t household =
        a->needs.n > 0 ? a->needs.rows[0].household_id : a->person.household_id;
    const int result = household > 0 ? work_unchanged(a->w, household, form->state.read_at) : OK;

    return result < 0 ? result : certificate_enter(a->w, household, &o, 1, NULL);
}

int certificate_person_issue(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_reissue_form form;
    int result = read_person(&a, w, rq, AUDIT_CHANGE, "certificate-issue");

    if (result < 0)
        return result;
    a.v.reissue = &form;
    result = eligibility_reissue_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = reissue(&a, &form);
    return settle(&a, rq, rp, &form.state, result);
}

/* A serial of somebody else is refused: the page is this person's. */
static int check_his(const struct asked *a, struct str serial)
{
    for (size_t i = 0; i < a->helds.n; i++) {
        if (str_equal(a->helds.rows[i].serial, serial))
            return OK;
    }
    return fail(&a->w->cx, ERR_INVALID, "eligibility.certificate.none", STR_FMT, STR_ARG(serial));
}

int certificate_person_hand(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_handing_form form;
    int result = read_person(&a, w, rq, AUDIT_CHANGE, "certificate-handover");

    if (result < 0)
        return result;
    a.v.handing = &form;
    result = eligibility_handing_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = check_his(&a, form.serial);
    if (result >= 0)
        result = certificate_hand_over(w, &(struct certificate_handover){.serial = form.serial,
                                                                         .how = form.how,
                                                                         .receiver = form.receiver,
                                                                         .tracking = STR(""),
                                                                         .is_confirmed =
                                                                             form.confirmed});
    return settle(&a, rq, rp, &form.state, result);
}

int certificate_person_return(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_giving_back_form form;
    int result = read_person(&a, w, rq, AUDIT_CHANGE, "certificate-return");

    if (result < 0)
        return result;
    a.v.giving_back = &form;
    result = eligibility_giving_back_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = check_his(&a, form.serial);
    if (result >= 0)
        result = certificate_return_enter(
            w, &(struct certificate_return){form.serial, form.day, form.reason, YMD_NONE}, 1, NULL);
    return settle(&a, rq, rp, &form.state, result);
}
