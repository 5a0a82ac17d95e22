/* The arrears side's own page (短期証・資格証明書・特別療養の管理): what was given because of
 * arrears, whether it is still out, has run out or came back. */
#include "desk/eligibility/certificate_inner.h"
#include "eligibility_pages.h"

enum { SHOWN = 50 };

static const char *reason_of_return(struct work *w, struct str reason)
{
    const struct str id = str_format(w->cx.arena, "eligibility.returned." STR_FMT, STR_ARG(reason));

    return id.p && message_find(id.p) ? id.p : "eligibility.certificate.unknown";
}

static int fill(struct work *w, const struct helds *all, struct eligibility_special_view *v)
{
    struct eligibility_special_papers_row *rows =
        ARENA_ARRAY(w->cx.arena, all->n + 1, struct eligibility_special_papers_row);

    if (!rows)
        return certificate_memory(w);
    for (size_t i = 0; i < all->n; i++) {
        const struct held *c = &all->rows[i];
        rows[i] = (struct eligibility_special_papers_row){
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
            .returned = c->returned,
            .reason = reason_of_return(w, c->return_reason)};
    }
    v->papers = rows;
    v->n_papers = all->n;
    if (all->n == SHOWN)
        v->next =
            str_format(w->cx.arena, "/certificates/special?%safter=" STR_FMT,
                       v->open_only ? "" : "state=all&", STR_ARG(all->rows[SHOWN - 1].serial));
    return OK;
}

int certificate_special_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_special_view v = {.open_only = !str_is(request_query(rq, "state"), "all")};
    struct helds all = {0};
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .query = STR("special certificates"),
                                                     .count = -1});

    if (result >= 0)
        result = certificate_special(w, request_query(rq, "after"), v.open_only, SHOWN, &all);
    if (result >= 0)
        result = fill(w, &all, &v);
    if (result >= 0)
        result = audit_outcome(w, OK, (int64_t)all.n);
    if (result >= 0)
        eligibility_page_special(&rp->body, rq->frame, &v);
    return result < 0 ? error_add(&w->cx, "show the arrears side's certificates") : OK;
}
