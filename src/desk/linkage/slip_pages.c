/* Reception slips: the list, those over their time, one slip. */
#include "desk/linkage/pages.h"

enum { SHOWN = 200 };

static int slips_page(struct work *w, struct request *rq, struct reply *rp,
                      const struct linkage_slip_form *form)
{
    struct linkage_slips_list list;
    struct str asked = request_query(rq, "overdue");
    struct linkage_slips_view v = {.days = setting_get(w, "linkage.slip_days"),
                                   .days_serious = setting_get(w, "linkage.slip_days_serious"),
                                   .overdue = asked.p && str_is(asked, "1"),
                                   .slip = form};
    struct linkage_slips_in in = {v.overdue, w->today, SHOWN};
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .query = STR("linkage.slip"),
                                                 .count = -1});
    if (rc >= 0)
        rc = linkage_slips(&w->cx, w->store, &in, &list);
    struct linkage_slips_slips_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_slips_slips_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_slips_row *s = &list.rows[i];
        struct ymd end = ymd_is_none(s->answered_ymd) ? w->today : s->answered_ymd;
        rows[i] = (struct linkage_slips_slips_row){s->slip_no,
                                                   s->received_ymd,
                                                   s->caller,
                                                   s->content,
                                                   s->is_serious,
                                                   s->due_ymd,
                                                   ymd_compare(end, s->due_ymd) > 0,
                                                   s->answered_ymd};
    }
    v.slips = rows;
    v.n_slips = list.n;
    linkage_page_slips(&rp->body, rq->frame, &v);
    return OK;
}

int show_slips(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_slip_form form;
    linkage_slip_form_init(&form);
    form.received = w->today;
    return slips_page(w, rq, rp, &form);
}

int save_slip(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_slip_form form;
    int64_t slip_no = 0;
    int rc = linkage_slip_form_read(&w->cx, rq, &form);
    struct slip_new s = {form.received, form.caller, form.content, form.serious};
    if (rc >= 0)
        rc = as_problem(w, &form.state, slip_enter(w, &s, &slip_no));
    if (is_wrong(w, rp, rc))
        return slips_page(w, rq, rp, &form);
    return rc < 0 ? rc : go_on(rq, rp, "/slips", "linkage.saved");
}

static int slip_page(struct work *w, struct request *rq, struct reply *rp,
                     const struct linkage_reply_form *form)
{
    struct linkage_slip_by_no_row s;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .query = rq->part[0],
                                                 .count = 1});
    if (rc >= 0)
        rc = linkage_slip_by_no(&w->cx, w->store, &(struct linkage_slip_by_no_in){no}, &s);
    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "linkage.slip.none", NULL);
    struct linkage_slip_view v = {.no = no,
                                  .received = s.received_ymd,
                                  .caller = s.caller,
                                  .content = s.content,
                                  .serious = s.is_serious,
                                  .due = s.due_ymd,
                                  .answer = s.answer,
                                  .answered = s.answered_ymd,
                                  .reply = form};
    linkage_page_slip(&rp->body, rq->frame, &v);
    return OK;
}

int show_slip(struct work *w, struct request *rq, struct reply *rp)
{
    return slip_page(w, rq, rp, NULL);
}

int save_answer(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_reply_form form;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    if (rc >= 0)
        rc = linkage_reply_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = as_problem(w, &form.state, slip_answer(w, no, form.text));
    if (is_wrong(w, rp, rc))
        return slip_page(w, rq, rp, &form);
    return rc < 0 ? rc : go_on(rq, rp, "/slips", "linkage.saved");
}
