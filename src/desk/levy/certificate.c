/* The certificate of the levy of a year (賦課・課税証明): the amount as last corrected. */
#include "desk/levy/notice.h"
#include "desk/levy/report.h"
#include "levy_forms.h"
#include "levy_pages.h"
#include "levy_sql.h"

#define PDF_BYTES ((size_t)4 << 20)

struct levy_proof {
    struct person person;
    int fiscal_year;
    struct levy_certified_decisions_list decisions;
    struct yen total, part[LEVY_PARTS];
    struct ymd decided; /* the newest of them */
    int64_t no;
    struct str purpose, receiver;
};

/* --- what is certified -------------------------------------------------------------------------
 */

static int read_levy(struct work *w, int fiscal_year, struct levy_proof *c)
{
    const struct levy_certified_decisions_in in = {.debtor_id = c->person.person_id,
                                                   .fiscal_year = fiscal_year};
    int rc = levy_certified_decisions(&w->cx, w->store, &in, &c->decisions);
    c->fiscal_year = fiscal_year;
    c->decided = YMD_NONE;
    for (size_t i = 0; rc >= 0 && i < c->decisions.n; i++) {
        const struct levy_certified_decisions_row *d = &c->decisions.rows[i];
        const struct yen part[LEVY_PARTS] = {d->medical_yen, d->support_yen, d->care_yen,
                                             d->child_yen};
        for (int k = 0; k < LEVY_PARTS; k++) {
            c->part[k] = yen_add(c->part[k], part[k]);
        }
        c->total = yen_add(c->total, d->total_yen);
        c->decided = d->decided_ymd; /* they come by day */
    }
    return rc;
}

static int read_person(struct work *w, const struct request *rq, struct levy_proof *c)
{
    int64_t id = 0;
    const int found = party_person_by_no(w, rq->part[0], &id);
    if (found <= 0) {
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    return party_person(w, id, &c->person);
}

/* --- the paper ---------------------------------------------------------------------------------
 */

static void put_parts(struct form_data *d, const struct letterhead *head,
                      const struct levy_proof *c)
{
    for (int k = 0; k < LEVY_PARTS; k++) {
        struct form_data *part = form_item(d, "parts");
        form_put_text(part, "label", head->part_label[k]);
        form_put_yen(part, "amount", c->part[k]);
    }
}

static void put_person(struct form_data *d, const struct letterhead *head, struct work *w,
                       const struct person *p)
{
    const struct str place = str_or_empty(p->address); /* none of somebody under protection */
    form_put_text(d, "name", p->name);
    form_put_text(d, "kana", str_or_empty(p->kana));
    form_put_text(d, "person_no", p->person_no);
    form_put_text(d, "person_address",
                  place.n ? str_format(w->cx.arena, STR_FMT STR_FMT, STR_ARG(head->prefecture),
                                       STR_ARG(place))
                          : place);
    if (!ymd_is_none(p->birth)) {
        form_put_day(d, "birth", p->birth);
    }
}

static int fill_paper(struct work *w, const struct levy_proof *c, struct form_data *d)
{
    struct letterhead head;
    int rc = letterhead_read(w, &head);
    if (rc < 0) {
        return rc;
    }
    const struct levy_certified_decisions_row *last = &c->decisions.rows[c->decisions.n - 1];
    form_data_init(d, w->cx.arena, c->person.person_no);
    put_person(d, &head, w, &c->person);
    put_parts(d, &head, c);
    form_put_text(d, "city", head.city);
    form_put_text(d, "mayor", head.mayor);
    form_put_text(d, "seal", head.seal);
    form_put_text(d, "section", head.section);
    form_put_flag(d, "is_tax", head.is_tax);
    form_put_text(d, "certificate_no", str_format(w->cx.arena, "%lld", (long long)c->no));
    form_put_text(d, "year_label", levy_year_label(&w->cx, c->fiscal_year));
    form_put_text(d, "purpose", c->purpose);
    form_put_text(d, "tier", message_words(levy_tier_message((int)last->tier)));
    form_put_yen(d, "total", c->total);
    form_put_day(d, "as_of", w->today);
    form_put_day(d, "issued", w->today);
    form_put_day(d, "decided", c->decided);
    return 0;
}

static int print(struct work *w, const struct levy_proof *c, struct text *out)
{
    struct form_data data;
    int rc = fill_paper(w, c, &data);
    return rc < 0 ? rc : sheet_pdf(w, "levied_certificate", &data, out);
}

/* --- issuing -----------------------------------------------------------------------------------
 */

static int write_issue(struct work *w, struct levy_proof *c, struct text *pdf)
{
    struct levy_certificate_last_no_row last;
    struct event e = work_event(w, "levy.certificate");
    struct levy_levied_certificate row = {.fiscal_year = c->fiscal_year,
                                          .debtor_id = c->person.person_id,
                                          .issued_ymd = w->today,
                                          .purpose = c->purpose,
                                          .receiver = c->receiver};
    e.person_id = c->person.person_id;
    e.reason = c->purpose;
    int rc = levy_certificate_last_no(&w->cx, w->store, &last);
    rc = rc < 0 ? rc : read_levy(w, c->fiscal_year, c); /* as the transaction sees it */
    if (rc >= 0 && c->decisions.n == 0) {
        rc = fail(&w->cx, ERR_NOT_FOUND, "levy.certificate.none", NULL);
    }
    rc = rc < 0 ? rc : event_last(&w->cx, w->store, &row.looked_from);
    rc = rc < 0 ? rc : work_event_open(w, &e);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.levied_certificate_id);
    if (rc < 0) {
        return rc;
    }
    row.certificate_no = c->no = last.certificate_no + 1;
    row.total_yen = c->total;
    row.known_from = e.no;
    rc = levy_levied_certificate_insert(&w->cx, w->store, &row);
    return rc < 0 ? rc : print(w, c, pdf); /* what cannot be printed was not issued */
}

static int issue(struct work *w, struct levy_proof *c, struct text *pdf)
{
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                 .person_id = c->person.person_id,
                                                 .household_id = c->person.household_id,
                                                 .purpose = c->purpose,
                                                 .query = STR("levy.certificate"),
                                                 .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = write_issue(w, c, pdf);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* --- pages -------------------------------------------------------------------------------------
 */

static int fill_decisions(struct work *w, const struct levy_proof *c,
                          struct levy_certificate_view *v)
{
    const size_t n = c->decisions.n;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    struct str *nos = ARENA_ARRAY(w->cx.arena, n + 1, struct str);
    struct levy_certificate_decisions_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct levy_certificate_decisions_row);
    if (!ids || !nos || !rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = c->decisions.rows[i].household_id;
    }
    int rc = levy_household_nos(w, ids, n, nos);
    for (size_t i = 0; i < n; i++) {
        const struct levy_certified_decisions_row *d = &c->decisions.rows[i];
        rows[i] = (struct levy_certificate_decisions_row){d->decision_no, d->decided_ymd,
                                                          str_or_empty(nos[i]), d->total_yen};
    }
    v->decisions = rows;
    v->n_decisions = n;
    return rc;
}

static int fill_issued(struct work *w, const struct levy_proof *c, struct levy_certificate_view *v)
{
    const struct levy_certificates_of_in in = {.debtor_id = c->person.person_id};
    struct levy_certificates_of_list list;
    int rc = levy_certificates_of(&w->cx, w->store, &in, &list);
    struct levy_certificate_issued_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_certificate_issued_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_certificates_of_row *r = &list.rows[i];
        rows[i] = (struct levy_certificate_issued_row){r->certificate_no,
                                                       levy_year_label(&w->cx, (int)r->fiscal_year),
                                                       r->issued_ymd,
                                                       r->purpose,
                                                       r->receiver,
                                                       r->total_yen};
    }
    v->issued = rows;
    v->n_issued = list.n;
    return 0;
}

static int certificate_page(struct work *w, struct request *rq, struct reply *rp, int64_t year,
                            struct levy_issue_form *form)
{
    struct levy_proof c = {.purpose = STR("")};
    struct levy_look_form look;
    struct levy_certificate_view v = {.issue = form, .look = &look};
    int rc = read_person(w, rq, &c);
    rc = rc < 0 ? rc : read_levy(w, (int)year, &c);
    if (rc >= 0) {
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = c.person.person_id,
                                                 .household_id = c.person.household_id,
                                                 .purpose = STR("levy.certificate"),
                                                 .count = 1});
    }
    rc = rc < 0 ? rc : fill_decisions(w, &c, &v);
    rc = rc < 0 ? rc : fill_issued(w, &c, &v);
    if (rc < 0) {
        return rc;
    }
    levy_look_form_init(&look);
    look.year = year;
    form->fiscal_year = year;
    v.person_no = c.person.person_no;
    v.name = c.person.name;
    v.year = year;
    v.year_label = levy_year_label(&w->cx, (int)year);
    v.total = c.total;
    levy_page_certificate(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_certificate(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_issue_form form;
    int64_t year = 0;
    levy_issue_form_init(&form);
    int rc = request_query_number(&w->cx, rq, "year", ymd_fiscal_year(w->today), &year);
    return rc < 0 ? rc : certificate_page(w, rq, rp, year, &form);
}

int levy_issue_certificate(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_issue_form form;
    struct levy_proof c = {.total = YEN(0)};
    struct text pdf;
    int rc = levy_issue_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return certificate_page(w, rq, rp, form.fiscal_year, &form);
    }
    rc = rc < 0 ? rc : read_person(w, rq, &c);
    if (rc < 0) {
        return rc;
    }
    c.fiscal_year = (int)form.fiscal_year;
    c.purpose = form.purpose;
    c.receiver = form.receiver;
    text_init(&pdf, PDF_BYTES);
    rc = issue(w, &c, &pdf);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, STR_FMT ".pdf", STR_ARG(c.person.person_no)), true);
    return 0;
}
