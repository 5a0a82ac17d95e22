/* After the notice: documents issued, taken back and handed over, and what is next. */
#include "desk/counter/notify.h"

#include <string.h>

struct notified {
    struct work *w;
    struct party_home home;
    struct event event;
    int64_t *people;
    struct papers papers;
    struct pendings pendings;
    struct decisions decisions;
};

/* --- reading ---------------------------------------------------------------------------------- */

static int read_event(struct notified *d, struct request *rq)
{
    struct work *w = d->w;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 1, &no);
    rc = rc < 0 ? rc : event_get(&w->cx, w->store, no, &d->event);
    if (rc < 0) {
        return rc;
    }
    bool is_notice = str_is(d->event.kind, "eligibility.notification") ||
                     str_is(d->event.kind, "eligibility.correction");
    bool fits = is_notice && d->event.household_id == d->home.household_id;
    return fits ? 0 : fail(&w->cx, ERR_NOT_FOUND, "counter.notify.no_event", "%lld", (long long)no);
}

static int read_people(struct notified *d)
{
    d->people = ARENA_ARRAY(d->w->cx.arena, d->home.n + 1, int64_t);
    if (!d->people) {
        return fail(&d->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->home.n; i++) {
        d->people[i] = d->home.members[i].person.person_id;
    }
    return 0;
}

static int read_notified(struct notified *d, struct work *w, struct request *rq,
                         enum audit_class class)
{
    *d = (struct notified){.w = w};
    int rc = party_home_by_no(w, rq->part[0], &d->home);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "counter.household.none", NULL);
    }
    struct audit_line line = {.class = class,
                              .household_id = d->home.household_id,
                              .person_id = d->home.head_id,
                              .purpose = STR("notification"),
                              .query = STR(""),
                              .count = (int64_t)d->home.n};
    struct pending_query open = {.household_id = d->home.household_id,
                                 .open_only = true,
                                 .limit = NOTIFICATION_SETTLES_MAX};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : read_event(d, rq);
    rc = rc < 0 ? rc : read_people(d);
    rc = rc < 0 ? rc : papers_read(w, &d->home, &d->papers);
    rc = rc < 0 ? rc : pending_find(w, &open, &d->pendings);
    return rc < 0 ? rc
                  : levy_decisions_of_household(w, d->home.household_id, 0, false, &d->decisions);
}

/* In force and issued today: what this notice, or one before it today, has given. */
static bool is_new(const struct notified *d, const struct held *h)
{
    return h->state == CERTIFICATE_IN_FORCE && ymd_compare(h->issued, d->w->today) == 0;
}

static const char *kind_id(struct work *w, struct str kind)
{
    struct str id = str_format(w->cx.arena, "eligibility.certificate." STR_FMT, STR_ARG(kind));
    return id.p && message_find(id.p) ? id.p : "eligibility.certificate.other";
}

/* --- the forms -----------------------------------------------------------------------------------
 */

#define PAPERS_MAX 16 /* as many as the forms have */

/* What is due is ticked; what is to come back is not: it has to lie on the counter first. */
static void settle_form_new(const struct notified *d, struct counter_settle_form *form)
{
    counter_settle_form_init(form);
    for (size_t i = 0; i < d->papers.needs.n && form->n_issue < PAPERS_MAX; i++) {
        const struct certificate_need *n = &d->papers.needs.rows[i];
        form->issue[form->n_issue].who = n->person_id;
        form->issue[form->n_issue++].take = paper_is_due(n);
    }
    for (size_t i = 0; i < d->papers.helds.n && form->n_back < PAPERS_MAX; i++) {
        if (paper_is_to_come_back(&d->papers.helds.rows[i])) {
            form->back[form->n_back++].serial = d->papers.helds.rows[i].serial;
        }
    }
}

static void hand_form_new(const struct notified *d, struct counter_hand_form *form)
{
    counter_hand_form_init(form);
    form->how = STR("counter");
    for (size_t i = 0; i < d->papers.helds.n && form->n_paper < PAPERS_MAX; i++) {
        const struct held *h = &d->papers.helds.rows[i];
        if (is_new(d, h)) {
            form->paper[form->n_paper].serial = h->serial;
            form->paper[form->n_paper++].take = h->handed.n == 0;
        }
    }
}

/* --- the view
 * -------------------------------------------------------------------------------------- */

static int view_needs(const struct notified *d, struct counter_notified_view *v)
{
    struct work *w = d->w;
    struct counter_notified_needs_row *rows =
        ARENA_ARRAY(w->cx.arena, d->papers.needs.n + 1, struct counter_notified_needs_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->papers.needs.n; i++) {
        const struct certificate_need *n = &d->papers.needs.rows[i];
        rows[i] =
            (struct counter_notified_needs_row){.name = n->name,
                                                .kind = kind_id(w, n->kind),
                                                .reason = n->reason,
                                                .is_due = n->due != NULL,
                                                .due = n->due ? n->due : n->reason,
                                                .is_refused = n->refused != NULL,
                                                .refused = n->refused ? n->refused : n->reason,
                                                .until = n->valid_until};
    }
    v->needs = rows;
    v->n_needs = d->papers.needs.n;
    return 0;
}

static int view_papers(const struct notified *d, struct counter_notified_view *v)
{
    struct work *w = d->w;
    struct counter_notified_papers_row *papers =
        ARENA_ARRAY(w->cx.arena, d->papers.helds.n + 1, struct counter_notified_papers_row);
    struct counter_notified_backs_row *backs =
        ARENA_ARRAY(w->cx.arena, d->papers.helds.n + 1, struct counter_notified_backs_row);
    if (!papers || !backs) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->papers.helds.n; i++) {
        const struct held *h = &d->papers.helds.rows[i];
        if (paper_is_to_come_back(h)) {
            backs[v->n_backs++] = (struct counter_notified_backs_row){h->name, kind_id(w, h->kind),
                                                                      h->serial, h->issued};
        }
        if (is_new(d, h)) {
            v->has_hand |= h->handed.n == 0;
            papers[v->n_papers++] =
                (struct counter_notified_papers_row){.name = h->name,
                                                     .kind = kind_id(w, h->kind),
                                                     .serial = h->serial,
                                                     .until = h->valid_until,
                                                     .is_handed = h->handed.n > 0,
                                                     .is_confirmed = h->is_confirmed,
                                                     .handed = h->handed_at,
                                                     .handed_by = h->handed_by};
        }
    }
    v->papers = papers;
    v->backs = backs;
    return 0;
}

static int view_next(const struct notified *d, struct counter_notified_view *v)
{
    struct work *w = d->w;
    struct counter_notified_cases_row *cases =
        ARENA_ARRAY(w->cx.arena, d->pendings.n + 1, struct counter_notified_cases_row);
    struct counter_notified_decisions_row *decisions =
        ARENA_ARRAY(w->cx.arena, d->decisions.n + 1, struct counter_notified_decisions_row);
    if (!cases || !decisions) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < d->pendings.n; i++) {
        const struct pending *p = &d->pendings.rows[i];
        cases[v->n_cases++] =
            (struct counter_notified_cases_row){pending_message(w, (int)p->kind),
                                                member_name(&d->home, p->person_id), p->pending_id,
                                                p->cause};
    }
    for (size_t i = 0; i < d->decisions.n; i++) {
        const struct decision *x = &d->decisions.rows[i];
        if (x->is_open && x->fiscal_year == ymd_fiscal_year(w->today)) {
            decisions[v->n_decisions++] =
                (struct counter_notified_decisions_row){levy_year_label(&w->cx, x->fiscal_year),
                                                        x->fiscal_year, x->decision_no,
                                                        x->result.total};
        }
    }
    v->cases = cases;
    v->decisions = decisions;
    return 0;
}

static int show_page(const struct notified *d, struct request *rq, struct reply *rp,
                     struct counter_notified_view *v)
{
    const struct work *w = d->w;
    v->household_no = d->home.household_no;
    v->head_name = d->home.head_name;
    v->event_no = d->event.no;
    v->received = d->event.received;
    v->waits = d->event.status == EVENT_ENTERED;
    v->year = ymd_fiscal_year(w->today);
    int rc = view_needs(d, v);
    rc = rc < 0 ? rc : view_papers(d, v);
    rc = rc < 0 ? rc : view_next(d, v);
    v->has_back = v->n_backs > 0;
    v->has_issue = v->n_needs > 0 || v->has_back;
    if (rc >= 0) {
        counter_page_notified(&rp->body, rq->frame, v);
    }
    return rc;
}

static int show_with(const struct notified *d, struct request *rq, struct reply *rp,
                     struct counter_settle_form *settle, struct counter_hand_form *hand)
{
    struct counter_settle_form new_settle;
    struct counter_hand_form new_hand;
    struct counter_notified_view v = {.settle = settle ? settle : &new_settle,
                                      .hand = hand ? hand : &new_hand};
    settle_form_new(d, &new_settle);
    hand_form_new(d, &new_hand);
    if (settle || hand) {
        error_clear(&d->w->cx);
        rp->status = 422;
    }
    return show_page(d, rq, rp, &v);
}

int show_notified(struct work *w, struct request *rq, struct reply *rp)
{
    struct notified d;
    int rc = read_notified(&d, w, rq, AUDIT_INQUIRY);
    return rc < 0 ? rc : show_with(&d, rq, rp, NULL, NULL);
}

/* --- issuing and taking back
 * ---------------------------------------------------------------------- */

static bool is_member(const struct notified *d, int64_t person_id)
{
    for (size_t i = 0; i < d->home.n; i++) {
        if (d->people[i] == person_id) {
            return true;
        }
    }
    return false;
}

static int issue(const struct notified *d, const struct counter_settle_form *form)
{
    struct certificate_order orders[PAPERS_MAX];
    int64_t event_no = 0;
    size_t n = 0;
    for (size_t i = 0; i < form->n_issue; i++) {
        if (form->issue[i].take && is_member(d, form->issue[i].who)) {
            orders[n++] = (struct certificate_order){.person_id = form->issue[i].who,
                                                     .kind = STR(""),
                                                     .cause = STR(""),
                                                     .why = STR(""),
                                                     .valid_until = YMD_NONE,
                                                     .handed = STR("")};
        }
    }
    return n == 0 ? 0 : certificate_enter(d->w, d->home.household_id, orders, n, &event_no);
}

static const struct held *held_of(const struct notified *d, struct str serial)
{
    for (size_t i = 0; i < d->papers.helds.n; i++) {
        if (str_equal(d->papers.helds.rows[i].serial, serial)) {
            return &d->papers.helds.rows[i];
        }
    }
    return NULL;
}

static int take_back(const struct notified *d, const struct counter_settle_form *form)
{
    struct certificate_return rows[PAPERS_MAX];
    int64_t event_no = 0;
    size_t n = 0;
    for (size_t i = 0; i < form->n_back; i++) {
        const struct held *h = form->back[i].take ? held_of(d, form->back[i].serial) : NULL;
        if (h) {
            bool replaced = h->state == CERTIFICATE_REPLACED;
            rows[n++] =
                (struct certificate_return){.serial = h->serial,
                                            .returned = d->w->today,
                                            .reason = replaced ? STR("replaced") : STR("loss"),
                                            .cause = YMD_NONE};
        }
    }
    return n == 0 ? 0 : certificate_return_enter(d->w, rows, n, &event_no);
}

static int back_to_page(const struct notified *d, struct request *rq, struct reply *rp)
{
    return reply_redirect(rq, rp, "/counter/notify/" STR_FMT "/done/%lld",
                          STR_ARG(d->home.household_no), (long long)d->event.no);
}

/* A desk's refusal beside the form it came from. */
static void tell(struct notified *d, struct form_state *state)
{
    char message[sizeof d->w->cx.error.message];
    memcpy(message, d->w->cx.error.message, sizeof message);
    error_clear(&d->w->cx);
    form_problem(&d->w->cx, state, "", message, NULL);
}

int settle_papers(struct work *w, struct request *rq, struct reply *rp)
{
    struct notified d;
    struct counter_settle_form form;
    int rc = counter_settle_form_read(&w->cx, rq, &form);
    if (rc < 0) {
        return rc;
    }
    rc = read_notified(&d, w, rq, AUDIT_CHANGE);
    if (rc < 0) {
        return rc;
    }
    rc = take_back(&d, &form);
    rc = rc < 0 ? rc : issue(&d, &form);
    if (rc == ERR_INVALID) {
        tell(&d, &form.state);
        return show_with(&d, rq, rp, &form, NULL);
    }
    return rc < 0 ? rc : back_to_page(&d, rq, rp);
}

/* --- handing over
 * ------------------------------------------------------------------------------------ */

int hand_papers(struct work *w, struct request *rq, struct reply *rp)
{
    struct notified d;
    struct counter_hand_form form;
    int rc = counter_hand_form_read(&w->cx, rq, &form);
    bool is_read = rc >= 0;
    if (rc < 0 && rc != ERR_INVALID) {
        return rc;
    }
    error_clear(&w->cx);
    rc = read_notified(&d, w, rq, AUDIT_CHANGE);
    if (rc < 0) {
        return rc;
    }
    if (is_read && form.confirmed && !str_is(form.how, "counter")) {
        form_problem(&w->cx, &form.state, "confirmed", "counter.notify.confirmed_by_post", NULL);
        is_read = false;
    }
    if (!is_read) {
        return show_with(&d, rq, rp, NULL, &form);
    }
    for (size_t i = 0; i < form.n_paper && rc >= 0; i++) {
        const struct held *h = form.paper[i].take ? held_of(&d, form.paper[i].serial) : NULL;
        struct certificate_handover over = {.serial = h ? h->serial : STR(""),
                                            .how = form.how,
                                            .receiver = form.receiver.p ? form.receiver : STR(""),
                                            .tracking = STR(""),
                                            .is_confirmed = form.confirmed};
        rc = h ? certificate_hand_over(w, &over) : 0;
    }
    return rc < 0 ? rc : back_to_page(&d, rq, rp);
}
