/* Pages of the register: what must come back, taking it in, one document as paper. */
#include "desk/eligibility/application_inner.h"
#include "desk/eligibility/certificate_inner.h"
#include "eligibility_pages.h"

enum { SHOWN = 50 };
#define PDF_BYTES ((size_t)8 << 20)

const char *certificate_state_message(enum certificate_state state)
{
    static const char *const all[] = {"eligibility.held.0", "eligibility.held.1",
                                      "eligibility.held.2", "eligibility.held.3",
                                      "eligibility.held.4"};
    return all[state];
}

static int fill_rows(struct work *w, const struct helds *all,
                     struct eligibility_certificates_view *v)
{
    struct eligibility_certificates_papers_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_certificates_papers_row);

    if (!rows)
        return certificate_memory(w);
    for (size_t i = 0; i < all->n; i++) {
        const struct held *c = &all->rows[i];
        rows[i] = (struct eligibility_certificates_papers_row){
            .serial = c->serial,
            .kind = certificate_message(c->kind),
            .insured_no = str_format(w->cx.arena, STR_FMT "-" STR_FMT, STR_ARG(c->number),
                                     STR_ARG(c->branch)),
            .name = c->name,
            .person_no = c->person_no,
            .issued = c->issued,
            .valid_until = c->valid_until,
            .status = certificate_state_message(c->state),
            .is_open = c->state == CERTIFICATE_REPLACED || c->state == CERTIFICATE_TO_RETURN,
            .place = c->place,
            .user = c->user,
            .returned = c->returned};
    }
    v->papers = rows;
    v->n_papers = all->n;
    if (!v->is_found && all->n == SHOWN)
        v->next = str_format(w->cx.arena, "/certificates?after=" STR_FMT,
                             STR_ARG(all->rows[all->n - 1].serial));
    return OK;
}

static int find_rows(struct work *w, struct str serial, struct str after, struct helds *all)
{
    struct held *one = ARENA_NEW(w->cx.arena, struct held);

    if (!one)
        return certificate_memory(w);
    if (serial.n == 0)
        return certificate_open_returns(w, after, SHOWN, all);
    const int found = certificate_by_serial(w, serial, one);
    *all = (struct helds){one, found > 0};
    return found < 0 ? found : OK;
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                struct eligibility_certificates_view *v)
{
    struct str serial = str_trim(request_query(rq, "serial"));
    struct helds all = {0};
    int result =
        audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                            .query = serial.n ? serial : STR("open certificates"),
                                            .count = -1});

    v->is_found = serial.n > 0;
    if (result >= 0)
        result = find_rows(w, serial, request_query(rq, "after"), &all);
    if (result >= 0)
        result = fill_rows(w, &all, v);
    if (result >= 0)
        result = audit_outcome(w, OK, (int64_t)all.n);
    if (result >= 0)
        eligibility_page_certificates(&rp->body, rq->frame, v);
    return result < 0 ? error_add(&w->cx, "show the register of certificates") : OK;
}

int certificates_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_receive_form form;
    struct eligibility_certificates_view v = {.receive = &form};

    eligibility_receive_form_init(&form);
    form.reason = STR("loss");
    form.day = w->today;
    return show(w, rq, rp, &v);
}

int certificate_receive(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_receive_form form;
    struct eligibility_certificates_view v = {.receive = &form};
    int result = eligibility_receive_form_read(&w->cx, rq, &form);

    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .purpose = STR("certificate-return"),
                                                     .query = form.serial,
                                                     .count = 1});
    if (result >= 0)
        result = certificate_return_enter(
            w, &(struct certificate_return){form.serial, form.day, form.reason, YMD_NONE}, 1, NULL);
    if (result >= 0)
        return reply_redirect(rq, rp, "/certificates");
    if (result != ERR_INVALID && result != ERR_STALE && result != ERR_NOT_FOUND)
        return result;
    if (form.state.problems.n == 0)
        form_problem(&w->cx, &form.state, "serial", w->cx.error.message, NULL);
    error_clear(&w->cx);
    rp->status = 422;
    return show(w, rq, rp, &v);
}

/* --- paper ---------------------------------------------------------------------------------------
 */

typedef int pdf_fn(struct work *w, struct paper *paper, struct str serial, struct text *out);

static int reply_pdf(struct work *w, struct request *rq, struct reply *rp, pdf_fn *print)
{
    static struct paper *opened; /* fonts are found and read once for the process */
    struct text pdf;
    int result = opened ? OK : paper_open(&w->cx, NULL, &opened);

    text_init(&pdf, PDF_BYTES);
    if (result >= 0)
        result = print(w, opened, rq->part[0], &pdf);
    const struct str bytes = result < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (result < 0 || !bytes.p)
        return result < 0 ? result : certificate_memory(w);
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, STR_FMT ".pdf", STR_ARG(rq->part[0])), true);
    return OK;
}

int certificate_pdf_page(struct work *w, struct request *rq, struct reply *rp)
{
    return reply_pdf(w, rq, rp, certificate_pdf);
}

int certificate_recall_page(struct work *w, struct request *rq, struct reply *rp)
{
    return reply_pdf(w, rq, rp, certificate_recall_pdf);
}

int application_pdf_page(struct work *w, struct request *rq, struct reply *rp)
{
    return reply_pdf(w, rq, rp, application_pdf);
}
