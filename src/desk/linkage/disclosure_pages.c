/* Requests for one's own data, their extract, and the register of decisions. */
#include "desk/linkage/pages.h"

#include <stdio.h>
#include <unistd.h>

static bool is_late(struct work *w, struct ymd due)
{
    return ymd_compare(w->today, due) > 0;
}

static const char *kind_of(struct work *w, struct str kind)
{
    return message_of(w, "linkage.disclosure.kind.", kind);
}

/* --- those that wait
 * -------------------------------------------------------------------------------- */

int show_disclosures(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_find_form form;
    struct linkage_disclosures_open_list list;
    bool asked = form_sent(&linkage_find_shape, rq);
    struct linkage_disclosures_view v = {.find = asked ? &form : NULL};
    if (asked && linkage_find_form_read(&w->cx, rq, &form) == OK) {
        rp->shows_nobody = true;
        return reply_redirect(rq, rp, "/disclosure/" STR_FMT, STR_ARG(form.person_no));
    }
    error_clear(&w->cx);
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .query = STR("linkage.disclosure"),
                                                 .count = -1});
    if (rc >= 0)
        rc = linkage_disclosures_open(&w->cx, w->store, &list);
    struct linkage_disclosures_requests_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_disclosures_requests_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_disclosures_open_row *d = &list.rows[i];
        rows[i] =
            (struct linkage_disclosures_requests_row){d->request_no,       d->person_no,
                                                      kind_of(w, d->kind), d->received_ymd,
                                                      d->due_ymd,          is_late(w, d->due_ymd)};
    }
    v.requests = rows;
    v.n_requests = list.n;
    linkage_page_disclosures(&rp->body, rq->frame, &v);
    return OK;
}

/* --- one person
 * --------------------------------------------------------------------------------------- */

static bool is_made(struct work *w, int64_t request_no)
{
    struct str path = extract_path(w, request_no, "pdf");
    return path.p && access(path.p, R_OK) == 0;
}

static struct linkage_disclosure_requests_row request_row(struct work *w,
                                                          const struct linkage_disclosures_row *d)
{
    char identity[48];
    bool is_open = d->decision.n == 0;
    bool may = str_is(d->kind, "disclose");
    snprintf(identity, sizeof identity, "%lld", (long long)d->identity);
    return (struct linkage_disclosure_requests_row){
        .no = d->request_no,
        .kind = kind_of(w, d->kind),
        .requester = d->requester,
        .identity = message_of(w, "eligibility.identity.", str_of(identity)),
        .proxy = d->is_proxy,
        .proxy_document = d->proxy_document,
        .content = d->content,
        .received = d->received_ymd,
        .due = d->due_ymd,
        .extension = d->extension,
        .decision = is_open ? NULL : message_of(w, "linkage.disclosure.decision.", d->decision),
        .decided = d->decided_ymd,
        .reason = d->reason,
        .open = is_open,
        .late = is_open && is_late(w, d->due_ymd),
        .extractable = may,
        .ready = may && is_made(w, d->request_no)};
}

static int requests_fill(struct work *w, int64_t person_id, struct linkage_disclosure_view *v)
{
    struct linkage_disclosures_list list;
    struct linkage_disclosures_in in = {person_id};
    int rc = linkage_disclosures(&w->cx, w->store, &in, &list);
    struct linkage_disclosure_requests_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_disclosure_requests_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = request_row(w, &list.rows[i]);
    v->requests = rows;
    v->n_requests = list.n;
    return OK;
}

static int transfers_fill(struct work *w, int64_t person_id, struct linkage_disclosure_view *v)
{
    struct linkage_transfers_of_person_list list;
    struct linkage_transfers_of_person_in in = {person_id};
    int rc = linkage_transfers_of_person(&w->cx, w->store, &in, &list);
    struct linkage_disclosure_transfers_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_disclosure_transfers_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_transfers_of_person_row *t = &list.rows[i];
        rows[i] = (struct linkage_disclosure_transfers_row){
            t->at_us,   t->target,    t->items,
            t->purpose, t->user_name, message_of(w, "linkage.result.", t->result)};
    }
    v->transfers = rows;
    v->n_transfers = list.n;
    return OK;
}

static int disclosure_page(struct work *w, struct request *rq, struct reply *rp,
                           struct linkage_disclosure_view *v)
{
    struct person p;
    int rc = person_of(w, rq, &p);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = p.person_id,
                                                 .query = STR("linkage.disclosure"),
                                                 .count = 1});
    if (rc >= 0)
        rc = requests_fill(w, p.person_id, v);
    if (rc >= 0)
        rc = transfers_fill(w, p.person_id, v);
    if (rc < 0)
        return rc;
    v->person_no = p.person_no;
    v->name = p.name;
    linkage_page_disclosure(&rp->body, rq->frame, v);
    return OK;
}

int show_disclosure(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_request_form form;
    struct linkage_disclosure_view v = {.request = &form};
    linkage_request_form_init(&form);
    form.received = w->today;
    return disclosure_page(w, rq, rp, &v);
}

static int back(struct work *w, struct request *rq, struct reply *rp)
{
    struct str path = str_format(w->cx.arena, "/disclosure/" STR_FMT, STR_ARG(rq->part[0]));
    return go_on(rq, rp, path.p ? path.p : "/disclosures", "linkage.saved");
}

int save_request(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_request_form form;
    struct linkage_disclosure_view v = {.request = &form};
    struct person p = {.person_id = 0};
    int64_t identity = 0, request_no = 0;
    int rc = person_of(w, rq, &p);
    if (rc >= 0)
        rc = linkage_request_form_read(&w->cx, rq, &form);
    if (rc >= 0 && !str_to_int(form.identity, &identity))
        identity = 0;
    struct disclosure_new d = {p.person_id, form.kind,           form.requester, identity,
                               form.proxy,  form.proxy_document, form.content,   form.received};
    if (rc >= 0)
        rc = as_problem(w, &form.state, disclosure_enter(w, &d, &request_no));
    if (is_wrong(w, rp, rc))
        return disclosure_page(w, rq, rp, &v);
    return rc < 0 ? rc : back(w, rq, rp);
}

static int decide(struct work *w, const struct person *p, struct linkage_decide_form *f)
{
    struct linkage_disclosure_by_no_row d;
    int rc = disclosure_find(w, f->request_no, &d);
    if (rc >= 0 && d.person_id != p->person_id)
        rc = fail(&w->cx, ERR_NOT_FOUND, "linkage.disclosure.none", NULL);
    if (rc >= 0 && str_is(f->decision, "extend"))
        rc = disclosure_extend(w, f->request_no, f->reason);
    else if (rc >= 0)
        rc = disclosure_decide(w, f->request_no, f->decision, f->reason);
    return as_problem(w, &f->state, rc);
}

int save_decision(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_decide_form form;
    struct linkage_disclosure_view v = {.decide = &form};
    struct person p;
    int rc = person_of(w, rq, &p);
    if (rc >= 0)
        rc = linkage_decide_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = decide(w, &p, &form);
    if (is_wrong(w, rp, rc))
        return disclosure_page(w, rq, rp, &v);
    return rc < 0 ? rc : back(w, rq, rp);
}

/* --- the extract
 * ------------------------------------------------------------------------------------ */

/* The request of the second part, if it is this person's. */
static int request_of(struct work *w, const struct request *rq, struct person *p, int64_t *no)
{
    struct linkage_disclosure_by_no_row d = {.person_id = 0};
    int rc = person_of(w, rq, p);
    if (rc >= 0)
        rc = request_part_id(&w->cx, rq, 1, no);
    if (rc >= 0)
        rc = disclosure_find(w, *no, &d);
    if (rc >= 0 && d.person_id != p->person_id)
        rc = fail(&w->cx, ERR_NOT_FOUND, "linkage.disclosure.none", NULL);
    return rc;
}

int run_extract(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    int64_t no = 0, job = 0;
    int rc = request_of(w, rq, &p, &no);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                 .person_id = p.person_id,
                                                 .purpose = STR("disclosure-extract"),
                                                 .count = 1});
    struct str options = str_format(w->cx.arena, "request=%lld", (long long)no);
    if (rc >= 0)
        rc = options.p ? job_queue(w, "disclosure-extract", options, &job) : no_memory(w);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/job/%lld", (long long)job);
}

int show_extract(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    struct text bytes;
    int64_t no = 0;
    bool is_pdf = str_is(rq->part[2], "pdf");
    int rc = request_of(w, rq, &p, &no);
    if (rc >= 0 && !is_pdf && !str_is(rq->part[2], "csv"))
        rc = fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                 .person_id = p.person_id,
                                                 .purpose = STR("disclosure-extract"),
                                                 .count = 1});
    if (rc < 0)
        return rc;
    struct str path = extract_path(w, no, is_pdf ? "pdf" : "csv");
    text_init(&bytes, 64 << 20);
    rc = path.p ? file_read(&w->cx, path.p, 64 << 20, &bytes) : no_memory(w);
    struct str kept = rc < 0 ? STR_NONE : str_copy(rq->arena, text_str(&bytes));
    text_release(&bytes);
    if (rc < 0 || !kept.p)
        return rc < 0 ? rc : no_memory(w);
    reply_file(rp, is_pdf ? "application/pdf" : "text/csv; charset=utf-8", kept,
               str_format(rq->arena, "disclosure-%lld.%s", (long long)no, is_pdf ? "pdf" : "csv"),
               is_pdf);
    return OK;
}

/* --- decisions
 * -------------------------------------------------------------------------------------- */

int show_decisions(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    struct decided_list list = {.n = 0};
    int rc = person_of(w, rq, &p);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = p.person_id,
                                                 .query = STR("decisions"),
                                                 .count = 1});
    if (rc >= 0)
        rc = decided_of_person(w, p.person_id, &list);
    struct linkage_decisions_decisions_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_decisions_decisions_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct decided *d = &list.rows[i];
        rows[i] =
            (struct linkage_decisions_decisions_row){d->day,     d->number,  d->kind,   d->basis,
                                                     d->officer, d->noticed, d->detail, d->is_open};
    }
    struct linkage_decisions_view v = {p.person_no, p.name, rows, list.n};
    linkage_page_decisions(&rp->body, rq->frame, &v);
    return OK;
}
