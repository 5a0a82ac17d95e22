/* Pages of papers: bundles given to contractors; certificates and statements at the counter. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"

#include <string.h>

enum { BUNDLES_SHOWN = 100 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static bool is_refused(struct work *w, int rc, struct form_state *state, const char *field)
{
    if (rc != ERR_INVALID && rc != ERR_NOT_FOUND) {
        return false;
    }
    const struct error e = w->cx.error;
    error_clear(&w->cx);
    if (state->problems.n == 0) {
        form_problem(&w->cx, state, field, e.message, NULL);
    }
    return true;
}

/* --- bundles
 * ------------------------------------------------------------------------------------------ */

static int papers_page(struct work *w, struct request *rq, struct reply *rp,
                       struct collection_paper_bundles_view *v)
{
    const struct collection_paper_batches_in in = {BUNDLES_SHOWN};
    struct collection_paper_batches_list list;
    struct collection_paper_hand_form hand;
    struct collection_paper_back_form back;
    const int rc = collection_paper_batches(&w->cx, w->store, &in, &list);
    struct collection_paper_bundles_bundles_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_paper_bundles_bundles_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_paper_batches_row *r = &list.rows[i];
        rows[i] = (struct collection_paper_bundles_bundles_row){.no = r->batch_no,
                                                                .form_kind = r->form_kind,
                                                                .sheets = r->sheets,
                                                                .contractor = r->contractor,
                                                                .handed = r->handed_ymd,
                                                                .note = r->note,
                                                                .left = r->sheets - r->back,
                                                                .is_open = r->back < r->sheets,
                                                                .last = r->last_ymd};
    }
    collection_paper_hand_form_init(&hand);
    hand.handed = w->today;
    collection_paper_back_form_init(&back);
    back.day = w->today;
    v->paper_hand = v->paper_hand ? v->paper_hand : &hand;
    v->paper_back = v->paper_back ? v->paper_back : &back;
    v->bundles = rows;
    v->n_bundles = list.n;
    v->may_edit = work_may(w, RIGHT_COLLECTION_EDIT);
    collection_page_paper_bundles(&rp->body, rq->frame, v);
    return OK;
}

int papers_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paper_bundles_view v = {.n_bundles = 0};
    return papers_page(w, rq, rp, &v);
}

int papers_hand_over(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paper_hand_form form;
    struct collection_paper_bundles_view v = {.paper_hand = &form};
    int rc = collection_paper_hand_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        struct paper_bundle b = {.form_kind = form.form_kind,
                                 .contractor = form.contractor,
                                 .note = form.note,
                                 .sheets = form.sheets,
                                 .handed = form.handed};
        rc = paper_hand_over(w, &b);
    }
    if (is_refused(w, rc, &form.state, "sheets")) {
        rp->status = 422;
        return papers_page(w, rq, rp, &v);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/papers");
}

int papers_take_back(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paper_back_form form;
    struct collection_paper_bundles_view v = {.paper_back = &form};
    int rc = collection_paper_back_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        const struct paper_return r = {.way = form.way,
                                       .sheets = form.back,
                                       .day = form.day,
                                       .report_no = form.report_no,
                                       .note = form.back_note};
        rc = paper_take_back(w, form.batch, &r);
    }
    if (is_refused(w, rc, &form.state, "back")) {
        rp->status = 422;
        return papers_page(w, rq, rp, &v);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/papers");
}

int papers_cover(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paper_batch_get_row b;
    struct letterhead head;
    struct form_data d;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    const struct collection_paper_batch_get_in in = {no};
    rc = rc < 0 ? rc : collection_paper_batch_get(&w->cx, w->store, &in, &b);
    if (rc == 0) {
        return fail(&w->cx, ERR_NOT_FOUND, "collection.paper.none", "%lld", (long long)no);
    }
    rc = rc < 0 ? rc : letterhead_read(w, &head);
    if (rc < 0) {
        return rc;
    }
    form_data_init(&d, w->cx.arena, STR(""));
    form_put_text(&d, "no", letter_number(w, b.handed_ymd, no));
    form_put_text(&d, "form_kind", b.form_kind);
    form_put_count(&d, "sheets", b.sheets);
    form_put_count(&d, "all_sheets", b.sheets + 1);
    form_put_text(&d, "contractor", b.contractor);
    form_put_day(&d, "handed", b.handed_ymd);
    form_put_text(&d, "note", b.note);
    form_put_text(&d, "city", head.city);
    form_put_text(&d, "section", head.section);
    return letter_reply(w, rp, "paper_cover", &d,
                        str_format(w->cx.arena, "cover-%lld.pdf", (long long)no));
}

/* --- certificates
 * ---------------------------------------------------------------------------------------- */

static int read_debtor(struct work *w, const struct request *rq, struct person *p)
{
    int64_t id = 0;
    const int rc = party_person_by_no(w, rq->part[0], &id);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    return party_person(w, id, p);
}

/* 令和8年: the era of its first day, up to the word for year. */
static struct str year_text(struct work *w, bool is_calendar, int64_t year)
{
    const struct str word = message_words("collection.paper.year");
    struct text t;
    if (!is_calendar) {
        return levy_year_label(&w->cx, (int)year);
    }
    text_init(&t, 64);
    text_add_era(&t, ymd_of((int)year, 1, 1));
    struct str s = text_str(&t);
    const char *end = s.n && word.n ? memmem(s.p, s.n, word.p, word.n) : NULL;
    s.n = end ? (size_t)(end - s.p) + word.n : s.n;
    s = str_copy(w->cx.arena, s);
    text_release(&t);
    return s.p ? s : STR("");
}

static int fill_paid(struct work *w, int64_t debtor_id, int64_t year,
                     struct collection_paid_papers_view *v)
{
    const struct collection_paid_in_in in = {debtor_id, ymd_of((int)year, 1, 1),
                                             ymd_of((int)year + 1, 1, 1)};
    struct collection_paid_in_list list;
    const int rc = collection_paid_in(&w->cx, w->store, &in, &list);
    struct collection_paid_papers_paid_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_paid_papers_paid_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_paid_in_row *r = &list.rows[i];
        rows[i] =
            (struct collection_paid_papers_paid_row){levy_year_label(&w->cx, (int)r->levy_year),
                                                     r->paid_ymd, r->yen, r->refunded_yen};
        v->total = yen_sub(yen_add(v->total, r->yen), r->refunded_yen);
    }
    v->paid = rows;
    v->n_paid = list.n;
    v->year_label = year_text(w, true, year);
    return OK;
}

static const char *paper_message(struct str kind)
{
    return str_is(kind, "tax")         ? "collection.paper.kind.tax"
           : str_is(kind, "deduction") ? "collection.paper.kind.deduction"
           : str_is(kind, "statement") ? "collection.paper.kind.statement"
                                       : "collection.paper.kind.paid";
}

static int fill_issued(struct work *w, int64_t debtor_id, struct collection_paid_papers_view *v)
{
    const struct collection_certificates_of_debtor_in in = {debtor_id};
    struct collection_certificates_of_debtor_list list;
    const int rc = collection_certificates_of_debtor(&w->cx, w->store, &in, &list);
    struct collection_paid_papers_issued_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_paid_papers_issued_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_certificates_of_debtor_row *r = &list.rows[i];
        rows[i] = (struct collection_paid_papers_issued_row){
            paper_message(r->kind),
            r->certificate_no,
            year_text(w, str_is(r->year_kind, "calendar"), r->year),
            r->issued_ymd,
            r->yen,
            r->purpose,
            r->receiver,
            r->fee_yen,
            r->issue};
    }
    v->issued = rows;
    v->n_issued = list.n;
    return OK;
}

static int paid_page(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_paid_certify_form *form)
{
    struct collection_paid_papers_view v = {.paid_certify = form};
    struct person p;
    const int64_t year =
        form->year > 2000 && form->year < 2100 ? form->year : ymd_fiscal_year(w->today);
    int rc = read_debtor(w, rq, &p);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .person_id = p.person_id,
                                                      .purpose = STR("collection.certificate"),
                                                      .count = 1});
    rc = rc < 0 ? rc : fill_paid(w, p.person_id, year, &v);
    rc = rc < 0 ? rc : fill_issued(w, p.person_id, &v);
    if (rc < 0) {
        return rc;
    }
    v.person_no = p.person_no;
    v.name = p.name;
    v.is_tax = str_is(setting_get(w, "levy.kind"), "tax");
    v.may_print = work_may(w, RIGHT_PRINT);
    collection_page_paid_papers(&rp->body, rq->frame, &v);
    return OK;
}

int paid_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paid_certify_form form;
    int64_t fee = 0;
    collection_paid_certify_form_init(&form);
    form.year = ymd_fiscal_year(w->today);
    form.kind = str_is(setting_get(w, "levy.kind"), "tax") ? STR("tax") : STR("paid");
    form.year_kind = STR("calendar");
    (void)str_to_int(setting_get(w, "collection.certificate_fee"), &fee);
    form.fee = YEN(fee);
    return paid_page(w, rq, rp, &form);
}

int paid_hand_out(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_paid_certify_form form;
    struct paper_order order = {.total = YEN(0)};
    struct person p;
    struct text pdf;
    int rc = collection_paid_certify_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : read_debtor(w, rq, &p);
    text_init(&pdf, (size_t)16 << 20);
    if (rc >= 0) {
        order = (struct paper_order){.debtor_id = p.person_id,
                                     .kind = form.kind,
                                     .year_kind = form.year_kind,
                                     .year = (int)form.year,
                                     .purpose = form.purpose,
                                     .receiver = form.receiver,
                                     .fee = form.fee.n == FORM_ABSENT ? YEN(0) : form.fee};
        rc = paid_paper(w, &order, &pdf);
    }
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (is_refused(w, rc, &form.state, "kind")) {
        rp->status = 422;
        return paid_page(w, rq, rp, &form);
    }
    if (rc < 0) {
        return rc;
    }
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, STR_FMT "-" STR_FMT ".pdf", STR_ARG(form.kind),
                          STR_ARG(p.person_no)),
               true);
    return OK;
}
